"""Warning markers: what officers should know of somebody before they meet them.

A marker follows from something that the force has on record of a nominal. Many who might have one
have none, since nobody thought of it; markers are seldom reviewed, so that some are out of date; a
few stand on the nominal of somebody else of the same household.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from darkfigure.synth.agencies.framework import row_faults
from darkfigure.synth.agencies.framework.records import RecordingContext, Tables, add, days
from darkfigure.synth.agencies.police.cases import PoliceCases
from darkfigure.synth.agencies.police.evidence import Evidence, evidence, put_together
from darkfigure.synth.agencies.police.marker_codes import MARKER
from darkfigure.synth.agencies.police.numbers import (
    INTELLIGENCE_STORE,
    collar_numbers,
    nominal_references,
    person_of,
)
from darkfigure.synth.agencies.police.put import put
from darkfigure.synth.core.arrays import Ints
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.core.gaps import with_gaps
from darkfigure.synth.core.identifiers import scrambled
from darkfigure.synth.schema import FORCES, ROW_FAULTS, coded

_KINDS = len(MARKER) + 1  # room for kinds behind a nominal's number; no rate
# Days after which a marker is to be looked at again, in the order of MARKER: of police forces'
# policies some say one year for self-harm and five for violence; the rest assumed.
_REVIEW_DAYS = np.array([1825, 1825, 1825, 730, 730, 1825, 365, 365, 730, 1825, 365])
_ADDED_DAYS = 2.0  # from the event to the marker, mean; assumed


@dataclass(frozen=True)
class _Markers:
    """Markers; arrays have one entry per marker."""

    nominal: Ints
    kind: Ints  # index into MARKER
    case: Ints  # row in the cases that gave the reason, -1 for none
    added_on: Ints
    of: Ints  # nominal that it is truly about

    @property
    def ids(self) -> Ints:
        """Number of each marker, which no other has."""
        return np.asarray(self.nominal * (2 * _KINDS) + self.kind * 2 + (self.of != self.nominal))


def write_markers(
    context: RecordingContext, cases: PoliceCases, out: Tables, *further: Evidence
) -> None:
    """Write the markers of a block's nominals, force by force.

    Parameters
    ----------
    context
        Recording context of the block.
    cases
        Cases of all forces.
    out
        Receives the tables.
    further
        Occasions besides cases.
    """
    met, people = cases.meetings, context.people
    low, high = np.searchsorted(met.person, people.span)
    own = low + np.flatnonzero(people.holds(met.person[low:high]))
    own = own[met.store[own] != INTELLIGENCE_STORE]
    chance = context.chance.stage("police").stage("markers")
    marked = _first_of_each(put_together(evidence(cases, own, chance), *further), cases, chance)
    every = _with_copies(marked, cases, own, chance)
    for number in np.unique(met.store[own]):
        chosen = every.nominal // _A_STORE % _STORES == number
        _write(context, cases, _at(every, np.flatnonzero(chosen)), int(number), out)


# Behind the number of a nominal's store, see `numbers.nominal_ids`; no rate.
_A_STORE, _STORES = 16, 8


def _at(markers: _Markers, rows: Ints) -> _Markers:
    return _Markers(*(values[rows] for values in vars(markers).values()))


def _first_of_each(found: Evidence, cases: PoliceCases, chance: Stream) -> _Markers:
    """Mark each nominal once for each kind, at the first occasion."""
    group = found.nominal * _KINDS + found.kind
    order = np.lexsort((cases.event[found.case], found.day, group))
    row = order[np.diff(group[order], prepend=-1) != 0]
    wait = _ADDED_DAYS * chance.exponential("added", group[row])
    added = found.day[row] + wait.astype(np.int64)
    kept = added < cases.end
    row, added = row[kept], added[kept]
    nominal = found.nominal[row]
    return _Markers(nominal, found.kind[row], found.case[row], added, nominal)


def _with_copies(marked: _Markers, cases: PoliceCases, own: Ints, chance: Stream) -> _Markers:
    """Copy a few markers to the next nominal of the household, as whoever opened the wrong one."""
    spec, met = cases.spec.markers, cases.meetings
    nominal, first = np.unique(met.nominal[own], return_index=True)
    household = cases.household[met.person[own][first]]
    store = nominal // _A_STORE % _STORES
    order = np.lexsort((nominal, household, store))
    sorted_, home, shop = nominal[order], household[order], store[order]
    alike = (np.diff(home) == 0) & (np.diff(shop) == 0)
    alike &= np.diff(person_of(sorted_)) != 0
    following = np.append(np.where(alike, sorted_[1:], -1), -1)[: len(sorted_)]
    back = np.argsort(order)
    other = following[back][np.searchsorted(nominal, marked.nominal)]
    copied = (other >= 0) & chance.happens("copied", marked.ids, spec.copied_rate)
    row = np.flatnonzero(copied)
    opened = met.opened_on[own][first][np.searchsorted(nominal, other[row])]
    late = marked.added_on[row] + chance.below("copied_on", marked.ids[row], _COPIED_DAYS)
    day = np.maximum(late, opened)
    there = (day < cases.end) & ~np.isin(
        other[row] * _KINDS + marked.kind[row], marked.nominal * _KINDS + marked.kind
    )
    row, day = row[there], day[there]
    none = np.full(len(row), -1)
    copies = _Markers(other[row], marked.kind[row], none, day, marked.nominal[row])
    parts = zip(vars(marked).values(), vars(copies).values(), strict=True)
    return _Markers(*(np.concatenate(pair) for pair in parts))


_COPIED_DAYS = 30  # after the marker, within which it is copied; assumed


def _write(
    context: RecordingContext, cases: PoliceCases, markers: _Markers, number: int, out: Tables
) -> None:
    spec, chance = cases.spec.markers, context.chance.stage("police").stage("markers")
    ids, end = markers.ids, context.period.end
    due = markers.added_on + _REVIEW_DAYS[markers.kind]
    reviewed = (due < end) & chance.happens("reviewed", ids, spec.reviewed_rate)
    gone = reviewed & chance.happens("removed", ids, spec.removed_rate)
    review_on = np.where(reviewed & ~gone, due + _REVIEW_DAYS[markers.kind], due)
    noted = np.flatnonzero(
        (markers.case >= 0) & chance.happens("noted", ids, spec.reason_noted_rate)
    )
    reason = cases.number.take(pa.array(markers.case[noted]))
    officer = chance.below("officer", ids, cases.spec.officers_a_force)
    key = scrambled("marker", ids, prefix="WM", digits=14, chance=chance)
    police = context.chance.stage("police")
    table = pa.table(
        {
            "marker_no": key,
            "nominal_ref": nominal_references(markers.nominal, number, police),
            "marker": coded(markers.kind, MARKER),
            "added_on": days(markers.added_on),
            "review_on": days(review_on),
            "removed_on": days(due, missing=~gone),
            "occurrence_no": with_gaps(reason, noted, len(ids)),
            "officer": collar_numbers(officer, np.full(len(ids), number)),
        }
    )
    shape = put(list(FORCES)[number], "markers", table, out)
    wrong = np.flatnonzero(markers.of != markers.nominal)
    if len(wrong):
        about = person_of(markers.of[wrong])
        add(out, ROW_FAULTS, row_faults.copied(shape, key.take(pa.array(wrong)), about))
