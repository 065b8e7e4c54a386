"""Three settings of Splink's comparisons, which used no truth."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import splink.comparison_level_library as cll
import splink.comparison_library as cl

from darkfigure.linkage_eval.linkers.blocking import RULES, Rule

Comparisons = Callable[[frozenset[str]], list[object]]

FULL_NAME = "full_name"
_BOTH = {"forename", "surname"}
_ALIKE = (0.92, 0.88)  # Splink's own thresholds of Jaro-Winkler similarity for names


@dataclass(frozen=True)
class Settings:
    """A setting: the comparisons, and the pairs that are compared.

    Parameters
    ----------
    comparisons
        A function from the usual fields that both tables hold to Splink's comparisons.
    rules
        Blocking rules for predictions.
    """

    comparisons: Comparisons
    rules: tuple[Rule, ...]


def _beginner(fields: frozenset[str]) -> list[object]:
    ways = {
        "forename": cl.JaroWinklerAtThresholds("forename", [0.9, 0.7]),
        "surname": cl.JaroWinklerAtThresholds("surname", [0.9, 0.7]),
        "date_of_birth": cl.ExactMatch("date_of_birth"),
        "sex": cl.ExactMatch("sex"),
        "postcode": cl.ExactMatch("postcode"),
        "nhs_number": cl.ExactMatch("nhs_number"),
        "upn": cl.ExactMatch("upn"),
    }
    return [way for field, way in ways.items() if field in fields]


def _tuned(fields: frozenset[str]) -> list[object]:
    return _careful(fields, rare_counts_more=False)


def _with_term_frequencies(fields: frozenset[str]) -> list[object]:
    return _careful(fields, rare_counts_more=True)


def _careful(fields: frozenset[str], *, rare_counts_more: bool) -> list[object]:
    postcode = cl.PostcodeComparison("postcode")
    if rare_counts_more:
        postcode = postcode.configure(term_frequency_adjustments=True)
    ways = {
        "date_of_birth": cl.DateOfBirthComparison("date_of_birth", input_is_string=False),
        "sex": cl.ExactMatch("sex"),
        "postcode": postcode,
        "nhs_number": cl.ExactMatch("nhs_number"),
        "upn": cl.ExactMatch("upn"),
    }
    names: list[object] = []
    if fields >= _BOTH:
        names = [_names(rare_counts_more=rare_counts_more)]
    else:
        names = [cl.NameComparison(name) for name in sorted(_BOTH & fields)]
    return [*names, *(way for field, way in ways.items() if field in fields)]


def _names(*, rare_counts_more: bool) -> object:
    """Compare forename and surname together, either way round."""
    rare = {name: {"tf_adjustment_column": name} for name in (FULL_NAME, *_BOTH)}
    if not rare_counts_more:
        rare = {name: {} for name in rare}
    both = cll.And(cll.ExactMatchLevel("forename"), cll.ExactMatchLevel("surname"))
    levels = [
        cll.And(cll.NullLevel("forename"), cll.NullLevel("surname")),
        cll.ExactMatchLevel(FULL_NAME).configure(**rare[FULL_NAME]) if rare_counts_more else both,
        cll.ColumnsReversedLevel("forename", "surname", symmetrical=True),
        *(
            cll.And(cll.JaroWinklerLevel("forename", alike), cll.JaroWinklerLevel("surname", alike))
            for alike in _ALIKE
        ),
        cll.ExactMatchLevel("surname").configure(**rare["surname"]),
        cll.ExactMatchLevel("forename").configure(**rare["forename"]),
        cll.ElseLevel(),
    ]
    return cl.CustomComparison(levels, output_column_name="names")


def further_comparisons(fields: Iterable[str]) -> list[object]:
    """Compare fields that step in for others, and further columns of a user's own."""
    words = {"middle_name", "street", "town"}
    return [
        cl.JaroWinklerAtThresholds(field, [0.9, 0.7]) if field in words else cl.ExactMatch(field)
        for field in fields
    ]


BEGINNER = Settings(_beginner, (("surname", "forename"), ("date_of_birth",), ("postcode",)))
TUNED = Settings(_tuned, RULES)
TERM_FREQUENCIES = Settings(_with_term_frequencies, RULES)
