"""A Plan as SARIF 2.1.0: findings and changes as results at their place in the manifests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from komodo_sync.report.attention import CALM, LASTING, STOPPING
from komodo_sync.report.causes import cause_text
from komodo_sync.report.changes import MARKS
from komodo_sync.report.places import places
from komodo_sync.report.sarif import sarif_log, uri_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from komodo_sync.model.address import Address
    from komodo_sync.model.plan import Change, Finding, Plan, Resource
    from komodo_sync.report.places import Place

_LEVELS = {"refusal": "error", "warning": "warning", "note": "note"}


def plan_sarif(plan: Plan, *, version: str, base: str = "") -> str:
    """The log of one run, with a newline at its end. A refusal is an error; a change is a note, and a warning where it
    stops something or cannot be undone. `base`: the folder from which the files' names count, relative to the
    repository. What no manifest declares is named by its address alone."""
    known = places(plan)
    results = [_finding(item, known, base) for item in plan.findings]
    results += [_change(item, change, known, base) for item in plan.resources for change in item.changes]
    rules = sorted({result["ruleId"] for result in results})
    for result in results:
        result["ruleIndex"] = rules.index(result["ruleId"])
    return sarif_log([{"id": rule, "shortDescription": {"text": rule}} for rule in rules], results, version)


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
