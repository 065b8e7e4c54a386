"""Further people of an occurrence: other victims, offenders who act together, bystanders."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

import numpy as np
import pyarrow as pa

from darkfigure.synth.agencies.framework.agency import SimulatedEvents
from darkfigure.synth.agencies.police.spec import Police
from darkfigure.synth.core.arrays import Ints, Mask
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.core.groups import place_in_runs
from darkfigure.synth.core.sorted_lookup import places
from darkfigure.synth.schema import EVENT_ROLE, codes_of
from darkfigure.synth.setting.calendar import DAY_S
from darkfigure.synth.violence.company import MOST_VICTIMS, OFFENDER, was_hit_back

VICTIM, SUSPECT, WITNESS = range(3)
_KEY_SHIFT = 41  # of a person's turn in a case: keys of first people stay below
_MOST_TURNS = 15  # of one role in a case; assumed


@dataclass(frozen=True)
class Further:
    """People whom an occurrence names besides the first of each role; one entry per person."""

    case: Ints  # row in the cases
    person: Ints  # census index
    role: Ints  # VICTIM, SUSPECT or WITNESS
    incident: Ints  # that a victim suffered, else -1
    key: Ints  # keys the draws about this person in this case

    def where(self, chosen: Mask) -> Further:
        """Take some people."""
        return Further(*(getattr(self, field.name)[chosen] for field in fields(self)))


def further_people(
    simulated: SimulatedEvents,
    others: pa.Table,
    cases: Mapping[str, Ints],
    spec: Police,
    chance: Stream,
) -> Further:
    """Find the further people of the events that the police recorded.

    Everybody harmed whose own incident was recorded is a victim, but for an offender who was hit
    back. If the first suspect is named, the others may be.

    Parameters
    ----------
    simulated
        The simulated events.
    others
        Recorded incidents besides the first of each event.
    cases
        Columns of `PoliceCases` in their final order, by name.
    spec
        Record keeping of the forces.
    chance
        Stream of the police; draws are keyed by event and person.
    """
    events = _Events.of(cases)
    every = _joined(
        events.case(others["event_id"].to_numpy()), others, *_in_roles(events, simulated.roles)
    )
    return _named(every, simulated, cases, spec, chance)


@dataclass(frozen=True)
class _Events:
    """Events of violence in order of id, and the case of each."""

    ids: Ints
    row: Ints

    @classmethod
    def of(cls, cases: Mapping[str, Ints]) -> _Events:
        incident = cases["incident"]
        row = np.flatnonzero((incident >= 0) & ~was_hit_back(incident))
        ids = cases["incident"][row] // MOST_VICTIMS
        order = np.argsort(ids)
        return cls(ids[order], row[order])

    def case(self, event: Ints) -> Ints:
        """Give the case of each event; -1 where the police recorded none."""
        place, case = places(event, self.ids), np.full(len(event), -1)
        case[place >= 0] = self.row[place[place >= 0]]
        return case


def _in_roles(events: _Events, roles: pa.Table) -> tuple[Ints, Ints, Ints]:
    """Give the case, person and police role of offenders and bystanders."""
    case = events.case(roles["event_id"].to_numpy())
    kept = np.flatnonzero(case >= 0)
    role = np.where(codes_of(roles["role"], EVENT_ROLE)[kept] == OFFENDER, SUSPECT, WITNESS)
    return case[kept], roles["person"].to_numpy()[kept], role


def _joined(case: Ints, others: pa.Table, of_role: Ints, person: Ints, role: Ints) -> Further:
    """Put victims, offenders and bystanders together, in order of case."""
    cases, people = np.append(case, of_role), np.append(others["victim"].to_numpy(), person)
    roles = np.append(np.full(len(case), VICTIM), role)
    suffered = np.append(others["incident_id"].to_numpy(), np.full(len(role), -1))
    order = np.lexsort((people, roles, cases))
    turn = np.minimum(place_in_runs(cases[order]) + 1, _MOST_TURNS)
    return Further(cases[order], people[order], roles[order], suffered[order], turn)


def _named(
    every: Further,
    simulated: SimulatedEvents,
    cases: Mapping[str, Ints],
    spec: Police,
    chance: Stream,
) -> Further:
    """Keep the people whom an officer names, each once in a role."""
    key = cases["event"][every.case] * 4 + every.role + (every.key << _KEY_SHIFT)
    rate = np.array([1.0, spec.further_suspect_named, spec.witness_rate])[every.role]
    rate = np.where((every.role == SUSPECT) & (cases["suspect"][every.case] < 0), 0.0, rate)
    named = chance.happens("further_named", key, rate)
    # Of others than victims, nobody who was not there yet, or is gone by the report.
    for time in ("occurred_s", "reported_s"):
        day = cases[time][every.case] // DAY_S
        named &= (every.role == VICTIM) | simulated.victims.census.there(every.person, day)
    for role, name in ((VICTIM, "victim"), (SUSPECT, "suspect"), (WITNESS, "witness")):
        named &= (every.role != role) | (every.person != cases[name][every.case])
    kept = Further(every.case, every.person, every.role, every.incident, key).where(named)
    again = np.zeros(len(kept.case), bool)
    again[1:] = (np.diff(kept.case) == 0) & (np.diff(kept.role) == 0) & (np.diff(kept.person) == 0)
    return kept.where(~again)
