"""Who is called what, against published counts of names."""

QUERIES = {
    # A household shares its surname as a rule, so households are what is drawn.
    "surnames": """
        WITH everybody AS (
            SELECT count(*) AS persons, count(DISTINCT household_id) AS households FROM residents
        ), borne AS (
            SELECT surname, count(*) AS bearers FROM residents GROUP BY surname
        )
        SELECT 'surname_' || lower(surname) AS key,
            coalesce(bearers, 0) / persons * households AS hits, households AS n
        FROM (SELECT surname FROM ref_surnames ORDER BY share DESC LIMIT 20)
        LEFT JOIN borne USING (surname), everybody
    """,
    "welsh_type": """
        SELECT 'welsh_type_surname' AS key,
            avg(welsh_name::INT) * count(DISTINCT household_id) AS hits,
            count(DISTINCT household_id) AS n
        FROM residents
    """,
    # Of people born in the year of a published list, those with one of its names.
    "given_names": """
        WITH lists AS (
            SELECT sex, cohort, name,
                row_number() OVER (PARTITION BY sex, cohort ORDER BY share DESC) AS place
            FROM ref_given_names WHERE cohort >= 1997
        ), born AS (
            SELECT sex, cohort, forename AS name
            FROM residents, (SELECT DISTINCT cohort FROM lists)
            WHERE year(birth_date) = cohort
        )
        SELECT printf('top_%d_%s_%d', size, if(sex = 'F', 'girls', 'boys'), cohort) AS key,
            count(*) FILTER (place <= size) AS hits, count(*) AS n
        FROM born LEFT JOIN lists USING (sex, cohort, name),
            (VALUES (10), (100)) AS sizes (size)
        GROUP BY sex, cohort, size
    """,
}
