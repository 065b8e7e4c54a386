"""Schools: pupils, their numbers, places and years."""

from __future__ import annotations

from darkfigure.synth.agencies.education.tables import (
    ATTENDANCE,
    CONCERNS,
    EXCLUSIONS,
    PUPILS,
    SCHOOLS,
)
from darkfigure.synth.schema.manifest import AgencyManifest, Extract

AGENCY = AgencyManifest(
    name="education",
    label="School census",
    records="pupils in the school census",
    place=60,
    spec="records:Education",
    writer="records:Schools",
    laws="laws:LAWS",
    tables=(
        SCHOOLS,
        PUPILS,
        ATTENDANCE,
        EXCLUSIONS,
        CONCERNS,
    ),
    subjects={"education": PUPILS},
    profiles={"education": "school"},
    kinds=frozenset({"children", "relevant"}),
    extracts=(
        Extract(
            "concerns",
            (
                "concerns",
                "pupils",
            ),
            subject="pupil_no",
            event="noted_on",
            entry="noted_on",
            sensitivity=0.6,
            joins=("pupil_no",),
        ),
    ),
)
