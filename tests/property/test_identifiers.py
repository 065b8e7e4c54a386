"""Identifiers: right check digits, unique, in ranges never issued, whatever the order of rows."""

import re

import nhs_number
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from darkfigure.synth.core.chance import Stream
from darkfigure.synth.core.digits import strings, zero_padded
from darkfigure.synth.core.errors import TargetError
from darkfigure.synth.core.identifiers import (
    NHS_CAPACITY,
    NI_CAPACITY,
    asns,
    cro_numbers,
    drama_landlines,
    drama_mobiles,
    emails,
    hospital_numbers,
    nhs_numbers,
    ni_numbers,
    pnc_ids,
    practice_codes,
    scrambled,
    upns,
)

CHANCE = Stream(7).stage("identifiers")
INDICES = st.lists(st.integers(0, NHS_CAPACITY - 1), min_size=1, max_size=60, unique=True)
UPN_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"


def _nhs(index):
    return nhs_numbers(np.array(index), CHANCE).to_pylist()


def _letter(twelve):
    """Compute a UPN's check letter one digit at a time."""
    return UPN_LETTERS[sum(place * int(digit) for place, digit in enumerate(twelve, 2)) % 23]


@given(INDICES)
def test_nhs_numbers_are_valid_and_synthetic(index):
    """Every number is valid and lies in the range for synthetic patients."""
    for number in _nhs(index):
        assert nhs_number.is_valid(number, for_region=nhs_number.REGION_SYNTHETIC)


@given(INDICES)
def test_nhs_numbers_are_unique(index):
    """Different people have different numbers."""
    assert len(index) == len(set(_nhs(index)))


@given(INDICES, st.integers(0, 60))
def test_nhs_numbers_do_not_depend_on_chunks_or_order(index, cut):
    """A person has the same number in whatever company and order."""
    assert _nhs(index) == _nhs(index[:cut]) + _nhs(index[cut:])
    assert _nhs(index)[::-1] == _nhs(index[::-1])


def test_thousands_of_nhs_numbers():
    """A run of people, and those at the end of the range, get valid numbers without collision."""
    index = np.concatenate([np.arange(20_000), np.arange(NHS_CAPACITY - 5_000, NHS_CAPACITY)])
    numbers = nhs_numbers(index, CHANCE).to_pylist()
    assert len(set(numbers)) == 25_000
    assert all(nhs_number.is_valid(number) for number in numbers)


class _InOrder(Stream):
    """A stream whose secret order is the plain one."""

    def permute(self, decision, ids, size):
        """Leave every id where it is."""
        assert (decision, size) == ("nhs_number", NHS_CAPACITY)
        return np.asarray(ids)


def test_nhs_numbers_by_hand():
    """The first numbers pass over the ninth digit whose check digit would be ten."""
    first = nhs_numbers(np.arange(10), _InOrder(0)).to_pylist()
    # 90000000dc: 90 + 2d + c = 0 (mod 11); d = 1 gives c = 7, d = 5 would give c = 10.
    expected = ["9000000009", "9000000017", "9000000025", "9000000033", "9000000041"]
    expected += ["9000000068", "9000000076", "9000000084", "9000000092", "9000000106"]
    assert expected == first


@pytest.mark.parametrize("published", ["9990000018", "9990000026", "9995555557"])
def test_published_nhs_numbers_can_be_drawn(published):
    """Test numbers that others published lie on the way of the algorithm."""
    index = int(published[1:8]) * 9 + np.arange(9)
    assert published in nhs_numbers(index, _InOrder(0)).to_pylist()


def test_nhs_numbers_tell_nothing_of_the_index():
    """Neighbouring indices get numbers as far apart as any (false-alarm rate below 1e-6)."""
    numbers = np.array(_nhs(range(2_000))).astype(np.int64)
    gaps = np.abs(np.diff(numbers))
    # Under a random order a gap below 10**5 has a chance of 2e-4: 13 or more in 2,000 are 1e-14.
    assert (gaps < 10**5).sum() < 13


def test_too_large_an_index_is_refused():
    """The message names the limit."""
    with pytest.raises(TargetError, match="90,000,000"):
        _nhs([NHS_CAPACITY])


def test_no_people_no_numbers():
    """An empty block gives empty arrays."""
    assert _nhs(np.array([], np.int64)) == []
    assert (
        scrambled("x", np.array([], np.int64), prefix="A", digits=4, chance=CHANCE).to_pylist()
        == []
    )


