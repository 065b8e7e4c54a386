"""Everybody's age: model families chosen so that each authority has its published ages."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from darkfigure.synth.core.arrays import Floats, Ints, Mask
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.core.orders import order_of
from darkfigure.synth.population.age_targets import ADULT, OLDEST, age_weights, quantile_ages
from darkfigure.synth.population.families import (
    CHILD,
    ELDER,
    GROWN_CHILD,
    RESIDENT,
    Models,
    forms,
    model_families,
)
from darkfigure.synth.population.households import HomeKinds
from darkfigure.synth.population.institutions import (
    CARE_HOME,
    HOSTEL,
    NO_FIXED_ABODE,
    PRISON,
    STUDENT_HALL,
)
from darkfigure.synth.setting.geography import Geography

_BANDS = np.array([0, 5, 10, 15, 18, 20, *range(25, 95, 5), OLDEST + 1])
_NEWTON_STEPS = 25
_NEIGHBOURS_ALIKE = 0.8  # weight of a neighbourhood's ages in the choice of families; assumed
_SIBLINGS_APART_YEARS = 0.8  # the least between births; assumed
_LONGEST_STEP = 1.5  # of Newton's method; no rate
_STUDENT_FROM, _STUDENT_SPAN, _STUDENT_POWER = 18.4, 3.6, 1.5  # ages in halls; assumed
_OTHER_YEARS = 30.0  # age where no kind of home says another; assumed
_STUDENTS_ABOVE = 0.1  # share of people of 18 to 24 above which an area has students; assumed
_OWN_SHARE = 0.4  # of a member's own draw beside the family's; assumed
_DISPERSED_YEARS = 0.1  # many times what is between an authority's birthdays; assumed
_GENERATION_YEARS = 15.0  # the least between an elder and the anchor; assumed
_STUDENT_SHARING = 14.0  # log odds of sharing a house per share of 18 to 24 above; assumed


@dataclass(frozen=True)
class Aged:
    """Everybody with a role and an age; arrays have one entry per person, but for `first`."""

    household: Ints
    first: Ints  # index of each household's first person
    place: Ints
    role: Ints
    age: Floats
    twin: Mask  # born with the person before them in the household


def people_of(kinds: HomeKinds, geography: Geography, chance: Stream) -> Aged:
    """Fill households with people who have roles and ages.

    Parameters
    ----------
    kinds
        The households.
    geography
        Geography of Wales.
    chance
        Stream of the population; draws are keyed by household and person.
    """
    size = kinds.size
    household = np.repeat(np.arange(len(size)), size)
    first = np.cumsum(size) - size
    place = np.arange(len(household)) - first[household]
    form = _forms(kinds, geography, chance)
    models = model_families(chance.stage("families"))
    model = _choose(kinds, form, geography, models, chance)
    role = np.where(kinds.home[household] > 0, RESIDENT, forms().role[form[household], place])
    age = models.age[model[household], place] + _jitter(household, place, role, kinds, chance)
    young = role == CHILD
    age = np.where(young, np.abs(age), age)
    age = np.where(young, np.minimum(age, 2 * ADULT - age), np.maximum(age, ADULT))
    resident = role == RESIDENT
    ids = _ids(kinds)[household[resident]]
    age[resident] = _resident_ages(kinds.home[household[resident]], ids, chance)
    twin = models.twin[model[household], place] & ~resident
    age = _stretched(age, young, geography.authority[kinds.lsoa[household]])
    age = _dispersed(age, chance.uniform("birthday_shift", _ids(kinds))[household])
    age = _apart(age, role, twin, place)
    elder = np.flatnonzero(role == ELDER)
    age[elder] = np.maximum(age[elder], age[first[household[elder]]] + _GENERATION_YEARS)
    return Aged(household, first, place, role, age, twin)


def _ids(kinds: HomeKinds) -> Ints:
    return np.asarray(kinds.lsoa << 14 | kinds.number)


def _forms(kinds: HomeKinds, geography: Geography, chance: Stream) -> Ints:
    """Draw each household's form; among many students more households share a house."""
    library, key = forms(), kinds.adults * 16 + kinds.children
    draw = chance.uniform("form", _ids(kinds))
    students = np.maximum(geography.age_share("18_24") - _STUDENTS_ABOVE, 0)[kinds.lsoa]
    form = np.zeros(len(key), np.int64)
    for value in np.unique(library.adults * 16 + library.children):
        rows = np.flatnonzero(key == value)
        options = np.flatnonzero(library.adults * 16 + library.children == value)
        weight = library.share[options] * np.exp(
            _STUDENT_SHARING * students[rows, None] * library.sharers[options]
        )
        edges = np.cumsum(weight / weight.sum(1, keepdims=True), axis=1)
        form[rows] = options[(draw[rows, None] >= edges[:, :-1]).sum(1)]
    return form


