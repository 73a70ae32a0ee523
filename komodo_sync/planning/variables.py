"""Who still names a variable as `[[NAME]]` once it is deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from komodo_sync.kinds import KINDS
from komodo_sync.kinds.mentions import UNREAD, variables_used
from komodo_sync.kinds.spec import NameRule
from komodo_sync.model.plan import Finding
from komodo_sync.planning.references import configs_left

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from komodo_sync.model.address import Address
    from komodo_sync.model.observed import Observed
    from komodo_sync.model.plan import Payload, Step


def variable_users(
    deletes: Collection[Address], observed: Observed, payloads: Mapping[Step, Payload]
) -> dict[Address, frozenset[Address]]:
    """For each variable that is deleted, who names it after everything else is done, anybody's. What is secret is not
    looked into."""
    gone = {address.name: address for address in deletes if KINDS[address.kind].names is NameRule.VARIABLE}
    if not gone:
        return {}
    configs = configs_left(deletes, observed, payloads)
    found: dict[Address, set[Address]] = {}
    for user, config in configs.items():
        if config.get(UNREAD):
            continue
        for name in variables_used(config) & gone.keys():
            found.setdefault(gone[name], set()).add(user)
    return {address: frozenset(users) for address, users in found.items()}


def still_named(users: Mapping[Address, frozenset[Address]]) -> Iterator[Finding]:
    """A warning for each variable that goes and is named: the Core's own configuration may have a value for it."""
    for address, names in sorted(users.items()):
        text = f"[[{address.name}]]"
        told = ", ".join(map(str, sorted(names)))
        hint = f"take {text} out of the manifests first, unless the Core's own configuration has a value of that name"
        message = f"{address} would be deleted while {text} stands in {told}: it would be deployed as it is written"
        yield Finding("variable-in-use", "warning", message, "", (address, *sorted(names)), hint)
