"""How names and birthdays are spread, beside the published spread, and how fast people are named.

`python benchmarks/bench_names.py [PERSONS]` names so many people of Wales (300,000 by default).
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from darkfigure.linkage_eval.studies.namesakes import count_namesakes
from darkfigure.scenarios import load_scenario
from darkfigure.synth.core.arrays import Floats, Ints
from darkfigure.synth.lives.blocks import Block, take_block
from darkfigure.synth.lives.life_courses import LifeCourses, plan_life_courses
from darkfigure.synth.lives.people import name_history
from darkfigure.synth.population import sample_households, take_census
from darkfigure.synth.reference import load
from darkfigure.synth.scenario import Scenario
from darkfigure.synth.schema import ETHNIC_BACKGROUND
from darkfigure.synth.setting.geography import wales

PERSONS = 300_000
BLOCK = 16_384  # households named together
# Surnames and share of people by bearers, in a register of Wales with 3.1 million people; an
# estimate from the counts of England and Wales (270,000 surnames with five bearers or more, 2.4 %
# of people with a rarer one) and the concentration of Welsh names.
ESTIMATED = {
    "1": (58_000, 0.019),
    "2": (17_000, 0.011),
    "3 to 4": (13_200, 0.014),
    "5 to 9": (9_600, 0.020),
    "10 to 24": (6_300, 0.031),
    "25 to 99": (4_300, 0.068),
    "100 to 999": (2_470, 0.223),
    "1,000 and more": (316, 0.613),
}
EDGES = (1, 2, 3, 5, 10, 25, 100, 1_000)
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
EXTREMES = ("09-27", "09-26", "02-14", "10-31", "01-01", "12-24", "12-25", "12-26", "12-27")


def named(persons: int) -> tuple[pa.Table, float]:
    """Name people of Wales as of the first day of the study, and time it."""
    scenario, courses = _lived(load_scenario("wales"))
    chance, start = scenario.chance, scenario.period.start
    households = sample_households(courses.census, persons, chance.stage("sample"))
    tables, seconds = [], 0.0
    for block in _blocks(courses, households, start):
        begin = time.process_time()
        history, welsh = name_history(block, courses, scenario.lives, chance.stage("lives"))
        seconds += time.process_time() - begin
        row = np.flatnonzero(courses.census.resident[block.person[: block.residents]])
        version = history.at(row, np.full(len(row), start))
        names = {
            name: history.value(name, version).cast(pa.string())
            for name in ("forename", "middle_name", "surname")
        }
        own = {
            name: getattr(block, name)[row]
            for name in ("birth_day", "background", "lsoa", "sex", "household_id")
        }
        tables.append(pa.table({**names, **own, "welsh_surname": welsh[row]}))
    return pa.concat_tables(tables), seconds


def _lived(scenario: Scenario) -> tuple[Scenario, LifeCourses]:
    chance, geography = scenario.chance, wales()
    lsoas = geography.select(scenario.areas)
    census = take_census(geography, lsoas, scenario.population, chance.stage("population"))
    ways, stream = scenario.lives.ways, chance.stage("lives")
    return scenario, plan_life_courses(census, geography, scenario.period, ways, stream)


def _blocks(courses: LifeCourses, households: Ints, start: int) -> Iterator[Block]:
    for first in range(0, len(households), BLOCK):
        yield take_block(courses, households[first : first + BLOCK], start)


def show_surnames(people: pa.Table) -> None:
    """Print how many people bear the commonest surnames, and how many surnames are rare."""
    counts = np.sort(pc.value_counts(people["surname"].combine_chunks()).field("counts"))[::-1]
    total = counts.sum()
    print(f"{len(counts):,} surnames of {total:,} people")  # noqa: T201, the figures are the point
    for top in (1, 10, 100, 1_000):
        print(f"  the {top} commonest: {counts[:top].sum() / total:.3f}")  # noqa: T201, the figures are the point
    print("bearers: surnames, share of people (estimated for a register of 3.1 million)")  # noqa: T201, the figures are the point
    band = np.searchsorted(EDGES, counts, side="right") - 1
    for number, (text, (surnames, share)) in enumerate(ESTIMATED.items()):
        own = counts[band == number]
        print(f"  {text}: {len(own):,}, {own.sum() / total:.4f} ({surnames:,}, {share:.3f})")  # noqa: T201, the figures are the point
    double = pc.match_substring(people["surname"], "-").to_numpy(zero_copy_only=False)
    age = _age(people)
    for low, high in ((0, 10), (10, 20), (20, 40), (40, 60), (60, 110)):
        share = double[(age >= low) & (age < high)].mean()
        print(f"  double-barrelled from {low} to {high - 1} years: {share:.4f}")  # noqa: T201, the figures are the point
    prefixed = pc.match_substring_regex(people["surname"], "^(ap|ab|ferch) ")
    print(f"  ap, ab or ferch: {pc.mean(prefixed.cast(pa.float64())).as_py():.5f}")  # noqa: T201, the figures are the point


def _age(people: pa.Table) -> Floats:
    day = people["birth_day"].to_numpy()
    return (day.max() - day) / 365.25


def show_forenames(people: pa.Table) -> None:
    """Print the share of Welsh forenames among children by authority, and how many are rare."""
    welsh = pc.is_in(people["forename"], load("welsh_given_names")["name"].combine_chunks())
    welsh, child = welsh.to_numpy(zero_copy_only=False), _age(people) < 18
    authority = wales().authority[people["lsoa"].to_numpy()]
    names = wales().authorities["name"].to_pylist()
    print("Welsh forenames of people under 18, by authority")  # noqa: T201, the figures are the point
    for number, name in enumerate(names):
        print(f"  {name}: {welsh[child & (authority == number)].mean():.3f}")  # noqa: T201, the figures are the point
    for low, high in ((0, 5), (20, 30), (45, 50), (70, 90)):
        own = people.filter(pa.array((_age(people) >= low) & (_age(people) < high)))
        counts = pc.value_counts(own["forename"].combine_chunks()).field("counts").to_numpy()
        once = (counts == 1).sum() / counts.sum()
        top = np.sort(counts)[::-1][:100].sum() / counts.sum()
        print(f"  from {low} to {high}: {len(counts):,} names, top 100 {top:.3f}, once {once:.4f}")  # noqa: T201, the figures are the point


def show_birthdays(people: pa.Table) -> None:
    """Print births by weekday and on the extreme days, relative to the mean."""
    day = people["birth_day"].to_numpy()
    weekday = np.bincount((day + 3) % 7, minlength=7) / len(day) * 7
    print("births by weekday:", *(f"{n} {v:.3f}" for n, v in zip(WEEKDAYS, weekday, strict=True)))  # noqa: T201, the figures are the point
    dates = day.astype("datetime64[D]")
    text = np.datetime_as_string(dates)
    month_day = np.char.partition(text, "-")[:, 2]
    for key in EXTREMES:
        print(f"  {key}: {(month_day == key).mean() * 365.25:.3f}")  # noqa: T201, the figures are the point


def show_namesakes() -> None:
    """Print how many people share surname, forename and birthday with another."""
    for row in count_namesakes(load_scenario("wales"), [30_000, PERSONS]).to_pylist():
        print(f"{row['persons']:,} people: {row['namesakes']:,} with a namesake")  # noqa: T201, the figures are the point


def show_people(people: pa.Table, number: int = 200) -> None:
    """Print some people at random for the eye."""
    rows = np.random.default_rng(7).choice(len(people), number, replace=False)
    for row in people.take(pa.array(np.sort(rows))).to_pylist():
        born = 1970 + row["birth_day"] / 365.25
        place = wales().authorities["name"][int(wales().authority[row["lsoa"]])]
        names = (row["forename"], row["middle_name"], row["surname"])
        origin = tuple(ETHNIC_BACKGROUND)[row["background"]]
        print(*(name for name in names if name), f"({int(born)}, {origin}, {place})", sep=" ")  # noqa: T201, the figures are the point


def main() -> None:
    """Print all figures."""
    people, seconds = named(int(sys.argv[1]) if len(sys.argv) > 1 else PERSONS)
    print(f"named in {seconds:.1f} s, {seconds / len(people) * 1e6:.1f} microseconds a person")  # noqa: T201, the figures are the point
    show_surnames(people)
    show_forenames(people)
    show_birthdays(people)
    show_namesakes()
    show_people(people)


if __name__ == "__main__":
    main()
