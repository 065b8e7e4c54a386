"""Children's care: families in trouble, whose children are helped, registered and looked after.

Trouble comes to a family, and so to most of its children at once. Who is registered may next be
looked after, and who leaves may come back. So brothers and sisters share conferences, orders and
proceedings; each child's own rate of care is what is published for all children.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from darkfigure.synth.agencies.framework.service_demand import (
    CareEpisodes,
    NeedFactors,
    Needs,
    occasions,
)
from darkfigure.synth.core.arrays import Floats, Ints, Mask
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.setting.calendar import DAYS_A_YEAR, Period
from darkfigure.synth.setting.geography import wales
from darkfigure.synth.setting.working_days import working_day
from darkfigure.synth.violence.proneness import household_proneness

ADULT_YEARS = 18  # of majority. Source: well known
LOOKED_AFTER, PROTECTION, SUPPORT = range(3)
ORDER_RATE = 0.82  # of looked-after children. Source: Welsh Government 2022-23
_ADOPTION_RATE = 0.05  # of them under an order to place them for adoption; assumed
_KINDS = ("looked_after", "protection", "support")
_FROM_REGISTER = 3  # a fourth sort of beginning, beside those of the kinds; no rate
_SORTS = 4  # no rate
_MOST_TROUBLES = 31  # of one sort and family in its children's youth; assumed
_UNDER_5_SHARE = 0.26  # of children under 18, rounded. Source: ONS, mid-2020 estimates
_UNDER_YEARS = 5  # the age below which `under_5_factor` holds; the factor's own bound, assumed
_SETTLED_AFTER = 4  # mean lengths of an episode, after which the stock is settled; assumed
_TOGETHER_RATE = 0.7  # children who leave care on the day on which their siblings do; assumed
_GOES_ALONG_RATE = 0.8  # registered siblings who are looked after when one of them is; assumed
_AT_HOME_YEARS = 0.7  # between two episodes, mean; assumed
_IN_TIME_RATE = 0.55  # of those who would come back, those who are not grown up by then; assumed


@dataclass(frozen=True)
class Care:
    """Episodes of children's care; arrays have one entry per episode."""

    row: Ints  # of the child
    ids: Ints  # below 2**35
    event: Ints  # of the family, which brothers and sisters share; below 2**35
    kind: Ints  # LOOKED_AFTER, PROTECTION or SUPPORT
    start: Ints
    end: Ints  # day after the last; may lie beyond the study

    def at(self, rows: Ints | Mask) -> Care:
        """Select some episodes."""
        return Care(*(values[rows] for values in vars(self).values()))

    def __len__(self) -> int:
        return len(self.row)


def care_episodes(people: NeedFactors, period: Period, needs: Needs, chance: Stream) -> Care:
    """Draw the children's care that touches the study, in order of kind and child.

    Parameters
    ----------
    people
        Properties of the people.
    period
        Period of the study.
    needs
        Rates of the demand.
    chance
        The world's stream; draws are keyed by family and child.
    """
    own, families = chance.stage("needs"), _Families.of(people, period, needs, chance)
    register, support = (
        _begun(families, kind, _starts(kind, needs), (period, needs), own)
        for kind in (PROTECTION, SUPPORT)
    )
    escalated = _into_care(register, needs, own)
    # The rate of beginnings is that of all, however they came about.
    rest = _starts(LOOKED_AFTER, needs) - _starts(PROTECTION, needs) * needs.escalation_rate
    looked_after = _begun(families, LOOKED_AFTER, max(rest, 0.0), (period, needs), own)
    every = joined(looked_after, escalated, register, support)
    every = one_at_a_time(_with_returns(every, needs, own), people)
    return every.at((every.end > period.start) & (every.start < period.end))


def one_at_a_time(care: Care, people: NeedFactors) -> Care:
    """Let no child have care twice at a time, nor as an adult: lower kinds yield to higher ones.

    Parameters
    ----------
    care
        Episodes in any order.
    people
        Properties of the people.

    Returns
    -------
    In order of kind and child; what begins while the child has the same already is left out.
    """
    care = _within_childhood(care, people)
    care = _without_repeats(care)
    highest, middle, lowest = (care.at(care.kind == kind) for kind in range(len(_KINDS)))
    middle = _yielding(middle, highest)
    return joined(highest, middle, _yielding(_yielding(lowest, middle), highest))


def joined(*parts: Care) -> Care:
    """Put episodes after one another."""
    columns = zip(*(vars(part).values() for part in parts), strict=True)
    return Care(*(np.concatenate(column) for column in columns))


