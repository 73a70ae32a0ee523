"""Files that go with a folder of a host which is removed: what is deployed from there, or mounts something of it."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, Any

from komodo_sync.kinds import KINDS
from komodo_sync.model.plan import Effect
from komodo_sync.model.sealed import HIDDEN, Sealed, Unknown
from komodo_sync.planning.deploys.losses.checkouts import deployed_on, is_from_outside, is_in, planned_folder
from komodo_sync.planning.deploys.losses.folders import is_secret, mounted_files, relative_files
from komodo_sync.planning.deploys.subject import host_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from komodo_sync.model.address import Address
    from komodo_sync.model.observed import ObservedResource
    from komodo_sync.planning.deploys.choice import Choice
    from komodo_sync.planning.deploys.losses.checkouts import There
    from komodo_sync.planning.deploys.subject import Subject, World

    Config = Mapping[str, Any]

_FIRST = (
    "is removed before it is cloned, with all that lies in it (move them out of there, mount them by an absolute path, "
    "and deploy that first)"
)

_DELETED = "is removed with it, with all that lies in it (move them out of there before the apply)"


def emptied(choice: Choice, subject: Subject, world: World) -> Iterator[Effect]:
    """What is lost by a deploy that removes the folder of a checkout first."""
    checkout, host, address = subject.lifecycle.checkout, subject.host, subject.address
    if checkout and choice.operation == subject.lifecycle.first and host is not None:
        hidden = isinstance(world.declared(address).get(checkout.path), Sealed | Unknown)
        folder = checkout.folder(address.name, subject.config)
        yield from removed(folder, host, world, _FIRST, told=HIDDEN if hidden else folder)
    yield from recloned(subject.address, subject.config, world)


def recloned(address: Address, config: Config, world: World) -> Iterator[Effect]:
    """What each deploy loses of what has that config, because it clones anew what it is deployed from."""
    spec = KINDS[address.kind]
    host, at = host_of(spec, config), planned_folder(spec, address.name, config, world)
    if spec.folder is None or host is None or not config.get(spec.folder.anew) or at is None or at.checkout is None:
        return
    flag = spec.folder.anew
    way = f"(take {flag} out, or mount them from elsewhere by an absolute path)"
    detail = f"is removed by each deploy before it is cloned anew ({flag}), with all that lies in it {way}"
    hidden = at.hidden or is_from_outside(spec, world.declared(address))
    told = HIDDEN if hidden else at.checkout.folder
    yield from removed(at.checkout.folder, host, world, detail, told=told, by=address)


def deleted_files(live: ObservedResource, world: World) -> Iterator[Effect]:
    """What is lost by a delete of `live`, with which Core removes the folder of its checkout."""
    spec = KINDS[live.address.kind]
    checkout, host = spec.lifecycle.checkout if spec.lifecycle else None, host_of(spec, live.config)
    if checkout is not None and host is not None:
        folder = checkout.deleted(live.address.name, live.config)
        yield from removed(folder, host, world, _DELETED, told=folder)


def removed(
    folder: str, host: Address, world: World, detail: str, *, told: str, by: Address | None = None
) -> Iterator[Effect]:
    """The files that go with a folder of a host, `by` a deploy of one of those that mount them, or by something else.
    `detail`: what becomes of the folder, and a way out; `told`: what it is called for people."""
    for each in deployed_on(host, world) if folder else ():
        if not (names := _within(each, folder)) and not _is_from(each, folder):
            continue
        address = world.new(each.live.address)
        who, secret = "" if address == by else str(address), is_secret(KINDS[address.kind], world.declared(address))
        what = mounted_files(names, who, secret=secret) if names else relative_files(who, on_host=_is_on_host(each))
        yield Effect("loses", what, f"the folder {told} on {host} {detail}")


def _within(each: There, folder: str) -> list[str]:
    """The files in a folder that it is known to mount, as its text says them."""
    base = each.at.base if each.at else ""
    paths = (each.mounted or {}).items()
    return sorted({told for path, told in paths if is_in(posixpath.join(base, path), folder)})


def _is_from(each: There, folder: str) -> bool:
    """Whether it may mount files in a folder, because its relative paths begin there."""
    return each.mounted is None and each.at is not None and is_in(each.at.base, folder)


def _is_on_host(each: There) -> bool:
    spec = KINDS[each.live.address.kind]
    return spec.folder is not None and bool(each.config.get(spec.folder.found))
