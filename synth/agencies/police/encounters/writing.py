"""Records of encounters: each entered with what the person, or whoever reported, said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
import pyarrow as pa

from darkfigure.synth.agencies.ed.seen import seen_in_departments
from darkfigure.synth.agencies.framework.agency import SampleBlock
from darkfigure.synth.agencies.framework.records import (
    Records,
    Tables,
    days,
    minutes,
    times,
    write_records,
)
from darkfigure.synth.agencies.framework.service_demand import NeedFactors
from darkfigure.synth.agencies.police.cases import PoliceCases
from darkfigure.synth.agencies.police.encounters.codes import (
    APPEARANCE,
    DETENTION_END,
    FOUND_HOW,
    LOOKED_FOR,
    MISSING_FROM,
    MISSING_RISK,
    POWER,
    REPORTED_BY,
    SAFE_PLACE,
    SEARCH_OUTCOME,
    TRANSPORT,
)
from darkfigure.synth.agencies.police.encounters.detentions import Detained, detentions
from darkfigure.synth.agencies.police.encounters.missing import MissingReports, missing_reports
from darkfigure.synth.agencies.police.encounters.searches import Stops, searches
from darkfigure.synth.agencies.police.evidence import Evidence, put_together
from darkfigure.synth.agencies.police.marker_codes import MARKER
from darkfigure.synth.agencies.police.numbers import STORES, collar_numbers, nominal_references
from darkfigure.synth.agencies.police.tables import LAYOUTS, common_tables
from darkfigure.synth.core.arrays import Ints
from darkfigure.synth.core.gaps import with_gaps
from darkfigure.synth.core.identifiers import scrambled
from darkfigure.synth.schema import FORCES, PLACE, coded
from darkfigure.synth.schema.health import ED_SITES
from darkfigure.synth.setting.calendar import DAY_S, MINUTE_S
from darkfigure.synth.setting.geography import wales

# Multipliers on the rates of aliases and of empty cells: of people searched, who need give no name,
# and of those whom others report or who are in crisis. Assumed.
_SEARCHED_HIDE, _SEARCHED_SILENT, _TOLD_SILENT = 2.5, 2.0, 0.6
_ILL_RATE, _HARMS_RATE = 0.6, 0.4  # markers after a detention; assumed
_TOLD_S = 15 * MINUTE_S  # people tell when somebody was last seen in quarters of an hour; assumed
_FORCES_ROOM = 8  # keeps the officers of each force apart; no rate


@dataclass(frozen=True)
class _Entry:
    """Rows that one force is about to enter in one table; arrays have one entry per row."""

    table: str
    number: int  # of the force
    key: pa.Array
    ids: Ints
    row: Ints
    day: Ints


T = TypeVar("T", Stops, MissingReports, Detained)


def _at(encounters: T, rows: Ints) -> T:
    return replace(encounters, **{name: part[rows] for name, part in vars(encounters).items()})


class EncounterPages:
    """Encounters with a block's people, before they are written."""

    def __init__(self, block: SampleBlock, cases: PoliceCases) -> None:
        context, spec = block.context, cases.spec.encounters
        self.context, self.cases, self.chance = context, cases, context.chance.stage("police")
        people, period, chance = NeedFactors.of(context.people), context.period, context.chance
        meeting = self._meetings()
        met = cases, meeting, context.people.row(cases.meetings.person[meeting])
        ethnic = context.people.ethnic
        self.stops = searches(people, ethnic, met, period, spec.searches, chance)
        self.missing = missing_reports(people, period, cases.needs, spec.missing, chance)
        seen = seen_in_departments(block, cases.needs).in_wales()
        self.detained = detentions(people, seen, period, spec.detentions, chance)

    def _meetings(self) -> Ints:
        met, people = self.cases.meetings, self.context.people
        low, high = np.searchsorted(met.person, people.span)
        return low + np.flatnonzero(people.holds(met.person[low:high]))

    def write(self, out: Tables) -> None:
        """Write all encounters, force by force."""
        force = wales().force
        for number in range(len(FORCES)):
            self._searches(number, np.flatnonzero(force[self.stops.lsoa] == number), out)
            home = self.context.people.lsoa_on(self.missing.row, self.missing.seen_s // DAY_S)
            self._missing(number, np.flatnonzero(force[home] == number), home, out)
            self._detained(number, np.flatnonzero(force[self.detained.lsoa] == number), out)

    def nominals(self, row: Ints, day: Ints, number: int, ids: Ints) -> Ints:
        """Find the first nominal of people that a force has by a day; -1 where none is found."""
        met, person = self.cases.meetings, self.context.people.person[row]
        key = met.person * len(STORES) + met.store
        first = np.searchsorted(key, person * len(STORES) + number)
        at = np.minimum(first, max(len(key) - 1, 0))
        known = np.zeros(len(row), bool)
        if len(key):
            known = (key[at] == person * len(STORES) + number) & (met.opened_on[at] <= day)
        known &= self.chance.happens("found_nominal", ids, self.cases.spec.encounters.known_rate)
        return np.where(known, met.nominal[at] if len(key) else -1, -1)

    def evidence(self) -> Evidence:
        """Give the occasions for markers that detentions are, of nominals that were found."""
        detained, kinds = self.detained, list(MARKER)
        force, day = wales().force[detained.lsoa], detained.detained_s // DAY_S
        nominal = np.full(len(force), -1)
        for number in range(len(FORCES)):
            own = np.flatnonzero(force == number)
            found = self.nominals(detained.row[own], day[own], number, detained.ids[own])
            nominal[own] = found
        parts = []
        for kind, rate in (("mental", _ILL_RATE), ("self_harm", _HARMS_RATE)):
            drawn = self.chance.stage("detentions").happens(kind, detained.ids, rate)
            row = np.flatnonzero((nominal >= 0) & drawn)
            none = np.full(len(row), -1)
            parts.append(Evidence(nominal[row], none + 1 + kinds.index(kind), none, day[row]))
        return put_together(*parts)

    def _searches(self, number: int, at: Ints, out: Tables) -> None:
        stops = _at(self.stops, at)
        own = self.chance.stage("searches")
        led = np.flatnonzero(stops.case >= 0)
        reason = self.cases.number.take(pa.array(stops.case[led]))
        columns = {
            "searched_at": minutes(stops.when_s),
            "location_type": coded(stops.place, PLACE),
            "lsoa_code": pa.array(wales().code[stops.lsoa], pa.string()),
            "power": coded(stops.power, POWER),
            "looked_for": coded(stops.looked_for, LOOKED_FOR),
            "found": pa.array(stops.found),
            "search_outcome": coded(stops.outcome, SEARCH_OUTCOME),
            "occurrence_no": with_gaps(reason, led, len(stops.ids)),
            "appearance": coded(stops.seen_as, APPEARANCE),
        }
        key = scrambled("search", stops.ids, prefix="SS", digits=14, chance=own)
        entry = _Entry("searches", number, key, stops.ids, stops.row, stops.when_s // DAY_S)
        self._write(entry, columns, (_SEARCHED_HIDE, _SEARCHED_SILENT), out)

    def _missing(self, number: int, at: Ints, home: Ints, out: Tables) -> None:
        missing = _at(self.missing, at)
        own, late = self.chance.stage("missing"), missing.found_s >= self.context.period.end_s
        columns = {
            "last_seen_at": times(missing.seen_s // _TOLD_S * _TOLD_S),
            "reported_at": minutes(missing.reported_s),
            "missing_from": coded(missing.whence, MISSING_FROM),
            "lsoa_code": pa.array(wales().code[home[at]], pa.string()),
            "reported_by": coded(missing.by, REPORTED_BY),
            "missing_risk": coded(missing.risk, MISSING_RISK),
            "looked_after": pa.array(missing.told_in_care),
            "found_at": minutes(missing.found_s, missing=late),
            "found_how": coded(np.where(late, -1, missing.how), FOUND_HOW),
            "interviewed_on": days(missing.interviewed_on, missing=missing.interviewed_on < 0),
        }
        key = scrambled("missing", missing.ids, prefix="MP", digits=14, chance=own)
        day = missing.reported_s // DAY_S
        entry = _Entry("missing", number, key, missing.ids, missing.row, day)
        self._write(entry, columns, (0.0, _TOLD_SILENT), out)

    def _detained(self, number: int, at: Ints, out: Tables) -> None:
        detained = _at(self.detained, at)
        own = self.chance.stage("detentions")
        columns = {
            "detained_at": minutes(detained.detained_s),
            "location_type": coded(detained.place, PLACE),
            "lsoa_code": pa.array(wales().code[detained.lsoa], pa.string()),
            "safe_place": coded(detained.safe_place, SAFE_PLACE),
            "site_code": coded(detained.site, ED_SITES),
            "transport": coded(detained.transport, TRANSPORT),
            "arrived_at": minutes(detained.arrived_s),
            "ended_at": minutes(detained.ended_s),
            "extended": pa.array(detained.extended),
            "detention_end": coded(detained.end, DETENTION_END),
        }
        key = scrambled("detention", detained.ids, prefix="MH", digits=14, chance=own)
        day = detained.detained_s // DAY_S
        entry = _Entry("detentions_136", number, key, detained.ids, detained.row, day)
        self._write(entry, columns, (0.0, _TOLD_SILENT), out)

    def _write(
        self,
        entry: _Entry,
        columns: Mapping[str, pa.Array],
        moods: tuple[float, float],
        out: Tables,
    ) -> None:
        """Enter rows of one force in its own layout."""
        count, force = len(entry.ids), list(FORCES)[entry.number]
        if not count:
            return
        layout, own = LAYOUTS[force], self.chance.stage(entry.table)
        common = next(table for table in common_tables(force) if table.name == entry.table)
        officer = own.below("officer", entry.ids, self.cases.spec.officers_a_force)
        nominal = self.nominals(entry.row, entry.day, entry.number, entry.ids)
        known = np.flatnonzero(nominal >= 0)
        reference = nominal_references(nominal[known], entry.number, self.chance)
        further = {
            "nominal_ref": with_gaps(reference, known, count),
            "officer": collar_numbers(officer, np.full(count, entry.number)),
        }
        written = layout.write(common, pa.table({**columns, **further}))
        hiding, silence = (np.full(count, mood) for mood in moods)
        records = Records(
            shape=layout.shape(common),
            key=entry.key,
            ids=entry.ids,
            row=entry.row,
            known_on=entry.day,
            event_on=entry.day,
            clerk=officer * _FORCES_ROOM + entry.number,
            columns={name: written[name].combine_chunks() for name in written.column_names},
            hiding=hiding,
            silence=silence,
        )
        write_records(self.context, records, out)
