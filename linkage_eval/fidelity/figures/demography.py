"""People and households, against the census and the estimates of the year before.

Figures from the tables of the whole population have no sampling error, however small the sample:
they have `whole` set.
"""

QUERIES = {
    # A family shares what is drawn.
    "languages": """
        WITH everybody AS (
            SELECT count(*) AS persons, count(DISTINCT residents.household_id) AS households,
                count(*) FILTER (language NOT IN ('en', 'cy')) AS other,
                count(*) FILTER (interpreter_needed) AS needing,
                count(*) FILTER (language = 'cy') AS welsh
            FROM residents JOIN truth_persons USING (person_id)
        )
        SELECT key, number / persons * households AS hits, households AS n
        FROM (
            UNPIVOT everybody ON other AS main_language_other, needing AS interpreter_needed,
                welsh AS welsh_preferred INTO NAME key VALUE number
        )
    """,
    "counts": """
        SELECT 'residents' AS key, coalesce(local_authority, 'Wales') AS area,
            sum(persons) AS hits, sum(persons) AS n, true AS whole
        FROM truth_population GROUP BY ROLLUP (local_authority)
        UNION ALL
        SELECT 'households', coalesce(local_authority, 'Wales'), sum(households), sum(households),
            true
        FROM truth_households GROUP BY ROLLUP (local_authority)
    """,
    # Those in communal homes are counted, as in the published quotient.
    "size_of_household": """
        WITH everybody AS (
            SELECT local_authority, sum(persons) AS persons FROM truth_population GROUP BY ALL
        ), housed AS (
            SELECT local_authority, sum(households) AS households FROM truth_households GROUP BY ALL
        )
        SELECT 'persons_a_household' AS key, local_authority AS area, sum(persons) AS hits,
            sum(households) AS n, 0 AS spread, true AS whole
        FROM everybody JOIN housed USING (local_authority) GROUP BY ROLLUP (local_authority)
    """,
    "ages": """
        SELECT printf('age_%d_%d', age_from, age_to) AS key, local_authority AS area,
            sum(persons) FILTER (age_years BETWEEN age_from AND age_to) AS hits,
            sum(persons) AS n, true AS whole
        FROM truth_population, (SELECT DISTINCT age_from, age_to FROM ref_ages)
        GROUP BY age_from, age_to, ROLLUP (local_authority)
    """,
    "aged_65_or_over": """
        SELECT 'aged_65_or_over' AS key, sum(persons) FILTER (age_years >= 65) AS hits,
            sum(persons) AS n, true AS whole
        FROM truth_population
    """,
    "sexes": """
        SELECT 'female' AS key, local_authority AS area,
            sum(persons) FILTER (sex = 'F') AS hits, sum(persons) AS n, true AS whole
        FROM truth_population GROUP BY ROLLUP (local_authority)
        UNION ALL
        SELECT 'male_under_5', NULL, sum(persons) FILTER (sex = 'M'), sum(persons), true
        FROM truth_population WHERE age_years < 5
    """,
    "ethnic_groups": """
        SELECT 'ethnic_' || lower(kinds.ethnic_group) AS key, local_authority AS area,
            coalesce(sum(persons) FILTER (people.ethnic_group = kinds.ethnic_group), 0) AS hits,
            sum(persons) AS n, true AS whole
        FROM truth_population AS people,
            (SELECT DISTINCT ethnic_group FROM truth_population) AS kinds
        GROUP BY kinds.ethnic_group, ROLLUP (local_authority)
    """,
    "ethnic_backgrounds": """
        SELECT 'background_' || background AS key, local_authority AS area,
            coalesce(sum(persons) FILTER (ethnic_background = background), 0) AS hits,
            sum(persons) AS n, true AS whole
        FROM truth_population, (SELECT DISTINCT background FROM ref_ethnic_backgrounds)
        GROUP BY background, ROLLUP (local_authority)
    """,
    "types_of_household": """
        SELECT printf('home_%d_adults_%d_children', types.adults, types.children) AS key,
            sum(homes.households) FILTER (
                if(open_ended = 0 OR types.adults = 1, homes.adults = types.adults,
                    homes.adults >= types.adults)
                AND if(open_ended = 0, homes.children = types.children,
                    homes.children >= least(types.children, 1))
                AND if(open_ended = 1 AND types.adults + types.children > 4,
                    homes.adults + homes.children > 4,
                    homes.adults + homes.children = types.adults + types.children)
            ) AS hits, sum(homes.households) AS n, true AS whole
        FROM truth_households AS homes, ref_household_types AS types
        GROUP BY types.adults, types.children
    """,
    "lone_parents": """
        SELECT 'lone_parent_household' AS key,
            sum(households) FILTER (adults = 1 AND children > 0) AS hits,
            sum(households) AS n, true AS whole
        FROM truth_households
    """,
    # In the first year of the study, by people aged one or over; households move together.
    "moves": """
        WITH moved AS (
            SELECT DISTINCT person_id FROM truth_addresses, study
            WHERE cause NOT IN ('start', 'birth', 'departure', 'arrival')
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
            SELECT date_sub('day', mothers.birth_date, children.birth_date) / 365.25 AS mothers_age
            FROM truth_relationships AS ties
            JOIN residents AS mothers ON ties.person_id = mothers.person_id
            JOIN residents AS children ON ties.other_id = children.person_id
            WHERE relation = 'parent' AND mothers.sex = 'F' AND children.age < 16
        )
        SELECT 'age_of_mother_at_birth' AS key, sum(mothers_age) AS hits, count(*) AS n,
            stddev_samp(mothers_age) AS spread
        FROM births
    """,
    "vital_events": """
        SELECT if(event = 'birth', 'live_births', 'deaths') AS key, sum(number) AS hits,
            (SELECT sum(persons) FROM truth_population) * any_value(years) AS n, true AS whole
        FROM truth_vital_events, study WHERE event IN ('birth', 'death') GROUP BY event
        UNION ALL
        SELECT 'multiple_maternities', sum(number) FILTER (event = 'multiple_maternity'),
            sum(number) FILTER (event = 'maternity'), true
        FROM truth_vital_events
        UNION ALL
        SELECT 'came_from_abroad_in_a_year', sum(number) FILTER (event = 'arrival_before'),
            (SELECT sum(persons) FROM truth_population WHERE age_years >= 1), true
        FROM truth_vital_events
    """,
}
