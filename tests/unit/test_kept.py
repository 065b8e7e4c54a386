"""The cache: what is kept, for whom, and what becomes of damaged or foreign files."""

from __future__ import annotations

import os
import pickle
from pathlib import Path

import numpy as np
import pytest
from command import darkfigure, refused
from hypothesis import given
from hypothesis import strategies as st

import darkfigure as df
from darkfigure.scenarios import load_scenario
from darkfigure.synth import everybody as module
from darkfigure.synth.core.salt import Salt
from darkfigure.synth.pipeline import generate
from darkfigure.synth.storage.kept import FOLDER, LIMIT, forget_things, kept, kept_things


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of the test's own."""
    monkeypatch.setenv(FOLDER, str(tmp_path / "cache"))
    monkeypatch.delenv(LIMIT, raising=False)
    return tmp_path / "cache"


class Made:
    """Makes arrays and counts how often."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> np.ndarray:
        """Make them."""
        self.times += 1
        return np.arange(1_000)


def take(make: Made, recipe: str = "a") -> None:
    """Take the array from the cache, or have it made, and look at it."""
    assert (kept("numbers", recipe, make) == np.arange(1_000)).all()


def test_what_was_made_once_is_read_again():
    """The same recipe gives the same thing; another recipe another."""
    make = Made()
    for recipe in "aab":
        take(make, recipe)
    assert make.times == 2
    assert [thing.title for thing in kept_things()] == ["numbers", "numbers"]


@given(place=st.integers(0, 8_500), change=st.integers(1, 255))
def test_a_damaged_file_is_made_again(place: int, change: int):
    """Whichever byte is wrong."""
    forget_things()
    make = Made()
    take(make)
    file = kept_things()[0].file
    content = bytearray(file.read_bytes())
    content[place % len(content)] ^= change
    file.write_bytes(content)
    take(make)
    take(make)
    assert make.times == 2


def test_a_file_of_somebody_else_does_not_run(folder: Path):
    """A pickle that was put there under the right name has not the seal."""
    make = Made()
    take(make)
    file = kept_things()[0].file

    class Evil:
        def __reduce__(self) -> tuple[object, ...]:
            return (os.system, (f"touch {folder}/ran",))

    file.write_bytes(pickle.dumps(Evil()))
    take(make)
    assert make.times == 2
    assert not (folder / "ran").exists()


@pytest.mark.parametrize("what", [".", "key"])
def test_a_folder_that_others_may_write_is_not_used(folder: Path, what: str):
    """Whoever can put a key there can put anything there."""
    take(Made())
    (folder / what).chmod(0o777)
    make = Made()
    take(make)
    assert make.times == 1


def test_what_was_used_last_stays(monkeypatch: pytest.MonkeyPatch):
    """Two of three things fit; the one that was not used for longest goes."""
    make = Made()
    take(make, "a")
    monkeypatch.setenv(LIMIT, str(2.5 * kept_things()[0].size / 1e9))
    for turn, recipe in enumerate("bacab"):
        take(make, recipe)
        for age, thing in enumerate(kept_things()):
            os.utime(thing.file, (1_000 + turn - age,) * 2)
    assert make.times == 4
    assert len(kept_things()) == 2


def test_nothing_is_kept_where_nothing_may_be(folder: Path, monkeypatch: pytest.MonkeyPatch):
    """0 GB turns the cache off; a folder that cannot be made does no harm."""
    monkeypatch.setenv(LIMIT, "0")
    take(Made())
    assert not folder.exists()
    monkeypatch.setenv(LIMIT, "1")
    monkeypatch.setenv(FOLDER, "/proc/none/such")
    take(Made())


def test_a_limit_that_is_no_number_is_refused(monkeypatch: pytest.MonkeyPatch):
    """The message names the variable."""
    monkeypatch.setenv(LIMIT, "plenty")
    refused(darkfigure("cache", "--clear"), 3, LIMIT, "plenty")


def test_a_world_from_the_cache_is_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Another sample of a kept world, and a salted one, which is never kept."""
    small = load_scenario("merthyr", persons=300)
    plain = generate(small, tmp_path / "plain")
    monkeypatch.setattr(module, "WORTH_KEEPING", 0)
    generate(load_scenario("merthyr", persons=600), tmp_path / "larger")
    assert [thing.title for thing in kept_things()] == ["one-authority-seed-1-2021-04-01-3-years"]

    def none(_: object) -> None:
        raise AssertionError("imagined again")

    with monkeypatch.context() as patched:
        patched.setattr(module, "_imagine", none)
        cached = generate(small, tmp_path / "cached")
    assert plain.manifest["tables"] == cached.manifest["tables"]
    generate(small.salted(Salt.of(b"a secret of twenty letters")), tmp_path / "salted")
    assert len(kept_things()) == 1


def test_the_command_lists_and_clears():
    """As the function does."""
    take(Made())
    assert list(df.cache()["world"]) == ["numbers"]
    assert "numbers" in darkfigure("cache").stdout
    assert '"numbers"' in darkfigure("cache", "--json").stdout
    assert "deleted numbers" in darkfigure("cache", "--clear").stdout
    assert df.cache().empty
