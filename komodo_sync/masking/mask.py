"""What of a value may be shown. Everything that a plan shows goes through here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from komodo_sync.kinds.shapes import ListShape, StructShape, Tagged
from komodo_sync.masking.addresses import told_of
from komodo_sync.masking.arguments import readings_of, shown_arguments
from komodo_sync.masking.lines import shown_lines
from komodo_sync.masking.shell import reading_of
from komodo_sync.model.api_keys import is_api_key
from komodo_sync.model.hosts import told_address
from komodo_sync.model.plan import SECRET, UNKNOWN, Shown
from komodo_sync.model.sealed import HIDDEN, Sealed, Unknown
from komodo_sync.model.secrecy import is_public, is_reference, looks_secret

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from komodo_sync.kinds.struct import Field, Struct
    from komodo_sync.masking.shell import Reading


def shown_text(text: str, reading: Reading = "text") -> str:
    """A plain text with what looks like a secret in it replaced (`komodo_sync.masking.lines`)."""
    return "\n".join(shown_lines(text.split("\n"), reading))


def masked(value: Any) -> Any:
    """Any JSON value with what is secret or looks so replaced."""
    return _json(value)


def shown(field: Field, value: Any, *, secret: bool = False, name: str = "") -> Shown:
    """`value` of `field` as it may be shown; `secret` hides it whatever the field says, `name` what it is called."""
    if isinstance(value, Unknown):
        return UNKNOWN
    if secret or name or field.secret or isinstance(value, Sealed):
        told = HIDDEN if secret else told_of(name, value) if name and isinstance(value, str) else _told(field, value)
        return Shown("") if _is_empty(value) else SECRET if told == HIDDEN else Shown(told)
    return Shown(_plain(field, value))


def _told(field: Field, value: Any) -> str:
    """What is told of a secret value: of an address its host, if it does not come from outside."""
    if isinstance(value, Sealed):
        return value.told or HIDDEN
    return told_address(value) if field.address and isinstance(value, str) else HIDDEN


def _is_empty(value: Any) -> bool:
    """Whether there is nothing to hide: a flag and a number say something whatever they are."""
    return not value and value != 0


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
            return shown_text(value, reading_of(field)) if isinstance(value, str) else _json(value)


def _object(struct: type[Struct], value: Mapping[str, Any]) -> Any:
    fields = struct.fields()
    return {key: _member(fields[key], item) if key in fields else _json(item) for key, item in value.items()}


def _member(field: Field, value: Any) -> Any:
    # a default is no secret: it stands in Komodo's documentation
    return _told(field, value) if field.secret and value and value != field.default else _plain(field, value)


def secret_name(field: Field, name: str, values: Iterable[Any]) -> str:
    """What a resource is called, if `field` holds what that promises, and it promises a secret: a variable's value. So
    it is where one of the `values` looks like an API key for such a name."""
    if not field.secret_when:
        return ""
    return name if looks_secret(name) or any(is_api_key(name, value) for value in values) else ""


def _is_secret(key: str, value: str) -> bool:
    return (looks_secret(key) and not is_public(key, value)) or is_api_key(key, value)


def _json(value: Any) -> Any:
    if isinstance(value, Sealed | Unknown):
        # told alike, so that what is not known here is no difference from what is hidden there
        return "" if _is_empty(value) else HIDDEN
    if isinstance(value, str):
        return shown_text(value)
    if isinstance(value, dict):
        return {
            key: told_of(key, item)
            if isinstance(item, str) and item and _is_secret(key, item) and not is_reference(item)
            else _json(item)
            for key, item in value.items()
        }
    if isinstance(value, list | tuple):
        # what is sealed or unknown has a say of its own in what it equals
        words = zip(shown_arguments(value), readings_of(value), strict=True)
        return [
            (told if told == HIDDEN else shown_text(told, by)) if isinstance(told, str) else _json(told)
            for told, by in words
        ]
    return value
