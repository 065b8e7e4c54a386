"""Which agencies there are, and with them which tables.

Agencies are found, not listed: each folder of `synth/agencies` that has a manifest, and each entry
point of the group "darkfigure.agencies" of whatever is installed. They are looked for when somebody
first asks. An entry point that is broken hinders nobody who does not name its agency.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import TypeVar

from darkfigure.synth.core.errors import SpecError
from darkfigure.synth.core.spec import Spec
from darkfigure.synth.schema.manifest import AgencyManifest
from darkfigure.synth.schema.table import Table
from darkfigure.synth.schema.truth import TRUTH

GROUP = "darkfigure.agencies"
# What a scenario, or a dataset's folder, calls something else.
RESERVED = frozenset(
    {
        *("name", "title", "description", "seed", "areas", "persons", "start", "years"),
        *("agencies", "severity", "minimum_dataset", "population", "lives", "violence"),
        *("contacts", "needs", "systems", "extends", "salt", "period", "chance", "truth"),
        *("salted", "profiles", "resolved", "framework"),
    }
)
_HOUSE = "darkfigure.synth.agencies"
T = TypeVar("T")


@dataclass(frozen=True)
class Registry:
    """The agencies that were found.

    Parameters
    ----------
    sound
        Manifests by name, in the order in which agencies act.
    broken
        Why an entry point gave no agency, by its name.
    ours
        Names of the agencies of this package.
    """

    sound: Mapping[str, AgencyManifest]
    broken: Mapping[str, str]
    ours: tuple[str, ...]


@cache
def registry() -> Registry:
    """Look for agencies, once.

    Raises
    ------
    SpecError
        An agency of this package is wrong.
    """
    known: dict[str, AgencyManifest] = {}
    for manifest in _of_the_house():
        _refuse(manifest, known)
        known[manifest.name] = manifest
    ours = in_order(known)
    guests, broken = ours, {}
    for point in sorted(entry_points(group=GROUP), key=lambda point: point.name):
        try:
            guests = in_order({**guests, point.name: _guest(point, guests)})
        except SpecError as error:
            broken[point.name] = str(error)
    return Registry(guests, broken, tuple(ours))


def _of_the_house() -> Iterator[AgencyManifest]:
    package = importlib.import_module(_HOUSE)
    for folder in pkgutil.iter_modules(package.__path__):
        home = f"{_HOUSE}.{folder.name}"
        manifest = getattr(importlib.import_module(home), "AGENCY", None)
        if manifest is not None:
            yield replace(manifest, home=home)


def _guest(point: EntryPoint, known: Mapping[str, AgencyManifest]) -> AgencyManifest:
    """Load the manifest of an entry point; refuse one that would break worlds."""
    try:
        manifest = point.load()
    # A package of others may raise anything as it is imported.
    except Exception as error:  # noqa: BLE001
        raise SpecError(
            f"agency '{point.name}': the entry point {point.value} cannot be loaded "
            f"({type(error).__name__}: {error}); mend or uninstall the package."
        ) from None
    if not isinstance(manifest, AgencyManifest):
        raise SpecError(
            f"agency '{point.name}': the entry point {point.value} is a "
            f"{type(manifest).__name__}; let it name an AgencyManifest, such as package:AGENCY."
        )
    if manifest.name != point.name:
        raise SpecError(
            f"agency '{point.name}': the manifest of {point.value} says name = "
            f"'{manifest.name}'; give both the same name."
        )
    manifest = replace(manifest, home=manifest.home or point.module)
    _refuse(manifest, known)
    spec = manifest.load("spec")
    if not (isinstance(spec, type) and issubclass(spec, Spec)):
        raise SpecError(f"agency '{manifest.name}' of {manifest.home}: its spec is no Spec.")
    return manifest


def _refuse(manifest: AgencyManifest, known: Mapping[str, AgencyManifest]) -> None:
    problems = list(manifest.problems())
    if manifest.name in RESERVED:
        problems.append(f"name = '{manifest.name}': scenarios call something else so; rename it")
    if manifest.name in known:
        problems.append(f"name = '{manifest.name}': {known[manifest.name].home} is called so")
    if problems:
        lines = "\n".join(f"  - {problem}." for problem in problems)
        raise SpecError(f"The manifest of agency '{manifest.name}' ({manifest.home}):\n{lines}")


def in_order(manifests: Mapping[str, AgencyManifest]) -> dict[str, AgencyManifest]:
    """Put agencies in an order in which each comes after those on whose records it acts.

    Parameters
    ----------
    manifests
        Manifests by name.

    Raises
    ------
    SpecError
        Two act on each other.
    """
    ordered: dict[str, AgencyManifest] = {}

    def put(name: str, way: tuple[str, ...]) -> None:
        if name in way:
            raise SpecError(
                f"Agencies wait for each other: {' after '.join((*way, name))}; take one out of "
                "`after` in its manifest."
            )
        if name in manifests and name not in ordered:
            for earlier in manifests[name].after:
                put(earlier, (*way, name))
            ordered[name] = manifests[name]

    for name in sorted(manifests, key=lambda name: (manifests[name].place, name)):
        put(name, ())
    return ordered


class _Found(Mapping[str, T]):
    """A mapping that is made when somebody first looks into it, once all modules are loaded."""

    def __init__(self, make: Callable[[], Mapping[str, T]]) -> None:
        self._make = cache(make)

    def __getitem__(self, key: str) -> T:
        return self._make()[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._make())

    def __len__(self) -> int:
        return len(self._make())

    def __repr__(self) -> str:
        return repr(self._make())


def _tables() -> dict[str, Table]:
    agencies = (table for manifest in AGENCIES.values() for table in manifest.tables)
    return {table.path: table for table in (*agencies, *TRUTH)}


def _subjects() -> dict[str, Table]:
    return {
        source: table
        for manifest in AGENCIES.values()
        for source, table in manifest.subjects.items()
    }


# Agencies by name, in the order in which they act.
AGENCIES: Mapping[str, AgencyManifest] = _Found(lambda: registry().sound)
# All tables that a dataset can have, by path.
TABLES: Mapping[str, Table] = _Found(_tables)
# The table of each source that lists its people.
SUBJECTS: Mapping[str, Table] = _Found(_subjects)
