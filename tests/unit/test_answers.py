"""Answers to the question of assault attendances, read back from a run and printed."""

import pytest
from made_up_run import LINKERS, PERFECT, write_run

from darkfigure.linkage_eval.evaluation.answers import (
    PERFECT_LINKS,
    PERFECT_RULE,
    QUESTION,
    read_answers,
)
from darkfigure.linkage_eval.rows import Answer, rows_of
from darkfigure.linkage_eval.runs.run import Run, read_run
from darkfigure.reports.terminal.answers import print_answers


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The made-up run, of two worlds."""
    return read_run(write_run(tmp_path_factory.mktemp("answers") / "run", seeds=(1, 2)))


def test_perfect_links_count_once_a_world(run: Run):
    """Every linker's rows repeat them; two worlds have twice the attendances of one."""
    answers = {answer.name: answer for answer in read_answers(rows_of(run.answered, Answer))}
    assert [*LINKERS, PERFECT_LINKS, PERFECT_RULE] == list(answers)
    assert 2 * PERFECT["coded"] == answers[PERFECT_LINKS].counts["coded"]
    assert 1 - 350 / 1300 == answers[PERFECT_LINKS].unknown


def test_the_truth_is_the_answer_without_error(run: Run):
    """A perfect rule asks about every assault, and is right of each."""
    truth = read_answers(rows_of(run.answered, Answer))[-1]
    assert (1398 / 1864, 1, 1) == (truth.unknown, truth.recall, truth.precision)
    assert 0 == truth.counts["coding"] == truth.counts["other_occurrence"]


def test_no_answers_are_none():
    """A run without emergency departments was not asked."""
    assert [] == read_answers([])


def test_the_terminal_asks_first(run: Run, capsys: pytest.CaptureFixture[str]):
    """The question, an answer a linker, and the count of each error."""
    print_answers(run)
    said = " ".join(capsys.readouterr().out.split())
    assert QUESTION in said
    assert all(name in said for name in ("splink", "perfect links", "lost: missed person"))
    assert f"{2 * PERFECT['other_occurrence']}" in said


def test_a_run_without_assaults_prints_nothing(run: Run, capsys: pytest.CaptureFixture[str]):
    """Other tasks have a leaderboard alone."""
    print_answers(Run(**{**vars(run), "answered": run.answered.slice(0, 0)}))
    assert "" == capsys.readouterr().out
