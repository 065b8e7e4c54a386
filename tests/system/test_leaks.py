"""Nothing but identities tells records of one person from others: a linker without them is blind.

An adversary (`adversary.py`) is asked of pairs whether they are of one person, and guesses by ids,
order, files, gaps and whatever else it is given. Run with `-s`, this prints what it reached.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from itertools import combinations, combinations_with_replacement
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from adversary import ATTACKS, LEVELS, Asked, Side, shuffled
from leak_trials import (
    ALARM,
    MOST_TRUE_PAIRS,
    Cell,
    ask,
    leaks,
    lines,
    pooled,
    tables,
    weigh,
)
from scipy import stats
from sklearn.metrics import roc_auc_score
from source_code import SUPPORT

from darkfigure.linkage_eval.contracts import LABELLED
from darkfigure.linkage_eval.isolation.parent import Job, Limits, run_isolated
from darkfigure.linkage_eval.links.truth import read_side
from darkfigure.linkage_eval.records.forces import read_alike
from darkfigure.linkage_eval.sharing.engine import find_strategy
from darkfigure.synth.schema import SUBJECTS
from darkfigure.synth.storage.dataset import Dataset

PLACE = f"{SUPPORT / 'adversary.py'}:Adversary"
LIMITS = Limits(seconds=120, memory_mb=2_048)
# It makes a world again, which takes seconds; once is enough.
COSTLY = "regenerated"
CHEAP = [attack for attack in ATTACKS if attack != COSTLY]
TOGETHER = (CHEAP[:4], [*CHEAP[4:], COSTLY])  # what is asked in one process
# No leak: the national database is loaded with copies of police records, gaps and all.
COPIES = {("gaps", "pnd", "police/south_wales"), ("gaps", "police/south_wales", "pnd")}

NEEDS_LANDLOCK = pytest.mark.needs("landlock")

Columns = dict[str, dict[tuple[str, str], Cell]]


@pytest.fixture(scope="module")
def sources(village: Dataset) -> list[str]:
    """All sources of the village whose records name people."""
    paths = {source: table.path.removesuffix(".parquet") for source, table in SUBJECTS.items()}
    return sorted(source for source, path in paths.items() if village.has(path))


@pytest.fixture(scope="module")
def in_one_table(village: Dataset, sources: list[str]) -> Columns:
    """What the adversary reached where all sources lie in one table, and show it."""
    pairs = list(combinations_with_replacement(sources, 2))
    questions = answers(village, (sources, sources), pairs, [*CHEAP, COSTLY])
    return shown("Linkers, all sources in one table", questions, [*CHEAP, COSTLY])


@pytest.fixture(scope="module")
def in_two_tables(village: Dataset, sources: list[str]) -> Columns:
    """What it reached between two tables, every pair of sources once, and show it.

    The numbers of two sources differ in some digit when they are written in twos: so few tasks
    set all of them against each other.
    """
    parts, left = [], list(combinations(range(len(sources)), 2))
    for bit in range((len(sources) - 1).bit_length()):
        sides = [
            [name for n, name in enumerate(sources) if n >> bit & 1 == side] for side in (0, 1)
        ]
        apart = [pair for pair in left if (pair[0] ^ pair[1]) >> bit & 1]
        left = [pair for pair in left if pair not in apart]
        pairs = [sorted(pair, key=lambda n, bit=bit: n >> bit & 1) for pair in apart]
        named = [(sources[a], sources[b]) for a, b in pairs]
        parts.append(answers(village, (sides[0], sides[1]), named, CHEAP))
    assert not left
    return shown("Linkers, between two tables", pd.concat(parts, ignore_index=True), CHEAP)


@pytest.fixture(scope="module")
def in_agencies(village: Dataset, sources: list[str]) -> Columns:
    """What is reached by the keys and rows of the agencies' own tables, and show it."""
    attacks = [attack for attack in CHEAP if attack not in {"gaps", "columns"}]
    pairs = list(combinations(sources, 2))
    _, known = records(village, sources)
    questions = ask(known, known, pairs)
    sides = {source: agency(village, source) for source in sources}
    parts = []
    for (first, second), part in questions.groupby(["left_source", "right_source"]):
        rows = [
            pd.Series(np.arange(len(side.ids)), side.ids)[part[column]].to_numpy()
            for side, column in ((sides[first], "left_id"), (sides[second], "right_id"))
        ]
        asked = Asked(sides[first], sides[second], *rows, int(village.manifest["seed"]))
        parts.append(part.assign(**{name: ATTACKS[name](asked) for name in attacks}))
    columns = shown("Agencies' tables", pd.concat(parts), attacks)
    print(events(village))  # noqa: T201, beside the table
    return columns


