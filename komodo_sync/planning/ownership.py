"""Whose a live resource is: the tags `owner:NAME` and `protected`."""

from __future__ import annotations

from functools import lru_cache

from komodo_sync.model.marks import OWNER, PROTECTED, is_mark


def owner_tag(owner: str) -> str:
    """The tag that marks what `owner` keeps."""
    return f"{OWNER}{owner}"


@lru_cache(maxsize=1024)  # thousands of resources have a few sets of tags
def owners(tags: frozenset[str]) -> tuple[str, ...]:
    """Everybody whose tag is among `tags`, sorted."""
    return tuple(sorted(tag.removeprefix(OWNER) for tag in tags if tag.startswith(OWNER)))


@lru_cache(maxsize=1024)
def wanted_tags(
    declared: tuple[str, ...] | None, live: frozenset[str], *, owner: str, owned: bool, protect: bool | None
) -> frozenset[str]:
    """All the tags that a resource shall have.

    `declared` None leaves what is live. Owner tags and `protected` are ours to keep, whatever the manifest lists: an
    owner tag stays until it is given up, `protected` until a manifest says `protect: false`.
    """
    kept = frozenset(tag for tag in live if is_mark(tag))
    tags = (frozenset(declared) | kept) if declared is not None else live
    if owner and owned:
        tags |= {owner_tag(owner)}
    if protect is True:
        tags |= {PROTECTED}
    elif protect is False:
        tags -= {PROTECTED}
    return tags
