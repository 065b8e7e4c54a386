"""Drawings of the debrief: plain SVG with the page's colours and words beside every mark."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from markupsafe import Markup, escape

_WIDTH, _LEFT, _RIGHT, _ROW = 960, 220, 70, 46


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
    everything = [*truths, *(value for values in rows.values() for value in values)]
    low, high = _ends(everything)
    lines = [*rows.items(), ("truth", truths)]
    height = _ROW * len(lines) + 34
    parts = [_axis(low, high, height)]
    for place, (name, values) in enumerate(lines):
        y = _ROW * place + 26
        parts.append(_name(name, y))
        for value in values:
            x = _x(value, low, high)
            parts.append(
                f'<path class="tick" d="M{x:.1f} {y - 12}v24"/>'
                if name == "truth"
                else f'<circle class="dot" cx="{x:.1f}" cy="{y}" r="8"/>'
            )
    return _svg(parts, height, label)


def steps(rows: Sequence[tuple[str, float]], *, label: str) -> Markup:
    """Draw how a number comes about: the first and last are wholes, those between add or take away.

    Parameters
    ----------
    rows
        Name and value of each step; values of those between are signed.
    label
        What the drawing shows, for those who do not see it.
    """
    ends = [rows[0][1]]
    for _, value in rows[1:-1]:
        ends.append(ends[-1] + value)
    most = max(*ends, rows[-1][1], 1.0)
    height, parts = _ROW * len(rows) + 8, []
    for place, (name, value) in enumerate(rows):
        y, whole = _ROW * place + 26, place in {0, len(rows) - 1}
        start = 0.0 if whole else ends[place - 1]
        left, right = sorted((_x(start, 0, most), _x(start + value, 0, most)))
        kind = "whole" if whole else "plus" if value > 0 else "minus"
        said = f"{value:,.0f}" if whole else f"{value:+,.0f}".replace("-", "\u2212")
        parts += [
            _name(name, y),
            _bar(kind, left, y, max(right - left, 1.5)),
            _said(said, right + 8, y),
        ]
    return _svg(parts, height, label)


def bars(rows: Sequence[tuple[str, float, str]], *, label: str) -> Markup:
    """Draw a bar for each name, its length a share from 0 to 1, with words behind it."""
    height, parts = _ROW * len(rows) + 8, []
    for place, (name, value, said) in enumerate(rows):
        y = _ROW * place + 26
        width = _x(value, 0, 2.2) - _LEFT  # room for the words
        parts += [
            _name(name, y),
            _bar("whole", _LEFT, y, width),
            _said(said, _LEFT + width + 8, y),
        ]
    return _svg(parts, height, label)


def _ends(values: Sequence[float]) -> tuple[float, float]:
    """Give round ends that hold all values, at least a tenth apart."""
    low, high = int(min(values) * 20) / 20, (int(max(values) * 20) + 1) / 20
    return (low, high) if high - low >= 0.1 else (low - 0.05, high + 0.05)


def _x(value: float, low: float, high: float) -> float:
    return _LEFT + (value - low) / (high - low) * (_WIDTH - _LEFT - _RIGHT)


def _name(name: str, y: int) -> str:
    return f'<text class="name" x="{_LEFT - 14}" y="{y + 6}">{escape(name)}</text>'


def _bar(kind: str, x: float, y: int, width: float) -> str:
    return f'<rect class="{kind}" x="{x:.1f}" y="{y - 14}" width="{width:.1f}" height="28"/>'


def _said(words: str, x: float, y: int) -> str:
    return f'<text x="{x:.1f}" y="{y + 6}">{escape(words)}</text>'


def _axis(low: float, high: float, height: int) -> str:
    marks = []
    for step in range(round(low * 20), round(high * 20) + 1):
        x = _x(step / 20, low, high)
        marks.append(f'<path class="grid" d="M{x:.1f} 4V{height - 26}"/>')
        marks.append(f'<text class="at" x="{x:.1f}" y="{height - 4}">{step * 5}&#160;%</text>')
    return "".join(marks)


def _svg(parts: Sequence[str], height: int, label: str) -> Markup:
    body = "".join(parts)
    return Markup(  # noqa: S704, our own drawing, its names escaped
        f'<svg viewBox="0 0 {_WIDTH} {height}" role="img" aria-label="{escape(label)}">{body}</svg>'
    )