def events(village: Dataset) -> str:
    """Say how many incidents bear one time in two agencies, which linkers of events are given."""
    told = village.read("truth/record_incidents").to_pandas().astype(str)
    seen, police = (told[told["table"] == name] for name in ("attendances", "occurrences"))
    both = seen.merge(police, on="incident_id")
    arrived = village.read("ed/attendances").to_pandas().set_index("attendance_no")["assaulted_at"]
    report = read_alike(village, "police", "occurrences").to_pandas()
    simulated = report.set_index("occurrence_no")["occurred_at"]
    times = arrived[both["record_id_x"]].to_numpy(), simulated[both["record_id_y"]].to_numpy()
    return (
        f"events: known, {(times[0] == times[1]).sum()} of {len(both)} bear one time to the second"
    )


def agency(village: Dataset, source: str) -> Side:
    """Take keys and order from a table as an agency's file has it."""
    shape = SUBJECTS[source]
    keys = village.read(shape.path.removesuffix(".parquet"), [shape.key[0]])[shape.key[0]]
    ids = np.array(keys.to_pylist())
    none = np.zeros((len(ids), 0), bool)
    return Side(ids, np.full(len(ids), source), none, {}, village.path / shape.path)


def records(village: Dataset, sources: list[str]) -> tuple[pa.Table, pd.DataFrame]:
    """Give the records of some sources as linkers get them, and whom each is about."""
    name = "+".join(sources)
    shared = find_strategy("clear").share(village, name)
    side = read_side(village, name)
    persons = pd.DataFrame({"record_id": side.ids.to_pylist(), "person_id": side.persons})
    known = shared.select(["record_id", "source"]).to_pandas()
    return shared, known.merge(persons, on="record_id", validate="1:1")


def answers(
    village: Dataset,
    sides: tuple[list[str], list[str]],
    pairs: list[tuple[str, str]],
    attacks: list[str],
) -> pd.DataFrame:
    """Let the adversary answer, each attack in a column, the truth beside it."""
    within = sides[0] == sides[1]
    left, known = records(village, sides[0])
    right, others = (left, known) if within else records(village, sides[1])
    questions = ask(known, others, pairs)
    asked = questions[["left_id", "right_id"]].assign(same=False)
    labelled = pa.Table.from_pandas(asked, LABELLED, preserve_index=False)
    seed, closed = int(village.manifest["seed"]), (village.path / "truth",)
    for group in TOGETHER:
        few = [attack for attack in group if attack in attacks]
        job = Job(PLACE, {"attacks": few}, seed, LIMITS, closed, labelled, within)
        outcome = run_isolated(job, left, right)
        assert outcome.status == "ok", outcome.status
        questions = beside(questions, outcome.expect(), few)
    return questions


def beside(questions: pd.DataFrame, links: pa.Table, attacks: list[str]) -> pd.DataFrame:
    """Take the rank under each attack out of the scores, and put it beside the questions."""
    went = links["status"][0].as_py()
    print(went)  # noqa: T201, for `-s`
    # An attack that fails is no blind one; only making the world again may be refused.
    tried = {f"{attack}: tried" for attack in attacks if attack != COSTLY}
    assert {"file seen", *tried} <= set(went.split("; ")), went
    rest, ranks = links["score"].to_numpy().astype(np.int64), {}
    for attack in reversed(attacks):
        rest, ranks[attack] = np.divmod(rest, LEVELS[attack])
    given = pd.DataFrame(ranks, index=unordered(links["left_id"], links["right_id"]))
    wanted = unordered(questions["left_id"], questions["right_id"])
    return pd.concat([questions, given.loc[wanted].reset_index(drop=True)], axis=1)


