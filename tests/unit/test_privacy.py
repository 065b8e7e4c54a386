"""Risks of releases, and attacks that run on synthetic people only."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from darkfigure.linkage_eval.privacy import Scene, Synthetic, measure_risk
from darkfigure.linkage_eval.privacy.encodings import Encoding, linkage_cost
from darkfigure.linkage_eval.privacy.synthetic import NOBODY
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.core.errors import DatasetError
from darkfigure.synth.storage.dataset import Dataset


@pytest.fixture(scope="module")
def patients(village: Dataset) -> Synthetic:
    """Everybody registered with a practice."""
    return Synthetic.read(village, "gp")


@pytest.fixture(scope="module")
def nominals(village: Dataset) -> Synthetic:
    """Everybody known to the police."""
    return Synthetic.read(village, "police")


def test_risks_meet_their_definitions_by_hand():
    """Classes of three, two and one; the population has four, two and five alike."""
    release = pa.table({"age": [1, 1, 1, 2, 2, 3], "town": ["a", "a", "a", "b", "b", "c"]})
    everybody = pa.table(
        {"age": [1] * 4 + [2] * 2 + [3] * 5, "town": ["a"] * 4 + ["b"] * 2 + ["c"] * 5}
    )
    risk = measure_risk(release, ["age", "town"], everybody)
    assert (6, 1, 1.0) == (risk.n, risk.k, risk.small_share)
    assert (1.0, 0.5) == (risk.prosecutor_max, risk.prosecutor_mean)
    assert risk.journalist_max == 0.5
    assert risk.journalist_mean == pytest.approx((3 / 4 + 2 / 2 + 1 / 5) / 6)


def test_generalising_lowers_every_risk():
    """Without the town five of six look alike or more; missing looks like missing."""
    release = pa.table({"age": [1, 1, 1, 1, 1, None], "town": ["a", "a", "b", "b", "c", "c"]})
    fine, coarse = measure_risk(release, ["age", "town"]), measure_risk(release, ["age"])
    assert coarse.prosecutor_mean < fine.prosecutor_mean
    assert coarse.small_share == pytest.approx(1 / 6)


def test_nothing_released_has_no_risk_to_measure():
    """An empty release has neither k nor risk; a wrong column is refused."""
    assert measure_risk(pa.table({"age": pa.array([], pa.int64())}), ["age"]).k is None
    with pytest.raises(ValueError, match="quasi-identifier"):
        measure_risk(pa.table({"age": [1]}), ["town"])
    with pytest.raises(ValueError, match="not in the population"):
        measure_risk(pa.table({"age": [1]}), ["age"], pa.table({"age": [2]}))


def test_attacks_refuse_data_without_the_synthetic_mark(village: Dataset):
    """A manifest that does not say that nobody is real stops everything."""
    real = Dataset(Path(village.path), {**village.manifest, "notice": "Extract of 1 April"})
    with pytest.raises(DatasetError, match="datasets that Darkfigure made"):
        Synthetic.read(real, "gp")
    with pytest.raises(DatasetError, match="darkfigure generate"):
        Synthetic({}, pa.table({}), np.array([], int))


def test_a_scene_has_the_overlap_asked_for(patients: Synthetic, nominals: Synthetic):
    """Of 200 people on either side 60 are on both, and nobody comes twice."""
    scene = Scene.stage(patients, nominals, n=200, overlap=0.3, chance=Stream(1))
    assert 60 == scene.n_overlap
    assert [200, 200] == [len(np.unique(side.persons)) for side in (scene.sent, scene.known)]


def test_a_scene_too_large_is_refused(patients: Synthetic, nominals: Synthetic):
    """People who are not there cannot be drawn."""
    with pytest.raises(ValueError, match="on both sides"):
        Scene.stage(patients, nominals, n=100_000, overlap=1.0, chance=Stream(1))
    with pytest.raises(ValueError, match="lower n"):
        Scene.stage(patients, nominals, n=100_000, overlap=0.0, chance=Stream(1))


def test_decoys_are_nobody(patients: Synthetic):
    """A quarter more records, each of values that somebody has, about no person."""
    few = patients.take(np.arange(100))
    sent = few.with_decoys(0.25, Stream(1))
    assert (125, 25) == (len(sent.persons), int((sent.persons == NOBODY).sum()))
    assert 125 == len(set(sent.records["record_id"].to_pylist()))
    assert set(sent.records["surname"].to_pylist()) <= set(few.records["surname"].to_pylist())


def test_hardening_costs_what_it_costs(patients: Synthetic, nominals: Synthetic):
    """Salting with a date that is often wrong loses true links; decoys cost bytes alone."""
    scene = Scene.stage(patients, nominals, n=800, overlap=0.5, chance=Stream(3))
    plain, salted, decoys = (
        linkage_cost(scene, encoding, Stream(4))
        for encoding in (Encoding(), Encoding(hardening="salt"), Encoding(decoy_share=0.25))
    )
    assert salted.recall < plain.recall
    assert (plain.recall, plain.precision) == (decoys.recall, decoys.precision)
    assert (800 * 128, 1_000 * 128) == (plain.bytes_sent, decoys.bytes_sent)
