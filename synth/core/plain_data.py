"""Plain data from files that anybody may have written: TOML and JSON, within bounds.

A file is small, is nested little, and holds numbers of 64 bits. A file beyond these bounds is a
mistake or an attack, and could take minutes or gigabytes to read.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable
from copy import deepcopy
from functools import lru_cache
from pathlib import Path
from typing import Any

from darkfigure.synth.core.errors import SpecError

TOML_BYTES = 256 << 10  # our longest file has 11 thousand
JSON_BYTES = 64 << 20  # the manifest of a dataset in 5,000 parts takes one million
_DEEPEST = 32  # tables in tables; ours go six deep
_VALUES = 20_000  # of a TOML file; ours have a few hundred
_INT64 = 1 << 63
# The time that `tomllib` takes grows with the square of a dotted key's parts.
_TEXTS = re.compile(
    rb""""{3}.*?"{3}|'{3}.*?'{3}|"(?:[^"\\\n]|\\.)*+"|'[^'\n]*+'|#[^\n]*+""", re.DOTALL
)
_LONG_KEY = re.compile(rb"(?<![\w-])(?:[\w-]++[ \t]*+\.[ \t]*+){32}")


def read_toml(file: Path) -> dict[str, Any]:
    """Read a file of TOML.

    Raises
    ------
    SpecError
        The file cannot be read, is no TOML, or is beyond the bounds.
    """
    try:
        content = _start_of(file, TOML_BYTES)
    except OSError as error:
        raise SpecError(f"{file} cannot be read: {error.strerror or error}.") from None
    except ValueError as error:
        raise SpecError(f"{file} is too large: {error}. Leave out what is not needed.") from None
    if _LONG_KEY.search(_TEXTS.sub(b"x", content)):
        raise SpecError(f"{file} has a key of more than 32 parts; write fewer.")
    try:
        data = deepcopy(_parsed(content))
    except UnicodeDecodeError as error:
        raise SpecError(f"{file} is not UTF-8 at byte {error.start:,}; save it as that.") from None
    except tomllib.TOMLDecodeError as error:
        raise SpecError(f"{file} is not TOML: {error}. Mend that line.") from None
    except (RecursionError, ValueError) as error:
        problem = "nested too deep" if isinstance(error, RecursionError) else "too long a number"
        raise SpecError(f"{file} is not TOML that can be read: {problem}. Mend that.") from None
    if reason := excess(data, _VALUES):
        raise SpecError(f"{file} {reason}; write less.")
    return data


@lru_cache(maxsize=64)
def _parsed(content: bytes) -> dict[str, Any]:
    """Parse what a file holds once: a world reads a score of files of the library."""
    return tomllib.loads(content.decode("utf-8"))


def read_json(file: Path) -> Any:  # noqa: ANN401, JSON holds anything
    """Read a file of JSON.

    Raises
    ------
    OSError
        The file does not exist, or cannot be read.
    ValueError
        The file is too large, nested too deep, or no JSON; the text says why.
    """
    content = _start_of(file, JSON_BYTES)
    try:
        data = json.loads(content)
    except RecursionError:
        raise ValueError("it is nested too deep") from None
    if reason := excess(data, len(content)):
        raise ValueError(f"it {reason}")
    return data


def excess(data: object, most: int) -> str:
    """Say how plain data exceed the bounds, such as "is nested more than 32 deep"; empty if not.

    Parameters
    ----------
    data
        Dicts, lists and scalars, as read from TOML or JSON.
    most
        Allowed number of values, inner ones included.
    """
    level: list[object] = [data]
    n_values = 0
    for _ in range(_DEEPEST + 1):
        n_values += len(level)
        if n_values > most:
            return f"has more than {most:,} values"
        if any(isinstance(item, int) and not -_INT64 <= item < _INT64 for item in level):
            return "has a whole number of more than 64 bits"
        level = [inner for value in level for inner in _inside(value)]
        if not level:
            return ""
    return f"is nested more than {_DEEPEST} deep"


def _inside(value: object) -> Iterable[object]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list | tuple) else ()


def _start_of(file: Path, most: int) -> bytes:
    """Read a file, but no pipe or device, which may never end."""
    if file.exists() and not file.is_file():
        raise OSError(0, "it is a folder, a pipe or a device, not a file", str(file))
    with file.open("rb") as opened:
        content = opened.read(most + 1)
    if len(content) > most:
        raise ValueError(f"it has more than {most:,} bytes")
    return content
