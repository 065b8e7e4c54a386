"""What a suite may ask for beside its grid: sharing compared, and what is attainable."""

from __future__ import annotations

from pydantic import field_validator, model_validator

from darkfigure.synth.core.spec import Spec

FEWEST_LABELS = 20  # with fewer a half of them seldom has pairs of both kinds; assumed


class Sharing(Spec):
    """Strategies that are compared by their gains and costs, without any linkage.

    Parameters
    ----------
    strategies
        Names of strategies.
    overlays
        Names of overlays; each is laid over each strategy, and "" is none.
    """

    strategies: tuple[str, ...] = ()
    overlays: tuple[str, ...] = ("",)

    @property
    def names(self) -> tuple[str, ...]:
        """Every strategy under every overlay, such as "mash" and "mash+scandal"."""
        return tuple(
            f"{name}+{overlay}" if overlay else name
            for name in self.strategies
            for overlay in self.overlays
        )


class CeilingPlan(Spec):
    """What is to be found out of what is attainable on each task of persons in the clear.

    Parameters
    ----------
    seeds
        Worlds from whose truth the attainable rule learns, none of them a seed of the suite;
        without any, it learns from other people of the same world, in folds. Data sets that others
        made have one world, so there it always does.
    labels
        Numbers of labelled pairs, for a learning curve.
    """

    seeds: tuple[int, ...] = ()
    labels: tuple[int, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _is_wished(cls, entry: object) -> object:
        return {} if entry is True else entry

    @field_validator("labels")
    @classmethod
    def _are_enough(cls, labels: tuple[int, ...]) -> tuple[int, ...]:
        if min(labels, default=FEWEST_LABELS) < FEWEST_LABELS:
            raise ValueError(f"a learning curve begins at {FEWEST_LABELS} labels")
        return labels
