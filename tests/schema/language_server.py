"""A client of yaml-language-server that opens documents and collects what it says about them."""

from __future__ import annotations

import json
import subprocess
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

PATIENCE = 300
"""Seconds after which a server that says nothing more is killed, so that no test waits for ever."""
CUSTOM_TAGS = ["!file scalar"]
"""What docs/editor.md tells people to put under yaml.customTags."""


@dataclass
class LanguageServer:
    """One server, which takes the schema at `schema` for every document. Use it in a `with`."""

    script: Path
    schema: Path
    _process: subprocess.Popen[bytes] = field(init=False)
    _watchdog: threading.Timer = field(init=False)
    _count: int = 0

    def __enter__(self) -> LanguageServer:
        command = ["node", str(self.script), "--stdio"]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        self._watchdog = threading.Timer(PATIENCE, self._process.kill)
        self._watchdog.start()
        capabilities = {"workspace": {"configuration": True}, "textDocument": {"publishDiagnostics": {}}}
        self._send("initialize", {"processId": None, "rootUri": None, "capabilities": capabilities}, number=1)
        self._answer(1)
        self._send("initialized", {})
        return self

    def __exit__(self, *_: object) -> None:
        self._watchdog.cancel()
        self._process.kill()
        self._process.communicate()

    def problems(self, text: str) -> list[dict[str, Any]]:
        """The diagnostics of one document."""
        self._count += 1
        uri = f"file:///manifests/{self._count}.yaml"
        document = {"uri": uri, "languageId": "yaml", "version": 1, "text": text}
        self._send("textDocument/didOpen", {"textDocument": document})
        while True:
            message = self._read()
            if message.get("method") == "textDocument/publishDiagnostics" and message["params"]["uri"] == uri:
                found: list[dict[str, Any]] = message["params"]["diagnostics"]
                return found

    def hover(self, text: str, line: int, character: int) -> str:
        """What is shown for a place (from 0) of a document."""
        self.problems(text)
        self._count += 1
        number = 1000 + self._count
        document = {"uri": f"file:///manifests/{self._count - 1}.yaml"}
        position = {"line": line, "character": character}
        self._send("textDocument/hover", {"textDocument": document, "position": position}, number=number)
        answer = self._answer(number)["result"]
        return str(answer["contents"]["value"]) if answer else ""

    def _answer(self, number: int) -> dict[str, Any]:
        while True:
            message = self._read()
            if message.get("id") == number and "method" not in message:
                return message

    def _send(self, method: str, params: Any, *, number: int | None = None) -> None:
        self._write({"jsonrpc": "2.0", "method": method, "params": params, **({"id": number} if number else {})})

    def _write(self, message: dict[str, Any]) -> None:
        body = json.dumps(message).encode()
        assert self._process.stdin is not None
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self._process.stdin.flush()

    def _read(self) -> dict[str, Any]:
        """The next message; the server's own questions are answered on the way."""
        assert self._process.stdout is not None
        length = 0
        while (line := self._process.stdout.readline().strip()) or not length:
            if not line and self._process.poll() is not None:
                raise RuntimeError("yaml-language-server has ended")
            name, _, value = line.partition(b":")
            length = int(value) if name.lower() == b"content-length" else length
        message: dict[str, Any] = json.loads(self._process.stdout.read(length))
        if "method" in message and "id" in message:
            self._write({"jsonrpc": "2.0", "id": message["id"], "result": self._result(message)})
        return message

    def _result(self, message: dict[str, Any]) -> Any:
        if message["method"] != "workspace/configuration":
            return None
        yaml = {
            "validate": True,
            "hover": True,
            "customTags": CUSTOM_TAGS,
            "schemas": {self.schema.as_uri(): "*.yaml"},
            "schemaStore": {"enable": False},
        }
        sections = {"yaml": yaml}
        return [sections.get(item.get("section", ""), {}) for item in message["params"]["items"]]
