"""Data entry as a whole: the ledger is exact, and chance belongs to the record."""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import replace
from functools import cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from entry_tables import DESK, EVEN, SIGNS, VALUES, VARIANTS, circumstances, people, table
from hypothesis import given, settings
from hypothesis import strategies as st

from darkfigure.synth import schema
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.core.fields import FIELDS
from darkfigure.synth.core.spec import build
from darkfigure.synth.entry import FAULTS, Circumstances, SystemProfile, enter
from darkfigure.synth.entry.clustering import fault_intensity
from darkfigure.synth.entry.faults.variants import of_wales
from darkfigure.synth.entry.profile import Spread
from darkfigure.synth.entry.table import SINGLE

REAL = of_wales()
LEGACY = {"upper_case": True, "ascii_only": True, "lengths": {"surname": 4, "postcode": 6}}
ODD_NAMES = [
    "Siân",
    "William",
    "Jones",
    "O'Neill-Rhys",
    "Al-Tŷ",
    "Rosemary Ann",
    "Y",
    "ŵ",
    "",
    " ",
    "-",
    "''",
    "DAFYDD",
    "李",
]


@cache
def everything(
    rate: float, *, severity: float = 1.0, spread: float = 0.0, legacy: bool = False
) -> SystemProfile:
    """Make a profile in which every fault that there is has one rate."""
    faults = {
        field: {fault.name: {"rate": rate} for fault in FAULTS if field in fault.rated_at}
        for field in FIELDS
    }
    data = {
        "title": "everything",
        "source": "none",
        "severity": severity,
        "spread": dict.fromkeys(EVEN, spread),
        "faults": faults,
        "placeholders": dict.fromkeys(FIELDS, ("N/K", "XX")) | {"date_of_birth": "01/01/1900"},
        "difficulty": {"diacritic": 1.5, "no_fixed_abode": 3.0},
        "storage": LEGACY if legacy else {},
    }
    return build(SystemProfile, data, "test")


def scattered(rate: float, spread: float = 0.0) -> SystemProfile:
    """Make a profile of faults of single cells alone, which fall for themselves without spread."""
    faults = {
        field: {
            fault.name: {"rate": rate}
            for fault in SINGLE
            if field in fault.fields and not fault.by_person
        }
        for field in FIELDS
    }
    data = {
        "title": "scattered",
        "source": "none",
        "spread": dict.fromkeys(EVEN, spread),
        "faults": faults,
        "placeholders": dict.fromkeys(FIELDS, "N/K") | {"date_of_birth": "01/01/1900"},
    }
    return build(SystemProfile, data, "test")


def encoded(known: pa.Table) -> pa.Table:
    """Encode the identity columns of a table as dictionaries."""
    for column in DESK.fields.values():
        place = known.column_names.index(column.name)
        known = known.set_column(place, column.name, known[column.name].dictionary_encode())
    return known


@st.composite
def tables(draw: st.DrawFn) -> pa.Table:
    """Draw small tables of nulls, odd texts and ordinary values."""
    n_records = draw(st.integers(0, 8))
    columns = {}
    for field in FIELDS:
        value = (
            st.none() | st.sampled_from(VALUES.get(field, ODD_NAMES)) | st.text(SIGNS, max_size=6)
        )
        columns[field] = draw(st.lists(value, min_size=n_records, max_size=n_records))
    return table(columns)


def differences(known: pa.Table, written: pa.Table) -> set[tuple[str, str, str | None, str | None]]:
    """List the cells that differ: record, column, known and written value."""
    keys = known["no"].to_pylist()
    return {
        (key, name, before, after)
        for name in known.column_names
        for key, before, after in zip(
            keys, known[name].to_pylist(), written[name].to_pylist(), strict=True
        )
        if before != after
    }


def ledger(faults: pa.Table) -> list[tuple[str, str, str | None, str | None]]:
    """List the rows of a ledger as `differences` does."""
    names = ("record_id", "column", "known_value", "written_value")
    return list(zip(*(faults[name].to_pylist() for name in names), strict=True))


