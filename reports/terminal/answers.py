"""The answer of a run to the question of assault attendances, in the terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.table import Table

from darkfigure.linkage_eval.evaluation.answers import (
    GAINED,
    LOST,
    QUESTION,
    EventAnswer,
    read_answers,
)
from darkfigure.linkage_eval.rows import Answer, Measure, TaskKey, rows_of
from darkfigure.linkage_eval.runs.run import Run
from darkfigure.reports.terminal.screen import output

_PAIRS = ("precision", "recall", "assault_precision", "assault_recall")
_APPARENT = "apparent_unknown_share"
_ROWS = {
    "coded": "coded as an assault",
    "recorded": "have an occurrence",
    "found": "found",
    "right": "rightly found",
    **{outcome: f"lost: {said}" for outcome, said in LOST.items()},
    **{outcome: f"found by: {said}" for outcome, said in GAINED.items()},
}


def print_answers(run: Run) -> None:
    """Print what each linker makes of assault attendances; nothing where none was asked of them.

    A task has two tables: person links, assault pairs and event links side by side, and the
    attendances behind them, by the errors that stand between an answer and the truth.
    """
    rows = rows_of(run.answered, Answer)
    tasks = list(dict.fromkeys(map(_task_of, rows)))
    for task in tasks:
        answers = read_answers(row for row in rows if _task_of(row) == task)
        where = f" ({task.scenario}, {task.strategy}, {task.task})" if len(tasks) > 1 else ""
        measures = [row for row in rows_of(run.measurements, Measure) if _task_of(row) == task]
        output().print(_levels(answers, measures, where))
        output().print(_errors(answers, where))


def _task_of(row: Answer | Measure) -> TaskKey:
    return TaskKey(row.scenario, row.strategy, row.task)


def _levels(answers: Sequence[EventAnswer], measures: Iterable[Measure], where: str) -> Table:
    """Set accuracy over all pairs, over assaults' pairs and over events side by side."""
    table = Table(title=f"{QUESTION}{where}", title_justify="left")
    table.add_column("links", overflow="fold")
    for level in ("all pairs", "assault pairs", "events"):
        table.add_column(f"{level}:\nprecision, recall", justify="right")
    table.add_column("unknown to the police\n(95 % interval)", justify="right")
    overall = {(row.linker, row.metric): row for row in measures if row.stratum_kind == "all"}
    for answer in answers:
        pairs = [overall.get((answer.name, metric)) for metric in _PAIRS]
        values = [row.value if row else None for row in pairs]
        table.add_row(
            answer.name,
            _two(*values[:2]) if any(pairs) else "1.000, 1.000",
            _two(*values[2:]) if any(pairs) else "1.000, 1.000",
            _two(answer.precision, answer.recall),
            _unknown(answer, overall.get((answer.name, _APPARENT))),
        )
    return table


def _two(first: float | None, second: float | None) -> str:
    return ", ".join("none" if value is None else f"{value:.3f}" for value in (first, second))


def _unknown(answer: EventAnswer, measured: Measure | None) -> str:
    if answer.unknown is None:
        return "none"
    if measured is None or measured.low is None:
        return f"{answer.unknown:.3f}"
    return f"{answer.unknown:.3f} ({measured.low:.3f}-{measured.high:.3f})"


def _errors(answers: Sequence[EventAnswer], where: str) -> Table:
    """Count attendances: what has an occurrence, what is found, and why the two differ."""
    table = Table(title=f"Attendances, and why the answers err{where}", title_justify="left")
    table.add_column("")
    for answer in answers:
        table.add_column(answer.name, justify="right", overflow="fold")
    for outcome, said in _ROWS.items():
        table.add_row(said, *(f"{answer.counts[outcome]:,}" for answer in answers))
    return table
