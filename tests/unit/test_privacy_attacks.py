"""Attacks succeed where they must, fail where a defence holds, and are never judged by one run."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pyarrow as pa
import pytest
from scipy.stats import binomtest

from darkfigure.linkage_eval.contracts import RECORDS
from darkfigure.linkage_eval.linkers.keys import _SLK581
from darkfigure.linkage_eval.privacy import (
    CountService,
    Encoding,
    Scene,
    Synthetic,
    combine,
    controlled_risk,
    dictionary_attack,
    difference_counts,
    frequency_attack,
    graph_attack,
    infer_membership,
    pattern_attack,
    try_attack,
)
from darkfigure.linkage_eval.records.sql import query
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.storage.dataset import Dataset

SEEDS = range(10)


@pytest.fixture(scope="module")
def patients(village: Dataset) -> Synthetic:
    """Everybody registered with a practice."""
    return Synthetic.read(village, "gp")


def staged(side: Synthetic, n: int, overlap: float):
    """Scenes in which the recipient holds the sender's very records of those on both sides."""
    return lambda chance: Scene.stage(side, side, n=n, overlap=overlap, chance=chance)


def hashed(salt: str):
    """How whoever holds a salt makes keys."""
    made = f"SELECT sha256('{salt}' || {_SLK581}) AS key FROM records"
    return lambda records: query(made, records=records)["key"].combine_chunks()


@pytest.mark.parametrize(("overlap", "hardening"), [(1.0, "none"), (0.5, "none"), (1.0, "flip")])
def test_filters_of_the_same_people_are_read(patients: Synthetic, overlap: float, hardening: str):
    """Most runs name nearly all, if half are on both sides, or if a fifth of the bits flip."""
    encoding = Encoding(hardening=hardening, flip_rate=0.2)
    found = try_attack(graph_attack, staged(patients, 300, overlap), encoding, seeds=SEEDS)
    assert found.median > 0.9


def test_a_salt_stops_this_attacker(patients: Synthetic):
    """People born in different years no longer resemble each other in code."""
    encoding = Encoding(hardening="salt")
    found = try_attack(graph_attack, staged(patients, 300, 1.0), encoding, seeds=SEEDS)
    assert found.worst < 0.1


def test_the_similarity_attack_reads_a_small_sample(patients: Synthetic):
    """Of ten samples of 150, all on both sides, some are read nearly whole."""
    found = try_attack(graph_attack, staged(patients, 150, 1.0), Encoding(), seeds=SEEDS)
    assert found.worst > 0.9


def test_frequent_surnames_are_read_and_whole_records_are_not(patients: Synthetic):
    """A filter of surnames alone repeats, and gives names away; whole records never repeat."""
    scene = Scene.stage(patients, patients, n=400, overlap=1.0, chance=Stream(1))
    surname = Encoding(fields=("surname",)).encode(scene.sent.records)
    guesses = frequency_attack(surname, scene.known.records, fields=("surname",))
    held = scene.known.records["surname"].to_pylist()
    told = [
        held[guess] == true
        for guess, true in zip(guesses, scene.sent.records["surname"].to_pylist(), strict=True)
        if guess >= 0
    ]
    assert np.mean(told) > 0.2
    whole = frequency_attack(Encoding().encode(scene.sent.records), scene.known.records)
    assert not (whole >= 0).any()


def test_patterns_of_bits_give_surnames_away(patients: Synthetic):
    """On surnames alone, mined patterns name far more people than guesses at random would.

    A guess among 300 is right once in 300; the attacker may guess seldom, and must be right so
    often that chance does it with probability below 1e-6.
    """
    fields, right, made = ("surname",), 0, 0
    for seed in SEEDS:
        scene = Scene.stage(patients, patients, n=300, overlap=1.0, chance=Stream(seed))
        encoded = Encoding(fields=fields).encode(scene.sent.records)
        guesses = pattern_attack(encoded, scene.known.records, fields=fields)
        some = guesses >= 0
        right += (scene.known.persons[guesses[some]] == scene.sent.persons[some]).sum()
        made += some.sum()
    assert made <= 20 * len(SEEDS)
    assert binomtest(right, made, 1 / 300, alternative="greater").pvalue < 1e-6


def test_one_run_is_refused(patients: Synthetic):
    """Nine seeds are too few, and ten times the same one is one."""
    for seeds in (range(9), [1] * 10):
        with pytest.raises(ValueError, match="at least 10"):
            try_attack(graph_attack, staged(patients, 50, 1.0), Encoding(), seeds=seeds)


