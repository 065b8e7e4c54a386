"""The page of a class in a real browser without a network."""

import pytest
from axe import OPEN_ALL, grave_faults
from made_up_class import a_class

from darkfigure.reports.classroom import read_sitting, write_sitting
from darkfigure.reports.html.screenshot import show

pytestmark = pytest.mark.needs("chromium")


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """Write the page of three learners."""
    folder = tmp_path_factory.mktemp("class")
    return write_sitting(read_sitting(a_class(folder)), folder / "class.html")


@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1_280, "light")])
def test_it_opens_alone_and_fits(driver, page, width, scheme):
    """Nothing is fetched, nothing complains, axe finds nothing grave, nothing sticks out."""
    show(driver, page, width=width, scheme=scheme)
    assert [] == driver.execute_script("return performance.getEntriesByType('resource')")
    driver.execute_script(OPEN_ALL)
    assert [] == grave_faults(driver)
    assert width >= driver.execute_script("return document.documentElement.scrollWidth")
    assert [] == driver.get_log("browser")


def test_the_truth_is_shut_on_the_screen(driver, page):
    """So that a class can argue first."""
    show(driver, page, width=1_280, scheme="light")
    opened = "return Array.from(document.querySelectorAll('.truth')).map((one) => one.open)"
    assert [False] * 3 == driver.execute_script(opened)
