"""Laws of the records of general practices."""

from __future__ import annotations

from darkfigure.synth.schema.law import Law

_ENTRIES = "gp_events JOIN gp_registrations USING (registration_no)"
_OF_PEOPLE = "gp_events JOIN people_of('gp', 'registrations') AS who ON record_id = registration_no"
_READ = "Read codes, version 2"


def _ages(name: str, says: str, codes: str, broken: str, source: str = "well known") -> Law:
    return Law(
        name=f"gp_{name}",
        says=says,
        among=_ENTRIES,
        where=f"read_code IN ({codes})",
        broken=f"age(date_of_birth, event_date) {broken}",
        source=source,
    )


LAWS = (
    Law(
        name="gp_after_birth",
        says="Nothing is entered before a patient is born.",
        among=_ENTRIES,
        broken="event_date < born(date_of_birth)",
        source="well known",
    ),
    Law(
        name="gp_before_death",
        says="Nobody consults after death.",
        among=_OF_PEOPLE,
        broken="event_date > death_date + 30",
        source="well known",
    ),
    Law(
        name="gp_open",
        says="Practices see nobody at weekends and on bank holidays.",
        among=_ENTRIES,
        broken="closed(event_date)",
        source="GMS contract",
    ),
    Law(
        name="gp_one_main_list",
        says="Nobody stands on one practice's list twice.",
        among="""(
            SELECT person_id, practice_code, count(*) AS n FROM gp_registrations
            JOIN people_of('gp', 'registrations') ON record_id = registration_no GROUP BY ALL
        )""",
        broken="n > 1",
        source="GMS contract",
    ),
    _ages("type_2_diabetes", "No type 2 diabetes under 10.", "'C10F.'", "< 10"),
    _ages(
        "tobacco", "Nobody under 10 is asked about tobacco.", "'137..', '1371.', '137R.'", "< 10"
    ),
    _ages("low_back_pain", "No low back pain under 5.", "'N142.', '16C..'", "< 5"),
    _ages("anxiety", "No anxiety with depression under 5.", "'E2003'", "< 5"),
    _ages(
        "child_codes",
        "Codes on children at risk are of people under 18.",
        "'13IF.', '13If.', '13IM.'",
        ">= 18",
    ),
    _ages(
        "domestic_codes",
        "Domestic abuse is coded of people over 12.",
        "'14X8.', '14XD.', '14XG.', '14X3.', '13Hm.'",
        "< 12",
    ),
    _ages(
        "blood_pressure",
        "Blood pressure is not taken of children under 3.",
        "'246..'",
        "< 3",
        "assumed",
    ),
    Law(
        name="gp_registered_after_birth",
        says="Details are not confirmed before birth.",
        among="gp_registrations",
        broken="updated_on < born(date_of_birth)",
        source="well known",
    ),
)
