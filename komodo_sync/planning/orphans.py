"""Services that a compose text no longer has: a deploy leaves them as they are, so that what takes their place starts
beside them, without the port or the name that they still have, or on the data that they still write."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

from komodo_sync.kinds import KINDS
from komodo_sync.masking.mask import shown_text
from komodo_sync.model.data import Data, replace
from komodo_sync.model.plan import Action, Finding
from komodo_sync.planning.deploys.condition import THERE, Condition, condition_of
from komodo_sync.planning.deploys.losses.lain import lain
from komodo_sync.planning.deploys.losses.volumes import deployed_config
from komodo_sync.planning.deploys.projects import other_project, place_of
from komodo_sync.planning.deploys.subject import listing
from komodo_sync.planning.deploys.texts.compose import compose_of
from komodo_sync.planning.deploys.texts.filled import as_read, filling
from komodo_sync.planning.deploys.texts.interpolated import interpolated
from komodo_sync.planning.deploys.texts.services import services_after, sweeps
from komodo_sync.planning.renames.holdings import What, clashing, held_by_service, in_ranges

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from typing import Any

    from komodo_sync.model.plan import Resource
    from komodo_sync.planning.deploys.losses.lain import Lain
    from komodo_sync.planning.deploys.subject import Subject, World


class _Pair(Data, frozen=True, order=True):
    """A service that stays where it is, one that is started, and what both would have."""

    old: str
    new: str
    what: str


class _Kept(Data, frozen=True):
    """What a service keeps data on."""

    service: str
    image: str
    lies: Lain


def beside_orphans(resources: Iterable[Resource], world: World) -> Iterator[Finding]:
    """A refusal for each deploy that cannot succeed, however often it is tried, because a service that the text no
    longer has keeps a port or a name; else a warning where it runs on beside another one on one volume."""
    known = replace(world, live=world.observed.live or world.live)
    for item in resources:
        declared = world.desired.resources.get(item.address)
        live = world.observed.resources.get(world.old(item.address))
        if declared is None or live is None or not live.services:
            continue
        if any(change.action is Action.DEPLOY for change in item.changes) and (
            subject := known.subject(declared, live)
        ):
            yield from _beside(interpolated(subject, known))


def _beside(subject: Subject) -> Iterator[Finding]:
    spec, before, condition = subject.spec, deployed_config(subject), condition_of(subject)
    if condition not in THERE or subject.moves or other_project(subject):
        return
    if subject.lifecycle.takes_down(subject.config) or sweeps(spec, subject.config):
        return
    was, found = compose_of(spec, before), services_after(subject)
    if was is None or found is None or not found.gone:
        return
    gone = {was.service_of(name) for name in found.gone}
    after, stopped = as_read(spec, before, subject.config), condition is Condition.STOPPED
    if pairs := _of_host(subject, before, after, gone, stopped=stopped):
        yield _refusal(subject, pairs, stopped=stopped)
    elif not stopped and (pairs := _of_data(subject, before, after, gone)):
        yield _warning(subject, pairs)


def _of_host(
    subject: Subject, before: Mapping[str, Any], after: Mapping[str, Any], gone: set[str], *, stopped: bool
) -> list[_Pair]:
    """Ports and names that both would have."""
    spec = subject.spec
    # what need not run may have ended; what does not run has a name all the same
    uncounted = subject.lifecycle.may_end(before)
    silent = gone if stopped or uncounted is None else uncounted
    return sorted(
        {
            _Pair(old, new, f"{mine.what.value} {shown_text(mine.name)}")
            for (old, has), (new, wants) in product(
                held_by_service(spec, before).items(), held_by_service(spec, after).items()
            )
            if old in gone
            for mine in clashing(wants, has)
            if mine.what is What.CONTAINER or old not in silent
        }
    )


def _of_data(subject: Subject, before: Mapping[str, Any], after: Mapping[str, Any], gone: set[str]) -> list[_Pair]:
    """Volumes that both would write, and that no several services are meant to use at once; paths of the host where
    both are one program."""
    texts = old, new = _data(subject, before), _data(subject, after)
    there = {each.service for each in old}
    found = set()
    for theirs, mine in product(old, new):
        alike = bool(mine.image) and mine.image == theirs.image
        # one that was there before ran beside it already
        if theirs.service not in gone or mine.service in there or not mine.lies.is_alike(theirs.lies):
            continue
        if (mine.lies.name or alike) and not any(_is_shared(mine, text, alike=alike) for text in texts):
            found.add(_Pair(theirs.service, mine.service, shown_text(mine.lies.told)))
    return sorted(found)


def _data(subject: Subject, config: Mapping[str, Any]) -> list[_Kept]:
    said, live = compose_of(subject.spec, config), subject.live
    if said is None or said.volumes is None or live is None:
        return []
    project = place_of(live)
    fill = filling(subject.spec, config, COMPOSE_PROJECT_NAME=project)
    return [
        _Kept(name, service.image, each)
        for name, service in said.services.items()
        if service.starts and not service.none
        for each in lain(service, said, project, fill)
        if each.holds_data and not each.is_open
    ]


def _is_shared(mine: _Kept, text: Iterable[_Kept], *, alike: bool) -> bool:
    """Whether several services of one text use it, of the same program if it comes to that."""
    users = (each for each in text if each.lies.is_alike(mine.lies))
    return len({each.service for each in users if each.image == mine.image or not alike}) > 1


def _refusal(subject: Subject, pairs: list[_Pair], *, stopped: bool) -> Finding:
    stays = "stays there as it is" if stopped else "runs on there"
    return Finding(
        "no-room",
        "refusal",
        f"{_story(subject, pairs, stays)} with the {_things(pairs)}: the deploy would fail, and so would every later "
        "one",
        "",
        (subject.address,),
        f"{_way(subject, pairs)}; or take {subject.address} down with `state: down` for one apply, and declare "
        "`state: running` then",
    )


def _warning(subject: Subject, pairs: list[_Pair]) -> Finding:
    message = f"{_story(subject, pairs, 'runs on there')}: both would write {_things(pairs)} at once"
    return Finding("shared-volume", "warning", message, "", (subject.address,), _way(subject, pairs))


def _story(subject: Subject, pairs: list[_Pair], stays: str) -> str:
    new, old = (listing(sorted(names)) for names in ({each.new for each in pairs}, {each.old for each in pairs}))
    no_longer = f"which its {subject.spec.compose} no longer has"
    return f"{subject.address} would start {new} on {subject.host} while {old}, {no_longer}, {stays}"


def _things(pairs: list[_Pair]) -> str:
    return listing(in_ranges(each.what for each in pairs))


def _way(subject: Subject, pairs: list[_Pair]) -> str:
    word = KINDS[subject.host.kind].sweeps[0] if subject.host else ""
    old = listing(sorted({each.old for each in pairs}))
    return f"`{subject.lifecycle.swept_by[0]}: [{word}]` removes {old} before anything is started"