@settings(max_examples=40, deadline=None)
@given(
    known=tables(),
    seed=st.integers(0, 99),
    spread=st.sampled_from([0.0, 1.0]),
    legacy=st.booleans(),
)
def test_ledger_is_exactly_what_differs(known, seed, spread, legacy):
    """Every cell that differs stands in the ledger once, with both values, and no other does."""
    profile = everything(0.1, severity=2.0, spread=spread, legacy=legacy)
    entered = enter(
        known, DESK, profile, circumstances(len(known)), Stream(seed), variants=VARIANTS
    )
    rows = ledger(entered.faults)
    assert differences(known, entered.table) == set(rows)
    assert len(set(rows)) == len(rows)
    assert schema.ENTRY_FAULTS.arrow == entered.faults.schema


@settings(max_examples=40, deadline=None)
@given(known=tables(), seed=st.integers(0, 99))
def test_severity_0_is_a_perfect_copy(known, seed):
    """Without severity nothing differs, whatever the rates."""
    profile = everything(1.0, severity=0.0, spread=1.0, legacy=True)
    entered = enter(
        known, DESK, profile, circumstances(len(known)), Stream(seed), variants=VARIANTS
    )
    assert known.equals(entered.table)
    assert schema.ENTRY_FAULTS.empty() == entered.faults


@settings(max_examples=40, deadline=None)
@given(known=tables(), seed=st.integers(0, 99))
def test_dictionaries_and_plain_text_agree(known, seed):
    """How a column is encoded changes nothing, and plain text comes out."""
    args = (DESK, everything(0.2), circumstances(len(known)), Stream(seed))
    plain = enter(known, *args, variants=VARIANTS)
    coded = enter(encoded(known), *args, variants=VARIANTS)
    assert plain.table == coded.table
    assert plain.faults == coded.faults


@settings(max_examples=40, deadline=None)
@given(known=tables(), seed=st.integers(0, 99), data=st.data())
def test_order_and_parts_change_no_record(known, seed, data):
    """A record meets the same faults wherever it stands and whoever stands beside it."""
    order = data.draw(st.permutations(range(len(known))))
    part = np.array(order[: data.draw(st.integers(0, len(known)))], np.int64)
    setting, profile = circumstances(len(known)), everything(0.2, spread=0.5)
    whole = enter(known, DESK, profile, setting, Stream(seed), variants=VARIANTS)
    own = circumstances(0, part)
    few = enter(known.take(pa.array(part)), DESK, profile, own, Stream(seed), variants=VARIANTS)
    assert whole.table.take(pa.array(part)) == few.table
    keys = {f"R{number}" for number in part}
    assert {row for row in ledger(whole.faults) if row[0] in keys} == set(ledger(few.faults))


@settings(max_examples=40, deadline=None)
@given(known=tables(), seed=st.integers(0, 99))
def test_higher_severity_keeps_every_struck_cell(known, seed):
    """Raising severity only adds cells."""
    struck = []
    for severity in (0.3, 1.0, 1.7, 3.0):
        profile = everything(0.1, severity=severity)
        entered = enter(
            known, DESK, profile, circumstances(len(known)), Stream(seed), variants=VARIANTS
        )
        struck.append({row[:2] for row in ledger(entered.faults)})
    assert all(less <= more for less, more in itertools.pairwise(struck))


def test_nulls_key_and_other_columns_stay():
    """What is empty stays empty, and what is no part of an identity is not touched."""
    known = people(50)
    empty = known.set_column(2, "the_surname", pa.nulls(50, pa.string()))
    entered = enter(empty, DESK, everything(1.0), circumstances(50), Stream(1), variants=VARIANTS)
    assert entered.table["the_surname"].null_count == 50
    assert empty.select(["no", "seen"]) == entered.table.select(["no", "seen"])
    assert empty.column_names == entered.table.column_names


