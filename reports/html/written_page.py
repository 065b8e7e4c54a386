"""A page on disk: whole or not at all."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from darkfigure.synth.core.errors import OutputError
from darkfigure.synth.storage.replacing import refuse_special


def write_page(page: Path, html: str) -> None:
    """Write a page beside its place and move it there, so that there is never half a page.

    Parameters
    ----------
    page
        The file; its folder is made if it is missing.
    html
        The whole page.

    Raises
    ------
    OutputError
        The page cannot be written; then no part of it is.
    """
    beside = page.with_name(f".{page.name}.{os.getpid()}.part")
    refuse_special(page)
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
