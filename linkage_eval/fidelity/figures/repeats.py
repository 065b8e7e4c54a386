"""How often the same people are harmed, attended to and arrested within a year, the study's last.

Incidents and attendances of a victim are those of the truth (`truth/incidents`); domestic incidents
are occurrences in which a nominal is a victim (`police/*`), and arrests are those of the PNC
(`pnc/arrests`). Records are counted by whom they are truly about, since one person may have several
nominals or identities. There is no published number of notifications (PPN) a person;
`benchmarks/bench_violence.py` prints it.
"""

VIEWS = {
    "last_year": """
        SELECT harmed.* FROM harmed, year_counted WHERE occurred_at >= since
    """,
    # Among adults as in the Crime Survey, of those who tell of any; domestic ones tell of all.
    "times_harmed": """
        SELECT survey_group AS among, victim_id, count(*) AS times FROM last_year
        WHERE age_then >= 16 AND kind NOT IN ('robbery', 'harassment', 'work') GROUP BY ALL
        UNION ALL
        SELECT kind, victim_id, count(*) FROM last_year
        WHERE age_then >= 16 AND kind IN ('work', 'robbery') GROUP BY ALL
        UNION ALL
        SELECT 'aged_10_to_15', victim_id, count(*) FROM last_year
        WHERE age_then BETWEEN 10 AND 15 AND kind <> 'harassment' GROUP BY ALL
        UNION ALL
        SELECT 'patients', victim_id, count(*) FROM last_year
        WHERE ed_attended AND kind <> 'harassment' GROUP BY ALL
    """,
    "times_reported": """
        SELECT person_id, count(DISTINCT occurrence_no) AS times
        FROM own_occurrences JOIN police_occurrence_nominals USING (force, occurrence_no)
        JOIN truth_record_persons AS about ON about.source = 'police/' || force
            AND about."table" IN ('nominals', 'persons') AND about.record_id = nominal_ref
        JOIN residents USING (person_id), year_counted
        WHERE domestic_flag AND role = 'victim' AND reported_at >= since
        GROUP BY person_id
    """,
    "times_arrested": """
        SELECT person_id, count(*) AS times,
            count(*) FILTER (offence_group IN ('VWI', 'VWOI', 'S&H')) AS for_violence
        FROM pnc_arrests JOIN ref_offence_codes ON offence_code = code
        JOIN truth_record_persons AS about ON about.source = 'pnc'
            AND about."table" = 'persons' AND about.record_id = pnc_id
        JOIN residents USING (person_id), year_counted
        WHERE arrested_at >= since
        GROUP BY person_id
    """,
}


def _tally(key: str, people: str, bands: str) -> str:
    """Count people of a query by how many times, in bands of `low`, `high` and a name."""
    return f"""
        SELECT '{key}' || label AS key, count(*) FILTER (times BETWEEN low AND high) AS hits,
            count(times) AS n
        FROM (VALUES {bands}) AS bands (low, high, label) LEFT JOIN ({people}) ON true
        GROUP BY label
    """


_UP_TO_FOUR = "(1, 1, '1'), (2, 2, '2'), (3, 3, '3'), (4, 999, '4_or_more')"
_UP_TO_20 = """(1, 1, '1'), (2, 2, '2'), (3, 3, '3'), (4, 4, '4'), (5, 5, '5'), (6, 9, '6_to_9'),
    (10, 19, '10_to_19'), (20, 999, '20_or_more')"""
_UP_TO_SIX = "(1, 1, '1'), (2, 2, '2'), (3, 3, '3'), (4, 5, '4_to_5'), (6, 999, '6_or_more')"

_GROUPS = (
    "domestic",
    "acquaintance",
    "stranger",
    "work",
    "robbery",
    "aged_10_to_15",
    "patients",
)

QUERIES = {
    **{
        f"incidents_{among}": _tally(
            f"incidents_a_victim_{among}_",
            f"SELECT times FROM times_harmed WHERE among = '{among}'",
            _UP_TO_FOUR,
        )
        for among in _GROUPS
    },
    "domestic_incidents": _tally(
        "domestic_incidents_a_victim_", "SELECT times FROM times_reported", _UP_TO_20
    ),
    "arrests": _tally("arrests_a_person_", "SELECT times FROM times_arrested", _UP_TO_20),
    "arrests_for_violence": _tally(
        "violence_arrests_a_person_",
        "SELECT for_violence AS times FROM times_arrested WHERE for_violence > 0",
        _UP_TO_SIX,
    ),
}
