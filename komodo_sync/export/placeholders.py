"""What stands in a manifest where a Core holds a secret: `${env:NAME}`, and the list of what to set."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from komodo_sync.model.data import Data
from komodo_sync.model.secrecy import holds_secret, is_reference, looks_secret

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from komodo_sync.model.address import Address

_INTERPOLATED = re.compile(r"(?=\$\{(?:env|file|var|each):)")
_SECRET = re.compile(r"(?<!\$)\$\{(?:env|file):")
_NAMED = re.compile(r"\$\{env:([A-Za-z_][A-Za-z0-9_]*)")


class Wanted(Data, frozen=True):
    """A secret that was not written: the environment variable `name` is to hold `field` of the resource."""

    name: str
    address: Address
    field: str


class Placeholders:
    """Gives every secret a name of its own, and the same one whenever it is asked for again."""

    def __init__(self) -> None:
        self._wanted: dict[tuple[Address, tuple[str, ...]], Wanted] = {}
        self._taken: set[str] = set()

    def placeholder(self, address: Address, place: tuple[str, ...], word: str = "") -> str:
        """The text to write in place of the secret at `place` (a field, what is in it) of a resource; `word` names it
        where that says enough."""
        wanted = self._wanted.get((address, place))
        if wanted is None:
            words = (address.kind, address.name, *((word,) if word else place))
            base = re.sub(r"[^A-Za-z0-9]+", "_", "_".join(words)).strip("_").upper()
            name, number = base, 1
            while name in self._taken:
                number += 1
                name = f"{base}_{number}"
            self._taken.add(name)
            wanted = self._wanted[address, place] = Wanted(name, address, "/".join(place))
        return f"${{env:{wanted.name}}}"

    def wanted(self, texts: Iterable[str]) -> tuple[Wanted, ...]:
        """What is to be set for these texts."""
        named = {name for text in texts for name in _NAMED.findall(text)}
        return tuple(item for item in self._wanted.values() if item.name in named)


def is_placeholder(text: str) -> bool:
    """Whether a text asks for a secret."""
    return _SECRET.search(text) is not None


def secrets_in_clear(text: str) -> Iterator[tuple[int, str]]:
    """The lines (from 1) of a text that give a value in clear to a key or an option that looks secret, each with that
    key, or that hold a secret of a well-known form: of a compose file, a script, a command, in which nothing can be
    replaced without changing what it means."""
    told = ""
    held = False  # below the `secrets:` of a compose file, where each content is one
    for number, line in enumerate(text.split("\n"), 1):
        held = line.startswith("secrets:") or (held and line[:1] in (" ", "#", "\t", ""))
        content = "content" if held and _CONTENT.search(line) else ""
        found = next((key for pattern in (_ASSIGNED, _OPTION) for key in _given(pattern, line)), told or content)
        option = _ALONE.fullmatch(line)
        told = option["key"] if option and looks_secret(option["key"]) else ""
        if found or holds_secret(_ASKED.sub("${X}", line)):
            yield number, found or "a login or a token"


def _given(pattern: re.Pattern[str], line: str) -> Iterator[str]:
    for found in pattern.finditer(line):
        value = found["value"].strip("\"' ,;})")
        if value and value not in _NOTHING and looks_secret(found["key"]) and not _refers(value):
            yield found["key"]


def _refers(value: str) -> bool:
    if value.startswith("${") and ":-" in value and not _ASKED.match(value):
        return is_reference(value) or value.endswith(":-")  # what stands there by default is in clear
    return is_reference(value) or value.startswith(("$", "[[", "/run/secrets", "!", "|", ">", "&", "*", "[", "{"))


_ASSIGNED = re.compile(r"(?P<key>[A-Za-z_][A-Za-z0-9_.-]*)[\"']?(?:=|:\s+|\s+=\s*)[\"']?(?P<value>[^\s\"']+)")
_OPTION = re.compile(
    r"(?<![\w-])--?(?P<key>[A-Za-z][\w-]*)[\"']?(?:[ \t]+|,[ \t]*)[\"']?(?P<value>[^-\s\"',\]][^\s\"',\]]*)"
)
_ALONE = re.compile(r"\s*-\s+[\"']?--?(?P<key>[A-Za-z][\w-]*)[\"']?\s*")
"""An item that is such an option alone: the next one is its value."""
_ASKED = re.compile(r"\$\{(?:env|file|var|each):[^{}]*\}")
_CONTENT = re.compile(r"(?:^|[\s{,])[\"']?content[\"']?:\s*(?![\"']?\$\{(?:env|file):)\S")
_NOTHING = frozenset({"true", "false", "yes", "no", "on", "off", "null", "~", "env", "none"})


def literal(text: str) -> str:
    """`text` as a manifest writes it so that nothing in it is interpolated."""
    return _INTERPOLATED.sub("$", text) if "${" in text else text
