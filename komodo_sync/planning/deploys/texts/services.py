"""The services of what is deployed: those that run, and what becomes of each of them at a deploy of a compose text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from komodo_sync.kinds import KINDS
from komodo_sync.model.data import Data
from komodo_sync.model.plan import Effect
from komodo_sync.model.sealed import Sealed, Unknown
from komodo_sync.planning.deploys.losses.volumes import deployed_config, kept
from komodo_sync.planning.deploys.subject import host_of
from komodo_sync.planning.deploys.texts.compose import compose_of
from komodo_sync.planning.deploys.texts.filled import as_read

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from komodo_sync.kinds.spec import KindSpec
    from komodo_sync.model.observed import ObservedResource
    from komodo_sync.planning.deploys.subject import Subject
    from komodo_sync.planning.deploys.texts.compose import Service


class Services(Data, frozen=True):
    """Names, by what a deploy does to them: `kept` are there before and after, `new` are started by it, each with why,
    `gone` are no longer in the compose text, `none` are scaled to 0 in it, of `asleep` no profile is active."""

    kept: tuple[str, ...]
    new: Mapping[str, str]
    gone: tuple[str, ...]
    none: tuple[str, ...] = ()
    asleep: tuple[str, ...] = ()


def counted(names: Iterable[str]) -> str:
    """`2 services (db, web)`; empty for none."""
    told = sorted(names)
    return f"{len(told)} service{'' if len(told) == 1 else 's'} ({', '.join(told)})" if told else ""


def services_of(live: ObservedResource | None, only: list[str] | None = None) -> str:
    """Those that were deployed last, or `only` some of them; empty where none are known."""
    return counted(only or (live.services if live else ()))


def runs_none(subject: Subject, config: Mapping[str, Any]) -> bool:
    """Whether `config` says that no copy of it runs where it is."""
    copies, host = subject.spec.copies, subject.host
    return bool(copies) and host is not None and KINDS[host.kind].all_or_nothing and config.get(copies) == 0


def services_after(subject: Subject) -> Services | None:
    """What a deploy of the whole does to each. None where one side is not known: files in git or on a host, a text that
    includes others, or what somebody else than Komodo deployed."""
    live, spec, config = subject.live, subject.spec, deployed_config(subject)
    said = compose_of(spec, as_read(spec, config, subject.config))
    if live is None or not live.services or said is None:
        return None
    declared, was = said.services, compose_of(spec, config)
    held = was.services if was else {}
    idle = {name for name, service in held.items() if service.none}
    before = {name: said.service_of(name) for name in live.services}
    before = {name: service for name, service in before.items() if service not in idle}
    both = {name: declared[service] for name, service in before.items() if service in declared}
    new = (name for name, each in declared.items() if each.starts and not each.none and name not in before.values())
    return Services(
        tuple(name for name, service in both.items() if not service.none and not service.sleeps),
        {name: _why_new(held.get(name), declared[name], spec.compose) for name in new},
        tuple(name for name, service in before.items() if service not in declared),
        tuple(name for name, service in both.items() if service.none and not service.sleeps),
        tuple(name for name, service in both.items() if service.sleeps),
    )


def _why_new(before: Service | None, after: Service, text: str) -> str:
    """Why a deploy starts a service that does not run; `before`: as it is in the text that was deployed."""
    if before is None:
        return f"new in {text}"
    if before.none:
        return f"no longer scaled to 0 in {text}"
    if not before.starts:
        return "a profile of it is active now" if after.profiles else "it needs no profile any more"
    return f"declared in {text}, and not among what was deployed last"


def gone_effects(subject: Subject, gone: tuple[str, ...], goes: str, *, taken_down: bool) -> Iterator[Effect]:
    """What becomes of services that the compose text no longer has, by an effect of the kind `goes` where their
    containers go. Compose leaves them as they are, unless all is `taken_down` before, or it is told to remove them."""
    if not gone or subject.host is None:
        return
    what, one = f"no longer in {subject.spec.compose}", len(gone) == 1
    they, verb = ("it", "is") if one else ("they", "are")
    sweep, places = KINDS[subject.host.kind].sweeps, subject.lifecycle.swept_by
    if taken_down:
        yield Effect(goes, counted(gone), f"{what}: {they} {verb} not started again")
    elif sweeps(subject.spec, subject.config):
        stay = kept(subject.spec, deployed_config(subject), gone)
        yield Effect(goes, counted(gone), f"{what}: {they} {verb} removed ({sweep[0]}){stay}")
    else:
        # compose stops and takes down whatever carries the name of the project, also what its text no longer has
        on, until = f"{'runs' if one else 'run'} on", "stopped or taken down"
        if goes != "stops":
            on, until = f"{'stays' if one else 'stay'} as {they} {verb}", "taken down"
        way = f"{sweep[0]} in {places[0]} removes {'it' if one else 'them'}"
        yield Effect("leaves", counted(gone), f"{what}; {they} {on}, unmanaged, until the project is {until} ({way})")


def sweeps(spec: KindSpec, config: Mapping[str, Any]) -> bool:
    """Whether a deploy also removes services that the compose text no longer has."""
    host, places = host_of(spec, config), spec.lifecycle.swept_by if spec.lifecycle else ()
    return host is not None and any(_says(config.get(name), KINDS[host.kind].sweeps) for name in places)


def renews(spec: KindSpec, config: Mapping[str, Any]) -> str:
    """The word with which a deploy hands no volume without a name on; empty: it does."""
    host, places = host_of(spec, config), spec.lifecycle.swept_by if spec.lifecycle else ()
    if host is None:
        return ""
    given = [word for name in places if name != spec.fills for word in _words(config.get(name))]
    return next((word for word in KINDS[host.kind].renews if word in given), "")


def _words(value: Any) -> list[str]:
    if isinstance(value, list | tuple):
        return [word for each in value for word in _words(each)]
    return value.split() if isinstance(value, str) else []


def _says(value: Any, words: Iterable[str]) -> bool:
    if isinstance(value, list | tuple):
        return any(_says(each, words) for each in value)
    if isinstance(value, Sealed | Unknown):
        value = "\n".join(f"{key}={each}" for key, each in (value.pairs or {}).items() if isinstance(each, str))
    return isinstance(value, str) and any(word in value for word in words)
