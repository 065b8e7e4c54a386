"""The registrars of deaths."""

from __future__ import annotations

from darkfigure.synth.agencies.deaths.tables import (
    DEATHS,
)
from darkfigure.synth.schema.manifest import AgencyManifest

AGENCY = AgencyManifest(
    name="deaths",
    label="Register of deaths",
    place=55,
    spec="records:DeathRegistration",
    writer="records:Registrars",
    laws="laws:LAWS",
    tables=(DEATHS,),
    subjects={"deaths": DEATHS},
    profiles={"deaths": "registrar"},
)