def _choose(
    kinds: HomeKinds, form: Ints, geography: Geography, models: Models, chance: Stream
) -> Ints:
    """Choose a model family for each household, by quota within authority and form.

    Older neighbourhoods take the older families.
    """
    authority = geography.authority[kinds.lsoa]
    noise = chance.normal("model", _ids(kinds))
    score = noise + _NEIGHBOURS_ALIKE * _oldness(geography)[kinds.lsoa]
    counts = _band_counts(models)
    private = kinds.home == 0
    chosen = np.zeros(len(form), np.int64)
    for number in np.unique(authority):
        rows = np.flatnonzero(private & (authority == number))
        rows = rows[order_of(form[rows], score[rows])]
        communal = np.bincount(kinds.home[(authority == number) & ~private], minlength=6)
        target = _targets(geography, int(number), communal)
        number_of = np.bincount(form[rows], minlength=len(forms().adults))
        weight = _weights(models.form, counts, number_of, target)
        edges = np.cumsum(weight) + 1e-9
        rank = np.arange(len(rows)) - np.searchsorted(form[rows], form[rows])
        position = form[rows] + (rank + 0.5) / number_of[form[rows]]
        chosen[rows] = np.searchsorted(edges, position)
    return chosen


def _oldness(geography: Geography) -> Floats:
    """Score neighbourhoods by the mean age of their adults, in standard deviations."""
    middle = {"18_24": 21, "25_34": 30, "35_49": 42, "50_64": 57, "65_74": 70, "75_89": 81}
    share = np.column_stack([geography.age_share(band) for band in middle])
    mean = share @ np.array(list(middle.values())) / share.sum(1)
    return np.asarray((mean - mean.mean()) / mean.std())


def _band_counts(models: Models) -> Floats:
    """Count the members of each model family by age band."""
    row, slot = np.nonzero(~np.isnan(models.age))
    band = np.searchsorted(_BANDS, models.age[row, slot], side="right") - 1
    counts = np.zeros((len(models.form), len(_BANDS) - 1))
    np.add.at(counts, (row, np.minimum(band, len(_BANDS) - 2)), 1)
    return counts


def _targets(geography: Geography, authority: int, communal: Ints) -> Floats:
    """Count the authority's residents in private households, by age band."""
    people = geography.residents[geography.authority == authority].sum()
    weights = np.add.reduceat(age_weights()[authority], _BANDS[:-1]) * people
    ages = np.concatenate([_COMMUNAL_AGES[kind] for kind in range(1, len(communal))])
    share = np.repeat([communal[kind] / _GRID for kind in range(1, len(communal))], _GRID)
    own = np.bincount(
        np.searchsorted(_BANDS, ages, side="right") - 1, share, minlength=len(_BANDS) - 1
    )
    return np.maximum(weights - own, 1.0)


