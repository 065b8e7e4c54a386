"""Examples of missed pairs and of false links, field by field: as written, and as true."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from darkfigure.linkage_eval.evaluation.metrics.missed import NO_CAUSE
from darkfigure.linkage_eval.links.truth import ScoredLinks, Truth, TruthSide
from darkfigure.linkage_eval.records.standardise import read_subjects
from darkfigure.linkage_eval.rows import ALL, Example, contents_of
from darkfigure.synth.core.arrays import Ints
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.core.fields import FIELDS
from darkfigure.synth.schema import SUBJECTS
from darkfigure.synth.storage.dataset import Dataset

N_MISSED = 12
N_FALSE = 6
NO_KIN = "unrelated"
_CLOSEST = ("twin", "sibling", "half_sibling", "parent", "child", "partner")

_VALUES = ("left_written", "left_true", "right_written", "right_true")
EXAMPLES = contents_of(Example)

Cells = Mapping[tuple[str, str], str | None]


@dataclass(frozen=True)
class _Pair:
    kind: str
    number: int
    score: float | None
    left_id: str
    right_id: str
    causes: str
    groups: str


def choose_examples(
    judged: ScoredLinks,
    causes: pa.Table,
    dataset: Dataset,
    *,
    ledgers: tuple[pa.Table, pa.Table],
    chance: Stream,
) -> pa.Table:
    """Choose examples of missed pairs and false links (schema `EXAMPLES`), a row per known field.

    The choice is drawn by pair, so two linkers that miss the same pairs show the same examples.
    The true value of a cell is the ledger's, or else the written one.

    Parameters
    ----------
    judged
        Links set against the truth.
    causes
        As `missed.find_causes` gives them.
    dataset
        The dataset whose agency tables hold the written values.
    ledgers
        Of left and right, as `missed.read_ledger` gives them.
    chance
        Draws keyed by pair.
    """
    pairs = [*_missed_pairs(judged, causes, chance), *_false_pairs(judged, dataset, chance)]
    ids = ({pair.left_id for pair in pairs}, {pair.right_id for pair in pairs})
    sides = (judged.truth.left, judged.truth.right)
    written = [_written(dataset, side, side_ids) for side, side_ids in zip(sides, ids, strict=True)]
    true = [_true(ledger, side_ids) for ledger, side_ids in zip(ledgers, ids, strict=True)]
    rows = [_row(pair, field, written, true) for pair in pairs for field in FIELDS]
    known_rows = [row for row in rows if any(row[name] is not None for name in _VALUES)]
    return pa.Table.from_pylist(known_rows, EXAMPLES)


def _missed_pairs(judged: ScoredLinks, causes: pa.Table, chance: Stream) -> list[_Pair]:
    truth = judged.truth
    places = np.flatnonzero(judged.missed)
    keys = truth.keys(truth.pairs_left[places], truth.pairs_right[places])
    drawn = places[_draw(chance, keys, N_MISSED)]
    pairs = []
    for number, place in enumerate(drawn, start=1):
        names = causes.filter(pc.equal(causes["pair"], int(place)))["cause"].to_pylist()
        left = truth.left.ids[int(truth.pairs_left[place])].as_py()
        right = truth.right.ids[int(truth.pairs_right[place])].as_py()
        groups = _groups(truth, int(truth.pairs_left[place]))
        said = "; ".join(names) or NO_CAUSE
        pairs.append(_Pair("missed", number, None, left, right, said, groups))
    return pairs


def _false_pairs(judged: ScoredLinks, dataset: Dataset, chance: Stream) -> list[_Pair]:
    truth = judged.truth
    wrong = np.flatnonzero(~judged.correct)
    keys = truth.keys(judged.left[wrong], judged.right[wrong])
    drawn = wrong[_draw(chance, keys, N_FALSE)]
    sides = (truth.left, judged.left), (truth.right, judged.right)
    people = [side.persons[rows[drawn]].tolist() for side, rows in sides]
    kin = _kin(dataset, list(zip(*people, strict=True)))
    pairs = []
    for number, link in enumerate(drawn, start=1):
        left = truth.left.ids[int(judged.left[link])].as_py()
        right = truth.right.ids[int(judged.right[link])].as_py()
        score = float(judged.scores[link])
        groups = _groups(truth, int(judged.left[link]))
        pairs.append(_Pair("false link", number, score, left, right, kin[number - 1], groups))
    return pairs


def _groups(truth: Truth, left: int) -> str:
    """Write the groups of a left record's person."""
    row = truth.left_rows[left]
    told = [(one.kind, one.names[one.codes[row]]) for one in truth.groups if one.kind != ALL]
    return "; ".join(f"{kind}={name}" for kind, name in told)


def _kin(dataset: Dataset, people: list[tuple[int, int]]) -> list[str]:
    """Give what the first of each two people is to the second: a code of `RELATION`, or `NO_KIN`.

    A dataset of others tells nothing of families: then it is "".
    """
    if not people or not dataset.has("truth/relationships"):
        return [""] * len(people)
    ties = dataset.read("truth/relationships")
    firsts = pa.array(sorted({first for first, _ in people}), pa.int64())
    rows = ties.filter(pc.is_in(ties["person_id"], firsts)).to_pylist()
    # Of several ties the closest.
    order = {relation: place for place, relation in enumerate(_CLOSEST)}
    rows.sort(key=lambda row: order.get(row["relation"], len(order)), reverse=True)
    known = {(row["person_id"], row["other_id"]): row["relation"] for row in rows}
    return [known.get(pair, NO_KIN) for pair in people]


def _draw(chance: Stream, keys: Ints, size: int) -> Ints:
    return np.argsort(chance.stage("examples").uniform("shown", keys), kind="stable")[:size]


def _written(dataset: Dataset, side: TruthSide, ids: set[str]) -> Cells:
    cells: dict[tuple[str, str], str | None] = {}
    for source in side.sources:
        shape = SUBJECTS[source]
        table = read_subjects(dataset, source)
        rows = table.filter(pc.is_in(table[shape.key[0]], pa.array(sorted(ids), pa.string())))
        for record in rows.to_pylist():
            for field, column in shape.fields.items():
                cells[record[shape.key[0]], field] = record[column.name]
    return cells


def _true(ledger: pa.Table, ids: set[str]) -> Cells:
    faults = ledger.filter(pc.is_in(ledger["record_id"], pa.array(sorted(ids), pa.string())))
    # The ledger puts the stale value of a cell first, so it is read last.
    return {(row["record_id"], row["field"]): row["true_value"] for row in faults.to_pylist()[::-1]}


def _row(pair: _Pair, field: str, written: list[Cells], true: list[Cells]) -> dict[str, object]:
    cells: dict[str, object] = {
        "kind": pair.kind,
        "example": pair.number,
        "score": pair.score,
        "left_id": pair.left_id,
        "right_id": pair.right_id,
        "causes": pair.causes,
        "groups": pair.groups,
        "field": field,
    }
    keys = (pair.left_id, pair.right_id)
    for place, (side, key) in enumerate(zip(("left", "right"), keys, strict=True)):
        as_written = written[place].get((key, field))
        cells[f"{side}_written"] = as_written
        cells[f"{side}_true"] = true[place].get((key, field), as_written)
    return cells
