"""Trials of an attack over many seeds, since one run tells nothing.

The success of attacks on Bloom filters is bimodal: the same attack names everybody in one sample
and nobody in the next. Success is a lower bound: 0 says only that this attacker failed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from darkfigure.linkage_eval.privacy.encodings import Encoding
from darkfigure.linkage_eval.privacy.synthetic import Scene
from darkfigure.synth.core.arrays import Ints, Words
from darkfigure.synth.core.chance import Stream

LEAST_SEEDS = 10
NO_GUESS = -1

# A function of encoded records and of the attacker's own in clear; gives the row of the attacker's
# record that each encoded one is taken for, or -1.
Attack = Callable[[Words, pa.Table], Ints]


@dataclass(frozen=True)
class Attempt:
    """The outcome of one run of an attack.

    Parameters
    ----------
    n_overlap
        People on both sides: all that could be named.
    n_guessed, n_right
        Guesses, and right ones.
    """

    n_overlap: int
    n_guessed: int
    n_right: int

    @property
    def of_overlap(self) -> float | None:
        """Share of the people on both sides who are named; None without any."""
        return self.n_right / self.n_overlap if self.n_overlap else None

    @property
    def of_guessed(self) -> float | None:
        """Share of the guesses that are right; None without any."""
        return self.n_right / self.n_guessed if self.n_guessed else None


@dataclass(frozen=True)
class Success:
    """An attack's success over seeds, as shares of the people on both sides who are named."""

    attempts: tuple[Attempt, ...]

    @property
    def shares(self) -> tuple[float, ...]:
        """Share of each run, sorted; runs without people on both sides are left out."""
        return tuple(
            sorted(
                attempt.of_overlap for attempt in self.attempts if attempt.of_overlap is not None
            )
        )

    @property
    def median(self) -> float | None:
        """Median share of the runs."""
        return float(np.median(self.shares)) if self.shares else None

    @property
    def worst(self) -> float | None:
        """Share of the attacker's best run, the worst for the people."""
        return max(self.shares, default=None)

    @property
    def least(self) -> float | None:
        """Share of the attacker's worst run."""
        return min(self.shares, default=None)


def try_attack(
    attack: Attack,
    stage: Callable[[Stream], Scene],
    encoding: Encoding,
    *,
    seeds: Iterable[int],
) -> Success:
    """Run an attack on a scene of its own for each seed.

    Parameters
    ----------
    attack
        The attack, which sees encoded records and the attacker's own, never the persons.
    stage
        Draws a scene.
    encoding
        The sender's encoding.
    seeds
        At least ten different seeds.

    Raises
    ------
    ValueError
        There are fewer seeds: one run of an attack says nothing.
    """
    chosen = list(dict.fromkeys(seeds))
    if len(chosen) < LEAST_SEEDS:
        raise ValueError(
            f"{len(chosen)} seeds: success differs too much between runs; "
            f"give at least {LEAST_SEEDS}"
        )
    attempts = []
    for seed in chosen:
        chance = Stream(seed, ("privacy",))
        scene = stage(chance.stage("scene"))
        sent = encoding.send(scene.sent, chance.stage("decoys"))
        guesses = attack(encoding.encode(sent.records), scene.known.records)
        attempts.append(judge_guesses(guesses, sent.persons, scene))
    return Success(tuple(attempts))


def judge_guesses(guesses: Ints, persons: Ints, scene: Scene) -> Attempt:
    """Count guesses that name the right person.

    Parameters
    ----------
    guesses
        Row of the attacker's records for each encoded record, shape (records,); -1 for no guess.
    persons
        Person of each encoded record, shape (records,).
    scene
        The two sides of the attack.
    """
    guessed = guesses != NO_GUESS
    right = scene.known.persons[guesses[guessed]] == persons[guessed]
    return Attempt(scene.n_overlap, int(guessed.sum()), int(right.sum()))
