"""What leaves a host is taken down there first: Core would leave it running, unmanaged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from komodo_sync.model.plan import Action, Change, Effect, Finding
from komodo_sync.planning.deploys.condition import THERE, Condition
from komodo_sync.planning.deploys.effects import services_of

if TYPE_CHECKING:
    from komodo_sync.planning.deploys.subject import Subject


def leaving(subject: Subject, condition: Condition) -> Change | None:
    """The step that takes it down on its old host; None where nothing of it is there."""
    if not subject.moves or condition not in THERE or subject.live is None:
        return None
    detail = f"{subject.spec.stops.replace('volumes stay', f'its volumes stay behind on {subject.old_host}')}"
    to = f" to {subject.host}" if subject.host else ""
    return Change(
        Action.DESTROY,
        f"it leaves {subject.old_host}{to}",
        effects=(Effect("stops", services_of(subject.live), detail),),
    )


def cannot_leave(subject: Subject, condition: Condition, *, abandon: bool) -> Finding | None:
    """A refusal where what may run on the old host cannot be taken down."""
    if not subject.moves or condition is not Condition.UNKNOWN or abandon:
        return None
    old = subject.old_host
    assert old is not None
    return Finding(
        "move-unreachable",
        "refusal",
        f"{subject.address} would leave {old}, where the Core cannot tell what of it runs, nor take it down",
        "--abandon-old",
        (subject.address, old),
        f"bring {old} back first; or allow that what runs there is left behind, unmanaged",
    )


def nowhere_to_go(subject: Subject, why: str) -> Finding:
    """A refusal where it would be taken down, and could not be deployed where it moves to."""
    return Finding(
        "move-unreachable",
        "refusal",
        f"{subject.address} would be taken down on {subject.old_host}, and could not be deployed again: {why}",
        "",
        (subject.address,),
        "see to that first; or leave it where it is",
    )