def test_too_few_records_are_not_guessed_at(patients: Synthetic):
    """Two records have no graph; no records give no guesses."""
    two = patients.take(np.arange(2))
    for attack in (graph_attack, pattern_attack, frequency_attack):
        none = patients.take(np.arange(0))
        assert 0 == len(attack(Encoding().encode(none.records), two.records))
    assert [-1, -1] == graph_attack(Encoding().encode(two.records), two.records).tolist()


def test_a_key_holder_reads_keys_and_without_the_key_nobody_does(patients: Synthetic):
    """The recipient's own records are dictionary enough; another salt finds nothing."""
    few = patients.take(np.arange(500))
    sent = hashed("shared")(few.records)
    holder = dictionary_attack(sent, few.records, hashed("shared"))
    outsider = dictionary_attack(sent, few.records, hashed("another"))
    assert holder.n == holder.n_recovered
    assert holder.share_named > 0.95
    assert (0, 0.0) == (outsider.n_recovered, outsider.share_named)


def test_combined_dictionaries_hold_every_combination():
    """Two names, two dates and two sexes make eight identities, each once."""
    names = pa.table({"surname": ["JONES", "REES"], "forename": ["SIAN", "ALED"]})
    dates = pa.array([dt.date(1990, 1, 1), dt.date(1990, 1, 2)])
    made = combine(names, dates)
    assert 8 == made.num_rows == len({tuple(row.values()) for row in made.to_pylist()})
    assert set(made.column_names) <= set(RECORDS.names)


def trait() -> np.ndarray:
    """Forty people of whom every fourth has something to hide."""
    return np.arange(40) % 4 == 0


def test_differencing_tells_everybody_though_groups_are_large():
    """Suppression of small groups alone stops nothing: 40 and 39 are both large."""
    found = difference_counts(CountService(trait(), min_group=5), np.arange(40))
    assert (1.0, 0.75) == (found.success, found.baseline)


def test_watching_for_near_equal_groups_stops_differencing():
    """A group that differs by fewer than five from an earlier one gets no answer."""
    found = difference_counts(CountService(trait(), min_difference=5), np.arange(40))
    assert (0, 0.0) == (found.n_answered, found.success)


def test_noise_brings_differencing_down_to_guessing():
    """With noise of standard deviation 20 the answers tell no more than a coin.

    Forty coins show more than 35 heads with probability below 1e-6.
    """
    chance = Stream(5, ("noise",))
    service = CountService(trait(), noise=lambda numbers: 20 * chance.normal("noise", numbers))
    assert difference_counts(service, np.arange(40)).n_right <= 35


def people(world: int, n: int) -> pa.Table:
    """Records of five independent columns of ten values each."""
    chance, ids = Stream(world, ("release",)), np.arange(n)
    return pa.table({f"c{column}": chance.below(f"c{column}", ids, 10) for column in range(5)})


def test_a_release_of_the_data_itself_tells_every_member():
    """Members are at distance 0, hardly any other is: the area is near 1."""
    members, others = people(1, 1_000), people(2, 1_000)
    found = infer_membership(members, others, known=people(4, 1_000), release=members)
    assert found.auc > 0.95
    assert found.tpr_at_few_false is not None


def test_an_unrelated_release_tells_nothing():
    """The area is 1/2 within six standard errors: false alarms below 1e-8."""
    found = infer_membership(
        people(1, 1_000), people(2, 1_000), known=people(4, 1_000), release=people(3, 1_000)
    )
    error = np.sqrt(2_001 / (12 * 1_000 * 1_000))
    assert found.auc == pytest.approx(0.5, abs=6 * error)


def test_records_of_few_values_tell_nothing():
    """Members and others who are all alike look all alike, though none is like the release."""
    alike, other = (pa.table({"sex": [sex] * 100}) for sex in ("female", "male"))
    assert infer_membership(alike, alike, known=alike, release=other).auc == 0.5


def test_too_few_others_leave_one_in_a_thousand_undefined():
    """A rate at .1 % false positives needs a thousand who may be named wrongly."""
    members = people(1, 50)
    known = people(4, 100)
    found = infer_membership(members, people(2, 999), known=known, release=members)
    assert found.tpr_at_few_false is None
    nobody = members.slice(0, 0)
    assert infer_membership(members, nobody, known=known, release=members).auc is None


def test_risk_beyond_the_control_meets_its_formula_by_hand():
    """(80 + 1) / 102 against (50 + 1) / 102; equal success adds no risk."""
    found = controlled_risk(80, 100, 50, 100)
    assert found.risk == pytest.approx((81 - 51) / (102 - 51))
    assert 0 == controlled_risk(50, 100, 50, 100).risk
    with pytest.raises(ValueError, match="right guesses"):
        controlled_risk(2, 1, 0, 1)
