"""Why something that is to be deployed cannot be: said, and not tried."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from komodo_sync.kinds import KINDS
from komodo_sync.masking.mask import shown_text
from komodo_sync.model.address import Address
from komodo_sync.model.finding import BUSY
from komodo_sync.model.plan import Action, Finding, Step
from komodo_sync.model.sealed import Unknown
from komodo_sync.planning.deploys.images import recalled
from komodo_sync.planning.deploys.subject import listing
from komodo_sync.planning.deploys.uses import variables_of
from komodo_sync.planning.guard import not_selected

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from komodo_sync.model.running import Live
    from komodo_sync.planning.deploys.subject import Subject, World

GOOD = "Ok"
"""Core's word for a server that it reaches."""


def told_reach(server: str, live: Live) -> str:
    """Core's word for a server that it does not reach, and why, where it says so: `NotOk: Server is not connected`."""
    why = next(iter(shown_text(live.silence.get(server, "")).strip().splitlines()), "")
    return f"{live.servers.get(server, '')}{': ' if why else ''}{why}"


def hurdle(subject: Subject, world: World) -> str:
    """Why it cannot be deployed where it is to run; empty where nothing is known that speaks against it."""
    spec, host = subject.spec, subject.host
    if not spec.hosts:
        return ""
    if host is None:
        named = any(subject.config.get(name) for name in spec.hosts)
        words = " or ".join(sorted(name.removesuffix("_id") for name in spec.hosts))
        return "" if named else f"it has no {words}"
    reach = KINDS[host.kind].reach
    if not reach:
        return ""
    if host not in world.observed.resources and not world.writes(host, Action.CREATE):
        return ""
    if not world.config_of(host).get(reach, False):
        return f"{host} is disabled ({reach}: false)"
    state = world.live.servers.get(host.name, "")
    update = world.payloads.get(Step(host, Action.UPDATE))
    mended = world.writes(host, Action.CREATE) or (update is not None and bool(update.config))
    if state and state != GOOD and not mended:
        return f"the Core does not reach {host} ({told_reach(host.name, world.live)})"
    return ""


def lacking(subject: Subject, missing: Collection[Address]) -> str:
    """Why it is too early for it; empty where everything is there that it comes after. `missing`: what is not deployed,
    and will not be."""
    return next((f"{dep}, after which it comes, is not deployed" for dep in subject.item.after if dep in missing), "")


def was_deployed(subject: Subject) -> bool:
    """Whether it is known to have been deployed once."""
    running = subject.running
    return running.deployed is not None or bool(running.history and running.history.good)


def withheld(found: Mapping[str, Sequence[Address]]) -> Iterator[Finding]:
    """What is not deployed, by why."""
    for why, addresses in sorted(found.items()):
        places = tuple(sorted(addresses))
        one = len(places) == 1
        told = f"{places[0]} is" if one else f"{len(places)} resources are"
        hint = "it is deployed by the first apply after that has changed" if one else "see to that, and apply again"
        yield Finding("deploy-withheld", "warning", f"{told} not deployed: {why}", "", places, hint)


def undecided(found: Mapping[str, Sequence[Address]], *, busy: bool = False) -> Iterator[Finding]:
    """Of what nobody can tell whether it is as declared, by why. `busy`: because something is being done with it."""
    for why, addresses in sorted(found.items()):
        places = tuple(sorted(addresses))
        told = f"whether {places[0]} runs" if len(places) == 1 else f"whether {len(places)} resources run"
        message = f"{told} as declared cannot be told: {why}"
        hint = "apply waits until that has ended" if busy else "nothing is deployed there; plan again later"
        yield Finding(BUSY if busy else "state-unknown", "warning", message, "", places, hint)


def empty_variables(subjects: Iterable[Subject], world: World) -> Iterator[Finding]:
    """A refusal for each declared variable that has no value, and that something to be deployed uses; and for each use
    of one whose value a narrowed run leaves out."""
    users: dict[Address, list[Address]] = {}
    for subject in subjects:
        for name in sorted(variables_of(subject)):
            address = Address("variable", name)
            if address not in world.desired.resources or not _is_empty(address, world):
                continue
            value = world.desired.resources[address].config.get("value")
            if not _is_value(value) or (world.options.selects(address) and not isinstance(value, Unknown)):
                users.setdefault(address, []).append(subject.address)
            elif not world.options.selects(address):
                how = "empty in the Core" if world.holds(address) else "not in the Core yet"
                yield not_selected(subject.address, address, world.desired, world.options, how)
    for address, addresses in sorted(users.items()):
        places = sorted(addresses)
        more = f" and {len(places) - 1} more" if len(places) > 1 else ""
        message = f"{address} is empty, and {places[0]}{more} would be deployed with [[{address.name}]]"
        hint = f"give {address} a value, or take [[{address.name}]] out"
        yield Finding("empty-variable", "refusal", message, "", (address, *places), hint)


