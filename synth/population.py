"""Households and the people in them, on the day the study begins.

The census is made for every neighbourhood of a scenario as a whole, in arrays: everybody's
household, sex, age and ethnic group follow from the seed and the neighbourhood alone. A sample
takes whole households out of it, so that samples of different sizes hold the same people.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from synth.chance import Stream
from synth.geography import UNIT_DWELLINGS, Geography
from synth.households import Kinds, household_kinds
from synth.reference import load
from synth.spec import Positive, Rate, Spec

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

# Ids leave room for every neighbourhood to grow: number of the LSOA, then the place within it.
ID_SHIFT = 14
OLDEST = 104


ANCHOR, PARTNER, CHILD, GROWN_CHILD, OTHER, RESIDENT = range(6)


class Population(Spec):
    """How households are composed; all values are assumed unless a source is named."""

    couple_rate: Rate = 0.85  # two adults without children who are a couple; assumed
    same_sex_rate: Rate = 0.02  # of couples; assumed
    lone_mother_rate: Rate = 0.86  # of lone parents; ONS Families and households, rounded
    grown_child_rate: Rate = 0.7  # further adults who are a child of the house; assumed
    parent_gap_years: Positive = 29.0  # parent's age at a child's birth, mean; assumed
    parent_gap_sd_years: Positive = 5.5  # assumed


@dataclass(frozen=True)
class Census:
    """Everybody in a scenario's neighbourhoods; households and people are in id order.

    Household arrays have shape (households,), person arrays (persons,).
    """

    household_lsoa: Ints
    household_number: Ints  # within its LSOA
    household_first: Ints  # index of its first person
    household_size: Ints
    household_ethnic: Ints
    household: Ints  # of each person
    place: Ints  # within the household, 0 = anchor
    role: Ints
    sex: Ints  # 0 female, 1 male
    age_years: Floats
    person_id: Ints

    @property
    def lsoa(self) -> Ints:
        """Number of each person's LSOA."""
        return self.household_lsoa[self.household]

    @property
    def household_id(self) -> Ints:
        """Id of each household."""
        return (self.household_lsoa << ID_SHIFT) | self.household_number


def take_census(geography: Geography, lsoas: Ints, spec: Population, chance: Stream) -> Census:
    """Make everybody who lives in some neighbourhoods.

    Parameters
    ----------
    geography
        Of Wales.
    lsoas
        Numbers of the neighbourhoods, ascending.
    spec
        How households are composed.
    chance
        Stream of this stage; draws are keyed by household and person.
    """
    kinds = household_kinds(geography, lsoas, chance)
    size = kinds.size
    household = np.repeat(np.arange(len(size)), size)
    first = np.cumsum(size) - size
    place = np.arange(len(household)) - first[household]
    lsoa = kinds.lsoa[household]
    started = np.searchsorted(lsoa, lsoa)  # first person of the same LSOA
    person_id = (lsoa << ID_SHIFT) | (np.arange(len(household)) - started)
    role = _roles(kinds, household, place, spec, chance)
    draft = _Draft(geography, geography.authority[lsoa], household, first, role, person_id)
    age = _ages(draft, spec, chance)
    sex = _sexes(draft, age, spec, chance)
    return Census(
        household_lsoa=kinds.lsoa,
        household_number=kinds.number,
        household_first=first,
        household_size=size,
        household_ethnic=_ethnic(geography, kinds.lsoa, kinds.number, chance),
        household=household,
        place=place,
        role=role,
        sex=sex,
        age_years=age,
        person_id=person_id,
    )


def sample_households(census: Census, persons: int | None, chance: Stream) -> Ints:
    """Choose whole households until they hold a number of persons, spread over all places.

    Postcodes are taken in a secret order that goes round all neighbourhoods, and households within
    a postcode in turn; a larger sample therefore contains every smaller one.

    Parameters
    ----------
    census
        Of the scenario.
    persons
        How many people; None takes all. Met to within one household.
    chance
        Stream of the sample; draws are keyed by postcode.

    Returns
    -------
    Indices of households, ascending.
    """
    if persons is None or persons >= len(census.household):
        return np.arange(len(census.household_size))
    unit = census.household_lsoa << ID_SHIFT | census.household_number // UNIT_DWELLINGS
    units, household_unit = np.unique(unit, return_inverse=True)
    turn = _turns(units >> ID_SHIFT, units, chance)[household_unit]
    order = np.lexsort((census.household_number, turn))
    reached = np.cumsum(census.household_size[order])
    return np.sort(order[: np.searchsorted(reached, persons) + 1])


def _turns(group: Ints, units: Ints, chance: Stream) -> Floats:
    """Place each unit of a group evenly on [0, 1), in secret order from a secret start."""
    order = np.lexsort((chance.uniform("turn", units), group))
    starts = np.searchsorted(group, group)
    rank = np.empty(len(units))
    rank[order] = np.arange(len(units)) - starts
    size = np.bincount(group)[group]
    return (rank + chance.uniform("start", group)) / size % 1.0


