"""Lines of a text as they may be shown: compose files, env files, scripts, JSON. A guess by names and by well-known
forms, on the safe side; where something is known to be secret (`komodo_sync.model.hiding.knowing`), no piece of it is
left beside what was guessed."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from komodo_sync.kinds.pairs import read_pair
from komodo_sync.masking.addresses import told_of
from komodo_sync.masking.commands import Commands
from komodo_sync.masking.embedded import embedded_places
from komodo_sync.masking.escaped import opened
from komodo_sync.masking.formats.toml import held_places
from komodo_sync.masking.forms import form_places
from komodo_sync.masking.groups import unnamed
from komodo_sync.masking.in_line import inline, is_told
from komodo_sync.masking.in_place import (
    hidden_line,
    hidden_parts,
    hide,
    secret_values,
    stripped,
    without_again,
)
from komodo_sync.masking.leads import IS, KEY
from komodo_sync.masking.listed import listed_places
from komodo_sync.masking.scalars import scalar_texts
from komodo_sync.masking.shell import OPTION, Readings, hidden_value, is_run, value_end
from komodo_sync.masking.shell_words import ShellItems
from komodo_sync.masking.structured import secret_places
from komodo_sync.masking.typescript.code import unveiled, veil, veiled
from komodo_sync.masking.typescript.regions import without_texts
from komodo_sync.masking.users import user_places
from komodo_sync.model.data import Data, field
from komodo_sync.model.hiding import besides
from komodo_sync.model.sealed import HIDDEN
from komodo_sync.model.secrecy import is_mounted, is_public, looks_secret

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from komodo_sync.masking.shell import Reading
    from komodo_sync.masking.structured import Place

_ENTRY = re.compile(
    rf"(?P<head>(?P<lead>[ \t]*(?:-[ \t]+)*(?:\#[\# \t]*)?(?:export[ \t]+)?)"
    rf"[\"']?{KEY}[\"']?[ \t]*(?::|{IS})[ \t]*)(?P<value>.*)"
)
_MAPPING = re.compile(r"[ \t]*(?:-[ \t]+)*[\"']?(?:[\w.-]+|<<)[\"']?[ \t]*:(?:[ \t]|$)")
_BLOCK = re.compile(r"[|>][0-9+-]*[ \t]*(?:\#.*)?")
_ITEM = re.compile(rf"[ \t]*(?:-[ \t]+[\"']?|[\"'])--?{OPTION}[\"']?[ \t]*,?")
_OPTIONS = r"(?:ro|rw|z|Z|nocopy|cached|delegated|consistent)"
_MOUNT = re.compile(
    r"[ \t]*-[ \t]+(?P<quote>[\"']?)[A-Za-z][\w.-]*:(?:/[\w.@-]+)+/?"
    rf"(?::{_OPTIONS}(?:,{_OPTIONS})*)?(?P=quote)[ \t]*(?:\#.*)?"
)
"""A volume in a container: no blank behind the colon, as a key has."""
_PEM = re.compile(r"-----BEGIN [A-Z0-9 ]*PRIVATE KEY")
_COMMENT = re.compile(r"[ \t]+\#.*")
_THREE = ('"""', "'''")
_OPENING = (*_THREE, '"', "'")
_BROKEN = re.compile(r"[^\s\"';&|]+")
_NAMES = frozenset(("name", "key", "variable"))
_GROUP = re.compile(r"(?<![\w.-])[A-Za-z_][\w.-]*(?=[\"']?[ \t]*:[ \t]*\{)", re.ASCII)


def shown_lines(lines: Iterable[str], reading: Reading = "text") -> list[str]:
    """Each line with what looks like a secret in it replaced: values of secret-looking keys, also over several lines
    and in whatever style, logins in URLs, private keys, tokens of well-known form. A value that only names a variable
    is shown. What is a secret in one place of a text is none that is shown in another."""
    lines = tuple(lines)
    return besides(lines, _read(lines, reading).told)


def judged(text: str, reading: Reading = "text") -> frozenset[str]:
    """What of a text looks like a secret, in clear."""
    # as a diff splits it, so that each text is read once
    return _read(tuple(text.removesuffix("\n").split("\n")), reading).secrets if text else frozenset()


def forget_lines() -> None:
    """Lets go of the texts that were read: a text is told in more than one place of a plan, and of no other one."""
    _read.cache_clear()


