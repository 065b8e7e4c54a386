"""Under-reporting is controlled to the record, and its reasons stay apart."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from darkfigure import scenarios
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.core.errors import SpecError, TargetError
from darkfigure.synth.core.spec import build
from darkfigure.synth.pipeline import World
from darkfigure.synth.reporting.contacts import Contacts, follow
from darkfigure.synth.reporting.help_seeking import Marks
from darkfigure.synth.reporting.targets import Aims, Target, rake, solve_counts
from darkfigure.synth.schema import DOMESTIC

CHANCE = Stream(1).stage("contacts")
LIBRARY = ("merthyr", "merthyr-59", "merthyr-90", "merthyr-groups")


def told(world: World, **changes: object) -> pa.Table:
    """Let the world's incidents be told of under another specification."""
    simulated = world.simulated
    added = simulated.incidents.column_names.index("ed_attended")
    violence = simulated.incidents.select(simulated.incidents.column_names[:added])
    spec = build(Contacts, changes, "test")
    census, world = simulated.victims.census, simulated.chance
    return follow(violence, census, spec, CHANCE, police=True, world=world)


def flags(incidents: pa.Table, name: str) -> np.ndarray:
    """Give a column of yes and no."""
    return incidents[name].to_numpy(zero_copy_only=False).astype(bool)


def words(incidents: pa.Table, name: str) -> np.ndarray:
    """Give a column of codes."""
    return np.array(incidents[name].cast("string").to_pylist())


def recorded(incidents: pa.Table) -> np.ndarray:
    """Say which incidents the police have on record."""
    return words(incidents, "police_status") == "recorded"


def marks_of(world: World, incidents: pa.Table) -> Marks:
    """Gather what is known of incidents."""
    return Marks.of(incidents, world.simulated.victims.census, world.simulated.geography)


def unknown(incidents: pa.Table) -> tuple[int, int]:
    """Count the attendances without a police record, and all."""
    attended = flags(incidents, "ed_attended")
    return int((attended & ~recorded(incidents)).sum()), int(attended.sum())


@settings(max_examples=30, deadline=None)
@given(st.floats(0, 1))
def test_any_target_is_met_to_the_nearest_record(borough: World, target: float):
    """The share of attendances without a police record is the target, to half a record."""
    without, all_ = unknown(told(borough, unknown_share=target))
    assert abs(without - target * all_) <= 0.5


@pytest.mark.parametrize("target", [0.0, 0.25, 0.59, 0.75, 0.9, 1.0])
def test_the_targets_people_ask_for_are_met(borough: World, target: float):
    """The named targets are met, the extremes included."""
    without, all_ = unknown(told(borough, unknown_share=target))
    assert abs(without - target * all_) <= 0.5


@pytest.mark.parametrize("target", [0.0, 0.25, 0.59, 0.75, 0.9, 1.0])
def test_one_group_can_have_any_share(borough: World, target: float):
    """Women's share is met to the record beside the share of all."""
    group = {"sex": "F", "unknown_share": target}
    table = told(borough, unknown_share=0.6, targets=[group])
    women = ~marks_of(borough, table).male & flags(table, "ed_attended")
    without, all_ = unknown(table)
    assert abs((women & ~recorded(table)).sum() - target * women.sum()) <= 0.5
    assert abs(without - 0.6 * all_) <= 0.5


def test_overlapping_groups_are_met_together(borough: World):
    """Shares by sex, age and relationship are met at once, each to less than one record."""
    groups = [
        {"sex": "F", "unknown_share": 0.6},
        {"age_from": 18, "age_below": 35, "unknown_share": 0.85},
        {"relationship": "stranger", "unknown_share": 0.8},
        {"deprivation_quintile": 1, "unknown_share": 0.78},
    ]
    table = told(borough, targets=groups)
    marks, attended, known = marks_of(borough, table), flags(table, "ed_attended"), recorded(table)
    for group in groups:
        member = build(Target, group, "test").members(marks) & attended
        assert abs((member & ~known).sum() - group["unknown_share"] * member.sum()) < 1
    without, all_ = unknown(table)
    assert abs(without - 0.75 * all_) < 1


def test_groups_that_contradict_each_other_are_refused_with_the_reason(borough: World):
    """Both sexes at 90 % leave no way to 75 % of all; the message gives what they leave."""
    groups = [{"sex": sex, "unknown_share": 0.9} for sex in "FM"]
    with pytest.raises(TargetError, match=r"all attendances: unknown_share = 0\.75, but .* 0\.9"):
        told(borough, targets=groups)


