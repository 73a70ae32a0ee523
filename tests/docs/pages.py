"""Examples in pages: files to write (blocks of a word and a name), and console blocks to run with what they say."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"
_BLOCK = re.compile(r"^```(?P<word>\w+)(?: (?P<file>\S+))?\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass
class Command:
    """A command line, and the lines of output that the page shows."""

    line: str
    output: list[str] = field(default_factory=list)


def sections(page: str, under: str = "") -> dict[str, str]:
    """The text below each heading of a page, by heading; with `under`, those of a level below that heading."""
    text = (DOCS / page).read_text(encoding="utf-8")
    mark = "## "
    if under:
        text = text.split(f"\n## {under}\n")[1].split("\n## ")[0]
        mark = "### "
    parts = re.split(rf"^{mark}(.+)$", text, flags=re.MULTILINE)
    return {"": parts[0], **dict(zip(parts[1::2], parts[2::2], strict=True))}


def files(text: str) -> dict[str, str]:
    """The files that a text tells one to write."""
    return {block["file"]: block["text"] for block in _BLOCK.finditer(text) if block["file"]}


def commands(text: str) -> list[Command]:
    """The commands that a text tells one to run."""
    found: list[Command] = []
    for block in _BLOCK.finditer(text):
        for line in block["text"].splitlines() if block["word"] == "console" else ():
            if line.startswith("$ "):
                found.append(Command(line[2:]))
            else:
                found[-1].output.append(line)
    return found
