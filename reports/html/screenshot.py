"""Pictures of a page in a headless Chromium; for the documentation, not for use.

Run as `python -m reports.html.screenshot REPORT.html FOLDER`, or with `--practise` for a page of
practice, whose first pair is shown; needs the extra `test` and Chromium.
"""

from __future__ import annotations

import argparse
import base64
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.support.ui import WebDriverWait

# Name, width in CSS pixels, colour scheme.
VIEWS = (("light", 1200, "light"), ("dark", 1200, "dark"), ("narrow", 380, "light"))
# The top of the light page by itself, for a README.
COVER_HEIGHT = 960
PATIENCE_SECONDS = 30


Prepare = Callable[[webdriver.Chrome], None]


def take_screenshots(
    page: Path, folder: Path, *, name: str = "report", prepare: Prepare | None = None
) -> list[Path]:
    """Take one picture of the whole page for each view, and one of its top.

    Parameters
    ----------
    page
        The page.
    folder
        Folder of the pictures, which is made if it is missing.
    name
        Beginning of the pictures' names.
    prepare
        Called with each opened page before its picture.

    Returns
    -------
    Paths of the pictures.
    """
    folder.mkdir(parents=True, exist_ok=True)
    pictures = []
    with browser() as driver:
        for view, width, scheme in (*VIEWS, ("cover", 1200, "light")):
            show(driver, page, width=width, scheme=scheme)
            if prepare:
                prepare(driver)
            height = COVER_HEIGHT if view == "cover" else _height(driver)
            resize(driver, width, height)
            pictures.append(_take(driver, folder / f"{name}-{view}.png"))
    return pictures


def begin_practice(driver: webdriver.Chrome) -> None:
    """Begin a round of practice and mark the differences of its first pair."""
    driver.execute_script("document.getElementById('begin').click()")
    driver.execute_script("const h = document.getElementById('hints'); if (!h.checked) h.click()")


def _height(driver: webdriver.Chrome) -> int:
    return int(driver.execute_script("return document.documentElement.scrollHeight"))


def _take(driver: webdriver.Chrome, picture: Path) -> Path:
    shot = driver.execute_cdp_cmd("Page.captureScreenshot", {})
    picture.write_bytes(base64.b64decode(shot["data"]))
    return picture


@contextmanager
def browser() -> Iterator[webdriver.Chrome]:
    """Start a Chromium that has no network, no history and no extensions."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        driver = webdriver.Chrome(options=_options(profile), service=_service())
        try:
            yield driver
        finally:
            driver.quit()


def show(driver: webdriver.Chrome, page: Path, *, width: int, scheme: str) -> None:
    """Open a page and wait until its charts are drawn.

    Parameters
    ----------
    driver
        A browser.
    page
        The page.
    width
        Width in CSS pixels.
    scheme
        "light" or "dark".
    """
    media = [{"name": "prefers-color-scheme", "value": scheme}]
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": media})
    resize(driver, width, 900)
    driver.get(page.resolve().as_uri())
    drawn = "return document.documentElement.dataset.drawn === 'yes'"
    WebDriverWait(driver, PATIENCE_SECONDS).until(
        lambda page_driver: page_driver.execute_script(drawn)
    )
    resize(driver, width, _height(driver))


def resize(driver: webdriver.Chrome, width: int, height: int) -> None:
    """Give the page a width and height in CSS pixels."""
    size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)


def _options(profile: str) -> webdriver.ChromeOptions:
    options = webdriver.ChromeOptions()
    for flag in (
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--hide-scrollbars",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--host-resolver-rules=MAP * ~NOTFOUND",
        f"--user-data-dir={profile}",
    ):
        options.add_argument(flag)
    options.binary_location = shutil.which("chromium") or ""
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    return options


def _service() -> Service:
    return Service(executable_path=shutil.which("chromedriver"))


def main() -> None:
    """Read the command line and take the pictures."""
    parser = argparse.ArgumentParser(prog="python -m darkfigure.reports.html.screenshot")
    parser.add_argument("page", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--practise", action="store_true", help="the page is one of practice")
    arguments = parser.parse_args()
    if arguments.practise:
        take_screenshots(arguments.page, arguments.folder, name="practise", prepare=begin_practice)
    else:
        take_screenshots(arguments.page, arguments.folder)


if __name__ == "__main__":
    main()
