"""Runs of a suite: made, opened, measured again, explained, reported."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Literal

from darkfigure.api.own_linker import as_entry
from darkfigure.linkage_eval.harness import run_suite
from darkfigure.linkage_eval.runs.foreign import settle_sets
from darkfigure.linkage_eval.runs.run import Run, read_run
from darkfigure.linkage_eval.runs.suite import Suite, load_suite, resolve_suite
from darkfigure.linkage_eval.runs.worlds import make_dataset
from darkfigure.linkage_eval.studies.remeasure import remeasure
from darkfigure.reports.html.report import write_report
from darkfigure.reports.terminal.causes import explanation_of
from darkfigure.synth.core.errors import UnknownNameError
from darkfigure.synth.core.frames import to_pandas
from darkfigure.synth.core.salt import Salt

if TYPE_CHECKING:
    import pandas as pd


def run(
    suite: str | Path | Mapping[str, Any],
    out: str | Path,
    *,
    linkers: Sequence[object] = (),
    salt: str | Path | None = None,
    workers: int | None = None,
    tuning: bool = False,
    trust_linkers: bool = False,
) -> Run:
    """Run a suite: make its worlds, link, measure, and write the report.

    Parameters
    ----------
    suite
        Name of the library, path of a TOML file, or what such a file would say.
    out
        Folder for results and worlds; what is there already is used again.
    linkers
        Instead of the suite's: names, objects and classes, as of `link`.
    salt
        File with a secret that goes into all draws of the worlds.
    workers
        Processes; without, as many as are of use.
    tuning
        Run the suite's tuning seeds, which are not reported, and not the reporting ones.
    trust_linkers
        Close nothing to linkers; the results will say so.

    Returns
    -------
    The results; a linker that failed is a row with its reason. `manifest["held_out"]` holds doubts
    about linkers that may have been tuned on the reporting seeds.

    Raises
    ------
    UnknownNameError
        There is no such suite, or it names what does not exist.
    SpecError
        The suite does not say what it should.
    OutputError
        `out` cannot be written.
    """
    secret = Salt.read(salt) if salt else None
    with TemporaryDirectory(prefix="darkfigure-") as folder:
        chosen, _ = settle_sets(_suite(suite, linkers, Path(folder), tuning=tuning))
        done = run_suite(
            chosen,
            Path(out),
            make=partial(make_dataset, salt=secret, workers=workers),
            workers=workers,
            trusted=trust_linkers,
        )
    report(done)
    return done


def _suite(
    given: str | Path | Mapping[str, Any],
    linkers: Sequence[object],
    folder: Path,
    *,
    tuning: bool,
) -> Suite:
    """Read a suite, and put linkers in the place of its own."""
    entries = [as_entry(linker, {}, folder).model_dump() for linker in linkers]
    others: dict[str, Any] = {"linkers": entries} if linkers else {}
    others |= {"tuning": True} if tuning else {}
    if isinstance(given, Mapping):
        return resolve_suite("own", {"title": "A suite of your own", **given, **others})
    suite = load_suite(str(given))
    return resolve_suite(suite.name, suite.model_dump(by_alias=True) | others) if others else suite


def open_run(path: str | Path) -> Run:
    """Open the results of a run.

    Raises
    ------
    DatasetError
        The folder holds none, or a file of them is damaged.
    """
    return read_run(path)


def measure(run: Run | str | Path, *, metrics: Sequence[str] = ()) -> Run:
    """Measure a run again from the links it stored, with the metrics of today; no linking.

    Parameters
    ----------
    run
        A run, or its folder.
    metrics
        Further metrics: names of entry points, or "file.py:name". Their code is trusted.

    Raises
    ------
    UnknownNameError, SpecError
        A metric is not there, or wrong.
    DatasetError
        A world or links of the run are gone or altered.
    """
    return remeasure(_opened(run), metrics=metrics)


def explain(
    run: Run | str | Path, linker: str | None = None, *, of: Literal["missed", "false"] = "missed"
) -> pd.DataFrame:
    """Share out a run's missed pairs or false links among their causes, so that it adds up.

    Parameters
    ----------
    run
        A run, or its folder.
    linker
        One of the run's; without, all.
    of
        "missed" for missed pairs, by what stood between their records; "false" for false links,
        by what made two people look alike.

    Returns
    -------
    One row a task, linker and cause.

    Raises
    ------
    UnknownNameError
        The run has no such linker, or `of` is another word.
    """
    found = vars(explanation_of(_opened(run), linker))
    if of not in found:
        raise UnknownNameError.of("kind of error called", of, list(found))
    return to_pandas(found[of])


def report(
    run: Run | str | Path, out: str | Path | None = None, *, setting: Sequence[str] = ()
) -> Path:
    """Write the report of a run: one page of HTML that needs no network.

    Parameters
    ----------
    run
        A run, or its folder.
    out
        The file; without, `report.html` in the folder of the run.
    setting
        Only these: scenario/strategy/task.

    Returns
    -------
    The file.
    """
    return write_report(_opened(run).path, None if out is None else Path(out), setting)


def _opened(run: Run | str | Path) -> Run:
    return run if isinstance(run, Run) else read_run(run)
