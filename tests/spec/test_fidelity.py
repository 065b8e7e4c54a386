"""Fidelity: published beside simulated figures, with intervals that are right and fair verdicts."""

import datetime as dt
import json

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from command import darkfigure
from hypothesis import given
from hypothesis import strategies as st

from darkfigure.linkage_eval.fidelity.comparison import SCHEMA, _times_as_many, compare
from darkfigure.linkage_eval.fidelity.figures import QUERIES, VIEWS
from darkfigure.linkage_eval.fidelity.published import SECTIONS, published
from darkfigure.linkage_eval.fidelity.summary import any_outside, by_grade, in_short
from darkfigure.linkage_eval.fidelity.views import lacking, opened
from darkfigure.linkage_eval.stats.intervals import means, rates, shares
from darkfigure.scenarios import load_scenario
from darkfigure.synth.core.errors import DatasetError
from darkfigure.synth.pipeline import generate
from darkfigure.synth.reference import known, load


@pytest.fixture(scope="module")
def compared(village):
    """The comparison of a sample of one borough."""
    return compare(village)


@pytest.fixture(scope="module")
def simulated(village):
    """What the queries give of it, each in its own rows."""
    with opened(village) as connection:
        for name, sql in VIEWS.items():
            connection.execute(f"CREATE TEMP TABLE {name} AS {sql}")
        return {name: connection.sql(sql).to_arrow_table() for name, sql in QUERIES.items()}


def _published():
    with duckdb.connect() as connection:
        for name in known():
            connection.register(f"ref_{name}", load(name))
        return published(connection)


def _rows(table, **wanted):
    return [
        row
        for row in table.to_pylist()
        if all(row[name] == value for name, value in wanted.items())
    ]


def _figures(*rows):
    """Make a comparison of (area, key, grade, simulated, verdict), published 0.9 to 1.1."""
    names = ("area", "key", "grade", "simulated", "verdict")
    blank = dict.fromkeys(SCHEMA.names)
    full = [
        {**blank, "section": "names", "published": 1.0, "low": 0.9, "high": 1.1}
        | dict(zip(names, row, strict=True))
        for row in rows
    ]
    return pa.Table.from_pylist(full, SCHEMA)


def test_share_intervals_are_those_of_clopper_and_pearson():
    """0, 5 and 10 of 10 have their textbook intervals."""
    found = shares(np.array([0.0, 5.0, 10.0]), np.array([10.0, 10.0, 10.0]))
    assert [0.0, 0.1871, 0.6915] == found.low.round(4).tolist()
    assert [0.3085, 0.8129, 1.0] == found.high.round(4).tolist()


def test_rate_intervals_are_garwood_s():
    """0 and 10 events in two years have their textbook intervals."""
    found = rates(np.array([0.0, 10.0]), np.array([2.0, 2.0]))
    assert [0.0, 4.795 / 2] == pytest.approx(found.low, abs=1e-3)
    assert [3.689 / 2, 18.39 / 2] == pytest.approx(found.high, abs=3e-3)


def test_mean_intervals_are_normal():
    """The mean of 100 values with standard deviation 10 is known to 1.96."""
    found = means(np.array([5_000.0]), np.array([100.0]), np.array([10.0]))
    assert [50.0, 48.04, 51.96] == [
        round(end[0], 2) for end in (found.value, found.low, found.high)
    ]


@given(st.integers(1, 10_000), st.floats(0, 1), st.floats(1e-6, 0.5))
def test_intervals_hold_the_estimate_and_widen(n, share, error_rate):
    """An interval holds its estimate, and grows as it is to miss less often."""
    hits, size = np.array([np.floor(share * n)]), np.array([float(n)])
    narrow, wide = shares(hits, size, error_rate), shares(hits, size, error_rate / 10)
    assert narrow.low[0] <= narrow.value[0] <= narrow.high[0]
    assert wide.low[0] <= narrow.low[0]
    assert narrow.high[0] <= wide.high[0]


def test_published_figures_are_sound():
    """Each has an interval that holds it, a grade, a known section, and stands once."""
    table = _published()
    for row in table.to_pylist():
        assert row["low"] <= row["published"] <= row["high"], row["key"]
        assert row["grade"] in "ABC"
        assert row["section"] in SECTIONS
    keys = list(zip(table["key"].to_pylist(), table["area"].to_pylist(), strict=True))
    assert len(set(keys)) == len(keys)


