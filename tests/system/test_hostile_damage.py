"""Damaged datasets and runs: each verb answers with one message and an exit code."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import damages
import forgeries
import pytest
from turns import some_always
from typer.testing import CliRunner

from darkfigure.linkage_eval.harness import run_suite
from darkfigure.linkage_eval.runs.suite import Suite
from darkfigure.reports.cli import app
from darkfigure.scenarios import load_scenario
from darkfigure.synth.core.errors import DarkfigureError
from darkfigure.synth.pipeline import generate
from darkfigure.synth.storage.dataset import Dataset

Words = Callable[[Path, Path], Sequence[object]]
# Verbs that read a dataset, given it and a folder for what they write.
DATASET: dict[str, Words] = {
    "describe": lambda data, _: ("describe", data),
    "trace": lambda data, _: ("trace", data, "--person", "random"),
    "verify": lambda data, _: ("verify", data),
    "fidelity": lambda data, _: ("fidelity", data),
    "fidelity --faults": lambda data, _: ("fidelity", data, "--faults"),
    "estimate": lambda data, _: ("estimate", data),
    "link": lambda data, out: ("link", data, "--linker", "exact", "--out", out / "links.csv"),
    "score": lambda data, out: ("score", data, "--links", out / "given.csv"),
    "share": lambda data, out: ("share", data, "--strategy", "mash", "--out", out / "shared"),
    "practise": lambda data, out: ("practise", data, "--out", out / "page.html"),
}
# Verbs that read a run.
RUN: dict[str, Words] = {
    "report": lambda run, out: ("report", run, "--out", out / "report.html"),
    "measure": lambda run, _: ("measure", run),
    "explain": lambda run, _: ("explain", run),
    "baseline": lambda run, out: ("baseline", run, "--out", out / "baseline.parquet"),
    "compare": lambda run, out: ("compare", out / "good", run),
}


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """A small world."""
    return generate(
        load_scenario("merthyr", persons=250), tmp_path_factory.mktemp("damage") / "world"
    )


@pytest.fixture(scope="module")
def run(dataset: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run on it."""
    out = tmp_path_factory.mktemp("damaged-run") / "run"
    suite = Suite.model_validate(
        {
            "name": "damage",
            "title": "Damage",
            "scenarios": [{"name": "merthyr", "persons": 250}],
            "tasks": [{"left": "ed", "right": "police"}],
            "linkers": ["exact", "stepwise"],
        }
    )

    def lent(_: object, __: int, folder: Path) -> Dataset:
        shutil.copytree(dataset.path, folder / "merthyr-1", dirs_exist_ok=True)
        return Dataset.open(folder / "merthyr-1")

    run_suite(suite, out, make=lent)
    return out


def outcome(words: Sequence[object]) -> str:
    """Call the command in this process; let anything unexpected out."""
    done = CliRunner().invoke(app, [str(word) for word in words])
    error = done.exception
    if isinstance(error, DarkfigureError):
        message = str(error)
        assert message.replace("\n", "").replace("\t", "").isprintable()
        assert message.rstrip().endswith("."), message
        return "refused"
    if error is not None and not isinstance(error, SystemExit):
        raise error
    assert "\x1b[2J" not in done.output
    assert "\u202e" not in done.output
    return "answered" if done.exit_code in {0, 1} else "refused"


def tried(
    whole: Path, folder: Path, what: str, damage: damages.Damage, verbs: dict[str, Words]
) -> Counter[str]:
    """Let every verb read a damaged copy; give how often each outcome came."""
    return Counter(each(whole, folder, what, damage, verbs).values())


def each(
    whole: Path, folder: Path, what: str, damage: damages.Damage, verbs: dict[str, Words]
) -> dict[str, str]:
    """Let every verb read a damaged copy; give the outcome of each."""
    outcomes = {}
    for verb, words in verbs.items():
        out, copy = folder / "out", folder / "copy"
        for old in (out, copy):
            shutil.rmtree(old, ignore_errors=True)
        out.mkdir()
        shutil.copytree(whole, copy, symlinks=True)
        (out / "given.csv").write_text("left_id,right_id\n")
        (out / "good").symlink_to(whole)
        damage(copy)
        try:
            outcomes[verb] = outcome(words(copy, out))
        except Exception as error:
            error.add_note(f"{what}, read by {verb}")
            raise
    return outcomes


def test_undamaged_every_verb_answers(dataset: Dataset, run: Path, tmp_path: Path):
    """So that a refusal below is of the damage."""
    assert Counter(answered=len(DATASET)) == tried(
        dataset.path, tmp_path, "nothing", lambda _: None, DATASET
    )
    assert Counter(answered=len(RUN)) == tried(run, tmp_path, "nothing", lambda _: None, RUN)


@pytest.mark.parametrize("what", some_always(damages.DATASET, one_in=5))
def test_every_verb_refuses_a_damaged_dataset(what: str, dataset: Dataset, tmp_path: Path):
    """Whatever is wrong with it, whichever table it reads first."""
    outcomes = tried(dataset.path, tmp_path, what, damages.DATASET[what], DATASET)
    assert Counter(refused=len(DATASET)) == outcomes


@pytest.mark.parametrize("what", some_always(forgeries.IMPOSSIBLE, one_in=6))
def test_what_no_dataset_can_hold_is_refused(what: str, dataset: Dataset, tmp_path: Path):
    """Though checksums and seal fit; one reader looks through what it reads.

    Columns that a verb does not read may hold anything, so that up to three answer; which they are
    depends on what was forged. `verify` reads all.
    """
    outcomes = each(dataset.path, tmp_path, what, forgeries.IMPOSSIBLE[what], DATASET)
    assert "refused" == outcomes["verify"]
    assert [*outcomes.values()].count("refused") >= len(DATASET) - 3


@pytest.mark.slow
@pytest.mark.parametrize("what", forgeries.STRANGE)
def test_no_verb_falls_over_a_strange_dataset(what: str, dataset: Dataset, tmp_path: Path):
    """It could be, so far as each table by itself tells: a verb answers or refuses."""
    outcomes = tried(dataset.path, tmp_path, what, forgeries.STRANGE[what], DATASET)
    assert len(DATASET) == outcomes.total()


@pytest.mark.parametrize("what", some_always(damages.RUN, one_in=5))
def test_no_verb_falls_over_a_damaged_run(what: str, run: Path, tmp_path: Path):
    """Verbs that do not read what is damaged answer; the others refuse."""
    assert tried(run, tmp_path, what, damages.RUN[what], RUN)
