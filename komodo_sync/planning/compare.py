"""Which fields of a live resource differ from what is declared, and what would be sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from komodo_sync.kinds.grants import to_write
from komodo_sync.kinds.shapes import Tagged
from komodo_sync.masking.mask import shown_text
from komodo_sync.model.data import Data, field, replace
from komodo_sync.model.marks import PROTECTED
from komodo_sync.model.plan import SECRET, UNKNOWN, FieldChange, Shown
from komodo_sync.model.sealed import Sealed, Unknown
from komodo_sync.planning.changed import changed, origin_of, with_ways
from komodo_sync.planning.diff import SCALAR
from komodo_sync.planning.opaque import differ, is_said
from komodo_sync.planning.tagged import compare_tagged, create_tagged

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from komodo_sync.kinds.spec import KindSpec
    from komodo_sync.kinds.struct import Field
    from komodo_sync.model.desired import DesiredResource, Omitted
    from komodo_sync.model.observed import ObservedResource


class Comparison(Data):
    """What differs. `config`, `description`, `tags`, `template` are what is to be sent, None or empty: nothing."""

    fields: list[FieldChange] = field(default_factory=list)
    config: dict[str, Any] = field(default_factory=dict)
    description: str | Sealed | Unknown | None = None
    tags: tuple[str, ...] | None = None
    template: bool | None = None

    @property
    def differs(self) -> bool:
        """Whether anything is to be sent."""
        return bool(self.fields)


def compare(
    spec: KindSpec, desired: DesiredResource, live: ObservedResource, tags: frozenset[str], omitted: Omitted
) -> Comparison:
    """`desired` against `live`; `tags` are all the tags that it shall have."""
    result = Comparison()
    mode = desired.omitted_fields or omitted
    if mode == "reset" and _is_equal(spec, desired, live, tags):
        return result  # as most are
    ignored = frozenset(pointer.replace(".", "/") for pointer in desired.ignore)
    if isinstance(spec.config, Tagged):
        result.fields, result.config = compare_tagged(spec.config, desired, live, mode, ignored)
    else:
        _compare_fields(spec.fields(), desired, live, mode, ignored, result)
    _compare_meta(spec, desired, live, tags, mode, ignored, result)
    result.fields = with_ways(result.fields, desired)
    return result


def _is_equal(spec: KindSpec, desired: DesiredResource, live: ObservedResource, tags: frozenset[str]) -> bool:
    """Whether everything that is declared is live, and nothing else, so that there is nothing to look at."""
    return (
        tags == live.tags
        and desired.config == live.config
        and (desired.description or "") == live.description
        and bool(desired.template) == live.template
        and not isinstance(spec.config, Tagged)
    )


def created(spec: KindSpec, desired: DesiredResource, tags: frozenset[str]) -> Comparison:
    """What a create sends and shows: the declared fields that are not the default (and those always to be sent)."""
    result = Comparison()
    if isinstance(spec.config, Tagged):
        result.fields, result.config = create_tagged(spec.config, desired)
    else:
        for name, item in spec.fields().items():
            if name in desired.config and is_said(desired.config[name], item.default):
                result.config[name] = desired.config[name]
                result.fields.append(_added(item, f"config/{name}", desired.config[name], desired))
            elif item.always_sent:
                result.config[name] = desired.config.get(name, item.default)
    if tags:
        result.tags = tuple(sorted(tags))
        result.fields.append(_retagged(frozenset(), tags, desired))
    if desired.description and "description" in spec.meta:
        result.description = desired.description
        result.fields.append(_meta_change("description", *_described("", desired.description), desired))
    if desired.template and "template" in spec.meta:
        result.template = True
        result.fields.append(_meta_change("template", Shown(False), Shown(True), desired))
    result.fields = with_ways(result.fields, desired)
    return result


def is_unfinished(spec: KindSpec, desired: DesiredResource, live: ObservedResource) -> bool:
    """Whether `live` is what a create of `desired` leaves when it is cut off before its tags are written: the declared
    config, all else at its default, and nothing beside it."""
    if live.description or live.tags or live.template:
        return False
    whole = replace(desired, omitted_fields="reset", ignore=())
    return not compare(spec, whole, live, live.tags, "reset").config


def tags_change(before: frozenset[str], after: frozenset[str]) -> FieldChange:
    """The change of the tags that begins or ends ownership."""
    return FieldChange("tags", Shown(sorted(before)), Shown(sorted(after)), SCALAR)


def _compare_fields(
    table: Mapping[str, Field],
    desired: DesiredResource,
    live: ObservedResource,
    mode: Omitted,
    ignored: frozenset[str],
    result: Comparison,
) -> None:
    wanted, held = desired.config, live.config
    for name in _candidates(table, wanted, held, mode):
        item = table[name]
        if f"config/{name}" in ignored or (name not in wanted and (mode == "keep" or item.kept)):
            continue
        have = held.get(name, item.default)
        want = wanted.get(name, item.default)
        # a value that the key may not see is unknown, which is no difference
        if not differ(have, want) or name in live.masked or _is_counted(item, table, wanted, held, mode):
            continue
        result.config[name] = to_write(item, have, want)
        result.fields.append(changed(item, f"config/{name}", have, want, desired, held))


def _candidates(
    table: Mapping[str, Field], wanted: Mapping[str, Any], live: Mapping[str, Any], mode: Omitted
) -> Iterator[str]:
    """The fields that can differ: declared ones, and live ones that are not at their default; in declared order."""
    if mode == "reset" and wanted == live:
        return
    yield from (name for name in table if name in wanted or name in live)


def _is_counted(
    item: Field, table: Mapping[str, Field], wanted: Mapping[str, Any], live: Mapping[str, Any], mode: Omitted
) -> bool:
    """Whether Core counts the value up by itself, so that a difference means nothing."""
    switch = item.counted_while
    if not switch:
        return False
    default = table[switch].default
    return bool(wanted.get(switch, default if mode == "reset" else live.get(switch, default)))


def _compare_meta(
    spec: KindSpec,
    desired: DesiredResource,
    live: ObservedResource,
    tags: frozenset[str],
    mode: Omitted,
    ignored: frozenset[str],
    result: Comparison,
) -> None:
    description = desired.description
    if description is None and mode == "reset":
        description = ""
    told = "description" in spec.meta and "description" not in ignored
    if told and description is not None and description != live.description:
        result.description = description
        before, after = _described(live.description, description)
        result.fields.append(_meta_change("description", before, after, desired, reset=desired.description is None))
    template = desired.template
    if template is None and mode == "reset":
        template = False
    if "template" in spec.meta and template is not None and template != live.template and "template" not in ignored:
        result.template = template
        before, after = Shown(live.template), Shown(template)
        result.fields.append(_meta_change("template", before, after, desired, reset=desired.template is None))
    if "tags" in spec.meta and tags != live.tags:
        result.tags = tuple(sorted(tags))
        result.fields.append(_retagged(live.tags, tags, desired))


def _described(before: str, after: str | Sealed | Unknown) -> tuple[Shown, Shown]:
    if isinstance(after, str):
        return Shown(shown_text(before)), Shown(shown_text(after))
    return (SECRET if before else Shown("")), (SECRET if isinstance(after, Sealed) else UNKNOWN)


def _added(item: Field, pointer: str, value: Any, desired: DesiredResource) -> FieldChange:
    return changed(item, pointer, item.default, value, desired, {})


def _retagged(before: frozenset[str], after: frozenset[str], desired: DesiredResource) -> FieldChange:
    """The change of the tags; where `protect` alone brings it about, that is where it comes from."""
    change = _meta_change("tags", Shown(sorted(before)), Shown(sorted(after)), desired)
    return replace(change, origin=origin_of(desired, "protect")) if before ^ after == {PROTECTED} else change


def _meta_change(
    pointer: str, before: Shown, after: Shown, desired: DesiredResource, *, reset: bool = False
) -> FieldChange:
    return FieldChange(pointer, before, after, SCALAR, origin_of(desired, pointer), reset=reset)
