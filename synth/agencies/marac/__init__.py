"""MARAC: the conference on domestic abuse of high risk."""

from __future__ import annotations

from darkfigure.synth.agencies.marac.tables import (
    MARAC_CASES,
    MARAC_MEETINGS,
    MARAC_PERSONS,
)
from darkfigure.synth.schema.manifest import AgencyManifest, Extract

AGENCY = AgencyManifest(
    name="marac",
    label="MARAC",
    place=130,
    spec="records:Conference",
    writer="records:Marac",
    laws="laws:LAWS",
    after=("ppn",),
    tables=(
        MARAC_CASES,
        MARAC_PERSONS,
        MARAC_MEETINGS,
    ),
    subjects={"marac": MARAC_PERSONS},
    profiles={"marac": "marac"},
    kinds=frozenset({"sensitive", "relevant"}),
    extracts=(
        Extract(
            "cases",
            (
                "cases",
                "persons",
            ),
            subject="person_no",
            event="referred_on",
            entry="referred_on",
            sensitivity=0.8,
            joins=("case_no",),
        ),
    ),
)
