"""A class looks at its answers: counted right, agreement told, and bad files answered clearly."""

from __future__ import annotations

import csv
import io
import json

import pytest
from command import darkfigure, refused
from made_up_class import a_class, rows, save
from sklearn.metrics import cohen_kappa_score
from statsmodels.stats.inter_rater import fleiss_kappa

import darkfigure as df
from darkfigure.reports.classroom import read_sitting
from darkfigure.reports.classroom.sitting import Hits
from darkfigure.reports.classroom.tables import hard, people
from darkfigure.reports.classroom.write import headline, render_sitting
from darkfigure.synth.core.errors import LinksError

NASTY = '</script><b onclick="x">O\'Brien & "Sons"</b>'


@pytest.fixture
def sitting(tmp_path):
    """Three learners who answered six pairs, one of them five."""
    return read_sitting(a_class(tmp_path))


def test_everybody_is_counted_by_the_truth(sitting):
    """Recall and precision by hand; a method over all pairs."""
    ann, bob, eirlys = (sitting.tally(one) for one in sitting.learners)
    assert (Hits(3, 3), Hits(3, 3), Hits(6, 6)) == (ann.recall, ann.precision, ann.right)
    assert (Hits(2, 3), Hits(2, 3), 1) == (bob.recall, bob.precision, bob.unsure)
    assert (Hits(2, 3), Hits(2, 2), Hits(4, 5)) == (eirlys.recall, eirlys.precision, eirlys.right)
    assert Hits(1, 3) == sitting.tally_method("Exact matching").recall
    found = "3 learners together found 78\u00a0% of the true pairs; Splink found 100\u00a0%"
    assert found == headline(sitting)


def test_agreement_is_that_of_other_programs(sitting):
    """Of two over the pairs both answered, of all over what was answered."""
    ann, bob, eirlys = sitting.learners
    both = [[one.answers[n].answer for n in range(1, 6)] for one in (bob, eirlys)]
    assert cohen_kappa_score(*both) == pytest.approx(sitting.agreement_of(bob, eirlys).value)
    said = [[one.answers[n].answer for one in (ann, bob)] for n in range(1, 7)]
    counts = [[row.count(word) for word in ("match", "no match", "unsure")] for row in said]
    two = type(sitting)(sitting.round, sitting.pairs, (ann, bob))
    assert fleiss_kappa(counts) == pytest.approx(two.agreement().value)


def test_divided_pairs_come_by_how_divided_they_are(sitting):
    """On pairs 2, 3 and 5 one of three thinks otherwise; on the others all agree."""
    assert [2, 3, 5] == sitting.divided()


def test_what_is_hard_is_told_by_kind_fault_and_group(sitting):
    """The hardest first; a division with one group is left out."""
    tables = {one.key: one for one in hard(sitting)}
    assert ["by-kind", "by-fault", "by-group-0"] == list(tables)
    kinds = {row[0].text: row[2].aside for row in tables["by-kind"].rows}
    told = {"Same person, new name": "2 of 3", "Same person, moved": "5 of 6", "Twins": "7 of 8"}
    assert told == kinds
    assert list(told) == list(kinds)
    assert "No fault of entry" in {row[0].text for row in tables["by-fault"].rows}


def test_a_table_as_a_spreadsheet_saves_it_counts_the_same(sitting, tmp_path):
    """With commas or semicolons, decimal commas, an apostrophe before what looks like a formula."""
    for mark, name in ((",", "Ann"), (";", "Bob")):
        table = io.StringIO()
        made = [{**row, "reviewer": f"'={name}", "round": "abc123"} for row in rows("mmnnmn")]
        for row in made:
            del row["fields"]
            row["seconds"] = str(row["seconds"]).replace(".", "," if mark == ";" else ".")
        writer = csv.DictWriter(table, list(made[0]), delimiter=mark)
        writer.writeheader()
        writer.writerows(made)
        file = tmp_path / f"{name}.csv"
        file.write_text("\ufeff" + table.getvalue(), encoding="utf-8")
        (learner,) = read_sitting([file]).learners
        assert f"={name}" == learner.name
        assert sitting.learners[0].answers.keys() == learner.answers.keys()
        assert {4.0 + n - 1: n for n in learner.answers} == {
            given.seconds: n for n, given in learner.answers.items()
        }


def altered(**changes):
    """Make rows of which the first was altered."""
    first, *others = rows("mmnnmn")
    return [{**first, **changes}, *others]


BAD = {
    "nothing": ({"answers": []}, "holds no answers. Answer at least one pair"),
    "no rows": ({"answers": 3}, "it has no `answers`"),
    "another answer": ({"answers": altered(answer="maybe")}, "answer 1: answer is 'maybe'"),
    "another truth": ({"answers": altered(truth="unsure")}, "answer 1: truth is 'unsure'"),
    "no number": ({"answers": altered(seconds="nan")}, "answer 1: seconds is 'nan'"),
    "before it began": (
        {"answers": altered(seconds=-1)},
        "seconds is '-1'; they lie between 0 and",
    ),
    "for ever": ({"answers": altered(seconds=1e9)}, "they lie between 0 and 1,000,000"),
    "no pair": ({"answers": altered(pair=-1)}, "pair is '-1', no number of a pair"),
    "twice": ({"answers": altered(pair=2)}, "answer 2: pair 2 comes twice"),
    "a method": ({"answers": altered(Splink="perhaps")}, "answer 1: Splink is 'perhaps'"),
    "an earlier page": (
        {"answers": [{k: v for k, v in row.items() if k != "faults"} for row in rows("m")]},
        "lacks faults. If a page of an earlier version saved it",
    ),
}


