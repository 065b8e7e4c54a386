"""Orders that protect somebody: notices of the police, and orders of the courts; their breaches."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from darkfigure.synth.agencies.family_justice.records import injunctions_made
from darkfigure.synth.agencies.framework.agency import SimulatedEvents
from darkfigure.synth.agencies.police.cases import PoliceCases
from darkfigure.synth.agencies.police.codes import OFFENCES
from darkfigure.synth.agencies.police.kinds_of_work import CRIME
from darkfigure.synth.agencies.police.other_work import RELATIONS
from darkfigure.synth.agencies.police.prosecution.codes import ORDER
from darkfigure.synth.agencies.police.prosecution.custody import HARASSING
from darkfigure.synth.agencies.police.prosecution.hearings import ACQUITTED, FOUND
from darkfigure.synth.agencies.police.prosecution.spec import Orders
from darkfigure.synth.core.arrays import Ints, Mask
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.core.sorted_lookup import places
from darkfigure.synth.setting.birthdays import ages_on
from darkfigure.synth.setting.calendar import DAY_S
from darkfigure.synth.setting.working_days import remand_court_day, working_day

_CODES = list(OFFENCES)
_NOTICE, _POLICE_ORDER, _MOLEST, _RESTRAIN, _STALK = range(len(ORDER))
_STALKING = _CODES.index("8Q")
_ADULT_YEARS = 18  # of whom a notice restrains. Source: Crime and Security Act 2010, section 24
_NOTICE_DAYS = 2  # within which a notice is served, from the report; assumed
_POLICE_ORDER_DAYS, _FULL_LENGTH = (14, 28), 0.75  # limits: the same Act; share of 28 days assumed
# Days that orders last with their shares; 0 is until further order. Assumed, the two years of
# stalking orders by the Stalking Protection Act 2019.
_MOLEST_DAYS, _MOLEST_SHARES = (182, 365, 365 * 2), (0.3, 0.6, 0.1)
_RESTRAIN_DAYS, _RESTRAIN_SHARES = (
    (365, 365 * 2, 365 * 3, 365 * 5, 0),
    (0.15, 0.35, 0.15, 0.2, 0.15),
)
_STALK_DAYS, _STALK_SHARES = (365 * 2 + 1, 365 * 3 + 1, 365 * 5 + 2), (0.6, 0.25, 0.15)
_STALK_AFTER = (20, 60.0)  # days from the report: the least, and the mean beyond it; assumed
ENDLESS = 1 << 20  # day after every study; no rate


@dataclass(frozen=True)
class ProtectiveOrders:
    """Orders that a force knows of; arrays have one entry per order."""

    ids: Ints
    kind: Ints  # index into ORDER
    case: Ints  # row in the cases, which names both
    made_on: Ints
    expires_on: Ints  # last day; ENDLESS until further order
    charge: Ints  # row in the charges, -1 for orders without one

    def at(self, rows: Ints | Mask) -> ProtectiveOrders:
        """Take some orders."""
        return ProtectiveOrders(*(values[rows] for values in vars(self).values()))


def protective_orders(
    simulated: SimulatedEvents, cases: PoliceCases, spec: Orders, chance: Stream
) -> ProtectiveOrders:
    """Draw the orders between people whom a case names.

    Parameters
    ----------
    simulated
        The simulated events, with what the family court prepared.
    cases
        Cases of all forces.
    spec
        Rates of orders.
    chance
        Stream of the police; draws are keyed by event.
    """
    own = chance.stage("orders")
    notices = _notices(simulated, cases, spec, own)
    parts = [
        notices,
        _upheld(notices, spec, own),
        _of_family_court(simulated, cases, spec, own),
        _restraining(cases, spec, own),
        _stalking(cases, spec, own),
    ]
    columns = zip(*(vars(part).values() for part in parts), strict=True)
    orders = ProtectiveOrders(*(np.concatenate(column) for column in columns))
    census = simulated.victims.census
    there = orders.made_on < simulated.period.end
    for person in (cases.victim[orders.case], cases.suspect[orders.case]):
        there &= census.there(person, orders.made_on)
    return orders.at(there)


def _both_named(cases: PoliceCases) -> Mask:
    """Mark the crimes with a victim and another person as suspect."""
    named = (cases.victim >= 0) & (cases.suspect >= 0) & (cases.victim != cases.suspect)
    return np.asarray(named & (cases.category == CRIME))


def _made(
    kind: int, case: Ints, cases: PoliceCases, days: tuple[Ints, Ints], charge: Ints | None = None
) -> ProtectiveOrders:
    ids = (cases.event[case] << 3) + kind
    none = np.full(len(case), -1)
    return ProtectiveOrders(
        ids, np.full(len(case), kind), case, *days, none if charge is None else charge
    )


def _notices(
    simulated: SimulatedEvents, cases: PoliceCases, spec: Orders, chance: Stream
) -> ProtectiveOrders:
    """Serve notices after crimes between partners whose suspect is not charged at once."""
    partner = cases.domestic & (cases.relation == RELATIONS.index("partner")) & _both_named(cases)
    partner[cases.charges.case[cases.charges.how == 0]] = False
    row = np.flatnonzero(partner & chance.happens("notice", cases.event, spec.notice_rate))
    day = cases.reported_s[row] // DAY_S
    day = day + chance.below("notice_on", cases.event[row], _NOTICE_DAYS)
    census, start = simulated.victims.census, simulated.period.start
    adult = np.ones(len(row), bool)
    for person in (cases.victim[row], cases.suspect[row]):
        adult &= ages_on(day, census.age_years[person], start) >= _ADULT_YEARS
    row, day = row[adult], day[adult]
    return _made(_NOTICE, row, cases, (day, remand_court_day(day + 1)))


def _upheld(notices: ProtectiveOrders, spec: Orders, chance: Stream) -> ProtectiveOrders:
    """Let magistrates make orders of notices, on the day on which the notices end."""
    own = notices.at(chance.happens("upheld", notices.ids, spec.notice_upheld_rate))
    full = chance.happens("full_length", own.ids, _FULL_LENGTH)
    lasts = np.where(full, _POLICE_ORDER_DAYS[1], _POLICE_ORDER_DAYS[0])
    change = _POLICE_ORDER - _NOTICE
    return ProtectiveOrders(
        own.ids + change,
        own.kind + change,
        own.case,
        own.expires_on,
        own.expires_on + lasts,
        own.charge,
    )


def _of_family_court(
    simulated: SimulatedEvents, cases: PoliceCases, spec: Orders, chance: Stream
) -> ProtectiveOrders:
    """Take the family court's orders about recorded violence, where somebody tells the force."""
    incident, made_on = injunctions_made(simulated)
    known = np.flatnonzero((cases.incident >= 0) & _both_named(cases))
    known = known[np.argsort(cases.incident[known], kind="stable")]
    found = places(incident, cases.incident[known])
    told = (found >= 0) & chance.happens("told", incident, spec.told_rate)
    row, day = known[found[told]], made_on[told]
    # An order that is older than the report did not follow it.
    later = day >= cases.reported_s[row] // DAY_S
    row, day = row[later], day[later]
    drawn = chance.pick("molest_days", cases.event[row], _MOLEST_SHARES)
    return _made(_MOLEST, row, cases, (day, day + np.array(_MOLEST_DAYS)[drawn]))


