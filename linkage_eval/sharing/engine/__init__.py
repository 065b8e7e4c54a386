"""Sharing strategies: who may see what, when, and in which form.

A strategy is a TOML file (`spec`, `flows`), by name from the library (`library`), checked for
undecided and unlawful flows (`lint`, `statutes`), and applied to a dataset (`engine`).
"""

from __future__ import annotations

from darkfigure.linkage_eval.contracts import Strategy
from darkfigure.linkage_eval.sharing.engine.clear import Clear
from darkfigure.linkage_eval.sharing.engine.linking import Party
from darkfigure.linkage_eval.sharing.strategy.library import load_strategy

_CLEAR = Clear()


def find_strategy(name: str) -> Strategy:
    """Find the linking party of a strategy, "clear" or as `load_strategy` reads it.

    Raises
    ------
    UnknownNameError
        There is no such strategy.
    SpecError
        A key of its file is missing, unknown or wrong, or the lint refuses it.
    """
    return _CLEAR if name == _CLEAR.name else Party(name, load_strategy(name))
