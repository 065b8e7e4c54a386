"""A cell of a run: one linker on one task, from its links to their measurements."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from darkfigure.linkage_eval.evaluation.clerical_review import Reviewed, Reviewer, review
from darkfigure.linkage_eval.evaluation.evaluate import LinkerClaims
from darkfigure.linkage_eval.evaluation.metrics.labels import N_LABELS, N_WRONG
from darkfigure.linkage_eval.isolation.parent import LONGEST_STATUS, Job, Outcome, run_isolated
from darkfigure.linkage_eval.linkers import registry
from darkfigure.linkage_eval.links.decisions import Decision, decide
from darkfigure.linkage_eval.rows import CellKey
from darkfigure.linkage_eval.runs.checkpoint import Checkpoint
from darkfigure.linkage_eval.runs.prepared_task import PreparedTask
from darkfigure.linkage_eval.runs.read_fields import find_fields
from darkfigure.linkage_eval.runs.results import Results
from darkfigure.linkage_eval.runs.stored_links import StoredLinks, write_answer
from darkfigure.linkage_eval.runs.suite import LinkerEntry, Suite
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.core.printable import printable


@dataclass(frozen=True)
class Rules:
    """The rules of all cells of a run.

    Parameters
    ----------
    suite
        Its decisions and limits.
    out
        Folder of the run, closed to linkers.
    finished
        Cells that were finished before an interruption.
    trusted
        Whether nothing is closed to linkers.
    """

    suite: Suite
    out: Path
    finished: Checkpoint
    trusted: bool


def run_linker(rules: Rules, results: Results, prepared: PreparedTask, linker: LinkerEntry) -> None:
    """Run one linker on a task; decide, store and measure its links in every way.

    An error on the way does not end the run: it becomes the status of its cell.

    Parameters
    ----------
    rules
        The rules of all cells of the run.
    results
        Results of the run, to which rows are added.
    prepared
        The task.
    linker
        The linker, with its options.
    """
    taught = {}
    reads = None
    try:
        reviewed = _label(prepared, linker)
        answered = _link(rules, prepared, linker, reviewed)
        reads = _fields(_job(rules, prepared, linker, reviewed), prepared, linker, answered)
        outcome = _place(prepared, answered)
        if reviewed:
            taught = {N_LABELS: reviewed.labelled.num_rows, N_WRONG: reviewed.n_wrong}
    except Exception as error:  # noqa: BLE001, as said above
        outcome = Outcome(_lost(error))
    for decision in rules.suite.decisions:
        which = _which(prepared, linker.decided(decision))
        try:
            decided = _decide(outcome, decision)
            if decided.links is not None:
                probable = outcome.gives_probability and decision == "none"
                claims = LinkerClaims(probable, outcome.candidates, taught, reads)
                judged = prepared.evaluation.judge(decided.links)
                findings = prepared.evaluation.find(judged, claims, results.metrics)
                stored = StoredLinks(which, decided.links.sorted().table(), claims)
                write_answer(results.folder, stored)
                results.add_findings(which, findings)
        except Exception as error:  # noqa: BLE001, as said above
            decided = replace(outcome, status=_lost(error), links=None)
        results.add_outcome(which, decided)


def _lost(error: Exception) -> str:
    text = f"not judged: {type(error).__name__}: {error}"
    return printable(text, LONGEST_STATUS, line=True)


def _link(
    rules: Rules, prepared: PreparedTask, linker: LinkerEntry, reviewed: Reviewed | None
) -> Outcome:
    """Run a linker, unless its cell was finished before an interruption."""
    job = _job(rules, prepared, linker, reviewed)
    which = _which(prepared, linker.title)
    outcome = rules.finished.outcome(which, job, prepared.left, prepared.right)
    if outcome is None:
        outcome = run_isolated(job, prepared.left, prepared.right)
        rules.finished.keep(which, job, outcome, prepared.left, prepared.right)
    return outcome


def _fields(
    job: Job, prepared: PreparedTask, linker: LinkerEntry, outcome: Outcome
) -> tuple[str, ...] | None:
    """Give the fields that a linker reads: as the suite says, as it declares, or found."""
    if linker.reads != "find":
        return linker.reads or registry.reads(linker.name)
    if outcome.links is None:
        return None
    return find_fields(job, prepared.left, prepared.right, outcome.links)


def _which(prepared: PreparedTask, linker: str) -> CellKey:
    return CellKey(prepared.scenario, prepared.strategy, prepared.task, linker, prepared.seed)


def measure_answer(results: Results, prepared: PreparedTask, answer: StoredLinks) -> None:
    """Measure stored links, and add the findings to the results.

    Parameters
    ----------
    results
        Results of the run, to which rows are added.
    prepared
        The task that the links answer.
    answer
        A linker's links with its claims.
    """
    judged = prepared.evaluation.judge_table(answer.links)
    findings = prepared.evaluation.find(judged, answer.claims, results.metrics)
    results.add_findings(answer.which, findings)


def _place(prepared: PreparedTask, outcome: Outcome) -> Outcome:
    """Put a linker's links among all records of the task, without those that cannot be."""
    if outcome.links is None:
        return outcome
    truth = prepared.evaluation.truth
    return replace(outcome, links=prepared.narrow(outcome.links).on(truth.sides))


def _decide(outcome: Outcome, decision: Decision) -> Outcome:
    if outcome.links is None:
        return outcome
    try:
        return replace(outcome, links=decide(outcome.links, decision))
    except ValueError as error:
        return replace(outcome, status=f"undecided: {error}", links=None)


def _label(prepared: PreparedTask, linker: LinkerEntry) -> Reviewed | None:
    """Label pairs for a linker that learns."""
    reviewer = linker.supervision or (Reviewer() if registry.learns(linker.name) else None)
    if reviewer is None:
        return None
    chance = Stream(prepared.seed, ("supervision",))
    truth = prepared.evaluation.truth
    return review(prepared.left, prepared.right, truth, reviewer, chance=chance)


def _job(
    rules: Rules, prepared: PreparedTask, linker: LinkerEntry, reviewed: Reviewed | None
) -> Job:
    return Job(
        linker.name,
        linker.options,
        prepared.seed,
        rules.suite.limits,
        # The whole run: other linkers' answers, and the worlds that are not in hand.
        tuple(sorted({*prepared.closed, rules.out})),
        reviewed.labelled if reviewed else None,
        prepared.within,
        compared=True,
        trusted=rules.trusted,
    )
