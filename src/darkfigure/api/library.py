"""What there is to choose from, and what files may say."""

from __future__ import annotations

from typing import Any

from darkfigure.linkage_eval.known import KINDS, SPECS
from darkfigure.synth.core.errors import UnknownNameError
from darkfigure.synth.storage.dictionary import dictionary as render_dictionary


def known(kind: str) -> dict[str, str]:
    """Say of each thing of a kind what it is, by name.

    Parameters
    ----------
    kind
        "scenarios", "suites", "systems", "strategies", "linkers", "metrics" or "foreign".

    Raises
    ------
    UnknownNameError
        There is no such kind.
    """
    if kind not in KINDS:
        raise UnknownNameError.of("kind", kind, KINDS)
    return KINDS[kind]()


def dictionary() -> str:
    """Give the data dictionary in Markdown: every table, column and code list."""
    return render_dictionary()


def schema(kind: str) -> dict[str, Any]:
    """Give the JSON Schema of a kind of TOML file.

    Parameters
    ----------
    kind
        "scenario", "suite", "system" or "strategy".

    Raises
    ------
    UnknownNameError
        There is no such kind.
    """
    if kind not in SPECS:
        raise UnknownNameError.of("kind", kind, SPECS)
    return SPECS[kind]().model_json_schema()
