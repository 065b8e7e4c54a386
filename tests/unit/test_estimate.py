"""Sizes estimated from agencies' lists, and how often their intervals hold the truth."""

from __future__ import annotations

import json

import numpy as np
import pyarrow as pa
import pytest
from typer.testing import CliRunner

from darkfigure.linkage_eval.contracts import LINKS
from darkfigure.linkage_eval.evaluation.assaults import (
    DAYS_AFTER_ARRIVAL,
    DAYS_BEFORE_ARRIVAL,
    read_assaults,
)
from darkfigure.linkage_eval.links.truth import read_truth
from darkfigure.linkage_eval.studies.coverage import study, to_table
from darkfigure.linkage_eval.studies.estimate import (
    CORRECTED,
    LINKED,
    PERFECT,
    Units,
    audit,
    estimate_all,
    estimate_sizes,
    read_units,
)
from darkfigure.reports.cli import app
from darkfigure.scenarios import load_scenario
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.core.errors import DatasetError, LinksError
from darkfigure.synth.storage.dataset import Dataset


@pytest.fixture(scope="module")
def true_links(village: Dataset) -> pa.Table:
    """Every true pair of attendance and nominal."""
    truth = read_truth(village, "ed", "police")
    left, right = (
        side.ids.take(pa.array(rows))
        for side, rows in ((truth.left, truth.pairs_left), (truth.right, truth.pairs_right))
    )
    return pa.table([left, right, pa.array(np.ones(len(left)))], schema=LINKS)


def test_lists_are_those_of_the_truth(village: Dataset, true_links: pa.Table):
    """Units are the incidents with injury; true links find all reported near the attendance."""
    units = read_units(village, true_links)
    incidents = village.read("truth/incidents").to_pandas()
    hurt = incidents[incidents["injury"].astype(str) != "none"]
    assert len(hurt) == len(units.held)
    assert hurt["ed_attended"].sum() == units.held[:, 0].sum()
    assert (hurt["police_status"].astype(str) == "recorded").sum() == units.held[:, 1].sum()
    assert not (units.linked & ~units.held[:, 0]).any()
    both = units.held[:, 0] & units.held[:, 1]
    assaults = read_assaults(village, read_truth(village, "ed", "police"))
    days = assaults.attendances["true_days"].drop_null().to_numpy()
    near = ((days >= -DAYS_BEFORE_ARRIVAL) & (days <= DAYS_AFTER_ARRIVAL)).sum()
    assert 0 < near <= units.linked[both].sum() <= both.sum()


def test_no_links_find_nobody_and_cannot_be_corrected(village: Dataset):
    """Without links naive Petersen has no answer, and an audit has nothing to correct by."""
    sizes = estimate_sizes(village, LINKS.empty_table())
    said = {(one.links, one.estimate.estimator): one.estimate for one in sizes.answers}
    assert 0 == sizes.linked
    assert said[LINKED, "petersen"].value is None
    assert not [links for links, _ in said if links == CORRECTED]


def test_perfect_links_need_no_correction():
    """Where links find exactly who is on both lists, all three ways of linking agree in size."""
    chance, ids = Stream(1, ("units",)), np.arange(4_000)
    held = np.column_stack([chance.happens(name, ids, 0.4) for name in ("a", "b")])
    units = Units(held, held[:, 0] & held[:, 1], ids % 2)
    said = {
        (one.links, one.estimate.estimator): one.estimate.value
        for one in estimate_all(units, audited=500, chance=chance)
    }
    assert said[PERFECT, "chapman"] == said[LINKED, "chapman"]
    assert said[CORRECTED, "corrected_chapman"] == said[LINKED, "chapman"]


def test_an_audit_tells_the_rates_of_error():
    """Of all units audited the rates are those of the links."""
    held = np.array([[True, True]] * 10 + [[True, False]] * 20 + [[False, True]] * 5)
    found = np.arange(35) < 8
    found[[10, 11]] = True
    rates = audit(Units(held, found, np.zeros(35, int)), 500, Stream(1))
    assert (0.8, 0.1) == (rates.alpha.rate, rates.beta_first.rate)
    assert (10, 20) == (rates.alpha.checked, rates.beta_first.checked)


def test_a_dataset_without_police_is_refused(village: Dataset):
    """What lacks a list says which."""
    tables = {
        name: said for name, said in village.manifest["tables"].items() if "police/" not in name
    }
    with pytest.raises(DatasetError, match="police"):
        estimate_sizes(
            Dataset(village.path, {**village.manifest, "tables": tables}), LINKS.empty_table()
        )


def test_any_agency_that_writes_incidents_down_is_a_further_list(village: Dataset):
    """By its name alone; each list is as the truth has it, and models are those of all lists."""
    none = LINKS.empty_table()
    usual, two = read_units(village, none), read_units(village, none, ("ambulance", "gp"))
    assert (3, 4) == (usual.held.shape[1], two.held.shape[1])
    assert (usual.held[:, 2] == two.held[:, 3]).all()
    incidents = village.read("truth/incidents").to_pandas()
    hurt = incidents[incidents["injury"] != "none"]
    listed = village.read("truth/contacts").to_pandas().query("source == 'ambulance'")
    assert hurt["incident_id"].isin(listed["incident_id"]).sum() == two.held[:, 2].sum() > 10


