"""What runs is taken down before it is deleted: Core deletes it even when that fails, and orphans the containers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from komodo_sync.kinds import KINDS
from komodo_sync.model.plan import Action, Change, Effect, Execution, Payload
from komodo_sync.planning.timeouts import timeout_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from komodo_sync.model.observed import ObservedResource


def taken_down(live: ObservedResource, timeouts: Mapping[str, float]) -> tuple[Change, Payload] | None:
    """The step before the delete of `live`; None where nothing of it runs, or nobody can tell."""
    spec = KINDS[live.address.kind]
    if spec.lifecycle is None or not spec.lifecycle.destroy or live.state not in spec.up:
        return None
    lifecycle = spec.lifecycle
    change = Change(Action.DESTROY, "before it is deleted: only when this succeeds")
    execution = Execution(lifecycle.destroy, lifecycle.subject, timeout=timeout_of(live.address, timeouts))
    return change, Payload(live.address, Action.DESTROY, live.id, execution=execution)


def detached(live: ObservedResource) -> Effect | None:
    """What `delete: keep_running` means for `live`; None where nothing of it could run on."""
    spec = KINDS[live.address.kind]
    if spec.lifecycle is None or not spec.lifecycle.destroy or live.state in spec.lifecycle.down:
        return None
    return Effect(
        "keeps", "", "it is taken off its server first; its containers run on, unmanaged (delete: keep_running)"
    )
