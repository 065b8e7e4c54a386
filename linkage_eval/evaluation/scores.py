"""Measurements as a wide table: a row a stratum and a column a metric."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from darkfigure.synth.core.html_table import html_table

if TYPE_CHECKING:
    import pandas as pd

_CELL = ("scenario", "strategy", "task", "linker", "seed")
_STRATUM = ["stratum_kind", "stratum"]
_PARTS = ("value", "low", "high")
_SHOWN = ("precision", "recall", "f1", "f_star")


@dataclass(frozen=True, repr=False)
class Scores:
    """Measured values with 95 % intervals.

    Parameters
    ----------
    long
        One row a stratum and metric: `stratum_kind`, `stratum`, `metric`, `value`, `low`, `high`,
        `n`; of a run also which scenario, strategy, task, linker and seed.
    """

    long: pd.DataFrame

    def wide(self, *, intervals: bool = False) -> pd.DataFrame:
        """Give a row a stratum and a column a metric.

        Parameters
        ----------
        intervals
            Whether each metric has columns `..._low` and `..._high` beside it.
        """
        names = [*(name for name in _CELL if name in self.long.columns), *_STRATUM]
        indexed = self.long.set_index([*names, "metric"])
        order = indexed.index.droplevel("metric").unique()
        frames = {part: indexed[part].unstack("metric").reindex(order) for part in _PARTS}
        endings = {"value": "", **({"low": "_low", "high": "_high"} if intervals else {})}
        columns = {
            f"{metric}{ending}": frames[part][metric]
            for metric in dict.fromkeys(self.long["metric"])
            for part, ending in endings.items()
        }
        return type(self.long)(columns)

    @property
    def overall(self) -> pd.DataFrame:
        """The metrics of everybody, with intervals: one row a linker."""
        return self.wide(intervals=True).xs(("all", "all"), level=_STRATUM)

    def __getitem__(self, metric: str) -> float:
        """Give one linker's value of a metric over everybody.

        Raises
        ------
        KeyError
            There is no such metric, or there are several linkers.
        """
        rows = self.long[(self.long["metric"] == metric) & (self.long["stratum_kind"] == "all")]
        if len(rows) != 1:
            raise KeyError(f"{len(rows)} values of '{metric}'; see `wide()`")
        return float(rows["value"].iloc[0])

    def __repr__(self) -> str:
        rows = self.long[(self.long["stratum_kind"] == "all") & self.long["metric"].isin(_SHOWN)]
        cells = [name for name in ("linker",) if name in rows.columns]
        texts = [
            " ".join([*(str(row[name]) for name in cells), row["metric"], _interval(row)])
            for _, row in rows.iterrows()
        ]
        return f"Scores({'; '.join(texts)})"

    def _repr_html_(self) -> str:
        rows = self.long[self.long["stratum_kind"] == "all"]
        names = [name for name in (*_CELL, "metric") if name in rows.columns]
        lines = [
            [*(str(row[name]) for name in names), _interval(row), f"{row['n']:,}"]
            for _, row in rows.iterrows()
        ]
        return html_table([*names, "value (95 % interval)", "n"], lines)


def _interval(row: pd.Series) -> str:
    value, low, high = row["value"], row["low"], row["high"]
    if value != value:  # noqa: PLR0124, so not-a-number is known
        return "none"
    bounds = "" if low != low else f" ({low:.3g}-{high:.3g})"  # noqa: PLR0124
    return f"{value:.3g}{bounds}"
