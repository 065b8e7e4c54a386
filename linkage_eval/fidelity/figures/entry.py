"""Agreement of records of the same person, and missing values in them.

Pairs are true pairs, one for each person, and a field counts where both records have it. Text is
compared in capitals, without accents, spaces or marks, as the studies behind the figures did.
"""

VIEWS = {
    # The last attendance of each person beside the person's registration with a practice, where
    # both bear the same NHS number, by which the study had known them for one person. Babies who
    # had no name yet are left out: nobody in the study was so young.
    "nhs_pairs": """
    WITH people AS (
        SELECT source, record_id, person_id FROM truth_record_persons
        WHERE source IN ('ed', 'gp')
    ), attended AS (
        SELECT person_id, arg_max(attendance_no, (arrived_at, attendance_no)) AS attendance_no
        FROM ed_attendances JOIN people ON record_id = attendance_no AND source = 'ed'
        GROUP BY person_id
    ), ed AS (
        SELECT person_id, arrived_at, nullif(plain(surname), 'UNKNOWN') AS surname,
            nullif(plain(forename), 'UNKNOWN') AS forename, sex, date_of_birth,
            plain(postcode) AS postcode, nhs_number
        FROM attended JOIN ed_attendances USING (attendance_no)
    ), gp AS (
        SELECT person_id, nullif(plain(surname), 'UNKNOWN') AS surname,
            nullif(plain(forename), 'UNKNOWN') AS forename, sex, date_of_birth,
            plain(postcode) AS postcode, nhs_number
        FROM gp_registrations JOIN people ON record_id = registration_no AND source = 'gp'
    )
        SELECT truth_persons.sex AS true_sex, ed, gp,
            left(ed.postcode, -2) = left(gp.postcode, -2)
                AND ed.postcode <> gp.postcode AS same_sector,
            ed.surname = gp.forename AND ed.forename = gp.surname
                AND ed.surname <> ed.forename AS swapped
        FROM ed JOIN gp USING (person_id, nhs_number) JOIN truth_persons USING (person_id)
        WHERE arrived_at >= birth_date + INTERVAL 6 WEEK
    """,
    # Nominals that bear another name, or birth date, of the person's own or invented.
    "police_aliases": """
        WITH told AS (
            SELECT source, record_id, fault, "column" FROM truth_entry_faults
            WHERE fault IN ('alias_given', 'birth_date_lied', 'former_name', 'short_form',
                'other_language')
            UNION ALL
            SELECT source, record_id, 'former_name', "column" FROM truth_stale_values
        )
        SELECT source, record_id AS nominal_ref,
            bool_or(regexp_matches("column", 'name')) AS by_name,
            bool_or("column" IN ('dob', 'born')) AS by_birth
        FROM told WHERE source LIKE 'police/%' AND (
            regexp_matches("column", '^(sur|fore|family_|given_)name')
            OR fault IN ('alias_given', 'birth_date_lied'))
        GROUP BY ALL
    """,
    # One pair of nominals for each person who has several, in one force or two.
    "police_pairs": """
    WITH people AS (
        SELECT record_id, source, person_id FROM truth_record_persons
        WHERE source LIKE 'police/%' AND "table" IN ('nominals', 'persons')
    ), nominals AS (
        SELECT person_id, nominal_ref, plain(surname) AS surname,
            plain(forename_1) AS forename,
            plain(forename_2) AS middle_name, dob, plain(postcode) AS postcode,
            coalesce(by_name, false) AS by_name, coalesce(by_birth, false) AS by_birth,
            coalesce(try_strptime(dob, ['%d/%m/%Y', '%Y-%m-%d', '%d-%m-%Y', '%d.%m.%Y']))::DATE
                AS born
        FROM police_nominals JOIN people
            ON record_id = nominal_ref AND people.source = 'police/' || force
        LEFT JOIN police_aliases USING (nominal_ref, source)
    ), ends AS (
        SELECT person_id, min(nominal_ref) AS one_ref, max(nominal_ref) AS other_ref
        FROM nominals GROUP BY person_id HAVING count(*) > 1
    )
        SELECT one, other, one.forename || ' ' || one.surname AS one_name,
            other.forename || ' ' || other.surname AS other_name,
            one_name = other_name AS name_equal,
            other.surname || ' ' || other.forename = one_name
                AND one.surname <> one.forename AS reversed,
            one.dob = other.dob AS born_equal,
            one.by_name OR other.by_name AS by_name, one.by_birth OR other.by_birth AS by_birth,
            one.postcode = other.postcode AS home_equal,
            left(one.postcode, if(length(one.postcode) > 4, -3, 4))
                = left(other.postcode, if(length(other.postcode) > 4, -3, 4)) AS outcode_equal
        FROM ends JOIN nominals AS one ON one.nominal_ref = one_ref
        JOIN nominals AS other ON other.nominal_ref = other_ref
    """,
}

