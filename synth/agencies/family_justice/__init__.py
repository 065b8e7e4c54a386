"""The family courts: cases and their parties."""

from __future__ import annotations

from darkfigure.synth.agencies.family_justice.tables import (
    CASES,
    PARTIES,
)
from darkfigure.synth.schema.manifest import AgencyManifest, Extract

AGENCY = AgencyManifest(
    name="family_justice",
    label="Family courts",
    place=80,
    spec="records:FamilyJustice",
    writer="records:FamilyCourt",
    laws="laws:LAWS",
    after=("social_care",),
    tables=(
        CASES,
        PARTIES,
    ),
    subjects={"family_justice": PARTIES},
    profiles={"family_justice": "court"},
    kinds=frozenset({"sensitive"}),
    extracts=(
        Extract(
            "parties",
            (
                "cases",
                "parties",
            ),
            subject="party_no",
            event="applied_on",
            entry="entered_on",
            sensitivity=0.8,
            joins=("case_no",),
        ),
    ),
)
