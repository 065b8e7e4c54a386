"""Profiles: the library holds, and a wrong one is refused with the way to mend it."""

from __future__ import annotations

import pytest

from darkfigure import scenarios
from darkfigure.synth.core.errors import SpecError
from darkfigure.synth.core.fields import FIELDS
from darkfigure.synth.core.spec import build
from darkfigure.synth.entry import SystemProfile
from darkfigure.synth.entry.table import SINGLE

LIBRARY = tuple(scenarios.names("systems"))
MINIMAL = {"title": "t", "source": "s"}


def library(name: str) -> SystemProfile:
    """Read a profile of the library."""
    return build(SystemProfile, scenarios.read("systems", name), name)


@pytest.mark.parametrize("name", LIBRARY)
def test_library_profile_gives_every_rate_a_source(name):
    """Each profile names faults, and each rate says where it comes from."""
    faults = scenarios.read("systems", name)["faults"]
    rates = [rate for field in faults.values() for rate in field.values()]
    assert len(rates) > 30
    assert all(rate["source"].strip() for rate in rates)
    assert library(name).rates("surname")


@pytest.mark.parametrize(
    ("names", "field", "share"),
    [
        (("police_niche", "police_niche"), "date_of_birth", 0.052),
        (("ed", "gp"), "date_of_birth", 0.0049),
        (("ed", "gp"), "sex", 0.0033),
        (("gp",), "date_of_birth", 0.0011),
        (("gp",), "sex", 0.0011),
    ],
)
def test_written_errors_stay_below_what_pairs_of_records_show(names, field, share):
    """What two records write wrongly is about what pairs differ by, or less.

    The shares are in the profiles' own `source`; empty cells and "not known" are no differences,
    nor is what is the same in all records of a person. A fault in both records, or one that
    leaves a date as it was, lets the rates exceed the share by a little.
    """
    silent = {"missing", "blank", "placeholder", "unknown_code", "other_scheme"}
    alike = {fault.name for fault in SINGLE if fault.by_person}
    wrong = [
        rate
        for name in names
        for fault, rate in library(name).rates(field).items()
        if fault not in silent | alike
    ]
    assert 0 < sum(wrong) <= 1.15 * share


def test_a_general_practice_is_cleanest():
    """No field that both hold goes wrong more often in a practice than with the police."""
    practice, police = library("gp"), library("police_niche")
    for field in ("surname", "forename", "date_of_birth", "postcode"):
        assert sum(practice.rates(field).values()) < sum(police.rates(field).values())


@pytest.mark.parametrize(
    ("faults", "hint"),
    [
        ({"surname": {"keybord_slip": {"rate": 0.1}}}, "did you mean 'keyboard_slip'"),
        ({"surname": {"digit_slip": {"rate": 0.1}}}, "faults.surname.digit_slip: unknown key"),
        ({"surnam": {"missing": {"rate": 0.1}}}, "did you mean 'surname'"),
        ({"surname": {"missing": {"rate": 1.1}}}, "faults.surname.missing.rate"),
        ({"surname": {"names_swapped": {"rate": 0.1}}}, "faults.surname.names_swapped: unknown"),
    ],
)
def test_wrong_faults_are_refused(faults, hint):
    """Unknown faults and fields, and faults a field does not know, come with the nearest name."""
    with pytest.raises(SpecError, match=hint):
        build(SystemProfile, {**MINIMAL, "faults": faults}, "a profile")


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        ({}, "needs a word for town"),
        ({"town": "X", "twon": "X"}, "no linkage field is called twon"),
    ],
)
def test_placeholders_need_words(words, hint):
    """A rate of placeholders without a word, or a word for no field, is refused."""
    faults = {"town": {"placeholder": {"rate": 0.1}}}
    with pytest.raises(SpecError, match=hint):
        build(SystemProfile, {**MINIMAL, "faults": faults, "placeholders": words}, "a profile")


@pytest.mark.parametrize("severity", [-0.1, 3.1])
def test_severity_is_from_0_to_3(severity):
    """A severity out of its range is refused."""
    with pytest.raises(SpecError, match="severity"):
        build(SystemProfile, {**MINIMAL, "severity": severity}, "a profile")


@pytest.mark.parametrize("name", LIBRARY)
def test_profiles_survive_writing_down(name):
    """A profile read from its own dump is the same, so that a manifest can hold it."""
    profile = library(name)
    assert profile == SystemProfile.model_validate(profile.model_dump(mode="json"))


def test_a_profile_without_faults_has_no_rates():
    """What is not named never happens."""
    profile = build(SystemProfile, MINIMAL, "a profile")
    assert {field: {} for field in FIELDS} == {f: profile.rates(f) for f in FIELDS}
