"""JSON from a file that anybody may have written: whatever is wrong with it is a `ValueError`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

_LARGEST = 64 << 20  # bytes; the manifest of a dataset in 5,000 parts takes one of them


def read_json(file: Path) -> Any:  # noqa: ANN401, whatever it holds
    """Read a file of JSON.

    Raises
    ------
    OSError
        It is not there, or cannot be read.
    ValueError
        It is too large, nested too deep, or no JSON; the text says why.
    """
    with file.open("rb") as opened:
        content = opened.read(_LARGEST + 1)
    if len(content) > _LARGEST:
        raise ValueError(f"it has more than {_LARGEST:,} bytes")
    try:
        return json.loads(content)
    except RecursionError:
        raise ValueError("it is nested too deep") from None
