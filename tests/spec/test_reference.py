"""The calibration tables: complete, consistent with each other, and each with its source."""

import re
from pathlib import Path

import numpy as np
import pyarrow.compute as pc
import pytest

from darkfigure.synth import reference
from darkfigure.synth.core.errors import UnknownNameError
from darkfigure.synth.reference import known, load
from darkfigure.synth.schema import ETHNIC_BACKGROUND, FORCES

MAY_BE_EMPTY = {
    ("hospital_sites", "la_code"),
    ("outcodes", "other_la_codes"),
    ("minority_names", "sex"),
    *(
        (f"{kind}_wordings", column)
        for kind in (
            *("police", "ed", "place", "ppn", "marac", "care"),
            *("gp", "ambulance", "mash", "intelligence"),
        )
        for column in ("when", "wording")
    ),
}


def _sourced():
    text = Path(reference.__file__).with_name("SOURCES.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([a-z_, ]+?) \|", text, re.MULTILINE)
    return sorted(name for row in rows if row != "table" for name in row.split(", "))


def _sums(table, key, value):
    grouped = load(table).group_by(key).aggregate([(value, "sum")])
    return grouped[f"{value}_sum"].to_numpy()


def test_every_table_has_its_source():
    """SOURCES.md describes exactly the tables there are."""
    assert list(known()) == _sourced()


def test_tables_are_read_once():
    """Whoever loads a table again gets the same object."""
    assert load("ages") is load("ages")


def test_unknown_table_is_refused_with_the_nearest_name():
    """A misspelt table is answered with the right one."""
    with pytest.raises(UnknownNameError, match="Did you mean 'surnames'"):
        load("surname")


@pytest.mark.parametrize("name", known())
def test_no_cell_is_empty(name):
    """Every cell holds a value, save where none can be."""
    table = load(name)
    empty = [
        column
        for column in table.column_names
        if table[column].null_count
        or ((name, column) not in MAY_BE_EMPTY and "" in table[column].to_pylist())
    ]
    assert empty == []


@pytest.mark.parametrize(
    ("name", "columns"),
    [
        ("lsoa", ["lsoa_code"]),
        ("calibration", ["key", "area"]),
        ("outcodes", ["outcode"]),
        ("postcode_sectors", ["sector"]),
        ("lsoa_sectors", ["lsoa_code", "sector"]),
        ("ages", ["la_code", "age_from"]),
        ("surnames", ["surname"]),
        ("surname_regions", ["surname", "force"]),
        ("birth_seasons", ["month_day"]),
        ("birth_holidays", ["month_day"]),
        ("birth_weekdays", ["decade"]),
        ("rare_surnames", ["surname"]),
        ("patronymics", ["surname"]),
        ("given_names", ["sex", "cohort", "name"]),
        ("welsh_given_names", ["sex", "name"]),
        ("rare_given_names", ["sex", "name"]),
        ("minority_names", ["name_group", "sex", "kind", "name"]),
        ("name_groups", ["background", "name_group"]),
        ("short_forms", ["formal", "short"]),
        ("misspellings", ["kind", "name", "misspelling"]),
        ("street_names", ["name"]),
        ("street_kinds", ["kind"]),
        ("street_elements", ["element", "language", "group"]),
        ("house_names", ["name"]),
        ("hospital_sites", ["site_code"]),
        ("road_detours", ["outcode", "site_code"]),
        ("school_counts", ["la_code", "kind", "medium", "faith"]),
        ("school_words", ["use", "word"]),
        ("national_identities", ["background"]),
        ("hour_of_week", ["profile", "weekday", "hour"]),
        ("town_centres", ["town"]),
        ("facilities", ["la_code"]),
        ("place_kinds", ["kind"]),
        ("opening_hours", ["kind", "days"]),
        ("outings", ["purpose", "kind"]),
        ("outing_distances", ["purpose"]),
        ("day_factors", ["day", "first_hour"]),
        ("closures", ["what", "first_day"]),
        ("internationals", ["day"]),
        ("place_titles", ["kind", "language", "pattern"]),
    ],
)
def test_keys_are_unique(name, columns):
    """No key stands twice."""
    table = load(name)
    assert table.num_rows == table.group_by(columns).aggregate([]).num_rows


def test_census_totals():
    """Residents and households add up to those of the 2021 census, as perturbed."""
    authorities, lsoa = load("local_authorities"), load("lsoa")
    assert pc.sum(authorities["population"]).as_py() == 3_107_489
    assert pc.sum(authorities["households"]).as_py() == 1_347_113
    assert pc.sum(lsoa["residents"]).as_py() == pytest.approx(3_107_489, rel=1e-4)
    assert (authorities.num_rows, lsoa.num_rows) == (22, 1917)


