"""What would change, ready to be shown, and apart from it what would be written.

A Plan is masked from the first day: it holds no secret, so that no report of it can leak. What is to be written travels
beside it, in Payloads, which are never printed and never saved."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any, Literal

from komodo_sync.model.data import Data, Unshown, field
from komodo_sync.model.execution import Execution as Execution  # noqa: TC001
from komodo_sync.model.finding import AMISS, BUSY, MISSING, NOT_APPROVED, UNPROVEN, UNSEEN, UNSEEN_VALUES
from komodo_sync.model.finding import Finding as Finding
from komodo_sync.model.finding import Severity as Severity
from komodo_sync.model.known import Known
from komodo_sync.model.scope import CoreFacts as CoreFacts  # noqa: TC001
from komodo_sync.model.scope import Scope as Scope  # noqa: TC001
from komodo_sync.model.scope import Visibility as Visibility  # noqa: TC001

if TYPE_CHECKING:
    from collections.abc import Mapping

    from komodo_sync.model.address import Address
    from komodo_sync.model.approval import Approval
    from komodo_sync.model.cause import Cause
    from komodo_sync.model.observed import ObservedResource
    from komodo_sync.model.sealed import Sealed, Unknown

FORMAT_VERSION = 1
"""Of the JSON document; raised when something that was there changes or goes."""


class Action(StrEnum):
    """What is done to a resource. Every Change has one; a renamed and updated stack has two Changes."""

    CREATE = "create"
    UPDATE = "update"
    RENAME = "rename"
    DELETE = "delete"
    ADOPT = "adopt"
    FORGET = "forget"
    DEPLOY = "deploy"
    START = "start"
    STOP = "stop"
    DESTROY = "destroy"
    RUN = "run"


Hidden = Literal["", "secret", "unknown"]


class Shown(Data, frozen=True):
    """A value as it may be shown. `value` is JSON (None when hidden); `hidden` says why it is not there: `secret`, or
    `unknown` (the key may not see it, or it is not set here)."""

    value: Any = None
    hidden: Hidden = ""


SECRET = Shown(hidden="secret")
UNKNOWN = Shown(hidden="unknown")


class DiffEntry(Data, frozen=True):
    """One entry of a keyed or an item diff. `before` is None when it was not there, `after` when it goes. `lines`: of a
    text of several lines a unified diff, as in Diff; then the values themselves are not told beside it."""

    key: str
    before: Shown | None
    after: Shown | None
    lines: tuple[str, ...] = ()


DiffKind = Literal["scalar", "lines", "keyed", "items"]


class Diff(Data, frozen=True):
    """How two values of a field differ.

    scalar  before and after of the FieldChange say it all
    lines   `lines`: a unified diff, each line with its ` `, `+`, `-` or `@@` prefix and no newline
    keyed   `entries`: keys of `KEY=value` lines that were added, changed or removed; where key and value are written as
            one word, `joined` stands between them, and a key may be there more than once
    items   `entries`: places inside a list or an object, as `0/executions/1/enabled`
    `note` says what the rest does not show (only comments differ, secret values differ, ...).
    """

    kind: DiffKind
    lines: tuple[str, ...] = ()
    entries: tuple[DiffEntry, ...] = ()
    note: str = ""
    joined: str = ""


class FieldChange(Data, frozen=True):
    """One changed field. `pointer` as in `config/environment`, `tags`, `description`. `origin` is `file:line:col`, or
    empty when no manifest says it; `reset` is True when it goes back to its default because the manifest does not
    mention it. `deploys`: it reaches the containers at the next deploy. `through`: what the value came through, in
    words: a default, an overlay, the item of a `for_each`, `${env:NAME}`."""

    pointer: str
    before: Shown
    after: Shown
    diff: Diff
    origin: str = ""
    reset: bool = False
    deploys: bool = False
    through: tuple[str, ...] = ()


class Effect(Data, frozen=True):
    """What a change does beyond itself. `kind`: stops, loses, detaches, keeps, protects, ...; `subject` is what it is
    done to where that is more than the resource itself, else empty; `detail` a sentence for people."""

    kind: str
    subject: str
    detail: str


class Step(Data, frozen=True):
    """One Change by name: `stack/web create`."""

    address: Address
    action: Action

    def __str__(self) -> str:
        return f"{self.address} {self.action}"


class Change(Data, frozen=True):
    """One action on one resource. `previous` is the old name of a rename. `needs`: the steps that must have been done
    before, in any manifest's or Core's interest. `approval`: what whoever approves it agrees to."""

    action: Action
    reason: str
    previous: str = ""
    fields: tuple[FieldChange, ...] = ()
    effects: tuple[Effect, ...] = ()
    needs: tuple[Step, ...] = ()
    approval: Approval | None = None


class Resource(Data, frozen=True):
    """A resource of the plan; no changes: it is as declared, unless it is `refused`: then a refusal among the findings
    says why nothing is planned for it. `source` is `file:line:col`, empty when no manifest declares it. `cause`: where
    its difference comes from; drift alone asks."""

    address: Address
    source: str = ""
    changes: tuple[Change, ...] = ()
    refused: bool = False
    cause: Cause | None = None


class Summary(Data, frozen=True):
    """Counts: changes by action, and resources: `changed` ones have at least one change, `refused` ones none because of
    a refusal, `unchanged` ones are as declared."""

    actions: Mapping[str, int]
    changed: int
    unchanged: int
    findings: Mapping[str, int] = field(default_factory=dict)
    refused: int = 0


Subject = Literal["plan", "drift"]


class Plan(Data, frozen=True):
    """The whole answer. `resources` are sorted by address, deletes last; each of `waves` is done before the next, and
    the steps of one resource in it after each other. `subject`: drift, where each change tells its cause."""

    core: CoreFacts
    scope: Scope
    visibility: Visibility
    resources: tuple[Resource, ...]
    waves: tuple[tuple[Step, ...], ...]
    findings: tuple[Finding, ...]
    summary: Summary
    format_version: int = FORMAT_VERSION
    subject: Subject = "plan"

    @property
    def has_changes(self) -> bool:
        """Whether applying it would do anything."""
        return self.summary.changed > 0

    @property
    def refusals(self) -> tuple[Finding, ...]:
        """What keeps `apply` from starting."""
        return tuple(item for item in self.findings if item.severity == "refusal")

    @property
    def unproven(self) -> frozenset[Address]:
        """What is declared to run, and does not or may not."""
        return frozenset(address for item in self.findings if item.code in UNPROVEN for address in item.addresses)

    @property
    def amiss(self) -> frozenset[Address]:
        """What is declared to run, and is known not to."""
        return frozenset(address for item in self.findings if item.code in AMISS for address in item.addresses)

    @property
    def busy(self) -> frozenset[Address]:
        """What cannot be decided because something is being done with it."""
        return frozenset(address for item in self.findings if item.code == BUSY for address in item.addresses)

    @property
    def unapproved(self) -> frozenset[Address]:
        """What something is left undone of, because it is not in the plan that was approved."""
        return frozenset(address for item in self.findings if item.code == NOT_APPROVED for address in item.addresses)

    @property
    def is_sure(self) -> bool:
        """Whether what is not changed is known to be as declared."""
        return not (self.unseen or self.unproven)

    @property
    def unseen(self) -> tuple[Finding, ...]:
        """What is not compared, because it is not seen or not known here."""
        return tuple(item for item in self.findings if item.code in (UNSEEN, UNSEEN_VALUES, MISSING))

    @property
    def missing(self) -> tuple[Finding, ...]:
        """Values that are unknown here, which keep `apply` from starting too."""
        return tuple(item for item in self.findings if item.code == MISSING)


class Payload(Unshown, frozen=True):
    """What one step writes. Values are in normal form, references as names, secrets Sealed.

    address   the resource under its new name, if the step renames it
    id        the live id; empty for what is still to be created and for kinds without ids
    previous  the live name, for a rename
    config    the fields to send: for a create those that differ from the default, for an update those that change
    description, tags, template   None: not to be changed. `tags` are all the tags that it shall have
    seen      the live resource as the plan saw it, where the step may be done to nothing else
    execution what the step has the Core do, where it writes nothing itself
    detach    of a delete: what runs is left running, by taking the resource off its host first
    timeout   seconds for which somebody else's action on the resource is waited for, where it executes nothing itself
    """

    address: Address
    action: Action
    id: str = ""
    previous: str = ""
    config: Mapping[str, Any] = field(default_factory=dict)
    description: str | Sealed | Unknown | None = None
    tags: tuple[str, ...] | None = None
    template: bool | None = None
    seen: ObservedResource | None = None
    execution: Execution | None = None
    detach: bool = False
    timeout: float = 1800.0

    def __repr__(self) -> str:
        return f"Payload({self.address} {self.action})"


class Planned(Unshown, frozen=True):
    """A plan, and beside it what its steps write. `ids` are the live ids, to begin with; `known` is what the plan shows
    nowhere; `left` would be deployed if it was not left as somebody stopped it, with how it is; `origins` is by what is
    deployed the variables that it uses and what it is made from."""

    plan: Plan
    payloads: Mapping[Step, Payload]
    ids: Mapping[Address, str]
    known: Known = field(default_factory=Known)
    left: Mapping[Address, str] = field(default_factory=dict)
    origins: Mapping[Address, frozenset[Address]] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"Planned({len(self.payloads)} steps)"
