"""The terminal: tables go to standard output, progress to standard error."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta

from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn, SpinnerColumn, Task, TextColumn
from rich.table import Table
from rich.text import Text

_WIDTH = 100  # where standard output is no terminal
Advance = Callable[[str, int, int], None]


def output() -> Console:
    """Give standard output: its own width, or 100 columns where it is no terminal."""
    return Console(width=None if sys.stdout.isatty() else _WIDTH, highlight=False)


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
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(max(10, min(40, Console(stderr=True).width - 60))),
        TimeLeft(),
    )
    screen = Console(stderr=True)
    with Progress(
        *columns, console=screen, disable=quiet or not screen.is_terminal, transient=True
    ) as bar:
        task = bar.add_task(what, total=None)

        def advance(step: str, done: int, total: int) -> None:
            bar.update(task, description=f"{what}: {step}", completed=done, total=total)

        yield advance


def print_described(known: Mapping[str, str]) -> None:
    """Print names, each with what it is."""
    table = Table.grid(padding=(0, 2))
    for name, meaning in known.items():
        table.add_row(name, meaning)
    output().print(table)
