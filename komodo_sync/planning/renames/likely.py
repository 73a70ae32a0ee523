"""What looks like a rename: the one of its kind with a configuration is created, and its twin goes or is left over."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from komodo_sync.kinds import KINDS
from komodo_sync.model.finding import LIKELY_RENAME
from komodo_sync.model.plan import Action, Finding
from komodo_sync.model.sealed import Sealed
from komodo_sync.planning.deploys.losses.volumes import deployed, left_by_project
from komodo_sync.planning.deploys.projects import place_of
from komodo_sync.planning.deploys.subject import listing
from komodo_sync.planning.ownership import owners

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from komodo_sync.model.address import Address
    from komodo_sync.model.observed import ObservedResource
    from komodo_sync.planning.deploys.subject import World

    Pair = tuple[Address, ObservedResource]

_FEW = 3


def likely_renames(
    created: Sequence[Address],
    left: Iterable[ObservedResource],
    world: World,
    is_new: Callable[[Address, Address], bool],
) -> Iterator[Finding]:
    """A warning for each kind of which some of `created` have the very configuration of one of `left`, and nothing else
    in the Core or in this plan has it; a refusal where that runs, and would run no more. `is_new`: whether of two
    nothing is said yet. Without an owner nothing is said at all: other manifests may declare what these do not."""
    if not world.options.owner:
        return
    absent = {mention.address for mention in world.desired.absent}
    old = {item.address: item for item in left if item.address not in absent and len(owners(item.tags)) == 1}
    kinds = {address.kind for address in old} & {address.kind for address in created}
    new = {address: _key(address, world.config_of(address)) for address in created if address.kind in kinds}
    wanted = set(new.values()) - {None}
    if not wanted:
        return
    live = {address: item.config for address, item in world.observed.resources.items() if address.kind in kinds}
    held = {address: _key(address, config) for address, config in live.items()}
    twins = {key: old[address] for address, key in held.items() if address in old and key in wanted}
    times = Counter([*new.values(), *held.values()])
    found: dict[tuple[str, bool, bool], list[Pair]] = {}
    for address, key in new.items():
        twin = twins.get(key)
        if twin is not None and times[key] == 2 and is_new(address, twin.address):
            deleted, stops = world.writes(twin.address, Action.DELETE), _runs_no_more(address, twin, world)
            found.setdefault((address.kind, deleted, stops), []).append((address, twin))
    for (_, deleted, stops), pairs in sorted(found.items()):
        yield _finding(pairs, world, deleted=deleted, stops=stops)


def _key(address: Address, config: Mapping[str, Any]) -> tuple[str, Any] | None:
    """What tells its configuration from others; None where that says nothing of its own, or is not known. Secrets are
    compared as they are."""
    fields = KINDS[address.kind].fields()
    held = {name: value for name, value in config.items() if name in fields}
    try:
        # before what equals a default is left out: what is not known equals everything, and has no hash
        hash(_frozen(held))
    except TypeError:
        return None
    said = {name: value for name, value in held.items() if value != fields[name].default}
    if not any(_has_text(value) for name, value in said.items() if not fields[name].ref):
        return None
    return address.kind, _frozen(said)


def _has_text(value: Any) -> bool:
    if isinstance(value, dict):
        return any(map(_has_text, value.values()))
    if isinstance(value, list | tuple):
        return any(map(_has_text, value))
    return isinstance(value, str | Sealed) and bool(value)


def _frozen(value: Any) -> Any:
    if isinstance(value, dict):
        return frozenset((key, _frozen(each)) for key, each in value.items())
    return tuple(map(_frozen, value)) if isinstance(value, list | tuple) else value


def _runs_no_more(new: Address, old: ObservedResource, world: World) -> bool:
    """Whether what runs of the old one is taken down, and nothing is started for it."""
    spec = KINDS[new.kind]
    up = spec.up - spec.lifecycle.stopped if spec.lifecycle else spec.up
    return old.state in up and world.writes(old.address, Action.DESTROY) and not world.writes(new, Action.DEPLOY)


def _finding(pairs: Sequence[Pair], world: World, *, deleted: bool, stops: bool) -> Finding:
    new, old, one = pairs[0][0], pairs[0][1].address, len(pairs) == 1
    if one:
        told, its, it = f"{new} is created with the very configuration of {old}", "its", "it"
    else:
        few = ", ".join(f"{each} of {item.address}" for each, item in pairs[:_FEW])
        more = f" and {len(pairs) - _FEW} more" if len(pairs) > _FEW else ""
        told, its, it = f"{len(pairs)} are created with the very configurations of others: {few}{more}", "their", "them"
    lost = [f"{its} history and permissions in Komodo are gone"]
    if down := [each for each, item in pairs if world.writes(item.address, Action.DESTROY)]:
        started = any(world.writes(each, Action.DEPLOY) for each in down)
        lost.append(f"what runs of {it} is taken down{'' if started else f', with nothing started in {its} place'}")
    # each look reads two compose texts
    if volumes := {_volumes(*pair, world) for pair in pairs[:_FEW]} - {""}:
        lost.append(f"{volumes.pop() if one else 'named volumes'} stay behind")
    fate = f"to be deleted, so that {listing(lost)}" if deleted else "declared nowhere: both will be there"
    otherwise = "nothing is to be done"
    if stops:
        otherwise = f"take {old if one else 'the old ones'} down in Komodo first"
    return Finding(
        "runs-nowhere" if stops else LIKELY_RENAME,
        "refusal" if stops else "warning",
        f"{told}, which {'is' if one else 'are'} {fate}",
        "",
        (*(each for each, _ in pairs), *(item.address for _, item in pairs)),
        f"`renamed_from: {old.name}` in the manifest of {new}{'' if one else ', and so on'}, if it is the same one; "
        f"if not, {otherwise}",
    )


def _volumes(new: Address, old: ObservedResource, world: World) -> str:
    """The volumes of the old project, where the new one is another."""
    spec, config = KINDS[new.kind], world.config_of(new)
    if not spec.volumes_as or not deployed(old) or (config.get(spec.volumes_as) or new.name) == place_of(old):
        return ""
    return left_by_project(spec, old.config, config)
