"""Names of people, against published counts of names."""

# Of people born in the year of a published list, those with one of its names.
VIEWS = {
    "on_the_lists": """
        WITH lists AS (
            SELECT sex, cohort, name,
                row_number() OVER (PARTITION BY sex, cohort ORDER BY share DESC) AS place
            FROM ref_given_names WHERE cohort >= 1997
        ), born AS (
            SELECT sex, cohort, forename AS name
            FROM residents, (SELECT DISTINCT cohort FROM lists)
            WHERE year(birth_date) = cohort
        )
        SELECT sex, cohort, size, count(*) FILTER (place <= size) AS hits, count(*) AS n
        FROM born LEFT JOIN lists USING (sex, cohort, name),
            (VALUES (10), (100)) AS sizes (size)
        GROUP BY sex, cohort, size
    """,
}
QUERIES = {
    # Households are what is drawn. The variance of a share is that of a ratio over them (Taylor
    # linearisation), and n how many people drawn one by one would tell as much.
    "surnames": """
        WITH members AS (
            SELECT household_id, count(*) AS m FROM residents GROUP BY household_id
        ), everybody AS (
            SELECT sum(m) AS persons, sum(m * m) AS squares FROM members
        ), borne AS (
            SELECT surname, household_id, count(*) AS x FROM residents GROUP BY ALL
        ), summed AS (
            SELECT surname, sum(x) AS bearers, sum(x * x) AS own, sum(x * m) AS shared
            FROM borne JOIN members USING (household_id) GROUP BY surname
        ), shared AS (
            SELECT surname, coalesce(bearers, 0) / persons AS p,
                coalesce(own, 0) - 2 * p * coalesce(shared, 0) + p * p * squares AS spread,
                if(p > 0, p * (1 - p) * persons * persons / spread, persons) AS people
            FROM (SELECT surname FROM ref_surnames ORDER BY share DESC LIMIT 20)
            LEFT JOIN summed USING (surname), everybody
        )
        SELECT 'surname_' || lower(surname) AS key, p * people AS hits, people AS n FROM shared
    """,
    "welsh_type": """
        SELECT 'welsh_type_surname' AS key,
            avg(welsh_name::INT) * count(DISTINCT household_id) AS hits,
            count(DISTINCT household_id) AS n
        FROM residents
    """,
    "given_names": """
        SELECT printf('top_%d_%s_%d', size, if(sex = 'F', 'girls', 'boys'), cohort) AS key, hits, n
        FROM on_the_lists
    """,
    # The mean over all lists tells more than any: n is how many draws would tell as much.
    "given_names_of_all_lists": """
        WITH mean AS (
            -- in order, for sums of fractions depend on theirs in the last digit
            SELECT size, avg(hits / n ORDER BY sex, cohort) AS p, count(*) AS lists,
                sum(hits / n * (1 - hits / n) / n ORDER BY sex, cohort) AS spread
            FROM (SELECT * REPLACE (hits::DOUBLE AS hits, n::DOUBLE AS n) FROM on_the_lists)
            GROUP BY size
        )
        SELECT printf('top_%d_given_names', size) AS key, p * (1 - p) * lists ** 2 / spread AS n,
            p * p * (1 - p) * lists ** 2 / spread AS hits
        FROM mean
    """,
}
