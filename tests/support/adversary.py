"""A linker that never looks at an identity: it guesses by all else that it is given.

It gets no pairs to learn from. The "labelled" pairs that it is handed are questions, all labelled
alike; it answers each with a score for each of its attacks. It stands alone, as others' linkers do.
"""

from __future__ import annotations

import hashlib
import os
import random
import re
import tempfile
import zlib
from collections.abc import Callable
from functools import cache
from itertools import takewhile
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

IDENTITY = (
    *("surname", "forename", "middle_name", "sex", "date_of_birth", "ethnic_group", "house"),
    *("street", "town", "postcode", "nhs_number", "telephone", "upn"),
)
# Whether somebody has a middle name is a fact about them, not about their records.
MAY_BE_EMPTY = tuple(name for name in IDENTITY if name != "middle_name")
_SEEDS = (0, 1, 2, 3, 42)
_CLOSE = 2  # rows apart that count as side by side
_REGENERATED = 400  # people; samples nest, so these are in every larger one


class Side(NamedTuple):
    """The records of one side without their identities.

    Parameters
    ----------
    ids, sources
        Text, shape (n,).
    gaps
        Shape (n, fields); where a field of the identity is empty.
    others
        Columns that are neither id, source nor identity, as text.
    file
        Where the records lie, if that was found.
    """

    ids: np.ndarray
    sources: np.ndarray
    gaps: np.ndarray
    others: dict[str, np.ndarray]
    file: Path | None = None

    @classmethod
    def of(cls, table: pa.Table, file: Path | None = None) -> Side:
        """Take all but the identities from a table as linkers get it."""
        known = {"record_id", "source", *IDENTITY}
        texts = {
            name: np.array(list(map(str, table[name].to_pylist())))
            for name in table.column_names
            if name not in IDENTITY
        }
        fields = [name for name in MAY_BE_EMPTY if name in table.column_names]
        gaps = [table[name].is_null().to_numpy() for name in fields]
        others = {name: texts[name] for name in texts if name not in known}
        return cls(texts["record_id"], texts["source"], np.column_stack(gaps), others, file)

    def share(self, values: np.ndarray) -> np.ndarray:
        """Give each record's place among those of its source when sorted by some values: 0 to 1."""
        place = np.empty(len(values))
        for source in np.unique(self.sources):
            rows = np.flatnonzero(self.sources == source)
            order = np.argsort(values[rows], kind="stable")
            place[rows[order]] = (np.arange(len(rows)) + 0.5) / len(rows)
        return place


class Asked(NamedTuple):
    """Pairs to score: rows of the left and the right side, and the seed that was given."""

    left: Side
    right: Side
    left_rows: np.ndarray
    right_rows: np.ndarray
    seed: int

    def pick(self, of: Callable[[Side], np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
        """Work something out for each record, and give it for both records of each pair."""
        return of(self.left)[self.left_rows], of(self.right)[self.right_rows]

    def closeness(self, of: Callable[[Side], np.ndarray]) -> np.ndarray:
        """Score pairs by how near two values are."""
        first, second = self.pick(of)
        return -np.abs(first - second)


def number_of(text: str) -> float:
    """Read all digits of a text as one number."""
    return float(re.sub(r"\D", "", text) or 0)


def numbers(asked: Asked) -> np.ndarray:
    """Ids that are near as numbers."""
    return asked.closeness(lambda side: np.array([number_of(one) for one in side.ids]))


def neighbours(asked: Asked) -> np.ndarray:
    """Ids that stand at the same place when each source is sorted by them."""
    return asked.closeness(lambda side: side.share(side.ids))


def rows(asked: Asked) -> np.ndarray:
    """Records that stand at the same place of their sources, as they were given."""
    return asked.closeness(lambda side: side.share(np.arange(len(side.ids))))


def row_numbers(asked: Asked) -> np.ndarray:
    """Records that stand in the same row, or side by side."""
    return asked.closeness(lambda side: np.arange(len(side.ids)))


def digits(asked: Asked) -> np.ndarray:
    """Ids that share characters at the same places, from either end."""
    pairs = zip(*asked.pick(lambda side: side.ids), strict=True)
    return np.array([same(a, b) + same(a[::-1], b[::-1]) for a, b in pairs])


def same(first: str, second: str) -> int:
    """Count places at which two texts have the same character."""
    return sum(a == b for a, b in zip(first, second, strict=False))


def suffixes(asked: Asked) -> np.ndarray:
    """Ids that are another's with something added, or that have the same thing added."""
    pairs = zip(*asked.pick(lambda side: side.ids), strict=True)
    return np.array([2 * (stem(a) == stem(b)) + (added(a) == added(b) != "") for a, b in pairs])


def stem(text: str) -> str:
    """Give an id up to its last mark."""
    return re.split(r"[-_/.:]", text)[0]


def added(text: str) -> str:
    """Give what an id has after its last mark."""
    return text[len(stem(text)) :]


def hashes(asked: Asked) -> np.ndarray:
    """Ids of which one looks like a hash of the other: in how many last digits."""
    first, second = asked.pick(lambda side: side.ids)
    both = (*zip(first, second, strict=True), *zip(second, first, strict=True))
    likeness = np.array([hash_likeness(a, b) for a, b in both])
    return likeness.reshape(2, -1).max(axis=0)


def hash_likeness(text: str, other: str) -> int:
    """Count the last digits that some hash of a text shares with another."""
    wanted = re.sub(r"\D", "", other)
    return max(length_of_shared_end(one, wanted) for one in hashes_of(text))


@cache
def hashes_of(text: str) -> list[str]:
    """Give hashes of a text, as numbers."""
    plain = text.encode()
    whole = [hashlib.new(name, plain).digest() for name in ("md5", "sha1", "sha256", "blake2b")]
    numbers = [int.from_bytes(digest[:8], order) for digest in whole for order in ("big", "little")]
    return list(map(str, [*numbers, zlib.crc32(plain), zlib.adler32(plain)]))


def length_of_shared_end(first: str, second: str) -> int:
    """Count the last characters that two texts share."""
    backwards = zip(reversed(first), reversed(second), strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], backwards))


