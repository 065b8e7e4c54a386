"""Laws of the family court."""

from __future__ import annotations

from darkfigure.synth.schema.law import Law

_PARTIES = "family_justice_parties JOIN family_justice_cases USING (case_no)"

LAWS = (
    Law(
        name="court_closes_later",
        says="A case is closed after its application.",
        among="family_justice_cases",
        broken="closed_on < applied_on",
        source="well known",
    ),
    Law(
        name="court_open",
        says="The court makes its orders on working days.",
        among="family_justice_cases",
        broken="closed(closed_on)",
        source="assumed",
    ),
    Law(
        name="court_applications_open",
        says="Applications are issued on working days.",
        among="family_justice_cases",
        broken="closed(applied_on)",
        source="assumed",
    ),
    Law(
        name="court_child_age",
        says="A child whom a case concerns is under 18.",
        among=_PARTIES,
        where="role = 'child'",
        broken="age(date_of_birth, applied_on) >= 18",
        source="Children Act 1989",
    ),
    Law(
        name="court_public_law",
        says="An authority applies in public law and nowhere else.",
        among="family_justice_cases",
        broken="(case_type = 'care') <> (applicant_body IS NOT NULL)",
        source="Children Act 1989, section 31",
    ),
    Law(
        name="court_respondent_age",
        says="Nobody under ten is a respondent.",
        among=_PARTIES,
        where="role = 'respondent'",
        broken="age(date_of_birth, applied_on) < 10",
        source="assumed",
    ),
    Law(
        name="court_outcome",
        says="A closed case has an outcome, an open one none.",
        among="family_justice_cases",
        broken="(closed_on IS NULL) <> (outcome IS NULL)",
        source="well known",
    ),
)
