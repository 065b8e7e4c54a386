"""What an earlier call left is judged before it is used: it may be damaged, or somebody else's."""

from __future__ import annotations

import json
import pickle
import shutil
from pathlib import Path

import pytest

from darkfigure.scenarios import load_scenario
from darkfigure.synth import pipeline
from darkfigure.synth.core.errors import InterruptionError, OutputError
from darkfigure.synth.pipeline import generate
from darkfigure.synth.schema import Table
from darkfigure.synth.storage.dataset import Dataset, verify
from darkfigure.synth.storage.frozen import Frozen, freeze
from darkfigure.synth.storage.parts import Store

PERSONS = 400
BLOCKS = 40  # households


class Planted:
    """Leaves a file behind wherever it is unpickled."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[object, ...]:
        return (Path.touch, (self.mark,))


def planted(mark: Path) -> bytes:
    """Make a file of the form that earlier versions unpickled."""
    trailer = pickle.dumps((pickle.dumps(Planted(mark)), [0], []))
    return trailer + len(trailer).to_bytes(8, "little")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """The dataset as nothing disturbs it."""
    out = tmp_path_factory.mktemp("whole") / "world"
    return generate(load_scenario("merthyr", persons=PERSONS), out)


@pytest.fixture(scope="module")
def imagined() -> pipeline.World:
    """What happens in it, which is the same each time and takes longest."""
    return pipeline.simulate_world(load_scenario("merthyr", persons=PERSONS))


@pytest.fixture(scope="module")
def interrupted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a call that had written all blocks and some tables."""
    folder = tmp_path_factory.mktemp("interrupted")
    assemble, made = Store.assemble, []

    def some(store: Store, shape: Table) -> None:
        made.append(shape)
        if len(made) > 20:
            raise KeyboardInterrupt
        assemble(store, shape)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("darkfigure.synth.pipeline.BLOCK_HOUSEHOLDS", BLOCKS)
        patched.setattr(Store, "assemble", some)
        with pytest.raises(KeyboardInterrupt, match="goes on from"):
            generate(load_scenario("merthyr", persons=PERSONS), folder / "world")
    return folder / ".world.unfinished"


@pytest.fixture
def left(
    interrupted: Path, imagined: pipeline.World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """A copy of that folder, and a world that need not be imagined again."""
    monkeypatch.setattr("darkfigure.synth.pipeline.BLOCK_HOUSEHOLDS", BLOCKS)
    monkeypatch.setattr("darkfigure.synth.pipeline.simulate_world", lambda _: imagined)
    return Path(shutil.copytree(interrupted, tmp_path / ".world.unfinished"))


def gone_on(left: Path, workers: int = 1) -> Dataset:
    """Call again."""
    out = left.parent / "world"
    return generate(load_scenario("merthyr", persons=PERSONS), out, workers=workers)


def assert_whole(whole: Dataset, made: Dataset) -> None:
    """Assert that a dataset holds what the undisturbed one does, and nothing else."""
    assert whole.tables == made.tables
    assert verify(made.path) == {name: table["hash"] for name, table in whole.tables.items()}
    files = [
        sorted(file.relative_to(dataset.path) for file in dataset.path.rglob("*"))
        for dataset in (whole, made)
    ]
    assert files[0] == files[1]


def test_a_planted_world_does_not_run(whole: Dataset, left: Path):
    """A pickle where several processes keep the world is never read."""
    mark = left.parent / "ran"
    (left / "world").write_bytes(planted(mark))
    made = gone_on(left, workers=2)
    assert not mark.exists()
    assert_whole(whole, made)


def test_a_world_under_another_seal_does_not_run(tmp_path: Path):
    """Whoever replaces the file while it is worked with is refused."""
    mark, file = tmp_path / "ran", tmp_path / "world"
    frozen = freeze({"any": 1}, file)
    assert {"any": 1} == frozen.thaw()
    freeze(Planted(mark), file)
    with pytest.raises(InterruptionError, match=r"was changed while .*Run the same command again"):
        frozen.thaw()
    assert not mark.exists()
    assert repr(frozen) == f"Frozen(file={file!r})"


def test_a_frozen_file_is_its_owners_alone(tmp_path: Path):
    """It is made anew, so that a link that lies there leads nowhere."""
    (tmp_path / "elsewhere").write_text("mine")
    (tmp_path / "world").symlink_to(tmp_path / "elsewhere")
    assert Frozen is type(freeze([1], tmp_path / "world"))
    assert 0o600 == (tmp_path / "world").stat().st_mode & 0o777
    assert "mine" == (tmp_path / "elsewhere").read_text()


def flip(file: Path) -> None:
    """Change a byte in the middle of a file."""
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 255
    file.write_bytes(content)


def damage_part(left: Path) -> None:
    """Flip a bit of what a block wrote."""
    flip(left / "parts/ed/attendances.parquet/00001.arrow")


def lose_part(left: Path) -> None:
    """Take away what a block wrote."""
    (left / "parts/truth/persons.parquet/00000.arrow").unlink()


def truncate_part(left: Path) -> None:
    """Let a part end early."""
    file = left / "parts/truth/persons.parquet/00002.arrow"
    file.write_bytes(file.read_bytes()[:-400])


def add_part(left: Path) -> None:
    """Add a part that no block wrote."""
    folder = left / "parts/truth/persons.parquet"
    (folder / "00777.arrow").write_bytes((folder / "00001.arrow").read_bytes())


def swap_notes(left: Path) -> None:
    """Let the note of a block be another's."""
    (left / "blocks/00001.json").write_bytes((left / "blocks/00002.json").read_bytes())


def empty_note(left: Path) -> None:
    """Empty the note of a block."""
    (left / "blocks/00001.json").write_text("")


def strange_notes(left: Path) -> None:
    """Write notes that are no notes."""
    (left / "blocks/00001.json").write_text(json.dumps(["a"]))
    (left / "blocks/00002.json").write_text(json.dumps({"truth/persons.parquet": "x"}))
    (left / "blocks/00003.json").write_text(json.dumps({"../../x": [1, 1]}))
    (left / "blocks/more.json").write_text("{}")


def damage_table(left: Path) -> None:
    """Flip a bit of a finished table."""
    flip(next(file for file in sorted(left.rglob("tables/**/*.parquet"))))


def add_table(left: Path) -> None:
    """Add a table that is none."""
    (left / "tables/planted.parquet").write_text("planted")


def link_elsewhere(left: Path) -> None:
    """Lead the tables somewhere else."""
    target = left.parent / "elsewhere"
    (left / "tables").rename(target)
    (left / "tables").symlink_to(target)


DAMAGES = (
    *(damage_part, lose_part, truncate_part, add_part, swap_notes, empty_note, strange_notes),
    *(damage_table, add_table, link_elsewhere),
)


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_what_is_damaged_is_made_again(whole: Dataset, left: Path, damage):
    """The dataset is the same as without damage."""
    damage(left)
    assert_whole(whole, gone_on(left))


def test_a_lock_that_is_a_link_is_refused(left: Path):
    """It would empty the file that it leads to."""
    (left.parent / "mine").write_text("mine")
    (left / "lock").unlink()
    (left / "lock").symlink_to(left.parent / "mine")
    with pytest.raises(OutputError, match="cannot be written"):
        gone_on(left)
    assert "mine" == (left.parent / "mine").read_text()
