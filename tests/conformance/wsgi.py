"""Speaks to a WSGI application without a socket, with the signature of the player's `send`."""

from __future__ import annotations

import json
from io import BytesIO
from typing import Any


def sender(app: Any) -> Any:
    """A `send(url, request, credentials)` that ends in `app`."""

    def send(_url: str, request: dict[str, Any], credentials: dict[str, str]) -> tuple[int, Any]:
        headers = {**request.get("headers", {}), **credentials}
        data = b""
        if "raw" in request:
            data = request["raw"].encode()
        elif "body" in request:
            data = json.dumps(request["body"]).encode()
            headers.setdefault("Content-Type", "application/json")
        return call(app, request.get("method", "POST"), request["path"], data, headers)

    return send


def call(app: Any, method: str, path: str, data: bytes, headers: dict[str, str]) -> tuple[int, Any]:
    """One request; answers the status and the body, parsed when it is JSON."""
    environ = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "CONTENT_LENGTH": str(len(data)),
        "CONTENT_TYPE": headers.pop("Content-Type", ""),
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.input": BytesIO(data),
        **{f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()},
    }
    status: list[int] = []
    text = b"".join(app(environ, lambda line, _headers: status.append(int(line.split()[0])))).decode()
    try:
        return status[0], json.loads(text)
    except ValueError:
        return status[0], text
