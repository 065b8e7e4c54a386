"""Tables of public protection notifications (PPN), which each force keeps in its own way.

A notification has no number of the crime or incident that it follows from: within one force only
the people named can join the two.
"""

from __future__ import annotations

from darkfigure.synth.agencies.police.codes import PPN_ROLE, PPN_TYPE, RISK, YES_NO
from darkfigure.synth.schema.codes import FORCES, POLICE_SEX
from darkfigure.synth.schema.identity import identity_columns
from darkfigure.synth.schema.layout import Layout
from darkfigure.synth.schema.table import (
    BRITISH_DATE,
    CODE,
    DATE,
    FLAG,
    SMALL,
    TEXT,
    TIME,
    Column,
    Table,
)

QUESTIONS = 24
_OLDER_TYPES = {"OT": "AD"}
_WORDS = {"DA": "DOMESTIC", "CH": "CHILD", "AD": "VULNERABLE ADULT", "OT": "OTHER CONCERN"}

PPN_LAYOUTS: dict[str, Layout] = {
    "north_wales": Layout(
        tables={"notifications": "cid16"},
        columns={"ppn_type": "referral_type", "consent": None},
    ),
    "gwent": Layout(codes={"ppn_type": _OLDER_TYPES}),
    "south_wales": Layout(),
    "dyfed_powys": Layout(
        tables={"notifications": "mapp_forms", "persons": "mapp_persons", "dash": "dash_forms"},
        columns={
            "ppn_no": "form_ref",
            "ppn_type": "concern",
            "officer": "collar_no",
            "officer_grade": "initial_risk",
            "final_grade": None,
            "consent": "consented",
            "ticks": None,
        },
        codes={"ppn_type": _WORDS, "role": {"victim": "SUBJECT"}},
        typed_times=True,
    ),
}


def ppn_tables(force: str) -> tuple[Table, ...]:
    """Make the tables of one force's notifications: the forms, the people they name, and DASH."""
    return tuple(PPN_LAYOUTS[force].shape(common) for common in common_ppn_tables(force))


def common_ppn_tables(force: str) -> tuple[Table, ...]:
    """Describe the tables before the force's own layout."""
    source = f"ppn/{force}"
    return _notifications(source), _persons(source), _dash(source)


def _notifications(source: str) -> Table:
    return Table(
        source,
        "notifications",
        "a public protection notification that an officer submitted",
        ("ppn_no",),
        (
            Column("ppn_no", TEXT, "number of the notification"),
            Column("submitted_at", TIME, "when it was submitted"),
            Column("ppn_type", CODE, "what about", PPN_TYPE),
            Column("officer", TEXT, "collar number of the officer"),
            Column("officer_grade", CODE, "risk as the officer saw it; domestic abuse only", RISK),
            Column("final_grade", CODE, "risk as the safeguarding unit saw it", RISK),
            Column("children", SMALL, "number of children named"),
            Column("consent", FLAG, "the victim agreed to its being shared"),
            Column("repeat", FLAG, "the officer knew of an earlier notification"),
            Column("account", TEXT, "why the officer is concerned, in their words", prose=True),
        ),
    )


def _persons(source: str) -> Table:
    return Table(
        source,
        "persons",
        "a person whom a notification names, entered anew each time",
        ("person_no",),
        (
            Column("person_no", TEXT, "number of the entry"),
            Column("ppn_no", TEXT, "notification"),
            Column("created_on", DATE, "day of the entry"),
            Column("role", CODE, "who that is in the notification", PPN_ROLE),
            *identity_columns(
                names={
                    "surname": "surname",
                    "forename": "forenames",
                    "sex": "sex",
                    "date_of_birth": "dob",
                    "ethnic_group": "ethnicity",
                    "house": "house",
                    "street": "street",
                    "town": "town",
                    "postcode": "postcode",
                    "telephone": "telephone",
                },
                dates=BRITISH_DATE,
                sex=POLICE_SEX,
            ),
        ),
    )


def _dash(source: str) -> Table:
    answers = tuple(
        Column(f"q{number:02d}", CODE, f"answer to question {number} of 24", YES_NO)
        for number in range(1, QUESTIONS + 1)
    )
    return Table(
        source,
        "dash",
        "the risk checklist (DASH) of a notification of domestic abuse",
        ("ppn_no",),
        (
            Column("ppn_no", TEXT, "notification"),
            *answers,
            Column("ticks", SMALL, "how many were answered yes; 14 or more is high risk"),
        ),
    )


PPN = tuple(table for force in FORCES for table in ppn_tables(force))
PPN_SUBJECTS = {f"ppn/{force}": ppn_tables(force)[1] for force in FORCES}
