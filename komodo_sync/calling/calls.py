"""An operation done to each of its subjects, several at once; what became of each."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from komodo_sync.calling.batches import batched_kind, fates, matches
from komodo_sync.calling.masking import Masker
from komodo_sync.calling.nature import READS, is_read
from komodo_sync.calling.stages import is_update, told
from komodo_sync.calling.targets import Living, chosen, has_wildcards, living, missing
from komodo_sync.client.threads import side_by_side
from komodo_sync.client.updates import TIMEOUT, Executor, Target, is_complete
from komodo_sync.errors import (
    AnswerLostError,
    CoreConnectionError,
    KomodoSyncError,
    NotFoundError,
    StoppedError,
    UnfinishedError,
)
from komodo_sync.kinds import KINDS
from komodo_sync.model.called import Called, Calls, Fate, Request

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from komodo_sync.calling.naming import Named
    from komodo_sync.calling.parameters import Given
    from komodo_sync.client.reader import Reader
    from komodo_sync.client.writer import Writer
    from komodo_sync.model.outcome import Wait


def _quiet(_subject: str, _wait: Wait) -> None:
    """Nobody wants to know."""


def _no_link(_update: str) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Manner:
    """How calls are made.

    wait         whether executions are waited for, each for at most `timeout` seconds
    parallelism  how many run at once
    stopped      whether nothing new is to begin; `abandoned`: whether nothing is waited for either
    heard        is told of every pause, and for which subject; `ended` of every call that ended
    link         where an Update is to be seen
    """

    wait: bool = True
    timeout: float = TIMEOUT
    parallelism: int = 8
    stopped: Callable[[], bool] = lambda: False
    abandoned: Callable[[], bool] = lambda: False
    heard: Callable[[str, Wait], None] = _quiet
    ended: Callable[[Called], None] = lambda _called: None
    link: Callable[[str], str] = _no_link


@dataclass(frozen=True, slots=True, repr=False)
class Prepared:
    """One request that is ready to be sent. `raw` in its fate: see `Caller.raw`."""

    subject: str
    params: dict[str, Any]
    target: Target | None = None


@dataclass(slots=True, repr=False)
class Caller:
    """Calls one operation. `raw`: the last answer as it came, secrets included; never to be shown."""

    named: Named
    reader: Reader
    writer: Writer
    manner: Manner = field(default_factory=Manner)
    raw: Any = None
    _masker: Masker = field(init=False)
    _alive: list[Living] | None = None

    def __post_init__(self) -> None:
        self._masker = Masker(self._secrets)

    def prepared(self, given: Given) -> list[Prepared]:
        """A request for each subject, with what wildcards mean now. Raises NotFoundError before anything is done."""
        subject, names = given.subject, given.names
        if subject is None or not names:
            return [Prepared("", self._whole(given.params))]
        if subject.kind is None:
            # the names of a batch are one pattern
            words = ["\n".join(names)] if subject.param == "pattern" else names
            return [Prepared(name.replace("\n", ", "), self._params(given, name)) for name in words]
        looks = self.named.operation.group == "execute" or subject.by_id
        if not looks and len(names) == 1 and not has_wildcards(names[0]):
            return [Prepared(names[0], self._params(given, names[0]))]
        spec = subject.kind
        self._alive = living(self.reader, spec)
        return [
            Prepared(
                item.name, self._params(given, item.id if subject.by_id else item.name), Target(spec.core, item.id)
            )
            for item in chosen(spec, names, self._alive)
        ]

    def _whole(self, params: Mapping[str, Any]) -> dict[str, Any]:
        """With these a list is answered as a whole: otherwise a Core since 2.3 answers its first 50 alone."""
        paged = self.named.operation.params.keys() >= {"page", "limit"} and params.keys().isdisjoint(("page", "limit"))
        return {**params, "page": 0, "limit": 0} if paged else dict(params)

    def _params(self, given: Given, name: str) -> dict[str, Any]:
        """All parameters, in the order of the catalogue."""
        assert given.subject is not None
        found = {**given.params, given.subject.param: name}
        return {each: found[each] for each in self.named.operation.params if each in found}

    def would_send(self, requests: Sequence[Prepared]) -> Calls:
        """The requests, sent to nobody."""
        shown = tuple(
            Request(each.subject, self._masker.params(self.named.operation, each.params), self._matches(each))
            for each in requests
        )
        return replace(self._calls(()), requests=shown)

    def call(self, given: Given, requests: Sequence[Prepared]) -> Calls:
        """Sends them. Where there is one request only, what keeps it from being answered is raised; of several, it is
        told by the fate of each."""
        if len(requests) == 1 and "pattern" not in requests[0].params:
            called = (self._one(requests[0], given),)
            self.manner.ended(called[0])
            return self._calls(called)
        if len(requests) == 1:
            items = self._batch(requests[0])
            for item in items:
                self.manner.ended(item)
            return replace(self._calls(items), answer=self._masker.answer(self.named.operation, self.raw))
        return self._calls(self._several(requests, given))

    def _several(self, requests: Sequence[Prepared], given: Given) -> tuple[Called, ...]:
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
                # after these every further call would fail alike, and a wrong key locks the address out
                if isinstance(error, CoreConnectionError) and not isinstance(error, AnswerLostError):
                    lost.append(error)
                said = "; ".join([error.summary, *filter(None, error.detail.splitlines())])
                return Called(request.subject, Fate.FAILED, message=said, hint=error.hint)

        tasks = [partial(one, index) for index in range(len(requests))]
        workers = 1 if given.subject is not None and not given.subject.many else self.manner.parallelism
        for done in side_by_side(tasks, workers, given_up=self.manner.abandoned):
            found[done.index] = done.result()
            self.manner.ended(found[done.index])
        left = "not waited for: the Core may be doing it"
        return tuple(
            found.get(index) or Called(request.subject, Fate.UNFINISHED, message=left)
            for index, request in enumerate(requests)
        )

    def _one(self, request: Prepared, given: Given) -> Called:
        operation = self.named.operation
        try:
            answer = self._send(request)
        except NotFoundError as error:
            raise self._with_nearest(error, given) from None
        except UnfinishedError as error:
            link = self.manner.link(error.update)
            return Called(
                request.subject, Fate.UNFINISHED, message=error.summary, hint=error.hint, update=error.update, link=link
            )
        self.raw = answer
        if operation.group not in READS and is_update(answer):
            return told(answer, operation, self._masker, self.manner.link, subject=request.subject)
        return Called(request.subject, Fate.DONE, self._masker.answer(operation, answer))

    def _send(self, request: Prepared) -> Any:
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
            return self._executor().completed(answer, timeout=self.manner.timeout, heard=self._heard(request))
        return answer

    def _executed(self, request: Prepared) -> Any:
        executor, heard = self._executor(), self._heard(request)
        name, params, target = self.named.name, request.params, request.target
        if not self.manner.wait:
            return executor.start(name, params, target=target, heard=heard)
        return executor.run(name, params, target=target, timeout=self.manner.timeout, heard=heard)

    def _executor(self) -> Executor:
        return Executor(self.reader, self.writer, stopped=self.manner.stopped)

    def _heard(self, request: Prepared) -> Callable[[Wait], None]:
        def heard(wait: Wait) -> None:
            if self.manner.abandoned() and wait.update:
                raise UnfinishedError("not waited for any more: the Core goes on with it", update=wait.update)
            self.manner.heard(request.subject, wait)

        return heard

    def _batch(self, request: Prepared) -> tuple[Called, ...]:
        """Each item's fate."""
        operation = self.named.operation
        answer = self.raw = self._send(request)
        kind = batched_kind(operation.name)
        return fates(answer, operation, self._masker, self.manner.link, lambda: self._living(kind) if kind else ())

    def _matches(self, request: Prepared) -> tuple[str, ...] | None:
        pattern, kind = request.params.get("pattern"), batched_kind(self.named.operation.name)
        return matches(pattern, kind, self._living(kind)) if isinstance(pattern, str) and kind else None

    def _living(self, kind: str) -> list[Living]:
        if self._alive is None:
            self._alive = living(self.reader, KINDS[kind])
        return self._alive

    def _with_nearest(self, error: NotFoundError, given: Given) -> NotFoundError:
        """What was not found, with the nearest name that is there, where the Core tells."""
        subject = given.subject
        if subject is None or subject.kind is None or len(given.names) != 1:
            return error
        try:
            alive = self._living(subject.kind.name)
        except KomodoSyncError:
            return error
        if given.names[0] in {word for item in alive for word in (item.name, item.id)}:
            return error
        return missing(subject.kind, given.names[0], alive)

    def _secrets(self) -> list[str]:
        """The values of the Core's secret variables, as far as the key may see them."""
        try:
            variables = self.reader.read("ListVariables", {})
        except KomodoSyncError:
            return []
        return [str(item["value"]) for item in variables if item.get("is_secret") and set(str(item["value"])) != {"#"}]

    def _calls(self, called: tuple[Called, ...]) -> Calls:
        operation = self.named.operation
        return Calls(operation.group, self.named.name, self.reader.host, called, stopped=self.manner.stopped())


def exit_code(calls: Calls) -> int:
    """0 all done, 1 none of it (nothing fits a pattern), 3 in part, 130 stopped."""
    if calls.stopped:
        return 130
    bad = calls.of(Fate.FAILED, Fate.UNFINISHED, Fate.NOT_STARTED)
    if not bad and calls.called:
        return 0
    return 3 if 0 < len(bad) < len(calls.called) else 1