def test_rates_of_fields_a_table_lacks_have_no_effect():
    """One profile serves tables with different columns."""
    short = replace(DESK, columns=DESK.columns[:3])
    known = people(40).select(["no", "seen", "the_surname"])
    entered = enter(known, short, everything(0.5), circumstances(40), Stream(1), variants=VARIANTS)
    assert {"the_surname"} == set(entered.faults["column"].to_pylist())


def faults_a_record(profile: SystemProfile, setting: Circumstances) -> np.ndarray:
    """Count the faults of each record."""
    n_records = len(setting.record_ids)
    entered = enter(people(n_records), DESK, profile, setting, Stream(5), variants=VARIANTS)
    keys = entered.faults["record_id"].to_pylist()
    return np.bincount([int(key[1:]) for key in keys], minlength=n_records)


def test_faults_of_a_record_cluster():
    """Spread makes the counts of faults over-dispersed; without it they are not.

    Under independence the ratio of variance to mean is below 1 with standard error 0.01 at
    20,000 records: 1.1 is passed by chance with probability below 1e-20.
    """
    setting = circumstances(20_000)
    even = faults_a_record(scattered(0.01), setting)
    uneven = faults_a_record(scattered(0.01, spread=0.5), setting)
    assert even.var() / even.mean() < 1.1
    assert uneven.var() / uneven.mean() > 1.2


@pytest.mark.parametrize("cause", ["clerk", "shift", "person"])
def test_records_with_one_cause_in_common_cluster(cause):
    """Records of one clerk, shift or person share how many faults they draw.

    Between 200 groups of 100 records the variance of means is that of single records over 100,
    times a chi-square on 199 degrees over 199: 2 is passed with probability below 1e-15.
    """
    ids = np.arange(20_000, dtype=np.int64)
    groups = ids % 200
    alone = dict.fromkeys(("person_ids", "clerk_ids", "shift_ids"), ids)
    setting = Circumstances(ids, **{**alone, f"{cause}_ids": groups})
    ratios = {}
    for spread in (0.0, 0.5):
        profile = scattered(0.01)
        profile = profile.model_copy(update={"spread": Spread(**{**EVEN, cause: spread})})
        counts = faults_a_record(profile, setting)
        means = np.bincount(groups, counts) / 100
        ratios[spread] = means.var(ddof=1) / (counts.var(ddof=1) / 100)
    assert ratios[0.0] < 2 < ratios[0.5]


def test_intensity_has_mean_1():
    """Spread moves faults about and adds none.

    The log-normal of variance 0.49 has standard deviation 0.80; the mean of 200,000 strays by
    0.011, six standard errors, with probability 2e-9.
    """
    ids = np.arange(200_000, dtype=np.int64)
    spread = Spread(clerk=0.3, shift=0.2, person=0.2, record=np.sqrt(0.49 - 0.17))
    chance = Stream(3)
    drawn = fault_intensity(
        Circumstances(ids, ids, ids, ids),
        spread,
        source="desk",
        chance=chance,
        seeds=chance.words("entry", ids),
    )
    assert abs(drawn.mean() - 1) < 0.011
    assert 0.75 < drawn.std() < 0.85


def test_a_person_is_difficult_in_every_system():
    """The person's effect is shared by sources; that of a clerk with the same id is not."""
    ids = np.arange(500, dtype=np.int64)
    setting = Circumstances(ids, ids, ids, ids)
    for cause, shared in (("person", True), ("clerk", False)):
        spread = Spread(**{**EVEN, cause: 0.5})
        drawn = [
            fault_intensity(
                setting, spread, source=s, chance=Stream(3), seeds=ids.astype(np.uint64)
            )
            for s in ("desk", "elsewhere")
        ]
        assert shared == np.array_equal(*drawn)


