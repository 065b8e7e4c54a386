"""The table of the registrars of deaths."""

from __future__ import annotations

from darkfigure.synth.reference.coding import meanings
from darkfigure.synth.schema.codes import SEX
from darkfigure.synth.schema.health import SITES
from darkfigure.synth.schema.identity import identity_columns
from darkfigure.synth.schema.table import (
    BRITISH_DATE,
    CODE,
    DATE,
    TEXT,
    Column,
    Table,
)

DEATH_CAUSES = dict(sorted(meanings("death_causes").items()))
# In the order of `framework.last_days.PLACES`.
PLACE_OF_DEATH = {
    "home": "home",
    "hospital": "hospital",
    "care_home": "care home",
    "hospice": "hospice",
    "other": "elsewhere",
}
DEATHS = Table(
    "deaths",
    "registrations",
    "a death as it was registered",
    ("entry_no",),
    (
        Column("entry_no", TEXT, "number of the entry"),
        Column("registered_on", DATE, "day of registration"),
        Column("died_on", DATE, "day of death"),
        *identity_columns(
            names={
                "nhs_number": "nhs_number",
                "surname": "surname",
                "forename": "forenames_1",
                "middle_name": "forenames_2",
                "sex": "sex",
                "date_of_birth": "date_of_birth",
                "house": "house",
                "street": "street",
                "town": "town",
                "postcode": "postcode",
            },
            dates=BRITISH_DATE,
            sex=SEX,
        ),
        Column("underlying_cause", CODE, "ICD-10 code of the underlying cause", DEATH_CAUSES),
        Column("place_of_death", CODE, "kind of place", PLACE_OF_DEATH),
        Column("establishment", CODE, "hospital, of deaths there; some are in England", SITES),
    ),
)