def unordered(left: pa.ChunkedArray | pd.Series, right: pa.ChunkedArray | pd.Series) -> pd.Index:
    """Name pairs alike whichever side comes first."""
    ends = np.sort(np.array([left.to_numpy(), right.to_numpy()], dtype=str), axis=0)
    return pd.Index(np.char.add(np.char.add(ends[0], " "), ends[1]))


def shown(title: str, questions: pd.DataFrame, attacks: list[str]) -> Columns:
    """Weigh all answers and print them as a table, all pairs of sources together last."""
    columns = tables(questions, attacks)
    for attack, cells in columns.items():
        some = {pair: cell for pair, cell in cells.items() if (attack, *pair) not in COPIES}
        cells["all", "all"] = pooled(some)
    leaky = {attack: told(columns, attack) for attack in columns}
    print(f"\n{title}", *lines(columns, leaky), sep="\n")  # noqa: T201, for `-s`
    return columns


def told(columns: Columns, attack: str) -> Mapping[tuple[str, str], Cell]:
    """Give the pairs of sources where an attack beats chance, false alarms of all tables shared."""
    cells = columns[attack]
    some = {pair: cell for pair, cell in cells.items() if (attack, *pair) not in COPIES}
    return leaks(some, ALARM / len(columns))


@NEEDS_LANDLOCK
@pytest.mark.parametrize("attack", [*CHEAP, COSTLY])
def test_a_linker_of_one_table_is_blind_without_identities(in_one_table, attack):
    """False alarms: one in a thousand worlds for all attacks and pairs of sources together."""
    assert {} == told(in_one_table, attack)


@NEEDS_LANDLOCK
@pytest.mark.parametrize("attack", CHEAP)
def test_a_linker_of_two_tables_is_blind_without_identities(in_two_tables, attack):
    """False alarms: one in a thousand worlds for all attacks and pairs of sources together."""
    assert {} == told(in_two_tables, attack)


@pytest.mark.parametrize("attack", [one for one in CHEAP if one not in {"gaps", "columns"}])
def test_keys_and_rows_of_two_agencies_tell_nothing(in_agencies, attack):
    """False alarms: one in a thousand worlds for all attacks and pairs of sources together."""
    assert {} == told(in_agencies, attack)


PLANTED = {
    "numbers": "numbered",
    "neighbours": "numbered",
    "rows": "in order",
    "row_numbers": "in order",
    "digits": "same digits",
    "suffixes": "versions",
    "hashes": "hashed",
    "gaps": "same gaps",
    "columns": "batches",
    "files": "row groups",
    "orders": "shuffled by seed",
    "regenerated": "known ids",
}
PEOPLE, SEED = 400, 17


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_sees_the_leak_that_it_is_for(tmp_path, monkeypatch, attack):
    """Planted between two sources of 400 people; without it, the attack is blind.

    False alarms: one in a thousand for all attacks together.
    """
    world = {(letter, f"{letter}{person}"): person for letter in "lr" for person in range(60)}
    monkeypatch.setattr("adversary.truth_again", lambda _: world)
    assert reached(attack, PLANTED[attack], tmp_path).p < 1e-9
    assert reached(attack, "none", tmp_path).p > ALARM / len(ATTACKS)


def reached(attack: str, leak: str, folder: Path) -> Cell:
    """Ask about two sources with a leak between them."""
    chance = np.random.default_rng(6)
    orders = [order_of_people(leak, chance) for _ in range(2)]
    sides = [
        Side(
            np.array(ids_of_people(leak, letter, chance))[order],
            np.full(PEOPLE, letter),
            gaps_of_people(leak, chance)[order],
            {"batch": order.astype(str)} if leak == "batches" else {},
            file_of(leak, folder / f"{letter}.parquet"),
        )
        for letter, order in zip("lr", orders, strict=True)
    ]
    first = np.repeat(np.arange(PEOPLE), 4)
    second = np.where(np.arange(len(first)) % 4, chance.permutation(len(first)) % PEOPLE, first)
    rows = (np.argsort(orders[0])[first], np.argsort(orders[1])[second])
    scores = ATTACKS[attack](Asked(*sides, *rows, SEED)).astype(float)
    return weigh(scores[None], first == second)[0]


def order_of_people(leak: str, chance: np.random.Generator) -> np.ndarray:
    """Say which person each row is of."""
    if leak in {"in order", "row groups"}:
        return np.arange(PEOPLE)
    by_seed = leak == "shuffled by seed"
    return shuffled(PEOPLE, SEED) if by_seed else chance.permutation(PEOPLE)


