"""Cases that a notification follows, its content, and the people it names."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from darkfigure.synth.agencies.framework.agency import SimulatedEvents
from darkfigure.synth.agencies.framework.handwriting import Handwriting
from darkfigure.synth.agencies.framework.mentions import Mentions, order_mentions
from darkfigure.synth.agencies.framework.records import days
from darkfigure.synth.agencies.police.cases import PoliceCases
from darkfigure.synth.agencies.police.codes import INCIDENT_TYPE, PPN_ROLE, PPN_TYPE
from darkfigure.synth.agencies.police.kinds_of_work import NON_CRIME
from darkfigure.synth.agencies.police.numbers import running_on
from darkfigure.synth.agencies.ppn.dash import HIGH, MEDIUM, QUESTIONS, STANDARD, grade, ticks
from darkfigure.synth.agencies.ppn.tables import PPN_LAYOUTS, common_ppn_tables
from darkfigure.synth.core.arrays import Ints, Mask
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.core.digits import beside, zero_padded
from darkfigure.synth.core.spec import Amount, Rate, Spec
from darkfigure.synth.schema import FORCES, coded
from darkfigure.synth.setting.birthdays import ages_on
from darkfigure.synth.setting.calendar import DAY_S, DAYS_A_YEAR, HOUR_S

_TYPES = tuple(PPN_TYPE)
_BEARS_UNTIL_YEARS = 50  # assumed
_DOMESTIC, _CHILD, _ADULT, _OTHER = range(len(_TYPES))
_VICTIM, _YOUNG, _SUSPECT = range(len(PPN_ROLE))
_ADULT_YEARS = 18
_NUMBERS_ROOM = 9_000_000  # where the numbers of a salted world may start in a year
_SUBMITS_S = 4 * HOUR_S  # from the report, mean: by the end of the shift; assumed


class Volumes(Spec):
    """Notifications per 1,000 residents and year, by force.

    South Wales: more than 60,000 a year in one Welsh force (Ford 2018); the others are assumed.
    """

    north_wales: Amount = 40.0
    gwent: Amount = 42.0
    south_wales: Amount = 46.0
    dyfed_powys: Amount = 36.0


class TypeShares(Spec):
    """Shares of notifications by type; assumed."""

    DA: Rate = 0.45
    CH: Rate = 0.33
    AD: Rate = 0.14
    OT: Rate = 0.08


class NotificationSpec(Spec):
    """Numbers of notifications, and the people they name; assumed unless a source is named."""

    per_1000: Volumes = Volumes()
    shares: TypeShares = TypeShares()
    names_suspect_rate: Rate = 0.9
    names_children_rate: Rate = 0.85
    """Rate of each child in the household."""
    officer_misgrades_rate: Rate = 0.08
    copied_rate: Rate = 0.3
    """Identities that the officer takes from an earlier record."""
    copied_years: Amount = 2.0
    """Age of that record, mean."""
    hand: Handwriting = Handwriting(upper_rate=0.1)
    """How officers write the account."""
    account_contradicts_rate: Rate = 0.04
    """Accounts that say the opposite of an answer to DASH, for each of six questions."""


@dataclass(frozen=True)
class Notifications:
    """All notifications, in order of force and submission, one entry of each array."""

    event: Ints  # of the case that it follows
    case: Ints  # its row among the police's
    incident: Ints  # -1 where the case is no simulated violence
    force: Ints
    kind: Ints  # index into PPN_TYPE
    submitted_s: Ints
    lsoa: Ints
    officer: Ints
    victim: Ints  # census index; so for the suspect, -1 where none is named
    suspect: Ints
    children: Ints  # number of children named besides
    child_paper: Ints  # row of the notification, per child that is named besides
    child: Ints  # census index of that child
    ticks: Ints  # -1 where DASH was not asked
    may_bear: Mask  # the victim is a woman of an age to bear children
    officer_grade: Ints  # index into RISK, -1 where there is none
    grade: Ints
    repeat: Mask
    number: pa.Array
    mentions: tuple[Mentions, ...]  # by force
    spec: NotificationSpec


def notify(simulated: SimulatedEvents, cases: PoliceCases, spec: NotificationSpec) -> Notifications:
    """Draw the cases that a notification follows, as many as each force has.

    Parameters
    ----------
    simulated
        The simulated events.
    cases
        All police cases.
    spec
        Numbers of notifications.
    """
    chance = simulated.chance.stage("ppn")
    later = _SUBMITS_S * chance.exponential("submits", cases.event)
    submitted_s = cases.reported_s + later.astype(np.int64)
    kind = _kinds(simulated, cases, submitted_s)
    row = _chosen(simulated, cases, kind, spec, chance)
    kind, event, force = kind[row], cases.event[row], cases.force[row]
    victim, submitted_s = cases.victim[row], submitted_s[row]
    named = chance.happens("names_suspect", event, spec.names_suspect_rate)
    suspect = np.where(named, cases.suspect[row], -1)
    may_bear = _may_bear(simulated, victim, submitted_s)
    counted = np.where(kind == _DOMESTIC, _ticked(simulated, victim, event, may_bear, chance), -1)
    final = np.where(counted < 0, -1, grade(counted))
    child_paper, child = _children(simulated, victim, submitted_s, event, spec, chance)
    papers = {"kind": kind, "force": force, "event": event, "submitted_s": submitted_s}
    number = _numbers(force, submitted_s, chance)
    people = _People(victim, suspect, child_paper, child, cases.officer[row], number)
    return Notifications(
        **papers,
        case=row,
        incident=cases.incident[row],
        lsoa=cases.lsoa[row],
        officer=cases.officer[row],
        victim=victim,
        suspect=suspect,
        children=np.bincount(child_paper, minlength=len(row)),
        child_paper=child_paper,
        child=child,
        ticks=counted,
        may_bear=may_bear,
        officer_grade=_misgraded(final, event, spec, chance),
        grade=final,
        repeat=_repeats(victim, submitted_s),
        number=number,
        mentions=tuple(_mentions(simulated, people, papers, name, spec) for name in FORCES),
        spec=spec,
    )


def _may_bear(simulated: SimulatedEvents, victim: Ints, when_s: Ints) -> Mask:
    """Tell which victims are women of an age to bear children."""
    woman = simulated.victims.census.sex[victim] == 0
    return np.asarray(woman & (_age(simulated, victim, when_s) < _BEARS_UNTIL_YEARS))


def _ticked(
    simulated: SimulatedEvents, victim: Ints, event: Ints, may_bear: Mask, chance: Stream
) -> Ints:
    """Count the questions of DASH that would be answered with yes."""
    census = simulated.victims.census
    most = np.where(may_bear, QUESTIONS, QUESTIONS - 1)  # one asks whether she is pregnant
    said = ticks(event, census.person_id[victim], census.sex[victim] == 1, chance)
    return np.asarray(np.minimum(said, most))


def _kinds(simulated: SimulatedEvents, cases: PoliceCases, submitted_s: Ints) -> Ints:
    """Give the type of notification that each case could lead to; -1 for none."""
    age = _age(simulated, np.maximum(cases.victim, 0), submitted_s)
    types = list(INCIDENT_TYPE)
    conditions = [
        cases.domestic & (age >= 16),
        age < _ADULT_YEARS,
        cases.incident_type == types.index("adult"),
        cases.incident_type == types.index("vulnerable"),
    ]
    kind = np.select(conditions, [_DOMESTIC, _CHILD, _ADULT, _OTHER], -1)
    fits = (cases.victim >= 0) & ((cases.category == NON_CRIME) | (kind <= _CHILD))
    return np.where(fits, kind, -1)


def _age(simulated: SimulatedEvents, person: Ints, when_s: Ints) -> Ints:
    """Give the ages of people in whole years, as an officer reckons them from the birthdays."""
    ages = simulated.victims.census.age_years[person]
    return ages_on(when_s // DAY_S, ages, simulated.period.start)


def _chosen(
    simulated: SimulatedEvents,
    cases: PoliceCases,
    kind: Ints,
    spec: NotificationSpec,
    chance: Stream,
) -> Ints:
    """Draw the cases that are notified, by type and force at the rate that gives the volume."""
    victims = simulated.victims
    home = simulated.geography.force[victims.census.lsoa[victims.inhabitants]]
    residents = np.bincount(home, minlength=len(FORCES))
    volume = np.array([getattr(spec.per_1000, name) for name in FORCES]) / 1000
    share = np.array([getattr(spec.shares, name) for name in _TYPES])
    quota = residents * volume * simulated.period.years * share[:, None]
    cell = kind * len(FORCES) + cases.force
    able = np.bincount(cell[kind >= 0], minlength=quota.size).reshape(quota.shape)
    rate = quota / np.maximum(able, 1)
    notified = chance.happens("notified", cases.event, rate[kind, cases.force]) & (kind >= 0)
    return np.flatnonzero(notified)


def _children(
    simulated: SimulatedEvents,
    victim: Ints,
    when_s: Ints,
    event: Ints,
    spec: NotificationSpec,
    chance: Stream,
) -> tuple[Ints, Ints]:
    """List the other children of the victims' households: the paper's row, and census index."""
    census = simulated.victims.census
    household = census.household[victim]
    size = census.household_size[household]
    paper = np.repeat(np.arange(len(victim)), size)
    place = np.arange(len(paper)) - (np.cumsum(size) - size)[paper]
    person = census.household_first[household][paper] + place
    age = _age(simulated, person, when_s[paper])
    young = (age >= 0) & (age < _ADULT_YEARS) & (person != victim[paper])
    young &= census.there(person, when_s[paper] // DAY_S)
    paper, person, place = paper[young], person[young], place[young]
    named = chance.uniform("names_child", event[paper] * 8 + place % 8) < spec.names_children_rate
    return paper[named], person[named]


def _misgraded(final: Ints, event: Ints, spec: NotificationSpec, chance: Stream) -> Ints:
    """Give the officer's grade, which for some is one off."""
    off = chance.happens("misgrades", event, spec.officer_misgrades_rate)
    step = np.where(chance.happens("sees_more", event, 0.5), 1, -1)
    seen = np.clip(final + np.where(off, step, 0), STANDARD, HIGH)
    seen = np.where(off & (seen == final), MEDIUM, seen)
    return np.where(final >= 0, seen, -1)