class _Read(NamedTuple):
    told: tuple[str, ...]
    secrets: frozenset[str] = frozenset()


@lru_cache(maxsize=1 << 15)
def _read(lines: tuple[str, ...], reading: Reading) -> _Read:
    reader = _Reader(Readings(reading))
    code = reading == "code"
    bare = without_texts(lines, code=code)
    text = "\n".join(lines)
    without = unnamed(text, bare, code=code)
    inner: set[str] = set()
    shown = _reading_in(inner)
    in_shell = ShellItems().in_quotes
    veils = veiled(without.lines, code=code)
    told = [without.named(unveiled(reader.read(opened(line, shown, item=in_shell(line))))) for line in veils]
    places = [*_places(text), *without.doubtful, *held_places(text, _places), *form_places(text, code=code)]
    places += [place for held in without.held for place in held.places(_places)]
    if not code:
        places += embedded_places(text, _places, user_places)
        places += scalar_texts(text, lambda said, by: _told(said, inner, by))
    hide(told, lines, places)
    secrets = inner | {*secret_values(places), *hidden_parts(lines, bare), *hidden_parts(lines, told)}
    return _Read(tuple(without_again(told, secrets)), frozenset(secrets))


def _told(lines: tuple[str, ...], secrets: set[str], reading: Reading = "text") -> tuple[str, ...]:
    """What is told of the lines of a text that another one holds; what is hidden is added to `secrets`."""
    read = _read(lines, reading)
    secrets.update(read.secrets)
    return read.told


def _reading_in(secrets: set[str]) -> Callable[[tuple[str, ...], Reading], list[str]]:
    """What tells the lines of a text in quotes, and adds what it hides to `secrets`."""

    def told(lines: tuple[str, ...], reading: Reading) -> list[str]:
        # what is told there of a group stays so
        return [_GROUP.sub(lambda name: veil(name[0]), line) for line in veiled(_told(lines, secrets, reading))]

    return told


def _places(text: str) -> list[Place]:
    return [*secret_places(text), *user_places(text), *listed_places(text)]