def ids_of_people(leak: str, letter: str, chance: np.random.Generator) -> list[str]:
    """Give the id of each person's record."""
    drawn, people = chance.permutation(1_000_000)[:PEOPLE], np.arange(PEOPLE)
    plain = [f"{700_000 + 37 * person}" for person in people]
    if leak == "versions":
        return [f"{one}-V1" if letter == "r" else one for one in plain]
    if leak == "hashed" and letter == "r":
        digests = [hashlib.sha256(one.encode()).digest()[:8] for one in plain]
        return [f"H{int.from_bytes(digest, 'big') % 10**8}" for digest in digests]
    if leak == "hashed":
        return plain
    if leak == "known ids":
        return [f"{letter}{person}" for person in people]
    if leak == "same digits":
        return [f"{letter}{one:06}{person:04}" for one, person in zip(drawn, people, strict=True)]
    scale = {"numbered": people * 1_000 + drawn % 1_000}.get(leak, drawn)
    return [f"{letter}{one:06}" for one in scale]


def gaps_of_people(leak: str, chance: np.random.Generator) -> np.ndarray:
    """Say which fields each person's record leaves empty."""
    same = np.random.default_rng(8).random((PEOPLE, 8)) < 0.3
    return same if leak == "same gaps" else chance.random((PEOPLE, 8)) < 0.3


def file_of(leak: str, place: Path) -> Path | None:
    """Write a file whose parts are groups of rows."""
    if leak == "row groups":
        pq.write_table(pa.table({"row": range(PEOPLE)}), place, row_group_size=10)
        return place
    return None


def test_questions_set_people_beside_others_of_the_same_sources():
    """Each record stands in one true pair at most; one pair in four is of one person."""
    people = np.repeat(np.arange(300), 3)
    sides = [
        pd.DataFrame({"record_id": [f"{source}{n}" for n in range(900)], "source": source,
                      "person_id": people})
        for source in ("a", "b")
    ]  # fmt: skip
    both = pd.concat(sides)
    owner = dict(zip(both["record_id"], both["person_id"], strict=True))
    questions = ask(both, both, [("a", "b"), ("a", "a")])
    same = questions["left_id"].map(owner) == questions["right_id"].map(owner)
    assert same.tolist() == questions["same"].tolist()
    assert same.mean() == pytest.approx(1 / 4, abs=0.02)
    for (_, second), part in questions[same].groupby(["left_source", "right_source"]):
        # Of three records of a person within "a" two make a pair; of three in each, three.
        assert len(part) == {"a": 300, "b": MOST_TRUE_PAIRS}[second]
        ends = [*part["left_id"], *part["right_id"]]
        assert len(ends) == len(set(ends))


def test_what_an_attack_reached_is_the_area_under_its_curve():
    """As scikit-learn counts it, ties included; a constant score is blind."""
    chance = np.random.default_rng(3)
    same = chance.random(500) < 0.25
    scores = np.array([chance.integers(0, 9, 500) + 2 * same, np.ones(500)])
    cells = weigh(scores, same)
    assert cells[0].auc == pytest.approx(roc_auc_score(same, scores[0]))
    assert (0.5, 1.0) == (cells[1].auc, cells[1].p)


def test_false_alarms_are_as_rare_as_is_said():
    """Of 400 tables of 30 blind cells, at an alarm of 0.05: more than 36 in one of 1,000 tests."""
    chance = np.random.default_rng(4)
    same = np.arange(200) % 4 == 0
    alarms = 0
    for _ in range(400):
        cells = weigh(chance.random((30, 200)), same)
        alarms += bool(leaks(dict(enumerate(cells)), 0.05))
    assert alarms <= stats.binom.isf(0.001, 400, 0.05)


def test_a_leak_of_few_people_is_seen():
    """A score that names thirty of six hundred true pairs moves no curve, but is found."""
    chance = np.random.default_rng(9)
    same = np.arange(2_400) % 4 == 0
    scores = chance.random(2_400) + (same & (np.arange(2_400) < 120))
    (cell,) = weigh(scores[None], same)
    assert cell.auc < 0.53
    assert cell.p < ALARM / (len(ATTACKS) * 106)
