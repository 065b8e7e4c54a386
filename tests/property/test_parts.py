"""Parts and tables: the same rows in the same order, whatever the parts; content that adds up."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from darkfigure.synth.schema import STALE_VALUES, TABLES, Table
from darkfigure.synth.storage.content import Content, content_hash
from darkfigure.synth.storage.dataset import Dataset
from darkfigure.synth.storage.frozen import freeze
from darkfigure.synth.storage.manifest import write_manifest
from darkfigure.synth.storage.parts import Store

TEXT = st.one_of(st.none(), st.text(max_size=30))


def stale_values(n_rows: int) -> pa.Table:
    """Make rows of a table whose key has four columns, two of them coded, in no order."""
    number = [str(place * 7919 % n_rows) for place in range(n_rows)]
    columns = {
        "source": [("ed", "gp", "police/gwent")[place % 3] for place in range(n_rows)],
        "table": ["any"] * n_rows,
        "record_id": number,
        "column": [("surname", "town")[place % 2] for place in range(n_rows)],
        "known_value": [None if place % 5 else "Siân" for place in range(n_rows)],
        "true_value": number,
    }
    return STALE_VALUES.cast(pa.table(columns))


def written(folder: Path, cuts: list[int], *, spread: bool = False) -> Dataset:
    """Write the rows in parts, cut at some places, and open the dataset that comes of it."""
    store, rows = Store(folder, spread), stale_values(3_000)
    for number, (low, high) in enumerate(pairwise([0, *cuts, len(rows)])):
        store.keep(number, {STALE_VALUES.path: [rows.slice(low, high - low)]})
    if not spread:
        store.assemble(STALE_VALUES)
    scenario = {"name": "parts", "start": "2021-04-01", "years": 1}
    said = {"scenario": scenario, "seed": 1, "persons": 1}
    write_manifest(store.tables, said, store.described([STALE_VALUES]))
    return Dataset.open(store.tables)


@pytest.mark.parametrize("spread", [False, True])
@pytest.mark.parametrize("cuts", [[], [1], [0, 1_000, 1_000, 2_999]])
def test_parts_make_the_table(
    cuts: list[int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, spread: bool
):
    """Any parts, merged in many ranges or read as they lie, give the rows in key order."""
    monkeypatch.setattr("darkfigure.synth.storage.parts._RANGE_BYTES", 10_000)
    dataset = written(tmp_path, cuts, spread=spread)
    expected = sorted(stale_values(3_000).to_pylist(), key=lambda row: [row[k] for k in key()])
    assert expected == dataset.read("truth/stale_values").to_pylist()
    one = {"rows": 3_000, "hash": content_hash(stale_values(3_000))}
    assert dataset.tables == {"truth/stale_values": one}


@pytest.mark.parametrize("spread", [False, True])
def test_rows_of_finished_blocks_can_be_read_before_the_table_is_made(
    tmp_path: Path, *, spread: bool
):
    """Some of their columns, block after block; of a table that nobody wrote there are none."""
    store, rows = Store(tmp_path, spread), stale_values(100)
    assert len(store.rows(STALE_VALUES, ["true_value"])) == 0
    for number in (0, 1):
        store.keep(number, {STALE_VALUES.path: [rows.slice(number * 50, 50)]})
    read = store.rows(STALE_VALUES, ["source", "true_value"])
    assert read.column_names == ["source", "true_value"]
    assert sorted(read.to_pylist(), key=str) == sorted(
        rows.select(["source", "true_value"]).to_pylist(), key=str
    )


def key(shape: Table = STALE_VALUES) -> tuple[str, ...]:
    """Give the key of a table."""
    return shape.key


def test_some_columns_of_a_table_in_parts_come_in_order(tmp_path: Path):
    """Columns that are not the key's follow its order all the same."""
    dataset = written(tmp_path, [900, 2_000], spread=True)
    whole = dataset.read("truth/stale_values")["true_value"].to_pylist()
    assert whole == dataset.read("truth/stale_values", ["true_value"])["true_value"].to_pylist()


