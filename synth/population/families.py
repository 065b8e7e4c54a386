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
from darkfigure.synth.population.age_targets import ADULT, OLDEST

ANCHOR, PARTNER, CHILD, GROWN_CHILD, OTHER, RESIDENT, ELDER = range(7)
NOBODY = -1

MOST_ADULTS, MOST_CHILDREN = 8, 6
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
    order = np.lexsort((np.where(adult, age, 0).sum(axis=1), form))
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
    # With grown brothers and sisters at home the children are older; assumed.
    spread = np.where(grown > 0, 0.4 + 0.6 * draft.uniform("eldest"), draft.uniform("eldest"))
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
    return np.where(twin, 0.0, SHORTEST_GAP_YEARS + np.minimum(2.1 * drawn, 9.0)), twin


def _add_grown(draft: _Draft, age: Floats, twin: Mask, eldest: Floats) -> None:
    """Add the grown children at home, from the youngest, who is an adult, upwards."""
    grown, role = forms().grown[draft.form], draft.role
    stays = draft.uniform("stays") < 0.12  # keep house with a parent in middle age; assumed
    alone = np.where(
        stays, 30 + 25 * draft.uniform("grown_age"), ADULT + 5 * draft.exponential("grown_age")
    )
    least = ADULT + 1.5 * draft.uniform("grown_least")
    gap = SHORTEST_GAP_YEARS + np.minimum(2.1 * draft.exponential("grown_gap"), 9.0)
    own = np.where(np.isnan(eldest), np.minimum(alone, 58), np.maximum(least, eldest + gap))
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
    return np.minimum(gaps, 5.0), twin


def _elders(draft: _Draft, age: Floats) -> Floats:
    """Add the generation of parents, their partners, their own parents, and sharers."""
    role = draft.role
    parent = _parent(draft, age)
    age[:, 0] = parent
    partner = _partner(draft, parent, age)
    age = np.where(role == PARTNER, partner[:, None], age)
    gap = np.clip(27.5 + 5 * draft.normal("elder_gap"), 17, 42)
    elder = np.minimum(parent + gap, OLDEST - 4)
    turn = np.cumsum(role == ELDER, axis=1) - 1
    apart = np.clip(2.0 + 3 * draft.normal("elders_apart"), -8, 12)
    age = np.where(role == ELDER, np.minimum(elder[:, None] + turn * apart[:, None], OLDEST), age)
    return np.where(role == OTHER, _sharers(draft), age)


def _parent(draft: _Draft, age: Floats) -> Floats:
    """Give the anchor's age: from the eldest child at home, or drawn where there is none."""
    known, form = forms(), draft.form
    eldest = np.nanmax(np.column_stack([age, np.zeros(len(form))]), axis=1)
    youngest = np.nanmin(np.column_stack([age, np.full(len(form), 200.0)]), axis=1)
    family = known.children[form] + known.grown[form] > 0
    span = np.where(family, eldest - youngest, 0)
    births = 28.8 - 0.9 * np.maximum(known.children[form] + known.grown[form] - 1, 0)
    drawn = births + 5.6 * draft.normal("first_birth")
    latest = np.maximum(OLDEST_MOTHER - span, YOUNGEST_MOTHER + 1)
    at_birth = _folded(drawn, YOUNGEST_MOTHER + 0.5, latest)
    childless = np.where(known.couple[form] == 1, _couple_age(draft), _solo_age(draft))
    return np.where(family, np.maximum(eldest + at_birth, ADULT + 0.5), childless)


def _folded(values: Floats, low: float, high: Floats) -> Floats:
    """Fold values that lie outside an interval back into it, so that none piles up at its end."""
    width = high - low
    turned = np.mod(values - low, 2 * width)
    return np.asarray(low + np.minimum(turned, 2 * width - turned))


def _partner(draft: _Draft, parent: Floats, age: Floats) -> Floats:
    """Draw a partner's age from the gap of couples; both can be parents of the eldest child."""
    wide = draft.uniform("wide_gap") < 0.2
    gap = 2.0 + np.where(wide, 6.5, 2.6) * draft.normal("partner_gap")
    eldest = np.nanmax(np.column_stack([age[:, 1:], np.zeros(len(age))]), axis=1)
    own = np.where(np.isin(draft.role[:, 1:], (CHILD, GROWN_CHILD)).any(axis=1), eldest, 0)
    least = np.maximum(ADULT + 0.3, own + 15.5)
    return np.clip(_folded(parent + gap, 0, np.full(len(gap), 2 * OLDEST)), least, OLDEST)


def _couple_age(draft: _Draft) -> Floats:
    """Draw the age of a partner in a couple without children at home; assumed."""
    stage = draft.uniform("couple_stage")
    young = 20 + 20 * draft.uniform("couple_age")
    middle = 40 + 18 * draft.uniform("couple_age")
    old = 55 + 33 * draft.uniform("couple_age") ** 1.2
    return np.select([stage < 0.25, stage < 0.4], [young, middle], old)


def _solo_age(draft: _Draft) -> Floats:
    """Draw the age of somebody who lives alone; half are 65 or over; assumed."""
    stage = draft.uniform("life_stage")
    young = 19 + 19 * draft.uniform("solo_age")
    middle = 38 + 27 * draft.uniform("solo_age")
    old = 65 + 34 * draft.uniform("solo_age") ** 1.3
    return np.select([stage < 0.2, stage < 0.5], [young, middle], old)


def _sharers(draft: _Draft) -> Floats:
    """Draw ages of people who share a house: students, or others of any age; assumed."""
    students = draft.uniform("students") < 0.55
    base = 22 + 9 * draft.exponential("sharing_age")
    own = np.column_stack([draft.uniform("sharer", draw=turn) for turn in range(_SLOTS)])
    older = np.minimum(base[:, None], 70) + 12 * own
    return np.where(students[:, None], 18.3 + 4.5 * own, older)
