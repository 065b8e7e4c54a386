"""What is replaced is what we wrote: whatever else lies in a folder is named, and stays."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from tiny_suite import make_tiny, tiny_suite
from tiny_world import write_world

from darkfigure.linkage_eval.harness import run_suite
from darkfigure.linkage_eval.runs.checkpoint import Checkpoint
from darkfigure.linkage_eval.runs.suite import DataSource
from darkfigure.linkage_eval.runs.worlds import make_dataset
from darkfigure.linkage_eval.sharing.outputs import share
from darkfigure.scenarios import load_scenario
from darkfigure.synth.core.choices import Engine, FileFormat
from darkfigure.synth.core.errors import OutputError
from darkfigure.synth.formats import Writing, generate_as, write_form
from darkfigure.synth.storage.dataset import Dataset, fresh_folder
from darkfigure.synth.storage.replacing import put_in_place, refuse_occupied
from darkfigure.synth.workers.resumable import unfinished


def contents(folder: Path) -> dict[str, bytes | str | None]:
    """Read all that lies below a folder: files, links and empty folders too."""
    return {
        str(path.relative_to(folder)): (
            str(path.readlink())
            if path.is_symlink()
            else path.read_bytes()
            if path.is_file()
            else None
        )
        for path in sorted(folder.rglob("*"))
    }


def note(folder: Path) -> None:
    """Leave a file beside the tables."""
    (folder / "notes.txt").write_text("mine")


def inside(folder: Path) -> None:
    """Leave a file among the tables of a source."""
    (folder / "ed" / "analysis.R").write_text("mine")


def table(folder: Path) -> None:
    """Leave a table of one's own, whose name might be ours."""
    (folder / "ed" / "mine.parquet").write_bytes(b"mine")


def subfolder(folder: Path) -> None:
    """Leave a folder with a file deep in it."""
    (folder / "work" / "deep").mkdir(parents=True)
    (folder / "work" / "deep" / "plot.png").write_bytes(b"mine")


def empty(folder: Path) -> None:
    """Leave an empty folder."""
    (folder / "later").mkdir()


def hidden(folder: Path) -> None:
    """Leave a file that a listing does not show."""
    (folder / ".Rhistory").write_text("mine")


def link(folder: Path) -> None:
    """Put a table elsewhere, and a link in its place."""
    (folder / "ed" / "attendances.parquet").replace(folder.parent / "elsewhere.parquet")
    (folder / "ed" / "attendances.parquet").symlink_to(folder.parent / "elsewhere.parquet")


def linked_folder(folder: Path) -> None:
    """Put a source elsewhere, and a link in its place."""
    (folder / "ed").replace(folder.parent / "elsewhere")
    (folder / "ed").symlink_to(folder.parent / "elsewhere")


LEFT = [
    (note, "notes.txt"),
    (inside, "ed/analysis.R"),
    (table, "ed/mine.parquet"),
    (subfolder, "work/"),
    (empty, "later/"),
    (hidden, ".Rhistory"),
    (link, "ed/attendances.parquet"),
    (linked_folder, "ed/"),
]


def small_run(out: Path) -> None:
    """Run an empty suite's worth of work into a folder."""
    run_suite(tiny_suite(["exact"]), out, make=make_tiny)


@pytest.fixture
def world(tmp_path: Path) -> Path:
    """A dataset in a folder that holds nothing else."""
    return write_world(tmp_path / "world").path


@pytest.mark.parametrize(("leave", "name"), LEFT)
def test_what_we_did_not_write_is_named_and_stays(
    world: Path, leave: Callable[[Path], None], name: str
):
    """A note, a plot, a link: with --overwrite nothing of it is touched, nor of the dataset."""
    leave(world)
    before = contents(world.parent)
    with pytest.raises(OutputError, match=f"not written with it: {name}. Nothing was deleted"):
        refuse_occupied(world, overwrite=True)
    with pytest.raises(OutputError, match=name), fresh_folder(world, overwrite=True):
        pass
    with pytest.raises(OutputError, match=name), unfinished(world, {}, overwrite=True):
        pass
    assert before == contents(world.parent)


def test_many_things_are_counted(world: Path):
    """Three are named."""
    for number in range(1_005):
        (world / f"{number:04}.txt").write_text("mine")
    with pytest.raises(OutputError, match=r"it: 0000.txt, 0001.txt, 0002.txt and 1,002 more\. "):
        refuse_occupied(world, overwrite=True)


