"""A declared stack, and what a plan says of its deploy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from asking import Asker
    from shell import Shell

SERVERS = "servers:\n  - {name: one, config: {address: 'https://one:8120', enabled: true}}\n"
COMPOSE = "services: {web: {image: nginx}, db: {image: postgres}}"


def stack(name: str = "web", config: str = "", **beside: str) -> str:
    """A manifest of a server and one stack on it."""
    lines = [f"  - name: {name}", *(f"    {key}: {value}" for key, value in beside.items()), "    config:"]
    fields = config or f"      server: one\n      file_contents: '{COMPOSE}'\n"
    return f"{SERVERS}stacks:\n" + "\n".join(lines) + f"\n{fields}"


def steps(shell: Shell, *arguments: str) -> dict[str, list[str]]:
    """The actions of a plan, by resource."""
    document = shell.good("plan", ".", "--format", "json", *arguments).json
    return {
        item["address"]: [change["action"] for change in item["changes"]]
        for item in document["resources"]
        if item["changes"]
    }


def reason(shell: Shell, address: str, action: str = "deploy") -> str:
    document = shell.good("plan", ".", "--format", "json").json
    [found] = [
        change["reason"]
        for item in document["resources"]
        if item["address"] == address
        for change in item["changes"]
        if change["action"] == action
    ]
    return str(found)


def state(ask: Asker, name: str = "web") -> str:
    [found] = ask.read("ListStacks", query={"names": [name]}, page=0, limit=0)
    return str(found["info"]["state"])


def done(ask: Asker, operation: str, **params: str) -> bool:
    """Whether an execution succeeded, once it is complete."""
    update = ask.execute(operation, **params)
    while update["status"] != "Complete":
        update = ask.read("GetUpdate", id=update["_id"]["$oid"])
    return bool(update["success"])


def apply(shell: Shell, *arguments: str, code: int = 0) -> str:
    said = shell("apply", ".", "--yes", *arguments)
    assert said.code == code, said.all
    return said.out


def read(shell: Shell) -> dict[str, Any]:
    found: dict[str, Any] = shell.good("plan", ".", "--format", "json").json
    return found
