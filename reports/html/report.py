"""Write the report of a run."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from darkfigure.reports.html.page import render
from darkfigure.reports.html.run import read_run
from darkfigure.synth.core.errors import OutputError


def write_report(run: Path, out: Path | None = None, settings: Sequence[str] = ()) -> Path:
    """Write what a run found as one self-contained page.

    The page is the same, byte for byte, whenever it is written of the same run.

    Parameters
    ----------
    run
        The run folder.
    out
        The page; RUN/report.html if not given.
    settings
        Those to show, as "scenario/strategy/task"; all if none is given.

    Returns
    -------
    Where the page is.

    Raises
    ------
    DatasetError
        The run folder is missing or damaged.
    OutputError
        The page cannot be written; then nothing is.
    UnknownNameError
        The run has no such setting.
    """
    page = out or run / "report.html"
    html = render(read_run(run), settings)
    _write(page, html)
    return page


def _write(page: Path, html: str) -> None:
    """Write beside the place and move there, so that nobody meets half a page."""
    beside = page.with_name(f".{page.name}.{os.getpid()}.part")
    try:
        page.parent.mkdir(parents=True, exist_ok=True)
        beside.write_text(html, encoding="utf-8")
        beside.replace(page)
    except OSError as error:
        reason = error.strerror or str(error)
        raise OutputError(f"{page} cannot be written: {reason}. Choose another place.") from None
    finally:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
