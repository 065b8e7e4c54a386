"""A world in a file that any number of processes read without a copy each.

Reading a pickle can run any program. So a file is read only with the seal of who wrote it: a key
that is made for one piece of work and is never written down, or the key of the user's own cache.
"""

from __future__ import annotations

import hashlib
import hmac
import mmap
import os
import pickle
import secrets
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

from darkfigure.synth.core.errors import InterruptionError

_ALIGN = 64  # bytes, as Arrow wants its buffers
_LENGTH = 8  # bytes of the trailer
_KEY = 32  # bytes
_DIGEST = hashlib.sha256().digest_size


@dataclass(frozen=True)
class Frozen:
    """A file that holds an object, and the seal under which it was written.

    Parameters
    ----------
    file
        Path of the file.
    seal
        Key of one piece of work, known to its processes only.
    """

    file: Path
    seal: bytes = field(repr=False)

    def thaw(self) -> Any:  # noqa: ANN401, a world is anything
        """Map the file and give its object, whose arrays are read-only.

        Raises
        ------
        InterruptionError
            Another process has replaced the content of the file.
        """
        with self.file.open("rb") as opened:
            content = memoryview(mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ))
        length = int.from_bytes(content[-_LENGTH:], "little")
        # Copied, so that nothing can change between the check and the use.
        sealed = bytes(content[-_LENGTH - length : -_LENGTH])
        digest, layout = sealed[:_DIGEST], sealed[_DIGEST:]
        if not hmac.compare_digest(digest, hmac.digest(self.seal, layout, "sha256")):
            raise InterruptionError(
                f"{self.file} was changed while it was worked with. Run the same command again, "
                "where no other program writes."
            )
        structure, ends, sizes = pickle.loads(layout)  # noqa: S301, sealed by this work
        starts = [start for start, _ in pairwise(ends)]
        buffers = [content[start : start + size] for start, size in zip(starts, sizes, strict=True)]
        return pickle.loads(structure, buffers=buffers)  # noqa: S301, as above


def freeze(thing: Any, file: Path, seal: bytes | None = None) -> Frozen:  # noqa: ANN401
    """Write an object to a file that its owner alone can read; an earlier file goes.

    Parameters
    ----------
    thing
        Anything that can be pickled.
    file
        Path of the file.
    seal
        Key of the work; by default one that is made for this file.
    """
    frozen = Frozen(file, seal or secrets.token_bytes(_KEY))
    buffers = list[pickle.PickleBuffer]()
    structure = pickle.dumps(thing, protocol=5, buffer_callback=buffers.append)
    file.unlink(missing_ok=True)
    # Made anew, so that no link leads elsewhere and nobody else has it open.
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        ends = [0]
        for buffer in buffers:
            out.write(buffer.raw())
            out.write(bytes(-out.tell() % _ALIGN))
            ends.append(out.tell())
        layout = pickle.dumps((structure, ends, [buffer.raw().nbytes for buffer in buffers]))
        sealed = hmac.digest(frozen.seal, layout, "sha256") + layout
        out.write(sealed)
        out.write(len(sealed).to_bytes(_LENGTH, "little"))
    return frozen
