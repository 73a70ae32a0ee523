"""Which operations the embedded Core serves, and with what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from komodo_sync.operations import operations
from komodo_sync.simulator import (
    accounts,
    batches,
    caches,
    core_facts,
    groups,
    hosts,
    other_runs,
    reads,
    stack_runs,
    tags,
    updates,
    users,
    variables,
    writes,
)
from komodo_sync.simulator.executions import handlers

if TYPE_CHECKING:
    from collections.abc import Mapping

    from komodo_sync.simulator.executions import Execution
    from komodo_sync.simulator.requests import Handler

PERFORMERS: Mapping[str, Execution] = {**stack_runs.PERFORMERS, **other_runs.PERFORMERS}
"""How each execution of a single resource is done."""

HANDLERS: Mapping[str, Handler] = {
    **reads.HANDLERS,
    **updates.HANDLERS,
    **hosts.HANDLERS,
    **core_facts.HANDLERS,
    **caches.HANDLERS,
    **writes.HANDLERS,
    **tags.HANDLERS,
    **variables.HANDLERS,
    **users.HANDLERS,
    **groups.HANDLERS,
    **accounts.HANDLERS,
    **handlers(PERFORMERS),
    **batches.handlers(PERFORMERS),
    **stack_runs.HANDLERS,
    **other_runs.HANDLERS,
}
"""Every operation that is served, by its name."""


def not_served() -> frozenset[str]:
    """The operations of the catalogue that are answered with 501."""
    known = {name for group in ("read", "write", "execute") for name in operations(group)}  # type: ignore[arg-type]
    return frozenset(known - HANDLERS.keys())
