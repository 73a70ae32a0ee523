"""docs/errors: one page a code. `python tests/docs/error_pages.py` writes the index."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from komodo_sync.source.codes import Code

FOLDER = Path(__file__).parents[2] / "docs" / "errors"
INDEX = FOLDER / "README.md"
RETIRED = "No longer given"
"""What a page says of a code that nothing gives any more; it then needs no example."""

_BLOCK = re.compile(r"^```(?P<word>\w+)(?: (?P<file>\S+))?\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Example:
    """Files to write, a shell script that makes the others, and the command line that is run then."""

    files: dict[str, str]
    script: str
    arguments: list[str]


def page(code: Code) -> str:
    """The page of a code."""
    return (FOLDER / f"{code.value}.md").read_text(encoding="utf-8")


def section(text: str, title: str) -> str:
    """What stands under a heading of a page."""
    [_, after] = text.split(f"\n## {title}\n")
    return after.split("\n## ")[0]


def example(text: str) -> Example:
    """What a section of a page says that one has and runs."""
    files, script, arguments = {}, "", []
    for block in _BLOCK.finditer(text):
        if block["file"]:
            files[block["file"]] = block["text"]
        elif block["word"] == "sh":
            script = block["text"]
        else:
            arguments = block["text"].split()[3:]
    return Example(files, script, arguments or ([] if "komodo-sync.yaml" in files else ["."]))


def index() -> str:
    """The index, made from the codes."""
    rows = [f"| [{code.value}]({code.value}.md) | {code.cause} |" for code in sorted(Code)]
    head = (
        "# Errors and warnings\n\n"
        "What `komodo-sync validate` and `plan` find in manifests and settings. A code never changes its meaning.\n\n"
    )
    tail = (
        "\n\nEach page has an example, which a test runs, and its fix. "
        "To live with a finding, say so at its line: [KS080](KS080.md).\n"
    )
    return head + "| code | cause |\n|---|---|\n" + "\n".join(rows) + tail


if __name__ == "__main__":
    INDEX.write_text(index(), encoding="utf-8")
