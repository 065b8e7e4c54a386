"""The manifest of a dataset, checked at each read.

::

    manifest.json
      format, columns      version of the files, hash of the columns of its tables
      scenario, seed, salt, persons, versions
      tables               rows and content hash of each
      files                size and SHA-256 of each file, or part, of a table
      seal                 SHA-256 of all the rest: tells accidents and edits, not who made it
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any

import pyarrow as pa
from pydantic import ConfigDict, Field, field_validator

from darkfigure.synth.core.errors import DatasetError, SpecError
from darkfigure.synth.core.plain_data import read_json
from darkfigure.synth.core.spec import Spec, build
from darkfigure.synth.schema import AGENCIES, TABLES, Column, Table
from darkfigure.synth.storage.parts import SYNTHETIC

MANIFEST = "manifest.json"
PACKAGE = "datapackage.json"
FORMAT = 3
_AGAIN = "Generate the dataset again."
_Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
_Count = Annotated[int, Field(ge=0, lt=2**63)]


class _Read(Spec):
    """The part of a manifest that commands read."""

    model_config = ConfigDict(extra="ignore", strict=True)


class _Scenario(_Read):
    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,99}$")]
    title: str = ""
    start: Annotated[str, Field(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
    years: Annotated[int, Field(ge=1, le=10)]

    @field_validator("start")
    @classmethod
    def _is_a_day(cls, start: str) -> str:
        dt.date.fromisoformat(start)
        return start


class _Table(_Read):
    rows: _Count
    hash: _Digest


class _File(_Read):
    bytes: _Count
    sha256: _Digest


class _Manifest(_Read):
    notice: str
    scenario: _Scenario
    seed: _Count
    persons: _Count
    salt: str | None = None
    tables: Annotated[dict[str, _Table], Field(min_length=1)]
    files: dict[str, _File]
    seal: _Digest


def write_manifest(folder: Path, facts: Mapping[str, Any], tables: Mapping[str, Any]) -> None:
    """Write manifest and Frictionless package of a dataset whose tables are in place.

    Parameters
    ----------
    folder
        Folder of the dataset.
    facts
        Scenario, seed, persons and versions.
    tables
        Rows and content hash of each table, by path without ending.
    """
    manifest = {
        "format": FORMAT,
        "columns": columns_hash(tables),
        "notice": SYNTHETIC,
        **facts,
        "tables": dict(tables),
        "files": dict(_described_files(folder, tables)),
    }
    package = {
        "profile": "tabular-data-package",
        "name": str(facts["scenario"]["name"]),
        "description": SYNTHETIC,
        "resources": [_resource(TABLES[f"{name}.parquet"]) for name in tables],
    }
    write_json(folder / MANIFEST, sealed(manifest))
    write_json(folder / PACKAGE, package)


def write_json(file: Path, data: Mapping[str, Any]) -> None:
    """Write plain data as indented JSON; other objects become text."""
    text = json.dumps(data, indent=2, ensure_ascii=False, default=str)
    file.write_text(text + "\n", encoding="utf-8")


def sealed(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """Give a manifest with a new seal over all the rest."""
    rest = {name: value for name, value in manifest.items() if name != "seal"}
    text = json.dumps(rest, sort_keys=True, default=str)
    return {**rest, "seal": hashlib.sha256(text.encode()).hexdigest()}


def read_manifest(folder: Path) -> dict[str, Any]:
    """Read and check the manifest of a dataset.

    Raises
    ------
    DatasetError
        There is no dataset, another version wrote it, or its manifest was damaged or edited.
    """
    file = folder / MANIFEST
    try:
        manifest = read_json(file)
    except (FileNotFoundError, NotADirectoryError):
        raise DatasetError(
            f"{folder} is not a dataset: it has no {MANIFEST}. "
            "Make one with `darkfigure generate SCENARIO --out DIR`."
        ) from None
    except (OSError, ValueError) as error:
        raise DatasetError(f"{file} cannot be read: {error}. {_AGAIN}") from None
    if not isinstance(manifest, dict):
        raise DatasetError(f"{file} holds no JSON object. {_AGAIN}")
    _check_version(folder, manifest)
    _check_content(file, manifest)
    return manifest


def _check_version(folder: Path, manifest: Mapping[str, Any]) -> None:
    form, file = manifest.get("format"), folder / MANIFEST
    if isinstance(form, str):
        raise DatasetError(
            f"{folder} was written as {form}, for people and their tools to read. "
            "For this command, generate it with --format parquet."
        )
    if form == 2:
        raise DatasetError(
            f"{file} is of format 2, from before its files had checksums; this version reads "
            f"format {FORMAT}. {_AGAIN}"
        )
    if form != FORMAT:
        raise DatasetError(f"{file} is not of format {FORMAT}. {_AGAIN}")
    tables = manifest.get("tables")
    if tables and isinstance(tables, dict) and manifest.get("columns") != columns_hash(tables):
        raise DatasetError(
            f"{folder} was written by another version of Darkfigure, with other columns. "
            "Generate it again, or read it with the version that its manifest names."
        )


def _check_content(file: Path, manifest: dict[str, Any]) -> None:
    try:
        build(_Manifest, manifest, str(file))
    except SpecError as error:
        raise DatasetError(f"{error}\n{_AGAIN}") from None
    problems = list(_problems(manifest))
    if problems:
        raise DatasetError(f"{file} is damaged: {problems[0]}. {_AGAIN}")
    if sealed(manifest)["seal"] != manifest["seal"]:
        raise DatasetError(f"{file} was changed after it was written. {_AGAIN}")


def _problems(manifest: Mapping[str, Any]) -> Iterator[str]:
    """Find tables that no dataset has, and tables without a file."""
    for name in manifest["tables"]:
        if f"{name}.parquet" not in TABLES:
            yield f"there is no table '{name}'{_whose(name)}"
        elif not files_of(manifest, name):
            yield f"it lists no file of the table '{name}'"


def _whose(name: str) -> str:
    agency = name.split("/", maxsplit=1)[0]
    known = agency == "truth" or agency in AGENCIES
    return "" if known else f", nor is a package installed that brings an agency '{agency}'"


def files_of(manifest: Mapping[str, Any], name: str) -> list[str]:
    """List the files of a table, or its parts, below the folder of a dataset.

    Parameters
    ----------
    manifest
        Manifest of the dataset.
    name
        Path of the table without ending.
    """
    file = f"{name}.parquet"
    parts = [part for part in manifest.get("files", {}) if part.rpartition("/")[0] == file]
    return [file] if file in manifest.get("files", {}) else sorted(parts)


def _described_files(folder: Path, tables: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name in tables:
        table = folder / f"{name}.parquet"
        for file in sorted(table.glob("*.parquet")) if table.is_dir() else [table]:
            size = file.stat().st_size
            yield file.relative_to(folder).as_posix(), {"bytes": size, "sha256": sha256_of(file)}


def check_file(folder: Path, manifest: Mapping[str, Any], part: str) -> None:
    """Check size and checksum of a file; an unchanged file is hashed once.

    Parameters
    ----------
    folder
        Folder of the dataset.
    manifest
        Its manifest.
    part
        Path of the file below the folder.

    Raises
    ------
    DatasetError
        The file is missing, damaged or altered.
    """
    file, expected = folder / part, manifest["files"][part]
    try:
        size, checksum = file.stat().st_size, sha256_of(file)
    except OSError as error:
        reason = error.strerror or str(error)
        raise DatasetError(f"{file} is damaged or missing: {reason}. {_AGAIN}") from None
    if size != expected["bytes"]:
        reason = f"it has {size:,} bytes instead of {expected['bytes']:,}"
        raise DatasetError(f"{file} is damaged or altered: {reason}. {_AGAIN}")
    if checksum != expected["sha256"]:
        raise DatasetError(f"{file} is damaged or altered: its checksum differs. {_AGAIN}")


def sha256_of(file: Path) -> str:
    """Hash a file; cached as long as the file does not change."""
    state = file.stat()
    return _sha256(file, state.st_ino, state.st_size, state.st_mtime_ns)


@lru_cache(maxsize=65_536)
def _sha256(file: Path, *_: int) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def columns_hash(names: Iterable[str]) -> str:
    """Hash the names and types of the columns of tables.

    Parameters
    ----------
    names
        Paths of tables without ending; those that no table has are left out.
    """
    paths = {f"{name}.parquet" for name in names} & TABLES.keys()
    columns = [
        (path, column.name, str(column.type)) for path in paths for column in TABLES[path].columns
    ]
    return hashlib.sha256(repr(sorted(columns)).encode()).hexdigest()


def _resource(shape: Table) -> dict[str, Any]:
    return {
        "name": shape.path.removesuffix(".parquet").replace("/", "-").replace("_", "-"),
        "path": shape.path,
        "description": f"One row is {shape.row}.",
        "format": "parquet",
        "schema": {
            "fields": [_described(column) for column in shape.columns],
            "primaryKey": list(shape.key),
        },
    }


def _described(column: Column) -> dict[str, Any]:
    field: dict[str, Any] = {
        "name": column.name,
        "type": _frictionless(column.type),
        "description": column.meaning,
    }
    if column.codes:
        field["codes"] = dict(column.codes)
    if column.field:
        field["linkageField"] = column.field
    return field


def _frictionless(kind: pa.DataType) -> str:
    if pa.types.is_boolean(kind):
        return "boolean"
    if pa.types.is_integer(kind):
        return "integer"
    if pa.types.is_date(kind):
        return "date"
    return "datetime" if pa.types.is_timestamp(kind) else "string"
