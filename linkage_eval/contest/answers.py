"""The answers that teams hand in: which file counts for whom, and what it holds."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from darkfigure.linkage_eval.contest.given_ids import GivenIds
from darkfigure.linkage_eval.contest.limits import MOST_BYTES, refuse_links
from darkfigure.linkage_eval.links.clusters import is_clusters, pairs_of_clusters
from darkfigure.linkage_eval.links.files import links_of
from darkfigure.linkage_eval.records.file_tables import read_table
from darkfigure.synth.core.errors import LinksError
from darkfigure.synth.core.printable import printable

LONGEST_NAME = 60
# Team, number of the answer and ending: "blue.csv", "blue.2.csv", "blue.parquet".
_ENDING = r"(\.(csv|tsv|txt|parquet))?"
_NAME = re.compile(r"(?P<team>.+?)(\.(?P<number>\d{1,9}))?" + _ENDING, re.IGNORECASE)
_PLACE = "Put each team's answer there as TEAM.csv or TEAM.parquet."


@dataclass(frozen=True)
class HandedIn:
    """The answer of a team that counts, and the files that it replaces, the first first."""

    team: str
    file: Path
    replaced: tuple[str, ...] = ()

    @property
    def note(self) -> str:
        """Say what it replaces; "" if it is the team's only one."""
        return f"replaces {', '.join(self.replaced)}" if self.replaced else ""


def find_answers(folder: Path) -> list[HandedIn]:
    """Find each team's answer: the last by the number in its name, then by its time.

    Parameters
    ----------
    folder
        Of the answers, a file each; what begins with a dot is none.

    Returns
    -------
    Sorted by team; "Blue" and "blue" are one.

    Raises
    ------
    LinksError
        The folder cannot be read, or holds no answers.
    """
    try:
        files = sorted(file for file in folder.iterdir() if not file.name.startswith("."))
    except OSError as error:
        raise LinksError(f"{folder} cannot be read: {error.strerror}. {_PLACE}") from None
    if not files:
        raise LinksError(f"{folder} holds no answers. {_PLACE}")
    by_team: dict[str, list[Path]] = {}
    for file in sorted(files, key=_turn):
        by_team.setdefault(_parts(file)[0].casefold(), []).append(file)
    return [_last(by_team[team]) for team in sorted(by_team)]


def _last(files: list[Path]) -> HandedIn:
    replaced = tuple(_shown(file.name) for file in files[:-1])
    return HandedIn(_shown(_parts(files[-1])[0]), files[-1], replaced)


def _shown(name: str) -> str:
    return printable(name, LONGEST_NAME, line=True)


def _turn(file: Path) -> tuple[int, int]:
    return _parts(file)[1], file.lstat().st_mtime_ns


def _parts(file: Path) -> tuple[str, int]:
    """Give the team and the number of its answer, 1 without one."""
    found = _NAME.fullmatch(file.name)
    if found is None:  # a name with a line break
        return file.name, 1
    return found["team"].strip(), int(found["number"] or 1)


def read_answer(file: Path, ids: GivenIds, *, within: bool) -> pa.Table:
    """Read an answer, pairs or clusters, as links of the records' own ids.

    Parameters
    ----------
    file
        CSV or Parquet.
    ids
        Of the contest.
    within
        Whether the records of one table are linked to each other.

    Returns
    -------
    Schema `LINKS`.

    Raises
    ------
    ValueError
        It is no answer; the message goes on from the name of the file.
    """
    if file.is_symlink() or not file.is_file():
        raise ValueError("is no file of its own; hand in one CSV or Parquet file")
    _refuse_large(file, ids)
    table = read_table(file)
    if is_clusters(table):
        pairs = pairs_of_clusters(table)
        links = links_of(pairs) if within else ids.across(pairs)
    else:
        links = links_of(table)
    if not links.num_rows:
        raise ValueError("holds no links")
    refuse_links(links.num_rows, ids.n_records)
    return ids.links(links)


def _refuse_large(file: Path, ids: GivenIds) -> None:
    """Look at the size of a file before it is read; Parquet may hold far more than its bytes."""
    size = file.stat().st_size
    if size > MOST_BYTES:
        raise ValueError(
            f"has {size / 1e6:,.0f} MB; an answer may have {MOST_BYTES // 1_000_000:,} MB"
        )
    with suppress(pa.ArrowException):  # no Parquet, or a damaged one, of which reading tells
        refuse_links(pq.ParquetFile(file).metadata.num_rows, ids.n_records)
