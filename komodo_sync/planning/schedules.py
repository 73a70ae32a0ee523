"""What a schedule will stop or take away, told when it is set, or when what it runs changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from komodo_sync.model.plan import Effect
from komodo_sync.planning.deploys.stages import stage_effects

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from komodo_sync.kinds.spec import KindSpec

_DOES = {"stops": "stops what runs", "loses": "takes away for good"}
"""The effects of a run that are worth a warning, and what the schedule does by them."""


def schedule_effects(spec: KindSpec, sent: Mapping[str, Any], config: Mapping[str, Any]) -> Iterator[Effect]:
    """What runs of its own accord once `sent` is written, of a resource that has `config` by then. This apply does
    none of it."""
    if not spec.schedule or sent.keys().isdisjoint((*spec.schedule, spec.stages)):
        return
    schedule, counts = (config.get(name, spec.fields()[name].default) for name in spec.schedule[:2])
    if not schedule or not counts:
        return
    when = schedule if isinstance(schedule, str) else "unknown here"
    for effect in stage_effects(config):
        if effect.kind in _DOES:
            yield Effect("schedules", effect.detail, f"{_DOES[effect.kind]}, by its schedule: {when}")
