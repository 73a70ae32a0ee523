"""Somebody who asks an embedded Core in process, and a Core whose clock the test holds."""

from __future__ import annotations

from typing import Any

import httpx

from komodo_sync.simulator import EmbeddedCore


class Asker:
    """Sends operations as one user. `read`, `write`, `execute` answer the JSON of a success."""

    def __init__(self, core: EmbeddedCore, key: str = "", secret: str = "") -> None:
        self.core = core
        self.http = httpx.Client(
            transport=httpx.WSGITransport(app=core.app),
            base_url="http://core",
            headers={"X-Api-Key": key or core.key, "X-Api-Secret": secret or core.secret},
        )

    def send(self, group: str, operation: str, **params: Any) -> httpx.Response:
        return self.http.post(f"/{group}", json={"type": operation, "params": params})

    def _good(self, group: str, operation: str, params: dict[str, Any]) -> Any:
        answer = self.send(group, operation, **params)
        assert answer.status_code == 200, (operation, params, answer.status_code, answer.text)
        return answer.json()

    def read(self, operation: str, **params: Any) -> Any:
        return self._good("read", operation, params)

    def write(self, operation: str, **params: Any) -> Any:
        return self._good("write", operation, params)

    def execute(self, operation: str, **params: Any) -> Any:
        return self._good("execute", operation, params)

    def refused(self, group: str, operation: str, **params: Any) -> tuple[int, str, list[str]]:
        """Status, error and trace of a request that is not a success."""
        answer = self.send(group, operation, **params)
        assert answer.status_code != 200, (operation, params, answer.text)
        body = answer.json()
        return answer.status_code, body["error"], body["trace"]

    def run(self, operation: str, **params: Any) -> Any:
        """The complete Update of an execution; the Core's clock is moved on for it."""
        update = self.execute(operation, **params)
        assert (update["status"], update["success"], update["logs"]) == ("InProgress", True, [])
        self.core.clock.pass_by(self.core.state.pace)
        return self.read("GetUpdate", id=update["_id"]["$oid"])

    def config(self, kind: str, param: str, name: str) -> Any:
        return self.read(f"Get{kind}", **{param: name})["config"]


class Clock:
    """A clock that stands still until it is told to go on."""

    def __init__(self) -> None:
        self.now = 1_790_000_000_000

    def __call__(self) -> int:
        return self.now

    def pass_by(self, milliseconds: int) -> None:
        self.now += milliseconds


class TimedCore(EmbeddedCore):
    """An embedded Core whose clock the test holds."""

    clock: Clock


def timed(*faults: str) -> TimedCore:
    clock = Clock()
    core = TimedCore.open(faults=faults, clock=clock)
    assert isinstance(core, TimedCore)
    core.clock = clock
    return core
