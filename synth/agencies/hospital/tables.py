"""The tables of hospitals: patients, spells and diagnoses (PEDW)."""

from __future__ import annotations

from darkfigure.synth.reference.coding import meanings
from darkfigure.synth.schema.codes import NHS_SEX
from darkfigure.synth.schema.health import HEALTH_BOARDS, WELSH_SITES
from darkfigure.synth.schema.identity import LANGUAGE_COLUMNS, identity_columns
from darkfigure.synth.schema.table import (
    BRITISH_DATE,
    CODE,
    DATE,
    SMALL,
    TEXT,
    Column,
    Table,
)

ADMISSION_METHOD = {
    "11": "elective, from the waiting list",
    "21": "emergency, through an emergency department",
    "22": "emergency, by a general practitioner",
    "28": "emergency, by other means",
}
ADMISSION_SOURCE = {
    "19": "usual place of residence",
    "29": "temporary place of residence",
    "39": "prison or police station",
    "54": "care home",
}
DISCHARGE_METHOD = {"1": "on clinical advice", "2": "by the patient", "4": "died"}
SPECIALTY = {
    "100": "general surgery",
    "110": "trauma and orthopaedics",
    "140": "oral surgery",
    "145": "oral and maxillofacial surgery",
    "180": "accident and emergency",
    "300": "general medicine",
    "420": "paediatrics",
}


def _assault_causes() -> dict[str, str]:
    """Join each cause with each kind of place, its fourth character."""
    places = meanings("cause_places")
    return {
        f"{cause}{digit}": f"{meaning}; {place}"
        for cause, meaning in meanings("assault_causes").items()
        for digit, place in places.items()
    }


ICD = dict(
    sorted(
        {
            **meanings("hospital_diagnoses"),
            **meanings("accident_causes"),
            **_assault_causes(),
        }.items()
    )
)
_PATIENT = {
    "nhs_number": "nhs_number",
    "surname": "surname",
    "forename": "forename",
    "middle_name": "second_forename",
    "sex": "sex",
    "date_of_birth": "date_of_birth",
    "ethnic_group": "ethnic_category",
    "house": "address_1",
    "street": "address_2",
    "town": "address_3",
    "postcode": "postcode",
    "telephone": "telephone",
}
HOSPITAL_PATIENTS = Table(
    "hospital",
    "patients",
    "a patient as a health board knows them; each board numbers its own, and some twice",
    ("hospital_no",),
    (
        Column("hospital_no", TEXT, "the board's number for the patient"),
        Column("health_board", CODE, "health board", HEALTH_BOARDS),
        Column("updated_on", DATE, "day on which the details were last confirmed"),
        *identity_columns(names=_PATIENT, dates=BRITISH_DATE, sex=NHS_SEX),
        *LANGUAGE_COLUMNS,
    ),
)
HOSPITAL_SPELLS = Table(
    "hospital",
    "spells",
    "a stay in hospital from admission to discharge (PEDW)",
    ("spell_no",),
    (
        Column("spell_no", TEXT, "number of the spell"),
        Column("hospital_no", TEXT, "patient"),
        Column("site_code", CODE, "hospital site", WELSH_SITES),
        Column("admitted_on", DATE, "day of admission"),
        Column("admission_method", CODE, "how admitted", ADMISSION_METHOD),
        Column("admission_source", CODE, "where from", ADMISSION_SOURCE),
        Column("discharged_on", DATE, "day of discharge; empty while in hospital"),
        Column("discharge_method", CODE, "how discharged", DISCHARGE_METHOD),
        Column("specialty", CODE, "main specialty", SPECIALTY),
    ),
)
HOSPITAL_DIAGNOSES = Table(
    "hospital",
    "diagnoses",
    "a diagnosis, or an external cause, coded for a spell",
    ("spell_no", "diagnosis_no"),
    (
        Column("spell_no", TEXT, "spell"),
        Column("diagnosis_no", SMALL, "place in the list, 1 = primary"),
        Column("icd10", CODE, "ICD-10 code; X85 to Y09 is assault, then the place", ICD),
    ),
)
