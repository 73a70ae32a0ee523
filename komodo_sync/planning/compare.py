"""Which fields of a live resource differ from what is declared, and what would be sent."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from komodo_sync.kinds.shapes import Tagged
from komodo_sync.model.plan import SECRET, UNKNOWN, Diff, FieldChange, Shown
from komodo_sync.model.sealed import Sealed, Unknown
from komodo_sync.model.secrecy import looks_secret
from komodo_sync.planning.diff import SCALAR, diff
from komodo_sync.planning.mask import shown, shown_text
from komodo_sync.planning.opaque import differ, is_said, veiled

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from komodo_sync.kinds.spec import KindSpec
    from komodo_sync.kinds.struct import Field
    from komodo_sync.model.desired import DesiredResource, Omitted
    from komodo_sync.model.observed import ObservedResource


@dataclass(slots=True)
class Comparison:
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
    ignored = frozenset(pointer.replace(".", "/") for pointer in desired.ignore)
    mode = desired.omitted_fields or omitted
    if isinstance(spec.config, Tagged):
        _compare_tagged(spec.config, desired, live, mode, ignored, result)
    else:
        _compare_fields(spec.fields(), desired, live, mode, ignored, result)
    _compare_meta(spec, desired, live, tags, mode, ignored, result)
    return result


def created(spec: KindSpec, desired: DesiredResource, tags: frozenset[str]) -> Comparison:
    """What a create sends and shows: the declared fields that are not the default (and those always to be sent)."""
    result = Comparison()
    if isinstance(spec.config, Tagged):
        _create_tagged(spec.config, desired, result)
    else:
        for name, item in spec.fields().items():
            if name in desired.config and is_said(desired.config[name], item.default):
                result.config[name] = desired.config[name]
                result.fields.append(_added(item, f"config/{name}", desired.config[name], desired))
            elif item.always_sent:
                result.config[name] = desired.config.get(name, item.default)
    if tags:
        result.tags = tuple(sorted(tags))
        result.fields.append(_meta_change("tags", Shown([]), Shown(sorted(tags)), desired))
    if desired.description and "description" in spec.meta:
        result.description = desired.description
        result.fields.append(_meta_change("description", *_described("", desired.description), desired))
    if desired.template and "template" in spec.meta:
        result.template = True
        result.fields.append(_meta_change("template", Shown(False), Shown(True), desired))
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
        result.config[name] = want
        result.fields.append(_changed(item, f"config/{name}", have, want, desired, held))


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


def _hides(item: Field, desired: DesiredResource, live: Mapping[str, Any]) -> bool:
    """Whether a value is secret because a flag beside it says so, on either side, or the resource's own name."""
    switch = item.secret_when
    return bool(switch) and bool(desired.config.get(switch) or live.get(switch) or looks_secret(desired.address.name))


def _compare_tagged(
    shape: Tagged,
    desired: DesiredResource,
    live: ObservedResource,
    mode: Omitted,
    ignored: frozenset[str],
    result: Comparison,
) -> None:
    if not desired.config and mode == "keep":
        return
    wanted = desired.config or shape.default_value()
    if {"config/type", "config/params"} & ignored:
        return
    variant = shape.all_variants()[wanted["type"]].fields()
    declared, held = wanted["params"], live.config.get("params", {})
    same_type = wanted["type"] == live.config.get("type")
    params: dict[str, Any] = {}
    if not same_type:
        held = {}
        result.fields.append(
            FieldChange(
                "config/type",
                Shown(live.config.get("type")),
                Shown(wanted["type"]),
                Diff("scalar", note="the old type's settings are lost"),
                _origin(desired, "config/type"),
            )
        )
    for name, item in variant.items():
        if f"config/params/{name}" in ignored or (same_type and name not in declared and mode == "keep"):
            continue
        have, want = held.get(name, item.default), declared.get(name, item.default)
        if differ(have, want):
            result.fields.append(_changed(item, f"config/params/{name}", have, want, desired, held))
        if differ(have, want) or not same_type:
            params[name] = want
    if params or not same_type:
        result.config.update({"type": wanted["type"], "params": params})


def _create_tagged(shape: Tagged, desired: DesiredResource, result: Comparison) -> None:
    wanted = desired.config or shape.default_value()
    variant = shape.all_variants()[wanted["type"]].fields()
    params = {name: value for name, value in wanted["params"].items() if is_said(value, variant[name].default)}
    result.config.update({"type": wanted["type"], "params": params})
    result.fields.append(
        FieldChange("config/type", Shown(None), Shown(wanted["type"]), SCALAR, _origin(desired, "config/type"))
    )
    result.fields.extend(
        _added(variant[name], f"config/params/{name}", value, desired) for name, value in params.items()
    )


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
        result.fields.append(_meta_change("tags", Shown(sorted(live.tags)), Shown(sorted(tags)), desired))


def _described(before: str, after: str | Sealed | Unknown) -> tuple[Shown, Shown]:
    if isinstance(after, str):
        return Shown(shown_text(before)), Shown(shown_text(after))
    return (SECRET if before else Shown("")), (SECRET if isinstance(after, Sealed) else UNKNOWN)


def _added(item: Field, pointer: str, value: Any, desired: DesiredResource) -> FieldChange:
    return _changed(item, pointer, item.default, value, desired, {})


def _changed(
    item: Field, pointer: str, have: Any, want: Any, desired: DesiredResource, held: Mapping[str, Any]
) -> FieldChange:
    secret = _hides(item, desired, held) or (isinstance(want, Sealed) and want.pairs is None)
    have = veiled(have, want)
    difference = diff(item, have, want, clear_keys=desired.clear_keys.get(item.name, frozenset()), secret=secret)
    # a long text is told by its diff; telling it whole as well would only hide the difference
    told = difference.kind in ("scalar", "items")
    return FieldChange(
        pointer,
        shown(item, have, secret=secret) if told else Shown(None),
        shown(item, want, secret=secret) if told else Shown(None),
        difference,
        _origin(desired, pointer),
        reset=item.name not in desired.config.get("params", desired.config),
        deploys=item.deploys,
    )


def _meta_change(
    pointer: str, before: Shown, after: Shown, desired: DesiredResource, *, reset: bool = False
) -> FieldChange:
    return FieldChange(pointer, before, after, SCALAR, _origin(desired, pointer), reset=reset)


def _origin(desired: DesiredResource, pointer: str) -> str:
    span = desired.origin(pointer)
    return str(span) if span else ""
