"""One connection to a Core: requests out, JSON back, every failure as an error of the tree."""

from __future__ import annotations

import logging
import re
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Literal, Self

import httpx

from komodo_sync.client.surroundings import open_client
from komodo_sync.client.throttling import PUT_OFF_FOR, Throttling
from komodo_sync.errors import (
    AnswerLostError,
    CoreConnectionError,
    KomodoSyncError,
    NotKomodoError,
    RejectedError,
    ThrottledError,
    TooOldError,
    UnreachableError,
    UntrustedError,
    UsageError,
)
from komodo_sync.model.known import Known
from komodo_sync.wire.core_text import Sent, beside_names
from komodo_sync.wire.credentials import key_headers
from komodo_sync.wire.failures import failure, read_json

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator

    from komodo_sync.client.greeting import Greeting
    from komodo_sync.model.sealed import Sealed

Route = Literal["read", "write", "execute", "auth/login", "auth/manage"]

# some writes clone a repository before they answer
TIMEOUT = httpx.Timeout(connect=5.0, read=120.0, write=60.0, pool=None)
OLDEST = (2, 0, 0)

_LOG = logging.getLogger(__name__)
_VERSION = re.compile(r"v?(\d+)\.(\d+)\.(\d+)\S*")


class ApiKey(httpx.Auth):
    """The headers of an API key. Being the client's auth, it also keeps a login in the URL from becoming an
    Authorization header, which a Core would take for a token and refuse."""

    def __init__(self, key: Sealed, secret: Sealed) -> None:
        self._headers = key_headers(key, secret)

    @property
    def values(self) -> list[str]:
        """Key and secret in clear, to be kept out of what is shown."""
        return list(self._headers.values())

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        request.headers.update(self._headers)
        yield request

    def __repr__(self) -> str:
        return "ApiKey(...)"


def in_process(app: Callable[..., Iterable[bytes]]) -> httpx.BaseTransport:
    """What carries requests to a WSGI application in this process. A ConnectionError that it raises is what a broken
    connection is over the network."""
    return _InProcess(app=app)


class _InProcess(httpx.WSGITransport):
    def handle_request(self, request: httpx.Request) -> httpx.Response:
        try:
            return super().handle_request(request)
        except ConnectionError as error:
            raise httpx.ReadError("the connection broke", request=request) from error


_BROKEN = "check the network and whether the Core was restarted, then plan again"
_NO_HTTP = "look whether that port speaks https: it breaks off what speaks http, so write https:// in the URL"


