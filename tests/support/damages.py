"""Ways to damage a dataset and the folder of a run, each a function of its folder."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from darkfigure.synth.storage.manifest import sealed

Damage = Callable[[Path], object]
_TEXT = "\x1b[2J\u202e' OR 1=1; --"


def tables(folder: Path) -> Iterator[Path]:
    """Give every table of a dataset, or of a run alone."""
    yield from sorted(
        file for file in folder.rglob("*.parquet") if "datasets" not in file.parts[-4:-1]
    )


def each(change: Damage) -> Damage:
    """Do the same to every table."""

    def damage(folder: Path) -> None:
        for file in tables(folder):
            change(file)

    return damage


def flip(file: Path) -> None:
    """Change one bit in the middle."""
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


def cut(file: Path) -> None:
    """Let it end early."""
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def lose_magic(file: Path) -> None:
    """Take away the mark at the end."""
    file.write_bytes(file.read_bytes()[:-4] + b"XXXX")


def grow(file: Path) -> None:
    """Put something behind the end."""
    file.write_bytes(file.read_bytes() + b"\x00" * 7)


def be_folder(file: Path) -> None:
    """Put an empty folder in its place."""
    file.unlink()
    file.mkdir()


def be_loop(file: Path) -> None:
    """Put a link to itself in its place."""
    file.unlink()
    file.symlink_to(file)


def be_csv(file: Path) -> None:
    """Write something else under its name."""
    file.write_text("record_id,surname\n1,Jones\n")


def rewritten(change: Callable[[pa.Table], pa.Table]) -> Damage:
    """Write what a table becomes in its place."""

    def damage(file: Path) -> None:
        table = pq.ParquetFile(file).read()
        pq.write_table(change(table), file)

    return damage


def _emptied(column: pa.ChunkedArray) -> pa.Array:
    return pa.nulls(len(column), column.type)


def _texts(table: pa.Table) -> pa.Table:
    """Put a text that steers into every column of texts."""
    for place, field in enumerate(table.schema):
        if pa.types.is_string(field.type):
            texts = pa.array([_TEXT] * len(table), pa.string())
            table = table.set_column(place, field, texts)
    return table


CHANGES: dict[str, Callable[[pa.Table], pa.Table]] = {
    "first row lost": lambda table: table.slice(1),
    "no rows": lambda table: table.slice(0, 0),
    "rows twice": lambda table: pa.concat_tables([table, table]),
    "rows backwards": lambda table: table.take(pa.array(range(len(table) - 1, -1, -1), pa.int64())),
    "all null": lambda table: pa.table([_emptied(one) for one in table.columns], table.schema),
    "texts that steer": _texts,
    "last column lost": lambda table: table.select(table.column_names[:-1]),
    "no columns": lambda table: table.select([]),
    "columns renamed": lambda table: table.rename_columns([f"{x}_" for x in table.column_names]),
    "columns twice": lambda table: pa.table(
        [*table.columns, table.column(0)], names=[*table.column_names, table.column_names[0]]
    ),
    "numbers as text": lambda table: pa.table(
        [pa.array([str(x) for x in one.to_pylist()]) for one in table.columns], table.column_names
    ),
}
FILES: dict[str, Damage] = {
    "bit flipped": flip,
    "cut in half": cut,
    "mark lost": lose_magic,
    "longer": grow,
    "empty": lambda file: file.write_bytes(b""),
    "gone": lambda file: file.unlink(),
    "a folder": be_folder,
    "a loop": be_loop,
    "another form": be_csv,
    **{name: rewritten(change) for name, change in CHANGES.items()},
}


def manifest(change: Callable[[dict[str, Any]], object], *, seal: bool = False) -> Damage:
    """Change what a manifest says."""

    def damage(folder: Path) -> None:
        file = folder / "manifest.json"
        data = json.loads(file.read_text())
        change(data)
        file.write_text(json.dumps(sealed(data) if seal else data))

    return damage


def text(content: str) -> Damage:
    """Write something else in a manifest's place."""
    return lambda folder: (folder / "manifest.json").write_text(content)


