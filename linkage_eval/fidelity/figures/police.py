"""What the forces have on record."""

QUERIES = {
    # Victims' own force stands for the place; Home Office codes of violence with injury.
    "violence_with_injury": """
        WITH years_lived AS (
            SELECT force_area AS area, count(*) * any_value(years) AS n
            FROM residents, study GROUP BY force_area
        ), recorded AS (
            SELECT area, count(*) AS hits
            FROM police_occurrences JOIN force_names USING (force)
            WHERE offence_code IN ('8N', '5D') GROUP BY area
        )
        SELECT 'violence_with_injury' AS key, area, coalesce(hits, 0) AS hits, n
        FROM years_lived LEFT JOIN recorded USING (area)
    """,
    "duplicates": """
        WITH people AS (
            SELECT source, person_id, count(*) AS nominals FROM truth_record_persons
            WHERE source LIKE 'police/%' AND "table" IN ('nominals', 'persons') GROUP BY ALL
        )
        SELECT 'duplicate_nominals' AS key, sum(nominals - 1) AS hits, sum(nominals) AS n
        FROM people WHERE EXISTS (FROM police_nominals)
    """,
}
