"""The folder of the host in which Komodo keeps the files of a compose project: it is called after the resource, so that
a new name leaves it behind, with all that is mounted from it."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, Any

from komodo_sync.kinds import KINDS
from komodo_sync.model.data import Data
from komodo_sync.model.plan import Effect, Finding
from komodo_sync.planning.deploys.checkouts import Folder, folder_of, name_when_deployed
from komodo_sync.planning.deploys.compose import compose_of
from komodo_sync.planning.deploys.filled import as_read, filling
from komodo_sync.planning.deploys.subject import host_of
from komodo_sync.planning.deploys.volumes import as_deployed, deployed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from komodo_sync.kinds.spec import KindSpec
    from komodo_sync.model.observed import ObservedResource
    from komodo_sync.model.running import History
    from komodo_sync.planning.deploys.subject import Subject

    Config = Mapping[str, Any]

_NOT_KNOWN = ("~", "$", "[[")
"""How a path begins of which it is not known where it leads to."""


class _Left(Data, frozen=True):
    """Two folders of which one is used no more."""

    old: Folder
    new: Folder
    host: str


def left_in_folder(
    live: ObservedResource, history: History | None, name: str, after: Config, *, later: bool
) -> Iterator[Effect]:
    """What lies in the folder of its old name, where `live` is called `name` and has the config `after` by then;
    `later`: by the next deploy, not by this plan."""
    spec, before = KINDS[live.address.kind], as_deployed(live, history)
    left = _left(spec, name_when_deployed(live, history), before, name, after) if deployed(live) else None
    if left is None:
        return
    what = _relative(spec, before, as_read(spec, before, after))
    if what is None:
        on_host = bool(spec.folder and after.get(spec.folder.found))
        told = f"its compose files, and {relative_files('it')}" if on_host else relative_files("it")
        empty = "" if on_host else ", which is another one"
    elif what:
        told, empty = f"its mounted files {', '.join(what)}", ", where new and empty ones are made"
    else:
        return
    when = "from the next deploy on they are" if later else "they are"
    # the new one may be there by then, and what is moved as a whole would go into it
    before_it = "that" if later else "the apply"
    before_it = f"{before_it}, unless that is done" if live.address.name == name else before_it
    way = f"move what is in {left.old.root} to {left.new.root} before {before_it}, or write absolute paths"
    detail = f"{when} looked for in the folder {left.new.root}{left.host}{empty}; the old ones stay in {left.old.root}"
    yield Effect("loses", told, f"{detail} ({way})")


def missing_files(subjects: Iterable[Subject]) -> Iterator[Finding]:
    """A refusal for each that is to be deployed from files of the host that are in the folder of its old name."""
    for subject in subjects:
        live, spec, name = subject.live, subject.spec, subject.address.name
        # once it has its new name, the Core itself says whether the files are there
        if (
            live is None
            or spec.folder is None
            or live.address.name == name
            or not subject.config.get(spec.folder.found)
        ):
            continue
        left = _left(spec, live.address.name, live.config, name, subject.config)
        if left is None:
            continue
        message = (
            f"{subject.address} would be deployed from {left.new.base}{left.host}, and its files are in "
            f"{left.old.base}: the folder of relative paths has the name of the {spec.name}"
        )
        hint = (
            f"apply the rename with --no-deploy, move what is in {left.old.root} to {left.new.root} there, and apply "
            f"again; or give it an absolute {spec.folder.below[spec.folder.found][0]}"
        )
        yield Finding("files-left", "refusal", message, "", (subject.address,), hint)


def _left(spec: KindSpec, old_name: str, before: Config, new_name: str, after: Config) -> _Left | None:
    """What a new name leaves; None where that is nothing, or it goes to another host and leaves all there."""
    host = host_of(spec, after)
    if old_name == new_name or host != host_of(spec, before):
        return None
    old, new = folder_of(spec, old_name, before), folder_of(spec, new_name, after)
    if old is None or new is None or old.base == new.base:
        return None
    return _Left(old, new, f" on {host}" if host else "")


def _relative(spec: KindSpec, before: Config, after: Config) -> list[str] | None:
    """The relative paths that are mounted before and after, as the text says them; None where it is not known."""
    will, was = _paths(spec, after), _paths(spec, before)
    if will is None:
        return None if was is None or was else []
    return sorted({told for path, told in will.items() if was is None or path in was})


def _paths(spec: KindSpec, config: Config) -> dict[str, str] | None:
    files = mounted(spec, config)
    return files and {path: told for path, told in files.items() if not path.startswith("/")}


def mounted(spec: KindSpec, config: Config) -> dict[str, str] | None:
    """The paths of the host that hold what is mounted, each as the text says it; None where that is not known. A path
    that is not known, or another one for each user, is left out."""
    said = compose_of(spec, config)
    if said is None or said.volumes is None:
        return None
    fill = filling(spec, config)
    sources = [mount.source for service in said.services.values() for mount in service.mounts if mount.holds_files]
    sources += [each.device for each in said.volumes.values() if each.device.startswith("/") and not each.external]
    filled = ((fill(source), source) for source in sources)
    return {posixpath.normpath(path): told for path, told in filled if path and not path.startswith(_NOT_KNOWN)}


def relative_files(who: str) -> str:
    """The same where nobody knows whether there are some."""
    return f"any files that {who} mounts by a relative path"
