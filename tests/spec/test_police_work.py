"""Other work of the police: each kind has its own hours, places, callers, victims and outcomes.

Counts are of all of Merthyr Tydfil. Bounds are assumed and far from what chance could reach.
"""

from __future__ import annotations

import numpy as np
import pytest

from darkfigure.synth.agencies.police.cases import PoliceCases
from darkfigure.synth.agencies.police.codes import INCIDENT_TYPE, OFFENCES, OUTCOME
from darkfigure.synth.agencies.police.occurrences import _once
from darkfigure.synth.pipeline import World
from darkfigure.synth.schema import HOW_REPORTED, PLACE
from darkfigure.synth.setting.calendar import DAY_S, DAYS_A_YEAR, HOUR_S
from darkfigure.synth.setting.geography import wales

Mask = np.ndarray


@pytest.fixture(scope="module")
def cases(borough: World) -> PoliceCases:
    """All cases of the forces."""
    return borough.prepared["police"]


def of(cases: PoliceCases, code: str) -> Mask:
    """Mark the cases of an offence or incident type that are no simulated violence."""
    if code in OFFENCES:
        own = cases.offence == list(OFFENCES).index(code)
    else:
        own = cases.incident_type == list(INCIDENT_TYPE).index(code)
    return own & (cases.incident < 0)


def hour(cases: PoliceCases) -> np.ndarray:
    """Give the hour of each event."""
    return cases.occurred_s // HOUR_S % 24


def place(cases: PoliceCases, name: str) -> Mask:
    """Mark the cases at a kind of place."""
    return cases.place == list(PLACE).index(name)


def how(cases: PoliceCases, name: str) -> Mask:
    """Mark the cases that the police learned of in some way."""
    return cases.how == list(HOW_REPORTED).index(name)


def test_shops_are_robbed_of_goods_while_they_are_open(cases: PoliceCases):
    """Neither at night nor in homes and schools."""
    own = of(cases, "46")
    assert own.sum() > 100
    assert ((hour(cases)[own] >= 8) & (hour(cases)[own] < 22)).mean() > 0.97
    assert not (place(cases, "school") | place(cases, "own_home"))[own].any()


def test_cars_are_stolen_at_night(cases: PoliceCases):
    """Twice as often in an hour from eight in the evening to eight as in one of the day."""
    dark = (hour(cases) >= 20) | (hour(cases) < 8)
    assert dark[of(cases, "48") | of(cases, "45")].mean() > 2 / 3


def test_schools_see_nothing_at_night_and_at_weekends(cases: PoliceCases):
    """Of other work; homes are where burglars of homes are."""
    own = place(cases, "school") & (cases.incident < 0) & (cases.category != 2)
    weekday = (cases.occurred_s // DAY_S + 3) % 7
    assert own.any()
    assert (weekday[own] < 5).all()
    assert ((hour(cases)[own] >= 8) & (hour(cases)[own] < 17)).all()
    homes = place(cases, "own_home") | place(cases, "other_home")
    assert homes[of(cases, "28E")].all()


def test_officers_find_drugs_and_agencies_report_children(cases: PoliceCases):
    """Nobody calls as the victim of cannabis; schools and doctors tell of children by day."""
    assert how(cases, "officer")[of(cases, "92E")].mean() > 0.7
    assert not how(cases, "victim")[of(cases, "92E")].any()
    child = of(cases, "child")
    assert how(cases, "agency")[child].mean() > 0.5
    assert ((hour(cases)[child] >= 8) & (hour(cases)[child] < 18)).mean() > 0.6


@pytest.mark.parametrize(("code", "sex"), [("19C", 0), ("20A", 0), ("19D", 0), ("17A", 1)])
def test_codes_that_name_a_sex_have_victims_of_it(
    cases: PoliceCases, borough: World, code: str, sex: int
):
    """Rape of a female has no male victim."""
    census = borough.simulated.victims.census
    victim = cases.victim[of(cases, code)]
    assert (census.sex[victim[victim >= 0]] == sex).all()


def test_outcomes_fit_who_is_named(cases: PoliceCases, borough: World):
    """No suspect, no charge; no victim, nobody who withdraws; cautions by age."""
    code = np.array([*OUTCOME, ""])[cases.outcome]
    named, harmed = cases.suspect >= 0, cases.victim >= 0
    assert not np.isin(code[~named], ["1", "2", "3", "8", "15", "16", "22"]).any()
    assert not np.isin(code[named], ["14", "18"]).any()
    assert not np.isin(code[~harmed], ["14", "16"]).any()
    census, start = borough.simulated.victims.census, borough.simulated.period.start
    age = census.age_years[cases.suspect] + (cases.reported_s // DAY_S - start) / DAYS_A_YEAR
    assert (age[code == "2"] < 18).all()
    assert (age[code == "3"] >= 18).all()


def test_officers_serve_one_authority_and_some_take_more(cases: PoliceCases):
    """No officer works in two; the busiest tenth of a team takes more than a fifth of its cases."""
    authority = wales().authority[cases.lsoa]
    officer = cases.officer * 8 + cases.force
    pairs = np.unique(np.column_stack([officer, authority]), axis=0)
    assert len(pairs) == len(np.unique(officer))
    here = np.bincount(officer[authority == np.bincount(authority).argmax()])
    busy = np.sort(here[here > 0])[::-1]
    assert busy[: max(len(busy) // 10, 1)].sum() > 0.2 * busy.sum()


def test_a_nominal_of_two_people_stands_once_in_a_role():
    """Two victims who are taken for one person are one line of the occurrence."""
    case, nominal, role = np.array([[1, 1, 1, 2, 0], [7, 7, 7, 7, 7], [0, 0, 1, 0, 0]])
    assert _once(case, nominal, role).tolist() == [0, 2, 3, 4]
    assert len(_once(case[:0], nominal[:0], role[:0])) == 0
