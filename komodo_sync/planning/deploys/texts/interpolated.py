"""What Core puts in the place of each `[[NAME]]` as it deploys, as far as that is known and may be told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from komodo_sync.kinds import KINDS
from komodo_sync.kinds.flat import VARIABLE
from komodo_sync.kinds.mentions import UNREAD, put_in, variables_used
from komodo_sync.masking.mask import secret_name, shown
from komodo_sync.model.address import Address
from komodo_sync.model.data import replace
from komodo_sync.model.plan import Shown
from komodo_sync.model.sealed import Sealed, Unknown
from komodo_sync.planning.deploys.losses.volumes import as_deployed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from komodo_sync.kinds.spec import KindSpec
    from komodo_sync.model.observed import ObservedResource
    from komodo_sync.model.running import History
    from komodo_sync.planning.deploys.subject import Subject, World

    Config = Mapping[str, Any]

_VALUE = VARIABLE.fields()["value"]


def interpolated(subject: Subject, world: World) -> Subject:
    """The subject with the values of variables in the texts that are read of it: in what is live those that it was
    deployed with, and in what is to come those that there will be. A secret, and what is not known, stays a name."""
    history = subject.running.history
    made = replace(subject, config=_put(subject.spec, subject.config, _Values(world)))
    if subject.live is None:
        return made
    values, plain = _Values(world, history, live=True), as_deployed(subject.live, history).get(UNREAD)
    live = replace(subject.live, config=_put(subject.spec, subject.live.config, values, plain=plain))
    if history is None or not history.changed:
        return replace(made, live=live)
    before = _put(subject.spec, {name: each[0] for name, each in history.changed.items()}, values, plain=plain)
    changed = {name: (before[name], after) for name, (_, after) in history.changed.items()}
    return replace(made, live=live, running=replace(subject.running, history=replace(history, changed=changed)))


def live_interpolated(live: ObservedResource, world: World) -> Config:
    """The same of the config of what is live alone, as it is now."""
    return _put(KINDS[live.address.kind], live.config, _Values(world, world.history(live), live=True))


def deployed_interpolated(live: ObservedResource, world: World) -> Config:
    """The same as it was deployed."""
    history = world.history(live)
    return _put(KINDS[live.address.kind], as_deployed(live, history), _Values(world, history, live=True))


def config_interpolated(address: Address, world: World) -> Config:
    """The same of the config that something will have."""
    return _put(KINDS[address.kind], world.config_of(address), _Values(world))


class _Values:
    """The values of variables by name, as they are now (`live`) or will be."""

    def __init__(self, world: World, history: History | None = None, *, live: bool = False) -> None:
        self._world = world
        self._good = history.good if history and live else None
        self._live = live

    def of(self, names: frozenset[str]) -> dict[str, str]:
        """Of those that have a value which is known and public."""
        return {name: value for name in names if (value := self._of(name))}

    def _of(self, name: str) -> str:
        address, world = Address(VARIABLE.name, name), self._world
        held, after = world.observed.resources.get(address), world.config_of(address)
        changed = (world.observed.live or world.live).variables.get(name, 0)
        if self._good is not None and changed > self._good.at:
            return ""  # it was deployed with another one
        # what is taken from outside is a secret here, though the Core holds it in clear
        sides = (after, held.config if held else {}, world.declared(address))
        values = [side[_VALUE.name] for side in sides if side.get(_VALUE.name)]
        value = sides[1 if self._live else 0].get(_VALUE.name)
        if any(side.get(_VALUE.secret_when, False) is not False for side in sides) or (held and held.masked):
            return ""
        if not value or not all(isinstance(each, str) for each in values):
            return ""
        told = shown(_VALUE, value, name=secret_name(_VALUE, name, values))
        return value if told == Shown(value) else ""


def _put(spec: KindSpec, config: Config, values: _Values, *, plain: Any = None) -> Config:
    """A config with values in the texts of it that are read: Core puts them into all of these."""
    if config.get(UNREAD) if plain is None else plain:
        return config
    ports = spec.publishes.field if spec.publishes else ""
    fields = {spec.compose, spec.fills, spec.mounts, ports, *(spec.lifecycle.swept_by if spec.lifecycle else ())}
    read = {name: config[name] for name in fields if name in config}
    names = variables_used(read)
    known = values.of(names) if names else {}
    return {**config, **{name: _filled(each, known) for name, each in read.items()}} if known else config


def _filled(value: Any, values: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        return put_in(value, values)
    if isinstance(value, list | tuple):
        return [_filled(each, values) for each in value]
    if isinstance(value, Sealed | Unknown) and value.pairs is not None:
        return Unknown({put_in(key, values): _filled(each, values) for key, each in value.pairs.items()})
    return value