def _repeats(victim: Ints, submitted_s: Ints) -> Mask:
    """Tell which notifications follow an earlier one about the same victim within a year."""
    order = np.lexsort((submitted_s, victim))
    repeat = np.zeros(len(victim), bool)
    same = victim[order][1:] == victim[order][:-1]
    soon = np.diff(submitted_s[order]) <= DAYS_A_YEAR * DAY_S
    repeat[order[1:]] = same & soon
    return repeat


def _numbers(force: Ints, submitted_s: Ints, chance: Stream) -> pa.Array:
    """Give notifications their numbers by force and year, in order of submission."""
    year = submitted_s.astype("datetime64[s]").astype("datetime64[Y]").astype(np.int64) + 1970
    order = np.argsort(submitted_s, kind="stable")
    serial = np.empty(len(force), np.int64)
    serial[order] = running_on((force * 10_000 + year)[order], _NUMBERS_ROOM, chance)
    letters = np.array(["NW", "GW", "SW", "DP"])[force]
    prefix = np.array(letters, "S2").view(np.uint8).reshape(-1, 2)
    return beside("PPN-", prefix, "-", zero_padded(year % 100, 2), "-", zero_padded(serial, 7))


@dataclass(frozen=True)
class _People:
    victim: Ints
    suspect: Ints
    child_paper: Ints
    child: Ints
    officer: Ints
    number: pa.Array


