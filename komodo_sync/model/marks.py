"""The tags that keep our books: `owner:NAME` says whose a resource is, `protected` that it is never deleted."""

from __future__ import annotations

PROTECTED = "protected"
OWNER = "owner:"


def is_mark(tag: str) -> bool:
    """Whether a tag keeps our books instead of saying something."""
    return tag == PROTECTED or tag.startswith(OWNER)
