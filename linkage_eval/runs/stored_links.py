"""Stored links: a linker's scored pairs on disk, with all that measuring them again needs."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from darkfigure.linkage_eval.contracts import LINKS, Pairs
from darkfigure.linkage_eval.evaluation.evaluate import LinkerClaims
from darkfigure.linkage_eval.links.table import to_links
from darkfigure.linkage_eval.rows import CellKey
from darkfigure.synth.core.errors import DatasetError, OutputError
from darkfigure.synth.storage.replacing import refuse_special

_CELL = b"darkfigure"


@dataclass(frozen=True)
class StoredLinks:
    """A linker's links as stored, with all that is needed to measure them again.

    Parameters
    ----------
    which
        The cell of the grid.
    links
        Scored pairs by their ids, in order (schema `LINKS`).
    claims
        The linker's claims beside them.
    """

    which: CellKey
    links: pa.Table
    claims: LinkerClaims = field(default_factory=LinkerClaims)


def write_answer(folder: Path, answer: StoredLinks) -> None:
    """Write links and candidates below the folder of a run.

    Parameters
    ----------
    folder
        Folder of the run.
    answer
        The links, whose cell names the files.

    Raises
    ------
    OutputError
        The folder cannot be written.
    """
    cell = {
        "which": vars(answer.which),
        "gives_probability": answer.claims.gives_probability,
        "taught": dict(answer.claims.taught),
        "reads": answer.claims.reads,
    }
    marked = answer.links.replace_schema_metadata({_CELL: json.dumps(cell)})
    name = answer.which.file
    write_file(folder / "links" / name, partial(pq.write_table, marked))
    if answer.claims.candidates is not None:
        write_candidates(folder / "candidates" / name, answer.claims.candidates)


def read_answer(file: Path) -> StoredLinks:
    """Read an answer from its file of links.

    Raises
    ------
    DatasetError
        A file is damaged, or an earlier version wrote it.
    """
    try:
        links = pq.ParquetFile(file).read()
        lacking = [name for name in LINKS.names if name not in links.column_names]
        if lacking:
            raise DatasetError(f"{file} lacks {', '.join(lacking)}. Run the suite again.")
        cell = json.loads((links.schema.metadata or {})[_CELL])
        claims = LinkerClaims(
            cell["gives_probability"],
            read_candidates(file.parent.parent / "candidates" / file.name),
            cell["taught"],
            None if cell["reads"] is None else tuple(cell["reads"]),
        )
        return StoredLinks(CellKey(**cell["which"]), to_links(links), claims)
    except (OSError, ValueError, KeyError, TypeError) as error:
        reason = str(error).splitlines()[0]
        raise DatasetError(f"{file} is damaged: {reason}. Run the suite again.") from None


def write_candidates(file: Path, pairs: Pairs) -> None:
    """Write the pairs that a linker compared, as rows; errors are those of `write_file`."""
    rows = {"left": pairs.left.astype("int32"), "right": pairs.right.astype("int32")}
    write_file(file, partial(pq.write_table, pa.table(rows), compression="zstd"))


def read_candidates(file: Path) -> Pairs | None:
    """Read the pairs that a linker compared; None if it did not tell."""
    if not file.exists():
        return None
    rows = pq.ParquetFile(file).read()
    return Pairs(*(rows[name].to_numpy().astype("int64") for name in ("left", "right")))


def write_file(path: Path, write: Callable[[Path], object]) -> None:
    """Write a file beside its place, then move it there.

    Parameters
    ----------
    path
        The file; missing folders are made.
    write
        Writes the file at the path that it is given.

    Raises
    ------
    OutputError
        The file cannot be written.
    """
    beside = path.with_name(f".{path.name}.part")
    refuse_special(path)
    if path.is_dir():
        raise OutputError(f"{path} is a folder; name a file in it, or another place.")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write(beside)
        beside.replace(path)
    except OSError as error:
        with suppress(OSError):
            beside.unlink()
        reason = error.strerror or str(error)
        raise OutputError(f"{path} cannot be written: {reason}. Choose another place.") from None


def write_text(path: Path, text: str) -> None:
    """Write text as UTF-8 beside its place, then move it there; errors of `write_file`."""
    write_file(path, lambda beside: beside.write_text(text, "utf-8"))
