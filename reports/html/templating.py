"""Templates and assets of all pages."""

from __future__ import annotations

from functools import partial
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from darkfigure.reports.html import labels
from darkfigure.reports.html.formats import capital, count, percent

ASSETS = files("darkfigure.reports") / "assets"
_EXACT = 1e6  # from here on a float may be a count


def environment() -> Environment:
    """Make an environment that escapes all values of a template."""
    templates = Environment(
        loader=PackageLoader("darkfigure.reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.filters.update(
        capitalise=capital,
        cause=labels.cause,
        count=count,
        field=labels.field,
        kin=labels.kin,
        short=_short,
        whole=partial(percent, digits=0),
    )
    return templates


def _short(value: object) -> object:
    """Write a measured number with seven figures, enough to sort and to export."""
    return f"{value:.7g}" if isinstance(value, float) and abs(value) < _EXACT else value


def asset(name: str) -> Markup:
    """Give an asset as it stands; a test holds that none can end its element early."""
    return Markup((ASSETS / name).read_text(encoding="utf-8"))  # noqa: S704, our own files
