"""Worlds of any size: manifests in a folder, and an embedded Core that holds just what they declare."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

COMPOSE = """\
services:
  web:
    image: ghcr.io/acme/web-{number}:1.{number}
    restart: unless-stopped
    ports:
      - "{port}:80"
    environment:
      LOG_LEVEL: info
      REGION: eu-central
    volumes:
      - data:/var/lib/web
  cache:
    image: redis:7
    command: redis-server --save 60 1
volumes:
  data: {{}}
"""
ENVIRONMENT = "LOG_LEVEL=info\nPORT={port}\nREGION=[[REGION]]\nFEATURE_FLAGS=alpha,beta,{number}\n"


def configs(number: int) -> dict[str, dict[str, Any]]:
    """The configs of the `number`-th stack, build and repo."""
    port = 10_000 + number
    return {
        "stack": {
            "server_id": "prod-1",
            "file_contents": COMPOSE.format(number=number, port=port),
            "environment": ENVIRONMENT.format(number=number, port=port),
        },
        "build": {
            "builder_id": "prod-1",
            "repo": f"acme/app-{number}",
            "branch": "release",
            "build_args": f"TARGET=release\nNUMBER={number}\n",
        },
        "repo": {"server_id": "prod-1", "repo": f"acme/repo-{number}", "branch": "release"},
    }


def write_manifests(folder: Path, count: int, *, deploy: bool = False) -> None:
    """`count` stacks, builds and repos, a hundred to a file, as people write them. `deploy`: of a server that is
    enabled, and stacks that are to be deployed."""
    enabled = ", enabled: true" if deploy else ""
    (folder / "base.yaml").write_text(
        f"servers: [{{name: prod-1, config: {{address: 'https://prod-1:8120'{enabled}}}}}]\n"
        "builders: [{name: prod-1, config: {type: Server, params: {servers: [prod-1]}}}]\n"
        "variables: [{name: REGION, value: eu}]\n"
    )
    for kind in ("stack", "build", "repo"):
        for start in range(0, count, 100):
            numbers = range(start, min(start + 100, count))
            text = f"{kind}s:\n" + "".join(_entry(kind, number, deploy=deploy) for number in numbers)
            (folder / f"{kind}s-{start:05}.yaml").write_text(text)


def _entry(kind: str, number: int, *, deploy: bool) -> str:
    lines = [f"  - name: {kind}-{number:05}", f"    description: The {kind} number {number}"]
    lines += ["    deploy: true"] if deploy and kind == "stack" else []
    lines.append("    config:")
    for field, value in configs(number)[kind].items():
        if "\n" in value:
            lines.append(f"      {field}: |")
            lines += [f"        {line}" for line in value.splitlines()]
        else:
            lines.append(f"      {field.removesuffix('_id')}: {value}")
    return "\n".join(lines) + "\n"


def fill_core(path: Path, count: int, key: str, secret: str, owner: str, *, deploy: bool = False) -> None:
    """An embedded Core in `path` that holds what `write_manifests` declares, all of it `owner`'s. `deploy`: every stack
    was deployed, and runs."""
    from komodo_sync.simulator import EmbeddedCore

    with EmbeddedCore.open(path, key=key, secret=secret, pace=0) as core:
        tags = [f"owner:{owner}"]
        request(core, "/write", "CreateTag", {"name": tags[0]})
        create(core, "Server", "prod-1", {"address": "https://prod-1:8120", "enabled": deploy})
        create(core, "Builder", "prod-1", {"type": "Server", "params": {"server_ids": ["prod-1"]}})
        for kind in ("Server", "Builder"):
            request(core, "/write", "UpdateResourceMeta", {"target": {"type": kind, "id": "prod-1"}, "tags": tags})
        request(core, "/write", "CreateVariable", {"name": "REGION", "value": "eu"})
        for number in range(count):
            for kind, config in configs(number).items():
                name = f"{kind}-{number:05}"
                create(core, kind.capitalize(), name, config)
                target = {"type": kind.capitalize(), "id": name}
                meta = {"target": target, "description": f"The {kind} number {number}", "tags": tags}
                request(core, "/write", "UpdateResourceMeta", meta)
                if deploy and kind == "stack":
                    request(core, "/execute", "DeployStack", {"stack": name})


def create(core: Any, kind: str, name: str, config: dict[str, Any]) -> None:
    """One Create call in this process."""
    request(core, "/write", f"Create{kind}", {"name": name, "config": config})


def request(core: Any, path: str, operation: str, params: dict[str, Any]) -> bytes:
    """One call of the WSGI application, without HTTP; its answer. Raises RuntimeError unless it is 200."""
    body = json.dumps({"type": operation, "params": params}).encode()
    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": path,
        "CONTENT_TYPE": "application/json",
        "CONTENT_LENGTH": str(len(body)),
        "HTTP_X_API_KEY": core.key,
        "HTTP_X_API_SECRET": core.secret,
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.input": io.BytesIO(body),
    }
    status: list[str] = []
    answer = b"".join(core.app(environ, lambda line, _headers, _info=None: status.append(line)))
    if not status[0].startswith("200"):
        raise RuntimeError(f"{operation}: {status[0]} {answer[:300]!r}")
    return answer