def test_every_figure_of_violence_and_its_agencies_is_measured(compared):
    """No table says "not simulated" of what the agencies of the dataset hold."""
    lacking = {
        row["key"]
        for row in compared.to_pylist()
        if row["verdict"] == "not simulated"
        and row["section"] in ("violence", "under-reporting", "ed", "police", "children")
    }
    assert set() == lacking


def test_every_query_feeds_a_figure(simulated):
    """No query counts what nobody compares; one may find nothing to count."""
    wanted = set(_published()["key"].to_pylist())
    idle = [
        name
        for name, found in simulated.items()
        if found.num_rows and not wanted & set(found["key"].to_pylist())
    ]
    assert [] == idle
    assert sum(found.num_rows > 0 for found in simulated.values()) > 30


def test_columns_and_sections(compared):
    """The table is tidy: one row a figure, by section."""
    assert SCHEMA == compared.schema
    sections = compared["section"].to_pylist()
    assert list(dict.fromkeys(sections)) == [name for name in SECTIONS if name in sections]


def test_counts_agree_with_the_dataset(compared, village):
    """A share is what counting the persons by hand gives."""
    start = dt.date.fromisoformat(village.manifest["scenario"]["start"])
    here = (
        pc.field("sampled")
        & pc.field("lsoa_code").is_valid()
        & (pc.field("birth_date") <= pa.scalar(start))
    )
    persons, names = village.read("truth/persons").filter(here), village.read("truth/names")
    # Who comes later has no name in Wales on that day.
    named = names.filter(pc.field("valid_from") <= pa.scalar(start))["person_id"]
    persons = persons.filter(pc.is_in(persons["person_id"], value_set=named))
    share = pc.mean(persons["welsh_name"].cast("int8")).as_py()
    assert share == pytest.approx(
        _rows(compared, key="welsh_type_surname", area="Wales")[0]["simulated"]
    )


def test_the_population_is_everybody(village):
    """The counts of people and households add up to the borough's census."""
    people = pc.sum(village.read("truth/population")["persons"]).as_py()
    assert 58_839 == pytest.approx(people, rel=0.001)
    homes = village.read("truth/households")
    at_home = pc.sum(
        pc.multiply(
            pc.add(homes["adults"].cast("int64"), homes["children"].cast("int64")),
            homes["households"],
        )
    ).as_py()
    assert 0.97 * people < at_home < people


def test_verdicts_follow_from_intervals(compared):
    """Inside, the estimate agrees; outside, not even its interval does."""
    for row in compared.to_pylist():
        if row["verdict"] == "inside":
            assert row["low"] <= row["simulated"] <= row["high"]
        if row["verdict"] == "outside":
            assert row["sim_high"] < row["low"] or row["sim_low"] > row["high"]
        if row["verdict"] == "not simulated":
            assert row["simulated"] is None


def test_wider_areas_are_not_judged(compared):
    """A borough is not judged by national figures, nor shown those of other boroughs."""
    areas = set(compared["area"].to_pylist())
    assert {"Merthyr Tydfil", "Wales", "any"} <= areas
    assert "Cardiff" not in areas
    national = {row["verdict"] for row in _rows(compared, area="Wales")}
    assert national <= {"national figure, local sample", "not simulated"}


def test_a_sample_tells_of_everybody(compared):
    """Residents and households are counted over the whole borough, not over the sample."""
    for key in ("residents", "households"):
        found = _rows(compared, key=key, area="Merthyr Tydfil")[0]
        assert (found["verdict"], found["simulated"]) == ("inside", found["published"])


def test_what_is_open_says_how_many_people_would_settle_it(compared, village):
    """Only where the sample cannot tell is a number given, and it is a larger one."""
    for row in compared.to_pylist():
        assert (row["verdict"] == "cannot tell") == (row["persons_needed"] is not None)
        assert row["persons_needed"] is None or row["persons_needed"] >= village.manifest["persons"]


