"""Files that go with a folder of a host which is removed: what is deployed from there, or mounts something of it."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from komodo_sync.kinds import KINDS
from komodo_sync.model.plan import Effect
from komodo_sync.planning.deploys.checkouts import deployed_on, is_in
from komodo_sync.planning.deploys.folders import mounted, relative_files
from komodo_sync.planning.deploys.volumes import as_deployed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from komodo_sync.model.address import Address
    from komodo_sync.model.observed import ObservedResource
    from komodo_sync.model.running import History
    from komodo_sync.planning.deploys.checkouts import Folder
    from komodo_sync.planning.deploys.choice import Choice
    from komodo_sync.planning.deploys.subject import Subject, World


def emptied(choice: Choice, subject: Subject, world: World) -> Iterator[Effect]:
    """What is lost by a deploy that removes the folder of a checkout first."""
    lifecycle, host = subject.lifecycle, subject.host
    if lifecycle.checkout is None or choice.operation != lifecycle.first or host is None:
        return
    folder = lifecycle.checkout.folder(subject.address.name, subject.config)
    yield from removed(folder, host, world, _CLONED)


_CLONED = (
    "is removed before it is cloned, with all that lies in it (move them out of there, mount them by an absolute path, "
    "and deploy that first)"
)


def removed(folder: str, host: Address, world: World, detail: str) -> Iterator[Effect]:
    """The files of others that go with a folder of a host; `detail`: what becomes of that, and a way out."""
    for live, history, at in deployed_on(host, world) if folder else ():
        if what := _files(live, history, at, folder, f"{world.new(live.address)}"):
            yield Effect("loses", what, f"the folder {folder} on {host} {detail}")


def _files(live: ObservedResource, history: History | None, at: Folder | None, folder: str, who: str) -> str:
    """The files in a folder that it mounts, for people; empty: there are none."""
    spec, config = KINDS[live.address.kind], as_deployed(live, history)
    inside, paths = at is not None and is_in(at.base, folder), mounted(spec, config)
    if paths is None:
        told = relative_files(who)
        on_host = spec.folder is not None and bool(config.get(spec.folder.found))
        told = f"the compose files of {who}, and {relative_files('it')}" if on_host else told
        return told if inside else ""
    base = at.base if at else ""
    names = {told for path, told in paths.items() if is_in(posixpath.join(base, path), folder)}
    return f"the mounted files {', '.join(sorted(names))} of {who}" if names else ""
