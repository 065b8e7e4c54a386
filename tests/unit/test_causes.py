"""Why pairs were missed, in the terminal: every linker's causes, and the rest added up."""

import io

import pyarrow as pa
import pytest
from rich.console import Console

from darkfigure.linkage_eval.runs.tables import TABLES
from darkfigure.reports.terminal.causes import (
    ErrorCauses,
    print_attribution,
    print_explanation,
)

CELL = {"scenario": "s", "strategy": "clear", "task": "ed-police", "linker": "exact", "seed": 1}
SHARE = {"low": 1.0, "high": 9.0, "share_of_missed": 0.1, "n_pairs_with": 7}
WITHOUT = {"recall_without": 0.9, "recall_without_low": 0.8, "recall_without_high": 0.95}


def printed(*rows):
    """Print rows of an attribution."""
    table = pa.Table.from_pylist([CELL | row for row in rows], TABLES["attribution"])
    out = io.StringIO()
    print_attribution(table, Console(file=out, width=120))
    return out.getvalue()


def test_the_weightiest_come_first_and_the_rest_is_added_up():
    """Of fourteen causes twelve are shown; the last two sum to 3."""
    causes = [{"cause": f"c{n}", "n_missed": float(n), **SHARE, **WITHOUT} for n in range(1, 15)]
    text = printed(*causes)
    assert "105 pairs missed" in text
    assert text.index("c14") < text.index("c13")
    assert ["2", "others", "3.0"] == text.splitlines()[-1].split()


def test_no_cause_has_no_recall_without_it():
    """What nothing explains cannot be taken away."""
    assert "0.9" not in printed({"cause": "none", "n_missed": 2.0, **SHARE})


def test_nothing_to_explain_is_said():
    """An empty attribution prints a sentence, no table."""
    assert printed().startswith("Nothing to explain")


@pytest.mark.parametrize("share", [None, 0.25])
def test_a_share_of_nothing_is_blank(share):
    """With nothing missed, shares are not defined."""
    text = printed({"cause": "c", "n_missed": 0.0, **SHARE, "share_of_missed": share})
    assert ("25.0%" in text) == (share is not None)


def test_causes_of_false_links_follow():
    """With how many there are, and no interval where nothing tells how people differ."""
    row = {"cause": "twins", "n_false": 3, "share_of_false": 1.0, "low": None, "high": None}
    false = [CELL | row | {"precision_without": 1.0, "n_with_fault": 2}]
    tables = (TABLES["attribution"].empty_table(), TABLES["false_causes"])
    out = io.StringIO()
    explanation = ErrorCauses(tables[0], pa.Table.from_pylist(false, tables[1]))
    print_explanation(explanation, Console(file=out, width=120))
    assert "3 false links" in out.getvalue()
    assert ["twins", "3", "100.0%", "1.0000", "2"] == out.getvalue().splitlines()[-1].split()
