"""The map of a strategy's flows in plain words: sources on the left, recipients on the right."""

from __future__ import annotations

from html import escape
from textwrap import wrap

from darkfigure.linkage_eval.sharing.outputs import words
from darkfigure.linkage_eval.sharing.strategy.flows import Flow, Identifiability
from darkfigure.linkage_eval.sharing.strategy.spec import SharingStrategy

_ROW, _BOX, _TOP, _LINE = 66, 50, 12, 15
_WIDTH, _LEFT, _RIGHT = 600, 205, 401
_LETTERS, _BOLD_LETTERS, _MOST_LINES = 29, 22, 3  # that fit into a box
_BETWEEN = 24  # letters of a line's own words
_COLOURS: dict[Identifiability, tuple[str, str]] = {
    "none": ("#2f855a", "nobody can be identified"),
    "pseudonymous": ("#b7791f", "under a code"),
    "identified-health": ("#c05621", "by name, to health or care"),
    "identified-police": ("#9b2c2c", "by name, to the police"),
}
_STYLE = "font-family:system-ui,sans-serif;font-size:13px"


def draw_flows(strategy: SharingStrategy) -> str:
    """Draw a strategy's flows as SVG; words and colour say how far people can be identified."""
    recipients = list(dict.fromkeys(to for flow in strategy.flow for to in _recipients(flow)))
    rows = max(len(strategy.flow), len(recipients), 1)
    height = _TOP + _ROW * rows + _legend_height(strategy)
    size = f'viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}" height="{height}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" style="{_STYLE}">',
        f"<title>{escape(strategy.title)}: who gives to whom</title>",
        f"<desc>{escape(in_words(strategy))}</desc>",
        '<rect width="100%" height="100%" fill="#fff"/>',
    ]
    if not strategy.flow:
        parts.append(f'<text x="10" y="{_TOP + 24}">Nothing is shared.</text>')
        return "\n".join([*parts, "</svg>"]) + "\n"
    spread = rows / len(recipients)
    places = {to: _middle((place + 0.5) * spread - 0.5) for place, to in enumerate(recipients)}
    for number, flow in enumerate(strategy.flow):
        parts += _arrows(flow, _middle(number), places)
    for number, flow in enumerate(strategy.flow):
        parts += _label(words.form(flow), _middle(number))
        parts.append(_box(4, _middle(number), flow.source.agency, words.about(flow)))
    parts += [_box(_RIGHT, middle, to) for to, middle in places.items()]
    parts += _legend(strategy, _TOP + _ROW * rows)
    return "\n".join([*parts, "</svg>"]) + "\n"


def in_words(strategy: SharingStrategy) -> str:
    """Say a strategy's flows in sentences."""
    if not strategy.flow:
        return "Nothing is shared."
    return " ".join(
        f"{words.agency_name(flow.source.agency)} give {words.about(flow)} to "
        f"{' and '.join(map(words.agency_name, _recipients(flow)))}: {words.form(flow)}, "
        f"{words.times(flow)}."
        for flow in strategy.flow
    )


def _recipients(flow: Flow) -> tuple[str, ...]:
    return (flow.recipient.agency, *flow.recipient.onward)


def _middle(row: float) -> float:
    """Give the height of a row's middle."""
    return _TOP + _ROW * row + _BOX / 2


def _box(left: int, middle: float, agency: str, about: str = "") -> str:
    bold, small = wrap(words.agency_name(agency), _BOLD_LETTERS), wrap(about, _LETTERS)
    styled = [*((line, _BOLD) for line in bold), *((line, _SMALL) for line in small)]
    shown = styled[:_MOST_LINES]
    first = middle - _LINE * (len(shown) - 1) / 2 + 4
    text = "".join(
        f'<text x="{left + 8}" y="{first + _LINE * place:.0f}"{style}>{escape(line)}</text>'
        for place, (line, style) in enumerate(shown)
    )
    return (
        f'<rect x="{left}" y="{middle - _BOX / 2:.0f}" width="{_LEFT - 10}" height="{_BOX}" '
        f'rx="6" fill="#edf2f7" stroke="#4a5568"/>{text}'
    )


_BOLD, _SMALL = ' font-weight="600"', ' font-size="12"'


def _arrows(flow: Flow, start: float, places: dict[str, float]) -> list[str]:
    """Draw a line to each recipient; those to whom records are passed on are dashed."""
    colour, said = _COLOURS[flow.identifiability]
    bend = (_LEFT + _RIGHT) // 2
    return [
        f'<path d="M{_LEFT - 6} {start:.0f} C{bend} {start:.0f} {bend} {places[to]:.0f} '
        f'{_RIGHT - 9} {places[to]:.0f}" fill="none" stroke="{colour}" stroke-width="2"'
        f"{_DASHED if turn else ''}><title>{escape(words.form(flow))}; {escape(said)}</title>"
        f'</path><path d="M{_RIGHT - 9} {places[to] - 5:.0f} l8 5 l-8 5 z" fill="{colour}" '
        f'stroke="{colour}"/>'
        for turn, to in enumerate(_recipients(flow))
    ]


_DASHED = ' stroke-dasharray="6 5"'


def _label(text: str, start: float) -> list[str]:
    """Write the form of a flow over the beginning of its line."""
    lines = wrap(text, _BETWEEN)
    first = start - _LINE * (len(lines) - 1) - 5
    return [
        f'<text x="{_LEFT + 2}" y="{first + _LINE * place:.0f}" font-size="12" '
        f'paint-order="stroke" stroke="#fff" stroke-width="4">{escape(line)}</text>'
        for place, line in enumerate(lines)
    ]


def _legend_height(strategy: SharingStrategy) -> int:
    return 20 + 18 * (len(_kinds(strategy)) + any(flow.recipient.onward for flow in strategy.flow))


def _kinds(strategy: SharingStrategy) -> list[Identifiability]:
    used = {flow.identifiability for flow in strategy.flow}
    return [name for name in _COLOURS if name in used]


def _legend(strategy: SharingStrategy, top: int) -> list[str]:
    """Explain the colours that are there, and the dashes."""
    used = [_COLOURS[kind] for kind in _kinds(strategy)]
    rows = [(colour, "", f"people: {said}") for colour, said in used]
    if any(flow.recipient.onward for flow in strategy.flow):
        rows.append(("#4a5568", _DASHED, "dashed: passed on"))
    return [
        f'<line x1="6" y1="{top + 10 + 18 * place}" x2="34" y2="{top + 10 + 18 * place}" '
        f'stroke="{colour}" stroke-width="3"{dash}/>'
        f'<text x="42" y="{top + 14 + 18 * place}" font-size="12">{escape(said)}</text>'
        for place, (colour, dash, said) in enumerate(rows)
    ]