def test_published_upn_letters():
    """The letters agree with a published number and with one worked for Cardiff."""
    assert _letter("801200005001") + "801200005001" == "B801200005001"
    assert upns(681, 9999, entry_year=2012, serial=345).to_pylist() == ["N681999912345"]


@given(st.integers(660, 681), st.integers(9990, 9999), st.integers(1990, 2030), st.integers(0, 999))
def test_upns_carry_their_parts(authority, school, year, serial):
    """A UPN is its parts behind the right check letter."""
    digits = f"{authority}{school}{year % 100:02}{serial:03}"
    made = upns(authority, school, entry_year=year, serial=serial).to_pylist()
    assert [_letter(digits) + digits] == made


def test_upns_are_vectorised():
    """One number stands for all rows where it is given once."""
    made = upns(660, np.array([9990, 9991]), entry_year=2015, serial=np.array([0, 1])).to_pylist()
    assert [upn[1:] for upn in made] == ["660999015000", "660999115001"]


@pytest.mark.parametrize(("school", "serial"), [(9989, 0), (10_000, 0), (9990, 1000), (9990, -1)])
def test_upns_of_live_schools_are_refused(school, serial):
    """School numbers that may be in use, and serials of four digits, are errors."""
    with pytest.raises(TargetError):
        upns(660, school, entry_year=2015, serial=serial)


@given(st.lists(st.integers(0, 9_999), min_size=1, max_size=60, unique=True))
def test_scrambled_numbers_are_unique_and_stable(index):
    """Numbers differ, keep their width, and do not depend on the rows around."""
    made = scrambled("x", np.array(index), prefix="ED", digits=4, chance=CHANCE).to_pylist()
    one = scrambled("x", np.array(index[-1:]), prefix="ED", digits=4, chance=CHANCE).to_pylist()
    assert len(index) == len(set(made))
    assert one == made[-1:]
    assert all(len(number) == 6 and number.startswith("ED") for number in made)


def test_scrambled_numbers_fill_their_range():
    """All indices of a range give all numbers of it, each kind in its own order."""
    index = np.arange(1000)
    made = scrambled("x", index, prefix="", digits=3, chance=CHANCE).to_pylist()
    other = scrambled("y", index, prefix="", digits=3, chance=CHANCE).to_pylist()
    assert [f"{number:03}" for number in index] == sorted(made)
    assert made != other


def test_scrambled_prefix_by_row():
    """A prefix may differ by row but not in length."""
    years = np.array(["19", "21"])
    made = scrambled("x", np.array([5, 6]), prefix=years, digits=6, chance=CHANCE).to_pylist()
    assert [number[:2] for number in made] == ["19", "21"]
    with pytest.raises(ValueError, match="one length"):
        scrambled("x", np.array([5, 6]), prefix=np.array(["1", "21"]), digits=6, chance=CHANCE)


def test_scrambled_refuses_more_records_than_numbers():
    """Ten thousand records do not fit in four digits' numbers plus one."""
    with pytest.raises(TargetError, match="10,000"):
        scrambled("x", np.array([10_000]), prefix="A", digits=4, chance=CHANCE)


@given(st.lists(st.integers(0, 10**13 - 1), max_size=20), st.integers(13, 18))
def test_zero_padding(values, width):
    """Numbers are written as Python writes them."""
    made = strings(zero_padded(np.array(values, np.int64), width))
    assert [f"{value:0{width}}" for value in values] == made.to_pylist()


# Examples that others published; the check letters must follow from the digits.
PUBLISHED_PNC = ["2003/0011985X", "2003/0062845E", "1981/0154257C", "1979/0163001B"]
PUBLISHED_CRO = ["265416/21G", "065656/91H", "006697/56U", "000991/66G"]
PUBLISHED_ASN = ["1101ZD0100000448754K", "1101ZD0100000410769X"]


@pytest.fixture
def any_range(monkeypatch):
    """Lift the limits that keep made numbers apart from real ones."""
    for name in ("PNC_SERIALS", "CRO_SERIALS", "ASN_SEQUENCES", "ASN_FORCES"):
        monkeypatch.setattr(f"darkfigure.synth.core.identifiers.{name}", (0, 10**18))


