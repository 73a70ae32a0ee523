"""Prunes of a server on which something leaves volumes that nothing uses any more, or stops: what prunes it, and when
that had better be. What it takes is told by `pruned`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from komodo_sync.kinds import KINDS
from komodo_sync.kinds.executions import TAKES_STOPPED, TAKES_VOLUMES
from komodo_sync.kinds.schedules import is_cron, unknown_zone, unread
from komodo_sync.model.address import Address
from komodo_sync.model.data import Data
from komodo_sync.model.plan import Action, Step
from komodo_sync.operations import executions
from komodo_sync.planning.deploys.nested import executed
from komodo_sync.planning.deploys.subject import host_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from komodo_sync.kinds.spec import KindSpec
    from komodo_sync.model.plan import Resource
    from komodo_sync.planning.deploys.subject import World

    Prunes = Mapping[Address, Sequence["Prune"]]

STOPPED = "its containers stay, and can be started again"
"""What is said of what this plan stops."""


class Prune(Data, frozen=True):
    """One that `by` runs: by this plan, or by itself (`schedule`)."""

    by: Address
    operation: str
    schedule: str = ""

    def told(self, *, after: bool) -> str:
        """`PruneVolumes of procedure/p (which this plan runs)`; `after`: it runs once that was taken down."""
        runs = f"which this plan runs{' after that' if after else ''}"
        return f"{self.operation} of {self.by} ({f'by its schedule: {self.schedule}' if self.schedule else runs})"


def prunes(resources: Sequence[Resource], world: World) -> dict[Address, list[Prune]]:
    """By each host, what prunes it in this plan, and by a schedule; nothing where nothing changes that has volumes."""
    found: dict[Address, list[Prune]] = {}
    if not any(item.changes and has_volumes(KINDS[item.address.kind]) for item in resources):
        return found
    operations = TAKES_VOLUMES.keys() | TAKES_STOPPED
    gone = {item.address for item in resources if any(each.action is Action.DELETE for each in item.changes)}
    runs = sorted(item.address for item in resources if any(each.action is Action.RUN for each in item.changes))
    scheduled = [(each, when) for each in sorted(world.addresses() - gone) if (when := schedule_of(each, world))]
    for address, when in [*((address, "") for address in runs), *scheduled]:
        for each in executed(address, world):
            for host in _pruned(each.operation, each.params) if each.operation in operations else ():
                found.setdefault(host, []).append(Prune(address, each.operation, when))
    return found


def has_volumes(spec: KindSpec) -> bool:
    """Whether something of the kind may have volumes."""
    return bool(spec.compose or spec.mounts)


def schedule_of(address: Address, world: World) -> str:
    """When it runs by itself; empty: never, also because the Core cannot read it."""
    spec = KINDS[address.kind]
    if not spec.schedule:
        return ""
    config = world.config_of(address)
    schedule, counts = (config.get(name, spec.fields()[name].default) for name in spec.schedule[:2])
    if not schedule or not counts or unread(config) or unknown_zone(config):
        return ""
    if not isinstance(schedule, str):
        return "unknown here"
    # whole, in whatever is read as Markdown
    return f"`{schedule}`" if is_cron(config) else schedule


def before(resources: Iterable[Resource], found: Prunes, world: World) -> dict[Step, set[Step]]:
    """By each step, what had better come first, and need not. What takes something down, stops it or deploys it anew
    comes after the prunes of its host: what is still used is not lost by them. What begins to use what nothing uses yet
    comes before them."""
    steps: dict[Step, set[Step]] = {}
    for item in resources:
        for change in item.changes:
            step, host = Step(item.address, change.action), _host_at(change.action, item.address, world)
            better = _better_before(change.action, item.address, world) if host in found else {}
            for each in found[host] if host and better else ():
                if not each.schedule and each.operation in better:
                    run = Step(each.by, Action.RUN)
                    first, then = (run, step) if better[each.operation] else (step, run)
                    steps.setdefault(then, set()).add(first)
    return steps


def _host_at(action: Action, address: Address, world: World) -> Address | None:
    live = world.observed.resources.get(world.old(address))
    config = live.config if live and action is Action.DESTROY else world.config_of(address)
    return host_of(KINDS[address.kind], config)


def _better_before(action: Action, address: Address, world: World) -> Mapping[str, bool]:
    """The prunes that may take something of it around a step, and whether each had better come before that."""
    spec, live = KINDS[address.kind], world.observed.resources.get(world.old(address))
    stopped = live is not None and spec.lifecycle is not None and live.state in spec.lifecycle.stopped
    if action is Action.DESTROY:
        return dict.fromkeys(TAKES_VOLUMES, True)
    if action is Action.STOP:
        return dict.fromkeys(TAKES_STOPPED, True)
    if action is Action.START and stopped:
        return dict.fromkeys(TAKES_STOPPED, False)
    if action is not Action.DEPLOY or not has_volumes(spec):
        return {}
    if live is not None and host_of(spec, live.config) != host_of(spec, world.config_of(address)):
        return {}  # the host that it leaves has more to lose
    there = live is not None and live.state in spec.up
    # a deploy hands on what stopped containers have, as long as they are there
    return {**dict.fromkeys(TAKES_VOLUMES, there), **dict.fromkeys(TAKES_STOPPED if stopped else (), False)}


def _pruned(operation: str, params: Mapping[str, object]) -> Iterator[Address]:
    for param in executions()[operation].params.values():
        value = params.get(param.name)
        if param.refers_to and isinstance(value, str):
            yield Address(param.refers_to, value)
