"""Exercises as plain pages: Markdown, and the same as HTML."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pyarrow as pa
from markdown_it import MarkdownIt
from markupsafe import Markup

from darkfigure.reports.html.templating import asset, environment
from darkfigure.reports.teaching.exercises import Exercise, ExerciseStep

_MOST_ROWS = 50
# Letters that Markdown reads; an underscore within a word is none.
_SPECIAL = re.compile(r"([\\`*\[\]<>|&]|(?<![^\W_])_|_(?![^\W_]))")
NOTICE = "Synthetic data: nobody here is real."

Run = Callable[[str], pa.Table]


def exercises_markdown(
    exercises: Sequence[Exercise], *, title: str, lead: str, run: Run | None = None
) -> str:
    """Write all exercises as one Markdown text.

    Parameters
    ----------
    exercises
        The exercises, in order.
    title, lead
        Heading, and text before the first exercise.
    run
        A function from a query to its result; with it the text is that of the solutions, with
        answers and results.
    """
    parts = [f"# {title}", f"**{NOTICE}**", lead]
    for exercise in exercises:
        parts.append(f"## {exercise.number}. {exercise.title}")
        for step in exercise.steps if run else exercise.asked():
            parts += _written(step, run)
    return "\n\n".join(parts) + "\n"


def _written(step: ExerciseStep, run: Run | None) -> list[str]:
    if step.text:
        return [step.text]
    query = f"```sql\n{step.query}\n```"
    return [query, table_markdown(run(step.query))] if run else [query]


def table_markdown(table: pa.Table) -> str:
    """Write the first rows of a table in Markdown."""
    names = [_cell(name) for name in table.column_names]
    lines = [names, ["---"] * len(names)]
    lines += [[_cell(value) for value in row.values()] for row in table[:_MOST_ROWS].to_pylist()]
    text = "\n".join(f"| {' | '.join(line)} |" for line in lines)
    left_out = table.num_rows - _MOST_ROWS
    return f"{text}\n\n*{left_out:,} more rows*" if left_out > 0 else text


def rows_markdown(rows: Sequence[Mapping[str, object]]) -> str:
    """Write rows of the same keys as a table in Markdown, all of them."""
    names = list(rows[0])
    lines = [names, ["---"] * len(names), *([_cell(row[name]) for name in names] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _cell(value: object) -> str:
    if value is None:
        return "*nothing*"
    return _SPECIAL.sub(r"\\\1", str(value))


def write_text(place: Path, markdown: str) -> None:
    """Write a text as Markdown and as HTML.

    Parameters
    ----------
    place
        Path of both files, without ending.
    markdown
        The text; its first line is the title.
    """
    title = markdown.partition("\n")[0].removeprefix("# ")
    place.parent.mkdir(parents=True, exist_ok=True)
    place.with_name(f"{place.name}.md").write_text(markdown, encoding="utf-8")
    page = to_html(markdown, title=title)
    place.with_name(f"{place.name}.html").write_text(page, encoding="utf-8")


def to_html(markdown: str, *, title: str) -> str:
    """Turn Markdown into a page that stands alone; any HTML in it is shown as text."""
    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    reader.add_render_rule("table_open", _open_table)
    reader.add_render_rule("table_close", _close_table)
    body = Markup(reader.render(markdown))  # noqa: S704, the reader escapes
    return (
        environment()
        .get_template("lesson.html")
        .render(heading=title, body=body, style=asset("style.css"))
    )


def _open_table(*_: object) -> str:
    """Let a wide table scroll within itself, by keyboard too."""
    return '<div class="scroll" tabindex="0" role="region" aria-label="Table"><table>\n'


def _close_table(*_: object) -> str:
    return "</table></div>\n"
