"""The tables of the Police National Database."""

from __future__ import annotations

from darkfigure.synth.agencies.police.codes import PND_EVENT
from darkfigure.synth.schema.codes import FORCES, POLICE_SEX
from darkfigure.synth.schema.identity import identity_columns
from darkfigure.synth.schema.table import BRITISH_DATE, CODE, DATE, TEXT, Column, Table

PND_PERSONS = Table(
    "pnd",
    "persons",
    "a nominal as a force loaded it, with all that was wrong in it",
    ("pnd_ref",),
    (
        Column("pnd_ref", TEXT, "PND's own reference"),
        Column("loaded_on", DATE, "day of the load that brought it"),
        Column("owning_force", CODE, "force that holds the original", FORCES),
        *identity_columns(
            names={
                "surname": "surname",
                "forename": "forename",
                "middle_name": "middle_names",
                "sex": "gender",
                "date_of_birth": "date_of_birth",
                "ethnic_group": "ethnicity",
                "house": "premises",
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
PND_EVENTS = Table(
    "pnd",
    "events",
    "why a force loaded a person",
    ("pnd_ref", "event"),
    (
        Column("pnd_ref", TEXT, "person"),
        Column("event", CODE, "kind of record", PND_EVENT),
    ),
)