def _restraining(cases: PoliceCases, spec: Orders, chance: Stream) -> ProtectiveOrders:
    charges, result = cases.charges, cases.charges.courses.result
    fits = cases.domestic[charges.case] | np.isin(charges.offence, HARASSING)
    fits &= _both_named(cases)[charges.case] & (result >= 0)
    rate = np.where(result <= FOUND, spec.restraining_rate, 0.0)
    rate = np.where(result == ACQUITTED, spec.restraining_acquitted_rate, rate)
    row = np.flatnonzero(fits & chance.happens("restrain", charges.event, rate))
    day, event = charges.courses.ended_on[row], charges.event[row]
    lasts = np.array(_RESTRAIN_DAYS)[chance.pick("restrain_days", event, _RESTRAIN_SHARES)]
    until = np.where(lasts > 0, day + lasts, ENDLESS)
    return _made(_RESTRAIN, charges.case[row], cases, (day, until), row)


def _stalking(cases: PoliceCases, spec: Orders, chance: Stream) -> ProtectiveOrders:
    fits = (cases.offence == _STALKING) & _both_named(cases)
    row = np.flatnonzero(fits & chance.happens("stalking", cases.event, spec.stalking_rate))
    event, (least, mean) = cases.event[row], _STALK_AFTER
    wait = (least + mean * chance.exponential("stalking_on", event)).astype(np.int64)
    day = working_day(cases.reported_s[row] // DAY_S + wait)
    lasts = np.array(_STALK_DAYS)[chance.pick("stalk_days", event, _STALK_SHARES)]
    return _made(_STALK, row, cases, (day, day + lasts))


def breaches(
    orders: ProtectiveOrders, cases: PoliceCases, spec: Orders, chance: Stream
) -> tuple[Ints, Ints]:
    """Find later occurrences between the same two in which an officer notices an order.

    Parameters
    ----------
    orders
        The orders.
    cases
        Cases of all forces.
    spec
        Rates of orders.
    chance
        Stream of the police; draws are keyed by order and event.

    Returns
    -------
    Row in the orders and row in the cases of each breach, in order of order and time.
    """
    both = np.flatnonzero((cases.victim >= 0) & (cases.suspect >= 0))
    pair = _pair(cases, both)
    order = np.lexsort((cases.occurred_s[both], pair))
    both, pair = both[order], pair[order]
    # Pairs are told apart by their rank, so that times fit behind it.
    ranks, rank = np.unique(pair, return_inverse=True)
    when = rank * ENDLESS + cases.occurred_s[both] // DAY_S
    own = places(_pair(cases, orders.case), ranks)
    low = np.searchsorted(when, own * ENDLESS + orders.made_on + 1)
    high = np.searchsorted(when, own * ENDLESS + np.minimum(orders.expires_on, ENDLESS - 2) + 1)
    at = np.repeat(np.arange(len(own)), high - low)
    turn = np.arange(len(at)) - np.repeat(np.cumsum(high - low) - (high - low), high - low)
    case = both[low[at] + turn]
    same_force = cases.force[case] == cases.force[orders.case[at]]
    key = (cases.event[case] << 3) + orders.kind[at]
    noticed = chance.stage("orders").happens("noticed", key, spec.noticed_rate)
    kept = same_force & noticed
    return at[kept], case[kept]


def _pair(cases: PoliceCases, row: Ints) -> Ints:
    """Give pairs of victim and suspect a number each: census indices are below 2**24."""
    return (cases.victim[row] << 24) | cases.suspect[row]
