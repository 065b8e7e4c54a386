"""A whole round of practice in a real browser without a network, played by keys and scored."""

import csv
import io
import json

import pytest
from axe import grave_faults
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

from darkfigure.reports.classroom.files import read_answers
from darkfigure.reports.html.screenshot import resize, show
from darkfigure.reports.practise import Practice, write_practice

pytestmark = pytest.mark.needs("chromium")
KEYS = {True: "m", False: "n", None: "u"}
OPEN_ALL = "document.querySelectorAll('details').forEach((each) => { each.open = true; });"
CAUGHT = """
    const [button, done] = arguments;
    const make = URL.createObjectURL;
    URL.createObjectURL = (blob) => {
        URL.createObjectURL = make; blob.text().then(done); return make(blob);
    };
    document.getElementById(button).click();
"""


@pytest.fixture(scope="module")
def practice(village, tmp_path_factory):
    """Make a round of twelve pairs: the round, its page and its key."""
    page = tmp_path_factory.mktemp("played") / "practise.html"
    key = page.with_name("key.html")
    asked = Practice(pairs=12, level="hard", linkers=("exact", "stepwise"))
    return write_practice(village, page, asked, key=key), page, key


@pytest.fixture
def opened(driver, practice):
    """Open the page anew, with nothing kept from another test."""
    show(driver, practice[1], width=1_200, scheme="light")
    driver.execute_script("localStorage.clear()")
    show(driver, practice[1], width=1_200, scheme="light")
    return driver


def press(driver, *keys):
    """Press keys wherever the focus is."""
    for key in keys:
        # Not through the focused element: it may be hidden by what the last key did.
        ActionChains(driver).send_keys(key).perform()


def begin(driver):
    """Reach the start button by the tab key alone, and press it."""
    for _ in range(8):
        press(driver, Keys.TAB)
        if driver.switch_to.active_element.get_attribute("id") == "begin":
            return press(driver, Keys.ENTER)
    raise AssertionError("the start button cannot be reached by the tab key")


def plan(made):
    """Answer rightly but for the first true pair, the first other, and the last of all."""
    answers = [one.match for one in made.answers]
    wrong = {answers.index(True), answers.index(False)} - {len(answers) - 1}
    said = [not match if i in wrong else match for i, match in enumerate(answers)]
    return [*said[:-1], None]


def play(driver, made):
    """Play the whole round by keys."""
    begin(driver)
    press(driver, *(KEYS[answer] for answer in plan(made)))


def text(driver, selector):
    """Read the text of an element, without hard blanks."""
    return driver.find_element(By.CSS_SELECTOR, selector).text.replace("\u00a0", " ")


def scored(made, said):
    """Count by hand what the page should say: found and true pairs, ruled out and others."""
    pairs = list(zip(said, (one.match for one in made.answers), strict=True))
    found = sum(match and answer is True for answer, match in pairs)
    falsely = sum(not match and answer is True for answer, match in pairs)
    ruled_out = sum(not match and answer is False for answer, match in pairs)
    return found, falsely, ruled_out


def shown(driver, row):
    """Read the counts of a line of the table of scores: "5 of 6" of "5 of 6 83 % (44-97)"."""
    cells = driver.find_elements(By.CSS_SELECTOR, f"#against tbody tr:nth-child({row}) td")
    return [" ".join(cell.text.split()[:3]) for cell in cells]


def counts(made, said):
    """Write the counts as the table does."""
    found, falsely, ruled_out = scored(made, said)
    n = len(made.answers)
    called = found + falsely
    return [
        f"{found} of {made.n_matches}",
        f"{ruled_out} of {n - made.n_matches}",
        f"{found} of {called}" if called else "\u2013",
        f"{found + ruled_out} of {n}",
    ]


def test_a_whole_round_by_keys_is_scored_right(opened, practice):
    """The reviewer and each linker get the scores that the truth gives them."""
    made = practice[0]
    play(opened, made)
    found, falsely, _ = scored(made, plan(made))
    heading = f"You found {found} of {made.n_matches} true pairs and made {falsely} false match"
    assert text(opened, "#results-title").startswith(heading)
    said = [plan(made), *(each.linked for each in made.verdicts)]
    lines = [shown(opened, row) for row in range(1, 4)]
    assert [counts(made, one) for one in said] == lines
    assert "12 of 12 pairs answered, 1 unsure" in text(opened, "#tiles")


