"""Plan and Outcome as JSON documents, and a Plan back from its document.

Writing is a plain walk that imports nothing heavy: a list's elements have a row each, so that documents can be compared
line by line and 10,000 resources take a tenth of a second. All is ASCII: a terminal that shows it cannot be moved.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from komodo_sync.errors import KomodoSyncError
from komodo_sync.model.address import Address
from komodo_sync.model.outcome import Status
from komodo_sync.model.plan import (
    FORMAT_VERSION,
    Action,
    Change,
    CoreFacts,
    Diff,
    DiffEntry,
    Effect,
    FieldChange,
    Finding,
    Plan,
    Resource,
    Scope,
    Shown,
    Step,
    Summary,
    Visibility,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from komodo_sync.model.outcome import Outcome, StepOutcome
    from komodo_sync.report import document as doc

_AGAIN = "Make it again with `komodo-sync plan --out FILE`."


def plan_json(plan: Plan) -> str:
    """The document of `schemas/plan.schema.json`, with a newline at its end."""
    return _written(plan_document(plan))


def outcome_json(outcome: Outcome) -> str:
    """The document of `schemas/outcome.schema.json`, with a newline at its end."""
    document: doc.OutcomeDocument = {
        "format_version": FORMAT_VERSION,
        "complete": outcome.complete,
        "stopped": outcome.stopped,
        "verification": outcome.verification,
        "results": [_result(result) for result in outcome.results],
        "summary": {status: len(outcome.of(status)) for status in Status},
        "plan": plan_document(outcome.plan),
        "remaining": plan_document(outcome.remaining) if outcome.remaining is not None else None,
    }
    return _written(document)


def _written(document: Mapping[str, Any]) -> str:
    members = (f"{json.dumps(key)}: {_rows(value, '  ')}" for key, value in document.items())
    return "{\n  " + ",\n  ".join(members) + "\n}\n"


def _rows(value: Any, indent: str) -> str:
    """A list with an element a row, a plan with a member a row, the rest on one."""
    deeper = indent + "  "
    if isinstance(value, list) and value:
        return f"[\n{deeper}" + f",\n{deeper}".join(map(_ENCODE, value)) + f"\n{indent}]"
    if isinstance(value, dict) and "resources" in value:
        members = (f"{json.dumps(key)}: {_rows(item, deeper)}" for key, item in value.items())
        return f"{{\n{deeper}" + f",\n{deeper}".join(members) + f"\n{indent}}}"
    return _ENCODE(value)


_ENCODE = json.JSONEncoder(ensure_ascii=True, check_circular=False).encode


def plan_document(plan: Plan) -> doc.PlanDocument:
    """The plan as plain JSON values, keys in the order of the document."""
    scope, seen, summary = plan.scope, plan.visibility, plan.summary
    return {
        "format_version": plan.format_version,
        "core": {"host": plan.core.host, "version": plan.core.version},
        "scope": {
            "paths": list(scope.paths),
            "select": list(scope.select),
            "owner": scope.owner,
            "prune": scope.prune,
            "deploy": scope.deploy,
            "omitted_fields": scope.omitted_fields,
            "target": scope.target,
            "overlays": list(scope.overlays),
        },
        "visibility": {"user": seen.user, "admin": seen.admin, "kinds": list(seen.kinds)},
        "resources": [
            {
                "address": str(resource.address),
                "source": resource.source,
                "changes": [_change(change) for change in resource.changes],
                "refused": resource.refused,
            }
            for resource in plan.resources
        ],
        "waves": [[_step(step) for step in wave] for wave in plan.waves],
        "findings": [
            {
                "code": finding.code,
                "severity": finding.severity,
                "message": finding.message,
                "override": finding.override,
                "hint": finding.hint,
                "addresses": [str(address) for address in finding.addresses],
            }
            for finding in plan.findings
        ],
        "summary": {
            "actions": {action: summary.actions[action] for action in Action if action in summary.actions},
            "changed": summary.changed,
            "refused": summary.refused,
            "unchanged": summary.unchanged,
            "findings": dict(sorted(summary.findings.items())),
        },
    }


def _change(change: Change) -> doc.ChangeDocument:
    return {
        "action": change.action,
        "reason": change.reason,
        "previous": change.previous,
        "fields": [
            {
                "pointer": item.pointer,
                "before": _shown(item.before),
                "after": _shown(item.after),
                "diff": {
                    "kind": item.diff.kind,
                    "lines": list(item.diff.lines),
                    "entries": [_entry(entry) for entry in item.diff.entries],
                    "note": item.diff.note,
                },
                "origin": item.origin,
                "reset": item.reset,
                "deploys": item.deploys,
                "through": list(item.through),
            }
            for item in change.fields
        ],
        "effects": [
            {"kind": effect.kind, "subject": effect.subject, "detail": effect.detail} for effect in change.effects
        ],
        "needs": [_step(step) for step in change.needs],
    }


def _entry(entry: DiffEntry) -> doc.EntryDocument:
    return {
        "key": entry.key,
        "before": None if entry.before is None else _shown(entry.before),
        "after": None if entry.after is None else _shown(entry.after),
        "lines": list(entry.lines),
    }


def _shown(shown: Shown) -> doc.ShownDocument:
    return {"hidden": shown.hidden} if shown.hidden else {"value": shown.value}


def _step(step: Step) -> doc.StepDocument:
    return {"address": str(step.address), "action": step.action}


def _result(result: StepOutcome) -> doc.ResultDocument:
    return {
        **_step(result.step),
        "status": result.status,
        "message": result.message,
        "hint": result.hint,
        "stages": [{"name": stage.name, "text": stage.text} for stage in result.stages],
        "update": result.update,
    }


def plan_from_json(text: str | bytes) -> Plan:
    """The Plan of a document that `plan_json` wrote. Raises KomodoSyncError, with the place of the first mistake, for
    anything else; no value of the text is repeated in the error."""
    # pydantic takes its time to load, and only `show` and `apply --plan` read plans
    from pydantic import TypeAdapter, ValidationError

    from komodo_sync.report.document import PlanDocument, VersionedDocument

    try:
        version = TypeAdapter(VersionedDocument).validate_json(text)["format_version"]
        if version != FORMAT_VERSION:
            summary = f"The plan has format {version}, and this komodo-sync reads format {FORMAT_VERSION}."
            raise KomodoSyncError(summary, hint=_AGAIN)
        return _plan(TypeAdapter(PlanDocument).validate_json(text))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = "/".join(map(str, first["loc"]))
        detail = f"{place}: {first['msg']}" if place else first["msg"]
        raise KomodoSyncError("This is not a plan of komodo-sync.", detail=detail, hint=_AGAIN) from None


def _plan(document: doc.PlanDocument) -> Plan:
    scope, seen, summary = document["scope"], document["visibility"], document["summary"]
    return Plan(
        format_version=document["format_version"],
        core=CoreFacts(**document["core"]),
        scope=Scope(
            paths=tuple(scope["paths"]),
            select=tuple(scope["select"]),
            owner=scope["owner"],
            prune=scope["prune"],
            deploy=scope["deploy"],
            omitted_fields=scope["omitted_fields"],
            target=scope["target"],
            overlays=tuple(scope["overlays"]),
        ),
        visibility=Visibility(seen["user"], seen["admin"], tuple(seen["kinds"])),
        resources=tuple(
            Resource(
                Address.parse(item["address"]),
                item["source"],
                tuple(_read_change(change) for change in item["changes"]),
                item["refused"],
            )
            for item in document["resources"]
        ),
        waves=tuple(tuple(map(_read_step, wave)) for wave in document["waves"]),
        findings=tuple(
            Finding(
                item["code"],
                item["severity"],
                item["message"],
                item["override"],
                tuple(map(Address.parse, item["addresses"])),
                item["hint"],
            )
            for item in document["findings"]
        ),
        summary=Summary(
            {str(action): number for action, number in summary["actions"].items()},
            summary["changed"],
            summary["unchanged"],
            dict(summary["findings"]),
            summary["refused"],
        ),
    )


def _read_change(item: doc.ChangeDocument) -> Change:
    return Change(
        action=item["action"],
        reason=item["reason"],
        previous=item["previous"],
        fields=tuple(map(_read_field, item["fields"])),
        effects=tuple(Effect(**effect) for effect in item["effects"]),
        needs=tuple(map(_read_step, item["needs"])),
    )


def _read_field(item: doc.FieldDocument) -> FieldChange:
    diff = item["diff"]
    entries = tuple(
        DiffEntry(
            entry["key"],
            None if entry["before"] is None else Shown(**entry["before"]),
            None if entry["after"] is None else Shown(**entry["after"]),
            tuple(entry["lines"]),
        )
        for entry in diff["entries"]
    )
    return FieldChange(
        pointer=item["pointer"],
        before=Shown(**item["before"]),
        after=Shown(**item["after"]),
        diff=Diff(diff["kind"], tuple(diff["lines"]), entries, diff["note"]),
        origin=item["origin"],
        reset=item["reset"],
        deploys=item["deploys"],
        through=tuple(item["through"]),
    )


def _read_step(item: doc.StepDocument) -> Step:
    return Step(Address.parse(item["address"]), item["action"])
