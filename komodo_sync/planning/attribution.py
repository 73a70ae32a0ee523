"""What is told of where each difference comes from, and who made it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from komodo_sync.kinds import KINDS
from komodo_sync.model.cause import Cause
from komodo_sync.model.data import replace
from komodo_sync.model.plan import Action

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from komodo_sync.model.address import Address
    from komodo_sync.model.cause import Record
    from komodo_sync.model.plan import Finding, Plan, Resource
    from komodo_sync.planning.sides import Sides

Records = Mapping["Address", tuple["Record", ...]]

_META = ("description", "tags", "template")
_NEVER_RECORDED = "tags, descriptions and templates leave no record in Komodo"
_NO_RECORD = "no record of it in Komodo tells who did it"
_FOR_ADMINS = "Komodo tells admins alone who did it"
_ELSEWHERE = "its files were changed where they come from"
_NOT_SEEN = "if at all: this key is not shown it"


def attributed(
    now: Plan,
    sides: Mapping[Address, Sides],
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
                sides[item.address],
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


def _cause(item: Resource, sides: Sides, records: tuple[Record, ...], *, uncommitted: bool, admin: bool) -> Cause:
    known = any(record.side == "komodo" for record in records)
    said = ["with changes that are not committed yet"] if uncommitted else []
    is_new = item.changes[0].action is Action.CREATE
    if sides.where != "git" and is_new and not admin:
        said.append(_NOT_SEEN)
    elif sides.where != "git":
        meta = frozenset() if is_new else sides.pointers.intersection(_META)
        if meta and (not known or meta == sides.pointers):
            said.append(_NEVER_RECORDED)
        elif not known and sides.where == "unknown" and sides.runs == "outside":
            said.append(_ELSEWHERE)
        elif not known and sides.where != "unknown":
            said.append(_NO_RECORD if admin or not KINDS[item.address.kind].flat else _FOR_ADMINS)
        fields = [field for change in item.changes for field in change.fields if field.pointer in sides.pointers]
        outside = sorted({name for field in fields for name in field.through if name.startswith("${")})
        if outside:
            said.append(f"or what {', '.join(outside)} gives was changed, which no commit shows")
    return Cause(sides.where, "; ".join(said), records)
