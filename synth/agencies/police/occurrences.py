"""Occurrences, roles and intelligence that a force writes of its cases, with empty fields."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from scipy.special import expit, logit

from darkfigure.synth.agencies.framework.agency import SimulatedEvents
from darkfigure.synth.agencies.framework.records import (
    Tables,
    about_incidents,
    add,
    constant,
    note_contacts,
    note_mentions,
    times,
)
from darkfigure.synth.agencies.police.access import view_rows
from darkfigure.synth.agencies.police.cases import PoliceCases
from darkfigure.synth.agencies.police.codes import (
    CATEGORY,
    HANDLING,
    INCIDENT_TYPE,
    OFFENCES,
    OUTCOME,
    POLICE_ROLE,
)
from darkfigure.synth.agencies.police.devices import device_rows
from darkfigure.synth.agencies.police.intelligence import write_intelligence
from darkfigure.synth.agencies.police.kinds_of_work import INTELLIGENCE
from darkfigure.synth.agencies.police.locations import recorded_locations
from darkfigure.synth.agencies.police.narrative import RecordedPart, narratives
from darkfigure.synth.agencies.police.numbers import collar_numbers, nominal_references
from darkfigure.synth.agencies.police.other_work import RELATIONS
from darkfigure.synth.agencies.police.put import put
from darkfigure.synth.agencies.police.spec import Police
from darkfigure.synth.agencies.police.tables import LAYOUTS, VISIBILITY, VISIBLE, common_tables
from darkfigure.synth.core.arrays import Ints, Mask
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.reporting.accounts import told
from darkfigure.synth.schema import FORCES, INJURY, PLACE, WEAPON, Table, coded
from darkfigure.synth.schema.codes import HOW_REPORTED
from darkfigure.synth.setting.calendar import DAY_S, DAYS_A_YEAR, HOUR_S, MINUTE_S
from darkfigure.synth.text import Passages

_SEXUAL = ("17A", "19C", "19D", "19F", "20A", "22B")
_GROWN_YEARS = 16  # of victims of domestic abuse. Source: Domestic Abuse Act 2021
_STEPS_AN_HOUR = 4  # a window of time is told in quarters of an hour; assumed
# Shares of restricted and of sensitive cases: of sexual offences, of domestic ones and of those
# about a child, and of all others. Assumed.
_RESTRICTED_SEXUAL, _RESTRICTED = 0.7, 0.01
_SENSITIVE_SEXUAL, _SENSITIVE_EXPOSED, _SENSITIVE = 1.0, 0.5, 0.02


def write_occurrences(
    simulated: SimulatedEvents, cases: PoliceCases, spec: Police, out: Tables
) -> None:
    """Write all forces' records of their cases.

    Parameters
    ----------
    simulated
        The simulated events.
    cases
        Cases of all forces.
    spec
        Record keeping of the forces.
    out
        Receives the tables.
    """
    chance = simulated.chance.stage("police")
    _note(cases, out)
    for number, force in enumerate(FORCES):
        own = np.arange(*np.searchsorted(cases.force, [number, number + 1]))
        if not len(own):
            continue
        recorded = own[cases.category[own] != INTELLIGENCE]
        page = _Page(simulated, cases, force, recorded, spec, chance)
        page.write_occurrences(out)
        _write_roles(cases, number, chance, out)
        write_intelligence(simulated, cases, number, out)
        _write_devices(simulated, cases, number, spec, out)
        put(force, "access_log", view_rows(simulated, cases, number, spec.audit, chance), out)
    views = [{"viewer": viewer, "holder": holder} for viewer, holder in VISIBLE]
    add(out, VISIBILITY, pa.Table.from_pylist(views))


def _note(cases: PoliceCases, out: Tables) -> None:
    further = np.flatnonzero(cases.further.incident >= 0)
    case = np.append(np.flatnonzero(cases.incident >= 0), cases.further.case[further])
    incident = np.append(cases.incident[cases.incident >= 0], cases.further.incident[further])
    sources = tuple(f"police/{force}" for force in FORCES)
    source = coded(cases.force[case], sources)
    note_contacts(incident, source, cases.reported_s[case], out)


class _Page:
    """One force's occurrences before they are written."""

    def __init__(
        self,
        simulated: SimulatedEvents,
        cases: PoliceCases,
        force: str,
        rows: Ints,
        spec: Police,
        chance: Stream,
    ) -> None:
        self.simulated, self.cases, self.force, self.rows = simulated, cases, force, rows
        self.spec, self.chance = spec, chance
        officer = cases.officer[rows] * 8 + cases.force[rows]
        officers, place = np.unique(officer, return_inverse=True)
        self.care = chance.normal("thoroughness", officers)[place]

    def write_occurrences(self, out: Tables) -> None:
        """Write the occurrences, and the simulated incidents they are about."""
        cases, rows = self.cases, self.rows
        selection = pa.array(rows)
        recorded_s, when, where = self._recorded_s(), self._when(), self._where()
        passages = self._narratives(when, where)
        columns = {
            "occurrence_no": cases.number.take(selection),
            "category": coded(cases.category[rows], CATEGORY),
            "reported_at": times(cases.reported_s[rows]),
            **when,
            "recorded_at": times(recorded_s),
            "how_reported": coded(cases.how[rows], HOW_REPORTED),
            "offence_code": coded(cases.offence[rows], OFFENCES),
            "incident_type": coded(cases.incident_type[rows], INCIDENT_TYPE),
            "location_type": coded(self._filled("place", cases.place[rows]), PLACE),
            **where,
            "domestic_flag": cases.domestic[rows] & self._flagged(),
            "relationship": coded(self._filled("relation", cases.relation[rows]), RELATIONS),
            "weapon": coded(self._filled("weapon", cases.weapon[rows]), WEAPON),
            "injury": coded(self._filled("injury", cases.injury[rows]), INJURY),
            "outcome_code": coded(cases.outcome[rows], OUTCOME),
            "officer": collar_numbers(cases.officer[rows], cases.force[rows]),
            "owner": constant(self.force, len(rows)),
            "handling": coded(self._handling(), HANDLING),
            "narrative": passages.text,
        }
        table = pa.table(columns)
        shape = put(self.force, "occurrences", table, out)
        name = str(LAYOUTS[self.force].column(common_tables(self.force)[1], "narrative"))
        note_mentions(shape, name, columns["occurrence_no"], passages, out)
        about_incidents(shape, columns["occurrence_no"], cases.incident[rows], out)
        self._note_further(shape, out)

    def _narratives(self, when: dict[str, pa.Array], where: dict[str, pa.Array]) -> Passages:
        occurred_s = when["occurred_at"].cast(pa.timestamp("s")).cast(pa.int64()).to_numpy()
        part = RecordedPart(where["location"].cast(pa.string()), occurred_s, self.care)
        return narratives(self.simulated, self.cases, self.rows, part, self.cases.spec.narratives)

    def _note_further(self, shape: Table, out: Tables) -> None:
        """Note the incidents of further victims, of which the occurrence tells as well."""
        further = self.cases.further
        own = np.flatnonzero((further.incident >= 0) & np.isin(further.case, self.rows))
        number = self.cases.number.take(pa.array(further.case[own]))
        about_incidents(shape, number, further.incident[own], out)

    def _when(self) -> dict[str, pa.Array]:
        """Record when it happened: a moment, or a window that ends with what was told."""
        spec, cases, rows = self.spec, self.cases, self.rows
        event, reported_s = cases.event[rows], cases.reported_s[rows]
        told_s = told(spec.account, cases.occurred_s[rows], event, reported_s, self.chance)
        is_window = self.chance.happens("window", event, spec.window_rate)
        hours = spec.window_mean_hours * self.chance.exponential("window_hours", event)
        length_s = (np.ceil(hours * _STEPS_AN_HOUR) * (HOUR_S // _STEPS_AN_HOUR)).astype(np.int64)
        from_s = np.where(is_window, told_s - length_s // 2 // MINUTE_S * MINUTE_S, told_s)
        to_s = np.minimum(from_s + length_s, reported_s // MINUTE_S * MINUTE_S)
        return {"occurred_at": times(from_s), "occurred_to": times(to_s, missing=~is_window)}

    def _where(self) -> dict[str, pa.Array]:
        cases, rows = self.cases, self.rows
        return recorded_locations(
            self.simulated,
            cases.event[rows],
            cases.incident[rows],
            cases.victim[rows],
            cases.lsoa[rows],
            self.spec,
        )

    def _recorded_s(self) -> Ints:
        spec, event = self.spec, self.cases.event[self.rows]
        spread = spec.recording_delay_sd_log * self.chance.normal("recording", event)
        hours = spec.recording_delay_median_hours * np.exp(spread)
        return self.cases.reported_s[self.rows] + (hours * HOUR_S).astype(np.int64)

    def _flagged(self) -> Mask:
        """Mark domestic cases whose victim is of the age of the law's definition."""
        cases, rows, simulated = self.cases, self.rows, self.simulated
        years = (cases.occurred_s[rows] // DAY_S - simulated.period.start) / DAYS_A_YEAR
        grown = simulated.victims.census.age_years[cases.victim[rows]] + years >= _GROWN_YEARS
        rate = getattr(self.spec.domestic_flagged, self.force)
        return grown & self.chance.happens("domestic_flagged", cases.event[rows], rate)

    def _handling(self) -> Ints:
        """Restrict access to cases of the vulnerable and sexual offences most; shares assumed."""
        cases, rows = self.cases, self.rows
        sexual = np.isin(cases.offence[rows], [list(OFFENCES).index(code) for code in _SEXUAL])
        child = cases.incident_type[rows] == list(INCIDENT_TYPE).index("child")
        exposed = cases.domestic[rows] | child
        drawn = self.chance.uniform("handling", cases.event[rows])
        restricted = drawn < np.where(sexual, _RESTRICTED_SEXUAL, _RESTRICTED)
        usual = np.where(exposed, _SENSITIVE_EXPOSED, _SENSITIVE)
        sensitive = drawn < np.where(sexual, _SENSITIVE_SEXUAL, usual)
        return np.where(restricted, 2, np.where(sensitive, 1, 0))

    def _filled(self, name: str, codes: Ints) -> Ints:
        """Leave a field empty at the officer's rate."""
        odds = logit(np.clip(self.spec.field_left_empty_rate, 1e-9, 1 - 1e-9))
        empty = expit(odds - self.spec.thoroughness_sd * self.care)
        is_empty = self.chance.happens(f"empty_{name}", self.cases.event[self.rows], empty)
        return np.where(is_empty, -1, codes)


def _write_roles(cases: PoliceCases, number: int, chance: Stream, out: Tables) -> None:
    met = cases.meetings
    own = np.flatnonzero(
        (cases.force[met.case] == number) & (cases.category[met.case] != INTELLIGENCE)
    )
    own = own[_once(met.case[own], met.nominal[own], met.role[own])]
    suspects = met.role[own] == list(POLICE_ROLE).index("suspect")
    table = pa.table(
        {
            "occurrence_no": cases.number.take(pa.array(met.case[own])),
            "nominal_ref": nominal_references(met.nominal[own], number, chance),
            "role": coded(met.role[own], POLICE_ROLE),
            "relationship": coded(np.where(suspects, cases.relation[met.case[own]], -1), RELATIONS),
        }
    )
    put(list(FORCES)[number], "occurrence_nominals", table, out)


def _once(case: Ints, nominal: Ints, role: Ints) -> Ints:
    """Give rows so that no nominal has a role twice: it may be of two people taken for one."""
    order = np.lexsort((role, nominal, case))
    again = np.ones(len(order) - 1, bool) if len(order) else np.empty(0, bool)
    for part in (case, nominal, role):
        again &= np.diff(part[order]) == 0
    return np.sort(order[np.append(True, ~again)[: len(order)]])


def _write_devices(
    simulated: SimulatedEvents, cases: PoliceCases, number: int, spec: Police, out: Tables
) -> None:
    chance, force = simulated.chance.stage("police"), list(FORCES)[number]
    table, row = device_rows(simulated, cases, number, spec.devices, chance)
    shape = put(force, "devices", table, out)
    about_incidents(shape, table["exhibit_no"].combine_chunks(), cases.incident[row], out)
