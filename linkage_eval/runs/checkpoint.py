"""The finished cells of an interrupted run, so that the next call need not link them again.

::

    RUN/unfinished/
      run.json                 suite, versions and program: another run begins anew
      CELL.parquet             links of a cell as rows; in the metadata their status and cost
      CELL.candidates.parquet  the pairs that were compared, if the linker told

The folder goes when the run is done. Measurements are always made anew from the links. A cell is
used again only for the same linker with the same code, options, limits and records.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from darkfigure.linkage_eval.contracts import STATUS
from darkfigure.linkage_eval.isolation.parent import Job, Outcome
from darkfigure.linkage_eval.links.positions import Links, Sides
from darkfigure.linkage_eval.rows import CellKey
from darkfigure.linkage_eval.runs.linker_code import code_of
from darkfigure.linkage_eval.runs.results import run_versions
from darkfigure.linkage_eval.runs.stored_links import (
    read_candidates,
    write_candidates,
    write_file,
    write_text,
)
from darkfigure.linkage_eval.runs.suite import Suite
from darkfigure.synth.core.errors import OutputError
from darkfigure.synth.core.versions import program
from darkfigure.synth.storage.content import content_hash

_PAIRS = ".candidates.parquet"
_OUTCOME = b"darkfigure-outcome"
_SUMMARY = (
    "status",
    "guard",
    "wall_seconds",
    "cpu_seconds",
    "reference_seconds",
    "peak_mb",
    "gives_probability",
)


@dataclass(frozen=True)
class Checkpoint:
    """The finished cells of a run.

    Parameters
    ----------
    folder
        Where they lie.
    identity
        JSON of the suite, versions, program and linkers' code; cells of another are not used.
    """

    folder: Path
    identity: str

    @classmethod
    def of(cls, suite: Suite, out: Path) -> Checkpoint:
        """Make the checkpoint of a run; nothing is touched.

        Parameters
        ----------
        suite
            The suite of the run.
        out
            Folder of the run.
        """
        description = {
            "suite": suite.model_dump(mode="json", by_alias=True),
            "versions": run_versions(),
            "program": program("synth", "scenarios", "linkage_eval"),
            "linkers": {linker.title: code_of(linker) for linker in suite.linkers},
        }
        return cls(out / "unfinished", json.dumps(description, sort_keys=True))

    def explain(self) -> str:
        """Say in a sentence that a run goes on or begins anew; "" if none was interrupted."""
        if not self._note.exists():
            return ""
        if not self._same():
            return (
                f"{self.folder} is of another suite, program or version: the run begins anew "
                "and nothing of it is used."
            )
        return f"Going on after an interruption: {self._count()} will not be linked again."

    def kept(self) -> str:
        """Say in a sentence how much of an interrupted run is kept, and how to go on."""
        return (
            f"{self._count()} and the worlds that were made are kept in {self.folder.parent}; "
            "the same command goes on from there."
        )

    def begin(self) -> None:
        """Clear the folder unless the same run left it.

        Raises
        ------
        OutputError
            The folder cannot be written, or it or the folder of the run holds other things.
        """
        run = self.folder.parent
        # A run writes its manifest last: a manifest without timings is a dataset's, say.
        if (run / "manifest.json").exists() and not (run / "timings.parquet").exists():
            raise OutputError(f"{run} holds other things; choose another --out.")
        if self._same():
            return
        if self.folder.exists() and not self._note.exists() and any(self.folder.iterdir()):
            raise OutputError(f"{self.folder} holds other things; choose another --out.")
        self.end()
        write_text(self._note, self.identity)

    def outcome(self, which: CellKey, job: Job, left: pa.Table, right: pa.Table) -> Outcome | None:
        """Give the outcome of a finished cell; None if linker, options or records differ.

        Parameters
        ----------
        which
            The cell.
        job
            The linker with its options, limits and labels.
        left, right
            The tables that the linker is given (schema `RECORDS`).
        """
        file = self.folder / which.file
        with suppress(OSError, ValueError, KeyError, TypeError):
            rows = pq.ParquetFile(file).read()
            summary = json.loads(rows.schema.metadata[_OUTCOME])
            if summary.pop("asked") == self._asked(which, job, (left, right)):
                answered = summary.pop("answered")
                sides = Sides.of(left, right, within=job.within)
                links = _links_of(rows, sides) if answered else None
                return Outcome(**summary, links=links, candidates=read_candidates(_beside(file)))
        return None

    def keep(self, which: CellKey, job: Job, outcome: Outcome, *records: pa.Table) -> None:
        """Keep the outcome of a cell. Its file of links is written last: then all is there.

        Parameters
        ----------
        which
            The cell.
        job
            The linker with its options, limits and labels.
        outcome
            Status, cost, links and compared pairs.
        records
            The tables that the linker was given (schema `RECORDS`).

        Raises
        ------
        OutputError
            The folder cannot be written.
        """
        file = self.folder / which.file
        _beside(file).unlink(missing_ok=True)
        if outcome.candidates is not None:
            write_candidates(_beside(file), outcome.candidates)
        rows = _rows_of(outcome.links)
        summary = {name: getattr(outcome, name) for name in _SUMMARY}
        question = self._asked(which, job, records)
        summary |= {"answered": outcome.links is not None, "asked": question}
        marked = rows.replace_schema_metadata({_OUTCOME: json.dumps(summary)})
        write_file(file, partial(pq.write_table, marked))

    def end(self) -> None:
        """Delete the finished cells, and the folder with them: the run is done."""
        with suppress(OSError):
            for file in (*self.folder.glob("*.parquet"), *self.folder.glob(".*.part"), self._note):
                file.unlink(missing_ok=True)
            self.folder.rmdir()

    @property
    def _note(self) -> Path:
        return self.folder / "run.json"

    def _asked(self, which: CellKey, job: Job, records: tuple[pa.Table, ...]) -> str:
        """Hash the question that a linker was asked: code, options, limits, records, labels."""
        tables = [*records, *([] if job.labelled is None else [job.labelled])]
        question = {
            "run": self.identity,
            "cell": vars(which),
            "linker": job.linker,
            "options": dict(job.options),
            "seed": job.seed,
            "within": job.within,
            "compared": job.compared,
            "given": [content_hash(table) for table in tables],
        }
        text = json.dumps(question, sort_keys=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()

    def _same(self) -> bool:
        with suppress(OSError, ValueError):
            return self._note.read_text(encoding="utf-8") == self.identity
        return False

    def _count(self) -> str:
        count = sum(1 for _ in self._cells()) if self._same() else 0
        return "1 finished cell" if count == 1 else f"{count or 'no'} finished cells"

    def _cells(self) -> Iterator[Path]:
        for file in self.folder.glob("*.parquet"):
            if not file.name.startswith(".") and not file.name.endswith(_PAIRS):
                yield file


def _rows_of(links: Links | None) -> pa.Table:
    """Write links as rows, which are enough: the question that they answer holds the records."""
    if links is None:
        return pa.table({name: pa.array([], pa.int64()) for name in ("left", "right", "score")})
    rows = pa.table({"left": links.left, "right": links.right, "score": links.scores})
    return rows if links.statuses is None else rows.append_column(STATUS, links.statuses)


def _links_of(rows: pa.Table, sides: Sides) -> Links:
    left, right, scores = (rows[name].to_numpy() for name in ("left", "right", "score"))
    has_status = STATUS in rows.column_names
    statuses = rows[STATUS].combine_chunks() if has_status else None
    return Links(sides, left, right, scores, statuses)


def _beside(file: Path) -> Path:
    return file.with_name(file.name.removesuffix(".parquet") + _PAIRS)
