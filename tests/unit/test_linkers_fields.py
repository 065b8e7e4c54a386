"""Linkers on tables that lack fields: each links with what is there, or says why it cannot."""

import datetime as dt

import numpy as np
import pyarrow as pa
import pytest

from darkfigure.linkage_eval.contracts import RECORDS
from darkfigure.linkage_eval.isolation.parent import Job, run_isolated
from darkfigure.linkage_eval.linkers import registry
from darkfigure.linkage_eval.linkers.adaptation import adaptation, refusal
from darkfigure.linkage_eval.linkers.blocking import RULES, selective_rules, widened
from darkfigure.linkage_eval.linkers.fields import UnableError, further_columns, held, stand_ins
from darkfigure.linkage_eval.linkers.splink_prior import find_prior, training_rules
from darkfigure.linkage_eval.linkers.stepwise import PASSES
from darkfigure.linkage_eval.linkers.weakening import adapted
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.core.errors import LinkerError

N_PEOPLE = 300
SYLLABLES = ("BRY", "GWE", "LLA", "MOR", "OWE", "PEN", "RHI", "SIA", "TUD", "WYN", "CAR", "DAF")
WORKERS = (
    *("exact", "stepwise", "nhs-stepwise", "splink", "recordlinkage-ecm"),
    *("epilink", "bloom", "slk581", "pnd-search"),
)


def name(stream, decision):
    """Make up names of two syllables, some of them common."""
    ids = np.arange(N_PEOPLE)
    parts = (
        np.array(SYLLABLES)[stream.pick(decision, ids, 1 / np.arange(1, 13), draw=draw)]
        for draw in (0, 1, 2)
    )
    return ["".join(each) for each in zip(*parts, strict=True)]


@pytest.fixture(scope="module")
def people():
    """Three hundred people with every field, written once."""
    ids, stream = np.arange(N_PEOPLE), Stream(5)
    born = dt.date(1950, 1, 1).toordinal() + stream.below("born", ids, 20_000)
    homes = stream.below("home", ids, 90).tolist()
    return {
        "surname": name(stream, "surname"),
        "forename": name(stream, "forename"),
        "middle_name": name(stream, "middle"),
        "sex": np.where(stream.happens("sex", ids, 0.5), "F", "M").tolist(),
        "date_of_birth": [dt.date.fromordinal(int(day)) for day in born],
        "street": [f"{home} HIGH STREET" for home in homes],
        "town": [f"TOWN {home % 9}" for home in homes],
        "postcode": [f"CF47 {home}" for home in homes],
        "telephone": [f"0770090{number:04}" for number in ids],
    }


def table(people, fields, *, letter, **changed):
    """Write a table of records that holds some of the fields."""
    values = {field: [*people[field]] for field in fields} | changed
    columns = {
        field: pa.array(values.get(field, [None] * N_PEOPLE), RECORDS.field(field).type)
        for field in RECORDS.names[2:]
    }
    ids = [f"{letter}{number:04}" for number in range(N_PEOPLE)]
    columns |= {field: pa.array(values[field]) for field in values if field not in RECORDS.names}
    return pa.table({"record_id": ids, "source": ["x"] * N_PEOPLE, **columns})


def erring(people):
    """Let every record of the right differ: a third each in surname, forename and birth date."""
    wrong = {name: [*people[name]] for name in ("surname", "forename", "date_of_birth")}
    for number in range(N_PEOPLE):
        kind = ("surname", "forename", "date_of_birth")[number % 3]
        old = wrong[kind][number]
        if kind != "date_of_birth":
            wrong[kind][number] = old[:3] + "X" + old[4:]
        else:
            wrong[kind][number] = old.replace(day=1 if old.day > 1 else 2)
    return wrong


def f1(links):
    """Compare links with the people: the same number on both sides."""
    right = sum(row["left_id"][1:] == row["right_id"][1:] for row in links.to_pylist())
    return 2 * right / (links.num_rows + N_PEOPLE)


SETS = {
    "no birth date": ("surname", "forename", "sex", "postcode", "street", "town", "telephone"),
    "no birth date, no postcode": ("surname", "forename", "middle_name", "sex", "town"),
    "no surname": ("forename", "sex", "date_of_birth", "postcode"),
    "names alone with a telephone": ("surname", "forename", "telephone"),
}