QUERIES = {
    "nhs_names": """
        SELECT 'nhs_forename_differs_' || if(true_sex = 'F', 'women', 'men') AS key,
            count(*) FILTER (ed.forename <> gp.forename AND NOT swapped) AS hits,
            count(ed.forename <> gp.forename) AS n
        FROM nhs_pairs GROUP BY true_sex
        UNION ALL
        SELECT 'nhs_surname_differs_' || if(true_sex = 'F', 'women', 'men'),
            count(*) FILTER (ed.surname <> gp.surname AND NOT swapped),
            count(ed.surname <> gp.surname)
        FROM nhs_pairs GROUP BY true_sex
        UNION ALL
        SELECT 'nhs_names_out_of_order', count(*) FILTER (swapped), count(swapped) FROM nhs_pairs
    """,
    "nhs_other": """
        SELECT 'nhs_birth_date_differs' AS key,
            count(*) FILTER (ed.date_of_birth <> gp.date_of_birth) AS hits, count(*) AS n
        FROM nhs_pairs WHERE ed.date_of_birth IS NOT NULL AND gp.date_of_birth IS NOT NULL
            AND '1900-01-01' NOT IN (ed.date_of_birth, gp.date_of_birth)
        UNION ALL
        SELECT 'nhs_sex_differs', count(*) FILTER (ed.sex <> gp.sex), count(*)
        FROM nhs_pairs WHERE ed.sex IN ('1', '2') AND gp.sex IN ('1', '2')
        UNION ALL
        SELECT 'nhs_postcode_sector_only', count(*) FILTER (same_sector), count(same_sector)
        FROM nhs_pairs
        UNION ALL
        SELECT 'nhs_postcode_differs',
            count(*) FILTER (ed.postcode <> gp.postcode AND NOT same_sector),
            count(ed.postcode <> gp.postcode)
        FROM nhs_pairs
    """,
    "police_names": """
        WITH judged AS (
            SELECT name_equal, reversed, by_name, NOT name_equal AND NOT reversed
                AND jaro_winkler_similarity(one_name, other_name) >= 0.9 AS near
            FROM police_pairs WHERE name_equal IS NOT NULL
        )
        SELECT 'police_name_equal' AS key, count(*) FILTER (name_equal) AS hits, count(*) AS n
        FROM judged
        UNION ALL
        SELECT 'police_name_near', count(*) FILTER (near), count(*) FROM judged
        UNION ALL
        SELECT 'police_name_reversed', count(*) FILTER (reversed AND NOT name_equal), count(*)
        FROM judged
        UNION ALL
        SELECT 'police_name_alias',
            count(*) FILTER (by_name AND NOT name_equal AND NOT near AND NOT reversed), count(*)
        FROM judged
        UNION ALL
        SELECT 'police_middle_name_equal',
            count(*) FILTER (one.middle_name = other.middle_name),
            count(one.middle_name = other.middle_name)
        FROM police_pairs WHERE one.middle_name <> '' AND other.middle_name <> ''
    """,
    "police_other": """
        SELECT 'police_birth_date_equal' AS key,
            count(*) FILTER (born_equal) AS hits, count(born_equal) AS n
        FROM police_pairs
        UNION ALL
        SELECT 'police_birth_date_one_edit', count(*) FILTER (
            NOT born_equal AND one.dob[7:9] = other.dob[7:9]
            AND damerau_levenshtein(one.dob, other.dob) = 1), count(born_equal)
        FROM police_pairs
        UNION ALL
        SELECT 'police_birth_date_alias', count(*) FILTER (by_birth AND NOT born_equal),
            count(born_equal)
        FROM police_pairs
        UNION ALL
        SELECT 'police_birth_date_within_five_years', count(*) FILTER (
            NOT born_equal AND NOT by_birth
            AND NOT (one.dob[7:9] = other.dob[7:9] AND damerau_levenshtein(one.dob, other.dob) = 1)
            AND abs(date_diff('day', one.born, other.born)) <= 5 * 365.25), count(born_equal)
        FROM police_pairs
        UNION ALL
        SELECT 'police_postcode_equal', count(*) FILTER (home_equal), count(home_equal)
        FROM police_pairs
        UNION ALL
        SELECT 'police_outcode_only', count(*) FILTER (outcode_equal AND NOT home_equal),
            count(home_equal)
        FROM police_pairs
        UNION ALL
        SELECT 'police_postcode_differs', count(*) FILTER (NOT outcode_equal AND NOT home_equal),
            count(home_equal)
        FROM police_pairs
    """,
    "hospital_gaps": """
        SELECT 'hospital_nhs_number_untraced' AS key,
            count(*) FILTER (NOT coalesce(regexp_full_match(nhs_number, '[0-9]{10}'), false))
                AS hits,
            count(*) AS n
        FROM hospital_patients
        UNION ALL
        SELECT 'hospital_sex_or_birth_date_wrong', (
            SELECT count(DISTINCT record_id) FROM truth_entry_faults
            WHERE source = 'hospital' AND "column" IN ('sex', 'date_of_birth')), count(*)
        FROM hospital_patients
    """,
    # Of each person the patient and the registration confirmed last, as a registry matches them.
    "gp_hospital": """
        WITH patients AS (
            SELECT person_id, arg_max(patient, (updated_on, hospital_no)) AS h
            FROM hospital_patients AS patient JOIN truth_record_persons
                ON source = 'hospital' AND record_id = hospital_no
            GROUP BY person_id
        ), registered AS (
            SELECT person_id, arg_max(registration, (updated_on, registration_no)) AS g
            FROM gp_registrations AS registration JOIN truth_record_persons
                ON source = 'gp' AND record_id = registration_no
            GROUP BY person_id
        ), compared AS (
            SELECT try_strptime(h.date_of_birth, '%d/%m/%Y')::DATE AS born,
                try_cast(g.date_of_birth AS DATE) AS g_born,
                [day(born) = day(g_born), month(born) = month(g_born), year(born) = year(g_born),
                    h.sex = g.sex, plain(h.postcode) = plain(g.postcode)] AS same
            FROM patients JOIN registered USING (person_id)
        ), listed AS (
            SELECT unnest(['birth_day', 'birth_month', 'birth_year', 'sex', 'postcode']) AS field,
                unnest(same) AS agrees
            FROM compared
        )
        SELECT 'gp_hospital_' || field || '_agrees' AS key, count(*) FILTER (agrees) AS hits,
            count(agrees) AS n
        FROM listed GROUP BY field
    """,
    "ed_gaps": """
        SELECT 'ed_nhs_number_usable' AS key,
            count(*) FILTER (regexp_full_match(nhs_number, '[0-9]{10}')
                AND date_of_birth IS NOT NULL) AS hits,
            count(*) AS n
        FROM ed_attendances
        UNION ALL
        SELECT 'ed_ethnic_group_missing', count(*) FILTER (ethnic_category IS NULL), count(*)
        FROM ed_attendances
        UNION ALL
        SELECT 'ed_assault_place_given', count(assault_location_type), count(*)
        FROM ed_attendances WHERE attendance_group = '11'
        UNION ALL
        SELECT 'ed_assault_method_given', count(assault_method), count(*)
        FROM ed_attendances WHERE attendance_group = '11'
        UNION ALL
        SELECT 'ed_assault_time_given', count(assaulted_at), count(*)
        FROM ed_attendances WHERE attendance_group = '11'
    """,
    "ed_coding": """
        SELECT 'ed_assault_coded' AS key, count(*) FILTER (attendance_group = '11') AS hits,
            count(*) AS n
        FROM ed_attendances JOIN truth_record_incidents ON record_id = attendance_no
        WHERE source = 'ed'
    """,
    # The register is that of the study's end, by when some have died or left.
    "gp_gaps": """
        SELECT 'gp_registered' AS key, count(*) FILTER (person_id IN (
                SELECT person_id FROM truth_record_persons WHERE source = 'gp')) AS hits,
            count(*) AS n
        FROM residents JOIN truth_persons USING (person_id)
        WHERE death_date IS NULL AND EXISTS (FROM gp_registrations) AND person_id NOT IN (
            SELECT person_id FROM truth_addresses WHERE cause = 'departure')
        UNION ALL
        SELECT 'gp_domestic_abuse_coded', count(*) FILTER (
            read_code IN (SELECT read_code FROM ref_read_codes WHERE about = 'domestic')), count(*)
        FROM gp_events JOIN truth_record_incidents ON record_id = event_no AND source = 'gp'
        JOIN truth_incidents USING (incident_id) WHERE kind IN ('partner', 'family')
            AND read_code NOT IN (
                SELECT read_code FROM ref_read_codes WHERE about = 'police_report')
    """,
    "police_gaps": """
        WITH met AS (
            SELECT DISTINCT nominals.*, role FROM police_nominals AS nominals
            JOIN police_occurrence_nominals USING (nominal_ref, force)
        )
        SELECT printf('police_%s_birth_date_missing', role) AS key,
            count(*) FILTER (dob IS NULL) AS hits, count(*) AS n
        FROM met GROUP BY role
        UNION ALL
        SELECT printf('police_%s_ethnic_group_missing', role),
            count(*) FILTER (ethnicity IS NULL), count(*)
        FROM met GROUP BY role
        UNION ALL
        SELECT printf('police_%s_address_missing', role),
            count(*) FILTER (postcode IS NULL OR street IS NULL), count(*)
        FROM met GROUP BY role
        UNION ALL
        SELECT 'police_birth_date_placeholder', count(*) FILTER (dob = '01/01/1900'), count(dob)
        FROM police_nominals
        UNION ALL
        SELECT 'police_birth_date_1_january',
            count(*) FILTER (dob LIKE '01/01/%' AND dob <> '01/01/1900'), count(dob)
        FROM police_nominals
    """,
}
