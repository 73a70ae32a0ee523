"""What komodo-sync said where it made no report: why a run failed, for its annotations, its summary and its comment.

What it says holds no secret; but it may hold what others wrote, so it stands in blocks that nothing in it can end.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

CHARACTERS, ANNOTATIONS = 6_000, 10
_FINDING = re.compile(
    r"(?P<file>[^:]+):(?P<line>\d+):(?P<col>\d+): (?P<level>error|warning)\[(?P<code>\w+)\]: (?P<what>.*)"
)
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
_UNSEEN = re.compile(r"[^\x20-\x7e\xa0-\U0010ffff]|[\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]")


def unseen(text: str) -> str:
    """With a mark for each character that cannot be seen, or that changes how others are."""
    return _UNSEEN.sub("\ufffd", text)


def _found(file: str) -> Path:
    """The file that is named from the folder of the settings: that is here, or the nearest above that has it."""
    here = Path.cwd()
    return next((folder / file for folder in (here, *here.parents) if (folder / file).exists()), here / file)


class Annotation(NamedTuple):
    """What is said of the run, or of a `place` in a file (file, line, col)."""

    level: str
    title: str
    text: str
    place: dict[str, str]


class Failure:
    """A failed `mode`, by the lines that it said and its exit status."""

    def __init__(self, mode: str, code: int, said: Iterable[str]) -> None:
        lines = [unseen(_COLOURS.sub("", line.rstrip())) for line in said]
        starts = (at for at, line in enumerate(lines) if line.lower().startswith("error: ") or _FINDING.fullmatch(line))
        self._mode, self._code = mode, code
        # what was said before the first error is no part of why
        self._lines = lines[next(starts, 0) :]

    def annotations(self, top: str) -> list[Annotation]:
        """Findings in manifests at their lines, errors first, files named from `top`; without any, the error as one of
        the run."""
        found = sorted(self._findings(top), key=lambda item: item.level)[:ANNOTATIONS]
        if not any(item.level == "error" for item in found):
            text = "\n".join(self._lines) or "the log says why"
            found.append(Annotation("error", f"komodo-sync {self._mode}: failed", text[:CHARACTERS], {}))
        return found

    def _findings(self, top: str) -> Iterator[Annotation]:
        for at, line in enumerate(self._lines):
            if match := _FINDING.fullmatch(line):
                file = os.path.relpath(_found(match["file"]), top or os.curdir).replace(os.sep, "/")
                following = self._lines[at + 1 : at + 4]
                text = [match["what"], *(more.strip() for more in following if more.startswith("  help: "))][:2]
                place = {"file": file, "line": match["line"], "col": match["col"]}
                yield Annotation(match["level"], match["code"], "\n".join(text), place)

    def markdown(self) -> str:
        """Its heading, and what was said."""
        text = "\n".join(self._lines)
        if len(text) > CHARACTERS:
            text = f"{text[:CHARACTERS]}\n... the log has the rest"
        fence = "`" * max(3, 1 + max(map(len, re.findall("`+", text)), default=0))
        block = f"\n{fence}text\n{text}\n{fence}\n" if text else ""
        there = "no plan" if self._mode == "plan" else f"no report of this {self._mode}"
        return f"## Komodo {self._mode}: failed\n\nThere is {there} (exit status {self._code}).\n{block}"