MANIFESTS: dict[str, Damage] = {
    "manifest gone": lambda folder: (folder / "manifest.json").unlink(),
    "manifest a folder": lambda folder: be_folder(folder / "manifest.json"),
    "manifest a loop": lambda folder: be_loop(folder / "manifest.json"),
    "manifest empty": text(""),
    "manifest cut": lambda folder: cut(folder / "manifest.json"),
    "manifest a list": text("[]"),
    "manifest null": text("null"),
    "manifest nested": text("[" * 200_000),
    "manifest of long numbers": text('{"seed": ' + "9" * 5_000 + "}"),
    "manifest no UTF-8": lambda folder: (folder / "manifest.json").write_bytes(b'{"a": "\xff"}'),
}
_ANY = {"rows": 1, "hash": "0" * 64}
DATASET: dict[str, Damage] = {
    **MANIFESTS,
    **{f"no {key}": manifest(lambda m, key=key: m.pop(key), seal=True) for key in (
        "format", "columns", "scenario", "seed", "persons", "tables", "files", "notice",
    )},
    **{f"{key} a text": manifest(lambda m, key=key: m.update({key: "x"}), seal=True) for key in (
        "scenario", "seed", "persons", "tables", "files", "columns",
    )},
    "no tables named": manifest(lambda m: m.update(tables={}), seal=True),
    "start no day": manifest(lambda m: m["scenario"].update(start="banana"), seal=True),
    "start SQL": manifest(lambda m: m["scenario"].update(start="2021-04-01' OR 1"), seal=True),
    "years a text": manifest(lambda m: m["scenario"].update(years="3"), seal=True),
    "name a path": manifest(lambda m: m["scenario"].update(name="../x"), seal=True),
    "title steers": manifest(lambda m: m["scenario"].update(title=_TEXT), seal=True),
    "seed edited": manifest(lambda m: m.update(seed=7)),
    "unknown table": manifest(lambda m: m["tables"].update(x=_ANY), seal=True),
    **{f"tables: {name}": each(damage) for name, damage in FILES.items()},
}  # fmt: skip


def part(pattern: str, change: Damage) -> Damage:
    """Do something to some files of a run."""

    def damage(folder: Path) -> None:
        for file in sorted(folder.glob(pattern)):
            change(file)

    return damage


def _mark(file: Path, metadata: dict[str, str]) -> None:
    table = pq.ParquetFile(file).read().replace_schema_metadata(metadata)
    pq.write_table(table, file)


def worlds(**change: object) -> Damage:
    """Change what a run's manifest says of every world."""
    return manifest(lambda data: [world.update(change) for world in data["datasets"].values()])


def marked(metadata: str) -> Damage:
    """Let links say that they are of another cell, or of none."""
    return part("links/*", lambda file: _mark(file, {"darkfigure": metadata}))


_STRANGE = ('{"which": 1}', '{"which": {"a": 1}, "gives_probability": 1, "taught": {}}', "[]", "{")
RUN: dict[str, Damage] = {
    **MANIFESTS,
    **{f"no {key}": manifest(lambda m, key=key: m.pop(key)) for key in (
        "suite", "datasets", "versions", "guards",
    )},
    **{f"{key} a number": manifest(lambda m, key=key: m.update({key: 1})) for key in (
        "suite", "datasets", "versions", "guards",
    )},
    "suite without linkers": manifest(lambda m: m["suite"].pop("linkers")),
    "suite of another title": manifest(lambda m: m["suite"].update(title=_TEXT)),
    "suite of another task": manifest(lambda m: m["suite"].update(tasks=[{"left": "gp"}])),
    "no datasets named": manifest(lambda m: m.update(datasets={})),
    "datasets null": manifest(lambda m: m.update(datasets=dict.fromkeys(m["datasets"]))),
    "scenario a list": worlds(scenario=[]),
    "hashes a list": worlds(hashes=[]),
    "hashes others": worlds(hashes={"x": "0"}),
    "dispersion null": worlds(dispersion=[None]),
    "datasets gone": lambda folder: shutil.rmtree(folder / "datasets"),
    "datasets damaged": part("datasets/*/*/*.parquet", flip),
    "datasets without manifest": part("datasets/*/manifest.json", lambda file: file.unlink()),
    **{f"results: {name}": part("*.parquet", damage) for name, damage in FILES.items()},
    **{f"links: {name}": part("links/*", damage) for name, damage in FILES.items()},
    **{f"links marked {number}": marked(mark) for number, mark in enumerate(_STRANGE)},
    **{f"candidates: {name}": part("candidates/*", FILES[name]) for name in (
        "cut in half", "no columns", "numbers as text", "all null", "a folder",
    )},
}  # fmt: skip
