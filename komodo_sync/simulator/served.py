"""Which operations the embedded Core serves, and with what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from komodo_sync.simulator import (
    accounts,
    action_runs,
    alerts,
    api_keys,
    batches,
    caches,
    checks,
    config_reads,
    core_facts,
    exports,
    file_writes,
    groups,
    host_runs,
    hosts,
    inspection,
    onboarding,
    other_runs,
    procedure_runs,
    reads,
    schedules,
    stack_changes,
    stack_runs,
    swarms,
    sync_runs,
    syncs,
    tags,
    terminals,
    updates,
    users,
    variables,
    writes,
)
from komodo_sync.simulator.executions import handlers
from komodo_sync.simulator.undocumented import known

if TYPE_CHECKING:
    from collections.abc import Mapping

    from komodo_sync.simulator.executions import Execution
    from komodo_sync.simulator.requests import Handler

_ON_RESOURCES: dict[str, Execution] = {
    **stack_runs.PERFORMERS,
    **other_runs.PERFORMERS,
    **action_runs.PERFORMERS,
    **host_runs.PERFORMERS,
    **swarms.PERFORMERS,
    **alerts.PERFORMERS,
}
_ON_RESOURCES["RunSync"] = sync_runs.execution(_ON_RESOURCES)
# a procedure can run procedures, itself among others
_ON_RESOURCES["RunProcedure"] = procedure_runs.execution(_ON_RESOURCES)

PERFORMERS: Mapping[str, Execution] = {
    **_ON_RESOURCES,
    **host_runs.CORE_PERFORMERS,
    **alerts.CORE_PERFORMERS,
}
"""How each execution is done."""

HANDLERS: Mapping[str, Handler] = {
    **reads.HANDLERS,
    **updates.HANDLERS,
    **hosts.HANDLERS,
    **inspection.HANDLERS,
    **onboarding.HANDLERS,
    **schedules.HANDLERS,
    **swarms.HANDLERS,
    **core_facts.HANDLERS,
    **config_reads.HANDLERS,
    **exports.HANDLERS,
    **file_writes.HANDLERS,
    **caches.HANDLERS,
    **checks.HANDLERS,
    **writes.HANDLERS,
    # after the writes of every kind: those of syncs do more
    **syncs.HANDLERS,
    **tags.HANDLERS,
    **terminals.HANDLERS,
    **variables.HANDLERS,
    **users.HANDLERS,
    **api_keys.HANDLERS,
    **groups.HANDLERS,
    **accounts.HANDLERS,
    **handlers(_ON_RESOURCES),
    **batches.handlers(_ON_RESOURCES),
    **host_runs.HANDLERS,
    **alerts.HANDLERS,
    **stack_changes.HANDLERS,
    **other_runs.HANDLERS,
}
"""Every operation that is served, by its name."""


def not_served() -> frozenset[str]:
    """The operations of the catalogue that are answered with 501, some of them only where a server answers."""
    routed = {name for group in ("read", "write", "execute") for name in known(group)}
    return frozenset(routed - HANDLERS.keys()) | terminals.UNSERVED
