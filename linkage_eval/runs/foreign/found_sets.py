"""The data sets of a suite that are there: those whose package is installed, and dropped ones.

::

    foreign/
      mine.toml              [files] as a suite writes them; paths are relative to this folder
      theirs.csv             records of one table, with a column that names clusters (or Parquet)
      others/                left.csv, right.csv and truth.csv; or records.csv and truth.csv
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from darkfigure.linkage_eval.runs.own_files import Files
from darkfigure.linkage_eval.runs.suite import DataSource, Suite
from darkfigure.synth.core.errors import DarkfigureError, SpecError
from darkfigure.synth.core.spec import build

_TABLES = (".csv", ".tsv", ".txt", ".parquet")
_SIDES = {"left", "right", "records", "truth"}
Try = Callable[[DataSource], object]


def gather_sets(suite: Suite, read: Try) -> tuple[Suite, list[str]]:
    """Settle which data sets of a suite are there.

    Parameters
    ----------
    suite
        The suite as it was written.
    read
        Reads a data set, or raises what keeps it from being read.

    Returns
    -------
    The suite with the sets that are there and none else, and a line for each that is not, or that
    was found in the folder.

    Raises
    ------
    SpecError
        A dropped set does not say what it should, or has the name of another world.
    """
    if not suite.sets_in and not any(world.optional for world in suite.worlds):
        return suite, []
    worlds: list[DataSource] = []
    told: list[str] = []
    for world in suite.worlds:
        reason = _missing(world, read)
        worlds += [] if reason else [world]
        told += [f"{world.title} is left out: {reason}"] if reason else []
    dropped = list(find_sets(Path(suite.sets_in))) if suite.sets_in else []
    told += [f"{world.title} is taken from {suite.sets_in}" for world in dropped]
    if suite.sets_in and not dropped:
        told.append(f"{suite.sets_in}/ holds no data sets; what is dropped there takes part.")
    changed = {"scenarios": [*worlds, *dropped], "sets_in": ""}
    whole = {**suite.model_dump(by_alias=True, exclude={"worlds"}), **changed}
    return build(Suite, whole, f"suite '{suite.name}'"), told


def find_sets(folder: Path) -> Iterator[DataSource]:
    """Find the data sets that a user dropped into a folder, by name.

    Raises
    ------
    SpecError
        A TOML file does not say what it should, or a folder lacks a file.
    """
    if folder.is_dir():
        for entry in sorted(folder.iterdir()):
            files = _files_of(entry)
            if files:
                name = re.sub(r"[^a-z0-9_-]+", "-", entry.stem.lower()).strip("-_") or "set"
                table = {"name": name, "label": name, "files": files}
                yield build(DataSource, table, str(entry))


def _files_of(entry: Path) -> Mapping[str, Any] | None:
    if entry.name.startswith("."):
        return None
    if entry.is_dir():
        return _of_folder(entry)
    if entry.suffix.lower() == ".toml":
        return _of_toml(entry)
    if entry.suffix.lower() in _TABLES:
        return {"left": str(entry), "truth": str(entry)}
    return None


def _of_folder(folder: Path) -> Mapping[str, Any]:
    found = {file.stem: str(file) for file in folder.iterdir() if file.suffix.lower() in _TABLES}
    if {"left", "right", "truth"} <= found.keys():
        return {name: found[name] for name in ("left", "right", "truth")}
    if {"records", "truth"} <= found.keys():
        return {"left": found["records"], "truth": found["truth"]}
    raise SpecError(
        f"{folder} holds {', '.join(sorted(found.keys() & _SIDES)) or 'no tables'}; a data set is "
        "left.csv, right.csv and truth.csv, or records.csv and truth.csv."
    )


def _of_toml(file: Path) -> Mapping[str, Any]:
    try:
        said = tomllib.loads(file.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise SpecError(f"{file} cannot be read: {error}.") from None
    files = build(Files, said.get("files", said), str(file)).model_dump(exclude_none=True)
    for side in ("left", "right"):
        if side in files:
            files[side]["file"] = str(file.parent / files[side]["file"])
    if files["truth"]:
        files["truth"] = str(file.parent / files["truth"])
    return files


def _missing(world: DataSource, read: Try) -> str:
    """Say why an optional set is not there; "" if it is."""
    if not world.optional:
        return ""
    try:
        read(world)
    except DarkfigureError as error:
        return str(error)
    return ""