def test_each_pair_is_explained(opened, practice):
    """Verdict, reasons and linkers stand with the pair; the filter leaves the wrong ones."""
    made = practice[0]
    play(opened, made)
    opened.execute_script(OPEN_ALL)
    explained = opened.find_elements(By.CSS_SELECTOR, ".explained")
    for answer, each in zip(made.answers, explained, strict=True):
        assert answer.verdict in each.text
        assert all(reason in each.text for reason in answer.reasons)
    opened.find_element(By.CSS_SELECTOR, "#filter option[value=wrong]").click()
    wrong = sum(said not in {one.match, None}
                for said, one in zip(plan(made), made.answers, strict=True))  # fmt: skip
    assert wrong == sum(each.is_displayed() for each in explained)


def test_nothing_is_fetched_and_nothing_complained_of(opened, practice):
    """The page is all there is, and the console stays empty through a whole round."""
    play(opened, practice[0])
    assert [] == opened.execute_script("return performance.getEntriesByType('resource')")
    assert [] == opened.get_log("browser")


def test_answers_can_be_saved(opened, practice, tmp_path):
    """As CSV and as JSON, with ids, answer, truth, seconds and the linkers' verdicts."""
    made = practice[0]
    play(opened, made)
    table = opened.execute_async_script(CAUGHT, "save-csv").removeprefix("\ufeff")
    rows = list(csv.DictReader(io.StringIO(table)))
    assert [card.left.record_id for card in made.cards] == [row["left_id"] for row in rows]
    words = {True: "match", False: "no match", None: "unsure"}
    assert [words[said] for said in plan(made)] == [row["answer"] for row in rows]
    assert [words[one.match] for one in made.answers] == [row["truth"] for row in rows]
    assert [words[said] for said in made.verdicts[0].linked] == [
        row["Exact matching"] for row in rows
    ]
    saved = json.loads(opened.execute_async_script(CAUGHT, "save-json"))
    assert (made.name, 12) == (saved["round"], len(saved["answers"]))
    assert scored(made, plan(made))[0] == saved["score"]["sensitivity"][0]
    # Both are what a class is merged from.
    files = tmp_path / "a.csv", tmp_path / "a.json"
    for file, content in zip(files, (table, json.dumps(saved)), strict=True):
        file.write_text(content, encoding="utf-8")
    of_csv, of_json = map(read_answers, files)
    assert of_csv.answers == of_json.answers
    assert [one.about for one in of_csv.pairs.values()] == [
        one.about for one in of_json.pairs.values()
    ]
    assert len(made.cards[0].fields) == len(of_json.pairs[1].fields)


def test_a_round_goes_on_after_the_page_was_closed(opened, practice):
    """Answers and place are kept in the browser; results too."""
    begin(opened)
    press(opened, "m", "n", "u")
    show(opened, practice[1], width=1_200, scheme="light")
    assert "Go on where you left off" == text(opened, "#begin")
    begin(opened)
    assert ("Pair 4 of 12", "3") == (text(opened, "#pair-title"), text(opened, "#answered"))
    press(opened, *"mmmmmmmmm")
    show(opened, practice[1], width=1_200, scheme="light")
    assert text(opened, "#results-title").startswith("You found")


def test_arrows_lead_back_and_an_answer_can_be_changed(opened):
    """The answer that was given is marked as pressed."""
    begin(opened)
    press(opened, "m", Keys.ARROW_LEFT)
    pressed = opened.find_element(By.CSS_SELECTOR, ".answer[aria-pressed=true]")
    assert ("Pair 1 of 12", "match") == (
        text(opened, "#pair-title"),
        pressed.get_attribute("data-answer"),
    )
    press(opened, "n", Keys.ARROW_LEFT)
    pressed = opened.find_element(By.CSS_SELECTOR, ".answer[aria-pressed=true]")
    assert "no match" == pressed.get_attribute("data-answer")
    press(opened, Keys.ARROW_RIGHT, Keys.ARROW_RIGHT)
    assert "Pair 3 of 12" == text(opened, "#pair-title")


def test_the_mouse_does_as_well(opened):
    """Buttons answer, move and end the round early; what was not answered is not scored."""
    opened.find_element(By.ID, "begin").click()
    opened.find_element(By.CSS_SELECTOR, "[data-answer=unsure]").click()
    opened.find_element(By.ID, "back").click()
    opened.find_element(By.ID, "forward").click()
    opened.find_element(By.CSS_SELECTOR, "[data-answer=match]").click()
    opened.find_element(By.ID, "finish").click()
    assert "2 of 12 pairs answered, 1 unsure" in text(opened, "#tiles")


