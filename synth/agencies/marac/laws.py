"""Laws of MARAC."""

from __future__ import annotations

from darkfigure.synth.schema.law import Law

_HEARD = "marac_cases JOIN marac_meetings USING (meeting_no)"
_NAMED = f"marac_persons JOIN ({_HEARD}) USING (case_no)"
_SAFELIVES = "SafeLives, principles of an effective MARAC"

LAWS = (
    Law(
        name="marac_referred_open",
        says="Safeguarding units refer on working days.",
        among="marac_cases",
        broken="closed(referred_on)",
        source="assumed",
    ),
    Law(
        name="marac_referral_first",
        says="A case is heard after its referral.",
        among=_HEARD,
        broken="held_on < referred_on",
        source=_SAFELIVES,
    ),
    Law(
        name="marac_open",
        says="MARAC meets on working days.",
        among="marac_meetings",
        broken="closed(held_on)",
        source="assumed",
    ),
    Law(
        name="marac_victim_age",
        says="A victim of MARAC is 16 or over.",
        among=_NAMED,
        where="role = 'victim'",
        broken="age(dob, held_on) < 16",
        source=_SAFELIVES,
    ),
    Law(
        name="marac_child_age",
        says="A child of MARAC is under 18.",
        among=_NAMED,
        where="role = 'child'",
        broken="age(dob, referred_on) >= 18",
        source=_SAFELIVES,
    ),
    Law(
        name="marac_count",
        says="A meeting hears as many cases as it says.",
        among="""(
            SELECT any_value(cases) AS said, count(case_no) AS n
            FROM marac_meetings LEFT JOIN marac_cases USING (meeting_no) GROUP BY meeting_no
        )""",
        broken="n > said",
        source="well known",
    ),
    Law(
        name="marac_one_victim",
        says="A case has one victim.",
        among="""(
            SELECT count(*) FILTER (role = 'victim') AS n FROM marac_persons GROUP BY case_no
        )""",
        broken="n > 1",
        source=_SAFELIVES,
    ),
)