def _weights(form: Ints, counts: Floats, households: Ints, target: Floats) -> Floats:
    """Find the weights of model families, nearest to equal, that give the target ages.

    Exponential tilting within each form, solved by Newton's method on the dual.

    Returns
    -------
    Shape (models,); those of each form add up to 1.
    """
    start = np.searchsorted(form, np.arange(len(households)))
    lam, people = np.zeros(counts.shape[1]), target.sum()
    for _ in range(_NEWTON_STEPS):
        exponent = counts @ lam
        exponent -= np.maximum.reduceat(exponent, start)[form]
        weight = np.exp(exponent)
        weight /= np.add.reduceat(weight, start)[form]
        scaled = weight * households[form]
        mean = np.add.reduceat(counts * weight[:, None], start)
        missing = (target - scaled @ counts) / people
        if np.abs(missing).max() < 1e-6:
            break
        spread = (counts.T * scaled) @ counts - (mean.T * households) @ mean
        step = np.linalg.solve(spread / people + 1e-6 * np.eye(len(lam)), missing)
        lam += step * min(1.0, _LONGEST_STEP / np.abs(step).max())
    return np.asarray(weight)


def _jitter(household: Ints, place: Ints, role: Ints, kinds: HomeKinds, chance: Stream) -> Floats:
    """Move families by up to half a year, and adults a little on their own."""
    ids = _ids(kinds)
    family = chance.uniform("family_shift", ids)[household] - 0.5
    own = chance.uniform("own_shift", ids[household] << 5 | place) - 0.5
    return np.where(role == CHILD, family, np.where(role == RESIDENT, 0, family + _OWN_SHARE * own))


_GRID = 512


def _communal_quantile(home: Ints, draw: Floats) -> Floats:
    """Give the age at a quantile of each kind of communal home; assumed."""
    tail = -np.log1p(-draw * (1 - 2.0**-20))
    ages = [
        (home == CARE_HOME, 94 - 9 * tail + 8 * np.exp(-12 * draw)),
        (home == STUDENT_HALL, _STUDENT_FROM + _STUDENT_SPAN * draw**_STUDENT_POWER),
        (home == PRISON, 19 + 14 * tail),
        (home == HOSTEL, 18 + 15 * tail),
        (home == NO_FIXED_ABODE, 20 + 16 * tail),
    ]
    age = np.select([kind for kind, _ in ages], [drawn for _, drawn in ages], _OTHER_YEARS)
    return np.where(home == CARE_HOME, np.clip(age, 62, 103), np.clip(age, ADULT, 82))


_COMMUNAL_AGES = [
    _communal_quantile(np.full(_GRID, kind), (np.arange(_GRID) + 0.5) / _GRID)
    for kind in range(NO_FIXED_ABODE + 1)
]


def _resident_ages(home: Ints, ids: Ints, chance: Stream) -> Floats:
    return _communal_quantile(home, chance.uniform("resident_age", ids))


def _stretched(age: Floats, young: Mask, authority: Ints) -> Floats:
    """Give the authority's own ages to its children, and to its adults, in their order of age."""
    ages = np.empty(len(age))
    order = order_of(authority, ~young, age)
    edges = np.searchsorted(authority[order], np.arange(authority.max() + 2))
    for number in np.unique(authority):
        rows = order[edges[number] : edges[number + 1]]
        minors = int(young[rows].sum())
        ages[rows[:minors]] = quantile_ages(int(number), minors, 0, ADULT)
        ages[rows[minors:]] = quantile_ages(int(number), len(rows) - minors, ADULT, OLDEST + 1)
    return ages


def _dispersed(age: Floats, draw: Floats) -> Floats:
    """Move families a little within their years of age, so that births fall as chance has them."""
    moved, year = age + (draw - 0.5) * _DISPERSED_YEARS, np.floor(age)
    moved = np.where(moved < year, 2 * year - moved, moved)
    return np.where(moved >= year + 1, 2 * (year + 1) - moved - 1e-9, moved)


def _apart(age: Floats, role: Ints, twin: Mask, place: Ints) -> Floats:
    """Give twins one birthday, and keep other brothers and sisters a pregnancy apart."""
    ages = age.copy()
    # Children stand eldest first: from the youngest upwards, the elder gives way.
    for last in range(int(place.max()), 0, -1):
        later = np.flatnonzero(place == last)
        later = later[np.isin(role[later], (CHILD, GROWN_CHILD)) & (role[later] == role[later - 1])]
        together = twin[later]
        ages[later[together] - 1] = ages[later[together]]
        others = later[~together]
        ages[others - 1] = np.maximum(ages[others - 1], ages[others] + _SIBLINGS_APART_YEARS)
    return ages
