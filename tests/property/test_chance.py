"""Chance is keyed by what it decides: the same draw for the same id, however it is asked for."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from darkfigure.synth.core.chance import Stream, philox2x32

IDS = st.lists(st.integers(0, 2**48 - 1), min_size=1, max_size=60, unique=True)
RATES = st.floats(0, 1)
STREAM = Stream(7).stage("test")


@pytest.mark.parametrize(
    ("counter", "key", "expected"),
    [
        ((0x00000000, 0x00000000), 0x00000000, (0xFF1DAE59, 0x6CD10DF2)),
        ((0xFFFFFFFF, 0xFFFFFFFF), 0xFFFFFFFF, (0x2C3F628B, 0xAB4FD7AD)),
        ((0x243F6A88, 0x85A308D3), 0x13198A2E, (0xDD7CE038, 0xF62A4C12)),
    ],
)
def test_the_generator_reproduces_its_published_vectors(
    counter: tuple[int, int], key: int, expected: tuple[int, int]
):
    """Random123 publishes three vectors of philox2x32 with ten rounds."""
    word = np.array([counter[0] | counter[1] << 32], np.uint64)
    drawn = int(philox2x32(word, key)[0])
    assert expected == (drawn & 0xFFFFFFFF, drawn >> 32)


@given(IDS, st.randoms(use_true_random=False), st.integers(1, 10))
def test_order_and_chunks_change_no_draw(ids, random, pieces):
    """Permuting ids permutes the draws, and splitting them splits the draws."""
    drawn = dict(zip(ids, STREAM.uniform("x", ids), strict=True))
    shuffled = random.sample(ids, len(ids))
    parts = [STREAM.uniform("x", part) for part in np.array_split(shuffled, pieces)]
    assert [drawn[one] for one in shuffled] == np.concatenate(parts).tolist()


@given(IDS, RATES, RATES)
def test_a_higher_rate_only_adds_cases(ids, one, other):
    """Everybody chosen at a rate is chosen at any higher one."""
    low, high = sorted((one, other))
    assert not (STREAM.happens("x", ids, low) & ~STREAM.happens("x", ids, high)).any()


@given(IDS, st.floats(0, 8), st.floats(0, 8))
def test_a_count_never_falls_as_its_mean_grows(ids, one, other):
    """Common random numbers hold for counts as for decisions."""
    low, high = sorted((one, other))
    fewer, more = (STREAM.poisson("x", ids, mean, most=30) for mean in (low, high))
    assert (fewer <= more).all()


@given(st.integers(1, 5_000), st.integers(0, 2**32))
def test_a_permutation_is_a_bijection(size, seed):
    """Every place is taken once, whatever the size and seed."""
    places = Stream(seed).permute("x", np.arange(size), size)
    assert list(range(size)) == sorted(places.tolist())


@pytest.mark.parametrize(("first", "second"), [((1, "a"), (2, "a")), ((1, "a"), (1, "b"))])
def test_another_seed_or_decision_draws_anew(first, second):
    """Streams of different seeds and decisions have nothing in common."""
    ids = np.arange(1_000)
    one, other = (Stream(seed).uniform(decision, ids) for seed, decision in (first, second))
    assert not (one == other).any()


def test_stages_do_not_run_into_each_other():
    """A stage "a" with decision "b" is not a decision named "a" and "b" together."""
    ids = np.arange(100)
    drawn = {
        tuple(stream.uniform(decision, ids))
        for stream, decision in (
            (Stream(1).stage("ab"), "c"),
            (Stream(1).stage("a"), "bc"),
            (Stream(1), "abc"),
        )
    }
    assert len(drawn) == 3


def test_an_id_that_does_not_fit_is_refused():
    """Ids of more than 48 bits would run into the number of the draw."""
    with pytest.raises(ValueError, match="48 bits"):
        STREAM.uniform("x", [2**48])


# Seeds are fixed, so these cannot fail by chance; with a fresh seed each would fail once in a
# million times (alpha = 1e-6).
ALPHA = 1e-6
MANY = np.arange(200_000)


@pytest.mark.parametrize(
    ("drawn", "law"),
    [
        (STREAM.uniform("u", MANY), stats.uniform()),
        (STREAM.normal("n", MANY), stats.norm()),
        (STREAM.exponential("e", MANY), stats.expon()),
    ],
    ids=["uniform", "normal", "exponential"],
)
def test_continuous_draws_follow_their_law(drawn, law):
    """Kolmogorov and Smirnov find no difference (false alarms: one in a million seeds)."""
    assert stats.kstest(drawn, law.cdf).pvalue > ALPHA


def test_counts_follow_their_law():
    """Poisson counts pass a chi-squared test (false alarms: one in a million seeds)."""
    counts = np.bincount(STREAM.poisson("p", MANY, 1.5, most=40), minlength=41)
    expected = stats.poisson(1.5).pmf(np.arange(41)) * len(MANY)
    seen = np.append(counts[:8], counts[8:].sum())
    wanted = np.append(expected[:8], len(MANY) - expected[:8].sum())
    assert stats.chisquare(seen, wanted).pvalue > ALPHA


def test_options_are_picked_by_their_weights():
    """Weighted picks pass a chi-squared test (false alarms: one in a million seeds)."""
    weights = np.array([1.0, 5.0, 0.0, 4.0])
    counts = np.bincount(STREAM.pick("w", MANY, weights), minlength=4)
    assert counts[2] == 0
    kept = weights > 0
    expected = weights[kept] / weights.sum() * len(MANY)
    assert stats.chisquare(counts[kept], expected).pvalue > ALPHA


@given(st.lists(st.floats(0.01, 10), min_size=1, max_size=6))
def test_equal_rows_of_weights_draw_as_one(weights: list[float]):
    """An option of each row's own weights is that of the weights in common."""
    ids, stream = np.arange(200), Stream(3)
    rows = np.tile(weights, (len(ids), 1))
    assert (stream.pick_by_row("x", ids, rows) == stream.pick("x", ids, weights)).all()


@given(
    st.lists(st.lists(st.floats(0.01, 10), min_size=3, max_size=3), min_size=1, max_size=5),
    st.integers(0, 2),
)
def test_each_group_is_drawn_by_its_own_weights(weights: list[list[float]], never: int):
    """A group's draws are those of its weights alone; what has none is never drawn."""
    ids, table = np.arange(300), np.array(weights)
    table[:, never] = 0
    group = ids % len(table)
    drawn = STREAM.pick_by_group("g", ids, table, group)
    assert never not in drawn
    for number, own in enumerate(table):
        alone = STREAM.pick("g", ids[group == number], own)
        assert (drawn[group == number] == alone).all()
