"""Images that are called otherwise than those that there are, after another name or by another config of what builds
them: of the new name there are none until it is built again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from komodo_sync.kinds import KINDS
from komodo_sync.kinds.images import VERSION
from komodo_sync.masking.mask import shown_text
from komodo_sync.model.data import Data
from komodo_sync.planning.deploys.losses.checkouts import name_when_deployed
from komodo_sync.planning.deploys.losses.volumes import as_deployed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from komodo_sync.model.observed import ObservedResource
    from komodo_sync.model.running import Running


class Recalled(Data, frozen=True):
    """What images are called, and what they will be; the `fields` by which that is so, none where it is because what
    builds them was `named` otherwise."""

    old: str
    new: str
    fields: tuple[str, ...]
    named: str


def recalled(live: ObservedResource, known: Running | None, name: str, config: Mapping[str, Any]) -> Recalled | None:
    """What its images are called, where `live` is called `name` and has `config` by then; None: they are called as
    they will be, there are none, or that is not known."""
    images = KINDS[live.address.kind].images
    if images is None or (known and not known.done_at):
        return None
    history = known.history if known else None
    before, named = as_deployed(live, history), name_when_deployed(live, history)
    old, new = images.of(named, before), images.of(name, config)
    # what is deployed is looked for under the first
    if not old or not new or new[0] in old:
        return None
    plain = f":{VERSION}"
    first = (old[0], new[0])
    if all(each.endswith(plain) for each in first):
        first = (old[0].removesuffix(plain), new[0].removesuffix(plain))
    differing = (field for field in images.fields if (before.get(field) or None) != (config.get(field) or None))
    return Recalled(shown_text(first[0]), shown_text(first[1]), tuple(differing), named)
