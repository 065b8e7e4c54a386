"""Drawings of the debrief: plain SVG with the page's colours and words beside every mark."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup, escape


@dataclass(frozen=True)
class _Sheet:
    """Where things stand in a drawing, in units of its width.

    Parameters
    ----------
    kind
        The class by which the style sheet shows it, on wide or on narrow screens.
    width, left, right
        Its width, and the room left free of marks on either side.
    row
        The height of a row.
    above
        Whether names stand above their marks and words beneath them, not beside.
    """

    kind: str
    width: int
    left: int
    right: int
    row: int
    above: bool

    def x(self, value: float, low: float, high: float) -> float:
        return self.left + (value - low) / (high - low) * (self.width - self.left - self.right)

    def y(self, place: int) -> int:
        return self.row * place + (44 if self.above else 26)

    def name(self, name: str, y: int) -> str:
        x, down = (0, -22) if self.above else (self.left - 14, 6)
        return f'<text class="name" x="{x}" y="{y + down}">{escape(name)}</text>'

    def bar(self, kind: str, x: float, y: int, width: float) -> str:
        return f'<rect class="{kind}" x="{x:.1f}" y="{y - 14}" width="{width:.1f}" height="28"/>'

    def said(self, words: str, x: float, y: int) -> str:
        return f'<text x="{x:.1f}" y="{y + 6}">{escape(words)}</text>'


# Units are pixels at full size; no rate.
_WIDE = _Sheet("wide", 960, 220, 70, 46, above=False)
_NARROW = _Sheet("narrow", 400, 4, 52, 66, above=True)
_TALL = replace(_NARROW, row=96)  # with words beneath the bars


def dots(rows: Mapping[str, Sequence[float]], truths: Sequence[float], *, label: str) -> Markup:
    """Draw shares as dots on a line for each method, and ticks for the truth of each pack.

    Parameters
    ----------
    rows
        Shares, 0 to 1, by method.
    truths
        True shares, drawn as ticks on a line of their own.
    label
        What the drawing shows, for those who do not see it.
    """
    lines = [*rows.items(), ("truth", truths)]
    low, high = _ends([value for _, values in lines for value in values])
    return _draw(lambda sheet: _dots(sheet, lines, low, high), label)


def _dots(
    sheet: _Sheet, lines: Sequence[tuple[str, Sequence[float]]], low: float, high: float
) -> tuple[list[str], int]:
    height = sheet.row * len(lines) + 34
    parts = [_axis(sheet, low, high, height)]
    for place, (name, values) in enumerate(lines):
        y = sheet.y(place)
        parts.append(sheet.name(name, y))
        for value in values:
            x = sheet.x(value, low, high)
            parts.append(
                f'<path class="tick" d="M{x:.1f} {y - 12}v24"/>'
                if name == "truth"
                else f'<circle class="dot" cx="{x:.1f}" cy="{y}" r="8"/>'
            )
    return parts, height


def steps(rows: Sequence[tuple[str, float]], *, label: str) -> Markup:
    """Draw how a number comes about: the first and last are wholes, those between add or take away.

    Parameters
    ----------
    rows
        Name and value of each step; values of those between are signed.
    label
        What the drawing shows, for those who do not see it.
    """
    return _draw(lambda sheet: _steps(sheet, rows), label)


def _steps(sheet: _Sheet, rows: Sequence[tuple[str, float]]) -> tuple[list[str], int]:
    ends = [rows[0][1]]
    for _, value in rows[1:-1]:
        ends.append(ends[-1] + value)
    most = max(*ends, rows[-1][1], 1.0)
    parts = []
    for place, (name, value) in enumerate(rows):
        y, whole = sheet.y(place), place in {0, len(rows) - 1}
        start = 0.0 if whole else ends[place - 1]
        left, right = sorted((sheet.x(start, 0, most), sheet.x(start + value, 0, most)))
        kind = "whole" if whole else "plus" if value > 0 else "minus"
        said = f"{value:,.0f}" if whole else f"{value:+,.0f}".replace("-", "\u2212")
        parts += [
            sheet.name(name, y),
            sheet.bar(kind, left, y, max(right - left, 1.5)),
            sheet.said(said, right + 8, y),
        ]
    return parts, sheet.row * len(rows) + 8


def bars(rows: Sequence[tuple[str, float, str]], *, label: str) -> Markup:
    """Draw a bar for each name, its length a share from 0 to 1, with words to it."""
    return _draw(lambda sheet: _bars(_TALL if sheet.above else sheet, rows), label)


def _bars(sheet: _Sheet, rows: Sequence[tuple[str, float, str]]) -> tuple[list[str], int]:
    parts = []
    for place, (name, value, said) in enumerate(rows):
        y = sheet.y(place)
        # Words behind the bar need room; beneath it they need none.
        width = sheet.x(value, 0, 1 if sheet.above else 2.2) - sheet.left
        x, down = (0.0, 30) if sheet.above else (sheet.left + width + 8, 0)
        parts += [
            sheet.name(name, y),
            sheet.bar("whole", sheet.left, y, width),
            sheet.said(said, x, y + down),
        ]
    return parts, sheet.row * len(rows) + 8


def _ends(values: Sequence[float]) -> tuple[float, float]:
    """Give round ends that hold all values, at least a tenth apart."""
    low, high = int(min(values) * 20) / 20, (int(max(values) * 20) + 1) / 20
    return (low, high) if high - low >= 0.1 else (low - 0.05, high + 0.05)


def _axis(sheet: _Sheet, low: float, high: float, height: int) -> str:
    marks = []
    twentieths = range(round(low * 20), round(high * 20) + 1)
    # A narrow drawing has room for few numbers.
    every = 1 + len(twentieths) // (7 if sheet.above else 20)
    for place, mark in enumerate(twentieths):
        x = sheet.x(mark / 20, low, high)
        marks.append(f'<path class="grid" d="M{x:.1f} 4V{height - 26}"/>')
        if place % every == 0:
            marks.append(f'<text class="at" x="{x:.1f}" y="{height - 4}">{mark * 5}&#160;%</text>')
    return "".join(marks)


def _draw(make: Callable[[_Sheet], tuple[list[str], int]], label: str) -> Markup:
    """Draw for wide and for narrow screens; the style sheet shows the one that fits."""
    drawings = []
    for sheet in (_WIDE, _NARROW):
        parts, height = make(sheet)
        drawings.append(
            f'<svg class="{sheet.kind}" viewBox="0 0 {sheet.width} {height}" role="img" '
            f'aria-label="{escape(label)}">{"".join(parts)}</svg>'
        )
    return Markup("".join(drawings))  # noqa: S704, our own drawing, its names escaped
