"""Laws of children's services."""

from __future__ import annotations

from darkfigure.synth.schema.law import Law

_ACT = "Social Services and Well-being (Wales) Act 2014"


def _child(table: str) -> str:
    return f"social_care_{table} JOIN social_care_children USING (child_id)"


def _times(name: str, table: str, what: str) -> tuple[Law, ...]:
    """Write what holds of every time in care: order, age, and no two at once."""
    return (
        Law(
            name=f"{name}_order",
            says=f"{what} ends after it begins.",
            among=f"social_care_{table}",
            broken="ended_on < started_on",
            source="well known",
        ),
        Law(
            name=f"{name}_age",
            says=f"{what} begins between birth and 18.",
            among=_child(table),
            broken="age(date_of_birth, started_on) > 17 OR started_on < born(date_of_birth)",
            source=_ACT,
        ),
        Law(
            name=f"{name}_ends_by_18",
            says=f"{what} ends by the eighteenth birthday.",
            among=_child(table),
            where="ended_on IS NOT NULL",
            broken="ended_on > born(date_of_birth) + INTERVAL 18 YEAR + INTERVAL 2 DAY",
            source=_ACT,
        ),
        Law(
            name=f"{name}_apart",
            says=f"No child has one twice at the same time: {what.lower()}.",
            among=f"""(
                SELECT started_on, lag(coalesce(ended_on, DATE '2999-01-01')) OVER (
                    PARTITION BY child_id ORDER BY started_on, coalesce(ended_on, started_on)
                ) AS earlier_end
                FROM social_care_{table}
            )""",
            broken="started_on < earlier_end",
            source="census rules of the Welsh Government",
        ),
    )


LAWS = (
    Law(
        name="care_open",
        says="Referrals are received on working days.",
        among="social_care_referrals",
        broken="closed(received_on)",
        source="assumed",
    ),
    Law(
        name="care_referral_age",
        says="Nobody of 18 or over is referred to children's services.",
        among=_child("referrals"),
        broken="age(date_of_birth, received_on) >= 18",
        source=_ACT,
    ),
    *_times("care_plan", "plans", "A plan"),
    *_times("care_register", "child_protection", "A time on the register"),
    *_times("care_looked_after", "looked_after", "A time of being looked after"),
    Law(
        name="care_conference_open",
        says="Children are registered, and removed, on working days.",
        among="social_care_child_protection",
        broken="closed(started_on)",
        source="assumed",
    ),
    Law(
        name="care_status",
        says="A looked-after child has a legal status and a placement.",
        among="""(
            SELECT episode_no, legal_status, count(placement) AS placements
            FROM social_care_looked_after LEFT JOIN social_care_placements USING (episode_no)
            GROUP BY ALL
        )""",
        broken="legal_status IS NULL OR placements = 0",
        source="census rules of the Welsh Government",
    ),
    Law(
        name="care_independent_age",
        says="Nobody under 16 lives independently while looked after.",
        among=_child("placements"),
        where="placement = 'P2'",
        broken="age(date_of_birth, coalesce(ended_on, started_on)) < 16",
        source=_ACT,
    ),
)
