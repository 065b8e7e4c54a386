"""Namesakes: people who share name and birthday with another, as a population grows.

No dataset is written: people are simulated with their names, and counted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
import pyarrow as pa

from darkfigure.linkage_eval.records.sql import query
from darkfigure.synth.core.arrays import Ints
from darkfigure.synth.lives.blocks import take_block
from darkfigure.synth.lives.life_courses import LifeCourses, plan_life_courses
from darkfigure.synth.lives.people import name_history
from darkfigure.synth.population import sample_households, take_census
from darkfigure.synth.scenario import Scenario
from darkfigure.synth.setting.geography import wales

Advance = Callable[[str, int, int], None]

SCHEMA = pa.schema(
    [
        pa.field("persons", pa.int64()),
        pa.field("namesakes", pa.int64()),
        pa.field("namesakes_per_million", pa.float64()),
        pa.field("same_birth_at_home", pa.int64()),
        pa.field("same_name_at_home", pa.int64()),
    ]
)
_BLOCK = 16_384  # households named together
_COUNTS = """
    WITH namesakes AS (
        SELECT count(*) AS alike FROM named GROUP BY surname, forename, birth_day
    ), births AS (
        SELECT count(*) AS alike FROM named WHERE at_home GROUP BY household, surname, birth_day
    ), names AS (
        SELECT count(*) AS alike FROM named WHERE at_home GROUP BY household, surname, forename
    )
    SELECT *, 1e6 * namesakes / persons AS namesakes_per_million
    FROM (SELECT count(*) AS persons FROM named),
        (SELECT coalesce(sum(alike), 0) AS namesakes FROM namesakes WHERE alike > 1),
        (SELECT coalesce(sum(alike), 0) AS same_birth_at_home FROM births WHERE alike > 1),
        (SELECT coalesce(sum(alike), 0) AS same_name_at_home FROM names WHERE alike > 1)
"""


def count_namesakes(
    scenario: Scenario, sizes: Sequence[int | None], advance: Advance | None = None
) -> pa.Table:
    """Count people who are easily taken for somebody else, in samples of several sizes.

    Parameters
    ----------
    scenario
        The scenario; its own size is not used.
    sizes
        Number of people of each sample; None is everybody. Each sample holds the smaller ones.
    advance
        Called with a text, the number of steps done, and their total.

    Returns
    -------
    One row a sample, smallest first, schema `SCHEMA`, on the day the study begins. `namesakes`
    share surname, first given name and date of birth with another of the sample;
    `same_birth_at_home` share surname and date of birth with somebody of their private household,
    as twins do; `same_name_at_home` surname and first given name, as fathers and sons do.

    Raises
    ------
    TargetError
        The scenario's areas have fewer people than a size asks for.
    """
    chance, geography = scenario.chance, wales()
    lsoas = geography.select(scenario.areas)
    census = take_census(geography, lsoas, scenario.population, chance.stage("population"))
    everybody, drawn = len(census.household), chance.stage("sample")
    ordered = sorted({everybody if size is None else size for size in sizes})
    sample_households(census, ordered[-1], drawn)  # refuses a size that is too large early
    ways, stream = scenario.lives.ways, chance.stage("lives")
    life_courses = plan_life_courses(census, geography, scenario.period, ways, stream)
    # The people of the largest hold all others.
    samples = [sample_households(life_courses.census, size, drawn) for size in ordered]
    tell = advance or _say_nothing
    named = pa.concat_tables(_named(scenario, life_courses, samples[-1], tell))
    household = named["household"].to_numpy()
    rows = [
        query(_COUNTS, named=named.filter(pa.array(np.isin(household, sample))))
        for sample in samples
    ]
    return pa.concat_tables(row.select(SCHEMA.names).cast(SCHEMA) for row in rows)


def _named(
    scenario: Scenario, life_courses: LifeCourses, households: Ints, advance: Advance
) -> Iterator[pa.Table]:
    """Name the people of some households, block by block, as of the study's first day."""
    stream, start = scenario.chance.stage("lives"), scenario.period.start
    blocks = range(0, len(households), _BLOCK)
    for done, first in enumerate(blocks):
        advance("naming people", done, len(blocks))
        block = take_block(life_courses, households[first : first + _BLOCK], start)
        history, _ = name_history(block, life_courses, scenario.lives, stream)
        row = np.flatnonzero(life_courses.census.resident[block.person[: block.residents]])
        version = history.at(row, np.full(len(row), start))
        yield pa.table(
            {
                "household": block.home[row],
                "at_home": block.home_kind[row] == 0,
                "birth_day": block.birth_day[row],
                "surname": history.value("surname", version).cast(pa.string()),
                "forename": history.value("forename", version).cast(pa.string()),
            }
        )


def _say_nothing(what: str, done: int, total: int) -> None:
    pass
