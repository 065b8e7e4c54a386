"""Violence as its victims would tell a survey, and what the police hear and record of it."""

# Of each victim's h hits among c counts: their sums, and what tells how unevenly they fall.
SUMS = """sum(h) AS hits, sum(c) AS n, sum(h * h) AS hh, sum(h * c) AS hc, sum(c * c) AS cc"""

VIEWS = {
    # Violence against people of 16 or over by the rules of the Crime Survey. Face to face, far
    # fewer tell of abuse by partners and kin than in the self-completed part: a fifth to a third.
    "surveyed": """
        SELECT *, CASE injury WHEN 'none' THEN 'no_injury' WHEN 'minor' THEN 'minor_injury'
            ELSE injury END AS hurt
        FROM harmed WHERE age_then >= 16 AND kind NOT IN ('robbery', 'harassment')
            AND (survey_group <> 'domestic' OR hash(victim_id) % 10 < 3)
    """,
    # Any abuse by partners and kin, threats and control among it, in the first year.
    "abused": """
        SELECT harmed.*, harmed.injury <> 'none' AS hurt FROM harmed, study
        WHERE age_then >= 16 AND survey_group = 'domestic'
            AND occurred_at < start_date + INTERVAL 1 YEAR
    """,
}

QUERIES = {
    # In the first year; the survey asks about the last twelve months.
    "prevalence": """
        SELECT 'victim_of_violence_16_or_over' AS key,
            count(*) FILTER (person_id IN (
                SELECT victim_id FROM surveyed, study
                WHERE occurred_at < start_date + INTERVAL 1 YEAR
            )) AS hits, count(*) AS n
        FROM residents WHERE age >= 16
    """,
    "injuries": f"""
        SELECT label AS key, {SUMS} FROM (
            SELECT label, count(*) FILTER (hurt = label) AS h, count(*) AS c
            FROM surveyed, (VALUES ('no_injury'), ('minor_injury'), ('wounding')) AS labels (label)
            GROUP BY label, victim_id)
        GROUP BY label
    """,  # noqa: S608, our own constants
    "reported": f"""
        SELECT 'reported_' || coalesce(hurt, survey_group, 'to_police') AS key, {SUMS} FROM (
            SELECT hurt, survey_group, victim_id, count(*) AS c,
                count(*) FILTER (police_status <> 'never_reported') AS h
            FROM surveyed WHERE EXISTS (FROM police_occurrences)
            GROUP BY GROUPING SETS ((victim_id), (hurt, victim_id), (survey_group, victim_id)))
        GROUP BY hurt, survey_group
    """,  # noqa: S608, our own constants
    "victims": """
        WITH victims AS (
            SELECT least(count(*), 3) AS times FROM surveyed, study
            WHERE occurred_at < start_date + INTERVAL 1 YEAR GROUP BY victim_id
        )
        SELECT 'victims_with_' || if(number = 3, '3_or_more', number::VARCHAR) AS key,
            count(*) FILTER (times = number) AS hits, count(*) AS n
        FROM victims, (VALUES (1), (2), (3)) AS numbers (number) GROUP BY number
    """,
    "by_whom": f"""
        SELECT 'incidents_' || label AS key, {SUMS} FROM (
            SELECT label, count(*) FILTER (survey_group = label) AS h, count(*) AS c
            FROM surveyed, (VALUES ('domestic'), ('acquaintance'), ('stranger')) AS labels (label)
            GROUP BY label, victim_id)
        GROUP BY label
    """,  # noqa: S608, our own constants
    # The weekend is Friday 18:00 to Monday 06:00, night 18:00 to 06:00.
    "when_and_how": f"""
        WITH marked AS (
            SELECT victim_id, alcohol, weapon <> 'none' AS weapon_used,
                isodow(occurred_at) IN (6, 7)
                OR (isodow(occurred_at) = 5 AND hour(occurred_at) >= 18)
                OR (isodow(occurred_at) = 1 AND hour(occurred_at) < 6) AS at_the_weekend,
                hour(occurred_at) NOT BETWEEN 6 AND 17 AS at_night
            FROM surveyed
        )
        SELECT key, {SUMS} FROM (
            SELECT key, count(*) FILTER (holds) AS h, count(*) AS c FROM (
                UNPIVOT marked ON COLUMNS(* EXCLUDE victim_id) INTO NAME key VALUE holds)
            GROUP BY key, victim_id)
        GROUP BY key
    """,  # noqa: S608, our own constants
    "domestic_abuse": """
        SELECT 'domestic_abuse_' || if(sex = 'F', 'women', 'men') AS key,
            count(*) FILTER (person_id IN (SELECT victim_id FROM abused)) AS hits, count(*) AS n
        FROM residents WHERE age >= 16 GROUP BY sex
    """,
    "partner_abuse": """
        WITH victims AS (
            SELECT victim_id, bool_or(hurt) AS hurt FROM abused
            WHERE by_whom = 'partner_or_ex' GROUP BY victim_id
        ), with_child AS (
            SELECT victim_id, hurt, household_id IN (
                SELECT household_id FROM residents WHERE age < 16 AND home = 'private') AS child
            FROM victims JOIN residents ON victim_id = person_id
        )
        SELECT 'partner_abuse_injured' AS key, count(*) FILTER (hurt) AS hits, count(*) AS n
        FROM with_child
        UNION ALL
        SELECT 'partner_abuse_child_at_home', count(*) FILTER (child), count(*) FROM with_child
    """,
    "unknown_to_police": """
        SELECT 'ed_assault_without_police_record' AS key,
            count(*) FILTER (police_status <> 'recorded') AS hits, count(*) AS n
        FROM harmed WHERE ed_attended AND EXISTS (FROM police_occurrences)
    """,
    "recorded_if_reported": """
        SELECT 'violence_recorded_if_reported' AS key, force_area AS area,
            count(*) FILTER (police_status = 'recorded') AS hits, count(*) AS n
        FROM harmed
        WHERE police_status <> 'never_reported' AND EXISTS (FROM police_occurrences)
        GROUP BY force_area
    """,
}
