"""A table of text as HTML, for notebooks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from markupsafe import Markup

_HEAD, _CELL = Markup("<th>{}</th>"), Markup("<td>{}</td>")
_TABLE = Markup("<table>{}<thead>{}</thead><tbody>{}</tbody></table>")


def html_table(names: Sequence[str], rows: Iterable[Sequence[object]], caption: str = "") -> str:
    """Write a table as HTML; cells are escaped, never read as markup.

    Parameters
    ----------
    names
        Heads of the columns.
    rows
        One cell for each column.
    caption
        Text above the table; empty for none.
    """
    head = _row(_HEAD, names)
    body = Markup("").join(_row(_CELL, row) for row in rows)
    title = Markup("<caption>{}</caption>").format(caption) if caption else ""
    return str(_TABLE.format(title, head, body))


def _row(cell: Markup, texts: Iterable[object]) -> Markup:
    return Markup("<tr>{}</tr>").format(Markup("").join(cell.format(text) for text in texts))
