"""The errors a user can meet, each with its own exit code.

::

    DarkfigureError            1   anything below, when its kind does not matter
      SpecError                3   a scenario, suite or profile is wrong
      TargetError              4   a scenario asks for what cannot be
      DatasetError             5   a dataset is missing, damaged or altered
      OutputError              6   the output cannot be written
      UnknownNameError         7   no scenario, suite, linker or metric of that name
      LinksError               8   a file of links cannot be scored
      LinkerError              9   a linkage method failed
      InterruptionError       10   a process of ours was killed; what it had finished is kept
      MissingExtraError       11   something is not installed that an extra brings
      StoppedError      130, 143   Ctrl-C or SIGTERM; what was finished is kept

Exit code 2 is the command line's own, for a wrong option.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from darkfigure.synth.core.printable import printable


class DarkfigureError(Exception):
    """Base of all errors; the message says what is wrong, where, and how to mend it.

    What it quotes may be a stranger's: control characters become visible, and the end is cut.
    """

    exit_code = 1

    def __init__(self, message: str) -> None:
        super().__init__(printable(message))


class SpecError(DarkfigureError):
    """A scenario, suite or system profile does not say what it should."""

    exit_code = 3


class TargetError(DarkfigureError):
    """A scenario asks for something that its own numbers make impossible."""

    exit_code = 4


class DatasetError(DarkfigureError):
    """A dataset is missing, damaged or altered."""

    exit_code = 5


class OutputError(DarkfigureError):
    """The output folder cannot be written."""

    exit_code = 6


class UnknownNameError(DarkfigureError):
    """Nothing of that kind has that name."""

    exit_code = 7

    @classmethod
    def of(cls, kind: str, name: str, known: Iterable[str]) -> UnknownNameError:
        """Build the error with the nearest known name as a hint."""
        known, name = sorted(known), printable(name, 200)
        near = difflib.get_close_matches(name, known, n=1)
        hint = f" Did you mean '{near[0]}'?" if near else ""
        return cls(f"There is no {kind} '{name}'.{hint} Known: {', '.join(known) or 'none'}.")


class LinksError(DarkfigureError):
    """A file of links cannot be read or does not fit the dataset."""

    exit_code = 8


class LinkerError(DarkfigureError):
    """A linkage method failed: it crashed, hung, ran out of memory or answered nonsense."""

    exit_code = 9


class InterruptionError(DarkfigureError):
    """A process that worked for us was killed; what was finished is kept."""

    exit_code = 10


class MissingExtraError(DarkfigureError):
    """Something is asked for that an extra brings, and that is not installed."""

    exit_code = 11


class StoppedError(InterruptionError):
    """Somebody told this process to stop; the message says what is kept.

    Parameters
    ----------
    message
        What is kept, and how to go on.
    number
        Of the signal; the exit code is 128 more, as a shell gives it.
    """

    def __init__(self, message: str, number: int) -> None:
        super().__init__(message)
        self.exit_code = 128 + number
