"""Do what a page of the documentation tells its reader to do.

A block that begins with `# FILE` is a file, written before anything below it runs. Lines of a
`console` block that begin with `$ ` are run; above it may stand `<!-- exit: N -->`, the exit code
that is expected, or `<!-- needs: WHAT -->`, one of `needs.NEEDS`: such a block is run by a test of
its own. Blocks of `text` and `sh` are only read.
"""

from __future__ import annotations

import contextlib
import importlib.metadata
import io
import os
import re
import runpy
import shlex
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

from lending import VARIABLE, lend

from darkfigure.reports.cli import main

_BLOCK = re.compile(r"(?:<!-- (exit|needs): (\S+) -->\n)?```(\w+)\n(.*?)```", re.DOTALL)
_FILE = re.compile(r"# (\S+\.\w+)\n")
_READ_ONLY = ("text", "sh")
_COMMAND = "from darkfigure.reports.cli import main; main()"


def needs_of(file: Path) -> list[str]:
    """Give what blocks of a page need, each once."""
    found = _BLOCK.findall(file.read_text(encoding="utf-8"))
    return list(dict.fromkeys(value for what, value, *_ in found if what == "needs"))


@dataclass(frozen=True)
class Page:
    """A page and the folder in which its reader works; `worlds` are lent, not made again.

    Blocks that need something are run where `has` names it. Commands run in a process of their own
    if they are to run `apart`, so that they find the packages that the folder holds.
    """

    file: Path
    folder: Path
    worlds: tuple[Path, ...] = ()
    has: tuple[str, ...] = ()
    apart: bool = False

    def follow(self) -> list[str]:
        """Write every file and run every command; give what the commands printed."""
        return [said for block in self._blocks() for said in self._do(*block)]

    def _blocks(self) -> Iterator[tuple[str, str, str, str]]:
        for found in _BLOCK.finditer(self.file.read_text(encoding="utf-8")):
            what, value, language, text = found.groups()
            yield what or "", value or "", language, text

    def _do(self, what: str, value: str, language: str, text: str) -> Iterator[str]:
        named = _FILE.match(text)
        if language == "console":
            if what == "needs" and value not in self.has:
                return
            for line in text.splitlines():
                assert line.startswith("$ "), line
                last = line == text.splitlines()[-1]
                expected = int(value) if what == "exit" and last else 0
                yield self._run(shlex.split(line[2:]), expected)
        elif named:
            place = self.folder / named[1]
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text[named.end() :], encoding="utf-8")
        elif language == "python":
            script = self.folder / "block.py"
            script.write_text(text, encoding="utf-8")
            yield self._run(["python", str(script)], 0)
        else:
            assert language in _READ_ONLY, f"neither run nor written: {text[:60]}"

    def _run(self, words: list[str], expected: int) -> str:
        command, *rest = words
        if self.apart:
            start = ["-c", _COMMAND] if command == "darkfigure" else []
            return self._apart([*start, *rest], expected)
        if command == "darkfigure":
            return self._in_here(words, main, expected)
        if command == "python":
            return self._in_here(rest, lambda: runpy.run_path(rest[0], run_name="__main__"), 0)
        assert "pytest" == command
        return self._pytest(rest)

    def _in_here(self, words: list[str], act: object, expected: int) -> str:
        said, complaint = io.StringIO(), io.StringIO()
        path = [str(self.folder), *sys.path]
        with (
            contextlib.chdir(self.folder),
            lend(*self.worlds),
            contextlib.redirect_stdout(said),
            contextlib.redirect_stderr(complaint),
            mock.patch.object(sys, "argv", words),
            mock.patch.object(sys, "path", path),
        ):
            try:
                act()
                code = 0
            except SystemExit as ended:
                code = ended.code or 0
        assert expected == code, f"{words}: {complaint.getvalue()}"
        return said.getvalue()

    def _apart(self, words: list[str], expected: int) -> str:
        done = subprocess.run(
            [sys.executable, *words],
            cwd=self.folder,
            env={**os.environ, "PYTHONPATH": os.pathsep.join([str(self.folder), *sys.path])},
            capture_output=True,
            text=True,
            check=False,
        )
        assert expected == done.returncode, f"{words}: {done.stderr}"
        return done.stdout

    def _pytest(self, words: list[str]) -> str:
        installed = {point.name for point in importlib.metadata.entry_points(group="pytest11")}
        plugin = (
            () if "darkfigure" in installed else ("-p", "darkfigure.linkage_eval.pytest_plugin")
        )
        here = str(Path(__file__).parent)
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-p", "lending", *plugin, *words],
            cwd=self.folder,
            env={
                **os.environ,
                "PYTHONPATH": os.pathsep.join(filter(None, [here, *sys.path])),
                VARIABLE: os.pathsep.join(map(str, self.worlds)),
            },
            capture_output=True,
            text=True,
            check=False,
        )
        assert 0 == done.returncode, done.stdout
        return done.stdout
