"""Joint shapes of health records: pairs of columns whose association is published or obvious.

A record whose columns are drawn each by itself keeps every margin and none of these shares.
"""

from __future__ import annotations

_FORMS = "['%Y-%m-%d', '%d/%m/%Y']"


def _age(day: str) -> str:
    return f"date_sub('year', try_strptime(date_of_birth, {_FORMS})::DATE, {day}::DATE) AS age"


VIEWS = {
    "joint_ed": f"SELECT *, {_age('arrived_at')} FROM ed_attendances",
    "joint_hospital": f"""
        SELECT *, {_age("admitted_on")}
        FROM hospital_spells JOIN hospital_patients USING (hospital_no)
        JOIN (
            SELECT spell_no, any_value(icd10) FILTER (diagnosis_no = 1) AS principal,
                count(*) AS codes
            FROM hospital_diagnoses GROUP BY spell_no
        ) USING (spell_no)
    """,
    "joint_gp": f"""
        SELECT *, {_age("event_date")} FROM gp_events JOIN gp_registrations USING (registration_no)
    """,
    "joint_deaths": f"SELECT *, {_age('died_on')} FROM deaths_registrations",
}
_ISCHAEMIC = "underlying_cause[1:3] BETWEEN 'I20' AND 'I25'"
_DEMENTIA = "underlying_cause[1:3] IN ('F01', 'F03', 'G30')"
_WINTER = "month({}) IN (12, 1, 2)"
# Of each view the shares: what is counted, and among which rows.
_SHARES = {
    "joint_ed": {
        "ed_admitted_of_urgent": ("disposal = 'admitted'", "triage_category IN ('1', '2')"),
        "ed_admitted_of_standard": ("disposal = 'admitted'", "triage_category IN ('4', '5')"),
        "ed_admitted_of_children": ("disposal = 'admitted'", "age < 16"),
        "ed_admitted_of_80": ("disposal = 'admitted'", "age >= 80"),
        "ed_ambulance_of_80": ("arrival_mode = '01'", "age >= 80"),
        "ed_ambulance_of_children": ("arrival_mode = '01'", "age BETWEEN 5 AND 15"),
        "ed_from_9_to_18": ("hour(arrived_at) BETWEEN 9 AND 17", "true"),
        "ed_on_monday": ("isodow(arrived_at) = 1", "true"),
        "ed_left_of_non_urgent": ("disposal = 'left'", "triage_category = '5'"),
        "ed_chest_of_respiratory": ("anatomical_area_code = '201'", "diagnosis_code = '10Z'"),
        "ed_sport_under_50": ("age < 50", "attendance_group = '15'"),
    },
    "joint_hospital": {
        "ward_planned_on_weekdays": ("isodow(admitted_on) <= 5", "admission_method = '11'"),
        "ward_emergency_on_weekdays": ("isodow(admitted_on) <= 5", "admission_method = '21'"),
        "ward_hip_fracture_women": ("sex = '2'", "principal IN ('S720', 'S721')"),
        "ward_hip_fracture_65": ("age >= 65", "principal IN ('S720', 'S721')"),
        "ward_breast_cancer_women": ("sex = '2'", "principal = 'C509'"),
        "ward_cataract_65": ("age >= 65", "principal IN ('H251', 'H269')"),
        "ward_self_poisoning_women": ("sex = '2'", "principal = 'T391'"),
        "ward_chest_infection_winter": (
            _WINTER.format("admitted_on"),
            "principal[1:3] IN ('J18', 'J22')",
        ),
        "ward_day_of_planned": ("discharged_on = admitted_on", "admission_method = '11'"),
        "ward_several_codes_65": ("codes > 1", "age >= 65 AND admission_method <> '11'"),
    },
    "joint_gp": {
        "gp_diabetes_50": ("age >= 50", "read_code = 'C10F.'"),
        "gp_urinary_women": ("sex = '2'", "read_code = 'K190.'"),
        "gp_smear_25_64": ("age BETWEEN 25 AND 64 AND sex = '2'", "read_code = '685..'"),
        "gp_dementia_75": ("age >= 75", "read_code = 'Eu02z'"),
        "gp_vaccine_autumn": ("month(event_date) IN (9, 10, 11, 12)", "read_code = '65E..'"),
        "gp_prostate_men": ("sex = '1'", "read_code = 'K20..'"),
        "gp_chest_infection_winter": (_WINTER.format("event_date"), "read_code = 'H06z0'"),
        "gp_ear_children": ("age < 10", "read_code = 'F52z.'"),
        "gp_on_monday": ("isodow(event_date) = 1", "true"),
        "gp_thyroid_women": ("sex = '2'", "read_code = 'C04..'"),
    },
    "joint_deaths": {
        "deaths_ischaemic": (_ISCHAEMIC, "year(died_on) = 2022"),
        "deaths_ischaemic_men": ("sex = 'M'", _ISCHAEMIC),
        "deaths_dementia": (_DEMENTIA, "year(died_on) >= 2022"),
        "deaths_dementia_women": ("sex = 'F'", _DEMENTIA),
        "deaths_dementia_care_home": ("place_of_death = 'care_home'", _DEMENTIA),
        "deaths_in_hospital": ("place_of_death = 'hospital'", "year(died_on) >= 2022"),
        "deaths_at_home": ("place_of_death = 'home'", "year(died_on) >= 2022"),
        "deaths_suicide_men": ("sex = 'M'", "underlying_cause BETWEEN 'X60' AND 'X849'"),
        "deaths_chest_winter": (
            _WINTER.format("died_on"),
            "underlying_cause[1:3] IN ('J18', 'J44')",
        ),
        "deaths_covid_late_2021": (
            "underlying_cause = 'U071'",
            "died_on BETWEEN DATE '2021-09-01' AND DATE '2021-12-31'",
        ),
    },
}
QUERIES = {
    key: f"""
        SELECT '{key}' AS key, count(*) FILTER (WHERE ({among}) AND ({counted})) AS hits,
            count(*) FILTER (WHERE {among}) AS n
        FROM {view}
    """
    for view, shares in _SHARES.items()
    for key, (counted, among) in shares.items()
}
