"""What a text in quotes says of itself in a TypeScript: that it is no secret, whatever stands around it; that one is
in it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from komodo_sync.masking.commands import Commands
from komodo_sync.masking.typescript.calls import is_vague
from komodo_sync.model.hosts import opening, secret_spans
from komodo_sync.model.sealed import HIDDEN
from komodo_sync.model.secrecy import is_public, is_reference, looks_secret

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from komodo_sync.masking.typescript.tokens import Span

PLACED = r"(?:(?:Bearer|Basic|[Tt]oken)[ ])?(?:\$\{[^{}]*\}[:/@.,;|_-]?)+"
"""A text in which nothing stands that is not put there from elsewhere."""
_PLACED = re.compile(PLACED)
_LEADS = re.compile(
    r"(?:(?<![\w.-])(?P<name>[A-Za-z_][\w.-]*)(?:=|:[ ]*)[\"']?|://[^\s/@:]*:|\b(?:Bearer|Basic|[Tt]oken)[ ])$"
)
_NAME = re.compile(r"[A-Za-z_][\w.-]*")
_VARIABLE = re.compile(r"[A-Z]+(?:_[A-Z]+\d?)+")
_PLAIN = re.compile(
    r"(?:(?!(?=[a-z]*\d)(?=\d*[a-z])[a-z\d]{6})[a-z\d]{1,24}(?:[-_. :/]|$))+(?<![-_. :/])", re.IGNORECASE
)
"""Words, none of them of six and more letters and digits mixed."""
_WORDS = re.compile(r"--?[\w-]+|/[\w./-]*|[A-Za-z]{1,24}(?:[-_. :/,][A-Za-z]{1,24})*|(?=\S+\s+\S)[\s\S]+")
"""What a call is told rather than given: an option, a path, a word, several of them."""
_PART = re.compile(r"\W*(?:[\w.-]*[=:]\W*)?")
_ALGORITHM = re.compile(
    r"sha-?\d+|md5|hmac|[hrep]s\d{3}|aes[-\w]*|raw|hex|base64(?:url)?|utf-?8|ascii|pkcs8|spki|jwk", re.IGNORECASE
)
_LOGIN = re.compile(r"[\w.@+-]{1,64}:[^\s/:][^\s:]*")
_ASSIGNS = re.compile(r"\s*(?:export\s+|-e\s*|--?)?(?P<name>[A-Za-z_][\w.-]*)=(?P<value>[\s\S]+)")
_BEARS = re.compile(r"\s*(?:Bearer|Basic)[ ]+(?P<value>(?!auth)(?=\S*[^a-z]|\S{12})[^\s$]\S*)\s*")


def is_told(value: str) -> bool:
    """Whether it is an option, a path, words or a command: where a call says how to come by a secret, and no secret."""
    return _WORDS.fullmatch(value) is not None


def says_nothing(value: str, by: str, *, listed: bool = False) -> bool:
    """Whether it is no secret although something called `by` says so: empty, put together from elsewhere, the name of a
    variable, an address; plain words, where the name is vague, or that of a variable and they are `listed`."""
    if not value.strip() or is_reference(value) or _PLACED.fullmatch(value):
        return True
    if (_VARIABLE.fullmatch(value) and looks_secret(value)) or is_public(by, value):
        return True
    if _ALGORITHM.fullmatch(value):
        return True
    if (is_vague(by) or (listed and _VARIABLE.fullmatch(by))) and _PLAIN.fullmatch(value):
        return True
    return "webhook" not in by.lower() and is_public("auth_url", value)


def says(part: str, by: str) -> bool:
    """Whether a part of a text may be one of a secret: not `id=`, nor signs alone, nor words, where the name is
    vague."""
    return _PART.fullmatch(part) is None and not (is_vague(by) and _PLAIN.fullmatch(part.strip("-_. :/")))


def opens(value: str) -> int:
    """Where in a secret address that begins which is none: behind the host."""
    return len(opening(value)) if secret_spans(value) is not None else 0


def own_secret(value: str, *, listed: bool) -> Span | None:
    """Where a secret stands in it by what it says itself; `listed`: it is an item, so that no word of it is read by a
    shell."""
    found = _BEARS.fullmatch(value)
    if found is None and listed:
        found = _ASSIGNS.fullmatch(value)
        if found and (not looks_secret(found["name"]) or is_public(found["name"], found["value"])):
            return None
    if found is None or is_reference(found["value"]) or "${" in found["value"]:
        return None
    return found.span("value")


def leads(text: str) -> bool:
    """Whether a secret follows a text: `"password="`, `"postgres://me:"`, `"Bearer "`."""
    found = _LEADS.search(text, max(0, len(text) - 200))
    return found is not None and (found["name"] is None or looks_secret(found["name"]))


def names_secret(text: str) -> bool:
    """Whether it is the name of a secret: of an environment variable, a header, a property."""
    text = text.rstrip(": ")
    return _NAME.fullmatch(text) is not None and looks_secret(text)


def is_login(text: str) -> bool:
    """Whether it is a user and a password as they go over the wire once they are encoded."""
    return _LOGIN.fullmatch(text) is not None


def taken(tool: str, items: Sequence[tuple[str, Span]]) -> Iterator[Span]:
    """Where passwords stand in the arguments of a command."""
    commands = Commands()
    if tool:
        commands.argument(tool)
    for word, (start, end) in items:
        told = commands.argument(word)
        if told != word:
            yield start + len(told.removesuffix(HIDDEN)), end
