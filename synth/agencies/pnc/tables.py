"""The tables of the Police National Computer."""

from __future__ import annotations

from darkfigure.synth.agencies.police.codes import DISPOSAL, OFFENCES
from darkfigure.synth.schema.codes import FORCES, POLICE_SEX
from darkfigure.synth.schema.identity import identity_columns
from darkfigure.synth.schema.table import BRITISH_DATE, CODE, DATE, TEXT, TIME, Column, Table

PNC_PERSONS = Table(
    "pnc",
    "persons",
    "a person with a PNC identity; whoever gave a false name may have two",
    ("pnc_id",),
    (
        Column("pnc_id", TEXT, "PNC identity number, synthetic"),
        Column("cro_no", TEXT, "criminal records office number, where fingerprints were taken"),
        Column("created_on", DATE, "day on which the record was made"),
        Column("force", CODE, "force that made it", FORCES),
        *identity_columns(
            names={
                "surname": "surname",
                "forename": "forename_1",
                "middle_name": "forename_2",
                "sex": "sex",
                "date_of_birth": "birth_date",
                "ethnic_group": "ethnic_appearance",
                "house": "house",
                "street": "street",
                "town": "town",
                "postcode": "postcode",
            },
            dates=BRITISH_DATE,
            sex=POLICE_SEX,
        ),
    ),
)
PNC_ARRESTS = Table(
    "pnc",
    "arrests",
    "an arrest or summons, with its offence",
    ("asn",),
    (
        Column("asn", TEXT, "arrest summons number, synthetic"),
        Column("pnc_id", TEXT, "person"),
        Column("arrested_at", TIME, "when"),
        Column("force", CODE, "arresting force", FORCES),
        Column("offence_code", CODE, "Home Office counting rules code", OFFENCES),
    ),
)
PNC_DISPOSALS = Table(
    "pnc",
    "disposals",
    "what came of an arrest",
    ("asn",),
    (
        Column("asn", TEXT, "arrest"),
        Column("disposed_on", DATE, "day"),
        Column("disposal", CODE, "result", DISPOSAL),
    ),
)
