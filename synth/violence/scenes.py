"""Scenes: where acts of violence happen.

Abuse at home lies in the victim's home, or in one that the victim visits. Elsewhere the victim is
where people go at such an hour and for such a purpose (`setting.going_out`), and most return to the
same places. So night violence gathers where many go out, and the same premises see it again. People
of Wales are harmed outside it too.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from darkfigure.synth.core.arrays import Floats, Ints, Mask
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.population import Census
from darkfigure.synth.reference import load
from darkfigure.synth.schema import PLACE, RELATIONSHIP, VIOLENCE
from darkfigure.synth.setting.calendar import DAY_S
from darkfigure.synth.setting.coordinates import home_coordinates
from darkfigure.synth.setting.going_out import PURPOSES, Outings, choose_homes, choose_places
from darkfigure.synth.setting.places import places
from darkfigure.synth.setting.school_choice import Schoolchildren, speaks_welsh_at_home
from darkfigure.synth.violence.company import Acts

_PLACES, _KINDS, _TIES = tuple(PLACE), tuple(VIOLENCE), tuple(RELATIONSHIP)
_STREET, _LICENSED, _OWN_HOME, _OTHER_HOME, _SCHOOL, _OTHER = range(len(_PLACES))
_EX_PARTNER = _TIES.index("ex_partner")
_KNOWN = [_TIES.index(name) for name in ("acquaintance", "ex_partner", "partner", "family")]
_SCHOOL_AGE = (5, 16)
_SECONDARY_YEARS = 11  # when the study begins; no rate
_NIGHT_HOURS = (22, 6)
# Share of abuse at home by former partners that moves elsewhere, since they live apart; assumed.
_APART_RATE = 0.4
# Of acts in public by people of England against people of Wales, the share that lies outside Wales,
# where both can be; assumed.
_ABROAD_RATE = 0.5
# Of acts in another home, the share in the offender's, where the two know each other; assumed.
_OFFENDERS_HOME_RATE = 0.5


@dataclass(frozen=True)
class Scenes:
    """Where acts happen; arrays have one entry per act.

    An act outside Wales has the place in Wales where it would otherwise be, which nobody is told.
    """

    kind: Ints  # index into schema.PLACE, as the first victim would say it
    site: Ints  # row of `places`, -1 in a home
    lsoa: Ints
    latitude: Floats  # WGS 84, degrees
    longitude: Floats
    abroad: Mask  # outside Wales


def find_scenes(acts: Acts, census: Census, world: Stream) -> Scenes:
    """Find the place of each act.

    Parameters
    ----------
    acts
        The acts.
    census
        Census of the scenario.
    world
        The world's stream; draws are keyed by act, those of regular places by victim.
    """
    kind = _kinds_of_place(acts, census, world.stage("violence"))
    home = np.isin(kind, (_OWN_HOME, _OTHER_HOME))
    site = np.full(len(kind), -1)
    away = np.flatnonzero(~home)
    site[away] = choose_places(_outings(acts, kind, away, census, world), world)
    _after_hours(acts, kind, site, census, world)
    lsoa, dwelling = _homes(acts, kind, census, world)
    latitude, longitude = home_coordinates(lsoa, dwelling)
    there = places(world).at(site[away])
    lsoa[away], latitude[away], longitude[away] = there.lsoa, there.latitude, there.longitude
    return Scenes(kind, site, lsoa, latitude, longitude, _abroad(acts, home, census, world))


def _abroad(acts: Acts, home: Mask, census: Census, world: Stream) -> Mask:
    """Tell which acts lie outside Wales: some of those by visitors, away from homes."""
    by_visitor = census.visits[acts.offender] & ~census.visits[acts.victim]
    goes = world.stage("violence").happens("abroad", acts.ids, _ABROAD_RATE)
    return np.asarray(by_visitor & ~home & goes)


def seen_by(kind: Ints, person: Ints, victim: Ints, census: Census) -> Ints:
    """Give the kind of place as another person harmed there would say it.

    Parameters
    ----------
    kind
        Kind of place to the first victim, shape (n,).
    person, victim
        Census indices of the person harmed, and of the first victim, shape (n,).
    census
        Census of the scenario.
    """
    visits = (kind == _OWN_HOME) & (census.household[person] != census.household[victim])
    return np.where(visits, _OTHER_HOME, kind)


def _kinds_of_place(acts: Acts, census: Census, chance: Stream) -> Ints:
    """Draw the kind of place of each act."""
    table = load("violence_kinds")
    weights = np.column_stack([np.asarray(table[name].to_numpy(), float) for name in _PLACES])
    weights = _with_former_partners(weights[acts.kind], acts.relationship)
    kind = chance.pick_by_row("place", acts.ids, weights)
    pupil = _is_pupil(acts, census)
    kind[pupil & (kind == _LICENSED)] = _OTHER
    kind[~pupil & (kind == _SCHOOL)] = _OTHER
    kind[census.visits[acts.victim] & (kind == _OWN_HOME)] = _OTHER_HOME
    return kind


def _is_pupil(acts: Acts, census: Census) -> Mask:
    age = census.age_years[acts.victim]
    return np.asarray((age >= _SCHOOL_AGE[0]) & (age < _SCHOOL_AGE[1]))


def _with_former_partners(weights: Floats, relationship: Ints) -> Floats:
    """Move some abuse by former partners out of the home."""
    moved = np.where(relationship == _EX_PARTNER, _APART_RATE * weights[:, _OWN_HOME], 0.0)
    weights[:, _OWN_HOME] -= moved
    weights[:, _STREET] += moved / 2
    weights[:, _OTHER_HOME] += moved / 2
    return weights


def _outings(acts: Acts, kind: Ints, rows: Ints, census: Census, world: Stream) -> Outings:
    """Say for what purpose the victims of some acts were where these happened."""
    victim = acts.victim[rows]
    lsoa, home = census.lsoa[victim], census.household[victim]
    return Outings(
        purpose=_purposes(acts, kind, rows, world.stage("violence")),
        home_lsoa=lsoa,
        person_id=census.person_id[victim],
        act_id=acts.ids[rows],
        pupils=Schoolchildren(
            lsoa=lsoa,
            person_id=census.person_id[victim],
            family=census.household_id[home],
            age_years=census.age_years[victim],
            secondary=census.age_years[victim] >= _SECONDARY_YEARS,
            background=census.background[victim],
            welsh_home=speaks_welsh_at_home(lsoa, census.household_lineage[home], world),
        ),
    )


def _after_hours(acts: Acts, kind: Ints, site: Ints, census: Census, world: Stream) -> None:
    """Move acts out of premises that are closed: to others that are open, else outside the door."""
    shut = _closed(acts, site, np.flatnonzero(kind == _LICENSED), world)
    outings = _outings(acts, kind, shut, census, world)
    late = np.full(len(shut), PURPOSES.index("late_drink"))
    site[shut] = choose_places(replace(outings, purpose=late), world)
    kind[_closed(acts, site, shut, world)] = _STREET


def _closed(acts: Acts, site: Ints, rows: Ints, world: Stream) -> Ints:
    """Find the acts that lie in closed premises."""
    return np.asarray(rows[~places(world).open_at(site[rows], acts.occurred_s[rows])])


def _purposes(acts: Acts, kind: Ints, rows: Ints, chance: Stream) -> Ints:
    """Give the purpose, an index into `PURPOSES`, that fits kind of violence, place and hour."""
    at = PURPOSES.index
    night_out = acts.kind[rows] == _KINDS.index("night")
    hour = acts.occurred_s[rows] % DAY_S // 3_600
    dark = (hour >= _NIGHT_HOURS[0]) | (hour < _NIGHT_HOURS[1])
    street = np.where(dark, at("street_night"), at("street_day"))
    choices = [
        np.where(night_out, at("night_street"), street),
        np.where(night_out, at("night_out"), at("drink_local")),
        np.full(len(rows), at("school")),
    ]
    conditions = [kind[rows] == number for number in (_STREET, _LICENSED, _SCHOOL)]
    return np.select(conditions, choices, _other_purposes(acts, rows, chance))


def _other_purposes(acts: Acts, rows: Ints, chance: Stream) -> Ints:
    """Draw the purpose for which people are elsewhere, by the kind of violence."""
    table = load("scene_purposes")
    names = [name for name in table.column_names if name in PURPOSES]
    kinds = table["kind"].to_pylist()
    order = [kinds.index(name) for name in VIOLENCE]
    weights = np.column_stack([np.asarray(table[name].to_numpy(), float) for name in names])
    picked = chance.pick_by_row("purpose", acts.ids[rows], weights[order][acts.kind[rows]])
    return np.array([PURPOSES.index(name) for name in names])[picked]


def _homes(acts: Acts, kind: Ints, census: Census, world: Stream) -> tuple[Ints, Ints]:
    """Give the neighbourhood and dwelling of the home of each act, the victim's own or another."""
    household = census.household[acts.victim]
    elsewhere = kind == _OTHER_HOME
    to_offender = elsewhere & np.isin(acts.relationship, _KNOWN)
    own = world.stage("violence")
    to_offender &= own.happens("offenders_home", acts.ids, _OFFENDERS_HOME_RATE)
    household = np.where(to_offender, census.household[acts.offender], household)
    lsoa, dwelling = census.household_lsoa[household], census.household_dwelling[household]
    rows = np.flatnonzero(elsewhere & ~to_offender)
    lsoa[rows], dwelling[rows] = choose_homes(lsoa[rows], acts.ids[rows], world)
    return lsoa, dwelling
