"""What made two people look alike, in a world that was written down by hand."""

import pyarrow as pa
import pytest
from tiny_world import TRUE_PAIRS, links, write_world

from darkfigure.linkage_eval.evaluation.evaluate import Evaluation
from darkfigure.linkage_eval.evaluation.metrics.false_causes import tabulate_false
from darkfigure.linkage_eval.evaluation.metrics.missed import read_ledger
from darkfigure.linkage_eval.records.standardise import standardise
from darkfigure.synth.core.fields import FIELDS

# Three false links beside a right one: E7, E6 and E4 are of persons 6, 5 and 3.
FALSE = (("E7", "N5"), ("E6", "N4"), ("E4", "N4"))
# N5 is the parent of the child of E7.
TIES = pa.table({"person_id": [6], "other_id": [5], "relation": ["child"]})


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """The tiny world."""
    return write_world(tmp_path_factory.mktemp("tiny") / "world")


def causes(world, changed=(), fields=FIELDS, ties=TIES, of=FALSE):
    """Tabulate the false links; records are changed by id, field and value first."""
    evaluation = Evaluation(world, "ed", "police")
    frames = [
        standardise(world, side).to_pandas().set_index("record_id") for side in ("ed", "police")
    ]
    for record, field, value in changed:
        frame = next(frame for frame in frames if record in frame.index)
        frame.loc[record, field] = value
    records = tuple(pa.Table.from_pandas(frame.reset_index()) for frame in frames)
    ledgers = (
        read_ledger(world, evaluation.truth.left),
        read_ledger(world, evaluation.truth.right),
    )
    judged = evaluation.judge_table(links(("E1", "N1"), *of))
    table = tabulate_false(judged, records, ledgers, ties, fields)
    return {row["cause"]: row for row in table.to_pylist()}


def test_false_links_add_up(world):
    """One is of relatives, two of people who share nothing; without these one of two is right."""
    found = causes(world)
    assert {"nothing of these alike": 2, "other relatives": 1} == {
        name: row["n_false"] for name, row in found.items()
    }
    strangers = found["nothing of these alike"]
    assert 2 / 3 == strangers["share_of_false"]
    assert strangers["low"] < 2 / 3 < strangers["high"]
    assert 1 / 2 == strangers["precision_without"]


@pytest.mark.parametrize(
    ("changed", "cause"),
    [
        ({"telephone": "0700"}, "relatives with one telephone"),
        ({"postcode": "CF1 1AA", "house": "1"}, "relatives at one address"),
        ({"forename": "OWEN", "surname": "PRICE"}, "relatives of one name"),
        (
            {"forename": "OWEN", "surname": "PRICE", "nhs_number": "1"},
            "one NHS number for two people",
        ),
    ],
)
def test_what_relatives_share_is_said(world, changed, cause):
    """The first cause that holds, of those in fields that both records hold."""
    both = [(record, *what) for record in ("E7", "N5") for what in changed.items()]
    assert 1 == causes(world, both)[cause]["n_false"]


def test_a_field_that_the_linker_does_not_read_makes_nobody_alike(world):
    """Strangers with one telephone share nothing to a linker of names."""
    same = [(record, "telephone", "0700") for record in ("E7", "N5")]
    assert "one telephone" in causes(world, same, ties=TIES.slice(0, 0))
    assert {"nothing of these alike"} == set(causes(world, same, ("surname",), TIES.slice(0, 0)))


def test_a_fault_in_a_field_that_agrees_is_counted(world):
    """The ledger knows a fault of N1's forename, and none of N4's."""
    same = [("N4", "forename", "MARY"), ("E6", "forename", "MARY")]
    assert 0 == causes(world, same)["one forename"]["n_with_fault"]
    same = [("N1", "forename", "TOM"), ("E5", "forename", "TOM")]
    assert 1 == causes(world, same, of=(("E5", "N1"),))["one forename"]["n_with_fault"]


def test_no_false_link_has_no_cause(world):
    """Right links alone leave an empty table."""
    evaluation = Evaluation(world, "ed", "police")
    judged = evaluation.judge_table(links(*TRUE_PAIRS))
    assert 0 == evaluation.explain(judged).false_causes.num_rows
