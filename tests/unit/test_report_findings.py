"""Sentences of the report claim what the intervals bear, and no more."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from darkfigure.linkage_eval.rows import Attributed, Difference, Measure
from darkfigure.reports.html import findings, tables
from darkfigure.reports.html.comparison import (
    Cost,
    PooledEstimate,
    Setting,
    SettingResults,
    compare,
)
from darkfigure.reports.html.run import ReportedRun

TWENTY_TIMES = "Exact matching is fastest (0.50 s); Splink takes 20 times as long"
WHICH = ("merthyr", "clear", "ed-police")


def comparison(estimates, *, costs=None):
    """Make a comparison of (linker, metric, kind, stratum) -> (value, low, high)."""
    known = {key: PooledEstimate(*value, n=100) for key, value in estimates.items()}
    linkers = tuple(dict.fromkeys(key[0] for key in known))
    spent = {linker: Cost(wall, wall, None) for linker, wall in (costs or {}).items()}
    return SettingResults(Setting(*WHICH), (1,), linkers, {}, known, spent, (), ())


def recalls(**values):
    """Make a comparison of recalls alone."""
    return comparison({(linker, "recall", "all", "all"): value for linker, value in values.items()})


def f1s(costs=None, **values):
    """Make a comparison of F1 and time alone."""
    known = {(linker, "f1", "all", "all"): value for linker, value in values.items()}
    return comparison(known, costs=costs)


def by_sex(female, male, **more):
    """Make a comparison of one linker's recall by sex, and by other groups."""
    known = {("splink", "recall", "sex", "F"): female, ("splink", "recall", "sex", "M"): male}
    others = {("splink", "recall", "age_band", name): value for name, value in more.items()}
    return comparison({**known, **others})


def plain(sentence):
    """Take out what keeps a number and its unit on one line."""
    return sentence.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({}, "No linkage method finished"),
        ({"splink": (0.861, 0.84, 0.88)}, "Splink finds 86.1 % of true pairs"),
        (
            {"splink": (0.861, 0.84, 0.88), "exact": (0.41, 0.39, 0.43)},
            "Splink finds 86.1 % of true pairs; exact matching 41.0 %",
        ),
        (
            {"splink": (0.861, 0.84, 0.88), "stepwise": (0.85, 0.83, 0.87)},
            "Splink and stepwise matching are tied: they find 86.1 % and 85.0 % of true pairs",
        ),
        (
            {"a": (0.86, 0.84, 0.88), "b": (0.85, 0.83, 0.87), "c": (0.84, 0.8, 0.85)},
            "A, b and c are tied: they find between 84.0 % and 86.0 % of true pairs",
        ),
        (
            {"splink": (0.9, None, None), "exact": (0.1, None, None)},
            "Splink and exact matching are tied: they find 90.0 % and 10.0 % of true pairs",
        ),
    ],
)
def test_the_headline_ranks_only_what_can_be_told_apart(values, said):
    """Overlapping or missing intervals make a tie, however far apart the values are."""
    assert said == plain(findings.headline(recalls(**values)))


def test_nobody_ties_on_recall_alone():
    """Linking nearly everybody finds as many pairs; its F1 tells it apart, its links say why."""
    known = {
        ("macral", "recall", "all", "all"): (0.96, 0.92, 0.99),
        ("time-place", "recall", "all", "all"): (0.915, 0.86, 0.96),
        ("macral", "f1", "all", "all"): (0.95, 0.93, 0.97),
        ("time-place", "f1", "all", "all"): (0.06, 0.05, 0.07),
        ("macral", "precision", "all", "all"): (0.95, 0.92, 0.98),
        ("time-place", "precision", "all", "all"): (0.03, 0.02, 0.04),
    }
    said = plain(findings.headline(comparison(known)))
    assert said.startswith("Macral finds 96.0 % of true pairs")
    assert "tied" not in said
    assert "; time-place 91.5 %" in said
    assert "97.0 %" in said


