"""A linker in this process, to be looked into: its prints, its traceback, its match weights.

Nothing is closed to it and nothing limits it. It gets the same records, ids and seed as in a
process of its own, so it gives the same links.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from darkfigure.linkage_eval.contracts import Pairs
from darkfigure.linkage_eval.isolation import child
from darkfigure.linkage_eval.isolation.disguise import Disguise
from darkfigure.linkage_eval.linkers import registry
from darkfigure.linkage_eval.linkers.adaptation import refusal
from darkfigure.linkage_eval.links.positions import Links, Sides
from darkfigure.linkage_eval.links.table import to_links
from darkfigure.linkage_eval.runs.suite import LinkerEntry
from darkfigure.linkage_eval.studies.posed import Posed
from darkfigure.synth.core.errors import LinkerError


@dataclass(frozen=True)
class Unveiled:
    """What a linker gave in this process.

    Parameters
    ----------
    links
        Schema `LINKS`, by the ids of the records.
    weights
        Its match weights (`linkers.weights.WEIGHTS`), if it has a method `weigh`.
    """

    links: pa.Table
    weights: pa.Table | None


def link_here(posed: Posed, linker: LinkerEntry, *, seed: int = 1) -> Unveiled:
    """Link the tables of a task in this process; what the linker raises is raised.

    Parameters
    ----------
    posed
        The tables.
    linker
        Name and options of the linker.
    seed
        As of `link_posed`.

    Raises
    ------
    UnknownNameError
        There is no such linker.
    LinkerError
        The records lack what it needs, or its links are no links.
    """
    if reason := refusal(linker.name, posed.left, posed.right):
        raise LinkerError(f"The linker cannot work here: {reason}.")
    disguise = Disguise.of(posed.left, posed.right, seed=seed, within=posed.within)
    left = disguise.left.given()
    right = left if posed.within else disguise.right.given()
    place = registry.place_of(linker.name)
    made = child.load(place.kind, place.what, linker.options)
    answered = child.ask(made, left, right, seed=disguise.seed, within=posed.within)
    weigh = getattr(made, "weigh", None)
    weights = weigh(left, right, seed=disguise.seed) if callable(weigh) else None
    return Unveiled(_by_true_ids(answered, posed, disguise), weights)


def _by_true_ids(answered: object, posed: Posed, disguise: Disguise) -> pa.Table:
    try:
        links = to_links(answered if isinstance(answered, pa.Table) else pa.table(answered))
        rows = [
            side.order[child.rows_of(links[f"{name}_id"], _known(side.given()), f"{name}_id")]
            for name, side in (("left", disguise.left), ("right", disguise.right))
        ]
    except (ValueError, TypeError, child.Nonsense) as error:
        raise LinkerError(f"The linker returned nonsense: {error}.") from error
    scores = links["score"].to_numpy()
    if not np.isfinite(scores).all():
        raise LinkerError("The linker returned nonsense: a score is missing, NaN or infinite.")
    sides = Sides.of(posed.left, posed.right, within=posed.within)
    return Links.fold(sides, Pairs(*rows), scores).table()


def _known(given: pa.Table) -> pa.ChunkedArray:
    return given["record_id"]
