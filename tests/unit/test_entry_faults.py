"""Each fault alone: what it writes, and how often."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from entry_tables import DESK, EVEN, SIGNS, VARIANTS, circumstances, people, table
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from darkfigure.synth.core.chance import Stream
from darkfigure.synth.core.fields import FIELDS
from darkfigure.synth.core.spec import build
from darkfigure.synth.entry import FAULTS, Circumstances, SystemProfile, enter
from darkfigure.synth.entry.faults.calendar_dates import layout
from darkfigure.synth.entry.faults.cells import StruckCells, differs
from darkfigure.synth.entry.faults.letters import Letters
from darkfigure.synth.entry.table import PAIRS, RULES, SINGLE, WHOLES

BY_NAME = {fault.name: fault for fault in (*SINGLE, *WHOLES)}
RATED = [(fault, field) for fault in FAULTS for field in fault.rated_at]


@dataclass(frozen=True)
class Person:
    """A person of 400 records, with what lies beside the struck cells."""

    fields: dict[str, str]
    aside_value: str = "Powell"

    @property
    def persons(self):
        """Seeds of one person."""
        return Stream(3).words("persons", np.full(400, 9))

    @property
    def days(self):
        """All on 15 May 2021."""
        return np.full(400, 18_762)

    @property
    def sites(self):
        """Two hospitals."""
        return np.arange(400) % 2

    def known(self, field):
        """Give what is known of another field."""
        return pa.array([self.fields[field]] * 400) if field in self.fields else None

    def confusable_value(self, name):
        """Give what lies about, which begins alike."""
        del name
        return pa.array([self.aside_value, None] * 200)

    def meaning(self, field):
        """Say that all are women."""
        return pa.array(["female"] * 400) if field == "sex" else None

    def column(self, field):
        """Give a column of the desk."""
        return DESK.fields[field]


def outcomes(name: str, field: str, known: str, **beside: str) -> set[str | None]:
    """Collect what a fault makes of one value in 400 records."""
    cells = StruckCells(
        values=pa.array([known] * 400),
        seeds=Stream(11).words("cells", np.arange(400)),
        column=DESK.fields[field],
        words=("N/K",),
        variants=VARIANTS,
        facts=Person(beside),
    )
    written = BY_NAME[name].change(cells)
    changed = differs(cells.values, written, blank=name == "blank")
    return set(written.filter(pa.array(changed)).to_pylist())


@pytest.mark.parametrize(
    ("name", "field", "known", "expected"),
    [
        ("missing", "town", "Barry", {None}),
        ("placeholder", "town", "Barry", {"N/K"}),
        ("placeholder", "town", "N/K", set()),
        ("misspelt", "surname", "Jones", {"Johns"}),
        ("misspelt", "surname", "Xyz", set()),
        ("short_form", "forename", "William", {"Bill", "Wil"}),
        ("other_language", "forename", "Jane", {"Siân"}),
        ("other_language", "forename", "Ioan", set()),
        ("initial_only", "forename", "siân", {"S"}),
        ("initial_only", "forename", "J", set()),
        ("misheard", "surname", "Rhydd", {"Rydd", "Rhidd", "Rhyth"}),
        ("misheard", "surname", "LLOYD", {"LOYD", "THOYD", "CLOYD", "LLOID"}),
        (
            "misheard",
            "surname",
            "Davies",
            {"Davis", "Dafies", "Daveis", "Davyes"},
        ),
        ("misheard", "surname", "B", set()),
        ("misread", "town", "Xo", {"Xa"}),
        ("diacritics_dropped", "forename", "Siân Tŷ", {"Sian Ty"}),
        ("diacritics_dropped", "forename", "Sian", set()),
        ("hyphen_dropped", "surname", "O'Neil-Rhys", {"ONeil Rhys", "ONeilRhys"}),
        ("hyphen_dropped", "surname", "-", set()),
        ("keyboard_slip", "surname", "Q", {"A", "W"}),
        ("keyboard_slip", "house", "5", {"4", "6"}),
        ("keyboard_slip", "surname", "ŵ", set()),
        ("dropped_letter", "surname", "Rys", {"Ry", "Rs"}),
        ("dropped_letter", "surname", "Y", set()),
        ("doubled_letter", "surname", "Rys", {"Ryys", "Ryss"}),
        ("swapped_letters", "surname", "Rhys", {"Ryhs", "Rhsy"}),
        ("swapped_letters", "surname", "Lee", set()),
        ("swapped_digits", "nhs_number", "9011", {"0911", "9101"}),
        ("upper_case", "surname", "Siôn", {"SIÔN"}),
        ("upper_case", "surname", "JONES", set()),
        ("day_month_swapped", "date_of_birth", "03/11/2011", {"11/03/2011"}),
        ("day_month_swapped", "date_of_birth", "13/11/2011", set()),
        ("day_month_swapped", "date_of_birth", "11/11/2011", set()),
        ("first_of_january", "date_of_birth", "29/02/2000", {"01/01/2000"}),
        ("first_of_january", "date_of_birth", "1/1/2000", set()),
        ("decade_slip", "date_of_birth", "03/11/2011", {"03/11/2001", "03/11/2021"}),
        ("decade_slip", "date_of_birth", "29/02/2000", set()),
        ("digit_slip", "date_of_birth", "31/04/1990", set()),
        ("miscoded", "sex", "M", {"F"}),
        ("miscoded", "sex", "U", set()),
        ("miscoded", "ethnic_group", "White", {"Asian", "Black", "Mixed", "Other"}),
        ("unknown_code", "sex", "F", {"U"}),
        ("inward_missing", "postcode", "CF10 1IA", {"CF10"}),
        ("inward_missing", "postcode", "CF10", set()),
        ("letter_for_digit", "postcode", "SA1 9XX", {"5A1 9XX", "SAI 9XX"}),
        ("flat_missing", "house", "Flat 3, 14", {"14"}),
        ("flat_missing", "house", "Flatford Mill", set()),
        ("street_abbreviated", "street", "Street Road", {"Street Rd"}),
        ("blank", "town", "Barry", {""}),
        ("blank", "town", "", set()),
        ("former_name", "surname", "Jones", {"Powell"}),
        ("former_name", "surname", "Powell", set()),
        ("other_language", "town", "Rhyl", {"Y Rhyl"}),
        ("other_language", "forename", "Rhyl", set()),
        ("title_added", "forename", "Siân", {"Mrs Siân", "Miss Siân", "Ms Siân", "Dr Siân"}),
        ("prefix_rewritten", "surname", "O'Neill", {"ONeill", "O Neill", "Neill"}),
        ("prefix_rewritten", "surname", "O\u2019Neill", {"O'Neill", "ONeill", "O Neill", "Neill"}),
        ("prefix_rewritten", "surname", "McKay", {"MacKay", "Mc Kay", "Mac Kay"}),
        ("prefix_rewritten", "surname", "Al-Amin", {"Al Amin", "AlAmin", "Amin"}),
        ("prefix_rewritten", "surname", "ap Huw", {"ap-Huw", "apHuw", "Huw"}),
        ("prefix_rewritten", "surname", "Jones", set()),
        ("half_dropped", "surname", "Smith-Rhys", {"Smith", "Rhys"}),
        ("half_dropped", "surname", "Jones", set()),
        ("name_split", "forename", "Rosemary", {"Rose Mary"}),
        ("name_split", "forename", "Rose", set()),
        ("space_dropped", "forename", "Ann Marie", {"AnnMarie", "Annmarie"}),
        ("mojibake", "forename", "Siân", {"SiÃ¢n", "Si?n"}),
        ("mojibake", "town", "Tŷ", {"TÅ·", "T?"}),
        ("mojibake", "town", "Ty", set()),
        ("relative_number", "nhs_number", "9434765919", {"Powell"}),
        ("relative_number", "telephone", "06123456789", {"Powell"}),
        ("digit_dropped", "upn", "A12", {"A1", "A2", "12"}),
        ("temporary_pupil_number", "upn", "none", set()),
        (
            "telephone_rewritten",
            "telephone",
            "06123456789",
            {
                "06123 456789",
                "06123 456 789",
                "(06123) 456789",
                "+44 6123 456789",
                "00446123456789",
                "+44 (0)6123 456789",
            },
        ),
        ("telephone_rewritten", "telephone", "0612345678", set()),
        ("wrong_check_digit", "nhs_number", "95", {f"9{n}" for n in range(10) if n != 5}),
        ("day_heaped", "date_of_birth", "03/11/2011", {"01/11/2011", "15/11/2011"}),
        ("day_heaped", "date_of_birth", "01/11/2011", {"15/11/2011"}),
        ("age_for_date", "date_of_birth", "03/11/2011", {"15/05/2012"}),
        ("age_for_date", "date_of_birth", "15/05/2012", set()),
        ("first_listed", "ethnic_group", "Asian", {"White"}),
        ("first_listed", "sex", "F", set()),
        ("other_scheme", "sex", "F", {"2", "Female", "f"}),
        ("other_scheme", "ethnic_group", "Other", {"O9", "S", "IC6", "Any other"}),
        ("other_scheme", "ethnic_group", "none", set()),
        ("postcode_unspaced", "postcode", "CF10 1IA", {"CF101IA"}),
        (
            "flat_rewritten",
            "house",
            "Flat 3, 14",
            {"14 Flat 3", "3/14", "14/3", "Flat 3 14", "Apt 3, 14", "F3 14"},
        ),
        ("house_rewritten", "house", "12a", {"No 12a", "No. 12a", "12a,"}),
        ("house_rewritten", "house", "Rose Cottage", set()),
        ("street_kind_missing", "street", "High Street", {"High"}),
        ("street_kind_missing", "street", "Heol Las", {"Las"}),
        ("street_kind_missing", "street", "Street", set()),
        ("previous_address", "street", "High Street", {"Powell"}),
        ("unknown_patient", "surname", "Jones", {"N/K"}),
        ("unknown_patient", "forename", "Siân", {"FEMALE"}),
        ("unknown_patient", "postcode", "CF10 1IA", {None}),
    ],
)
def test_fault_writes(name, field, known, expected):
    """A fault writes what its cause would bring about, or counts as unable."""
    assert expected == outcomes(name, field, known)


def test_slipped_digits_leave_credible_dates():
    """A digit slip changes one digit and leaves a date that a system would take."""
    written = outcomes("digit_slip", "date_of_birth", "31/12/1999")
    dates, readable = layout("%d/%m/%Y").read(pa.array(sorted(written)))
    assert readable.all()
    assert ((dates.year >= 1900) & (dates.year <= 2029)).all()
    assert {1} == {sum(a != b for a, b in zip("31/12/1999", w, strict=True)) for w in written}
    assert {"11/12/1999", "31/10/1999", "31/12/1989", "31/12/1909"} <= written


def test_wrong_characters_keep_a_postcode_from_being_issued():
    """The letters that no real inward half has are never typed away."""
    written = outcomes("wrong_character", "postcode", "CF10 1IA")
    assert len(written) > 50
    assert all(postcode[6] == "I" for postcode in written)


def test_wrong_digits_are_digits():
    """One digit of a number becomes another digit."""
    written = outcomes("wrong_digit", "nhs_number", "90")
    assert {f"{n}0" for n in range(9)} | {f"9{n}" for n in range(1, 10)} == written


def test_a_baby_has_no_name_yet():
    """For six weeks a child may be called a baby, and no longer."""
    words = {"BABY", "Baby", "BABY OF", "Infant"}
    assert words == outcomes("baby_name", "forename", "Siân", date_of_birth="04/04/2021")
    assert set() == outcomes("baby_name", "forename", "Siân", date_of_birth="02/04/2021")
    assert set() == outcomes("baby_name", "forename", "Siân")


def test_a_site_has_one_postcode_in_a_district():
    """Two hospitals write two postcodes, of the patient's district and never issued."""
    written = outcomes("site_postcode", "postcode", "CF10 1IA")
    assert 2 == len(written)
    assert all(re.fullmatch("CF10 [0-9][CIKMOV]{2}", postcode) for postcode in written)