def without_source(subjects: Iterable[Subject]) -> Iterator[Finding]:
    """A refusal for each compose project that is to be deployed and has no text, wherever from."""
    for subject in subjects:
        spec, address = subject.spec, subject.address
        if spec.compose and not any(_is_said(subject.config.get(name)) for name in spec.sources):
            *others, last = spec.sources
            message = f"{address} would be deployed, and has nothing to deploy: no {', '.join(others)} or {last}"
            hint = "give it one of them; if nothing of it is to run, declare `state: down`, or take its manifest out"
            yield Finding("no-source", "refusal", message, "", (address,), hint)


def _is_said(value: Any) -> bool:
    return bool(value.strip()) if isinstance(value, str) else value is not None and value is not False


def _is_empty(address: Address, world: World) -> bool:
    live = world.observed.resources.get(address)
    if live is not None and "value" in live.masked:
        return False
    return not _is_value(world.config_of(address).get("value"))


def _is_value(value: Any) -> bool:
    return isinstance(value, Unknown) or bool(value)


def unbuilt(subjects: Iterable[Subject], world: World) -> Iterator[Finding]:
    """A refusal for each version that is asked for and was never built."""
    for subject in subjects:
        image = subject.config.get("image")
        if not isinstance(image, dict) or image.get("type") != "Build":
            continue
        build = Address("build", image["params"].get("build_id", ""))
        wanted = image["params"].get("version", "0.0.0")
        known = world.config_of(build).get("version", "0.0.0")
        if not build.name:
            continue
        facts = world.live.resources.get(world.old(build))
        if found := _called_otherwise(subject, build, wanted, world):
            yield found
            continue
        never = build not in world.redone and (facts is None or not facts.done_at)
        if wanted == "0.0.0" and not never:
            continue
        if wanted == "0.0.0" or _parts(wanted) > _newest(build, known, world):
            what = (
                f"version {wanted} of {build}, which was never built"
                if wanted != "0.0.0"
                else (f"{build}, which was never built")
            )
            newest = f": its newest is {'.'.join(map(str, _newest(build, known, world)))}" if not never else ""
            message = f"{subject.address} would be deployed from {what}{newest}"
            hint = f"build it first (deploy: true on {build}), or name a version that there is"
            yield Finding("never-built", "refusal", message, "", (subject.address, build), hint)


def _called_otherwise(subject: Subject, build: Address, wanted: str, world: World) -> Finding | None:
    """A refusal where there are images of that build, under another name than they will be looked for."""
    live, config = world.observed.resources.get(world.old(build)), world.config_of(build)
    if live is None or not isinstance(known := config.get("version", "0.0.0"), str):
        return None
    found = recalled(live, world.live.resources.get(live.address), build.name, config)
    made = build in world.redone and (wanted == "0.0.0" or _parts(wanted) == _newest(build, known, world))
    if not found or made or (wanted != "0.0.0" and _parts(wanted) > _newest(build, known, world)):
        return None
    what = build if wanted == "0.0.0" else f"version {wanted} of {build}"
    message = (
        f"{subject.address} would be deployed from {what}, which was never built as {found.new}, but as {found.old}"
    )
    images = KINDS[build.kind].images
    assert images is not None
    way = f"its {listing(found.fields)} of before" if found.fields else f"the {images.name} {found.named}"
    hint = f"give {build} {'back ' if found.fields else ''}{way}"
    if wanted == "0.0.0":
        hint = f"build it first (deploy: true on {build}), or give it {'back ' if found.fields else ''}{way}"
    return Finding("never-built", "refusal", message, "", (subject.address, build), hint)


def _newest(build: Address, known: str, world: World) -> tuple[int, ...]:
    """The newest version that there will be: a build makes the next one."""
    *rest, patch = _parts(known)
    makes = build in world.redone and world.config_of(build).get("auto_increment_version", True)
    return (*rest, patch + 1 if makes else patch)


def _parts(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))
