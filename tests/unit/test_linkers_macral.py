"""MACRAL and the other methods of the health service: each step, and the published codes."""

import datetime as dt

import numpy as np
import pytest
from tiny_world import records

from darkfigure.linkage_eval.contracts import Blocking, Linker
from darkfigure.linkage_eval.linkers.blocking import random_pairs
from darkfigure.linkage_eval.linkers.fellegi_sunter import match_probabilities
from darkfigure.linkage_eval.linkers.macral import Macral
from darkfigure.linkage_eval.linkers.names import lexicon
from darkfigure.linkage_eval.linkers.nhs_stepwise import PASSES, NhsStepwise
from darkfigure.synth.core.chance import Stream

N_PEOPLE = 500
_SURNAMES = ("JONES", "EVANS", "PRICE", "KHAN", "MORGAN", "REES", "LLOYD", "POWELL", "HUGHES")
_FORENAMES = ("WILLIAM", "SIAN", "AISHA", "OWEN", "MARY", "DAFYDD", "ELERI", "TOM", "RHYS")


def person(number):
    """Make a person whose names many share, and whose birth date few do."""
    stream = Stream(4)
    surname, forename, day, home = (
        int(stream.below(decision, [number], size)[0])
        for decision, size in (("surname", 9), ("forename", 9), ("day", 9_000), ("home", 200))
    )
    return {
        "surname": _SURNAMES[surname],
        "forename": _FORENAMES[forename],
        "sex": "FM"[number % 2],
        "date_of_birth": dt.date(1960, 1, 1) + dt.timedelta(days=day),
        "postcode": f"CF{home // 10} {home % 10}AA",
    }


@pytest.fixture(scope="module")
def people():
    """Five hundred people on each side, of whom some changed on the right."""
    left = [{**person(n), "record_id": f"l{n:03}"} for n in range(N_PEOPLE)]
    right = [{**person(n), "record_id": f"r{n:03}"} for n in range(N_PEOPLE)]
    right[0] |= {"surname": "X", "forename": "Y", "nhs_number": "9990000018"}
    left[0] |= {"nhs_number": "9990000018"}
    for row in right[1:60]:
        row["postcode"] = "SA1 1AA"
    for row in right[60:80]:
        row["date_of_birth"] += dt.timedelta(days=1)
    return records(*left), records(*right)


@pytest.fixture(scope="module")
def linked(people):
    """MACRAL's links by the numbers of both people."""
    found = Macral().link(*people, seed=1).to_pylist()
    return {(row["left_id"][1:], row["right_id"][1:]): row for row in found}


def test_each_status_is_that_of_its_step(linked):
    """A valid number is 1, five variables 4, probabilities 39 and 35."""
    assert ("1", 1.0) == (linked["000", "000"]["status"], linked["000", "000"]["score"])
    assert ("4", 1.0) == (linked["100", "100"]["status"], linked["100", "100"]["score"])
    moved = linked["010", "010"]
    assert moved["status"] == ("39" if moved["score"] >= 0.9 else "35")
    assert {"1", "4", "39", "35"} >= {row["status"] for row in linked.values()}
    assert all(0.5 <= row["score"] <= 1 for row in linked.values())


def test_people_are_found_by_probability(linked):
    """Nearly everybody is found, movers among them, and hardly anybody else."""
    right = [pair for pair in linked if pair[0] == pair[1]]
    assert len(right) > 0.95 * N_PEOPLE
    assert len(right) > 0.97 * len(linked)


def test_macral_is_a_linker_that_tells_what_it_compares(people):
    """It fulfils both contracts; its links are among its candidates."""
    assert isinstance(Macral(), Linker)
    assert isinstance(Macral(), Blocking)
    pairs = Macral().block(*people)
    assert len(pairs.left) > N_PEOPLE
    assert len(pairs.left) == len(np.unique(pairs.left * N_PEOPLE + pairs.right))


def test_no_records_have_no_links():
    """An empty table is no error."""
    assert 0 == Macral().link(records(), records(), seed=1).num_rows


def test_the_lexicon_knows_short_forms_both_ways():
    """Bill is William, and William Bill; Alun is Alan."""
    known = set(zip(lexicon()["name"].to_pylist(), lexicon()["other"].to_pylist(), strict=True))
    assert {("ABBIE", "ABBY"), ("ABBY", "ABBIE"), ("ALUN", "ALAN"), ("ALAN", "ALUN")} <= known
    assert all(one != other for one, other in known)


