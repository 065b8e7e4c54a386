"""Free texts as their readers know them: who, where and when, and the truth of each mention."""

import re
from itertools import pairwise

import numpy as np
import pyarrow.compute as pc
import pytest

from darkfigure.linkage_eval.records.sql import query
from darkfigure.linkage_eval.scrubbing.free_texts import free_texts, prose_columns
from darkfigure.synth.schema import MENTION
from darkfigure.synth.storage.dataset import Dataset
from darkfigure.synth.text.wordings import STYLES, wordings

TABLES = (
    *("police", "ed", "place", "ppn", "marac", "care"),
    *("gp", "ambulance", "mash", "intelligence"),
)
SHORT = "assault_location_text"  # a field of few words


@pytest.fixture(scope="module")
def texts(village: Dataset):
    """Give all free texts of the village."""
    return free_texts(village)


@pytest.fixture(scope="module")
def mentions(village: Dataset, texts):
    """Give all mentions, each with its text."""
    return query(
        f"""SELECT chosen.text, mention.* FROM {village.sql("truth/text_mentions")} AS mention
        JOIN chosen USING (source, "table", record_id, "column")""",
        chosen=texts,
    ).to_pylist()


def test_eight_agencies_write_texts(village: Dataset):
    """Officers, nurses, crews, practices, coordinators, managers and social workers."""
    sources = {shape.source.split("/")[0] for shape, _ in prose_columns(village)}
    health = {"ed", "gp", "ambulance"}
    assert sources == health | {"police", "ppn", "marac", "mash", "social_care"}


def test_no_text_is_empty(texts):
    """A writer writes something or nothing, and no slot is left open."""
    assert all(text.strip() and not set(text) & set("{}") for text in texts["text"].to_pylist())


def test_two_thirds_of_the_texts_are_distinct(texts):
    """In every column, and in most nearly all are."""
    for column in set(texts["column"].to_pylist()) - {SHORT}:
        own = texts.filter(pc.equal(texts["column"], column))["text"]
        assert pc.count_distinct(own).as_py() >= 2 / 3 * len(own)


def test_every_mention_lies_in_its_text(village: Dataset, mentions):
    """None is lost, none is empty, and none overlaps the next."""
    assert len(mentions) == village.tables["truth/text_mentions"]["rows"]
    assert all(0 <= row["start"] < row["end"] <= len(row["text"]) for row in mentions)
    keys = ("source", "table", "record_id", "column")
    ordered = sorted(mentions, key=lambda row: (*(row[key] for key in keys), row["start"]))
    for one, other in pairwise(ordered):
        if all(one[key] == other[key] for key in keys):
            assert one["end"] <= other["start"]


def test_mentions_are_of_every_kind_and_look_like_it(mentions):
    """Most of each look as such things do; typing errors spoil some."""
    looks = {
        "person": r"[^\d]+",
        "place": r".*\w.*",
        "address": r".*[A-Za-z].*",
        "date": r".*\d.*",
        "time": r"\d{1,2}[.:]?\d{2}(hrs|am|pm|HRS|AM|PM)?",
        "telephone": r"[+\d][\d ()]+",
        "identifier": r"[A-Z]?\d+",
    }
    assert set(looks) == set(MENTION)
    for kind, pattern in looks.items():
        said = [row["text"][row["start"] : row["end"]] for row in mentions if row["kind"] == kind]
        assert said
        assert np.mean([bool(re.fullmatch(pattern, one)) for one in said]) > 0.9


def test_a_person_mentioned_is_somebody_of_the_truth(village: Dataset, mentions):
    """And hardly ever is a name written that the person never bore."""
    people = set(village.read("truth/persons", ["person_id"])["person_id"].to_pylist())
    persons = [row for row in mentions if row["kind"] == "person"]
    assert {row["entity_id"] for row in persons} <= people
    names = village.read("truth/names").to_pylist()
    borne: dict[int, set[str]] = {}
    for row in names:
        words = f"{row['forename']} {row['middle_name']} {row['surname']}".casefold()
        borne.setdefault(row["person_id"], set()).update(words.replace("-", " ").split())
    right = [
        bool(
            borne[row["entity_id"]]
            & set(re.findall(r"\w+", row["text"][row["start"] : row["end"]].casefold()))
        )
        for row in persons
    ]
    assert np.mean(right) > 0.75


def test_some_uncoded_assaults_are_told_in_the_note(village: Dataset):
    """The code says accident, the note says that somebody hit the patient."""
    told = query(
        f"""SELECT count(*) AS n,
            count(*) FILTER (note ~ '(?i).*(assault|hit|punch|kick).*') AS told
        FROM (SELECT triage_note AS note, attendance_no AS record_id FROM
            {village.sql("ed/attendances")} WHERE attendance_group <> '11')
        JOIN {village.sql("truth/record_incidents")} AS about USING (record_id)
        WHERE about.source = 'ed' AND note IS NOT NULL"""
    ).to_pylist()[0]
    assert 0.2 < told["told"] / told["n"] < 0.8


def test_practices_and_crews_know_what_they_were_told(village: Dataset):
    """Codes of abuse come with a story of it but for few, paper is filed without, sexes fit."""
    told = query(
        f"""SELECT read_code, note, sex FROM {village.sql("gp/events")}
        JOIN {village.sql("gp/registrations")} USING (registration_no) WHERE note IS NOT NULL"""
    ).to_pylist()
    abuse = [row["note"] for row in told if row["read_code"] in ("14X8.", "14XD.", "14XG.")]
    tells = re.compile(r"(?i)discl|DA |DV |hx of violence|tearful|states|trais")
    assert np.mean([bool(tells.search(note)) for note in abuse]) > 0.8
    assert not [row for row in told if "LMP" in row["note"].upper() and row["sex"] == "1"]
    dead = query(
        f"""SELECT note FROM {village.sql("ambulance/patients")}
        JOIN {village.sql("ambulance/incidents")} USING (incident_no)
        WHERE stop <> 'dead' AND note ~ '.*ROLE [0-9].*'"""
    )
    assert not len(dead)


@pytest.mark.parametrize("name", TABLES)
def test_every_wording_can_be_chosen(name):
    """By writers of some style; and every word is used."""
    known = wordings(f"{name}_wordings")
    used = {slot for part in known.parts.values() for one in part for slot in one.slots}
    assert set(known.words) <= used
    for part in known.parts.values():
        for wording in part:
            assert len(wording.weights) == len(STYLES)
            assert sum(wording.weights) > 0
