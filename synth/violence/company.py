"""Company: people who offend together, are harmed together, hit back, or look on.

Co-offenders and companions come from lasting groups of peers: about eight people of like age,
mostly of one sex, who live near each other. So the same people offend together again. In the
family, companions are the other members of the household.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from darkfigure.synth.core.arrays import Floats, Ints, Mask
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.core.groups import place_in_runs
from darkfigure.synth.core.orders import order_of
from darkfigure.synth.population import Census
from darkfigure.synth.reference import load
from darkfigure.synth.schema import EVENT_ROLE, VIOLENCE

MOST_VICTIMS = 8  # of one event: the first, companions, and an offender who is hit
HIT_BACK = MOST_VICTIMS - 1  # turn of that offender among the victims
OFFENDER, BYSTANDER = (list(EVENT_ROLE).index(name) for name in ("offender", "bystander"))

_AT_HOME = [list(VIOLENCE).index(name) for name in ("partner", "family", "child")]
_GROUP = 8  # people of a group of peers; assumed
_NEIGHBOURHOODS = 4  # that a group is drawn from; assumed
_APART_YEARS = 1.5  # spread of ages in a group; assumed, two thirds of groups within two years
_MIXED_RATE = 0.1  # people in a group of the other sex; 20 % of groups are mixed (assumed)
_PEERS_FROM, _OFFENDERS_FROM = 8, 10  # years; ten is the age of criminal responsibility
# Further offenders and victims where there are four or more in all; assumed tail.
_MORE_OFFENDERS = (0.0, 0.0, 0.0, 0.45, 0.22, 0.14, 0.19)
_MORE_VICTIMS = (0.0, 0.0, 0.0, 0.7, 0.2, 0.1)
# Companions for whom a household has a member. Source: measured in simulated worlds
_OTHERS_AT_HOME = 0.5
# Factor on offending together by the offender's age: falls as the share of offences with others
# does, from 45 % at 10 to 5 % at 60 (assumed). It is divided by its mean over the offenders of each
# kind, measured in simulated worlds (the column `offenders_age` of the table), so that each kind
# keeps its share of acts by several.
_AGES, _TOGETHER = (10, 15, 20, 30, 45, 60), (1.9, 1.6, 1.25, 0.8, 0.55, 0.4)
_COUNTED = (2, 3, 4)  # people of a group; the columns of `violence_company`; no rate
_ONLOOKERS_FROM = 4  # companions nearer than that are harmed with the victim; assumed


def was_hit_back(incident: Ints) -> Mask:
    """Tell which incidents, by their ids, befell an offender whom the victim hit back."""
    return np.asarray(incident % MOST_VICTIMS == HIT_BACK)


@dataclass(frozen=True)
class Peers:
    """Groups of peers, which last for the whole study.

    Parameters
    ----------
    order
        Census indices of everybody who has peers, group by group.
    rank
        Place of each person in `order`, shape (persons,); -1 for young children.
    """

    order: Ints
    rank: Ints

    @classmethod
    def of(cls, census: Census, chance: Stream) -> Peers:
        """Group the people of a census.

        Parameters
        ----------
        census
            Census of the scenario.
        chance
            Stream of the company; draws are keyed by person.
        """
        person = np.flatnonzero(census.age_years >= _PEERS_FROM)
        ids = census.person_id[person]
        apart = chance.normal("peers", ids) * _APART_YEARS
        mixed = chance.happens("peers_mixed", ids, _MIXED_RATE)
        sex = census.sex[person] ^ mixed
        area = census.lsoa[person] // _NEIGHBOURHOODS
        order = person[order_of(area * 2 + sex, census.age_years[person] + apart)]
        rank = np.full(len(census.person_id), -1)
        rank[order] = np.arange(len(order))
        return cls(order, rank)

    def companion(self, person: Ints, turn: Ints) -> Ints:
        """Give somebody's companion.

        Parameters
        ----------
        person
            Census indices, shape (n,).
        turn
            Number of the companion, from 1; the first ones are the closest, shape (n,).

        Returns
        -------
        Census indices, shape (n,); -1 where there is no such companion.
        """
        rank = self.rank[person]
        start = rank - rank % _GROUP
        size = np.minimum(len(self.order) - start, _GROUP)
        place = start + (rank - start + turn) % np.maximum(size, 1)
        there = (rank >= 0) & (turn < size)
        return np.where(there, self.order[np.where(there, place, 0)], -1)


@dataclass(frozen=True)
class Acts:
    """Acts with a victim and an offender; arrays have one entry per act."""

    ids: Ints
    kind: Ints  # index into schema.VIOLENCE
    series: Ints  # id of the episode
    turn: Ints  # in the episode, 0 = first
    assault: Mask
    victim: Ints  # census index, as for the next
    offender: Ints
    relationship: Ints  # index into schema.RELATIONSHIP
    occurred_s: Ints

    def at(self, rows: Ints) -> Acts:
        """Take some acts."""
        return Acts(*(getattr(self, field.name)[rows] for field in fields(self)))


@dataclass(frozen=True)
class Company:
    """People of acts besides the first victim; arrays have one entry per person."""

    act: Ints  # row of the act
    turn: Ints  # among the victims, or the people of the role, from 1
    person: Ints  # census index

    def where(self, chosen: Mask) -> Company:
        """Take some people."""
        return Company(self.act[chosen], self.turn[chosen], self.person[chosen])


def fellow_victims(acts: Acts, census: Census, peers: Peers, chance: Stream) -> Company:
    """Draw the further people whom acts harm: companions of the victim, and offenders hit back.

    Parameters
    ----------
    acts
        The acts; threats harm nobody else.
    census
        Census of the scenario.
    peers
        Groups of peers.
    chance
        Stream of the company; draws are keyed by act.

    Returns
    -------
    In order of act and turn; the offender who is hit has the turn `HIT_BACK`.
    """
    extra = _number("victims", acts, _MORE_VICTIMS, np.ones(len(acts.ids)), chance)
    act, turn = _rows(extra * acts.assault)
    person = _companions(acts, act, turn, census, peers)
    kept = (person >= 0) & (person != acts.offender[act]) & (person != acts.victim[act])
    hits = chance.happens("hits_back", acts.ids, _rate("hits_back")[acts.kind]) & acts.assault
    hits &= census.age_years[acts.victim] >= _OFFENDERS_FROM
    hit = np.flatnonzero(hits)
    every = Company(
        np.append(act[kept], hit),
        np.append(turn[kept], np.full(len(hit), HIT_BACK)),
        np.append(person[kept], acts.offender[hit]),
    )
    return _ordered(every)


def fellow_offenders(acts: Acts, census: Census, peers: Peers, chance: Stream) -> Company:
    """Draw the offenders of acts besides the first.

    Parameters
    ----------
    acts, census, peers, chance
        See `fellow_victims`.

    Returns
    -------
    In order of act and turn; never the victim, and nobody under ten.
    """
    together = np.interp(census.age_years[acts.offender], _AGES, _TOGETHER)
    together /= _rate("offenders_age")[acts.kind]
    act, turn = _rows(_number("offenders", acts, _MORE_OFFENDERS, together, chance))
    person = peers.companion(acts.offender[act], turn)
    fits = (person >= 0) & (person != acts.victim[act])
    fits &= census.age_years[np.maximum(person, 0)] >= _OFFENDERS_FROM
    return Company(act[fits], turn[fits], person[fits])


def bystanders(acts: Acts, census: Census, peers: Peers, chance: Stream) -> Company:
    """Draw the people who look on and are known to the victim; strangers are not simulated.

    Parameters
    ----------
    acts, census, peers, chance
        See `fellow_victims`.

    Returns
    -------
    At most one for each act, in order of act.
    """
    looks_on = chance.happens("bystander", acts.ids, _rate("bystander")[acts.kind])
    act = np.flatnonzero(looks_on)
    turn = chance.below("which_bystander", acts.ids[act], _GROUP - _ONLOOKERS_FROM)
    turn += _ONLOOKERS_FROM
    person = _companions(acts, act, turn, census, peers)
    fits = (person >= 0) & (person != acts.offender[act]) & (person != acts.victim[act])
    return Company(act[fits], np.ones(int(fits.sum()), np.int64), person[fits])


def harmed_in_an_assault() -> Floats:
    """Give the expected number of people whom an assault of each kind harms, shape (kinds,)."""
    shares = np.column_stack([_rate(f"victims_{number}") for number in _COUNTED])
    more = np.average(np.arange(len(_MORE_VICTIMS)), weights=_MORE_VICTIMS)
    there = np.ones(len(shares))
    there[_AT_HOME] = _OTHERS_AT_HOME
    return np.asarray(1 + shares @ np.array([1, 2, more]) * there + _rate("hits_back"))


def offenders_an_act() -> Floats:
    """Give the shares of acts of each kind by 1, 2, 3, and 4 or more offenders, (kinds, 4)."""
    shares = np.column_stack([_rate(f"offenders_{number}") for number in _COUNTED])
    return np.column_stack([1 - shares.sum(1), shares])


def _rate(name: str) -> Floats:
    return np.asarray(load("violence_company")[name].to_numpy(), float)


def _number(what: str, acts: Acts, tail: tuple[float, ...], factor: Floats, chance: Stream) -> Ints:
    """Draw the number of further offenders or victims of each act."""
    shares = np.column_stack([_rate(f"{what}_{number}") for number in _COUNTED])
    edges = np.cumsum(shares[:, ::-1], axis=1)[acts.kind]  # four and more first
    drawn = chance.uniform(what, acts.ids)
    number = len(_COUNTED) - (drawn[:, None] >= edges * factor[:, None]).sum(1)
    many = np.flatnonzero(number == edges.shape[1])
    number[many] = chance.pick(f"many_{what}", acts.ids[many], tail)
    return number


def _rows(number: Ints) -> tuple[Ints, Ints]:
    """Turn numbers of people into rows: the act of each, and the turn, from 1."""
    act = np.repeat(np.arange(len(number)), number)
    return act, place_in_runs(act) + 1


def _companions(acts: Acts, act: Ints, turn: Ints, census: Census, peers: Peers) -> Ints:
    """Give the victim's companions: at home of the household, elsewhere of the peers."""
    victim = acts.victim[act]
    person = peers.companion(victim, turn)
    home = np.flatnonzero(np.isin(acts.kind[act], _AT_HOME))
    household = census.household[victim[home]]
    size, first = census.household_size[household], census.household_first[household]
    place = first + (victim[home] - first + turn[home]) % size
    private = (turn[home] < size) & (census.home[victim[home]] == 0)
    person[home] = np.where(private, place, -1)
    return person


def _ordered(company: Company) -> Company:
    order = order_of(company.act, company.turn)
    return Company(company.act[order], company.turn[order], company.person[order])
