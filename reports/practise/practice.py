"""The settings of a round of practice."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from darkfigure.synth.core.errors import SpecError, UnknownNameError

FEWEST, MOST = 2, 500


class Level(StrEnum):
    """The difficulty of a round: how alike its other pairs are, and how unlike its true ones."""

    easy = "easy"
    medium = "medium"
    hard = "hard"


def level_of(name: str) -> Level:
    """Find a level by its name.

    Raises
    ------
    UnknownNameError
        There is no such level.
    """
    if name not in list(Level):
        raise UnknownNameError.of("level", name, Level)
    return Level(name)


@dataclass(frozen=True)
class Practice:
    """One round of clerical review.

    Parameters
    ----------
    pairs
        Number of pairs to judge, if the dataset has so many of the level.
    level
        Their difficulty.
    seed
        Seed of the choice and the order; the same seed gives the same page.
    left, right
        The two sources; "police" is all forces.
    linkers
        Methods whose verdicts are set beside the reviewer's.
    """

    pairs: int = 40
    level: Level = Level.medium
    seed: int = 1
    left: str = "ed"
    right: str = "police"
    linkers: tuple[str, ...] = ("exact", "stepwise", "splink")

    def __post_init__(self) -> None:
        if not FEWEST <= self.pairs <= MOST:
            raise SpecError(f"pairs = {self.pairs}: choose from {FEWEST} to {MOST}.")
        if self.left == self.right:
            raise SpecError(f"left and right are both '{self.left}': choose two sources.")
