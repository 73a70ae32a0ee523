"""The folders of the host in which relative paths begin: what is deployed from another one than before leaves all that
it mounted from there behind."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, Any

from komodo_sync.kinds import KINDS
from komodo_sync.model.address import Address
from komodo_sync.model.data import Data
from komodo_sync.model.plan import Effect, Finding
from komodo_sync.model.sealed import HIDDEN, Sealed, Unknown
from komodo_sync.planning.deploys.losses.checkouts import (
    deployed_folder,
    folder_of,
    is_cloned_anew,
    is_from_outside,
    is_in,
    is_one,
    linked_by,
    mounted,
    name_when_deployed,
    planned_folder,
    source_of,
)
from komodo_sync.planning.deploys.losses.volumes import as_deployed, deployed
from komodo_sync.planning.deploys.subject import host_of
from komodo_sync.planning.deploys.texts.filled import as_read

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from komodo_sync.kinds.spec import KindSpec
    from komodo_sync.model.observed import ObservedResource
    from komodo_sync.model.running import History
    from komodo_sync.planning.deploys.losses.checkouts import Folder
    from komodo_sync.planning.deploys.subject import Subject, World

    Config = Mapping[str, Any]


class _Left(Data, frozen=True):
    """Two folders of which one is used no more. `whole`: for another name alone, so that all of it can be moved;
    `anew`: why the new one is empty, whatever is moved there before; `hidden`: neither is shown; `secret`: nor what is
    mounted."""

    old: Folder
    new: Folder
    host: str
    whole: bool
    anew: str = ""
    hidden: bool = False
    secret: bool = False


def left_in_folder(
    live: ObservedResource,
    history: History | None,
    name: str,
    after: Config,
    world: World | None = None,
    *,
    later: bool,
    who: str = "",
) -> Iterator[Effect]:
    """What lies in the folder from which it was deployed, where `live` is called `name` and has the config `after` by
    then. `later`: by the next deploy, not by this plan; `who`: what it is called where another one tells of it. Without
    a `world` nothing is known of what it links."""
    spec, before = KINDS[live.address.kind], as_deployed(live, history)
    left = _left(live, history, name, after, world) if deployed(live) else None
    if left is None:
        return
    told, empty = _missed(spec, before, as_read(spec, before, after), left, who)
    if not told:
        return
    when = "from the next deploy on they are" if later else "they are"
    # the new one may be there by then, and what is moved as a whole would go into it
    before_it = "that" if later else "the apply"
    before_it = f"{before_it}, unless that is done" if live.address.name == name else before_it
    old, new = (_told(each, whole=left.whole, hidden=left.hidden) for each in (left.old, left.new))
    move = f"move what is in {old} to {new}" if left.whole else "move them over"
    way = (
        f"write absolute paths: {new} {left.anew}"
        if left.anew
        else f"{move} before {before_it}, or write absolute paths"
    )
    if world and not left.anew and (goes := _renamed_checkout(spec, before, after, world)):
        # the folder has no other name before that, and one that is made by hand keeps it from getting it
        first = f"apply that alone first, with --select {goes} --no-deploy"
        way = f"{goes} is renamed by this plan: {first}, and move them over then; or write absolute paths"
    detail = f"{when} looked for in the folder {new}{left.host}{empty}; the old ones stay in {old}"
    yield Effect("loses", told, f"{detail} ({way})")


def _renamed_checkout(spec: KindSpec, before: Config, after: Config, world: World) -> Address | None:
    """The checkout that is linked before or after, and gets another name, with which its folder goes on its host."""
    for named in (linked_by(spec, before), linked_by(spec, after)):
        live = world.observed.resources.get(world.old(named)) if named and world.old(named) != named else None
        if live and host_of(KINDS[live.address.kind], live.config) == host_of(spec, after):
            return named
    return None


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
            or subject.host != subject.old_host
        ):
            continue
        old, new = folder_of(spec, live.address.name, live.config), folder_of(spec, name, subject.config)
        if old is None or new is None or is_one(old.base, new.base):
            continue
        message = (
            f"{subject.address} would be deployed from {new.base}{_on(spec, subject.config)}, and its files are in "
            f"{old.base}: the folder of relative paths has the name of the {spec.name}"
        )
        hint = (
            f"apply the rename with --no-deploy, move what is in {old.root} to {new.root} there, and apply again; or "
            f"give it an absolute {spec.folder.below[spec.folder.found][0]}"
        )
        yield Finding("files-left", "refusal", message, "", (subject.address,), hint)


def _left(
    live: ObservedResource, history: History | None, name: str, after: Config, world: World | None
) -> _Left | None:
    """What it leaves by then; None where that is nothing, or goes with the folder, or it goes to another host and
    leaves all there."""
    spec, before = KINDS[live.address.kind], as_deployed(live, history)
    if host_of(spec, after) != host_of(spec, before):
        return None
    old, new = deployed_folder(live, history, world), planned_folder(spec, name, after, world)
    if old is None or new is None or is_one(old.base, new.base):
        return None
    flag = spec.folder.anew if spec.folder and new.checkout and after.get(spec.folder.anew) else ""
    if flag and new.checkout and is_in(old.base, new.checkout.folder):
        return None
    anew = f"is cloned anew by each deploy ({flag})" if flag else ""
    if not flag and world and is_cloned_anew(spec, after, world):
        anew = "is cloned anew by this plan"
    renamed = name_when_deployed(live, history) != name and source_of(spec, before) == source_of(spec, after)
    below = [posixpath.relpath(each.base, each.root) for each in (old, new)]
    whole = renamed and old.root != new.root and below[0] == below[1]
    declared = world.declared(Address(spec.name, name)) if world else after
    return _Left(old, new, _on(spec, after), whole, anew, is_from_outside(spec, declared), is_secret(spec, declared))


def _told(folder: Folder, *, whole: bool, hidden: bool) -> str:
    if whole:
        return folder.root
    return HIDDEN if hidden or folder.hidden else folder.base


def is_secret(spec: KindSpec, declared: Config) -> bool:
    """Whether its compose text is taken from outside: then what it mounts is not shown."""
    return isinstance(declared.get(spec.compose), Sealed | Unknown)


def _on(spec: KindSpec, config: Config) -> str:
    host = host_of(spec, config)
    return f" on {host}" if host else ""


def _missed(spec: KindSpec, before: Config, after: Config, left: _Left, who: str) -> tuple[str, str]:
    """What is mounted from there before and after, for people, and what it finds instead; empty: nothing is, as far as
    that is known."""
    will, was = _paths(spec, after), _paths(spec, before)
    if will is not None:
        there = {path: told for path, told in will.items() if was is None or path in was}
        names = sorted({told for path, told in there.items() if not _same(path, left)})
        told = mounted_files(names, who, secret=left.secret) if names else ""
        return told, ", where new and empty ones are made"
    on_host = bool(spec.folder and after.get(spec.folder.found))
    if was is not None:
        names = sorted({told for path, told in was.items() if not _same(path, left)})
        as_now = "" if left.secret else f", as {', '.join(names)}"
        told = f"{relative_files(who)}{as_now}" if names else ""
    else:
        told = relative_files(who, on_host=on_host and left.whole)
    return told, "" if on_host else ", which is another one"


def _same(path: str, left: _Left) -> bool:
    """Whether a relative path leads to the same place as before."""
    return is_one(posixpath.join(left.old.base, path), posixpath.join(left.new.base, path))


def _paths(spec: KindSpec, config: Config) -> dict[str, str] | None:
    files = mounted(spec, config)
    return files and {path: told for path, told in files.items() if not path.startswith("/")}


def mounted_files(names: Iterable[str], who: str, *, secret: bool) -> str:
    """What is known to be mounted by what is called so; empty: by what it is told of. `secret`: they are not named."""
    told = "mounted files" if secret else f"mounted files {', '.join(names)}"
    return f"the {told} of {who}" if who else f"its {told}"


def relative_files(who: str, *, on_host: bool = False) -> str:
    """The same where nobody knows whether there are some; `on_host`: with its compose files."""
    if on_host:
        return f"{f'the compose files of {who}' if who else 'its compose files'}, and {relative_files('')}"
    return f"any files that {who or 'it'} mounts by a relative path"
