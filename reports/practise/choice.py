"""The choice of pairs for a round: graded by level, mixed by kind, the same for the same seed."""

from __future__ import annotations

from dataclasses import dataclass
from operator import itemgetter

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from darkfigure.reports.practise.candidates import MATCH, Candidates
from darkfigure.reports.practise.practice import Level, Practice
from darkfigure.synth.core.arrays import Floats, Mask
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.core.errors import DatasetError

# The part of the pairs, ranked from least to most alike, from which a level draws; assumed. Most
# true pairs agree in everything, so the harder levels draw from those that do not.
_TRUE_BAND = {Level.easy: (0.5, 1.0), Level.medium: (0.3, 0.9), Level.hard: (0.0, 0.3)}
_OTHER_BAND = {Level.easy: (0.0, 0.5), Level.medium: (0.4, 0.9), Level.hard: (0.6, 1.0)}
# The share of true pairs is drawn, so that nobody can infer the last answers by counting.
_FEWEST_TRUE, _MOST_TRUE = 0.4, 0.6

_SHOWN = ("left_id", "right_id", "left_person", "right_person", "kind")


@dataclass(frozen=True)
class Chosen:
    """A pair that is shown."""

    left_id: str
    right_id: str
    left_person: int
    right_person: int
    kind: str

    @property
    def match(self) -> bool:
        """Whether both records are of one person."""
        return self.kind == MATCH


def choose(candidates: Candidates, practice: Practice, chance: Stream) -> list[Chosen]:
    """Choose and shuffle the pairs of a round.

    No person appears twice. Where one sort of pair is too rare, the round is shorter.

    Parameters
    ----------
    candidates
        The pairs to choose from.
    practice
        Number of pairs, and level.
    chance
        Draws keyed by pair.

    Raises
    ------
    DatasetError
        There are no true pairs, or no others.
    """
    table, chance = candidates.table, chance.stage(practice.level)
    share = chance.uniform("true_share", [practice.pairs])[0]
    n_true = round(practice.pairs * (_FEWEST_TRUE + share * (_MOST_TRUE - _FEWEST_TRUE)))
    n_true = min(max(n_true, 1), practice.pairs - 1)
    is_true = pc.equal(table["kind"], MATCH)
    seen: set[int] = set()
    true_pairs = table.filter(is_true)
    if practice.level != Level.easy:
        true_pairs = true_pairs.filter(pc.less(true_pairs["likeness"], 1.0))
    true = _take(true_pairs, _TRUE_BAND[practice.level], n_true, chance, seen)
    others = table.filter(pc.invert(is_true))
    if practice.level == Level.hard:
        # A couple of one surname is no riddle: sex and forename tell them apart.
        others = others.filter(pc.invert(others["contradicts"]))
    other = _take(others, _OTHER_BAND[practice.level], practice.pairs - n_true, chance, seen)
    if not true or not other:
        raise DatasetError(
            f"The dataset has {len(true)} true pairs and {len(other)} look-alikes between "
            f"'{practice.left}' and '{practice.right}'; practice needs both. "
            "Generate it with more --persons."
        )
    return [pair for _, pair in sorted([*true, *other], key=itemgetter(0))]


def _take(
    table: pa.Table, band: tuple[float, float], n_pairs: int, chance: Stream, seen: set[int]
) -> list[tuple[float, Chosen]]:
    """Take pairs of new people within a band of likeness, the varieties in turn.

    Each comes with a number in [0, 1) by which to shuffle.
    """
    keys = table["key"].to_numpy()
    drawn, turn = chance.uniform("chosen", keys), chance.uniform("order", keys)
    varieties = table["variety"].to_numpy().astype(str)
    inside = _within(table["likeness"].to_numpy(), band)
    place = np.full(len(keys), np.inf)
    for variety in np.unique(varieties[inside]):
        rows = np.flatnonzero(inside & (varieties == variety))
        place[rows[np.argsort(drawn[rows], kind="stable")]] = np.arange(len(rows))
    order = np.lexsort((drawn, place))
    order = order[inside[order]]
    chosen: list[tuple[float, Chosen]] = []
    for row in order:
        if len(chosen) == n_pairs:
            break
        pair = Chosen(*(table[name][int(row)].as_py() for name in _SHOWN))
        people = {pair.left_person, pair.right_person}
        if not people & seen:
            seen |= people
            chosen.append((float(turn[row]), pair))
    return chosen


def _within(likeness: Floats, band: tuple[float, float]) -> Mask:
    """Mark the values in a band of ranks; where there are few, the band holds at least one."""
    if not len(likeness):
        return np.zeros(0, bool)
    low, high = np.quantile(likeness, band)
    return (low <= likeness) & (likeness <= high)
