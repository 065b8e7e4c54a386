"""The tables of schools."""

from __future__ import annotations

from darkfigure.synth.reference.coding import meanings
from darkfigure.synth.schema.codes import CONCERN, SEX
from darkfigure.synth.schema.identity import identity_columns
from darkfigure.synth.schema.table import CODE, DATE, FLAG, ISO_DATE, SMALL, TEXT, Column, Table

# In the order of `setting.schools.KINDS`.
PHASE = {
    "P": "primary",
    "S": "secondary",
    "M": "all-through, ages 3 to 16 or 19",
    "X": "special",
    "U": "pupil referral unit",
}
MEDIUM, FAITH = meanings("school_media"), meanings("school_faiths")
YEAR_GROUP = {
    year: "reception" if year == "R" else f"year {year}"
    for year in ("R", *(str(number) for number in range(1, 12)))
}
ENROLMENT = {"C": "current", "M": "current, main of several registrations", "S": "subsidiary"}
ALN_PROVISION = {
    "A": "school action",
    "P": "school action plus",
    "S": "statement",
    "I": "individual development plan kept by the school",
    "L": "individual development plan kept by the local authority",
}
ALN_NEED = {
    "MLD": "moderate learning difficulties",
    "SLD": "severe learning difficulties",
    "DYSL": "dyslexia",
    "SLCD": "speech, language and communication difficulties",
    "BESD": "behavioural, emotional and social difficulties",
    "ASD": "autistic spectrum disorders",
    "HI": "hearing impairment",
    "PMED": "physical and medical difficulties",
}
NATIONAL_IDENTITY = {"WAL": "Welsh", "BRI": "British", "ENG": "English", "OTH": "other"}
WELSH_AT_HOME = {"1": "yes", "2": "no", "3": "not applicable, cannot speak Welsh"}
ACADEMIC_YEAR = {
    f"{year}/{(year + 1) % 100:02d}": f"from September {year}" for year in range(1999, 2046)
}
EXCLUSION = {
    "FIXD": "fixed term",
    "PERM": "permanent",
}

SCHOOLS = Table(
    "education",
    "schools",
    "a school; all are invented",
    ("school_code",),
    (
        Column("school_code", TEXT, "authority's number and a school number that none bears"),
        Column("school_name", TEXT, "name"),
        Column("phase", CODE, "phase", PHASE),
        Column("language_medium", CODE, "language of teaching", MEDIUM),
        Column("religious_character", CODE, "religious character", FAITH),
        Column("local_authority", TEXT, "local authority"),
        Column("lsoa_code", TEXT, "neighbourhood in which it stands (LSOA 2021)"),
    ),
)
PUPILS = Table(
    "education",
    "pupils",
    "a pupil in the annual school census (PLASC)",
    ("pupil_no",),
    (
        Column("pupil_no", TEXT, "number of the entry"),
        Column("school_code", TEXT, "school"),
        Column("admitted_on", DATE, "day on which the school took the details down"),
        *identity_columns(
            names={
                "surname": "surname",
                "forename": "forename",
                "middle_name": "middle_names",
                "sex": "gender",
                "date_of_birth": "dob",
                "ethnic_group": "ethnic_group",
                "house": "house",
                "street": "street",
                "town": "town",
                "postcode": "postcode",
                "telephone": "contact_telephone",
                "upn": "upn",
            },
            dates=ISO_DATE,
            sex=SEX,
        ),
        Column("ethnic_code", CODE, "ethnic background", meanings("school_ethnic_codes")),
        Column("national_identity", CODE, "national identity", NATIONAL_IDENTITY),
        Column("welsh_at_home", CODE, "speaks Welsh at home", WELSH_AT_HOME),
        Column("enrolment_status", CODE, "kind of registration", ENROLMENT),
        Column("year_group", CODE, "national curriculum year", YEAR_GROUP),
        Column("fsm_eligible", FLAG, "eligible for free school meals"),
        Column("fsm_protected", FLAG, "kept free school meals under transitional protection"),
        Column("aln_provision", CODE, "provision for additional learning needs", ALN_PROVISION),
        Column("aln_need", CODE, "main additional learning need", ALN_NEED),
    ),
)
ATTENDANCE = Table(
    "education",
    "attendance",
    "a pupil's attendance in one school year, so far as it lies in the study",
    ("pupil_no", "academic_year"),
    (
        Column("pupil_no", TEXT, "pupil"),
        Column("academic_year", CODE, "school year", ACADEMIC_YEAR),
        Column("year_group", CODE, "national curriculum year", YEAR_GROUP),
        Column("sessions_possible", SMALL, "half days on which the school was open"),
        Column("sessions_authorised", SMALL, "half days missed with leave"),
        Column("sessions_unauthorised", SMALL, "half days missed without leave"),
    ),
)
EXCLUSIONS = Table(
    "education",
    "exclusions",
    "a pupil's exclusion from school",
    ("exclusion_no",),
    (
        Column("exclusion_no", TEXT, "number of the exclusion"),
        Column("pupil_no", TEXT, "pupil"),
        Column("started_on", DATE, "first day"),
        Column("category", CODE, "fixed term or permanent", EXCLUSION),
        Column("reason", CODE, "main reason", meanings("exclusion_reasons")),
        Column("sessions", SMALL, "half days excluded; empty if permanent"),
    ),
)
CONCERNS = Table(
    "education",
    "concerns",
    "a concern that a school wrote down about a pupil",
    ("concern_no",),
    (
        Column("concern_no", TEXT, "number of the entry"),
        Column("pupil_no", TEXT, "pupil"),
        Column("noted_on", DATE, "day"),
        Column("concern", CODE, "what about", CONCERN),
    ),
)
