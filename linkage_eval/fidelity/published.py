"""The published side of every figure: the table `calibration`, and figures of other tables.

A figure without an interval of its own has equal `published`, `low` and `high`; the tolerance,
relative, widens whatever interval there is.
"""

from __future__ import annotations

import duckdb
import pyarrow as pa

# Figures for each area or name, from tables on which the simulation itself rests.
_FAMILIES = {
    "calibration": """
        SELECT key, section, area, published, low, high, unit, grade, tolerance, source
        FROM ref_calibration
    """,
    "residents and households": """
        SELECT what AS key, 'demography', area, number, number, number, 'count', 'A', 0.03,
            'Census 2021'
        FROM (
            UNPIVOT (
                SELECT name AS area, population AS residents, households
                FROM ref_local_authorities
                UNION ALL
                SELECT 'Wales', sum(population), sum(households) FROM ref_local_authorities
            ) ON residents, households INTO NAME what VALUE number
        )
    """,
    "size of household": """
        SELECT 'persons_a_household', 'demography', name, population / households,
            population / households, population / households, 'mean', 'A', 0.03, 'Census 2021'
        FROM ref_local_authorities
    """,
    "ages": """
        WITH summed AS (
            SELECT age_from, age_to, name AS area, sum(persons) AS persons
            FROM ref_ages JOIN ref_local_authorities USING (la_code)
            GROUP BY age_from, age_to, ROLLUP (name)
        ), shared AS (
            SELECT *, persons / sum(persons) OVER (PARTITION BY area) AS share FROM summed
        )
        SELECT printf('age_%d_%d', age_from, age_to), 'demography', coalesce(area, 'Wales'),
            share, share, share, 'share', 'A', 0.03, 'ONS mid-2020'
        FROM shared
    """,
    "sexes": """
        SELECT 'female', 'demography', name, females / (females + males),
            females / (females + males), females / (females + males), 'share', 'A', 0.03,
            'Census 2021'
        FROM ref_local_authorities
    """,
    "ethnic groups": """
        WITH summed AS (
            SELECT authorities.name AS area, sum(white) AS white, sum(asian) AS asian,
                sum(black) AS black, sum(mixed) AS mixed, sum(other) AS other
            FROM ref_lsoa JOIN ref_local_authorities AS authorities USING (la_code)
            GROUP BY ROLLUP (authorities.name)
        ), shared AS (
            SELECT coalesce(area, 'Wales') AS area, what,
                number / sum(number) OVER (PARTITION BY area) AS share
            FROM (UNPIVOT summed ON white, asian, black, mixed, other INTO NAME what VALUE number)
        )
        SELECT 'ethnic_' || what, 'demography', area, share, share, share, 'share', 'A', 0.03,
            'Census 2021'
        FROM shared
    """,
    # Smaller groups are left out: a household more or less is 3 % of them.
    "ethnic backgrounds": """
        WITH summed AS (
            SELECT name AS area, background, sum(persons) AS persons
            FROM ref_ethnic_backgrounds JOIN ref_local_authorities USING (la_code)
            GROUP BY background, ROLLUP (name)
        ), shared AS (
            SELECT *, persons / sum(persons) OVER (PARTITION BY area) AS share FROM summed
        )
        SELECT 'background_' || background, 'demography', coalesce(area, 'Wales'), share, share,
            share, 'share', 'A', 0.03, 'Census 2021'
        FROM shared WHERE persons >= 500
    """,
    "types of household": """
        SELECT printf('home_%d_adults_%d_children', adults, children), 'demography', 'Wales',
            share, share, share, 'share', grade, 0.03, 'StatsWales 2020'
        FROM ref_household_types
    """,
    # Counts of the five commonest are published; the next are assumed.
    "surnames": """
        SELECT 'surname_' || lower(surname), 'names', 'Wales', share, share, share, 'share',
            if(row_number() OVER (ORDER BY share DESC) <= 5, 'A', 'C'), 0.03,
            if(row_number() OVER (ORDER BY share DESC) <= 5, 'Forebears 2020', 'assumed')
        FROM ref_surnames ORDER BY share DESC LIMIT 20
    """,
    "given names of all lists": """
        WITH ranked AS (
            SELECT sex, cohort, share,
                row_number() OVER (PARTITION BY sex, cohort ORDER BY share DESC) AS place
            FROM ref_given_names WHERE cohort >= 1997
        ), covered AS (
            SELECT sex, cohort, size, sum(share ORDER BY place) AS share
            FROM ranked, (VALUES (10), (100)) AS sizes (size) WHERE place <= size GROUP BY ALL
        )
        SELECT printf('top_%d_given_names', size), 'names', 'Wales', mean, mean, mean, 'share',
            'A', 0.03, 'ONS baby names'
        FROM (
            SELECT size, avg(share ORDER BY sex, cohort) AS mean FROM covered GROUP BY size
        )
    """,
    "given names": """
        WITH ranked AS (
            SELECT sex, cohort, share,
                row_number() OVER (PARTITION BY sex, cohort ORDER BY share DESC) AS place
            FROM ref_given_names WHERE cohort >= 1997
        ), covered AS (
            SELECT sex, cohort, size, sum(share ORDER BY place) AS share
            FROM ranked, (VALUES (10), (100)) AS sizes (size) WHERE place <= size GROUP BY ALL
        )
        SELECT printf('top_%d_%s_%d', size, if(sex = 'F', 'girls', 'boys'), cohort), 'names',
            'Wales', share, share, share, 'share', 'A', 0.03, 'ONS baby names'
        FROM covered
    """,
}
SECTIONS = (
    "demography",
    "names",
    "violence",
    "severity",
    "company",
    "concentration",
    "repeats",
    "under-reporting",
    "ed",
    "police",
    "children",
    "services",
    "hard cases",
    "data entry",
    "joint shapes",
)


def published(connection: duckdb.DuckDBPyConnection) -> pa.Table:
    """Give every published figure.

    Parameters
    ----------
    connection
        A connection with the calibration tables as `ref_name` (see `views.opened`).

    Returns
    -------
    One row a figure: key, section, area, published, low, high, unit, grade, tolerance, source.
    """
    columns = "(key, section, area, published, low, high, unit, grade, tolerance, source)"
    parts = [f"(FROM ({sql}) AS family {columns})" for sql in _FAMILIES.values()]
    return connection.sql(" UNION ALL ".join(parts)).to_arrow_table().combine_chunks()
