"""Rates live in one place: no number shapes a draw where it stands, and each says what it rests on.

A rate is a field of a Spec, a cell of a reference table, or a module's constant.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from draws import constants_in_draws, fractions_in_functions, literals_in_draws
from source_code import ROOT, modules

from darkfigure.linkage_eval.fidelity.constants import Constant, constants, constants_in

# Places that still have some, and how many; a number that gets a name leaves the list.
STILL_THERE = {"synth/population/ages.py": 1}
STILL_FRACTIONS: dict[str, int] = {}
# Constants that do not yet say what they rest on.
STILL_SILENT: set[str] = set()
# The generators themselves, and what only stores.
NO_DRAWS = ("core", "schema", "storage", "workers")
# Of the simulation; the others hold formats, storage and processes.
ROOMS = ("agencies", "entry", "lives", "names", "population", "reporting", "setting", "violence")
DRAWING = """
_RATE = 0.3


def draw(chance, ids, age):
    {line}
    return drawn
"""


def test_no_number_shapes_a_draw_where_it_stands():
    """Neither within a draw nor beside one, in any module of the simulation."""
    assert [] == beyond(STILL_THERE, lines_of(literals_in_draws))


def test_no_function_holds_a_fraction():
    """Shares and factors have names wherever they are used; halves are free."""
    assert [] == beyond(STILL_FRACTIONS, lines_of(fractions_in_functions))


def lines_of(reader: Callable[[str], list[int]]) -> dict[str, list[int]]:
    """Read each module of the simulation: the lines found, by file."""
    return {
        str(file.relative_to(ROOT)): reader(file.read_text())
        for name, file in modules().items()
        if name.startswith("synth.") and name.split(".")[1] not in NO_DRAWS
    }


def beyond(left: dict[str, int], found: dict[str, list[int]]) -> list[str]:
    """List file and line of what is more, or the files with less, than what is left."""
    more = [
        f"{file}:{line}"
        for file, lines in found.items()
        if len(lines) > left.get(file, 0)
        for line in lines
    ]
    return more + [file for file, count in left.items() if len(found[file]) < count]


@pytest.mark.parametrize(
    ("lines", "offending"),
    [([], ["a.py"]), ([3], []), ([3, 5], ["a.py:3", "a.py:5"])],
)
def test_what_is_left_can_only_shrink(lines: list[int], offending: list[str]):
    """More is an offence, and so is a list that says more than there is."""
    assert offending == beyond({"a.py": 1}, {"a.py": lines})


@pytest.mark.parametrize(
    ("line", "found"),
    [("drawn = age * 0.3", [6]), ("drawn = age * 0.5 + 1.0", []), ("drawn = age * 3 + 1e-9", [])],
)
def test_a_fraction_in_a_function_is_found(line: str, found: list[int]):
    """The constant above the function is none."""
    assert found == fractions_in_functions(DRAWING.format(line=line))


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
        'drawn = chance.pick("x", ids, 0.7**age)',
        'drawn = chance.exponential("x", ids)[:, None] * 60',
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


def test_every_number_of_a_draw_says_what_it_rests_on():
    """A constant that shapes a draw, or that holds a fraction, has a source or is assumed."""
    shaping = {
        name if "." in name else f"darkfigure.{module}.{name}"
        for module, file in modules().items()
        if module.startswith("synth.") and not module.startswith("synth.core.")
        for name in constants_in_draws(file.read_text())
    }
    silent = {
        name: one.place
        for one in constants()
        if one.module.split(".")[2:3] and one.module.split(".")[2] in ROOMS and says_nothing(one)
        for name in (f"{one.module}.{name}" for name in one.names)
        if name in shaping or one.has_fraction
    }
    left = {name.removeprefix("darkfigure."): place for name, place in silent.items()}
    assert not {name: place for name, place in left.items() if name not in STILL_SILENT}
    assert left.keys() == STILL_SILENT  # what has learnt to speak leaves the list


def says_nothing(constant: Constant) -> bool:
    """Whether a constant of plain numbers has neither a source, nor an excuse."""
    return constant.is_plain and not (
        constant.assumed or constant.source or "no rate" in constant.comment
    )


@pytest.mark.parametrize(
    ("code", "rests_on"),
    [
        ("_RATE = 0.3  # of all; assumed", "assumed"),
        ("# Shares by age. Assumed.\n_AGES = (0, 9)\n_RATES = (0.3, 0.4)", "assumed"),
        ("_RATE = 0.3  # of twins. Source: ONS, 2021", "ONS, 2021"),
        ("_RATE = 0.3  # of twins; well known", "well known"),
        ("# All assumed.\n_AGES = (0, 9)\n\n_RATE = 0.3", ""),
        ("# All assumed.\n_AGES = (0, 9)\n_RATE = 0.3  # of twins", ""),
        ("_RATE = 0.3", ""),
    ],
)
def test_what_a_constant_rests_on_is_read_from_its_comment(code: str, rests_on: str):
    """Beside it, or above it and the constants that follow; a blank line ends that."""
    *_, last = constants_in(code, "darkfigure.synth.made_up")
    assert rests_on == (last.source or ("assumed" if last.assumed else ""))
    assert says_nothing(last) == (not rests_on)


def test_constants_that_shape_a_draw_are_found():
    """Those of the module by name, those of others by full name."""
    code = "from darkfigure.synth.a import SHARE\n" + DRAWING.format(
        line='drawn = chance.happens("x", ids, _RATE * SHARE)'
    )
    assert {"_RATE", "darkfigure.synth.a.SHARE"} == constants_in_draws(code)


def test_codes_and_keys_are_no_rates():
    """What is made by counting, by a shift or by a call is not a number somebody chose."""
    code = "A, B = range(2)\nKEY = 1 << 40\nX = [1, 2].index(2)\nSHARE = np.array([0.5, 0.25])"
    plain = [one.is_plain for one in constants_in(code, "darkfigure.synth.made_up")]
    assert [False, False, False, True] == plain
