"""Laws of searches, missing people, and detentions under section 136."""

from __future__ import annotations

from darkfigure.synth.schema.law import Law


def _of(table: str, key: str) -> str:
    """Write the rows of a table with the truth of the people whom they are about."""
    return f"""police_{table} JOIN (
        SELECT record_id AS {key}, force, birth_date, death_date FROM people_of_forces('police')
    ) USING ({key}, force)"""


_SEARCHES, _MISSING = _of("searches", "search_no"), _of("missing", "missing_no")
_DETENTIONS = _of("detentions_136", "detention_no")
_MHA = "Mental Health Act 1983, section 136"

LAWS = (
    Law(
        name="search_alive",
        says="Nobody is searched under ten or after death.",
        among=_SEARCHES,
        broken="date_sub('year', birth_date, searched_at::DATE) < 10 "
        "OR searched_at::DATE > death_date",
        source="assumed",
    ),
    Law(
        name="search_power",
        says="Drugs are looked for under the Misuse of Drugs Act, and nothing else is.",
        among=_SEARCHES,
        broken="(power = 'mda_23') <> (looked_for = 'drugs')",
        source="Misuse of Drugs Act 1971, section 23",
    ),
    Law(
        name="search_before_case",
        says="A search comes before the report of the case that it led to.",
        among="""police_searches JOIN (
            SELECT occurrence_no, force, reported_at, offence_code FROM police_occurrences
        ) USING (occurrence_no, force)""",
        broken="searched_at > reported_at OR offence_code NOT IN ('92D', '92E', '10D')",
        source="well known",
    ),
    Law(
        name="search_outcome_found",
        says="Nobody is arrested after a search that found nothing.",
        among="police_searches",
        where="search_outcome <> 'nfa'",
        broken="NOT found OR occurrence_no IS NULL",
        source="assumed",
    ),
    Law(
        name="search_not_at_home",
        says="Nobody is stopped and searched in a home.",
        among="police_searches",
        broken="location_type IN ('own_home', 'other_home')",
        source="Police and Criminal Evidence Act 1984, section 1",
    ),
    Law(
        name="missing_order",
        says="Somebody missing is last seen, reported and found in this order.",
        among="police_missing",
        broken="reported_at < last_seen_at OR found_at < reported_at",
        source="well known",
    ),
    Law(
        name="missing_alive",
        says="Nobody is missing before birth or after death.",
        among=_MISSING,
        broken="last_seen_at::DATE < birth_date OR reported_at::DATE > death_date",
        source="well known",
    ),
    Law(
        name="missing_from_school",
        says="Nobody is missing from school by night or at a weekend.",
        among="police_missing",
        where="missing_from = 'school'",
        broken="hour(last_seen_at) NOT BETWEEN 8 AND 15 OR isodow(last_seen_at) > 5",
        source="well known",
    ),
    Law(
        name="missing_looked_after_age",
        says="Nobody of 18 is missing as a looked-after child.",
        among=_MISSING,
        where="looked_after",
        broken="date_sub('year', birth_date, last_seen_at::DATE) >= 18",
        source="Children Act 1989",
    ),
    Law(
        name="missing_interview",
        says="Children are spoken to after they were found, on working days.",
        among="police_missing",
        where="interviewed_on IS NOT NULL",
        broken="found_at IS NULL OR interviewed_on < found_at::DATE OR closed(interviewed_on)",
        source="All Wales Practice Guide on missing children",
    ),
    Law(
        name="missing_found",
        says="Who was found was found in some way, and nobody else.",
        among="police_missing",
        broken="(found_at IS NULL) <> (found_how IS NULL)",
        source="well known",
    ),
    Law(
        name="s136_not_at_home",
        says="Nobody is detained under section 136 in a home.",
        among="police_detentions_136",
        broken="location_type IN ('own_home', 'other_home')",
        source=_MHA,
    ),
    Law(
        name="s136_station_age",
        says="No police station is a place of safety for somebody under 18.",
        among=_DETENTIONS,
        where="safe_place = 'station'",
        broken="date_sub('year', birth_date, detained_at::DATE) < 18",
        source="Policing and Crime Act 2017",
    ),
    Law(
        name="s136_alive",
        says="Nobody is detained under ten or after death.",
        among=_DETENTIONS,
        broken="date_sub('year', birth_date, detained_at::DATE) < 10 "
        "OR detained_at::DATE > death_date",
        source="assumed",
    ),
    Law(
        name="s136_order",
        says="A detention begins, reaches its place and ends in this order.",
        among="police_detentions_136",
        broken="arrived_at < detained_at OR ended_at < arrived_at",
        source="well known",
    ),
    Law(
        name="s136_24_hours",
        says="A detention ends within 24 hours of the arrival unless a doctor extends it.",
        among="police_detentions_136",
        where="extended = false",
        broken="ended_at > arrived_at + INTERVAL 24 HOUR",
        source=_MHA,
    ),
    Law(
        name="s136_36_hours",
        says="No detention lasts more than 36 hours.",
        among="police_detentions_136",
        broken="ended_at > arrived_at + INTERVAL 36 HOUR",
        source=f"{_MHA}B",
    ),
    Law(
        name="s136_site",
        says="A department as the place of safety has a code, and no other place has.",
        among="police_detentions_136",
        broken="(safe_place = 'department') <> (site_code IS NOT NULL)",
        source="assumed",
    ),
    Law(
        name="s136_seen",
        says="Who is taken to a department is seen there.",
        among="""(
            SELECT any_value(safe_place) AS safe_place, count(came.arrived_at) AS n
            FROM police_detentions_136 AS held
            JOIN (
                SELECT record_id AS detention_no, force, person_id AS whose
                FROM people_of_forces('police')
            ) USING (detention_no, force)
            LEFT JOIN (
                SELECT person_id, site_code, arrived_at FROM ed_attendances
                JOIN people_of('ed', 'attendances') ON record_id = attendance_no
            ) AS came ON person_id = whose AND came.site_code = held.site_code
                AND came.arrived_at BETWEEN held.arrived_at - INTERVAL 1 MINUTE
                    AND held.arrived_at + INTERVAL 1 MINUTE
            GROUP BY detention_no, held.force
        )""",
        where="safe_place = 'department'",
        broken="n = 0",
        source="assumed",
    ),
    Law(
        name="encounter_nominal",
        says="Nobody is found in a nominal that was opened later.",
        among="""(
            SELECT nominal_ref, force, searched_at AS met_at FROM police_searches
            UNION ALL SELECT nominal_ref, force, reported_at FROM police_missing
            UNION ALL SELECT nominal_ref, force, detained_at FROM police_detentions_136
        ) JOIN police_nominals USING (nominal_ref, force)""",
        broken="created_on > met_at::DATE",
        source="well known",
    ),
)
