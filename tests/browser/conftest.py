"""One browser for the tests of a module."""

from __future__ import annotations

import pytest

from darkfigure.reports.html.screenshot import browser


@pytest.fixture(scope="module")
def driver():
    """Start one browser for all tests."""
    with browser() as started:
        yield started
