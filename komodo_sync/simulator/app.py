"""The embedded Core as a WSGI application: routes, credentials, bodies, and errors as Core answers them."""

from __future__ import annotations

import sqlite3
import time
import traceback
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from komodo_sync.operations import renamed
from komodo_sync.simulator import account_routes
from komodo_sync.simulator.auth import Doorkeeper
from komodo_sync.simulator.executions import settle
from komodo_sync.simulator.failures import DroppedError, MalformedError, NotServedError, RefusalError, UnreadableError
from komodo_sync.simulator.items import VERSION
from komodo_sync.simulator.jsontext import Doubled, JsonText, parse, write
from komodo_sync.simulator.parameters import read_parameters
from komodo_sync.simulator.requests import Call, State
from komodo_sync.simulator.served import HANDLERS, PERFORMERS
from komodo_sync.simulator.storage import storage_error
from komodo_sync.simulator.undocumented import known

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from komodo_sync.simulator.faults import Fault
    from komodo_sync.simulator.requests import User

    StartResponse = Callable[[str, list[tuple[str, str]]], object]

AUTH_VERSION = "1.8.0"
MAX_BODY = 2 * 1024 * 1024
DEFECT = "the embedded Core has a defect"
JSON = "application/json"
HTML = "text/html"
TEXT = "text/plain"
UI = '<!doctype html><html><head><title>Komodo</title></head><body><div id="root"></div></body></html>'
LOGIN = "<!doctype html><html><head><title>Sign in</title></head><body><form>password</form></body></html>"
_GROUPS = ("read", "write", "execute")
_OPERATIONS = {group: known(group) for group in _GROUPS}
_AUTH = {"login": account_routes.LOGIN, "manage": account_routes.MANAGE}


class Answer(NamedTuple):
    """What is answered: status, type of content, text."""

    status: int
    kind: str
    text: str


class InsteadError(Exception):
    """An answer that takes the place of the one that was asked for (a fault)."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status)
        self.answer = answer


class Request:
    """One HTTP request as far as Core looks at it."""

    def __init__(self, environ: dict[str, Any]) -> None:
        self.method: str = environ["REQUEST_METHOD"]
        self.path: str = environ.get("PATH_INFO", "/")
        self.headers = {
            name[5:].lower().replace("_", "-"): value for name, value in environ.items() if name.startswith("HTTP_")
        }
        self.content_type: str = environ.get("CONTENT_TYPE", "") or ""
        self.address = (
            self.headers.get("x-forwarded-for", "").split(",")[0].strip()
            or self.headers.get("x-real-ip", "")
            or environ.get("REMOTE_ADDR", "")
        )
        self._environ = environ

    def body(self) -> Any:
        """The JSON of the body. 415, 413, or UnreadableError."""
        kind = self.content_type.split(";")[0].strip().lower()
        if not (kind == JSON or (kind.startswith("application/") and kind.endswith("+json"))):
            raise RefusalError(f"Expected request with `Content-Type: {JSON}`", status=415)
        try:
            length = int(self._environ.get("CONTENT_LENGTH") or -1)
        except ValueError:
            length = -1
        stream = self._environ["wsgi.input"]
        data: bytes = stream.read(length) if 0 <= length <= MAX_BODY else stream.read(MAX_BODY + 1)
        if max(length, len(data)) > MAX_BODY:
            raise RefusalError("Failed to buffer the request body: length limit exceeded", status=413)
        return parse(data)


class App:
    """`app(environ, start_response)`. `requests` has the names of the operations that were asked for, in order."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.requests: list[str] = []
        self._door = Doorkeeper(state.storage, state.clock)
        self._logins = Doorkeeper(state.storage, state.clock)

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        answer = self._answer(Request(environ))
        body = answer.text.encode()
        headers = [("Content-Type", answer.kind), ("Content-Length", str(len(body)))]
        start_response(f"{answer.status} {HTTPStatus(answer.status).phrase}", headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]

    def _answer(self, request: Request) -> Answer:
        try:
            with self.state.storage.lock:
                self.state.storage.look()
                settle(self.state, PERFORMERS)
            return self._route(request)
        except InsteadError as instead:
            return instead.answer
        except RefusalError as refusal:
            return _error(refusal.status, refusal.error, *refusal.trace)
        except UnreadableError as error:
            return _error(400, f"Failed to parse the request body as JSON: {error}")
        except NotServedError as error:
            return _error(501, str(error))
        except DroppedError:
            raise
        except sqlite3.Error as error:
            found = storage_error(self.state.storage.path, error)
            return _error(500, found.summary, found.detail, found.hint)
        except Exception as error:  # whatever it is, a client gets an answer that says what it is
            where = traceback.extract_tb(error.__traceback__)[-1]
            place = f"{Path(where.filename).name}:{where.lineno}"
            return _error(500, f"{DEFECT}: {type(error).__name__}: {error}", place)

    def _route(self, request: Request) -> Answer:
        first, _, rest = request.path.removeprefix("/").partition("/")
        if request.path == "/version":
            return self._version() if request.method in READS else NO_METHOD
        if request.path == "/user":
            return self._user(request)
        if request.path == "/auth/version" and request.method == "GET":
            return Answer(200, TEXT, AUTH_VERSION)
        if first == "auth" and rest:
            return self._auth(request, *rest.partition("/")[::2])
        if first == "listener":
            return NO_METHOD
        if first not in _GROUPS or request.path.endswith("/") or "/" in rest:
            return NO_PAGE if request.method in ("GET", "HEAD") else NO_METHOD
        user = self._door.admit(request.headers, request.address)
        if request.method != "POST":
            return NO_METHOD
        return self._operation(request, user, first, rest)

    def _version(self) -> Answer:
        self._go_wrong("read", "GET /version", ())
        version = self.state.faults.version or VERSION
        # the route came with 2.0
        return NO_PAGE if version.startswith("1.") else Answer(200, TEXT, version)

    def _user(self, request: Request) -> Answer:
        user = self._door.admit(request.headers, request.address, disabled=True)
        if request.method not in READS:
            return NO_METHOD
        self.requests.append("GET /user")
        self._go_wrong("read", "GET /user", ())
        return Answer(200, JSON, write(user.document))

    def _auth(self, request: Request, which: str, name: str) -> Answer:
        handlers = _AUTH.get(which)
        if handlers is None or request.method != "POST":
            return NO_PAGE if request.method == "GET" else NO_METHOD
        user = self._door.admit(request.headers, request.address) if which == "manage" else None
        name, params, malformed = _named(request, name)
        if name not in handlers:
            raise malformed(f"unknown variant `{name}`, expected one of {', '.join(handlers)}")
        self.requests.append(name)

        def answer() -> Answer:
            with self.state.storage.transaction():
                try:
                    return Answer(200, JSON, write(handlers[name](self.state, user, params)))
                except MalformedError as error:
                    raise malformed(str(error)) from None

        return self._logins.guard(request.address, answer) if name in account_routes.GUARDED else answer()

    def _operation(self, request: Request, user: User, group: str, name: str) -> Answer:
        name, params, malformed = _named(request, name)
        name = renamed().get(name, name)
        found = _OPERATIONS[group].get(name)
        if found is None:
            words = ", ".join(f"`{word}`" for word in _OPERATIONS[group])
            raise malformed(f"unknown variant `{name}`, expected one of {words}")
        self.requests.append(name)
        try:
            call = Call(self.state, user, group, name, read_parameters(found, params))
            subjects = call.subjects() if self.state.faults.faults else ()
            fault = self._go_wrong(group, name, subjects)
            answer = write(self._perform(call))
        except MalformedError as error:
            raise malformed(str(error)) from None
        if fault and fault.what == "drop":
            raise DroppedError
        return Answer(200, JSON, answer)

    def _perform(self, call: Call) -> JsonText:
        handler = HANDLERS.get(call.operation)
        if handler is None:
            raise NotServedError(f"{call.operation} is not served by the embedded Core")
        if call.group == "read":
            with self.state.storage.lock:
                return write(handler(call))
        refused: RefusalError | None = None
        with self.state.storage.transaction():
            try:
                answer = write(handler(call))
            except RefusalError as failure:
                # Core has no transactions: what was written before the refusal stays
                refused = failure
        if refused:
            raise refused
        return answer

    def _go_wrong(self, group: str, name: str, subjects: tuple[str, ...]) -> Fault | None:
        """Does what the faults say before an operation; answers one that concerns its end."""
        faults = self.state.faults
        if not faults.faults:
            return None
        slow = faults.take(group, name, subjects, "slow")
        if slow:
            time.sleep(slow.seconds)
        if group == "execute":
            fault = faults.take(group, name, subjects, "html", "empty", "drop", "refuse", *_STATUSES)
        else:
            fault = faults.take(group, name, subjects, "html", "empty", "drop", "refuse", "busy", "fail", *_STATUSES)
        if fault is None or fault.what == "drop":
            return fault
        raise _wrong(fault, name)


