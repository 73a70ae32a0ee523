"""A Plan back from its document: strictly, and only if it is the document that was written."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from komodo_sync.errors import KomodoSyncError
from komodo_sync.model.address import Address
from komodo_sync.model.approval import Approval, Grounds, KeyedSides, Topic
from komodo_sync.model.cause import Cause, Record
from komodo_sync.model.plan import (
    FORMAT_VERSION,
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
from komodo_sync.model.plan_key import KEYED, VARIABLE
from komodo_sync.model.scope import GivenVariable
from komodo_sync.report.integrity import checksum, integrity

if TYPE_CHECKING:
    from komodo_sync.model.plan_key import PlanKey
    from komodo_sync.report import document as doc
    from komodo_sync.report.approval_document import ApprovalDocument

_AGAIN = "Make it again with `komodo-sync plan --out FILE`."
_FETCH = "Fetch the file again from where it was made. Or:"


def plan_from_json(text: str | bytes, key: PlanKey | None = None) -> Plan:
    """The Plan of a document that `plan_json` wrote. Raises KomodoSyncError, with the place of the first mistake, for
    anything else; no value of the text is repeated in the error. A document with an HMAC is read without a key too,
    but then nobody knows whether it was changed on purpose."""
    # pydantic takes its time to load, and only `show` and `apply --plan` read plans
    from pydantic import TypeAdapter, ValidationError

    from komodo_sync.report.document import PlanDocument, VersionedDocument

    try:
        version = TypeAdapter(VersionedDocument).validate_json(text)["format_version"]
        if version != FORMAT_VERSION:
            raise _other_format(version)
        plan = _plan(TypeAdapter(PlanDocument).validate_json(text))
        document = json.loads(text, object_pairs_hook=_once)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = "/".join(map(str, first["loc"]))
        detail = f"{place}: {first['msg']}" if place else first["msg"]
        if first["type"] == "json_invalid" and "EOF" in first["msg"]:
            detail = f"It ends too early, as a file that was cut off: {detail}"
        raise KomodoSyncError("This is not a plan of komodo-sync.", detail=detail, hint=_AGAIN) from None
    except _TwiceError:
        detail = "a key stands in it twice"
        raise KomodoSyncError("The plan was changed after it was written.", detail=detail, hint=_AGAIN) from None
    _check_whole(document, key)
    return plan


class _TwiceError(Exception):
    """A key stands twice in an object: which of both counts, readers do not agree on."""


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise _TwiceError
    return found


def _check_whole(document: dict[str, Any], key: PlanKey | None) -> None:
    """Raises KomodoSyncError where a document is not as it was written, as far as that can be seen with `key`."""
    digest, told = document["summary"]["digest"], document["summary"]["checksum"]
    keyed = digest.startswith(KEYED)
    if keyed and told != checksum(document):
        detail = "its checksum is not that of its text: it was cut off, merged, or changed by hand"
        raise KomodoSyncError("The plan was changed after it was written.", detail=detail, hint=f"{_FETCH} {_AGAIN}")
    if not keyed and digest != integrity(document, None):
        detail = "its digest is not that of its text"
        raise KomodoSyncError("The plan was changed after it was written.", detail=detail, hint=f"{_FETCH} {_AGAIN}")
    if keyed and key is not None and digest != integrity(document, key):
        raise KomodoSyncError(
            f"The plan was made with another {VARIABLE} than the one that is set here.",
            detail="its checksum is right, the HMAC is not of this key; if that is the same, it was changed on purpose",
            hint=f"Set the key that it was made with. Or: {_AGAIN}",
        )


def is_keyed(text: str | bytes) -> bool:
    """Whether a document that `plan_from_json` takes was made with a plan key."""
    return bool(json.loads(text)["summary"]["digest"].startswith(KEYED))


def _other_format(version: int) -> KomodoSyncError:
    summary = f"The plan has format {version}, and this komodo-sync reads format {FORMAT_VERSION}."
    if version > FORMAT_VERSION:
        return KomodoSyncError(summary, hint=f"A newer komodo-sync wrote it: use that one. Or: {_AGAIN}")
    return KomodoSyncError(summary, hint=f"An older komodo-sync wrote it. {_AGAIN}")


def _plan(document: doc.PlanDocument) -> Plan:
    scope, seen, summary = document["scope"], document["visibility"], document["summary"]
    return Plan(
        format_version=document["format_version"],
        subject=document.get("subject", "plan"),
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
            manifests=tuple(scope["manifests"]),
            variables=tuple(GivenVariable(item["name"], item["value"]) for item in scope["variables"]),
            env_files=tuple(scope["env_files"]),
            settings=scope["settings"],
            refresh=scope["refresh"],
            adopt_changes=scope["adopt_changes"],
            allow_syncs=scope["allow_syncs"],
            abandon_old=scope["abandon_old"],
            allow_deletes=scope["allow_deletes"],
            allow_deploys=scope["allow_deploys"],
        ),
        visibility=Visibility(seen["user"], seen["admin"], tuple(seen["kinds"]), seen["refreshed"]),
        resources=tuple(
            Resource(
                Address.parse(item["address"]),
                item["source"],
                tuple(_read_change(change) for change in item["changes"]),
                item["refused"],
                _read_cause(item["cause"]) if item["cause"] else None,
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


def _read_cause(item: doc.CauseDocument) -> Cause:
    return Cause(item["where"], item["detail"], tuple(Record(**record) for record in item["records"]))


def _read_change(item: doc.ChangeDocument) -> Change:
    return Change(
        action=item["action"],
        reason=item["reason"],
        previous=item["previous"],
        fields=tuple(map(_read_field, item["fields"])),
        effects=tuple(Effect(**effect) for effect in item["effects"]),
        needs=tuple(map(_read_step, item["needs"])),
        approval=None if item["approval"] is None else _read_approval(item["approval"]),
    )


def _read_approval(item: ApprovalDocument) -> Approval:
    keyed = tuple(KeyedSides(**sides) for sides in item["keyed"])
    told = item.get("grounds")
    topics = tuple(Topic(**topic) for topic in told["topics"]) if told else ()
    grounds = Grounds(topics, told["commit"], told["open"]) if told else None
    return Approval(item["before"], item["after"], item["declared"], keyed, grounds)


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
        diff=Diff(diff["kind"], tuple(diff["lines"]), entries, diff["note"], diff.get("joined", "")),
        origin=item["origin"],
        reset=item["reset"],
        deploys=item["deploys"],
        through=tuple(item["through"]),
    )


def _read_step(item: doc.StepDocument) -> Step:
    return Step(Address.parse(item["address"]), item["action"])
