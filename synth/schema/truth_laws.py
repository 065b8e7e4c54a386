"""Laws of the truth itself: of people, kin, homes, and of acts of violence."""

from __future__ import annotations

from typing import Final

from darkfigure.synth.schema.law import Law

_KIN = """truth_relationships AS tie
    JOIN truth_persons AS one USING (person_id)
    JOIN truth_persons AS other ON other.person_id = tie.other_id"""
_HARMED = "truth_incidents JOIN truth_persons ON person_id = victim_id"
_ROLES = "truth_event_roles JOIN truth_events USING (event_id) JOIN truth_persons USING (person_id)"
_MOTHERS = """(
    SELECT person_id, birth_date, lag(birth_date) OVER elders AS elder_born,
        lag(person_id) OVER elders AS elder
    FROM truth_persons JOIN (
        SELECT other_id AS person_id, person_id AS mother FROM truth_relationships
        JOIN truth_persons USING (person_id) WHERE relation = 'parent' AND sex = 'F'
        -- Of two mothers nothing tells who bore the child.
        QUALIFY count(*) OVER (PARTITION BY other_id) = 1
    ) USING (person_id)
    WINDOW elders AS (PARTITION BY mother ORDER BY birth_date)
) AS child"""
_NAMES = """(
    SELECT *, row_number() OVER (PARTITION BY person_id ORDER BY valid_from) AS turn
    FROM truth_names JOIN truth_persons USING (person_id)
)"""
_BIOLOGY: Final = "well known"

