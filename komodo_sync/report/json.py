"""Plan and Outcome as JSON documents.

Writing is a plain walk that imports nothing heavy: a list's elements have a row each, so that documents can be compared
line by line and 10,000 resources take a tenth of a second. All is ASCII: a terminal that shows it cannot be moved.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from komodo_sync.model.outcome import Status
from komodo_sync.model.plan import FORMAT_VERSION, Action
from komodo_sync.report.integrity import checksum, integrity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from komodo_sync.model.approval import Approval, Grounds
    from komodo_sync.model.cause import Cause
    from komodo_sync.model.outcome import Outcome, StepOutcome
    from komodo_sync.model.plan import Change, Diff, DiffEntry, Finding, Plan, Resource, Shown, Step
    from komodo_sync.model.plan_key import PlanKey
    from komodo_sync.report import document as doc
    from komodo_sync.report import outcome_document as outcome_doc
    from komodo_sync.report.approval_document import ApprovalDocument, GroundsDocument


def plan_json(plan: Plan, key: PlanKey | None = None) -> str:
    """The document of `schemas/plan.schema.json`, with a newline at its end. `key`: what its integrity is made with."""
    return _written(plan_document(plan, key))


def outcome_json(outcome: Outcome) -> str:
    """The document of `schemas/outcome.schema.json`, with a newline at its end."""
    document: outcome_doc.OutcomeDocument = {
        "format_version": FORMAT_VERSION,
        "complete": outcome.complete,
        "stopped": outcome.stopped,
        "verification": outcome.verification,
        "refused": list(map(finding_document, outcome.refused)),
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


def plan_document(plan: Plan, key: PlanKey | None = None) -> doc.PlanDocument:
    """The plan as plain JSON values, keys in the order of the document."""
    scope, seen, summary = plan.scope, plan.visibility, plan.summary
    document: doc.PlanDocument = {
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
            "manifests": list(scope.manifests),
            "variables": [{"name": item.name, "value": item.value} for item in scope.variables],
            "env_files": list(scope.env_files),
            "settings": scope.settings,
            "refresh": scope.refresh,
            "adopt_changes": scope.adopt_changes,
            "allow_syncs": scope.allow_syncs,
            "abandon_old": scope.abandon_old,
            "allow_deletes": scope.allow_deletes,
            "allow_deploys": scope.allow_deploys,
        },
        "visibility": {
            "user": seen.user,
            "admin": seen.admin,
            "kinds": list(seen.kinds),
            "refreshed": seen.refreshed,
        },
        "resources": [_resource(resource) for resource in plan.resources],
        "waves": [[_step(step) for step in wave] for wave in plan.waves],
        "findings": list(map(finding_document, plan.findings)),
        "summary": {
            "actions": {action: summary.actions[action] for action in Action if action in summary.actions},
            "changed": summary.changed,
            "refused": summary.refused,
            "unchanged": summary.unchanged,
            "findings": dict(sorted(summary.findings.items())),
            "checksum": "",
            "digest": "",
        },
    }
    if plan.subject == "drift":
        document["subject"] = plan.subject
    if key is not None:
        document["summary"]["checksum"] = checksum(document)
    document["summary"]["digest"] = integrity(document, key)
    return document


def finding_document(finding: Finding) -> doc.FindingDocument:
    """One finding, keys in the order of the document."""
    return {
        "code": finding.code,
        "severity": finding.severity,
        "message": finding.message,
        "override": finding.override,
        "hint": finding.hint,
        "addresses": [str(address) for address in finding.addresses],
    }


def _resource(resource: Resource) -> doc.ResourceDocument:
    return {
        "address": str(resource.address),
        "source": resource.source,
        "changes": [_change(change) for change in resource.changes],
        "refused": resource.refused,
        "cause": _cause(resource.cause) if resource.cause is not None else None,
    }


def _cause(cause: Cause) -> doc.CauseDocument:
    return {
        "where": cause.where,
        "detail": cause.detail,
        "records": [
            {"side": record.side, "what": record.what, "by": record.by, "at": record.at} for record in cause.records
        ],
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
                "diff": _diff(item.diff),
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
        "approval": None if change.approval is None else _approval(change.approval),
    }


def _approval(approval: Approval) -> ApprovalDocument:
    told: ApprovalDocument = {
        "before": approval.before,
        "after": approval.after,
        "declared": approval.declared,
        "keyed": [{"pointer": item.pointer, "before": item.before, "after": item.after} for item in approval.keyed],
    }
    return told if approval.grounds is None else {**told, "grounds": _grounds(approval.grounds)}


def _grounds(grounds: Grounds) -> GroundsDocument:
    return {
        "topics": [{"name": topic.name, "at": topic.at} for topic in grounds.topics],
        "commit": grounds.commit,
        "open": grounds.open,
    }


def _diff(diff: Diff) -> doc.DiffDocument:
    told: doc.DiffDocument = {
        "kind": diff.kind,
        "lines": list(diff.lines),
        "entries": [_entry(entry) for entry in diff.entries],
        "note": diff.note,
    }
    return {**told, "joined": diff.joined} if diff.joined else told


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


def _result(result: StepOutcome) -> outcome_doc.ResultDocument:
    return {
        **_step(result.step),
        "status": result.status,
        "message": result.message,
        "hint": result.hint,
        "stages": [{"name": stage.name, "text": stage.text} for stage in result.stages],
        "update": result.update,
    }
