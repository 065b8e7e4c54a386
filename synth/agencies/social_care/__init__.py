"""Children's services: referrals, assessments, plans and care."""

from __future__ import annotations

from darkfigure.synth.agencies.social_care.tables import (
    ALLOCATIONS,
    CARE_CHILDREN,
    LOOKED_AFTER,
    PLACEMENTS,
    PLANS,
    PROTECTION_REGISTER,
    REFERRALS,
)
from darkfigure.synth.schema.manifest import AgencyManifest, Extract

AGENCY = AgencyManifest(
    name="social_care",
    label="Children\u2019s social services",
    place=70,
    spec="records:SocialCare",
    writer="records:ChildrensServices",
    laws="laws:LAWS",
    after=("education",),
    tables=(
        CARE_CHILDREN,
        REFERRALS,
        PLANS,
        PROTECTION_REGISTER,
        LOOKED_AFTER,
        PLACEMENTS,
        ALLOCATIONS,
    ),
    subjects={"social_care": CARE_CHILDREN},
    profiles={"social_care": "social_care"},
    kinds=frozenset({"care", "children"}),
    extracts=(
        Extract(
            "referrals",
            (
                "referrals",
                "children",
            ),
            subject="child_id",
            event="received_on",
            entry="received_on",
            sensitivity=0.8,
            joins=("child_id",),
        ),
        Extract(
            "child_protection",
            (
                "child_protection",
                "children",
            ),
            subject="child_id",
            event="started_on",
            entry="started_on",
            sensitivity=0.9,
            joins=("child_id",),
        ),
    ),
)
