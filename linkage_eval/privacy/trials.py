"""An attack over many seeds: how often it succeeds, and how badly at worst; never one run.

The success of attacks on Bloom filters is bimodal: the same attack names everybody in one sample
and nobody in the next. Success is a lower bound: 0 says that this attacker failed.
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

# Takes encoded records and the attacker's own in clear; gives for each encoded one the row of the
# attacker's that it is taken for, or -1.
Attack = Callable[[Words, pa.Table], Ints]


@dataclass(frozen=True)
class Attempt:
    """One run.

    Parameters
    ----------
    n_overlap
        People in both: all that could be named.
    n_guessed, n_right
        Guesses, and right ones.
    """

    n_overlap: int
    n_guessed: int
    n_right: int

    @property
    def of_overlap(self) -> float | None:
        """Right guesses of those possible."""
        return self.n_right / self.n_overlap if self.n_overlap else None

    @property
    def of_guessed(self) -> float | None:
        """Right guesses of those made."""
        return self.n_right / self.n_guessed if self.n_guessed else None


@dataclass(frozen=True)
class Success:
    """An attack's success over seeds, as shares of the people in both."""

    attempts: tuple[Attempt, ...]

    @property
    def shares(self) -> tuple[float, ...]:
        """Right guesses of those possible, sorted."""
        return tuple(sorted(one.of_overlap for one in self.attempts if one.of_overlap is not None))

    @property
    def median(self) -> float | None:
        """Half of the runs do better."""
        return float(np.median(self.shares)) if self.shares else None

    @property
    def worst(self) -> float | None:
        """The best run of the attacker."""
        return max(self.shares, default=None)

    @property
    def least(self) -> float | None:
        """The worst run of the attacker."""
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
        Sees the encoded records and the attacker's own, never whom they are about.
    stage
        Draws a scene.
    encoding
        How the sender encodes.
    seeds
        At least ten different ones.

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
        Of each encoded record: a row of the attacker's records, or -1.
    persons
        Whom each encoded record is about.
    scene
        What was attacked.
    """
    made = guesses != NO_GUESS
    right = scene.known.persons[guesses[made]] == persons[made]
    return Attempt(scene.n_overlap, int(made.sum()), int(right.sum()))
