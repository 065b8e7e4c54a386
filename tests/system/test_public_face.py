"""What a notebook meets: `import darkfigure as df`, and guesses that are right."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest

import darkfigure as df
from darkfigure.reports.cli import VERBS

DOCS = Path(__file__).parents[2] / "docs" / "reference" / "api.md"
HEAVY = ("pandas", "numpy", "pyarrow", "duckdb", "scipy", "splink", "altair", "typer")
TASK = {"left": "ed", "right": "police"}


class SameBirthday:
    """A linker as somebody writes it in a notebook."""

    name = "same birthday"

    def __init__(self, keys: tuple[str, ...] = ("surname", "date_of_birth")) -> None:
        self.keys = list(keys)

    def link(self, left, right, *, seed):  # noqa: ARG002, as a linker is called
        """Join on equal keys."""
        pairs = left.to_pandas().merge(right.to_pandas(), on=self.keys, suffixes=("_l", "_r"))
        return pairs.rename(columns={"record_id_l": "left_id", "record_id_r": "right_id"})


@pytest.fixture(scope="module")
def links(village):
    """Links of one linker, as a frame."""
    return df.link(village, "exact")


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A run of two linkers on a small world."""
    suite = {
        "scenarios": [{"name": "merthyr", "persons": 600}],
        "tasks": [TASK],
        "linkers": ["exact", "stepwise"],
    }
    return df.run(suite, tmp_path_factory.mktemp("run") / "own")


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_a_twin_that_stands_on_the_page(verb: str):
    """Named alike, two words joined by "_", with a docstring."""
    name = verb.replace(" ", "_")
    assert getattr(df, name).__doc__
    assert f"autofunction:: darkfigure.{name}\n" in DOCS.read_text()


def test_nothing_heavy_is_imported_before_it_is_used():
    """Neither by the import nor by looking at what there is."""
    code = f"import sys, darkfigure; dir(darkfigure); print(set({HEAVY}) & set(sys.modules))"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "set()"


def test_every_name_is_found_and_an_unknown_one_is_an_attribute_error():
    """`dir` names what there is; a version is among it."""
    assert all(getattr(df, name) is not None for name in df.__all__)
    assert set(df.__all__) <= set(dir(df))
    assert df.__version__[0].isdigit()
    with pytest.raises(AttributeError, match="no attribute 'lnk'"):
        _ = df.lnk


def test_a_star_import_hides_no_builtin():
    """`open` and `list` of Python stay what they are."""
    assert not {"open", "list"} & set(df.__all__)


def test_a_table_is_one_call(village):
    """As a frame with dates, whole numbers and codes, or as an Arrow table."""
    frame = village.pandas("ed/attendances")
    assert len(frame) == village.read("ed/attendances").num_rows
    assert str(frame["arrived_at"].dtype).startswith("datetime64")
    assert isinstance(df.open(str(village.path)).read("ed/attendances"), pa.Table)


def test_a_pair_is_what_a_linker_sees(village):
    """The same columns on both sides, and no truth."""
    left, right = df.pair(village, "ed", "police")
    assert list(left.columns) == list(right.columns)
    assert "person_id" not in left.columns
    assert df.pair(village, "ed").right["source"].str.startswith("police").all()
    assert df.pair(village, "ed", "ed").left.equals(df.pair(village, "ed", "ed").right)


@pytest.mark.needs("landlock")
@pytest.mark.parametrize(
    "linker",
    [SameBirthday, SameBirthday(), SameBirthday(("nhs_number",))],
    ids=["class", "object", "object with options"],
)
def test_a_linker_of_a_notebook_runs_in_isolation(village, linker):
    """An object or a class; what it links is scored."""
    found = df.link(village, linker)
    assert {"left_id", "right_id", "score"} <= set(found.columns)
    assert len(found) > 0


@pytest.mark.needs("landlock")
def test_options_reach_a_class(village):
    """The same as an object made with them."""
    keys = ("surname", "forename", "date_of_birth")
    made = df.link(village, SameBirthday(keys))
    assert made.equals(df.link(village, SameBirthday, options={"keys": keys}))
    assert len(made) < len(df.link(village, SameBirthday))


@pytest.mark.parametrize(
    ("linker", "options", "words"),
    [
        (object(), {}, "no method `link"),
        (SameBirthday(), {"keys": 1}, "an object has been made already"),
        ("exakt", {}, "exact"),
    ],
)
def test_what_is_no_linker_is_refused_with_the_way_to_mend_it(village, linker, options, words):
    """In one sentence."""
    with pytest.raises(df.DarkfigureError, match=words):
        df.link(village, linker, options=options)


