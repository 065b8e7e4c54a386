"""Questions for an adversary, and how well it answered beside what chance gives.

A question is a pair of records. In one of four the two are of one person; in the others a person's
record stands beside another's of the same source, so that only who is who can tell them apart.
No record stands in two of the true pairs, so that pairs are independent of each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import sqrt

import numpy as np
import pandas as pd
from scipy import stats

FALSE_FOR_EACH_TRUE = 3
MOST_TRUE_PAIRS = 600  # of two sources
ALARM = 0.001  # how often a table with no leak in it is called leaky, all its cells together
_TOPS = (16, 64, 256)  # of the surest answers; a leak that names few people shows here


def ask(
    left: pd.DataFrame, right: pd.DataFrame, pairs: Iterable[tuple[str, str]], seed: int = 1
) -> pd.DataFrame:
    """Make questions about pairs of sources.

    Parameters
    ----------
    left, right
        Records: `record_id`, `source`, `person_id`.
    pairs
        A source of the left, and one of the right, perhaps the same.
    seed
        Of what is drawn.

    Returns
    -------
    In an order that says nothing: `left_id`, `right_id`, `left_source`, `right_source`, `same`.
    """
    chance = np.random.default_rng(seed)
    firsts, seconds = (dict(list(side.groupby("source"))) for side in (left, right))
    parts = [_questions(firsts[a], seconds[b], chance) for a, b in pairs]
    whole = pd.concat([part for part in parts if len(part)], ignore_index=True)
    return whole.sample(frac=1, random_state=seed).reset_index(drop=True)


def _questions(
    left: pd.DataFrame, right: pd.DataFrame, chance: np.random.Generator
) -> pd.DataFrame:
    true = _matched(left, right, chance)[:MOST_TRUE_PAIRS]
    false = []
    for _ in range(FALSE_FOR_EACH_TRUE):
        order = chance.permutation(len(true))
        other = true.iloc[order].reset_index(drop=True)
        mixed = true.assign(**{name: other[name] for name in ("right_id", "right_person")})
        false.append(mixed[mixed["left_person"] != mixed["right_person"]])
    whole = pd.concat([true, *false], ignore_index=True)
    key = [frozenset(pair) for pair in zip(whole["left_id"], whole["right_id"], strict=True)]
    whole["same"] = whole["left_person"] == whole["right_person"]
    return whole[~pd.Series(key, dtype=object).duplicated()].drop(
        columns=["left_person", "right_person"]
    )


def _matched(left: pd.DataFrame, right: pd.DataFrame, chance: np.random.Generator) -> pd.DataFrame:
    """Pair records of the same people at random, each record at most once."""
    first = _numbered(left, chance).add_prefix("left_")
    if left.iloc[0]["source"] == right.iloc[0]["source"]:
        second = first.rename(columns=lambda name: name.replace("left_", "right_"))
        first, second = first[first["left_turn"] % 2 == 0], second[second["right_turn"] % 2 == 1]
        second = second.assign(right_turn=second["right_turn"] - 1)
    else:
        second = _numbered(right, chance).add_prefix("right_")
    keys = ["person_id", "turn"]
    pairs = first.merge(
        second,
        left_on=[f"left_{key}" for key in keys],
        right_on=[f"right_{key}" for key in keys],
    )
    named = {f"{side}_{old}": f"{side}_{new}" for side in ("left", "right")
             for old, new in (("record_id", "id"), ("person_id", "person"))}  # fmt: skip
    kept = [f"{side}_{name}" for name in ("id", "source", "person") for side in ("left", "right")]
    shuffled = pairs.rename(columns=named)[kept]
    return shuffled.iloc[chance.permutation(len(shuffled))].reset_index(drop=True)


def _numbered(records: pd.DataFrame, chance: np.random.Generator) -> pd.DataFrame:
    mixed = records.iloc[chance.permutation(len(records))]
    return mixed.assign(turn=mixed.groupby("person_id").cumcount())


@dataclass(frozen=True)
class Cell:
    """How well one attack told true pairs of two sources from others.

    Parameters
    ----------
    auc
        Chance that a true pair has a higher score than another; 0.5 is blind.
    error
        Half of a 95 % interval of it.
    p
        How often chance alone would do as well.
    n
        True pairs.
    """

    auc: float
    error: float
    p: float
    n: int


def weigh(scores: np.ndarray, same: np.ndarray) -> list[Cell]:
    """Set the scores of questions against the truth: over all of them, and the surest ones.

    Parameters
    ----------
    scores
        Shape (attacks, questions).
    same
        Shape (questions,); the truth.

    Returns
    -------
    One for each attack.
    """
    n_true, n_false = int(same.sum()), int((~same).sum())
    auc, p = np.full(len(scores), 0.5), np.ones(len(scores))
    if not n_true or not n_false:
        return [Cell(0.5, 0.5, 1.0, n_true)] * len(scores)
    tell = np.ptp(scores, axis=1) > 0
    if tell.any():
        true, false = scores[tell][:, same], scores[tell][:, ~same]
        tested = stats.mannwhitneyu(true, false, axis=1, method="asymptotic")
        chances = np.array([tested.pvalue, *(_surest(scores[tell], same, n) for n in _TOPS)])
        auc[tell] = tested.statistic / n_true / n_false
        p[tell] = np.minimum(1, len(chances) * chances.min(axis=0))
    error = 1.96 * sqrt((n_true + n_false + 1) / (12 * n_true * n_false))
    return [Cell(a, error, b, n_true) for a, b in zip(auc.tolist(), p.tolist(), strict=True)]


def _surest(scores: np.ndarray, same: np.ndarray, count: int) -> np.ndarray:
    """Say how often chance puts as many true pairs among the surest, for each attack."""
    if count >= len(same):
        return np.ones(len(scores))
    sure = scores >= np.sort(scores, axis=1)[:, [-count]]
    return stats.hypergeom.sf(
        sure[:, same].sum(axis=1) - 1, len(same), same.sum(), sure.sum(axis=1)
    )


def tables(questions: pd.DataFrame, attacks: list[str]) -> dict[str, dict[tuple[str, str], Cell]]:
    """Weigh the answers of each attack about each pair of sources: columns as of `ask`, and its."""
    found: dict[str, dict[tuple[str, str], Cell]] = {attack: {} for attack in attacks}
    for pair, part in questions.groupby(["left_source", "right_source"]):
        cells = weigh(part[attacks].to_numpy(float).T, part["same"].to_numpy())
        for attack, cell in zip(attacks, cells, strict=True):
            found[attack][pair] = cell
    return found


def pooled(cells: Mapping[tuple[str, str], Cell]) -> Cell:
    """Put all pairs of sources together, each weighed by how sure it is."""
    some = [cell for cell in cells.values() if cell.n]
    weight = np.array([cell.error**-2 for cell in some])
    auc = float(np.average([cell.auc for cell in some], weights=weight))
    error = float(weight.sum() ** -0.5)
    p = float(2 * stats.norm.sf(abs(auc - 0.5) / error * 1.96))
    return Cell(auc, error, p, sum(cell.n for cell in some))


def leaks(cells: Mapping[object, Cell], alarm: float) -> dict[object, Cell]:
    """Give the cells that beat chance, by Holm's rule: false alarms in `alarm` of all tables."""
    found = {}
    for place, (key, cell) in enumerate(sorted(cells.items(), key=lambda item: item[1].p)):
        if cell.p > alarm / (len(cells) - place):
            break
        found[key] = cell
    return found


def lines(
    columns: Mapping[str, Mapping[tuple[str, str], Cell]],
    leaky: Mapping[str, Mapping[tuple[str, str], Cell]],
) -> Iterator[str]:
    """Write a table: a line for each pair of sources, a column for each attack, stars for leaks."""
    names = list(columns)
    widths = [max(len(name), 5) for name in names]
    yield " ".join([f"{'AUC; .500 is blind, * is not':41}", "    n", "+/- ", *names])
    for pair in columns[names[0]]:
        cells = [columns[name][pair] for name in names]
        stars = ["*" if pair in leaky[name] else "" for name in names]
        shown = [
            f"{_short(cell.auc) + star:>{width}}"
            for cell, star, width in zip(cells, stars, widths, strict=True)
        ]
        title = f"{' to '.join(pair):41}"
        yield " ".join([title, f"{cells[0].n:5}", _short(cells[0].error), *shown])


def _short(share: float) -> str:
    return f"{share:.3f}".removeprefix("0")
