"""Relationships at home and across households: a table of the truth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from darkfigure.synth.core.arrays import Ints, Mask
from darkfigure.synth.core.orders import order_of
from darkfigure.synth.lives.life_courses import LifeCourses
from darkfigure.synth.lives.people import People
from darkfigure.synth.population.families import ANCHOR, CHILD, ELDER, GROWN_CHILD, PARTNER
from darkfigure.synth.population.kin import NOBODY
from darkfigure.synth.schema import RELATION, coded

_CONVERSE = {"parent": "child", "step_parent": "step_child", "grandparent": "grandchild"}
_MAN = 1  # of the sexes; no rate


@dataclass(frozen=True)
class _Ties:
    """Pairs of people, by id: `relation` is what each `person` is to each `other`."""

    person: Ints
    other: Ints
    relation: str


def relationships(people: People, life_courses: LifeCourses, sampled: Mask) -> pa.Table:
    """List the ties of a block's people, each in both directions.

    Parameters
    ----------
    people
        People of the block.
    life_courses
        Life courses, with kin who live elsewhere.
    sampled
        Whether each household of the census is in the sample, shape (households,); kin of others
        are left out.

    Returns
    -------
    One row for each person, other person and relation.
    """
    ties = [*_at_home(people), *_elsewhere(people, life_courses, sampled)]
    ties += [
        _Ties(tie.other, tie.person, _CONVERSE.get(tie.relation, tie.relation)) for tie in ties
    ]
    labels = list(RELATION)
    sizes = [len(tie.person) for tie in ties]
    kind = np.repeat([labels.index(tie.relation) for tie in ties], sizes)
    return pa.table(
        {
            "person_id": np.concatenate([tie.person for tie in ties]),
            "other_id": np.concatenate([tie.other for tie in ties]),
            "relation": coded(kind, labels),
        }
    )


def _at_home(people: People) -> list[_Ties]:
    """List ties within households."""
    role, ids = people.role, people.person_id
    second = np.full(int(people.household.max()) + 1, NOBODY)
    partner = np.flatnonzero(role == PARTNER)
    second[people.household[partner]] = partner
    child, born_to_child = _children(people)
    other = second[people.household[child]]
    both = other != NOBODY
    # A man with the mother of a child of an earlier father is no parent of it.
    steps = [
        people.half_sibling[child] & both & (people.sex[head] == _MAN)
        for head in (people.first[child], np.maximum(other, 0))
    ]
    second_parent = both & ~steps[1]
    ties = [
        _Ties(ids[partner], ids[people.first[partner]], "partner"),
        _Ties(ids[people.first[child][~steps[0]]], ids[child[~steps[0]]], "parent"),
        _Ties(ids[other[second_parent]], ids[child[second_parent]], "parent"),
        _Ties(ids[people.first[child][steps[0]]], ids[child[steps[0]]], "step_parent"),
        _Ties(ids[other[steps[1]]], ids[child[steps[1]]], "step_parent"),
        _Ties(ids[people.mother[born_to_child]], ids[born_to_child], "parent"),
        _Ties(ids[people.first[born_to_child]], ids[born_to_child], "grandparent"),
    ]
    elder = np.flatnonzero(role == ELDER)
    ties.append(_Ties(ids[elder], ids[people.first[elder]], "parent"))
    old, young = _pairs(people.household, elder, child)
    ties.append(_Ties(ids[elder[old]], ids[young], "grandparent"))
    return [*ties, *_siblings(people, child)]


def _children(people: People) -> tuple[Ints, Ints]:
    """Give the rows of children of a household's couple or anchor, and those of a grown child."""
    child = np.isin(people.role, (CHILD, GROWN_CHILD))
    child &= np.isin(people.role[people.first], (ANCHOR,))
    born = people.mother >= 0
    of_head = np.isin(people.role[np.maximum(people.mother, 0)], (ANCHOR, PARTNER))
    others = born & ~of_head & (people.role[np.maximum(people.mother, 0)] == GROWN_CHILD)
    return np.flatnonzero(child & (~born | of_head)), np.flatnonzero(others)


def _pairs(household: Ints, left: Ints, right: Ints) -> tuple[Ints, Ints]:
    """Pair each person of `left` with each of `right` in the same household.

    Returns
    -------
    Positions in `left`, and entries of `right`.
    """
    right = right[order_of(household[right])]
    start = np.searchsorted(household[right], household[left])
    count = np.searchsorted(household[right], household[left], side="right") - start
    row = np.repeat(np.arange(len(left)), count)
    turn = np.arange(len(row)) - (np.cumsum(count) - count)[row]
    return row, right[start[row] + turn]


def _siblings(people: People, child: Ints) -> list[_Ties]:
    position, other = _pairs(people.household, child, child)
    first = child[position]
    first, other = first[first < other], other[first < other]
    # Children of one birth share their birthday.
    twin = people.birth_day[first] == people.birth_day[other]
    half = people.half_sibling[first] != people.half_sibling[other]
    ids = people.person_id
    return [
        _Ties(ids[first[own]], ids[other[own]], relation)
        for relation, own in (
            ("twin", twin),
            ("sibling", ~twin & ~half),
            ("half_sibling", ~twin & half),
        )
    ]


def _new_couples(people: People, life_courses: LifeCourses, sampled: Mask) -> _Ties:
    """List the couples that move in together in the study, once each: by the woman."""
    census, row = life_courses.census, np.arange(people.residents)
    partner = life_courses.plan.partner[people.person[: people.residents]]
    known = (partner != NOBODY) & (people.sex[: people.residents] == 0)
    known &= sampled[census.household[np.maximum(partner, 0)]]
    row, partner = row[known], partner[known]
    return _Ties(people.person_id[row], census.person_id[partner], "partner")


def _elsewhere(people: People, life_courses: LifeCourses, sampled: Mask) -> list[_Ties]:
    """List ties to parents, grandparents and former partners who live elsewhere."""
    census, kin, n_residents = life_courses.census, life_courses.kin, people.residents
    ids, row = people.person_id, np.arange(n_residents)
    parents = kin.parents[people.person[:n_residents]]
    known = (parents != NOBODY) & sampled[np.maximum(parents, 0)]
    row, parents = row[known], parents[known]
    first = census.household_first[parents]
    second = np.minimum(first + 1, len(census.role) - 1)
    couple = (census.role[second] == PARTNER) & (census.household[second] == parents)
    head = np.concatenate([first, second[couple]])
    own = np.concatenate([row, row[couple]])
    child, _ = _children(people)
    position, young = _pairs(people.household, own, child)
    ties = [
        _Ties(census.person_id[head], ids[own], "parent"),
        _Ties(census.person_id[head[position]], ids[young], "grandparent"),
    ]
    child = child[(people.mother[child] < 0) & (people.role[child] == CHILD)]
    child = child[~people.half_sibling[child]]
    absent = kin.other_parent[people.home[child]]
    known = (absent != NOBODY) & sampled[census.household[np.maximum(absent, 0)]]
    child, absent = child[known], absent[known]
    anchor, eldest = np.unique(people.first[child], return_index=True)
    ties.append(_new_couples(people, life_courses, sampled))
    return [
        *ties,
        _Ties(census.person_id[absent], ids[child], "parent"),
        _Ties(census.person_id[absent[eldest]], ids[anchor], "former_partner"),
    ]
