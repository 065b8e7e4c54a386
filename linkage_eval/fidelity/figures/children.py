"""Children as services and schools count them, by the agencies' own tables."""

VIEWS = {
    # Services count on 31 March: the last one in the study.
    "counting_day": """
        SELECT max(day) AS day FROM (
            SELECT make_date(year(start_date) + number::INT, 3, 31) AS day, start_date, years
            FROM study, range(12) AS numbers (number)
        )
        WHERE day >= start_date AND day < start_date + to_days((years * 365.25)::INT)
    """,
    "minors": """
        WITH housed AS (
            SELECT person_id FROM truth_addresses, counting_day WHERE valid_from <= day
            GROUP BY person_id HAVING arg_max(cause, valid_from) <> 'departure'
        )
        SELECT person_id FROM truth_persons JOIN housed USING (person_id), counting_day
        WHERE sampled AND birth_date <= day AND birth_date > day - INTERVAL 18 YEAR
            AND coalesce(death_date > day, true)
    """,
    "cared_for": """
        SELECT child_id, need_code FROM social_care_plans, counting_day
        WHERE started_on <= day AND coalesce(ended_on > day, true)
    """,
    "housed_by_care": """
        SELECT child_id, legal_status FROM social_care_looked_after, counting_day
        WHERE started_on <= day AND coalesce(ended_on > day, true)
    """,
    "placed": """
        SELECT child_id, placement, carer_no FROM social_care_placements, counting_day
        WHERE started_on <= day AND coalesce(ended_on > day, true)
    """,
    # Of the children who are looked after, with whom else of their household.
    "in_care_with": """
        WITH told AS (
            SELECT placed.*, person_id, household_id FROM placed
            JOIN truth_record_persons ON record_id = child_id AND source = 'social_care'
            JOIN truth_persons USING (person_id)
        )
        SELECT any_value(one.household_id) AS household_id, count(other.person_id) > 0 AS sibling,
            coalesce(bool_or(other.carer_no = one.carer_no), false) AS together
        FROM told AS one LEFT JOIN told AS other
            ON one.household_id = other.household_id AND one.person_id <> other.person_id
        GROUP BY one.person_id
    """,
    "taught": """
        SELECT phase, language_medium, religious_character, residents.local_authority
        FROM education_pupils JOIN education_schools USING (school_code)
        JOIN truth_record_persons ON record_id = pupil_no AND source = 'education'
        JOIN residents USING (person_id)
    """,
    "registered": """
        SELECT child_id FROM social_care_child_protection, counting_day
        WHERE started_on <= day AND coalesce(ended_on > day, true)
    """,
    # Sessions of a school year by phase; so many independent draws have the same sampling error.
    "sessions": """
        SELECT if(year_group IN ('7', '8', '9', '10', '11'), 'secondary', 'primary') AS phase,
            sessions_possible AS possible, (sessions_authorised + sessions_unauthorised)
                / sessions_possible AS missed
        FROM education_attendance WHERE sessions_possible > 0
    """,
}

QUERIES = {
    "in_care": """
        SELECT 'receiving_care_and_support' AS key,
            (SELECT count(DISTINCT child_id) FROM cared_for) AS hits, count(*) AS n FROM minors
        UNION ALL
        SELECT 'looked_after', (SELECT count(DISTINCT child_id) FROM housed_by_care), count(*)
        FROM minors
        UNION ALL
        SELECT 'on_protection_register', (SELECT count(DISTINCT child_id) FROM registered), count(*)
        FROM minors
    """,
    "needs": """
        SELECT 'care_and_support_abuse_or_neglect' AS key,
            count(*) FILTER (need_code = 'N1') AS hits, count(*) AS n
        FROM cared_for
    """,
    "looked_after": """
        SELECT 'looked_after_on_care_order' AS key,
            count(*) FILTER (legal_status IN ('C1', 'C2')) AS hits, count(*) AS n
        FROM housed_by_care
        UNION ALL
        SELECT 'looked_after_in_foster_care', count(*) FILTER (placement IN ('F1', 'F2')), count(*)
        FROM placed
    """,
    # As many families are drawn as have a child in care.
    "siblings_in_care": """
        SELECT 'looked_after_with_a_sibling' AS key,
            avg(sibling::INT) * count(DISTINCT household_id) AS hits,
            count(DISTINCT household_id) AS n
        FROM in_care_with
        UNION ALL
        SELECT 'looked_after_siblings_together',
            avg(together::INT) * count(DISTINCT household_id), count(DISTINCT household_id)
        FROM in_care_with WHERE sibling
    """,
    "registrations": """
        SELECT 'registered_under_5' AS key,
            count(*) FILTER (started_on < birth_date + INTERVAL 5 YEAR) AS hits, count(*) AS n
        FROM social_care_child_protection
        JOIN truth_record_persons ON record_id = child_id AND source = 'social_care'
        JOIN truth_persons USING (person_id), study WHERE started_on >= start_date
    """,
    "media": """
        SELECT 'primary_pupils_in_welsh_medium' AS key, local_authority AS area,
            count(*) FILTER (language_medium = 'WM') AS hits, count(*) AS n
        FROM taught WHERE phase = 'P' GROUP BY ROLLUP (local_authority)
        UNION ALL
        SELECT 'primary_pupils_in_faith_schools', null,
            count(*) FILTER (religious_character <> 'none'), count(*)
        FROM taught WHERE phase = 'P'
        UNION ALL
        SELECT 'pupils_in_special_schools', null, count(*) FILTER (phase = 'X'), count(*)
        FROM taught
    """,
    # Free meals are counted from 5 to 15, additional needs among all pupils.
    "pupils": """
        SELECT 'free_school_meals' AS key, count(*) FILTER (fsm_eligible) AS hits, count(*) AS n
        FROM education_pupils WHERE year_group <> 'R'
        UNION ALL
        SELECT 'additional_learning_needs', count(aln_provision), count(*) FROM education_pupils
    """,
    "absence": """
        WITH summed AS (
            SELECT phase, sum(missed * possible) / sum(possible) AS share,
                share * (1 - share) * count(*) / var_pop(missed) AS draws
            FROM sessions GROUP BY phase
        )
        SELECT 'sessions_absent_' || phase AS key, share * draws AS hits, draws AS n
        FROM summed WHERE draws > 0
    """,
    # Ten half days are five days.
    "exclusions": """
        SELECT 'exclusions_up_to_5_days' AS key, count(*) AS hits, (
            SELECT count(*) FROM education_pupils) * any_value(years) AS n
        FROM education_exclusions, study WHERE sessions <= 10 HAVING count(*) > 0
    """,
}
