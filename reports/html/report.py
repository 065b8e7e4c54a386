"""The report of a run as a file."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from darkfigure.reports.html.page import render
from darkfigure.reports.html.run import read_run
from darkfigure.synth.core.errors import OutputError


def write_report(run: Path, out: Path | None = None, settings: Sequence[str] = ()) -> Path:
    """Write the results of a run as one self-contained page.

    The page of one run is always the same, byte for byte.

    Parameters
    ----------
    run
        The run folder.
    out
        The page; by default RUN/report.html.
    settings
        Settings to show, as "scenario/strategy/task"; all if none is given.

    Returns
    -------
    Path of the page.

    Raises
    ------
    DatasetError
        The run folder is missing or damaged.
    OutputError
        The page cannot be written; then no part of it is.
    UnknownNameError
        The run has no such setting.
    """
    page = out or run / "report.html"
    html = render(read_run(run), settings)
    _write(page, html)
    return page


def _write(page: Path, html: str) -> None:
    """Write beside the place and move there, so that there is never half a page."""
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
