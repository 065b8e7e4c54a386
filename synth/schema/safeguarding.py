"""Tables of the meetings of agencies: MARAC and MASH."""

from __future__ import annotations

from darkfigure.synth.schema.codes import SEX
from darkfigure.synth.schema.identity import identity_columns
from darkfigure.synth.schema.police_codes import (
    MARAC_CRITERION,
    MARAC_ROLE,
    MASH_DECISION,
    PARTNERS,
    PPN_TYPE,
)
from darkfigure.synth.schema.table import (
    BRITISH_DATE,
    CODE,
    DATE,
    FLAG,
    ISO_DATE,
    SMALL,
    TEXT,
    TIME,
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
MASH_EPISODES = Table(
    "mash",
    "episodes",
    "a referral to a multi-agency safeguarding hub about one person",
    ("episode_no",),
    (
        Column("episode_no", TEXT, "number of the episode"),
        Column("area", CODE, "local authority"),
        Column("received_on", DATE, "day of the referral"),
        Column("concern", CODE, "what about", PPN_TYPE),
        *identity_columns(
            names={
                "surname": "last_name",
                "forename": "first_name",
                "sex": "gender",
                "date_of_birth": "date_of_birth",
                "house": "house",
                "street": "street",
                "town": "town",
                "postcode": "postcode",
                "telephone": "telephone",
            },
            dates=ISO_DATE,
            sex=SEX,
        ),
        Column("decided_at", TIME, "when the hub decided"),
        Column("decision", CODE, "what it decided", MASH_DECISION),
        Column("input_given", FLAG, "social services worked with the family"),
        Column("officer_told_on", DATE, "day on which the officer heard the outcome, if ever"),
    ),
)
MASH_MEETINGS = Table(
    "mash",
    "strategy_meetings",
    "a strategy meeting about an episode",
    ("episode_no",),
    (
        Column("episode_no", TEXT, "episode"),
        Column("held_on", DATE, "day"),
        *(
            Column(f"{name}_attended", FLAG, f"{PARTNERS[name]} attended")
            for name in ("police", "social_services", "health", "education")
        ),
    ),
)
SAFEGUARDING = (MARAC_CASES, MARAC_PERSONS, MARAC_MEETINGS, MASH_EPISODES, MASH_MEETINGS)