def test_temporary_numbers_are_no_nhs_numbers():
    """A number of the department's own begins with a letter and is each record's own."""
    written = outcomes("temporary_number", "nhs_number", "9434765919")
    assert 400 == len(written)
    assert all(re.fullmatch("T[0-9]{9}", number) for number in written)


def test_temporary_pupil_numbers_check_and_end_in_a_letter():
    """A temporary pupil number keeps authority and year, and its first letter checks the rest.

    The check is done anew here: places 2 to 13 weigh 2 to 13, a closing letter counts from A = 0,
    and the remainder by 23 picks from the alphabet without I, O and S.
    """
    written = outcomes("temporary_pupil_number", "upn", "A680999018001")
    assert len(written) > 300
    for number in written:
        assert re.fullmatch("[A-Z]680999[0-9]18[0-9]{2}[A-H]", number)
        values = [*map(int, number[1:12]), ord(number[12]) - ord("A")]
        total = sum(weight * value for weight, value in enumerate(values, 2))
        assert number[0] == "ABCDEFGHJKLMNPQRTUVWXYZ"[total % 23]


@pytest.mark.parametrize(
    ("pair", "known", "expected"),
    [
        ("names_swapped", ("Siân", "Jones"), ("Jones", "Siân")),
        ("names_swapped", ("same", "same"), ("same", "same")),
        ("middle_name_joined", ("Siân", "Mair"), ("Siân Mair", None)),
        ("middle_name_joined", ("Siân", None), ("Siân", None)),
        ("house_in_street", ("12", "High Street"), (None, "12 High Street")),
    ],
)
def test_pairs_go_wrong_together(pair, known, expected):
    """Both cells of a pair stand in the ledger, or neither; empty partners take no part."""
    one, other = next(fault.fields for fault in PAIRS if fault.name == pair)
    columns = {field: [known[field == other]] for field in FIELDS}
    profile = only(pair, one, rate=1.0)
    entered = enter(table(columns), DESK, profile, circumstances(1), Stream(1), variants=VARIANTS)
    assert expected == tuple(entered.table[f"the_{field}"][0].as_py() for field in (one, other))
    assert [pair] * (2 * (known != expected)) == entered.faults["fault"].to_pylist()


