"""A secret that goes into every draw of a world: without it nobody can make that world again.

A scenario and its seed are no secret. A linker that carries this program could make the world of a
contest from them and read off who is who; with a salt it would have to guess the salt first. Each
guess costs one run of `scrypt`, for the key of the draws as for the fingerprint.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path

from darkfigure.synth.core.errors import SpecError

_FEWEST, _MOST = 16, 65_536  # bytes: 128 bits if they are random; a file that is larger is another
_KEY, _FINGERPRINT = 32, 16  # bytes
_MAKE = "Make one with `head -c 32 /dev/urandom > FILE` and keep it where no linker can read it."


@dataclass(frozen=True)
class Salt:
    """The key and the fingerprint of a salt, without the salt itself.

    Parameters
    ----------
    key
        Key of all draws; secret, since its owner can make the worlds again.
    fingerprint
        Tells one salt from another, for a manifest; 32 hexadecimal digits.
    """

    key: bytes = field(repr=False)
    fingerprint: str

    @classmethod
    def of(cls, secret: bytes) -> Salt:
        """Derive key and fingerprint from a secret; it takes about 0.05 s, on purpose."""
        derived = hashlib.scrypt(
            secret, salt=b"darkfigure salt 1", n=2**14, r=8, p=1, dklen=_KEY + _FINGERPRINT
        )
        return cls(derived[:_KEY], derived[_KEY:].hex())

    @classmethod
    def read(cls, file: str | Path) -> Salt:
        """Read a salt from a file; the end of its last line does not count.

        Raises
        ------
        SpecError
            The file cannot be read, or does not hold 16 to 65,536 bytes.
        """
        path = Path(file)
        if path.is_fifo() and not str(path).startswith("/dev/fd/"):  # a shell's <(...) comes so
            raise SpecError(f"salt {file} is a pipe, which may never end. {_MAKE}")
        try:
            with path.open("rb") as opened:
                secret = opened.read(_MOST + 1).removesuffix(b"\n").removesuffix(b"\r")
        except OSError as error:
            raise SpecError(f"salt {file} cannot be read: {error.strerror}. {_MAKE}") from None
        if not _FEWEST <= len(secret) <= _MOST:
            size = "more" if len(secret) > _MOST else f"{len(secret)}"
            raise SpecError(
                f"salt {file} holds {size} bytes; it needs {_FEWEST} to {_MOST:,}. {_MAKE}"
            )
        return cls.of(secret)
