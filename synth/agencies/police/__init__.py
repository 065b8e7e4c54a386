"""The police: four forces with their own systems."""

from __future__ import annotations

from darkfigure.synth.agencies.police.tables import (
    LAYOUTS,
    VISIBILITY,
    common_tables,
    police_tables,
)
from darkfigure.synth.schema.codes import FORCES
from darkfigure.synth.schema.manifest import AgencyManifest, CommonForm, Extract

AGENCY = AgencyManifest(
    name="police",
    label="{force} Police",
    records="police nominals",
    place=10,
    spec="spec:Police",
    writer="records:PoliceForces",
    laws="laws:LAWS",
    tables=(*(table for force in FORCES for table in police_tables(force)), VISIBILITY),
    subjects={f"police/{force}": police_tables(force)[0] for force in FORCES},
    profiles={"police": "police_niche", "police/dyfed_powys": "police_dyfed_powys"},
    kinds=frozenset({"police", "relevant"}),
    common=CommonForm(common_tables, LAYOUTS),
    extracts=(
        Extract(
            "occurrences",
            ("occurrences", "occurrence_nominals", "nominals"),
            subject="nominal_ref",
            event="occurred_at",
            entry="recorded_at",
            sensitivity=0.5,
            joins=("occurrence_no", "nominal_ref"),
            officer="officer",
        ),
        Extract(
            "nominals",
            ("nominals",),
            subject="nominal_ref",
            event="created_on",
            entry="created_on",
            sensitivity=0.5,
            officer="officer",
        ),
    ),
)
