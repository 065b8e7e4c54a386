"""Ways to forge a dataset: its tables changed, then its checksums, hashes and seal made to fit."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from damages import CHANGES, Damage

from darkfigure.synth.schema import TABLES, Table
from darkfigure.synth.storage.content import Content
from darkfigure.synth.storage.manifest import sealed

Change = Callable[[pa.Table, Table], pa.Table]
Cells = Callable[[pa.ChunkedArray], pa.Array | pa.ChunkedArray]
Kind = Callable[[pa.DataType], bool]


_HASHED = 10_000
_text = pa.types.is_string


def forged(change: Change, pattern: str = "**/*.parquet") -> Damage:
    """Change tables and let the manifest say what they now are."""

    def damage(folder: Path) -> None:
        manifest = json.loads((folder / "manifest.json").read_text())
        for file in sorted(folder.glob(pattern)):
            path = file.relative_to(folder).as_posix()
            changed = change(pq.ParquetFile(file).read(), TABLES[path])
            pq.write_table(changed, file)
            said = {"rows": len(changed), "hash": _hash(changed)}
            manifest["tables"][path.removesuffix(".parquet")] = said
            manifest["files"][path] = {
                "bytes": file.stat().st_size,
                "sha256": hashlib.sha256(file.read_bytes()).hexdigest(),
            }
        (folder / "manifest.json").write_text(json.dumps(sealed(manifest)))

    return damage


def _hash(table: pa.Table) -> str:
    # The hash lays all texts out at the length of the longest.
    if any(_longest(column) > _HASHED for column in table.columns):
        return "0" * 64
    try:
        return Content.of(table).hexdigest(table.schema)
    except Exception:  # noqa: BLE001, of what cannot be hashed nobody can check the hash
        return "0" * 64


def _longest(column: pa.ChunkedArray) -> int:
    return (pc.max(pc.binary_length(column)).as_py() or 0) if _text(column.type) else 0


def lost(*names: str) -> Damage:
    """Take tables out of a dataset, and out of what it says of itself."""

    def damage(folder: Path) -> None:
        manifest = json.loads((folder / "manifest.json").read_text())
        for name in names:
            del manifest["tables"][name], manifest["files"][f"{name}.parquet"]
            (folder / f"{name}.parquet").unlink()
        (folder / "manifest.json").write_text(json.dumps(sealed(manifest)))

    return damage


def said(**change: Any) -> Damage:
    """Let the manifest say something else of the scenario."""

    def damage(folder: Path) -> None:
        manifest = json.loads((folder / "manifest.json").read_text())
        manifest["scenario"].update(change)
        (folder / "manifest.json").write_text(json.dumps(sealed(manifest)))

    return damage


def cells(
    kind: Callable[[pa.DataType], bool], become: Cells, *, keys: bool | None = None
) -> Change:
    """Change all columns of a kind: of the key, all others, or both."""

    def change(table: pa.Table, shape: Table) -> pa.Table:
        for place, field in enumerate(table.schema):
            chosen = keys is None or keys == (field.name in shape.key)
            if kind(field.type) and chosen:
                table = table.set_column(place, field, become(table.column(place)))
        return table

    return change


def named(column: str, become: Cells) -> Change:
    """Change one column, wherever it is."""

    def change(table: pa.Table, _: Table) -> pa.Table:
        if column not in table.column_names:
            return table
        place = table.column_names.index(column)
        return table.set_column(place, table.schema.field(place), become(table.column(place)))

    return change


def first(become: Cells) -> Cells:
    """Change the first cell alone."""

    def change(column: pa.ChunkedArray) -> pa.Array:
        plain = _plain(column.type)
        parts = [become(column.slice(0, 1)), column.slice(1)]
        whole = pa.chunked_array([part.cast(plain) for part in map(_whole_array, parts)], plain)
        return _whole_array(whole).cast(column.type)

    return change


def _whole_array(column: pa.Array | pa.ChunkedArray) -> pa.Array:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def _plain(kind: pa.DataType) -> pa.DataType:
    return kind.value_type if pa.types.is_dictionary(kind) else kind


def const(value: Any) -> Cells:
    """Put one value into every cell."""

    def become(column: pa.ChunkedArray) -> pa.Array:
        if pa.types.is_dictionary(column.type):
            indices = pa.array([0] * len(column), pa.int32())
            return pa.DictionaryArray.from_arrays(indices, pa.array([value], pa.string()))
        if isinstance(value, int):
            wide = pa.array([value] * len(column), pa.int64())
            return wide.cast(_number(column.type), safe=False).cast(column.type, safe=False)
        return pa.array([value] * len(column), column.type)

    return become


def _number(kind: pa.DataType) -> pa.DataType:
    if pa.types.is_date32(kind):
        return pa.int32()
    return kind if pa.types.is_integer(kind) else pa.int64()


def empty(column: pa.ChunkedArray) -> pa.Array:
    """Leave every cell empty."""
    return pa.nulls(len(column), column.type)


def unreadable(column: pa.ChunkedArray) -> pa.Array:
    """Put bytes that are no UTF-8 into every cell."""
    held = pa.array([b"\xff\xfe"] * len(column), pa.binary())
    return pa.StringArray.from_buffers(len(held), *held.buffers()[1:])


def _any(_: pa.DataType) -> bool:
    return True


def _temporal(kind: pa.DataType) -> bool:
    return bool(pa.types.is_temporal(kind))


_code = pa.types.is_dictionary
_whole, _flag = pa.types.is_integer, pa.types.is_boolean
_TRUTH, _AGENCIES = "truth/*.parquet", "[!t]*/**/*.parquet"


def retyped(kind: pa.DataType, other: pa.DataType) -> Damage:
    """Give all columns of a type another."""

    def change(table: pa.Table, _: Table) -> pa.Table:
        fields = [one.with_type(other) if one.type == kind else one for one in table.schema]
        return table.cast(pa.schema(fields), safe=False)

    return forged(change)


# What no dataset can hold: every verb refuses it.
IMPOSSIBLE: dict[str, Damage] = {
    **{name: forged(lambda table, _, change=change: change(table))
       for name, change in CHANGES.items()
       if name not in {"first row lost", "no rows", "all null"}},
    "all empty": forged(cells(_any, empty)),
    "keys empty": forged(cells(_any, empty, keys=True)),
    "first key empty": forged(cells(_any, first(empty), keys=True)),
    "texts steer": forged(cells(_text, const("\x1b[2Jgone"), keys=False)),
    "first text steers": forged(cells(_text, first(const("\u202egnp")), keys=False)),
    "codes steer": forged(cells(_code, const("\x07"))),
    "texts break lines": forged(cells(_text, const("a\nb"), keys=False)),
    "texts no UTF-8": forged(cells(_text, unreadable, keys=False)),
    "texts huge": forged(cells(_text, first(const("x" * 1_000_000)), keys=False)),
    "codes unknown": forged(cells(_code, const("banana"), keys=False)),
    "numbers negative": forged(cells(_whole, first(const(-1)))),
    "numbers huge": forged(cells(_whole, first(const(2**63 - 1)))),
    "numbers all huge": forged(cells(pa.types.is_int64, const(2**62), keys=False)),
    "days far ahead at agencies": forged(cells(_temporal, const(2**31 - 1)), _AGENCIES),
    "days far ahead": forged(cells(_temporal, const(2**31 - 1), keys=False)),
    "days before all": forged(cells(_temporal, first(const(-(2**31))))),
    "texts as large texts": retyped(pa.string(), pa.large_string()),
    "texts as bytes": retyped(pa.string(), pa.binary()),
    "times in nanoseconds": retyped(pa.timestamp("ms"), pa.timestamp("ns")),
    "numbers as fractions": retyped(pa.int64(), pa.float64()),
    "a column more": forged(lambda table, _: table.append_column("x", pa.nulls(len(table)))),
    "columns in another order": forged(lambda table, _: table.select(table.column_names[::-1])),
}  # fmt: skip


def _some(table: pa.Table, _: Table, *, keep: slice) -> pa.Table:
    rows = range(len(table))[keep]
    return table.take(pa.array(rows, pa.int64()))


# What a dataset could hold, though ours hold nothing of the kind: a verb answers or refuses.
STRANGE: dict[str, Damage] = {
    "no rows": forged(partial(_some, keep=slice(0))),
    "one row": forged(partial(_some, keep=slice(1))),
    "first row lost": forged(partial(_some, keep=slice(1, None))),
    "every other row lost": forged(partial(_some, keep=slice(None, None, 2))),
    "truth without rows": forged(partial(_some, keep=slice(0)), _TRUTH),
    "agencies without rows": forged(partial(_some, keep=slice(0)), _AGENCIES),
    "others empty": forged(cells(_any, empty, keys=False)),
    "others empty at agencies": forged(cells(_any, empty, keys=False), _AGENCIES),
    "first of others empty at agencies": forged(cells(_any, first(empty), keys=False), _AGENCIES),
    "texts without letters": forged(cells(_text, const(""), keys=False)),
    "texts of quotes": forged(cells(_text, const("' OR 1=1; --"), keys=False)),
    "people unknown": forged(named("person_id", const(2**47)), "truth/record_*.parquet"),
    "everybody one": forged(named("person_id", const(7)), "truth/record_*.parquet"),
    "incidents unknown": forged(named("incident_id", const(2**47)), "truth/record_*.parquet"),
    "people lost": forged(partial(_some, keep=slice(0)), "truth/persons.parquet"),
    "who is who lost": forged(partial(_some, keep=slice(0)), "truth/record_persons.parquet"),
    "study before all": said(start="1900-01-01"),
    **{f"no table {name}": lost(name) for name in ("truth/persons", "truth/record_persons")},
}  # fmt: skip
