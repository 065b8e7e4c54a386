"""The Faker provider: identifiers that belong to nobody, names and addresses of Wales."""

import re

import nhs_number
import pytest
from faker import Faker

from darkfigure.synth.core.errors import TargetError
from darkfigure.synth.core.identifiers import drama_mobiles
from darkfigure.synth.faker_provider import WelshProvider
from darkfigure.synth.reference import load

METHODS = {
    "nhs_number": r"9\d{9}",
    "upn": r"[A-HJ-NP-RT-Z]6\d\d999\d{6}",
    "pnc_id": r"(19|20)\d\d/9\d{6}[A-HJ-NP-RT-Z]",
    "cro": r"9\d{5}/\d\d[A-HJ-NP-RT-Z]",
    "asn": r"\d\d6[0-3][A-Z]{2}01\d{11}[A-HJ-NP-RT-Z]",
    "ni_number": r"(BG|GB|KN|NK|NT|ZZ)\d{6}[A-D]",
    "hospital_number": r"X\d{7}",
    "practice_code": r"W90\d{3}",
    "uk_drama_mobile": r"07700900\d{3}",
    "uk_drama_landline": r"(02920180|01632960)\d{3}",
    "welsh_forename": r"\w[\w' -]*",
    "welsh_surname": r"\w[\w' -]*",
    "welsh_email": r"[a-z]+\.[a-z]+\d+@\S+\.\S+",
    "welsh_address": r"\S.*\n\S.*\n[A-Z]{2}\d\d? \d[A-Z]{2}",
}


@pytest.fixture
def fake():
    """A Faker with the provider, seeded."""
    made = Faker("en_GB")
    made.add_provider(WelshProvider)
    made.seed_instance(7)
    return made


@pytest.mark.parametrize(("method", "form"), METHODS.items())
def test_values_have_their_form(fake, method, form):
    """Each method gives what its kind looks like, and not always the same."""
    made = [getattr(fake, method)() for _ in range(30)]
    assert [] == [value for value in made if not re.fullmatch(form, value)]
    assert len(set(made)) > 5


@pytest.mark.parametrize("method", METHODS)
def test_seed_decides(fake, method):
    """The same seed gives the same values, another gives others."""
    one = [getattr(fake, method)() for _ in range(5)]
    fake.seed_instance(7)
    again = [getattr(fake, method)() for _ in range(5)]
    fake.seed_instance(8)
    other = [getattr(fake, method)() for _ in range(5)]
    assert one == again
    assert one != other


def test_nhs_numbers_are_synthetic(fake):
    """Every NHS number is valid and of the range for synthetic patients."""
    for _ in range(50):
        assert nhs_number.is_valid(fake.nhs_number(), for_region=nhs_number.REGION_SYNTHETIC)


def test_names_follow_sex_and_year(fake):
    """A girl of 2015 and a man of 1940 are called after the lists of their time.

    Each list covers at least 45 % of its people; fewer than 30 of 200 has a chance below 1e-12.
    """
    lists = load("given_names").to_pylist()
    for sex, year, near in (("F", 2016, 2016), ("M", 1944, 1944)):
        known = {row["name"] for row in lists if (row["sex"], row["cohort"]) == (sex, near)}
        assert sum(fake.welsh_forename(sex, year) in known for _ in range(200)) >= 30


def test_unique_keeps_values_apart(fake):
    """Faker's `unique` works as with its own providers; the makers know what a range holds."""
    assert len({fake.unique.practice_code() for _ in range(100)}) == 100
    with pytest.raises(TargetError, match="1,000"):
        drama_mobiles([1_000], None)
