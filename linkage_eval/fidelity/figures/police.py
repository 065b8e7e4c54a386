"""Records of the police forces, and their notices to other services."""

VIEWS = {
    # In the database that North Wales shares, English forces have occurrences of their own.
    "own_occurrences": """
        SELECT * FROM police_occurrences WHERE owner IS NULL OR owner = force
    """,
    # Victims' own force stands for the place.
    "policed": """
        SELECT force_area AS area, count(*) * any_value(years) AS n
        FROM residents, study GROUP BY force_area
    """,
    # The counting rules count violence by victim, whatever the number of occurrences.
    "crimes": """
        WITH victims AS (
            SELECT force, occurrence_no, count(DISTINCT nominal_ref) AS number
            FROM police_occurrence_nominals WHERE role = 'victim' GROUP BY ALL
        )
        SELECT force_names.area, offence_group, domestic_flag AS domestic,
            offence_group IN ('VWI', 'VWOI', 'S&H') AS violent
        FROM own_occurrences JOIN force_names USING (force)
        JOIN ref_offence_codes ON offence_code = code
        LEFT JOIN victims USING (force, occurrence_no),
        range(CASE WHEN offence_group IN ('VWI', 'VWOI', 'S&H')
            THEN greatest(coalesce(number, 1), 1) ELSE 1 END)
        WHERE category = 'crime'
    """,
}

QUERIES = {
    "crime_rates": """
        WITH counted AS (
            SELECT area, count(*) FILTER (offence_group = 'VWI') AS violence_with_injury,
                count(*) FILTER (violent) AS violence_against_the_person, count(*) AS all_crime,
                count(*) FILTER (domestic) AS domestic_abuse_crimes
            FROM crimes GROUP BY area
        )
        SELECT key, area, hits, n
        FROM (UNPIVOT counted ON COLUMNS(* EXCLUDE area) INTO NAME key VALUE hits)
        JOIN policed USING (area)
    """,
    "mix_of_violence": """
        SELECT 'violence_that_is_' || label AS key, area,
            count(*) FILTER (offence_group = code) AS hits, count(*) AS n
        FROM crimes, (VALUES ('VWI', 'with_injury'), ('VWOI', 'without_injury'),
            ('S&H', 'harassment')) AS labels (code, label)
        WHERE violent GROUP BY label, area
    """,
    "domestic_crimes": """
        SELECT 'domestic_abuse_crimes_violent' AS key, area, count(*) FILTER (violent) AS hits,
            count(*) AS n
        FROM crimes WHERE domestic GROUP BY area
        UNION ALL
        SELECT 'domestic_abuse_crimed', NULL, count(*) FILTER (category = 'crime'), count(*)
        FROM own_occurrences WHERE domestic_flag
    """,
    # Reports of violence that were not recorded left no trace with the police; the truth knows.
    "recording": """
        WITH untraced AS (
            SELECT force_area AS area, count(*) AS number FROM harmed
            WHERE police_status = 'not_recorded' GROUP BY area
        ), traced AS (
            SELECT area, count(*) FILTER (category = 'crime') AS crimes,
                count(*) FILTER (incident_type = 'uncrimed') AS uncrimed
            FROM own_occurrences JOIN force_names USING (force) GROUP BY area
        )
        SELECT 'all_crime_recorded_if_reported' AS key, area, crimes AS hits,
            crimes + uncrimed + coalesce(number, 0) AS n
        FROM traced LEFT JOIN untraced USING (area)
    """,
    "duplicates": """
        WITH people AS (
            SELECT source, person_id, count(*) AS nominals FROM truth_record_persons
            WHERE source LIKE 'police/%' AND "table" IN ('nominals', 'persons') GROUP BY ALL
        )
        SELECT 'duplicate_nominals' AS key, sum(nominals - 1) AS hits, sum(nominals) AS n
        FROM people WHERE EXISTS (FROM police_nominals)
    """,
    "notifications": """
        SELECT 'ppn' AS key, policed.area, count(*) AS hits, any_value(n) AS n
        FROM ppn_notifications JOIN force_names USING (force) JOIN policed USING (area)
        GROUP BY policed.area
    """,
    "types_of_notification": """
        SELECT 'ppn_' || label AS key, count(*) FILTER (ppn_type = code) AS hits, count(*) AS n
        FROM ppn_notifications, (VALUES ('DA', 'domestic_abuse'), ('CH', 'child'), ('AD', 'adult'),
            ('OT', 'other')) AS labels (code, label)
        GROUP BY label
    """,
    "after_notification": """
        SELECT 'ppn_referred_to_social_services' AS key,
            (SELECT count(*) FROM mash_episodes) AS hits, count(*) AS n
        FROM ppn_notifications
        UNION ALL
        SELECT 'ppn_received_input', (SELECT count(*) FROM mash_episodes WHERE input_given),
            count(*)
        FROM ppn_notifications
    """,
    "conferences": """
        SELECT 'marac_cases_that_repeat' AS key, count(*) FILTER (repeat) AS hits, count(*) AS n
        FROM marac_cases
        UNION ALL
        SELECT 'marac_victims_male', count(*) FILTER (sex = 'M'), count(*)
        FROM marac_persons JOIN truth_record_persons AS about ON about.source = 'marac'
            AND about."table" = 'persons' AND about.record_id = person_no
        JOIN truth_persons USING (person_id) WHERE role = 'victim'
        UNION ALL
        SELECT 'marac_cases', (SELECT count(*) FROM marac_cases), count(*) * any_value(years)
        FROM residents, study WHERE sex = 'F' AND age >= 16
    """,
}
