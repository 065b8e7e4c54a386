"""What there is to choose from, and what files may say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from darkfigure.linkage_eval.catalogue import KINDS, MEANINGS, specifications
from darkfigure.synth.core.errors import UnknownNameError
from darkfigure.synth.storage.dictionary import dictionary as render_dictionary
from darkfigure.synth.storage.kept import forget_things, kept_things

if TYPE_CHECKING:
    import pandas as pd


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


def cache(*, clear: bool = False) -> pd.DataFrame:
    """List the worlds that are kept so that another sample of them starts at once.

    Parameters
    ----------
    clear
        Delete them.

    Returns
    -------
    One row a world, the last used first, with `world`, `bytes`, `used` (UTC) and `file`; of what
    was deleted, if so asked. The environment's DARKFIGURE_CACHE names another folder, its
    DARKFIGURE_CACHE_GB the gigabytes that may be kept (4 unless it says so, 0 for none).
    """
    import pandas as pd  # noqa: PLC0415, as elsewhere: loaded when used

    things = forget_things() if clear else kept_things()
    rows = [(thing.title, thing.size, thing.used, str(thing.file)) for thing in things]
    frame = pd.DataFrame(rows, columns=["world", "bytes", "used", "file"])
    return frame.assign(used=pd.to_datetime(frame["used"].astype(float), unit="s", utc=True))


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
