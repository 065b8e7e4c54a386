"""The terminal: tables go to standard output, progress to standard error.

All that is shown goes through here, and so is never read as markup, and commands no terminal.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn, SpinnerColumn, Task, TextColumn
from rich.table import Table
from rich.text import Text

from darkfigure.synth.core.printable import printable

_WIDTH = 100  # where standard output is no terminal
Advance = Callable[[str, int, int], None]


class Screen(Console):
    """A console for which data are text and nothing else: no markup, no emoji, no escapes."""

    def __init__(self, *, stderr: bool = False, width: int | None = None) -> None:
        super().__init__(stderr=stderr, width=width, markup=False, emoji=False, highlight=False)

    def render_str(self, text: str, **how: Any) -> Text:  # noqa: ANN401, as rich has them
        """Make text of what is to be shown: cells and titles of tables too."""
        return super().render_str(printable(text), **how)


def output() -> Screen:
    """Give standard output: its own width, or 100 columns where it is no terminal."""
    return Screen(width=None if sys.stdout.isatty() else _WIDTH)


def styled(*parts: tuple[str, str]) -> Text:
    """Put pieces of text, each with its style, into one."""
    return Text.assemble(*((printable(text), style) for text, style in parts))


class TimeLeft(ProgressColumn):
    """The time left, or the time gone where nobody can tell how much is left."""

    def render(self, task: Task) -> Text:
        """Say it in words, in hours, minutes and seconds."""
        if task.time_remaining is None:
            return Text(f"{timedelta(seconds=int(task.elapsed or 0))} so far")
        return Text(f"{timedelta(seconds=int(task.time_remaining))} left")


@contextmanager
def progress(what: str, *, quiet: bool = False) -> Iterator[Advance]:
    """Show what is going on, on standard error, while it goes on."""
    screen = Screen(stderr=True)
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        BarColumn(max(10, min(40, screen.width - 60))),
        TimeLeft(),
    )
    with Progress(
        *columns, console=screen, disable=quiet or not screen.is_terminal, transient=True
    ) as bar:
        task = bar.add_task(printable(what), total=None)

        def advance(step: str, done: int, total: int) -> None:
            bar.update(task, description=printable(f"{what}: {step}"), completed=done, total=total)

        yield advance


def print_described(known: Mapping[str, str]) -> None:
    """Print names, each with what it is."""
    table = Table.grid(padding=(0, 2))
    for name, meaning in known.items():
        table.add_row(name, meaning)
    output().print(table)
