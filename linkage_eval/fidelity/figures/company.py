"""How many people attack together, as victims would tell it (`truth/event_roles`).

Who is hit back has one attacker, the first victim; others have all offenders of their event. The
shares of people who co-offend at least once a year that are published (Crime Statistics Agency
Victoria: .561 of those aged 10 to 17) are of all crime, above all theft and damage, whose company
is not simulated; they are no figures of violence and are left out.
"""

VIEWS = {
    "offending": """
        SELECT event_id, person_id FROM truth_event_roles WHERE role = 'offender'
    """,
    "attacked": """
        WITH counted AS (SELECT event_id, count(*) AS number FROM offending GROUP BY event_id)
        SELECT harmed.*, if(hit.person_id IS NULL, number, 1) AS attackers,
            least(attackers, 4) AS up_to_four
        FROM harmed JOIN counted USING (event_id)
        LEFT JOIN offending AS hit
            ON hit.event_id = harmed.event_id AND hit.person_id = victim_id
    """,
    # Incidents by whom or what the published or assumed numbers of offenders are given for. Among
    # adults, as in the Crime Survey, but at school; the survey hears of few domestic ones.
    "attacked_by_group": """
        WITH adults AS (
            FROM attacked WHERE age_then >= 16 AND kind NOT IN ('robbery', 'harassment')
        )
        SELECT 'any' AS among, up_to_four FROM adults
        WHERE incident_id IN (SELECT incident_id FROM surveyed)
        UNION ALL SELECT survey_group, up_to_four FROM adults
        UNION ALL SELECT kind, up_to_four FROM attacked WHERE kind IN ('robbery', 'school')
        UNION ALL SELECT 'work', up_to_four FROM adults WHERE kind = 'work'
        UNION ALL SELECT 'licensed', up_to_four FROM adults WHERE place = 'licensed'
    """,
}

QUERIES = {
    "attackers": """
        SELECT printf('offenders_%d%s_%s', number, if(number = 4, '_or_more', ''), among) AS key,
            count(*) FILTER (up_to_four = number) AS hits, count(up_to_four) AS n
        FROM (VALUES ('any'), ('domestic'), ('acquaintance'), ('stranger'), ('robbery'),
            ('school'), ('work'), ('licensed')) AS groups (among)
        CROSS JOIN (VALUES (1), (2), (3), (4)) AS numbers (number)
        LEFT JOIN attacked_by_group USING (among) GROUP BY among, number
    """,
    # Of patients, by what is true of them; the study was in Cardiff.
    "attackers_of_patients": """
        SELECT 'patients_attacked_by_' || label AS key, force_area AS area,
            count(*) FILTER (least(attackers, 3) = number) AS hits, count(*) AS n
        FROM attacked,
            (VALUES (1, 'one'), (2, 'two'), (3, 'three_or_more')) AS labels (number, label)
        WHERE ed_attended AND kind <> 'harassment' GROUP BY label, ROLLUP (force_area)
    """,
}
