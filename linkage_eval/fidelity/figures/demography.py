"""People and households, against the census and the estimates of the year before."""

QUERIES = {
    "counts": """
        SELECT 'residents' AS key, local_authority AS area, count(*) AS hits, count(*) AS n
        FROM residents GROUP BY local_authority
        UNION ALL
        SELECT 'residents', 'Wales', count(*), count(*) FROM residents
        UNION ALL
        SELECT 'households', local_authority, count(*), count(*) FROM homes GROUP BY local_authority
        UNION ALL
        SELECT 'households', 'Wales', count(*), count(*) FROM homes
    """,
    "size_of_household": """
        SELECT 'persons_a_household' AS key, local_authority AS area, sum(persons) AS hits,
            count(*) AS n, stddev_samp(persons) AS spread
        FROM homes GROUP BY ROLLUP (local_authority)
    """,
    "ages": """
        SELECT printf('age_%d_%d', age_from, age_to) AS key, local_authority AS area,
            count(*) FILTER (age BETWEEN age_from AND age_to) AS hits, count(*) AS n
        FROM residents, (SELECT DISTINCT age_from, age_to FROM ref_ages)
        GROUP BY age_from, age_to, ROLLUP (local_authority)
    """,
    "aged_65_or_over": """
        SELECT 'aged_65_or_over' AS key, count(*) FILTER (age >= 65) AS hits, count(*) AS n
        FROM residents
    """,
    "sexes": """
        SELECT 'female' AS key, local_authority AS area,
            count(*) FILTER (sex = 'F') AS hits, count(*) AS n
        FROM residents GROUP BY ROLLUP (local_authority)
        UNION ALL
        SELECT 'male_under_5', NULL, count(*) FILTER (sex = 'M'), count(*) FROM residents
        WHERE age < 5
    """,
    # A household shares one ethnic group as a rule, so households are what is drawn.
    "ethnic_groups": """
        WITH everybody AS (
            SELECT local_authority, count(*) AS persons, count(DISTINCT household_id) AS households
            FROM residents GROUP BY ROLLUP (local_authority)
        ), grouped AS (
            SELECT local_authority, ethnic_group, count(*) AS persons
            FROM residents GROUP BY ethnic_group, ROLLUP (local_authority)
        )
        SELECT 'ethnic_' || lower(ethnic_group) AS key, everybody.local_authority AS area,
            coalesce(grouped.persons, 0) / everybody.persons * households AS hits, households AS n
        FROM everybody CROSS JOIN (SELECT DISTINCT ethnic_group FROM residents)
        LEFT JOIN grouped USING (ethnic_group, local_authority)
        WHERE everybody.local_authority IS NOT NULL
        UNION ALL
        SELECT 'ethnic_' || lower(ethnic_group), NULL,
            count(*) / any_value(persons) * any_value(households), any_value(households)
        FROM residents, everybody WHERE everybody.local_authority IS NULL GROUP BY ethnic_group
    """,
    "types_of_household": """
        SELECT printf('home_%d_adults_%d_children', types.adults, types.children) AS key,
            count(*) FILTER (
                if(open_ended = 0 OR types.adults = 1, homes.adults = types.adults,
                    homes.adults >= types.adults)
                AND if(open_ended = 0, homes.children = types.children,
                    homes.children >= least(types.children, 1))
                AND if(open_ended = 1 AND types.adults + types.children > 4,
                    persons > 4, persons = types.adults + types.children)
            ) AS hits, count(*) AS n
        FROM homes, ref_household_types AS types GROUP BY ALL
    """,
    "lone_parents": """
        SELECT 'lone_parent_household' AS key,
            count(*) FILTER (adults = 1 AND children > 0) AS hits, count(*) AS n
        FROM homes
    """,
    # In the first year of the study, by people aged one or over; households move together.
    "moves": """
        WITH moved AS (
            SELECT DISTINCT person_id FROM truth_addresses, study
            WHERE cause NOT IN ('start', 'birth', 'departure')
                AND valid_from > start_date AND valid_from <= start_date + INTERVAL 1 YEAR
        ), counted AS (
            SELECT avg((person_id IN (SELECT person_id FROM moved))::INT) AS rate,
                count(DISTINCT household_id) AS households
            FROM residents WHERE age >= 1
        )
        SELECT 'moved_in_a_year' AS key, rate * households AS hits, households AS n FROM counted
    """,
    "mothers": """
        WITH births AS (
            SELECT mothers.person_id AS mother, children.birth_date AS born, count(*) AS born_then,
                date_sub('day', mothers.birth_date, children.birth_date) / 365.25 AS mothers_age
            FROM truth_relationships AS ties
            JOIN residents AS mothers ON ties.person_id = mothers.person_id
            JOIN residents AS children ON ties.other_id = children.person_id
            WHERE relation = 'parent' AND mothers.sex = 'F' AND children.age < 16
            GROUP BY ALL
        )
        SELECT 'age_of_mother_at_birth' AS key, sum(mothers_age) AS hits, count(*) AS n,
            stddev_samp(mothers_age) AS spread
        FROM births
        UNION ALL
        SELECT 'multiple_maternities', count(*) FILTER (born_then > 1), count(*), NULL FROM births
    """,
    "births": """
        WITH born AS (
            SELECT count(*) AS hits FROM truth_persons, study
            WHERE sampled AND birth_date > start_date
        )
        SELECT 'live_births' AS key, hits, (SELECT count(*) FROM residents) * years AS n
        FROM born, study WHERE hits > 0
    """,
}
