"""Comparison of each published figure with the simulated one, and a verdict on each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from darkfigure.linkage_eval.fidelity.figures import QUERIES, VIEWS
from darkfigure.linkage_eval.fidelity.published import SECTIONS, published
from darkfigure.linkage_eval.fidelity.views import lacking, opened
from darkfigure.linkage_eval.stats.intervals import (
    ERROR_RATE,
    IntervalEstimates,
    fixed,
    means,
    rate_ratios,
    rates,
    shares,
)
from darkfigure.synth.core.arrays import Floats, Mask
from darkfigure.synth.core.errors import DatasetError
from darkfigure.synth.reference import load
from darkfigure.synth.schema import FORCES
from darkfigure.synth.storage.dataset import Dataset

INSIDE, OUTSIDE, CANNOT_TELL = "inside", "outside", "cannot tell"
NOT_SIMULATED = "not simulated"
LOCAL = "national figure, local sample"
VERDICTS = (INSIDE, OUTSIDE, CANNOT_TELL, NOT_SIMULATED, LOCAL)
ANYWHERE = "any"

SCHEMA = pa.schema(
    [
        *(pa.field(name, pa.string()) for name in ("section", "key", "area")),
        *(pa.field(name, pa.float64()) for name in ("published", "low", "high")),
        *(pa.field(name, pa.string()) for name in ("unit", "grade", "source")),
        *(pa.field(name, pa.float64()) for name in ("simulated", "sim_low", "sim_high")),
        pa.field("n", pa.int64()),
        pa.field("verdict", pa.string()),
        pa.field("persons_needed", pa.int64()),
    ]
)

_SCALE = {
    "per 1,000": 1e3,
    "per 10,000": 1e4,
    "per 100,000": 1e5,
    "per 1,000 a year": 1e3,
    "per 100,000 a year": 1e5,
    "per million a year": 1e6,
}
_RATE_UNITS = ("per 1,000 a year", "per 100,000 a year", "per million a year")
# The columns of every query; some queries give only a part of them.
_SHAPE = """
    SELECT NULL::VARCHAR AS key, NULL::VARCHAR AS area, NULL::DOUBLE AS hits, NULL::DOUBLE AS n,
        NULL::DOUBLE AS spread, NULL::BOOLEAN AS whole, NULL::DOUBLE AS everybody,
        NULL::DOUBLE AS hh, NULL::DOUBLE AS hc, NULL::DOUBLE AS cc
    WHERE false
