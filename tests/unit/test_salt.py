"""A salt: the world of a contest cannot be made again from its scenario and seed."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from darkfigure.linkage_eval.runs import worlds
from darkfigure.linkage_eval.runs.suite import DataSource
from darkfigure.linkage_eval.sharing.metrics.deterrence import DeterredAttendance
from darkfigure.linkage_eval.sharing.strategy.library import load_strategy
from darkfigure.scenarios import load_scenario
from darkfigure.synth.core.chance import Stream, philox2x32
from darkfigure.synth.core.errors import SpecError
from darkfigure.synth.core.salt import Salt
from darkfigure.synth.pipeline import generate
from darkfigure.synth.schema import TABLES
from darkfigure.synth.storage.dataset import Dataset, verify

ONE, OTHER = Salt.of(b"sixteen bytes, 1"), Salt.of(b"sixteen bytes, 2")
PERSONS = 1_500
# What is the map's rather than anybody's: places, meetings, who works where.
FIXED = {"school_code", "practice_code", "worker_id", "meeting_no", "alias_no", "lsoa_code"}


@pytest.fixture(scope="module")
def salted(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """A world of one salt."""
    out = tmp_path_factory.mktemp("salted") / "world"
    return generate(load_scenario("merthyr", persons=PERSONS).salted(ONE), out)


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """A world of the same scenario and seed, and of another salt."""
    out = tmp_path_factory.mktemp("other") / "world"
    return generate(load_scenario("merthyr", persons=PERSONS).salted(OTHER), out)


def hashes(dataset: Dataset) -> dict[str, str]:
    """Give the content hash of every table."""
    return {name: table["hash"] for name, table in dataset.tables.items()}


def owners(dataset: Dataset) -> set[tuple[str, ...]]:
    """Give which record is about whom: source, table, number and person."""
    about = dataset.read("truth/record_persons", ["source", "table", "record_id", "person_id"])
    return set(zip(*(column.to_pylist() for column in about.columns), strict=True))


def test_the_same_salt_makes_the_same_world(salted: Dataset, tmp_path: Path, monkeypatch):
    """It comes back to the hash, in other blocks too."""
    monkeypatch.setattr("darkfigure.synth.pipeline.BLOCK_HOUSEHOLDS", 400)
    scenario = load_scenario("merthyr", persons=PERSONS).salted(ONE)
    again = generate(scenario, tmp_path / "again")
    assert hashes(salted) == hashes(again) == verify(again.path)


def test_two_salts_share_no_table(salted: Dataset, other: Dataset):
    """No table with rows is the same but who sees whose, and what schools and practices are."""
    same = {name for name, _ in hashes(salted).items() & hashes(other).items()}
    assert {"police/visibility", "education/schools", "gp/practices"} == {
        name for name in same if salted.tables[name]["rows"]
    }


def test_two_salts_share_no_more_people_than_chance(salted: Dataset, other: Dataset):
    """Samples of 1,500 of 58,000 share 1 in 39; whoever is in both has another birthday.

    Whole households are drawn, so that the count of shared people varies by some 12 about 38:
    more than 100 would come less than once in a million worlds.
    """
    birthdays = [
        dict(zip(*(column.to_pylist() for column in people.columns), strict=True))
        for people in (
            world.read("truth/persons", ["person_id", "birth_date"]) for world in (salted, other)
        )
    ]
    shared = birthdays[0].keys() & birthdays[1].keys()
    assert len(shared) < 100
    # Of two birthdays at random one in some 30,000 pairs agrees.
    assert len([who for who in shared if birthdays[0][who] == birthdays[1][who]]) <= 1


def numbers(name: str) -> list[str]:
    """Name the columns of a table whose numbers its agency gives to people and records."""
    columns = TABLES[f"{name}.parquet"].columns
    endings = ("_no", "_id", "_ref", "_urn", "asn")
    texts = [one.name for one in columns if one.type == pa.string() and not one.field]
    return [one for one in texts if one.endswith(endings) and one not in FIXED]


def test_two_salts_share_no_record_numbers(salted: Dataset, other: Dataset):
    """Whether they are drawn or run on; those that run on start at a secret place."""
    compared = 0
    for name in salted.tables.keys() & other.tables.keys():
        for column in [] if name.startswith("truth/") else numbers(name):
            given = [set(one.read(name, [column])[column].to_pylist()) for one in (salted, other)]
            assert len((given[0] & given[1]) - {None}) <= 1, f"{name} {column}"
            compared += bool(given[0])
    assert compared > 30
    assert len(owners(salted) & owners(other)) <= 1


def test_numbers_that_run_on_do_so_in_a_salted_world(salted: Dataset):
    """Without gaps, as without a salt, from another start in each year."""
    table = salted.read("police/south_wales/occurrences", ["occurrence_no"])
    crimes = sorted(one for one in table["occurrence_no"].to_pylist() if one.isdigit())
    years = {year: [int(one[2:]) for one in crimes if one[:2] == year] for year in ("21", "22")}
    for serials in years.values():
        assert serials == list(range(serials[0], serials[0] + len(serials)))
    assert years["21"][0] != years["22"][0]


def test_the_salt_itself_is_nowhere_in_the_dataset(salted: Dataset):
    """The manifest keeps a fingerprint, from which neither salt nor key follow."""
    assert ONE.fingerprint == salted.manifest["salt"]
    assert ONE.key.hex() not in json.dumps(salted.manifest)
    assert repr(ONE) == f"Salt(fingerprint='{ONE.fingerprint}')"
    assert "salt" not in repr(Stream(1, salt=ONE.key))


def test_without_a_salt_the_manifest_has_none(village: Dataset):
    """Hashes of worlds without one are golden; see `test_golden.py`."""
    assert "salt" not in village.manifest


def test_no_key_of_32_bits_gives_the_draws_of_a_salted_stream():
    """The generator of one key cannot follow: its rounds have keys of their own."""
    ids = np.arange(4)
    salted = Stream(1, salt=ONE.key).words("x", ids)
    plain = Stream(1).words("x", ids)
    assert not (salted == plain).any()
    # The first round's key follows from known draws of one; a Weyl sequence does not continue it.
    assert not any((philox2x32(ids.astype(np.uint64), key) == salted).all() for key in range(2**12))


def test_salted_draws_are_uniform():
    """A chi-squared test of 64 classes; a false alarm in 10,000 runs, and the seed is fixed."""
    drawn = Stream(3, salt=ONE.key).below("x", np.arange(64_000), 64)
    squared = ((np.bincount(drawn, minlength=64) - 1_000.0) ** 2 / 1_000.0).sum()
    assert squared < 113.0  # 63 degrees of freedom: 0.9999


@pytest.mark.slow
def test_a_run_does_not_mix_salts(tmp_path: Path):
    """A dataset of another salt, or of none, is made anew; one of the same is used again."""
    world = DataSource(name="merthyr", persons=300)
    made = {}
    for number, salt in enumerate((None, ONE, ONE, OTHER, None)):
        dataset = worlds.make_dataset(world, 1, tmp_path, salt=salt)
        made[number] = dataset.manifest.get("salt"), dataset.path.stat().st_ino
    assert [None, *[ONE.fingerprint] * 2, OTHER.fingerprint, None] == [
        how for how, _ in made.values()
    ]
    assert made[1] == made[2]
    assert ONE.fingerprint == worlds.describe(salted_once(tmp_path, world))["salt"]


def salted_once(folder: Path, world: DataSource) -> Dataset:
    """Make the dataset of a run with a salt."""
    return worlds.make_dataset(world, 1, folder, salt=ONE)


@pytest.mark.slow
def test_an_interrupted_world_does_not_go_on_under_another_salt(tmp_path: Path, monkeypatch):
    """Blocks that one salt left are thrown away by another."""
    scenario = load_scenario("merthyr", persons=300)
    expected = hashes(generate(scenario.salted(OTHER), tmp_path / "whole"))
    monkeypatch.setattr("darkfigure.synth.pipeline.BLOCK_HOUSEHOLDS", 40)
    with monkeypatch.context() as patched:
        patched.setattr("darkfigure.synth.pipeline._assemble", stop)
        with pytest.raises(KeyboardInterrupt):
            generate(scenario.salted(ONE), tmp_path / "world")
    assert list(tmp_path.glob(".world.unfinished/blocks/*.json"))
    assert expected == hashes(generate(scenario.salted(OTHER), tmp_path / "world"))


def stop(*_: object) -> None:
    """Interrupt as Ctrl-C does."""
    raise KeyboardInterrupt


def test_deterrence_in_a_salted_world_is_of_the_usual_size(salted: Dataset):
    """Who stays away is drawn anew among those who came: 1 in 30 or so of some 20.

    With the draws of the world without a salt more than nine in ten would stay away.
    """
    presentations = DeterredAttendance(salted).under(load_strategy("mash"))
    assert int(presentations.came.sum()) > 10
    assert presentations.lost.sum() * 3 < presentations.came.sum()


@pytest.mark.parametrize(
    ("content", "reason"),
    [(b"short", "holds 5 bytes"), (b"", "holds 0 bytes"), (b"x" * 70_000, "holds more bytes")],
)
def test_a_bad_salt_is_refused(tmp_path: Path, content: bytes, reason: str):
    """Too few bytes could be guessed; the message says how to make a good one."""
    file = tmp_path / "salt"
    file.write_bytes(content)
    with pytest.raises(SpecError, match=rf"{reason}.*16 to 65,536.*head -c 32"):
        Salt.read(file)


def test_a_missing_salt_is_refused(tmp_path: Path):
    """As is a folder."""
    for file in (tmp_path / "none", tmp_path):
        with pytest.raises(SpecError, match="cannot be read"):
            Salt.read(file)


def test_the_end_of_the_line_does_not_count(tmp_path: Path):
    """An editor that ends the file with a line break makes no other world."""
    for ending in (b"", b"\n", b"\r\n"):
        (tmp_path / "salt").write_bytes(b"sixteen bytes, 1" + ending)
        assert Salt.read(tmp_path / "salt") == ONE
    shutil.rmtree(tmp_path)
