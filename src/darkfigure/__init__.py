"""Simulated violence in Wales, what agencies record of it, and a judge of linkage and sharing.

::

    import darkfigure as df

    world = df.generate("merthyr", "out/world", persons=5_000)   # or df.open("out/world")
    world.pandas("ed/attendances")                               # a table as a frame
    left, right = df.pair(world, "ed", "police")                 # what a linker sees
    links = df.link(world, "splink", left="ed", right="police")  # or an object of your own
    df.score(world, links, left="ed", right="police").wide()     # against the truth

Every verb of the command `darkfigure` is a function here. Nothing heavy is imported before it is
used.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from darkfigure.api.contest import contest_make, contest_score
    from darkfigure.api.gate import baseline, compare, history
    from darkfigure.api.library import cache, dictionary, schema
    from darkfigure.api.library import known as list  # noqa: A004, the verb is called so
    from darkfigure.api.linking import (
        Pair,
        ceiling,
        coverage,
        estimate,
        intake,
        link,
        match_weights,
        pair,
        score,
        score_against,
    )
    from darkfigure.api.runs import explain, measure, open_run, report, run
    from darkfigure.api.sharing import share
    from darkfigure.api.texts import free_texts, scrub
    from darkfigure.api.training import classroom, practise, teach
    from darkfigure.api.worlds import (
        describe,
        fidelity,
        generate,
        namesakes,
        open,  # noqa: A004, as of a file
        trace,
        verify,
    )
    from darkfigure.linkage_eval.evaluation.scores import Scores
    from darkfigure.linkage_eval.metrics.declaration import metric
    from darkfigure.linkage_eval.rows import Measurement
    from darkfigure.linkage_eval.runs.run import Run
    from darkfigure.synth.core.errors import DarkfigureError
    from darkfigure.synth.storage.dataset import Dataset

    __version__: str

# Where each name is found once it is asked for, and what it is called there if not the same.
_PLACES = {
    **dict.fromkeys(("open", "generate", "verify", "describe"), "api.worlds"),
    **dict.fromkeys(("trace", "fidelity", "namesakes"), "api.worlds"),
    **dict.fromkeys(("Pair", "pair", "link", "score", "score_against"), "api.linking"),
    **dict.fromkeys(("match_weights", "intake", "estimate", "coverage"), "api.linking"),
    "ceiling": "api.linking",
    **dict.fromkeys(("run", "open_run", "measure", "explain", "report"), "api.runs"),
    **dict.fromkeys(("baseline", "compare", "history"), "api.gate"),
    **dict.fromkeys(("contest_make", "contest_score"), "api.contest"),
    **dict.fromkeys(("cache", "dictionary", "schema"), "api.library"),
    **dict.fromkeys(("practise", "teach", "classroom"), "api.training"),
    **dict.fromkeys(("free_texts", "scrub"), "api.texts"),
    "list": "api.library:known",
    "share": "api.sharing",
    "metric": "linkage_eval.metrics.declaration",
    "Measurement": "linkage_eval.rows",
    "Scores": "linkage_eval.evaluation.scores",
    "Run": "linkage_eval.runs.run",
    "Dataset": "synth.storage.dataset",
    "DarkfigureError": "synth.core.errors",
}
# "list" and "open" are left out: imported by a star, they would hide Python's own.
__all__ = [  # noqa: PLE0604
    *sorted(_PLACES.keys() - {"list", "open"}),
    "__version__",
]


def __getattr__(name: str) -> object:
    if name == "__version__":
        return import_module("importlib.metadata").version("darkfigure")
    if name not in _PLACES:
        raise AttributeError(f"module 'darkfigure' has no attribute '{name}'")
    module, _, other = _PLACES[name].partition(":")
    found = getattr(import_module(f"darkfigure.{module}"), other or name)
    globals()[name] = found
    return found


def __dir__() -> Sequence[str]:
    return sorted([*globals(), *_PLACES, "__version__"])
