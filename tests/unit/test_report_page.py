"""The page stands alone, holds together, and shows data as data."""

import json
import os
import re
from collections import Counter
from html.parser import HTMLParser
from importlib.resources import files
from itertools import pairwise

import altair as alt
import pyarrow.parquet as pq
import pytest
from made_up_run import LINKERS, SETTING, crash, write_rows, write_run

from darkfigure.linkage_eval.evaluation.answers import QUESTION
from darkfigure.linkage_eval.runs.stored_links import write_text
from darkfigure.reports.html import charts
from darkfigure.reports.html.report import write_report
from darkfigure.synth.core.errors import DatasetError, OutputError, UnknownNameError

ASSETS = files("darkfigure.reports") / "assets"
VENDORED = ("vega", "vega-lite", "vega-embed")
NASTY = '</script><b>O\'Brien & "Sons"</b>'


class Page(HTMLParser):
    """What the tests ask of a page: its elements, and the text outside scripts and styles."""

    def __init__(self, html):
        super().__init__()
        self.elements, self.text, self.specs, self._inside = [], "", [], ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        """Keep an element, and note where text begins that is no text of the page."""
        self.elements.append((tag, dict(attrs)))
        if tag in {"script", "style"}:
            self._inside = dict(attrs).get("class", tag)

    def handle_endtag(self, tag):
        """Note where it ends."""
        if tag in {"script", "style"}:
            self._inside = ""

    def handle_data(self, data):
        """Keep text, and read the data of charts."""
        if self._inside == "spec":
            self.specs.append(json.loads(data))
        elif not self._inside:
            self.text += data.replace("\u00a0", " ")

    def all(self, tag):
        """Give the attributes of all elements of a kind."""
        return [attributes for name, attributes in self.elements if name == tag]


