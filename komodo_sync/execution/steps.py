"""One step: its calls in order, each answer checked, and the truth read where an answer is lost.

A successful UpdateResourceMeta answers nothing, and Core drops a tag in silence that it cannot make in passing. That
cannot happen here: the plan makes every tag before it is used, and its id is sent. What somebody else changes meanwhile
is found by the verifying plan.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from komodo_sync.client.snapshot import list_params, read_detail
from komodo_sync.errors import (
    AnswerLostError,
    ExistsError,
    KomodoSyncError,
    NotFoundError,
    RejectedError,
    StaleError,
    StoppedError,
)
from komodo_sync.kinds import KINDS
from komodo_sync.kinds.flat import TAG
from komodo_sync.model.address import Address
from komodo_sync.model.data import Data, replace
from komodo_sync.model.outcome import Wait
from komodo_sync.model.plan import Action
from komodo_sync.wire.answers import read_states
from komodo_sync.wire.drift import changed_since, needs_a_look
from komodo_sync.wire.requests import Intent, calls
from komodo_sync.wire.truth import differing_fields, has_happened, has_more, identity_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from komodo_sync.client.reader import Reader
    from komodo_sync.client.writer import Writer
    from komodo_sync.execution.identities import Identities
    from komodo_sync.execution.stop import StopFlag
    from komodo_sync.model.plan import Payload
    from komodo_sync.wire.requests import Call

LOOK_AFTER = (0.0, 1.0, 2.0, 4.0, 8.0)
"""Seconds before each look at what became of a write whose answer was lost: Core goes on with it on its own."""


class Hands(Data, frozen=True):
    """What every step that writes is done with; what has the Core do something is `Executions`'."""

    writer: Writer
    reader: Reader
    identities: Identities
    stop: StopFlag

    def perform(self, payload: Payload, waiting: Callable[[Wait], None]) -> None:
        """Does one step. Raises an error of the tree when it, or a part of it, was not done; StoppedError when nothing
        of it was, because the run is to stop, and StaleError because it would undo somebody's change."""
        if needs_a_look(payload) and not self._is_there_as_seen(payload):
            self.identities.forget(payload.address)
            return
        if payload.detach:
            off = dict.fromkeys(KINDS[payload.address.kind].hosts, "")
            self.perform(replace(payload, action=Action.UPDATE, config=off, seen=None, detach=False), waiting)
        done = "it was taken off its host" if payload.detach else ""
        for call in calls(payload, self.identities.by_address):
            try:
                answer = self._write(payload, call, waiting)
            except StoppedError as error:
                if not done:
                    raise
                raise KomodoSyncError(f"{error.summary}, after {done}", hint=error.hint) from None
            self._check(payload, call, answer)
            done = call.operation

    def _is_there_as_seen(self, payload: Payload) -> bool:
        """Whether the resource is still as the plan saw it; False: a delete finds it gone already."""
        spec = KINDS[payload.address.kind]
        raw = self._live(payload, payload.id)
        if raw is None:
            if payload.action is Action.DELETE:
                return False
            raise StaleError(f"{payload.address} is gone since the plan", hint="plan again")
        names, state = self.identities.by_id, ""
        if any(tag not in names for tag in raw.get("tags") or ()):
            # made meanwhile: its name decides
            tags = self.reader.read(TAG.lists, list_params(TAG.lists))
            names = {**names, **{identity_of(tag): Address(TAG.name, tag["name"]) for tag in tags}}
        if payload.action is Action.DELETE and spec.states:
            answer = self.reader.read(spec.states, list_params(spec.states, names=[payload.id]))
            state = read_states(answer, spec.states).get(payload.id, "")
        found = changed_since(payload, raw, names, state)
        if found:
            raise StaleError(
                f"{payload.address} was changed since the plan, so it is left as it is",
                detail="\n".join(found),
                hint="plan again, and see whether you still want this",
            )
        return True

    def _write(self, payload: Payload, call: Call, waiting: Callable[[Wait], None]) -> Mapping[str, Any]:
        try:
            return self._send(payload, call, waiting)
        except AnswerLostError as lost:
            waiting(Wait(f"{lost.summary}; looking whether it was done"))
            found = self._look(payload, call, lost)
            return found if found is not None else self._again(payload, call, waiting)
        except ExistsError as error:
            if call.intent is not Intent.CREATE:
                raise
            return self._made_meanwhile(payload, call, error)
        except RejectedError as error:
            if call.intent is Intent.RENAME:
                self._check_half_renamed(payload, call, error)
            raise
        except NotFoundError:
            if call.intent is Intent.DELETE and self._read(payload, call) is None:
                return {}
            raise

    def _send(self, payload: Payload, call: Call, waiting: Callable[[Wait], None]) -> Mapping[str, Any]:
        def pause(wait: Wait) -> None:
            if self.stop.requested:
                raise StoppedError(f"stopped while it waited: {wait.why}", hint="apply again to finish")
            waiting(wait)

        answer = self.writer.write(call.operation, call.params, waiting=pause, patience=payload.timeout)
        return answer if isinstance(answer, dict) else {}

    def _again(self, payload: Payload, call: Call, waiting: Callable[[Wait], None]) -> Mapping[str, Any]:
        """Sent a second time, after the truth showed that it was not done. It may have been done since."""
        try:
            return self._send(payload, call, waiting)
        except (AnswerLostError, ExistsError, NotFoundError) as error:
            found = self._look(payload, call, error)
            if found is None:
                raise
            return found

    def _look(self, payload: Payload, call: Call, lost: KomodoSyncError) -> Mapping[str, Any] | None:
        """The resource (empty for one that is gone) if the Core shows that `call` was done, None if it was not.

        Raises `lost` when nothing can be read.
        """
        try:
            for pause in LOOK_AFTER:
                self.writer.sleep(pause)
                raw = self._read(payload, call)
                if has_happened(payload, call, raw, self.identities.by_id):
                    return raw or {}
        except KomodoSyncError:
            raise lost from None
        return None

    def _read(self, payload: Payload, call: Call) -> Mapping[str, Any] | None:
        known = payload.id or self.identities.by_address.get(payload.address, "")
        return self._live(payload, "" if call.intent is Intent.CREATE else known)

    def _live(self, payload: Payload, identity: str) -> Mapping[str, Any] | None:
        """The resource as the Core has it now, by its id, or by its name where that is empty."""
        spec = KINDS[payload.address.kind]
        params = list_params(spec.lists, names=[identity or payload.address.name])
        for raw in self.reader.read(spec.lists, params):
            if identity_of(raw) == identity if identity else spec.is_called(raw, payload.address.name):
                return read_detail(self.reader, spec, raw)
        return None

    def _check_half_renamed(self, payload: Payload, call: Call, error: RejectedError) -> None:
        """Core renames in its database first, and then where it runs. Raises RejectedError that says so where the first
        half is done."""
        if has_happened(payload, call, self._read(payload, call), self.identities.by_id):
            raise RejectedError(
                f"it is called {payload.address.name} in Komodo now, but was not renamed where it is: {error.summary}",
                status=error.status,
                detail=error.detail,
                hint="see that its server is enabled and reached; the next deploy makes it there under its new name",
            ) from None

    def _made_meanwhile(self, payload: Payload, call: Call, error: ExistsError) -> Mapping[str, Any]:
        """A name that the plan found free is taken. What is there as it was wanted, with nothing of its own beyond
        that, was made by another run of ours or is being made: it is taken as made, and finished."""
        raw, names = self._read(payload, call), self.identities.by_id
        if raw is not None and has_happened(payload, call, raw, names) and not has_more(payload, raw, names):
            return raw
        if raw is None:
            what, hint = "exists, but this key cannot see it", "plan with an admin's key, and see whose it is"
        else:
            what, hint = "was made since the plan, with other values", "plan again"
        raise ExistsError(f"{payload.address} {what}", status=error.status, detail=error.detail, hint=hint) from None

    def _check(self, payload: Payload, call: Call, answer: Mapping[str, Any]) -> None:
        match call.intent:
            case Intent.CREATE:
                self.identities.learn(payload.address, identity_of(answer))
                _check_name(payload, answer)
                self._check_fields(payload, call, answer)
            case Intent.UPDATE:
                self._check_fields(payload, call, answer)
            case Intent.RENAME:
                _check_success(payload, answer)
                self.identities.learn(payload.address, payload.id)
            case Intent.DELETE:
                self.identities.forget(payload.address)
            case Intent.META:
                pass

    def _check_fields(self, payload: Payload, call: Call, answer: Mapping[str, Any]) -> None:
        # setting a permission answers nothing
        different = differing_fields(payload, call, answer, self.identities.by_id) if call.part is None else []
        if different:
            raise RejectedError(
                f"{call.operation}: the Core kept another value than the one sent for {', '.join(different)}",
                hint="the Core may be older than the field, or ignores a change of type to default settings alone",
            )


def _check_name(payload: Payload, answer: Mapping[str, Any]) -> None:
    spec = KINDS[payload.address.kind]
    if not spec.is_called(answer, payload.address.name):
        name = "/".join(str(answer.get(key)) for key in spec.identity)
        raise RejectedError(
            f"{payload.address} was created, but the Core calls it {name}",
            hint=f"write {name} in the manifest, or rename it in Komodo",
        )


def _check_success(payload: Payload, update: Mapping[str, Any]) -> None:
    """A rename answers 200 also when it failed; its Update says so. A tag's answers the tag."""
    if update.get("success", True):
        return
    stages = [str(log.get("stage", "")) for log in update.get("logs", ()) if not log.get("success", True)]
    raise RejectedError(
        f"renaming {payload.previous} to {payload.address.name} failed",
        detail=f"failed stages: {', '.join(stages)}" if stages else "",
        hint=f"it may be renamed nevertheless: plan again, and see the updates of {payload.address} in Komodo",
    )
