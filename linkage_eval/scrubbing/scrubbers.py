"""From what a user writes to a scrubber: a library name, a function in a file, or a command."""

from __future__ import annotations

import importlib.util
import shlex
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

from darkfigure.linkage_eval.scrubbing import names_and_patterns
from darkfigure.linkage_eval.scrubbing.answers import MEND, read_answer
from darkfigure.synth.core.errors import LinkerError, UnknownNameError

Scrubber = Callable[[pa.Table], object]
BUILT_IN: dict[str, Scrubber] = {"names-and-patterns": names_and_patterns.scrub}
SHOWN = ("text_id", "source", "text")  # of each text; no scrubber gets more
_COMMAND = "cmd:"
_LAST_LINES = 3
_KINDS = "a name of the library, FILE.py:FUNCTION, or 'cmd: COMMAND {texts} {out}'"


def find_scrubber(name: str) -> Scrubber:
    """Find a scrubber.

    Parameters
    ----------
    name
        A name of the library, `file.py:function`, or `cmd: ...`.

    Raises
    ------
    UnknownNameError
        There is no such scrubber.
    LinkerError
        Its file cannot be loaded.
    """
    if name in BUILT_IN:
        return BUILT_IN[name]
    if name.startswith(_COMMAND):
        return _Command(name.removeprefix(_COMMAND).strip())
    file, _, function = name.rpartition(":")
    if file.endswith(".py"):
        return _from_file(Path(file), function)
    raise UnknownNameError(
        f"{UnknownNameError.of('scrubber', name, BUILT_IN)} A scrubber is {_KINDS}."
    )


def scrubbed_by(scrubber: Scrubber, texts: pa.Table, name: str) -> object:
    """Let a scrubber work.

    Parameters
    ----------
    scrubber
        Called with a table of the columns `SHOWN`.
    texts
        The texts.
    name
        What to call it in messages.

    Raises
    ------
    LinkerError
        It failed.
    """
    try:
        return scrubber(texts.select(SHOWN))
    except LinkerError:
        raise
    except Exception as error:  # noqa: BLE001, whatever somebody's own code raises
        said = f"{type(error).__name__}: {error}"
        raise LinkerError(f"The scrubber '{name}' failed: {said}") from None


def _from_file(file: Path, function: str) -> Scrubber:
    if not file.is_file():
        raise UnknownNameError(f"There is no file '{file}'. A scrubber is {_KINDS}.")
    spec = importlib.util.spec_from_file_location(f"scrubber_{file.stem}", file)
    if spec is None or spec.loader is None:
        raise LinkerError(f"'{file}' cannot be loaded as Python.")
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except Exception as error:  # noqa: BLE001, whatever somebody's own code raises
        said = f"{type(error).__name__}: {error}"
        raise LinkerError(f"'{file}' cannot be loaded: {said}") from None
    found = getattr(module, function, None)
    if not callable(found):
        raise UnknownNameError(
            f"'{file}' holds no function '{function}'; a scrubber is written def scrub(texts)."
        )
    scrubber: Scrubber = found
    return scrubber


class _Command:
    """Any command line that reads the texts from one file and writes its answer to another."""

    def __init__(self, line: str) -> None:
        self.line = line

    def __call__(self, texts: pa.Table) -> pa.Table:
        with tempfile.TemporaryDirectory(
            prefix="darkfigure-", ignore_cleanup_errors=True
        ) as folder:
            files = {name: str(Path(folder, name)) for name in ("texts", "texts_csv", "out")}
            pq.write_table(texts, files["texts"])
            pyarrow.csv.write_csv(texts, files["texts_csv"])
            self._run(files)
            if not Path(files["out"]).exists():
                raise LinkerError(f"The command `{self.line}` wrote no {{out}}. {MEND}")
            return read_answer(Path(files["out"]))

    def _run(self, files: dict[str, str]) -> None:
        try:
            words = [word.format(**files) for word in shlex.split(self.line)] or [""]
            done = subprocess.run(  # noqa: S603, the user's own command
                words, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
            )
        except (KeyError, IndexError, ValueError, OSError) as error:
            raise LinkerError(
                f"The command `{self.line}` cannot be run: {error}. Placeholders are "
                f"{{texts}} (Parquet), {{texts_csv}} and {{out}}."
            ) from None
        if done.returncode:
            last = " / ".join(done.stderr.strip().splitlines()[-_LAST_LINES:]) or "-"
            raise LinkerError(
                f"The command `{self.line}` ended with exit code {done.returncode}: {last}"
            )
