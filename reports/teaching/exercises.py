"""The exercises: Markdown with queries, with answers between two marks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib.resources import files

_ANSWER = re.compile(r"<!-- answer -->\n(.*?)<!-- end -->\n?", re.DOTALL)
_QUERY = re.compile(r"```sql ?(\w*)\n(.*?)```\n?", re.DOTALL)
_FOLDER = files("darkfigure.reports") / "teaching"


@dataclass(frozen=True)
class ExerciseStep:
    """A stretch of text, or a query; `figure` names what a query gives, a number or a table."""

    text: str = ""
    query: str = ""
    figure: str = ""
    answer: bool = False


@dataclass(frozen=True)
class Exercise:
    """One exercise; `name` begins with its number."""

    name: str
    title: str
    steps: tuple[ExerciseStep, ...]

    @property
    def number(self) -> int:
        """Its place in the course."""
        return int(self.name.partition("-")[0])

    def asked(self) -> tuple[ExerciseStep, ...]:
        """Give the steps that attendees see."""
        return tuple(step for step in self.steps if not step.answer)


def read_exercises(way: str = "exercises") -> tuple[Exercise, ...]:
    """Read all exercises in their order.

    Parameters
    ----------
    way
        "exercises", in the SQL of DuckDB, or "sqlite", the same questions in that of SQLite.
    """
    folder = _FOLDER / way
    markdown_files = sorted((file for file in folder.iterdir() if file.name.endswith(".md")),
                   key=lambda file: file.name)  # fmt: skip
    return tuple(
        parse(file.name.removesuffix(".md"), file.read_text(encoding="utf-8"))
        for file in markdown_files
    )


def parse(name: str, source: str) -> Exercise:
    """Make an exercise of its Markdown: a heading, then steps, some of them answers.

    Parameters
    ----------
    name
        Name of the file without its ending, such as "1-explore".
    source
        The Markdown.
    """
    heading, _, rest = source.partition("\n")
    pieces = _ANSWER.split(rest)
    # `split` puts the answers at the odd places.
    steps = [step for place, piece in enumerate(pieces) for step in _steps(piece, place % 2 == 1)]
    return Exercise(name, heading.removeprefix("# ").strip(), tuple(steps))


def _steps(piece: str, answer: bool) -> list[ExerciseStep]:  # noqa: FBT001, told apart by its place
    steps, end = [], 0
    for match in _QUERY.finditer(piece):
        steps.append(ExerciseStep(text=piece[end : match.start()].strip(), answer=answer))
        steps.append(ExerciseStep(query=match[2].strip(), figure=match[1], answer=answer))
        end = match.end()
    steps.append(ExerciseStep(text=piece[end:].strip(), answer=answer))
    return [step for step in steps if step.text or step.query]
