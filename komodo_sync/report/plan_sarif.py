"""A Plan, and an Outcome, as SARIF 2.1.0: findings, changes and steps as results at their place in the manifests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from komodo_sync.model.outcome import Status
from komodo_sync.report.attention import CALM, LASTING, STOPPING
from komodo_sync.report.causes import cause_text
from komodo_sync.report.changes import MARKS
from komodo_sync.report.places import places
from komodo_sync.report.sarif import sarif_log, uri_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from komodo_sync.model.address import Address
    from komodo_sync.model.outcome import Outcome, StepOutcome
    from komodo_sync.model.plan import Change, Finding, Plan, Resource
    from komodo_sync.report.places import Place

_LEVELS = {"refusal": "error", "warning": "warning", "note": "note"}
_FATES = {Status.FAILED: "error", Status.SKIPPED: "warning", Status.NOT_STARTED: "warning"}


def plan_sarif(plan: Plan, *, version: str, base: str = "") -> str:
    """The log of one run, with a newline at its end. A refusal is an error; a change is a note, and a warning where it
    stops something or cannot be undone. `base`: the folder from which the files' names count, relative to the
    repository. What no manifest declares is named by its address alone."""
    known = places(plan)
    results = [_finding(item, known, base) for item in plan.findings]
    results += [_change(item, change, known, base) for item in plan.resources for change in item.changes]
    return _log(results, version)


def outcome_sarif(outcome: Outcome, *, version: str, base: str = "") -> str:
    """The same of an apply: what it was refused for, and what failed, is an error; what was not done, or still differs,
    a warning. There is no result where all is done and proved."""
    known = places(outcome.plan)
    results = [_finding(item, known, base) for item in outcome.refused]
    results += [_step(item, known, base) for status in _FATES for item in outcome.of(status)]
    if outcome.verification:
        results.append(_result("proof/failed", "error", outcome.verification, []))
    if (left := outcome.remaining) is not None:
        results += [_left(item, change, places(left), base) for item in left.resources for change in item.changes]
        results += [_finding(item, places(left), base) for item in left.findings if item.severity != "note"]
    return _log(results, version)


def _log(results: list[dict[str, Any]], version: str) -> str:
    rules = sorted({result["ruleId"] for result in results})
    for result in results:
        result["ruleIndex"] = rules.index(result["ruleId"])
    return sarif_log([{"id": rule, "shortDescription": {"text": rule}} for rule in rules], results, version)


def _step(item: StepOutcome, known: Mapping[Address, Place], base: str) -> dict[str, Any]:
    said = [f"{item.step}: {item.status}", *item.told, *([f"next: {item.hint}"] if item.hint else [])]
    rule = f"{item.status.replace(' ', '-')}/{item.step.action}"
    return _result(rule, _FATES[item.status], "\n".join(said), [_location(item.step.address, known, base)])


def _left(item: Resource, change: Change, known: Mapping[Address, Place], base: str) -> dict[str, Any]:
    result = _change(item, change, known, base)
    return {**result, "ruleId": f"left/{change.action}", "level": "warning"}


def _finding(item: Finding, known: Mapping[Address, Place], base: str) -> dict[str, Any]:
    allowed = f"To allow it: {item.override}." if item.override else ""
    text = "\n".join(filter(None, (item.message, allowed, item.hint)))
    locations = [_location(address, known, base) for address in item.addresses]
    return _result(f"finding/{item.code}", _LEVELS[item.severity], text, locations)


def _change(item: Resource, change: Change, known: Mapping[Address, Place], base: str) -> dict[str, Any]:
    effects = [effect for effect in change.effects if effect.kind not in CALM]
    grave = MARKS[change.action].loud or any(effect.kind in (*STOPPING, *LASTING) for effect in effects)
    lines = [f"{item.address}: {change.action}{f': {change.reason}' if change.reason else ''}"]
    lines += [" ".join(filter(None, (effect.kind, effect.subject, effect.detail))) for effect in effects]
    lines += [f"fields: {', '.join(field.pointer for field in change.fields)}"] if change.fields else []
    lines += [cause_text(item.cause)] if item.cause is not None else []
    level = "warning" if grave else "note"
    return _result(f"change/{change.action}", level, "\n".join(lines), [_location(item.address, known, base)])


def _result(rule: str, level: str, text: str, locations: list[dict[str, Any]]) -> dict[str, Any]:
    return {"ruleId": rule, "level": level, "message": {"text": text}, "locations": locations}


def _location(address: Address, known: Mapping[Address, Place], base: str) -> dict[str, Any]:
    named = {"logicalLocations": [{"fullyQualifiedName": str(address), "kind": "resource"}]}
    if (place := known.get(address)) is None:
        return named
    region = {"startLine": place.line, "startColumn": place.column}
    return {"physicalLocation": {"artifactLocation": {"uri": uri_of(place.file, base)}, "region": region}, **named}
