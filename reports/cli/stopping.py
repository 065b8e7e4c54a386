"""Stop on Ctrl-C and on SIGTERM with one message that says what is kept."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from darkfigure.synth.core.errors import StoppedError


class _Terminated(KeyboardInterrupt):
    """SIGTERM, which Python would otherwise end at without tidying up."""


def _blocks() -> str:
    return "The same command goes on from the blocks that are finished."


@contextmanager
def stoppable(kept: Callable[[], str] = _blocks) -> Iterator[None]:
    """Let what is going on be stopped; it tidies up as it does after Ctrl-C.

    Parameters
    ----------
    kept
        Says what is kept then, where the interruption itself does not.

    Raises
    ------
    StoppedError
        It was stopped.
    """
    before = signal.signal(signal.SIGTERM, _terminate)
    try:
        yield
    except KeyboardInterrupt as stop:
        number = signal.SIGTERM if isinstance(stop, _Terminated) else signal.SIGINT
        raise StoppedError(f"interrupted. {str(stop) or kept()}", number) from None
    finally:
        signal.signal(signal.SIGTERM, before)


def _terminate(_: int, __: FrameType | None) -> None:
    raise _Terminated
