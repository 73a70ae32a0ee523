"""What an answer that is no success means: status and text -> an error of the tree.

Core answers 500 for nearly everything, so that the text decides, in `error` and in each `trace`. What of it is repeated
is `core_text`'s. Source: the recorded failures, and the API's facts for 2.3.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import msgspec

from komodo_sync.errors import (
    ApiError,
    BusyError,
    CredentialsError,
    DeniedError,
    ExistsError,
    KomodoSyncError,
    LockedOutError,
    NotFoundError,
    NotKomodoError,
    RejectedError,
    StorageError,
    ThrottledError,
    UnreachableError,
)
from komodo_sync.wire.core_text import Sent, shown_text
from komodo_sync.wire.put_off import duration, put_off

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

# from the beginning of a text on, so that no name inside it decides
_NOT_FOUND = re.compile(
    r"^(?:did not find any|cannot find \w+ with empty|no \w+ (?:found|exists) (?:with|match))", re.I
)
_DENIED = re.compile(
    r"^(?:user does not have (?:required )?permissions|this \w+ is (?:admin only|only accessable by admins)|only admins"
    r"|non admins cannot)",
    re.I,
)
_EXISTS = re.compile(
    r"^resource with name .* already exists$|name may already be taken\.$|\bE11000\b"
    r"|^failed to (?:create \w+|update \w+ name) on db$",
    re.I,
)
_BUSY = re.compile(r"^(?:\w+|resource is) busy$", re.I)
_CREDENTIALS = re.compile(r"invalid (?:client|user) credentials|missing x-api-secret|api (?:key|secret)", re.I)
# the embedded Core's own trouble with its file: it speaks of nothing that was sent
_EMBEDDED = re.compile(r"the embedded Core cannot keep its state ")
_LOCKED_OUT = re.compile(r"too many attempts", re.I)
_SECONDS = re.compile(r"try again in (\d+)", re.I)
_GATEWAY = frozenset({502, 503, 504})


def read_json(
    status: int,
    headers: Mapping[str, str],
    body: bytes,
    *,
    operation: str,
    host: str,
    sent: Sent | None = None,
) -> Any:
    """The JSON of an answer; `headers` by their names in lower case. Raises what `failure` makes of one that is no
    success, or no JSON."""
    if status == 200 and is_json(headers.get("content-type", "")):
        try:
            return msgspec.json.decode(body)
        except (ValueError, RecursionError):
            raise NotKomodoError(
                f"{host} answers {operation} with JSON that ends too early or is none",
                hint="a proxy between here and the Core may cut answers; check its log",
            ) from None
    raise failure(status, headers, body, operation=operation, host=host, sent=sent)


def is_json(content_type: str) -> bool:
    """Whether a Content-Type header promises JSON."""
    return content_type.partition(";")[0].strip().lower() == "application/json"


def failure(
    status: int,
    headers: Mapping[str, str],
    body: bytes,
    *,
    operation: str,
    host: str,
    sent: Sent | None = None,
) -> KomodoSyncError:
    """The error that an answer without success stands for. `operation` and `host` are for the message. `sent`: what
    the message may not repeat, where it is known."""
    content_type = headers.get("content-type", "")
    texts = _texts(content_type, body)
    if status in _GATEWAY:
        return UnreachableError(
            f"{host} answers {status} to {operation}: the Core behind it does not answer",
            detail=shown_text(texts or (), sent),
            hint="check that the Core runs and that the proxy in front of it points to it, then try again",
        )
    if status == 413:
        return RejectedError(
            f"{operation} is larger than the Core takes",
            status=status,
            detail="a Core takes requests of at most 2 MB, a proxy in front of it perhaps less",
            hint="keep large files in git or on the server (files_on_host, linked_repo) instead of in the manifest",
        )
    if status == 429 and not any(_LOCKED_OUT.match(text) for text in texts or ()):
        return _throttled(headers, operation, host)
    if texts is None:
        location = headers.get("location", "")
        return _foreign(status, content_type, body, operation=operation, host=host, location=location)
    return _classified(status, texts, operation, host, sent)


def _texts(content_type: str, body: bytes) -> tuple[str, ...] | None:
    """`error` and each `trace` of Core's error object; None when the body is something else."""
    if not is_json(content_type):
        return None
    try:
        answer = msgspec.json.decode(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(answer, dict) or not isinstance(answer.get("error"), str):
        return None
    trace = answer.get("trace")
    return (answer["error"], *(str(item) for item in (trace if isinstance(trace, list) else ())))


def _throttled(headers: Mapping[str, str], operation: str, host: str) -> ThrottledError:
    asked = put_off(headers, datetime.now(UTC))
    wait = "a minute" if asked is None else f"the {duration(asked)} that it asks for"
    return ThrottledError(
        f"{host} takes no more requests from here for a while",
        detail=f"status 429 to {operation}, from a proxy in front of the Core rather than from the Core itself",
        hint=f"wait {wait} and try again; ask whoever runs the proxy for a higher limit for this address",
    )


def _foreign(
    status: int, content_type: str, body: bytes, *, operation: str, host: str, location: str
) -> KomodoSyncError:
    kind = content_type.partition(";")[0].strip() or "no content type"
    if 300 <= status < 400:
        return NotKomodoError(
            f"{host} redirects {operation} to another place",
            detail=f"status {status}, to {_place(location)}",
            hint="use the Core's final URL; credentials are never sent after a redirect",
        )
    if status == 400 and b"HTTPS" in body:
        return NotKomodoError(
            f"{host} speaks https on that port, and was asked in http",
            detail=f"{operation} was answered with status {status} and {kind}",
            hint="write https:// in the URL",
        )
    page = b"<html" in body[:2000].lower() or kind == "text/html"
    if page:
        what = "a web page"
    elif not body.strip():
        what = "an empty answer"
    else:
        what = "JSON of something else" if is_json(content_type) else f"{kind}, not JSON"
    return NotKomodoError(
        f"{host} is no Komodo Core, or something in front of it answers instead: it sent {what}",
        detail=f"{operation} was answered with status {status} and {kind}",
        hint="check the URL (scheme, host and port alone, without a path), and let a login proxy pass "
        "/read, /write, /execute, /user and /version through with the API key",
    )


def _place(location: str) -> str:
    return re.sub(r"//[^/@]*@", "//", location.partition("?")[0]) or "nowhere"


def _classified(status: int, texts: tuple[str, ...], operation: str, host: str, sent: Sent | None) -> KomodoSyncError:
    joined = "\n".join(texts)
    if len(texts) == 3 and _EMBEDDED.match(texts[0]):
        return StorageError(texts[0], detail=texts[1], hint=texts[2])
    detail = shown_text(texts, sent)
    if status == 429:
        seconds = _SECONDS.search(joined)
        wait = f"{seconds[1]} seconds" if seconds else "a while"
        return LockedOutError(
            f"{host} has locked this address out for {wait}, after too many wrong credentials",
            detail=detail,
            hint=f"wait {wait}, check key and secret, then try once; every further wrong try locks it out again",
        )
    if status == 401 or _CREDENTIALS.search(joined):
        return CredentialsError(
            f"{host} does not accept the API key",
            detail=detail,
            hint="check key and secret (KOMODO_CLI_KEY, KOMODO_CLI_SECRET), that the key has not expired and that its "
            "user is enabled; a Core locks an address out for some seconds after five wrong tries",
        )
    if status == 501:
        return ApiError(f"{operation} is not served here", status=501, detail=detail, hint="use a real Core for it")
    for pattern, build in _BY_TEXT:
        if any(pattern.search(text) for text in texts):
            return build(operation, status, detail)
    if status == 403:
        return _denied(operation, status, detail)
    if status == 409:
        return _exists(operation, status, detail)
    if sent is not None and not sent.written:
        return _failed_read(operation, status, detail)
    return _failed(operation, status, detail) if status >= 500 else _rejected(operation, status, detail)


def _failed_read(operation: str, status: int, detail: str) -> ApiError:
    """Nothing was sent that could be wrong."""
    return ApiError(
        f"{operation}: the Core could not answer it (status {status})",
        status=status,
        detail=detail,
        hint="the trouble is the Core's own: see its log, and that its database runs and has room, then try again",
    )


def _failed(operation: str, status: int, detail: str) -> ApiError:
    """A Core answers 500 both to a value that it will not have and to trouble of its own."""
    return RejectedError(
        f"{operation}: the Core refuses it (status {status})",
        status=status,
        detail=detail,
        hint=f"the Core's log has its full message for {operation}: either a value cannot be so (compare it with the "
        "field's description), or its database or a server is in trouble, and another apply will do",
    )


def _not_found(operation: str, status: int, detail: str) -> ApiError:
    return NotFoundError(
        f"{operation}: not found",
        status=status,
        detail=detail,
        hint="it may have been deleted or renamed meanwhile, or the key cannot see it; plan again",
    )


def _denied(operation: str, status: int, detail: str) -> ApiError:
    return DeniedError(
        f"{operation}: the key may not do this",
        status=status,
        detail=detail,
        hint="use an admin's key, or give its user the permission in Komodo",
    )


def _busy(operation: str, status: int, detail: str) -> ApiError:
    return BusyError(
        f"{operation}: another action is running on it", status=status, detail=detail, hint="try again when it is done"
    )


def _exists(operation: str, status: int, detail: str) -> ApiError:
    return ExistsError(
        f"{operation}: the name is taken",
        status=status,
        detail=detail,
        hint="something that this key cannot see has it, or it was made meanwhile: plan again, with an admin's key",
    )


def _rejected(operation: str, status: int, detail: str) -> ApiError:
    return RejectedError(
        f"{operation}: the Core refuses it (status {status})",
        status=status,
        detail=detail,
        hint="compare the values with the field's description; the Core's log has its full message",
    )


_BY_TEXT: tuple[tuple[re.Pattern[str], Callable[[str, int, str], ApiError]], ...] = (
    (_NOT_FOUND, _not_found),
    (_DENIED, _denied),
    (_EXISTS, _exists),
    (_BUSY, _busy),
)
