"""How Sphinx builds the documentation: `make docs`. Part of it is made from the program itself."""

import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

import made  # noqa: E402, it lies beside this file

made.write_all(HERE / "reference" / "made")

project = "Darkfigure"
author = "The Darkfigure authors"
extensions = ["myst_parser", "sphinx.ext.autodoc", "numpydoc"]
exclude_patterns = ["build", "Thumbs.db"]
html_theme = "furo"
html_title = "Darkfigure"
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
numpydoc_show_class_members = False
autodoc_typehints = "signature"
autodoc_member_order = "bysource"
# TOML's arrays of inline tables over several lines are more than the highlighter knows.
suppress_warnings = ["misc.highlighting_failure"]
