"""How few places hold violence: neighbourhoods, licensed premises, homes.

Night violence in public and violence in premises are those of the truth (`truth/events`); recorded
violence lies where the police wrote that it did (`police/*/occurrences`). All are of the whole
population: a sample has fewer acts, which lie in fewer places. So they are not judged on a sample.

The law of crime concentration (Weisburd: a quarter of crime in 1.25 % of street segments, half in
4.5 %) is no figure here: six streets stand for all of a neighbourhood. The shares of the busiest
20 neighbourhoods and ten premises have no published figure; `benchmarks/bench_violence.py` prints
them.
"""


def _ranked(placed: str) -> str:
    """Rank neighbourhoods by what they hold; `held` is the share of it and of all before."""
    return f"""
        WITH placed AS ({placed}), counted AS (
            SELECT what, lsoa_code, count(placed.lsoa_code) AS number
            FROM areas_inside CROSS JOIN (SELECT DISTINCT what FROM placed)
            LEFT JOIN placed USING (what, lsoa_code) GROUP BY ALL
        )
        SELECT what, lsoa_code, number,
            sum(number) OVER ranks / sum(number) OVER (PARTITION BY what) AS held,
            count(*) OVER (PARTITION BY what) AS places
        FROM counted WINDOW ranks AS (
            PARTITION BY what ORDER BY number DESC, lsoa_code ROWS UNBOUNDED PRECEDING)
    """


def _holding(ranked: str) -> str:
    """Count the neighbourhoods that hold a quarter and a half."""
    return f"""
        SELECT printf('lsoas_hold_%d_%%_of_%s', share, what) AS key,
            count(*) FILTER (held < share / 100) + 1 AS hits, any_value(places) AS n,
            any_value(whole) AS whole, any_value(everybody) AS everybody
        FROM {ranked}, covering, (VALUES (25), (50)) AS shares (share)
        GROUP BY what, share
    """


VIEWS = {
    # The first day of the study's last year; in the first, pubs and clubs were shut.
    "year_counted": """
        SELECT start_date + to_days(((years - 1) * 365.25)::INT) AS since FROM study
    """,
    # The number of people of the areas, if a part of them is simulated.
    "covering": """
        SELECT sampled >= 0.999 * total AS whole, if(whole, NULL, total) AS everybody
        FROM (SELECT count(*) AS sampled FROM residents),
            (SELECT sum(persons)::DOUBLE AS total FROM truth_population)
    """,
    "areas_inside": """
        SELECT lsoa_code FROM truth_neighbourhoods WHERE inside
    """,
    "public_nights": """
        SELECT event_id, lsoa_code FROM truth_events
        WHERE site_kind <> 'home' AND hour(occurred_at) NOT BETWEEN 6 AND 17
            AND event_id IN (SELECT event_id FROM truth_incidents WHERE kind <> 'harassment')
    """,
    "recorded_violence": """
        SELECT occurrence_no, force, lsoa_code, domestic_flag FROM own_occurrences
        JOIN ref_offence_codes ON offence_code = code
        WHERE category = 'crime' AND offence_group IN ('VWI', 'VWOI', 'S&H')
    """,
    "nights_ranked": _ranked("SELECT 'night_violence' AS what, lsoa_code FROM public_nights"),
    "recorded_ranked": _ranked("""
        SELECT 'recorded_violence' AS what, lsoa_code FROM recorded_violence
        UNION ALL SELECT 'recorded_domestic_violence', lsoa_code FROM recorded_violence
            WHERE domestic_flag
    """),
    # Licensed premises of the areas: the table has bars among the pubs, and a fifth as many
    # nightclubs as premises that are open late (see `synth.setting.siting`).
    "premises_there": """
        SELECT sum(pubs_and_bars + round(0.2 * open_late))::DOUBLE AS premises
        FROM ref_facilities JOIN ref_local_authorities USING (la_code)
        WHERE name IN (SELECT local_authority FROM truth_neighbourhoods WHERE inside)
    """,
    "premises_ranked": """
        WITH counted AS (
            SELECT latitude, longitude, count(DISTINCT event_id) AS number
            FROM truth_events JOIN truth_incidents USING (event_id, occurred_at, lsoa_code),
                year_counted
            WHERE site_kind IN ('pub', 'bar', 'nightclub') AND police_status = 'recorded'
                AND lsoa_code IN (FROM areas_inside) AND occurred_at >= since
                AND EXISTS (FROM police_occurrences)
            GROUP BY latitude, longitude
        )
        SELECT number, sum(number) OVER ranks / sum(number) OVER () AS held FROM counted
        WINDOW ranks AS (ORDER BY number DESC, latitude, longitude ROWS UNBOUNDED PRECEDING)
    """,
}

QUERIES = {
    "nights": _holding("nights_ranked"),
    "recorded": _holding("recorded_ranked"),
    "premises": """
        SELECT 'licensed_premises_without_recorded_violence' AS key,
            premises - (SELECT count(*) FROM premises_ranked) AS hits, premises AS n, whole,
            everybody
        FROM premises_there, covering
        UNION ALL
        SELECT printf('licensed_premises_hold_%d_%%_of_theirs', share),
            (SELECT count(*) FILTER (held < share / 100) + 1 FROM premises_ranked), premises, whole,
            everybody
        FROM premises_there, covering, (VALUES (50), (80)) AS shares (share)
    """,
    # Homes of victims of recorded domestic incidents in the last year (`truth/incidents`).
    "homes": """
        WITH homes AS (
            SELECT household_id, count(DISTINCT event_id) AS times
            FROM harmed JOIN residents ON victim_id = person_id, year_counted
            WHERE survey_group = 'domestic' AND police_status = 'recorded'
                AND occurred_at >= since AND EXISTS (FROM police_occurrences)
            GROUP BY household_id
        )
        SELECT 'homes_with_repeated_domestic_abuse' AS key, count(*) FILTER (times > 1) AS hits,
            count(*) AS n
        FROM homes
    """,
}
