"""Worlds as Resource Sync TOML, in every notation that TOML has for the same."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Mapping

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_LONG = re.compile(r'[^"\r\x00-\x08\x0b-\x1f\x7f]*')
"""What may stand between three quotes as it is."""


class Writer:
    """Draws how each value is written. `comments` are those that it wrote."""

    def __init__(self, data: st.DataObject) -> None:
        self._data = data
        self.comments: list[str] = []

    def entry(self, table: str, name: str, fields: Mapping[str, Any]) -> str:
        """`[[table]]` of one resource."""
        lines = [*self._above(), f"[[{table}]]{self._beside()}", f"name = {self._text(name)}{self._beside()}"]
        lines += self._table(table, {key: value for key, value in fields.items() if value is not None})
        return "".join(f"{line}\n" for line in lines)

    def _table(self, path: str, fields: Mapping[str, Any]) -> list[str]:
        lines, later = [], []
        for key, value in fields.items():
            if value is None:
                continue
            word = _key(key)
            tables = isinstance(value, list) and value and all(isinstance(each, dict) for each in value)
            way = self._draw(["inline", "table"]) if tables or isinstance(value, dict) else "inline"
            if way == "table" and isinstance(value, dict):
                later += [*self._above(), f"[{path}.{word}]{self._beside()}", *self._table(f"{path}.{word}", value)]
            elif way == "table":
                for each in value:
                    later += [*self._above(), f"[[{path}.{word}]]{self._beside()}"]
                    later += self._table(f"{path}.{word}", each)
            elif isinstance(value, dict) and value and self._draw([True, False]):
                lines += [
                    f"{word}.{_key(inner)} = {self._value(each)}" for inner, each in value.items() if each is not None
                ]
            else:
                lines += [*self._above(), f"{word} = {self._value(value)}{self._beside()}"]
        return lines + later

    def _value(self, value: Any) -> str:
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, str):
            return self._text(value)
        if isinstance(value, dict):
            pairs = [f"{_key(key)} = {self._value(each)}" for key, each in value.items() if each is not None]
            # TOML 1.1: over several lines, with comments and a last comma
            return self._rows(pairs, "{}") if self._draw([False, False, True]) else f"{{ {', '.join(pairs)} }}"
        if isinstance(value, list):
            items = [self._value(each) for each in value if each is not None]
            if self._draw([True, False]):
                return f"[{', '.join(items)}]"
            return self._rows(items, "[]")
        return repr(value)

    def _rows(self, items: list[str], brackets: str) -> str:
        rows = [
            f"{''.join(f'  {line}{chr(10)}' for line in self._above())}  {item},{self._beside()}\n" for item in items
        ]
        return f"{brackets[0]}\n{''.join(rows)}{brackets[1]}"

    def _text(self, text: str) -> str:
        ways = ["basic"]
        if _LONG.fullmatch(text):
            ways.append("long")
        if "'" not in text and text.isprintable():
            ways.append("literal")
        match self._draw(ways):
            case "long":
                # Komodo's rule: a backslash between three quotes is a backslash
                return f'"""\n{text}"""'
            case "literal":
                return f"'{text}'"
            case _:
                return _basic(text)

    def _above(self) -> list[str]:
        return [self._comment()] if self._draw([False, False, False, True]) else []

    def _beside(self) -> str:
        return f" {self._comment()}" if self._draw([False, False, False, True]) else ""

    def _comment(self) -> str:
        comment = f"# note {len(self.comments)} of it: 'x' \"y\" [z] {{a}} &b *c |"
        self.comments.append(comment)
        return comment

    def _draw(self, ways: list[Any]) -> Any:
        return self._data.draw(st.sampled_from(ways)) if len(ways) > 1 else ways[0]


def _key(word: str) -> str:
    return word if _BARE.fullmatch(word) else _basic(word)


def _basic(text: str) -> str:
    def escaped(char: str) -> str:
        if char == "\x1b":
            return "\\e"
        return "\\" + char if char in '"\\' else char if char.isprintable() else f"\\U{ord(char):08x}"

    return f'"{"".join(map(escaped, text))}"'
