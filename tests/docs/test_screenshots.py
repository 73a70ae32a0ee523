"""The pictures in the documentation show what the commands print today."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from screenshots import IMAGES, said, screenshots


@pytest.fixture(scope="module")
def made() -> dict[str, str]:
    return screenshots()


def test_they_are_what_the_build_makes(made: dict[str, str]) -> None:
    """What they say: how it is drawn may differ with the library that draws."""
    for name, svg in made.items():
        assert said(svg) == said((IMAGES / name).read_text()), "run `make screenshots`"
    assert {path.name for path in IMAGES.glob("*.svg")} >= set(made)


def test_they_fetch_nothing_and_show_no_secret(made: dict[str, str]) -> None:
    for name in made:
        text = (IMAGES / name).read_text()
        ElementTree.fromstring(text)
        assert "url(http" not in text
        assert "@import" not in text
        assert "for-you" not in text
        assert "for-me" not in text
