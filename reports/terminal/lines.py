"""Sentences for people and JSON for programs, on standard output or standard error."""

from __future__ import annotations

import typer

from darkfigure.synth.core.printable import printable, printable_json


def say(text: object, *, err: bool = False) -> None:
    """Print a sentence, with control characters made visible.

    Parameters
    ----------
    text
        The sentence.
    err
        Whether it goes to standard error.
    """
    typer.echo(printable(str(text)), err=err)


def say_json(data: object, *, indent: int | None = None) -> None:
    """Print data as JSON for programs, with control characters made visible.

    Parameters
    ----------
    data
        Plain data.
    indent
        Blanks of indentation; without, the JSON is one line.
    """
    typer.echo(printable_json(data, indent))
