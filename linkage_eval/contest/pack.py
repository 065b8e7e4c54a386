"""The making of a contest: a pack for entrants, and apart from it the organiser's half."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from pathlib import Path

import pyarrow as pa
from pyarrow import csv

from darkfigure import scenarios
from darkfigure.linkage_eval.contest import words
from darkfigure.linkage_eval.contest.given_ids import hide_ids, write_ids
from darkfigure.linkage_eval.contest.worlds import MOST, ContestWorlds, names_of
from darkfigure.linkage_eval.records.sides import are_one, expand
from darkfigure.linkage_eval.runs.stored_links import write_file, write_text
from darkfigure.synth.core.errors import DatasetError, SpecError, UnknownNameError
from darkfigure.synth.core.salt import Salt
from darkfigure.synth.pipeline import generate
from darkfigure.synth.schema import SUBJECTS
from darkfigure.synth.storage.dataset import fresh_folder

PACK, ORGANISER, ANSWERS = "pack", "organiser", "answers"
IDS, RECIPE, SALT = "ids", "recipe.json", "salt"
_SALT_BYTES = 32


@dataclass(frozen=True)
class ContestPlan:
    """What a contest is about.

    Parameters
    ----------
    scenario
        Library name, or path of a TOML file.
    left, right
        Sources to link; the same on both sides, or "" on the right, links records of one.
    persons, seed
        In place of the scenario's.
    salt
        File with the secret of the contest; without, one is made.
    title
        Heads pack and leaderboard.
    worlds
        Worlds of as many seeds, one after the other, whose records are handed out together.
    """

    scenario: str = "merthyr"
    left: str = "ed"
    right: str = "police"
    persons: int | None = None
    seed: int | None = None
    salt: Path | None = None
    title: str = "A contest in record linkage"
    worlds: int = 1


@dataclass(frozen=True)
class Recipe:
    """What scoring must know of a contest beside its world.

    The file also says how the world was made: scenario, seed, and fingerprint of the salt.
    """

    title: str
    left: str
    right: str
    within: bool
    worlds: int = 1

    @classmethod
    def read(cls, contest: Path) -> Recipe:
        """Read the recipe of a contest's folder.

        Raises
        ------
        DatasetError
            The folder holds no contest.
        """
        file = contest / ORGANISER / RECIPE
        try:
            said = json.loads(file.read_text("utf-8"))
            title, left, right = (str(said[name]) for name in ("title", "left", "right"))
            return cls(title, left, right, bool(said["within"]), int(said.get("worlds", 1)))
        except (OSError, ValueError, KeyError, TypeError) as error:
            reason = getattr(error, "strerror", None) or f"{type(error).__name__}: {error}"
            raise DatasetError(
                f"{contest} is no contest: {file} cannot be read ({reason}). Name the folder that "
                "`darkfigure contest make --out` wrote."
            ) from None


def make_contest(
    plan: ContestPlan,
    out: Path,
    *,
    workers: int | None = None,
    progress: Callable[[str, int, int], None] | None = None,
) -> Path:
    """Make the world of a contest, and pack its records without the truth.

    Parameters
    ----------
    plan
        What the contest is about.
    out
        Folder to make; nothing is left in it unless all is written.
    workers
        Processes that make the world; without, as many as are of use.
    progress
        Called with a text, the number of steps done, and their total.

    Returns
    -------
    The folder for entrants.

    Raises
    ------
    UnknownNameError, SpecError
        There is no such scenario or source, or the salt cannot be read.
    OutputError
        `out` is occupied, or cannot be written.
    """
    _check_sides(plan)
    chosen = scenarios.load_scenario(plan.scenario, persons=plan.persons, seed=plan.seed)
    with fresh_folder(out) as folder:
        organiser = folder / ORGANISER
        organiser.mkdir()
        salt = Salt.read(plan.salt) if plan.salt else _new_salt(organiser / SALT)
        datasets = []
        for number, name in enumerate(names_of(plan.worlds)):
            one = chosen.model_copy(update={"seed": chosen.seed + number}).salted(salt)
            datasets.append(generate(one, organiser / name, workers=workers, progress=progress))
        worlds = ContestWorlds(tuple(datasets), plan.left, plan.right)
        _write_halves(plan, salt, worlds, folder)
        (folder / ANSWERS).mkdir()
    return out / PACK


def _write_halves(plan: ContestPlan, salt: Salt, worlds: ContestWorlds, folder: Path) -> None:
    posed = worlds.posed()
    sides = hide_ids(posed, salt)
    write_ids(folder / ORGANISER / IDS, sides)
    seed = worlds.datasets[0].manifest["seed"]
    making = {"scenario": plan.scenario, "seed": seed, "salt": salt.fingerprint}
    recipe = Recipe(plan.title, plan.left, plan.right, posed.within, plan.worlds)
    said = {**vars(recipe), **making, "created_by": f"darkfigure {version('darkfigure')}"}
    write_text(folder / ORGANISER / RECIPE, json.dumps(said, indent=2) + "\n")
    names = ("records",) if posed.within else ("left", "right")
    given = dict(zip(names, (side.given() for side in sides), strict=True))
    _write_pack(folder / PACK, plan, given)


def _write_pack(pack: Path, plan: ContestPlan, given: dict[str, pa.Table]) -> None:
    for name, table in given.items():
        write_file(pack / f"{name}.csv", partial(csv.write_csv, table))
    ids = [table["record_id"] for table in given.values()]
    first, second = (ids[0][:2], ids[1][:2]) if len(ids) > 1 else (ids[0][:1], ids[0][1:2])
    texts = {
        "README.md": words.task(plan.title, plan.left, plan.right, given),
        "TERMS.md": words.TERMS,
        "columns.csv": words.columns(given),
        "sample_answer.csv": words.sample_answer(first.to_pylist(), second.to_pylist()),
    }
    for name, text in texts.items():
        write_text(pack / name, text)


def _check_sides(plan: ContestPlan) -> None:
    """Refuse sources that no world has, and too many worlds, before one is made."""
    if not 1 <= plan.worlds <= MOST:
        raise SpecError(f"A contest has 1 to {MOST} worlds, not {plan.worlds}.")
    for name in filter(None, (plan.left, plan.right)):
        for part in name.split("+"):
            if not expand(part, SUBJECTS):
                raise UnknownNameError.of("source", part, SUBJECTS)
    try:
        are_one(plan.left, plan.right, SUBJECTS)
    except ValueError as error:
        raise SpecError(f"{error}.") from None


def _new_salt(file: Path) -> Salt:
    """Make a secret that only the organiser's account can read."""
    file.touch(mode=0o600)
    file.write_text(secrets.token_hex(_SALT_BYTES) + "\n", "utf-8")
    return Salt.read(file)
