"""Laws of the records of hospitals."""

from __future__ import annotations

from darkfigure.synth.schema.law import Law

_SPELLS = "hospital_spells JOIN hospital_patients USING (hospital_no)"
_CODED = f"hospital_diagnoses JOIN ({_SPELLS}) USING (spell_no)"
_OF_PEOPLE = """hospital_spells
    JOIN people_of('hospital', 'patients') AS who ON record_id = hospital_no"""
_ICD = "ICD-10"
# Whoever came to live in another gender has the organs of the sex of birth.
_OF_BIRTH = "hospital_no NOT IN (FROM other_gender('hospital'))"


def _ages(name: str, says: str, where: str, broken: str, source: str = _ICD) -> Law:
    """Write a law on the age at admission with some diagnosis."""
    return Law(
        name=f"icd_{name}",
        says=says,
        among=_CODED,
        where=where,
        broken=f"age(date_of_birth, admitted_on) {broken}",
        source=source,
    )


def _organ(name: str, says: str, where: str, sex: int) -> Law:
    """Write a law on an organ that the other sex lacks."""
    return Law(
        name=f"icd_{name}",
        says=says,
        among=_CODED,
        where=f"({where}) AND {_OF_BIRTH}",
        broken=f"sex = '{sex}'",
        source=_ICD,
    )