def under_order(event: Ints, chance: Stream) -> Mask:
    """Tell which children are looked after under a court's order.

    Parameters
    ----------
    event
        Of the episodes, shape (n,): a court decides on brothers and sisters together.
    chance
        The world's stream.
    """
    return chance.stage("needs").happens("care_order", event, ORDER_RATE + _ADOPTION_RATE)


def escalated(event: Ints) -> Mask:
    """Tell which events of a family brought children into care from the register."""
    sort = event // (2 * (_MOST_TROUBLES + 1)) % _SORTS
    return np.asarray((sort == _FROM_REGISTER) & (event % 2 == 0))


@dataclass(frozen=True)
class _Families:
    """Families with children, in order of their ids, and their children."""

    people: NeedFactors
    ids: Ints
    prone: Floats  # factor on the rates
    child: Ints  # rows of children, those of one family together
    first: Ints  # of each family's children, and one more

    @classmethod
    def of(cls, people: NeedFactors, period: Period, needs: Needs, chance: Stream) -> _Families:
        young = period.start - people.birth_day < (ADULT_YEARS + 1) * DAYS_A_YEAR
        child = np.flatnonzero(young)
        child = child[np.argsort(people.family[child], kind="stable")]
        ids, first = np.unique(people.family[child], return_index=True)
        level = _deprivation(needs.care_by_deprivation)
        fifth = wales().quintile[people.lsoa[child[first]]] - 1
        spread = needs.family_sd
        own = np.exp(spread * household_proneness(ids, chance) - spread**2 / 2)
        return cls(people, ids, level[fifth] * own, child, np.append(first, len(child)))

    def children(self, family: Ints) -> tuple[Ints, Ints]:
        """Give the children of some families: the place of the family in the list, and rows."""
        count = self.first[family + 1] - self.first[family]
        at, turn = occasions(count)
        return at, self.child[self.first[family][at] + turn]


@cache
def _deprivation(factors: tuple[float, ...]) -> Floats:
    """Scale factors by fifth of deprivation so that their mean over Wales's children is 1."""
    geography = wales()
    young = sum(geography.age_share(band) for band in ("0_4", "5_10", "11_15", "16_17"))
    children = np.bincount(geography.quintile - 1, young * geography.residents, 5)
    weights = np.asarray(factors)
    return np.asarray(weights * children.sum() / (children @ weights))


def _spec(kind: int, needs: Needs) -> CareEpisodes:
    spec: CareEpisodes = getattr(needs, _KINDS[kind])
    return spec


def _starts(kind: int, needs: Needs) -> float:
    """Give the first episodes of a kind, per child and year; those who come back are left out."""
    spec = _spec(kind, needs)
    return spec.starts_per_10k / 10_000 / (1 + spec.returns_rate * _IN_TIME_RATE)


def _begun(
    families: _Families, kind: int, rate: float, how: tuple[Period, Needs], chance: Stream
) -> Care:
    """Draw the trouble of families and the children whom it brings into care, over a youth."""
    period, needs = how
    spec, people = _spec(kind, needs), families.people
    chance = chance.stage(_KINDS[kind])
    longest = max(_spec(other, needs).mean_years for other in (kind, LOOKED_AFTER))
    back = min(_SETTLED_AFTER * longest, ADULT_YEARS)
    span = period.end - period.start + round(back * DAYS_A_YEAR)
    # Drawn at the higher of the two rates by age, then thinned to each child's own.
    young, most = spec.under_5_factor, max(spec.under_5_factor, 1.0)
    base = rate / (_UNDER_5_SHARE * young + 1 - _UNDER_5_SHARE)
    mean = base * most / spec.siblings_rate * families.prone * span / DAYS_A_YEAR
    count = chance.poisson("troubles", families.ids, mean, most=_MOST_TROUBLES)
    family, turn = occasions(count)
    event = _event(families.ids[family], kind, turn)
    day = period.end - 1 - chance.below("start", event, span)
    at, row = families.children(family)
    ids = _event(people.ids[row], kind, turn[at])
    age = (day[at] - people.birth_day[row]) / DAYS_A_YEAR
    factor = np.where(age < _UNDER_YEARS, young, 1.0) / most
    # The family's draw is that of all its children, so that who is at risk is so with the others.
    brought = chance.uniform("at_this_age", event)[at] < factor
    brought &= chance.happens("along", ids, spec.siblings_rate) & people.there(row, day[at])
    rows = np.flatnonzero(brought & (age < ADULT_YEARS))
    at, row, ids = at[rows], row[rows], ids[rows]
    lasts = _lengths(event[at], ids, spec, chance)
    kinds = np.full(len(rows), kind)
    return _in_office(Care(row, ids, event[at], kinds, day[at], day[at] + lasts))


