"""Where people go: practices and their lists, departments and minor injury units."""

VIEWS = {
    # Attendances of residents, with the kind and board of the site and the board of the home.
    "attended_where": """
        SELECT sites.type, sites.health_board AS board, authorities.health_board AS home_board
        FROM ed_attendances
        JOIN truth_record_persons ON record_id = attendance_no AND source = 'ed'
        JOIN residents USING (person_id)
        JOIN ref_hospital_sites AS sites USING (site_code)
        JOIN ref_local_authorities AS authorities ON residents.local_authority = authorities.name
    """,
}

QUERIES = {
    "practices": """
        SELECT 'practices' AS key, count(*) AS hits, sum(list_size) AS n, true AS whole
        FROM gp_practices
    """,
    "list_sizes": """
        WITH sizes AS (
            SELECT quantile_cont(list_size, [0.05, 0.25, 0.5, 0.75, 0.95]) AS found,
                sum(list_size) AS n
            FROM gp_practices
        )
        SELECT printf('practice_list_percentile_%d', percent) AS key, found[place] AS hits, n,
            true AS whole
        FROM sizes, (VALUES (1, 5), (2, 25), (3, 50), (4, 75), (5, 95)) AS percents (place, percent)
    """,
    "sites": """
        SELECT 'attendances_at_minor_units' AS key, count(*) FILTER (type = 'miu') AS hits,
            count(*) AS n
        FROM attended_where
        UNION ALL
        SELECT 'attendances_in_another_health_board', count(*) FILTER (board <> home_board),
            count(*)
        FROM attended_where
    """,
}
