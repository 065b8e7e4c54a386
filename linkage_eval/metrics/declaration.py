"""The declaration of a metric beside its code: name, formula, direction, unit and needs.

::

    @metric(
        name="crowded",
        label="Crowded records",
        formula="right records with several links",
        direction="lower",
        unit="records",
        needs=("judged",),
    )
    def crowded(judged):
        \"\"\"Right records that several left records claim.\"\"\"
        ...
        return [Measurement.overall("crowded", value, n)]

Everything else follows from it: the registry, reports, the reference, and where it is measured.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Generic, Literal, ParamSpec, get_args

from darkfigure.linkage_eval.metrics.needs import NEEDS, Scope, scopes_of
from darkfigure.linkage_eval.rows import Measurement
from darkfigure.synth.core.errors import SpecError

Direction = Literal["higher", "lower", "neither"]
P = ParamSpec("P")
_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")
_ASKED = {
    "label": 'its name on a page, such as label="Precision"',
    "formula": 'how it is worked out, such as formula="TP / (TP + FP)"',
    "unit": 'what it is counted in, such as unit="share"',
    "needs": 'its inputs, such as needs=("judged",)',
}


@dataclass(frozen=True)
class Definition:
    """All that is known of a metric but its code.

    As a decorator it makes a metric of the function that measures it.

    Parameters
    ----------
    name
        Its name in results: small letters, digits and "_".
    label
        Its name on a page.
    meaning
        A phrase that says what it is.
    formula
        How it is worked out.
    direction
        Whether "higher" or "lower" is better, or "neither".
    unit
        What it is counted in, such as "share" or "days".
    needs
        Names of its inputs (`needs.NEEDS`).
    source
        The literature that it follows; "" if none.
    """

    name: str
    label: str
    meaning: str
    formula: str
    direction: Direction
    unit: str
    needs: tuple[str, ...]
    source: str = ""

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise SpecError(
                f"'{self.name}' is no name for a metric: up to 60 small letters, digits and '_', "
                "a letter first."
            )
        for field, asked in _ASKED.items():
            if not getattr(self, field):
                raise SpecError(f"metric '{self.name}' has no {field}: say {asked}.")
        if self.direction not in get_args(Direction):
            raise SpecError(
                f"metric '{self.name}': direction is 'higher', 'lower' or 'neither', not "
                f"'{self.direction}'."
            )
        _check_needs(self.name, self.needs)

    @property
    def arrow(self) -> str:
        """An arrow in the direction that is better; "" if neither is."""
        return {"higher": "\u2191", "lower": "\u2193", "neither": ""}[self.direction]

    @property
    def heading(self) -> str:
        """Its label with its arrow, for the head of a column."""
        return f"{self.label}\u00a0{self.arrow}" if self.arrow else self.label

    @property
    def phrase(self) -> str:
        """Its label inside a sentence: "recall", but "F1"."""
        plain = self.label[1:2].islower()
        return f"{self.label[0].lower()}{self.label[1:]}" if plain else self.label

    def loss(self, before: float, after: float) -> float | None:
        """Give how much worse a value is than before; None where neither direction is better."""
        return {"higher": before - after, "lower": after - before}.get(self.direction)

    def __call__(self, measure: Callable[P, Iterable[Measurement]]) -> Metric[P]:
        """Make a metric of a function, or add this quantity to those that it measures."""
        if isinstance(measure, Metric):
            return Metric(measure.measure, (self, *measure.definitions))
        return Metric(measure, (self,))


def _check_needs(name: str, needs: tuple[str, ...]) -> None:
    known = sorted({need for inputs in NEEDS.values() for need in inputs})
    unknown = [need for need in needs if need not in known]
    if unknown:
        raise SpecError(
            f"metric '{name}' needs {', '.join(map(repr, unknown))}, which nothing gives. "
            f"Known: {', '.join(known)}."
        )
    if not scopes_of(needs):
        raise SpecError(
            f"metric '{name}' needs inputs of links and of sharing at once ({', '.join(needs)}); "
            f"of links there are {', '.join(NEEDS['links'])}."
        )


def metric(  # noqa: PLR0913, a declaration has as many parts
    *,
    name: str,
    label: str = "",
    meaning: str = "",
    formula: str = "",
    direction: Direction = "neither",
    unit: str = "",
    needs: tuple[str, ...] = (),
    source: str = "",
) -> Definition:
    """Declare a metric; use it as the decorator of the function that measures it.

    A function that measures several quantities has a decorator for each.

    Parameters
    ----------
    name, label, meaning, formula, direction, unit, needs, source
        As of `Definition`. The meaning of a function's only quantity is, unless given, the first
        line of its docstring.

    Raises
    ------
    SpecError
        Something is missing, unknown or wrong.
    """
    return Definition(name, label, meaning, formula, direction, unit, tuple(needs), source)


def metrics(
    definitions: Iterable[Definition],
) -> Callable[[Callable[P, Iterable[Measurement]]], Metric[P]]:
    """Declare all quantities of a function whose definitions stand in a table, such as ratios."""
    return lambda measure: Metric(measure, tuple(definitions))


@dataclass(frozen=True)
class Metric(Generic[P]):
    """A function that measures one quantity or several, with their definitions.

    Parameters
    ----------
    measure
        The function; its parameters are its needs.
    definitions
        The quantities that it measures.
    """

    measure: Callable[P, Iterable[Measurement]]
    definitions: tuple[Definition, ...]

    def __post_init__(self) -> None:
        first_line = (inspect.getdoc(self.measure) or "").partition("\n")[0].rstrip(".")
        named = (replace(one, meaning=one.meaning or first_line) for one in self.definitions)
        object.__setattr__(self, "definitions", tuple(named))
        parameters = tuple(inspect.signature(self.measure).parameters)
        if set(parameters) != set(self.needs):
            raise SpecError(
                f"metric '{self.definitions[0].name}' needs {', '.join(self.needs)}, but its "
                f"function takes {', '.join(parameters) or 'nothing'}: give it a parameter for "
                "each need, of the same name."
            )

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> list[Measurement]:
        """Measure."""
        return list(self.measure(*args, **kwargs))

    @property
    def needs(self) -> tuple[str, ...]:
        """The inputs that it asks for."""
        needs = (need for definition in self.definitions for need in definition.needs)
        return tuple(dict.fromkeys(needs))

    @property
    def scope(self) -> Scope:
        """Whether it measures links or sharing; of a dataset alone, links."""
        return scopes_of(self.needs)[0]

    @property
    def module(self) -> str:
        """Name of the module that holds it."""
        return self.measure.__module__
