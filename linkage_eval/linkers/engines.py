"""Engines that are no part of the core: found when needed, with a clear word when they are not."""

from __future__ import annotations

import importlib
from types import ModuleType

from synth.errors import LinkerError


def engine(module: str, extra: str = "linkers") -> ModuleType:
    """Import an engine that an extra brings.

    Raises
    ------
    LinkerError
        It is not installed; the message says how to install it.
    """
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        raise LinkerError(
            f"{module.partition('.')[0]} needs the extra `{extra}`: "
            f"pip install 'darkfigure[{extra}]' ({error.name} is missing)"
        ) from None