LAWS = (
    Law(
        name="hospital_after_birth",
        says="Nobody is admitted before birth.",
        among=_SPELLS,
        broken="admitted_on < born(date_of_birth)",
        source="well known",
    ),
    Law(
        name="hospital_before_death",
        says="Nobody is admitted or discharged after death.",
        among=_OF_PEOPLE,
        broken="admitted_on > death_date OR discharged_on > death_date",
        source="well known",
    ),
    Law(
        name="hospital_discharge_later",
        says="A discharge is not before the admission.",
        among=_SPELLS,
        broken="discharged_on < admitted_on",
        source="PEDW data dictionary",
    ),
    Law(
        name="hospital_method_of_discharge",
        says="A discharged patient has a method of discharge, one who is still in has none.",
        among=_SPELLS,
        broken="(discharged_on IS NULL) <> (discharge_method IS NULL)",
        source="PEDW data dictionary",
    ),
    Law(
        name="hospital_one_bed",
        says="Nobody lies in two beds: a spell begins when the one before has ended.",
        among="""(
            SELECT admitted_on, lag(coalesce(discharged_on, DATE '2999-01-01')) OVER (
                PARTITION BY person_id ORDER BY admitted_on, coalesce(discharged_on, admitted_on)
            ) AS left_on
            FROM hospital_spells
            JOIN people_of('hospital', 'patients') AS who ON record_id = hospital_no
        )""",
        broken="admitted_on < left_on",
        source="PEDW data dictionary",
    ),
    Law(
        name="hospital_died_and_dead",
        says="Whoever is discharged as dead died on that day.",
        among=_OF_PEOPLE,
        where="discharge_method = '4'",
        broken="death_date IS DISTINCT FROM discharged_on",
        source="PEDW data dictionary",
    ),
    Law(
        name="hospital_dead_is_discharged_dead",
        says="A spell that ends on the day of death ends by death.",
        among=_OF_PEOPLE,
        where="discharged_on = death_date",
        broken="discharge_method <> '4'",
        source="PEDW data dictionary",
    ),
    Law(
        name="hospital_elective_closed",
        says="Nobody is admitted from the waiting list at a weekend or on a bank holiday.",
        among=_SPELLS,
        where="admission_method IN ('11', '12', '13')",
        broken="closed(admitted_on)",
        source="assumed",
    ),
    Law(
        name="hospital_principal_first",
        says="Every spell has one principal diagnosis.",
        among="""(
            SELECT spell_no, count(*) FILTER (diagnosis_no = 1) AS n
            FROM hospital_spells LEFT JOIN hospital_diagnoses USING (spell_no) GROUP BY spell_no
        )""",
        broken="n <> 1",
        source="PEDW data dictionary",
    ),
    Law(
        name="icd_external_never_principal",
        says="An external cause is never the principal diagnosis.",
        among=_CODED,
        where="diagnosis_no = 1",
        broken="icd10[1] IN ('V', 'W', 'X', 'Y')",
        source="NHS clinical coding standards",
    ),
    Law(
        name="icd_injury_has_cause",
        says="An injury as principal diagnosis has an external cause beside it.",
        among="""(
            SELECT spell_no, bool_or(diagnosis_no = 1 AND icd10[1] IN ('S', 'T')) AS injured,
                bool_or(icd10[1] IN ('V', 'W', 'X', 'Y')) AS has_cause
            FROM hospital_diagnoses GROUP BY spell_no
        )""",
        where="injured",
        broken="NOT has_cause",
        source="NHS clinical coding standards",
    ),
    Law(
        name="icd_one_intent",
        says="One injury is not at once an assault and self-harm.",
        among="""(
            SELECT spell_no, bool_or(icd10 >= 'X60' AND icd10 < 'X85') AS oneself,
                bool_or(icd10 >= 'X85' AND icd10 < 'Y10') AS another
            FROM hospital_diagnoses GROUP BY spell_no
        )""",
        broken="oneself AND another",
        source="NHS clinical coding standards",
    ),
    Law(
        name="icd_retired",
        says="No code is used that was retired: K359 is now K353 or K358.",
        among=_CODED,
        broken="icd10 = 'K359'",
        source="ICD-10, fifth edition",
    ),
    Law(
        name="icd_covid_date",
        says="COVID-19 has no code before 2020.",
        among=_CODED,
        where="icd10 IN ('U071', 'U072')",
        broken="admitted_on < DATE '2020-02-01'",
        source="WHO",
    ),
    _organ(
        "prostate",
        "Nobody but men has a prostate: N40-N42, C61.",
        "icd10[1:3] IN ('N40', 'N41', 'N42', 'C61')",
        2,
    ),
    _organ(
        "testis",
        "Nobody but men has diseases of testis and penis: C60, C62, N43-N50, Q53-Q55.",
        "icd10[1:3] IN ('C60', 'C62', 'N43', 'N44', 'N45', 'N46', 'N47', 'N48', 'N49', 'Q53')",
        2,
    ),
    _organ(
        "womb",
        "Nobody but women has diseases of womb and ovary: C51-C58, N70-N98.",
        "icd10[1:3] BETWEEN 'C51' AND 'C58' OR icd10[1:3] BETWEEN 'N70' AND 'N98'",
        1,
    ),
    _organ(
        "pregnancy",
        "No man is pregnant: chapter O, Z32-Z37.",
        "icd10[1] = 'O' OR icd10[1:3] BETWEEN 'Z33' AND 'Z37'",
        1,
    ),
    _ages(
        "pregnancy_age",
        "Pregnancy is between 11 and 58.",
        "icd10[1] = 'O'",
        "NOT BETWEEN 11 AND 58",
    ),
    _ages(
        "newborn",
        "Conditions of the newborn, and liveborn infants, are under one year old.",
        "icd10[1:3] BETWEEN 'P00' AND 'P96' OR icd10[1:3] = 'Z38'",
        ">= 1",
    ),
    _ages("cataract", "No senile cataract under 40.", "icd10[1:3] = 'H25'", "< 40"),
    _ages(
        "cataract_other", "No other cataract under 20, bar injuries.", "icd10[1:3] = 'H26'", "< 20"
    ),
    _ages(
        "dementia",
        "No dementia under 40.",
        "icd10[1:3] BETWEEN 'F00' AND 'F03' OR icd10[1:3] = 'G30'",
        "< 40",
    ),
    _ages(
        "lung_disease",
        "No chronic obstructive pulmonary disease under 30.",
        "icd10[1:3] = 'J44'",
        "< 30",
    ),
    _ages("heart_attack", "No heart attack under 18.", "icd10[1:3] IN ('I21', 'I22')", "< 18"),
    _ages(
        "joint",
        "No osteoarthritis of hip or knee under 30.",
        "icd10[1:3] IN ('M16', 'M17')",
        "< 30",
    ),
    _ages("breast", "No breast cancer under 18.", "icd10[1:3] = 'C50'", "< 18"),
    _ages("stroke_age", "No cerebral infarction under 16.", "icd10[1:3] IN ('I63', 'I64')", "< 16"),
    _ages("bronchiolitis", "Bronchiolitis is under two years.", "icd10[1:3] = 'J21'", "> 2"),
    _ages("febrile_fit", "Febrile convulsions end by seven.", "icd10[1:4] = 'R560'", "> 7"),
    _ages("old_age", "Senility is not coded under 80.", "icd10[1:3] = 'R54'", "< 75"),
    _ages("prostate_age", "No enlarged prostate under 35.", "icd10[1:3] = 'N40'", "< 35"),
    _ages(
        "self_harm_age",
        "Self-harm is not coded under eight.",
        "icd10 >= 'X60' AND icd10 < 'X85'",
        "< 8",
        "NHS coding practice",
    ),
    _ages(
        "hip_fracture",
        "No fracture of the neck of the femur under two.",
        "icd10[1:4] IN ('S720', 'S721', 'S722')",
        "< 2",
        "assumed",
    ),
    Law(
        name="specialty_children",
        says="Paediatrics is for people under 19.",
        among=_SPELLS,
        where="specialty = '420'",
        broken="age(date_of_birth, admitted_on) > 18",
        source="NHS Data Dictionary",
    ),
    Law(
        name="specialty_elderly",
        says="Geriatric medicine is for people over 60.",
        among=_SPELLS,
        where="specialty = '430'",
        broken="age(date_of_birth, admitted_on) < 60",
        source="NHS Data Dictionary",
    ),
    Law(
        name="specialty_maternity",
        says="Obstetrics and midwifery are for women.",
        among=_SPELLS,
        where=f"specialty IN ('501', '560') AND {_OF_BIRTH}",
        broken="sex = '1'",
        source="NHS Data Dictionary",
    ),
    Law(
        name="maternity_method",
        says="Only women of 11 to 58 are admitted as maternity cases.",
        among=_SPELLS,
        where=f"admission_method IN ('31', '32') AND {_OF_BIRTH}",
        broken="sex = '1' OR age(date_of_birth, admitted_on) NOT BETWEEN 11 AND 58",
        source="NHS Data Dictionary",
    ),
    Law(
        name="birth_mother_there",
        says="A baby born in hospital has a mother who lies at the same site on that day.",
        among="""(
            SELECT baby.spell_no, count(mother.spell_no) AS n FROM hospital_spells AS baby
            LEFT JOIN hospital_spells AS mother ON mother.hospital_no = baby.mother_no
                AND mother.site_code = baby.site_code AND mother.admission_method = '31'
                AND baby.admitted_on BETWEEN mother.admitted_on
                    AND coalesce(mother.discharged_on, baby.admitted_on)
            WHERE baby.admission_method = '82' GROUP BY baby.spell_no
        )""",
        broken="n = 0",
        source="NHS Data Dictionary",
    ),
    Law(
        name="birth_true_mother",
        says="The mother of a birth is a parent of the child.",
        among="""(
            SELECT bool_or(noted = person_id) AS known FROM hospital_spells
            JOIN (
                SELECT record_id AS hospital_no, person_id AS child
                FROM people_of('hospital', 'patients')
            ) USING (hospital_no)
            JOIN (
                SELECT record_id AS mother_no, person_id AS noted
                FROM people_of('hospital', 'patients')
            ) USING (mother_no)
            JOIN truth_relationships ON other_id = child AND relation = 'parent'
            GROUP BY spell_no
        )""",
        broken="NOT known",
        source="Births and Deaths Registration Act 1953",
    ),
    Law(
        name="birth_outcome_mothers",
        says="The outcome of a delivery stands with the mother, the birth with the baby.",
        among="hospital_diagnoses JOIN hospital_spells USING (spell_no)",
        where="icd10[1:3] IN ('Z37', 'Z38')",
        broken="(icd10[1:3] = 'Z37') <> (admission_method = '31')",
        source="NHS clinical coding standards",
    ),
    Law(
        name="birth_planned_section",
        says="No caesarean section is planned for a weekend or a bank holiday.",
        among="hospital_diagnoses JOIN hospital_spells USING (spell_no)",
        where="icd10 = 'O820'",
        broken="closed(admitted_on)",
        source="assumed",
    ),
    Law(
        name="icd_appendix_once",
        says="Nobody has appendicitis twice.",
        among="""(
            SELECT who.person_id, count(*) AS n FROM hospital_diagnoses
            JOIN hospital_spells USING (spell_no)
            JOIN people_of('hospital', 'patients') AS who ON record_id = hospital_no
            WHERE icd10[1:3] = 'K35' AND diagnosis_no = 1 GROUP BY who.person_id
        )""",
        broken="n > 1",
        source="well known",
    ),
    Law(
        name="birth_method",
        says="Only the newborn are admitted by birth.",
        among=_SPELLS,
        where="admission_method IN ('82', '83')",
        broken="admitted_on - born(date_of_birth) > 1",
        source="NHS Data Dictionary",
    ),
    Law(
        name="spell_from_department",
        says="Who is admitted through a department attended it, up to four days before.",
        among="hospital_spells",
        where="admission_method = '21'",
        broken=f"""spell_no NOT IN (
            SELECT spell_no FROM {_OF_PEOPLE}
            JOIN (
                ed_attendances
                JOIN people_of('ed', 'attendances') AS seen ON seen.record_id = attendance_no
            ) ON seen.person_id = who.person_id
            WHERE admitted_on - arrived_at::DATE BETWEEN 0 AND 4
                AND disposal IN ('admitted', 'transferred', 'died')
        )""",
        source="PEDW data dictionary",
    ),
)
