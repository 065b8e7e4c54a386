"""The table of the helpline."""

from darkfigure.synth.schema import CODE, ISO_DATE, TEXT, TIME, Column, Table, identity_columns

NEED = {"safety": "safety planning", "housing": "somewhere to live", "listening": "to be heard"}
CALLS = Table(
    "helpline",
    "calls",
    "a call of somebody who is abused at home",
    ("call_no",),
    (
        Column("call_no", TEXT, "number of the call"),
        Column("called_at", TIME, "when"),
        Column("need", CODE, "what the caller asked for", NEED),
        *identity_columns(
            names={
                "surname": "surname",
                "forename": "first_name",
                "sex": "sex",
                "date_of_birth": "date_of_birth",
                "postcode": "postcode",
                "telephone": "callback",
            },
            dates=ISO_DATE,
            sex={"F": "female", "M": "male"},
        ),
    ),
)