LAWS = (
    Law(
        name="death_after_birth",
        says="Nobody dies before being born.",
        among="truth_persons",
        broken="death_date < birth_date",
        source=_BIOLOGY,
    ),
    Law(
        name="lifespan",
        says="Nobody lives beyond 116 years.",
        among="truth_persons",
        broken="date_sub('year', birth_date, coalesce(death_date, birth_date)) > 116",
        source="assumed",
    ),
    Law(
        name="one_nhs_number",
        says="An NHS number belongs to one person.",
        among="(SELECT nhs_number, count(*) AS n FROM truth_persons GROUP BY nhs_number)",
        broken="n > 1",
        source="NHS Data Dictionary",
    ),
    Law(
        name="mother_age",
        says="A mother is at least 12 and at most 58 years older than her child.",
        among=_KIN,
        where="relation = 'parent' AND one.sex = 'F'",
        broken="""date_sub('year', one.birth_date, other.birth_date) NOT BETWEEN 12 AND 58""",
        source=_BIOLOGY,
    ),
    Law(
        name="father_age",
        says="A father is at least 12 years older than his child.",
        among=_KIN,
        where="relation = 'parent' AND one.sex = 'M'",
        broken="date_sub('year', one.birth_date, other.birth_date) < 12",
        source=_BIOLOGY,
    ),
    Law(
        name="no_own_parent",
        says="Nobody is a relative of themselves.",
        among=_KIN,
        broken="person_id = other_id",
        source=_BIOLOGY,
    ),
    Law(
        name="grandparent_age",
        says="A grandparent is at least 24 years older than the grandchild.",
        among=_KIN,
        where="relation = 'grandparent'",
        broken="date_sub('year', one.birth_date, other.birth_date) < 24",
        source=_BIOLOGY,
    ),
    Law(
        name="twins_birthday",
        says="Twins are born within a day of each other.",
        among=_KIN,
        where="relation = 'twin'",
        broken="abs(one.birth_date - other.birth_date) > 1",
        source=_BIOLOGY,
    ),
    Law(
        name="adult_partners",
        says="Partners are 16 or older.",
        among=f"{_KIN}, study",
        where="relation = 'partner'",
        broken="date_sub('year', one.birth_date, start_date) < 16",
        source="well known",
    ),
    Law(
        name="ties_both_ways",
        says="Each tie between two people is told from both sides.",
        among="""(
            SELECT tie.person_id, back.person_id AS known FROM truth_relationships AS tie
            LEFT JOIN truth_relationships AS back
                ON back.person_id = tie.other_id AND back.other_id = tie.person_id
        )""",
        broken="known IS NULL",
        source="well known",
    ),
    Law(
        name="births_apart",
        says="Two children of one mother are twins or born at least 6 months apart.",
        among=_MOTHERS,
        where="""elder_born IS NOT NULL AND NOT EXISTS (
            FROM truth_hard_cases AS given
            WHERE hard_case = 'given_birthday' AND given.person_id IN (child.person_id, elder)
        )""",
        broken="birth_date - elder_born BETWEEN 3 AND 180",
        source=_BIOLOGY,
    ),
    Law(
        name="named_from_birth",
        says="Everybody has a name, the first given at birth.",
        among=_NAMES,
        where="turn = 1",
        broken="cause <> 'birth' AND cause <> 'marriage' AND valid_from > birth_date + 60",
        source="assumed",
    ),
    Law(
        name="no_child_marries",
        says="Nobody takes a name on marriage under 16.",
        among=_NAMES,
        where="cause = 'marriage'",
        broken="date_sub('year', birth_date, valid_from) < 16",
        source="Marriage Act 1949",
    ),
    Law(
        name="home_since_birth",
        says="Nobody lives at an address before birth.",
        among="truth_addresses JOIN truth_persons USING (person_id)",
        broken="valid_from < birth_date",
        source=_BIOLOGY,
    ),
    Law(
        name="no_move_after_death",
        says="Nobody moves house after death.",
        among="truth_addresses JOIN truth_persons USING (person_id)",
        broken="valid_from > death_date",
        source=_BIOLOGY,
    ),
    Law(
        name="child_not_alone",
        says="Nobody under 10 leaves home alone, or moves to study.",
        among="truth_addresses JOIN truth_persons USING (person_id)",
        where="cause IN ('left_home', 'term', 'couple', 'separation')",
        broken="date_sub('year', birth_date, valid_from) < 10",
        source="well known",
    ),
    Law(
        name="harm_after_birth",
        says="Nobody is harmed before birth.",
        among=_HARMED,
        broken="occurred_at::DATE < birth_date",
        source=_BIOLOGY,
    ),
    Law(
        name="harm_before_death",
        says="Nobody is harmed after death.",
        among=_HARMED,
        broken="occurred_at::DATE > death_date",
        source=_BIOLOGY,
    ),
    Law(
        name="no_harm_to_self",
        says="Nobody is the offender of the act against them.",
        among=_HARMED,
        broken="victim_id = offender_id",
        source="well known",
    ),
    Law(
        name="killed_are_dead",
        says="Whoever is killed dies within a month of the act.",
        among=f"({_HARMED}), study",
        where="""severity = 'fatal'
            AND occurred_at::DATE + 31 < start_date + (365 * years)::INTEGER""",
        broken="death_date IS NULL OR death_date - occurred_at::DATE NOT BETWEEN 0 AND 31",
        source="well known",
    ),
    Law(
        name="one_killing",
        says="Nobody is killed twice.",
        among="""(
            SELECT victim_id, count(*) AS n FROM truth_incidents WHERE severity = 'fatal'
            GROUP BY victim_id
        )""",
        broken="n > 1",
        source=_BIOLOGY,
    ),
    Law(
        name="admitted_are_injured",
        says="Nobody is admitted after an act that injured nobody.",
        among=_HARMED,
        where="admitted",
        broken="injury = 'none'",
        source="well known",
    ),
    Law(
        name="admitted_by_department",
        says="Whoever is admitted after violence came through an emergency department.",
        among=_HARMED,
        where="admitted",
        broken="NOT ed_attended",
        source="assumed",
    ),
    Law(
        name="injury_and_severity",
        says="What is grave is an injury, and what is none is not grave.",
        among=_HARMED,
        broken="(injury = 'none') <> (severity = 'none')",
        source="assumed",
    ),
    Law(
        name="children_of_parents",
        says="Violence of a parent against a child is against somebody under 18.",
        among=_HARMED,
        where="relationship = 'parent'",
        broken="date_sub('year', birth_date, occurred_at::DATE) >= 18",
        source="assumed",
    ),
    Law(
        name="adult_partner_violence",
        says="Nobody under 13 is harmed by a partner.",
        among=_HARMED,
        where="relationship IN ('partner', 'ex_partner')",
        broken="date_sub('year', birth_date, occurred_at::DATE) < 13",
        source="assumed",
    ),
    Law(
        name="school_days_only",
        says="Violence between pupils at school happens on school days.",
        among=f"{_HARMED} JOIN truth_events USING (event_id)",
        where="kind = 'school' AND site_kind = 'school'",
        broken="truth_incidents.occurred_at::DATE NOT IN (SELECT day FROM school_days)",
        source="Education (School Day) Regulations",
    ),
    Law(
        name="pupils_at_school",
        says="Violence by other pupils is against people of 4 to 19.",
        among=_HARMED,
        where="kind = 'school'",
        broken="date_sub('year', birth_date, occurred_at::DATE) NOT BETWEEN 4 AND 19",
        source="well known",
    ),
    Law(
        name="workers_at_work",
        says="Nobody under 13 is harmed at work.",
        among=_HARMED,
        where="kind = 'work'",
        broken="date_sub('year', birth_date, occurred_at::DATE) < 13",
        source="Children and Young Persons Act 1933",
    ),
    Law(
        name="event_time",
        says="An act happens when its event does.",
        among="truth_incidents JOIN truth_events USING (event_id)",
        broken="truth_incidents.occurred_at <> truth_events.occurred_at",
        source="well known",
    ),
    Law(
        name="role_alive",
        says="Nobody takes part in an event before birth or after death.",
        among=_ROLES,
        broken="occurred_at::DATE < birth_date OR occurred_at::DATE > death_date",
        source=_BIOLOGY,
    ),
    Law(
        name="offender_age",
        says="Nobody under 4 offends.",
        among=_ROLES,
        where="role = 'offender'",
        broken="date_sub('year', birth_date, occurred_at::DATE) < 4",
        source="assumed",
    ),
    Law(
        name="offenders_of_night",
        says="Nobody under 10 offends in the night-time economy or robs.",
        among="""truth_incidents JOIN truth_event_roles USING (event_id)
            JOIN truth_persons USING (person_id)""",
        where="role = 'offender' AND kind IN ('night', 'robbery')",
        broken="date_sub('year', birth_date, occurred_at::DATE) < 10",
        source="assumed",
    ),
    Law(
        name="learned_later",
        says="No agency learns of an act before it happens.",
        among="truth_contacts JOIN truth_incidents USING (incident_id)",
        broken="learned_at < occurred_at",
        source="well known",
    ),
    Law(
        name="child_witnesses",
        says="Children who see violence at home are under 18 and born.",
        among="""truth_incident_witnesses JOIN truth_incidents USING (incident_id)
            JOIN truth_persons USING (person_id)""",
        broken="date_sub('year', birth_date, occurred_at::DATE) NOT BETWEEN 0 AND 17",
        source="Domestic Abuse Act 2021, section 3",
    ),
    Law(
        name="unreported_has_reason",
        says="What happened in Wales unknown to the police has a reason, and nobody reported it.",
        among="truth_incidents",
        where="police_status = 'never_reported' AND lsoa_code IS NOT NULL",
        broken="not_reported_reason IS NULL OR how_reported IS NOT NULL",
        source="assumed",
    ),
    Law(
        name="known_before_writing",
        says="No record holds an identity of before its person was born.",
        among="truth_record_persons JOIN truth_persons USING (person_id)",
        broken="known_on < birth_date",
        source="well known",
    ),
)
