"""The ambulance service: calls as control takes them, and the patients whom crews see."""

from __future__ import annotations

from darkfigure.synth.agencies.ambulance.tables import INCIDENTS, PATIENTS
from darkfigure.synth.schema.manifest import AgencyManifest, Extract

AGENCY = AgencyManifest(
    name="ambulance",
    label="Ambulance service",
    records="ambulance patient records",
    place=150,
    spec="spec:AmbulanceService",
    writer="records:Ambulances",
    laws="laws:LAWS",
    after=("ed",),
    tables=(INCIDENTS, PATIENTS),
    subjects={"ambulance": PATIENTS},
    profiles={"ambulance": "ambulance"},
    kinds=frozenset({"health"}),
    extracts=(
        Extract(
            "patients",
            ("incidents", "patients"),
            subject="patient_no",
            event="called_at",
            entry="called_at",
            sensitivity=0.6,
            joins=("incident_no",),
            places=("location_text", "location_postcode", "site_code"),
        ),
    ),
)
