"""The tables of children's services."""

from __future__ import annotations

from darkfigure.synth.reference.coding import meanings
from darkfigure.synth.schema.codes import SEX
from darkfigure.synth.schema.identity import LANGUAGE_COLUMNS, identity_columns
from darkfigure.synth.schema.table import BRITISH_DATE, CODE, DATE, FLAG, TEXT, Column, Table

PLAN_END = {
    "needs_met": "needs met",
    "age": "turned 18",
    "moved": "moved to another authority",
    "other": "other",
}

CARE_CHILDREN = Table(
    "social_care",
    "children",
    "a child as an authority's children's services know it",
    ("child_id",),
    (
        Column("child_id", TEXT, "the authority's number for the child"),
        Column("opened_on", DATE, "day on which the file was opened"),
        Column("authority", CODE, "local authority"),
        *identity_columns(
            names={
                "nhs_number": "nhs_number",
                "surname": "surname",
                "forename": "first_name",
                "middle_name": "middle_names",
                "sex": "sex",
                "date_of_birth": "date_of_birth",
                "ethnic_group": "ethnicity",
                "house": "house",
                "street": "street",
                "town": "town",
                "postcode": "postcode",
                "telephone": "contact_no",
                "upn": "upn",
            },
            dates=BRITISH_DATE,
            sex=SEX,
        ),
        *LANGUAGE_COLUMNS,
    ),
)
REFERRALS = Table(
    "social_care",
    "referrals",
    "a contact about a child, and what was decided on it",
    ("referral_no",),
    (
        Column("referral_no", TEXT, "number of the referral"),
        Column("child_id", TEXT, "child"),
        Column("received_on", DATE, "day"),
        Column("source", CODE, "who referred", meanings("care_codes", of="referral_source")),
        Column("decision", CODE, "what was decided", meanings("care_codes", of="decision")),
        Column("reason", TEXT, "what the referrer said, as the duty worker wrote it", prose=True),
    ),
)
PLANS = Table(
    "social_care",
    "plans",
    "a time in which a child receives care and support",
    ("plan_no",),
    (
        Column("plan_no", TEXT, "number of the plan"),
        Column("child_id", TEXT, "child"),
        Column("started_on", DATE, "first day"),
        Column("ended_on", DATE, "day on which it ended; empty if it has not"),
        Column("need_code", CODE, "main need", meanings("care_codes", of="need")),
        Column("parent_domestic_abuse", FLAG, "parental factor: domestic abuse"),
        Column("parent_substance_misuse", FLAG, "parental factor: alcohol or drugs"),
        Column("parent_mental_ill_health", FLAG, "parental factor: mental ill health"),
        Column("end_reason", CODE, "why it ended", PLAN_END),
    ),
)
PROTECTION_REGISTER = Table(
    "social_care",
    "child_protection",
    "a time on the child protection register",
    ("registration_no",),
    (
        Column("registration_no", TEXT, "number of the registration"),
        Column("child_id", TEXT, "child"),
        Column("started_on", DATE, "day of registration"),
        Column("ended_on", DATE, "day of removal; empty if still on the register"),
        Column(
            "category", CODE, "category of harm", meanings("care_codes", of="register_category")
        ),
    ),
)
LOOKED_AFTER = Table(
    "social_care",
    "looked_after",
    "a time in which a child is looked after",
    ("episode_no",),
    (
        Column("episode_no", TEXT, "number of the episode"),
        Column("child_id", TEXT, "child"),
        Column("started_on", DATE, "first day"),
        Column("ended_on", DATE, "day on which it ended; empty if it has not"),
        Column("legal_status", CODE, "legal status", meanings("care_codes", of="legal_status")),
    ),
)
PLACEMENTS = Table(
    "social_care",
    "placements",
    "a time that a looked-after child lives in one place",
    ("placement_no",),
    (
        Column("placement_no", TEXT, "number of the placement"),
        Column("child_id", TEXT, "child"),
        Column("episode_no", TEXT, "time of being looked after"),
        Column("started_on", DATE, "first day"),
        Column("ended_on", DATE, "day on which it ended; empty if it has not"),
        Column("placement", CODE, "kind of placement", meanings("care_codes", of="placement")),
        Column("carer_no", TEXT, "carers or home; siblings who live together have one"),
        Column("within_authority", FLAG, "inside the authority"),
    ),
)
ALLOCATIONS = Table(
    "social_care",
    "allocations",
    "a time in which a social worker is allocated to a child",
    ("allocation_no",),
    (
        Column("allocation_no", TEXT, "number of the allocation"),
        Column("child_id", TEXT, "child"),
        Column("worker_id", TEXT, "social worker, synthetic"),
        Column("started_on", DATE, "first day"),
        Column("ended_on", DATE, "day on which it ended; empty if it has not"),
    ),
)
