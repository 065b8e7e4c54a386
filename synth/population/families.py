"""Forms of households, and a library of families whose ages fit together.

Each form of household (numbers of adults and children, and their relations) has some hundred model
families with ages drawn by the life course: children by their gaps, a mother by her age at a
birth, a partner by the gap of couples. `ages.py` chooses among them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from darkfigure.synth.core.arrays import Floats, Ints, Mask
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.core.orders import order_of
from darkfigure.synth.population.age_targets import ADULT, OLDEST

ANCHOR, PARTNER, CHILD, GROWN_CHILD, OTHER, RESIDENT, ELDER = range(7)
NOBODY = -1

MOST_ADULTS, MOST_CHILDREN = 8, 6  # of a household; assumed
_SLOTS = MOST_ADULTS + MOST_CHILDREN
_MODELS, _MAIN_MODELS = 64, 480  # model families of a form; of those without and with few children

# Forms by adults, without and with children: (couple, elders, grown children, sharers) and share;
# all assumed. Adults beyond those listed are grown children or sharers.
_WITHOUT = {
    1: (((0, 0, 0, 0), 1.0),),
    2: (((1, 0, 0, 0), 0.84), ((0, 0, 1, 0), 0.125), ((0, 0, 0, 1), 0.035)),
    3: (
        *(((1, 0, 1, 0), 0.76), ((0, 0, 2, 0), 0.11)),
        *(((1, 1, 0, 0), 0.05), ((0, 0, 0, 1), 0.08)),
    ),
    4: (
        *(((1, 0, 2, 0), 0.72), ((0, 0, 3, 0), 0.06)),
        *(((1, 1, 1, 0), 0.04), ((0, 0, 0, 1), 0.18)),
    ),
}
_WITH = {
    1: (((0, 0, 0, 0), 1.0),),
    2: (((1, 0, 0, 0), 0.93), ((0, 0, 1, 0), 0.04), ((0, 1, 0, 0), 0.03)),
    3: (
        *(((1, 0, 1, 0), 0.74), ((1, 1, 0, 0), 0.12)),
        *(((0, 0, 2, 0), 0.1), ((0, 1, 1, 0), 0.04)),
    ),
    4: (((1, 0, 2, 0), 0.72), ((1, 1, 1, 0), 0.14), ((1, 2, 0, 0), 0.14)),
}
_SHARING_RATE = 0.5  # of households of five adults or more without children; assumed

# A gap between brothers and sisters is that of twins this often, so that 14.4 of 1,000
# maternities are multiple (ONS, well known): only families with two children at home show it.
TWIN_GAP_RATE = 0.031
SHORTEST_GAP_YEARS = 0.95  # between births; assumed
YOUNGEST_MOTHER, OLDEST_MOTHER = 15.0, 47.0  # at the births of children at home; assumed
# Age of the eldest child that has grown brothers and sisters at home, from the least possible to
# majority: the least part of the way, and the rest. Assumed.
_ELDEST_LEAST, _ELDEST_SPAN = 0.4, 0.6
# Gaps between brothers and sisters, in years: mean beyond the shortest, the most beyond it, and the
# most between grown ones. Assumed.
_GAP_YEARS, _MOST_GAP_YEARS, _MOST_GROWN_GAP_YEARS = 2.1, 9.0, 5.0
# Grown children at home: the share who keep house with a parent in middle age, from an age over a
# span; the mean of the others' years beyond majority; the most; years of the youngest beyond
# majority at the most of the least. Assumed.
_STAYS_RATE, _STAYS_FROM, _STAYS_SPAN = 0.12, 30, 25
_GROWN_YEARS, _GROWN_OLDEST, _GROWN_LEAST_YEARS = 5, 58, 1.5
# A generation, in years: mean, spread, least and most; years by which elders stay below the oldest.
# Assumed.
_ELDER_GAP, _ELDER_GAP_SD, _ELDER_GAP_RANGE, _ELDERS_BELOW = 27.5, 5, (17, 42), 4
# Years between two elders: mean, spread, least and most. Assumed.
_ELDERS_APART, _ELDERS_APART_SD, _ELDERS_APART_RANGE = 2.0, 3, (-8, 12)
# A mother's age at the birth of the eldest at home: mean with one child, years less for each more,
# spread, and years above the least of mothers and of adults. Assumed.
_FIRST_BIRTH, _EARLIER_A_CHILD, _FIRST_BIRTH_SD, _ABOVE_LEAST = 28.8, 0.9, 5.6, 0.5
_NO_CHILD_YEARS = 200.0  # above every age; no rate
# Years by which a partner is older: mean, spread, spread of couples far apart and their share; the
# least years beyond majority and beyond the eldest child. Assumed.
_PARTNER_GAP, _PARTNER_GAP_SD, _WIDE_GAP_SD, _WIDE_GAP_RATE = 2.0, 2.6, 6.5, 0.2
_PARTNER_ABOVE_ADULT, _PARTNER_ABOVE_CHILD = 0.3, 15.5
# Ages of couples without children at home, and of people who live alone: (from, span, power) of the
# young, the middle-aged and the old, and the shares of the first, and of the first two. Assumed;
# half of those who live alone are 65 or over.
_COUPLES, _COUPLES_UNTIL = ((20, 20, 1), (40, 18, 1), (55, 33, 1.2)), (0.25, 0.4)
_ALONE, _ALONE_UNTIL = ((19, 19, 1), (38, 27, 1), (65, 34, 1.3)), (0.2, 0.5)
# People who share a house: the share of students and their ages from and over a span; of others the
# least age, mean beyond it, the most of the house, and span within it. Assumed.
_STUDENT_HOUSES, _STUDENT_FROM, _STUDENT_SPAN = 0.55, 18.3, 4.5
_SHARING_FROM, _SHARING_YEARS, _SHARING_MOST, _SHARING_SPAN = 22, 9, 70, 12


@dataclass(frozen=True)
class HouseholdForms:
    """All forms of a household; arrays have one entry per form."""

    adults: Ints
    children: Ints
    couple: Ints
    elders: Ints
    grown: Ints
    sharers: Ints  # 1 where all adults share a house
    share: Floats  # among forms with as many adults and children
    role: Ints  # (forms, slots): of each member, adults first


@cache
def forms() -> HouseholdForms:
    """List the forms, ordered by adults and children; cached."""
    rows = [
        (adults, children, *form, share)
        for adults in range(1, MOST_ADULTS + 1)
        for children in range(MOST_CHILDREN + 1)
        for form, share in _forms_of(adults, children)
    ]
    columns = np.array([row[:6] for row in rows])
    role = np.array([_roles(row[0], row[1], row[2:6]) for row in rows])
    adults, children, couple, elders, grown, sharers = columns.T
    share = np.array([row[6] for row in rows])
    return HouseholdForms(adults, children, couple, elders, grown, sharers, share, role)


def _forms_of(adults: int, children: int) -> tuple[tuple[tuple[int, int, int, int], float], ...]:
    known = (_WITH if children else _WITHOUT).get(adults)
    if known:
        return known
    family = (1, 0, adults - 2, 0)
    if children:
        return ((family, 1.0),)
    return ((family, 1 - _SHARING_RATE), ((0, 0, 0, 1), _SHARING_RATE))


def _roles(adults: int, children: int, form: tuple[int, int, int, int]) -> list[int]:
    couple, elders, grown, sharers = form
    own = [ANCHOR, *[PARTNER] * couple, *[ELDER] * elders, *[GROWN_CHILD] * grown]
    own += [OTHER] * (adults - len(own)) + [CHILD] * children
    if sharers:
        own[0] = OTHER
    return own + [NOBODY] * (_SLOTS - len(own))


@dataclass(frozen=True)
class Models:
    """Model families, ordered by form and by the mean age of their adults."""

    form: Ints
    age: Floats  # (models, slots): years; nan where there is nobody
    twin: Mask  # (models, slots): born with the person in the slot before


@cache
def model_families(chance: Stream) -> Models:
    """Draw the library of model families; cached.

    Parameters
    ----------
    chance
        Stream of the population; draws are keyed by model.
    """
    known = forms()
    main = (known.adults <= 4) & (known.children <= 3) & (known.share > 0.5)
    form = np.repeat(np.arange(len(known.adults)), np.where(main, _MAIN_MODELS, _MODELS))
    draft = _Draft(form, np.arange(len(form)), chance)
    young, twin = _descendants(draft)
    age = _elders(draft, young)
    adult = np.isin(known.role[form], (CHILD, NOBODY), invert=True)
    order = order_of(form, np.where(adult, age, 0).sum(axis=1))
    return Models(form[order], age[order], twin[order])


@dataclass(frozen=True)
class _Draft:
    form: Ints
    ids: Ints
    chance: Stream

    @property
    def role(self) -> Ints:
        return np.asarray(forms().role[self.form])

    def uniform(self, decision: str, *, draw: int = 0) -> Floats:
        return self.chance.uniform(decision, self.ids, draw=draw)

    def normal(self, decision: str, *, draw: int = 0) -> Floats:
        return self.chance.normal(decision, self.ids, draw=draw)

    def exponential(self, decision: str, *, draw: int = 0) -> Floats:
        return self.chance.exponential(decision, self.ids, draw=draw)


def _descendants(draft: _Draft) -> tuple[Floats, Mask]:
    """Draw the ages of children, then of grown children, eldest first within each."""
    known, role = forms(), draft.role
    children, grown = known.children[draft.form], known.grown[draft.form]
    age, twin = np.full(role.shape, np.nan), np.zeros(role.shape, bool)
    gaps, twins = _gaps(draft, int(MOST_ADULTS + MOST_CHILDREN))
    within = np.arange(role.shape[1])[None, :] < (children - 1)[:, None]
    span = np.where(within, gaps, 0).sum(axis=1)
    room = ADULT - 1.0
    gaps = gaps * (room / np.maximum(span, room))[:, None]
    span = np.minimum(span, room)
    spread = draft.uniform("eldest")
    spread = np.where(grown > 0, _ELDEST_LEAST + _ELDEST_SPAN * spread, spread)
    eldest = span + (ADULT - span) * spread
    before = np.cumsum(gaps, axis=1) - gaps
    first = known.adults[draft.form]
    for turn in range(MOST_CHILDREN):
        rows = np.flatnonzero(children > turn)
        age[rows, first[rows] + turn] = eldest[rows] - before[rows, turn]
        twin[rows, first[rows] + turn] = twins[rows, turn - 1] if turn else False
    _add_grown(draft, age, twin, np.where(children > 0, eldest, np.nan))
    return age, twin


def _gaps(draft: _Draft, count: int) -> tuple[Floats, Mask]:
    """Draw gaps between successive brothers and sisters, in years; some are twins."""
    drawn = np.column_stack([draft.exponential("gap", draw=turn) for turn in range(count)])
    lucky = np.column_stack([draft.uniform("twin", draw=turn) for turn in range(count)])
    twin = lucky < TWIN_GAP_RATE
    gaps = SHORTEST_GAP_YEARS + np.minimum(_GAP_YEARS * drawn, _MOST_GAP_YEARS)
    return np.where(twin, 0.0, gaps), twin


def _add_grown(draft: _Draft, age: Floats, twin: Mask, eldest: Floats) -> None:
    """Add the grown children at home, from the youngest, who is an adult, upwards."""
    grown, role = forms().grown[draft.form], draft.role
    stays = draft.uniform("stays") < _STAYS_RATE
    alone = np.where(
        stays,
        _STAYS_FROM + _STAYS_SPAN * draft.uniform("grown_age"),
        ADULT + _GROWN_YEARS * draft.exponential("grown_age"),
    )
    alone = np.minimum(alone, _GROWN_OLDEST)
    least = ADULT + _GROWN_LEAST_YEARS * draft.uniform("grown_least")
    gap = np.minimum(_GAP_YEARS * draft.exponential("grown_gap"), _MOST_GAP_YEARS)
    gap = SHORTEST_GAP_YEARS + gap
    own = np.where(np.isnan(eldest), alone, np.maximum(least, eldest + gap))
    first = np.argmax(role == GROWN_CHILD, axis=1)
    gaps, twins = _gaps_of_grown(draft)
    for turn in range(int(grown.max())):
        rows = np.flatnonzero(grown > turn)
        slot = first[rows] + grown[rows] - 1 - turn
        age[rows, slot] = own[rows]
        if turn:
            twin[rows, slot + 1] = twins[rows, turn - 1]
        own = own + gaps[:, turn]


def _gaps_of_grown(draft: _Draft) -> tuple[Floats, Mask]:
    grown = _Draft(draft.form, draft.ids, draft.chance.stage("grown"))
    gaps, twin = _gaps(grown, MOST_ADULTS)
    return np.minimum(gaps, _MOST_GROWN_GAP_YEARS), twin


def _elders(draft: _Draft, age: Floats) -> Floats:
    """Add the generation of parents, their partners, their own parents, and sharers."""
    role = draft.role
    parent = _parent(draft, age)
    age[:, 0] = parent
    partner = _partner(draft, parent, age)
    age = np.where(role == PARTNER, partner[:, None], age)
    gap = _ELDER_GAP + _ELDER_GAP_SD * draft.normal("elder_gap")
    gap = np.clip(gap, *_ELDER_GAP_RANGE)
    elder = np.minimum(parent + gap, OLDEST - _ELDERS_BELOW)
    turn = np.cumsum(role == ELDER, axis=1) - 1
    apart = _ELDERS_APART + _ELDERS_APART_SD * draft.normal("elders_apart")
    apart = np.clip(apart, *_ELDERS_APART_RANGE)
    age = np.where(role == ELDER, np.minimum(elder[:, None] + turn * apart[:, None], OLDEST), age)
    return np.where(role == OTHER, _sharers(draft), age)


def _parent(draft: _Draft, age: Floats) -> Floats:
    """Give the anchor's age: from the eldest child at home, or drawn where there is none."""
    known, form = forms(), draft.form
    eldest = np.nanmax(np.column_stack([age, np.zeros(len(form))]), axis=1)
    youngest = np.nanmin(np.column_stack([age, np.full(len(form), _NO_CHILD_YEARS)]), axis=1)
    family = known.children[form] + known.grown[form] > 0
    span = np.where(family, eldest - youngest, 0)
    more = np.maximum(known.children[form] + known.grown[form] - 1, 0)
    births = _FIRST_BIRTH - _EARLIER_A_CHILD * more
    drawn = births + _FIRST_BIRTH_SD * draft.normal("first_birth")
    latest = np.maximum(OLDEST_MOTHER - span, YOUNGEST_MOTHER + 1)
    at_birth = _folded(drawn, YOUNGEST_MOTHER + _ABOVE_LEAST, latest)
    childless = np.where(known.couple[form] == 1, _couple_age(draft), _solo_age(draft))
    return np.where(family, np.maximum(eldest + at_birth, ADULT + _ABOVE_LEAST), childless)


