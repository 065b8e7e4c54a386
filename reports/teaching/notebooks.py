"""Exercises as Jupyter notebooks, format 4.5."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

from darkfigure.reports.teaching.exercises import Exercise, ExerciseStep

_SETUP = """import duckdb

world = duckdb.connect("{world}", read_only=True){attach}


def show(query):
    return world.sql(query).df()"""
_QUESTION = re.compile(r"(?=^\*\*Question \d+\.\*\*)", re.MULTILINE)
_ROOM = ("markdown", "*Your answer:*"), ("code", '# show("""SELECT ...""")')
_ATTACH = """
world.execute("ATTACH '{truth}' AS truth (READ_ONLY)")"""
_METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
    "darkfigure": "Synthetic data: nobody here is real.",
}


def make_notebook(
    exercise: Exercise, steps: Sequence[ExerciseStep], *, world: str, truth: str = ""
) -> str:
    """Write a notebook.

    Parameters
    ----------
    exercise
        The exercise, with number and title.
    steps
        The steps to show: text becomes Markdown cells, queries become code cells.
    world, truth
        Paths of the two databases, seen from the notebook; without `truth`, it is not attached,
        and there are cells for a learner's own answers.

    Returns
    -------
    The notebook as JSON.
    """
    setup = _SETUP.format(world=world, attach=_ATTACH.format(truth=truth) if truth else "")
    sources = [
        ("markdown", f"# {exercise.number}. {exercise.title}"),
        ("code", setup),
        *_sources(steps, room=not truth),
    ]
    cells = [_cell(kind, source, place) for place, (kind, source) in enumerate(sources)]
    notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": _METADATA, "cells": cells}
    return json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"


def _sources(steps: Sequence[ExerciseStep], *, room: bool) -> Iterator[tuple[str, str]]:
    """Give the cells of steps; with room, each question ends in cells for words and a query."""
    asked = False
    for step in steps:
        parts = _QUESTION.split(step.text) if step.text else [""]
        for part in parts:
            begins = bool(_QUESTION.match(part))
            if begins and asked and room:
                yield from _ROOM
            asked = asked or begins
            if part.strip():
                yield "markdown", part.strip()
        if step.query:
            yield "code", _code(step.query)
    if asked and room:
        yield from _ROOM


def _code(query: str) -> str:
    return f'show("""\n{query}\n""")'


def _cell(kind: str, source: str, place: int) -> dict[str, Any]:
    # Notebooks want an id for each cell; it depends on nothing but its place and text.
    name = hashlib.blake2b(f"{place} {source}".encode(), digest_size=6).hexdigest()
    cell: dict[str, Any] = {"id": name, "cell_type": kind, "metadata": {}}
    if kind == "code":
        cell |= {"execution_count": None, "outputs": []}
    return cell | {"source": source.splitlines(keepends=True)}
