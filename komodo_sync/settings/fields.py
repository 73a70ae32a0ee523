"""The settings' mappings, read key by key: what is unknown, of the wrong type or there twice is reported."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from komodo_sync.settings.duration import seconds_of
from komodo_sync.source.codes import Code
from komodo_sync.source.nodes import Form, Mapping, Scalar, Sequence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from komodo_sync.model.diagnostic import Diagnostic, Span
    from komodo_sync.source.nodes import Node

_FLAGS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}


class Reader:
    """Typed access to nodes. Every method answers its default for what it has reported."""

    def __init__(self) -> None:
        self.diagnostics: list[Diagnostic] = []
        self.spans: dict[str, Span] = {}
        self.amiss: set[str] = set()
        """The keys that are wrong, or most likely meant by one that is."""

    def error(self, code: Code, node: Node, message: str, help: str) -> None:  # noqa: A002
        """An error at `node`."""
        at = node.span()
        self.diagnostics.append(node.source.diagnostic(code, message, at.line, at.column, help=help, length=at.length))

    def pairs(self, node: Node, name: str, known: tuple[str, ...]) -> Iterator[tuple[str, Node, str]]:
        """Each known key with its value and its dotted path; `known` empty is any key."""
        if not isinstance(node, Mapping):
            who = f"{name} takes" if name else "the settings take"
            self.error(Code.WRONG_TYPE, node, f"{who} a mapping, not {node.what}", "write key: value")
            return
        for key, value in node.items:
            word = key.text
            if known and word not in known:
                close = get_close_matches(word, known, 1)
                way_out = f"did you mean {close[0]}?" if close else f"there are {', '.join(known)}"
                self.error(Code.UNKNOWN_KEY, key, f"unknown key `{word}`", way_out)
                self.amiss.update(close)
                continue
            path = f"{name}.{word}" if name else word
            self.spans[path] = key.span()
            if isinstance(value, Scalar) and value.is_null:
                self.error(Code.NULL, key, f"{path} is null", "leave the key out")
                self.amiss.add(word)
                continue
            yield word, value, path

    def text(self, node: Node, path: str) -> str:
        """A text that is not empty."""
        if isinstance(node, Scalar) and not node.tag and node.text and not node.is_null:
            return node.text
        if isinstance(node, Scalar) and not node.text and not node.tag:
            self.error(Code.WRONG_TYPE, node, f"{path} is empty", "write a text, or leave it out")
        else:
            self._mistyped(node, path, "a text")
        return ""

    def word(self, node: Node, path: str, words: tuple[str, ...]) -> str:
        """One of `words`; the first of them for anything else."""
        if isinstance(node, Scalar) and node.text in words and not node.tag:
            return node.text
        self._mistyped(node, path, f"one of {', '.join(words)}", Code.UNKNOWN_VALUE)
        return words[0]

    def flag(self, node: Node, path: str) -> bool:
        """true or false."""
        value = _FLAGS.get(node.text.lower()) if isinstance(node, Scalar) and node.form == Form.UNTYPED else None
        if value is None:
            self._mistyped(node, path, "true or false")
        return bool(value)

    def number(self, node: Node, path: str, most: int = 1_000_000) -> int | None:
        """A whole number from 0 to `most`."""
        text = node.text if isinstance(node, Scalar) and node.form == Form.UNTYPED else ""
        if text.isascii() and text.isdecimal() and len(text) < 9 and int(text) <= most:
            return int(text)
        self._mistyped(node, path, f"a whole number from 0 to {most}")
        return None

    def duration(self, node: Node, path: str) -> float | None:
        """Seconds: `90`, `90s`, `5m`, `2h`."""
        seconds = seconds_of(node.text) if isinstance(node, Scalar) and not node.tag else None
        if seconds is None:
            self._mistyped(node, path, "a time up to a year, as 90s, 30m or 2h")
        return seconds

    def texts(self, node: Node, path: str) -> tuple[str, ...]:
        """A list of texts."""
        if not isinstance(node, Sequence):
            self._mistyped(node, path, "a list")
            return ()
        return tuple(text for item in node.items if (text := self.text(item, f"an item of {path}")))

    def text_map(self, node: Node, path: str) -> dict[str, str]:
        """Texts by name; an empty one is a text too."""
        result = {}
        for word, value, inner in self.pairs(node, path, ()):
            if isinstance(value, Scalar) and not value.tag:
                result[word] = value.text
            else:
                self._mistyped(value, inner, "a text")
        return result

    def _mistyped(self, node: Node, path: str, wanted: str, code: Code = Code.WRONG_TYPE) -> None:
        plain = isinstance(node, Scalar) and node.form == Form.UNTYPED and not node.tag
        told = "" if plain else f", not {node.what}"
        self.error(code, node, f"{path} takes {wanted}{told}", f"write {wanted}")