def _event(who: Ints, sort: int, turn: Ints) -> Ints:
    """Give ids to first episodes of children, or to troubles of families; returns are one up."""
    return np.asarray(((who * _SORTS + sort) * (_MOST_TROUBLES + 1) + turn) * 2)


def _in_office(care: Care) -> Care:
    """Let conferences and meetings begin and end care on working days; harm waits for none."""
    at_once = care.kind == LOOKED_AFTER
    start, end = (np.where(at_once, day, working_day(day)) for day in (care.start, care.end))
    return replace(care, start=start, end=end)


def _lengths(event: Ints, ids: Ints, spec: CareEpisodes, chance: Stream) -> Ints:
    """Draw how many days episodes last: most children leave together."""
    together = chance.happens("together", ids, _TOGETHER_RATE)
    shared, own = chance.exponential("lasts", event), chance.exponential("own_lasts", ids)
    years = np.where(together, shared, own) * (spec.mean_years - spec.least_years)
    return np.asarray(1 + ((spec.least_years + years) * DAYS_A_YEAR).astype(np.int64))


def _into_care(register: Care, needs: Needs, chance: Stream) -> Care:
    """Let some registrations end in care: of a family at once, where they end at once."""
    chance = chance.stage("escalation")
    rate = needs.escalation_rate / _GOES_ALONG_RATE
    goes = chance.happens("family", register.event, rate)
    own = register.at(goes & chance.happens("along", register.ids, _GOES_ALONG_RATE))
    # The number of the registration, with that of another sort of beginning.
    step = 2 * (_MOST_TROUBLES + 1) * (_FROM_REGISTER - PROTECTION)
    ids, event = own.ids + step, own.event + step
    lasts = _lengths(event, ids, needs.looked_after, chance)
    kind = np.full(len(own), LOOKED_AFTER)
    return Care(own.row, ids, event, kind, own.end, own.end + lasts)


def _with_returns(care: Care, needs: Needs, chance: Stream) -> Care:
    """Add a second episode of families that come back, some time after the last child left."""
    chance = chance.stage("returns")
    parts = [care]
    for kind in range(len(_KINDS)):
        spec = _spec(kind, needs)
        back = (care.kind == kind) & chance.happens("returns", care.event, spec.returns_rate)
        own = care.at(back)
        gap = 1 + chance.exponential("at_home", own.event) * _AT_HOME_YEARS * DAYS_A_YEAR
        event, family = np.unique(own.event, return_inverse=True)
        left = np.full(len(event), np.iinfo(np.int64).min)
        np.maximum.at(left, family, own.end)
        start = left[family] + gap.astype(np.int64)
        end = start + _lengths(own.event, own.ids, spec, chance)
        second = Care(own.row, own.ids + 1, own.event + 1, own.kind, start, end)
        parts.append(_in_office(second))
    return joined(*parts)


def _within_childhood(care: Care, people: NeedFactors) -> Care:
    """End care at the age of 18, and when the child is gone."""
    grown = people.birth_day + int(ADULT_YEARS * DAYS_A_YEAR)
    last = np.minimum(grown, people.gone_day)[care.row]
    ended = replace(care, end=np.minimum(care.end, last))
    return ended.at((ended.start < last) & people.there(care.row, care.start))


def _without_repeats(care: Care) -> Care:
    """Leave out what begins while the child has the same already, in order of kind and child."""
    order = np.lexsort((care.start, care.row, care.kind))
    care = care.at(order)
    whose = care.kind * (care.row.max(initial=0) + 1) + care.row
    bound = int(np.abs(care.end).max(initial=0)) + 1
    # Runs of one kind and child lie so far apart that the latest end until then is the run's own.
    latest = np.maximum.accumulate(whose * 2 * bound + care.end)
    first = np.diff(whose, prepend=-1) > 0
    free = np.append(True, care.start[1:] > latest[:-1] - whose[1:] * 2 * bound)[: len(care)]
    return care.at(first | free)


def _yielding(lower: Care, higher: Care) -> Care:
    """End care when the child comes into a higher kind, and begin none while it is in that."""
    if not len(higher):
        return lower
    day_bound = int(max(np.abs(higher.end).max(), np.abs(lower.end).max(initial=0))) + 1
    begun = higher.row * day_bound + higher.start
    after = np.searchsorted(begun, lower.row * day_bound + lower.start, side="right")
    last, following = np.maximum(after - 1, 0), np.minimum(after, len(begun) - 1)
    inside = (higher.row[last] == lower.row) & (after > 0) & (higher.end[last] > lower.start)
    leaves = (higher.row[following] == lower.row) & (after < len(begun))
    end = np.where(leaves, np.minimum(lower.end, higher.start[following]), lower.end)
    return replace(lower, end=end).at(~inside)
