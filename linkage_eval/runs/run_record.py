"""The record of runs: which linker saw the results of which world, and as which code.

Whoever sees how a linker did on a world and then changes it has tuned it on that world. So each run
of a suite with tuning seeds is noted, a line a linker, task and world, in a file of the user's own;
later runs read it. It holds names, hashes and F1, nothing of any record.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from statistics import fmean
from typing import Any

from platformdirs import user_state_path

from darkfigure.linkage_eval.rows import Measure
from darkfigure.linkage_eval.runs.linker_code import code_of
from darkfigure.linkage_eval.runs.suite import LinkerEntry, Suite

FOLDER = "DARKFIGURE_STATE"  # variable of the environment
TUNING, REPORTING = "tuning", "reporting"
_MUCH = 0.01  # of F1: less is nobody's worry, however certain; assumed
_NEEDED = ("when", "linker", "title", "code", "role", "scenario", "seed", "world", "task")
_AGAIN = (
    "its results there are no longer those of people whom nobody looked at. Tune it on "
    "`tuning_seeds` (--tuning), and report on seeds that were never run."
)


def record_file() -> Path:
    """Give the file of the record, which may not be there yet."""
    return Path(os.environ.get(FOLDER) or user_state_path("darkfigure")) / "runs.jsonl"


@dataclass(frozen=True)
class RunRecord:
    """What is to be noted of a run, and what was noted before.

    Parameters
    ----------
    suite
        The suite that is run.
    worlds
        A digest of each world's content, by its name in results and seed.
    """

    suite: Suite
    worlds: Mapping[tuple[str, int], str]

    @classmethod
    def of(cls, suite: Suite, datasets: Mapping[str, Any]) -> RunRecord:
        """Begin the note of a run.

        Parameters
        ----------
        suite
            The suite.
        datasets
            Identity of each dataset by name, such as "merthyr-1", with `seed` and `hashes`.
        """
        worlds = {}
        for name, said in datasets.items():
            title = name.removesuffix(f"-{said['seed']}")
            worlds[title, int(said["seed"])] = _digest(said["hashes"])
        return cls(suite, worlds)

    def add(self, measured: Iterable[Measure]) -> list[str]:
        """Note F1 of each linker, task and world; tell doubts about what is reported.

        Parameters
        ----------
        measured
            F1 of everybody.

        Returns
        -------
        A sentence a doubt. None without tuning seeds: then nothing is held out.
        """
        if not self.suite.tuning_seeds:
            return []
        noted, new = list(_read()), [*self._notes(measured)]
        doubts = [] if self.suite.tuning else [*_changed(noted, new), *_better(noted, new)]
        return [*doubts, *_write(new)]

    def _notes(self, measured: Iterable[Measure]) -> Iterator[dict[str, Any]]:
        for row in measured:
            linker = self._linkers.get(row.linker)
            if linker is not None and row.value is not None:
                yield {
                    "when": datetime.now(UTC).isoformat(timespec="minutes"),
                    "linker": _who(linker),
                    "title": row.linker,
                    "code": _digest([_library_name(linker), code_of(linker), linker.options]),
                    "role": TUNING if self.suite.tuning else REPORTING,
                    "scenario": row.scenario,
                    "seed": row.seed,
                    "world": self.worlds[row.scenario, row.seed],
                    "task": row.task,
                    "f1": row.value,
                    "half": (row.high - row.low) / 2 if row.high and row.low else 0.0,
                }

    @cached_property
    def _linkers(self) -> dict[str, LinkerEntry]:
        return {
            linker.decided(decision): linker
            for linker in self.suite.linkers
            for decision in self.suite.decisions
        }


def _changed(noted: Sequence[Mapping[str, Any]], new: Sequence[Mapping[str, Any]]) -> list[str]:
    """Tell linkers whose code or options changed after their results on a world had been seen."""
    doubts = {}
    for one in new:
        same = ("linker", "world", "task")
        seen = [old for old in noted if all(old[name] == one[name] for name in same)]
        codes = {old["code"] for old in seen}
        if codes and one["code"] not in codes:
            place = f"{one['scenario']}, {one['task']}, seed {one['seed']}"
            doubts[one["title"], place] = (
                f"{one['title']} was changed after its results on {place} had been seen "
                f"({seen[-1]['when'][:10]}): {_AGAIN}"
            )
    return list(doubts.values())


def _better(noted: Sequence[Mapping[str, Any]], new: Sequence[Mapping[str, Any]]) -> list[str]:
    """Tell linkers that did much better on tuning seeds than on those that are reported."""
    doubts = []
    keys = ("title", "code", "scenario", "task")
    for key in dict.fromkeys(tuple(one[name] for name in keys) for one in new):
        now = [one for one in new if tuple(one[name] for name in keys) == key]
        tuned = {
            old["world"]: old
            for old in noted
            if old["role"] == TUNING and tuple(old[name] for name in keys) == key
        }
        if tuned:
            before = list(tuned.values())
            gap = _mean(before) - _mean(now)
            chance = (_half(before) ** 2 + _half(now) ** 2) ** 0.5
            if gap > max(_MUCH, chance):
                doubts.append(
                    f"{key[0]} does much better on the seeds that it was tuned on ({key[2]}, "
                    f"{key[3]}): F1 {_mean(before):.3f} there, {_mean(now):.3f} here. What is "
                    "reported here is what to expect of other people."
                )
    return doubts


def _mean(notes: Sequence[Mapping[str, Any]]) -> float:
    return fmean(one["f1"] for one in notes)


def _half(notes: Sequence[Mapping[str, Any]]) -> float:
    """Give half the width of the 95 % interval of a mean over worlds."""
    return sum(one["half"] ** 2 for one in notes) ** 0.5 / len(notes)


def _who(linker: LinkerEntry) -> str:
    """Say which linker it is, whatever its code: its label, its file or command, or its name."""
    file, colon, name = linker.name.rpartition(":")
    if linker.label or not file.endswith(".py"):
        return linker.label or linker.name
    return f"{Path(file).resolve()}{colon}{name}"


def _library_name(linker: LinkerEntry) -> str:
    """Give the name of a linker that has no file: under one label may stand another."""
    return "" if ".py:" in linker.name else linker.name


def _digest(what: object) -> str:
    return hashlib.sha256(json.dumps(what, sort_keys=True, default=str).encode()).hexdigest()[:16]


def _read() -> Iterator[dict[str, Any]]:
    """Read all notes; lines that are none, such as one that was cut off, are passed over."""
    with suppress(OSError):
        for line in record_file().read_text("utf-8").splitlines():
            with suppress(ValueError, TypeError, KeyError):
                note = json.loads(line)
                float(note["f1"]), float(note["half"])
                yield {**note, **{name: note[name] for name in _NEEDED}}


def _write(notes: Sequence[Mapping[str, Any]]) -> list[str]:
    """Add notes to the record; if that cannot be done, say so."""
    file = record_file()
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("a", encoding="utf-8") as record:
            record.writelines(f"{json.dumps(note)}\n" for note in notes)
    except OSError as error:
        lost = "later runs will not know that these results were seen"
        return [f"{file} cannot be written ({error.strerror}): {lost}. {FOLDER} names a folder."]
    return []
