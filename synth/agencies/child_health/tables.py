"""The tables of the child health system."""

from __future__ import annotations

from darkfigure.synth.schema.codes import NHS_SEX
from darkfigure.synth.schema.health import HEALTH_BOARDS
from darkfigure.synth.schema.identity import identity_columns
from darkfigure.synth.schema.table import (
    CODE,
    DATE,
    FLAG,
    ISO_DATE,
    TEXT,
    Column,
    Table,
)

VISIT = {
    "birth": "birth visit, 10 to 14 days",
    "6_weeks": "6 weeks",
    "6_months": "6 months",
    "15_months": "15 months",
    "27_months": "27 months",
    "3_years": "3 and a half years",
    "extra": "besides the programme",
}
CHILD_HEALTH_CHILDREN = Table(
    "child_health",
    "children",
    "a child under five as the child-health system knows it",
    ("child_health_no",),
    (
        Column("child_health_no", TEXT, "number of the child"),
        Column("health_board", CODE, "health board", HEALTH_BOARDS),
        Column("updated_on", DATE, "day on which the details were last confirmed"),
        *identity_columns(
            names={
                "nhs_number": "nhs_number",
                "surname": "surname",
                "forename": "forename",
                "middle_name": "second_forename",
                "sex": "sex",
                "date_of_birth": "date_of_birth",
                "house": "address_1",
                "street": "address_2",
                "town": "address_3",
                "postcode": "postcode",
                "telephone": "telephone",
            },
            dates=ISO_DATE,
            sex=NHS_SEX,
        ),
    ),
)
CHILD_HEALTH_VISITS = Table(
    "child_health",
    "visits",
    "a contact of a health visitor with a child's family",
    ("visit_no",),
    (
        Column("visit_no", TEXT, "number of the contact"),
        Column("child_health_no", TEXT, "child"),
        Column("visited_on", DATE, "day"),
        Column("visit", CODE, "contact of the Healthy Child Wales Programme", VISIT),
        Column("asked_about_abuse", FLAG, "the routine question on domestic abuse was asked"),
        Column("abuse_disclosed", FLAG, "domestic abuse was disclosed"),
        Column("concern", FLAG, "the health visitor noted a concern"),
    ),
)
