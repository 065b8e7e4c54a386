"""Tolerances: the loss that a change may bring in each measure, from TOML."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field

from darkfigure.synth.core.plain_data import read_toml
from darkfigure.synth.core.spec import Amount, Spec, build

Ratio = Annotated[float, Field(ge=1)]


class Losses(Spec):
    """The allowed fall of each measure of accuracy; a measure of None is not tested."""

    precision: Amount | None = None
    recall: Amount | None = None
    f1: Amount | None = None
    f_star: Amount | None = None

    def given(self) -> dict[str, float]:
        """Give the measures that are tested, each with its tolerance."""
        return {name: value for name, value in self if value is not None}


class Costs(Spec):
    """The allowed multiples of the baseline's CPU time and memory."""

    cpu_ratio: Ratio = 1.5
    """Of CPU time in units of the reference kernel of the same run."""
    memory_ratio: Ratio = 1.25
    """Of the largest resident size."""
    cpu_floor_seconds: Amount = 0.5
    """CPU time below which a linker's speed is not judged, if both sides stay below."""


class Tolerances(Spec):
    """The measures that are tested, and the loss that is allowed in each."""

    alpha: Annotated[float, Field(gt=0, lt=1)] = 0.01
    """Greatest probability of a false alarm in a whole comparison."""
    accuracy: Losses = Losses()
    """Allowed losses for everybody together."""
    groups: Losses = Losses()
    """Allowed losses within each group of people."""
    metrics: dict[str, Amount] = Field(default_factory=dict)
    """Allowed losses of any other metric, in its own unit, for everybody together."""
    cost: Costs = Costs()
    """Allowed ratios of time and memory."""


def load_tolerances(file: str | Path | None = None) -> Tolerances:
    """Read tolerances: the packaged ones, with those of a file laid over them.

    Raises
    ------
    SpecError
        The file is missing, is no TOML, or a key of it is unknown or wrong.
    """
    ours = tomllib.loads(files(__package__).joinpath("tolerances.toml").read_text("utf-8"))
    if file is None:
        return build(Tolerances, ours, "tolerances.toml")
    return build(Tolerances, _laid_over(ours, read_toml(Path(file))), f"{file}")


def _laid_over(ours: dict[str, Any], theirs: dict[str, Any]) -> dict[str, Any]:
    both = {
        name: {**ours[name], **value}
        for name, value in theirs.items()
        if isinstance(value, dict) and isinstance(ours.get(name), dict)
    }
    return {**ours, **theirs, **both}
