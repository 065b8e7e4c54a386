"""Laws of the Police National Computer."""

from __future__ import annotations

from darkfigure.synth.schema.law import Law

_ARRESTS = "pnc_arrests JOIN pnc_persons USING (pnc_id)"
_ENDED = "pnc_disposals JOIN pnc_arrests USING (asn) JOIN pnc_persons USING (pnc_id)"

LAWS = (
    Law(
        name="pnc_age",
        says="Nobody is arrested under ten.",
        among=_ARRESTS,
        broken="age(birth_date, arrested_at) < 10",
        source="Children and Young Persons Act 1933, section 50",
    ),
    Law(
        name="pnc_record_age",
        says="Nobody has a record under ten.",
        among="pnc_persons",
        broken="age(birth_date, created_on) < 10",
        source="Children and Young Persons Act 1933, section 50",
    ),
    Law(
        name="pnc_record_before_arrest",
        says="A record is opened with the first arrest or before.",
        among=_ARRESTS,
        broken="created_on > arrested_at::DATE + 1",
        source="PNC user manual",
    ),
    Law(
        name="pnc_disposal_later",
        says="Nothing comes of an arrest before it.",
        among=_ENDED,
        broken="disposed_on < arrested_at::DATE",
        source="well known",
    ),
    Law(
        name="pnc_before_death",
        says="Nobody is arrested after death.",
        among="""pnc_arrests JOIN people_of('pnc', 'persons') AS who ON record_id = pnc_id""",
        broken="arrested_at::DATE > death_date",
        source="well known",
    ),
)
