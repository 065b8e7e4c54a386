"""Emergency departments: assault attendances among all the others."""

from __future__ import annotations

from functools import cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from synth import schema
from synth.agencies.agency import Agency, Sampled
from synth.agencies.records import (
    Office,
    Records,
    Tables,
    about_incidents,
    constant,
    note_contacts,
    times,
    write_records,
)
from synth.calendar import DAY_S, DAYS_A_YEAR, Period, hours_drawn
from synth.chance import Stream
from synth.geography import wales
from synth.identifiers import scrambled
from synth.reference import load
from synth.schema import PLACE, WEAPON, coded, codes_of
from synth.spec import Amount, Rate, Spec

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

_MOST_OTHER = 31  # attendances for other reasons a person has in the study
_CLERKS = 40  # reception clerks a site; assumed
_GROUPS = ("11", "12", "20")
_ASSAULT, _INJURY, _ILLNESS = range(3)


class EmergencyDepartments(Spec):
    """How departments are used and keep their records; assumed unless a source is named."""

    # Attendances for other reasons per person and year: about a million a year in Wales.
    other_a_year: Amount = 0.3
    other_injury_rate: Rate = 0.35  # of those; assumed
    assault_coded_rate: Rate = 0.70  # assault attendances coded as such; assumed
    location_rate: Rate = 0.65  # coded assaults with a place; assumed
    method_rate: Rate = 0.75  # with a method; assumed
    time_rate: Rate = 0.60  # with the time of the assault; assumed
    # Attendances at which address and name are not asked for again, and how long ago they last
    # were, mean; assumed.
    not_asked_rate: Rate = 0.35
    last_asked_years: Amount = 3.0


class Emergency(Agency):
    """The emergency departments."""

    def write_block(
        self, block: Sampled, prepared: None, spec: EmergencyDepartments, out: Tables
    ) -> None:
        """Write the attendances of a block's people."""
        del prepared
        attended = block.incidents.filter(block.incidents["ed_attended"])
        _write_attendances(block.office, attended, spec, out)


def _write_attendances(
    office: Office, incidents: pa.Table, spec: EmergencyDepartments, out: Tables
) -> None:
    period = office.period
    chance = office.chance.stage("ed")
    other_row, other_ids, other_s = _other(office, period, spec, chance)
    assault_ids = incidents["incident_id"].to_numpy() << 1
    ids = np.concatenate([assault_ids, other_ids << 1 | 1])
    row = np.concatenate([incidents["row"].to_numpy(), other_row])
    arrived = np.concatenate([incidents["ed_s"].to_numpy(), other_s])
    site = _sites()[office.people.lsoa[row]]
    asked = ~chance.happens("not_asked", ids, spec.not_asked_rate)
    ago = chance.exponential("last_asked", ids) * spec.last_asked_years * DAYS_A_YEAR
    today = arrived // DAY_S
    key = scrambled("attendance", ids, prefix="ED", digits=11, chance=chance)
    records = Records(
        shape=schema.ED_ATTENDANCES,
        key=key,
        ids=ids,
        row=row,
        known_on=np.where(asked, today, today - ago.astype(np.int64)),
        event_on=today,
        clerk=site * 1_000 + chance.below("clerk", ids, _CLERKS),
        columns={
            "site_code": coded(site, load("emergency_departments")["site_code"].to_pylist()),
            "arrived_at": times(arrived),
            **_clinical(ids, incidents, len(other_ids), spec, chance),
        },
    )
    write_records(office, records, out)
    incident_id = np.concatenate([incidents["incident_id"].to_numpy(), np.full(len(other_ids), -1)])
    about_incidents(schema.ED_ATTENDANCES, key, incident_id, out)
    arrivals = incidents["ed_s"].to_numpy()
    note_contacts(incidents["incident_id"].to_numpy(), constant("ed", len(arrivals)), arrivals, out)


def _other(
    office: Office, period: Period, spec: EmergencyDepartments, chance: Stream
) -> tuple[Ints, Ints, Ints]:
    """Draw attendances for other reasons: rows of people, ids, and arrivals in seconds."""
    ids = office.people.person_id
    mean = np.full(len(ids), spec.other_a_year * period.years)
    count = chance.poisson("other", ids, mean, most=_MOST_OTHER)
    row = np.repeat(np.arange(len(ids)), count)
    turn = np.arange(len(row)) - (np.cumsum(count) - count)[row]
    own = ids[row] * (_MOST_OTHER + 1) + turn
    when = hours_drawn(period, np.full(len(own), "domestic"), own, chance, "other_when")
    born = office.people.birth_day[row] * DAY_S
    return row, own, np.maximum(when, born + DAY_S)


def _clinical(
    ids: Ints, incidents: pa.Table, others: int, spec: EmergencyDepartments, chance: Stream
) -> dict[str, pa.Array]:
    """Code the reason, and the assault fields where the reason is coded as assault."""
    assaults = incidents.num_rows
    injured = chance.happens("other_injury", ids, spec.other_injury_rate)
    coded_as = chance.happens("coded_assault", ids, spec.assault_coded_rate)
    is_assault = np.arange(len(ids)) < assaults
    group = np.where(
        is_assault,
        np.where(coded_as, _ASSAULT, _INJURY),
        np.where(injured, _INJURY, _ILLNESS),
    )
    filled = {
        name: (group == _ASSAULT) & chance.happens(name, ids, rate)
        for name, rate in (
            ("location", spec.location_rate),
            ("method", spec.method_rate),
            ("time", spec.time_rate),
        )
    }

    def padded(values: Ints, present: Mask) -> Ints:
        return np.where(present, np.append(values, np.full(others, -1)), -1)

    occurred = np.append(incidents["occurred_s"].to_numpy(), np.zeros(others, np.int64))
    admitted = np.append(
        incidents["admitted"].to_numpy(zero_copy_only=False), np.zeros(others, bool)
    )
    other_admitted = ~is_assault & chance.happens("other_admitted", ids, 0.22)
    return {
        "attendance_group": coded(group, _GROUPS),
        "assault_location_type": coded(
            padded(codes_of(incidents["place"], PLACE), filled["location"]), PLACE
        ),
        "assault_method": coded(
            padded(codes_of(incidents["weapon"], WEAPON), filled["method"]), WEAPON
        ),
        "assaulted_at": times(occurred, missing=~filled["time"]),
        "disposal": coded((admitted | other_admitted).astype(np.int64), ("discharged", "admitted")),
    }


@cache
def _sites() -> Ints:
    """Give each LSOA's department: a major one of its authority, else of its health board."""
    geography, table = wales(), load("emergency_departments")
    major = np.flatnonzero(pc.equal(table["type"], "major").to_numpy())
    codes, boards = (table[name].to_pylist() for name in ("la_code", "health_board"))
    chosen = []
    for row in geography.authorities.to_pylist():
        near = [site for site in major if codes[site] == row["la_code"]]
        board = [site for site in major if boards[site] == row["health_board"]]
        # Powys has no major department of its own; its nearest in Wales is Nevill Hall's successor.
        chosen.append((near or board or list(major))[0])
    return np.array(chosen)[geography.authority]