@pytest.mark.needs("recordlinkage")
@pytest.mark.filterwarnings("ignore")  # the engines' own
@pytest.mark.parametrize("linker", WORKERS)
@pytest.mark.parametrize("fields", SETS.values(), ids=SETS)
def test_a_linker_uses_what_is_there_or_refuses(people, linker, fields):
    """The same records on both sides: most people are found, or a reason is given."""
    left, right = (table(people, fields, letter=letter) for letter in "lr")
    if refused := refusal(linker, left, right):
        assert refused.startswith("it needs")
        return
    least = 0.4 if linker == "slk581" else 0.6  # letters 2, 3 and 5 of names alone are common
    assert f1(registry.load(linker, {}).link(left, right, seed=1)) > least, fields


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("linker", ["splink-beginner", "splink-tf"])
def test_splink_works_without_birth_dates(people, linker):
    """Case 1: there was no rule for the prior, and Splink asked for an SQL dialect."""
    fields = ("surname", "forename", "sex", "postcode")
    left, right = (table(people, fields, letter=letter) for letter in "lr")
    assert f1(registry.load(linker, {}).link(left, right, seed=1)) > 0.9


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("linker", ["splink", "splink-tf"])
def test_splink_has_a_prior_where_no_pair_agrees_on_everything(people, linker):
    """Case 2: each pair differs somewhere, so the prior was 0 and nothing was linked."""
    fields = ("surname", "forename", "date_of_birth")
    left, right = table(people, fields, letter="l"), table(people, (), letter="r", **erring(people))
    prior = find_prior(left, right, list(fields))
    assert not prior.certain
    assert 0.5 / N_PEOPLE < prior.share < 2 / N_PEOPLE
    assert f1(registry.load(linker, {}).link(left, right, seed=1)) > 0.8


def test_where_all_is_there_the_usual_prior_holds(people):
    """Agreement on names and birth date, counted by Splink itself; the usual training too."""
    fields = [name for name in people if name not in {"middle_name", "street", "town"}]
    left, right = (table(people, people, letter=letter) for letter in "lr")
    assert find_prior(left, right, fields).certain
    assert [("surname", "forename"), ("date_of_birth",)] == training_rules(left, right, fields)
    assert [("surname", "forename"), ("telephone",)] == training_rules(
        left, right, [field for field in fields if field != "date_of_birth"]
    )


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("sparse", [0, 3])
def test_splink_survives_empty_tables_and_sparse_fields(people, sparse):
    """No record on a side, or a birth date in three records alone: no crash, and people found."""
    known = people["date_of_birth"][:sparse]
    born = {"date_of_birth": [*known, *[None] * (N_PEOPLE - sparse)]}
    fields = ("surname", "forename", "sex", "postcode")
    left, right = (table(people, fields, letter=letter, **born) for letter in "lr")
    splink = registry.load("splink", {})
    assert f1(splink.link(left, right, seed=1)) > 0.9
    assert 0 == splink.link(left, right.slice(0, 0), seed=1).num_rows
    assert 0 == len(splink.block(left, right.slice(0, 0)).left)


@pytest.mark.filterwarnings("ignore")
def test_splink_links_strangers_to_nobody(people):
    """No pair agrees on a training rule: that teaches nothing, and is no crash."""
    fields = ("surname", "forename", "date_of_birth")
    left = table(people, fields, letter="l")
    others = {name: [f"Q{value}" for value in people[name]] for name in fields[:2]}
    others["date_of_birth"] = [day.replace(year=1930) for day in people["date_of_birth"]]
    right = table(people, (), letter="r", **others)
    assert 0 == registry.load("splink", {}).link(left, right, seed=1).num_rows


