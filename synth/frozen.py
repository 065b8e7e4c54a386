"""A world in a file, which any number of processes read without each holding a copy."""

from __future__ import annotations

import mmap
import pickle
from itertools import pairwise
from pathlib import Path
from typing import Any

_ALIGN = 64  # bytes, as Arrow wants its buffers
_LENGTH = 8  # bytes of the trailer


def freeze(thing: Any, file: Path) -> None:  # noqa: ANN401, a world is anything
    """Write something to a file that `thaw` reads; its arrays lie there as they do in memory."""
    held: list[pickle.PickleBuffer] = []
    structure = pickle.dumps(thing, protocol=5, buffer_callback=held.append)
    beside, ends = file.with_name(f"{file.name}.part"), [0]
    with beside.open("wb") as out:
        for buffer in held:
            out.write(buffer.raw())
            out.write(bytes(-out.tell() % _ALIGN))
            ends.append(out.tell())
        trailer = pickle.dumps((structure, ends, [buffer.raw().nbytes for buffer in held]))
        out.write(trailer)
        out.write(len(trailer).to_bytes(_LENGTH, "little"))
    beside.replace(file)


def thaw(file: Path) -> Any:  # noqa: ANN401
    """Read what `freeze` wrote, by mapping the file: its arrays cannot be written to.

    The file must be one's own: reading a pickle can run anything.
    """
    with file.open("rb") as opened:
        held = memoryview(mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ))
    length = int.from_bytes(held[-_LENGTH:], "little")
    structure, ends, sizes = pickle.loads(held[-_LENGTH - length : -_LENGTH])  # noqa: S301, our own
    starts = [start for start, _ in pairwise(ends)]
    buffers = [held[start : start + size] for start, size in zip(starts, sizes, strict=True)]
    return pickle.loads(structure, buffers=buffers)  # noqa: S301
