"""From what a user writes to a linker: a library name, an entry point, a file, or a command.

::

    exact                          of the library (`BUILT_IN`)
    their-linker                   an entry point of the group "darkfigure.linkers"
    mine.py:MyLinker               a class in a file
    cmd: Rscript mine.R {left} {right} {out}      any command line

Only library linkers are imported by the process that evaluates; others' code is loaded in the
linker's own process (`isolation/child.py`), where the truth is closed to it.
"""

from __future__ import annotations

import ast
import importlib
import importlib.util
import inspect
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import resources
from importlib.metadata import EntryPoint, entry_points
from os.path import isfile  # unlike `Path.is_file`, it says no to what can be no path
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, cast

from darkfigure.linkage_eval.linkers.engines import engine
from darkfigure.linkage_eval.linkers.unknown_linkers import unknown_linker
from darkfigure.synth.core.errors import SpecError, UnknownNameError

if TYPE_CHECKING:
    from darkfigure.linkage_eval.contracts import Linker

GROUP = "darkfigure.linkers"
_PLACES = {
    "exact": "exact:Exact",
    "stepwise": "stepwise:Stepwise",
    "nhs-stepwise": "nhs_stepwise:NhsStepwise",
    "macral": "macral:Macral",
    "splink": "splink:Splink",
    "splink-beginner": "splink:SplinkBeginner",
    "splink-tf": "splink:SplinkTermFrequencies",
    "splink-spark": "splink_spark:SplinkOnSpark",
    "recordlinkage-ecm": "recordlinkage:RecordlinkageEcm",
    "recordlinkage-logistic": "recordlinkage:RecordlinkageSupervised",
    "dedupe": "dedupe:Dedupe",
    "goldenmatch": "goldenmatch:GoldenMatch",
    "epilink": "epilink:EpiLink",
    "bloom": "bloom:Bloom",
    "slk581": "keys:Slk581",
    "hashed-nhs": "keys:HashedNhsNumber",
    "time-place": "time_place:TimePlace",
    "pnd-search": "pnd_search:PndSearch",
}
BUILT_IN = {name: f"{__package__}.{place}" for name, place in _PLACES.items()}
_COMMAND = "cmd:"


@dataclass(frozen=True)
class Place:
    """Where a linker is found.

    Parameters
    ----------
    kind
        "library", "point" (an entry point), "file" or "command".
    what
        Its name; `module:attribute`; `file.py:attribute`; the command line.
    """

    kind: Literal["library", "point", "file", "command"]
    what: str


def known_linkers() -> dict[str, str]:
    """Describe each linker of the library and each entry point in one line, by name."""
    described = {name: summary_of(place) for name, place in BUILT_IN.items()}
    plugins = {name: f"from {point.value}" for name, point in _entry_points().items()}
    return plugins | described


def summary_of(place: str) -> str:
    """Read the first line of what a class of ours says of itself, without importing it.

    Parameters
    ----------
    place
        `module:class`.
    """
    module, name = _split(place)
    package, _, inner = module.partition(".")
    # The package alone is imported, which is light; those in it may not be.
    file = resources.files(package).joinpath(f"{inner.replace('.', '/')}.py")
    classes = ast.parse(file.read_text(encoding="utf-8")).body
    found = (one for one in classes if isinstance(one, ast.ClassDef) and one.name == name)
    return cast("str", ast.get_docstring(next(found))).splitlines()[0]


def place_of(name: str) -> Place:
    """Find out where a linker is found, without running others' code.

    Raises
    ------
    UnknownNameError
        There is no such linker.
    """
    if name in BUILT_IN:
        return Place("library", name)
    if name.startswith(_COMMAND):
        return Place("command", name.removeprefix(_COMMAND).strip())
    found = _entry_points()
    if name in found:
        return Place("point", f"{found[name].module}:{found[name].attr}")
    if ".py:" not in name or not isfile(_split(name)[0]):  # noqa: PTH113, as imported
        raise unknown_linker(name, [*BUILT_IN, *found])
    return Place("file", name)


def check(name: str, options: Mapping[str, Any]) -> None:
    """Make sure that a linker of that name can be loaded, without running others' code.

    Raises
    ------
    UnknownNameError
        There is no such linker.
    SpecError
        A library linker has no such option.
    """
    if place_of(name).kind == "library":
        load(name, options)


def needs_network(place: Place) -> bool:
    """Tell whether a linker of the library talks to what it starts by way of the network."""
    return place.kind == "library" and getattr(_imported(BUILT_IN[place.what]), "network", False)


def files_of(point: Place) -> Iterator[Path]:
    """Name the files of a package that an entry point names, without importing it."""
    package = point.what.partition(":")[0].partition(".")[0]
    spec = importlib.util.find_spec(package)
    if spec and spec.submodule_search_locations:
        yield from (Path(one).resolve() for one in spec.submodule_search_locations)
    elif spec and spec.origin:
        yield Path(spec.origin).resolve()


def refuse_missing(name: str) -> None:
    """Make sure that the engines of a linker of the library are installed.

    Raises
    ------
    MissingExtraError
        One is not; the message says how to install it.
    """
    needed = getattr(_imported(BUILT_IN[name]), "engines", ()) if name in BUILT_IN else ()
    for module, extra in needed:
        engine(module, extra)


def learns(name: str) -> bool:
    """Tell whether a linker of the library learns from labels; of others' nothing is known."""
    return name in BUILT_IN and hasattr(_imported(BUILT_IN[name]), "fit")


def reads(name: str) -> tuple[str, ...] | None:
    """Give the fields that a linker of the library reads; None where it does not say."""
    return getattr(_imported(BUILT_IN[name]), "reads", None) if name in BUILT_IN else None


def class_of(name: str) -> Any:  # noqa: ANN401, whatever makes a linker
    """Give the class of a linker of the library; None of others'."""
    return _imported(BUILT_IN[name]) if name in BUILT_IN else None


def suits(name: str, kind: str) -> bool:
    """Tell whether a linker takes part in a kind of task, "persons" or "events".

    A linker of the library may say of which `kind` alone it is; all others are of both.
    """
    return name not in BUILT_IN or getattr(_imported(BUILT_IN[name]), "kind", kind) == kind


def load(name: str, options: Mapping[str, Any]) -> Linker:
    """Make a linker of the library.

    Raises
    ------
    UnknownNameError
        The library has no such linker.
    SpecError
        It does not take these options.
    """
    if name not in BUILT_IN:
        raise UnknownNameError.of("linker", name, BUILT_IN)
    maker = _imported(BUILT_IN[name])
    try:
        inspect.signature(maker).bind(**options)
    except (TypeError, ValueError) as error:
        raise SpecError(f"linker '{name}': {error}; see its documentation.") from None
    return cast("Linker", maker(**options))


def _entry_points() -> dict[str, EntryPoint]:
    return {point.name: point for point in entry_points(group=GROUP)}


def _split(place: str) -> tuple[str, str]:
    before, _, attribute = place.rpartition(":")
    return before, attribute


def _imported(place: str) -> Any:  # noqa: ANN401, whatever the module holds
    module, attribute = _split(place)
    return getattr(importlib.import_module(module), attribute)
