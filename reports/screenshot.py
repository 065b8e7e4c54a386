"""Take pictures of a report in a headless Chromium; for the documentation, not for use.

Run as `python -m reports.screenshot REPORT.html FOLDER`; needs the extra `test` and Chromium.
"""

from __future__ import annotations

import argparse
import base64
import shutil
import tempfile
from collections.abc import Iterator
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


def take_screenshots(page: Path, folder: Path) -> list[Path]:
    """Take one picture of the whole page for each view, and one of its top."""
    folder.mkdir(parents=True, exist_ok=True)
    pictures = []
    with browser() as driver:
        for name, width, scheme in VIEWS:
            show(driver, page, width=width, scheme=scheme)
            pictures.append(_take(driver, folder / f"report-{name}.png"))
        show(driver, page, width=1200, scheme="light")
        _resize(driver, 1200, COVER_HEIGHT)
        return [*pictures, _take(driver, folder / "report-cover.png")]


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
    """Open a page at a width and colour scheme and wait until its charts are drawn."""
    media = [{"name": "prefers-color-scheme", "value": scheme}]
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": media})
    _resize(driver, width, 900)
    driver.get(page.resolve().as_uri())
    drawn = "return document.documentElement.dataset.drawn === 'yes'"
    WebDriverWait(driver, PATIENCE_SECONDS).until(lambda one: one.execute_script(drawn))
    height = driver.execute_script("return document.documentElement.scrollHeight")
    _resize(driver, width, height)


def _resize(driver: webdriver.Chrome, width: int, height: int) -> None:
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
    parser = argparse.ArgumentParser(prog="python -m reports.screenshot")
    parser.add_argument("page", type=Path)
    parser.add_argument("folder", type=Path)
    given = parser.parse_args()
    take_screenshots(given.page, given.folder)


if __name__ == "__main__":
    main()
