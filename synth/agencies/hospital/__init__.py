"""Hospitals: patients, their spells, and diagnoses."""

from __future__ import annotations

from darkfigure.synth.agencies.hospital.tables import (
    HOSPITAL_DIAGNOSES,
    HOSPITAL_PATIENTS,
    HOSPITAL_SPELLS,
)
from darkfigure.synth.schema.manifest import AgencyManifest, Extract

AGENCY = AgencyManifest(
    name="hospital",
    label="Hospital",
    records="hospital admissions",
    place=40,
    spec="records:Hospitals",
    writer="records:Wards",
    laws="laws:LAWS",
    tables=(
        HOSPITAL_PATIENTS,
        HOSPITAL_SPELLS,
        HOSPITAL_DIAGNOSES,
    ),
    subjects={"hospital": HOSPITAL_PATIENTS},
    profiles={"hospital": "hospital"},
    kinds=frozenset({"health"}),
    extracts=(
        Extract(
            "spells",
            (
                "spells",
                "patients",
            ),
            subject="hospital_no",
            event="admitted_on",
            entry="discharged_on",
            sensitivity=0.7,
            joins=("hospital_no",),
            places=("site_code",),
        ),
    ),
)
