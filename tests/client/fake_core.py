"""A Core made of functions, and what was asked of it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

import httpx

from komodo_sync.client.reader import Reader
from komodo_sync.client.transport import Transport
from komodo_sync.client.writer import Writer
from komodo_sync.model.sealed import Sealed

PAGE = "<!DOCTYPE html><html><body>Please log in</body></html>"


def page(status: int = 200) -> httpx.Response:
    """A login page."""
    return httpx.Response(status, html=PAGE)


def refusal(status: int, error: str, *trace: str) -> httpx.Response:
    """An error as a Core answers it."""
    return httpx.Response(status, json={"error": error, "trace": list(trace)})


@dataclass
class FakeCore:
    """Answers by operation (`GET /version` and `GET /user` too): a response, JSON, an exception to raise, or Several.
    `asked` are the operations in order, `requests` all of them, `pauses` the seconds that were to be waited."""

    answers: dict[str, Any] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    requests: list[httpx.Request] = field(default_factory=list)
    pauses: list[float] = field(default_factory=list)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        name = json.loads(request.content)["type"] if request.method == "POST" else f"GET {request.url.path}"
        self.asked.append(name)
        self.requests.append(request)
        answer = self.answers.get(name, self.answers.get("*", []))
        if isinstance(answer, Several):
            answer = answer.next()
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, httpx.Response):
            return httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)
        return httpx.Response(200, json=answer)

    def transport(self, url: str = "https://core.example:9120") -> Transport:
        return Transport(
            url, Sealed("the-key"), Sealed("the-secret"), through=httpx.MockTransport(self), sleep=self.pauses.append
        )

    def reader(self) -> Reader:
        return Reader(self.transport(), sleep=self.pauses.append)

    def writer(self) -> Writer:
        return Writer(self.transport(), sleep=self.pauses.append)


class Several:
    """One answer for each request; the last stays."""

    def __init__(self, *answers: Any) -> None:
        self._answers = list(answers)

    def next(self) -> Any:
        return self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
