"""A helpline for people who are abused at home: the manifest of the agency."""

from pathlib import Path

from darkfigure.synth.schema.manifest import AgencyManifest, Extract
from helpline.tables import CALLS

AGENCY = AgencyManifest(
    name="helpline",
    label="Helpline",
    records="calls to the helpline",
    spec="records:Helpline",
    writer="records:HelplineAdvisers",
    tables=(CALLS,),
    subjects={"helpline": CALLS},
    profiles={"helpline": str(Path(__file__).with_name("helpline.toml"))},
    kinds=frozenset({"sensitive"}),
    extracts=(
        Extract(
            "calls",
            ("calls",),
            subject="call_no",
            event="called_at",
            entry="called_at",
            sensitivity=0.9,
        ),
    ),
)
