"""Any command line as a linker, so that R, Java and Rust tools compete too."""

from __future__ import annotations

import shlex
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

from linkage_eval.linkfiles import read_links
from synth.errors import LinkerError, LinksError

_FILES = ("left", "right", "left_csv", "right_csv", "out")
_STDERR_LINES = 3


@dataclass(frozen=True)
class Command:
    """Run a command that reads two files and writes one.

    Parameters
    ----------
    line
        Placeholders stand for files: `{left}` and `{right}` are Parquet, `{left_csv}` and
        `{right_csv}` the same as CSV; `{out}` is where it must write `left_id`, `right_id` and
        `score`, as Parquet or CSV. `{seed}` is the seed. No shell is involved.
    """

    line: str
    name: str = "command"

    def link(self, left: pa.Table, right: pa.Table, *, seed: int) -> pa.Table:
        """Link two tables.

        Raises
        ------
        LinkerError
            The command is not there, failed, or wrote no proper links.
        """
        with tempfile.TemporaryDirectory() as folder:
            files = {name: str(Path(folder, name)) for name in _FILES}
            for name, table in (("left", left), ("right", right)):
                pq.write_table(table, files[name])
                pyarrow.csv.write_csv(table, files[f"{name}_csv"])
            self._run(files | {"seed": str(seed)})
            try:
                return read_links(Path(files["out"]))
            except LinksError as error:
                raise LinkerError(f"the command wrote no proper links: {error}") from None

    def _run(self, placeholders: dict[str, str]) -> None:
        try:
            words = [word.format(**placeholders) for word in shlex.split(self.line)]
        except (KeyError, IndexError, ValueError) as error:
            raise LinkerError(
                f"the command `{self.line}` cannot be understood: {error}; "
                f"placeholders are {', '.join(f'{{{name}}}' for name in placeholders)}"
            ) from None
        try:
            done = subprocess.run(words, capture_output=True, text=True, check=False)  # noqa: S603
        except OSError as error:
            raise LinkerError(f"`{words[0]}` cannot be started: {error.strerror}") from None
        if done.returncode:
            said = " / ".join(done.stderr.strip().splitlines()[-_STDERR_LINES:])
            raise LinkerError(f"`{words[0]}` ended with exit code {done.returncode}: {said or '-'}")
