"""Languages: what people would use with services, and what agencies hold of it."""

from __future__ import annotations

import duckdb
import numpy as np
import pytest

from darkfigure.synth.core.chance import Stream
from darkfigure.synth.lives import live
from darkfigure.synth.lives.forenames import bearers_of
from darkfigure.synth.lives.languages import ENGLISH, WELSH
from darkfigure.synth.names import speaks_welsh_at_home
from darkfigure.synth.pipeline import World
from darkfigure.synth.setting import school_choice
from darkfigure.synth.setting.geography import wales
from darkfigure.synth.storage.dataset import Dataset

HOLDERS = (
    "gp/registrations",
    "hospital/patients",
    "social_care/children",
    "police/south_wales/nominals",
)


@pytest.mark.parametrize("table", HOLDERS)
def test_a_system_says_what_is_true_or_english_or_nothing(village: Dataset, table: str):
    """Somebody was asked, or English stands there by default; need is known of the asked alone."""
    source = table.rpartition("/")[0]
    key = village.read(table).column_names[0]
    [(n, asked, wrong, unsaid)] = duckdb.sql(f"""
        SELECT count(*), count(need),
            count(*) FILTER (coalesce(need <> true_need, false)
                OR (need IS NOT NULL AND held <> true_one)
                OR (need IS NULL AND held <> 'en')),
            count(*) FILTER (held IS NULL)
        FROM (
            SELECT preferred_language AS held, record.interpreter_needed AS need,
                person.language AS true_one, person.interpreter_needed AS true_need
            FROM {village.sql(table)} AS record
            JOIN {village.sql("truth/record_persons")} AS about
                ON record_id = record.{key} AND source = '{source}'
            JOIN {village.sql("truth/persons")} AS person USING (person_id)
        )
    """).fetchall()
    assert 0 == wrong
    assert 0 < asked < n
    assert unsaid > 0


def test_who_needs_an_interpreter_speaks_neither_language(village: Dataset):
    """Nobody needs one for English or Welsh."""
    rows = village.read("truth/persons", ["language", "interpreter_needed"]).to_pandas()
    needing = rows[rows["interpreter_needed"]]
    assert len(needing) > 3
    assert not needing["language"].isin(["en", "cy"]).any()


def test_few_prefer_welsh_where_few_speak_it_and_they_mishear_more(borough: World):
    """Welsh names are written wrongly the oftener the fewer around speak the language."""
    stream = Stream(borough.scenario.seed).stage("lives")
    people = live(borough.life_courses, np.arange(6_000), borough.scenario.lives, stream)
    rate = wales().welsh_speaker_rate[people.lsoa]
    prefers = people.spoken.preferred == WELSH
    assert 0 < prefers.mean() < rate.mean()
    assert (people.spoken.preferred == ENGLISH).mean() > 0.9
    assert (people.other_ear[~people.welsh_name] == 1).all()
    assert people.other_ear[people.welsh_name] == pytest.approx((1 - rate[0]) / (1 - 0.178))


def test_homes_that_speak_welsh_to_the_school_are_of_those_that_give_welsh_names(borough: World):
    """None of 6,000 households does that has no Welsh tradition, newcomers aside; six in ten do."""
    world = Stream(borough.scenario.seed)
    people = live(
        borough.life_courses, np.arange(6_000), borough.scenario.lives, world.stage("lives")
    )
    bearers = bearers_of(people, borough.life_courses)
    gives = speaks_welsh_at_home(bearers, world.stage("lives"))
    at_home = school_choice.speaks_welsh_at_home(people.lsoa, people.lineage, world)
    at_home &= bearers.welsh_speaker_rate > 0
    assert 0 == np.count_nonzero(at_home & ~gives)
    assert 0.5 < at_home.sum() / gives.sum() < 0.7
