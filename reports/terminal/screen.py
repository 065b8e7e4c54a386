"""The terminal: tables go to standard output, progress to standard error.

All output goes through here, so that it is never read as markup and commands no terminal.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from time import monotonic
from typing import Any

from rich.console import Console
from rich.measure import Measurement
from rich.progress import BarColumn, Progress, ProgressColumn, SpinnerColumn, Task, TextColumn
from rich.table import Table
from rich.text import Text

from darkfigure.synth.core.printable import printable

_WIDTH = 100  # where standard output is no terminal, and no table needs more
_PAUSE = 30.0  # seconds between lines of progress in a log; assumed
_BOUNDLESS = 100_000  # columns, more than any table has. No rate
Advance = Callable[[str, int, int], None]


class Screen(Console):
    """A console for which data are text and nothing else: no markup, no emoji, no escapes."""

    def __init__(self, *, stderr: bool = False, width: int | None = None) -> None:
        super().__init__(stderr=stderr, width=width, markup=False, emoji=False, highlight=False)

    def render_str(self, text: str, **how: Any) -> Text:  # noqa: ANN401, as rich has them
        """Make text of a string, also in cells and titles of tables."""
        return super().render_str(printable(text), **how)

    def print(self, *things: Any, **how: Any) -> None:  # noqa: ANN401, as rich has them
        """Print things; what goes to a file or a pipe has no frames, and no word of it is cut."""
        for table in things if not self.is_terminal else ():
            if isinstance(table, Table):
                table.box = None
                free = self.options.update(max_width=_BOUNDLESS)
                self.width = max(self.width, Measurement.get(self, free, table).minimum)
        super().print(*things, **how)


def output() -> Screen:
    """Give standard output: its own width, or 100 columns where it is no terminal."""
    return Screen(width=None if sys.stdout.isatty() else _WIDTH)


def styled(*parts: tuple[str, str]) -> Text:
    """Put pieces of text, each with its style, into one."""
    return Text.assemble(*((printable(text), style) for text, style in parts))


class TimeLeft(ProgressColumn):
    """The time left, or the time gone where the time left is not known."""

    def render(self, task: Task) -> Text:
        """Write the time in hours, minutes and seconds."""
        if task.time_remaining is None:
            return Text(f"{timedelta(seconds=int(task.elapsed or 0))} so far")
        return Text(f"{timedelta(seconds=int(task.time_remaining))} left")


class _Log:
    """Write a line of progress to a log when the last, or the beginning, is long ago."""

    def __init__(self, what: str, *, quiet: bool) -> None:
        self._what, self._quiet, self._last = what, quiet, monotonic()

    def __call__(self, step: str, done: int, total: int) -> None:
        """Take note of a step."""
        if not self._quiet and monotonic() - self._last >= _PAUSE:
            self._last = monotonic()
            line = printable(f"{self._what}: {step} ({done:,} of {total:,})")
            sys.stderr.write(f"{line}\n")
            sys.stderr.flush()


@contextmanager
def progress(what: str, *, quiet: bool = False) -> Iterator[Advance]:
    """Show progress on standard error: a bar in a terminal, a line now and then in a log.

    Parameters
    ----------
    what
        Name of the work.
    quiet
        Whether to show nothing.

    Yields
    ------
    A function to call with a step's text, the number of steps done, and their total.
    """
    screen = Screen(stderr=True)
    if not screen.is_terminal:
        yield _Log(what, quiet=quiet)
        return
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        BarColumn(max(10, min(40, screen.width - 60))),
        TimeLeft(),
    )
    with Progress(*columns, console=screen, disable=quiet, transient=True) as bar:
        task = bar.add_task(printable(what), total=None)

        def advance(step: str, done: int, total: int) -> None:
            bar.update(task, description=printable(f"{what}: {step}"), completed=done, total=total)

        yield advance


def print_described(meanings: Mapping[str, str]) -> None:
    """Print names, each with its meaning."""
    table = Table.grid(padding=(0, 2))
    for name, meaning in meanings.items():
        table.add_row(name, meaning)
    output().print(table)
