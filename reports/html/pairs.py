"""Two written values side by side: their differences, marked and in words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import groupby

from darkfigure.linkage_eval.rows import Example
from darkfigure.reports.html import labels
from darkfigure.reports.html.run import FALSE_LINK

# Likeness below which a list of edits tells less than the word "different".
_LIKENESS = 0.5
_MOST_EDITS = 2
_DATES = (
    r"(?P<day>\d\d)/(?P<month>\d\d)/(?P<year>\d{4})",
    r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)",
)
SAME = "same"
Sides = tuple[str, str]
SIDES: Sides = ("the left record", "the right record")

Step = tuple[str, int, int, int, int]


@dataclass(frozen=True)
class TextPart:
    """A stretch of a value, and whether it differs from the other value."""

    text: str
    differs: bool


@dataclass(frozen=True)
class FieldPair:
    """One field of a pair of records, ready to be shown.

    Parameters
    ----------
    field
        Linkage field.
    left, right
        Stretches of the written values.
    difference
        The difference in words.
    left_truth, right_truth
        True value of each side; "" where it was written.
    """

    field: str
    left: tuple[TextPart, ...]
    right: tuple[TextPart, ...]
    difference: str
    left_truth: str
    right_truth: str


@dataclass(frozen=True)
class ExamplePair:
    """One pair of records that a linker missed or linked falsely.

    `groups` are division and group of the left person; `place` counts within linker and kind.
    """

    linker: str
    false: bool
    number: int
    score: float | None
    causes: tuple[str, ...]
    fields: tuple[FieldPair, ...]
    groups: tuple[tuple[str, str], ...] = ()
    place: int = 0

    @property
    def title(self) -> str:
        """Name the pair: missed or false, its number, and its score."""
        score = "" if self.score is None else f" (score {self.score:.3g})"
        return f"{'False link' if self.false else 'Missed pair'} {self.number}{score}"


def example_pairs(rows: Sequence[Example], most: int) -> list[ExamplePair]:
    """Gather the fields of each pair, missed pairs first.

    Parameters
    ----------
    rows
        Fields of example pairs, in any order.
    most
        The most pairs of each linker and kind.
    """

    def place(row: Example) -> tuple[str, bool, int, int]:
        return row.linker, row.kind == FALSE_LINK, row.seed, row.example

    pairs = [_pair(list(of_pair)) for _, of_pair in groupby(sorted(rows, key=place), key=place)]
    kinds = groupby(pairs, key=lambda pair: (pair.linker, pair.false))
    return [
        replace(pair, place=place)
        for _, alike in kinds
        for place, pair in enumerate(list(alike)[:most])
    ]


def _pair(rows: Sequence[Example]) -> ExamplePair:
    first = rows[0]
    causes = tuple(cause.strip() for cause in (first.causes or "").split(";") if cause.strip())
    fields = tuple(_field_pair(row) for row in rows if _comparable(row))
    groups = tuple(_split(group) for group in (first.groups or "").split("; ") if group)
    false = first.kind == FALSE_LINK
    return ExamplePair(first.linker, false, first.example, first.score, causes, fields, groups)


def _split(group: str) -> tuple[str, str]:
    kind, _, name = group.partition("=")
    return kind, name


def _comparable(row: Example) -> bool:
    """Say whether both sources hold the field, and one wrote something into it."""
    left, _, right = row.task.partition("-")
    held = labels.holds(left, row.field) and labels.holds(right, row.field)
    return held and bool(row.left_written or row.right_written)


def _field_pair(row: Example) -> FieldPair:
    left, right = row.left_written or "", row.right_written or ""
    sides = labels.side(row.task, right=False), labels.side(row.task, right=True)
    marked = compare(row.field, left, right, sides)
    truths = (
        (true or "nothing") if (true or "") != written else ""
        for true, written in ((row.left_true, left), (row.right_true, right))
    )
    return FieldPair(row.field, *marked, *truths)


def compare(
    field: str, left: str, right: str, sides: Sides = SIDES
) -> tuple[tuple[TextPart, ...], tuple[TextPart, ...], str]:
    """Mark and describe the differences of two values of a field.

    Values that mean the same in the codes or date format of each side are not marked.

    Parameters
    ----------
    field
        Linkage field.
    left, right
        Written values; "" where nothing was written.
    sides
        Names of the two sources inside a sentence.

    Returns
    -------
    Stretches of either value, and the difference in words.
    """
    if left and right and left != right:
        dates = _date(left), _date(right)
        if dates[0] and dates[1]:
            return _compare_dates(dates[0], dates[1])
        if left.casefold() == right.casefold():
            return _whole(left), _whole(right), f"{SAME} but for large letters"
        if labels.code(field, left) == labels.code(field, right):
            return _whole(left), _whole(right), f"{SAME}, coded differently"
    return *mark(left, right), describe(left, right, sides)


def mark(left: str, right: str) -> tuple[tuple[TextPart, ...], tuple[TextPart, ...]]:
    """Cut both values into stretches that agree and stretches that differ."""
    steps = _steps(left, right)
    return (
        tuple(TextPart(left[a:b], kind != "equal") for kind, a, b, _, _ in steps if b > a),
        tuple(TextPart(right[c:d], kind != "equal") for kind, _, _, c, d in steps if d > c),
    )


def describe(left: str, right: str, sides: Sides = SIDES) -> str:
    """Describe how the right value differs from the left; `sides` are the names of the sources."""
    if left == right:
        return SAME if left else "missing on both sides"
    if not left or not right:
        return f"missing in {sides[1] if left else sides[0]}"
    if not _alike(left, right):
        return "different"
    edits = [step for step in _steps(left, right) if step[0] != "equal"]
    if len(edits) > _MOST_EDITS:
        return "several characters differ"
    return "; ".join(_edit(kind, left[a:b], right[c:d], a) for kind, a, b, c, d in edits)


def _edit(kind: str, old: str, new: str, at: int) -> str:
    if kind == "insert":
        return f"{_quoted(new)} added after character {at}" if at else f"{_quoted(new)} in front"
    if kind == "delete":
        return f"{_quoted(old)} left out at character {at + 1}"
    return f"{_quoted(new)} for {_quoted(old)} at character {at + 1}"


def _quoted(text: str) -> str:
    return "a space" if text == " " else f"\u2018{text}\u2019"


def _steps(left: str, right: str) -> Sequence[Step]:
    """List the edits, ignoring capitals; unlike values differ as a whole."""
    if not _alike(left, right):
        return [("replace", 0, len(left), 0, len(right))]
    return SequenceMatcher(None, left.lower(), right.lower(), autojunk=False).get_opcodes()


def _alike(left: str, right: str) -> bool:
    matcher = SequenceMatcher(None, left.lower(), right.lower(), autojunk=False)
    return matcher.ratio() >= _LIKENESS


def _whole(text: str) -> tuple[TextPart, ...]:
    return (TextPart(text, differs=False),)


def _date(text: str) -> re.Match[str] | None:
    return next(filter(None, (re.fullmatch(pattern, text) for pattern in _DATES)), None)


def _compare_dates(
    left: re.Match[str], right: re.Match[str]
) -> tuple[tuple[TextPart, ...], tuple[TextPart, ...], str]:
    """Compare day with day, month with month and year with year, whatever their order."""
    differ = {name for name in ("day", "month", "year") if left[name] != right[name]}
    return _date_parts(left, differ), _date_parts(right, differ), _said(left, right, differ)


def _date_parts(date: re.Match[str], differ: set[str]) -> tuple[TextPart, ...]:
    named = {date.start(name): name for name in date.groupdict()}
    tokens = re.finditer(r"\d+|\D+", date.string)
    return tuple(TextPart(token[0], named.get(token.start()) in differ) for token in tokens)


def _said(left: re.Match[str], right: re.Match[str], differ: set[str]) -> str:
    if not differ:
        return f"{SAME}, written differently"
    swapped = (left["day"], left["month"]) == (right["month"], right["day"])
    if swapped and differ == {"day", "month"}:
        return "day and month swapped"
    changes = (f"{name} {right[name]} for {left[name]}" for name in ("day", "month", "year"))
    return "; ".join(change for change in changes if change.split()[0] in differ)
