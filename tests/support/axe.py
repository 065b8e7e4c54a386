"""Ask axe-core what is wrong with the page that a browser shows.

axe-core 4.14.1 is Deque's, under the Mozilla Public Licence 2.0; it lies in `assets` as published,
with its licence, for these tests alone, and is part of nothing that is installed.
"""

from __future__ import annotations

from pathlib import Path

AXE = Path(__file__).parent / "assets" / "axe.min.js"
GRAVE = ("serious", "critical")
OPEN_ALL = "document.querySelectorAll('details').forEach((each) => { each.open = true; });"
_SECONDS = 180  # a long report on a busy machine
_RUN = """
    const done = arguments[0];
    axe.run(document, { resultTypes: ["violations"] }).then((found) => done(found.violations));
"""


def grave_faults(driver) -> list[str]:
    """List each serious or critical violation with the first element that it is about."""
    driver.set_script_timeout(_SECONDS)
    driver.execute_script(AXE.read_text(encoding="utf-8"))
    return [
        f"{one['id']}: {one['help']} at {one['nodes'][0]['target']}"
        for one in driver.execute_async_script(_RUN)
        if one["impact"] in GRAVE
    ]
