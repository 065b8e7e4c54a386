"""The Police National Database: what the forces load of their nominals."""

from __future__ import annotations

from darkfigure.synth.agencies.pnd.tables import (
    PND_EVENTS,
    PND_PERSONS,
)
from darkfigure.synth.schema.manifest import AgencyManifest, Extract

AGENCY = AgencyManifest(
    name="pnd",
    label="Police National Database",
    place=120,
    spec="records:NationalDatabase",
    writer="records:PoliceNationalDatabase",
    laws="laws:LAWS",
    after=("police",),
    tables=(
        PND_PERSONS,
        PND_EVENTS,
    ),
    subjects={"pnd": PND_PERSONS},
    kinds=frozenset({"police", "relevant"}),
    extracts=(
        Extract(
            "persons",
            ("persons",),
            subject="pnd_ref",
            event="loaded_on",
            entry="loaded_on",
            sensitivity=0.6,
        ),
    ),
)