def test_a_dataset_alone_is_replaced_as_before(world: Path):
    """Every file of the old one goes, and nothing is left beside the new."""
    with fresh_folder(world, overwrite=True) as folder:
        (folder / "new.txt").write_text("new")
    assert {"world", "world/new.txt"} == contents(world.parent).keys()


@pytest.mark.parametrize("form", FileFormat)
def test_each_form_of_a_dataset_is_replaced_as_a_whole(world: Path, form: FileFormat):
    """What belongs to it is known, the read-me of CSV too; a note is not."""
    out = world.parent / "out"
    out.mkdir()
    write_form(Dataset.open(world), out, Writing(form))
    refuse_occupied(out, overwrite=True)
    note(out)
    with pytest.raises(OutputError, match=r"it: notes\.txt\."):
        refuse_occupied(out, overwrite=True)


def test_a_readme_in_a_dataset_without_one_is_the_users(world: Path):
    """Only CSV comes with one."""
    (world / "README.txt").write_text("mine")
    with pytest.raises(OutputError, match=r"it: README\.txt\."):
        refuse_occupied(world, overwrite=True)


def test_tables_in_parts_are_replaced_as_a_whole(world: Path):
    """A table may be a folder of numbered parts; what else lies in it is the user's."""
    whole = world / "ed" / "attendances.parquet"
    rows = pq.read_table(whole)
    whole.unlink()
    whole.mkdir()
    pq.write_table(rows, whole / "00000.parquet")
    refuse_occupied(world, overwrite=True)
    pq.write_table(rows, whole / "some.parquet")
    with pytest.raises(OutputError, match=r"it: ed/attendances\.parquet/some\.parquet\."):
        refuse_occupied(world, overwrite=True)


@pytest.mark.parametrize("text", ["{}", "[]", "not JSON", '{"name": "my web app"}'])
def test_a_manifest_of_something_else_is_no_leave_to_delete(tmp_path: Path, text: str):
    """Other programs write files of that name."""
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "manifest.json").write_text(text)
    with pytest.raises(OutputError, match="holds other things"):
        refuse_occupied(tmp_path / "app", overwrite=True)


def test_without_a_list_no_table_is_taken_for_ours(world: Path):
    """Where nothing tells what was written, nothing is deleted."""
    (world / "datapackage.json").write_text("{}")
    manifest = json.loads((world / "manifest.json").read_text())
    (world / "manifest.json").write_text(json.dumps(manifest | {"files": {}}))
    with pytest.raises(OutputError, match="it: ed/"):
        refuse_occupied(world, overwrite=True)


def test_a_run_is_not_replaced_by_a_dataset(tmp_path: Path):
    """Its manifest is another."""
    small_run(tmp_path / "run")
    with pytest.raises(OutputError, match="holds other things"):
        refuse_occupied(tmp_path / "run", overwrite=True)


def write(out: Path, meanwhile: Callable[[Path], object], *, overwrite: bool) -> None:
    """Make a folder while somebody else leaves something where it should be."""
    with fresh_folder(out, overwrite=overwrite) as folder:
        (folder / "new.txt").write_text("new")
        meanwhile(out)


def test_what_comes_to_lie_there_meanwhile_stays(world: Path):
    """A note written while the new dataset was made is found before anything is replaced."""
    with pytest.raises(OutputError, match=r"notes\.txt"):
        write(world, note, overwrite=True)
    assert "mine" == (world / "notes.txt").read_text()
    assert Dataset.open(world).read("ed/attendances").num_rows == 7


def test_a_dataset_that_came_meanwhile_is_not_replaced_unasked(tmp_path: Path):
    """Of two who write to one place without --overwrite the first stays."""
    out = tmp_path / "out"
    with pytest.raises(OutputError, match="exists already"):
        write(out, write_world, overwrite=False)
    assert Dataset.open(out).has("ed/attendances")


def test_the_old_is_there_until_the_new_is(world: Path):
    """Where the new folder cannot be moved, the old one is put back."""
    before = contents(world.parent)
    with pytest.raises(OSError, match="No such file"):
        put_in_place(world.parent / "nowhere", world, overwrite=True)
    assert before == contents(world.parent)


