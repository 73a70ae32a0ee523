"""Which side a difference comes from, found by planning twice: for the manifests of now, and for those of the commit
that was applied last. What differs from the latter was changed in Komodo; what differs from the former alone in git."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from komodo_sync.kinds import KINDS
from komodo_sync.model.cause import Cause
from komodo_sync.model.data import Data, replace
from komodo_sync.model.plan import Action

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from komodo_sync.kinds.spec import KindSpec
    from komodo_sync.model.address import Address
    from komodo_sync.model.cause import Record, Where
    from komodo_sync.model.plan import FieldChange, Finding, Plan, Resource

Records = Mapping["Address", tuple["Record", ...]]

_META = ("description", "tags", "template")
_NEVER_RECORDED = "tags, descriptions and templates leave no record in Komodo"
_NO_RECORD = "no record of it in Komodo tells who did it"
_FOR_ADMINS = "Komodo tells admins alone who did it"
_NOT_SEEN = "if at all: this key is not shown it"


class Wanted(Data, frozen=True):
    """Which records of a resource would tell who made it differ. `operations` of Komodo; `runs`: those that do, where
    they are newer than the last of `ends` that succeeded, as that made it what was declared; `failed`: those that do
    so only where they failed. `by_name`: they are found by its name, because what they are about is gone, or has no
    id."""

    operations: frozenset[str] = frozenset()
    runs: frozenset[str] = frozenset()
    failed: frozenset[str] = frozenset()
    ends: frozenset[str] = frozenset()
    by_name: bool = False

    @property
    def all(self) -> frozenset[str]:
        """Every operation that is looked for."""
        return self.operations | self.runs | self.failed | self.ends


def causes(now: Plan, applied: Plan | None) -> dict[Address, Where]:
    """For each resource with changes, on which side it was changed. `applied`: the plan for the manifests of the last
    applied commit; None where there is none."""
    before = {item.address: item for item in applied.resources} if applied is not None else {}
    changed, admin = [item for item in now.resources if item.changes], now.visibility.admin
    return {
        item.address: "unknown" if applied is None else _side(item, before.get(item.address), admin=admin)
        for item in changed
    }


def _side(now: Resource, applied: Resource | None, *, admin: bool) -> Where:
    if applied is None or not applied.changes:
        return "git"
    if _is_new(now) and not admin:
        return "unknown"  # it may well be there
    ours, theirs = _differences(now), _differences(applied)
    if any(applied.changes[0].action is action for action in (Action.CREATE, Action.DELETE)):
        # it is gone, or there, against the last applied manifests; how it is declared now makes no difference to that
        return "komodo" if now.changes[0].action is applied.changes[0].action else "both"
    same = {key for key in ours.keys() & theirs.keys() if ours[key] == theirs[key]}
    if same == ours.keys():
        return "komodo"
    return "both" if ours.keys() & theirs.keys() else "git"


def _is_new(item: Resource) -> bool:
    return item.changes[0].action is Action.CREATE


def _differences(item: Resource) -> dict[tuple[Action, str], object]:
    """What is to be done, each with the value that it shall have."""
    found: dict[tuple[Action, str], object] = {}
    for change in item.changes:
        found[change.action, ""] = None
        found.update({(change.action, field.pointer): field.after for field in change.fields})
    # that there is an update at all says nothing beside its fields
    return {key: value for key, value in found.items() if key[1] or len(found) == 1 or key[0] is not Action.UPDATE}


def wanted_records(now: Plan, where: Mapping[Address, Where]) -> dict[Address, Wanted]:
    """Which records of Komodo are worth a look, by address."""
    found = {}
    for item in now.resources:
        if where.get(item.address) not in (None, "git"):
            wanted = _wanted(item)
            if wanted.all:
                found[item.address] = wanted
    return found


def _wanted(item: Resource) -> Wanted:
    spec, actions = KINDS[item.address.kind], {change.action for change in item.changes}
    if spec.flat:
        # of these Komodo records values alone, and by name
        values = {f"Create{spec.core}", f"Update{spec.core}Value", f"Update{spec.core}", f"Delete{spec.core}"}
        return Wanted(frozenset(values), by_name=True)
    renames = {spec.rename} if spec.rename else set()
    if Action.CREATE in actions:
        return Wanted(frozenset({f"Delete{spec.core}", *renames}), by_name=True)
    if Action.DELETE in actions:
        # the newest of these gave it the name that nobody declares: what was renamed since was not made so
        came = frozenset({f"Create{spec.core}", f"Copy{spec.core}", *renames})
        return Wanted(runs=came, ends=came)
    operations: set[str] = set()
    if Action.RENAME in actions:
        operations.add(f"Rename{spec.core}")
    if any(field.pointer not in _META for field in _fields(item)):
        operations.add(f"Update{spec.core}")
    return replace(_runs(item, spec), operations=frozenset(operations))


def _runs(item: Resource, spec: KindSpec) -> Wanted:
    """What is done to what runs follows from the same plan's changes, or from what somebody did, or did not do, to what
    runs. That it was deployed before, and well, is never why it is to be deployed."""
    life, last = spec.lifecycle, item.changes[-1].action
    update = frozenset({f"Update{spec.core}"})
    if last is Action.RUN:
        return Wanted(runs=update)
    if life is None or (last is Action.DEPLOY and any(field.deploys for field in _fields(item))):
        return Wanted()
    starts = {life.start, life.resume, life.restart} - {""}
    runs_it = frozenset({*life.deploys, *starts, *life.partly})
    if last in (Action.DEPLOY, Action.START):
        ends = frozenset({*life.deploys, *(starts if last is Action.START else ())})
        return Wanted(runs=update.union(life.stops), failed=runs_it, ends=ends)
    if last is Action.STOP:
        return Wanted(runs=runs_it, ends=frozenset({life.stop, life.destroy}))
    if last is Action.DESTROY:
        return Wanted(runs=runs_it | {life.stop}, ends=frozenset({life.destroy}))
    return Wanted()


def attributed(
    now: Plan,
    where: Mapping[Address, Where],
    records: Records,
    findings: Iterable[Finding],
    uncommitted: Collection[Address] = (),
) -> Plan:
    """The plan with its causes, and what is to be said about all of them. `uncommitted`: whose manifests have changes
    that are in no commit yet."""
    resources = tuple(
        replace(
            item,
            cause=_cause(
                item,
                where[item.address],
                records.get(item.address, ()),
                uncommitted=item.address in uncommitted,
                admin=now.visibility.admin,
            ),
        )
        if item.changes
        else item
        for item in now.resources
    )
    told = (*now.findings, *findings)
    counts: dict[str, int] = {}
    for finding in told:
        counts[finding.severity] = counts.get(finding.severity, 0) + 1
    summary = replace(now.summary, findings=dict(sorted(counts.items())))
    return replace(now, resources=resources, findings=told, summary=summary)


def _cause(item: Resource, where: Where, records: tuple[Record, ...], *, uncommitted: bool, admin: bool) -> Cause:
    known = any(record.side == "komodo" for record in records)
    said = ["with changes that are not committed yet"] if uncommitted else []
    if where != "git" and _is_new(item) and not admin:
        said.append(_NOT_SEEN)
    elif where != "git":
        meta = [field.pointer for field in _fields(item) if field.pointer in _META]
        only_meta = bool(meta) and all(field.pointer in _META for field in _fields(item))
        if only_meta or (meta and not known):
            said.append(_NEVER_RECORDED)
        elif not known and where != "unknown":
            said.append(_NO_RECORD if admin or not KINDS[item.address.kind].flat else _FOR_ADMINS)
        outside = sorted({name for field in _fields(item) for name in field.through if name.startswith("${")})
        if outside:
            said.append(f"or what {', '.join(outside)} gives was changed, which no commit shows")
    return Cause(where, "; ".join(said), records)


def _fields(item: Resource) -> list[FieldChange]:
    return [field for change in item.changes for field in change.fields]
