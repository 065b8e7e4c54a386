"""What follows an arrest: detention, bail, charges, courts at their pace, and orders.

Cases are of all of Merthyr Tydfil; laws (`prosecution/laws.py`) hold what never happens. Bounds are
assumed and wide.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from darkfigure.synth.agencies.police.cases import PoliceCases
from darkfigure.synth.agencies.police.prosecution.codes import ORDER
from darkfigure.synth.agencies.police.prosecution.hearings import CROWN
from darkfigure.synth.agencies.police.prosecution.orders import breaches, protective_orders
from darkfigure.synth.pipeline import World
from darkfigure.synth.setting.calendar import DAY_S
from darkfigure.synth.setting.working_days import remand_court_day, working_day


@pytest.fixture(scope="module")
def cases(borough: World) -> PoliceCases:
    """All cases of the forces."""
    return borough.prepared["police"]


def orders_of(world: World, cases: PoliceCases):
    """Draw the orders, and their breaches."""
    chance, spec = world.simulated.chance.stage("police"), cases.spec.prosecution.orders
    orders = protective_orders(world.simulated, cases, spec, chance)
    return orders, breaches(orders, cases, spec, chance)


def test_courts_take_months_and_the_crown_court_longer(cases: PoliceCases):
    """Half of the magistrates' cases of the first year end after 60 to 250 days."""
    charges, courses = cases.charges, cases.charges.courses
    crown = np.isin(np.arange(len(charges)), courses.charge[courses.level == CROWN])
    since = cases.occurred_s[charges.case] // DAY_S
    early = since < since.min() + 365
    took = (courses.ended_on - since)[early & ~crown & (courses.ended_on >= 0)]
    assert len(took) > 100
    assert 60 < np.median(took) < 250
    open_ = courses.ended_on < 0
    assert open_[crown].mean() > open_[~crown].mean()


def test_bail_depends_on_the_law_of_the_day(cases: PoliceCases, borough: World):
    """From 28 October 2022 on about twice as many are bailed as were."""
    custody = cases.custody
    waiting = custody.held & (custody.disposed_s > custody.released_s)
    reform = int(np.datetime64("2022-10-28").astype(int))
    before = custody.released_s // DAY_S < reform
    shares = [(custody.bail_until[waiting & part] >= 0).mean() for part in (before, ~before)]
    assert shares[0] * 1.5 < shares[1] < 1
    assert borough.simulated.period.start < reform


def test_remanded_people_see_a_court_on_the_next_day_it_sits(cases: PoliceCases):
    """Saturdays count, Sundays and bank holidays do not."""
    day = np.arange(18_600, 19_700)
    court = remand_court_day(day)
    assert ((court >= day) & (court <= working_day(day))).all()
    assert {(number + 3) % 7 for number in court.tolist()} == set(range(6))
    charges = cases.charges
    kept = charges.after == 2
    assert kept.any()
    assert (charges.first_on[kept] - charges.charged_s[kept] // DAY_S <= 5).all()


def test_orders_are_of_every_kind_and_some_are_broken(borough: World, cases: PoliceCases):
    """A breach lies within its order, between the same two people."""
    orders, (at, case) = orders_of(borough, cases)
    assert set(orders.kind.tolist()) == set(range(len(ORDER)))
    assert len(at)
    assert len(np.unique(at * len(cases.event) + case)) == len(at)
    assert (cases.victim[case] == cases.victim[orders.case[at]]).all()
    assert (cases.suspect[case] == cases.suspect[orders.case[at]]).all()
    day = cases.occurred_s[case] // DAY_S
    assert ((day > orders.made_on[at]) & (day <= orders.expires_on[at])).all()


def test_without_a_family_court_there_are_no_orders_of_it(borough: World, cases: PoliceCases):
    """The others are as they were."""
    alone = replace(borough.simulated, prepared={"police": cases})
    orders, _ = orders_of(replace(borough, simulated=alone), cases)
    every, _ = orders_of(borough, cases)
    molest = list(ORDER).index("nmo")
    assert sorted(orders.ids.tolist()) == sorted(every.ids[every.kind != molest].tolist())
