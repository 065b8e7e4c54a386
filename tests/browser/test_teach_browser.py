"""Exercises, solutions and slides in a real browser: they fit, and axe finds nothing grave."""

import pyarrow as pa
import pytest
from axe import grave_faults
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from darkfigure.reports.html.screenshot import resize, show
from darkfigure.reports.teaching.debrief import METHODS, render_debrief
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


@pytest.fixture(scope="module")
def slides(tmp_path_factory):
    """Write the slides of two packs whose figures are made up."""

    def table(**columns):
        return pa.table({"method": list(METHODS), **{k: [v] * 3 for k, v in columns.items()}})

    pack = {
        "decomposed": table(assaults=40, recorded=10, missed_person=2, time_window=1,
                            other_occurrence=4, wrong_person=1, known=12, truly_unknown=0.75),
        "month": table(unknown=0.7),
        "two_days": table(unknown=0.8),
        "accuracy": table(precision=0.99, recall=0.9),
        "alone_reduced": pa.table({"patients": [50], "alone": [40]}),
        "alone_coarse": pa.table({"patients": [50], "alone": [10]}),
    }  # fmt: skip
    page = tmp_path_factory.mktemp("slides") / "debrief.html"
    page.write_text(render_debrief([pack, pack]), encoding="utf-8")
    return page


def test_slides_turn_by_keys_and_notes_open(driver, slides):
    """Right, End and left; one slide is seen at a time; N shows the notes."""
    show(driver, slides, width=1_280, scheme="light")
    seen = []
    for key in (Keys.ARROW_RIGHT, Keys.END, Keys.ARROW_LEFT, "n"):
        ActionChains(driver).send_keys(key).perform()
        shown = [one for one in driver.find_elements(By.CLASS_NAME, "slide") if one.is_displayed()]
        notes = [one for one in driver.find_elements(By.CLASS_NAME, "notes") if one.is_displayed()]
        seen.append((*(one.get_attribute("id") for one in shown), len(notes)))
    assert [("slide-2", 0), ("slide-8", 0), ("slide-7", 0), ("slide-7", 1)] == seen


@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1_280, "light")])
def test_slides_fit_and_axe_finds_nothing_grave(driver, slides, width, scheme):
    """With their notes shown."""
    show(driver, slides, width=width, scheme=scheme)
    ActionChains(driver).send_keys("n", Keys.ARROW_RIGHT).perform()
    assert [] == grave_faults(driver)
    assert width >= driver.execute_script("return document.documentElement.scrollWidth")
