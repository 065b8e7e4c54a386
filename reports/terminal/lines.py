"""Sentences for people and JSON for programs, on standard output or standard error."""

from __future__ import annotations

import typer

from darkfigure.synth.core.printable import printable, printable_json


def say(text: object, *, err: bool = False) -> None:
    """Say a sentence; nothing in it commands the terminal."""
    typer.echo(printable(str(text)), err=err)


def say_json(data: object, *, indent: int | None = None) -> None:
    """Print data for a program to read; nothing in it commands the terminal."""
    typer.echo(printable_json(data, indent))
