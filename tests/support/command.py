"""The command `darkfigure`, called in this process: an interpreter takes seconds to start.

`COMMAND` starts it in a process of its own, for what only a process has.
"""

from __future__ import annotations

import io
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout

import pytest

from darkfigure.reports.cli import main

COMMAND = (sys.executable, "-m", "darkfigure")
Done = subprocess.CompletedProcess[str]


def darkfigure(*words: object) -> Done:
    """Run the command; give its exit code and what it said, as a shell would have got them."""
    said, complaint = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patched, redirect_stdout(said), redirect_stderr(complaint):
        patched.setattr(sys, "argv", ["darkfigure", *map(str, words)])
        patched.setenv("COLUMNS", "100")
        with pytest.raises(SystemExit) as ended:
            main()
    code = ended.value.code or 0
    return subprocess.CompletedProcess(words, code, said.getvalue(), complaint.getvalue())


def started(*words: object) -> Done:
    """Run the command in a process of its own, as a shell would."""
    words = (*COMMAND, *map(str, words))
    return subprocess.run(words, capture_output=True, text=True, check=False)


def refused(done: Done, code: int, *parts: str) -> None:
    """Assert one message with everything it should say, and nothing of Python's."""
    assert code == done.returncode, done.stderr
    assert "Traceback" not in done.stderr
    assert "" == done.stdout
    for part in parts:
        assert part in done.stderr
