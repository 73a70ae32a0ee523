"""The last look at what a plan shows: what is known to be secret stands in it nowhere, whatever name it was given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from komodo_sync.kinds import KINDS
from komodo_sync.kinds.outside import live_of
from komodo_sync.masking.secrets import declared_secrets, judged_secrets, secrets_of_live
from komodo_sync.model.data import replace
from komodo_sync.model.hiding import value_without, without
from komodo_sync.model.plan import Shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from typing import Any

    from komodo_sync.kinds.spec import KindSpec
    from komodo_sync.model.desired import Desired
    from komodo_sync.model.hiding import Find
    from komodo_sync.model.known import Known
    from komodo_sync.model.observed import Observed
    from komodo_sync.model.plan import DiffEntry, FieldChange, Resource


def known_of(desired: Desired, observed: Observed, beside: Known) -> Known:
    """All that fields and names say is secret in either world, when somebody wants to know; `beside` is known
    already."""
    known = beside.and_of(())
    learn_declared(known, desired)
    learn_live(known, observed, desired)
    return known


def learn_declared(known: Known, desired: Desired) -> None:
    """What is secret in the declared world is known, when somebody wants to know; what its resources are called is
    told."""
    known.allow(address.name for address in desired.resources)
    known.learn_later("what is declared", lambda: world_secrets(desired))


def learn_live(known: Known, observed: Observed, desired: Desired | None) -> None:
    """The same of what is live, also what is secret because a manifest says so."""
    known.allow(address.name for address in observed.resources)

    def secrets() -> Iterator[Any]:
        yield from world_secrets(observed)
        for item in desired.resources.values() if desired else ():
            live = live_of(item, observed.resources)
            yield from secrets_of_live(item, live.config, live.description) if live else ()

    known.learn_later("what is live", secrets)


def world_secrets(world: Desired | Observed) -> Iterator[Any]:
    """What fields and names say is secret, in a whole world."""
    for item in world.resources.values():
        yield from declared_secrets(item.address, item.config)


def redacted(resources: Iterable[Resource], desired: Desired, observed: Observed, known: Known) -> tuple[Resource, ...]:
    """The resources, and in the values of their changes nothing that is known, or that looks like a secret elsewhere in
    the same resource."""
    return tuple(_resource(item, (desired, observed), known) if item.changes else item for item in resources)


def _resource(item: Resource, worlds: tuple[Desired, Observed], known: Known) -> Resource:
    sides = [world.resources[item.address].config for world in worlds if item.address in world.resources]
    own = own_secrets(known, KINDS[item.address.kind], *sides)
    changes = (
        replace(change, fields=tuple(redacted_field(field, own, known) for field in change.fields))
        for change in item.changes
    )
    return replace(item, changes=tuple(changes))


def own_secrets(known: Known, spec: KindSpec, *configs: Mapping[str, Any]) -> Known:
    """What looks like a secret in the texts of one resource; the names that `known` tells are told."""
    return known.of_these(text for config in configs for text in judged_secrets(spec, config))


def redacted_field(field: FieldChange, *known: Known) -> FieldChange:
    """One changed field without what is known."""
    finds = [each.telling_places for each in known]
    diff = field.diff
    lines = _lines(diff.lines, finds)
    entries = tuple(_entry(entry, finds) for entry in diff.entries)
    before, after = _value(field.before, finds), _value(field.after, finds)
    if lines == diff.lines and entries == diff.entries and before == field.before and after == field.after:
        return field
    return replace(field, before=before, after=after, diff=replace(diff, lines=lines, entries=entries))


def redacted_value(value: Shown, *known: Known) -> Shown:
    """One value without what is known."""
    return _value(value, [each.telling_places for each in known])


def _value(value: Shown, finds: Sequence[Find]) -> Shown:
    return value if value.hidden or value.value is None else Shown(value_without(value.value, *finds))


def _entry(entry: DiffEntry, finds: Sequence[Find]) -> DiffEntry:
    return replace(
        entry,
        key=without(entry.key, *finds),
        before=_value(entry.before, finds) if entry.before else None,
        after=_value(entry.after, finds) if entry.after else None,
        lines=_lines(entry.lines, finds),
    )


def _lines(lines: tuple[str, ...], finds: Sequence[Find]) -> tuple[str, ...]:
    return tuple(without("\n".join(lines), *finds).split("\n")) if lines else lines
