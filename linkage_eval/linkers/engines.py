"""Engines that are no part of the core, imported when needed."""

from __future__ import annotations

import importlib
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

from darkfigure.synth.core.errors import LinkerError, MissingExtraError

# Engines of a linker that are no part of the core: module and extra of each.
Engines = tuple[tuple[str, str], ...]


def engine(module: str, extra: str = "linkers") -> ModuleType:
    """Import an engine that an extra brings.

    Parameters
    ----------
    module
        Name of its module.
    extra
        Name of the extra.

    Raises
    ------
    MissingExtraError
        The engine is not installed; the message says how to install it.
    """
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        raise MissingExtraError(
            f"{module.partition('.')[0]} needs the extra `{extra}`: "
            f"pip install 'darkfigure[{extra}]' ({error.name} is missing)"
        ) from None


def check_labels(labelled: pa.Table) -> None:
    """Make sure that labelled pairs (schema `LABELLED`) are of both kinds.

    Raises
    ------
    LinkerError
        All labelled pairs are of the same person, or none is.
    """
    kinds = labelled["same"].unique().to_pylist()
    if len(kinds) < 2:
        share = "all" if kinds == [True] else "none"
        raise LinkerError(
            f"of {labelled.num_rows} labelled pairs {share} are of the same person: "
            "it learns from both kinds; have more pairs labelled"
        )
