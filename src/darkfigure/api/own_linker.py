"""Linkers given as objects or classes, such as those of a notebook, made ready for isolation."""

from __future__ import annotations

import base64
import inspect
import sys
import sysconfig
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

import cloudpickle

from darkfigure.linkage_eval.runs.suite import LinkerEntry
from darkfigure.synth.core.errors import LinkerError

_FILE = '''"""A linker as it was given, unpacked where nothing else is open."""

import base64
import pickle

_GIVEN = pickle.loads(base64.b64decode({packed!r}))


def make(**options):
    return _GIVEN(**options) if isinstance(_GIVEN, type) else _GIVEN
'''


def as_entry(linker: object, options: Mapping[str, Any], folder: Path) -> LinkerEntry:
    """Make of a linker, however it is given, what a suite would name.

    Parameters
    ----------
    linker
        A name, an object with the method `link`, or a class of such objects.
    options
        For its constructor; an object has been constructed already.
    folder
        Where an object or class is written to.

    Raises
    ------
    LinkerError
        It is no linker, or cannot be written down.
    """
    if isinstance(linker, str):
        return LinkerEntry(name=linker, options=dict(options))
    _check(linker, options)
    name = str(getattr(linker, "name", "") or getattr(linker, "__name__", type(linker).__name__))
    file = folder / f"linker_{len(list(folder.iterdir()))}.py"
    file.write_text(_FILE.format(packed=_pack(linker)), encoding="utf-8")
    return LinkerEntry(name=f"{file}:make", label=name, options=dict(options))


def _check(linker: object, options: Mapping[str, Any]) -> None:
    if not callable(getattr(linker, "link", None)):
        raise LinkerError(
            f"{linker!r} is no linker: it has no method `link(left, right, *, seed)`."
        )
    if options and not inspect.isclass(linker):
        raise LinkerError("Options are for a class or a name; an object has been made already.")
    module = getattr(linker, "__module__", type(linker).__module__)
    if module.partition(".")[0] == "darkfigure":
        raise LinkerError(
            f"{linker!r} is a linker of the library: give it by name, with `options`; "
            '`df.list("linkers")` names them.'
        )


def _pack(linker: object) -> bytes:
    """Pickle a linker with all modules of its user's, which its process cannot import."""
    try:
        with _taken_along():
            return base64.b64encode(cloudpickle.dumps(linker))
    except Exception as error:  # noqa: BLE001, whatever an object's own methods raise
        raise LinkerError(
            f"{linker!r} cannot be handed to a process of its own: {error}. "
            'Put it into a file and give it as "file.py:Name".'
        ) from None


@contextmanager
def _taken_along() -> Iterator[None]:
    modules = [one for one in list(sys.modules.values()) if _is_users(one)]
    for one in modules:
        cloudpickle.register_pickle_by_value(one)
    try:
        yield
    finally:
        for one in modules:
            cloudpickle.unregister_pickle_by_value(one)


def _is_users(module: ModuleType) -> bool:
    """Tell whether a module is neither Python's nor installed nor ours."""
    file, name = getattr(module, "__file__", None), module.__name__
    if not file or name in {"__main__", "__mp_main__"} or name.partition(".")[0] == "darkfigure":
        return False
    installed = (sysconfig.get_path(one) for one in ("stdlib", "purelib", "platlib"))
    return not any(Path(file).is_relative_to(one) for one in installed) and not any(
        part in {"site-packages", "dist-packages"} for part in Path(file).parts
    )
