"""MASH: the hub that meets on concerns for children."""

from __future__ import annotations

from darkfigure.synth.agencies.mash.tables import (
    MASH_DECISIONS,
    MASH_EPISODES,
    MASH_MEETINGS,
)
from darkfigure.synth.schema.manifest import AgencyManifest, Extract

AGENCY = AgencyManifest(
    name="mash",
    label="MASH",
    place=140,
    spec="records:Hub",
    writer="records:Mash",
    laws="laws:LAWS",
    after=("ppn",),
    tables=(
        MASH_EPISODES,
        MASH_MEETINGS,
        MASH_DECISIONS,
    ),
    subjects={"mash": MASH_EPISODES},
    profiles={"mash": "mash"},
    kinds=frozenset({"care", "children"}),
    extracts=(
        Extract(
            "episodes",
            ("episodes",),
            subject="episode_no",
            event="received_on",
            entry="received_on",
            sensitivity=0.7,
        ),
    ),
)
