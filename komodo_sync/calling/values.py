"""Values of parameters: what a word is worth for a type of the catalogue, and whether JSON fits it."""

from __future__ import annotations

import json
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from komodo_sync.errors import UsageError
from komodo_sync.kinds import BY_CORE, KINDS
from komodo_sync.operations import enums

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from komodo_sync.operations import Param

_INTEGERS = frozenset({"int", "i64", "u64"})
FLAGS: Mapping[str, bool] = {
    **dict.fromkeys(("true", "yes", "on"), True),
    **dict.fromkeys(("false", "no", "off"), False),
}
_JSON = 'quote it for the shell: \'{"key": "value"}\'; or write it into a file, and give that as @FILE'
QUERY: Mapping[str, str] = {
    "names": "list[str]",
    "tags": "list[str]",
    "terms": "list[str]",
    "templates": "TemplatesQueryBehavior",
    "tag_behavior": "TagQueryBehavior",
    "specific": "map[any]",
}
"""The keys of a ResourceQuery, and their types."""


def nearest(word: str, known: Iterable[str]) -> str:
    """A hint that names the nearest right word, or all of them."""
    words = sorted(known)
    close = get_close_matches(word, words, 1)
    return f"did you mean {close[0]}?" if close else f"one of {', '.join(words)}"


def from_text(param: Param, kind: str, text: str) -> Any:
    """What `text` is worth where a `kind` is wanted. A text is taken as it stands, everything else is JSON, or a
    handier form of it. Raises UsageError."""
    kinds = [word for word in kind.split(" | ") if word != "null"]
    nullable = len(kinds) < len(kind.split(" | "))
    if nullable and text == "null":
        return None
    [wanted] = kinds[:1] or ["any"]
    if wanted == "str" or wanted in enums():
        return text
    if wanted == "bool":
        if text.lower() not in FLAGS:
            raise UsageError(f"{param.name}={text}: this is no flag", hint=f"write {param.name}=true or =false")
        return FLAGS[text.lower()]
    if wanted in _INTEGERS:
        try:
            return int(text)
        except ValueError:
            raise UsageError(f"{param.name}={text}: this is no whole number", hint="write digits alone") from None
    if wanted.startswith("list[") and not text.lstrip().startswith("["):
        return [word.strip() for word in text.split(",") if word.strip()]
    if wanted == "ResourceTarget" and not text.lstrip().startswith("{"):
        return _target(param.name, text)
    if wanted == "ResourceQuery" and not text.lstrip().startswith(("{", "@")):
        return text  # no object, which is told when it is checked
    if wanted == "PermissionLevelAndSpecifics" and text in enums()["PermissionLevel"]:
        return text
    return as_json(param.name, text, f"write {param.name}=a,b" if wanted.startswith("list[str") else "")


def as_json(name: str, text: str, hint: str = "") -> Any:
    """The JSON that `text` is. Raises UsageError, without the text: it may hold what is not to be shown."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        where = f" (line {error.lineno}, column {error.colno})" if isinstance(error, json.JSONDecodeError) else ""
        quoted = '\'{"key": "value"}\''
        raise UsageError(
            f"{name} is no JSON{where}",
            hint=hint or f"write {name}={quoted}, or {name}=@FILE for a file that holds it",
        ) from None


def check(name: str, kind: str, value: Any) -> None:
    """Raises UsageError for JSON that a Core would refuse for this type, or misread. `name` is for the message."""
    kinds = kind.split(" | ")
    if value is None:
        if "null" in kinds or kind == "any":
            return
        raise UsageError(f"{name} cannot be null", hint=f"leave {name} out, or give it a value")
    wanted = next((word for word in kinds if word != "null"), "any")
    if wanted in enums():
        _one_of(name, value, enums()[wanted])
    elif wanted.startswith("list["):
        if not isinstance(value, list):
            raise _wrong(name, value, "a list")
        for number, item in enumerate(value):
            check(f"{name}[{number}]", wanted[5:-1], item)
    elif wanted == "ResourceQuery":
        _check_query(name, value)
    elif wanted == "ResourceTarget":
        _check_target(name, value)
    elif wanted.startswith(("map[", "Partial")) and not isinstance(value, dict):
        raise _wrong(name, value, "an object")
    else:
        _plain(name, wanted, value)


def _plain(name: str, wanted: str, value: Any) -> None:
    if wanted == "str" and not isinstance(value, str):
        raise _wrong(name, value, "a text")
    if wanted == "bool" and not isinstance(value, bool):
        raise _wrong(name, value, "true or false")
    if wanted in _INTEGERS and (not isinstance(value, int) or isinstance(value, bool)):
        raise _wrong(name, value, "a whole number")
    if wanted == "u64" and value < 0:
        raise UsageError(f"{name} is below 0", hint="write 0 or more")


def what(value: Any) -> str:
    """What a JSON value is, in words."""
    words: Sequence[tuple[type, str]] = (
        (bool, "true or false"), (str, "a text"), (int, "a number"), (float, "a number"), (list, "a list"),
        (dict, "an object"),
    )  # fmt: skip
    return next((word for type_, word in words if isinstance(value, type_)), "null")


def _wrong(name: str, value: Any, wanted: str) -> UsageError:
    return UsageError(f"{name} is {what(value)}, and not {wanted}", hint=f"give {name} {wanted}")


def _one_of(name: str, value: Any, values: Sequence[str]) -> None:
    if not isinstance(value, str):
        raise _wrong(name, value, "a word")
    if value not in values:
        raise UsageError(f"{name} has no value {value}", hint=nearest(value, values))


def _check_query(name: str, value: Any) -> None:
    if isinstance(value, str):
        raise UsageError(
            f"{name} is an object, and no text: this is the shape of an older client",
            hint=f'leave {name} out for everything, or write {name}=\'{{"names": ["web"], "tags": ["public"]}}\'',
        )
    if not isinstance(value, dict):
        raise _wrong(name, value, "an object")
    for key, item in value.items():
        if key not in QUERY:
            raise UsageError(f"{name} has no key {key}", hint=nearest(key, QUERY))
        # such a list may also be one text
        if not (QUERY[key] == "list[str]" and isinstance(item, str)):
            check(f"{name}.{key}", QUERY[key], item)


def _check_target(name: str, value: Any) -> None:
    if not isinstance(value, dict) or not {"type", "id"} <= value.keys():
        raise UsageError(f"{name} is a type and an id", hint=f"write {name}=stack/web")
    _one_of(f"{name}.type", value["type"], enums()["ResourceTargetVariant"])
    check(f"{name}.id", "str", value["id"])


def _target(name: str, text: str) -> dict[str, str]:
    """`stack/web` as `{type: Stack, id: web}`."""
    word, slash, rest = text.partition("/")
    spec = KINDS.get(word.lower()) or BY_CORE.get(word)
    variants = enums()["ResourceTargetVariant"]
    if not slash or not rest or spec is None or spec.core not in variants:
        known = [each.name for each in KINDS.values() if each.core in variants]
        raise UsageError(
            f"{name}={text}: this names no resource", hint=f"write kind/name; kinds are {', '.join(known)}"
        )
    return {"type": spec.core, "id": rest}
