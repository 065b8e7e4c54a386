"""Pages of exercises and solutions in a real browser: they fit, and axe finds nothing grave."""

import pyarrow as pa
import pytest
from axe import grave_faults

from darkfigure.reports.html.screenshot import resize
from darkfigure.reports.teaching.exercises import read_exercises
from darkfigure.reports.teaching.pages import exercises_markdown, write_text

pytestmark = pytest.mark.needs("chromium")


@pytest.fixture(scope="module")
def solutions(tmp_path_factory):
    """Write the page of solutions, each query with a wide table as its result."""
    wide = pa.table({f"a_long_name_{n}": [n] for n in range(9)})
    text = exercises_markdown(read_exercises(), title="Solutions", lead="All.", run=lambda _: wide)
    place = tmp_path_factory.mktemp("lesson") / "solutions"
    write_text(place, text)
    return place.with_name("solutions.html")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [380, 1_200])
def test_a_lesson_fits_and_axe_finds_nothing_grave(driver, solutions, scheme, width):
    """Only tables scroll sideways, within themselves; the console stays empty."""
    media = [{"name": "prefers-color-scheme", "value": scheme}]
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": media})
    resize(driver, width, 900)
    driver.get(solutions.resolve().as_uri())
    assert width == driver.execute_script("return document.documentElement.scrollWidth")
    assert [] == grave_faults(driver)
    assert [] == driver.get_log("browser")
