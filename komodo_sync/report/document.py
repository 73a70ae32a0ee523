"""The JSON document of a plan, declared once: the schema is generated from here, reading is checked against it, and the
types hold the writer to it.

Imports pydantic; whoever only writes a document imports this for type checking alone.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, NotRequired

from pydantic import ConfigDict, Field, NonNegativeInt, with_config
from typing_extensions import TypedDict

from komodo_sync.model.plan import Action
from komodo_sync.report.approval_document import STRICT as STRICT
from komodo_sync.report.approval_document import ApprovalDocument

AddressText = Annotated[
    str,
    Field(pattern=r"^[a-z_]+/[\s\S]+$", description="Kind and name of a resource.", examples=["stack/web"]),
]
ActionName = Annotated[Action, Field(strict=False, description="What is done to the resource.")]


@with_config(STRICT)
class CoreDocument(TypedDict):
    """The Core that was looked at."""

    host: Annotated[str, Field(description="Its address, without credentials.")]
    version: Annotated[str, Field(description="Its version.")]


@with_config(STRICT)
class VariableDocument(TypedDict):
    """One public value that was given on the command line."""

    name: Annotated[str, Field(description="Its name.")]
    value: Annotated[str | None, Field(description="Its value; null: it looks secret, and is to be given again.")]


@with_config(STRICT)
class ScopeDocument(TypedDict):
    """What was asked, and the settings that shape it."""

    paths: Annotated[list[str], Field(description="Paths that narrow the run; empty: the whole declared world.")]
    select: Annotated[list[str], Field(description="Selections that narrow the run.")]
    owner: Annotated[str, Field(description="The owner whose tag marks what may be pruned; empty: none.")]
    prune: Annotated[bool, Field(description="Whether what is ours and not declared is deleted.")]
    deploy: Annotated[bool, Field(description="False: deploys and states are left alone (--no-deploy).")]
    omitted_fields: Annotated[str, Field(description="What happens to fields that a manifest omits: reset or keep.")]
    target: Annotated[str, Field(description="Which of the settings' targets is meant; empty: none.")]
    overlays: Annotated[list[str], Field(description="What is laid over the manifests, in this order.")]
    manifests: Annotated[list[str], Field(description="The manifests, where there are no settings that name them.")]
    variables: Annotated[list[VariableDocument], Field(description="What --var gave.")]
    env_files: Annotated[list[str], Field(description="The files of --env-file; what they hold is recorded nowhere.")]
    settings: Annotated[str, Field(description="The file of --settings; empty: the komodo-sync.yaml that is found.")]
    refresh: Annotated[bool, Field(description="False: files were not fetched anew (--no-refresh).")]
    adopt_changes: Annotated[bool, Field(description="What is adopted may be changed in the same run.")]
    allow_syncs: Annotated[bool, Field(description="A resource sync that would fight is no reason to refuse.")]
    abandon_old: Annotated[bool, Field(description="What runs on a server that is not reached may be left behind.")]
    allow_deletes: Annotated[
        NonNegativeInt | None, Field(description="Up to so many deletes, whatever the limits say; null: by the limits.")
    ]
    allow_deploys: Annotated[
        NonNegativeInt | None, Field(description="Up to so many deploys, whatever the limits say; null: by the limits.")
    ]


@with_config(STRICT)
class VisibilityDocument(TypedDict):
    """What the key could see."""

    user: Annotated[str, Field(description="The user whose key was used.")]
    admin: Annotated[bool, Field(description="False: the plan rests on a part of the Core.")]
    kinds: Annotated[list[str], Field(description="The kinds that were read.")]
    refreshed: Annotated[NonNegativeInt, Field(description="Of how many resources the files were fetched anew.")]


@with_config(STRICT)
class VisibleValue(TypedDict):
    """A value that may be shown."""

    value: Annotated[Any, Field(description="The value in normal form, references as names; null: not set.")]


@with_config(STRICT)
class HiddenValue(TypedDict):
    """A value that is not shown."""

    hidden: Annotated[
        Literal["secret", "unknown"],
        Field(description="Why: it is a secret, or it is unknown (the key may not see it, or it is not set here)."),
    ]


ShownDocument = VisibleValue | HiddenValue


@with_config(STRICT)
class EntryDocument(TypedDict):
    """One entry of a keyed diff or an items diff."""

    key: Annotated[str, Field(description="The key, or the place inside the value, as in 0/executions/1/enabled.")]
    before: Annotated[ShownDocument | None, Field(description="null: it was not there.")]
    after: Annotated[ShownDocument | None, Field(description="null: it goes.")]
    lines: Annotated[list[str], Field(description="A unified diff, where it is a text of several lines.")]


@with_config(STRICT)
class DiffDocument(TypedDict):
    """How the two values of a field differ."""

    kind: Annotated[
        Literal["scalar", "lines", "keyed", "items"],
        Field(description="scalar: before and after say all; lines: a unified diff; keyed: KEY=value; items: places."),
    ]
    lines: Annotated[list[str], Field(description="Of a unified diff, each with its sign and without a newline.")]
    entries: Annotated[list[EntryDocument], Field(description="Of a keyed or an items diff.")]
    note: Annotated[str, Field(description="What the rest does not show.")]
    joined: NotRequired[
        Annotated[str, Field(description="Of a keyed diff: key and value are one word, with this between them: 80:80.")]
    ]


@with_config(STRICT)
class FieldDocument(TypedDict):
    """One field that changes."""

    pointer: Annotated[str, Field(description="The field.", examples=["config/environment", "tags", "description"])]
    before: Annotated[ShownDocument, Field(description="The value in the Core.")]
    after: Annotated[ShownDocument, Field(description="The value that it gets.")]
    diff: DiffDocument
    origin: Annotated[str, Field(description="file:line:col of what declares it; empty: no manifest does.")]
    reset: Annotated[bool, Field(description="It goes back to its default, because the manifest does not mention it.")]
    deploys: Annotated[bool, Field(description="It reaches the containers at the next deploy.")]
    through: Annotated[
        list[str],
        Field(
            description="What the value came through.",
            examples=[["overlay prod"], ["default of the settings", "${env:TOKEN}"], ["for_each server=a"]],
        ),
    ]


@with_config(STRICT)
class EffectDocument(TypedDict):
    """What a change does beyond itself."""

    kind: Annotated[str, Field(description="A verb.", examples=["stops", "loses", "detaches", "idle", "protects"])]
    subject: Annotated[str, Field(description="What it is done to.", examples=["3 services"])]
    detail: Annotated[str, Field(description="A sentence for people.")]


@with_config(STRICT)
class StepDocument(TypedDict):
    """One change by name."""

    address: AddressText
    action: ActionName


@with_config(STRICT)
class ChangeDocument(TypedDict):
    """One action on one resource."""

    action: ActionName
    reason: Annotated[str, Field(description="Why, for people.")]
    previous: Annotated[str, Field(description="The old name, of a rename; else empty.")]
    fields: Annotated[list[FieldDocument], Field(description="The fields that change, or that a create sets.")]
    effects: Annotated[list[EffectDocument], Field(description="What it does beyond itself.")]
    needs: Annotated[list[StepDocument], Field(description="What must have been done before.")]
    approval: Annotated[ApprovalDocument | None, Field(description="What apply --plan compares; null: nothing.")]


@with_config(STRICT)
class RecordDocument(TypedDict):
    """Something that was done."""

    side: Annotated[Literal["komodo", "git"], Field(description="Where it was done.")]
    what: Annotated[str, Field(description="An operation of Komodo, or a commit.", examples=["UpdateStack", "1a2b3c4"])]
    by: Annotated[str, Field(description="Who did it.")]
    at: Annotated[str, Field(description="When, in UTC.", examples=["2026-11-24 05:00 UTC"])]


@with_config(STRICT)
class CauseDocument(TypedDict):
    """Where a difference comes from."""

    where: Annotated[
        Literal["komodo", "git", "both", "unknown"],
        Field(description="On which side it was changed since the last applied commit; unknown: it cannot be told."),
    ]
    detail: Annotated[str, Field(description="What more is known, for people.")]
    records: Annotated[list[RecordDocument], Field(description="Who did it, the newest first.")]


@with_config(STRICT)
class ResourceDocument(TypedDict):
    """One resource."""

    address: AddressText
    source: Annotated[str, Field(description="file:line:col of its declaration; empty: no manifest declares it.")]
    changes: Annotated[list[ChangeDocument], Field(description="Empty: it is as declared, or refused.")]
    refused: Annotated[bool, Field(description="Nothing is planned for it, for a reason among the findings.")]
    cause: Annotated[CauseDocument | None, Field(description="Where its difference comes from; null: not asked for.")]


@with_config(STRICT)
class FindingDocument(TypedDict):
    """Something about the whole plan."""

    code: Annotated[str, Field(description="A word for it that stays the same.")]
    severity: Annotated[
        Literal["refusal", "warning", "note"], Field(description="refusal: apply does not start until it is allowed.")
    ]
    message: Annotated[str, Field(description="For people.")]
    override: Annotated[str, Field(description="The flag that allows it; empty: none does.")]
    hint: Annotated[str, Field(description="What else can be done about it, for people.")]
    addresses: Annotated[list[AddressText], Field(description="The resources that it concerns.")]


@with_config(STRICT)
class SummaryDocument(TypedDict):
    """Counts, and a digest of it all."""

    actions: Annotated[dict[ActionName, NonNegativeInt], Field(description="Changes by action; none is left out.")]
    changed: Annotated[NonNegativeInt, Field(description="Resources with at least one change.")]
    refused: Annotated[NonNegativeInt, Field(description="Resources for which nothing is planned, but refused.")]
    unchanged: Annotated[NonNegativeInt, Field(description="Resources that are as declared.")]
    findings: Annotated[dict[str, NonNegativeInt], Field(description="Findings by severity.")]
    checksum: Annotated[
        str,
        Field(
            pattern=r"^(sha256:[0-9a-f]{64})?$",
            description="Beside an HMAC, a SHA-256 of everything else: who has no key sees by it that this is whole.",
        ),
    ]
    digest: Annotated[
        str,
        Field(
            pattern=r"^(hmac-)?sha256:[0-9a-f]{64}$",
            description="Of everything else in this document: SHA-256 shows that it is whole and was not changed by "
            "accident; only an HMAC (KOMODO_SYNC_PLAN_KEY) shows that nobody changed it on purpose.",
        ),
    ]


@with_config(ConfigDict(extra="ignore", strict=True))
class VersionedDocument(TypedDict):
    """What every format has, so that a document of another one is known for what it is."""

    format_version: int


@with_config(STRICT)
class PlanDocument(TypedDict):
    """A plan of komodo-sync. It holds no secret."""

    format_version: Annotated[int, Field(description="Raised when something that was here changes or goes.")]
    core: CoreDocument
    scope: ScopeDocument
    visibility: VisibilityDocument
    resources: Annotated[list[ResourceDocument], Field(description="By address, deletes last; unchanged ones too.")]
    waves: Annotated[
        list[list[StepDocument]],
        Field(
            description="Steps that may run side by side, one wave after the other; in a wave those of one resource "
            "follow each other."
        ),
    ]
    findings: Annotated[list[FindingDocument], Field(description="Refusals, warnings and notes.")]
    summary: SummaryDocument
    subject: NotRequired[Annotated[Literal["drift"], Field(description="It is drift; left out: a plan.")]]
