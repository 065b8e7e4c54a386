"""One measured quantity of a strategy, or the reason why there is none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from darkfigure.linkage_eval.rows import ALL, OK, Measurement

UNDEFINED = "undefined: "
# The agencies whose sight is measured: the police, and the violence prevention unit.
WATCHERS = ("police:*", "vpu:wales")


class Of(NamedTuple):
    """The recipient of a quantity, and its part: kind and name of a stratum."""

    recipient: str = ALL
    stratum_kind: str = ALL
    stratum: str = ALL


def quantity(
    metric: str,
    value: float | None,
    *,
    n: int,
    of: Of = Of(),  # noqa: B008, never changes
    interval: tuple[float | None, float | None] = (None, None),
    why: str = "nothing was shared",
) -> Measurement:
    """Make a measurement of a strategy.

    Parameters
    ----------
    metric
        Name of a metric.
    value
        None where the quantity is not defined.
    n
        Number of units that the value is about.
    of
        Its recipient and stratum.
    interval
        Ends of the 95 % interval; None where there is none.
    why
        Reason why there is no value; not used if there is one.
    """
    status = OK if value is not None else UNDEFINED + why
    return Measurement(
        of.stratum_kind, of.stratum, metric, value, *interval, n, of.recipient, status
    )


def quantities(values: Mapping[str, float | None], n: int) -> list[Measurement]:
    """Make measurements of a whole strategy.

    Parameters
    ----------
    values
        By metric; None where a quantity is not defined.
    n
        Number of units that each is about.
    """
    return [quantity(metric, value, n=n) for metric, value in values.items()]
