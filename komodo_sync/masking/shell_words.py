"""Which word of a command is a text that a shell reads: what follows `sh -c`, `bash -lc`, `CMD-SHELL`. In lists, from
one line to the next where each has a word of its own, and in brackets."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from komodo_sync.model.data import Data, field

if TYPE_CHECKING:
    from collections.abc import Iterable

_SHELL = r"(?:ba|da|a|z|k|mk)?sh"
_SHELLS = re.compile(rf"(?:\S*/)?(?P<name>{_SHELL}|su|runuser)")
_RUNS = re.compile(r"-[A-Za-z]{0,6}c[A-Za-z]{0,3}")
_TAKES = re.compile(r"[-+][A-Za-z]*o")
"""An option whose value is the next word: `-o pipefail`."""
_IN_BRACKETS = re.compile(
    rf"(?<![\w.-])(?:(?:{_SHELL}|su|runuser)[\"']?(?:[ \t]*,[ \t]*[\"']?[-+]?\w*[\"']?){{0,4}}?[ \t]*,[ \t]*"
    rf"[\"']?{_RUNS.pattern}"
    r"|CMD-SHELL)[\"']?[ \t]*,[ \t]*"
)
_TEXT = r"\"(?:[^\"\\]|\\.)*+\"|'(?:[^']|'')*+'"
_ITEM = re.compile(
    rf"(?P<indent>[ \t]*)(?:-[ \t]+(?P<word>{_TEXT}|\S.*?)|(?P<listed>{_TEXT}))[ \t]*,?[ \t]*(?:(?<=\s)\#.*)?"
)
_NOTHING = re.compile(r"[ \t]*(?:\#.*)?")
_BLOCK = re.compile(r"[|>][0-9+-]*[ \t]*(?:\#.*)?")

Item = Literal["", "quoted", "open", "plain"]
"""How an item is written that a shell reads: in quotes that are closed in the line, or `open`, or in none, which goes
on in lines right of it."""


class ShellWords(Data):
    """Reads the words of a command one after the other."""

    _shell: str = ""
    _before: str = ""
    _due: bool = False

    def reads(self, word: str) -> bool:
        """Whether a shell reads `word`."""
        due, before = self._due, self._before
        self._before = word
        if due and not _RUNS.fullmatch(word) and word != "--":
            self._due, self._shell = False, ""
            return True
        if found := _SHELLS.fullmatch(word):
            self._shell = found["name"]
        elif word == "CMD-SHELL" or (self._shell and _RUNS.fullmatch(word)):
            self._due = True
        elif self._shell.endswith("sh") and word[:1] not in ("-", "+") and not _TAKES.fullmatch(before):
            self._shell = ""  # it is a script that it runs
        return False


def read_by_shell(words: Iterable[object]) -> list[bool]:
    """Of each word of a command that is a list whether a shell reads it."""
    commands = ShellWords()
    return [isinstance(word, str) and commands.reads(word) for word in words]


def bracketed(line: str) -> set[int]:
    """Where in a line the texts begin that a shell reads, in lists in brackets."""
    return {found.end() for found in _IN_BRACKETS.finditer(line)}


class ShellItems(Data):
    """Reads lines one after the other, of which each may be an item of a list."""

    _words: ShellWords = field(default_factory=ShellWords)
    _indent: int = -1

    def in_quotes(self, line: str) -> bool:
        """Whether `line` is an item in quotes that a shell reads."""
        return self.of(line) == "quoted"

    def of(self, line: str) -> Item:
        """How the item is written that `line` is, where a shell reads it."""
        if _NOTHING.fullmatch(line):
            return ""
        item = _ITEM.fullmatch(line)
        if item is None or len(item["indent"]) != self._indent:
            self._words, self._indent = ShellWords(), len(item["indent"]) if item else -1
        if item is None:
            return ""
        word = item["word"] or item["listed"]
        closed = word[0] in "\"'" and len(word) > 1 and word[-1] == word[0]
        if not self._words.reads(word[1:-1] if closed else word):
            return ""
        return "quoted" if closed else "open" if word[0] in "\"'" else "plain"