def page_of(folder, **changes):
    """Write a run and its report, and read the page."""
    return Page(write_report(write_run(folder, **changes)).read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """Give the page of the made-up run."""
    return page_of(tmp_path_factory.mktemp("page") / "run")


@pytest.fixture(scope="module")
def wide(tmp_path_factory):
    """Give the page of a run with two strategies and two seeds."""
    settings = (SETTING, {**SETTING, "strategy": "hashed"})
    return page_of(tmp_path_factory.mktemp("wide") / "run", settings=settings, seeds=(1, 2))


def test_the_page_is_written_into_the_run_folder_and_is_small(tmp_path):
    """One file of less than 2 MB, and nothing beside it but the run."""
    run = write_run(tmp_path / "run")
    before = set(run.iterdir())
    page = write_report(run)
    assert run / "report.html" == page
    assert before | {page} == set(run.iterdir())
    assert page.stat().st_size < 2_000_000


def test_the_same_run_gives_the_same_page(tmp_path):
    """Nothing in the page depends on when or where it is made."""
    run = write_run(tmp_path / "run")
    pages = [write_report(run, tmp_path / name / "page.html") for name in ("a", "b")]
    assert pages[0].read_bytes() == pages[1].read_bytes()


def test_the_title_says_the_finding(page):
    """The heading and the window's title are computed from the data."""
    found = (
        "75.0 % of the assault attendances have no occurrence about the same event; by the links "
        "it seems 77.5 % (Splink) to 88.7 % (exact matching), and even by perfect links 73.1 %"
    )
    assert 2 <= page.text.count(found)


@pytest.mark.parametrize("which", ["page", "wide"])
def test_headings_make_an_outline(which, request):
    """One h1, and no level is skipped on the way down."""
    found = [
        tag for tag, _ in request.getfixturevalue(which).elements if re.fullmatch("h[1-6]", tag)
    ]
    levels = [int(tag[1]) for tag in found]
    assert 1 == levels.count(1)
    assert all(after - before <= 1 for before, after in pairwise(levels))


@pytest.mark.parametrize("which", ["page", "wide"])
def test_references_within_the_page_hold(which, request):
    """Ids are unique; links and labels point at them."""
    page = request.getfixturevalue(which)
    ids = Counter(attributes["id"] for _, attributes in page.elements if "id" in attributes)
    links = {each["href"][1:] for each in page.all("a")}
    labels = {each["aria-labelledby"] for _, each in page.elements if "aria-labelledby" in each}
    assert [] == [name for name, number in ids.items() if number > 1]
    assert set() == (links | labels) - set(ids)


def test_the_page_is_in_british_english_with_landmarks(page):
    """A screen reader needs the language and the landmarks."""
    assert [{"lang": "en-GB"}] == page.all("html")
    tags = Counter(tag for tag, _ in page.elements)
    assert [1, 1, 1, 1] == [tags[tag] for tag in ("header", "nav", "main", "footer")]


def test_tables_have_captions_and_scopes(page):
    """Every table has a caption, and every heading says what it heads."""
    assert len(page.all("table")) == len(page.all("caption"))
    assert {"row", "col"} == {heading["scope"] for heading in page.all("th")}


def test_every_chart_has_a_description_and_its_numbers(page):
    """Ten charts, each with a table beneath and words for those who cannot see it."""
    assert 10 == len(page.specs) == len(page.all("figure"))
    assert all(len(spec["description"]) > 20 for spec in page.specs)
    assert 10 == page.text.count("Numbers of this chart")


def test_the_page_loads_nothing(page):
    """No address is loaded, and the browser is told to refuse any."""
    loads = [each.get(name) for _, each in page.elements for name in ("src", "href", "srcset")]
    assert {"data:,"} == {each for each in loads if each and not each.startswith("#")}
    policy = next(each["content"] for each in page.all("meta") if "http-equiv" in each)
    assert policy.startswith("default-src 'none'; ")
    assert "http" not in (ASSETS / "style.css").read_text(encoding="utf-8")


def test_a_failed_method_is_shown_with_its_reason(page):
    """A linker that failed keeps its row."""
    assert re.search(r"Dedupe\s+failed: out of memory at 2 GB", page.text)


def test_a_run_in_which_every_method_failed_has_a_page(tmp_path):
    """Failures are results."""
    run = write_run(tmp_path / "run")
    at = {**SETTING, "seed": 1}
    write_rows(run / "timings.parquet", [crash(at, linker) for linker in LINKERS])
    for name in ("measurements", "missed", "examples"):
        path = run / f"{name}.parquet"
        pq.write_table(pq.read_table(path)[:0], path)
    page = Page(write_report(run).read_text(encoding="utf-8"))
    assert "No linkage method finished" in page.text
    assert 3 == page.text.count("failed: out of memory at 2 GB")


def test_names_are_shown_as_written(tmp_path):
    """Markup in a value is text on the page, and cannot end a script."""
    setting = {**SETTING, "scenario": NASTY}
    page = page_of(tmp_path / "run", surname=NASTY, settings=(setting,), failed=(NASTY,))
    assert [] == page.all("b")
    assert page.text.count(NASTY) >= 3
    assert 10 == len(page.specs)


def test_nasty_methods_cannot_end_the_data_of_a_chart(tmp_path, monkeypatch):
    """The name of a linker goes into every chart."""
    monkeypatch.setitem(LINKERS, NASTY, (0.5, 0.9, 1.0))
    page = page_of(tmp_path / "run")
    assert [] == page.all("b")
    assert 10 == len(page.specs) == sum(NASTY in json.dumps(spec, ensure_ascii=False)
                                       .replace('\\"', '"') for spec in page.specs)  # fmt: skip


def test_it_says_that_nobody_is_real(page):
    """The notice stands at the top, and in a tag for programs."""
    assert "Synthetic data: nobody here is real." in page.text[:1_000]
    assert {"name": "darkfigure", "content": "synthetic data"} in page.all("meta")


def test_two_strategies_make_two_parts(wide):
    """Each setting has its own sections, and the suite gives the title."""
    headings = re.findall(r"merthyr, (clear|hashed), ed-police: 75.0 % of", wide.text)
    assert ["clear", "hashed"] == headings
    # Ten of each setting, and one that sets the strategies beside each other.
    assert 21 == len(wide.specs)


def test_of_many_settings_one_is_shown_in_full_and_the_others_on_demand(tmp_path, monkeypatch):
    """Where all would make too large a page; each of them can be had in full by its name."""
    monkeypatch.setattr("darkfigure.reports.html.page._MOST_BYTES", 1)
    names = ("clear", "hashed", "sail", "clk", "none")
    settings = tuple({**SETTING, "strategy": name} for name in names)
    run = write_run(tmp_path / "run", settings=settings)
    whole = Page(write_report(run).read_text(encoding="utf-8"))
    shown = [each["id"] for each in whole.all("section")]
    assert 5 == sum(name.endswith("-leaderboard") for name in shown)
    assert ["part1-groups"] == [name for name in shown if name.endswith("-groups")]
    assert "--setting merthyr/clk/ed-police" in whole.text
    one = write_report(run, tmp_path / "clk.html", ["merthyr/clk/ed-police"])
    assert "groups" in [each["id"] for each in Page(one.read_text(encoding="utf-8")).all("section")]
    with pytest.raises(UnknownNameError, match="Did you mean 'merthyr/clk/ed-police'"):
        write_report(run, tmp_path / "no.html", ["merthyr/clc/ed-police"])


def test_an_unwritable_place_is_one_error(tmp_path):
    """A folder that is a file cannot hold a page."""
    (tmp_path / "taken").write_text("here", encoding="utf-8")
    with pytest.raises(OutputError, match=r"page\.html cannot be written"):
        write_report(write_run(tmp_path / "run"), tmp_path / "taken" / "page.html")


def test_a_device_is_not_replaced_by_a_page(tmp_path):
    """As root a page moved to /dev/null would end the device."""
    os.mkfifo(tmp_path / "page.html")
    with pytest.raises(OutputError, match="is a device or a pipe"):
        write_report(write_run(tmp_path / "run"), tmp_path / "page.html")
    assert (tmp_path / "page.html").is_fifo()
    with pytest.raises(OutputError, match="is a device or a pipe"):
        write_text(tmp_path / "page.html", "")


def test_a_damaged_run_leaves_the_old_page(tmp_path):
    """What was written before stays whole."""
    run = write_run(tmp_path / "run")
    before = write_report(run).read_bytes()
    (run / "timings.parquet").write_bytes(b"PAR1")
    with pytest.raises(DatasetError):
        write_report(run)
    assert before == (run / "report.html").read_bytes()


def test_the_vendored_vega_lite_draws_what_altair_writes():
    """The major version of the schema is that of the library that reads it."""
    script = (ASSETS / "vega-lite.min.js").read_text(encoding="utf-8")
    major = alt.SCHEMA_VERSION.removeprefix("v").partition(".")[0]
    assert {major} == set(re.findall(r'="(\d+)\.\d+\.\d+"', script))


@pytest.mark.parametrize("name", VENDORED)
def test_vendored_files_come_with_their_licence(name):
    """The licence of each library lies beside it, and is in the page."""
    assert (ASSETS / f"{name}.min.js").is_file()
    assert "Redistribution and use" in (ASSETS / f"LICENSE-{name}").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["page.js", *(f"{name}.min.js" for name in VENDORED)])
