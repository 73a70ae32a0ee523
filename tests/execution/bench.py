"""An embedded Core between which and the Writer things go wrong as told, and plans made by hand."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import httpx

from komodo_sync.client.reader import Reader
from komodo_sync.client.snapshot import observe
from komodo_sync.client.transport import Transport
from komodo_sync.client.writer import Writer
from komodo_sync.execution import Pace, apply
from komodo_sync.execution.stop import StopFlag
from komodo_sync.kinds import KINDS
from komodo_sync.model.address import Address
from komodo_sync.model.plan import (
    Action,
    Change,
    CoreFacts,
    Execution,
    Payload,
    Plan,
    Planned,
    Resource,
    Scope,
    Step,
    Summary,
    Visibility,
)
from komodo_sync.model.sealed import Sealed
from komodo_sync.wire.declared_secrets import Texts

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from komodo_sync.model.observed import Observed
    from komodo_sync.model.outcome import Status, StepOutcome, Wait
    from komodo_sync.simulator import EmbeddedCore


@dataclass
class Heard:
    """A Listener that remembers."""

    begun: list[Step] = field(default_factory=list)
    waits: list[tuple[Step, str]] = field(default_factory=list)
    lengths: list[tuple[float, float]] = field(default_factory=list)
    ended: list[StepOutcome] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def started(self, step: Step) -> None:
        self.begun.append(step)

    def waiting(self, step: Step, wait: Wait) -> None:
        self.waits.append((step, wait.why))
        self.lengths.append((wait.seconds, wait.limit))

    def finished(self, outcome: StepOutcome) -> None:
        self.ended.append(outcome)

    def note(self, text: str) -> None:
        self.notes.append(text)


class Wire(httpx.BaseTransport):
    """Hands requests on to the Core. `faults` are, for an operation, what becomes of its next requests:

    pass  as it should      drop   done, the connection breaks before the answer     lose  the same, but not done
    late  done by nobody now, and by `later` afterwards: the answer times out        refuse  no connection came about
    or a response that is given instead, or a function that is called with the request and whose result is given.
    """

    def __init__(self, core: EmbeddedCore) -> None:
        self._inner = httpx.WSGITransport(app=core.app)
        self.faults: dict[str, list[Any]] = {}
        self.sent: list[str] = []
        self.bodies: list[dict[str, Any]] = []
        self._held: list[httpx.Request] = []
        self._lock = threading.Lock()
        self.running = 0
        self.most = 0

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        body = json.loads(request.read()) if request.method == "POST" else {"type": request.url.path}
        with self._lock:
            self.sent.append(body["type"])
            self.bodies.append(body)
            waiting = self.faults.get(body["type"], [])
            fault = waiting.pop(0) if waiting else "pass"
            self.running += 1
            self.most = max(self.most, self.running)
        try:
            return self._answer(request, fault)
        finally:
            with self._lock:
                self.running -= 1

    def later(self) -> None:
        """Does what was held back."""
        while self._held:
            self._inner.handle_request(self._held.pop(0))

    def _answer(self, request: httpx.Request, fault: Any) -> httpx.Response:
        if isinstance(fault, httpx.Response):
            return fault
        if callable(fault):
            answer: httpx.Response = fault(request)
            return answer
        match fault:
            case "refuse":
                raise httpx.ConnectError("Connection refused")
            case "lose":
                raise httpx.ReadError("reset")
            case "late":
                self._held.append(request)
                raise httpx.ReadTimeout("late")
            case "drop":
                self._inner.handle_request(request)
                raise httpx.ReadError("reset")
            case _:
                return self._inner.handle_request(request)

    def pass_on(self, request: httpx.Request) -> httpx.Response:
        """As it should be answered."""
        return self._inner.handle_request(request)


@dataclass
class Bench:
    """Everything that an apply needs, and what it did."""

    core: EmbeddedCore
    wire: Wire
    transport: Transport
    pauses: list[float] = field(default_factory=list)
    heard: Heard = field(default_factory=Heard)
    stop: StopFlag = field(default_factory=StopFlag)
    on_pause: Callable[[], None] = lambda: None
    ahead: list[float] = field(default_factory=lambda: [0.0])
    pace: Pace = field(default_factory=Pace)
    texts: Texts = field(default_factory=Texts)

    def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.ahead[0] += seconds
        self.on_pause()

    def now(self) -> float:
        """Seconds as this apply sees them: they pass while it sleeps, which is over at once."""
        return self.ahead[0]

    @property
    def reader(self) -> Reader:
        return Reader(self.transport, sleep=self.sleep)

    @property
    def writer(self) -> Writer:
        return Writer(self.transport, sleep=self.sleep, now=self.now)

    def observe(self) -> Observed:
        return observe(self.reader, set(KINDS), states=False)

    def make(self, kind: str, name: str, config: Mapping[str, Any] | None = None) -> str:
        """Creates it without any fault; gives its id."""
        spec = KINDS[kind]
        params: dict[str, Any] = {"name": name}
        params |= dict(config or {}) if spec.flat else ({"config": config} if config else {})
        answer = self.transport.call("write", spec.create, params)
        self.wire.sent.clear()
        self.wire.bodies.clear()
        return str(answer.get("_id", {}).get("$oid", ""))

    def apply(
        self,
        *waves: list[Payload],
        needs: Mapping[str, list[str]] | None = None,
        parallelism: int = 4,
        faults: Mapping[str, list[Any]] | None = None,
    ) -> dict[str, StepOutcome]:
        """Applies hand-made waves. `needs` is by the text of a step (`stack/web create`); `faults` begin after the
        snapshot that the plan is made from."""
        planned = plan_of(self.observe(), waves, needs or {})
        self.wire.sent.clear()
        self.wire.bodies.clear()
        self.wire.most = 0
        self.heard.ended.clear()
        self.wire.faults.update(faults or {})
        outcomes = apply(
            planned,
            self.writer,
            self.reader,
            parallelism=parallelism,
            listener=self.heard,
            stop=self.stop,
            pace=self.pace,
            texts=lambda: self.texts,
        )
        assert [outcome.step for outcome in outcomes] == [step for wave in planned.plan.waves for step in wave]
        assert {outcome.step for outcome in self.heard.ended} == {outcome.step for outcome in outcomes}
        return {str(outcome.step): outcome for outcome in outcomes}

    @property
    def writes(self) -> list[str]:
        """The writes that were sent, in order."""
        return [name for name in self.wire.sent if not name.startswith(("List", "Get", "/"))]


def plan_of(observed: Observed, waves: tuple[list[Payload], ...], needs: Mapping[str, list[str]]) -> Planned:
    steps = {Step(payload.address, payload.action): payload for wave in waves for payload in wave}
    by_text = {str(step): step for step in steps}
    resources = tuple(
        Resource(
            step.address,
            "",
            (Change(step.action, "", needs=tuple(by_text[text] for text in needs.get(str(step), []))),),
        )
        for step in steps
    )
    plan = Plan(
        core=CoreFacts(observed.host, observed.version),
        scope=Scope(),
        visibility=Visibility(observed.user, observed.admin, tuple(sorted(observed.kinds))),
        resources=resources,
        waves=tuple(tuple(Step(payload.address, payload.action) for payload in wave) for wave in waves),
        findings=(),
        summary=Summary({}, len(steps), 0),
    )
    return Planned(plan, steps, {address: item.id for address, item in observed.resources.items()})


def create(address: str, **values: Any) -> Payload:
    meta = {name: values.pop(name) for name in ("tags", "description", "template") if name in values}
    return Payload(Address.parse(address), Action.CREATE, config=values, **meta)


def update(address: str, identity: str = "", **values: Any) -> Payload:
    meta = {name: values.pop(name) for name in ("tags", "description", "template") if name in values}
    return Payload(Address.parse(address), Action.UPDATE, id=identity, config=values, **meta)


def rename(old: str, address: str, identity: str) -> Payload:
    return Payload(Address.parse(address), Action.RENAME, id=identity, previous=old)


def delete(address: str, identity: str = "") -> Payload:
    return Payload(Address.parse(address), Action.DELETE, id=identity)


def execute(address: str, action: Action, operation: str, identity: str = "", **more: Any) -> Payload:
    """A step that has the Core do something; `more` are fields of the Execution."""
    parsed = Address.parse(address)
    return Payload(parsed, action, id=identity, execution=Execution(operation, parsed.kind, **more))


def deploy(address: str, identity: str = "", **more: Any) -> Payload:
    operations = {"stack": "DeployStack", "deployment": "Deploy", "build": "RunBuild", "repo": "PullRepo"}
    return execute(address, Action.DEPLOY, operations[Address.parse(address).kind], identity, **more)


def statuses(outcomes: Mapping[str, StepOutcome]) -> dict[str, Status]:
    return {text: outcome.status for text, outcome in outcomes.items()}


def transport_to(core: EmbeddedCore, wire: Wire) -> Transport:
    return Transport("http://embedded", Sealed(core.key), Sealed(core.secret), through=wire)
