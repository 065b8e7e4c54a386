"""What a change may cost: a tolerance for each measure, from TOML."""

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
    """How far each measure of accuracy may fall; one that is None is not tested."""

    precision: Amount | None = None
    recall: Amount | None = None
    f1: Amount | None = None
    f_star: Amount | None = None

    def given(self) -> dict[str, float]:
        """Give the measures that are tested, each with its tolerance."""
        return {name: value for name, value in self if value is not None}


class Costs(Spec):
    """How many times the baseline's CPU time and memory a candidate may take."""

    cpu_ratio: Ratio = 1.5
    """In units of the reference kernel of the same run."""
    memory_ratio: Ratio = 1.25
    """Of the largest resident size."""
    cpu_floor_seconds: Amount = 0.5
    """A candidate that takes less is not judged by its speed."""


class Tolerances(Spec):
    """What is tested, and how much of it may be lost."""

    alpha: Annotated[float, Field(gt=0, lt=1)] = 0.01
    """Chance of a false alarm in a whole comparison, at most."""
    accuracy: Losses = Losses()
    """For everybody together."""
    groups: Losses = Losses()
    """Within each group of people."""
    cost: Costs = Costs()
    """Time and memory."""


def load_tolerances(file: str | Path | None = None) -> Tolerances:
    """Read tolerances: the packaged ones, and what a file says instead.

    Raises
    ------
    SpecError
        The file is missing, is no TOML, or does not say what it should.
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