def test_differences_are_marked_only_when_asked_for(opened):
    """Marks and the column of words come and go by key."""
    begin(opened)
    column = opened.find_element(By.CSS_SELECTOR, ".card:not([hidden]) th.hint")
    before = column.is_displayed()
    press(opened, "h")
    after = column.is_displayed()
    press(opened, "h")
    assert (False, True, False) == (before, after, column.is_displayed())


def test_single_keys_can_be_turned_off(opened):
    """Speech input would answer by accident (WCAG 2.1.4)."""
    opened.find_element(By.ID, "keys-on").click()
    begin(opened)
    press(opened, "m", "n")
    assert "Pair 1 of 12" == text(opened, "#pair-title")


def test_starting_again_forgets_the_answers(opened, practice):
    """The next round begins at the first pair."""
    play(opened, practice[0])
    again = opened.find_element(By.ID, "again")
    WebDriverWait(opened, 10).until(lambda _: again.is_displayed())
    again.send_keys(Keys.ENTER)
    begin(opened)
    assert ("Pair 1 of 12", "0") == (text(opened, "#pair-title"), text(opened, "#answered"))


def test_dark_mode_turns_the_page(driver, practice):
    """Ground and words change with the system's setting."""
    seen = {}
    script = "const s = getComputedStyle(document.body); return [s.backgroundColor, s.color]"
    for scheme in ("light", "dark"):
        show(driver, practice[1], width=1_200, scheme=scheme)
        seen[scheme] = driver.execute_script(script)
    assert ["rgb(255, 255, 255)", "rgb(27, 34, 40)"] == seen["light"]
    assert ["rgb(20, 25, 30)", "rgb(232, 236, 240)"] == seen["dark"]


@pytest.mark.parametrize(("width", "height"), [(1_280, 800), (390, 844)])
def test_heads_and_buttons_stay_in_sight(opened, practice, width, height):
    """At a pair with its differences marked, wherever the reader scrolls to."""
    show(opened, practice[1], width=width, scheme="light")
    begin(opened)
    press(opened, "h")
    resize(opened, width, height)
    inside = """const [height, down] = arguments;
        document.documentElement.style.scrollBehavior = "auto";
        window.scrollTo(0, down);
        return [".judge .answers", ".card:not([hidden]) thead"].map((one) => {
            const box = document.querySelector(one).getBoundingClientRect();
            return box.top >= 0 && box.bottom <= height;
        });"""
    assert [[True, True]] * 2 == [opened.execute_script(inside, height, at) for at in (0, 250)]


@pytest.mark.parametrize("hints", [False, True])
def test_nothing_sticks_out_of_a_narrow_page(opened, practice, hints):
    """Start, pairs and results fit a telephone; only tables scroll, within themselves."""
    width = "return document.documentElement.scrollWidth"
    show(opened, practice[1], width=380, scheme="light")
    widths = [opened.execute_script(width)]
    begin(opened)
    if hints:
        press(opened, "h")
    for answer in plan(practice[0]):
        widths.append(opened.execute_script(width))
        press(opened, KEYS[answer])
    opened.execute_script(OPEN_ALL)
    assert {380} == {*widths, opened.execute_script(width)}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [380, 1_200])
def test_axe_finds_nothing_grave(opened, practice, scheme, width):
    """At the start, at a pair with and without marks, in the results, and in the key."""
    made, page, key = practice
    show(opened, page, width=width, scheme=scheme)
    faults = {"start": grave_faults(opened)}
    begin(opened)
    press(opened, "m")
    faults["pair"] = grave_faults(opened)
    press(opened, "h")
    faults["marked"] = grave_faults(opened)
    press(opened, *(KEYS[answer] for answer in plan(made)[1:]))
    opened.execute_script(OPEN_ALL)
    faults["results"] = grave_faults(opened)
    show_key(opened, key)
    faults["key"] = grave_faults(opened)
    assert {} == {panel: found for panel, found in faults.items() if found}


def show_key(driver, key):
    """Open the trainer's key, which has no script to wait for."""
    driver.get(key.resolve().as_uri())


def test_the_key_prints(opened, practice):
    """A printed key is made."""
    show_key(opened, practice[2])
    printed = opened.execute_cdp_cmd("Page.printToPDF", {"printBackground": True})["data"]
    assert printed.startswith("JVBERi0")
    assert len(printed) > 50_000
