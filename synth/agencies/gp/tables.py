"""The tables of general practice."""

from __future__ import annotations

from darkfigure.synth.reference.coding import meanings
from darkfigure.synth.schema.codes import NHS_SEX
from darkfigure.synth.schema.health import HEALTH_BOARDS
from darkfigure.synth.schema.identity import LANGUAGE_COLUMNS, identity_columns
from darkfigure.synth.schema.table import CODE, DATE, ISO_DATE, NUMBER, TEXT, Column, Table

READ_CODES = {
    name: text
    for table in ("read_codes", "conditions", "gp_entries")
    for name, text in meanings(table).items()
}
_NHS_IDENTITY = {
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
    "telephone": "telephone",
}
GP_REGISTRATIONS = Table(
    "gp",
    "registrations",
    "a patient on a practice's list; some have moved away or died, some are on two lists",
    ("registration_no",),
    (
        Column("registration_no", TEXT, "number of the registration"),
        Column("practice_code", TEXT, "practice, synthetic"),
        Column("updated_on", DATE, "day on which the details were last confirmed"),
        *identity_columns(names=_NHS_IDENTITY, dates=ISO_DATE, sex=NHS_SEX),
        *LANGUAGE_COLUMNS,
    ),
)
GP_PRACTICES = Table(
    "gp",
    "practices",
    "a practice of Wales; all are invented",
    ("practice_code",),
    (
        Column("practice_code", TEXT, "a code that no practice has"),
        Column("health_board", CODE, "health board", HEALTH_BOARDS),
        Column("lsoa_code", TEXT, "neighbourhood in which it stands (LSOA 2021)"),
        Column("list_size", NUMBER, "patients on its list, in all of Wales"),
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
        Column("note", TEXT, "what the clinician or clerk wrote", prose=True),
    ),
)