def _folded(values: Floats, low: float, high: Floats) -> Floats:
    """Fold values that lie outside an interval back into it, so that none piles up at its end."""
    width = high - low
    turned = np.mod(values - low, 2 * width)
    return np.asarray(low + np.minimum(turned, 2 * width - turned))


def _partner(draft: _Draft, parent: Floats, age: Floats) -> Floats:
    """Draw a partner's age from the gap of couples; both can be parents of the eldest child."""
    wide = draft.uniform("wide_gap") < _WIDE_GAP_RATE
    gap = _PARTNER_GAP + np.where(wide, _WIDE_GAP_SD, _PARTNER_GAP_SD) * draft.normal("partner_gap")
    eldest = np.nanmax(np.column_stack([age[:, 1:], np.zeros(len(age))]), axis=1)
    own = np.where(np.isin(draft.role[:, 1:], (CHILD, GROWN_CHILD)).any(axis=1), eldest, 0)
    least = np.maximum(ADULT + _PARTNER_ABOVE_ADULT, own + _PARTNER_ABOVE_CHILD)
    return np.clip(_folded(parent + gap, 0, np.full(len(gap), 2 * OLDEST)), least, OLDEST)


def _couple_age(draft: _Draft) -> Floats:
    """Draw the age of a partner in a couple without children at home."""
    stage, drawn = draft.uniform("couple_stage"), draft.uniform("couple_age")
    return _age_by_stage(stage, drawn, _COUPLES, _COUPLES_UNTIL)


def _solo_age(draft: _Draft) -> Floats:
    """Draw the age of somebody who lives alone."""
    stage, drawn = draft.uniform("life_stage"), draft.uniform("solo_age")
    return _age_by_stage(stage, drawn, _ALONE, _ALONE_UNTIL)


def _age_by_stage(
    stage: Floats,
    drawn: Floats,
    ages: tuple[tuple[float, float, float], ...],
    until: tuple[float, float],
) -> Floats:
    """Give an age of the young, the middle-aged or the old."""
    young, middle, old = (least + span * drawn**power for least, span, power in ages)
    return np.select([stage < until[0], stage < until[1]], [young, middle], old)


def _sharers(draft: _Draft) -> Floats:
    """Draw ages of people who share a house: students, or others of any age."""
    students = draft.uniform("students") < _STUDENT_HOUSES
    base = _SHARING_FROM + _SHARING_YEARS * draft.exponential("sharing_age")
    own = np.column_stack([draft.uniform("sharer", draw=turn) for turn in range(_SLOTS)])
    older = np.minimum(base[:, None], _SHARING_MOST) + _SHARING_SPAN * own
    return np.where(students[:, None], _STUDENT_FROM + _STUDENT_SPAN * own, older)
