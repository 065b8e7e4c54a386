"""Parts of tables that blocks write, and the tables that are made of them.

::

    FOLDER/
      parts/<table>/00003.arrow       the rows of block 3, in key order
      blocks/00003.json               block 3 is finished: rows and content of each of its parts
      tables/<table>                  the table, in key order
      tables/<table>/00003.parquet    or the parts themselves, where several machines write

A table is in key order whatever the blocks, since the order of rows must not reveal who lives with
whom. It is merged range by range of its key, so that memory does not grow with the table.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from darkfigure.synth.schema import TABLES, Table
from darkfigure.synth.storage.content import Content
from darkfigure.synth.storage.key_order import in_order

SYNTHETIC = "Synthetic data made by Darkfigure. Nobody here is a real person."
ROW_GROUP = 131_072
_RANGE_BYTES = 48 << 20  # merged at once
_SAMPLED = 64  # rows of each part among which the ranges' bounds are chosen
_JUDGED = 20_000  # rows that tell whether a column's values repeat
_REPEATS = 4  # times that a value comes, on average, for a dictionary to save more than it costs


@dataclass(frozen=True)
class Store:
    """A folder in which a dataset is made.

    Parameters
    ----------
    folder
        The folder.
    spread
        Whether parts are written as Parquet at the place of the table, and stay there.
    """

    folder: Path
    spread: bool = False

    @property
    def tables(self) -> Path:
        """Folder of the finished tables: the dataset to be."""
        return self.folder / "tables"

    @property
    def world(self) -> Path:
        """File of the data that all blocks share, if several processes work."""
        return self.folder / "world"

    def finished(self) -> set[int]:
        """Give the numbers of the blocks that need not be written again."""
        files = (self.folder / "blocks").glob("*.json")
        return {int(file.stem) for file in files if file.stem.isdecimal()}

    def mend(self) -> None:
        """Delete the files of an earlier call that are unfinished or damaged."""
        for number in self.finished():
            if not self._is_sound(number):
                self._note(number).unlink()
        finished, contents = self.finished(), self._contents()
        for file in _files(self.tables if self.spread else self.folder / "parts"):
            if not (file.stem.isdecimal() and int(file.stem) in finished):
                file.unlink()
        for file in [] if self.spread else _files(self.tables):
            path = file.relative_to(self.tables).as_posix()
            if path not in TABLES or not _holds(file, contents.get(path, Content())):
                file.unlink()

    def keep(self, number: int, tables: Mapping[str, Sequence[pa.Table]]) -> None:
        """Write the parts of a block, and then the note that it is finished.

        Parameters
        ----------
        number
            Number of the block.
        tables
            Pieces of each table, by path.
        """
        contents = {}
        for path, pieces in tables.items():
            part = in_key_order(TABLES[path], pa.concat_tables(pieces))
            content = Content.of(part)
            contents[path] = [content.rows, content.total]
            if len(part):
                self._write_part(path, number, part)
        _write_whole(self._note(number), json.dumps(contents))

    def shapes(self, sources: Collection[str]) -> list[Table]:
        """List the tables of some sources, and all other tables that the blocks wrote.

        Parameters
        ----------
        sources
            First folders of paths, such as "ed".
        """
        written = self._contents()
        return [
            table for table in TABLES.values() if table.source in sources or table.path in written
        ]

    def described(self, shapes: Iterable[Table]) -> dict[str, dict[str, int | str]]:
        """Give rows and content hash of tables, by path without ending, for the manifest."""
        written = self._contents()
        entries: dict[str, dict[str, int | str]] = {}
        for shape in shapes:
            content = written.get(shape.path, Content())
            name = shape.path.removesuffix(".parquet")
            entries[name] = {"rows": content.rows, "hash": content.hexdigest(shape.arrow)}
        return entries

    def _contents(self) -> dict[str, Content]:
        """Add up the contents that all finished blocks wrote of each table."""
        total: dict[str, Content] = {}
        for number in self.finished():
            for path, content in self._written(number).items():
                total[path] = total.get(path, Content()) + content
        return total

    def _written(self, number: int) -> dict[str, Content]:
        """Give the content that a finished block wrote of each table."""
        noted = json.loads(self._note(number).read_text(encoding="utf-8"))
        return {path: Content(*content) for path, content in noted.items()}

    def _is_sound(self, number: int) -> bool:
        """Tell whether the parts of a finished block exist and are unchanged."""
        with suppress(OSError, ValueError, TypeError, AttributeError):
            return all(
                path in TABLES and _holds(self._part(path, number), content)
                for path, content in self._written(number).items()
                if content.rows
            )
        return False

    def rows(self, shape: Table, columns: Sequence[str]) -> pa.Table:
        """Give the rows that finished blocks wrote of a table, some of its columns.

        Parameters
        ----------
        shape
            The table.
        columns
            Names of the columns.
        """
        files = (self._part(shape.path, number) for number in sorted(self.finished()))
        parts = [_read(file, columns) for file in files if file.exists()]
        return pa.concat_tables([shape.empty().select(list(columns)), *parts])

    def holds(self, shape: Table) -> bool:
        """Tell whether a table is in its place, merged or in parts."""
        return (self.tables / shape.path).exists()

    def assemble(self, shape: Table) -> None:
        """Merge the parts of a table into its file."""
        file = self.tables / shape.path
        files = (self._part(shape.path, number) for number in sorted(self.finished()))
        parts = [_mapped(part) for part in files if part.exists()]
        file.parent.mkdir(parents=True, exist_ok=True)
        beside = file.with_name(f".{file.name}.part")
        pieces = _merged(shape, parts)
        first = next(pieces)
        with pq.ParquetWriter(beside, _marked(shape.arrow), **encoding_of(first)) as out:
            for piece in chain([first], pieces):
                out.write_table(piece.replace_schema_metadata(_MARK), ROW_GROUP)
        beside.replace(file)

    def _note(self, number: int) -> Path:
        return self.folder / "blocks" / f"{number:05}.json"

    def _part(self, path: str, number: int) -> Path:
        if self.spread:
            return self.tables / path / f"{number:05}.parquet"
        return self.folder / "parts" / path / f"{number:05}.arrow"

    def _write_part(self, path: str, number: int, part: pa.Table) -> None:
        file = self._part(path, number)
        file.parent.mkdir(parents=True, exist_ok=True)
        if self.spread:
            pq.write_table(
                part.replace_schema_metadata(_MARK), file, ROW_GROUP, **encoding_of(part)
            )
        else:
            with pa.ipc.new_file(file, part.schema) as out:
                out.write_table(part)


_MARK = {"description": SYNTHETIC}


def _marked(schema: pa.Schema) -> pa.Schema:
    return schema.with_metadata(_MARK)


def encoding_of(piece: pa.Table) -> dict[str, Any]:
    """Give the settings under which Parquet writes a table.

    Columns whose values hardly repeat get no dictionary.

    Parameters
    ----------
    piece
        The first piece of the table.

    Returns
    -------
    Keyword arguments of `ParquetWriter`.
    """
    sample = piece.slice(0, _JUDGED)
    repeating = [
        name
        for name, column in zip(sample.column_names, sample.columns, strict=True)
        if pa.types.is_dictionary(column.type)
        or pc.count_distinct(column).as_py() * _REPEATS < len(sample)
    ]
    return {"compression": "zstd", "compression_level": 1, "use_dictionary": repeating or False}


def in_key_order(shape: Table, table: pa.Table) -> pa.Table:
    """Put a table's rows in the order of its key, each column in one chunk.

    Parameters
    ----------
    shape
        Table of the schema.
    table
        Its rows, in any order.
    """
    return in_order(shape.cast(table), shape.key)


def content_of(file: Path) -> Content:
    """Hash the content of a table's file or part; a damaged one raises Arrow's errors."""
    if file.suffix == ".arrow":
        part = _mapped(file)
        part.validate(full=True)
        return Content.of(part)
    batches = pq.ParquetFile(file).iter_batches(ROW_GROUP)
    return sum((Content.of(pa.Table.from_batches([batch])) for batch in batches), Content())


def _holds(file: Path, content: Content) -> bool:
    # A damaged file can raise any of these.
    with suppress(OSError, ValueError, TypeError, LookupError, pa.ArrowException):
        return content_of(file) == content
    return False


def _files(folder: Path) -> list[Path]:
    return [file for file in folder.rglob("*") if file.is_file()]


def _read(file: Path, columns: Sequence[str]) -> pa.Table:
    if file.suffix == ".arrow":
        return _mapped(file).select(list(columns))
    return pq.ParquetFile(file).read(columns=list(columns)).replace_schema_metadata(None)


def _mapped(file: Path) -> pa.Table:
    return pa.ipc.open_file(pa.memory_map(str(file))).read_all()


def _merged(shape: Table, parts: Sequence[pa.Table]) -> Iterator[pa.Table]:
    """Merge sorted parts range by range of the key."""
    if len(parts) <= 1:
        yield from parts or [shape.empty()]
        return
    bounds = _bounds(shape, parts)
    cuts = [[0, *(_place(shape, part, bound) for bound in bounds), len(part)] for part in parts]
    for number in range(len(bounds) + 1):
        pieces = [
            part.slice(cut[number], cut[number + 1] - cut[number])
            for part, cut in zip(parts, cuts, strict=True)
        ]
        yield in_key_order(shape, pa.concat_tables(pieces))


def _bounds(shape: Table, parts: Sequence[pa.Table]) -> list[tuple[Any, ...]]:
    """Choose keys that cut the table into ranges of about one size."""
    n_ranges = 1 + sum(part.nbytes for part in parts) // _RANGE_BYTES
    sample = sorted(
        _key(shape, part, place)
        for part in parts
        for place in range(0, len(part), max(1, len(part) // _SAMPLED))
    )
    return sorted({sample[i * len(sample) // n_ranges] for i in range(1, n_ranges)})


def _place(shape: Table, part: pa.Table, bound: tuple[Any, ...]) -> int:
    return bisect_left(range(len(part)), bound, key=lambda row: _key(shape, part, row))


def _key(shape: Table, part: pa.Table, row: int) -> tuple[Any, ...]:
    return tuple(part[name][row].as_py() for name in shape.key)


def _write_whole(file: Path, text: str) -> None:
    """Write a file so that it exists as a whole or not at all."""
    file.parent.mkdir(parents=True, exist_ok=True)
    beside = file.with_name(f".{file.name}.part")
    beside.write_text(text, encoding="utf-8")
    beside.replace(file)
