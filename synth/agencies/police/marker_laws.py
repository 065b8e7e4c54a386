"""Laws of warning markers: each follows from something on record."""

from __future__ import annotations

from darkfigure.synth.schema.law import Law

_MARKERS = "police_markers"


def _after(where: str) -> str:
    """Write the markers with the first report of a kind about their nominal."""
    return f"""police_markers LEFT JOIN (
        SELECT nominal_ref, force, min(reported_at)::DATE AS first_on
        FROM police_occurrence_nominals JOIN police_occurrences USING (occurrence_no, force)
        WHERE {where} GROUP BY nominal_ref, force
    ) USING (nominal_ref, force)"""  # noqa: S608, our own laws


_LATE = "first_on IS NULL OR added_on < first_on"

LAWS = (
    Law(
        name="marker_after_opened",
        says="No marker is older than its nominal.",
        among=f"{_MARKERS} JOIN police_nominals USING (nominal_ref, force)",
        broken="added_on < created_on",
        source="well known",
    ),
    Law(
        name="marker_of_suspect",
        says="Nobody is marked as violent, armed or a perpetrator before being suspected.",
        among=_after("role = 'suspect' AND category = 'crime'"),
        where="marker IN ('violent', 'weapons', 'police', 'domestic', 'bail')",
        broken=_LATE,
        source="assumed",
    ),
    Law(
        name="marker_assaults_police",
        says="Nobody is marked as assaulting police who is no suspect of it.",
        among=_after("role = 'suspect' AND offence_code IN ('104', '8S')"),
        where="marker = 'police'",
        broken=_LATE,
        source="assumed",
    ),
    Law(
        name="marker_sexual",
        says="Nobody is marked as a sexual offender before a conviction.",
        among="""police_markers LEFT JOIN (
            SELECT nominal_ref, force, min(ended_on) AS first_on FROM police_charges
            WHERE result IN ('guilty_plea', 'found_guilty') GROUP BY nominal_ref, force
        ) USING (nominal_ref, force)""",
        where="marker = 'sexual'",
        broken=_LATE,
        source="assumed",
    ),
    Law(
        name="marker_bail",
        says="Nobody is marked as offending on bail before a charge.",
        among="""police_markers LEFT JOIN (
            SELECT nominal_ref, force, min(charged_at)::DATE AS first_on FROM police_charges
            GROUP BY nominal_ref, force
        ) USING (nominal_ref, force)""",
        where="marker = 'bail'",
        broken=_LATE,
        source="assumed",
    ),
    Law(
        name="marker_victim",
        says="Nobody is marked as a repeat victim before a third case.",
        among="""police_markers LEFT JOIN (
            SELECT nominal_ref, force, list_sort(list(reported_at::DATE))[3] AS first_on
            FROM police_occurrence_nominals JOIN police_occurrences USING (occurrence_no, force)
            WHERE role = 'victim' GROUP BY nominal_ref, force
        ) USING (nominal_ref, force)""",
        where="marker = 'victim'",
        broken=_LATE,
        source="assumed",
    ),
    Law(
        name="marker_reason",
        says="An occurrence that gave the reason for a marker is about its nominal.",
        among="""police_markers LEFT JOIN (
            SELECT DISTINCT occurrence_no, nominal_ref, force, true AS met
            FROM police_occurrence_nominals
        ) USING (occurrence_no, nominal_ref, force)""",
        where="occurrence_no IS NOT NULL AND NOT contains(occurrence_no, 'INT')",
        broken="met IS NULL",
        source="assumed",
    ),
    Law(
        name="marker_of_mind",
        says="Nobody is marked for self-harm or mental health before anything is on record.",
        among="""police_markers LEFT JOIN (
            SELECT nominal_ref, force, min(met_on) AS first_on FROM (
                SELECT nominal_ref, force, reported_at::DATE AS met_on
                FROM police_occurrence_nominals JOIN police_occurrences
                    USING (occurrence_no, force)
                UNION ALL
                SELECT nominal_ref, force, detained_at::DATE FROM police_detentions_136
            ) GROUP BY nominal_ref, force
        ) USING (nominal_ref, force)""",
        where="marker IN ('self_harm', 'mental')",
        broken=_LATE,
        source="assumed",
    ),
    Law(
        name="marker_review",
        says="A marker is to be reviewed after it was added.",
        among=_MARKERS,
        broken="review_on <= added_on OR removed_on <= added_on",
        source="well known",
    ),
)
