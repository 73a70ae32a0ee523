"""One table of Komodo's own TOML, as Core writes it: flat, a nested object as dotted keys, texts escaped in part.

Its oddities are kept: a first key that is left out leaves its line break, backslashes are not escaped, and an object
in a list is made from the lines of a table, so that a value with ` = ` or a line break in it comes out torn.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

TAB = "  "
INLINE = 30
"""The most characters that the items of a list may have together to stand on one line."""


def table(values: Mapping[str, Any], *, empty_objects: bool = False, inline: bool = False) -> str:
    """The lines of a table. Null and the empty text are left out, and an empty object unless it is asked for."""
    text = ""
    for number, (key, value) in enumerate(_flat(values, empty_objects)):
        written = _value(value, empty_objects, inline)
        if written is not None:
            text += f"{chr(10) if number else ''}{key} = {written}"
    return text


def _flat(values: Mapping[str, Any], empty_objects: bool, parent: str = "") -> Iterator[tuple[str, Any]]:
    if not values and empty_objects and parent:
        yield parent, {}
    for key, value in values.items():
        path = f"{parent}.{key}" if parent else key
        if isinstance(value, dict):
            yield from _flat(value, empty_objects, path)
        else:
            yield path, value


def _value(value: Any, empty_objects: bool, inline: bool) -> str | None:
    if value is None or value == "":
        return None
    if value == {}:
        return "{}"
    if isinstance(value, str) and "\n" in value:
        return f'"""\n{value}"""'
    if isinstance(value, list):
        items = [text for item in value if (text := _item(item, empty_objects)) is not None]
        if inline or sum(map(_length, items)) <= INLINE:
            return f"[{', '.join(items)}]"
        joined = f",\n{TAB}".join(items)
        return f"[\n{TAB}{joined}\n]"
    return _plain(value)


def _item(item: Any, empty_objects: bool) -> str | None:
    if item is None or item == "":
        return None
    if isinstance(item, dict):
        return _object(item, empty_objects)
    if isinstance(item, list):
        return f"[{', '.join(_object(one, empty_objects) if isinstance(one, dict) else _plain(one) for one in item)}]"
    return _plain(item)


def _plain(value: Any) -> str:
    if isinstance(value, str):
        escaped = value.replace('"', '\\"')
        return f'"{escaped}"'
    return json.dumps(value)


def _object(item: Mapping[str, Any], empty_objects: bool) -> str:
    """An object within a list, on one line: the lines of its table, parted where a value ends and a key begins."""
    text = ""
    for part in table(item, empty_objects=empty_objects, inline=True).split(" = "):
        part = part.strip()
        value, ended, key = part.rpartition("\n")
        if ended:
            text += f" = {value.strip()}, {key.strip()}"
        else:
            text += f" = {part}" if text else part
    return f"{{ {text} }}"


def _length(text: str) -> int:
    return len(text.encode())
