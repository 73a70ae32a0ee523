"""Images that are called after the resource that builds them: a new name has none until it is built again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from komodo_sync.kinds import KINDS
from komodo_sync.planning.deploys.checkouts import name_when_deployed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from komodo_sync.model.observed import ObservedResource
    from komodo_sync.model.running import Running


def former_images(live: ObservedResource, known: Running | None, name: str, config: Mapping[str, Any]) -> str:
    """What its images are called, where `live` is called `name` and has `config` by then, and they would be called so;
    empty: they are called as they will be, or there are none."""
    field = KINDS[live.address.kind].images_as
    if not field or config.get(field) or live.config.get(field) or (known and not known.done_at):
        return ""
    old = name_when_deployed(live, known.history if known else None)
    return "" if old == name else old
