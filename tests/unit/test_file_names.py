"""Cells have files of their own: readable names, short, distinct on any file system, stable."""

from __future__ import annotations

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from darkfigure.linkage_eval.rows import CellKey
from darkfigure.linkage_eval.sharing.outputs.folder import folder_of

PLAIN = CellKey("merthyr", "clear", "ed-police", "exact", 1)
# Letters of users' labels, those that a name keeps, loses or joins words with among them.
WORDS = st.text(string.ascii_letters[:3] + "ABC01-_. =+/[]\\0\u03b1\u03b2é", max_size=8)


def named(linker: str) -> str:
    """Name the file of a cell by its linker."""
    return CellKey("merthyr", "clear", "ed-police", linker, 1).file


@pytest.mark.parametrize(
    ("which", "name"),
    [
        (PLAIN, "merthyr-clear-ed_police-exact-1.parquet"),
        (
            CellKey("wales", "marac", "police", "nhs-stepwise", 7),
            "wales-marac-police-nhs_stepwise-7",
        ),
    ],
)
def test_a_plain_cell_is_named_by_its_words(which: CellKey, name: str):
    """No more than people need."""
    assert f"{name.removesuffix('.parquet')}.parquet" == which.file


def test_what_cleaning_changed_is_told_by_a_hash():
    """The name stays the same from run to run, and begins with what can be read."""
    assert "merthyr-clear-ed_police-exact_v2-1-30ea958f5ad3.parquet" == named("exact [v2]")
    assert "merthyr-clear-ed_police-_-1-" == named("\u03b1")[:28]


@pytest.mark.parametrize("label", ["m" * 300, "ŵ" * 300, "..", ".hidden", "a/../../b", "x\\n"])
def test_any_label_makes_a_name_that_file_systems_take(label: str):
    """Short, in ASCII, one part of a path, not hidden; with room for what is written beside it."""
    name = named(label)
    assert len(name) <= 200
    assert set(name) <= {*string.ascii_letters, *string.digits, *"-_.="}
    assert not name.startswith(".")


CELLS = st.builds(CellKey, WORDS, WORDS, WORDS, WORDS, st.integers(0, 30))


@settings(max_examples=300, deadline=None)
@given(CELLS, CELLS)
def test_two_cells_have_two_files(one: CellKey, other: CellKey):
    """Even where the disk knows no capitals: as many files as cells."""
    assert (one == other) == (one.file.lower() == other.file.lower())


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from("a b-b_B.\u03b1"), max_size=5), st.permutations(range(3)))
def test_words_do_not_run_into_each_other(letters: list[str], order: list[int]):
    """Where one word ends and the next begins is part of the name."""
    text = "".join(letters)
    cells = {
        CellKey(*[text[:cut], text[cut:], "x", "y"], seed=1) for cut in range(len(text) + 1)
    } | {CellKey(*[["x", text, "y"][place] for place in order], "z", 1)}
    assert len(cells) == len({cell.file.lower() for cell in cells})


@pytest.mark.parametrize(
    ("agency", "name"),
    [("police:*", "police"), ("vpu:wales", "vpu-wales"), ("social_care:*", "social_care")],
)
def test_a_recipient_of_a_strategy_has_a_plain_folder(agency: str, name: str):
    """As the documentation shows."""
    assert name == folder_of(agency)


def test_recipients_that_clean_alike_have_folders_of_their_own():
    """Else one would seem to hold what another does."""
    agencies = [
        "vpu:wales",
        "vpu-wales",
        "VPU:wales",
        "vpu:\u03b1",
        "vpu:\u03b2",
        "v" * 300,
        "v" * 301,
    ]
    folders = [folder_of(agency).lower() for agency in agencies]
    assert len(agencies) == len(set(folders))
    assert max(map(len, folders)) <= 180
