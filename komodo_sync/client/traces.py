"""What is known of resources that are to leave where they run, and of which nothing seems to run there."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from komodo_sync.client.history import read_histories
from komodo_sync.client.threads import all_of
from komodo_sync.errors import CoreConnectionError, KomodoSyncError
from komodo_sync.kinds import KINDS
from komodo_sync.model.data import replace
from komodo_sync.model.running import Live, Running

if TYPE_CHECKING:
    from collections.abc import Iterable

    from komodo_sync.client.reader import Reader
    from komodo_sync.model.observed import ObservedResource

AT_ONCE = 8
"""Servers that are asked for their containers at the same time."""


def with_traces(reader: Reader, leaving: Iterable[ObservedResource], live: Live | None) -> Live | None:
    """`live` with the records of those that were deployed once and are not up, and with which of their servers show no
    container at all: one request for each hundred resources, and one for each such server. None stays None where there
    are no such."""
    silent = {
        item.id: item
        for item in leaving
        if (item.project or item.services) and item.state not in KINDS[item.address.kind].up
    }
    if not silent:
        return live
    known = live or Live()
    facts = dict(known.resources)
    unread = {
        identity: KINDS[item.address.kind]
        for identity, item in silent.items()
        if item.address not in facts or facts[item.address].history is None
    }
    for identity, (history, _) in read_histories(reader, unread).items():
        address = silent[identity].address
        facts[address] = replace(facts.get(address, Running()), history=history)
    return replace(known, resources=facts, bare=known.bare | _bare(reader, silent.values()))


def _bare(reader: Reader, silent: Iterable[ObservedResource]) -> frozenset[str]:
    servers = sorted({_server(item) for item in silent if _is_down(item)} - {""})
    calls = [partial(_shows_nothing, reader, name) for name in servers]
    return frozenset(name for name, nothing in zip(servers, all_of(calls, AT_ONCE), strict=True) if nothing)


def _is_down(item: ObservedResource) -> bool:
    lifecycle = KINDS[item.address.kind].lifecycle
    return lifecycle is not None and item.state in lifecycle.down


def _server(item: ObservedResource) -> str:
    """The name of the server on which it runs; empty where it runs on none, or elsewhere."""
    spec = KINDS[item.address.kind]
    field = next((name for name in spec.hosts if item.config.get(name)), "")
    return str(item.config[field]) if field and KINDS[spec.fields()[field].ref].reached else ""


def _shows_nothing(reader: Reader, server: str) -> bool:
    try:
        return bool(reader.read("ListContainers", {"server": server}) == [])
    except CoreConnectionError:
        raise
    except KomodoSyncError:
        return False  # this key may not, or the Core is older: then nothing is known against it