@pytest.mark.usefixtures("any_range")
def test_published_justice_numbers():
    """The algorithms of PNC ids, CRO numbers and ASNs give the published check letters."""
    pnc = [(int(text[:4]), int(text[5:12])) for text in PUBLISHED_PNC]
    cro = [(int(text[7:9]), int(text[:6])) for text in PUBLISHED_CRO]
    assert pnc_ids(*map(np.array, zip(*pnc, strict=True))).to_pylist() == PUBLISHED_PNC
    assert cro_numbers(*map(np.array, zip(*cro, strict=True))).to_pylist() == PUBLISHED_CRO
    sequence = np.array([int(text[8:19]) for text in PUBLISHED_ASN])
    assert asns(1, sequence, year=2011).to_pylist() == PUBLISHED_ASN


@pytest.mark.parametrize(
    ("make", "form"),
    [
        (lambda: pnc_ids(2021, np.arange(9_000_000, 9_000_050)), r"2021/9\d{6}[A-HJ-NP-RT-Z]"),
        (lambda: cro_numbers(2021, np.arange(900_000, 900_050)), r"9\d{5}/21[A-HJ-NP-RT-Z]"),
        (
            lambda: asns(62, np.arange(50) + 9 * 10**10, year=2021),
            r"2162ZD01\d{11}[A-HJ-NP-RT-Z]",
        ),
        (lambda: ni_numbers(np.arange(50), CHANCE), r"(BG|GB|KN|NK|NT|ZZ)\d{6}[A-D]"),
        (lambda: hospital_numbers("7A1AU", np.arange(50), CHANCE), r"X\d{7}"),
        (lambda: practice_codes(np.arange(50)), r"W90\d{3}"),
        (lambda: drama_mobiles(np.arange(50), CHANCE), r"07700900\d{3}"),
        (lambda: drama_landlines(np.arange(50), CHANCE), r"(02920180|01632960)\d{3}"),
    ],
)
def test_other_numbers_have_their_form_and_are_unique(make, form):
    """Every kind of number is written as it should be, in its own range, and never twice."""
    made = make().to_pylist()
    assert [] == [number for number in made if not re.fullmatch(form, number)]
    assert len(set(made)) == 50


def test_ranges_for_drama_hold_what_they_hold():
    """All mobiles and landlines can be had once each, and not one more."""
    assert len(set(drama_mobiles(np.arange(1_000), CHANCE).to_pylist())) == 1_000
    assert len(set(drama_landlines(np.arange(2_000), CHANCE).to_pylist())) == 2_000
    with pytest.raises(TargetError, match="holds 1,000 mobile"):
        drama_mobiles(np.arange(1_001), CHANCE)
    with pytest.raises(TargetError, match="holds 2,000 landline"):
        drama_landlines(np.arange(2_001), CHANCE)


@given(st.lists(st.integers(0, NI_CAPACITY - 1), min_size=1, max_size=60, unique=True))
def test_ni_numbers_are_unique(index):
    """Different people have different National Insurance numbers."""
    assert len(index) == len(set(ni_numbers(np.array(index), CHANCE).to_pylist()))


@pytest.mark.parametrize(
    ("make", "limit"),
    [
        (lambda: ni_numbers(np.array([NI_CAPACITY]), CHANCE), "24,000,000"),
        (lambda: pnc_ids(2021, 11_985), "9000000 and 9999999"),
        (lambda: cro_numbers(2021, 1_000_000), "900000 and 999999"),
        (lambda: asns(62, 448_754, year=2011), "90000000000 and 99999999999"),
        (lambda: asns(43, 9 * 10**10, year=2011), "60 and 63"),
        (lambda: practice_codes(np.array([1_000])), "0 and 999"),
        (lambda: hospital_numbers("A", np.array([10**7]), CHANCE), "10,000,000"),
    ],
)
def test_numbers_beyond_a_range_are_refused(make, limit):
    """Whoever asks for more than a range holds is told what it holds."""
    with pytest.raises(TargetError, match=limit):
        make()


def test_hospitals_number_apart():
    """The same patient has another number in another hospital."""
    patients = np.arange(100)
    one, other = (hospital_numbers(name, patients, CHANCE).to_pylist() for name in ("A", "B"))
    assert one != other


def test_emails_are_plain_and_unique():
    """Accents, spaces and marks go; the number keeps namesakes apart; the domains are kept."""
    forename, surname = pa.array(["Siân", "Siân", "Mary Ann"]), pa.array(["Jones", "Jones", "O'N"])
    made = emails(forename, surname, np.array([3, 4, 5])).to_pylist()
    assert [
        "sian.jones3@example.com",
        "sian.jones4@example.org",
        "maryann.on5@example.net",
    ] == made