def gaps(asked: Asked) -> np.ndarray:
    """Records that leave the same fields empty."""
    first, second = asked.pick(lambda side: side.gaps)
    return -(first != second).sum(axis=1)


def columns(asked: Asked) -> np.ndarray:
    """Records with the same values in columns that are no identity."""
    shared = asked.left.others.keys() & asked.right.others.keys()
    score = np.zeros(len(asked.left_rows))
    for name in sorted(shared):
        first, second = asked.pick(lambda side, name=name: side.others[name])
        score += first == second
    return score


def files(asked: Asked) -> np.ndarray:
    """Records that lie in the same part of their files, or that a file's metadata names."""
    first, second = asked.pick(part_of_file)
    named = asked.pick(named_by_file)
    return -np.abs(first - second) + 10.0 * (named[0] & named[1])


def part_of_file(side: Side) -> np.ndarray:
    """Give the part of the file in which each record lies, as a share of all parts."""
    if side.file is None:
        return np.zeros(len(side.ids))
    sizes, _ = layout(side.file)
    return np.repeat(np.arange(len(sizes)) / max(len(sizes), 1), sizes)


def named_by_file(side: Side) -> np.ndarray:
    """Tell which ids stand in the metadata of the file."""
    told = layout(side.file)[1] if side.file else {}
    words = set(re.findall(r"[\w/-]+", " ".join(map(str, told.values()))))
    return np.array([one in words for one in side.ids])


def layout(file: Path) -> tuple[list[int], dict[bytes, bytes]]:
    """Give the sizes of the parts of a file, Parquet or Arrow, and its metadata."""
    if file.suffix == ".parquet":
        told = pq.read_metadata(file)
        sizes = [told.row_group(number).num_rows for number in range(told.num_row_groups)]
        return sizes, told.metadata or {}
    with pa.memory_map(str(file)) as source:
        opened = pa.ipc.open_file(source)
        sizes = [opened.get_batch(number).num_rows for number in range(opened.num_record_batches)]
        return sizes, opened.schema.metadata or {}


def orders(asked: Asked) -> np.ndarray:
    """Records that stood side by side before a shuffle by a seed that suggests itself."""
    score = np.zeros(len(asked.left_rows))
    for seed in {*_SEEDS, asked.seed}:
        for shuffle in (shuffled, shuffled_of_old, shuffled_by_python):
            near = asked.closeness(lambda side, s=seed, f=shuffle: f(len(side.ids), s))
            back = asked.closeness(lambda side, s=seed, f=shuffle: np.argsort(f(len(side.ids), s)))
            score += (near >= -_CLOSE) | (back >= -_CLOSE)
    return score


def shuffled(size: int, seed: int) -> np.ndarray:
    """Shuffle rows with numpy's generator."""
    return np.random.default_rng(seed).permutation(size)


def shuffled_of_old(size: int, seed: int) -> np.ndarray:
    """Shuffle rows with numpy's generator of old."""
    return np.random.RandomState(seed % (1 << 32)).permutation(size)


def shuffled_by_python(size: int, seed: int) -> np.ndarray:
    """Shuffle rows with Python's generator."""
    order = list(range(size))
    random.Random(seed).shuffle(order)  # noqa: S311, no secret
    return np.array(order)


