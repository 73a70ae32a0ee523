"""One declared resource -> Explanation: what each field is worth, who says so, what the Core has instead. Pure; every
value goes through the planner's own masking, and through what is known to be secret."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from komodo_sync.kinds import BY_CORE, KINDS
from komodo_sync.kinds.patterns import is_pattern
from komodo_sync.kinds.shapes import GrantsShape, PairsShape, Tagged, TargetGrantsShape
from komodo_sync.masking.mask import secret_name, shown, shown_text
from komodo_sync.masking.redaction import own_secrets, redacted_value
from komodo_sync.model.address import Address
from komodo_sync.model.data import replace
from komodo_sync.model.explanation import ExplainedField, Explanation, Origin
from komodo_sync.model.hiding import knowing
from komodo_sync.model.known import Known
from komodo_sync.model.plan import SECRET, UNKNOWN, Shown
from komodo_sync.model.sealed import Sealed, Unknown
from komodo_sync.planning.changed import origin_of, ways_to
from komodo_sync.planning.compare import compare
from komodo_sync.planning.diff import diff
from komodo_sync.planning.opaque import veiled

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from komodo_sync.kinds.struct import Field
    from komodo_sync.model.desired import DesiredResource, Omitted
    from komodo_sync.model.observed import ObservedResource
    from komodo_sync.model.plan import FieldChange

_BY_KEY = (PairsShape, GrantsShape, TargetGrantsShape)
"""Fields of which each entry is told apart."""
_BESIDE = ("protect", "renamed_from", "adopt_from", "deploy", "state", "wait", "run_on_change")


def explain(
    desired: DesiredResource,
    omitted: Omitted,
    live: ObservedResource | None = None,
    *,
    asked: bool = False,
    timeout: tuple[float, str] | None = None,
    known: Known | None = None,
) -> Explanation:
    """Every field of `desired`. `omitted`: what the settings say of fields that are not mentioned; `asked`: whether the
    Core was looked at, where `live` is what it has; `timeout`: the settings' own, and where it stands; `known`: what is
    known to be secret, and is shown nowhere."""
    known = Known() if known is None else known
    with knowing(known.telling_places):
        return _explained(desired, omitted, live, known, asked=asked, timeout=timeout)


def _explained(
    desired: DesiredResource,
    omitted: Omitted,
    live: ObservedResource | None,
    known: Known,
    *,
    asked: bool,
    timeout: tuple[float, str] | None,
) -> Explanation:
    mode = desired.omitted_fields or omitted
    fields = [*_meta(desired, mode, live), *_config(desired, mode, live)]
    if timeout is not None:
        seconds, source = timeout
        fields.insert(0, ExplainedField("timeout", Shown(f"{seconds:g} seconds"), Origin.DECLARED, source))
    if live is not None:
        tags = live.tags if desired.tags is None else live.tags | frozenset(desired.tags)
        changes = compare(KINDS[desired.address.kind], desired, live, tags, omitted).fields
        changed = {place for change in changes for place in _places(change)}
        fields = [replace(item, differs=item.pointer in changed) for item in fields]
    configs = [desired.config] if live is None else [desired.config, live.config]
    hidden = (own_secrets(known, KINDS[desired.address.kind], *configs), known)
    told = tuple(
        replace(
            item,
            value=item.value and redacted_value(item.value, *hidden),
            live=item.live and redacted_value(item.live, *hidden),
            through=ways_to(desired, item.pointer),
        )
        for item in fields
    )
    return Explanation(desired.address, str(desired.span), told, (live is not None) if asked else None, desired.item)


def _places(change: FieldChange) -> Iterator[str]:
    yield change.pointer
    if change.diff.kind != "scalar":
        yield from (f"{change.pointer}/{entry.key}" for entry in change.diff.entries)


def _meta(desired: DesiredResource, mode: Omitted, live: ObservedResource | None) -> Iterator[ExplainedField]:
    spec = KINDS[desired.address.kind]
    ignored = frozenset(desired.ignore)
    for word, default in (("description", ""), ("tags", []), ("template", False)):
        if word not in spec.meta:
            continue
        given, have = getattr(desired, word), None if live is None else getattr(live, word)
        # tags that are not mentioned are left alone in either mode
        kept = given is None and (mode == "keep" or word == "tags")
        if word in ignored:
            origin = Origin.IGNORED
        elif given is not None:
            origin = Origin.DECLARED
        else:
            origin = Origin.KEPT if kept else Origin.DEFAULT
        secret = isinstance(given, Sealed | Unknown)
        held = None if live is None else SECRET if secret and have else _plain(have)
        value = held if given is None and origin is not Origin.DEFAULT else _plain(default if given is None else given)
        yield ExplainedField(word, value, origin, origin_of(desired, word), held)
    for word in _BESIDE:
        if given := getattr(desired, word):
            yield ExplainedField(word, _plain(given), Origin.DECLARED, origin_of(desired, word))
    if desired.after:
        value = Shown([str(address) for address in desired.after])
        yield ExplainedField("after", value, Origin.DECLARED, origin_of(desired, "after"))


def _plain(value: Any) -> Shown:
    if isinstance(value, str):
        return Shown(shown_text(value))
    if isinstance(value, tuple | list | frozenset):
        return Shown(sorted(value))
    if isinstance(value, Unknown):
        return UNKNOWN
    return Shown(value) if isinstance(value, bool | None) else SECRET


def _config(desired: DesiredResource, mode: Omitted, live: ObservedResource | None) -> Iterator[ExplainedField]:
    config = KINDS[desired.address.kind].config
    have = {} if live is None else live.config
    if not isinstance(config, Tagged):
        yield from _fields("config", config.fields(), desired.config, desired, mode, have, live)
        return
    wanted = desired.config or config.default_value()
    same = live is not None and have.get("type") == wanted["type"]
    origin = Origin.DECLARED if desired.config else Origin.DEFAULT
    kind = None if live is None else Shown(have.get("type"))
    yield ExplainedField("config/type", Shown(wanted["type"]), origin, origin_of(desired, "config/type"), kind)
    fields = config.all_variants()[wanted["type"]].fields()
    params = have.get("params", {}) if same else {}
    yield from _fields("config/params", fields, wanted["params"], desired, mode, params, live if same else None)


def _fields(
    path: str,
    table: Mapping[str, Field],
    wanted: Mapping[str, Any],
    desired: DesiredResource,
    mode: Omitted,
    have: Mapping[str, Any],
    live: ObservedResource | None,
) -> Iterator[ExplainedField]:
    for name, item in table.items():
        pointer = f"{path}/{name}"
        origin = _origin(item, pointer, wanted, desired, mode)
        secret = any(side.get(item.secret_when) for side in (wanted, have))
        called = secret_name(item, desired.address.name, [side.get(name) for side in (wanted, have)])
        value = wanted.get(name, item.default)
        clear = desired.clear_keys.get(name, frozenset())
        masked = live is not None and name in live.masked
        held = None if live is None else have.get(name, item.default)
        row = ExplainedField(
            pointer, shown(item, value, secret=secret, name=called), origin, origin_of(desired, pointer)
        )
        unsaid = name not in wanted and origin is not Origin.DEFAULT
        if isinstance(item.shape, _BY_KEY) and not (secret or item.secret or _is_shut(value)):
            rows = _pairs(row, item, held if unsaid and held is not None else value, held, clear, desired)
        elif live is not None:
            hidden = secret or isinstance(value, Sealed | Unknown)
            told = UNKNOWN if masked else shown(item, veiled(held, value), secret=hidden, name=called)
            rows = iter([replace(row, live=told)])
        else:
            rows = iter([row])
        yield from (replace(each, value=each.live) for each in rows) if unsaid else rows


def _is_shut(value: Any) -> bool:
    """Whether nothing of a value is known or may be shown, not even which keys it has."""
    return isinstance(value, Sealed | Unknown) and value.pairs is None


def _pairs(
    row: ExplainedField, item: Field, value: Any, held: Any, clear: frozenset[str], desired: DesiredResource
) -> Iterator[ExplainedField]:
    """A row for each key of either side; the field itself where there is none."""
    wanted, have = _by_key(item, value, clear), _by_key(item, held, clear)
    asked, pairs = held is not None, isinstance(item.shape, PairsShape)
    if not wanted and not have:
        nothing = Shown(item.default)
        yield replace(row, value=nothing, live=nothing if asked else None)
    givers = _givers(item, desired) if isinstance(item.shape, TargetGrantsShape) else {}
    for key in dict.fromkeys([*wanted, *have]):
        pointer = f"{row.pointer}/{key}"
        told = have.get(key, Shown(None)) if asked else None
        beside = row.source if key in wanted and not pairs else ""
        source = givers.get(key, "") or origin_of(desired, pointer) or beside
        yield replace(row, pointer=pointer, value=wanted.get(key, Shown(None)), source=source, live=told)


def _givers(item: Field, desired: DesiredResource) -> dict[str, str]:
    """Where each permission is given: of several that fit one resource, by the last; a pattern that no Core was asked
    about by itself."""
    found: dict[str, tuple[int, str]] = {}
    for reference in desired.references:
        field, _, rest = reference.pointer.partition("/")
        if field == item.name:
            place = int(rest.split("/")[0])
            found[str(reference.target)] = max(found.get(str(reference.target), (-1, "")), (place, str(reference.span)))
    for place, each in enumerate(desired.config.get(item.name, ())):
        target = each["target"]
        if is_pattern(target["id"]):
            found[str(Address(BY_CORE[target["type"]].name, target["id"]))] = (
                place,
                origin_of(desired, f"config/{item.name}/{place}/target"),
            )
    return {key: source for key, (_, source) in found.items()}


def _by_key(item: Field, text: Any, clear: frozenset[str]) -> dict[str, Shown]:
    entries = diff(item, item.default, text, clear_keys=clear).entries if text else ()
    return {entry.key: entry.after for entry in entries if entry.after is not None}


def _origin(item: Field, pointer: str, wanted: Mapping[str, Any], desired: DesiredResource, mode: Omitted) -> Origin:
    if pointer.replace("/", ".") in desired.ignore:
        return Origin.IGNORED
    if item.counted_while and wanted.get(item.counted_while, True):
        return Origin.COUNTED
    if item.name in wanted:
        return Origin.DECLARED
    return Origin.KEPT if mode == "keep" or item.kept else Origin.DEFAULT
