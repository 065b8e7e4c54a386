"""The data dictionary: every table, column and code list of a dataset, as Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pyarrow as pa

from darkfigure.synth.schema import SUBJECTS, TABLES, Column, Table

_LONG_LIST = 30  # codes; a longer list stands folded
_KINDS = (
    (pa.types.is_boolean, "yes or no"),
    (pa.types.is_integer, "whole number"),
    (pa.types.is_date, "date"),
    (pa.types.is_timestamp, "time"),
    (pa.types.is_dictionary, "code"),
)


def dictionary(tables: Iterable[Table] = TABLES.values()) -> str:
    """Render tables for reading.

    Parameters
    ----------
    tables
        Tables to describe; by default all that any dataset can have.

    Returns
    -------
    Markdown: the tables source by source, each with its columns, then every code list once.
    """
    chosen = list(tables)
    lists = _code_lists(chosen)
    sources = dict.fromkeys(table.source for table in chosen)
    lines = ["# Data dictionary", "", _INTRODUCTION, ""]
    for source in sources:
        lines += [f"## {source}", ""]
        for table in (other for other in chosen if other.source == source):
            lines += [*_table(table, lists), ""]
    lines += ["## Code lists", ""]
    for codes, name in lists.items():
        lines += [*_code_list(name, codes), ""]
    return "\n".join(lines).rstrip() + "\n"


_INTRODUCTION = """All data are synthetic. Each table is a Parquet file, `source/table.parquet`. A \
column that holds part of somebody's identity names the linkage field it holds; it is text, as the \
system's users wrote it. Code lists stand at the end."""

_Codes = tuple[tuple[str, str], ...]


def _code_lists(tables: Iterable[Table]) -> dict[_Codes, str]:
    """Name each code list after the first column that uses it; equal lists are one."""
    lists: dict[_Codes, str] = {}
    used_names: set[str] = set()
    for table in tables:
        for column in table.columns:
            codes = tuple(column.codes.items())
            if codes and codes not in lists:
                name = (
                    column.name if column.name not in used_names else f"{table.name}.{column.name}"
                )
                name = name if name not in used_names else f"{table.source}.{name}"
                lists[codes] = name
                used_names.add(name)
    return lists


def _table(table: Table, lists: dict[_Codes, str]) -> Iterator[str]:
    yield f"### {table.source}/{table.name}"
    yield ""
    subject = " It says who the source's people are." if SUBJECTS.get(table.source) == table else ""
    key = ", ".join(f"`{name}`" for name in table.key)
    yield f"One row is {table.row}. Key: {key}.{subject}"
    yield ""
    yield "| column | type | meaning | codes | linkage field |"
    yield "|---|---|---|---|---|"
    for column in table.columns:
        code_list = lists.get(tuple(column.codes.items()), "")
        codes = f"[{code_list}](#{_anchor(code_list)})" if code_list else ""
        cells = (f"`{column.name}`", _kind(column), column.meaning, codes, column.field or "")
        yield f"| {' | '.join(_cell(cell) for cell in cells)} |"


def _kind(column: Column) -> str:
    if column.date_format:
        return f"text, {column.date_format}"
    return next((name for is_kind, name in _KINDS if is_kind(column.type)), "text")


def _code_list(name: str, codes: _Codes) -> Iterator[str]:
    yield f"### {name}"
    yield ""
    folded = len(codes) > _LONG_LIST
    if folded:
        yield f"<details><summary>{len(codes)} codes</summary>"
        yield ""
    yield "| code | meaning |"
    yield "|---|---|"
    yield from (f"| {_cell(f'`{code}`')} | {_cell(meaning)} |" for code, meaning in codes)
    if folded:
        yield ""
        yield "</details>"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _anchor(heading: str) -> str:
    """Make the anchor that Markdown renderers give a heading."""
    return heading.lower().replace(".", "").replace("/", "").replace(" ", "-")
