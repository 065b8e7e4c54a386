"""The parts of a section of the page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from darkfigure.reports.html.charts import Style
from darkfigure.reports.html.comparison import SettingResults
from darkfigure.reports.html.pairs import ExamplePair
from darkfigure.reports.html.tables import PageTable


@dataclass(frozen=True)
class Key:
    """One entry of a key to charts; `shape` may also be "bar", "tick" or "line"."""

    name: str
    colour: str
    shape: str


@dataclass(frozen=True)
class Figure:
    """A chart and its numbers as a table."""

    title: str
    spec: Mapping[str, Any]
    table: PageTable
    note: str = ""


@dataclass(frozen=True)
class Drawing:
    """A picture that opens on demand, and its content as a table."""

    title: str
    svg: Markup
    table: PageTable


@dataclass(frozen=True)
class Section:
    """One section of the page.

    Parameters
    ----------
    key
        Its anchor on the page.
    topic, title, lead
        Its subject, its finding as a sentence, and the text below.
    tables, figures, drawings
        Tables, charts and pictures, in order.
    keys
        The key to all its charts.
    pairs
        Example pairs by linker.
    choices
        By what the reader may choose among them: name and label of each cause and group, by kind of
        choice.
    note
        Text at the end.
    """

    key: str
    topic: str
    title: str
    lead: str = ""
    tables: tuple[PageTable, ...] = ()
    keys: tuple[Key, ...] = ()
    figures: tuple[Figure, ...] = ()
    drawings: tuple[Drawing, ...] = ()
    pairs: tuple[tuple[str, list[ExamplePair]], ...] = ()
    choices: tuple[tuple[str, list[tuple[str, str]]], ...] = ()
    note: str = ""


def keys(comparison: SettingResults, drawn: Mapping[str, Style]) -> tuple[Key, ...]:
    """Make the key to charts that show all methods."""
    ranked = (drawn[linker] for linker, _ in comparison.ranked("f1"))
    return tuple(Key(style.name, style.colour, style.shape) for style in ranked)
