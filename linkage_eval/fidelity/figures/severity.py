"""How grave violence is: admissions by age, sex, deprivation, day and means, and homicides.

Admissions by people are those of the truth (`truth/incidents`); their days and means are what
hospitals wrote (`hospital/spells`, `hospital/diagnoses`), as the published counts are of records.
Homicides are those of the truth.
"""

VIEWS = {
    # Days of the study that each of the sample lived as 10 to 14, and as 18 to 19.
    "days_at_age": """
        SELECT low, high, greatest(0, date_diff('day',
            greatest(start_date, birth_date + to_years(low)),
            least(start_date + to_days((years * 365.25)::INT), birth_date + to_years(high + 1))
        )) AS lived
        FROM residents, study, (VALUES (10, 14), (18, 19)) AS bands (low, high)
    """,
    "admitted": """
        SELECT harmed.*, deprivation_quintile AS fifth
        FROM harmed JOIN truth_persons ON victim_id = person_id
        WHERE admitted AND kind <> 'harassment'
    """,
    # Spells with an external cause of assault; the first three characters are the means.
    "admissions_coded": """
        SELECT spell_no, any_value(admitted_on) AS admitted_on, min(left(icd10, 3)) AS means
        FROM hospital_diagnoses JOIN hospital_spells USING (spell_no)
        WHERE left(icd10, 3) BETWEEN 'X85' AND 'Y09' GROUP BY spell_no
    """,
    "killed": """
        SELECT * FROM harmed WHERE severity = 'fatal'
    """,
}

QUERIES = {
    # A ratio of rates: events of the first group, of both, and the ratio of the days lived.
    "admitted_by_age": """
        WITH counted AS (
            SELECT low, sum(lived) AS lived, (
                SELECT count(*) FROM admitted WHERE age_then BETWEEN low AND any_value(high)
            ) AS hits
            FROM days_at_age GROUP BY low
        )
        SELECT 'admitted_18_to_19_against_10_to_14' AS key, old.hits AS hits,
            old.hits + young.hits AS n, old.lived / nullif(young.lived, 0) AS spread
        FROM counted AS old JOIN counted AS young ON old.low = 18 AND young.low = 10
    """,
    "admitted_by_sex": """
        SELECT 'admitted_male_against_female' AS key,
            (SELECT count(*) FROM admitted WHERE sex = 'M') AS hits,
            (SELECT count(*) FROM admitted) AS n,
            count(*) FILTER (sex = 'M') / count(*) FILTER (sex = 'F') AS spread
        FROM residents
    """,
    "admitted_by_deprivation": """
        SELECT 'admitted_most_against_least_deprived' AS key,
            (SELECT count(*) FROM admitted WHERE fifth = 1) AS hits,
            (SELECT count(*) FROM admitted WHERE fifth IN (1, 5)) AS n,
            count(*) FILTER (deprivation_quintile = 1)
                / nullif(count(*) FILTER (deprivation_quintile = 5), 0) AS spread
        FROM residents JOIN truth_persons USING (person_id)
    """,
    "admission_days": """
        SELECT 'assault_admissions_on_' || label AS key,
            count(*) FILTER (isodow(admitted_on) = day) AS hits, count(*) AS n
        FROM admissions_coded, (VALUES (6, 'saturday'), (7, 'sunday')) AS labels (day, label)
        GROUP BY label
    """,
    "admission_means": """
        SELECT 'assault_admissions_' || label AS key, count(*) FILTER (means = code) AS hits,
            count(*) AS n
        FROM admissions_coded,
            (VALUES ('X99', 'with_sharp_object'), ('Y04', 'by_bodily_force'))
                AS labels (code, label)
        GROUP BY label
    """,
    "homicides": """
        SELECT 'homicides' AS key, (SELECT count(*) FROM killed) AS hits,
            count(*) * any_value(years) AS n
        FROM residents, study
        UNION ALL
        SELECT 'homicide_victims_male', count(*) FILTER (sex = 'M'), count(*) FROM killed
        UNION ALL
        SELECT 'women_killed_by_partner_or_ex', count(*) FILTER (by_whom = 'partner_or_ex'),
            count(*)
        FROM killed WHERE sex = 'F' AND age_then >= 16
    """,
}