@pytest.mark.parametrize(
    ("fault", "fields", "known", "expected"),
    [
        ("middle_name_first", ("forename", "middle_name"), ("Siân", "Mair"), ("Mair", "Siân")),
        ("middle_name_first", ("forename", "middle_name"), ("Siân", None), ("Siân", None)),
        ("transliterated", ("surname", "forename"), ("Khalil", "Yusuf"), None),
    ],
)
@pytest.mark.parametrize("befalls", [0.0, 1.0])
def test_some_faults_befall_some_people_alone(fault, fields, known, expected, befalls):
    """Who goes by a middle name, or has a name of another script, may be written otherwise."""
    columns = {field: [dict(zip(fields, known, strict=True)).get(field)] for field in FIELDS}
    factor = {"middle_name_first": "middle_name_used", "transliterated": "other_script"}[fault]
    setting = replace(circumstances(1), **{factor: np.array([befalls])})
    profile = only(fault, fields[0], rate=1.0)
    entered = enter(table(columns), DESK, profile, setting, Stream(1), variants=VARIANTS)
    written = tuple(entered.table[f"the_{field}"][0].as_py() for field in fields)
    if not befalls:
        assert known == written
    elif expected:
        assert expected == written
    else:
        assert all(one != other for one, other in zip(known, written, strict=True))