def test_rules_on_empty_fields_leave_words():
    """A field that cannot be left empty holds a word instead, and a minimum dataset fewer gaps."""
    data = {
        "title": "strict",
        "source": "none",
        "faults": {
            "surname": {"missing": {"rate": 0.2}, "blank": {"rate": 0.1}},
            "town": {"missing": {"rate": 0.2}, "placeholder": {"rate": 0.01}},
        },
        "placeholders": {"surname": "UNKNOWN", "town": "N/K"},
        "mandatory": ["surname"],
        "minimum_dataset": {
            "enforced": True,
            "fields": ["town"],
            "still_missing_rate": 0.25,
            "made_up_rate": 0.5,
        },
    }
    profile = build(SystemProfile, data, "test")
    assert profile.rates("surname") == pytest.approx({"placeholder": 0.3})
    assert profile.rates("town") == pytest.approx({"missing": 0.05, "placeholder": 0.11})


def test_what_a_system_keeps_stands_in_the_ledger():
    """A legacy system holds capitals in ASCII, cut to length, and each such cell is explained."""
    known = table({field: ["Siân", "ANN", "Llewelyn"] for field in FIELDS})
    profile = SystemProfile(title="t", source="s", storage=LEGACY)
    entered = enter(known, DESK, profile, circumstances(3), Stream(1), variants=VARIANTS)
    assert entered.table["the_surname"].to_pylist() == ["SIAN", "ANN", "LLEW"]
    assert entered.table["the_forename"].to_pylist() == ["SIAN", "ANN", "LLEWELYN"]
    rows = zip(*(entered.faults[name].to_pylist() for name in ("column", "fault")), strict=True)
    assert Counter(rows)["the_surname", "stored_as_ascii"] == 1
    assert Counter(entered.faults["fault"].to_pylist())["cut_to_length"] == 2


def test_difficulty_moves_faults_to_hard_names():
    """Records with what makes them hard draw more faults, by the factor that the profile gives.

    The hard half expects 1.5 times the faults of the other, 3,600 against 2,400; twice that
    ratio's distance from 1.25 or 1.8 is passed with probability below 1e-6.
    """
    n_records = 20_000
    names = ["Siân", "Jean"] * (n_records // 2)
    known = table(dict.fromkeys(FIELDS, names))
    data = {
        "title": "t",
        "source": "s",
        "spread": EVEN,
        "difficulty": {"diacritic": 1.5},
        "faults": {"forename": {"missing": {"rate": 0.24}}},
    }
    profile = build(SystemProfile, data, "test")
    setting = replace(circumstances(n_records), silence=None)
    entered = enter(known, DESK, profile, setting, Stream(1), variants=VARIANTS)
    hard = Counter(entered.faults["known_value"].to_pylist())
    assert 1.25 < hard["Siân"] / hard["Jean"] < 1.8


def test_aliases_are_the_persons_own():
    """One person gives one alias in every record, and those who hide give more."""
    n_records = 4_000
    known = people(n_records)
    data = {"title": "t", "source": "s", "spread": EVEN}
    data["faults"] = {"surname": {"alias_given": {"rate": 0.1}}}
    profile = build(SystemProfile, data, "test")
    ids = np.arange(n_records, dtype=np.int64)
    hiding = np.where(ids % 2 == 0, 4.0, 0.5)
    setting = Circumstances(ids, ids % 50, ids, ids, hiding=hiding)
    entered = enter(known, DESK, profile, setting, Stream(1), variants=REAL)
    surnames = entered.faults.filter(pc.equal(entered.faults["column"], "the_surname"))
    rows = np.array([int(key[1:]) for key in surnames["record_id"].to_pylist()])
    aliases = set(zip(rows % 50, surnames["written_value"].to_pylist(), strict=True))
    assert len(aliases) == len(set(rows % 50))
    assert (rows % 2 == 0).sum() > 4 * (rows % 2 == 1).sum()


def test_circumstances_need_one_id_a_record():
    """Arrays of different lengths are refused."""
    ids = np.arange(3, dtype=np.int64)
    with pytest.raises(ValueError, match="differ in length"):
        Circumstances(ids, ids, ids, ids[:2])
