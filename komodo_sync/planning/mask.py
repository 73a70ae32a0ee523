"""What of a value may be shown. Everything that a plan shows goes through here."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from komodo_sync.kinds.shapes import ListShape, StructShape, Tagged
from komodo_sync.model.plan import SECRET, Shown
from komodo_sync.model.sealed import HIDDEN, Sealed
from komodo_sync.model.secrecy import looks_secret

if TYPE_CHECKING:
    from collections.abc import Mapping

    from komodo_sync.kinds.struct import Field, Struct

_ASSIGNMENT = re.compile(r"^(?P<head>\s*(?:-\s+)?(?:export\s+)?[\"']?(?P<key>[\w.-]+)[\"']?\s*[:=]\s*)(?P<value>\S.*)$")
_FLAG = re.compile(r"(?P<head>--?(?P<key>[\w-]+)[ =])(?P<value>[^\s\"']+)")
_URL_LOGIN = re.compile(r"(?P<scheme>[a-z][a-z0-9+.-]*://)[^\s/@:\"']*:[^\s/@\"']+@", re.IGNORECASE)
_INTERPOLATED = re.compile(r"[\"']?(\[\[[\w.-]+\]\]|\$\{?[\w:?-]+\}?)[\"']?")


def shown_text(text: str) -> str:
    """A plain text with what looks like a secret in it replaced: values of secret-looking keys, logins in URLs."""
    return "\n".join(shown_line(line) for line in text.split("\n"))


def shown_line(line: str) -> str:
    """One line of a text, as in `shown_text`. A value that only names a variable is shown."""
    found = _ASSIGNMENT.match(line)
    if found and looks_secret(found["key"]) and not _INTERPOLATED.fullmatch(found["value"].strip()):
        return f"{found['head']}{HIDDEN}"
    line = _FLAG.sub(_hide_flag, line)
    return _URL_LOGIN.sub(rf"\g<scheme>{HIDDEN}@", line)


def shown(field: Field, value: Any, *, secret: bool = False) -> Shown:
    """`value` of `field` as it may be shown; `secret` hides it whatever the field says."""
    if secret or field.secret or isinstance(value, Sealed):
        return SECRET if value else Shown("")
    return Shown(_plain(field, value))


def _hide_flag(found: re.Match[str]) -> str:
    return f"{found['head']}{HIDDEN}" if looks_secret(found["key"]) else found[0]


def _plain(field: Field, value: Any) -> Any:
    """JSON of `value`: secret fields inside it, and what looks secret in its texts, replaced."""
    match field.shape:
        case StructShape():
            return _object(field.shape.struct, value)
        case ListShape():
            struct = field.shape.struct
            return [_object(struct, item) for item in value]
        case Tagged():
            variant = field.shape.all_variants().get(value.get("type", "")) if isinstance(value, dict) else None
            if variant is None:
                return _json(value)
            return {"type": value["type"], "params": _object(variant, value.get("params", {}))}
        case _:
            return _json(value)


def _object(struct: type[Struct], value: Mapping[str, Any]) -> Any:
    fields = struct.fields()
    return {
        key: (HIDDEN if fields[key].secret and item else _plain(fields[key], item)) if key in fields else _json(item)
        for key, item in value.items()
    }


def _json(value: Any) -> Any:
    if isinstance(value, Sealed):
        return HIDDEN if value else ""
    if isinstance(value, str):
        return shown_text(value)
    if isinstance(value, dict):
        return {
            key: HIDDEN if isinstance(item, str) and item and looks_secret(key) else _json(item)
            for key, item in value.items()
        }
    if isinstance(value, list | tuple):
        return [_json(item) for item in value]
    return value
