"""Acts of violence: who harms whom, when, where, and how badly."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from synth.calendar import Period, hours_drawn
from synth.chance import Stream
from synth.geography import Geography
from synth.offenders import Pairing, choose_offenders
from synth.population import Census
from synth.reference import load
from synth.schema import INJURY, PLACE, VIOLENCE, WEAPON, coded
from synth.spec import Amount, Spec

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

KINDS = tuple(VIOLENCE)
_MOST_A_KIND = 12  # incidents of one kind a person suffers in the study
_ID_BITS = 6  # KINDS x _MOST_A_KIND fit
_SCHOOL_AGE = (5, 16)


class Scale(Spec):
    """Factors on the rates of each kind of violence."""

    stranger: Amount = 1.0
    acquaintance: Amount = 1.0
    partner: Amount = 1.0
    family: Amount = 1.0
    child: Amount = 1.0


class Violence(Spec):
    """How much violence there is; the tables `violence_*` give rates and mixes, all assumed."""

    scale: Scale = Scale()
    # Factor by fifth of deprivation, the most deprived first; assumed, after the CSEW's gradient.
    deprivation: tuple[Amount, Amount, Amount, Amount, Amount] = (1.5, 1.15, 0.95, 0.8, 0.65)
    frailty_sd: Amount = 1.0  # of the log of a person's own proneness to suffer violence; assumed


@dataclass(frozen=True)
class Victims:
    """The people whose victimisation is simulated: all of a sample, in census order."""

    census: Census
    person: Ints  # indices in the census

    @classmethod
    def of(cls, census: Census, households: Ints) -> Victims:
        """Take everybody in some households."""
        chosen = np.zeros(len(census.household_size), bool)
        chosen[households] = True
        return cls(census, np.flatnonzero(chosen[census.household]))


def simulate_violence(
    victims: Victims, geography: Geography, period: Period, spec: Violence, chance: Stream
) -> pa.Table:
    """Draw each person's incidents over the study period.

    Returns
    -------
    One row per incident, sorted by `incident_id`; `victim` and `offender` are census indices,
    `lsoa` the number of the neighbourhood, `occurred_s` seconds since 1970-01-01.

    References
    ----------
    Levels follow the Crime Survey for England and Wales (half of incidents without injury), the
    emergency-department rate of South Wales 2014-16 (3.9 per 1,000 and year, Gray 2017) and its
    mix by relationship and place; see `reference/SOURCES.md`. Rates by age and sex are assumed.
    """
    drawn = [_count(victims, geography, period, spec, chance, kind) for kind in range(len(KINDS))]
    row = np.concatenate([part.row for part in drawn])
    kind = np.repeat(np.arange(len(KINDS)), [len(part.row) for part in drawn])
    turn = np.concatenate([part.turn for part in drawn])
    victim = victims.person[row]
    ids = victims.census.person_id[victim] << _ID_BITS | kind * _MOST_A_KIND + turn
    order = np.argsort(ids)
    ids, kind, victim = ids[order], kind[order], victim[order]
    return _describe(victims.census, geography, period, chance, Pairing(ids, kind, victim))


@dataclass(frozen=True)
class _Drawn:
    row: Ints
    turn: Ints


def _count(
    victims: Victims,
    geography: Geography,
    period: Period,
    spec: Violence,
    chance: Stream,
    kind: int,
) -> _Drawn:
    """Draw how many incidents of a kind each person suffers."""
    census, person = victims.census, victims.person
    ids = census.person_id[person]
    rate = _rates(kind, census.sex[person], census.age_years[person])
    gradient = np.array([1.0, *spec.deprivation])[geography.quintile[census.lsoa[person]]]
    frailty = np.exp(spec.frailty_sd * chance.normal("frailty", ids) - spec.frailty_sd**2 / 2)
    mean = rate * gradient * frailty * getattr(spec.scale, KINDS[kind]) * period.years
    count = chance.poisson(f"{KINDS[kind]}_incidents", ids, mean, most=_MOST_A_KIND)
    row = np.repeat(np.arange(len(person)), count)
    return _Drawn(row, np.arange(len(row)) - (np.cumsum(count) - count)[row])


def _rates(kind: int, sex: Ints, age: Floats) -> Floats:
    """Give the yearly rate of a kind of violence by sex and age."""
    ages, rates = _rate_steps()[kind]
    step = [np.searchsorted(ages[number], age, side="right") - 1 for number in (0, 1)]
    return np.where(sex == 1, rates[1][step[1]], rates[0][step[0]])


@cache
def _rate_steps() -> list[tuple[list[Floats], list[Floats]]]:
    """Give ages at which rates change and the rates from there, by kind, for women and men."""
    table = load("violence_rates").to_pylist()
    steps = []
    for kind in KINDS:
        own = [[row for row in table if (row["kind"], row["sex"]) == (kind, sex)] for sex in "FM"]
        ages = [np.array([float(row["age_from"]) for row in rows]) for rows in own]
        rates = [np.array([row["per_1000_a_year"] / 1000 for row in rows]) for rows in own]
        steps.append((ages, rates))
    return steps


def _describe(
    census: Census, geography: Geography, period: Period, chance: Stream, pairing: Pairing
) -> pa.Table:
    """Say when and where incidents happened, who did it, and how badly it hurt."""
    ids, kind, victim = pairing.ids, pairing.kind, pairing.victim
    age = census.age_years[victim]
    place = _place(ids, kind, age, chance)
    offender = choose_offenders(census, geography, pairing, chance.stage("offenders"))
    at_school = (place == list(PLACE).index("school")).astype(bool)
    profile = np.where(at_school, "child_school_peer", _column("profile")[kind])
    return pa.table(
        {
            "incident_id": ids,
            "victim": victim,
            "offender": offender,
            "kind": coded(kind, KINDS),
            "occurred_s": hours_drawn(period, profile, ids, chance),
            "place": coded(place, PLACE),
            "lsoa": census.lsoa[victim],
            "injury": coded(_mix("injury", ids, kind, tuple(INJURY), chance), INJURY),
            "weapon": coded(_weapon(ids, kind, chance), WEAPON),
            "alcohol": chance.happens("alcohol", ids, _column("alcohol")[kind] * (age >= 14)),
        }
    )


def _column(name: str) -> NDArray[np.generic]:
    return np.asarray(load("violence_kinds")[name])


def _mix(decision: str, ids: Ints, kind: Ints, columns: tuple[str, ...], chance: Stream) -> Ints:
    """Draw one of several columns of the table of kinds, by their weights for each kind."""
    weights = np.column_stack([_column(name) for name in columns]).astype(float)
    edges = np.cumsum(weights / weights.sum(1, keepdims=True), axis=1)[kind]
    return np.asarray((chance.uniform(decision, ids)[:, None] >= edges[:, :-1]).sum(1))


def _place(ids: Ints, kind: Ints, age: Floats, chance: Stream) -> Ints:
    """Draw kinds of place; what would be elsewhere is school for half of those of school age."""
    place = _mix("place", ids, kind, tuple(PLACE), chance)
    names = list(PLACE)
    pupil = (age >= _SCHOOL_AGE[0]) & (age < _SCHOOL_AGE[1])
    licensed = place == names.index("licensed")
    elsewhere = place == names.index("other")
    schooled = chance.happens("at_school", ids, 0.5)
    place[pupil & (licensed | (elsewhere & schooled))] = names.index("school")
    return place


def _weapon(ids: Ints, kind: Ints, chance: Stream) -> Ints:
    columns = ("blunt", "glass", "sharp", "other_weapon")
    weights = np.column_stack([_column(name) for name in columns]).astype(float)
    edges = np.cumsum(weights, axis=1)[kind]
    found = (chance.uniform("weapon", ids)[:, None] >= edges).sum(1)
    return np.where(found == len(columns), 0, found + 1)
