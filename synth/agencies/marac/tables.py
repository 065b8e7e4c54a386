"""The tables of MARAC, the conference on domestic abuse of high risk."""

from __future__ import annotations

from darkfigure.synth.agencies.police.codes import (
    MARAC_CRITERION,
    MARAC_ROLE,
    PARTNERS,
)
from darkfigure.synth.schema.codes import SEX
from darkfigure.synth.schema.identity import identity_columns
from darkfigure.synth.schema.table import (
    BRITISH_DATE,
    CODE,
    DATE,
    FLAG,
    SMALL,
    TEXT,
    Column,
    Table,
)

MARAC_CASES = Table(
    "marac",
    "cases",
    "a victim at high risk whose case was referred to a meeting",
    ("case_no",),
    (
        Column("case_no", TEXT, "number of the case"),
        Column("meeting_no", TEXT, "meeting that heard it"),
        Column("referred_on", DATE, "day of the referral"),
        Column("referred_by", CODE, "agency that referred it", PARTNERS),
        Column("criterion", CODE, "why", MARAC_CRITERION),
        Column("repeat", FLAG, "the victim was heard in the twelve months before"),
        Column("children", SMALL, "children in the case"),
        Column("idva_offered", FLAG, "an independent adviser was offered"),
        Column("minutes", TEXT, "what the meeting heard and agreed", prose=True),
    ),
)
MARAC_PERSONS = Table(
    "marac",
    "persons",
    "a person of a case, as the coordinator listed them",
    ("person_no",),
    (
        Column("person_no", TEXT, "number of the entry"),
        Column("case_no", TEXT, "case"),
        Column("listed_on", DATE, "day of the entry"),
        Column("role", CODE, "who that is", MARAC_ROLE),
        *identity_columns(
            names={
                "surname": "surname",
                "forename": "first_name",
                "sex": "gender",
                "date_of_birth": "dob",
                "ethnic_group": "ethnicity",
                "house": "house",
                "street": "street",
                "town": "town",
                "postcode": "postcode",
                "telephone": "safe_telephone",
            },
            dates=BRITISH_DATE,
            sex=SEX,
        ),
    ),
)
MARAC_MEETINGS = Table(
    "marac",
    "meetings",
    "a meeting of one local authority's conference",
    ("meeting_no",),
    (
        Column("meeting_no", TEXT, "number of the meeting"),
        Column("area", CODE, "local authority"),
        Column("held_on", DATE, "day"),
        Column("cases", SMALL, "cases heard"),
        *(
            Column(f"{partner}_attended", FLAG, f"{label} attended")
            for partner, label in PARTNERS.items()
        ),
    ),
)
