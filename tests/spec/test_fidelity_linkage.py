"""MACRAL set against SAIL's published accuracy: counted right, source by source."""

import numpy as np
import pyarrow as pa
import pytest

from darkfigure.linkage_eval.fidelity.linkage import (
    LINKAGE,
    SOURCES,
    _against_truth,
    linkage_accuracy,
)
from darkfigure.linkage_eval.links.truth import ScoredLinks, TruthSide, everybody, make_truth

_MEASURES = ("sensitivity", "specificity", "error")


def test_records_are_counted_by_whether_the_register_knows_them():
    """Of four records three are on the register: one linked right, one wrong, one not at all."""
    left = TruthSide("l", ("l",), pa.array(["a", "b", "c", "d"]), np.array([1, 2, 3, 9]))
    right = TruthSide("r", ("r",), pa.array(["x", "y", "z"]), np.array([1, 2, 3]))
    truth = make_truth(left, right, (everybody(4),), within=False)
    links = np.array([0, 1]), np.array([0, 2])
    judged = ScoredLinks(truth, *links, np.ones(2), np.array([True, False]))
    found = _against_truth(judged, np.ones(4, bool))
    assert {"sensitivity": (1, 3), "specificity": (1, 1), "error": (1, 2)} == {
        name: (one.hits, one.n) for name, one in found.items()
    }
    assert 2 == _against_truth(judged, np.array([True, False, True, True]))["sensitivity"].n


@pytest.fixture(scope="module")
def table(village):
    """The accuracy on a sample of one borough."""
    return linkage_accuracy(village)


def test_every_source_has_its_three_measures(table):
    """Shares with their intervals; SAIL's figure where it published one."""
    assert LINKAGE == table.schema
    rows = {(row["source"], row["measure"]): row for row in table.to_pylist()}
    assert {(source, name) for source in SOURCES for name in _MEASURES} == set(rows)
    assert 0.993 == rows["hospital", "sensitivity"]["published"]
    assert rows["ed", "sensitivity"]["published"] is None
    for row in rows.values():
        if row["n"]:
            assert 0 <= row["low"] <= row["simulated"] <= row["high"] <= 1


def test_health_links_better_than_police(table):
    """Police hold no NHS numbers: fewer of their records find their person."""
    rows = table.to_pylist()
    found = {row["source"]: row["simulated"] for row in rows if row["measure"] == "sensitivity"}
    assert found["hospital"] > found["police"]
    assert pytest.approx(1, abs=0.05) == found["hospital"]