def test_a_link_to_a_folder_stays_a_link(world: Path, tmp_path: Path):
    """What it points to is replaced."""
    place = tmp_path / "link"
    place.symlink_to(world)
    with fresh_folder(place, overwrite=True) as folder:
        (folder / "new.txt").write_text("new")
    assert place.is_symlink()
    assert {"new.txt"} == contents(world).keys()
    note(world)
    with pytest.raises(OutputError, match="holds other things"):
        refuse_occupied(place, overwrite=True)


def test_generate_replaces_its_own_and_nothing_else(tmp_path: Path):
    """In one form after another, through a link, and with a note in between."""
    scenario = load_scenario("merthyr", persons=60).model_copy(update={"agencies": ("ed",)})
    real, out = tmp_path / "real", tmp_path / "out"
    real.mkdir()
    out.symlink_to(real)
    for writing in (Writing(), Writing(FileFormat.csv), Writing(truth=False), Writing()):
        generate_as(scenario, out, writing, overwrite=True)
    assert out.is_symlink()
    assert Dataset.open(real).has("truth/persons")
    note(real)
    before = contents(tmp_path)
    for writing in (Writing(), Writing(FileFormat.csv), Writing(engine=Engine.local)):
        with pytest.raises(OutputError, match=r"it: notes\.txt\."):
            generate_as(scenario, out, writing, overwrite=True)
    assert before == contents(tmp_path)


def test_share_replaces_its_own_and_nothing_else(village: Dataset, tmp_path: Path):
    """Its manifest lists what was written; a dataset is not replaced by what was shared of it."""
    out = tmp_path / "shared"
    for strategy in ("istv-minimum", "none", "istv-minimum"):
        share(village, strategy, out, overwrite=True)
    (out / "held" / "mine.txt").write_text("mine")
    before = contents(out)
    with pytest.raises(OutputError, match=r"it: held/mine\.txt\."):
        share(village, "none", out, overwrite=True)
    assert before == contents(out)
    with pytest.raises(OutputError, match="is the dataset itself"):
        share(village, "none", village.path, overwrite=True)


def test_a_run_makes_a_dataset_anew_only_if_it_is_ours(tmp_path: Path):
    """One of another size is replaced; with a note in it, it stays."""
    first = make_dataset(DataSource(name="merthyr", persons=40), 1, tmp_path)
    again = make_dataset(DataSource(name="merthyr", persons=60), 1, tmp_path)
    assert first.path == again.path
    assert first.tables != again.tables
    note(again.path)
    with pytest.raises(OutputError, match=r"it: notes\.txt\."):
        make_dataset(DataSource(name="merthyr", persons=40), 1, tmp_path)
    assert "mine" == (again.path / "notes.txt").read_text()


def test_a_run_deletes_no_folder_that_only_has_the_name_of_its_own(tmp_path: Path):
    """Somebody's work may lie in `unfinished`; and what is beside finished cells stays."""
    (tmp_path / "unfinished").mkdir()
    note(tmp_path / "unfinished")
    with pytest.raises(OutputError, match="unfinished holds other things"):
        small_run(tmp_path)
    assert "mine" == (tmp_path / "unfinished" / "notes.txt").read_text()
    kept = Checkpoint(tmp_path / "run" / "unfinished", "said")
    kept.begin()
    note(kept.folder)
    kept.end()
    assert {"notes.txt"} == contents(kept.folder).keys()


def test_a_run_is_not_written_over_a_dataset(world: Path):
    """Its manifest would replace that of the dataset; into a run one may run again."""
    before = contents(world)
    with pytest.raises(OutputError, match="holds other things"):
        small_run(world)
    assert before == contents(world)
    for _ in range(2):
        small_run(world.parent / "run")


def test_a_folder_that_only_has_the_name_of_unfinished_work_stays(tmp_path: Path):
    """It would be cleared for the next dataset."""
    (tmp_path / ".out.unfinished").mkdir()
    note(tmp_path / ".out.unfinished")
    with pytest.raises(OutputError, match="unfinished holds other things"):
        generate_as(load_scenario("merthyr", persons=60), tmp_path / "out", Writing())
    assert "mine" == (tmp_path / ".out.unfinished" / "notes.txt").read_text()
