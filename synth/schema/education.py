"""The tables of schools."""

from __future__ import annotations

from synth.schema.codes import CONCERN, SEX
from synth.schema.identity import identity_columns
from synth.schema.table import CODE, DATE, ISO_DATE, TEXT, Column, Table

PUPILS = Table(
    "education",
    "pupils",
    "a pupil in the annual school census",
    ("pupil_no",),
    (
        Column("pupil_no", TEXT, "number of the entry"),
        Column("upn", TEXT, "unique pupil number, synthetic"),
        Column("school_code", CODE, "school, synthetic"),
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
            },
            dates=ISO_DATE,
            sex=SEX,
        ),
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