def test_the_people_needed_do_settle_it():
    """A share of 0.20 against 0.19 to 0.21, met by a sample as large as is called for."""
    hits, size = np.array([200.0]), np.array([1_000.0])
    narrow, wide = shares(hits, size, 0.10), shares(hits, size, 0.001)
    times = _times_as_many(narrow, wide, np.array([0.19]), np.array([0.21]))
    enough, few = (shares(hits * k, size * k, 0.10) for k in (1.1 * times, 0.8 * times))
    assert (0.19 <= enough.low[0], enough.high[0] <= 0.21) == (True, True)
    assert not (0.19 <= few.low[0] and few.high[0] <= 0.21)


@pytest.mark.parametrize("truth", [0.097, 0.103])
def test_a_figure_at_the_edge_is_called_inside_with_five_percent(truth):
    """Of samples from a world just outside, at most 5 % are called inside.

    Of 4,000 samples, 0.066 is 4.7 standard errors above 0.05: a false alarm in a million.
    """
    hits = np.random.default_rng(7).binomial(60_000, truth, 4_000).astype(float)
    found = shares(hits, np.full(4_000, 60_000.0), 0.10)
    assert ((found.low >= 0.097) & (found.high <= 0.103)).mean() <= 0.066


def test_agencies_switched_off_are_not_simulated(tmp_path):
    """Without police and practices their figures are not simulated, the others still are."""
    scenario = load_scenario("merthyr", persons=1_000).model_copy(update={"agencies": ("ed",)})
    compared = compare(generate(scenario, tmp_path / "world"))
    for key in ("duplicate_nominals", "gp_registered", "ed_assault_without_police_record"):
        assert {"not simulated"} == {row["verdict"] for row in _rows(compared, key=key)}
    assert _rows(compared, key="ed_nhs_number_usable")[0]["n"] > 0


def test_no_table_is_lacking(village):
    """Where all agencies are on, every view can be had."""
    assert set() == lacking(village)


def test_a_damaged_table_is_named(tmp_path):
    """A file that is no Parquet is an error that names it."""
    dataset = generate(load_scenario("merthyr", persons=200), tmp_path / "world")
    dataset.file("truth/names").write_text("nothing")
    with pytest.raises(DatasetError, match=r"names\.parquet"):
        compare(dataset)


def test_grades_are_counted():
    """Judged figures are counted by grade; open ones that agree by themselves are named."""
    table = _figures(
        ("any", "a", "A", 1.0, "inside"),
        ("any", "b", "A", 2.0, "outside"),
        ("any", "c", "A", 1.0, "cannot tell"),
        ("any", "d", "A", 1.2, "cannot tell"),
        ("Wales", "e", "A", 1.0, "national figure, local sample"),
        ("any", "f", "B", None, "not simulated"),
    )
    expected = {
        "grade": "A",
        "judged": 4,
        "inside": 1,
        "outside": 1,
        "cannot_tell": 2,
        "near": 1,
    }
    assert [expected] == by_grade(table).to_pylist()
    assert any_outside(table, grade="A")
    assert not any_outside(table, grade="B")


def test_small_areas_are_gathered():
    """Of several authorities only what is outside is shown singly; the rest is counted."""
    table = _figures(
        ("Cardiff", "age_0_4", "A", 1.0, "inside"),
        ("Cardiff", "age_5_9", "A", 1.0, "cannot tell"),
        ("Swansea", "age_0_4", "A", 2.0, "outside"),
        ("Wales", "age_0_4", "A", 1.0, "inside"),
    )
    shown, gathered = in_short(table)
    assert ["Swansea", "Wales"] == shown["area"].to_pylist()
    counts = {"figures": 3, "inside": 1, "outside": 1, "cannot_tell": 1}
    assert counts.items() <= gathered.to_pylist()[0].items()
    assert "age" == gathered["kind"][0].as_py()


def _command(*arguments):
    return darkfigure("fidelity", *arguments)


def test_command_prints_a_table(village_path, compared):
    """It fits 100 columns and names grades; with --strict a grade-A figure outside gives 1."""
    done = _command(str(village_path), "--strict")
    assert (int(any_outside(compared, grade="A")), "") == (done.returncode, done.stderr)
    assert max(map(len, done.stdout.splitlines())) <= 100
    assert "grade A:" in done.stdout


def test_command_prints_json(village_path, compared):
    """A program gets the same rows as the Python twin, and without --strict a good end."""
    done = _command(str(village_path), "--json")
    assert (0, compared.to_pylist()) == (done.returncode, json.loads(done.stdout))
