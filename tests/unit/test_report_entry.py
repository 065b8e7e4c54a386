"""The report on data entry: the difficulty curve, and how unevenly faults fell."""

from __future__ import annotations

from dataclasses import replace

from darkfigure.reports.html import charts
from darkfigure.reports.html.comparison import PooledEstimate, Setting, SettingResults
from darkfigure.reports.html.difficulty import FEWEST, difficulty_sections
from darkfigure.reports.html.entry import entry_sections

LINKERS = ("exact", "splink")


def comparison(name: str, recall: float, *, task: str = "ed-police") -> SettingResults:
    """Make a setting at which each linker has one recall and a precision of 1."""
    found = {
        (linker, metric, "all", "all"): PooledEstimate(value, value - 0.01, value, 1_000)
        for linker in LINKERS
        for metric, value in (("recall", recall), ("precision", 1.0))
    }
    setting = Setting(name, "clear", task)
    return SettingResults(setting, (1,), LINKERS, {}, found, {}, (), ())


def manifest(*severities: float, **others: object) -> dict[str, object]:
    """Make a manifest of one dataset for each severity."""
    scenarios = [{"name": f"s{n}", "severity": n, "years": 3, **others} for n in severities]
    return {"datasets": {one["name"]: {"scenario": one} for one in scenarios}}


def test_settings_that_differ_in_severity_make_a_curve():
    """Points come in order of severity with intervals; the title says how far recall falls."""
    drawn = charts.styles(LINKERS)
    several = [comparison("s3", 0.6), comparison("s0", 0.99), comparison("s1", 0.9)]
    (section,) = difficulty_sections(manifest(3, 0, 1), several, drawn)
    assert "recall goes from 99.0" in section.title
    recall, precision = section.figures
    assert [0, 1, 3] == [row[0].value for row in recall.table.rows]
    assert [0.99, 0.9, 0.6] == [row[1].value for row in recall.table.rows]
    (values,) = recall.spec["datasets"].values()
    assert {(0.0, 0.98), (1.0, 0.89), (3.0, 0.59)} == {(v["severity"], v["low"]) for v in values}
    assert {1.0} == {row[1].value for row in precision.table.rows}


def test_recall_that_stays_is_not_said_to_fall():
    """Where the intervals of both ends overlap the title claims no change."""
    several = [comparison(f"s{n}", 0.9) for n in (0, 1, 2)]
    (section,) = difficulty_sections(manifest(0, 1, 2), several, charts.styles(LINKERS))
    assert "does not measurably change" in section.title


def test_what_differs_in_more_than_severity_is_no_curve():
    """Too few severities, other tasks, or scenarios that differ otherwise make no curve."""
    drawn = charts.styles(LINKERS)
    several = [comparison(f"s{n}", 0.9) for n in (0, 1, 2)]
    assert FEWEST == 3
    assert () == difficulty_sections(manifest(0, 1), several[:2], drawn)
    other = manifest(0, 1, 2)
    other["datasets"]["s2"]["scenario"]["years"] = 1
    assert () == difficulty_sections(other, several, drawn)
    tasks = [*several[:2], replace(several[2], setting=Setting("s2", "clear", "ed-gp"))]
    assert () == difficulty_sections(manifest(0, 1, 2), tasks, drawn)


def test_the_matrix_of_dispersion_is_shown():
    """Each source has a row, each cause a column; what could not be compared stays empty."""
    rows = [
        {"source": "all", "cause": "record", "groups": 9, "records": 9, "ratio": 2.13},
        {"source": "all", "cause": "clerk", "groups": 3, "records": 9, "ratio": None},
    ]
    group = {"kind": "sex", "group": "F", "records": 9, "ratio": 1.01, "low": 0.9, "high": 1.1}
    dataset = {"scenario": {"name": "s"}, "dispersion": rows, "faults_by_group": [group]}
    (section,) = entry_sections({"datasets": {"s-1": dataset}}, "s")
    assert "2.1 times" in section.title
    matrix, groups = section.tables
    assert ["All", "2.13", "", "", "", "", "9"] == [cell.text for cell in matrix.rows[0]]
    assert "0.90 to 1.10" == groups.rows[0][2].aside
    assert () == entry_sections({"datasets": {"s-1": dataset}}, "another")
    assert () == entry_sections({"datasets": {"s-1": {"scenario": {"name": "s"}}}}, "s")
