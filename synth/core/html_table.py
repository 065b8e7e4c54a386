"""A table of text as HTML, for notebooks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from markupsafe import Markup

_HEAD, _CELL = Markup("<th>{}</th>"), Markup("<td>{}</td>")
_TABLE = Markup("<table>{}<thead>{}</thead><tbody>{}</tbody></table>")


def html_table(names: Sequence[str], rows: Iterable[Sequence[object]], caption: str = "") -> str:
    """Write a table; whatever a cell holds is shown as it stands, never as markup."""
    head = _row(_HEAD, names)
    body = Markup("").join(_row(_CELL, one) for one in rows)
    said = Markup("<caption>{}</caption>").format(caption) if caption else ""
    return str(_TABLE.format(said, head, body))


def _row(cell: Markup, texts: Iterable[object]) -> Markup:
    return Markup("<tr>{}</tr>").format(Markup("").join(cell.format(one) for one in texts))