def only(name: str, field: str, *, rate: float) -> SystemProfile:
    """Make a profile of one fault that falls evenly."""
    data = {
        "title": "one fault",
        "source": "none",
        "spread": EVEN,
        "faults": {field: {name: {"rate": rate}}},
        "placeholders": {field: "N/K"},
    }
    return build(SystemProfile, data, "test")


@pytest.mark.parametrize(("fault", "field"), RATED, ids=[f"{f.name}-{at}" for f, at in RATED])
def test_fault_strikes_its_share(fault, field):
    """At rate r a fault strikes r of the cells that it strikes at rate 1.

    Exact two-sided binomial test; false-alarm rate 1e-6 over all faults and fields together.
    """
    known, setting = people(12_000), replace(circumstances(12_000), hiding=None, silence=None)
    could, did = (
        enter(
            known, DESK, only(fault.name, field, rate=rate), setting, Stream(2), variants=VARIANTS
        ).faults
        for rate in (1.0, 0.2)
    )
    at_home = f"the_{field}"
    eligible, struck = (
        set(faults.filter(pc.equal(faults["column"], at_home))["record_id"].to_pylist())
        for faults in (could, did)
    )
    assert struck <= eligible
    assert len(eligible) >= 1_000
    assert binomtest(len(struck), len(eligible), 0.2).pvalue > 1e-6 / len(RATED)


