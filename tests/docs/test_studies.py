"""Executed pages say what their code says: no figure in them was typed."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs"
STUDIES = sorted((DOCS / "studies").glob("*.md"))
_SPEC = importlib.util.spec_from_file_location("execute", DOCS / "execute.py")
execute = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(execute)


def test_what_stands_in_a_page_is_what_its_code_gives(tmp_path: Path):
    """Files are written, blocks share names, outputs and values are replaced, nothing else is."""
    page = tmp_path / "page.md"
    code = "from pathlib import Path\nx = int(Path('a.toml').read_text()[4:])\nprint(x)\n"
    page.write_text(
        f"# T\n\n```toml\n# a.toml\nx = 3\n```\n\n```python\n{code}```\n\n"
        "<!-- output -->\n```text\nold\n```\n\nIt is <!--= x + 1 -->old<!-- / -->.\n"
    )
    made = execute.execute(page, tmp_path / "work")
    assert "<!-- output -->\n```text\n3\n```\n" in made
    assert made.endswith("It is <!--= x + 1 -->4<!-- / -->.\n")
    page.write_text(made)
    assert made == execute.execute(page, tmp_path / "work")


@pytest.mark.parametrize("page", STUDIES, ids=lambda page: page.stem)
def test_a_study_has_been_executed_and_names_its_source(page: Path):
    """No value is left open; a comment that began a line would turn it into raw HTML."""
    text = page.read_text(encoding="utf-8")
    assert "-->?<!--" not in text
    assert "```text\n```" not in text
    assert not re.search(r"^ *<!--= ", text, re.MULTILINE)
    assert "Nobody in it is real" in text
    assert re.search(r"\]\(https://(doi\.org|jech\.bmj\.com)/", text)
    for drawing in re.findall(r"\]\((\S+\.svg)\)", text):
        assert (page.parent / drawing).read_text(encoding="utf-8").startswith("<svg")


@pytest.mark.slow
@pytest.mark.parametrize("page", STUDIES, ids=lambda page: page.stem)
def test_a_study_says_again_what_it_says(page: Path, tmp_path: Path):
    """Executed anew from nothing, text and drawing are the same."""
    copy = tmp_path / page.name
    copy.write_text(page.read_text(encoding="utf-8"), encoding="utf-8")
    assert page.read_text(encoding="utf-8") == execute.execute(copy, tmp_path / "work")
    drawn = copy.with_suffix(".svg").read_text(encoding="utf-8")
    assert page.with_suffix(".svg").read_text(encoding="utf-8") == drawn
