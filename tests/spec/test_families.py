"""Families in trouble: brothers and sisters in care, and the order in which things happen to them.

Rates are counted over 400,000 children in families of two, three years apart, with a fixed seed.
"""

from __future__ import annotations

import numpy as np
import pytest
from test_social_care import CARE, COURT, START, WHO, ask, borough_care

from darkfigure.synth.agencies.framework.care_episodes import (
    LOOKED_AFTER,
    PROTECTION,
    SUPPORT,
    Care,
    care_episodes,
    escalated,
)
from darkfigure.synth.agencies.framework.care_proceedings import care_proceedings
from darkfigure.synth.agencies.framework.service_demand import NeedFactors, Needs
from darkfigure.synth.core.arrays import Ints
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.setting.calendar import DAYS_A_YEAR, Period
from darkfigure.synth.setting.geography import wales
from darkfigure.synth.storage.dataset import Dataset

CHILDREN = 400_000
CHANCE = Stream(11)
YEARS = 3

__all__ = ["borough_care"]  # a world that this module's tests share with those it comes from


@pytest.fixture(scope="module")
def people() -> NeedFactors:
    """Make children of 0 to 17 in families of two, all over Wales."""
    ids = np.arange(CHILDREN)
    family = ids // 2
    younger = CHANCE.uniform("age", family) * 14.9
    born = START - 1 - ((younger + 3 * (ids % 2)) * DAYS_A_YEAR).astype(np.int64)
    always, never = np.full(CHILDREN, -(1 << 18)), np.full(CHILDREN, 1 << 18)
    return NeedFactors(ids, family, born, always, never, family % len(wales().code), ids % 2)


@pytest.fixture(scope="module")
def care(people: NeedFactors) -> Care:
    """Draw three years of their care."""
    return care_episodes(people, Period(START, START + YEARS * 365), Needs(), CHANCE)


def rows_of(care: Care, kind: int) -> Ints:
    """Give the children who ever have a kind of care."""
    return np.unique(care.row[care.kind == kind])


@pytest.mark.parametrize(
    ("kind", "least"), [(PROTECTION, 0.6), (LOOKED_AFTER, 0.4), (SUPPORT, 0.5)]
)
def test_siblings_share_trouble(care: Care, kind: int, least: float):
    """Most brothers and sisters of a registered child are registered too; in care, nearly half.

    Before, they were drawn apart, and shared it in seven of a hundred cases.
    """
    rows = rows_of(care, kind)
    assert least < np.isin(rows ^ 1, rows).mean() < 0.95


def test_siblings_are_registered_on_one_day(care: Care):
    """One conference decides on them: an event of a family has one first day."""
    register = care.at((care.kind == PROTECTION) & (care.event % 2 == 0))
    first = {}
    for event, day in zip(register.event.tolist(), register.start.tolist(), strict=True):
        assert first.setdefault(event, day) == day


def test_children_come_back_into_care(care: Care):
    """Of those looked after in three years one in twenty or so is so twice or more."""
    count = np.bincount(care.row[care.kind == LOOKED_AFTER])
    again = (count[count > 0] > 1).mean()
    assert 0.04 < again < 0.15


def test_many_who_are_looked_after_were_on_the_register(care: Care):
    """From a quarter to two thirds, and these leave the register on that day."""
    looked_after = care.at((care.kind == LOOKED_AFTER) & (care.start >= START))
    from_register = escalated(looked_after.event)
    assert 0.25 < from_register.mean() < 0.67
    register = care.at(care.kind == PROTECTION)
    last_days = set(zip(register.row.tolist(), register.end.tolist(), strict=True))
    # The register is only known from the first day on.
    after = looked_after.at(
        from_register & (looked_after.start > START) & (looked_after.ids % 2 == 0)
    )
    pairs = [*zip(after.row.tolist(), after.start.tolist(), strict=True)]
    assert pairs
    assert sum(pair in last_days for pair in pairs) > 0.95 * len(pairs)


def test_nobody_has_two_kinds_of_care_at_once(care: Care):
    """A child is looked after, registered or has another plan: the graver ends the other."""
    order = np.lexsort((care.start, care.row))
    row, start, end = (part[order] for part in (care.row, care.start, care.end))
    same = row[1:] == row[:-1]
    assert (start[1:][same] >= end[:-1][same]).all()


def test_a_family_s_care_does_not_depend_on_others(people: NeedFactors, care: Care):
    """A hundred families alone have the same care as among all."""
    some = np.arange(1_000, 1_200)
    alone = NeedFactors(*(values[some] for values in vars(people).values()))
    drawn = care_episodes(alone, Period(START, START + YEARS * 365), Needs(), CHANCE)
    among = care.at(np.isin(care.row, some))
    assert sorted(among.ids.tolist()) == sorted(drawn.ids.tolist())
    assert sorted(among.end.tolist()) == sorted(drawn.end.tolist())


def test_one_application_is_about_all_children_of_an_event(people: NeedFactors, care: Care):
    """It comes before the first of them is looked after, and is decided later."""
    heard = care_proceedings(care, people.birth_day, Needs(), CHANCE)
    assert len(heard.event) < len(heard.care)
    assert (heard.applied_on <= np.minimum.reduceat(heard.care.start, heard.first)).all()
    assert (heard.decided_on > heard.applied_on).all()


def test_no_care_without_a_reason(borough_care: Dataset):
    """A referral comes before the application, and the application before the child is placed."""
    late = f"""with who as (select record_id, person_id, source from {WHO})
        select count(*), count(*) filter (received is null or received > applied_on) from (
            select applied_on, (select min(received_on) from '{CARE}/referrals.parquet'
                join who w on w.record_id = child_id
                where w.person_id = p.person_id) as received
            from '{COURT}/cases.parquet' join '{COURT}/parties.parquet' using (case_no)
            join who p on p.record_id = party_no
            where case_type = 'care' and role = 'child' and applied_on > date '2021-11-01'
                and not exists (select 1 from '{CARE}/child_protection.parquet'
                    join who w on w.record_id = child_id where w.person_id = p.person_id))"""
    ((cases, wrong),) = ask(borough_care, late)
    assert wrong <= cases * 0.1  # babies are known from birth alone


def test_placements_fill_the_time_of_being_looked_after(borough_care: Dataset):
    """One follows on another: the first begins and the last ends with the episode."""
    told = f"""select episode_no, min(p.started_on) = any_value(e.started_on),
            bool_or(p.ended_on is null) = (any_value(e.ended_on) is null),
            sum(coalesce(p.ended_on, date '2030-01-01') - p.started_on)
                = any_value(coalesce(e.ended_on, date '2030-01-01') - e.started_on)
        from '{CARE}/placements.parquet' p join '{CARE}/looked_after.parquet' e using (episode_no)
        group by episode_no"""
    rows = ask(borough_care, told)
    count = f"select count(*) from '{CARE}/looked_after.parquet'"
    assert [(len(rows),)] == ask(borough_care, count)
    assert {(True, True, True)} == {row[1:] for row in rows}


def test_carers_are_shared_by_siblings_alone(borough_care: Dataset):
    """No two families have one number of carers; and some siblings have."""
    shared = f"""select count(distinct household_id), count(distinct person_id)
        from '{CARE}/placements.parquet' join {WHO} on record_id = child_id
        join '{{d}}/truth/persons.parquet' using (person_id) group by carer_no"""
    found = ask(borough_care, shared)
    assert {1} == {families for families, _ in found}
    assert any(children > 1 for _, children in found)
