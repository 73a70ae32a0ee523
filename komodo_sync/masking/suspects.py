"""What of a text that is to be kept may be a secret in clear: what a plan would not show of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from komodo_sync.kinds.pairs import read_pair
from komodo_sync.masking.addresses import without_opening
from komodo_sync.masking.in_place import replaced
from komodo_sync.masking.lines import shown_lines
from komodo_sync.model.sealed import HIDDEN
from komodo_sync.model.secrecy import KNOWN, is_reference, looks_secret

if TYPE_CHECKING:
    from collections.abc import Iterator

_ASKED = re.compile(r"\$\{(?:env|file|var|each):[^{}]*\}|!file\s+\S+")
"""What a manifest takes from elsewhere."""
_ELSEWHERE = re.compile(
    r"[\"'\\]*(?:/run/secrets\b|[~.]{0,2}/[a-z._/-]+$|!\w|[*`]|\$\$?(?:\(|\{[^{}]*:?[?+]|\{[^{}:]*\}|[A-Za-z_]))"
)
"""How a value begins that is to be found where the text is used: a path, a command, a variable."""
_NAME = re.compile(r"(?P<name>[A-Za-z_][\w.-]*)\W*$")
_FAR = 100
"""So far in front of a value a name of it ends at most."""
_TELLING = frozenset(("content", "value"))
_UNNAMED = "a password, a login or a token"


def suspects(text: str) -> Iterator[tuple[int, str]]:
    """The lines (from 1) that may hold a secret in clear, each with the key or the option that promises it. Of a secret
    over several lines the first."""
    lines = _ASKED.sub("${X}", text).split("\n")
    going_on, name = False, ""
    for number, (line, shown) in enumerate(zip(lines, shown_lines(lines), strict=True), 1):
        whole = line != shown and shown.strip() == HIDDEN
        if not whole:
            going_on = False
            parts = suspicious(line, shown)
            if parts or (line != shown and HIDDEN in line):
                yield number, (named(parts[0][0]) if parts else "") or _UNNAMED
            name = named(line) if line.rstrip().endswith((":", "|", ">", "-", "+")) else ""
        elif not going_on and _says_something(line):
            going_on = True
            yield number, name or _UNNAMED


def suspicious(line: str, shown: str) -> list[tuple[str, str]]:
    """What is not `shown` of a line and stands there in clear, each with what stands in front of it."""
    found: list[tuple[str, str]] = []
    before = ""
    for lead, value in replaced(line, shown):
        elsewhere = _ELSEWHERE.match(value) and not KNOWN.search(value) and without_opening(lead) == lead
        if is_reference(value) or elsewhere:
            before += lead + value
        else:
            found.append((before + lead, value))
            before = ""
    return found


def named(lead: str) -> str:
    """The name that promises the value behind `lead`; empty where none does."""
    found = _NAME.search(without_opening(lead)[-_FAR:])
    return found["name"] if found and (looks_secret(found["name"]) or found["name"] in _TELLING) else ""


def _says_something(line: str) -> bool:
    """Whether a line among those that are hidden whole is more than a comment, or than where its value comes from."""
    pair, bare = read_pair(line), line.strip()
    return not bare.startswith("#") and not is_reference(bare) and not (pair and is_reference(pair[1]))
