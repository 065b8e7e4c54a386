"""What the documentation shows is what happens: its blocks run as they stand."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from functools import partial
from pathlib import Path

import pytest
from once import once
from pages import Page, needs_of

from darkfigure.linkage_eval.links.files import read_links
from darkfigure.linkage_eval.records.standardise import standardise
from darkfigure.linkage_eval.runs.run import read_run
from darkfigure.scenarios import load_scenario
from darkfigure.synth.pipeline import generate
from darkfigure.synth.storage.dataset import Dataset

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = sorted([ROOT / "README.md", DOCS / "tutorial.md", *(DOCS / "howto").glob("*.md")])
TEXTS = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *DOCS.rglob("*.md")])


# These run whole suites several times over, or install a project; one own thing is tried always.
LONG = {"ci-gate", "own-agency", "own-metric", "own-strategy", "tutorial"}
# Their projects are to be installed.
INSTALLED = {"entry-point", "own-agency"}


def _pages():
    """Each page, and again for each thing that some of its blocks need."""
    for file in PAGES:
        long = [pytest.mark.slow] if file.stem in LONG else []
        yield pytest.param(file, (), marks=long, id=file.stem)
        for need in needs_of(file):
            marks = [*long, pytest.mark.needs(need)]
            yield pytest.param(file, (need,), marks=marks, id=f"{file.stem}-{need}")


@pytest.fixture(scope="module")
def worlds(village: Dataset, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ...]:
    """The two worlds of most pages; of the second, what suites ask for and no more."""
    second = load_scenario("merthyr", persons=4_000, seed=2)
    second = second.model_copy(update={"agencies": ("police", "ed")})
    return village.path, once(tmp_path_factory, "second-village", partial(generate, second))


@pytest.mark.parametrize(("file", "has"), list(_pages()))
def test_a_page_of_the_documentation_does_what_it_says(
    file: Path, has: tuple[str, ...], worlds: tuple[Path, ...], tmp_path: Path
):
    """Its files are written, its commands run, one after the other, in a folder of their own."""
    if file.stem in INSTALLED:
        install(tmp_path, file)
    assert any(Page(file, tmp_path, worlds, has, apart=file.stem == "own-agency").follow())


@pytest.mark.needs("awk")
def test_the_linker_in_awk_finds_all_that_share_a_number(worlds: tuple[Path, ...], tmp_path: Path):
    """As a join does: attendances of one patient, who has several, are all linked."""
    any(Page(DOCS / "howto/any-command.md", tmp_path, worlds, ("awk",)).follow())
    village = Dataset.open(worlds[0])
    left, right = (
        standardise(village, source).to_pandas().dropna(subset="nhs_number")
        for source in ("ed", "gp")
    )
    pairs = left.merge(right, on="nhs_number", suffixes=("_l", "_r"))
    found = read_links(tmp_path / "out/awk.csv").to_pandas()
    assert left["nhs_number"].duplicated().any()  # else the test says nothing
    assert set(zip(pairs["record_id_l"], pairs["record_id_r"], strict=True)) == set(
        zip(found["left_id"], found["right_id"], strict=True)
    )


def test_the_linkers_for_own_data_find_somebody(tmp_path: Path):
    """Of the page's two true pairs exact finds the first; files as shown hold what it compares."""
    any(Page(DOCS / "howto/own-data.md", tmp_path).follow())
    found = {
        row["linker"]: row["value"]
        for row in read_run(tmp_path / "out/ours").measurements.to_pylist()
        if (row["metric"], row["stratum"]) == ("recall", "all")
    }
    assert 0.5 == found["exact"] <= found["stepwise"]


def install(folder: Path, page: Path) -> None:
    """Do what `pip install .` does with the page's project: record its entry points."""
    project = re.search(r"```toml\n(# pyproject.toml\n.*?)```", page.read_text(), re.DOTALL)
    told = tomllib.loads(project[1])["project"]
    place = folder / f"{told['name'].replace('-', '_')}-{told['version']}.dist-info"
    place.mkdir()
    (place / "METADATA").write_text(f"Name: {told['name']}\nVersion: {told['version']}\n")
    lines = [
        f"[{group}]\n" + "\n".join(f"{name} = {value}" for name, value in points.items())
        for group, points in told["entry-points"].items()
    ]
    (place / "entry_points.txt").write_text("\n".join(lines) + "\n")


@pytest.mark.parametrize("file", TEXTS, ids=lambda file: str(file.relative_to(ROOT)))
def test_links_between_documents_lead_somewhere(file: Path):
    """Every relative link points to a file; pages of the reference are made by the build."""
    for target in re.findall(r"\]\((?!http)([^)#]+)", file.read_text()):
        assert "reference/made/" in target or (file.parent / target).exists(), target


def test_every_page_is_in_the_contents():
    """What is written can be found from the first page."""
    index = (DOCS / "index.md").read_text()
    for file in DOCS.rglob("*.md"):
        name = str(file.relative_to(DOCS).with_suffix(""))
        assert name == "index" or name in index.split(), name


@pytest.mark.slow
@pytest.mark.needs("sphinx", "furo", "myst_parser", "numpydoc")
def test_the_documentation_builds_without_a_warning(tmp_path: Path):
    """Sphinx finds nothing to complain of, and the pages made from the program are there."""
    source = tmp_path / "docs"
    shutil.copytree(DOCS, source, ignore=shutil.ignore_patterns("build"))
    for name in ("README.md", "GLOSSARY.md"):
        shutil.copy(ROOT / name, tmp_path / name)
    out = tmp_path / "site"
    words = [sys.executable, "-m", "sphinx", "-W", "-q", "-b", "html", source, out]
    done = subprocess.run(words, capture_output=True, text=True, check=False, cwd=ROOT)
    assert 0 == done.returncode, done.stderr
    assert "darkfigure compare" in (out / "reference/made/verbs.html").read_text()
