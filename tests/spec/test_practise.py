"""Practice pages: fair pairs, right answers, plain reasons, and nothing given away."""

from __future__ import annotations

import datetime as dt
import json
import re
from dataclasses import replace

import numpy as np
import pyarrow.compute as pc
import pytest
from command import darkfigure, refused
from hypothesis import given, settings
from hypothesis import strategies as st

from darkfigure.reports.html.pairs import FieldPair, compare
from darkfigure.reports.practise import Level, Practice, level_of, write_practice
from darkfigure.reports.practise.candidates import find_candidates
from darkfigure.reports.practise.cards import Card, Record
from darkfigure.reports.practise.choice import Chosen, choose
from darkfigure.reports.practise.explanations import explain
from darkfigure.reports.practise.page import render_key, render_page
from darkfigure.reports.practise.people import Change, PracticePerson, Touched
from darkfigure.reports.practise.seal import seal, unseal
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.core.errors import DatasetError, SpecError, UnknownNameError
from darkfigure.synth.storage.dataset import Dataset

SHORT = Practice(pairs=12, linkers=("exact", "stepwise"))
NASTY = '</script><b onclick="x">O\'Brien & "Sons"</b>'


@pytest.fixture(scope="module")
def written(village, tmp_path_factory):
    """Make a short round; its page and key are written."""
    out = tmp_path_factory.mktemp("practise") / "page.html"
    return write_practice(village, out, SHORT, key=out.with_name("key.html")), out


@pytest.fixture
def made(written):
    """The short round."""
    return written[0]


@pytest.fixture
def page(written):
    """Where its page is; the key is beside it."""
    return written[1]


@pytest.fixture(scope="module")
def candidates(village):
    """All pairs that a round of the village can be made of."""
    return find_candidates(village, "ed", "police", Stream(1, ("practise",)))


def person_of(dataset: Dataset) -> dict[str, int]:
    """Read whom each record is about, straight from the truth."""
    table = dataset.read("truth/record_persons")
    return dict(zip(table["record_id"].to_pylist(), table["person_id"].to_pylist(), strict=True))


def test_the_answers_are_the_truth(village, made):
    """Both records are of one person just where the answer says match."""
    person = person_of(village)
    truth = [person[c.left.record_id] == person[c.right.record_id] for c in made.cards]
    assert truth == [answer.match for answer in made.answers]
    assert len(made.cards) == 12
    assert 0 < made.n_matches < 12


def test_linkers_are_asked_for_every_pair(made):
    """What exact matching links, stepwise matching links too."""
    assert ["exact", "stepwise"] == [each.linker for each in made.verdicts]
    assert {12} == {len(each.linked) for each in made.verdicts}
    exact, stepwise = (np.array(each.linked) for each in made.verdicts)
    assert not (exact & ~stepwise).any()


def test_the_same_seed_gives_the_same_page(village, made, page, tmp_path):
    """Byte for byte; another seed gives other pairs."""
    again = tmp_path / "again.html"
    write_practice(village, again, SHORT)
    assert page.read_bytes() == again.read_bytes()
    other = write_practice(village, again, replace(SHORT, seed=2, linkers=()))
    assert made.cards != other.cards


@pytest.mark.parametrize("level", list(Level))
def test_no_person_appears_twice(candidates, level):
    """Nobody can be told by a pair that was seen before."""
    chosen = choose(candidates, Practice(pairs=30, level=level), Stream(1))
    people = [person for one in chosen for person in {one.left_person, one.right_person}]
    assert len(people) == len(set(people))
    assert 30 == len(chosen)


def test_levels_are_graded(candidates):
    """The harder the level, the less alike the true pairs and the more alike the others."""
    table = candidates.table
    likeness = dict(zip(zip(table["left_id"].to_pylist(), table["right_id"].to_pylist(),
                            strict=True), table["likeness"].to_pylist(), strict=True))  # fmt: skip
    true, other = [], []
    for level in Level:
        chosen = choose(candidates, Practice(pairs=30, level=level), Stream(1))
        found = [(one.match, likeness[one.left_id, one.right_id]) for one in chosen]
        true.append(np.mean([value for match, value in found if match]))
        other.append(np.mean([value for match, value in found if not match]))
    assert sorted(true, reverse=True) == true
    assert sorted(other) == other


def test_look_alikes_are_of_several_kinds(candidates):
    """Families, households and namesakes take turns."""
    chosen = choose(candidates, Practice(pairs=30, level=Level.hard), Stream(1))
    assert len({one.kind for one in chosen if not one.match}) >= 4