"""


def compare(dataset: Dataset) -> pa.Table:
    """Set every published figure beside the simulated one.

    Parameters
    ----------
    dataset
        A dataset of any scenario and size.

    Returns
    -------
    One row a figure, by section, schema `SCHEMA`. Values from `low` to `high` agree with the
    publication: its interval, or a tolerance around the figure. `sim_low` to `sim_high` is the
    95 % sampling interval: exact binomial, exact Poisson, exact for a ratio of rates, or normal for
    a mean. Incidents of one victim are no independent draws: there as many are taken as would have
    the variance that victims show (design effect). Where the dataset counts the whole
    population, the interval has no width. Some figures, such as the share of places that hold half
    of all violence, are other in a part of the people than in all; a sample shows them without
    interval and cannot tell.

    "Inside" is a test of equivalence (two one-sided tests): both ends of the 90 % interval agree,
    so that a world whose true figure does not agree is called inside with a chance of at most
    5 %. "Outside" is a figure of which no value agrees in an interval so wide that, if every
    figure of the table were right, one or more would be called outside with a chance of 5 %
    (Bonferroni). Between the two the sample cannot tell; `persons_needed` is the number of people
    that would settle it, if the estimate stayed as it is. A figure of a wider area than the
    dataset's is not judged, one of another area is left out.

    Raises
    ------
    DatasetError
        A table of the dataset is damaged.
    """
    try:
        with opened(dataset) as connection:
            simulated = _simulated(connection, lacking(dataset))
            joined = _joined(connection, published(connection), simulated)
    except (duckdb.IOException, duckdb.InvalidInputException) as error:
        reason = str(error).splitlines()[0]
        raise DatasetError(
            f"{dataset.path} has a damaged table: {reason}. Generate the dataset again."
        ) from None
    return _judged(joined, dataset)


def _simulated(connection: duckdb.DuckDBPyConnection, missing: set[str]) -> pa.Table:
    """Run every query whose tables the dataset has."""
    for name, sql in VIEWS.items():
        if any(view in sql for view in missing):
            missing = missing | {name}
        else:
            connection.execute(f"CREATE TEMP TABLE {name} AS {sql}")
    able = [sql for sql in QUERIES.values() if not any(view in sql for view in missing)]
    union = " UNION ALL BY NAME ".join(f"({sql})" for sql in (_SHAPE, *able))
    return connection.sql(union).to_arrow_table()


def _joined(
    connection: duckdb.DuckDBPyConnection, figures: pa.Table, simulated: pa.Table
) -> pa.Table:
    """Find each figure's own area in the dataset, or the whole dataset where it has none."""
    connection.register("figures", figures)
    connection.register("simulated", simulated)
    connection.register("sections", pa.table({"section": SECTIONS, "turn": range(len(SECTIONS))}))
    return connection.sql("""
        WITH areas AS (
            SELECT name AS area FROM ref_local_authorities UNION ALL SELECT area FROM force_names
        ), elsewhere AS (
            FROM areas WHERE area NOT IN (SELECT local_authority FROM residents)
                AND area NOT IN (SELECT force_area FROM residents)
        )
        SELECT figures.*, coalesce(own.hits, whole.hits) AS hits, coalesce(own.n, whole.n) AS n,
            coalesce(own.spread, whole.spread) AS spread,
            coalesce(own.whole, whole.whole, false) AS exact,
            coalesce(own.everybody, whole.everybody) AS everybody,
            coalesce(own.hh, whole.hh) AS hh, coalesce(own.hc, whole.hc) AS hc,
            coalesce(own.cc, whole.cc) AS cc
        FROM figures JOIN sections USING (section)
        LEFT JOIN simulated AS own ON own.key = figures.key AND own.area = figures.area
        LEFT JOIN simulated AS whole ON whole.key = figures.key AND whole.area IS NULL
            AND figures.area NOT IN (FROM areas)
        WHERE own.n > 0 OR figures.area NOT IN (FROM elsewhere)
        ORDER BY turn, split_part(figures.key, '_', 1), grade,
            try_cast(regexp_extract(figures.key, '_([0-9]+)', 1) AS INT), figures.key, figures.area
    """).to_arrow_table()


@dataclass(frozen=True)
class _Counted:
    """The counts behind each figure; arrays of one length.

    A ratio of rates has the events of both groups as n, and the ratio of exposures as spread.
    """

    unit: NDArray[np.str_]
    hits: Floats
    n: Floats
    spread: Floats
    exact: Mask  # no chance moves it
    effect: Floats  # of clusters on its variance, at least 1

    def estimates(self, error_rate: float = ERROR_RATE) -> IntervalEstimates:
        """Estimate each figure in its unit; NaN where nothing was counted."""
        unit, hits, n = self.unit, self.hits, self.n
        # So many independent draws would have as much variance.
        fewer, draws = hits / self.effect, n / self.effect
        with np.errstate(invalid="ignore", divide="ignore"):
            choices = [
                (np.isin(unit, _RATE_UNITS), rates(fewer, draws, error_rate)),
                (unit == "mean", means(hits, n, self.spread, error_rate)),
                (unit == "ratio", rate_ratios(hits, n, self.spread, error_rate)),
                (unit == "count", fixed(hits)),
                (np.ones(len(unit), bool), shares(np.minimum(fewer, draws), draws, error_rate)),
            ]
        where = [chosen & (n > 0) for chosen, _ in choices]
        value, low, high = (
            np.select(where, [getattr(estimates, end) for _, estimates in choices], np.nan)
            for end in ("value", "low", "high")
        )
        low, high = np.where(self.exact, value, low), np.where(self.exact, value, high)
        scale = np.array([_SCALE.get(name, 1.0) for name in unit])
        return IntervalEstimates(value, low, high).times(scale)


