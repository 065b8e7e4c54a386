"""The metrics of one run: all of the library, and those of the user's own."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from darkfigure.linkage_eval.metrics.declaration import Definition, Metric
from darkfigure.linkage_eval.metrics.needs import Scope
from darkfigure.linkage_eval.rows import Measurement
from darkfigure.synth.core.printable import printable

METRIC_FAILED = "metric failed: "
_LONGEST_STATUS = 300  # characters, as of a linker's


@dataclass(frozen=True)
class MetricSet:
    """Metrics that are measured together, no two of one name.

    Parameters
    ----------
    library
        Metrics of the library; an error in one is an error of ours.
    own
        Metrics of users; an error in one becomes the status of its own measurement.
    """

    library: tuple[Metric[Any], ...]
    own: tuple[Metric[Any], ...] = ()

    @property
    def definitions(self) -> dict[str, Definition]:
        """The definition of every quantity, by name."""
        return _by_name((*self.library, *self.own))

    def names(self, scope: Scope) -> list[str]:
        """List the quantities of links or of sharing."""
        return list(_by_name(one for one in (*self.library, *self.own) if one.scope == scope))

    def only(self, names: Collection[str]) -> MetricSet:
        """Give the metrics that measure any of these quantities."""

        def chosen(metrics: tuple[Metric[Any], ...]) -> tuple[Metric[Any], ...]:
            return tuple(
                metric
                for metric in metrics
                if any(definition.name in names for definition in metric.definitions)
            )

        return MetricSet(chosen(self.library), chosen(self.own))

    def described(self) -> dict[str, dict[str, Any]]:
        """Describe the user's own metrics, as a run's manifest keeps them."""
        return {name: asdict(definition) for name, definition in _by_name(self.own).items()}

    def measure(self, scope: Scope, given: Mapping[str, Any]) -> list[Measurement]:
        """Measure every metric whose needs are all there.

        Parameters
        ----------
        scope
            Links or sharing.
        given
            The inputs that are there, by name.
        """
        rows: list[Measurement] = []
        for metric in (*self.library, *self.own):
            if metric.scope == scope and given.keys() >= set(metric.needs):
                inputs = {need: given[need] for need in metric.needs}
                rows += _try(metric, inputs) if metric in self.own else metric(**inputs)
        return rows


def _by_name(metrics: Iterable[Metric[Any]]) -> dict[str, Definition]:
    return {definition.name: definition for metric in metrics for definition in metric.definitions}


def _try(metric: Metric[Any], inputs: Mapping[str, Any]) -> list[Measurement]:
    """Measure a user's metric; what goes wrong with it is the status of its quantities."""
    try:
        return [_checked(metric, row) for row in metric(**inputs)]
    except Exception as error:  # noqa: BLE001, as said above
        reason = printable(f"{type(error).__name__}: {error}", _LONGEST_STATUS, line=True)
        return [
            replace(
                Measurement.overall(definition.name, None, 0), status=f"{METRIC_FAILED}{reason}"
            )
            for definition in metric.definitions
        ]


def _checked(metric: Metric[Any], row: object) -> Measurement:
    if not isinstance(row, Measurement):
        raise TypeError(f"a row is a Measurement, not a {type(row).__name__}")
    if row.metric not in {definition.name for definition in metric.definitions}:
        raise ValueError(f"it measured '{row.metric}', which it does not declare")
    numbers = [
        None if number is None else float(number) for number in (row.value, row.low, row.high)
    ]
    if not all(number is None or math.isfinite(number) for number in numbers):
        raise ValueError(f"'{row.metric}' is not finite; None says that there is no value")
    return replace(row, value=numbers[0], low=numbers[1], high=numbers[2], n=int(row.n))
