"""The tables of MASH, the hub that meets on concerns for children."""

from __future__ import annotations

from darkfigure.synth.agencies.police.codes import (
    MASH_DECISION,
    PARTNERS,
    PPN_TYPE,
)
from darkfigure.synth.schema.codes import SEX
from darkfigure.synth.schema.identity import identity_columns
from darkfigure.synth.schema.table import (
    CODE,
    DATE,
    FLAG,
    ISO_DATE,
    TEXT,
    TIME,
    Column,
    Table,
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
MASH_DECISIONS = Table(
    "mash",
    "decisions",
    "a manager's reasons for the decision on an episode",
    ("episode_no",),
    (
        Column("episode_no", TEXT, "episode"),
        Column("manager", TEXT, "number of the manager who decided"),
        Column("reason", TEXT, "why, in the manager's words", prose=True),
    ),
)