READS = ("GET", "HEAD")
NO_PAGE = Answer(404, HTML, UI)
NO_METHOD = Answer(405, TEXT, "")
_STATUSES = tuple(str(status) for status in range(400, 600))


def _wrong(fault: Fault, name: str) -> Exception:
    match fault.what:
        case "html":
            return InsteadError(Answer(200, HTML, LOGIN))
        case "empty":
            return InsteadError(Answer(200, JSON, ""))
        case "refuse":
            return DroppedError()
        case "busy":
            return RefusalError(f"{_subject(name)} busy")
        case "429":
            return RefusalError("Too many attempts | Try again in 12s", status=429)
        case "401":
            return RefusalError("Invalid user credentials | You have 4 attempts remaining", status=401)
        case "fail":
            return RefusalError("told to fail")
        case status:
            return RefusalError(f"told to answer {status}", status=int(status))


def _subject(name: str) -> str:
    for verb in ("Update", "Delete", "Rename", "Create"):
        if name.startswith(verb):
            return name.removeprefix(verb)
    return "Resource"


def _named(request: Request, name: str) -> tuple[str, Any, Callable[[str], RefusalError]]:
    """The operation and its parameters, from the path or the body; and how that route refuses what does not fit."""
    body = request.body()
    if name:
        return name, body, lambda text: RefusalError(text)

    def malformed(text: str) -> RefusalError:
        return RefusalError(f"Failed to deserialize the JSON body into the target type: {text}", status=422)

    if not isinstance(body, dict):
        raise malformed("invalid type, expected an object")
    for part in ("type", "params"):
        if part not in body:
            raise malformed(f"missing field `{part}`")
    if not isinstance(body["type"], str):
        raise UnreadableError("expected value")
    if isinstance(body, Doubled) and body.doubled & {"type", "params"}:
        raise malformed("duplicate field")
    return body["type"], body["params"], malformed


def _error(status: int, error: str, *trace: str) -> Answer:
    return Answer(status, JSON, write({"error": error, "trace": list(trace)}))
