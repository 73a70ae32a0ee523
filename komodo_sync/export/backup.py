"""What an apply will change or delete, as manifests, and what such a backup cannot hold, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from komodo_sync.export.manifests import export
from komodo_sync.model.address import Address
from komodo_sync.model.plan import Action

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from komodo_sync.export.manifests import Exported
    from komodo_sync.model.desired import Desired
    from komodo_sync.model.known import Known
    from komodo_sync.model.observed import Observed
    from komodo_sync.model.plan import Plan

NOTE = "backup.md"
"""Beside the manifests; no manifest itself."""

_WRITES = frozenset((Action.UPDATE, Action.RENAME, Action.DELETE, Action.ADOPT, Action.FORGET))
_NEVER = (
    "what runs: containers, volumes, images, logs; the files of a checkout; which commit was deployed",
    "history (updates, alerts, builds), statistics, ids, webhook addresses, who has which permission on a resource",
    (
        "secrets that are known as such, and what your manifests take by `${env:...}` or `${file:...}`: `${env:NAME}`"
        " stands in their place. What merely looks like one inside of a text (a compose file, a script, a command,"
        " arguments) is kept there in clear, so that nothing is lost: keep this backup as carefully as the Core itself"
    ),
)


def touched(plan: Plan) -> list[Address]:
    """The live resources that the plan changes or deletes, under the names that they have before."""
    found = []
    for item in plan.resources:
        written = [change for change in item.changes if change.action in _WRITES]
        if written and not any(change.action is Action.CREATE for change in item.changes):
            old = next((change.previous for change in written if change.previous), item.address.name)
            found.append(Address(item.address.kind, old))
    return found


def backup(
    plan: Plan, observed: Observed, known: Known | None = None, declared: Desired | None = None
) -> Mapping[str, str]:
    """The files, by path: manifests as `export` writes them, without what is `known` to be secret or lives where the
    `declared` takes its own from outside, and the note. Empty where the plan touches nothing that is there."""
    addresses = [address for address in touched(plan) if address in observed.resources]
    if not addresses:
        return {}
    made = export(observed, addresses, known=known, declared=declared)
    return {**made.files, NOTE: "\n".join(_note(plan, observed, made)) + "\n"}


def _note(plan: Plan, observed: Observed, made: Exported) -> Iterator[str]:
    number = len(made.written)
    yield f"# Backup of {number} resource{'' if number == 1 else 's'} of {plan.core.host} (Core {observed.version})"
    yield ""
    yield "Manifests of what a `komodo-sync apply` was about to change or delete, as it was right before."
    owner = f" --owner {plan.scope.owner}" if plan.scope.owner else ""
    yield "To put it back, take what you want into your manifests; or, in a folder without komodo-sync.yaml, run"
    yield f"`komodo-sync plan BACKUP{owner}`, then `komodo-sync apply BACKUP{owner}`."
    if owner:
        yield "That gives it its owner's tag again. What carries that tag and is in no manifest of yours is deleted"
        yield "again by the next apply that prunes: take it into your manifests all the same."
    yield ""
    yield "## What it does not hold"
    yield ""
    yield from (f"- {line}" for line in _NEVER)
    yield from (f"- {item.address}{' ' + item.field if item.field else ''}: {item.reason}" for item in made.omissions)
    if made.wanted:
        yield ""
        yield "## Secrets to set before it is applied"
        yield ""
        yield "Each to the value that it had before the apply: that is not in this backup. Where your manifests use the"
        yield "same name, your environment has the newer one."
        yield ""
        yield from (f"- `{item.name}`: {item.address} {item.field}".rstrip() for item in made.wanted)
    if made.suspects:
        yield ""
        yield "## Lines that may hold a secret in clear"
        yield ""
        yield from (f"- {path}:{line} ({key})" for path, line, key in made.suspects)
