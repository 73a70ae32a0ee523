"""What keeps an apply from starting, and what a reader should know before it does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from komodo_sync.kinds import KINDS
from komodo_sync.model.plan import Action, Finding

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from komodo_sync.model.address import Address
    from komodo_sync.model.desired import Desired
    from komodo_sync.model.observed import Observed
    from komodo_sync.model.plan import Resource
    from komodo_sync.planning.options import Options


def findings(resources: Sequence[Resource], desired: Desired, observed: Observed, options: Options) -> list[Finding]:
    """Everything that is said about the plan as a whole."""
    deletes = [item.address for item in resources if any(change.action is Action.DELETE for change in item.changes)]
    return [
        *_in_use(deletes, desired, observed),
        *_limits(deletes, observed, options),
        *_partial_view(resources, observed),
    ]


def staying_referers(
    address: Address, desired: Desired, observed: Observed, deletes: Mapping[Address, object]
) -> set[Address]:
    """Who refers to `address` in Core, anybody's, and is neither deleted nor declared without that reference."""
    found = set()
    for referer in observed.references.get(address, frozenset()):
        if referer in deletes:
            continue
        declared = desired.resources.get(referer)
        if declared is None or any(reference.target == address for reference in declared.references):
            found.add(referer)
    return found


def _in_use(deletes: Sequence[Address], desired: Desired, observed: Observed) -> list[Finding]:
    """A server, builder or repo that something staying refers to is not deleted: Core would only detach it."""
    gone: Mapping[Address, object] = dict.fromkeys(deletes)
    result = []
    for address in deletes:
        if not KINDS[address.kind].held_by_referers:
            continue
        holders = staying_referers(address, desired, observed, gone)
        if holders:
            names = ", ".join(map(str, sorted(holders)))
            result.append(
                Finding(
                    "delete-in-use",
                    "refusal",
                    f"{address} would be deleted while it is used by {names}; "
                    f"give those another {address.kind} or declare {address} again",
                    "",
                    (address, *sorted(holders)),
                )
            )
    return result


def _limits(deletes: Sequence[Address], observed: Observed, options: Options) -> list[Finding]:
    limits, result = options.limits, []
    count = len(deletes)
    if limits.deletes is not None and count > limits.deletes:
        result.append(
            Finding(
                "limit-deletes",
                "refusal",
                f"{count} deletes are more than limits.deletes allows ({limits.deletes})",
                f"--allow-deletes {count}",
                tuple(deletes),
            )
        )
    ours = sum(1 for item in observed.resources.values() if KINDS[item.address.kind].owned)
    if limits.delete_percent is not None and ours and count * 100 > limits.delete_percent * ours:
        result.append(
            Finding(
                "limit-delete-percent",
                "refusal",
                f"{count} of {ours} resources are more than limits.delete_percent allows ({limits.delete_percent:g} %)",
                f"--allow-deletes {count}",
                tuple(deletes),
            )
        )
    return result


def _partial_view(resources: Sequence[Resource], observed: Observed) -> list[Finding]:
    if observed.admin:
        return []
    creates = tuple(
        item.address for item in resources if any(change.action is Action.CREATE for change in item.changes)
    )
    may = "; a create may turn out to exist already" if creates else ""
    return [
        Finding(
            "partial-view",
            "warning",
            f"the key of {observed.user} is not an admin's: the plan covers what it may see{may}",
            "",
            creates,
        )
    ]
