"""From what a user writes to a linker: a library name, an entry point, a file, or a command.

::

    exact                          of the library (`BUILT_IN`)
    their-linker                   an entry point of the group "darkfigure.linkers"
    mine.py:MyLinker               a class in a file
    cmd: Rscript mine.R {left} {right} {out}      any command line

Only library linkers are imported by the process that evaluates; others' code is loaded in the
linker's own process, where the truth is closed to it.
"""

from __future__ import annotations

import importlib
import importlib.util
import inspect
from collections.abc import Mapping
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Any, cast

from linkage_eval.contracts import Linker
from linkage_eval.unknown_linkers import unknown_linker
from synth.errors import LinkerError, SpecError, UnknownNameError

GROUP = "darkfigure.linkers"
BUILT_IN = {
    "exact": "linkage_eval.linkers.exact:Exact",
    "stepwise": "linkage_eval.linkers.stepwise:Stepwise",
    "nhs-stepwise": "linkage_eval.linkers.nhs_stepwise:NhsStepwise",
    "macral": "linkage_eval.linkers.macral:Macral",
    "splink": "linkage_eval.linkers.splink:Splink",
    "splink-beginner": "linkage_eval.linkers.splink:SplinkBeginner",
    "splink-tf": "linkage_eval.linkers.splink:SplinkTermFrequencies",
    "splink-spark": "linkage_eval.linkers.splink_spark:SplinkOnSpark",
    "recordlinkage-ecm": "linkage_eval.linkers.recordlinkage:RecordlinkageEcm",
    "recordlinkage-logistic": "linkage_eval.linkers.recordlinkage:RecordlinkageSupervised",
    "dedupe": "linkage_eval.linkers.dedupe:Dedupe",
    "epilink": "linkage_eval.linkers.epilink:EpiLink",
    "bloom": "linkage_eval.linkers.bloom:Bloom",
    "slk581": "linkage_eval.linkers.keys:Slk581",
    "hashed-nhs": "linkage_eval.linkers.keys:HashedNhsNumber",
    "time-place": "linkage_eval.linkers.time_place:TimePlace",
    "pnd-search": "linkage_eval.linkers.pnd_search:PndSearch",
}
_COMMAND = "cmd:"


def known_linkers() -> dict[str, str]:
    """Describe each linker of the library and each entry point in one line, by name."""
    described = {name: _summary(_imported(place)) for name, place in BUILT_IN.items()}
    plugins = {name: f"from {point.value}" for name, point in _entry_points().items()}
    return plugins | described


def check(name: str, options: Mapping[str, Any]) -> None:
    """Make sure that a linker of that name can be loaded, without running others' code.

    Raises
    ------
    UnknownNameError
        There is no such linker.
    SpecError
        A library linker has no such option.
    """
    if name in BUILT_IN:
        _make(_imported(BUILT_IN[name]), name, options)
    elif name.startswith(_COMMAND) or name in _entry_points():
        return
    elif not _is_place(name) or not Path(_split(name)[0]).is_file():
        raise unknown_linker(name, [*BUILT_IN, *_entry_points()])


def learns(name: str) -> bool:
    """Tell whether a linker of the library learns from labels; of others' nothing is known."""
    return name in BUILT_IN and hasattr(_imported(BUILT_IN[name]), "fit")


def suits(name: str, kind: str) -> bool:
    """Tell whether a linker takes part in a kind of task, "persons" or "events".

    A linker of the library may say of which `kind` alone it is; all others are of both.
    """
    return name not in BUILT_IN or getattr(_imported(BUILT_IN[name]), "kind", kind) == kind


def load(name: str, options: Mapping[str, Any]) -> Linker:
    """Make a linker from its name and options.

    Raises
    ------
    UnknownNameError
        There is no such linker.
    SpecError
        It does not take these options.
    LinkerError
        What was found is no linker.
    """
    check(name, options)
    if name.startswith(_COMMAND):
        line = name.removeprefix(_COMMAND).strip()
        return _make(_imported("linkage_eval.linkers.command:Command"), name, {"line": line})
    if name in BUILT_IN:
        return _make(_imported(BUILT_IN[name]), name, options)
    found = _entry_points()
    maker = found[name].load() if name in found else _from_file(name)
    return _make(maker, name, options)


def _make(maker: Any, name: str, options: Mapping[str, Any]) -> Linker:  # noqa: ANN401
    try:
        inspect.signature(maker).bind(**options)
    except (TypeError, ValueError) as error:
        raise SpecError(f"linker '{name}': {error}; see its documentation.") from None
    made = maker(**options)
    if not isinstance(made, Linker):
        raise LinkerError(f"'{name}' is no linker: it needs a `name` and a method `link`.")
    return made


def _entry_points() -> dict[str, EntryPoint]:
    return {point.name: point for point in entry_points(group=GROUP)}


def _is_place(name: str) -> bool:
    return ".py:" in name


def _split(place: str) -> tuple[str, str]:
    before, _, attribute = place.rpartition(":")
    return before, attribute


def _imported(place: str) -> Any:  # noqa: ANN401, whatever the module holds
    module, attribute = _split(place)
    return getattr(importlib.import_module(module), attribute)


def _from_file(place: str) -> Any:  # noqa: ANN401, whatever the file holds
    file, attribute = _split(place)
    spec = importlib.util.spec_from_file_location(Path(file).stem, file)
    if spec is None or spec.loader is None:
        raise LinkerError(f"{file} cannot be loaded as Python.")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    if not hasattr(module, attribute):
        public = [name for name in vars(module) if not name.startswith("_")]
        raise UnknownNameError.of(f"linker in {file} called", attribute, public)
    return getattr(module, attribute)


def _summary(maker: object) -> str:
    return cast("str", inspect.getdoc(maker)).splitlines()[0]
