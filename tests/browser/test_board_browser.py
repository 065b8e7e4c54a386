"""The page of a board in a real browser without a network: choice, keyboard, print, size."""

import pytest
from axe import OPEN_ALL, grave_faults
from made_up_sharing import seen_rows, write_shared_run
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select

from darkfigure.reports.html.report import write_report
from darkfigure.reports.html.screenshot import show

pytestmark = pytest.mark.needs("chromium")
MOST_BYTES, MOST_PAGES = 2_000_000, 8
BOTTOM = "return document.querySelector('.answers').getBoundingClientRect().bottom + scrollY"


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """Write the page of a made-up run."""
    run = write_shared_run(tmp_path_factory.mktemp("board") / "run", seen_rows())
    return write_report(run).with_name("board.html")


@pytest.fixture
def opened(driver, page):
    """Open the page anew, as wide as a small screen."""
    show(driver, page, width=1_280, scheme="light")
    return driver


def compared(driver):
    """Read the strategies that are shown side by side, from left to right, above and below."""
    script = """return [".answers > article:not([hidden])", ".pair-of > article"].map((shown) =>
        Array.from(document.querySelectorAll(shown))
            .sort((a, b) => a.getBoundingClientRect().x - b.getBoundingClientRect().x)
            .map((each) => each.dataset.strategy))"""
    return driver.execute_script(script)


def test_it_opens_whole_and_alone(opened, page):
    """Nothing is fetched, nothing complains, and it can be sent by mail."""
    assert [] == opened.get_log("browser")
    assert [] == opened.execute_script("return performance.getEntriesByType('resource')")
    assert page.stat().st_size < MOST_BYTES


def test_five_questions_are_answered_on_two_screens(opened):
    """Of 1,280 by 800."""
    assert opened.execute_script(BOTTOM) <= 2 * 800


def test_the_keyboard_reaches_the_comparison(opened):
    """Past the link that skips, the first choice; its letter chooses another strategy."""
    opened.find_element(By.TAG_NAME, "body").send_keys(Keys.TAB)
    assert "Skip to the five questions" == opened.switch_to.active_element.text
    opened.switch_to.active_element.send_keys(Keys.TAB)
    chosen = opened.switch_to.active_element
    assert "select" == chosen.tag_name
    chosen.send_keys("Mon")
    assert [["cardiff-model", "istv-minimum"]] * 2 == compared(opened)
    assert "Monthly counts" in opened.find_element(By.CLASS_NAME, "heard").get_attribute(
        "textContent"
    )


def test_a_strategy_is_not_compared_with_itself(opened):
    """The two change places."""
    before = compared(opened)
    first, _ = opened.find_elements(By.CSS_SELECTOR, ".choice select")
    Select(first).select_by_value(before[0][1])
    assert [before[0][::-1]] * 2 == compared(opened)


def test_a_name_in_the_table_is_compared(opened):
    """And its row is marked."""
    opened.find_element(By.CSS_SELECTOR, "[data-compare='clk']").click()
    assert [["patchwork", "clk"]] * 2 == compared(opened)
    marked = opened.find_elements(By.CSS_SELECTOR, "tr.chosen")
    assert {"patchwork", "clk"} == {row.get_attribute("data-strategy") for row in marked}


def test_it_prints_on_eight_pages(opened):
    """With the two that are compared, on A4."""
    paper = {"printBackground": True, "paperWidth": 8.27, "paperHeight": 11.69}
    one_more = {**paper, "pageRanges": f"{MOST_PAGES + 1}"}
    assert opened.execute_cdp_cmd("Page.printToPDF", paper)["data"].startswith("JVBERi0")
    with pytest.raises(Exception, match="Page range"):
        opened.execute_cdp_cmd("Page.printToPDF", one_more)


@pytest.mark.parametrize(("scheme", "width"), [("light", 390), ("dark", 1_280)])
def test_axe_finds_nothing_grave(driver, page, scheme, width):
    """With everything open, and nothing sticking out of the page."""
    show(driver, page, width=width, scheme=scheme)
    driver.execute_script(OPEN_ALL)
    assert [] == grave_faults(driver)
    assert width >= driver.execute_script("return document.documentElement.scrollWidth")