@dataclass(frozen=True)
class _Draft:
    """People before they have ages and sexes; one entry per person, but `first` per household."""

    geography: Geography
    authority: Ints
    household: Ints
    first: Ints
    role: Ints
    person_id: Ints


def _roles(kinds: Kinds, household: Ints, place: Ints, spec: Population, chance: Stream) -> Ints:
    """Say who is what at home: anchor, partner, child, grown child or other."""
    household_id = kinds.lsoa << ID_SHIFT | kinds.number
    couple = chance.happens("couple", household_id, spec.couple_rate)
    couple |= (kinds.children > 0) | (kinds.adults > 2)
    grown = chance.happens("grown_child", household_id, spec.grown_child_rate)
    adults = kinds.adults[household]
    role = np.where(grown[household], GROWN_CHILD, OTHER)
    role[(place == 1) & couple[household]] = PARTNER
    role[place >= adults] = CHILD
    role[place == 0] = ANCHOR
    role[kinds.communal[household]] = RESIDENT
    return role


def _ages(draft: _Draft, spec: Population, chance: Stream) -> Floats:
    """Draw ages that fit within households, then stretch them to each authority's own ages.

    The stretching keeps the order of ages among children and among adults, and with it the gaps
    between partners, parents and children; it makes the authority's ages those published.
    """
    drawn = _family_ages(draft, spec, chance)
    child = draft.role == CHILD
    ages = np.empty(len(drawn))
    for number in np.unique(draft.authority):
        here = np.flatnonzero(draft.authority == number)
        young, grown = here[child[here]], here[~child[here]]
        target = _age_quantiles(draft.geography, int(number), len(here))
        is_child = _child_places(target, len(young))
        ages[young[np.argsort(drawn[young], kind="stable")]] = target[is_child]
        ages[grown[np.argsort(drawn[grown], kind="stable")]] = target[~is_child]
    return ages


def _family_ages(draft: _Draft, spec: Population, chance: Stream) -> Floats:
    """Draw ages by the life course alone: children first, then parents by their gap."""
    starts, role, household, person_id = draft.first, draft.role, draft.household, draft.person_id
    child = role == CHILD
    youngest = np.where(child, chance.uniform("child_age", person_id) * 18, np.inf)
    eldest = np.maximum.reduceat(np.where(child, youngest, -np.inf), starts)
    has_child = np.isfinite(eldest)
    grown = np.logical_or.reduceat(role == GROWN_CHILD, starts)
    anchor = person_id[starts]
    gap = spec.parent_gap_years + spec.parent_gap_sd_years * chance.normal("parent_gap", anchor)
    gap = np.clip(gap, 16, 48)
    eldest_grown = 19 + 9 * chance.uniform("grown_age", anchor) ** 1.5
    alone = _adult_alone(starts, role, person_id, chance)
    parent = np.where(has_child, eldest + gap, np.where(grown, eldest_grown + gap, alone))
    parent = np.where(has_child & grown, np.maximum(parent, eldest_grown + gap), parent)
    ages = np.where(child, youngest, parent[household])
    ages[role == PARTNER] += 3.0 * chance.normal("partner_gap", person_id)[role == PARTNER] - 2.0
    at_home = role == GROWN_CHILD
    ages[at_home] = (eldest_grown[household] - 2.5 * chance.uniform("grown_gap", person_id))[
        at_home
    ]
    sharer = role == OTHER
    ages[sharer] = (20 + 14 * chance.exponential("sharer_age", person_id))[sharer]
    resident = role == RESIDENT
    ages[resident] = (18.5 + 3 * chance.uniform("resident_age", person_id))[resident]
    return ages


def _adult_alone(starts: Ints, role: Ints, person_id: Ints, chance: Stream) -> Floats:
    """Draw ages of adults without children at home: young, between, or past it; assumed."""
    anchor = person_id[starts]
    size = np.diff(np.append(starts, len(role)))
    stage = chance.uniform("life_stage", anchor)
    old_from = np.where(size == 1, 0.5, 0.55)  # half of those living alone are 65 or over; assumed
    young = 20 + 18 * chance.uniform("young_age", anchor)
    middle = 38 + 27 * chance.uniform("middle_age", anchor)
    old = 65 + 11 * chance.exponential("old_age", anchor)
    return np.select([stage < 0.2, stage < old_from], [young, middle], old)


