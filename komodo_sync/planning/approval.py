"""What whoever approves a plan agrees to, change by change, as digests.

Without a key they are made of what the plan shows, where every secret is replaced: they tell nothing that the plan does
not tell, and any value of a secret that is named is accepted later. A digest of what a secret really is would let it be
guessed, so that is an HMAC, and made only where there is a key.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from komodo_sync.kinds import KINDS
from komodo_sync.kinds.shapes import EnumShape, FlagShape, Tagged
from komodo_sync.masking.mask import masked, shown
from komodo_sync.masking.redaction import own_secrets, redacted_field
from komodo_sync.model.approval import Approval, Grounds, KeyedSides
from komodo_sync.model.data import replace
from komodo_sync.model.hiding import knowing
from komodo_sync.model.plan import Action, Finding, Step
from komodo_sync.model.sealed import HIDDEN
from komodo_sync.planning.compare import created
from komodo_sync.planning.deploys.reasons import FILE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from komodo_sync.kinds.struct import Field
    from komodo_sync.model.address import Address
    from komodo_sync.model.desired import Desired, DesiredResource
    from komodo_sync.model.execution import Execution
    from komodo_sync.model.known import Known
    from komodo_sync.model.observed import ObservedResource
    from komodo_sync.model.plan import Change, FieldChange, Payload, Resource, Shown
    from komodo_sync.model.plan_key import PlanKey

_META: Mapping[str, Any] = {"description": "", "template": False, "tags": ()}


def with_approvals(
    resources: Iterable[Resource],
    whole: Iterable[Resource],
    payloads: Mapping[Step, Payload],
    desired: Desired,
    key: PlanKey | None,
    known: Known,
) -> tuple[Resource, ...]:
    """The resources, each of their changes with what its approval covers. `whole`: the same ones, before what is known
    to be secret was taken out of their values."""
    return tuple(
        replace(
            item,
            changes=tuple(
                _approved(item, change, payloads, desired, key, known, same=change.fields == before.fields)
                for change, before in zip(item.changes, each.changes, strict=True)
            ),
        )
        if item.changes
        else item
        for item, each in zip(resources, whole, strict=True)
    )


def declared_digest(address: Address, desired: Desired, known: Known) -> str:
    """Of all that the manifests declare of a resource, as it may be shown; empty for what they do not declare."""
    item = desired.resources.get(address)
    if item is None:
        return ""
    own = own_secrets(known, KINDS[address.kind], item.config)
    with knowing(known.telling_places):
        fields = created(KINDS[address.kind], item, frozenset()).fields
    return _whole_digest((redacted_field(field, own, known) for field in fields), item)


def _whole_digest(fields: Iterable[FieldChange], item: DesiredResource) -> str:
    told = sorted([field.pointer, after_side(field)] for field in fields if field.pointer != "tags")
    left = [sorted(item.ignore), item.omitted_fields, item.protect]
    return _digest([told, None if item.tags is None else sorted(item.tags), left])


def before_side(field: FieldChange) -> list[Any]:
    """The old value of a field as the plan shows it, as JSON."""
    lines = [line for line in field.diff.lines if line[:1] in ("-", " ")]
    entries = [
        [entry.key, _told(entry.before), [line for line in entry.lines if line[:1] in ("-", " ")]]
        for entry in field.diff.entries
    ]
    return [_told(field.before), lines, entries, field.diff.note]


def after_side(field: FieldChange) -> list[Any]:
    """The new value of a field as the plan shows it, as JSON."""
    lines = [line for line in field.diff.lines if line[:1] in ("+", " ")]
    entries = [
        [entry.key, _told(entry.after), [line for line in entry.lines if line[:1] in ("+", " ")]]
        for entry in field.diff.entries
    ]
    return [_told(field.after), lines, entries, field.diff.note]


def doings(change: Change) -> set[tuple[str, str]]:
    """What an execution does. Of a run all that it executes counts: what it runs in its turn may be in no manifest, and
    so no change of the plan. Else how many services stop is the state of things."""
    if change.action is Action.RUN:
        return {(effect.kind, effect.detail) for effect in change.effects}
    return {(effect.kind, "" if effect.kind in ("stops", "removes") else effect.subject) for effect in change.effects}


def with_removals(agreed: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """Effects that were agreed to, and what becomes of those that stop something: once it has stopped by itself, it is
    removed."""
    return agreed | {("removes", subject) for kind, subject in agreed if kind == "stops"}


def of_secrets(resources: Iterable[Resource], *, keyed: bool) -> list[Finding]:
    """What a plan that is to be approved says of the secret values in it: without a key they are approved whatever they
    are, with one as they are, as long as whoever applies has it too."""
    found = {
        item.address: [field.pointer for change in item.changes for field in change.fields if hides(field)]
        for item in resources
    }
    places = [f"{address} {pointer}" for address, pointers in sorted(found.items()) for pointer in pointers]
    if not places:
        return []
    where = f"secret values in {places[0]}" + (f" and {len(places) - 1} more" if len(places) > 1 else "")
    addresses = tuple(address for address, pointers in sorted(found.items()) if pointers)
    if keyed:
        message = f"{where} are approved as they are by KOMODO_SYNC_PLAN_KEY; an apply without it takes any"
        return [Finding("keyed-secret", "note", message, "", addresses, "set it for apply too")]
    message = f"without a plan key {where} are approved whatever they are"
    hint = "set KOMODO_SYNC_PLAN_KEY for plan and for apply to approve these very values"
    return [Finding("any-secret", "note", message, "", addresses, hint)]


def hides(field: FieldChange) -> bool:
    """Whether a changed field holds something that the plan does not show."""
    diff = field.diff
    sides = [field.before, field.after, *(side for each in diff.entries for side in (each.before, each.after) if side)]
    lines = [*diff.lines, *(line for each in diff.entries for line in each.lines)]
    return (
        any(side.hidden or HIDDEN in json.dumps(side.value) for side in sides)
        or any(HIDDEN in line for line in lines)
        or "secret" in diff.note
        or "not shown" in diff.note
    )


def _approved(
    resource: Resource,
    change: Change,
    payloads: Mapping[Step, Payload],
    desired: Desired,
    key: PlanKey | None,
    known: Known,
    *,
    same: bool,
) -> Change:
    address = resource.address
    # a create tells all that is declared, where nothing is left to a later step and no pattern became names
    whole = same and change.action is Action.CREATE and KINDS[address.kind].detail is None
    whole = whole and sum(1 for each in resource.changes if each.fields) == 1
    payload = payloads[Step(address, change.action)]
    if change.action is Action.DELETE:
        assert payload.seen is not None
        seen = _off_host(payload.seen) if payload.detach else payload.seen
        keyed = KeyedSides("", key.digest(f"{address} live", _everything(seen)), "") if key else None
        return replace(change, approval=Approval(_live_digest(seen, known), "", keyed=(keyed,) if keyed else ()))
    if payload.execution is not None:
        done = payload.execution
        what = [done.operation, masked(dict(done.params))]
        digests = _digest([*what, ""]), _digest([*what, done.commit])
        files = tuple(_files(address, done, key)) if key else ()
        return replace(change, approval=Approval(*digests, keyed=files, grounds=_grounds(done)))
    item = desired.resources.get(address)
    if item is None:
        declared = ""
    elif whole:
        declared = _whole_digest(change.fields, item)
    else:
        declared = declared_digest(address, desired, known)
    fields = sorted(change.fields, key=lambda field: field.pointer)
    approval = Approval(
        _digest([[field.pointer, before_side(field)] for field in fields]),
        _digest([change.previous, *([field.pointer, after_side(field)] for field in fields)]),
        declared,
        tuple(_keyed(payload, [field.pointer for field in fields], key)) if key else (),
    )
    return replace(change, approval=approval)


def _grounds(done: Execution) -> Grounds | None:
    if done.brings is None:
        return None
    topics = {topic: None for reason in done.reasons for topic in reason.topics}
    return Grounds(
        tuple(sorted(topics, key=lambda topic: (topic.name, topic.at))), done.brings.commit, done.brings.open
    )


def _files(address: Address, done: Execution, key: PlanKey) -> Iterator[KeyedSides]:
    for path, text in sorted(done.brings.files.items()) if done.brings else ():
        pointer = f"{FILE}{path}"
        yield KeyedSides(pointer, "", key.digest(f"{address} {pointer}", text))


def _off_host(live: ObservedResource) -> ObservedResource:
    """`live` as it is once it was taken off its host, which is the first half of its delete."""
    hosts = KINDS[live.address.kind].hosts
    return replace(live, config={name: value for name, value in live.config.items() if name not in hosts})


def _everything(live: ObservedResource) -> list[Any]:
    return [live.description, sorted(live.tags), live.template, dict(live.config)]


def _live_digest(live: ObservedResource, known: Known) -> str:
    """Of a resource that is to be deleted. The plan shows nothing of its config, and no manifest says any more what of
    it came from outside: so only what can be no secret is in it, flags, choices and which resources it refers to."""
    plain = {
        name: told.value
        for name, field in KINDS[live.address.kind].fields().items()
        if name in live.config
        and (field.ref or isinstance(field.shape, FlagShape | EnumShape))
        and not field.counted_while
        and _is_plain(told := shown(field, live.config[name]))
        and known.of_value(told.value) == told.value
    }
    return _digest([sorted(live.tags), live.template, str(live.config.get("type", "")), plain])


def _is_plain(told: Shown) -> bool:
    value = told.value
    return not told.hidden and (isinstance(value, bool) or (isinstance(value, str) and HIDDEN not in value))


def _keyed(payload: Payload, pointers: Sequence[str], key: PlanKey) -> Iterator[KeyedSides]:
    """Both sides of every field as they really are."""
    for pointer in pointers:
        before, after = both_sides(payload, pointer)
        label = f"{payload.address} {pointer}"
        yield KeyedSides(pointer, key.digest(f"{label} before", before), key.digest(f"{label} after", after))


def both_sides(payload: Payload, pointer: str) -> tuple[Any, Any]:
    """The live value at a pointer of the payload's resource, and the one that is written; a default where there is
    none."""
    seen, (part, _, rest) = payload.seen, pointer.partition("/")
    if part != "config":
        default = _META[part]
        have = default if seen is None else getattr(seen, part)
        want = getattr(payload, part)
        have, want = (sorted(side) if part == "tags" else side for side in (have, default if want is None else want))
        return have, want
    held, sent, name, default = (seen.config if seen else {}), payload.config, rest, None
    config = KINDS[payload.address.kind].config
    if isinstance(config, Tagged) and rest != "type":
        name = rest.removeprefix("params/")
        fields = _variant(config, sent) or _variant(config, held)
        held, sent = held.get("params", {}), sent.get("params", {})
    else:
        fields = KINDS[payload.address.kind].fields()
    default = fields[name].default if name in fields else None
    return held.get(name, default), sent.get(name, default)


def _variant(config: Tagged, value: Mapping[str, Any]) -> Mapping[str, Field]:
    variant = config.all_variants().get(value.get("type", ""))
    return variant.fields() if variant else {}


def _told(side: Shown | None) -> Any:
    """What is hidden is told alike, whyever: a secret may be unknown where the plan is made."""
    return None if side is None else {"hidden": True} if side.hidden else {"value": side.value}


def _digest(value: Any) -> str:
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), default=str)
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"
