"""Executed pages: their code runs, and what it says and draws is written into them.

`python docs/execute.py PAGE...` runs the pages, from a folder for their worlds (`out/studies`), and
writes them anew. In a page,

- a `python` block runs, in one namespace with those before it; a `toml` block that begins with
  `# FILE` is that file;
- a `text` block under `<!-- output -->` is what the block above printed;
- words between `<!--= EXPRESSION -->` and `<!-- / -->` are the value of a Python expression; such a
  comment may not begin a line, which would then be HTML and no text.

So no figure in it is typed. `tests/docs/test_studies.py` runs them again and compares.
"""

from __future__ import annotations

import contextlib
import io
import re
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
_PART = re.compile(
    r"```(?P<language>python|toml)\n(?P<code>.*?)```\n"
    r"|(?P<head><!-- output -->\n```text\n)(?P<old>.*?)```"
    r"|<!--= (?P<expression>.*?) -->.*?<!-- / -->",
    re.DOTALL,
)
_FILE = re.compile(r"# (\S+\.\w+)\n")


def execute(page: Path, folder: Path) -> str:
    """Run a page.

    Parameters
    ----------
    page
        The page; drawings go beside it.
    folder
        Where its code works, which is made if it is missing.

    Returns
    -------
    The page as it ought to be.
    """
    folder.mkdir(parents=True, exist_ok=True)
    beside = str(HERE / "studies")
    sys.path.insert(0, beside)
    names: dict[str, Any] = {"PAGE": page.resolve(), "__name__": page.stem}
    printed, text = "", page.read_text(encoding="utf-8")

    def run(part: re.Match[str]) -> str:
        nonlocal printed
        if part["code"] is not None:
            printed = _run(part["language"], part["code"], names)
            return part[0]
        if part["head"]:
            return f"{part['head']}{printed}```"
        value = eval(part["expression"], names)  # noqa: S307, our own pages
        return f"<!--= {part['expression']} -->{value}<!-- / -->"

    try:
        with contextlib.chdir(folder):
            return _PART.sub(run, text)
    finally:
        sys.path.remove(beside)


def _run(language: str, code: str, names: dict[str, Any]) -> str:
    named = _FILE.match(code)
    if language == "toml":
        if named:
            Path(named[1]).write_text(code[named.end() :], encoding="utf-8")
        return ""
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        exec(compile(code, "<page>", "exec"), names)  # noqa: S102, our own pages
    return said.getvalue()


def main() -> None:
    """Write the pages named on the command line anew."""
    folder = Path("out/studies")
    for name in sys.argv[1:]:
        page = Path(name)
        page.write_text(execute(page, folder / page.stem), encoding="utf-8")


if __name__ == "__main__":
    main()