def agreements(stream, ids, match):
    """Draw levels of three fields from known m and u."""
    return 1 - np.column_stack(
        [
            stream.happens(f"field {place}", ids, np.where(match, M[place], U[place]))
            for place in range(3)
        ]
    ).astype(np.int64)


M, U, SHARE = np.array([0.9, 0.8, 0.95]), np.array([0.1, 0.2, 0.05]), 0.01


def test_the_model_recovers_its_parameters():
    """All pairs candidates, drawn from known m, u and share: posteriors are the true ones.

    Of 200,000 pairs, 2,000 of them matches; a posterior is off by .02 or so, never by .1.
    """
    ids, stream = np.arange(200_000), Stream(2)
    levels = agreements(stream, ids, stream.happens("match", ids, SHARE))
    others = agreements(stream.stage("others"), ids, np.zeros(len(ids), bool))
    found = match_probabilities(levels, others, (2, 2, 2), n_pairs=len(ids))
    odds = SHARE / (1 - SHARE) * np.where(levels == 0, M / U, (1 - M) / (1 - U)).prod(axis=1)
    assert np.abs(found - odds / (1 + odds)).max() < 0.1


def test_small_tables_are_compared_wholly_and_large_ones_by_sample():
    """Each pair once where no more are asked for; u is then no estimate."""
    whole, some = random_pairs(3, 4, 1), random_pairs(3, 4, 1, n_pairs=11)
    every = {(left, right) for left in range(3) for right in range(4)}
    assert every == set(zip(whole.left.tolist(), whole.right.tolist(), strict=True))
    assert (12, 11, 0) == (len(whole.left), len(some.left), len(random_pairs(0, 4, 1).left))


def test_blocking_by_one_field_misleads_nobody():
    """Candidates that all agree on the first field: the others still tell who is a match."""
    ids, stream = np.arange(400_000), Stream(3)
    levels = agreements(stream, ids, stream.happens("match", ids, SHARE))
    others = agreements(stream.stage("others"), ids, np.zeros(len(ids), bool))
    blocked = levels[:, 0] == 0
    found = match_probabilities(levels[blocked], others, (2, 2, 2), n_pairs=len(ids))
    odds = SHARE / (1 - SHARE) * np.where(levels == 0, M / U, (1 - M) / (1 - U)).prod(axis=1)
    # A match that was not blocked is lost, so agreeing on the first field tells a little more.
    assert np.abs(found - (odds / (1 + odds))[blocked]).max() < 0.15


def test_what_is_missing_tells_nothing():
    """A pair with nothing known has the probability of any pair: about 30 of 1,000."""
    levels = np.array([[0, 0]] * 30 + [[1, 1]] * 70 + [[-1, -1]])
    others = np.ones((1_000, 2), np.int64)
    found = match_probabilities(levels, others, (2, 2), n_pairs=1_000)
    assert pytest.approx(0.03, abs=0.005) == found[-1]


SIAN = {
    "record_id": "a",
    "surname": "JONES",
    "forename": "SIAN",
    "sex": "F",
    "date_of_birth": dt.date(1990, 2, 1),
    "postcode": "CF47 8AA",
    "nhs_number": "9990000018",
}
# Without another record, a field that is missing in one would be missing altogether.
STRANGER = {
    **{name: f"{value}X" for name, value in SIAN.items()},
    "record_id": "o",
    "date_of_birth": dt.date(1940, 11, 30),
}


@pytest.mark.parametrize(
    ("right", "step"),
    [
        ({"surname": "X"}, 1),
        ({"date_of_birth": None}, 2),
        ({"nhs_number": None}, 3),
        ({"nhs_number": None, "postcode": None}, 4),
        ({"nhs_number": None, "forename": "SUSAN"}, 5),
        ({"nhs_number": None, "surname": "PRICE"}, 6),
        ({"nhs_number": "9990000026"}, None),
        ({"nhs_number": None, "sex": "M"}, None),
    ],
)
def test_a_trace_takes_the_first_step_that_agrees(right, step):
    """Each step asks for less; another NHS number forbids all but the first two."""
    sides = (records(SIAN, STRANGER), records({**SIAN, **right}, STRANGER))
    found = NhsStepwise().link(*sides, seed=1).to_pylist()
    expected = [] if step is None else [pytest.approx(1 - (step - 1) / len(PASSES))]
    assert expected == [row["score"] for row in found if row["left_id"] == "a"]
