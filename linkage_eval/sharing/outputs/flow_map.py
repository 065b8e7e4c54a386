"""The map of a strategy's flows: sources on the left, recipients on the right."""

from __future__ import annotations

from html import escape

from darkfigure.linkage_eval.sharing.strategy.spec import SharingStrategy

_ROW, _BOX, _WIDTH, _LEFT, _RIGHT = 56, 36, 900, 220, 680
_COLOURS = {
    "none": "#2f855a",
    "pseudonymous": "#b7791f",
    "identified-health": "#c05621",
    "identified-police": "#9b2c2c",
}
_STYLE = "font-family:system-ui,sans-serif;font-size:14px"


def draw_flows(strategy: SharingStrategy) -> str:
    """Draw a strategy's flows as SVG; the colour says how far people can be identified."""
    sources = list(dict.fromkeys(flow.source.holding_name for flow in strategy.flow))
    recipients = list(
        dict.fromkeys(
            agency
            for flow in strategy.flow
            for agency in (flow.recipient.agency, *flow.recipient.onward)
        )
    )
    height = _ROW * (max(len(sources), len(recipients), 1) + 2)
    size = f'viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}" height="{height}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" style="{_STYLE}">',
        f"<title>{escape(strategy.title)}: who gives to whom</title>",
        '<rect width="100%" height="100%" fill="#fff"/>',
    ]
    parts += _lines(strategy, sources, recipients)
    parts += [_box(10, place, name) for place, name in enumerate(sources)]
    parts += [_box(_RIGHT, place, name) for place, name in enumerate(recipients)]
    parts += _legend(height)
    if not strategy.flow:
        parts.append(f'<text x="{_LEFT}" y="{_ROW}">nothing is shared</text>')
    return "\n".join([*parts, "</svg>"]) + "\n"


def _box(left: int, place: int, name: str) -> str:
    top, width = 16 + place * _ROW, _LEFT - 10
    return (
        f'<rect x="{left}" y="{top}" width="{width}" height="{_BOX}" rx="6" fill="#edf2f7" '
        f'stroke="#4a5568"/><text x="{left + width // 2}" y="{top + 23}" '
        f'text-anchor="middle">{escape(name)}</text>'
    )


def _lines(strategy: SharingStrategy, sources: list[str], recipients: list[str]) -> list[str]:
    parts = []
    for flow in strategy.flow:
        start = 16 + _BOX // 2 + sources.index(flow.source.holding_name) * _ROW
        ends = [
            (flow.recipient.agency, False),
            *((agency, True) for agency in flow.recipient.onward),
        ]
        for name, onward in ends:
            end = 16 + _BOX // 2 + recipients.index(name) * _ROW
            colour = _COLOURS[flow.identifiability]
            dash = ' stroke-dasharray="6 5"' if onward else ""
            parts.append(
                f'<path d="M{_LEFT} {start} C450 {start} 450 {end} {_RIGHT} {end}" fill="none" '
                f'stroke="{colour}" stroke-width="2"{dash}><title>{escape(flow.id)}: '
                f"{escape(flow.format.kind)}</title></path>"
            )
        near = start + (16 + _BOX // 2 + recipients.index(ends[0][0]) * _ROW - start) / 5
        parts.append(
            f'<text x="330" y="{near - 6:.0f}" text-anchor="middle" font-size="12" '
            f'paint-order="stroke" stroke="#fff" stroke-width="4">'
            f"{escape(flow.format.kind.replace('_', ' '))}</text>"
        )
    return parts


def _legend(height: int) -> list[str]:
    parts = []
    for turn, (name, colour) in enumerate(_COLOURS.items()):
        left = 10 + turn * 210
        parts.append(
            f'<line x1="{left}" y1="{height - 24}" x2="{left + 24}" y2="{height - 24}" '
            f'stroke="{colour}" stroke-width="3"/>'
            f'<text x="{left + 30}" y="{height - 19}">{escape(name)}</text>'
        )
    parts.append(f'<text x="10" y="{height - 44}" font-size="12">dashed: passed on</text>')
    return parts
