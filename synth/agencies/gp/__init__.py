"""General practice: registrations, and coded entries."""

from __future__ import annotations

from darkfigure.synth.agencies.gp.tables import (
    GP_EVENTS,
    GP_PRACTICES,
    GP_REGISTRATIONS,
)
from darkfigure.synth.schema.manifest import AgencyManifest, Extract

AGENCY = AgencyManifest(
    name="gp",
    label="General practice",
    records="GP registrations",
    short="GP",
    place=30,
    spec="records:GeneralPractice",
    writer="records:Practices",
    laws="laws:LAWS",
    after=("police",),
    tables=(
        GP_PRACTICES,
        GP_REGISTRATIONS,
        GP_EVENTS,
    ),
    subjects={"gp": GP_REGISTRATIONS},
    profiles={"gp": "gp"},
    kinds=frozenset({"health"}),
    extracts=(
        Extract(
            "events",
            (
                "events",
                "registrations",
            ),
            subject="registration_no",
            event="event_date",
            entry="event_date",
            sensitivity=0.8,
            joins=("registration_no",),
        ),
        Extract(
            "registrations",
            ("registrations",),
            subject="registration_no",
            event="updated_on",
            entry="updated_on",
            sensitivity=0.3,
        ),
    ),
)
