"""The name of a resource everywhere: in manifests, plans, reports and flags."""

from __future__ import annotations

from typing import NamedTuple


class Address(NamedTuple):
    """A resource by kind and name; its text is `stack/web`.

    `kind` is our singular word for it (`stack`, `resource_sync`, ...); `name` is exact and case-sensitive, and may
    itself hold a slash. Addresses sort by kind, then name.
    """

    kind: str
    name: str

    def __str__(self) -> str:
        return f"{self.kind}/{self.name}"

    @classmethod
    def parse(cls, text: str) -> Address:
        """`stack/web` as an address. Raises ValueError when there is no kind or no name; does not know the kinds."""
        kind, slash, name = text.partition("/")
        if not (kind and slash and name):
            raise ValueError(f"{text!r} is not an address")
        return cls(kind, name)
