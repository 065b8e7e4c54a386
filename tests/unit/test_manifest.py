"""A dataset is read only if it is as it was written: one reader, one message, for every table."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tiny_world import write_world

from darkfigure.synth.core.errors import DatasetError
from darkfigure.synth.storage.content import content_hash
from darkfigure.synth.storage.dataset import Dataset, verify
from darkfigure.synth.storage.manifest import sealed, sha256_of

TABLE = "ed/attendances"
FILE = f"{TABLE}.parquet"


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    """The folder of a small dataset."""
    return write_world(tmp_path / "tiny").path


def rewrite(folder: Path, change: Callable[[dict[str, Any]], object], *, seal: bool) -> None:
    """Change what a manifest says, with a seal that fits or the old one."""
    file = folder / "manifest.json"
    manifest = json.loads(file.read_text())
    change(manifest)
    file.write_text(json.dumps(sealed(manifest) if seal else manifest))


@pytest.mark.parametrize("seal", [False, True])
@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda m: m.pop("scenario"), "scenario: is missing"),
        (lambda m: m.pop("tables"), "tables: is missing"),
        (lambda m: m.pop("files"), "files: is missing"),
        (lambda m: m.pop("seed"), "seed: is missing"),
        (lambda m: m.pop("columns"), "written by another version"),
        (lambda m: m.pop("format"), "is not of format 3"),
        (lambda m: m.update(format=2), "from before its files had checksums"),
        (lambda m: m.update(tables={}), "tables"),
        (lambda m: m.update(tables=[]), "tables"),
        (lambda m: m.update(seed="1"), "seed = '1'"),
        (lambda m: m.update(seed=True), "seed = True"),
        (lambda m: m["scenario"].update(start="banana"), "scenario.start = 'banana'"),
        (lambda m: m["scenario"].update(start="2021-13-01"), "scenario.start = '2021-13-01'"),
        (lambda m: m["scenario"].update(years=11), "scenario.years = 11"),
        (lambda m: m["scenario"].update(years=10**30), "whole number of more than 64 bits"),
        (lambda m: m["scenario"].update(name="../../x"), "scenario.name = '../../x'"),
        (lambda m: m["scenario"].update(title="a\x1b[2J"), r"scenario.title: .* U\+001B"),
        (lambda m: m["tables"].update({"ed/mine": m["tables"][TABLE]}), "no table 'ed/mine'"),
        (lambda m: m["files"].pop(FILE), f"no file of the table '{TABLE}'"),
        (lambda m: m["tables"][TABLE].update(rows=-1), r"tables.ed/attendances.rows = -1"),
        (lambda m: m["files"][FILE].update(sha256="x"), "sha256 = 'x'"),
    ],
)
def test_a_manifest_that_lacks_something_is_refused(tiny: Path, change, reason: str, *, seal: bool):
    """With a seal of its own too: what is wrong is said, and how to mend it."""
    rewrite(tiny, change, seal=seal)
    for reader in (Dataset.open, verify):
        with pytest.raises(DatasetError, match=rf"(?s){reason}.*[Gg]enerate"):
            reader(tiny)


@pytest.mark.parametrize(
    "change",
    [
        lambda m: m.update(seed=2),
        lambda m: m["scenario"].update(start="2021-04-02"),
        lambda m: m["tables"][TABLE].update(rows=8),
        lambda m: m.update(salt="0" * 32),
    ],
)
def test_an_edited_manifest_is_noticed(tiny: Path, change):
    """Whatever was changed, if what it says now could be right."""
    rewrite(tiny, change, seal=False)
    with pytest.raises(DatasetError, match=r"manifest\.json was changed after it was written"):
        Dataset.open(tiny)


@pytest.mark.parametrize("text", ["", "[]", "7", "{", "[" * 100_000, '{"a": ' * 50_000, "\x00"])
def test_a_manifest_that_is_none_is_refused(tiny: Path, text: str):
    """No JSON, no object, or nested without end."""
    (tiny / "manifest.json").write_text(text)
    with pytest.raises(DatasetError, match=r"manifest\.json"):
        Dataset.open(tiny)


def flip(folder: Path) -> None:
    """Change one bit."""
    content = bytearray((folder / FILE).read_bytes())
    content[len(content) // 2] ^= 1
    (folder / FILE).write_bytes(content)


def be_a_folder(folder: Path) -> None:
    """Put a folder in the place of a table."""
    (folder / FILE).unlink()
    (folder / FILE).mkdir()


def lead_nowhere(folder: Path) -> None:
    """Put a link to nothing in its place."""
    (folder / FILE).unlink()
    (folder / FILE).symlink_to(folder / "none")


DAMAGES = {
    "flipped": flip,
    "cut": lambda folder: (folder / FILE).write_bytes((folder / FILE).read_bytes()[:-9]),
    "empty": lambda folder: (folder / FILE).write_bytes(b""),
    "gone": lambda folder: (folder / FILE).unlink(),
    "folder": be_a_folder,
    "link": lead_nowhere,
    "another": lambda folder: shutil.copy(folder / "truth/persons.parquet", folder / FILE),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_table_is_noticed_by_every_way_to_read(tiny: Path, damage: str):
    """Opened before or after, read as a table, as some columns, by SQL, or verified."""
    before = Dataset.open(tiny)
    before.read(TABLE)
    DAMAGES[damage](tiny)
    ways = (Dataset.read, Dataset.sql, lambda dataset, name: dataset.read(name, ["surname"]))
    for dataset, read in product((before, Dataset.open(tiny)), ways):
        with pytest.raises(DatasetError, match=r"attendances\.parquet is damaged"):
            read(dataset, TABLE)
    with pytest.raises(DatasetError, match=r"attendances\.parquet is damaged"):
        verify(tiny)


def replace_table(folder: Path, table: pa.Table, *, told: dict[str, object]) -> None:
    """Put another table in the place of one, with a manifest that fits it."""
    pq.write_table(table, folder / FILE)
    size = (folder / FILE).stat().st_size

    def fit(manifest: dict[str, Any]) -> None:
        manifest["files"][FILE] = {"bytes": size, "sha256": sha256_of(folder / FILE)}
        manifest["tables"][TABLE] |= told

    rewrite(folder, fit, seal=True)


def test_what_a_forged_manifest_cannot_hide(tiny: Path):
    """Columns and rows are compared with what the tables of this version are."""
    table = pq.read_table(tiny / FILE)
    for changed, reason in (
        (table.drop_columns(["surname"]), "does not have the columns"),
        (table.append_column("more", table["surname"]), "does not have the columns"),
        (table.slice(1), "6 rows instead of 7"),
    ):
        replace_table(tiny, changed, told={})
        for read in (lambda: Dataset.open(tiny).read(TABLE), lambda: verify(tiny)):
            with pytest.raises(DatasetError, match=reason):
                read()


def test_verify_recomputes_what_checksums_do_not_tell(tiny: Path):
    """Other rows under a manifest that fits them but for the content hash."""
    table = pq.read_table(tiny / FILE)
    place, names = table.column_names.index("surname"), table["surname"].to_pylist()[::-1]
    turned = table.set_column(place, table.schema.field(place), pa.chunked_array([names]))
    replace_table(tiny, turned, told={})
    Dataset.open(tiny).read(TABLE)
    with pytest.raises(DatasetError, match="its content hash differs"):
        verify(tiny)
    replace_table(tiny, turned, told={"hash": content_hash(turned)})
    assert content_hash(turned) == verify(tiny)[TABLE]


def test_verify_names_what_does_not_belong(tiny: Path):
    """A table that nobody wrote might be taken for one that somebody did."""
    shutil.copy(tiny / FILE, tiny / "ed/more.parquet")
    with pytest.raises(DatasetError, match=r"ed/more\.parquet is not part of the dataset"):
        verify(tiny)


def test_a_file_is_hashed_once_as_long_as_it_stays(tiny: Path, monkeypatch: pytest.MonkeyPatch):
    """Reading a table again costs no second checksum."""
    digests: list[object] = []
    digest = sha256_of.__globals__["hashlib"].file_digest
    monkeypatch.setattr(
        "darkfigure.synth.storage.manifest.hashlib.file_digest",
        lambda *of: digests.append(of) or digest(*of),
    )
    for _ in range(3):
        Dataset.open(tiny).read("truth/persons")
    assert len(digests) <= 1
    content = (tiny / "truth/persons.parquet").read_bytes()
    (tiny / "truth/persons.parquet").write_bytes(content)
    Dataset.open(tiny).read("truth/persons")
    assert 1 <= len(digests) <= 2
