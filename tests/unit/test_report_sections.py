"""Sections that not every run has, and what they say."""

from dataclasses import replace

import pytest

from darkfigure.linkage_eval.rows import Attributed, Bin, Difference, Point
from darkfigure.reports.html import charts, tables
from darkfigure.reports.html.comparison import PooledEstimate, Setting, SettingResults
from darkfigure.reports.html.register import assumptions
from darkfigure.reports.html.scores import calibration, thresholds
from darkfigure.reports.html.strategies import strategies
from darkfigure.reports.html.structure import structure
from darkfigure.scenarios import load_scenario

WHICH = ("merthyr", "clear", "ed-police")
CELL = (*WHICH, "splink", 1)
DRAWN = charts.styles(["splink", "exact"])


def comparison(values, **more):
    """Make a comparison of (linker, metric) -> value, of everybody."""
    known = {
        (linker, metric, "all", "all"): PooledEstimate(value, value - 0.01, value + 0.01, 1_000)
        for (linker, metric), value in values.items()
    }
    linkers = tuple(dict.fromkeys(linker for linker, _ in values))
    return SettingResults(Setting(*WHICH), (1,), linkers, {}, known, {}, (), (), **more)


TWO = comparison({("splink", "f1"): 0.9, ("exact", "f1"): 0.8})


def plain(sentence):
    """Take out what keeps a number and its unit on one line."""
    return sentence.replace("\u00a0", " ")


def test_runs_without_scores_have_no_such_sections():
    """No thresholds, no probabilities, no blocking, no second strategy: nothing is shown."""
    assert ((), ()) == (thresholds(TWO, DRAWN), calibration(TWO, DRAWN))
    assert ((), ()) == (structure(TWO), strategies([TWO], DRAWN))


def test_a_better_threshold_is_the_finding():
    """F1 was .95 and ended at .90: five points could be had."""
    points = [(0.9, 0.80), (0.7, 0.95), (0.5, 0.90)]
    curve = tuple(
        Point(*CELL, threshold=at, precision=0.9, recall=0.9, f1=f1, n_links=100 * place)
        for place, (at, f1) in enumerate(points, 1)
    )
    (section,) = thresholds(replace(TWO, curves=curve), DRAWN)
    assert "Splink could gain 5.0 percentage points of F1" in section.title
    assert 3 == len(section.figures[0].table.rows)
    (end,) = thresholds(replace(TWO, curves=(*curve[:1], *curve[2:], curve[1])), DRAWN)
    assert "No other threshold would have been better" in end.title


@pytest.mark.parametrize(
    ("error", "said"),
    [(0.05, "fewer of its links"), (-0.05, "more of its links"), (0.0, "mean what they say")],
)
def test_probabilities_that_promise_too_much_are_said(error, said):
    """The sign of the error says which way; empty bins are not drawn."""
    bins = (Bin(*CELL, 0.9, 1.0, 0.97, 0.92, 50), Bin(*CELL, 0.8, 0.9, None, None, 0))
    found = comparison({("splink", "f1"): 0.9, ("splink", "model_precision_error"): error})
    (section,) = calibration(replace(found, bins=bins), DRAWN)
    assert said in plain(section.title)
    assert 1 == len(section.figures[0].table.rows)


def test_pairs_that_are_never_compared_are_the_finding():
    """The method that compares the fewest true pairs is named."""
    found = comparison({("splink", "pair_completeness"): 0.99, ("exact", "pair_completeness"): 0.9})
    (section,) = structure(found)
    assert "Exact matching never compares 10.0 % of the true pairs" in plain(section.title)


def test_two_strategies_are_compared():
    """The dearest is named with what it costs; every method under each is a row."""
    dear = comparison(
        {("splink", "f1"): 0.6, ("splink", "recall"): 0.5, ("splink", "precision"): 1}
    )
    whole = comparison(
        {("splink", "f1"): 0.9, ("splink", "recall"): 0.9, ("splink", "precision"): 1}
    )
    hidden = replace(dear, setting=Setting("merthyr", "blind", "ed-police"))
    (section,) = strategies([whole, hidden], DRAWN)
    assert "blind costs 30.0 percentage points" in section.title
    assert 2 == len(section.figures[0].table.rows)


@pytest.mark.parametrize(("first", "sign"), [("splink", 1), ("exact", -1)])
def test_methods_are_compared_with_the_best_whoever_stands_first(first, sign):
    """Exact is five points behind Splink, in whichever order the pair was compared."""
    second = {"splink": "exact", "exact": "splink"}[first]
    bounds = sorted(sign * bound for bound in (0.04, 0.06))
    verdict = "first" if first == "splink" else "second"
    values = 0.9, 0.85, sign * 0.05
    one = Difference(*WHICH, first, second, "f_star", *values, *bounds, verdict, 50)
    found = comparison({("splink", "f_star"): 0.9, ("exact", "f_star"): 0.85}, differences=(one,))
    (paired,) = tables.against_best(found)
    name, behind, said = paired.rows[0]
    assert ("exact", "5.00", "(4.00 to 6.00)", "behind") == (
        name.value,
        behind.text,
        behind.aside,
        said.text,
    )


def test_causes_share_the_missed_pairs_out():
    """The costliest come first, ten at most; with the method that each costs so much."""
    causes = tuple(
        Attributed(*CELL, f"cause_{n}", float(n), 0.0, 99.0, n / 78, 0.9, 0.8, 1.0, 9)
        for n in range(13)
    )
    found = tables.attributed(replace(TWO, attributed=causes))
    assert [f"cause_{n}" for n in range(12, 2, -1)] == [row[0].value for row in found.rows]


def test_the_front_holds_whom_nobody_beats_in_both():
    """A method that is slower and no better than another is not on it."""
    rows = [
        {"seconds": 1, "value": 0.8, "method": "a"},
        {"seconds": 5, "value": 0.7, "method": "slow and poor"},
        {"seconds": 9, "value": 0.9, "method": "b"},
    ]
    assert [1, 9] == [row["seconds"] for row in charts.pareto(rows)]


def test_the_register_counts_what_is_assumed():
    """Rates of data entry are counted, not listed; others' data have no register."""
    datasets = {"merthyr-1": {"scenario": load_scenario("merthyr").resolved()}}
    (section,) = assumptions({"datasets": datasets})
    assert "numbers behind this world are assumed" in section.title
    listed = [row[0].text for table in section.tables for row in table.rows]
    assert "contacts.unknown_share" in listed
    assert not any(name.startswith("systems.") for name in listed)
    assert () == assumptions({"datasets": {"febrl4": {"hashes": {}}}})
