"""Laws of the register of deaths."""

from __future__ import annotations

from darkfigure.synth.schema.law import Law

_DEATHS = "deaths_registrations"
_OF_PEOPLE = f"{_DEATHS} JOIN people_of('deaths', 'registrations') AS who ON record_id = entry_no"


def _ages(name: str, says: str, codes: str, broken: str, source: str = "ICD-10") -> Law:
    return Law(
        name=f"death_{name}",
        says=says,
        among=_DEATHS,
        where=codes,
        broken=f"age(date_of_birth, died_on) {broken}",
        source=source,
    )


def _organ(name: str, says: str, codes: str, sex: str) -> Law:
    return Law(
        name=f"death_{name}",
        says=says,
        among=_DEATHS,
        where=f"({codes}) AND entry_no NOT IN (FROM other_gender('deaths'))",
        broken=f"deaths_registrations.sex = '{sex}'",
        source="ICD-10",
    )


LAWS = (
    Law(
        name="death_registered_later",
        says="A death is registered on its day or later.",
        among=_DEATHS,
        broken="registered_on < died_on",
        source="Births and Deaths Registration Act 1953",
    ),
    Law(
        name="death_registered_open",
        says="Registrars register nothing at weekends and on bank holidays.",
        among=_DEATHS,
        broken="closed(registered_on)",
        source="assumed",
    ),
    Law(
        name="death_on_its_day",
        says="The day of death is the true one.",
        among=_OF_PEOPLE,
        broken="died_on IS DISTINCT FROM death_date",
        source="Births and Deaths Registration Act 1953",
    ),
    Law(
        name="death_once",
        says="Nobody's death is registered twice.",
        among="""(
            SELECT person_id, count(*) AS n FROM people_of('deaths', 'registrations')
            GROUP BY person_id
        )""",
        broken="n > 1",
        source="Births and Deaths Registration Act 1953",
    ),
    Law(
        name="death_of_the_born",
        says="Nobody's death is before their birth.",
        among=_DEATHS,
        broken="died_on < born(date_of_birth)",
        source="well known",
    ),
    Law(
        name="death_covid_date",
        says="Nobody dies of COVID-19 before 2020.",
        among=_DEATHS,
        where="underlying_cause[1:4] = 'U071'",
        broken="died_on < DATE '2020-02-01'",
        source="WHO",
    ),
    Law(
        name="death_hospital_spell",
        says="A death in a hospital of Wales ends a spell, or an attendance, on its day.",
        among=_OF_PEOPLE,
        where="place_of_death = 'hospital' AND starts_with(establishment, '7A')",
        broken="""person_id NOT IN (
            SELECT person_id FROM hospital_spells
            JOIN people_of('hospital', 'patients') ON record_id = hospital_no
            WHERE discharge_method = '4'
            UNION ALL
            SELECT person_id FROM ed_attendances
            JOIN people_of('ed', 'attendances') ON record_id = attendance_no
            WHERE disposal = 'died'
        )""",
        source="PEDW data dictionary",
    ),
    Law(
        name="death_establishment",
        says="A hospital is named for deaths in hospital, and for no other.",
        among=_DEATHS,
        broken="(place_of_death = 'hospital') <> (establishment IS NOT NULL)",
        source="ONS, user guide to mortality statistics",
    ),
    Law(
        name="death_spell_in_register",
        says="Who is discharged as dead did not die at home or in a care home.",
        among="""hospital_spells
            JOIN people_of('hospital', 'patients') AS patient ON patient.record_id = hospital_no
            JOIN people_of('deaths', 'registrations') AS dead USING (person_id)
            JOIN deaths_registrations ON entry_no = dead.record_id""",
        where="discharge_method = '4'",
        broken="place_of_death <> 'hospital'",
        source="PEDW data dictionary",
    ),
    _organ(
        "prostate", "Nobody but men dies of the prostate.", "underlying_cause[1:3] = 'C61'", "F"
    ),
    _organ(
        "womb",
        "Nobody but women dies of cancer of womb or ovary.",
        "underlying_cause[1:3] BETWEEN 'C53' AND 'C58'",
        "M",
    ),
    _organ("pregnancy", "Nobody but women dies in childbed.", "underlying_cause[1] = 'O'", "M"),
    _ages(
        "sudden_infant",
        "Sudden infant death is under one.",
        "underlying_cause[1:3] = 'R95'",
        ">= 1",
    ),
    _ages(
        "perinatal",
        "Nobody over five dies of conditions of the newborn.",
        "underlying_cause[1] = 'P'",
        "> 5",
    ),
    _ages(
        "dementia",
        "Nobody under 40 dies of dementia.",
        "underlying_cause[1:3] IN ('F01', 'F03', 'G30')",
        "< 40",
    ),
    _ages(
        "old_age",
        "Nobody under 80 dies of old age.",
        "underlying_cause[1:3] = 'R54'",
        "< 80",
        "ONS guidance to doctors who certify",
    ),
    _ages(
        "lung_disease",
        "Nobody under 30 dies of chronic obstructive lung disease.",
        "underlying_cause[1:3] = 'J44'",
        "< 30",
    ),
    _ages(
        "self_harm",
        "Nobody under 10 is registered as a suicide.",
        "underlying_cause[1:3] BETWEEN 'X60' AND 'X84'",
        "< 10",
        "ONS definition of suicide",
    ),
    _ages(
        "breast", "Nobody under 18 dies of breast cancer.", "underlying_cause[1:3] = 'C50'", "< 18"
    ),
    Law(
        name="death_killed_true",
        says="Whoever is registered as killed was killed.",
        among=_OF_PEOPLE,
        where="underlying_cause >= 'X85' AND underlying_cause < 'Y10'",
        broken="""person_id NOT IN (
            SELECT victim_id FROM truth_incidents WHERE severity = 'fatal'
        )""",
        source="well known",
    ),
)
