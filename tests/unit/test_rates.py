"""Rates live in one place: no number shapes a draw where it stands, and each says what it rests on.

A rate is a field of a Spec, a cell of a reference table, or a module's constant.
"""

from __future__ import annotations

import pytest
from draws import literals_in_draws
from source_code import ROOT, modules

# Written by hand in `population/ages.py` still: how far apart the ages of a household shift.
STILL_THERE = {"synth/population/ages.py": 1}
DRAWING = """
_RATE = 0.3


def draw(chance, ids, age):
    {line}
    return drawn
"""


def test_no_number_shapes_a_draw_where_it_stands():
    """Neither within a draw nor beside one, in any module of the simulation."""
    offending = [
        f"{file.relative_to(ROOT)}:{line}"
        for name, file in modules().items()
        if name.startswith("synth.") and not name.startswith("synth.core.")
        for line in literals_in_draws(file.read_text())
    ]
    counted = {place: offending_in(offending, place) for place in STILL_THERE}
    assert counted == STILL_THERE
    assert not [one for one in offending if one.rpartition(":")[0] not in STILL_THERE]


def offending_in(places: list[str], file: str) -> int:
    """Count the places in a file."""
    return sum(one.rpartition(":")[0] == file for one in places)


@pytest.mark.parametrize(
    "line",
    [
        'drawn = chance.happens("x", ids, 0.3)',
        'drawn = chance.happens("x", ids, rate=0.3)',
        'drawn = chance.happens("x", ids, np.where(age > 4, 0.3, _RATE))',
        'drawn = chance.pick("x", ids, [0.9, 0.1])',
        'drawn = chance.poisson("x", ids, _RATE, most=9)',
        'drawn = chance.below("x", ids, 900)',
        'drawn = chance.below("x", 900)',
        'drawn = chance.exponential("x", ids) * 60',
        'drawn = (7 * chance.exponential("x", ids)).astype(int)',
        'drawn = 14 + chance.uniform("x", ids) ** 1.6',
        'drawn = chance.uniform("x", ids) < 0.7',
        'drawn = np.minimum(chance.normal("x", ids), 9.5)',
        'drawn = chance.uniform("x", ids); drawn = drawn < 0.7',
        'rate = 0.3 * age; drawn = chance.happens("x", ids, rate)',
        'drawn = chance.pick("x", ids, [0.9 * share for share in age])',
    ],
)
def test_a_number_in_a_draw_is_found(line: str):
    """Where it is given, reckoned with, compared with, or brought by a local name."""
    assert [6] == literals_in_draws(DRAWING.format(line=line))


def test_a_number_that_a_function_brings_is_found():
    """The line is that of the number, not that of the draw."""
    code = DRAWING.format(line='drawn = chance.happens("x", ids, rate_of(age))')
    assert [11] == literals_in_draws(f"{code}\n\ndef rate_of(age):\n    return age * 0.3\n")


@pytest.mark.parametrize(
    "line",
    [
        'drawn = chance.happens("x", ids, _RATE)',
        'drawn = chance.happens("x", ids, 0.5)',
        'drawn = chance.uniform("x", ids) - 0.5',
        'drawn = chance.pick("x", ids * 16 + 3, _RATE)',
        'drawn = chance.poisson("x", ids, spec.per_1000 / 1_000, most=_MOST)',
        'drawn = age * 1_000 + chance.below("x", ids, _STAFF)',
        'drawn = chance.normal("x", ids, draw=7)[:, 3] * _RATE',
        'drawn = chance.uniform("x", ids) + 2.0**-54',
    ],
)
def test_what_is_no_rate_is_left_alone(line: str):
    """A fair coin, ids, rates per thousand, places of an array, and the step between floats."""
    assert [] == literals_in_draws(DRAWING.format(line=line))