@pytest.mark.parametrize("rate", [0.05, 0.3, 0.5, 0.7, 0.9])
@pytest.mark.parametrize("hard", [{}, {"diacritic": 2.0, "parted_name": 1.5}])
def test_uneven_faults_strike_their_share_as_well(rate, hard):
    """A rate is the share of cells changed however unevenly faults fall, close to 1 as well.

    Each record has a clerk, shift and person of its own, so that its chances are independent and
    the count varies less than a binomial one; names are as hard as the factors suppose.
    Two-sided exact test; false-alarm rate 1e-6 over all cases together.
    """
    n_records = 20_000
    ids = np.arange(n_records, dtype=np.int64)
    names = np.where(ids % 1000 < 12, "Siân", np.where(ids % 1000 < 57, "Anne-Marie", "Jean"))
    known = people(n_records)
    for field in ("surname", "forename"):
        place = known.column_names.index(f"the_{field}")
        known = known.set_column(place, f"the_{field}", pa.array(names, pa.string()))
    data = {
        "title": "uneven",
        "source": "none",
        "spread": {"clerk": 0.5, "shift": 0.3, "person": 0.5, "record": 0.6},
        "difficulty": hard,
        "faults": {"surname": {"missing": {"rate": rate}}},
    }
    profile = build(SystemProfile, data, "test")
    alone = Circumstances(ids, ids, ids, ids)
    faults = enter(known, DESK, profile, alone, Stream(3), variants=VARIANTS).faults
    assert binomtest(len(faults), n_records, rate).pvalue > 1e-6 / 10


def test_faults_have_one_name_each_and_know_their_fields():
    """The list of faults is without repetition and names only linkage fields."""
    names = [fault.name for fault in (*FAULTS, *RULES)]
    assert sorted(set(names)) == sorted(names)
    assert all(set(fault.fields) <= set(FIELDS) for fault in FAULTS)
    assert all(fault.cause for fault in (*FAULTS, *RULES))


@given(st.lists(st.text(SIGNS, max_size=12), max_size=6))
def test_letters_come_together_again(texts):
    """Taking texts apart and putting them together changes nothing."""
    values = pa.array(texts, pa.string())
    assert values == Letters.read(values).text()


@given(st.lists(st.text(SIGNS, min_size=1, max_size=8), min_size=1, max_size=6), st.data())
def test_splice_replaces_a_stretch(texts, data):
    """A splice does what slicing does to a single text."""
    places = [data.draw(st.integers(0, len(text))) for text in texts]
    cut = [data.draw(st.integers(0, len(t) - p)) for t, p in zip(texts, places, strict=True)]
    pasted = [data.draw(st.integers(0, 3)) for _ in texts]
    paste = np.tile(np.array([ord(c) for c in "xyz"], np.uint32), (len(texts), 1))
    spliced = Letters.read(pa.array(texts)).splice(
        np.array(places), np.array(cut), paste=paste, pasted=np.array(pasted)
    )
    expected = [
        text[:place] + "xyz"[:new] + text[place + old :]
        for text, place, old, new in zip(texts, places, cut, pasted, strict=True)
    ]
    assert expected == spliced.text().to_pylist()


def test_date_formats_need_all_parts():
    """A layout without a year of four digits is refused."""
    with pytest.raises(ValueError, match="%Y"):
        layout("%d/%m/%y")


@pytest.mark.parametrize("date_format", ["%Y-%m-%d", "%d/%m/%Y", "%Y%m%d", "%d.%m.%Y"])
@given(dates=st.lists(st.dates(), max_size=5))
def test_dates_come_together_again(date_format, dates):
    """Reading and writing dates changes nothing in any layout."""
    texts = [
        date_format.replace("%Y", f"{d.year:04}")
        .replace("%m", f"{d.month:02}")
        .replace("%d", f"{d.day:02}")
        for d in dates
    ]
    values = pa.array(texts, pa.string())
    read, readable = layout(date_format).read(values)
    assert readable.all()
    assert values == layout(date_format).write(read)