def _age_quantiles(geography: Geography, authority: int, count: int) -> Floats:
    """Give `count` ages, ascending, that have an authority's published age distribution."""
    ages, single = load("ages"), load("ages_single")
    code = geography.authorities["la_code"][authority].as_py()
    bands = ages.filter(np.asarray(ages["la_code"]) == code)
    # The table gives 90 and over as one row; spread it by halving about every two years.
    weights = np.zeros(OLDEST + 1)
    weights[single["age"].to_numpy()] = single["persons"].to_numpy()
    weights[90:] = weights[89:].sum() * 0.72 ** np.arange(OLDEST - 89)
    rows = (bands[name].to_numpy() for name in ("age_from", "age_to", "persons"))
    for start, end, persons in zip(*rows, strict=True):
        part = slice(int(start), int(end) + 1)
        weights[part] *= persons / weights[part].sum()
    share = np.append(0, np.cumsum(weights) / weights.sum())
    return np.interp((np.arange(count) + 0.5) / count, share, np.arange(OLDEST + 2))


def _child_places(ages: Floats, children: int) -> NDArray[np.bool_]:
    """Say which of the ascending ages are those of dependent children.

    All under 16, then ever fewer up to 19; where there are fewer children than that, the eldest
    ages go to adults.
    """
    surely = int(np.searchsorted(ages, 16))
    teens = int(np.searchsorted(ages, 19)) - surely
    chosen = np.zeros(len(ages), bool)
    chosen[: min(children, surely)] = True
    left = min(max(children - surely, 0), teens)
    if left:
        # Keep the younger of the teens more often, evenly spread within the band.
        spread = (np.arange(left) + 0.5) / left
        bend = 2 * (1 - left / teens) if left < teens else 0.0
        place = surely + np.floor(teens * spread ** (1 + bend)).astype(np.int64)
        chosen[_distinct(place, surely, surely + teens)] = True
    chosen[np.flatnonzero(~chosen)[: children - int(chosen.sum())]] = True
    return chosen


def _distinct(places: Ints, low: int, high: int) -> Ints:
    """Move ascending places apart so that none is taken twice, within [low, high)."""
    apart = np.maximum.accumulate(places - np.arange(len(places))) + np.arange(len(places))
    limit = high - np.arange(len(places), 0, -1)
    return np.clip(np.minimum(apart, limit), low, high - 1)


def _sexes(draft: _Draft, age: Floats, spec: Population, chance: Stream) -> Ints:
    """Draw sexes: couples first, then the rest so that each authority's total is the published."""
    sex, bound = _bound_sexes(draft, spec, chance)
    draw = chance.uniform("free_sex", draft.person_id)
    females, males = (draft.geography.authorities[name].to_numpy() for name in ("females", "males"))
    for number in np.unique(draft.authority):
        here = draft.authority == number
        free = np.flatnonzero(here & ~bound)
        total = here.sum() * males[number] / (females[number] + males[number])
        need = round(total - sex[here & bound].sum())
        sex[free] = _rank_males(draw[free], _male_logit(age[free]), need)
    return sex


def _bound_sexes(draft: _Draft, spec: Population, chance: Stream) -> tuple[Ints, NDArray[np.bool_]]:
    """Draw the sexes of couples and lone parents; say who these are."""
    starts, role, ids = draft.first, draft.role, draft.person_id
    sex = chance.happens("sex", ids, 0.5).astype(np.int64)
    partner = np.flatnonzero(role == PARTNER)
    anchor = starts[draft.household[partner]]
    same = chance.happens("same_sex", ids[anchor], spec.same_sex_rate)
    sex[partner] = np.where(same, sex[anchor], 1 - sex[anchor])
    has_partner = np.logical_or.reduceat(role == PARTNER, starts)
    has_child = np.logical_or.reduceat(role == CHILD, starts)
    lone = starts[has_child & ~has_partner & (role[starts] == ANCHOR)]
    sex[lone] = ~chance.happens("lone_mother", ids[lone], spec.lone_mother_rate)
    bound = np.zeros(len(sex), bool)
    bound[partner] = bound[anchor] = bound[lone] = True
    return sex, bound


def _male_logit(age: Floats) -> Floats:
    """Give the log odds of being male by age: fewer men among the old; assumed shape."""
    return np.interp(age, [0, 20, 60, 75, 85, 100], [0.05, 0.05, 0.0, -0.25, -0.65, -1.2])


def _rank_males(draw: Floats, logit: Floats, count: int) -> Ints:
    """Make exactly `count` male, those whom the draw favours most given their log odds."""
    score = np.log(draw + 2.0**-54) - np.log1p(-draw) - logit
    male = np.zeros(len(draw), np.int64)
    male[np.argsort(score, kind="stable")[: max(count, 0)]] = 1
    return male


def _ethnic(geography: Geography, lsoa: Ints, number: Ints, chance: Stream) -> Ints:
    """Draw a household's ethnic group by the shares of its neighbourhood."""
    edges = np.cumsum(geography.ethnic[lsoa], axis=1)
    draw = chance.uniform("ethnic_group", lsoa << ID_SHIFT | number)
    return np.asarray((draw[:, None] >= edges[:, :-1]).sum(1))
