"""What an interrupted run has finished already, so that the next call need not link it again.

::

    RUN/unfinished/
      run.json                 suite, versions and program: another run begins anew
      CELL.parquet             links of a cell, and in the metadata what they took
      CELL.candidates.parquet  the pairs that were compared, if the linker told

The folder goes when the run is done. What is derived from the links is derived anew.
"""

from __future__ import annotations

import hashlib
import json
import shlex
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from linkage_eval.answers import Which, read_candidates, write_candidates, write_file, write_text
from linkage_eval.contracts import LINKS
from linkage_eval.isolation import Job, Outcome
from linkage_eval.results import run_versions
from linkage_eval.suite import Suite
from synth.content import content_hash
from synth.errors import OutputError
from synth.versions import program

_PAIRS = ".candidates.parquet"
_OUTCOME = b"darkfigure-outcome"
_TOLD = (
    "status",
    "guard",
    "wall_seconds",
    "cpu_seconds",
    "reference_seconds",
    "peak_mb",
    "gives_probability",
)


@dataclass(frozen=True)
class Finished:
    """The finished cells of a run, and what the run is."""

    folder: Path
    said: str

    @classmethod
    def of(cls, suite: Suite, out: Path) -> Finished:
        """Find what a run of a suite has left in a folder; nothing is touched."""
        files = sorted({file for linker in suite.linkers for file in _files(linker.name)})
        said = {
            "suite": suite.model_dump(mode="json", by_alias=True),
            "versions": run_versions(),
            "program": program("synth", "scenarios", "linkage_eval"),
            "linkers": [hashlib.sha256(file.read_bytes()).hexdigest() for file in files],
        }
        return cls(out / "unfinished", json.dumps(said, sort_keys=True))

    def explain(self) -> str:
        """Say in a sentence that a run goes on or begins anew; nothing if none was interrupted."""
        if not self._note.exists():
            return ""
        if not self._same():
            return (
                f"{self.folder} is of another suite, program or version: the run begins anew "
                "and nothing of it is used."
            )
        return f"Going on after an interruption: {self._count()} will not be linked again."

    def kept(self) -> str:
        """Say in a sentence what an interrupted run has kept, and how to go on."""
        return (
            f"{self._count()} and the worlds that were made are kept in {self.folder.parent}; "
            "the same command goes on from there."
        )

    def begin(self) -> None:
        """Clear the folder unless the same run left it.

        Raises
        ------
        OutputError
            It cannot be written.
        """
        if self._same():
            return
        try:
            shutil.rmtree(self.folder, ignore_errors=True)
            write_text(self._note, self.said)
        except OSError as error:
            raise OutputError(f"{self.folder} cannot be written: {error.strerror}.") from None

    def outcome(self, which: Which, job: Job, *records: pa.Table) -> Outcome | None:
        """Give what came of a cell if it is finished and was given the same records."""
        file = self.folder / which.file
        with suppress(OSError, ValueError, KeyError, TypeError):
            links = pq.ParquetFile(file).read()
            told = json.loads(links.schema.metadata[_OUTCOME])
            if told.pop("given") == _given(job, records):
                answered = told.pop("answered")
                plain = links.replace_schema_metadata(None)
                pairs = read_candidates(_beside(file))
                return Outcome(**told, links=plain if answered else None, candidates=pairs)
        return None

    def keep(self, which: Which, job: Job, outcome: Outcome, *records: pa.Table) -> None:
        """Keep what came of a cell. Its file of links comes last: then all is there.

        Raises
        ------
        OutputError
            The folder cannot be written.
        """
        file = self.folder / which.file
        _beside(file).unlink(missing_ok=True)
        if outcome.candidates is not None:
            write_candidates(_beside(file), outcome.candidates)
        links = LINKS.empty_table() if outcome.links is None else outcome.links
        told = {name: getattr(outcome, name) for name in _TOLD}
        told |= {"answered": outcome.links is not None, "given": _given(job, records)}
        marked = links.replace_schema_metadata({_OUTCOME: json.dumps(told)})
        write_file(file, partial(pq.write_table, marked))

    def end(self) -> None:
        """Take the folder away: the run is done."""
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def _note(self) -> Path:
        return self.folder / "run.json"

    def _same(self) -> bool:
        with suppress(OSError, ValueError):
            return self._note.read_text(encoding="utf-8") == self.said
        return False

    def _count(self) -> str:
        count = sum(1 for _ in self._cells()) if self._same() else 0
        return "1 finished cell" if count == 1 else f"{count or 'no'} finished cells"

    def _cells(self) -> Iterator[Path]:
        for file in self.folder.glob("*.parquet"):
            if not file.name.startswith(".") and not file.name.endswith(_PAIRS):
                yield file


def _beside(file: Path) -> Path:
    return file.with_name(file.name.removesuffix(".parquet") + _PAIRS)


def _given(job: Job, records: tuple[pa.Table, ...]) -> list[str]:
    """Hash what a linker was given: records, and labels to learn from."""
    tables = [*records, *([] if job.labelled is None else [job.labelled])]
    return [content_hash(table) for table in tables]


def _files(linker: str) -> list[Path]:
    """Give the files that a linker of the user's own consists of, as far as its name tells."""
    words = [linker.rpartition(":")[0]]
    if linker.startswith("cmd:"):
        words = shlex.split(linker.removeprefix("cmd:"))
    return [Path(word) for word in words if Path(word).is_file()]