def test_a_linker_of_the_library_is_given_by_name(village):
    """Its class stays closed to the process that links."""
    from darkfigure.linkage_eval.linkers.exact import Exact

    with pytest.raises(df.DarkfigureError, match="by name"):
        df.link(village, Exact())


def test_links_are_scored_alike_however_they_are_given(village, links, tmp_path):
    """A path as text or `Path`, CSV or Parquet, a frame, an Arrow table."""
    csv, parquet = tmp_path / "links.csv", tmp_path / "links.parquet"
    links.to_csv(csv, index=False)
    links.to_parquet(parquet)
    given = [str(csv), csv, parquet, links, pa.Table.from_pandas(links)]
    first, *others = [df.score(village, one).wide() for one in given]
    for other in others:
        pd.testing.assert_frame_equal(first, other)


def test_wide_scores_hold_what_the_long_ones_hold(run):
    """Each value once, in its stratum's row and its metric's column."""
    wide, long = run.scores.wide(intervals=True), run.scores.long
    names = list(wide.index.names)
    for _, row in long.iterrows():
        cell = wide.loc[tuple(row[name] for name in names)]
        for part, ending in (("value", ""), ("low", "_low"), ("high", "_high")):
            assert cell[row["metric"] + ending] == row[part] or pd.isna(row[part])
    assert len(wide) == len(long[names].drop_duplicates())


def test_one_number_is_one_call(village, links):
    """Of several linkers it is refused."""
    scores = df.score(village, links)
    assert scores["recall"] == scores.overall["recall"].iloc[0]
    with pytest.raises(KeyError, match="wide"):
        _ = scores["recal"]


def test_a_repr_is_a_line(village, run, links):
    """What it is and how large, not what it holds."""
    for shown in (village, run, df.score(village, links)):
        assert "\n" not in repr(shown)
        assert len(repr(shown)) < 400
        assert "<table>" in shown._repr_html_()


def test_what_data_hold_is_never_markup(village):
    """A world named like a tag is shown as text."""
    scenario = village.manifest["scenario"] | {"name": "<b>bold</b>"}
    shown = df.Dataset(village.path, village.manifest | {"scenario": scenario})
    assert "<b>" not in shown._repr_html_()


def test_a_run_says_what_was_measured_and_opens_again(run):
    """By linker; its report lies beside."""
    assert set(run.scores.overall.index.get_level_values("linker")) == {"exact", "stepwise"}
    assert df.open_run(run.path).scores.wide().equals(run.scores.wide())
    assert (run.path / "report.html").exists()
    assert run.pandas("timings")["wall_seconds"].gt(0).all()
    with pytest.raises(df.DarkfigureError, match="timings"):
        run.pandas("timing")


@pytest.mark.needs("landlock")
def test_a_run_takes_linkers_of_a_notebook(tmp_path):
    """In the place of the suite's."""
    suite = {
        "scenarios": [{"name": "merthyr", "persons": 600}],
        "tasks": [TASK],
    }
    run = df.run(suite, tmp_path / "out", linkers=["exact", SameBirthday])
    assert set(run.scores.overall.index.get_level_values("linker")) == {"exact", "same birthday"}
    assert (run.pandas("timings")["status"] == "ok").all()


def test_a_gate_is_two_calls(run, tmp_path):
    """A run is no worse than itself."""
    assert df.compare(df.baseline(run, tmp_path / "baseline.parquet"), run).passed


def test_verbs_that_look_give_frames(village, run, links):
    """A row a source, a figure, an estimator, a cause."""
    assert {"ed", "gp"} <= set(df.describe(village).index)
    assert {"verdict", "published"} <= set(df.fidelity(village).columns)
    assert {"estimator", "true", "value"} <= set(df.estimate(village, links).columns)
    assert len(df.explain(run, "exact")) > 0
    assert df.trace(village, "random", seed=1).person == df.trace(village, "random", seed=1).person
    assert set(df.verify(village)) == set(village.tables)


def test_what_there_is_is_listed_as_the_command_lists_it():
    """By kind; an unknown kind is answered with those there are."""
    assert "splink" in df.list("linkers")
    assert set(df.list()) > {"linkers", "scenarios"}
    assert df.schema("suite")["title"] == "Suite"
    with pytest.raises(df.DarkfigureError, match="linkers"):
        df.list("linker")


def test_the_face_says_for_types_what_it_finds_by_name():
    """What a type checker sees is what `__getattr__` gives."""
    tree = ast.parse(Path(df.__file__).read_text())
    block = next(node for node in tree.body if isinstance(node, ast.If))
    typed = {
        alias.asname or alias.name
        for node in block.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert typed == set(vars(df)["_PLACES"])
