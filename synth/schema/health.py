"""The tables of emergency departments and general practice."""

from __future__ import annotations

from synth.schema.codes import NHS_SEX, PLACE, READ_CODES, WEAPON
from synth.schema.identity import identity_columns
from synth.schema.table import CODE, DATE, ISO_DATE, TEXT, TIME, Column, Table

ED_ATTENDANCES = Table(
    "ed",
    "attendances",
    "an attendance at an emergency department",
    ("attendance_no",),
    (
        Column("attendance_no", TEXT, "the department's number for the attendance"),
        Column("site_code", CODE, "hospital site"),
        Column("arrived_at", TIME, "arrival"),
        *identity_columns(
            names={
                "nhs_number": "nhs_number",
                "surname": "surname",
                "forename": "forename",
                "sex": "sex",
                "date_of_birth": "date_of_birth",
                "ethnic_group": "ethnic_category",
                "house": "address_1",
                "street": "address_2",
                "town": "address_3",
                "postcode": "postcode",
            },
            dates=ISO_DATE,
            sex=NHS_SEX,
        ),
        Column(
            "attendance_group",
            CODE,
            "reason for the attendance; the codes are assumed",
            {"11": "assault", "12": "other injury", "20": "illness"},
        ),
        Column("assault_location_type", CODE, "where the assault was (ISTV)", PLACE),
        Column("assault_method", CODE, "how the patient was assaulted (ISTV)", WEAPON),
        Column("assaulted_at", TIME, "when the assault was (ISTV)"),
        Column(
            "disposal",
            CODE,
            "what became of the patient",
            {"discharged": "discharged", "admitted": "admitted to hospital"},
        ),
    ),
)
GP_REGISTRATIONS = Table(
    "gp",
    "registrations",
    "a patient on a practice's list",
    ("registration_no",),
    (
        Column("registration_no", TEXT, "number of the registration"),
        Column("practice_code", CODE, "practice, synthetic"),
        Column("updated_on", DATE, "day on which the details were last confirmed"),
        *identity_columns(
            names={
                "nhs_number": "nhs_number",
                "surname": "surname",
                "forename": "forename",
                "middle_name": "middle_names",
                "sex": "sex",
                "date_of_birth": "date_of_birth",
                "house": "house",
                "street": "street",
                "town": "town",
                "postcode": "postcode",
            },
            dates=ISO_DATE,
            sex=NHS_SEX,
        ),
    ),
)
GP_EVENTS = Table(
    "gp",
    "events",
    "a coded entry in a patient's record",
    ("event_no",),
    (
        Column("event_no", TEXT, "number of the entry"),
        Column("registration_no", TEXT, "registration"),
        Column("event_date", DATE, "day"),
        Column("read_code", CODE, "Read v2 code", READ_CODES),
    ),
)