def _mentions(
    simulated: SimulatedEvents,
    people: _People,
    papers: dict[str, Ints],
    name: str,
    spec: NotificationSpec,
) -> Mentions:
    """List the people whom the notifications of one force name."""
    named = np.flatnonzero(people.suspect >= 0)
    paper = np.concatenate([np.arange(len(people.victim)), named, people.child_paper])
    person = np.concatenate([people.victim, people.suspect[named], people.child])
    first = np.where(papers["kind"] == _CHILD, _YOUNG, _VICTIM)
    role = np.concatenate(
        [first, np.full(len(named), _SUSPECT), np.full(len(people.child), _YOUNG)]
    )
    force = list(FORCES).index(name)
    own = papers["force"][paper] == force
    paper, person, role = paper[own], person[own], role[own]
    day = papers["submitted_s"][paper] // DAY_S
    order, ids = order_mentions(simulated.victims.census, person, paper, day)
    paper, person, role, day = paper[order], person[order], role[order], day[order]
    chance = simulated.chance.stage("ppn")
    copied = chance.happens("copied", ids, spec.copied_rate)
    ago = spec.copied_years * DAYS_A_YEAR * chance.exponential("copied_years", ids)
    layout, common = PPN_LAYOUTS[name], common_ppn_tables(name)[1]
    columns = {
        "ppn_no": people.number.take(pa.array(paper)),
        "created_on": days(day),
        "role": coded(role, PPN_ROLE),
    }
    written = layout.write(common, pa.table(columns))
    return Mentions(
        person=person,
        ids=ids,
        paper=paper,
        known_on=np.where(copied, day - ago.astype(np.int64), day),
        event_on=day,
        clerk=people.officer[paper] * 8 + force,
        columns={column: written[column].combine_chunks() for column in written.column_names},
    )
