"""Laws of the child health system."""

from __future__ import annotations

from darkfigure.synth.schema.law import Law

_VISITS = "child_health_visits JOIN child_health_children USING (child_health_no)"
_PROGRAMME = "Healthy Child Wales Programme"

LAWS = (
    Law(
        name="visit_after_birth",
        says="No family is visited before the child is born.",
        among=_VISITS,
        broken="visited_on < born(date_of_birth)",
        source="well known",
    ),
    Law(
        name="visit_open",
        says="Health visitors do not visit at weekends and on bank holidays.",
        among=_VISITS,
        broken="closed(visited_on)",
        source="assumed",
    ),
    Law(
        name="visit_age",
        says="Health visitors see children under six.",
        among=_VISITS,
        broken="age(date_of_birth, visited_on) >= 6",
        source=_PROGRAMME,
    ),
    Law(
        name="visit_once",
        says="A child has each contact of the programme once.",
        among="""(
            SELECT child_health_no, visit, count(*) AS n FROM child_health_visits
            WHERE visit <> 'extra' GROUP BY ALL
        )""",
        broken="n > 1",
        source=_PROGRAMME,
    ),
    Law(
        name="visit_disclosed_asked",
        says="Abuse is disclosed where it was asked about.",
        among="child_health_visits",
        where="abuse_disclosed",
        broken="NOT asked_about_abuse",
        source="assumed",
    ),
    Law(
        name="visit_before_death",
        says="Nobody visits a child that has died.",
        among="""child_health_visits
            JOIN people_of('child_health', 'children') AS who ON record_id = child_health_no""",
        broken="visited_on > death_date",
        source="well known",
    ),
)
