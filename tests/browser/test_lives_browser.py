"""Lives in a real browser without a network: timeline, keyboard, print."""

import pytest
from axe import grave_faults
from made_up_lives import life
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from darkfigure.reports.html.lives import write_lives
from darkfigure.reports.html.screenshot import resize

pytestmark = pytest.mark.needs("chromium")


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """Write a booklet of two lives."""
    lives = [life(), life("Rhys Rees", 8)]
    return write_lives(lives, tmp_path_factory.mktemp("lives") / "life.html")


@pytest.fixture
def opened(driver, page):
    """Open the page anew."""
    resize(driver, 1_280, 800)
    driver.get(page.resolve().as_uri())
    return driver


def test_it_opens_alone(opened):
    """Nothing is fetched, nothing complains, and there is no script."""
    assert [] == opened.get_log("browser")
    assert [] == opened.execute_script("return performance.getEntriesByType('resource')")
    assert [] == opened.find_elements(By.TAG_NAME, "script")


def test_the_keyboard_goes_from_mark_to_text(opened):
    """A mark of the timeline takes the focus, and Enter leads to its day."""
    mark = opened.find_element(By.CSS_SELECTOR, "#life2 .timeline a.wrong")
    opened.execute_script("arguments[0].focus()", mark)
    mark.send_keys(Keys.ENTER)
    day = opened.find_element(By.CSS_SELECTOR, ".days > li:target")
    assert "Wrong: town" in day.text
    assert "Known to Gwent Police" in day.text


@pytest.mark.parametrize("width", [390, 1_280])
def test_axe_finds_nothing_grave(opened, width):
    """And nothing sticks out of the page."""
    resize(opened, width, 800)
    assert [] == grave_faults(opened)
    assert width >= opened.execute_script("return document.documentElement.scrollWidth")


def test_each_life_begins_on_a_page_of_its_own(opened):
    """Two lives are two pages at least."""
    printed = opened.execute_cdp_cmd("Page.printToPDF", {"pageRanges": "2"})["data"]
    assert printed.startswith("JVBERi0")
