"""Public protection notifications (PPN): forms that officers send to the safeguarding services."""

from __future__ import annotations

from darkfigure.synth.agencies.ppn.tables import (
    PPN,
    PPN_LAYOUTS,
    PPN_SUBJECTS,
    common_ppn_tables,
)
from darkfigure.synth.schema.manifest import AgencyManifest, CommonForm, Extract

AGENCY = AgencyManifest(
    name="ppn",
    label="{force} Police, public protection",
    place=100,
    spec="notify:NotificationSpec",
    writer="records:PublicProtection",
    laws="laws:LAWS",
    after=("police",),
    tables=PPN,
    subjects=PPN_SUBJECTS,
    profiles={"ppn": "ppn"},
    kinds=frozenset({"police"}),
    common=CommonForm(common_ppn_tables, PPN_LAYOUTS),
    extracts=(
        Extract(
            "notifications",
            (
                "notifications",
                "persons",
            ),
            subject="person_no",
            event="submitted_at",
            entry="submitted_at",
            sensitivity=0.7,
            joins=("ppn_no",),
            officer="officer",
        ),
    ),
)
