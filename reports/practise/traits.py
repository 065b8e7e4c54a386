"""What a class is asked about a pair afterwards: whom it is about, and what went wrong in entry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from darkfigure.linkage_eval.links.truth import Truth
from darkfigure.linkage_eval.rows import ALL
from darkfigure.reports.html import labels
from darkfigure.reports.html.formats import capital
from darkfigure.reports.practise.cards import Card
from darkfigure.reports.practise.choice import Chosen
from darkfigure.reports.practise.people import STALE, Touched

_OUTDATED = "out of date"


@dataclass(frozen=True)
class Traits:
    """Group of a pair's left person in each division of people, and the faults of both records."""

    groups: Mapping[str, str]
    faults: tuple[str, ...]


def find_traits(
    truth: Truth,
    chosen: Sequence[Chosen],
    cards: Sequence[Card],
    touched: Mapping[str, list[Touched]],
) -> tuple[Traits, ...]:
    """Find the traits of each pair, in order.

    Parameters
    ----------
    truth
        The truth of the two sources, with its divisions of people.
    chosen, cards
        The pairs of the round, and each as it is shown.
    touched
        As `people.read_touched` gives them, by record id.
    """
    rows = np.searchsorted(truth.people, [pair.left_person for pair in chosen])
    return tuple(
        Traits(_groups(truth, int(row)), _faults(card, touched))
        for row, card in zip(rows, cards, strict=True)
    )


def _groups(truth: Truth, row: int) -> dict[str, str]:
    return {
        labels.kind(division.kind): capital(
            labels.stratum(division.kind, division.names[division.codes[row]])
        )
        for division in truth.groups
        if division.kind != ALL
    }


def _faults(card: Card, touched: Mapping[str, list[Touched]]) -> tuple[str, ...]:
    """Name the faults of fields that are shown, each once."""
    shown = {field.field for field in card.fields}
    causes = {
        _OUTDATED if fault.cause == STALE else labels.cause(fault.cause)
        for record in (card.left, card.right)
        for fault in touched.get(record.record_id, [])
        if fault.field in shown
    }
    return tuple(sorted(map(capital, causes)))
