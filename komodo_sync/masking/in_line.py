"""What one line tells of the secrets in it by itself: values behind names, and what is one by its form."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from komodo_sync.masking.addresses import told_of
from komodo_sync.masking.formats.xml import names_element
from komodo_sync.masking.in_place import STRUCTURE
from komodo_sync.masking.leads import BY_FORM, IN_LISTS, NAMED, SIDES
from komodo_sync.masking.shell import HIDDEN_LINE, is_run
from komodo_sync.model.hiding import places_hidden, without_places
from komodo_sync.model.sealed import HIDDEN
from komodo_sync.model.secrecy import (
    BETWEEN,
    KNOWN,
    Login,
    is_public,
    is_reference,
    login_in,
    looks_secret,
    without_login,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_PLAIN = re.compile(r"true|false|yes|no|on|off|null|none|~|", re.IGNORECASE)
_SURE = re.compile(r"(?!.*[;,&|][A-Za-z_][\w.-]*=)[\w.%+-]*:(?!\d{1,5}[^\w])[^?/]*")
"""A login that is one whatever names are in it: no host with a query stands in front of the colon, and behind it no
port, and no settings."""
_AREA = 0xF0000
_STAND_IN = re.compile(f"[{chr(_AREA)}-{chr(_AREA + 0x7F)}]")
_SIGN = re.compile(r"[!-$&-/:-@\[-^`{-~]")


def inline(line: str) -> str:
    """`line` without the values of secret-looking keys, and without what looks like a secret by itself."""
    named = _unveiled(_without_named(_veiled(line)))
    told = _without_forms(named)
    if named == line:
        return told
    # what looks like a name may be a piece of what is secret by itself: `bob:MyKey=x@host`
    places = places_hidden(line, told)
    places = places_hidden(line, named) if places is None else places
    return HIDDEN if places is None else without_places(line, [*places, *_forms(line)])


def _veiled(line: str) -> str:
    """`line` with stand-ins for the signs in passwords of URLs: what stands in front of a `=` there is no name."""
    sure = [login for login in _logins(line) if _SURE.fullmatch(line, login.start, login.end)]
    if not sure or _STAND_IN.search(line):
        return line
    parts, at = [], 0
    for login in sure:
        password = line[login.secret : login.end]
        parts += [line[at : login.secret], _SIGN.sub(lambda found: chr(_AREA + ord(found[0])), password)]
        at = login.end
    return "".join(parts) + line[at:]


def _unveiled(line: str) -> str:
    return _STAND_IN.sub(lambda found: chr(ord(found[0]) - _AREA), line)


def _logins(line: str) -> list[Login]:
    if "://" not in line or "@" not in line:
        return []
    found, at = [], 0
    for part in BETWEEN.split(line):
        if login := login_in(part):
            found.append(Login(*(each + at for each in login)))
        at += len(part)
    return found


def _forms(line: str) -> Iterator[tuple[int, int]]:
    """Where something stands that looks like a secret whatever leads to it."""
    for found in (found for guess in BY_FORM for found in guess.finditer(line)):
        if not _is_plain(found):
            yield found.span("value")
    for listed, item in ((listed, item) for form, item in IN_LISTS for listed in form.finditer(line)):
        for found in item.finditer(listed[0]):
            if not _is_plain(found):
                yield listed.start() + found.start("value"), listed.start() + found.end("value")
    yield from ((login.secret, login.end) for login in _logins(line))
    yield from ((max(found.start(), found.end("head")), found.end()) for found in KNOWN.finditer(line))


def _without_forms(line: str) -> str:
    for guess in BY_FORM:
        line = guess.sub(_by_value, line)
    for form, item in IN_LISTS:
        line = form.sub(_each(item), line)
    if "://" in line and "@" in line:
        line = "".join(without_login(part) for part in BETWEEN.split(line))
    return KNOWN.sub(lambda found: f"{found['head'] or ''}{HIDDEN}", line)


def _without_named(line: str) -> str:
    for head, value in SIDES:
        line = _pairs(head, value, line)
    return line


def _pairs(head: re.Pattern[str], value: re.Pattern[str], line: str) -> str:
    """`line` without the values of secret-looking keys. The value of another key is searched for more keys."""
    parts, at, position = [], 0, 0
    while lead := head.search(line, position):
        position = lead.end()
        if HIDDEN_LINE.match(line, position):
            continue
        found = value.match(line, position) if looks_secret(lead["key"]) else None
        if found and not (
            is_told(found[0])
            or is_public(lead["key"], found[0])
            or is_run(found[0])
            or names_element(line, *found.span())
            or (lead["key"] == "secret" and NAMED.match(found[0]))
        ):
            parts += [line[at:position], told_of(lead["key"], found[0])]
            at = position = found.end()
    return "".join(parts) + line[at:] if parts else line


def is_told(value: str) -> bool:
    """Whether a value says nothing that is secret: where one comes from, a switch, what is hidden already."""
    value = value.strip().rstrip("\\")
    bare = value.strip("\"'`")
    told = is_reference(value) or bare.strip(";`") == HIDDEN
    return told or bool(_PLAIN.fullmatch(bare) or STRUCTURE.fullmatch(bare))


def _by_value(found: re.Match[str]) -> str:
    return found[0] if _is_plain(found) else f"{found['head']}{HIDDEN}"


def _each(item: re.Pattern[str]) -> Callable[[re.Match[str]], str]:
    """What hides the values of the items of a list."""
    return lambda found: item.sub(_by_value, found[0])


def _is_plain(found: re.Match[str]) -> bool:
    key, value = found.groupdict().get("key"), found["value"]
    return is_told(value) or is_run(value) or (key is not None and (not looks_secret(key) or is_public(key, value)))
