"""What a decision is about: one declared resource, as it is and as it will be once everything is written."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from komodo_sync.kinds import KINDS
from komodo_sync.kinds.shapes import PairsShape
from komodo_sync.model.address import Address
from komodo_sync.model.data import Data, field
from komodo_sync.model.plan import Action, Step
from komodo_sync.model.running import Live, Running
from komodo_sync.model.sealed import Sealed, Unknown
from komodo_sync.planning.opaque import changed_keys
from komodo_sync.planning.pairs import pairs_of
from komodo_sync.planning.references import after_payload

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from komodo_sync.kinds.lifecycle import Lifecycle
    from komodo_sync.kinds.spec import KindSpec
    from komodo_sync.kinds.struct import Field
    from komodo_sync.model.desired import Desired, DesiredResource
    from komodo_sync.model.observed import Observed, ObservedResource
    from komodo_sync.model.plan import Payload
    from komodo_sync.model.running import History
    from komodo_sync.planning.deploys.losses.checkouts import There
    from komodo_sync.planning.options import Options


class Subject(Data, frozen=True):
    """`config` is what will be in the Core; `written` are the fields that this plan changes and that reach what runs:
    a text that reads the same as before changes nothing there. `running` is empty where nothing is known."""

    item: DesiredResource
    live: ObservedResource | None
    running: Running
    spec: KindSpec
    lifecycle: Lifecycle
    config: Mapping[str, Any]
    written: tuple[str, ...]

    @property
    def address(self) -> Address:
        """Its address, under its new name."""
        return self.item.address

    @property
    def old_host(self) -> Address | None:
        """Where it ran until now."""
        return host_of(self.spec, self.live.config) if self.live else None

    @property
    def host(self) -> Address | None:
        """Where it is to run."""
        return host_of(self.spec, self.config)

    @property
    def all_or_nothing(self) -> bool:
        """Whether it is where everything runs or is taken down, and nothing is stopped or started."""
        return self.old_host is not None and KINDS[self.old_host.kind].all_or_nothing

    @property
    def moves(self) -> bool:
        """Whether it leaves a host on which it may run."""
        return bool(self.lifecycle.destroy) and self.old_host is not None and self.old_host != self.host


class World(Data):
    """Everything around a subject. `redone`: what this plan deploys, builds or pulls, as far as it is decided, with the
    operation that does it. `called`: new names by old ones, as they were when that many payloads were known; `there`:
    what was deployed on each host, once somebody has asked."""

    desired: Desired
    observed: Observed
    options: Options
    payloads: Mapping[Step, Payload]
    live: Live = field(default_factory=Live)
    redone: dict[Address, str] = field(default_factory=dict)
    called: tuple[int, Mapping[Address, Address]] = (-1, {})
    there: dict[Address, Sequence[There]] = field(default_factory=dict)

    def subject(self, item: DesiredResource, live: ObservedResource | None) -> Subject | None:
        """The subject; None for a kind of which nothing runs."""
        spec = KINDS[item.address.kind]
        if spec.lifecycle is None:
            return None
        update = self.payloads.get(Step(item.address, Action.UPDATE))
        created = self.payloads.get(Step(item.address, Action.CREATE))
        config = after_payload(live, update) if live else {**(created.config if created else {}), **item.config}
        known = self.live.resources.get(live.address) if live else None
        written = tuple(
            name
            for name, value in (update.config.items() if update and live else ())
            if _reaches(spec.fields()[name], (live.config if live else {}), value)
            # where files no longer come from counts, and where they never came from does not
            if not (spec.is_idle(name, config) and spec.is_idle(name, live.config if live else {}))
            if not (live and name == spec.volumes_as and keeps_project(spec, live, item.address.name, config))
        )
        return Subject(item, live, known or Running(), spec, spec.lifecycle, config, written)

    def config_of(self, address: Address) -> Mapping[str, Any]:
        """The config of anything as it will be; empty for what will not be there."""
        live, update = self.observed.resources.get(self.old(address)), self.payloads.get(Step(address, Action.UPDATE))
        if live is not None:
            return after_payload(live, update)
        created = self.payloads.get(Step(address, Action.CREATE))
        # what goes round in a circle is written after it is created
        return {**(created.config if created else {}), **(update.config if update else {})}

    def fetches_anew(self, address: Address) -> bool:
        """Whether this plan changes where a checkout comes from, for whoever is deployed from one like it: that is made
        on its own host, whatever the host of this one is."""
        spec, update = KINDS[address.kind], self.payloads.get(Step(address, Action.UPDATE))
        held = self.observed.resources.get(self.old(address))
        if update is None or held is None or spec.lifecycle is None or not spec.lifecycle.first:
            return False
        sent = {name: value for name, value in update.config.items() if name not in spec.hosts}
        return any(_reaches(spec.fields()[name], held.config, value) for name, value in sent.items())

    def holds(self, address: Address) -> bool:
        """Whether it will be there, as far as is seen."""
        return self.old(address) in self.observed.resources or self.writes(address, Action.CREATE)

    def addresses(self) -> set[Address]:
        """Everything that will be there, under the names that it will have."""
        leaving = {self.old(address) for address in self.renames}
        created = {step.address for step in self.payloads if step.action is Action.CREATE}
        return (self.observed.resources.keys() - leaving) | self.renames | created

    def old(self, address: Address) -> Address:
        """What something is called before it is renamed."""
        sent = self.payloads.get(Step(address, Action.RENAME))
        return address._replace(name=sent.previous) if sent else address

    def new(self, address: Address) -> Address:
        """What something is called once it is renamed."""
        size, names = self.called
        if size != len(self.payloads):
            names = {self.old(each): each for each in self.renames}
            self.called = (len(self.payloads), names)
        return names.get(address, address)

    def declared(self, address: Address) -> Mapping[str, Any]:
        """What manifests say of its config; empty: nothing."""
        item = self.desired.resources.get(address)
        return item.config if item else {}

    def history(self, live: ObservedResource) -> History | None:
        """What its Updates say, where somebody asked."""
        facts = self.observed.live.resources.get(live.address) if self.observed.live else None
        return facts.history if facts else None

    @property
    def renames(self) -> set[Address]:
        """The new names of what is renamed."""
        return {step.address for step in self.payloads if step.action is Action.RENAME}

    def is_template(self, address: Address) -> bool:
        """Whether it is none to run."""
        live = self.observed.resources.get(self.old(address))
        return bool(live and live.template)

    def writes(self, address: Address, action: Action) -> bool:
        """Whether this plan does that to it."""
        return Step(address, action) in self.payloads


def keeps_project(spec: KindSpec, live: ObservedResource, name: str, config: Mapping[str, Any]) -> bool:
    """Whether it is deployed under the name under which it was: that is no other project, however it is said."""
    return bool(live.project) and (config.get(spec.volumes_as) or name) == live.project


def host_of(spec: KindSpec, config: Mapping[str, Any]) -> Address | None:
    """Where a config says that it runs, None where it does not say."""
    for name in spec.hosts:
        value = config.get(name)
        if value and isinstance(value, str):
            return Address(spec.fields()[name].ref, value)
    return None


def same_pairs(before: Any, after: Any) -> bool:
    """Whether two texts of `KEY=value` lines read the same, as far as that is known."""
    old = pairs_of(before).values if isinstance(before, str) else {}
    if isinstance(after, Sealed | Unknown):
        return after.pairs is not None and not any(changed_keys(old, after.pairs))
    return isinstance(after, str) and not any(changed_keys(old, pairs_of(after).values))


def _reaches(item: Field, held: Mapping[str, Any], value: Any) -> bool:
    if not item.deploys:
        return False
    return not (isinstance(item.shape, PairsShape) and same_pairs(held.get(item.name, item.default), value))


def when(at: int) -> str:
    """A moment, in milliseconds, for people: `2026-11-30 06:12 UTC`."""
    return datetime.fromtimestamp(at / 1000, UTC).strftime("%Y-%m-%d %H:%M UTC")


def listing(names: tuple[str, ...] | list[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