@pytest.mark.parametrize("bad", BAD, ids=list(BAD))
def test_a_bad_file_is_answered_with_what_where_and_how_to_mend_it(tmp_path, bad):
    """The file, the answer, what it says, and what to do."""
    changes, words = BAD[bad]
    file = save(tmp_path, "Ann", "mmnnmn", **changes)
    with pytest.raises(LinksError) as refusal:
        read_sitting([file])
    assert words in str(refusal.value)
    assert str(file) in str(refusal.value)
    assert "again" in str(refusal.value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "broken JSON"),
        ("a,b\n1,2\n", "no file of answers of a page of practice"),
        ("a,b\n1\n", "answer 1: its columns are not those above"),
        (b"\xff\xfe\x00", "no text in UTF-8"),
    ],
)
def test_a_file_of_something_else_is_refused(tmp_path, text, words):
    """Broken, foreign, or no text."""
    file = tmp_path / "notes.csv"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(LinksError, match=words):
        read_sitting([tmp_path])


def test_a_link_to_itself_is_refused(tmp_path):
    """It leads to no file."""
    (tmp_path / "turn.json").symlink_to("turn.json")
    with pytest.raises(LinksError, match=r"turn\.json cannot be read"):
        read_sitting([tmp_path])


def test_a_class_that_is_always_right_finds_nothing_hard(tmp_path):
    """No kind of pair is called the hardest."""
    page = df.classroom([save(tmp_path, "Ann", "mmnnmn")], tmp_path / "class.html")
    assert "Nothing was hard for the class" in page.read_text(encoding="utf-8")


def test_answers_to_another_page_are_refused_by_name(tmp_path):
    """The stray is named, and whom it differs from."""
    files = a_class(tmp_path)
    stray = save(tmp_path, "Dai", "mmnnmn", round="zzz")
    with pytest.raises(LinksError, match=r"answers-Dai.json: answers to another page .*round zzz"):
        read_sitting([stray, *files])


def test_a_learner_counts_once(tmp_path):
    """Neither the same name in two files, nor the same answers without a name."""
    files = a_class(tmp_path)
    (tmp_path / "again").mkdir()
    again = save(tmp_path / "again", "ann", "nnnnnn")
    with pytest.raises(LinksError, match="are both of 'ann'"):
        read_sitting([*files, again])
    copied = tmp_path / "copy.json"
    copied.write_text(json.dumps({**json.loads(files[0].read_text()), "reviewer": ""}))
    with pytest.raises(LinksError, match="hold the same answers"):
        read_sitting([*files, copied])
    # A file that is named twice is no learner's second.
    assert 3 == len(read_sitting([*files, files[0]]).learners)


def test_a_truth_that_one_file_alone_tells_is_refused(tmp_path):
    """Somebody altered it."""
    files = a_class(tmp_path)
    other = save(tmp_path, "Dai", "mmnnmn", answers=altered(truth="no match"))
    with pytest.raises(LinksError, match=r"Dai\.json: what it tells of pair 1 is not what other"):
        read_sitting([*files, other])


def test_the_page_stands_alone_and_shows_data_as_data(tmp_path):
    """One file without a network; names that look like elements make none."""
    a_class(tmp_path)
    save(tmp_path, "Dai", "nnnnnn", reviewer=NASTY)
    page = df.classroom(tmp_path, tmp_path / "class.html").read_text(encoding="utf-8")
    assert "default-src 'none'" in page
    assert "<b onclick" not in page
    assert "&lt;b onclick" in page
    assert page.count("<script") == page.count("</script>") == 1


def test_letters_stand_for_names(tmp_path):
    """No name is left on the page."""
    page = render_sitting(read_sitting(a_class(tmp_path), letters=True))
    assert "Bob" not in page
    assert "Eirlys" not in page


def test_one_learner_is_a_page_without_agreement(tmp_path):
    """And those together are nobody."""
    alone = read_sitting([save(tmp_path, "Ann", "mmnnmn")])
    assert ["Ann", "Exact matching", "Splink"] == [row[0].text for row in people(alone).rows]
    assert "Fleiss\u2019 kappa</span>" not in render_sitting(alone)


def test_the_command_writes_the_page_and_answers_a_wrong_file(tmp_path):
    """With the finding; a file that is not there is a message and an exit code."""
    files = a_class(tmp_path)
    done = darkfigure("classroom", *files, "--out", tmp_path / "class.html")
    assert 0 == done.returncode, done.stderr
    assert done.stdout.startswith("3 learners together found 78")
    wrong = darkfigure("classroom", tmp_path / "no.json", "--out", tmp_path / "c.html")
    refused(wrong, 8, "no.json")
