"""Finds a browser for the browser tests, or installs one: Debian's package where that may be, Playwright's own elsewhere."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge", "msedge")
PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
)


def installed_browser() -> str | None:
    """The path of a browser on this machine, or None."""
    for name in NAMES:
        found = shutil.which(name)
        if found:
            return found
    for place in PLACES:
        if Path(place).exists():
            return place
    return None


def playwright_browser() -> str | None:
    """The path of the browser that Playwright keeps for itself, or None."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def find_browser() -> str | None:
    """The browser that the tests use, or None."""
    return installed_browser() or playwright_browser()


@contextlib.contextmanager
def launched() -> Iterator[Browser]:
    """A running browser; a test without one is left out, and fails in CI."""
    import pytest
    from playwright.sync_api import sync_playwright

    path = find_browser()
    if path is None:
        message = "no Chromium, Chrome or Edge was found, so nothing was looked at in a browser"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    flags = [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ]
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=flags)
        yield chromium
        chromium.close()


def main() -> int:
    """Make sure that there is a browser; say loudly where there is none."""
    if find_browser():
        return 0
    print("No Chromium, Chrome or Edge is here; installing one for the browser tests ...", flush=True)
    if shutil.which("apt-get") and os.geteuid() == 0:
        subprocess.run(["apt-get", "-qq", "update"], check=False)
        subprocess.run(
            ["apt-get", "-qq", "install", "--yes", "--no-install-recommends", "chromium"], check=False, stdout=subprocess.DEVNULL
        )
    if not find_browser():
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)
    if not find_browser():
        print(
            "THE BROWSER TESTS WILL BE SKIPPED: no browser was found and none could be installed. Install Chromium and run again.",
            flush=True,
        )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