class Transport:
    """Speaks to the Core at `url`, over the network or through `through` (the embedded Core, a test).

    `host` is what messages and plans call it: host and port of the URL unless given. `patience`: seconds for each
    connection and answer, where they are to be fewer than usual. `known`: what no message may repeat; key and secret
    are learned. May be used from several threads.
    Redirects are not followed. What a proxy puts off is sent again: it never came to the Core. Raises UsageError when
    `url` is none.
    """

    def __init__(
        self,
        url: str,
        key: Sealed,
        secret: Sealed,
        *,
        through: httpx.BaseTransport | None = None,
        host: str = "",
        patience: float | None = None,
        known: Known | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        parsed = _parsed(url)
        self.host = host or parsed.netloc.decode("ascii")
        # without https and redirects nothing is to be verified, and loading the authorities takes its time
        verify = parsed.scheme == "https"
        self._auth = ApiKey(key, secret)
        self.known = Known() if known is None else known
        self.known.learn(self._auth.values)
        self._unfolding = threading.Lock()
        self._plain = parsed.scheme == "http"
        self._answered = False
        self._throttling = Throttling(self.host, PUT_OFF_FOR if patience is None else patience / 2, sleep)
        self._http = open_client(
            base_url=parsed.copy_with(userinfo=b""),
            auth=self._auth,
            transport=through,
            timeout=TIMEOUT if patience is None else patience,
            verify=verify,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Ends every connection."""
        self._http.close()

    def call(
        self, route: Route, operation: str, params: dict[str, Any], shape: Callable[[Any], Any] | None = None
    ) -> Any:
        """The JSON that the Core answers to `operation`, or what `shape` makes of it. Of the answers that come side by
        side one alone is unfolded at a time: whole they are large.

        Raises UnreachableError when the request certainly never arrived, AnswerLostError when it may have, and what
        `wire.failures` makes of an answer. What is asked of `auth/login` is asked without credentials.
        """
        body = {"type": operation, "params": params}
        answer = self._send("POST", f"/{route}", operation, body, signed=route != "auth/login")
        with self._unfolding:
            found = self._json(answer, operation, params if route not in ("read", "auth/login") else None)
            del answer
            return found if shape is None else shape(found)

    def user(self) -> dict[str, Any]:
        """The user whose key this is."""
        found = self._json(self._send("GET", "/user", "GET /user", None), "GET /user")
        if not isinstance(found, dict) or "_id" not in found:
            raise NotKomodoError(
                f"{self.host} answers GET /user without a user", hint="check that the URL is that of a Komodo Core"
            )
        return found

    def version(self) -> str:
        """The Core's version, as `2.3.2`. Raises TooOldError when it is older than 2.0."""
        answer = self._send("GET", "/version", "GET /version", None)
        if answer.status_code == 429:
            raise self._failure(answer, "GET /version")
        text = answer.text.strip() if answer.status_code == 200 and len(answer.content) < 100 else ""
        if not _VERSION.fullmatch(text):
            text = self._old_version(answer)
        found = _VERSION.fullmatch(text)
        if not found:
            raise NotKomodoError(
                f"{self.host} does not say which version of Komodo it is",
                hint="check that the URL is that of a Komodo Core, and that it is a release",
            )
        if tuple(map(int, found.groups())) < OLDEST:
            raise TooOldError(
                f"{self.host} is Komodo {text}, which is too old",
                detail="komodo-sync speaks to Komodo 2.0 and later",
                hint="upgrade the Core: https://komo.do/docs/releases",
            )
        return text

    def _old_version(self, answer: httpx.Response) -> str:
        """Cores before 2.0 have no /version, only the operation. When that fails as well, what /version answered
        says better what is wrong."""
        try:
            found = self.call("read", "GetVersion", {})
        except NotKomodoError:
            raise self._failure(answer, "GET /version") from None
        return str(found.get("version", "")) if isinstance(found, dict) else ""

    def _json(self, answer: httpx.Response, operation: str, written: dict[str, Any] | None = None) -> Any:
        """`written`: the parameters of what was to change something."""
        sent = Sent([beside_names(written), self._auth.values], written is not None, self.known)
        try:
            return read_json(
                answer.status_code, answer.headers, answer.content, operation=operation, host=self.host, sent=sent
            )
        except ThrottledError:
            raise
        except UnreachableError as error:
            if written is None and "retry-after" in answer.headers:
                raise  # it was waited for already
            # a gateway that gives up says nothing about what the Core behind it did
            raise AnswerLostError(error.summary, detail=error.detail, hint=error.hint) from None
        except NotKomodoError as error:
            if written is None or answer.status_code != 200:
                raise
            raise AnswerLostError(error.summary, detail=error.detail, hint=error.hint) from None

    def _failure(self, answer: httpx.Response, operation: str) -> KomodoSyncError:
        return failure(answer.status_code, answer.headers, answer.content, operation=operation, host=self.host)

    def greeting(self) -> Greeting:
        """What the host tells beside what it says, whatever it answers. Raises UnreachableError, UntrustedError or
        AnswerLostError."""
        from komodo_sync.client.greeting import read_greeting

        with self._translated("GET /version"), self._http.stream("GET", "/version") as answer:
            self._answered = True
            return read_greeting(answer)

    def _send(
        self, method: str, path: str, operation: str, body: dict[str, Any] | None, *, signed: bool = True
    ) -> httpx.Response:
        def send() -> httpx.Response:
            with self._translated(operation):
                answer = self._http.request(method, path, json=body, auth=self._auth if signed else None)
                # an answer and its stream know each other: a ring that would keep each body until the process ends
                answer.stream = httpx.ByteStream(b"")
                self._answered = True
            # neither what was sent nor what was answered: both hold secrets
            _LOG.debug("asked %s for %s: %s", self.host, operation, answer.status_code)
            return answer

        def again(answer: httpx.Response) -> bool:
            if answer.status_code == 503:  # the Core may have taken it
                return path not in ("/write", "/execute", "/auth/manage") and "retry-after" in answer.headers
            return answer.status_code == 429 and isinstance(self._failure(answer, operation), ThrottledError)

        return self._throttling.answered(send, again)

    @contextmanager
    def _translated(self, operation: str) -> Iterator[None]:
        """Failures of the connection as errors of the tree."""
        try:
            yield
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.UnsupportedProtocol) as error:
            raise self._unreachable(error) from None
        except httpx.TimeoutException:
            raise AnswerLostError(
                f"{self.host} did not answer {operation} in {TIMEOUT.read:.0f} seconds",
                hint="look at the Core's load and log, then plan again: a write goes on in the Core after we gave up",
                timed_out=True,
            ) from None
        except (httpx.TransportError, httpx.DecodingError) as error:
            raise AnswerLostError(
                f"the connection to {self.host} broke during {operation}",
                detail=type(error).__name__,
                hint=_BROKEN if self._answered or not self._plain else f"{_NO_HTTP}; else {_BROKEN}",
            ) from None
        except ValueError:
            raise RejectedError(
                f"{operation} holds what JSON cannot say",
                hint="look for half of a surrogate pair (\\ud800 to \\udfff), NaN or infinity among the values",
            ) from None

    def _unreachable(self, error: httpx.TransportError) -> CoreConnectionError:
        text = str(error)
        if "CERTIFICATE" in text.upper() or "SSL" in text.upper():
            return UntrustedError(
                f"no trusted connection to {self.host}",
                detail=text,
                hint="check https or http in the URL; for a private certificate authority set SSL_CERT_FILE",
            )
        timed_out = isinstance(error, httpx.TimeoutException)
        return UnreachableError(
            f"{self.host} cannot be reached",
            detail=f"no connection in {TIMEOUT.connect:.0f} seconds" if timed_out else text,
            hint="check the URL, the network, and that the Core runs (HTTPS_PROXY and NO_PROXY are used if set)",
        )


def _parsed(url: str) -> httpx.URL:
    try:
        parsed = httpx.URL(url)
    except (httpx.InvalidURL, ValueError):
        parsed = httpx.URL("")
    if parsed.scheme not in ("http", "https") or not parsed.host:
        raise UsageError("the Core's URL is none", hint="write scheme, host and port: https://komodo.example.com")
    return parsed