def test_a_dataset_without_look_alikes_is_refused(candidates):
    """The message says what is missing and what to do."""
    only_true = candidates.table.filter(pc.equal(candidates.table["kind"], "match"))
    with pytest.raises(DatasetError, match=r"0 look-alikes.*--persons"):
        choose(replace(candidates, table=only_true), SHORT, Stream(1))


@pytest.mark.parametrize("wrong", [{"pairs": 1}, {"pairs": 501}, {"left": "police"}])
def test_a_round_that_cannot_be_is_refused(wrong):
    """Too few, too many, or a source against itself."""
    with pytest.raises(SpecError):
        Practice(**wrong)


def test_an_unknown_level_is_answered_with_the_nearest():
    """As everywhere in the command."""
    with pytest.raises(UnknownNameError, match="Did you mean 'hard'"):
        level_of("hrad")


# Explanations, from people made up by hand.

OLD, NEW = dt.date(2020, 1, 1), dt.date(2023, 1, 1)


def record(source, record_id, known_on, **cells):
    """Make a record."""
    return Record(source, record_id, "1 May 2023", known_on, cells)


def card(left, right):
    """Make the card of two records."""
    fields = [
        FieldPair(name, *compare(name, left.cells[name] or "", right.cells[name] or ""), "", "")
        for name in left.cells
    ]
    return Card(1, left, right, tuple(fields))


def person(sex="F", forename="Ann", *later):
    """Make a person with one name, and maybe later ones."""
    first = Change(dt.date(2010, 1, 1), "birth", {"surname": "Rees", "forename": forename})
    home = Change(dt.date(2010, 1, 1), "start", {"postcode": "CF47 1AA"})
    return PracticePerson(sex, dt.date(1990, 4, 7), (first, *later), (home,))


def explained(left, right, kind="match", people=None, touched=None):
    """Explain the pair of two records."""
    people = people or {1: person(), 2: person()}
    chosen = Chosen(left.record_id, right.record_id, 1, 1 if kind == "match" else 2, kind)
    return explain(card(left, right), chosen, people, touched or {})


def test_a_slip_and_a_marriage_are_told_in_plain_words():
    """The two reasons of the brief: a swapped date, and a new name."""
    left = record("ed", "E1", NEW, surname="Price", date_of_birth="1990-04-07")
    right = record("police/gwent", "N1", OLD, surname="Rees", date_of_birth="04/07/1990")
    married = Change(dt.date(2021, 6, 1), "marriage", {"surname": "Price", "forename": "Ann"})
    swapped = {"N1": [Touched("date_of_birth", "day_month_swapped", "07/04/1990"),
                      Touched("surname", "stale", "Price")]}  # fmt: skip
    found = explained(left, right, people={1: person("F", "Ann", married)}, touched=swapped)
    name, date = found.reasons
    assert name == (
        "Name: between 1 January 2020 and 1 January 2023, when the two systems learned it, she had "
        "married and taken a new surname; Gwent Police still had the old one."
    )
    assert date == (
        "Date of birth: day and month swapped at entry by Gwent Police (read in the American "
        "order; it should read \u201c07/04/1990\u201d)."
    )
    assert (True, "Same person, new name") == (found.match, found.kind)


def test_a_clean_pair_says_so():
    """Nothing is made up where nothing happened."""
    left = record("ed", "E1", NEW, surname="Rees", sex="2")
    found = explained(left, record("police/gwent", "N1", OLD, surname="REES", sex="F"))
    assert ("Nothing stands between the two records but each system\u2019s way of writing.",) == (
        found.reasons
    )


@pytest.mark.parametrize(
    ("kind", "sexes", "said"),
    [
        ("twin", "FF", "Twin sisters"),
        ("twin", "FM", "Twins"),
        ("sibling", "MM", "Brothers"),
        ("parent", "MM", "Father and son"),
        ("child", "FM", "Daughter and father"),
        ("grandparent", "FM", "Grandmother and grandson"),
        ("partner", "FM", "Partners who live together"),
        ("namesake", "FF", "Namesakes: two people who happen to bear the same name"),
        ("step_cousin", "FF", "One is the other\u2019s step cousin"),
    ],
)
def test_other_people_are_named_by_what_they_are_to_each_other(kind, sexes, said):
    """Kin by their sexes, others as what they are; a tie nobody foresaw by its name."""
    left = record("ed", "E1", NEW, surname="Rees", forename="Ann")
    right = record("police/gwent", "N1", OLD, surname="Rees", forename="Bob")
    people = {1: person(sexes[0], "Ann"), 2: person(sexes[1], "Bob")}
    found = explained(left, right, kind, people)
    assert f"Two different people. {said}." == found.verdict
    assert ("Their records agree on surname.",) == found.reasons


