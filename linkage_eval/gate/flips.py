"""Flips: pairs that only one side links, by the causes between them and by group."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from darkfigure.linkage_eval.evaluation.metrics.missed import NO_CAUSE
from darkfigure.linkage_eval.gate.pairing import Both, Lineup, Place
from darkfigure.linkage_eval.links.truth import ScoredLinks
from darkfigure.synth.core.arrays import Ints, Mask

What = Literal["lost", "gained", "new false link", "false link gone"]


@dataclass(frozen=True)
class Flip:
    """A pair that only one side links.

    Parameters
    ----------
    scenario, strategy, task, linker, seed
        The cell of the grid.
    what
        A true pair "lost" or "gained", or a "new false link" or "false link gone".
    person_id
        Person of the left record.
    left_id, right_id
        Ids of the two records.
    causes
        The causes that stand between the two records of a true pair, by the ledger.
    groups
        Group of the person, by division.
    """

    scenario: str
    strategy: str
    task: str
    linker: str
    seed: int
    what: What
    person_id: int
    left_id: str
    right_id: str
    causes: tuple[str, ...]
    groups: dict[str, str]


@dataclass(frozen=True)
class Tally:
    """The number of pairs and people of a linker that flipped in one way, by one property.

    Parameters
    ----------
    scenario, strategy, task, linker
        Their names in results.
    what
        The way in which they flipped, as of `Flip`.
    by, name
        The property and its value: "all", a division of people and a group, or "cause" and one.
    n_pairs, n_people
        Flipped pairs, and distinct people in them.
    n_expected
        Flipped pairs that would have the property if it had no part in it: as large a share as of
        all true pairs. None of false links.
    """

    scenario: str
    strategy: str
    task: str
    linker: str
    what: What
    by: str
    name: str
    n_pairs: int
    n_people: int
    n_expected: float | None

    @property
    def excess(self) -> float:
        """Flipped pairs beyond those expected; all where nothing is expected."""
        return self.n_pairs - (self.n_expected or 0.0)


Bases = Mapping[tuple[Place, str, str], float]


def find_flips(lineup: Lineup) -> list[Flip]:
    """List the pairs that only one side links, in the order of seeds and records."""
    return [flip for both in lineup.both for flip in _flips(lineup, both)]


def base_rates(lineup: Lineup) -> dict[tuple[Place, str, str], float]:
    """Give the share of a lineup's true pairs with each cause, and of each group.

    Parameters
    ----------
    lineup
        A linker whose links differ between the sides.
    """
    counts: Counter[tuple[str, str]] = Counter()
    for both in lineup.both:
        truth = both.baseline.truth
        causes = both.evaluation.causes()
        found = causes["cause"].value_counts().to_pylist()
        counts.update({("cause", each["values"]): each["counts"] for each in found})
        clean = len(truth.pairs_left) - len(causes["pair"].unique())
        counts.update({("cause", NO_CAUSE): clean, ("all", "all"): len(truth.pairs_left)})
        for division in truth.groups[1:]:
            of_pairs = division.codes[truth.left_rows[truth.pairs_left]]
            sizes = np.bincount(of_pairs, minlength=len(division.names)).tolist()
            names = ((division.kind, name) for name in division.names)
            counts.update(dict(zip(names, sizes, strict=True)))
    n_pairs = max(counts["all", "all"], 1)
    return {(lineup.place, *named): n / n_pairs for named, n in counts.items()}


def tally(flips: Iterable[Flip], bases: Bases) -> list[Tally]:
    """Count flips overall, by cause and by group, those first that are most beyond expectation.

    Parameters
    ----------
    flips
        The flipped pairs.
    bases
        As `base_rates` gives them, of all lineups.
    """
    flipped: dict[tuple[Place, What, str, str], list[tuple[int, int]]] = defaultdict(list)
    for flip in flips:
        place = (flip.scenario, flip.strategy, flip.task, flip.linker)
        named = [("all", "all"), *flip.groups.items(), *(("cause", cause) for cause in flip.causes)]
        for by, name in named:
            flipped[(place, flip.what, by, name)].append((flip.seed, flip.person_id))
    counted = []
    for (place, what, by, name), people in flipped.items():
        share = bases.get((place, by, name)) if what in {"lost", "gained"} else None
        n_flips = len(flipped[place, what, "all", "all"])
        expected = None if share is None else share * n_flips
        counted.append(Tally(*place, what, by, name, len(people), len(set(people)), expected))
    return sorted(counted, key=lambda row: (row.linker, row.what, row.by, -row.excess, row.name))


def _flips(lineup: Lineup, both: Both) -> Iterator[Flip]:
    truth = both.baseline.truth
    before, after = both.baseline.missed, both.candidate.missed
    if not (before == after).all():
        causes = _causes(both)
        turned: tuple[tuple[What, Mask], ...] = (
            ("lost", after & ~before),
            ("gained", before & ~after),
        )
        for what, flipped in turned:
            for place in np.flatnonzero(flipped):
                rows = int(truth.pairs_left[place]), int(truth.pairs_right[place])
                yield _flip(lineup, both, what, rows, causes.get(int(place), (NO_CAUSE,)))
    for rows in _only(both.candidate, both.baseline):
        yield _flip(lineup, both, "new false link", rows, ())
    for rows in _only(both.baseline, both.candidate):
        yield _flip(lineup, both, "false link gone", rows, ())


def _only(side: ScoredLinks, other_side: ScoredLinks) -> list[tuple[int, int]]:
    """Give the false links that the other side does not have."""
    keys, others = (
        judged.truth.keys(judged.left[~judged.correct], judged.right[~judged.correct])
        for judged in (side, other_side)
    )
    alone: Mask = ~np.isin(keys, others)
    lefts: Ints = side.left[~side.correct][alone]
    rights: Ints = side.right[~side.correct][alone]
    return sorted(zip(lefts.tolist(), rights.tolist(), strict=True))


def _causes(both: Both) -> dict[int, tuple[str, ...]]:
    causes: dict[int, tuple[str, ...]] = {}
    for row in both.evaluation.causes().to_pylist():
        causes[row["pair"]] = (*causes.get(row["pair"], ()), row["cause"])
    return causes


def _flip(
    lineup: Lineup, both: Both, what: What, rows: tuple[int, int], causes: tuple[str, ...]
) -> Flip:
    truth = both.baseline.truth
    person = int(truth.left_rows[rows[0]])
    return Flip(
        *lineup.place,
        seed=both.which.seed,
        what=what,
        person_id=int(truth.people[person]),
        left_id=truth.left.ids[rows[0]].as_py(),
        right_id=truth.right.ids[rows[1]].as_py(),
        causes=causes,
        groups={
            division.kind: division.names[division.codes[person]] for division in truth.groups[1:]
        },
    )