def test_a_group_must_be_named(borough: World):
    """A target without a group, or with an unknown code, is refused and says what to do."""
    with pytest.raises(SpecError, match=r"set contacts\.unknown_share"):
        told(borough, targets=[{"unknown_share": 0.5}])
    with pytest.raises(SpecError, match="must be one of F, M"):
        told(borough, targets=[{"sex": "woman", "unknown_share": 0.5}])


def test_a_higher_target_only_takes_records_away(borough: World):
    """Whoever has a record at 90 % unknown has one at 75 % and at 59 %."""
    known = [recorded(told(borough, unknown_share=target)) for target in (0.9, 0.75, 0.59)]
    assert not (known[0] & ~known[1]).any()
    assert not (known[1] & ~known[2]).any()


def test_the_three_reasons_are_kept_apart(borough: World):
    """An incident is never reported, reported but not recorded, or recorded; each occurs."""
    seen = set(borough.simulated.incidents["police_status"].to_pylist())
    assert seen == {"never_reported", "not_recorded", "recorded"}


def test_an_impossible_target_is_refused_with_the_range(borough: World):
    """With binding recording rates of a half, no more than about half can be known."""
    halves = dict.fromkeys(("north_wales", "gwent", "south_wales", "dyfed_powys"), 0.5)
    with pytest.raises(TargetError, match=r"lies between 0\.[45]\d+ and 1"):
        told(borough, unknown_share=0.25, recording={**halves, "binding": True})


def test_without_exactness_the_share_scatters_as_a_binomial(borough: World):
    """The share is within its 1 - 1e-6 binomial interval, and need not be the nearest record."""
    without, all_ = unknown(told(borough, unknown_share=0.75, exact=False))
    low, high = stats.binom(all_, 0.75).ppf([5e-7, 1 - 5e-7])
    assert low <= without <= high


def test_recording_rates_are_kept_where_there_is_no_target(borough: World):
    """Of reported incidents without an attendance 0.88 are recorded (alpha = 1e-6)."""
    table = borough.simulated.incidents
    reported = (words(table, "police_status") != "never_reported") & ~flags(table, "ed_attended")
    known = int((recorded(table) & reported).sum())
    assert stats.binomtest(known, int(reported.sum()), 0.88).pvalue > 1e-6


def test_covariates_make_a_difference(borough: World):
    """With an odds ratio of 20, men's attendances are recorded far more often than women's."""
    table = told(borough, odds_ratios={"male": 20.0})
    attended = flags(table, "ed_attended")
    male = marks_of(borough, table).male
    known = recorded(table)
    assert known[attended & male].mean() > 2 * known[attended & ~male].mean()


def realised_ratio(table: pa.Table, marks: Marks) -> tuple[float, float]:
    """Estimate the odds ratio of attendance and record within injuries, and its log's error.

    Mantel and Haenszel's estimator with the variance of Robins, Breslow and Greenland.
    """
    attended, known = flags(table, "ed_attended"), recorded(table)
    cells = [
        np.bincount(marks.injury, where, minlength=3)
        for where in (attended & known, attended & ~known, ~attended & known, ~attended & ~known)
    ]
    total = np.maximum(sum(cells), 1)
    for_, against = cells[0] * cells[3] / total, cells[1] * cells[2] / total
    even, odd = (cells[0] + cells[3]) / total, (cells[1] + cells[2]) / total
    variance = (
        (even * for_).sum() / (2 * for_.sum() ** 2)
        + (even * against + odd * for_).sum() / (2 * for_.sum() * against.sum())
        + (odd * against).sum() / (2 * against.sum() ** 2)
    )
    return float(for_.sum() / against.sum()), float(np.sqrt(variance))


@pytest.mark.parametrize("ratio", [0.5, 1.0, 2.0, 4.0])
def test_dependence_is_what_was_asked_for(borough: World, ratio: float):
    """Realised and asked odds ratio agree within 4.9 standard errors (alpha = 1e-6).

    Injury is left as the only covariate, so that it makes the strata. The margin stays exact.
    """
    flat = build(Contacts, {}, "test").odds_ratios.model_dump()
    ratios = dict.fromkeys(flat, 1.0) | {"wounding": 2.0, "minor_injury": 1.5}
    table = told(borough, unknown_share=0.7, dependence=ratio, odds_ratios=ratios)
    found, error = realised_ratio(table, marks_of(borough, table))
    assert abs(np.log(found / ratio)) < 4.9 * error
    without, all_ = unknown(table)
    assert round(abs(without - 0.7 * all_), 9) <= 0.5


def test_more_dependence_only_takes_records_away(borough: World):
    """At one share of attendances, a higher odds ratio leaves fewer other incidents on record."""
    low, high = (recorded(told(borough, dependence=ratio)) for ratio in (1.0, 2.0))
    assert not (high & ~low).any()
    assert high.sum() < low.sum()


