"""Places: where recipients would look for violence, and where it truly is.

A recipient counts the records of violence whose neighbourhood it can tell: the police wrote it
down; a clerk's note that names a street or a pub is looked up; and a recipient of an assault at
home, with the address, looks the postcode up. Where a strategy releases counts by neighbourhood
these are taken as released, noise and gaps included.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from darkfigure.linkage_eval.metrics.declaration import metric
from darkfigure.linkage_eval.records.sql import query
from darkfigure.linkage_eval.rows import Measurement
from darkfigure.linkage_eval.sharing.engine.at_work import Held, Knowledge
from darkfigure.linkage_eval.sharing.measuring.gazetteer import named_places
from darkfigure.linkage_eval.sharing.measuring.quantities import WATCHERS, Of, quantity
from darkfigure.linkage_eval.sharing.metrics.hotspots import (
    Areas,
    Hotspots,
    by_group,
    measure_hotspots,
)
from darkfigure.linkage_eval.sharing.strategy.agency_view import AgencyView
from darkfigure.linkage_eval.sharing.strategy.flows import Flow
from darkfigure.linkage_eval.sharing.strategy.holdings import HOLDINGS
from darkfigure.synth.core.arrays import Floats, Ints
from darkfigure.synth.storage.dataset import Dataset

_SHARE = 0.1  # share of the neighbourhoods that can be looked after; assumed
_AREA = "lsoa_code"
_MEASURES = ("precision", "pai", "pei", "pei_star")
_GROUPED = ("hotspot_chosen_share", "hotspot_true_share")
_WHY = "nothing it is told names a neighbourhood"
_NEEDS = ("remaining", "atlas")
_NOTE = "assault_location_text"
_OWN_HOME = "own_home"
# The ways in which a record tells where it happened, the surest first.
_CODED, _IN_A_NOTE, _AT_HOME = range(3)
_LOCATED = f"""
WITH violent AS (SELECT DISTINCT record_id FROM about),
homes AS (
    SELECT upper(replace(postcode, ' ', '')) AS postcode, mode(lsoa_code::VARCHAR) AS area
    FROM addresses WHERE postcode IS NOT NULL GROUP BY 1),
notes AS (
    SELECT attendance_no, fold({_NOTE}) AS note
    FROM attendances JOIN violent ON record_id = attendance_no WHERE {_NOTE} IS NOT NULL)
SELECT 'police' AS kind, occurrence_no AS record, {_CODED} AS way,
    any_value({_AREA}::VARCHAR) AS area
FROM occurrences JOIN violent ON record_id = occurrence_no
WHERE {_AREA} IS NOT NULL GROUP BY occurrence_no
UNION ALL
SELECT 'ed', attendance_no, {_IN_A_NOTE}, arg_max(named.area, (length(name), name))
FROM notes JOIN named ON contains(note, name) GROUP BY attendance_no
UNION ALL
SELECT 'ed', attendance_no, {_AT_HOME}, homes.area
FROM attendances JOIN violent ON record_id = attendance_no
JOIN homes ON homes.postcode = upper(replace(attendances.postcode, ' ', ''))
WHERE assault_location_type::VARCHAR = '{_OWN_HOME}'
"""  # noqa: S608, our own constants
# An agency has its own records anyway; receiving one of them back, it knows no more.
_KNOWN = """
SELECT area, count(*) AS n FROM (
    SELECT record, arg_min(area, way) AS area FROM located
    WHERE kind = '{own}'
        OR (record, way) IN (SELECT (record, way) FROM log JOIN telling USING (flow))
    GROUP BY record) GROUP BY area
