"""What is being done with a resource at this moment, by whomever."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from komodo_sync.client.reader import Reader
    from komodo_sync.kinds.spec import KindSpec


def actions_on(reader: Reader, spec: KindSpec, identity: str) -> list[str]:
    """Core's words for it (`deploying`); empty where it is idle, and for kinds of which several runs may overlap."""
    lifecycle = spec.lifecycle
    if lifecycle is None or not lifecycle.doing or not identity:
        return []
    answer = reader.read(lifecycle.doing, {lifecycle.subject: identity})
    return [word for word, at_it in answer.items() if at_it]
