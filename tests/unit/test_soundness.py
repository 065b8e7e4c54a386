"""What no table of ours holds is told in a sentence; what ours hold is nothing to tell of."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from darkfigure.synth.schema import TABLES
from darkfigure.synth.storage.dataset import Dataset
from darkfigure.synth.storage.key_order import rises
from darkfigure.synth.storage.soundness import find_fault

PEOPLE = TABLES["truth/telephones.parquet"]
DAY = pa.array([0, 0, 1], pa.int32())


def telephones(**changes: pa.Array) -> pa.Table:
    """Three telephone numbers of two people, some columns changed."""
    columns = {
        "person_id": pa.array([1, 2, 2]),
        "valid_from": DAY.cast(pa.date32()),
        "telephone": pa.array(["04", None, "06"]),
    }
    return pa.table(columns | changes)


def test_nothing_is_wrong_with_our_own(village: Dataset):
    """Whole or piece by piece, all columns or some."""
    assert "" == find_fault(PEOPLE, [telephones()])
    for name in village.tables:
        table, shape = village.read(name), TABLES[f"{name}.parquet"]
        pieces = [table.slice(start, 1_000) for start in range(0, len(table), 1_000)]
        assert "" == find_fault(shape, [table]) == find_fault(shape, pieces), name


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"person_id": pa.array([1, None, 2])}, "person_id is empty in 1 rows"),
        ({"person_id": pa.array([2, 2, 1])}, "not in the order of it"),
        ({"person_id": pa.array([1, 2, 2**48])}, "holds 281,474,976,710,656; it lies between 0"),
        ({"person_id": pa.array([-1, 2, 2])}, "person_id holds -1"),
        ({"valid_from": pa.array([0, 1, 1], pa.int32()).cast(pa.date32())}, "two rows share"),
        ({"valid_from": pa.array([0, 0, 10**6], pa.int32()).cast(pa.date32())}, "days since 1970"),
        ({"telephone": pa.array(["04", "\x1b[2J", None])}, r"control character: '\\x1b[2J'"),
        ({"telephone": pa.array(["04", "0\u202e4", None])}, r"control character: '0\\u202e4'"),
        ({"telephone": pa.array(["04", "0\n4", None])}, "control character: '0 4'"),
        ({"telephone": pa.array(["x" * 4_001, "", ""])}, "a text of 4,001 bytes"),
    ],
)
def test_what_cannot_be_is_told(changes: dict[str, pa.Array], told: str):
    """With its column, and the value where it can be shown."""
    assert told in find_fault(PEOPLE, [telephones(**changes)])


def test_letters_of_any_script_are_sound():
    """Only what steers is not."""
    assert "" == find_fault(PEOPLE, [telephones(telephone=pa.array(["Siân", "王五", "a\u200db"]))])


def test_texts_that_are_no_utf8_are_told():
    """Whoever read them would fall over them."""
    held = pa.array([b"04", b"\xff", b"06"], pa.binary())
    texts = pa.StringArray.from_buffers(3, *held.buffers()[1:])
    assert "telephone holds a text that is no UTF-8" == find_fault(
        PEOPLE, [telephones(telephone=texts)]
    )


def test_codes_that_are_in_no_list_are_told():
    """And columns that are never empty, if they are."""
    people = TABLES["truth/record_incidents.parquet"]
    rows = {"source": ["ed"], "table": ["x"], "record_id": ["1"], "incident_id": [None]}
    assert "incident_id is empty in 1 rows" == find_fault(
        people, [pa.table(rows).cast(people.arrow)]
    )
    relations = TABLES["truth/relationships.parquet"]
    rows = {"person_id": [1], "other_id": [2], "relation": ["banana"]}
    assert "relation holds 'banana', which is no code of it" == find_fault(
        relations, [pa.table(rows).cast(relations.arrow)]
    )


def test_rows_that_repeat_across_pieces_are_told():
    """The last row of a piece and the first of the next."""
    assert "two rows share" in find_fault(PEOPLE, [telephones().slice(0, 2), telephones().slice(1)])


def test_a_key_rises_or_does_not():
    """As sorting says: for any rows of three columns of few values."""
    dice = np.random.default_rng(1)
    for _ in range(300):
        cells = dice.integers(0, 3, (dice.integers(0, 5), 3))
        rows = [tuple(row) for row in cells.tolist()]
        words = pa.array([f"w{row[1]}" for row in rows], pa.string()).dictionary_encode()
        texts = pa.array([f"t{row[2]}" for row in rows], pa.string())
        keys = pa.table({"a": pa.array(cells[:, 0]), "b": words, "c": texts})
        assert (rows == sorted(set(rows))) == rises(keys)
