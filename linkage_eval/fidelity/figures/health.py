"""Assaults that reach an emergency department or a ward, by what is true of them."""

VIEWS = {
    "attended": """
        SELECT *, if(place IN ('own_home', 'other_home', 'licensed', 'street'), place, 'other')
            AS place_group
        FROM harmed WHERE ed_attended AND kind <> 'harassment'
    """,
}

QUERIES = {
    # By force, for which alone a rate is published.
    "rates": """
        WITH years_lived AS (
            SELECT force_area AS area, count(*) * any_value(years) AS n
            FROM residents, study GROUP BY force_area
        ), counted AS (
            SELECT force_area AS area, count(*) AS hits FROM attended GROUP BY area
        )
        SELECT 'assault_attendances' AS key, area, coalesce(hits, 0) AS hits, n
        FROM years_lived LEFT JOIN counted USING (area)
    """,
    "rates_by_sex": """
        SELECT 'assault_attendances_' || if(sex = 'M', 'male', 'female') AS key,
            (SELECT count(*) FROM attended WHERE attended.sex = residents.sex) AS hits,
            count(*) * any_value(years) AS n
        FROM residents, study GROUP BY sex
    """,
    "rates_by_age": """
        WITH bands AS (
            FROM (VALUES (0, 10), (11, 17), (18, 30), (31, 50), (51, 104)) AS bands (low, high)
        )
        SELECT printf('assault_attendances_age_%d_%d', low, high) AS key,
            (SELECT count(*) FROM attended WHERE age_then BETWEEN low AND high) AS hits,
            (SELECT count(*) FROM residents WHERE age BETWEEN low AND high)
                * (SELECT years FROM study) AS n
        FROM bands
    """,
    "sexes": """
        SELECT 'assault_attendance_male' AS key, count(*) FILTER (sex = 'M') AS hits, count(*) AS n
        FROM attended
    """,
    "by_whom": """
        WITH labels AS (
            FROM (VALUES ('partner_or_ex'), ('family'), ('acquaintance'), ('work'), ('stranger'))
                AS labels (label)
        ), counted AS (
            SELECT if(sex = 'M', 'male_by_', 'female_by_') || label AS key, force_area AS area,
                count(*) FILTER (by_whom = label) AS hits, count(*) AS n
            FROM labels, attended GROUP BY sex, label, ROLLUP (force_area)
        )
        FROM counted
        WHERE NOT (key LIKE '%_work' AND (SELECT count(*) FROM attended WHERE by_whom = 'work') = 0)
    """,
    "where": """
        SELECT if(sex = 'M', 'male_at_', 'female_at_') || label AS key, force_area AS area,
            count(*) FILTER (place_group = label) AS hits, count(*) AS n
        FROM attended,
            (VALUES ('own_home'), ('other_home'), ('licensed'), ('street'), ('other'))
                AS labels (label)
        GROUP BY sex, label, ROLLUP (force_area)
    """,
    "weapons": """
        SELECT 'assaulted_with_' || label AS key, count(*) FILTER (weapon = label) AS hits,
            count(*) AS n
        FROM attended,
            (VALUES ('none'), ('blunt'), ('glass'), ('sharp'), ('other')) AS labels (label)
        GROUP BY label
    """,
    "drink": """
        SELECT 'alcohol_in_assault' AS key, count(*) FILTER (alcohol) AS hits, count(*) AS n
        FROM attended
    """,
    "admissions": """
        SELECT 'admitted_after_assault' AS key, count(*) FILTER (admitted) AS hits, count(*) AS n
        FROM attended
        UNION ALL
        SELECT 'assault_admissions', (SELECT count(*) FROM attended WHERE admitted),
            count(*) * any_value(years)
        FROM residents, study
    """,
}
