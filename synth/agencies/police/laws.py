"""Laws of the records of the police."""

from __future__ import annotations

from darkfigure.synth.agencies.police.encounters.laws import LAWS as ENCOUNTER_LAWS
from darkfigure.synth.agencies.police.marker_laws import LAWS as MARKER_LAWS
from darkfigure.synth.agencies.police.prosecution.laws import LAWS as PROSECUTION_LAWS
from darkfigure.synth.schema.law import Law

_CASES = "police_occurrences"
_IN_CASES = """police_occurrences JOIN police_occurrence_nominals USING (occurrence_no, force)
    JOIN police_nominals USING (nominal_ref, force)"""
_WHO = """(SELECT force, record_id AS nominal_ref, death_date FROM people_of_forces('police'))
    USING (nominal_ref, force)"""
_HOCR = "Home Office counting rules"
_SUSPECTS = """(
    SELECT outcome_code, count(role) FILTER (role = 'suspect') AS suspects
    FROM police_occurrences LEFT JOIN police_occurrence_nominals USING (occurrence_no, force)
    GROUP BY occurrence_no, force, outcome_code
)"""


def _ages_of(role: str, where: str) -> str:
    """Write the ages of the youngest and the eldest in a role of each case of a kind.

    Cases with a nominal that two people share are left out: whose age stands there nobody knows.
    """
    return f"""(
        SELECT min(age(dob, reported_at)) AS youngest, max(age(dob, reported_at)) AS eldest
        FROM police_occurrences JOIN police_occurrence_nominals USING (occurrence_no, force)
        LEFT JOIN (SELECT nominal_ref, force, dob, true AS alone FROM police_nominals)
            USING (nominal_ref, force)
        WHERE role = '{role}' AND {where} GROUP BY occurrence_no, force
        HAVING count(*) = count(alone)
    )"""


