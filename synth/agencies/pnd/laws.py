"""Laws of the Police National Database."""

from __future__ import annotations

from darkfigure.synth.schema.law import Law

LAWS = (
    Law(
        name="pnd_after_birth",
        says="No force loads a record of somebody unborn.",
        among="pnd_persons",
        broken="loaded_on < born(date_of_birth)",
        source="well known",
    ),
    Law(
        name="pnd_has_event",
        says="A record is loaded for a reason.",
        among="""(
            SELECT pnd_ref, count(event) AS n FROM pnd_persons LEFT JOIN pnd_events USING (pnd_ref)
            GROUP BY pnd_ref
        )""",
        broken="n = 0",
        source="PND code of practice",
    ),
)
