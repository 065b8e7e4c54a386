"""Laws of the notifications of the police, and of DASH."""

from __future__ import annotations

from darkfigure.synth.schema.law import Law

_NAMED = "ppn_persons JOIN ppn_notifications USING (ppn_no, force)"
_ASKED = """ppn_dash JOIN ppn_notifications USING (ppn_no, force)
    JOIN ppn_persons USING (ppn_no, force)"""
_DASH = "DASH checklist, SafeLives"
_TICKS = " + ".join(f"(q{number:02d} = 'Y')::INT" for number in range(1, 25))

LAWS = (
    Law(
        name="ppn_after_birth",
        says="Nobody is named in a notification before birth.",
        among="ppn_persons",
        broken="created_on < born(dob)",
        source="well known",
    ),
    Law(
        name="ppn_child_age",
        says="A child of a notification is under 18.",
        among=_NAMED,
        where="role = 'child'",
        broken="age(dob, submitted_at) >= 18",
        source="Social Services and Well-being (Wales) Act 2014",
    ),
    Law(
        name="ppn_adult_age",
        says="An adult at risk is 18 or over.",
        among=_NAMED,
        where="role = 'victim' AND ppn_type = 'AD' AND force <> 'gwent'",
        broken="age(dob, submitted_at) < 18",
        source="Social Services and Well-being (Wales) Act 2014",
    ),
    Law(
        name="dash_domestic",
        says="DASH belongs to notifications of domestic abuse.",
        among="ppn_dash JOIN ppn_notifications USING (ppn_no, force)",
        broken="ppn_type <> 'DA'",
        source=_DASH,
    ),
    Law(
        name="dash_grade",
        says="Domestic abuse has a grade, other notifications none.",
        among="ppn_notifications",
        broken="(ppn_type = 'DA') <> (officer_grade IS NOT NULL)",
        source=_DASH,
    ),
    Law(
        name="dash_pregnancy",
        says="No man is pregnant or has just given birth.",
        among=_ASKED,
        where="role = 'victim' AND q09 = 'Y' AND person_no NOT IN (FROM other_gender('ppn'))",
        broken="sex = 'M'",
        source="well known",
    ),
    Law(
        name="dash_pregnancy_age",
        says="No woman over 52 is pregnant or has just given birth.",
        among=_ASKED,
        where="role = 'victim' AND q09 = 'Y' AND sex = 'F'",
        broken="age(dob, submitted_at) NOT BETWEEN 12 AND 52",
        source="well known",
    ),
    Law(
        name="dash_ticks",
        says="The number of ticks is that of the questions answered yes.",
        among="ppn_dash",
        broken=f"ticks <> {_TICKS}",
        source=_DASH,
    ),
    Law(
        name="dash_victim_age",
        says="DASH is for victims of 13 and over.",
        among=_ASKED,
        where="role = 'victim'",
        broken="age(dob, submitted_at) < 13",
        source=_DASH,
    ),
)