def test_the_headline_says_what_a_high_recall_was_bought_with():
    """Linking everything finds all pairs; the title must not praise it for that."""
    known = {
        ("splink", "recall", "all", "all"): (0.8, 0.79, 0.81),
        ("all", "recall", "all", "all"): (1.0, 0.99, 1.0),
        ("all", "precision", "all", "all"): (0.01, 0.0, 0.02),
    }
    said = "All finds 100.0 % of true pairs (but 99.0 % of its links are false); Splink 80.0 %"
    assert said == plain(findings.headline(comparison(known)))


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (
            {"splink": (0.9, 0.89, 0.91), "exact": (0.5, 0.49, 0.51)},
            "Splink has the highest F1, 90.0 %: 40.0 percentage points ahead of exact matching",
        ),
        (
            {"splink": (0.9, 0.8, 0.95), "exact": (0.85, 0.8, 0.9)},
            "Splink and exact matching are tied on F1: no method stands out",
        ),
        (
            {"a": (0.9, 0.8, 0.95), "b": (0.85, 0.8, 0.9), "c": (0.1, 0.0, 0.2)},
            "A and b are tied for the highest F1",
        ),
        ({"splink": (0.9, 0.8, 0.95)}, "Splink reaches an F1 of 90.0 %"),
    ],
)
def test_the_leaderboard_names_a_leader_only_if_there_is_one(values, said):
    """A lead within the intervals is a tie."""
    assert said == plain(findings.accuracy(f1s(**values)))


@pytest.mark.parametrize(
    ("verdict", "said"),
    [
        ("first", "A has the highest F1, 90.0 %: 1.0 percentage points ahead of b"),
        ("tie", "A and b are tied on F1: no method stands out"),
    ],
)
@pytest.mark.parametrize("second", [(0.89, 0.88, 0.9), (0.89, 0.885, 0.891)])
def test_the_test_on_the_same_people_decides_who_is_tied(verdict, second, said):
    """Whether intervals overlap does not matter where a paired test of F* was made."""
    found = f1s(a=(0.9, 0.892, 0.91), b=second)
    tested = Difference(*WHICH, "a", "b", "f_star", 0.9, 0.88, 0.02, 0.0, 0.04, verdict, 50)
    assert said == plain(findings.accuracy(replace(found, differences=(tested,))))


def test_a_test_of_another_measure_decides_nothing():
    """Recall was not tested, so its intervals are looked at."""
    found = recalls(a=(0.9, 0.88, 0.92), b=(0.89, 0.87, 0.91))
    tested = Difference(*WHICH, "a", "b", "f_star", 0.9, 0.88, 0.02, 0.01, 0.03, "first", 50)
    said = "A and b are tied: they find 90.0 % and 89.0 % of true pairs"
    assert said == plain(findings.headline(replace(found, differences=(tested,))))


def test_a_group_is_called_worst_served_if_the_gap_is_certain():
    """Intervals far apart carry the claim, and both values are named."""
    found = by_sex((0.6, 0.58, 0.62), (0.9, 0.88, 0.92))
    said = (
        "Splink serves women and girls worst: 60.0 % of their pairs found, "
        "against 90.0 % for men and boys"
    )
    assert said == plain(findings.groups(found))


def test_no_group_is_called_worst_served_if_intervals_overlap():
    """A difference that chance explains is none."""
    found = by_sex((0.6, 0.5, 0.7), (0.7, 0.6, 0.8))
    assert findings.groups(found) == "No group is measurably served worse than another"


def test_looking_at_many_groups_asks_for_a_wider_gap():
    """The gap that two groups would bear is not claimed when 46 differences were looked at."""
    gap = ((0.60, 0.55, 0.65), (0.72, 0.67, 0.77))
    many = {f"{age}-{age + 4}": (0.66, 0.5, 0.8) for age in range(0, 50, 5)}
    assert ([1], []) == ([len(findings.gaps(by_sex(*gap)))], findings.gaps(by_sex(*gap, **many)))


def test_under_reporting_sets_the_truth_beside_the_links():
    """The true share comes first, then the range over the linkers."""
    known = {
        ("splink", "true_unknown_share", "all", "all"): (0.75, 0.74, 0.76),
        ("splink", "apparent_unknown_share", "all", "all"): (0.78, 0.77, 0.79),
        ("exact", "apparent_unknown_share", "all", "all"): (0.89, 0.88, 0.9),
        ("exact", "true_unknown_share", "sex", "F"): (0.1, 0.0, 0.2),
    }
    said = (
        "75.0 % of the assault attendances have no occurrence about the same event; "
        "by the links it seems 78.0 % (Splink) to 89.0 % (exact matching)"
    )
    assert said == plain(findings.under_reporting(comparison(known)))


def attributed(linker, name, n_missed, low):
    """Make a cause with its part of a hundred missed pairs."""
    where = (*WHICH, linker)
    return Attributed(*where, 1, name, n_missed, low, 99.0, n_missed / 100, 0.9, 0.8, 1.0, 50)


