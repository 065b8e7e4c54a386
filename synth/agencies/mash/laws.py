"""Laws of the safeguarding hubs."""

from __future__ import annotations

from darkfigure.synth.schema.law import Law

_WSP = "Wales Safeguarding Procedures"

LAWS = (
    Law(
        name="mash_after_birth",
        says="Nobody is referred before birth.",
        among="mash_episodes",
        broken="received_on < born(date_of_birth)",
        source="well known",
    ),
    Law(
        name="mash_decides_later",
        says="A hub decides after it has received a referral.",
        among="mash_episodes",
        broken="decided_at::DATE < received_on",
        source="well known",
    ),
    Law(
        name="mash_decides_open",
        says="A hub decides on working days.",
        among="mash_episodes",
        broken="closed(decided_at::DATE)",
        source="assumed",
    ),
    Law(
        name="mash_meeting_section_47",
        says="A strategy meeting is about an episode with enquiries under section 47.",
        among="mash_strategy_meetings JOIN mash_episodes USING (episode_no)",
        broken="decision <> 'section_47'",
        source=_WSP,
    ),
    Law(
        name="mash_meeting_partners",
        says="Police and social services attend every strategy meeting.",
        among="mash_strategy_meetings",
        broken="NOT (police_attended AND social_services_attended)",
        source=_WSP,
    ),
    Law(
        name="mash_meeting_open",
        says="Strategy meetings are on working days.",
        among="mash_strategy_meetings",
        broken="closed(held_on)",
        source="assumed",
    ),
    Law(
        name="mash_meeting_later",
        says="No strategy meeting is before the referral.",
        among="mash_strategy_meetings JOIN mash_episodes USING (episode_no)",
        broken="held_on < received_on",
        source=_WSP,
    ),
)
