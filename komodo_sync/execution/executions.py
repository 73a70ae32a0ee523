"""One execution step: the Core is asked once, waited for, and not believed.

A success may have deployed the commit of before (a host pulls at most once in five seconds), and a deploy that
succeeded may bring up what falls over at once. So the commit that was deployed is read back, and what others wait for
is looked at until it runs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from komodo_sync.client.snapshot import list_params
from komodo_sync.client.updates import Target, is_complete, update_id
from komodo_sync.errors import BusyError, ExecutionError, KomodoSyncError, NotFoundError, StoppedError
from komodo_sync.execution.actions import actions_on
from komodo_sync.execution.pulls import Pulls
from komodo_sync.execution.reaching import reached
from komodo_sync.execution.settling import settled
from komodo_sync.execution.unasked import done_unasked
from komodo_sync.kinds import KINDS
from komodo_sync.masking.formats.rust_debug import debugged_spans
from komodo_sync.masking.redaction import own_secrets
from komodo_sync.model.api_keys import is_api_key
from komodo_sync.model.data import Data, field
from komodo_sync.model.hiding import without
from komodo_sync.model.known import Known
from komodo_sync.model.outcome import Wait
from komodo_sync.model.plan import Action, Step
from komodo_sync.model.secrecy import looks_secret
from komodo_sync.wire.declared_secrets import Texts
from komodo_sync.wire.truth import identity_of
from komodo_sync.wire.update_text import failed_stages, live_secrets

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from komodo_sync.client.reader import Reader
    from komodo_sync.client.updates import Executor
    from komodo_sync.client.writer import Writer
    from komodo_sync.execution.identities import Identities
    from komodo_sync.execution.stop import StopFlag
    from komodo_sync.kinds.lifecycle import Lifecycle
    from komodo_sync.kinds.spec import KindSpec
    from komodo_sync.model.address import Address
    from komodo_sync.model.plan import Execution, Payload

    Heard = Callable[[Wait], None]

LOOK_EVERY = 2.0
"""Seconds between two looks at whether it is idle."""
TRIES = 3
"""How often an execution is sent at most while it succeeds with the commit of before."""


class Performed(Data, frozen=True):
    """The id of its last Update, and who did it, for people, where that was not us."""

    update: str = ""
    by: str = ""


class Executions(Data, frozen=True):
    """Performs steps that have the Core do something. `texts`: which texts no failure may tell, asked for when there is
    one; `known`: what is known to be secret beside them. `timeout`: seconds for which each is waited for; 0: as it says
    itself. `needed`: whether a step is to be done still, asked where somebody else was at its resource."""

    writer: Writer
    reader: Reader
    identities: Identities
    stop: StopFlag
    executor: Executor
    texts: Callable[[], Texts] = Texts
    timeout: float = 0.0
    needed: Callable[[Step], bool] = lambda _: True
    begun: dict[Address, int] = field(default_factory=dict)
    """When what succeeded in this run began, in Core's milliseconds."""
    known: Known = field(default_factory=Known)
    taken_down: dict[Address, str] = field(default_factory=dict)
    """What this run took down, with the name of the host on which it ran."""

    def perform(self, payload: Payload, heard: Heard) -> Performed:
        """Does one step, unless somebody else did it meanwhile. Raises ExecutionError when it failed, UnfinishedError
        when its end is not known, StoppedError when it never began, other errors of the tree."""
        execution, spec = payload.execution, KINDS[payload.address.kind]
        assert execution is not None, payload
        identity = payload.id or self.identities.by_address.get(payload.address, "")
        if not identity:
            raise NotFoundError(f"{payload.address} is not there", hint="plan again")
        self._await_others(execution, heard)
        if update := self._unasked(payload.address, identity, execution, heard):
            self._settle(spec, identity, execution, update, heard)
            return Performed(update, "Komodo did it by itself after the build")
        # a build that somebody else made is followed as well
        theirs = bool(execution.follows) and self.begun.keys().isdisjoint(execution.follows)
        if (self.await_idle(payload, heard) or theirs) and not self.needed(Step(payload.address, payload.action)):
            self._settle(spec, identity, execution, "", heard)
            return Performed("", "somebody else did it meanwhile")
        if execution.reaches is not None:
            there = self.identities.by_address.get(execution.reaches, "")
            reached(execution.reaches, there, self.reader, self.executor.clock, self.stop, heard)
        live = self._live(spec, identity)
        pulls = Pulls(spec, identity, execution, self.reader, self.writer, self.stop)
        wanted = pulls.wanted(live, created=not payload.id, heard=heard)
        for left in reversed(range(TRIES)):
            update, self.begun[payload.address] = self._send(payload.address, identity, execution, live, heard)
            if pulls.is_there(wanted, heard):
                break
            if not left:
                raise ExecutionError(
                    f"{execution.operation} succeeded {TRIES} times, and each time with another commit than {wanted}",
                    hint="see what its branch holds, whether the git host is in trouble, then apply again",
                    update=update,
                )
        if payload.action is Action.DESTROY:
            self.taken_down[payload.address] = execution.host
        self._settle(spec, identity, execution, update, heard, live)
        return Performed(update)

    def _settle(
        self,
        spec: KindSpec,
        identity: str,
        execution: Execution,
        update: str,
        heard: Heard,
        live: Mapping[str, Any] | None = None,
    ) -> None:
        """Waits until what was brought up is as others wait for it."""
        if execution.wait:
            clock, ignored = self.executor.clock, _ignored(spec, live or self._live(spec, identity))
            settled(spec, identity, execution.wait, self.reader, clock, self.stop, heard, update, ignored)

    def _unasked(self, address: Address, identity: str, execution: Execution, heard: Heard) -> str:
        """The id of the Update with which Core did it by itself after a build of this run; empty where it did not.
        Raises ExecutionError where it failed."""
        since = [self.begun[build] for build in execution.follows if build in self.begun]
        if not since:
            return ""
        spec, timeout = KINDS[address.kind], self.timeout or execution.timeout
        target = Target(spec.core, identity)
        update = done_unasked(execution, target, min(since), self.reader, self.executor, timeout, heard)
        if update is None:
            return ""
        if not update.get("success"):
            raise self._failure(address, execution, update, self._live(spec, identity))
        return update_id(dict(update))

    def _await_others(self, execution: Execution, heard: Heard) -> None:
        """Waits until what it comes after is as declared there, whoever deployed that and when."""
        for address, wait in execution.awaits:
            spec, identity = KINDS[address.kind], self.identities.by_address.get(address, "")
            if not identity or spec.lifecycle is None or not spec.lifecycle.running:
                continue
            what, ignored = f"{address}, after which it comes,", _ignored(spec, self._live(spec, identity))
            settled(spec, identity, wait, self.reader, self.executor.clock, self.stop, heard, "", ignored, what)

    def await_idle(self, payload: Payload, heard: Heard) -> bool:
        """Waits until nothing is done with the resource: what begins meanwhile would fail, or undo what is being done.
        Whether there was anything to wait for. Raises BusyError, and StoppedError."""
        spec = KINDS[payload.address.kind]
        identity = payload.id or self.identities.by_address.get(payload.address, "")
        patience = self.timeout or (payload.execution.timeout if payload.execution else payload.timeout)
        waited = 0.0
        while doing := actions_on(self.reader, spec, identity):
            why = f"somebody else's action is running on it ({', '.join(doing)})"
            if waited >= patience:
                raise BusyError(
                    f"{payload.address}: {why} after {waited:.0f} seconds",
                    hint="see what it is in Komodo, then apply again; --timeout waits longer",
                )
            if self.stop.requested:
                raise StoppedError(f"stopped while it waited: {why}", hint="apply again to finish")
            heard(Wait(why, waited, patience))
            self.writer.sleep(LOOK_EVERY)
            waited += LOOK_EVERY
        return waited > 0

    def _send(
        self, address: Address, identity: str, execution: Execution, live: Mapping[str, Any], heard: Heard
    ) -> tuple[str, int]:
        """The id of the Update of a success, and when that began."""
        update = self.executor.run(
            execution.operation,
            {execution.subject: identity, **execution.params},
            target=Target(KINDS[address.kind].core, identity),
            timeout=self.timeout or execution.timeout,
            heard=heard,
        )
        if not is_complete(update):
            raise ExecutionError(f"{execution.operation}: the Core does not tell how it ends", hint="plan again")
        if update.get("success"):
            return update_id(update), int(update.get("start_ts") or 0)
        raise self._failure(address, execution, update, live)

    def _failure(
        self, address: Address, execution: Execution, update: Mapping[str, Any], live: Mapping[str, Any]
    ) -> ExecutionError:
        spec = KINDS[address.kind]
        known = self.known.and_of(self._hidden(spec, live))
        own = own_secrets(known, spec, live.get("config") or {})
        stages = failed_stages(update, lambda text: without(text, known.places, own.telling_places, debugged_spans))
        names = [stage.name for stage in stages]
        where = f" at {', '.join(names)}" if names else ""
        return ExecutionError(
            f"{execution.operation} failed{where}",
            detail="\n".join(_meaning(spec, update, names, live, self.taken_down.get(address))),
            hint="mend what it says, then apply again",
            update=update_id(dict(update)),
            stages=stages,
        )

    def _hidden(self, spec: KindSpec, live: Mapping[str, Any]) -> frozenset[str]:
        """What a failure's text may not show: secrets of this run, values of the resource's own environment, and the
        Core's variables that are secret or look so, if this key sees them."""
        declared = self.texts()
        found = declared.secret | (live_secrets(spec, live) - declared.clear)
        try:
            variables = self.reader.read("ListVariables", {})
        except KomodoSyncError:
            return found
        return found | {str(each["value"]) for each in variables if each.get("value") and _is_secret(each)}

    def _live(self, spec: KindSpec, identity: str) -> Mapping[str, Any]:
        for raw in self.reader.read(spec.lists, list_params(spec.lists, names=[identity])):
            if identity_of(raw) == identity:
                return dict(raw)
        raise NotFoundError(f"the {spec.name} is gone", hint="plan again")