def test_the_costliest_cause_is_that_of_the_chart():
    """The largest part of the best linker's missed pairs, whatever costs the others most."""
    known = {
        ("splink", "recall", "all", "all"): (0.8, 0.7, 0.9),
        ("exact", "recall", "all", "all"): (0.4, 0.3, 0.5),
    }
    parts = [
        attributed("exact", "missing", 60.0, 50.0),
        attributed("splink", "missing", 19.0, 12.0),
        attributed("splink", "stale postcode", 33.4, 28.0),
    ]
    found = replace(comparison(known), attributed=tuple(parts))
    said = "What costs Splink most: stale postcode, behind 33.4 % of its missed pairs"
    assert said == plain(findings.causes(found))
    assert ["stale postcode", "missing"] == [one.cause for one in findings.costly_causes(found)]
    table = tables.attributed(found)
    assert ["stale postcode", "missing", "missing"] == [row[0].value for row in table.rows]


def test_no_cause_is_named_that_may_be_chance():
    """Its part may be none."""
    known = {("splink", "recall", "all", "all"): (0.8, 0.7, 0.9)}
    parts = (attributed("splink", "missing", 3.0, -1.0),)
    found = replace(comparison(known), attributed=parts)
    assert "No single fault stands out as the reason for missed links" == findings.causes(found)


@pytest.mark.parametrize(
    ("exact_seconds", "exact_f1", "said"),
    [
        (
            0.5,
            (0.5, 0.49, 0.51),
            f"{TWENTY_TIMES} and gains 40.0 percentage points of F1",
        ),
        (
            0.5,
            (0.88, 0.86, 0.9),
            f"{TWENTY_TIMES} and is not measurably more accurate",
        ),
        (
            9.0,
            (0.5, 0.49, 0.51),
            "Splink is the most accurate and hardly slower than the fastest",
        ),
        (
            20.0,
            (0.5, 0.49, 0.51),
            "Splink is both the fastest (10 s) and the most accurate",
        ),
    ],
)
def test_speed_is_weighed_against_accuracy(exact_seconds, exact_f1, said):
    """Times that differ by less than half are not told apart."""
    found = f1s({"splink": 10.0, "exact": exact_seconds}, splink=(0.9, 0.88, 0.92), exact=exact_f1)
    assert said == plain(findings.speed(found))


def test_wilson_gives_the_published_interval():
    """Newcombe (1998), table I: 81 of 263 gives 0.2553 to 0.3662."""
    low, high = findings.wilson(81 / 263, 263)
    assert (0.2553, 0.3662) == (round(low, 4), round(high, 4))


@given(st.integers(1, 10_000), st.data())
def test_wilson_holds_the_share_it_is_made_of(n, data):
    """The interval lies in [0, 1] and around the observed share."""
    rate = data.draw(st.integers(0, n)) / n
    low, high = findings.wilson(rate, n)
    assert 0 <= low <= rate + 1e-12
    assert rate - 1e-12 <= high <= 1


def test_seeds_are_averaged_and_their_pairs_added():
    """Value and bounds are means over the seeds, n is the sum, and failed seeds count out."""
    which = [(*WHICH, "splink", seed) for seed in (1, 2, 3)]
    rows = (
        Measure(*which[0], "all", "all", "recall", 0.8, 0.7, 0.9, 100, "ok"),
        Measure(*which[1], "all", "all", "recall", 0.6, 0.5, 0.7, 50, "ok"),
        Measure(*which[2], "all", "all", "recall", None, None, None, 0, "timed out"),
    )
    (found,) = compare(ReportedRun({}, rows, (), (), ()))
    pooled = found.estimate("splink", "recall")
    assert (0.7, 0.6, 0.8, 150) == pytest.approx((pooled.value, pooled.low, pooled.high, pooled.n))
    assert {"splink": {3: "timed out"}} == found.failures


def test_settings_are_kept_apart():
    """Two strategies make two comparisons."""
    rows = [
        Measure("merthyr", strategy, "ed-police", "splink", 1, "all", "all", "recall", value,
                None, None, 10, "ok")
        for strategy, value in (("clear", 0.9), ("hashed", 0.7))
    ]  # fmt: skip
    found = compare(ReportedRun({}, tuple(rows), (), (), ()))
    values = {each.setting.strategy: each.estimate("splink", "recall").value for each in found}
    assert {"clear": 0.9, "hashed": 0.7} == values
