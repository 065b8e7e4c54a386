"""The tables of hospitals: patients, spells and diagnoses (PEDW)."""

from __future__ import annotations

from darkfigure.synth.reference import load
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
    "31": "maternity, before the birth",
    "82": "birth of a baby in this hospital",
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
    "101": "urology",
    "107": "vascular surgery",
    "110": "trauma and orthopaedics",
    "120": "ear, nose and throat",
    "130": "ophthalmology",
    "140": "oral surgery",
    "145": "oral and maxillofacial surgery",
    "150": "neurosurgery",
    "160": "plastic surgery",
    "171": "paediatric surgery",
    "180": "accident and emergency",
    "192": "critical care medicine",
    "300": "general medicine",
    "301": "gastroenterology",
    "302": "endocrinology",
    "303": "clinical haematology",
    "320": "cardiology",
    "330": "dermatology",
    "340": "respiratory medicine",
    "361": "nephrology",
    "370": "medical oncology",
    "400": "neurology",
    "410": "rheumatology",
    "420": "paediatrics",
    "424": "well babies",
    "430": "geriatric medicine",
    "501": "obstetrics",
    "502": "gynaecology",
    "710": "adult mental illness",
    "715": "old age psychiatry",
    "800": "clinical oncology",
}


# Of neglect and maltreatment the fourth character is the perpetrator. Source: ICD-10, well known
_PERPETRATORS = {
    "0": "by spouse or partner",
    "1": "by parent",
    "2": "by acquaintance or friend",
    "8": "by other specified persons",
    "9": "by unspecified person",
}
_BY_SOMEBODY = ("Y06", "Y07")


def _assault_causes() -> dict[str, str]:
    """Join each cause with its fourth characters: kinds of place, or perpetrators."""
    places = meanings("cause_places")
    return {
        f"{cause}{digit}": f"{meaning}; {place}"
        for cause, meaning in meanings("assault_causes").items()
        for digit, place in (_PERPETRATORS if cause in _BY_SOMEBODY else places).items()
    }


# Outcomes of a delivery, which stand with the mother alone. Source: ICD-10, well known
OUTCOMES = {"Z370": "single live birth", "Z372": "twins, both liveborn"}


def _conditions() -> dict[str, str]:
    table = load("conditions")
    return dict(zip(table["icd"].to_pylist(), table["meaning"].to_pylist(), strict=True))


ICD = dict(
    sorted(
        {
            **_conditions(),
            **OUTCOMES,
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
        Column("mother_no", TEXT, "of a birth: the board's number for the mother"),
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
