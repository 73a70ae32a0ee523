"""An operation done to each of its subjects, several at once; what became of each."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any

from komodo_sync.calling.advice import next_step
from komodo_sync.calling.batches import batched_kind, fates, matches
from komodo_sync.calling.manner import Manner
from komodo_sync.calling.masking import Masker, kind_answered
from komodo_sync.calling.nature import READS, is_read
from komodo_sync.calling.outside import Outside
from komodo_sync.calling.preparation import Census, prepare
from komodo_sync.calling.secrets import Secrets
from komodo_sync.calling.stages import is_update, told
from komodo_sync.calling.targets import missing
from komodo_sync.client.threads import side_by_side
from komodo_sync.client.updates import TIMEOUT, Executor, is_complete
from komodo_sync.errors import (
    AnswerLostError,
    CoreConnectionError,
    CredentialsError,
    KomodoSyncError,
    NotFoundError,
    StoppedError,
    UnfinishedError,
)
from komodo_sync.kinds import BY_CORE, KINDS
from komodo_sync.model.address import Address
from komodo_sync.model.called import Called, Calls, Fate, Request
from komodo_sync.model.data import replace
from komodo_sync.model.known import Known
from komodo_sync.planning.timeouts import timeout_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from komodo_sync.calling.naming import Named
    from komodo_sync.calling.parameters import Given
    from komodo_sync.calling.preparation import Prepared
    from komodo_sync.client.reader import Reader
    from komodo_sync.client.writer import Writer
    from komodo_sync.model.desired import Desired
    from komodo_sync.model.outcome import Wait


class Caller:
    """Calls one operation. `raw`: the last answer as it came, secrets included; never to be shown. `known`: what is
    known to be secret already; `declared` gives the manifests' world, where there is one."""

    def __init__(
        self,
        named: Named,
        reader: Reader,
        writer: Writer,
        manner: Manner | None = None,
        *,
        known: Known | None = None,
        declared: Callable[[], Desired | None] = lambda: None,
    ) -> None:
        self.named = named
        self.reader = reader
        self.writer = writer
        self.manner = manner or Manner()
        self.raw: Any = None
        self._known = Known() if known is None else known
        self._census = Census(reader)
        self._secrets = Secrets(reader)
        self._outside = Outside(reader, declared, self._known)
        self._updates: dict[str, str] = {}

    def prepared(self, given: Given) -> list[Prepared]:
        """A request for each subject, with what wildcards mean now. Raises NotFoundError before anything is done."""
        return prepare(self.named.operation, given, self._census)

    def would_send(self, requests: Sequence[Prepared]) -> Calls:
        """The requests, sent to nobody."""
        self._learn()
        masker = Masker(self._secrets.variables, self._known)
        shown = tuple(
            Request(each.subject, masker.params(self.named.operation, each.params), self._matches(each))
            for each in requests
        )
        return replace(self._calls(()), requests=shown)

    def call(self, given: Given, requests: Sequence[Prepared]) -> Calls:
        """Sends them. Where there is one request only, what keeps it from being answered is raised; of several, it is
        told by the fate of each."""
        if not is_read(self.named):
            self._outside.learn()  # once it is done, what was there before is told by nobody but its records
        if len(requests) == 1 and "pattern" in requests[0].params:
            return self._batch(requests[0])
        return self._calls(self._each(requests, given))

    def _each(self, requests: Sequence[Prepared], given: Given) -> tuple[Called, ...]:
        found: dict[int, Called] = {}
        lost: list[KomodoSyncError] = []

        def one(index: int) -> Called:
            request = requests[index]
            if lost or self.manner.stopped():
                why = lost[0].summary if lost else "stopped before its turn"
                return Called(request.subject, Fate.NOT_STARTED, message=why)
            try:
                return self._one(request, given)
            except StoppedError as error:
                return Called(request.subject, Fate.NOT_STARTED, message=error.summary, hint=error.hint)
            except KomodoSyncError as error:
                if len(requests) == 1:
                    raise
                # after these every further call would fail alike, and a wrong key locks the address out
                if isinstance(error, CoreConnectionError) and not isinstance(error, AnswerLostError):
                    lost.append(error)
                said = "; ".join([error.summary, *filter(None, error.detail.splitlines())])
                return Called(request.subject, Fate.FAILED, message=said, hint=error.hint)

        tasks = [partial(one, index) for index in range(len(requests))]
        workers = 1 if given.subject is not None and not given.subject.many else self.manner.parallelism
        for done in side_by_side(tasks, workers, given_up=self._given_up):
            found[done.index] = done.result()
            self.manner.ended(found[done.index])
        return tuple(found.get(index) or self._left(request) for index, request in enumerate(requests))

    def _given_up(self) -> bool:
        """What only reads is not worth waiting for."""
        return self.manner.abandoned() or (is_read(self.named) and self.manner.stopped())

    def _left(self, request: Prepared) -> Called:
        """The fate of what is not waited for any more."""
        if is_read(self.named):
            return Called(request.subject, Fate.NOT_STARTED, message="stopped before it was answered")
        update = self._updates.get(request.subject, "")
        message = "not waited for any more: the Core goes on with it" if update else "not waited for: it may be done"
        return Called(request.subject, Fate.UNFINISHED, message=message, update=update, link=self._link(update))

    def _one(self, request: Prepared, given: Given) -> Called:
        operation = self.named.operation
        try:
            answer = self._send(request)
        except NotFoundError as error:
            raise self._with_nearest(error, given) from None
        except UnfinishedError as error:
            return Called(
                request.subject,
                Fate.UNFINISHED,
                message=error.summary,
                hint=error.hint,
                update=error.update,
                link=self._link(error.update),
            )
        self.raw = answer
        masker = self._masker(request, given, answer)
        answer = self._outside.hidden(kind_answered(operation), answer)
        if operation.group not in READS and is_update(answer):
            return told(answer, operation, masker, self._link, subject=request.subject)
        return Called(request.subject, Fate.DONE, masker.answer(operation, answer), _named_so(request, answer))

    def _masker(self, request: Prepared, given: Given, answer: Any) -> Masker:
        """One that knows the secrets of what was acted on; an answer that is its whole config says itself which they
        are, and one that tells what was done says to what."""
        self._learn()
        subject, answered = given.subject, kind_answered(self.named.operation)
        target = answer.get("target") if is_update(answer) else None
        if isinstance(target, dict) and (spec := BY_CORE.get(str(target.get("type")))) and target.get("id"):
            return Masker(partial(self._secrets.of_one, spec, str(target["id"])), self._known)
        if answered is not None and not answered.flat:
            return Masker(partial(self._secrets.of_answer, answered, answer), self._known)
        if subject is None or subject.kind is None or answered is subject.kind:
            return Masker(self._secrets.variables, self._known)
        name = request.target.id if request.target else str(request.params[subject.param])
        return Masker(partial(self._secrets.of_one, subject.kind, name), self._known)

    def _learn(self) -> None:
        """What is answered without credentials is shown without them."""
        with suppress(CredentialsError):
            self._outside.learn()

    def _link(self, update: str) -> str:
        return self.manner.link(update) if update else ""

    def _send(self, request: Prepared) -> Any:
        try:
            return self._sent(request)
        except KomodoSyncError as error:
            error.hint = next_step(error, read=is_read(self.named))
            raise

    def _sent(self, request: Prepared) -> Any:
        name, params = self.named.name, request.params
        match self.named.operation.group:
            case "read":
                return self.reader.read(name, params)
            case "user":
                return self.reader.user()
            case "login":
                return self.reader.account(name)
            case "manage":
                return self.reader.account(name) if is_read(self.named) else self.writer.manage(name, params)
            case "write":
                return self._written(request)
            case _:
                return self._executed(request)

    def _written(self, request: Prepared) -> Any:
        def waiting(wait: Wait) -> None:
            if self.manner.stopped():
                raise StoppedError(f"stopped while it waited: {wait.why}", hint="nothing was written")
            self._heard(request)(wait)

        answer = self.writer.write(self.named.name, request.params, waiting=waiting)
        if is_update(answer) and not is_complete(answer) and self.manner.wait:
            return self._executor().completed(answer, timeout=self._timeout(request), heard=self._heard(request))
        return answer

    def _executed(self, request: Prepared) -> Any:
        executor, heard = self._executor(), self._heard(request)
        name, params, target = self.named.name, request.params, request.target
        if not self.manner.wait:
            return executor.start(name, params, target=target, heard=heard)
        return executor.run(name, params, target=target, timeout=self._timeout(request), heard=heard)

    def _timeout(self, request: Prepared) -> float:
        kind = BY_CORE[request.target.core].name if request.target else batched_kind(self.named.operation.name)
        if self.manner.timeout or not kind:
            return self.manner.timeout or TIMEOUT
        return timeout_of(Address(kind, request.subject), self.manner.timeouts)

    def _executor(self) -> Executor:
        return Executor(self.reader, self.writer, stopped=self.manner.stopped)

    def _heard(self, request: Prepared) -> Callable[[Wait], None]:
        def heard(wait: Wait) -> None:
            if wait.update:
                self._updates[request.subject] = wait.update
                if self.manner.abandoned():
                    raise UnfinishedError("not waited for any more: the Core goes on with it", update=wait.update)
            self.manner.heard(request.subject, wait)

        return heard

    def _batch(self, request: Prepared) -> Calls:
        """Each item's fate, and the answer as a whole."""
        operation = self.named.operation
        for done in side_by_side([partial(self._send, request)], 1, given_up=self.manner.abandoned):
            self.raw = done.result()
            break
        else:
            return self._calls((self._left(request),))
        kind = batched_kind(operation.name)
        secrets = partial(self._secrets.of_all, KINDS[kind]) if kind else self._secrets.variables
        masker = Masker(secrets, self._known)
        alive = partial(self._census.of, kind) if kind else list
        answer = self._outside.hidden(None, self.raw)
        found = fates(answer, operation, masker, self._link, alive)
        for each in found:
            self.manner.ended(each)
        return replace(self._calls(found), answer=masker.answer(operation, answer))

    def _matches(self, request: Prepared) -> tuple[str, ...] | None:
        pattern, kind = request.params.get("pattern"), batched_kind(self.named.operation.name)
        return matches(pattern, kind, self._census.of(kind)) if isinstance(pattern, str) and kind else None

    def _with_nearest(self, error: NotFoundError, given: Given) -> NotFoundError:
        """What was not found, with the nearest name that is there, where the Core tells."""
        subject = given.subject
        if subject is None or subject.kind is None or len(given.names) != 1:
            return error
        try:
            alive = self._census.of(subject.kind.name)
        except KomodoSyncError:
            return error
        if given.names[0] in {word for item in alive for word in (item.name, item.id)}:
            return error
        return missing(subject.kind, given.names[0], alive)

    def _calls(self, called: tuple[Called, ...]) -> Calls:
        operation = self.named.operation
        return Calls(operation.group, self.named.name, self.reader.host, called, stopped=self.manner.stopped())


def _named_so(request: Prepared, answer: Any) -> str:
    """A Core makes another name of one that it does not like, in silence."""
    asked, name = request.params.get("name"), answer.get("name") if isinstance(answer, dict) else None
    return f"the Core calls it {name}" if asked and isinstance(name, str) and name != asked else ""


def exit_code(calls: Calls) -> int:
    """0 all done, 1 none of it (nothing fits a pattern), 3 in part, 130 stopped."""
    if calls.stopped:
        return 130
    bad = calls.of(Fate.FAILED, Fate.UNFINISHED, Fate.NOT_STARTED)
    if not bad and calls.called:
        return 0
    return 3 if 0 < len(bad) < len(calls.called) else 1
