"""The child health system: children, and the visits of health visitors."""

from __future__ import annotations

from darkfigure.synth.agencies.child_health.tables import (
    CHILD_HEALTH_CHILDREN,
    CHILD_HEALTH_VISITS,
)
from darkfigure.synth.schema.manifest import AgencyManifest, Extract

AGENCY = AgencyManifest(
    name="child_health",
    label="Child health system",
    place=50,
    spec="records:ChildHealth",
    writer="records:HealthVisitors",
    laws="laws:LAWS",
    tables=(
        CHILD_HEALTH_CHILDREN,
        CHILD_HEALTH_VISITS,
    ),
    subjects={"child_health": CHILD_HEALTH_CHILDREN},
    profiles={"child_health": "child_health"},
    kinds=frozenset({"health", "children"}),
    extracts=(
        Extract(
            "visits",
            (
                "visits",
                "children",
            ),
            subject="child_health_no",
            event="visited_on",
            entry="visited_on",
            sensitivity=0.8,
            joins=("child_health_no",),
        ),
    ),
)