def test_neighbourhoods_follow_their_authorities():
    """LSOAs are ordered by authority and code, and their residents sum to the authority's."""
    lsoa = load("lsoa")
    keys = list(zip(lsoa["la_code"].to_pylist(), lsoa["lsoa_code"].to_pylist(), strict=True))
    assert sorted(keys) == keys
    total = dict(
        lsoa.group_by("la_code").aggregate([("residents", "sum")]).to_pandas().to_numpy().tolist()
    )
    for row in load("local_authorities").to_pylist():
        assert total[row["la_code"]] == pytest.approx(row["population"], rel=2e-3)


@pytest.mark.parametrize(
    "name", ["lsoa", "ages", "outcodes", "hospital_sites", "facilities", "school_counts"]
)
def test_authorities_are_known(name):
    """No table names an authority that is not listed, and places exist in each where they must."""
    codes = set(load("local_authorities")["la_code"].to_pylist())
    found = set(load(name)["la_code"].to_pylist()) - {""}  # hospitals in England have none
    assert found <= codes
    assert name == "hospital_sites" or codes == found


def test_code_lists_are_the_schema_s():
    """Forces and ethnic groups are those of the schema."""
    assert set(FORCES) == set(load("local_authorities")["force"].to_pylist())
    assert set(FORCES) == set(load("surname_regions")["force"].to_pylist())
    assert set(load("name_groups")["background"].to_pylist()) <= set(ETHNIC_BACKGROUND)
    assert set(ETHNIC_BACKGROUND) == set(load("ethnic_backgrounds")["background"].to_pylist())
    assert list(range(660, 682)) == sorted(
        load("local_authorities")["education_number"].to_pylist()
    )


def test_age_bands_leave_no_gap():
    """Each authority's bands run from 0 to 104 without gap or overlap."""
    ages = load("ages").to_pandas()
    for _, bands in ages.groupby("la_code"):
        assert [*bands["age_from"][1:], 105] == [last + 1 for last in bands["age_to"]]
        assert bands["age_from"].iloc[0] == 0


def test_shares_sum_to_one():
    """Shares that exhaust a whole sum to one; those that leave a rest stay below it."""
    assert sum(load("household_types")["share"].to_pylist()) == pytest.approx(1, abs=1e-4)
    assert np.allclose(1, _sums("hour_of_week", "profile", "weight"), atol=1e-4)
    assert np.allclose(
        1, _sums("minority_names", ["name_group", "sex", "kind"], "share"), atol=1e-3
    )
    weekdays = np.column_stack([column.to_numpy() for column in load("birth_weekdays").columns[1:]])
    assert np.allclose(1, weekdays.mean(1), atol=6e-3)
    assert (_sums("given_names", ["sex", "cohort"], "share") < 0.95).all()
    assert (_sums("name_groups", "background", "share") <= 1).all()


def test_published_surname_shares():
    """The five commonest names have their published shares, and Welsh-type names make 35 %."""
    table = load("surnames")
    rows = dict(zip(table["surname"].to_pylist(), table["share"].to_pylist(), strict=True))
    top = [round(rows[name], 4) for name in ("Jones", "Davies", "Williams", "Evans", "Thomas")]
    assert top == [0.0552, 0.0361, 0.0357, 0.0234, 0.023]
    welsh = table.filter(pc.field("welsh") == 1)["share"]
    assert pc.sum(welsh).as_py() == pytest.approx(0.35, abs=1e-3)


def test_surnames_are_names():
    """Words and misprints are gone, and the commonest names of the country are there."""
    names = set(load("surnames")["surname"].to_pylist())
    rare = set(load("rare_surnames")["surname"].to_pylist())
    assert not (names | rare) & {"Crazy", "Nutella", "Lame", "Klam", "Gunt", "Seer", "Fatcat"}
    assert {"Fisher", "Webb", "Hamilton", "McDonald", "Spencer", "West", "O'Brien"} <= names
    assert not names & rare
    assert not {
        name for name in names | rare if name[0] == "O" and f"O'{name[1:].title()}" in names
    }
    assert not {name for name in names | rare if len(set(name.split("-"))) < len(name.split("-"))}


@pytest.mark.parametrize(
    ("name", "wrong", "right"),
    [
        ("misspellings", "misspelling", "name"),
        ("short_forms", "short", "formal"),
        ("name_equivalents", "english", "welsh"),
    ],
)
def test_variants_differ_from_their_names(name, wrong, right):
    """A variant is never the name itself."""
    assert not pc.any(pc.equal(load(name)[wrong], load(name)[right])).as_py()
