"""The Police National Computer: arrests and what came of them."""

from __future__ import annotations

from darkfigure.synth.agencies.pnc.tables import (
    PNC_ARRESTS,
    PNC_DISPOSALS,
    PNC_PERSONS,
)
from darkfigure.synth.schema.manifest import AgencyManifest, Extract

AGENCY = AgencyManifest(
    name="pnc",
    label="Police National Computer",
    place=110,
    spec="records:NationalComputer",
    writer="records:PoliceNationalComputer",
    laws="laws:LAWS",
    after=("police",),
    tables=(
        PNC_PERSONS,
        PNC_ARRESTS,
        PNC_DISPOSALS,
    ),
    subjects={"pnc": PNC_PERSONS},
    profiles={"pnc": "pnc"},
    kinds=frozenset({"police"}),
    extracts=(
        Extract(
            "arrests",
            (
                "arrests",
                "persons",
            ),
            subject="pnc_id",
            event="arrested_at",
            entry="arrested_at",
            sensitivity=0.8,
            joins=("pnc_id",),
        ),
    ),
)
