"""The plan of a course: two hours, step by step, with what to say and what goes wrong."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib.resources import files

from darkfigure.reports.teaching.pages import NOTICE

_LEAD = """Everybody answers the four questions marked *core*; all others are for those
who are quicker. Steps marked *optional* may be left out; the debrief may not. Times count from
the start."""
_BESIDE = """Slides for the end: [debrief](debrief.html). Answers of all packs:
[overview](answers.html)."""


@dataclass(frozen=True)
class PlanStep:
    """One step of the course.

    Parameters
    ----------
    minutes
        How long it takes.
    title
        What it is.
    core
        The questions that everybody answers; "" where the whole step may be left out.
    does
        What learners do.
    says
        What the trainer says and asks.
    trouble
        What goes wrong, and what helps.
    """

    minutes: int
    title: str
    core: str
    does: str
    says: str
    trouble: str


def read_plan() -> tuple[PlanStep, ...]:
    """Read the steps in their order."""
    file = files("darkfigure.reports") / "teaching" / "plan.toml"
    told = tomllib.loads(file.read_text(encoding="utf-8"))
    return tuple(PlanStep(**step) for step in told["step"])


def plan_markdown() -> str:
    """Write the plan for the trainer: a table of times, then each step with its notes."""
    plan = read_plan()
    rows, begins = [], 0
    for step in plan:
        core = f"core: {step.core}" if step.core else "optional"
        times = f"{_clock(begins)}\u2013{_clock(begins + step.minutes)}"
        rows.append(f"| {times} | {step.title} | {core} |")
        begins += step.minutes
    head = ["| time | step | what everybody does |", "| --- | --- | --- |"]
    table = "\n".join([*head, *rows])
    parts = [f"# A plan of two hours\n\n**{NOTICE}**", _LEAD, table, *map(_notes, plan), _BESIDE]
    return "\n\n".join(parts) + "\n"


def _clock(minutes: int) -> str:
    return f"{minutes // 60}:{minutes % 60:02}"


def _notes(step: PlanStep) -> str:
    return (
        f"## {step.title}: {step.minutes} minutes\n\n- **They:** {step.does}\n"
        f"- **You:** {step.says}\n- **Trouble:** {step.trouble}"
    )


def plan_outline() -> str:
    """Write the plan as a list of one line a step."""
    return "\n".join(
        f"- {step.minutes} minutes: {step.title}." + (f" *Core: {step.core}.*" if step.core else "")
        for step in read_plan()
    )