LAWS = (
    Law(
        name="nominal_after_birth",
        says="Nobody has a nominal before birth.",
        among="police_nominals",
        broken="created_on < born(dob)",
        source="well known",
    ),
    Law(
        name="occurred_before_reported",
        says="Nothing is reported before it happens.",
        among=_CASES,
        broken="reported_at < occurred_at",
        source=_HOCR,
    ),
    Law(
        name="reported_before_recorded",
        says="Nothing is recorded before it is reported.",
        among=_CASES,
        broken="recorded_at < reported_at",
        source=_HOCR,
    ),
    Law(
        name="window_order",
        says="A window of time ends after it begins.",
        among=_CASES,
        where="occurred_to IS NOT NULL",
        broken="occurred_to < occurred_at",
        source=_HOCR,
    ),
    Law(
        name="crime_or_incident",
        says="A crime has an offence, an incident a kind, and none both.",
        among=_CASES,
        broken="""(category = 'crime') <> (offence_code IS NOT NULL)
            OR (category = 'non_crime') <> (incident_type IS NOT NULL)""",
        source=_HOCR,
    ),
    Law(
        name="incident_no_outcome",
        says="What is no crime has no outcome.",
        among=_CASES,
        where="category = 'non_crime'",
        broken="outcome_code IS NOT NULL",
        source="Home Office crime outcomes framework",
    ),
    Law(
        name="outcome_needs_suspect",
        says="An outcome against somebody needs a suspect.",
        among=_SUSPECTS,
        where="outcome_code IN ('1', '2', '3', '8', '15', '16', '22')",
        broken="suspects = 0",
        source="Home Office crime outcomes framework",
    ),
    Law(
        name="outcome_needs_no_suspect",
        says="Where no suspect was found there is none.",
        among=_SUSPECTS,
        where="outcome_code = '18'",
        broken="suspects > 0",
        source="Home Office crime outcomes framework",
    ),
    Law(
        name="youth_caution",
        says="Somebody of 10 to 17 is a suspect of what ends in a youth caution.",
        among=_ages_of("suspect", "outcome_code = '2'"),
        broken="youngest > 18",
        source="Crime and Disorder Act 1998",
    ),
    Law(
        name="adult_caution",
        says="Somebody of 18 or over is a suspect of what ends in an adult caution.",
        among=_ages_of("suspect", "outcome_code = '3'"),
        broken="eldest < 17",
        source="Criminal Justice Act 2003",
    ),
    Law(
        name="no_charge_under_ten",
        says="Nobody under ten is charged or cautioned.",
        among=_IN_CASES,
        where="outcome_code IN ('1', '2', '3') AND role = 'suspect'",
        broken="age(dob, occurred_at) < 10",
        source="Children and Young Persons Act 1933, section 50",
    ),
    Law(
        name="suspect_age",
        says="Nobody under ten is a suspect of a crime.",
        among=_IN_CASES,
        where="category = 'crime' AND role = 'suspect'",
        broken="age(dob, occurred_at) < 10",
        source="Children and Young Persons Act 1933, section 50",
    ),
    Law(
        name="rape_of_female",
        says="The victim of rape of a female, or sexual assault on one, is not a man.",
        among=_IN_CASES,
        where="""role = 'victim' AND offence_code IN ('19C', '20A')
            AND nominal_ref NOT IN (FROM other_gender('police'))""",
        broken="sex = 'M'",
        source=_HOCR,
    ),
    Law(
        name="cruelty_to_child",
        says="A victim of cruelty to children is under 16.",
        among=_ages_of("victim", "offence_code = '11A'"),
        broken="youngest > 16",
        source="Children and Young Persons Act 1933, section 1",
    ),
    Law(
        name="rape_age",
        says="The victim of rape of a female aged 16 or over is 16 or over.",
        among=_IN_CASES,
        where="role = 'victim' AND offence_code = '19C'",
        broken="age(dob, reported_at) < 16",
        source=_HOCR,
    ),
    Law(
        name="domestic_flag_age",
        says="A victim of what is marked as domestic is 16 or over.",
        among=_ages_of("victim", "domestic_flag AND category = 'crime'"),
        broken="eldest < 16",
        source="Domestic Abuse Act 2021, section 1",
    ),
    Law(
        name="victimless",
        says="Possession of drugs or of a blade has no victim.",
        among=_IN_CASES,
        where="offence_code IN ('92D', '92E', '10D')",
        broken="role = 'victim'",
        source=_HOCR,
    ),
    Law(
        name="one_role",
        says="Nobody is victim and suspect of one crime.",
        among="""(
            SELECT count(DISTINCT role) FILTER (role IN ('victim', 'suspect')) AS n
            FROM police_occurrence_nominals JOIN police_nominals USING (nominal_ref, force)
            GROUP BY occurrence_no, force, nominal_ref
        )""",
        broken="n > 1",
        source=_HOCR,
    ),
    Law(
        name="shop_theft_in_shops",
        says="Nobody steals from a shop in a school or a home.",
        among=_CASES,
        where="offence_code = '46'",
        broken="location_type IN ('school', 'own_home', 'other_home')",
        source="well known",
    ),
    Law(
        name="burglary_of_homes",
        says="Burglary of a home happens in a home.",
        among=_CASES,
        where="offence_code = '28E'",
        broken="location_type NOT IN ('own_home', 'other_home')",
        source=_HOCR,
    ),
    Law(
        name="possession_found",
        says="Possession of drugs or of a blade is not reported by its victim.",
        among=_CASES,
        where="offence_code IN ('92D', '92E', '10D')",
        broken="how_reported = 'victim'",
        source="well known",
    ),
    Law(
        name="nominal_before_death",
        says="No nominal is opened long after its person's death.",
        among=f"police_nominals JOIN {_WHO}",
        broken="created_on > death_date + 60",
        source="assumed",
    ),
    Law(
        name="murder_victim_dead",
        says="A victim of a murder is dead, a month after it at the latest.",
        among=f"""(
            SELECT occurrence_no, force, max(death_date) AS died, any_value(occurred_at) AS day,
                -- A victim may be held under the nominal of somebody of the same household.
                bool_and(coalesce(of_one, false)) AS of_one_each
            FROM police_occurrences JOIN police_occurrence_nominals USING (occurrence_no, force)
            JOIN {_WHO} LEFT JOIN (SELECT force, nominal_ref, true AS of_one FROM police_nominals)
                USING (nominal_ref, force)
            WHERE offence_code = '1' AND role = 'victim' GROUP BY ALL
        ), study""",
        where="of_one_each AND day::DATE + 31 < start_date + (365 * years)::INTEGER",
        broken="died IS NULL",
        source="well known",
    ),
    Law(
        name="device_order",
        says="An exhibit is examined after it was seized.",
        among="police_devices",
        broken="extracted_on < seized_on",
        source="well known",
    ),
    *PROSECUTION_LAWS,
    *MARKER_LAWS,
    *ENCOUNTER_LAWS,
)