"""


class Atlas:
    """The neighbourhoods of a dataset, their true incidents, and the records that name them.

    Parameters
    ----------
    dataset
        The dataset, with its truth.
    view
        The same dataset without its truth.
    """

    def __init__(self, dataset: Dataset, view: AgencyView) -> None:
        self._dataset, self._view = dataset, view

    def measure(self, knowledge: Knowledge, recipient: str) -> list[Measurement]:
        """Measure the hotspots that a recipient would choose.

        Parameters
        ----------
        knowledge
            The knowledge of every recipient of a strategy.
        recipient
            The agency, such as "police:*".

        Returns
        -------
        As `quantity` makes them.
        """
        counts = self._counts(knowledge, recipient)
        k = max(1, round(_SHARE * len(self._codes)))
        hotspots = measure_hotspots(counts, self._areas, k)
        rows = [
            quantity(
                f"hotspot_{name}",
                getattr(hotspots, name),
                n=hotspots.n_total,
                of=Of(recipient),
                why=_WHY,
            )
            for name in _MEASURES
        ]
        return [*rows, *self._by_deprivation(hotspots, recipient), *self._known(counts, recipient)]

    def _known(self, counts: Floats, recipient: str) -> list[Measurement]:
        """Give the records that a recipient can put in each neighbourhood."""
        return [
            quantity("neighbourhood_records", known, n=true, of=Of(recipient, _AREA, code))
            for code, known, true in zip(
                self._codes, counts.tolist(), self._areas.incidents.tolist(), strict=True
            )
        ]

    def _by_deprivation(self, hotspots: Hotspots, recipient: str) -> list[Measurement]:
        groups = by_group(hotspots.chosen, self._areas, self._quintiles)
        rows = []
        for fifth in np.unique(self._quintiles).tolist():
            of = Of(recipient, "deprivation", str(fifth))
            for name, share in zip(_GROUPED, groups.get(fifth, (None, None)), strict=True):
                rows.append(quantity(name, share, n=hotspots.n_total, of=of, why=_WHY))
        return rows

    def _counts(self, knowledge: Knowledge, recipient: str) -> Floats:
        flows = {flow.id: flow for flow in knowledge.strategy.flow}
        telling = _telling(flows.values(), recipient)
        log = knowledge.shared
        log = log.filter(pc.and_(pc.equal(log["recipient"], recipient), log["event"]))
        own = "police" if recipient.startswith("police") else ""
        by_area = query(_KNOWN.format(own=own), located=self._located, log=log, telling=telling)
        counts = self._place(by_area["area"], by_area["n"].to_numpy().astype(float))
        for held in knowledge.held:
            if held.recipient == recipient and flows[held.flow].format.counts:
                counts += self._released(held)
        return counts

    def _released(self, held: Held) -> Floats:
        if _AREA not in held.table.column_names:
            return np.zeros(len(self._codes))
        counts = held.table["records"].fill_null(0).to_numpy().astype(float)
        return self._place(held.table[_AREA], counts)

    def _place(self, areas: pa.ChunkedArray, counts: Floats) -> Floats:
        """Add counts up by neighbourhood; those elsewhere are left out."""
        at = pc.index_in(areas.cast(pa.string()), pa.array(self._codes)).fill_null(-1).to_numpy()
        inside = at >= 0
        added = np.bincount(at[inside], counts[inside], minlength=len(self._codes))
        return added.astype(float)  # bincount of nothing gives whole numbers

    @cached_property
    def _map(self) -> pa.Table:
        every = self._dataset.read("truth/neighbourhoods")
        return every.filter(every["inside"])

    @cached_property
    def _codes(self) -> list[str]:
        return list(self._map[_AREA].cast(pa.string()).to_pylist())

    @cached_property
    def _quintiles(self) -> Ints:
        return self._map["deprivation_quintile"].to_numpy().astype(np.int64)

    @cached_property
    def _areas(self) -> Areas:
        codes = self._dataset.read("truth/incidents", [_AREA])[_AREA]
        incidents = self._place(codes, np.ones(len(codes)))
        residents = self._map["residents"].to_numpy().astype(float)
        return Areas(incidents.astype(np.int64), np.maximum(residents, 1.0))

    @cached_property
    def _located(self) -> pa.Table:
        """Give the neighbourhood of each record of violence that names one."""
        return query(
            _LOCATED,
            about=self._dataset.read("truth/record_incidents", ["record_id"]),
            addresses=self._dataset.read("truth/addresses", ["postcode", _AREA]),
            occurrences=self._view.held(HOLDINGS["police/occurrences"]),
            attendances=self._view.held(HOLDINGS["ed/attendances"]),
            named=named_places(self._dataset),
        )


@metric(
    name="hotspot_precision",
    label="Hotspots right",
    meaning="share of the tenth of neighbourhoods chosen that are among the truly worst tenth",
    formula="precision at k, k a tenth of the neighbourhoods",
    direction="higher",
    unit="share",
    needs=_NEEDS,
)
@metric(
    name="hotspot_pai",
    label="Hotspots: PAI",
    meaning="how much denser true violence is where it is looked for than everywhere",
    formula="(n / N) / (residents there / residents)",
    direction="higher",
    unit="ratio",
    needs=_NEEDS,
    source="Chainey, Tompson and Uhlig (2008)",
)
@metric(
    name="hotspot_pei",
    label="Hotspots: PEI",
    meaning="violence where it is looked for, of what the best choice of as many places would find",
    formula="n / n of the k truly worst neighbourhoods",
    direction="higher",
    unit="share",
    needs=_NEEDS,
    source="Hunt (2016)",
)
@metric(
    name="hotspot_pei_star",
    label="Hotspots: PEI*",
    meaning="the same against the best choice of no more residents",
    formula="n / most incidents among as many residents",
    direction="higher",
    unit="share",
    needs=_NEEDS,
    source="White, Hunt and Green (2023)",
)
@metric(
    name="hotspot_chosen_share",
    label="Neighbourhoods chosen",
    meaning="share of the neighbourhoods chosen that are of a fifth of deprivation",
    formula="chosen of the fifth / chosen",
    direction="neither",
    unit="share",
    needs=_NEEDS,
)
@metric(
    name="hotspot_true_share",
    label="True violence there",
    meaning="share of true violence in neighbourhoods of a fifth of deprivation",
    formula="incidents in the fifth / incidents",
    direction="neither",
    unit="share",
    needs=_NEEDS,
)
@metric(
    name="neighbourhood_records",
    label="Records in a neighbourhood",
    meaning="records of violence that an agency can put in a neighbourhood; n is the violence that "
    "truly happened there",
    formula="count",
    direction="neither",
    unit="records",
    needs=_NEEDS,
)
def measure_places(remaining: Knowledge, atlas: Atlas) -> list[Measurement]:
    """Measure the hotspots that watchers would choose, and other recipients that can choose any."""
    others = {held.recipient for held in remaining.held} - set(WATCHERS)
    rows: list[Measurement] = []
    for recipient in (*WATCHERS, *sorted(others)):
        measured = atlas.measure(remaining, recipient)
        defined = any(row.value is not None for row in measured)
        rows += measured if recipient in WATCHERS or defined else []
    return rows


def _telling(flows: Iterable[Flow], recipient: str) -> pa.Table:
    """Give the flows that tell a recipient where something happened: `flow`, `way`."""
    told = [(flow.id, way) for flow in flows for way in _ways(flow, recipient)]
    return pa.table(
        {
            "flow": pa.array([flow for flow, _ in told], pa.string()),
            "way": pa.array([way for _, way in told], pa.int32()),
        }
    )


def _ways(flow: Flow, recipient: str) -> Iterator[int]:
    """Give the ways in which a recipient of single records can put them on a map."""
    if not flow.format.has_records:
        return
    if _AREA in flow.fields:
        yield _CODED
    if _NOTE in flow.fields:
        yield _IN_A_NOTE
    named = flow.reads_persons and {"postcode", "assault_location_type"} <= set(flow.fields)
    if named and (recipient == flow.recipient.agency or flow.recipient.onward_form == "same"):
        yield _AT_HOME
