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
      InterruptionError       10   a process of ours was killed; finished work is kept
      MissingExtraError       11   a package of an extra is not installed
      StoppedError      130, 143   Ctrl-C or SIGTERM; finished work is kept

Exit code 2 is the command line's own, for a wrong option.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from darkfigure.synth.core.printable import printable

_LONGEST = 20_000  # letters of a message; `verify` may have to name some hundred files


class DarkfigureError(Exception):
    """Base of all errors; the message says what is wrong, where, and how to mend it.

    The message may quote text of others: control characters are made visible, and a long text is
    cut.
    """

    exit_code = 1

    def __init__(self, message: str) -> None:
        super().__init__(printable(message, _LONGEST))


class SpecError(DarkfigureError):
    """A scenario, suite or system profile is wrong."""

    exit_code = 3


class TargetError(DarkfigureError):
    """A scenario sets a target that its own numbers make impossible."""

    exit_code = 4


class DatasetError(DarkfigureError):
    """A dataset is missing, damaged or altered."""

    exit_code = 5


class OutputError(DarkfigureError):
    """The output folder cannot be written."""

    exit_code = 6


class UnknownNameError(DarkfigureError):
    """No thing of that kind has that name."""

    exit_code = 7

    @classmethod
    def of(cls, kind: str, name: str, known: Iterable[str]) -> UnknownNameError:
        """Build the error with the nearest known name as a hint.

        Parameters
        ----------
        kind
            Kind of thing in the singular, such as "scenario".
        name
            The name that nothing has.
        known
            Names that exist.
        """
        known, name = sorted(known), printable(name, 200)
        near = difflib.get_close_matches(name, known, n=1)
        hint = f" Did you mean '{near[0]}'?" if near else ""
        return cls(f"There is no {kind} '{name}'.{hint} Known: {', '.join(known) or 'none'}.")


class LinksError(DarkfigureError):
    """A file of links cannot be read or does not fit the dataset."""

    exit_code = 8


class LinkerError(DarkfigureError):
    """A linkage method or scrubber crashed, hung, ran out of memory or returned nonsense."""

    exit_code = 9


class InterruptionError(DarkfigureError):
    """A worker process was killed; finished work is kept."""

    exit_code = 10


class MissingExtraError(DarkfigureError):
    """A package of an extra is needed and not installed."""

    exit_code = 11


class StoppedError(InterruptionError):
    """A signal stopped this process; the message says what is kept.

    Parameters
    ----------
    message
        The work that is kept, and the way to go on.
    number
        Number of the signal; the exit code is 128 more, as a shell gives it.
    """

    def __init__(self, message: str, number: int) -> None:
        super().__init__(message)
        self.exit_code = 128 + number
