"""The report has no serious accessibility fault that axe can find, in either colour scheme."""

import pytest
from axe import OPEN_ALL, grave_faults
from made_up_run import SETTING, write_run

from darkfigure.reports.html.history import write_history
from darkfigure.reports.html.report import write_report
from darkfigure.reports.html.screenshot import show

pytestmark = pytest.mark.needs("chromium")


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """Write a report of one setting, and one of two."""
    folder = tmp_path_factory.mktemp("axe")
    settings = (SETTING, {**SETTING, "strategy": "hashed"})
    return {
        "one": write_report(write_run(folder / "one")),
        "two": write_report(write_run(folder / "two", settings=settings)),
    }


@pytest.mark.parametrize(("scheme", "width"), [("dark", 380), ("light", 1_200)])
@pytest.mark.parametrize("name", ["one", "two"])
def test_axe_finds_nothing_grave_in_the_report(driver, pages, name, scheme, width):
    """With everything that can be opened open."""
    show(driver, pages[name], width=width, scheme=scheme)
    driver.execute_script(OPEN_ALL)
    assert [] == grave_faults(driver)


@pytest.mark.parametrize(("scheme", "width"), [("dark", 390), ("light", 1_280)])
def test_axe_finds_nothing_grave_in_a_history(driver, tmp_path, scheme, width):
    """And nothing sticks out of the page."""
    for name in ("2026-01-01-aaa", "2026-01-02-bbb"):
        write_run(tmp_path / "runs" / name)
    show(driver, write_history(tmp_path / "runs", tmp_path / "h.html"), width=width, scheme=scheme)
    driver.execute_script(OPEN_ALL)
    assert [] == grave_faults(driver)
    assert width >= driver.execute_script("return document.documentElement.scrollWidth")


def test_axe_finds_a_fault_that_is_there(driver, pages):
    """The check can fail: a picture without words is found."""
    show(driver, pages["one"], width=1_200, scheme="light")
    driver.execute_script("document.querySelector('main').append(new Image())")
    assert grave_faults(driver)[0].startswith("image-alt")
