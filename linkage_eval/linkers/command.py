"""Any command line as a linker, so that R, Java and Rust tools compete too.

It stands alone: it runs beside others' commands, where nothing else of ours can be imported.
"""

from __future__ import annotations

import shlex
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

_FILES = ("left", "right", "left_csv", "right_csv", "out")
_STDERR_LINES = 3
_LAST_WORDS = 10_000
_PARQUET_MARK = b"PAR1"
_MEND = "Write columns left_id, right_id and, if there is one, score, as Parquet or CSV."


class CommandError(Exception):
    """A command cannot be run, failed, or wrote no proper links."""


@dataclass(frozen=True)
class Command:
    """Run a command that reads two files and writes one.

    Parameters
    ----------
    line
        The command. Placeholders stand for files: `{left}` and `{right}` are Parquet, `{left_csv}`
        and `{right_csv}` the same as CSV; to `{out}` it must write `left_id`, `right_id` and
        `score`, as Parquet or CSV. `{seed}` is the seed. No shell is involved.
    """

    line: str
    name: str = "command"

    def link(self, left: pa.Table, right: pa.Table, *, seed: int) -> pa.Table:
        """Link two tables.

        Raises
        ------
        CommandError
            The command is missing, failed, or wrote no proper links.
        """
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            files = {name: str(Path(folder, name)) for name in _FILES}
            for name, table in (("left", left), ("right", right)):
                pq.write_table(table, files[name])
                pyarrow.csv.write_csv(table, files[f"{name}_csv"])
            self._run(files | {"seed": str(seed)}, Path(folder, "stderr"))
            return _read_links(Path(files["out"]))

    def _run(self, placeholders: dict[str, str], stderr: Path) -> None:
        try:
            words = [word.format(**placeholders) for word in shlex.split(self.line)]
        except (KeyError, IndexError, ValueError, AttributeError) as error:
            raise CommandError(
                f"the command `{self.line}` cannot be understood: {error}; "
                f"placeholders are {', '.join(f'{{{name}}}' for name in placeholders)}"
            ) from None
        if not words:
            raise CommandError("`cmd:` is followed by no command")
        try:
            with stderr.open("wb") as stream:
                process = subprocess.run(  # noqa: S603
                    words,
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=stream,
                    check=False,
                )
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise CommandError(f"`{words[0]}` cannot be started: {reason}") from None
        if process.returncode:
            ended = f"`{words[0]}` ended with exit code {process.returncode}"
            raise CommandError(f"{ended}: {_last_words(stderr) or '-'}")


def _last_words(file: Path) -> str:
    with file.open("rb") as stream:
        stream.seek(max(0, file.stat().st_size - _LAST_WORDS))
        lines = stream.read().decode("utf-8", "replace").strip().splitlines()
    return " / ".join(lines[-_STDERR_LINES:])


def _read_links(file: Path) -> pa.Table:
    """Read the links that a command wrote; an empty file holds none."""
    try:
        with file.open("rb") as opened:
            start = opened.read(len(_PARQUET_MARK))
        if not start:
            return pa.table({name: pa.array([], pa.string()) for name in ("left_id", "right_id")})
        if start == _PARQUET_MARK:
            return _checked(pq.ParquetFile(file).read())
        # Ids are text: a leading zero belongs to them.
        types = {"left_id": pa.string(), "right_id": pa.string(), "score": pa.float64()}
        convert = pyarrow.csv.ConvertOptions(column_types=types, null_values=["", "NA"])
        return _checked(pyarrow.csv.read_csv(file, convert_options=convert))
    except FileNotFoundError:
        raise CommandError("the command wrote no proper links: there is no {out}") from None
    except (OSError, pa.ArrowException, UnicodeDecodeError) as error:
        reason = str(error).splitlines()[0]
        raise CommandError(f"the command wrote no proper links: {reason}. {_MEND}") from None


def _checked(links: pa.Table) -> pa.Table:
    missing = [name for name in ("left_id", "right_id") if name not in links.column_names]
    if missing:
        raise CommandError(
            f"the command wrote no proper links: no column {' and no column '.join(missing)}; "
            f"found: {', '.join(links.column_names)}. {_MEND}"
        )
    return links
