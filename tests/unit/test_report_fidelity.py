"""The section of the report that sets published figures beside simulated ones."""

from __future__ import annotations

import pyarrow as pa

from darkfigure.linkage_eval.fidelity.comparison import CANNOT_TELL, INSIDE, OUTSIDE
from darkfigure.linkage_eval.runs.tables import TABLES
from darkfigure.reports.html.fidelity import fidelity_sections


def row(key: str, verdict: str, **more: object) -> dict[str, object]:
    """Make a figure of grade A that was published as a half."""
    return {
        "scenario": "merthyr",
        "seed": 1,
        "section": "data entry",
        "key": key,
        "area": "any",
        "published": 0.5,
        "low": 0.45,
        "high": 0.55,
        "unit": "share",
        "grade": "A",
        "source": "Census 2021",
        "simulated": 0.5,
        "sim_low": 0.49,
        "sim_high": 0.51,
        "n": 1_000,
        "verdict": verdict,
        "persons_needed": None,
        **more,
    }


def compared(*rows: dict[str, object]) -> pa.Table:
    """Make a comparison of some figures."""
    return pa.Table.from_pylist(list(rows), TABLES["fidelity"])


def test_a_run_without_a_simulated_world_has_no_such_section():
    """Foreign data have nothing published to be held against."""
    assert fidelity_sections(None) == ()


def test_the_finding_counts_what_was_read_in_a_source():
    """Grade A alone makes the title; each grade is a row of the first table."""
    rows = [row("one", INSIDE), row("two", OUTSIDE), row("three", OUTSIDE, grade="C")]
    (section,) = fidelity_sections(compared(*rows))
    assert section.title.startswith("1 of 2 figures read in a source agree, 1 do not")
    grades = section.tables[0]
    assert [cells[0].text[0] for cells in grades.rows] == ["A", "C"]


def test_what_does_not_agree_stands_open_and_everything_in_folded_tables():
    """Each figure with published and simulated value, interval, grade, verdict and source."""
    rows = [
        row("one", INSIDE),
        row("two", OUTSIDE, simulated=0.7, sim_low=0.68, sim_high=0.72),
        row("three", CANNOT_TELL, section="police", persons_needed=2_000_000),
    ]
    (section,) = fidelity_sections(compared(*rows))
    _, outside, *folded = section.tables
    assert [cells[0].value for cells in outside.rows] == ["two"]
    assert not outside.folded
    assert all(table.folded for table in folded)
    assert [len(table.rows) for table in folded] == [2, 1]
    cells = dict(zip(outside.columns, outside.rows[0], strict=True))
    assert cells["Published"].text == "0.5000"
    assert cells["Simulated"].bounds == (0.68, 0.72)
    assert (cells["Grade"].text, cells["Verdict"].text) == ("A", OUTSIDE)
    assert cells["Source"].text == "Census 2021"
    assert "2,000,000 people" in folded[1].rows[0][6].text


def test_what_a_part_of_the_people_cannot_tell_has_a_value_and_no_interval():
    """A ratio, and a share of places that needs everybody, each in the table of its section."""
    no_ends = {"sim_low": None, "sim_high": None}
    rows = [
        row("admitted_male_against_female", INSIDE, section="severity", unit="ratio"),
        row("lsoas", CANNOT_TELL, section="concentration", persons_needed=3_107_489, **no_ends),
    ]
    (section,) = fidelity_sections(compared(*rows))
    severity, concentration = section.tables[1:]
    assert ("Severity: 1 figures", "Concentration: 1 figures") == (
        severity.caption,
        concentration.caption,
    )
    published, simulated = concentration.rows[0][1], concentration.rows[0][3]
    assert "ratio" == severity.rows[0][1].aside
    assert (0.5, None) == (published.value, simulated.bounds)
    assert "3,107,489" in concentration.rows[0][6].text
