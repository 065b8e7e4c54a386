"""The rows of a run's tables."""

from __future__ import annotations

from dataclasses import dataclass

OK = "ok"
ALL = "all"


@dataclass(frozen=True)
class Measurement:
    """One quantity in one stratum.

    Parameters
    ----------
    stratum_kind, stratum
        The division of people and the group in it; "all", "all" for everybody.
    metric
        Name of a metric.
    value
        None where the quantity is not defined.
    low, high
        Ends of the 95 % interval; None where there is none.
    n
        The number of units that the value is about, mostly its denominator.
    recipient
        The agency to which a quantity of sharing belongs; "all" for all, and for links.
    status
        "ok", or the reason why there is no value.
    """

    stratum_kind: str
    stratum: str
    metric: str
    value: float | None
    low: float | None
    high: float | None
    n: int
    recipient: str = ALL
    status: str = OK

    @classmethod
    def overall(
        cls,
        metric: str,
        value: float | None,
        n: int,
        low: float | None = None,
        high: float | None = None,
    ) -> Measurement:
        """Make a measurement of everybody together.

        Parameters
        ----------
        metric
            Name of a metric.
        value
            None where the quantity is not defined.
        n
            The number of units that the value is about.
        low, high
            Ends of the 95 % interval, if there is one.
        """
        return cls(ALL, ALL, metric, value, low, high, n)
