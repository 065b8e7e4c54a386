"""The page that compares sharing strategies: every aim, no single score, one strategy's flows."""

from __future__ import annotations

from typing import Any

import pytest
from axe import OPEN_ALL, grave_faults
from made_up_sharing import shared, write_shared_run

from darkfigure.linkage_eval.rows import Measure, Shared
from darkfigure.reports.html.report import write_report
from darkfigure.reports.html.run import ReportedRun
from darkfigure.reports.html.screenshot import browser, show
from darkfigure.reports.html.section import Figure
from darkfigure.reports.html.sharing import sharing_sections
from darkfigure.reports.html.sharing_aims import LINKED, Answers

# What three strategies bring and cost: events the police see, people named, attacks, estimate.
FIGURES = {
    "none": (0.2, 0, None, None),
    "marac": (0.3, 9, None, 1.1),
    "clk": (0.3, 12, 0.4, 2.0),
    "marac+scandal": (0.25, 9, None, None),
}


def rows() -> list[dict[str, Any]]:
    """Make what a run measured, one strategy of which failed."""
    made = []
    for name, (seen, named, attacked, estimate) in FIGURES.items():
        near = {} if estimate is None else {"low": estimate - 0.3, "high": estimate + 0.3}
        made += [
            shared(name, "visible_share", seen, recipient="police:*", stratum_kind="event"),
            shared(name, "people_disclosed", float(named)),
            shared(name, "attack_advantage", attacked, stratum_kind="attack", stratum="clk"),
            shared(name, "estimate_to_truth", estimate, recipient="police:*", **near),
        ]
    failed = dict.fromkeys(("recipient", "stratum_kind", "stratum", "metric"))
    return [*made, shared("broken", "", None) | failed | {"status": "failed: why"}]


def run(measures: tuple[Measure, ...] = ()) -> ReportedRun:
    """Make a run of them."""
    return ReportedRun({}, measures, (), (), (), shared=tuple(Shared(**row) for row in rows()))


def figure(title: str) -> Figure:
    """Find the figure whose title begins so."""
    compared, _ = sharing_sections(run())
    (found,) = [one for one in compared.figures if one.title.startswith(title)]
    return found


def test_strategies_are_compared_on_one_page():
    """A row for each strategy, the failed one with its reason, the overlay in a table apart."""
    compared, flows = sharing_sections(run())
    *aims, overlays = compared.tables
    assert compared.title == (
        "The police see 20\u00a0% of the violence under none and 30\u00a0% under marac, "
        "which names 9 people"
    )
    assert [table.key for table in aims] == ["seen", "use", "given", "costs"]
    for table in aims:
        assert [row[0].text for row in table.rows] == ["none", "marac", "clk", "broken"]
        assert table.rows[3][1].text == "failed: why"
    assert [row[1].text for row in overlays.rows] == ["scandal"]
    titles = [one.title.split(":")[0] for one in flows.drawings]
    assert titles == [
        "Nothing is shared",
        "MARAC",
        "Bloom-filter encodings (CLK) of names instead of names",
    ]
    assert [bool(one.svg) for one in flows.drawings] == [False, True, True]


def test_whoever_is_beaten_in_every_aim_is_marked():
    """Who names more people for the same sight, and is attacked, is beaten; none of the others."""
    compared, _ = sharing_sections(run())
    said = {row[0].text: row[-1].text for row in compared.tables[0].rows}
    assert said == {"none": "yes", "marac": "yes", "clk": "no", "broken": "failed: why"}


def test_a_front_says_what_its_ends_bring():
    """In the title, and strategy by strategy in the numbers."""
    found = figure("The police see")
    assert found.title == (
        "The police see 20.0\u00a0% of the violence with no people named, "
        "and 30.0\u00a0% with 9 people named (marac)"
    )
    fronts = {row[0].text: row[-1].text for row in found.table.rows}
    assert fronts == {"none": "beaten by none", "marac": "beaten by none", "clk": "beaten"}


def test_an_estimate_is_set_beside_the_truth():
    """With its interval, and who covers the truth in the title."""
    found = figure("Of 2 strategies")
    assert found.title.endswith("the interval of marac (0.80\u20131.40) holds the truth")
    assert [row[1].aside for row in found.table.rows] == ["(0.80\u20131.40)", "(1.70\u20132.30)"]


def test_what_never_reached_the_party_is_no_fault_of_the_linker():
    """Half of the true pairs were shared, and 40 of 100 found: recall of what is shared is .8."""
    cell = {"scenario": "s", "task": "ed-police", "seed": 1, "stratum_kind": "all"}
    found = {
        "poor": {"precision": 0.5, "recall": 0.1, "pairs_shared_share": 0.5},
        "good": {"precision": 0.8, "recall": 0.4, "pairs_shared_share": 0.5},
        "silent": {"recall": 0.0, "pairs_shared_share": 0.5},
    }
    measures = tuple(
        Measure(
            **cell, strategy="clk", linker=linker, stratum="all", metric=metric, value=value,
            low=None, high=None, n=100, status="ok",
        )
        for linker, values in found.items()
        for metric, value in values.items()
    )  # fmt: skip
    answers = Answers(run(measures), "s")
    assert answers.value("clk", LINKED) == pytest.approx(0.8)
    assert answers.cell("clk", LINKED).aside == "good"
    assert answers.value("none", LINKED) is None


def test_a_run_without_sharing_has_no_such_section():
    """Most runs compare linkers alone."""
    assert sharing_sections(ReportedRun({}, (), (), (), ())) == ()


@pytest.mark.needs("chromium")
@pytest.mark.parametrize(("scheme", "width"), [("light", 400), ("dark", 1_200)])
def test_axe_finds_nothing_grave_where_sharing_is_compared(tmp_path, scheme, width):
    """With everything that can be opened open, and nothing sticking out of the page."""
    page = write_report(write_shared_run(tmp_path / "run", rows()))
    with browser() as driver:
        show(driver, page, width=width, scheme=scheme)
        driver.execute_script(OPEN_ALL)
        assert [] == grave_faults(driver)
        assert width >= driver.execute_script("return document.documentElement.scrollWidth")
