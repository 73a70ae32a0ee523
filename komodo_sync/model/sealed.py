"""A text that cannot be shown by accident."""

from __future__ import annotations

from typing import Any, NoReturn, final

HIDDEN = "(secret)"


@final
class Sealed:
    """A secret text. str(), repr(), format(), pickling and JSON of it never hold the plaintext.

    It equals its own plaintext (and hashes alike), so that what is declared can be compared with what is live. Only
    `komodo_sync.wire` calls `reveal_sealed`; a test holds that.
    """

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Sealed):
            return self._text == other._text
        return self._text == other if isinstance(other, str) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._text)

    def __bool__(self) -> bool:
        return bool(self._text)

    def __repr__(self) -> str:
        return HIDDEN

    __str__ = __repr__

    def __format__(self, _spec: str) -> str:
        return HIDDEN

    def __reduce__(self) -> NoReturn:
        raise TypeError("a sealed text is not to be copied out of the process")

    def __deepcopy__(self, _memo: dict[int, Any]) -> Sealed:
        return self


def reveal_sealed(value: Any) -> Any:
    """`value` with every Sealed in it (at any depth of dicts, lists and tuples) replaced by its plaintext.

    For the wire alone.
    """
    if isinstance(value, Sealed):
        return value._text
    if isinstance(value, dict):
        return {key: reveal_sealed(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [reveal_sealed(item) for item in value]
    return value