class _Reader(Data):
    """What the lines before say about the next one.

    readings  who reads a line
    quote  a secret value in this quote is not closed yet
    pem    inside a private key
    deep   the column of a secret key: lines right of it belong to its value
    whole  all such lines do (a block scalar); otherwise entries of a mapping are lines like others
    listed  the value is a list
    key  the secret key
    next   the name of which the next item, or the next `value` key, is the secret value
    asked  it is that of an option: the next item is the value, also one that looks like `NAME=value`
    held   the column of an open `secrets:`, of which compose takes each `content` as it stands
    commands  which command goes on in the next line
    """

    readings: Readings
    quote: str = ""
    pem: bool = False
    deep: int = -1
    whole: bool = False
    listed: bool = False
    key: str = ""
    next: str = ""
    asked: bool = False
    broken: int = -1
    held: int = -1
    commands: Commands = field(default_factory=Commands)

    def read(self, line: str) -> str:
        """`line` as it may be shown."""
        indent = len(line) - len(line.lstrip(" \t"))
        found = _BROKEN.match(line, indent) if indent <= self.broken else None
        told = f"{line[:indent]}{HIDDEN}{self._line(line[found.end() :])}" if found else self._line(line)
        word = line.rstrip("\\")
        breaks = word != line and not word.endswith((" ", "\t")) and told.rstrip("\\").endswith(HIDDEN)
        # in the quotes of YAML the blanks that a line begins with do not count
        self.broken = -1 if not breaks else len(line) if line.count('"') % 2 else indent
        return told

    def _line(self, line: str) -> str:
        reading = self.readings.of(line)
        if self.pem:
            self.pem = "-----END" not in line
            return hidden_line(line)
        if self.quote:
            self.quote = "" if self.quote in line else self.quote
            return hidden_line(line)
        if self._continues(line):
            return hidden_line(line, self.key)
        found = _PEM.search(line)
        if found:
            self.pem = "-----END" not in line
            return line[: found.start()] + HIDDEN
        if reading == "mounts" and (pair := read_pair(line)) and is_mounted(pair[1]) and "#" not in line:
            return line
        entry = _ENTRY.match(line)
        if entry is None and (self.next or self.commands.waits) and line.lstrip()[:1] in ("", "#"):
            return inline(Commands().read(line))  # an item may still come
        told, self.next = self.next, ""
        asked, self.asked = self.asked, False
        is_item = entry is not None and (line.lstrip().startswith("-") or _opens(entry["head"]))
        if is_item and asked:
            return self._item(line, told)
        content = self._is_held(line, entry)
        named = entry and looks_secret(entry["key"]) and not (reading in ("text", "code") and _MOUNT.fullmatch(line))
        if named and is_item and self.commands.waits and (read := self.commands.read(line)) != line:
            return inline(read)
        if entry and (content or named or (told and entry["key"] == "value")):
            return self._entry(line, entry, reading, entry["key"] if named else told)
        if entry and entry["key"] in _NAMES:
            name = stripped(entry["value"])
            self.next = name if looks_secret(name) else ""
        elif told and line.lstrip().startswith("-" if entry else ("-", '"', "'")):
            return self._item(line, told)
        else:
            item = _ITEM.fullmatch(line)
            self.next = item["key"] if item and looks_secret(item["key"]) else ""
            self.asked = bool(self.next)
        return inline(self.commands.read(line))

    def _item(self, line: str, name: str) -> str:
        self.commands.read(line)
        start = len(line) - len(line.lstrip(" \t-"))
        return line[:start] + told_of(name, line[start:])

    def _continues(self, line: str) -> bool:
        if self.deep < 0 or not line.strip():
            return False
        indent = len(line) - len(line.lstrip(" \t"))
        inside = indent > self.deep or (indent == self.deep and not self.whole and line.lstrip().startswith("- "))
        entry = bool(_MAPPING.match(line))
        self.listed = self.listed or line.lstrip().startswith("-")
        if not inside or (entry and not self.whole and not self.listed):
            self.deep = -1  # it is over, or a group: its own keys say what is secret, as in a service called `auth`
            return False
        return self.whole or not entry

    def _is_held(self, line: str, entry: re.Match[str] | None) -> bool:
        """Whether a line is the `content` of one of the `secrets:` that it stands below."""
        if not line.strip() or "#" in line[: len(line) - len(line.lstrip(" \t#"))]:
            return False
        indent = len(line) - len(line.lstrip(" \t"))
        if indent <= self.held:
            self.held = -1
        if entry and entry["key"] == "secrets" and not _COMMENT.sub("", entry["value"]).strip():
            self.held = indent
            return False
        return self.held >= 0 and entry is not None and entry["key"] == "content"

    def _entry(self, line: str, entry: re.Match[str], reading: Reading, name: str) -> str:
        head, lead = entry["head"], entry["lead"]
        end = value_end(line, lead, entry.start("value"), reading) if head.endswith("=") else len(line)
        by_shell = head.endswith("=") and (reading == "script" or end < len(line))
        value = line[entry.start("value") : end].strip()
        value = value if by_shell else _COMMENT.sub("", value).strip()
        if "#" not in lead and not by_shell:
            self.deep, self.whole, self.listed = len(lead), bool(_BLOCK.fullmatch(value)), False
            self.key = name
            if self.whole:
                return line
        if value in _OPENING and head.count(value[0]) in (0, 2):
            self.quote = value
            return line
        rest = inline("=" + self.commands.read(line[end:]))[1:] if end < len(line) else ""
        if (
            is_told(value)
            or is_public(entry["key"], value)
            or (line.startswith("#", len(head)) and _is_comment(head, line[len(head) + 1 :]))
            or (by_shell and is_run(value))
        ):
            return line[:end] + rest
        opening = value[:3] if value[:3] in _THREE else value[0]
        if opening[0] in "\"'" and value.count(opening) == 1 and head.count(value[0]) in (0, 2):
            self.quote = opening
        told = HIDDEN if self.quote else told_of(name, line[entry.start("value") : end])
        return head + (hidden_value(value, told) if by_shell else told) + rest


def _opens(head: str) -> bool:
    """Whether a quote is open behind what leads to a value: the name is in it too."""
    return head.count('"') % 2 == 1 or head.count("'") % 2 == 1


def _is_comment(head: str, rest: str) -> bool:
    """Whether a `#` behind `head` begins a comment."""
    if head[-1:] not in (" ", "\t") or _opens(head):
        return False
    return ":" in head.rstrip()[-1:] or rest[:1] in ("", " ", "\t", "#")