@pytest.mark.needs("recordlinkage")
@pytest.mark.filterwarnings("ignore")
def test_ecm_keeps_a_blocking_rule(people):
    """Case 3: every rule gave more pairs than there are records, and none was left."""
    common = {
        "surname": ["EVANS", "JONES"] * (N_PEOPLE // 2),
        "forename": ["SIAN", "TOM", "MARY"] * (N_PEOPLE // 3),
        "date_of_birth": [dt.date(1990, 1 + n // 30, 1) for n in range(N_PEOPLE)],
        "sex": ["F", "M", "F", "M", "M"] * (N_PEOPLE // 5),
    }
    left, right = (table(people, (), letter=letter, **common) for letter in "lr")
    rules = selective_rules(left, right)
    assert any(set(rule) <= set(common) for rule in rules)
    assert len(registry.load("recordlinkage-ecm", {}).block(left, right).left)


@pytest.mark.needs("recordlinkage")
def test_ecm_says_that_it_compares_nothing(people):
    """No pair agrees on two fields: a reason, not scikit-learn's "0 sample(s)"."""
    left = table(people, ("surname", "forename"), letter="l")
    others = {"surname": ["Q"] * N_PEOPLE, "forename": ["Z"] * N_PEOPLE}
    with pytest.raises(LinkerError, match="it compares nothing: no two records agree"):
        registry.load("recordlinkage-ecm", {}).link(
            left, table(people, (), letter="r", **others), seed=1
        )


@pytest.mark.parametrize(
    ("linker", "fields", "least"),
    [
        ("exact", ("surname", "forename", "sex", "postcode"), 0.95),  # case 4, without birth dates
        ("stepwise", ("surname", "forename", "sex", "postcode"), 0.95),
        ("slk581", ("surname", "forename", "sex"), 0.4),
        ("exact", ("surname", "forename", "date_of_birth"), 0.95),  # and without sex
        ("slk581", ("surname", "forename", "date_of_birth"), 0.95),
    ],
)
def test_rules_choose_their_passes_from_the_fields_that_exist(people, linker, fields, least):
    """Case 4: a field that is not there left nothing, in silence."""
    left, right = (table(people, fields, letter=letter) for letter in "lr")
    assert f1(registry.load(linker, {}).link(left, right, seed=1)) >= least


def test_stepwise_forgives_one_error_without_sex_and_postcode(people):
    """A pass goes without them where chance still links few."""
    left = table(people, ("surname", "forename", "date_of_birth"), letter="l")
    right = table(people, (), letter="r", **erring(people))
    assert f1(registry.load("stepwise", {}).link(left, right, seed=1)) > 0.5


def test_a_pass_that_chance_fills_is_left_out(people):
    """Nobody links by names alone, nor is silent; with all fields each pass is as it was."""
    left, right = (table(people, ("surname", "forename"), letter=letter) for letter in "lr")
    with pytest.raises(UnableError, match="with forename, surname alone, chance links more than"):
        adapted(PASSES, left, right)
    whole = [table(people, people, letter=letter) for letter in "lr"]
    assert list(enumerate(PASSES)) == adapted(PASSES, *whole)
    lacking = [
        table(people, ("surname", "forename", "date_of_birth"), letter=letter) for letter in "lr"
    ]
    assert PASSES[0] in [rule for _, rule in adapted(PASSES, *lacking)]  # of a number: as it was


def test_second_line_fields_step_in_only_where_one_of_four_is_lacking(people):
    """Beside all four they would count twice."""
    whole = [table(people, people, letter=letter) for letter in "lr"]
    assert ((), RULES) == (stand_ins(*whole), widened(*whole))
    fields = [field for field in people if field != "postcode"]
    lacking = [table(people, fields, letter=letter) for letter in "lr"]
    assert ("street", "middle_name", "telephone") == stand_ins(*lacking)
    assert "town" in held(*lacking)
    assert set(RULES) < set(widened(*lacking, RULES, ("telephone",)))


def test_further_columns_are_those_that_can_tell_something(people):
    """Of both tables, with values that come again; no key of one table, no constant."""
    more = {
        "passport": [f"P{number}" for number in range(N_PEOPLE)],
        "birth_place": [f"B{number % 40}" for number in range(N_PEOPLE)],
        "constant": [1] * N_PEOPLE,
        "surname_written": people["surname"],
        "two words": people["surname"],
        "left_only": people["surname"],
    }
    left = table(people, ("surname",), letter="l", row_key=[*range(N_PEOPLE)], **more)
    assert ("birth_place", "left_only") == further_columns(left, left)
    more.pop("left_only")
    keys = [*range(N_PEOPLE, 2 * N_PEOPLE)]
    right = table(people, ("surname",), letter="r", row_key=keys, **more)
    assert ("passport", "birth_place") == further_columns(left, right)


@pytest.mark.needs("recordlinkage")
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("linker", ["splink", "recordlinkage-ecm"])
def test_models_learn_from_further_columns(people, linker):
    """Case 5: names alone find few; with a birth place they find more."""
    names = ("surname", "forename")
    more = {"birth_place": [f"B{number % 70}" for number in range(N_PEOPLE)]}
    wrong = erring(people)
    wrong = {key: wrong[key] for key in names}
    found = []
    for further in ({}, more):
        left = table(people, names, letter="l", **further)
        right = table(people, (), letter="r", **wrong, **further)
        found.append(f1(registry.load(linker, {}).link(left, right, seed=1)))
    assert found[1] > max(0.85, found[0])


@pytest.mark.needs("recordlinkage")
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("linker", ["splink", "recordlinkage-ecm"])
def test_models_tell_their_match_weights(people, linker):
    """Agreement speaks for one person, disagreement against; log2 of m over u."""
    left = table(people, ("surname", "forename", "date_of_birth"), letter="l")
    right = table(people, (), letter="r", **erring(people))
    rows = registry.load(linker, {}).weigh(left, right, seed=1).to_pylist()
    weights = [row["weight"] for row in rows if row["m"] and row["u"]]
    assert min(weights) < 0 < max(weights)
    assert weights == [np.log2(row["m"] / row["u"]) for row in rows if row["m"] and row["u"]]


def test_the_harness_says_what_is_lacking(people):
    """A refusal is no failure; what a linker goes without is told."""
    left, right = (table(people, ("surname", "forename"), letter=letter) for letter in "lr")
    outcome = run_isolated(Job("hashed-nhs", trusted=True), left, right)
    assert outcome.links is None
    assert (
        "cannot work here: it needs nhs_number in both tables, which share none" == outcome.status
    )
    assert "goes without date_of_birth, sex" == adaptation("exact", left, right)
    with_town = [table(people, (*SETS["no surname"][:1], "town"), letter=one) for one in "lr"]
    assert "may add town" in adaptation("epilink", *with_town)
