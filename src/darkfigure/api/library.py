"""What there is to choose from, and what files may say."""

from __future__ import annotations

from typing import Any

from darkfigure.linkage_eval.catalogue import KINDS, MEANINGS, specifications
from darkfigure.synth.core.errors import UnknownNameError
from darkfigure.synth.storage.dictionary import dictionary as render_dictionary


def known(kind: str | None = None) -> dict[str, str]:
    """Say of each thing of a kind what it is, by name.

    Parameters
    ----------
    kind
        "scenarios", "suites", "systems", "strategies", "linkers", "metrics", "foreign" or
        "assumptions"; without, the kinds are listed.

    Raises
    ------
    UnknownNameError
        There is no such kind.
    """
    if kind is None:
        return dict(MEANINGS)
    if kind not in KINDS:
        raise UnknownNameError.of("kind", kind, KINDS)
    return KINDS[kind]()


def dictionary() -> str:
    """Give the data dictionary in Markdown: every table, column and code list."""
    return render_dictionary()


def schema(kind: str) -> dict[str, Any]:
    """Give the JSON Schema of a kind of TOML file, for an editor to check it by.

    Parameters
    ----------
    kind
        "scenario", "suite", "system" or "strategy".

    Raises
    ------
    UnknownNameError
        There is no such kind.
    """
    known_specs = specifications()
    if kind not in known_specs:
        raise UnknownNameError.of("kind of file", kind, known_specs)
    return known_specs[kind].model_json_schema()
