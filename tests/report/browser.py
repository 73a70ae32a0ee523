"""A real browser without a window, where there is one."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Chromium, as CHROMIUM names it or as it is found; a test that asks for it is skipped where there is none."""
    places = (os.environ.get("CHROMIUM"), *map(shutil.which, ("chromium", "chromium-browser", "google-chrome")))
    place = next((item for item in places if item), None)
    if place is None:
        pytest.skip("no chromium here: install it, or name one in CHROMIUM")
    playwright = pytest.importorskip("playwright.sync_api", reason="no playwright here")
    with playwright.sync_playwright() as driver:
        try:
            browser = driver.chromium.launch(executable_path=place, args=list(ARGUMENTS))
        except playwright.Error as error:
            pytest.skip(f"{place} does not start: {str(error).splitlines()[0]}")
        yield browser
        browser.close()
