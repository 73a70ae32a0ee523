"""What a run of one of Komodo's own resource syncs does, as far as its config says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from komodo_sync.kinds.automation import RESOURCE_SYNC
from komodo_sync.model.address import Address
from komodo_sync.model.observed import is_unknown
from komodo_sync.model.sealed import Sealed, Unknown
from komodo_sync.planning.deploys.nested import executed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from komodo_sync.planning.deploys.subject import World

RUN = "RunSync"
SYNCS = "syncs"
"""The kind of effect by which a sync writes and deploys, and deletes nothing."""

_SUBJECT = "sync"
_DECIDING = ("managed", "delete", "include_resources")
_WRITES = "writes and deploys what its files say"
_DELETES = f"deletes what is in its scope and not in its files, and {_WRITES}"


def syncs_run_by(address: Address, world: World) -> Iterator[Address]:
    """The syncs that a run of `address` is known to run."""
    for each in executed(address, world):
        found = _sync(each.params, world) if each.operation == RUN else None
        if found is not None:
            yield found


def sync_effects(params: Mapping[str, Any], world: World) -> Iterator[tuple[str, str]]:
    """The kinds of effects that the run has, each with what it does; `unknown` where nobody here can tell."""
    sync, name = _sync(params, world), params.get(_SUBJECT, "")
    if sync is None:
        # of an admin's key what has no name is gone: its run fails, and does nothing
        gone = isinstance(name, str) and (world.observed.admin or not name)
        yield ("executes", "") if gone else ("unknown", "")
        return
    config = filled(world.config_of(sync))
    if not takes_away(config):
        yield (SYNCS, _WRITES) if _has_source(config) else ("executes", "")
    elif any(isinstance(config[flag], Sealed | Unknown) for flag in _DECIDING):
        yield "unknown", ""
    else:
        if config["include_resources"]:
            yield "stops", _DELETES
        yield "loses", _DELETES


def filled(config: Mapping[str, Any]) -> dict[str, Any]:
    """A sync's config with the defaults of what it does not say."""
    return {**{name: field.default for name, field in RESOURCE_SYNC.fields().items()}, **config}


def takes_away(config: Mapping[str, Any]) -> bool:
    """Whether a run deletes, or may. One without a source runs nothing, unless it is managed."""
    return bool(config["managed"] or (config["delete"] and _has_source(config)))


def _has_source(config: Mapping[str, Any]) -> bool:
    return any(config[name] for name in RESOURCE_SYNC.sources)


def _sync(params: Mapping[str, Any], world: World) -> Address | None:
    """The sync, where it is seen."""
    name = params.get(_SUBJECT, "")
    if not isinstance(name, str) or not name or is_unknown(name):
        return None
    address = Address(RESOURCE_SYNC.name, name)
    return address if world.holds(address) else None