def test_father_and_son_of_one_forename_are_told():
    """The hardest of families."""
    left = record("ed", "E1", NEW, surname="Rees")
    people = {1: person("M", "Tom"), 2: person("M", "Tom")}
    found = explained(left, record("police/gwent", "N1", OLD, surname="Rees"), "parent", people)
    assert "Two different people. Father and son, with the same forename." == found.verdict


# The pages.


@settings(deadline=None)
@given(st.text(), st.integers(1, 2**32 - 1))
def test_what_is_sealed_can_be_unsealed(text, key):
    """Any text, any key."""
    assert text == unseal(seal(text, key), key)


def test_a_glance_at_the_source_gives_no_answer_away(made, page):
    """No verdict, kind or reason stands in the page in clear, not even as plain base64."""
    html = page.read_text(encoding="utf-8")
    told = [each for one in made.answers for each in (one.verdict, one.kind, *one.reasons)]
    assert not [each for each in told if each in html]
    sealed = re.search(r'data-key="(\d+)"[^>]*>([^<]+)</script>', html)
    answers = json.loads(unseal(sealed[2], int(sealed[1])))
    assert [one.match for one in made.answers] == [one["match"] for one in answers["pairs"]]


def test_the_key_tells_everything(made, page):
    """Each pair with its verdict and reasons, in the open."""
    html = page.with_name("key.html").read_text(encoding="utf-8")
    text = re.sub(r"&#39;|&#34;", "'", html)
    for answer in made.answers:
        assert answer.verdict in text
    assert f"{made.n_matches} of 12 pairs are matches" in html


@pytest.mark.parametrize("render", [render_page, render_key])
def test_data_are_shown_as_data(made, render):
    """Whatever stands in a cell, a key or a title, it makes no element."""
    first = made.cards[0]
    cells = dict.fromkeys(first.left.cells, NASTY)
    left = replace(first.left, cells=cells, record_id=NASTY)
    fields = tuple(FieldPair(name, *compare(name, NASTY, NASTY), "", "") for name in cells)
    cards = (replace(first, left=left, fields=fields), *made.cards[1:])
    answers = (replace(made.answers[0], reasons=(NASTY,)), *made.answers[1:])
    html = render(replace(made, cards=cards, answers=answers, scenario=NASTY))
    assert "<b " not in html
    assert "&lt;b onclick" in html


@pytest.mark.parametrize("name", ["page.html", "key.html"])
def test_pages_stand_alone(page, name):
    """One small file that asks for nothing, says so, and bears the synthetic mark."""
    html = page.with_name(name).read_text(encoding="utf-8")
    assert len(html) < 500_000
    assert "default-src 'none'" in html
    assert "nobody here is real" in html
    assert not re.search(r"(src|href)=\"?(https?:)?//|@import|url\(", html)


def test_no_asset_can_end_its_element_early(page):
    """Each script and style ends where the template ends it."""
    html = page.read_text(encoding="utf-8")
    assert html.count("<script") == html.count("</script>") == 2
    assert html.count("<style") == html.count("</style>") == 1


def test_a_linker_that_fails_is_told_and_does_not_stop_the_page(village, tmp_path):
    """The page says why; the others' verdicts stay."""
    file = tmp_path / "broken.py"
    file.write_text("class Broken:\n name = 'x'\n def link(self, l, r, *, seed): raise OSError\n")
    asked = replace(SHORT, linkers=(f"{file}:Broken", "exact"))
    made = write_practice(village, tmp_path / "page.html", asked)
    assert [True, False] == [bool(each.failure) for each in made.verdicts]
    assert "gave no verdicts" in (tmp_path / "page.html").read_text(encoding="utf-8")


def test_the_command_writes_page_and_key(village_path, tmp_path):
    """And answers a wrong level with a message and an exit code."""
    out, key = tmp_path / "p.html", tmp_path / "k.html"
    words = ("practise", village_path, "--out", out, "--pairs", 6)
    done = darkfigure(*words, "--level", "hard", "--key", key)
    assert 0 == done.returncode, done.stderr
    assert "6 pairs" in done.stdout
    assert out.is_file()
    assert key.is_file()
    refused(darkfigure(*words, "--level", "hrad"), 7, "'hard'")


def test_nobody_tells_a_hard_pair_apart_at_a_glance(candidates):
    """Sexes agree or are missing, and forenames are alike, unless the two are twins."""
    table = candidates.table
    told = {
        (row["left_id"], row["right_id"]): row["contradicts"]
        for row in table.select(["left_id", "right_id", "contradicts"]).to_pylist()
    }
    hard = Practice(pairs=30, level=Level.hard)
    others = [pair for pair in choose(candidates, hard, Stream(1)) if not pair.match]
    assert others
    assert not any(told[pair.left_id, pair.right_id] for pair in others)
    assert any(told.values())
