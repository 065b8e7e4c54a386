"""The library of scenarios, systems, strategies and suites, and the way to read one.

Everything here is TOML that a person can read and copy. A name is looked up in the library; a
path is read from disk. A file may say `extends = "other"` once: the other file is read first and
this one laid over it, table by table.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeGuard

from darkfigure.synth.core.errors import SpecError, UnknownNameError
from darkfigure.synth.core.plain_data import read_toml

if TYPE_CHECKING:
    from darkfigure.synth.scenario import Scenario

LIBRARY = Path(__file__).parent
KINDS = ("library", "systems", "suites", "strategies")


def names(kind: str) -> list[str]:
    """List the files of the library by name, without their ending, in alphabetical order.

    Parameters
    ----------
    kind
        One of `KINDS`.
    """
    return sorted(path.stem for path in (LIBRARY / kind).glob("*.toml"))


def locate(kind: str, name: str) -> Path:
    """Find the file of a library name, or take the name as a path.

    Parameters
    ----------
    kind
        One of `KINDS`.
    name
        Name in the library, or path of a file that ends in `.toml`.

    Raises
    ------
    UnknownNameError
        Neither the library nor the disk has it.
    """
    if name in names(kind):
        return LIBRARY / kind / f"{name}.toml"
    path = Path(name)
    with suppress(OSError):  # a name that is too long for a file is none
        if path.suffix == ".toml" and path.is_file():
            return path
    label = {"library": "scenario", "systems": "system", "suites": "suite"}.get(kind, "strategy")
    raise UnknownNameError.of(label, name, names(kind))


def read(kind: str, name: str) -> dict[str, Any]:
    """Read a file of the library or of the user, laid over the file that it extends.

    Parameters
    ----------
    kind
        One of `KINDS`.
    name
        Name in the library, or path of a file that ends in `.toml`.

    Raises
    ------
    UnknownNameError
        There is no such file.
    SpecError
        The file is not TOML, or the file that it extends extends a third.
    """
    path = locate(kind, name)
    own = read_toml(path)
    base = own.pop("extends", None)
    if base is None:
        return own
    under = read_toml(locate(kind, str(base)))
    if "extends" in under:
        raise SpecError(
            f"{path}: extends '{base}', which extends '{under['extends']}' itself; "
            f"extend '{under['extends']}' directly, since only one level is read."
        )
    return lay_over(under, own)


def lay_over(under: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """Lay one table over another: inner tables key by key, lists of tables with ids by id.

    Parameters
    ----------
    under
        The table that `own` extends.
    own
        The table whose values win.
    """
    return {**under, **{key: _merge(under.get(key), value) for key, value in own.items()}}


def _merge(below: object, value: object) -> object:
    if isinstance(below, Mapping) and isinstance(value, Mapping):
        return lay_over(below, value)
    if _have_ids(below) and _have_ids(value):
        merged = {entry["id"]: entry for entry in below}
        for entry in value:
            merged[entry["id"]] = lay_over(merged.get(entry["id"], {}), entry)
        return list(merged.values())
    return value


def _have_ids(value: object) -> TypeGuard[list[dict[str, Any]]]:
    return isinstance(value, list) and all(
        isinstance(entry, dict) and isinstance(entry.get("id"), str) for entry in value
    )


def load_scenario(name: str, *, persons: int | None = None, seed: int | None = None) -> Scenario:
    """Load a scenario by library name or path, with size and seed changed if given.

    Parameters
    ----------
    name
        Name in the library, or path of a file that ends in `.toml`.
    persons
        Number of people at the start; None keeps the scenario's.
    seed
        None keeps the scenario's.

    Raises
    ------
    UnknownNameError
        There is no such scenario, or it names an unknown system.
    SpecError
        The scenario is wrong; the message lists every problem.
    """
    # Whoever lists what there is, needs none of the simulation.
    from darkfigure.synth.core.spec import build  # noqa: PLC0415
    from darkfigure.synth.scenario import Scenario  # noqa: PLC0415

    data = read("library", name)
    where = f"scenario {locate('library', name)}"
    systems = data.get("systems", {})
    if isinstance(systems, Mapping):
        data["systems"] = {
            agency: read("systems", system) if isinstance(system, str) else system
            for agency, system in (_usual_systems(data) | dict(systems)).items()
        }
    changed = {"persons": persons, "seed": seed}
    data |= {key: value for key, value in changed.items() if value is not None}
    return build(Scenario, data, where)


def _usual_systems(data: Mapping[str, Any]) -> dict[str, str]:
    """Name the own profiles of agencies for which a scenario names none."""
    from darkfigure.synth.schema import AGENCIES  # noqa: PLC0415, as above
    from darkfigure.synth.schema.registry import registry  # noqa: PLC0415

    listed, named = data.get("agencies", registry().ours), data.get("systems", {})
    if not isinstance(listed, (list, tuple)):
        return {}  # the scenario's own check says what is wrong
    decided = {str(system).split("/")[0] for system in named}
    return {
        system: profile
        for name, agency in AGENCIES.items()
        if name in listed and name not in decided
        for system, profile in agency.profiles.items()
    }
