"""Laws of the records of schools."""

from __future__ import annotations

from darkfigure.synth.schema.law import Law

_EXCLUDED = "education_exclusions JOIN education_pupils USING (pupil_no)"
_PRESENT = "education_attendance JOIN education_pupils USING (pupil_no)"

LAWS = (
    Law(
        name="exclusion_school_day",
        says="No pupil is excluded on a day without school, a Sunday for one.",
        among="education_exclusions",
        broken="started_on NOT IN (SELECT day FROM school_days)",
        source="Welsh Government, exclusion from schools (2019)",
    ),
    Law(
        name="exclusion_length",
        says="Nobody is excluded for more than 45 days in a school year.",
        among="education_exclusions",
        broken="sessions > 90",
        source="Education (Pupil Exclusions and Appeals) (Wales) Regulations 2003",
    ),
    Law(
        name="exclusion_permanent",
        says="A permanent exclusion has no length, a fixed one has.",
        among="education_exclusions",
        broken="(category = 'PERM') <> (sessions IS NULL)",
        source="Welsh Government",
    ),
    Law(
        name="exclusion_age",
        says="Nobody under 4 or over 19 is excluded.",
        among=_EXCLUDED,
        broken="age(dob, started_on) NOT BETWEEN 4 AND 19",
        source="well known",
    ),
    Law(
        name="concern_open",
        says="Schools note concerns on school days.",
        among="education_concerns",
        broken="noted_on NOT IN (SELECT day FROM school_days)",
        source="assumed",
    ),
    Law(
        name="attendance_sum",
        says="Nobody misses more half days than a school is open.",
        among="education_attendance",
        broken="sessions_authorised + sessions_unauthorised > sessions_possible",
        source="well known",
    ),
    Law(
        name="attendance_open",
        says="A school is open for 382 half days a year at most.",
        among="education_attendance",
        broken="sessions_possible > 382",
        source="Education (School Day and School Year) (Wales) Regulations 2003",
    ),
    Law(
        name="pupil_age",
        says="A pupil is between 3 and 19 when the school takes down the details.",
        among="education_pupils",
        broken="age(dob, admitted_on) NOT BETWEEN 3 AND 19",
        source="well known",
    ),
    Law(
        name="pupil_year",
        says="A pupil's year is that of the birthday, or one beside it.",
        among=_PRESENT,
        where="born(dob) IS NOT NULL",
        broken="""abs(
            try_cast(academic_year[1:4] AS INT) - year(born(dob) + INTERVAL 4 MONTH) - 4
            - coalesce(try_cast(education_attendance.year_group AS INT), 0)
        ) > 2""",
        source="Education Act 1996",
    ),
    Law(
        name="pupil_phase",
        says="Years 7 to 11 are at secondary schools, younger ones at primary schools.",
        among="education_pupils JOIN education_schools USING (school_code)",
        where="phase = 'P'",
        broken="year_group IN ('7', '8', '9', '10', '11')",
        source="Education Act 1996",
    ),
    Law(
        name="meals_protected",
        says="Free meals are protected of pupils who are not eligible any more.",
        among="education_pupils",
        where="fsm_protected",
        broken="fsm_eligible",
        source="Welsh Government, transitional protection",
    ),
)
