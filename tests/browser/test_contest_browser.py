"""The leaderboard of a contest in a real browser without a network."""

import pytest
from axe import grave_faults
from selenium.webdriver.common.by import By

from darkfigure.linkage_eval.contest import Standing, Standings
from darkfigure.linkage_eval.contest.pack import Recipe
from darkfigure.linkage_eval.rows import Measurement
from darkfigure.reports.html.contest import write_standings
from darkfigure.reports.html.screenshot import browser, resize

pytestmark = pytest.mark.needs("chromium")
LONG = "a-team-whose-name-has-no-place-to-break-anywhere-in-it"


def scored(team, rank, f1, **said):
    """Make a team with its measures, overall and by group."""
    values = {"f1": f1, "precision": f1 + 0.02, "recall": f1 - 0.02}
    overall = [
        Measurement.overall(name, value, 900, value - 0.03, value + 0.02)
        for name, value in values.items()
    ]
    groups = [
        Measurement("age_band", name, "recall", f1, f1 - 0.1, f1 + 0.1, 90)
        for name in ("0-15", "16-24", "25-34", "35-49", "50-64", "65+")
    ]
    return Standing(team, f"{team}.csv", rank=rank, measured=(*overall, *groups), **said)


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """Write the page of a contest of four teams, one of which has no place."""
    teams = (
        scored("blue", 1, 0.91, tied=("red", LONG)),
        scored("red", 1, 0.9, tied=("blue", LONG), note="replaces red.csv"),
        scored(LONG, 1, 0.89, tied=("blue", "red")),
        Standing("empty", "empty.csv", status="holds no links; " + "why " * 30),
    )
    recipe = Recipe("A contest", "ed", "police", within=False)
    return write_standings(Standings(recipe, teams), tmp_path_factory.mktemp("contest"))


@pytest.fixture(scope="module")
def driver(page):
    """Open the page in a browser."""
    with browser() as started:
        started.get(page.resolve().as_uri())
        yield started


@pytest.mark.parametrize("width", [390, 1_280])
def test_it_opens_alone_and_fits(driver, width):
    """Nothing is fetched, nothing complains, axe finds nothing grave, nothing sticks out."""
    resize(driver, width, 800)
    assert [] == driver.get_log("browser")
    assert [] == driver.execute_script("return performance.getEntriesByType('resource')")
    assert [] == grave_faults(driver)
    assert width >= driver.execute_script("return document.documentElement.scrollWidth")


def test_the_reason_is_read_on_a_telephone(driver):
    """It stands within the screen though the table is wider."""
    resize(driver, 390, 800)
    box = driver.find_element(By.CSS_SELECTOR, ".reason").rect
    assert 0 <= box["x"] <= box["x"] + box["width"] <= 390


def test_teams_sort_and_those_without_a_place_stay_last(driver):
    """By name, down and up."""
    heading = driver.find_element(By.CSS_SELECTOR, "#standings thead button")
    for first in (LONG, "red"):
        heading.click()
        teams = [one.text for one in driver.find_elements(By.CSS_SELECTOR, "#standings tbody th")]
        assert first == teams[0]
