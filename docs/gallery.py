"""Pictures of every page that Darkfigure writes, and the gallery that shows them.

`python docs/gallery.py OUT` makes the pages from small worlds, takes pictures of each on a desk, a
laptop of 1280 x 800, a telephone, in dark and on paper, into `OUT/pictures`, and writes
`gallery.md` beside itself with those of the laptop. Needs the extra `test` and Chromium.
"""

from __future__ import annotations

import base64
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from selenium import webdriver

import darkfigure as df
from darkfigure.reports.html.screenshot import begin_practice, browser, resize
from darkfigure.reports.practise import Practice, write_practice

HERE = Path(__file__).parent
# Name, width and height in CSS pixels (None: the whole page), and colour scheme.
VIEWS = (
    ("desk", 1440, None, "light"),
    ("laptop", 1280, 800, "light"),
    ("telephone", 390, 844, "light"),
    ("dark", 1280, 800, "dark"),
)
TALLEST = 9_000  # a browser draws no taller picture
SHARING = {
    "title": "What sharing brings: a sample of Newport",
    "scenarios": [{"name": "newport", "persons": 20_000}],
    "tasks": [{"left": "ed", "right": "police", "kind": "events"}],
    "strategies": ["clear", "istv-minimum"],
    "linkers": ["exact", "stepwise", "time-place"],
    "sharing": {
        "strategies": ["none", "patchwork", "cardiff-model", "istv-minimum", "single-system"]
    },
}
LEARNERS = ("Anwen", "Bryn", "Carys", "Dafydd", "Elin", "Ffion", "Gareth", "Huw")
ANSWERED = """
    const [name, said, done] = arguments;
    localStorage.clear();
    document.getElementById("reviewer").value = name;
    document.getElementById("begin").click();
    for (const answer of said) {
        document.querySelector(`[data-answer="${answer}"]`).click();
    }
    const make = URL.createObjectURL;
    URL.createObjectURL = (blob) => { blob.text().then(done); return make(blob); };
    document.getElementById("save-json").click();
"""


@dataclass(frozen=True)
class Picture:
    """A page, what it is called in the gallery, what it shows, and how it is made."""

    name: str
    title: str
    said: str
    page: Path
    begins: bool = False
    anchor: str = ""


def make_pages(out: Path) -> Iterator[Picture]:
    """Make one page after the other."""
    run = out / "quickstart"
    if not (run / "report.html").exists():
        df.run("quickstart", run)
    world = run / "datasets" / "merthyr-1"
    yield Picture(
        "report", "The report", "`run`: what each linkage method finds, misses and why.",
        run / "report.html",
    )  # fmt: skip
    if not (out / "sharing" / "board.html").exists():
        df.run(SHARING, out / "sharing")
    yield Picture(
        "board", "The board's page",
        "`run sharing`: violence seen against people named, for people who decide.",
        out / "sharing" / "board.html",
    )  # fmt: skip
    lives = out / "life.html"
    df.trace(world, "random", seed=3, out=lives)
    yield Picture(
        "life", "A life", "`trace --out life.html`: what happened, and who knew of it when.", lives
    )
    practice = out / "practise.html"
    asked = Practice(pairs=20, level="hard")
    made = write_practice(df.open(world), practice, asked)
    yield Picture(
        "practise", "The page of practice",
        "`practise`: pairs to judge by hand, scored beside the methods.", practice, begins=True,
    )  # fmt: skip
    answers = out / "answers"
    save_answers(practice, [one.match for one in made.answers], answers)
    yield Picture(
        "class", "A class looks at its answers",
        "`classroom`: who finds what, how far people agree, and what divides them. Learners here "
        "are made up.", df.classroom(answers, out / "class.html"),
    )  # fmt: skip
    course = out / "course"
    if not course.exists():
        df.teach(course, attendees=4, persons=6_000)
    yield Picture(
        "debrief", "Slides for the debrief", "`teach`: made from the packs of a course.",
        course / "trainer" / "debrief.html", anchor="#slide-4",
    )  # fmt: skip
    yield Picture(
        "plan", "The trainer's plan", "`teach`: two hours with notes.",
        course / "trainer" / "plan.html",
    )  # fmt: skip


def save_answers(page: Path, truth: list[bool], folder: Path) -> None:
    """Let learners who err now and then answer a page, and save what it gives them."""
    folder.mkdir(parents=True, exist_ok=True)
    words = {True: "match", False: "no match"}
    with browser() as driver:
        for k, name in enumerate(LEARNERS):
            # Pairs are of four kinds, from clear to hard, and learners err on the hard ones.
            said = [
                "unsure" if turn == i % 4 else words[match != (turn < i % 4)]
                for i, match in enumerate(truth)
                for turn in [(3 * k + (2 + k // 7) * i) % 7]
            ]
            driver.get(page.resolve().as_uri())
            driver.execute_script("localStorage.clear()")
            driver.get(page.resolve().as_uri())
            saved = driver.execute_async_script(ANSWERED, name, said)
            (folder / f"{name}.json").write_text(json.dumps(json.loads(saved)), encoding="utf-8")


def take(driver: webdriver.Chrome, picture: Picture, folder: Path) -> None:
    """Take the pictures of a page, and print it."""
    for view, width, height, scheme in VIEWS:
        media = [{"name": "prefers-color-scheme", "value": scheme}]
        driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": media})
        resize(driver, width, height or 900)
        driver.get(picture.page.resolve().as_uri() + picture.anchor)
        if picture.begins:
            driver.execute_script("localStorage.clear()")
            driver.get(picture.page.resolve().as_uri())
            begin_practice(driver)
        if height is None:
            tall = driver.execute_script("return document.documentElement.scrollHeight")
            resize(driver, width, min(int(tall), TALLEST))
        shot = driver.execute_cdp_cmd("Page.captureScreenshot", {})["data"]
        (folder / f"{picture.name}-{view}.png").write_bytes(base64.b64decode(shot))
    size = {"printBackground": True, "paperWidth": 8.27, "paperHeight": 11.69}
    printed = driver.execute_cdp_cmd("Page.printToPDF", size)["data"]
    (folder / f"{picture.name}.pdf").write_bytes(base64.b64decode(printed))


def main() -> None:
    """Make pages, pictures and gallery."""
    out = Path(sys.argv[1] if len(sys.argv) > 1 else "out")
    folder, shown = out / "pictures", HERE / "gallery"
    folder.mkdir(parents=True, exist_ok=True)
    shown.mkdir(exist_ok=True)
    parts = [
        "# Gallery\n\nEvery page stands alone in one file, needs no network, and prints. These"
    ]
    parts[0] += " pictures are made by a script (`make pictures`); nobody in them is real.\n"
    for picture in make_pages(out):
        with browser() as driver:
            take(driver, picture, folder)
        laptop = folder / f"{picture.name}-laptop.png"
        (shown / f"{picture.name}.png").write_bytes(laptop.read_bytes())
        alt = f"{picture.title}, on a screen of 1280 by 800"
        image = f"![{alt}](gallery/{picture.name}.png)"
        parts.append(f"## {picture.title}\n\n{picture.said}\n\n{image}\n")
    (HERE / "gallery.md").write_text("\n".join(parts), encoding="utf-8")


if __name__ == "__main__":
    main()
