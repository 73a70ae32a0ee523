"""Puts it together: manifests and a connection in, a plan out; a plan in, an outcome out."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from difflib import get_close_matches
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from komodo_sync.errors import CoreConnectionError, InputError, KomodoSyncError, RefusedError, UsageError
from komodo_sync.kinds import KINDS
from komodo_sync.model.diagnostic import Diagnostic, Severity
from komodo_sync.model.outcome import Outcome, Status
from komodo_sync.model.sealed import Sealed
from komodo_sync.settings import Settings
from komodo_sync.source.codes import Code
from komodo_sync.source.text import SourceError, read_source

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    from komodo_sync.client.reader import Reader
    from komodo_sync.client.transport import Transport
    from komodo_sync.client.writer import Writer
    from komodo_sync.execution.events import Listener
    from komodo_sync.execution.stop import StopFlag
    from komodo_sync.manifest import Loaded
    from komodo_sync.model.address import Address
    from komodo_sync.model.desired import Desired, Omitted, Reference
    from komodo_sync.model.diagnostic import Span
    from komodo_sync.model.observed import Observed
    from komodo_sync.model.plan import Finding, Plan, Planned
    from komodo_sync.model.unowned import Unowned
    from komodo_sync.planning import Options
    from komodo_sync.planning.selection import Term
    from komodo_sync.settings import Connection
    from komodo_sync.source.text import Source

    ChangedFiles = Callable[[str], Collection[str]]

EMBEDDED = "sim:"


@dataclass(frozen=True, slots=True)
class Session:
    """An open connection to a Core: what reads, and what writes. `new`: the file of an embedded Core that was not
    there before."""

    reader: Reader
    writer: Writer
    host: str
    new: str = ""


@contextmanager
def connect(connection: Connection) -> Iterator[Session]:
    """Opens `connection` for as long as the block runs; `sim:PATH` opens the embedded Core that is kept in PATH. Where
    there is no such file, the first write makes it."""
    from komodo_sync.client.transport import Transport

    if not connection.url.startswith(EMBEDDED):
        with Transport(connection.url, connection.key, connection.secret) as transport:
            yield _session(transport)
        return
    from komodo_sync.client.transport import in_process
    from komodo_sync.simulator import EmbeddedCore
    from komodo_sync.simulator.deferred import DeferredCore
    from komodo_sync.simulator.storage import is_new

    name = connection.url.removeprefix(EMBEDDED)
    path = Path(name) if name else None
    new = path is not None and is_new(path)
    with DeferredCore(path) if path is not None and new else EmbeddedCore.open(path) as core:
        key, secret = Sealed(core.key), Sealed(core.secret)
        with Transport("http://embedded", key, secret, through=in_process(core.app), host=connection.url) as transport:
            yield _session(transport, new=name if new else "")


def _session(transport: Transport, *, new: str = "") -> Session:
    from komodo_sync.client.reader import Reader
    from komodo_sync.client.writer import Writer

    return Session(Reader(transport), Writer(transport), transport.host, new)


def observe(session: Session, desired: Desired, options: Options) -> Observed:
    """One snapshot of what the plan needs: the kinds that are declared, with what they refer to; every kind where
    something may be deleted, because only then is it known what refers to it. What admins alone can list refers to
    nothing that a delete would break."""
    from komodo_sync.client.snapshot import observe as snapshot

    deletes = (options.prune and bool(options.owner)) or bool(desired.absent)
    kinds = {address.kind for address in desired.resources}
    kinds |= {item.address.kind for item in (*desired.absent, *desired.forget)}
    if deletes:
        kinds |= {name for name, spec in KINDS.items() if not spec.admin_only}
    # what runs matters to the effects of deletes and renames alone
    states = deletes or any(item.renamed_from for item in desired.resources.values())
    detailed = {*desired.resources, *(item.address for item in desired.absent)}
    detailed |= {
        address._replace(name=each.renamed_from) for address, each in desired.resources.items() if each.renamed_from
    }
    return snapshot(session.reader, kinds, states=states, detailed=detailed)


def plan(session: Session, loaded: Loaded, options: Options) -> Planned:
    """The plan for what was loaded. Raises InputError with every finding: those of the files, and the references that
    neither they nor the Core can satisfy."""
    failed = any(item.severity is Severity.ERROR for item in loaded.diagnostics)
    try:
        observed = observe(session, loaded.desired, options)
    except CoreConnectionError:
        if failed:
            raise InputError(loaded.diagnostics) from None
        raise
    from komodo_sync.planning import dangling, make_plan

    lines = _Lines(loaded)
    missing = [_dangling(reference, loaded, observed, lines) for reference in dangling(loaded.desired, observed)]
    if failed or missing:
        # what the files alone could only suspect is known now
        sure = [item for item in loaded.diagnostics if item.code != Code.DANGLING]
        raise InputError(sorted([*sure, *missing], key=lambda item: item.sort_key))
    return make_plan(loaded.desired, observed, options)


def unowned(session: Session, loaded: Loaded, options: Options) -> Unowned:
    """What nobody owns and no manifest declares. Raises InputError where manifests could not be read: what they declare
    would be in it."""
    from komodo_sync.client.snapshot import observe as snapshot
    from komodo_sync.planning.unowned import unowned as found

    if any(item.severity is Severity.ERROR for item in loaded.diagnostics):
        raise InputError(loaded.diagnostics)
    return found(loaded.desired, snapshot(session.reader, frozenset(KINDS), states=False), options)


def apply(
    session: Session,
    planned: Planned,
    loaded: Loaded,
    options: Options,
    *,
    parallelism: int,
    verify: bool,
    listener: Listener,
    stop: StopFlag,
    root: Path | None = None,
) -> Outcome:
    """Does what was planned, then plans again; meanwhile it holds the owner's lock. Raises RefusedError before the
    first write if the plan may not be applied, or another apply holds the lock; what fails later is told by the
    Outcome. `root`: the folder whose commit is kept as the last applied one, once all of it is as declared."""
    check_refusals(planned.plan)
    made = partial(_applied, session, planned, loaded, options, parallelism, verify, listener, stop)
    if not options.owner or not planned.payloads:
        return made()
    from komodo_sync.execution.applied import commit_of, record
    from komodo_sync.execution.lock import Lock, locked

    lock = Lock(options.owner, session.reader, session.writer)
    with locked(lock, admin=planned.plan.visibility.admin, note=listener.note, stop=stop) as held:
        outcome = made()
        commit = commit_of(root) if root and held and outcome.complete and not options.narrowed else None
        if commit:
            record(commit, options.owner, session.reader, session.writer, listener.note)
        return outcome


def _applied(
    session: Session,
    planned: Planned,
    loaded: Loaded,
    options: Options,
    parallelism: int,
    verify: bool,
    listener: Listener,
    stop: StopFlag,
) -> Outcome:
    from komodo_sync.execution import apply as execute

    results = execute(planned, session.writer, session.reader, parallelism=parallelism, listener=listener, stop=stop)
    if not verify or stop.requested:
        return Outcome(planned.plan, results, stopped=stop.requested)
    listener.note("verifying: planning again")
    try:
        remaining = plan(session, loaded, options).plan
    except KomodoSyncError as error:
        return Outcome(planned.plan, results, verification=error.summary)
    return Outcome(planned.plan, results, remaining)


def check_refusals(made: Plan) -> None:
    """Raises RefusedError with every reason for which the plan may not be applied."""
    reasons = (*made.refusals, *made.missing)
    if reasons:
        raise RefusedError(
            "this plan is not applied",
            detail="\n".join(map(_refusal_line, reasons)),
            hint="nothing was written; do what is said above, then apply again",
        )


def plan_options(
    settings: Settings | None,
    loaded: Loaded,
    *,
    paths: Sequence[Path] = (),
    select: Sequence[str] = (),
    owner: str | None = None,
    prune: bool | None = None,
    omitted_fields: Omitted | None = None,
    adopt_changes: bool = False,
    allow_deletes: int | None = None,
    deploy: bool = True,
    host: str = "",
    changed: ChangedFiles | None = None,
) -> Options:
    """What shapes the plan: the settings, and over them what was asked for. `changed`: the files that differ from a git
    revision. Raises UsageError."""
    from komodo_sync.planning import Limits, Options

    selections = [_parsed(text) for text in select]
    base = settings or Settings.without_file()
    chosen_owner = base.owner if owner is None else owner
    prunes = base.prune if prune is None else prune
    if prunes and settings is None:
        raise UsageError(
            "without settings nothing is pruned: only they say what the whole declared world is",
            hint="write a komodo-sync.yaml with `owner` and `prune: true`, or leave --prune out",
        )
    if prunes and not chosen_owner:
        raise UsageError("prune needs an owner: only what carries its tag is ever deleted", hint="set owner: NAME")
    limits = base.limits
    return Options(
        owner=chosen_owner,
        prune=prunes,
        omitted_fields=omitted_fields or base.omitted_fields,
        protect=base.protect,
        select=tuple(select),
        paths=tuple(str(path) for path in paths) if settings else (),
        only=loaded.addresses_under(paths) if settings and paths else None,
        selected=_selected(select, selections, loaded, changed or _no_git) if select else None,
        adopt_changes=adopt_changes,
        deploy=deploy,
        host=host,
        target=base.target,
        overlays=loaded.overlays,
        limits=Limits(allow_deletes) if allow_deletes is not None else Limits(limits.deletes, limits.delete_percent),
    )


def _parsed(text: str) -> tuple[Term, ...]:
    from komodo_sync.planning.selection import SelectionError, parse

    try:
        return parse(text)
    except SelectionError as error:
        pointed = f"{text}\n{' ' * error.position}^"
        raise UsageError(f"--select {text}: {error}".replace(" : ", ": "), detail=pointed, hint=error.help) from None


def _selected(
    select: Sequence[str], selections: Sequence[tuple[Term, ...]], loaded: Loaded, changed: ChangedFiles
) -> frozenset[Address]:
    """What the selections pick. Raises UsageError where that is nothing: a misspelt one would look like nothing to do.
    That no file has changed is no mistake."""
    from komodo_sync.planning.selection import What, nearest, picked

    terms = [term for each in selections for term in each]
    revisions = {term.pattern for term in terms if term.what is What.CHANGED}
    found = picked(selections, loaded.desired, {name: changed(name) for name in sorted(revisions)})
    if not found and not revisions and not loaded.desired.failed:
        said = " ".join(f"--select {text}" for text in select)
        raise UsageError(f"{said}: nothing that is declared fits", hint=nearest(terms[0], loaded.desired.resources))
    return found


def _no_git(revision: str) -> frozenset[str]:
    raise UsageError(f"--select changed:{revision} cannot be told here", hint="use it with plan or apply")


def exit_code(outcome: Outcome) -> int:
    """0 all done and nothing left, 130 stopped, 3 in part."""
    if outcome.stopped:
        return 130
    if outcome.complete:
        return 0
    return 3 if outcome.of(Status.DONE) or outcome.results else 1


def _refusal_line(finding: Finding) -> str:
    told = f"{finding.message} (to allow it: {finding.override})" if finding.override else finding.message
    return f"{told}\n  next: {finding.hint}" if finding.hint else told


class _Lines:
    """The source lines of findings that are made once the manifests are read: each file is read again, once."""

    def __init__(self, loaded: Loaded) -> None:
        self._places = loaded.places
        self._sources: dict[str, Source | None] = {}

    def excerpt(self, span: Span) -> str:
        """The line at `span` as it may be shown; empty where the file can no longer be read."""
        if span.file not in self._sources:
            try:
                self._sources[span.file] = read_source(self._places[span.file], span.file)
            except (KeyError, SourceError):
                self._sources[span.file] = None
        source = self._sources[span.file]
        return source.excerpt(span.line, span.column) if source else ""


def _dangling(reference: Reference, loaded: Loaded, observed: Observed, lines: _Lines) -> Diagnostic:
    kind, name = reference.target
    known = {**observed.resources, **loaded.desired.resources, **observed.named}
    close = get_close_matches(name, [address.name for address in known if address.kind == kind], 1)
    make = f"declare it under {KINDS[kind].plural}, or create it in Komodo" if kind in KINDS else "create it in Komodo"
    way_out = f"did you mean {close[0]}?" if close else make
    return Diagnostic(
        str(Code.DANGLING),
        Severity.ERROR,
        f"{reference.target} is declared nowhere, and the Core has no {kind} of that name"
        if kind in KINDS
        else f"the Core has no {kind} {name}",
        reference.span,
        way_out,
        lines.excerpt(reference.span),
    )