def _judged(joined: pa.Table, dataset: Dataset) -> pa.Table:
    low, high, tolerance, everybody = (
        joined[name].to_numpy().astype(float) for name in ("low", "high", "tolerance", "everybody")
    )
    counted = _counted(joined, dataset)
    low, high = low * (1 - tolerance), high * (1 + tolerance)
    local = ~np.isin(joined["area"].to_pylist(), list(_covered(dataset)))
    partial = np.isfinite(everybody)
    estimated = counted.estimates()
    judged = int((np.isfinite(estimated.value) & ~local & ~partial).sum())
    narrow = counted.estimates(2 * ERROR_RATE)
    wide = counted.estimates(ERROR_RATE / max(judged, 1))
    verdict = np.select(
        [
            joined["hits"].is_null().to_numpy(),
            local,
            partial,
            (narrow.low >= low) & (narrow.high <= high),
            (wide.low > high) | (wide.high < low),
        ],
        [NOT_SIMULATED, LOCAL, CANNOT_TELL, INSIDE, OUTSIDE],
        CANNOT_TELL,
    )
    needed = dataset.manifest["persons"] * _times_as_many(narrow, wide, low, high)
    needed = np.where(partial, everybody, needed)
    # Neither a part of the people nor a ratio to nothing has an interval to show.
    bounded = ~partial & np.isfinite(estimated.high)
    columns = {
        **{name: joined[name] for name in SCHEMA.names if name in joined.column_names},
        "low": low,
        "high": high,
        "simulated": _or_null(estimated.value),
        "sim_low": _or_null(np.where(bounded, estimated.low, np.nan)),
        "sim_high": _or_null(np.where(bounded, estimated.high, np.nan)),
        "n": _or_null(np.round(counted.n)),
        "verdict": verdict,
        "persons_needed": _or_null(np.where(verdict == CANNOT_TELL, np.ceil(needed), np.nan)),
    }
    return pa.table({name: columns[name] for name in SCHEMA.names}).cast(SCHEMA)


def _counted(joined: pa.Table, dataset: Dataset) -> _Counted:
    hits, n, spread = (joined[name].to_numpy().astype(float) for name in ("hits", "n", "spread"))
    unit, exact = np.array(joined["unit"].to_pylist()), np.array(joined["exact"].to_pylist())
    exact |= np.array(joined["key"].to_pylist()) == _met_exactly(dataset)
    return _Counted(unit, hits, n, spread, exact, _effects(joined, unit))


def _met_exactly(dataset: Dataset) -> str:
    """Name the figure that the scenario met to the nearest record, not by chance."""
    contacts = _scenario(dataset).get("contacts", {})
    return "ed_assault_without_police_record" if contacts.get("exact") else ""


def _effects(joined: pa.Table, unit: NDArray[np.str_]) -> Floats:
    """Give the factor by which clusters raise the variance of each figure; 1 without clusters."""
    hits, n, hh, hc, cc = (
        joined[name].to_numpy().astype(float) for name in ("hits", "n", "hh", "hc", "cc")
    )
    with np.errstate(invalid="ignore", divide="ignore"):
        share = hits / n
        of_shares = (hh - 2 * share * hc + share**2 * cc) / (n * share * (1 - share))
        effect = np.where(np.isin(unit, _RATE_UNITS), hh / hits, of_shares)
    return np.asarray(np.where(np.isfinite(effect), np.maximum(effect, 1), 1.0))


def _times_as_many(
    narrow: IntervalEstimates, wide: IntervalEstimates, low: Floats, high: Floats
) -> Floats:
    """Give the factor by which more people would settle each figure; intervals shrink as 1/√n."""
    value = narrow.value
    with np.errstate(divide="ignore", invalid="ignore"):
        margin = np.minimum(value - low, high - value)
        judge_low = np.where(margin > 0, value - narrow.low, value - wide.low)
        judge_high = np.where(margin > 0, narrow.high - value, wide.high - value)
        return np.asarray((np.maximum(judge_low, judge_high) / np.abs(margin)) ** 2)


def _or_null(values: Floats) -> pa.Array:
    return pa.array(values, mask=~np.isfinite(values))


def _covered(dataset: Dataset) -> set[str]:
    """List the areas that lie wholly within the dataset's."""
    table = load("local_authorities")
    chosen = set(_scenario(dataset)["areas"]) or set(table["name"].to_pylist())
    force = dict(zip(table["name"].to_pylist(), table["force"].to_pylist(), strict=True))
    outside = {force[name] for name in force if name not in chosen}
    forces = {name for code, name in FORCES.items() if code not in outside}
    wider = {"Wales", "England and Wales"} if chosen == set(force) else set()
    return {*chosen, *forces, *wider, ANYWHERE}


def _scenario(dataset: Dataset) -> Any:  # noqa: ANN401, JSON
    return dataset.manifest["scenario"]
