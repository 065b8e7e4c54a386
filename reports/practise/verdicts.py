"""The verdicts of linkers on the pairs of a round."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pyarrow as pa

from darkfigure.reports.practise.choice import Chosen
from darkfigure.reports.practise.practice import Practice
from darkfigure.synth.core.errors import LinkerError


@dataclass(frozen=True)
class Verdicts:
    """One linker's verdict on each pair, in order; empty, with a reason, where it failed."""

    linker: str
    linked: tuple[bool, ...]
    failure: str = ""


def ask_linkers(
    chosen: Sequence[Chosen], practice: Practice, find_links: Callable[[str], pa.Table]
) -> list[Verdicts]:
    """Look the pairs up among the links of each linker.

    A linker that fails does not stop the page, which shows its failure instead.

    Parameters
    ----------
    chosen
        The pairs of the round.
    practice
        The settings of the round, with its linkers.
    find_links
        A function from the name of a linker to its links (schema `LINKS`).
    """
    return [_ask(chosen, linker, find_links) for linker in practice.linkers]


def _ask(chosen: Sequence[Chosen], linker: str, find_links: Callable[[str], pa.Table]) -> Verdicts:
    try:
        links = find_links(linker)
    except LinkerError as error:
        return Verdicts(linker, (), str(error))
    pairs = set(zip(links["left_id"].to_pylist(), links["right_id"].to_pylist(), strict=True))
    return Verdicts(linker, tuple((pair.left_id, pair.right_id) in pairs for pair in chosen))
