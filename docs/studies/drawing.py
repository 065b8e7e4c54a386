"""Drawings of the studies: lines with intervals, as SVG that suits light and dark pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

_WIDTH, _HEIGHT, _LEFT, _RIGHT, _TOP, _BOTTOM = 720, 340, 56, 190, 16, 44
_STYLE = """<style>
text { font: 13px sans-serif; fill: #1b2228 } .grid { stroke: #d8dee4 } .mark { stroke: #55606b }
.a { --c: #0072b2 } .b { --c: #b35300 } .c { --c: #4a5560 } .d { --c: #007a5a }
path { fill: none; stroke: var(--c); stroke-width: 2.5 }
.band { fill: var(--c); opacity: .15; stroke: none }
.b path { stroke-dasharray: 7 4 } .c path { stroke-dasharray: 2 4 }
.named { fill: var(--c); font-weight: 600 }
@media (prefers-color-scheme: dark) { text { fill: #e8ecf0 } .grid { stroke: #36414b }
.a { --c: #6bbcf0 } .b { --c: #ffb454 } .c { --c: #a5b1bc } .d { --c: #5fd1ae } }
</style>"""


def draw_lines(
    out: Path,
    series: Mapping[str, Sequence[tuple[float, float, float]]],
    marks: Sequence[str],
    *,
    title: str,
    at: Mapping[int, str] | None = None,
) -> None:
    """Draw lines with their intervals.

    Parameters
    ----------
    out
        The SVG.
    series
        For each line, by name, value, lower and upper end at each place.
    marks
        Words under the places; an empty one is left out.
    title
        What the drawing shows, for those who do not see it.
    at
        Words at upright lines, by place.
    """
    top = max(high for values in series.values() for *_, high in values) * 1.05
    steps = _round_steps(top)
    parts = [_text(_LEFT - 8, _y(s, top) + 4, f"{s:g}", "end") + _rule(_y(s, top)) for s in steps]
    n = len(marks)
    parts += [_text(_x(k, n), _HEIGHT - 22, word, "middle") for k, word in enumerate(marks) if word]
    for place, word in (at or {}).items():
        x = _x(place - 0.5, n)
        parts.append(
            f'<line class="mark" x1="{x:.1f}" x2="{x:.1f}" y1="{_TOP}" y2="{_y(0, top)}"/>'
        )
        parts.append(_text(x + 5, _TOP + 10, word, "start"))
    names = _apart({name: _y(values[-1][0], top) for name, values in series.items()})
    for kind, (name, values) in zip("abcd", series.items(), strict=False):
        parts.append(_line(kind, name, values, top, names[name]))
    box = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img">'
    body = "\n".join([box, f"<title>{escape(title)}</title>", _STYLE, *parts, "</svg>"])
    out.write_text(body + "\n", encoding="utf-8")


def _round_steps(top: float) -> list[float]:
    step = next(s for e in range(-3, 6) for s in (10**e, 2 * 10**e, 5 * 10**e) if top / s <= 6)
    return [k * step for k in range(int(top / step) + 1)]


def _x(place: float, n: int) -> float:
    return _LEFT + place / max(n - 1, 1) * (_WIDTH - _LEFT - _RIGHT)


def _y(value: float, top: float) -> float:
    return _HEIGHT - _BOTTOM - value / top * (_HEIGHT - _TOP - _BOTTOM)


def _rule(y: float) -> str:
    return f'<line class="grid" x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'


def _text(x: float, y: float, word: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(word)}</text>'


def _apart(places: Mapping[str, float]) -> dict[str, float]:
    """Move names down until no two stand on each other."""
    moved: dict[str, float] = {}
    for name in sorted(places, key=lambda one: places[one]):
        moved[name] = max([places[name], *(y + 17 for y in moved.values())])
    return moved


def _line(
    kind: str, name: str, values: Sequence[tuple[float, float, float]], top: float, at: float
) -> str:
    n = len(values)
    middle = [f"{_x(k, n):.1f} {_y(one[0], top):.1f}" for k, one in enumerate(values)]
    low = [f"{_x(k, n):.1f} {_y(one[1], top):.1f}" for k, one in enumerate(values)]
    high = [f"{_x(k, n):.1f} {_y(one[2], top):.1f}" for k, one in enumerate(values)]
    band = f'<path class="band" d="M{"L".join([*low, *reversed(high)])}Z"/>'
    named = f'<text class="named" x="{_WIDTH - _RIGHT + 8}" y="{at + 4:.1f}">{escape(name)}</text>'
    return f'<g class="{kind}">{band}<path d="M{"L".join(middle)}"/>{named}</g>'
