"""Emergency departments: attendances, and the notes of triage on assaults."""

from __future__ import annotations

from darkfigure.synth.agencies.ed.tables import (
    ED_ATTENDANCES,
)
from darkfigure.synth.schema.manifest import AgencyManifest, Extract

AGENCY = AgencyManifest(
    name="ed",
    label="Emergency department",
    records="emergency department attendances",
    short="ED",
    place=20,
    spec="records:EmergencyDepartments",
    writer="records:Emergency",
    laws="laws:LAWS",
    tables=(ED_ATTENDANCES,),
    subjects={"ed": ED_ATTENDANCES},
    profiles={"ed": "ed", "ed/older": "ed_older"},
    kinds=frozenset({"health"}),
    extracts=(
        Extract(
            "attendances",
            ("attendances",),
            subject="attendance_no",
            event="arrived_at",
            entry="left_at",
            sensitivity=0.6,
            officer="site_code",
            places=("assault_location_type", "assault_location_text", "site_code"),
        ),
    ),
)