def regenerated(asked: Asked) -> np.ndarray:
    """Records whose ids are of one person in the world that the given seed makes."""
    person = truth_again(asked.seed)
    first, second = asked.pick(lambda side: owners(side, person))
    return (first == second) & (first >= 0)


def owners(side: Side, person: dict[tuple[str, str], int]) -> np.ndarray:
    """Give the person of each record, -1 where the id is not known."""
    return np.array([person.get(key, -1) for key in zip(side.sources, side.ids, strict=True)])


def truth_again(seed: int) -> dict[tuple[str, str], int]:
    """Make some of the world again with the project's own code, if that can be imported."""
    from darkfigure import scenarios
    from darkfigure.synth.pipeline import generate
    from darkfigure.synth.schema import SUBJECTS

    scenario = scenarios.load_scenario("merthyr", persons=_REGENERATED, seed=seed)
    with tempfile.TemporaryDirectory() as folder:
        about = generate(scenario, Path(folder) / "world").read("truth/record_persons")
    return {
        (row["source"], row["record_id"]): row["person_id"]
        for row in about.to_pylist()
        if SUBJECTS[row["source"]].name == row["table"]
    }


ATTACKS = {
    attack.__name__: attack
    for attack in (
        *(numbers, neighbours, rows, row_numbers, digits, suffixes, hashes),
        *(gaps, columns, files, orders, regenerated),
    )
}
# How many ranks each may give: a score holds 53 bits, and all that are asked at once share them.
LEVELS = {
    **dict.fromkeys(("numbers", "neighbours", "rows", "row_numbers"), 1 << 13),
    **dict.fromkeys(("digits", "files", "orders"), 1 << 8),
    **dict.fromkeys(("hashes", "gaps", "columns"), 1 << 5),
    **dict.fromkeys(("suffixes", "regenerated"), 1 << 2),
}


class Adversary:
    """Scores the pairs that it is asked about.

    Parameters
    ----------
    attacks
        Names of attacks whose `LEVELS` multiply to no more than 53 bits.
    """

    name = "adversary"

    def __init__(self, attacks: list[str]) -> None:
        self._attacks = attacks

    def fit(self, left: pa.Table, right: pa.Table, labelled: pa.Table) -> None:
        """Take note of the questions; their labels say nothing."""
        del left, right
        self._questions = labelled

    def link(self, left: pa.Table, right: pa.Table, *, seed: int) -> pa.Table:
        """Answer with a score that holds the rank of each question under each attack."""
        sides = [Side.of(table, found(name)) for name, table in (("left", left), ("right", right))]
        pairs = (
            rows_of(self._questions[f"{name}_id"], side)
            for name, side in zip(("left", "right"), sides, strict=True)
        )
        asked = Asked(*sides, *pairs, seed)
        status = [f"file {'seen' if sides[0].file else 'not seen'}"]
        score = np.zeros(len(self._questions))
        for attack in self._attacks:
            ranks, said = answer(attack, asked)
            score = score * LEVELS[attack] + np.minimum(ranks, LEVELS[attack] - 1)
            status.append(f"{attack}: {said}")
        links = {name: self._questions[name] for name in ("left_id", "right_id")}
        return pa.table({**links, "score": score, "status": ["; ".join(status)] * len(score)})


def rows_of(ids: pa.ChunkedArray, side: Side) -> np.ndarray:
    """Find the rows of ids."""
    row = {one: number for number, one in enumerate(side.ids)}
    return np.array([row[one] for one in ids.to_pylist()])


def answer(attack: str, asked: Asked) -> tuple[np.ndarray, str]:
    """Give the rank of each question, and how the attack went."""
    try:
        scores = ATTACKS[attack](asked)
    except Exception as error:  # noqa: BLE001, whatever keeps it from guessing leaves it blind
        return np.zeros(len(asked.left_rows)), f"refused, {type(error).__name__}"
    return ranks_of(scores, asked), "tried"


def ranks_of(scores: np.ndarray, asked: Asked) -> np.ndarray:
    """Rank scores among the questions about the same two sources; equal ones get one rank."""
    first, second = asked.pick(lambda side: side.sources)
    which = np.array([f"{a} {b}" for a, b in zip(first, second, strict=True)])
    ranks = np.empty(len(scores))
    for pair in np.unique(which):
        rows = np.flatnonzero(which == pair)
        ranks[rows] = np.unique(scores[rows], return_inverse=True)[1]
    return ranks


def found(name: str) -> Path | None:
    """Look for the file of one side where a linker works, and beside that."""
    told = [os.environ[name] for name in ("TMPDIR", "HOME") if name in os.environ]
    for folder in (Path.cwd(), *map(Path, told)):
        for kind in ("parquet", "arrow"):
            for file in (folder / f"{name}.{kind}", *folder.parent.glob(f"*/{name}.{kind}")):
                if file.exists():
                    return file
    return None
