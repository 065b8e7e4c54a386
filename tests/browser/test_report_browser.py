"""The report in a real browser without a network: charts, tables, colours, keyboard."""

import pytest
from made_up_run import write_run
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from darkfigure.reports.html.report import write_report
from darkfigure.reports.html.screenshot import show

pytestmark = pytest.mark.needs("chromium")
CAUGHT_CSV = """
    const done = arguments[0];
    const make = URL.createObjectURL;
    URL.createObjectURL = (blob) => { blob.text().then(done); return make(blob); };
    document.querySelector('[data-name="leaderboard"]').parentElement
        .nextElementSibling.click();
"""


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """Write the report of the made-up run."""
    return write_report(write_run(tmp_path_factory.mktemp("browser") / "run"))


@pytest.fixture
def opened(driver, page):
    """Open the page anew, light and wide."""
    show(driver, page, width=1_200, scheme="light")
    return driver


def first_column(driver):
    """Read the methods of the leaderboard from top to bottom."""
    cells = driver.find_elements(By.CSS_SELECTOR, '[data-name="leaderboard"] tbody th')
    return [cell.text for cell in cells]


def heading(driver, name):
    """Find the button that sorts the leaderboard by a column."""
    path = f"//table[@data-name='leaderboard']//th[button[text()='{name}']]/button"
    return driver.find_element(By.XPATH, path)


def colour(driver, selector, name):
    """Read a computed colour."""
    script = "return getComputedStyle(document.querySelector(arguments[0]))[arguments[1]]"
    return driver.execute_script(script, selector, name)


def test_all_charts_are_drawn_without_a_complaint(opened):
    """Each figure holds a drawing with marks and a description; the console stays empty."""
    drawings = opened.find_elements(By.CSS_SELECTOR, "figure .chart svg")
    described = opened.find_elements(By.CSS_SELECTOR, "figure .chart[aria-label]")
    kinds = ", ".join(f".mark-{kind} path" for kind in ("symbol", "rect", "line"))
    marks = [len(svg.find_elements(By.CSS_SELECTOR, kinds)) for svg in drawings]
    assert 10 == len(drawings) == len(described)
    assert min(marks) >= 3
    assert [] == opened.get_log("browser")


def test_nothing_is_fetched(opened):
    """The page is all there is."""
    assert [] == opened.execute_script("return performance.getEntriesByType('resource')")


def test_a_click_sorts_a_table(opened):
    """Numbers start with the largest; a method that failed stays last."""
    heading(opened, "Precision\u00a0\u2191").click()
    falling = ["Exact matching", "Stepwise matching", "Splink", "Dedupe"]
    assert falling == first_column(opened)
    heading(opened, "Precision\u00a0\u2191").click()
    assert ["Splink", "Stepwise matching", "Exact matching", "Dedupe"] == first_column(opened)


@pytest.mark.parametrize("key", [Keys.ENTER, Keys.SPACE])
def test_a_key_sorts_a_table_and_says_so(opened, key):
    """Headings take part in the order of the tab key and announce their direction."""
    heading(opened, "Method").send_keys(key)
    announced = heading(opened, "Method").find_element(By.XPATH, "..")
    assert "ascending" == announced.get_attribute("aria-sort")
    assert ["Dedupe", "Exact matching", "Splink", "Stepwise matching"] == first_column(opened)


def test_the_first_tab_leads_to_the_results(opened):
    """Keyboard users can pass the contents by."""
    opened.find_element(By.TAG_NAME, "body").send_keys(Keys.TAB)
    assert "Skip to the results" == opened.switch_to.active_element.text


def test_numbers_of_a_chart_open_by_key(opened):
    """The table beneath a chart is closed until asked for."""
    numbers = opened.find_element(By.CSS_SELECTOR, "details.numbers")
    table = numbers.find_element(By.TAG_NAME, "table")
    closed = table.is_displayed()
    numbers.find_element(By.TAG_NAME, "summary").send_keys(Keys.ENTER)
    assert (False, True) == (closed, table.is_displayed())


def test_numbers_can_be_saved(opened):
    """The file holds plain numbers, each share with its interval in columns of their own."""
    lines = opened.execute_async_script(CAUGHT_CSV).removeprefix("\ufeff").split("\r\n")
    assert lines[0].startswith("Method,Precision,Precision low,Precision high,Recall,Recall low")
    assert ["splink", "0.957"] == lines[1].split(",")[:2]
    assert "dedupe,failed: out of memory at 2 GB" == lines[4].rstrip(",")
    assert {lines[0].count(",")} == {line.count(",") for line in lines[:5]}


def test_example_pairs_are_chosen_by_cause_and_group(opened):
    """Twins among women: the false links of every method that made any, and their number."""
    first, second = opened.find_elements(By.CSS_SELECTOR, "#pairs .choose select")
    all_pairs = opened.find_elements(By.CSS_SELECTOR, "#pairs .example")
    assert all(pair.get_attribute("hidden") is None for pair in all_pairs)
    first.find_element(By.CSS_SELECTOR, "[value=twin]").click()
    second.find_element(By.CSS_SELECTOR, "[value='sex=F']").click()
    shown = [pair for pair in all_pairs if pair.get_attribute("hidden") is None]
    assert {"False link 2"} == {
        pair.find_element(By.TAG_NAME, "caption").text.split(" (")[0] for pair in shown
    }
    said = opened.find_element(By.CSS_SELECTOR, "#pairs .choose [role=status]").text
    assert f"{len(shown)} of {len(all_pairs)} pairs are of what you chose." == said


def test_dark_mode_turns_page_and_charts(driver, page):
    """Ground, words and axes change; the marks keep their meaning."""
    seen = {}
    for scheme in ("light", "dark"):
        show(driver, page, width=1_200, scheme=scheme)
        seen[scheme] = [
            colour(driver, "body", "backgroundColor"),
            colour(driver, ".chart .role-axis-label text", "fill"),
        ]
    assert ["rgb(255, 255, 255)", "rgb(27, 34, 40)"] == seen["light"]
    assert ["rgb(20, 25, 30)", "rgb(232, 236, 240)"] == seen["dark"]


@pytest.mark.parametrize("width", [380, 800])
def test_nothing_sticks_out_of_a_narrow_page(driver, page, width):
    """Only tables scroll sideways, within themselves."""
    show(driver, page, width=width, scheme="light")
    assert width == driver.execute_script("return document.documentElement.scrollWidth")


def test_it_prints(opened):
    """A printed page is made, with the charts on it."""
    printed = opened.execute_cdp_cmd("Page.printToPDF", {"printBackground": True})["data"]
    assert printed.startswith("JVBERi0")
    assert len(printed) > 50_000
