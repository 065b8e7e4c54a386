"""A sitting: the pairs of one page of practice, and what each learner and method said of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from darkfigure.linkage_eval.stats.kappa import Kappa, cohen, fleiss

MATCH, NO_MATCH, UNSURE = "match", "no match", "unsure"
SAID = (MATCH, NO_MATCH, UNSURE)


@dataclass(frozen=True)
class JudgedPair:
    """A pair of a page of practice.

    Parameters
    ----------
    number
        Its number on the page.
    left_id, right_id
        Its records.
    truth
        `MATCH` or `NO_MATCH`.
    kind
        What kind of pair it is.
    faults
        Faults of entry in either record.
    groups
        Group of the left person, by division of people.
    methods
        What each method says, "" where it failed.
    fields
        Name, left and right value of each field as written; empty where the file does not tell.
    """

    number: int
    left_id: str
    right_id: str
    truth: str
    kind: str
    faults: tuple[str, ...]
    groups: Mapping[str, str]
    methods: Mapping[str, str]
    fields: tuple[tuple[str, str, str], ...] = ()

    @property
    def about(self) -> tuple[object, ...]:
        """What all files must tell alike."""
        return (
            *(self.left_id, self.right_id, self.truth, self.kind, self.faults),
            *(tuple(sorted(told.items())) for told in (self.groups, self.methods)),
        )


@dataclass(frozen=True)
class SaidAnswer:
    """What a learner said of a pair, and the seconds that it took."""

    answer: str
    seconds: float


@dataclass(frozen=True)
class Learner:
    """A learner, the file of their answers, and their answers by number of the pair."""

    name: str
    file: str
    answers: Mapping[int, SaidAnswer]


@dataclass(frozen=True)
class Hits:
    """A share: hits among n."""

    hits: int
    n: int


@dataclass(frozen=True)
class Correctness:
    """How right somebody was over some pairs; "unsure" is neither found nor ruled out.

    Parameters
    ----------
    recall
        True pairs called a match, of the true pairs.
    precision
        True pairs among what was called a match.
    right
        Right answers of all.
    unsure
        Answers that were "unsure".
    """

    recall: Hits
    precision: Hits
    right: Hits
    unsure: int


@dataclass(frozen=True)
class Sitting:
    """The answers of a class to one page of practice.

    Parameters
    ----------
    round
        Name of the page's round.
    pairs
        Pairs that anybody answered, by number.
    learners
        Learners by name.
    """

    round: str
    pairs: Mapping[int, JudgedPair]
    learners: tuple[Learner, ...]

    @property
    def methods(self) -> list[str]:
        """Name the methods that gave verdicts."""
        names = dict.fromkeys(name for pair in self.pairs.values() for name in pair.methods)
        return [name for name in names if any(p.methods.get(name) for p in self.pairs.values())]

    def said(self, number: int) -> dict[str, str]:
        """Give the answer of each learner who answered a pair."""
        return {
            learner.name: learner.answers[number].answer
            for learner in self.learners
            if number in learner.answers
        }

    def tally(self, learner: Learner) -> Correctness:
        """Score a learner over the pairs they answered."""
        return self._tally([(n, given.answer) for n, given in learner.answers.items()])

    def tally_method(self, method: str) -> Correctness:
        """Score a method over all pairs."""
        return self._tally([(n, pair.methods.get(method, "")) for n, pair in self.pairs.items()])

    def tally_class(self, numbers: Sequence[int] | None = None) -> Correctness:
        """Score all answers of the class together, or those to some pairs."""
        chosen = self.pairs if numbers is None else numbers
        return self._tally([(n, answer) for n in chosen for answer in self.said(n).values()])

    def _tally(self, given: Sequence[tuple[int, str]]) -> Correctness:
        told = [(self.pairs[number].truth, answer) for number, answer in given]
        found = sum(truth == answer == MATCH for truth, answer in told)
        return Correctness(
            recall=Hits(found, sum(truth == MATCH for truth, _ in told)),
            precision=Hits(found, sum(answer == MATCH for _, answer in told)),
            right=Hits(sum(truth == answer for truth, answer in told), len(told)),
            unsure=sum(answer == UNSURE for _, answer in told),
        )

    def agreement(self) -> Kappa | None:
        """Give the agreement of the whole class (Fleiss)."""
        counts = [
            [list(self.said(number).values()).count(answer) for answer in SAID]
            for number in self.pairs
        ]
        return fleiss(np.array(counts, np.int64).reshape(-1, len(SAID)))

    def agreement_of(self, one: Learner, other: Learner) -> Kappa | None:
        """Give the agreement of two learners (Cohen) over the pairs that both answered."""
        both = sorted(one.answers.keys() & other.answers.keys())
        return cohen(*([each.answers[number].answer for number in both] for each in (one, other)))

    def divided(self) -> list[int]:
        """List the numbers of pairs on which answers differ, the most divided first.

        A pair is as divided as the chance that two of its answers, drawn at random, differ.
        """
        differ = {number: _differ(list(self.said(number).values())) for number in self.pairs}
        return sorted(
            (number for number, chance in differ.items() if chance > 0),
            key=lambda number: (-differ[number], number),
        )


def _differ(said: Sequence[str]) -> float:
    n = len(said)
    same = sum(said.count(answer) * (said.count(answer) - 1) for answer in SAID)
    return 1 - same / (n * (n - 1)) if n > 1 else 0.0