def test_no_script_ends_its_element_early(name):
    """A script stands in the page as it is, so it must not hold what would end it."""
    script = (ASSETS / name).read_text(encoding="utf-8").lower()
    assert not re.search(r"</script|<!--|sourcemappingurl", script)


def test_the_style_sheet_knows_the_stand_in_colours():
    """What charts draw in stand-ins would keep one colour in light and dark."""
    style = (ASSETS / "style.css").read_text(encoding="utf-8")
    stand_ins = (charts.INK, charts.MUTED, charts.RULE, "#ffffff", charts.PALETTE[0])
    assert [] == [colour for colour in stand_ins if f'[stroke="{colour}"]' not in style]


def test_the_question_is_answered_by_every_method_and_by_perfect_links(page):
    """The page asks the question, and sets beside each answer what no linker can mend."""
    assert QUESTION in page.text
    assert "75.0 % of the assault attendances have no occurrence about the same event" in page.text
    # 1 - 350 / 1,300
    assert "even by perfect links 73.1 %" in page.text
    for name in (
        "Perfect links, perfect rule",
        "Lost: missed person",
        "Found by: other occurrence",
    ):
        assert name in page.text


def test_the_size_is_a_curve_over_the_assumption(page):
    """Petersen's 8,000 at a ratio of 1; at 5 the unseen, 1,398 * 1,534 / 466, are fivefold."""
    assert "that part of the answer is the assumption" in page.text
    spec = next(spec for spec in page.specs if "odds ratio" in spec["description"])
    rows = next(rows for rows in spec["datasets"].values() if "ratio" in rows[0])
    perfect = {row["ratio"]: row["size"] for row in rows if row["links"] == "without error"}
    assert 8_000 == pytest.approx(perfect[1])
    assert 3_398 + 5 * 4_602 == pytest.approx(perfect[5], rel=1e-3)
    # 3,518 - 3,398 of 4,602 are unseen in truth.
    assert "the ratio that gives it is 0.03" in page.text


def test_causes_of_false_links_are_a_table(page):
    """By method; what made two people look alike, with what precision would be without it."""
    assert "False links, by what made two people look alike" in page.text
    assert page.text.count("Namesakes") == len(LINKERS)


def test_bars_of_under_reporting_add_up(page):
    """Each bar runs from 0 to 1 without a hole."""
    spec = next(spec for spec in page.specs if "never reported" in spec["description"])
    rows = next(rows for rows in spec["datasets"].values() if "start" in rows[0])
    bars = {row["method"]: [] for row in rows}
    for row in rows:
        bars[row["method"]].append((row["start"], row["end"]))
    for parts in bars.values():
        ends = [0.0, *(end for _, end in parts)]
        assert [start for start, _ in parts] == ends[:-1]
        assert 1.0 == pytest.approx(ends[-1])