def test_a_practice_lists_who_consulted_it_not_whom_the_police_wrote_of(village: Dataset):
    """Letters of the police would make of their list a part of the practice's."""
    units = read_units(village, LINKS.empty_table())
    incidents = village.read("truth/incidents").to_pandas()
    hurt = incidents[incidents["injury"] != "none"].sort_values("incident_id")
    assert not (units.held[:, 2] & ~hurt["gp_consulted"].to_numpy()).any()
    assert units.held[:, 2].sum() > 10


def test_the_curve_tells_the_assumption_from_the_sampling(village: Dataset, true_links: pa.Table):
    """The estimate grows with the assumed ratio, and that of independent lists is Petersen's."""
    sizes = estimate_sizes(village, true_links)
    values = [each.estimate.value for each in sizes.curve]
    assert sorted(values) == values
    petersen = next(
        one.estimate.value for one in sizes.answers if one.estimate.estimator == "petersen"
    )
    assert petersen == pytest.approx(sizes.by_chance.value)
    assert 0 < sizes.odds_ratio_within < 1


@pytest.mark.parametrize(
    ("further", "reason"),
    [(("ambulence",), "name one of ambulance"), (("police",), "no further list"), ("abcd", "'a'")],
)
def test_a_further_list_that_is_not_there_is_refused(
    village: Dataset, further: tuple[str, ...], reason: str
):
    """With those that there are."""
    with pytest.raises(DatasetError, match=reason):
        read_units(village, LINKS.empty_table(), further)


def test_links_of_other_records_are_refused(village: Dataset):
    """A link to a record that is not there says so, and which sources are meant."""
    links = pa.table([["nobody"], ["nothing"], [1.0]], schema=LINKS)
    with pytest.raises(LinksError, match="attendances of 'ed'"):
        estimate_sizes(village, links)


@pytest.fixture(scope="module")
def quick() -> dict[tuple[str, str, str], dict]:
    """A study of three worlds of the whole borough."""
    scenario = load_scenario("merthyr").model_copy(update={"agencies": ("police", "ed", "gp")})
    rows = to_table(study(scenario, [1, 2, 3])).to_pylist()
    return {(row["condition"], row["links"], row["estimator"]): row for row in rows}


def test_bias_goes_where_assumptions_break(quick: dict[tuple[str, str, str], dict]):
    """Positive dependence hides people, negative invents them, missed links invent them too.

    Means of three worlds of some 4,000 incidents: a standard error is below .04.
    """
    bias = {key: row["relative_bias"] for key, row in quick.items()}
    assert abs(bias["independent", PERFECT, "chapman"]) < 0.16
    assert bias["independent", LINKED, "chapman"] > bias["independent", PERFECT, "chapman"] + 0.05
    assert bias["dependence 3", PERFECT, "chapman"] < -0.3
    assert bias["dependence 0.5", PERFECT, "chapman"] > 0.1


def test_dependence_is_not_cured_by_correcting_links(quick: dict[tuple[str, str, str], dict]):
    """The corrected interval misses too where attendance makes a record likelier."""
    row = quick["dependence 3", CORRECTED, "corrected_chapman"]
    assert (3, 0.0) == (row["n"], row["coverage"])


@pytest.mark.slow
def test_the_corrected_estimator_covers_where_its_assumptions_hold():
    """Of 40 worlds at coverage .95, fewer than 30 come about with probability below 1e-5."""
    scenario = load_scenario("merthyr").model_copy(update={"agencies": ("police", "ed", "gp")})
    rows = to_table(study(scenario, range(1, 41))).to_pylist()
    said = {(row["condition"], row["links"], row["estimator"]): row["coverage"] for row in rows}
    for estimator in ("corrected_chapman", "bootstrap_corrected"):
        assert said["independent", CORRECTED, estimator] * 40 >= 30
    assert said["independent", PERFECT, "chapman"] * 40 >= 30
    assert said["dependence 3", CORRECTED, "corrected_chapman"] < 0.1


def test_estimate_prints_the_truth_beside_every_estimate(village: Dataset):
    """The verb names lists, estimators and the distance from the truth."""
    done = CliRunner().invoke(app, ["estimate", str(village.path), "--linker", "exact"])
    assert 0 == done.exit_code
    assert "incidents with injury in truth" in done.output
    assert "bootstrap_corrected" in done.output
    assert "that part of the answer is the assumption" in " ".join(done.output.split())


def test_estimate_takes_links_from_a_file(village: Dataset, true_links: pa.Table, tmp_path):
    """Anybody's links do, and --json is for programs."""
    file = tmp_path / "links.csv"
    true_links.to_pandas().to_csv(file, index=False)
    done = CliRunner().invoke(
        app, ["estimate", str(village.path), "--links", str(file), "--json", "--audited", "50"]
    )
    assert 0 == done.exit_code
    assert json.loads(done.stdout)["true"] == len(read_units(village, true_links).held)
