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
        SELECT child_id, legal_status, placement FROM social_care_looked_after, counting_day
        WHERE started_on <= day AND coalesce(ended_on > day, true)
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
        FROM housed_by_care
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
