"""Laws of the records of emergency departments."""

from __future__ import annotations

from darkfigure.synth.schema.law import Law

_AT_SITES = """ed_attendances JOIN ref_hospital_sites AS sites
    ON sites.site_code = ed_attendances.site_code"""
_SEEN = "ed_attendances"
_OF_PEOPLE = f"{_SEEN} JOIN people_of('ed', 'attendances') AS who ON record_id = attendance_no"

LAWS = (
    Law(
        name="ed_after_birth",
        says="Nobody attends before birth.",
        among=_SEEN,
        broken="born(date_of_birth) > arrived_at::DATE",
        source="well known",
    ),
    Law(
        name="ed_before_death",
        says="Nobody attends after death.",
        among=_OF_PEOPLE,
        broken="arrived_at::DATE > death_date",
        source="well known",
    ),
    Law(
        name="ed_leaves_later",
        says="An attendance ends after it begins, and within four days.",
        among=_SEEN,
        broken="left_at < arrived_at OR left_at > arrived_at + INTERVAL 4 DAY",
        source="well known",
    ),
    Law(
        name="ed_age",
        says="Nobody who attends is older than 115.",
        among=_SEEN,
        broken="age(date_of_birth, arrived_at) > 115",
        source="assumed",
    ),
    Law(
        name="ed_self_harm_age",
        says="Nobody under 8 is coded as harming themselves.",
        among=_SEEN,
        where="attendance_group = '13'",
        broken="age(date_of_birth, arrived_at) < 8",
        source="NHS coding practice",
    ),
    Law(
        name="ed_assault_fields",
        says="Only attendances coded as assaults have the fields of the violence dataset.",
        among=_SEEN,
        where="attendance_group NOT IN ('11', '16', '17')",
        broken="""assault_method IS NOT NULL OR assaulted_at IS NOT NULL
            OR assault_location_type IS NOT NULL OR assault_location_text IS NOT NULL""",
        source="Information Sharing to Tackle Violence (ISB 1594)",
    ),
    Law(
        name="ed_method_text",
        says="A method is described where it is another than those of the list.",
        among=_SEEN,
        where="assault_method_text IS NOT NULL",
        broken="assault_method <> 'other'",
        source="Information Sharing to Tackle Violence (ISB 1594)",
    ),
    Law(
        name="ed_injury_fields",
        says="Illness has no mechanism, activity or place of an injury.",
        among=_SEEN,
        where="attendance_group IN ('20', '13')",
        broken="""injury_mechanism IS NOT NULL OR injury_activity IS NOT NULL
            OR injury_place IS NOT NULL""",
        source="EDDS data dictionary",
    ),
    Law(
        name="ed_ambulance_number",
        says="Only who came by ambulance has the ambulance service's number.",
        among=_SEEN,
        where="ambulance_incident_no IS NOT NULL",
        broken="arrival_mode NOT IN ('01', '02')",
        source="EDDS data dictionary",
    ),
    Law(
        name="ed_dead_stay_dead",
        says="Whoever died in the department has no later attendance.",
        among="""(
            SELECT arrived_at, min(arrived_at) FILTER (disposal = 'died')
                OVER (PARTITION BY person_id) AS died
            FROM ed_attendances JOIN people_of('ed', 'attendances') ON record_id = attendance_no
        )""",
        where="died IS NOT NULL",
        broken="arrived_at::DATE > died::DATE",
        source="well known",
    ),
    Law(
        name="ed_died_and_dead",
        says="Whoever died in the department is dead on that day or the next.",
        among=_OF_PEOPLE,
        where="disposal = 'died'",
        broken="death_date IS NULL OR death_date - arrived_at::DATE NOT BETWEEN 0 AND 2",
        source="well known",
    ),
    Law(
        name="ed_one_place_at_once",
        says="Nobody attends twice within ten minutes.",
        among="""(
            SELECT arrived_at - lag(arrived_at) OVER (
                PARTITION BY person_id ORDER BY arrived_at
            ) AS since
            FROM ed_attendances JOIN people_of('ed', 'attendances') ON record_id = attendance_no
            WHERE record_id NOT IN (
                SELECT record_id FROM truth_row_faults WHERE fault = 'duplicate'
            )
        )""",
        broken="since < INTERVAL 10 MINUTE",
        source="well known",
    ),
    Law(
        name="ed_work_age",
        says="Nobody under 13 is injured at their own work.",
        among=_SEEN,
        where="injury_activity = '1'",
        broken="age(date_of_birth, arrived_at) < 13",
        source="Children and Young Persons Act 1933",
    ),
    Law(
        name="ed_school_age",
        says="Nobody over 19 or under 3 is injured in education at school.",
        among=_SEEN,
        where="injury_activity = '4' AND injury_place = '3'",
        broken="age(date_of_birth, arrived_at) NOT BETWEEN 3 AND 19",
        source="assumed",
    ),
    Law(
        name="ed_drink_age",
        says="Nobody under 10 is noted as having drunk.",
        among=_SEEN,
        where="alcohol",
        broken="age(date_of_birth, arrived_at) < 10",
        source="assumed",
    ),
    Law(
        name="ed_left_untreated",
        says="Whoever left before being seen is not admitted and has no treatment.",
        among=_SEEN,
        where="disposal = 'left'",
        broken="treatment_code IS NOT NULL OR diagnosis_code IS NOT NULL",
        source="NHS coding practice",
    ),
    Law(
        name="ed_minor_unit_resuscitation",
        says="A minor injuries unit records nobody as needing immediate resuscitation.",
        among=_AT_SITES,
        where="sites.type <> 'major'",
        broken="triage_category = '1'",
        source="NHS Wales, scope of minor injury units",
    ),
    Law(
        name="ed_minor_unit_heart",
        says="A minor injuries unit treats no heart or brain disease.",
        among=_AT_SITES,
        where="sites.type <> 'major'",
        broken="diagnosis_code IN ('11Z', '14Z') AND disposal = 'discharged'",
        source="NHS Wales, scope of minor injury units",
    ),
    Law(
        name="ed_fracture_needs_limb",
        says="A sprain is of a limb or the back, never of the eye or the face.",
        among=_SEEN,
        where="diagnosis_code = '05Z'",
        broken="anatomical_area_code IN ('101', '102', '103')",
        source="well known",
    ),
    Law(
        name="ed_head_injury_area",
        says="A head injury is of the head or the face.",
        among=_SEEN,
        where="diagnosis_code = '04Z'",
        broken="anatomical_area_code NOT IN ('101', '102')",
        source="well known",
    ),
    Law(
        name="ed_respiratory_area",
        says="A condition of the lungs or the heart is of the chest.",
        among=_SEEN,
        where="diagnosis_code IN ('10Z', '11Z')",
        broken="anatomical_area_code <> '201'",
        source="well known",
    ),
    Law(
        name="ed_plaster_needs_limb",
        says="Plaster and splint are for limbs.",
        among=_SEEN,
        where="treatment_code = '04'",
        broken="anatomical_area_code NOT IN ('301', '302', '401', '402')",
        source="well known",
    ),
    Law(
        name="ed_sutures_need_wound",
        says="Only wounds are sutured or glued.",
        among=_SEEN,
        where="treatment_code = '03'",
        broken="diagnosis_code NOT IN ('01Z', '03B', '04Z', '06Z')",
        source="well known",
    ),
    Law(
        name="ed_burn_mechanism",
        says="A burn or bite is due to heat, a bite or something like them.",
        among=_SEEN,
        where="diagnosis_code = '06Z'",
        broken="injury_mechanism NOT IN ('06', '07', '99')",
        source="well known",
    ),
    Law(
        name="ed_school_day",
        says="Nobody is injured in education at school during the holidays.",
        among=_SEEN,
        where="injury_activity = '4' AND injury_place = '3'",
        broken="""arrived_at::DATE NOT IN (SELECT day FROM school_days)
            AND arrived_at::DATE - 1 NOT IN (SELECT day FROM school_days)
            AND arrived_at::DATE - 2 NOT IN (SELECT day FROM school_days)
            AND arrived_at::DATE - 3 NOT IN (SELECT day FROM school_days)""",
        source="assumed",
    ),
)
