"""JSON as Core reads and writes it."""

from __future__ import annotations

import json
from typing import Any, NoReturn

from komodo_sync.simulator.failures import UnreadableError

MAX_DEPTH = 127
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class Doubled(dict[str, Any]):
    """An object in which some keys stood more than once; the last value of each is kept."""

    doubled: frozenset[str] = frozenset()


class JsonText(str):
    """JSON that is already written: a stored document, or a list of them."""

    __slots__ = ()


def write(value: Any) -> JsonText:
    """Compact JSON."""
    return value if isinstance(value, JsonText) else JsonText(_encode(value))


def write_list(texts: list[str]) -> JsonText:
    """A list of documents that are already JSON."""
    return JsonText(f"[{','.join(texts)}]")


def parse(body: bytes) -> Any:
    """The value of a request's body. Raises UnreadableError for everything that is no strict JSON."""
    try:
        text = body.decode("utf-8")
        value = json.loads(text, object_pairs_hook=_object, parse_constant=_constant)
        if "\\u" in text:
            _encode(value).encode("utf-8")
    except (ValueError, RecursionError) as error:
        raise UnreadableError(str(error)) from None
    if max(text.count("["), text.count("{")) > MAX_DEPTH // 2 and _depth(value) > MAX_DEPTH:
        raise UnreadableError("recursion limit exceeded")
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    keys = [key for key, _ in pairs]
    twice = Doubled(found)
    twice.doubled = frozenset(key for key in keys if keys.count(key) > 1)
    return twice


def _constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _depth(value: Any) -> int:
    deepest, level = 0, [value]
    while level:
        deepest += 1
        level = [
            inner
            for outer in level
            if isinstance(outer, (dict, list))
            for inner in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(inner, (dict, list))
        ]
    return deepest
