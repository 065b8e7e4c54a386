"""Bloom filters: bits as clkhash sets them, Dice as defined, hardening that still links."""

import datetime as dt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny_world import records

from darkfigure.linkage_eval.contracts import Pairs
from darkfigure.linkage_eval.linkers.bloom import (
    LENGTH,
    Bloom,
    bigrams,
    bit_places,
    dice,
    encode_plain,
)

SIAN = {
    "record_id": "a",
    "surname": "JONES",
    "forename": "SIAN",
    "sex": "F",
    "date_of_birth": dt.date(1990, 2, 1),
    "postcode": "CF47 8AA",
}
KEYS = (b"one secret", b"another secret")


JONES = """
    0 11 13 17 22 25 30 32 34 38 39 47 52 54 56 68 78 82 88 90 91 96 98 100 107 108 122 124
"""
SIAN_PLACES = "4 15 16 22 31 40 41 42 44 50 51 57 60 66 67 69 70 78 83 86 91 105 119 122"


@pytest.mark.parametrize(("text", "places"), [("JONES", JONES), ("SIÂN", SIAN_PLACES)])
def test_bits_are_those_of_clkhash(text, places):
    """As clkhash 0.18.3 sets them: double hashing, these keys, 5 bits a bigram, 128 bits."""
    found = np.concatenate([bit_places(bigram, KEYS, 5, 128) for bigram in bigrams(text)])
    assert [int(place) for place in places.split()] == sorted(set(found.tolist()))


def test_bigrams_are_padded():
    """A blank stands before and after."""
    assert [" A", "AB", "B "] == bigrams("AB")


def test_dice_of_few_bits():
    """Three bits and two, one of them shared: 2 / 5. Nothing set: 0."""
    left, right = np.array([[7, 0], [0, 0]], np.uint64), np.array([[4, 1], [0, 0]], np.uint64)
    found = dice(left, right, Pairs(np.array([0, 1]), np.array([0, 1])))
    assert [0.4, 0.0] == found.tolist()


WORDS = st.lists(st.integers(0, 2**64 - 1), min_size=2, max_size=2)


@settings(max_examples=50, deadline=None)
@given(WORDS, WORDS)
def test_dice_is_its_definition(one, other):
    """Bits counted one by one give the same."""
    sets = [
        {
            64 * word + bit
            for word, value in enumerate(words)
            for bit in range(64)
            if value >> bit & 1
        }
        for words in (one, other)
    ]
    total = len(sets[0]) + len(sets[1])
    expected = 2 * len(sets[0] & sets[1]) / total if total else 0.0
    found = dice(
        np.array([one], np.uint64),
        np.array([other], np.uint64),
        Pairs(np.array([0]), np.array([0])),
    )
    assert pytest.approx(expected) == found[0]


def scores(linker, *rights):
    """Link Siân to some records; give scores by id."""
    right = [{**SIAN, "record_id": f"r{place}", **row} for place, row in enumerate(rights)]
    found = linker.link(records(SIAN), records(*right), seed=1)
    return dict(zip(found["right_id"].to_pylist(), found["score"].to_pylist(), strict=True))


@pytest.mark.parametrize("hardening", ["none", "salt", "balance", "flip"])
def test_every_hardening_still_links(hardening):
    """The same record scores 1, a misspelt one less, a stranger is not linked."""
    stranger = {"surname": "ABERCROMBIE", "forename": "SIAN", "date_of_birth": dt.date(1951, 8, 9)}
    found = scores(Bloom(hardening=hardening), {}, {"surname": "JONAS"}, stranger)
    assert 1.0 == found["r0"]
    assert 0.8 <= found.get("r1", 0.8) < 1.0
    assert "r2" not in found


def test_salted_filters_part_at_another_year():
    """With the year of birth in every key, a wrong year leaves nothing alike."""
    wrong = {"date_of_birth": dt.date(1991, 2, 1)}
    assert scores(Bloom(threshold=0.0), wrong)["r0"] > 0.9
    assert scores(Bloom(threshold=0.0, hardening="salt"), wrong)["r0"] < 0.5


def test_balanced_filters_have_one_weight():
    """Half of the bits are set, whoever it is; frequent names cannot be told by weight."""
    plain = encode_plain(records(SIAN, {"record_id": "b", "surname": "X"}))
    balanced = Bloom(hardening="balance").harden(plain)
    assert [LENGTH, LENGTH] == np.bitwise_count(balanced).sum(axis=1).tolist()
    assert (2, 2 * LENGTH // 64) == balanced.shape


def test_flipped_filters_are_the_same_each_time():
    """The same record is encoded alike everywhere; about 1 in 40 bits turned over."""
    plain = encode_plain(records(SIAN))
    flipped = Bloom(hardening="flip").harden(plain)
    assert (flipped == Bloom(hardening="flip").harden(plain)).all()
    turned = int(np.bitwise_count(plain ^ flipped).sum())
    # Binomial(1024, .025): outside 5 to 60 with probability below 1e-5.
    assert 5 <= turned <= 60


def test_a_missing_field_sets_nothing():
    """Nobody known of at all has an empty filter."""
    assert 0 == encode_plain(records({"record_id": "a"})).sum()