def test_an_unfinished_block_counts_for_nothing(tmp_path: Path):
    """What a block wrote before it was cut off is written over by the next attempt."""
    store, rows = Store(tmp_path), stale_values(100)
    store.keep(0, {STALE_VALUES.path: [rows]})
    (tmp_path / "blocks" / "00000.json").unlink()
    assert set() == store.finished()
    store.keep(0, {STALE_VALUES.path: [rows.slice(0, 10)]})
    store.assemble(STALE_VALUES)
    assert pq.read_metadata(store.tables / STALE_VALUES.path).num_rows == 10


@given(st.lists(st.tuples(TEXT, st.integers(-(2**40), 2**40) | st.none()), max_size=40), st.data())
def test_content_is_the_same_for_any_order_and_any_pieces(rows, data):
    """Shuffled, cut and dictionary-encoded rows add up to the same."""
    columns = [
        pa.array([row[i] for row in rows], t) for i, t in enumerate((pa.string(), pa.int64()))
    ]
    table = pa.table(columns, names=["text", "number"])
    order = data.draw(st.permutations(range(len(rows))))
    other = table.take(pa.array(order, pa.int64()))
    other = other.set_column(0, "text", pc.dictionary_encode(other["text"]))
    cut = data.draw(st.integers(0, len(rows)))
    pieces = Content.of(other.slice(0, cut)) + Content.of(other.slice(cut))
    assert Content.of(table).hexdigest(table.schema) == pieces.hexdigest(other.schema)


@pytest.mark.parametrize(
    "changed",
    [
        {"a": ["x", None], "b": ["y", "z"]},
        {"a": ["x", ""], "b": ["y", "zz"]},
        {"a": ["y", ""], "b": ["x", "z"]},
        {"a": ["x", ""], "b": ["z", "y"]},
        {"a": ["x", "\0"], "b": ["y", "z"]},
        {"a": ["x", "", ""], "b": ["y", "z", "z"]},
        {"a": ["x", ""], "c": ["y", "z"]},
    ],
)
def test_content_tells_any_change(changed):
    """A null, a letter, two cells exchanged, a row repeated, another column's name: all differ."""
    table = pa.table({"a": ["x", ""], "b": ["y", "z"]})
    assert content_hash(table) != content_hash(pa.table(changed))


def test_content_holds_every_byte_of_long_texts():
    """Texts that differ in one byte at any place differ."""
    texts = [("a" * place + "b").ljust(40, "a") for place in range(40)]
    hashes = {content_hash(pa.table({"t": [text]})) for text in texts}
    assert len(hashes) == len(texts)


def test_the_content_of_every_type_of_column_is_hashed(village: Dataset):
    """Each table of a dataset hashes the same row by row as in one piece."""
    for name in ("truth/incidents", "truth/persons", "ed/attendances"):
        table = village.read(name).slice(0, 50)
        rows = sum((Content.of(table.slice(i, 1)) for i in range(len(table))), Content())
        assert Content.of(table) == rows
        assert TABLES[f"{name}.parquet"].arrow == table.schema.remove_metadata()


def test_a_frozen_thing_comes_back_as_it_was(tmp_path: Path):
    """Arrays and tables lie in the file; they are equal and cannot be written to."""
    thing = {"one": np.arange(1_000), "none": np.empty(0), "table": stale_values(50), "word": "x"}
    frozen = freeze(thing, tmp_path / "thing")
    back = frozen.thaw()
    assert back["word"] == "x"
    assert back["table"].equals(thing["table"])
    assert (back["one"] == thing["one"]).all()
    with pytest.raises(ValueError, match="read-only"):
        back["one"][0] = 1
    assert ["thing"] == [file.name for file in tmp_path.iterdir()]