def _is_secret(variable: Mapping[str, Any]) -> bool:
    name = str(variable.get("name"))
    return bool(variable.get("is_secret")) or looks_secret(name) or is_api_key(name, variable.get("value"))


def _ignored(spec: KindSpec, live: Mapping[str, Any]) -> Collection[str]:
    """The services that need not run."""
    return (spec.lifecycle.may_end(live.get("config") or {}) if spec.lifecycle else None) or ()


def _meaning(
    spec: KindSpec, update: Mapping[str, Any], names: list[str], live: Mapping[str, Any], left: str | None
) -> list[str]:
    """What a failure means for what runs, in sentences. `left`: the host on which this run took it down before."""
    lifecycle, logs = spec.lifecycle, update.get("logs") or ()
    if lifecycle is None:
        return []
    removed = any(log.get("stage") in lifecycle.removing and log.get("success") for log in logs)
    found = [lifecycle.means[name] for name in names if name in lifecycle.means]
    gone = "what ran before was taken down first"
    if left is not None:
        gone = f"this apply took down what ran{f' on {left}' if left else ''} before"
    said = found[0] if found else gone if removed or left is not None else lifecycle.means_otherwise
    orphan = "" if removed or left is not None else _orphan(lifecycle, live, spec)
    return [sentence for sentence in (said, orphan) if sentence]


def _orphan(lifecycle: Lifecycle, live: Mapping[str, Any], spec: KindSpec) -> str:
    """What a failed deploy leaves behind that would have taken down a project of another name: Core forgets that
    name even then."""
    old = (live.get("info") or {}).get(lifecycle.project) if lifecycle.project else None
    new = (live.get("config") or {}).get(spec.runs_as) or live.get("name")
    if not old or old == new:
        return ""
    return (
        f"project {old} may run still, and Komodo no longer knows of it: run `docker compose -p {old} down` on its "
        f"host before the next deploy makes {new}, or declare {spec.runs_as}: {old} to keep it"
    )