def test_the_share_without_attendance_is_a_lever_of_its_own(borough: World):
    """Of incidents in Wales without an attendance the wanted share is on record, to one record."""
    table = told(borough, recorded_without_ed=0.4)
    others = ~flags(table, "ed_attended") & ~flags(table, "abroad")
    assert abs(recorded(table)[others].sum() - 0.4 * others.sum()) <= 1


def test_both_levers_at_once_are_refused(borough: World):
    """Dependence and the share without attendance follow from each other; only one is taken."""
    with pytest.raises(SpecError, match="either recorded_without_ed"):
        told(borough, dependence=2.0, recorded_without_ed=0.3)


def test_dependence_needs_odds(borough: World):
    """Where no attendance is known, odds have no ratio; the message names the other lever."""
    with pytest.raises(TargetError, match="recorded_without_ed instead"):
        told(borough, unknown_share=1.0, dependence=2.0)


def test_a_specification_survives_being_written_down():
    """A specification with dependence is read back as it was."""
    spec = build(Contacts, {"dependence": 2.0, "targets": [{"sex": "F", "unknown_share": 0.5}]}, "")
    assert spec == build(Contacts, spec.model_dump(mode="json"), "")


@pytest.mark.parametrize("name", LIBRARY)
def test_the_presets_are_reachable(borough: World, name: str):
    """The library's presets meet their share in Merthyr Tydfil."""
    spec = scenarios.load_scenario(name).contacts
    without, all_ = unknown(told(borough, **spec.model_dump()))
    assert abs(without - spec.unknown_share * all_) < 1


def test_deterrence_only_takes_attendances_away(borough: World):
    """Nobody comes because of deterrence, and victims at home stay away most."""
    calm, afraid = (told(borough, deterrence={"log_odds": delta}) for delta in (0.0, 1.0))
    before, after = flags(calm, "ed_attended"), flags(afraid, "ed_attended")
    assert not (after & ~before).any()
    domestic = np.isin(words(calm, "relationship"), DOMESTIC)
    kept = [after[group].sum() / before[group].sum() for group in (domestic, ~domestic)]
    assert kept[0] < kept[1] < 1


def test_every_report_has_a_way_and_every_silence_a_reason(borough: World):
    """Reported incidents say how the police learned, unreported ones why not, never both."""
    table = borough.simulated.incidents
    silent = words(table, "police_status") == "never_reported"
    how, why = (
        table[name].is_valid().to_numpy(zero_copy_only=False)
        for name in ("how_reported", "not_reported_reason")
    )
    assert (how == ~silent).all()
    assert (why == silent & ~flags(table, "abroad")).all()


def test_some_domestic_reports_come_late(borough: World):
    """About 12 % of domestic reports that no officer made come after seven days (alpha = 1e-6)."""
    table = borough.simulated.incidents
    reported = table["how_reported"].is_valid().to_numpy(zero_copy_only=False)
    domestic = np.isin(words(table, "relationship"), DOMESTIC)
    chosen = reported & domestic & (words(table, "how_reported") != "officer")
    wait = (table["report_s"].to_numpy() - table["occurred_s"].to_numpy())[chosen]
    late = int((wait > 7 * 86_400).sum())
    assert stats.binomtest(late, int(chosen.sum()), 0.12).pvalue > 1e-6


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(0, 40), min_size=4, max_size=4), st.data())
def test_shares_that_some_counts_have_are_always_found(sizes: list[int], data: st.DataObject):
    """Targets taken from real counts agree with each other, and are met exactly."""
    known = [data.draw(st.integers(0, size)) for size in sizes]
    member = np.array([[1, 1, 1, 1], [1, 1, 0, 0], [0, 1, 0, 1]], bool)
    size = np.array(sizes)
    total = np.maximum(member @ size, 1)
    wanted = member @ np.array(known)
    shares = np.where(member @ size > 0, 1 - wanted / total, 0.5)
    aims = Aims(("all", "a", "b"), shares, member, size, size.astype(float))
    found = solve_counts(aims)
    assert (member @ found == wanted).all()
    assert ((found >= 0) & (found <= size)).all()
    assert (rake(aims) <= size).all()


def test_shares_of_a_whole_country_are_found():
    """As many attendances as a country has, of which the solver refused one number in seven."""
    for size in range(33_000, 34_000, 25):
        all_of_them = np.array([size])
        aims = Aims(
            names=("all",),
            shares=np.array([0.75]),
            member=np.array([[True]]),
            size=all_of_them,
            most=all_of_them.astype(float),
        )
        assert abs(int(solve_counts(aims)[0]) - size / 4) <= 0.5
