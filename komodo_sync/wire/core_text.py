"""Which part of Core's own text about a failure may be shown.

That text may carry what was sent (a rejected environment line). Sentences that are known to hold no value are repeated
as they are; of any other, every word that was sent is left out, and what looks like a secret.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from komodo_sync.model.data import Unshown, field
from komodo_sync.model.known import Known
from komodo_sync.model.sealed import HIDDEN
from komodo_sync.model.secrecy import looks_secret

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

OMITTED = "(more text of the Core is left out: it may hold what was sent; the Core's own log has it)"

_NAME = r"[^\n\"`]{0,300}"
_KNOWN = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"did not find any \w+ matching {_NAME}",
        r"cannot find \w+ with empty name / id",
        rf"no (?:tag|variable|usergroup) found (?:matching|with given) [\w /]*(?:: ?{_NAME})?",
        rf"no tag found matching {_NAME}",
        r"no update exists with given id",
        rf"resource with name '{_NAME}' already exists",
        r"user does not have (?:required )?permissions [\w .]*",
        r"(?:only admins can|non admins cannot) [\w ]*",
        r"this (?:call|method) is admin only",
        r"this route is only accessable by admins",
        r"cannot (?:attach|update|have|send) [\w .-]*",
        r"(?:\w+|resource is) busy",
        r"failed to (?:create|update|rename|delete|query|find|get) [\w ]*\.?(?: this name may already be taken\.)?",
        r"invalid [a-z_]{1,40}",
        r"line \d+ missing assignment character \('=' or ':'\)",
        r"must (?:provide|attach) [\w -]*",
        r"valid objectids cannot be used as names",
        r"id is not valid objectid",
        r"server not enabled",
        r"failed to validate [\w ]*",
        r"invalid characters in input",
        r"only alphanumeric characters and underscores are allowed",
        r"invalid (?:client|user) credentials(?: \| you have \d+ attempts? remaining)?",
        r"request headers have x-api-key but missing x-api-secret",
        r"too many attempts(?: \| try again in \d+ ?s(?:econds)?)?",
        r"failed to buffer the request body[\w :]*",
        r"[\w ]* is not configured to use [\w ,/']*",
        r"\w+ is not served by the embedded core[\w .,]*",
    )
)
_SERDE = re.compile(
    r"failed to (?:deserialize|parse) the (?:json body into the target type|request body as json): (?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_SERDE_PATH = re.compile(r"(?P<path>[A-Za-z_][\w.\[\]?]{0,120}): ")
_SERDE_FIELD = re.compile(r"(?P<what>missing|duplicate) field `(?P<field>[a-z_]{1,60})`")
_SERDE_WHAT = re.compile(r"invalid type|invalid value|invalid length|unknown variant|unknown field")
_SERDE_WANTED = re.compile(r", expected (?P<wanted>[\w .,`'\-]{1,2000}?)(?: at line \d+ column \d+)?$")

_LINES, _WIDTH = 6, 300
_WORD = re.compile(r"\w+")
_LOGIN = re.compile(r"(?<=//)[^/@\s\"']+(?=@)")
_PAIR = re.compile(r"(?P<key>[A-Za-z_][\w.-]*)(?P<sep>[\"']?\s*[:=]\s*)(?P<value>\"[^\"]*\"|'[^']*'|[^\s\"',;&)]+)")
_BEARER = re.compile(r"(?<=\bbearer )\S+|(?<=\bbasic )\S+", re.IGNORECASE)


_NAMING = frozenset(("name", "id", "username"))
"""Parameters that say what or whom it is about: the name of what holds a secret is none."""


class Sent(Unshown, frozen=True):
    """What an answer may not repeat: `values` in clear, at any depth of lists and mappings, and what is `known` to be
    secret. `written`: they were to change something; a read sends nothing but names, and its credentials."""

    values: Any
    written: bool
    known: Known = field(default_factory=Known)


def beside_names(written: Mapping[str, Any] | None) -> dict[str, Any]:
    """What of the parameters of a write its answer may not repeat."""
    return {name: value for name, value in (written or {}).items() if name not in _NAMING}


def shown_text(texts: Sequence[str], sent: Sent | None) -> str:
    """`texts` (the error and its causes) as far as they may be shown, one a line, at most the first lines of them.
    Where it is not known what was sent, nothing but known sentences is repeated."""
    lines: list[str] = []
    whole = True
    for text in texts:
        safe = _safe(text) or ("" if sent is None or _SERDE.fullmatch(text) else _masked(text, sent))
        whole = whole and bool(safe)
        lines += [line for line in safe.splitlines() if line.strip()]
    if len(lines) > _LINES:
        lines = [*lines[:_LINES], f"(and {len(lines) - _LINES} more lines, in the Core's own log)"]
    return "\n".join(lines if whole else [*lines, OMITTED])


def _words(sent: Any) -> Iterator[str]:
    """Every word of every text in `sent`, and of every number. One of two digits at most is no secret: the first guess
    finds it, and a Core counts with it too (`at index 0`)."""
    if isinstance(sent, dict):
        for item in sent.values():
            yield from _words(item)
    elif isinstance(sent, list | tuple):
        for item in sent:
            yield from _words(item)
    elif isinstance(sent, int) and abs(sent) < 100:
        return
    elif sent is not None:
        yield from _WORD.findall(str(sent))


def _masked(text: str, sent: Sent) -> str:
    """`text` without what was sent, in whole words or a part of one, without what is known to be secret, and without
    logins and secret-looking values."""
    words = frozenset(_words(sent.values))
    long = [word for word in words if len(word) > 3]
    joined = "\n".join(words)

    def word(found: re.Match[str]) -> str:
        said = found[0]
        part = len(said) > 3 and (said in joined or any(each in said for each in long))
        return HIDDEN if said in words or part else said

    shown = without_marked_secrets(sent.known.without(text))
    if words:
        shown = HIDDEN.join(_WORD.sub(word, piece) for piece in shown.split(HIDDEN))
    return "\n".join(line if len(line) <= _WIDTH else f"{line[:_WIDTH]}..." for line in shown.splitlines())


def without_marked_secrets(text: str) -> str:
    """`text` without logins in URLs, and without the values that a name in front of them makes secret."""

    def pair(found: re.Match[str]) -> str:
        # of `dup key: { name: "web" }` the brace is no value, and what is in it has names of its own
        hides = looks_secret(found["key"]) and found["value"] != "{"
        return f"{found['key']}{found['sep']}{HIDDEN}" if hides else found[0]

    # a token first: of `Authorization: Bearer X` the pair alone would hide the word Bearer
    return _PAIR.sub(pair, _BEARER.sub(HIDDEN, _LOGIN.sub(HIDDEN, text)))


def _safe(text: str) -> str:
    """`text` as far as it is known to hold nothing that was sent."""
    found = _SERDE.fullmatch(text)
    if found:
        return _safe_serde(found["rest"])
    return text if any(pattern.fullmatch(text) for pattern in _KNOWN) else ""


def _safe_serde(rest: str) -> str:
    """A deserializer's complaint without the value that it complains about: where, what, and what was expected."""
    path = _SERDE_PATH.match(rest)
    where = f" at {path['path']}" if path else ""
    tail = rest[path.end() :] if path else rest
    field = _SERDE_FIELD.match(tail)
    if field:
        return f"the Core cannot read the request{where}: {field['what']} field {field['field']}"
    what = _SERDE_WHAT.match(tail)
    if not what:
        return f"the Core cannot read the request{where}"
    # a value may hold any text, but Core's own expectation comes last; half a pair of quotes is the end of a value
    start = tail.rfind(", expected ")
    wanted = _SERDE_WANTED.search(tail, start) if start >= 0 and tail.count("`", start) % 2 == 0 else None
    return f"the Core cannot read the request{where}: {what[0]}" + (f", expected {wanted['wanted']}" if wanted else "")
