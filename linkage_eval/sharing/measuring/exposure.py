"""Exposure: how far released rows single people out, whatever their form hides.

Somebody who knows a person's sex, birthday, address, or where and when something happened to them
looks for the rows that fit. In a table of counts the rows are the records that a cell stands for.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from darkfigure.linkage_eval.metrics.declaration import metric
from darkfigure.linkage_eval.privacy import Risk, measure_risk
from darkfigure.linkage_eval.rows import Measurement
from darkfigure.linkage_eval.sharing.engine.at_work import Held, Knowledge
from darkfigure.linkage_eval.sharing.measuring.quantities import quantity
from darkfigure.linkage_eval.sharing.strategy.flows import Flow

_NEEDS = ("knowledge",)
_NAMES = ("smallest_class", "small_class_share", "prosecutor_risk")
_WHY = "what is released stands for no single record"


@metric(
    name="smallest_class",
    label="Smallest class",
    meaning="fewest rows that look alike to somebody who knows the person: k of k-anonymity",
    formula="least size of a class of identity, place and time as released, over all releases",
    direction="higher",
    unit="rows",
    needs=_NEEDS,
)
@metric(
    name="small_class_share",
    label="Rows in classes below 5",
    meaning="share of released rows that look like fewer than four others",
    formula="rows in classes below 5 / rows",
    direction="lower",
    unit="share",
    needs=_NEEDS,
)
@metric(
    name="prosecutor_risk",
    label="Prosecutor\u2019s risk",
    meaning="chance that a row is rightly named by somebody who knows that the person is in "
    "the data",
    formula="mean over rows of 1 / size of its class",
    direction="lower",
    unit="probability",
    needs=_NEEDS,
)
def measure_exposure(knowledge: Knowledge) -> list[Measurement]:
    """Measure the risk of all releases: the smallest class of any, and means over all rows."""
    risks = [risk for risk in _risks(knowledge) if risk.n]
    total = sum(risk.n for risk in risks)
    values: tuple[float | None, ...] = (None, None, None)
    if risks:
        values = (
            float(min(risk.k or 0 for risk in risks)),
            sum(risk.n * (risk.small_share or 0.0) for risk in risks) / total,
            sum(risk.n * (risk.prosecutor_mean or 0.0) for risk in risks) / total,
        )
    reason = _WHY if knowledge.held else "nothing was shared"
    return [
        quantity(name, value, n=total, why=reason)
        for name, value in zip(_NAMES, values, strict=True)
    ]


def _risks(knowledge: Knowledge) -> Iterator[Risk]:
    """Measure each release once, for all its recipients."""
    flows, seen = {flow.id: flow for flow in knowledge.strategy.flow}, set()
    for held in knowledge.held:
        flow = flows[held.flow]
        release = held.flow, tuple(held.table.column_names)
        what = flow.format.what
        if release not in seen and not (what.draws_noise or what.made_up):
            seen.add(release)
            yield _of_counts(held) if flow.format.counts else _of_rows(held, flow)


def _of_rows(held: Held, flow: Flow) -> Risk:
    holding = flow.source.holding
    known = {*holding.identity.values(), *holding.identity, holding.event}
    shown = [name for name in held.table.column_names if name in known or _is_place(flow, name)]
    if not shown:  # answers of "hit" or "no hit"
        return measure_risk(pa.table({"none": []}), ["none"])
    return measure_risk(held.table, shown)


def _is_place(flow: Flow, name: str) -> bool:
    holding = flow.source.holding
    return name in holding.columns and holding.is_place(name)


def _of_counts(held: Held) -> Risk:
    """Measure a table of counts: each cell is a class of as many rows that look alike."""
    counts = held.table["records"].drop_null().to_numpy()
    cells = np.repeat(np.arange(len(counts)), counts)
    return measure_risk(pa.table({"cell": pc.cast(pa.array(cells), pa.string())}), ["cell"])
