"""A guard against regressions: a baseline, and a candidate compared with it."""

from __future__ import annotations

from pathlib import Path

from darkfigure.linkage_eval.gate import Gate, compare_runs, load_tolerances, write_baseline
from darkfigure.linkage_eval.runs.run import Run
from darkfigure.reports.html.history import write_history


def baseline(run: Run | str | Path, out: str | Path) -> Path:
    """Keep a run's links as one small file, for later runs to be compared with.

    Returns
    -------
    The file.
    """
    write_baseline(run.path if isinstance(run, Run) else Path(run), Path(out))
    return Path(out)


def compare(
    before: Run | str | Path, after: Run | str | Path, *, tolerances: str | Path | None = None
) -> Gate:
    """Say whether a candidate is worse than a baseline, for certain.

    Parameters
    ----------
    before
        A run, its folder, or the file of a baseline.
    after
        A run, or its folder.
    tolerances
        TOML file; what it does not say is as packaged.

    Returns
    -------
    What was found; `passed` is the verdict.

    Raises
    ------
    DatasetError
        A side cannot be read, or the two are not of the same data.
    """
    allowed = load_tolerances(None if tolerances is None else Path(tolerances))
    first, second = (one.path if isinstance(one, Run) else one for one in (before, after))
    return compare_runs(first, second, allowed)


def history(runs: str | Path, out: str | Path) -> Path:
    """Write a page of what each linker reached, run by run, in the order of their names.

    Parameters
    ----------
    runs
        Folder with a folder for each run, of which manifest.json, measurements.parquet and
        timings.parquet are enough.
    out
        The page, in HTML.

    Returns
    -------
    The page.

    Raises
    ------
    DatasetError
        There are no runs, or one cannot be read.
    OutputError
        The page cannot be written.
    """
    return write_history(Path(runs), Path(out))
