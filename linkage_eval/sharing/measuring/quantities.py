"""One measured quantity of a strategy, or the reason why there is none."""

from __future__ import annotations

from typing import Any, NamedTuple

from darkfigure.linkage_eval.isolation.parent import OK

ALL = "all"
UNDEFINED = "undefined: "


class Of(NamedTuple):
    """Whose quantity it is, and of what part: kind and name of a stratum."""

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
    """Make a row of `results.SHARING` without scenario, strategy and seed.

    Parameters
    ----------
    metric, value, n
        What was measured, on how many.
    of
        Of whom and of what.
    interval
        95 %, where there is one.
    why
        Why there is no value, if there is none.
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
