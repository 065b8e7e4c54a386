"""One measured quantity of a strategy, or the reason why there is none."""

from __future__ import annotations

from typing import Any, NamedTuple

from darkfigure.linkage_eval.isolation.parent import OK

ALL = "all"
UNDEFINED = "undefined: "


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
) -> dict[str, Any]:
    """Make a row of `tables.SHARING` without scenario, strategy and seed.

    Parameters
    ----------
    metric
        Name of a `Definition`.
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
    return {
        "metric": metric,
        "value": value,
        "n": n,
        **of._asdict(),
        "low": interval[0],
        "high": interval[1],
        "status": OK if value is not None else UNDEFINED + why,
    }
