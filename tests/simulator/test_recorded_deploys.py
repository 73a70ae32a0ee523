"""What a real Core did when it deployed, built and pulled, played against the embedded one (see deploys/README.md)."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from asking import Asker, Clock

from komodo_sync.simulator import EmbeddedCore

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

FOLDER = Path(__file__).with_name("deploys")
GIT = "127.0.0.1:8998"
BROKEN = (
    "Compose Config",
    "Compose Build",
    "Compose Pull",
    "Compose Up",
    "Compose Command",
    "Docker Run",
    "Docker Build",
)
"""Stages that failed because docker was made to fail."""
PUSHES: dict[str, dict[str, str]] = {
    "first commit": {
        "compose.yaml": "services:\n  web:\n    image: nginx:1.25\n",
        "Dockerfile": "FROM alpine:3\nRUN echo one\n",
    },
    "first tools commit": {"README.md": "tools\n"},
    "docs only": {"README.md": "docs\n"},
    "second tools commit": {"README.md": "second\n"},
    "compose changed": {"compose.yaml": "services:\n  web:\n    image: nginx:1.28\n"},
    "dockerfile changed": {"Dockerfile": "FROM alpine:3\nRUN echo two\n"},
    "c1": {"compose.yaml": "services:\n  web:\n    image: nginx:2.1\n"},
    "c2": {"compose.yaml": "services:\n  web:\n    image: nginx:2.2\n"},
    "c3": {"compose.yaml": "services:\n  web:\n    image: nginx:2.3\n"},
    "conf": {
        "compose.yaml": "services:\n  web:\n    image: nginx:1.25\n",
        "app.conf": "one\n",
        "env.extra": "E=1\n",
    },
    "conf2": {"app.conf": "two\n"},
    "df": {"Dockerfile": "FROM alpine:4\n"},
    "env": {"env.extra": "E=2\n"},
}
FIRST = (("acme/app", "first commit", "6cb8285"), ("acme/tools", "first tools commit", "a037228"))
DIFFERENT = {
    # Nothing lags: a state is of this moment, where the real one is up to 15 seconds old.
    ("07-move-detach-autoupdate", 39.53): "a server that was switched off is known to be at once",
    ("07-move-detach-autoupdate", 39.34): "the same",
    ("10-outages", 13.46): "a silent agent is known to be silent at once",
    ("10-outages", 13.32): "the same",
    ("08-deployment", 16.44): "a silent agent is known to be silent at once, so the rename does not begin",
    ("08-deployment", 33.63): "the same",
    ("08-deployment", 33.68): "the same",
    ("08-deployment", 33.74): "the same",
    # A delete is over before anything else begins, where the real one can be overtaken.
    ("15-repo-unreachable", 23.16): "a deploy that was sent while the delete took the containers down",
}
"""Where the embedded Core is known to answer otherwise, by the file and the second, and why."""


class Player:
    """Plays files and collects what is answered otherwise. Ids and hashes of the recording are those of this Core."""

    def __init__(self, core: EmbeddedCore, clock: Clock) -> None:
        self.ask = Asker(core)
        self.core = core
        self.clock = clock
        self.ids: dict[str, str] = {}
        self.hashes: dict[str, str] = {}
        self.compared: Counter[str] = Counter()
        self.wrong: list[str] = []
        self.name = ""

    def play(self, document: dict[str, Any], happens: dict[float, Callable[[], None]]) -> None:
        self.name, steps = document["name"], document["steps"]
        began = self.clock.now + 60_000
        waiting = sorted(happens.items(), key=lambda item: item[0])
        for number, step in enumerate(steps):
            if "push" in step:
                self.push(*step["push"])
                continue
            self.at(began, step["t"], waiting)
            if "do" in step:
                self.request(step, steps[number + 1 :])
            elif "ends" in step:
                update = self.ask.read("GetUpdate", id=self.ids.get(step["ends"]["id"], step["ends"]["id"]))
                self.update(step["ends"], update, f"{step['t']} {step['ends']['operation']}", step["t"])
        self.at(began, steps[-1].get("t", 0.0) + 100, waiting)

    def at(self, began: int, seconds: float, waiting: list[tuple[float, Callable[[], None]]]) -> None:
        while waiting and waiting[0][0] <= seconds:
            moment, happen = waiting.pop(0)
            self.clock.now = max(self.clock.now, began + int(moment * 1000))
            self.core.settle()
            happen()
        self.clock.now = max(self.clock.now, began + int(seconds * 1000))

    def push(self, repo: str, message: str, recorded: str, branch: str = "main") -> None:
        made = self.core.push(repo, PUSHES[message], message=message, branch=branch, provider=GIT)
        self.hashes[recorded] = made

    def request(self, step: dict[str, Any], rest: list[dict[str, Any]]) -> None:
        params = json.loads(self.translated(json.dumps(step["params"])))
        self.core.faults.clear_told()
        for fault in _faults(step, rest):
            self.core.faults.add(fault)
        answer = self.ask.send(step["group"], step["do"], **params)
        place = f"{step['t']} {step['do']}"
        body = answer.json()
        if not self.same("status", step["status"], answer.status_code, place, step["t"]):
            return
        if "error" in step:
            self.same("error", self.translated(step["error"]), body["error"], place, step["t"])
        if "update" in step:
            self.update(step["update"], body, place, step["t"])
        if "resource" in step:
            self.resource(step["resource"], body, place, step["t"])
        if "states" in step:
            self.same("states", sorted(map(tuple, step["states"])), _states(body, step["states"]), place, step["t"])
        if "updates" in step:
            found = [[u["operation"], u["success"], u["status"]] for u in body["updates"]]
            wanted = [each[:3] for each in step["updates"]]
            if self.same("updates", wanted, found, place, step["t"]):
                self.ids |= dict(zip(step["update_ids"], (u["id"] for u in body["updates"]), strict=True))
        if "state" in step:
            self.same("state", step["state"], body, place, step["t"])
        if "batch" in step:
            self.same("batch", Counter(step["batch"]), Counter(item["status"] for item in body), place, step["t"])

    def update(self, wanted: dict[str, Any], found: dict[str, Any], place: str, second: float) -> None:
        if "id" in wanted:
            self.ids[wanted["id"]] = found["_id"]["$oid"]
        for name in ("operation", "status", "success"):
            self.same(name, wanted[name], found[name], place, second)
        if wanted["status"] != "Complete":
            return
        stages = [[log["stage"], log["success"]] for log in found["logs"]]
        self.same("stages", wanted["stages"], stages, place, second)
        self.same("version", wanted.get("version"), found.get("version"), place, second)
        commit = self.hashes.get(wanted.get("commit_hash", ""), wanted.get("commit_hash"))
        self.same("commit_hash", commit, found.get("commit_hash"), place, second)

    def resource(self, wanted: dict[str, Any], found: dict[str, Any], place: str, second: float) -> None:
        if "id" in wanted:
            self.ids[wanted["id"]] = found["_id"]["$oid"]
        self.same("name", wanted["name"], found["name"], place, second)
        for name, value in (wanted.get("info") or {}).items():
            expected = self.hashes.get(value, value) if isinstance(value, str) else value
            self.same(f"info.{name}", expected, _facet(name, found["info"][name]), place, second)

    def same(self, what: str, wanted: Any, found: Any, place: str, second: float) -> bool:
        self.compared[what] += 1
        if wanted == found:
            return True
        if (self.name, second) not in DIFFERENT:
            self.wrong.append(f"{self.name} {place}: {what} is {found!r}, recorded {wanted!r}")
        return False

    def translated(self, text: str) -> str:
        for recorded, made in self.ids.items():
            text = text.replace(recorded, made)
        return text


def _faults(step: dict[str, Any], rest: list[dict[str, Any]]) -> Iterator[str]:
    """What is to go wrong with a request, and how long it lasts, as its end tells."""
    if "fails" in step:
        yield f"{step['do']}=fails:{step['fails']}"
    identity = step.get("update", {}).get("id")
    looks = [(later["t"], later.get("ends") or later.get("update") or {}) for later in rest if "t" in later]
    ends = [(second, end) for second, end in looks if end.get("id") == identity and end.get("status") == "Complete"]
    if not identity or not ends:
        return
    second, end = ends[0]
    yield f"{step['do']}=takes:{max(second - step['t'] - 0.02, 0.01):.2f}"
    failed = [stage for stage, success in end["stages"] if not success]
    if failed and failed[0] in BROKEN and "fails" not in step:
        yield f"{step['do']}=fails:{failed[0]}"


def _facet(name: str, value: Any) -> Any:
    if name in ("last_built_at", "last_pulled_at"):
        return bool(value)
    if value is None:
        return None
    if name == "remote_contents" and isinstance(value, str):
        return ["text"]
    if name in ("deployed_contents", "remote_contents"):
        return sorted(item["path"] for item in value)
    if name == "deployed_services":
        return sorted(item["service_name"] for item in value)
    return len(value) if name == "remote_errors" else value


def _states(body: list[dict[str, Any]], wanted: list[list[Any]]) -> list[tuple[Any, Any]]:
    names = {name for name, _ in wanted}
    return sorted((item["name"], item["info"].get("state")) for item in body if item["name"] in names)


def test_the_embedded_core_does_what_a_real_one_did() -> None:
    clock = Clock()
    with EmbeddedCore.open(clock=clock, pull_cache=5000) as core:
        player = Player(core, clock)
        with player.ask.http:
            for repo, message, recorded in FIRST:
                player.push(repo, message, recorded)
            text = {"compose.yaml": "services:\n  web:\n    image: nginx:9.9\n"}
            player.hashes["86001cf"] = core.push("acme/app", text, branch="dev", provider=GIT)
            faults = core.faults
            happens: dict[str, dict[float, Callable[[], None]]] = {
                "07-move-detach-autoupdate": {
                    0.0: lambda: faults.unreachable.add("ghost"),
                    73.0: lambda: core.release("redis:7"),
                    80.81: lambda: core.release("redis:7"),
                },
                # asked again and again until the cache gave way, and recorded once
                "09-misc": {11.75: lambda: player.ask.write("RefreshStackCache", stack="g1")},
                "10-outages": {
                    2.0: lambda: faults.undocked.add("main"),
                    9.0: faults.undocked.clear,
                    11.0: lambda: faults.unreachable.add("main"),
                    26.0: lambda: faults.unreachable.discard("main"),
                    30.0: lambda: faults.unreachable.add("main"),
                    37.8: lambda: faults.unreachable.discard("main"),
                    42.0: core.start,
                    51.8: lambda: faults.unreachable.add("tmp"),
                },
            }
            for file in sorted(FOLDER.glob("*.json")):
                document = json.loads(file.read_bytes())
                player.play(document, happens.get(document["name"], {}))
    assert player.wrong == []
    assert player.compared["stages"] > 150
    assert sum(player.compared.values()) > 1500
