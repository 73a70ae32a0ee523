"""Whatever people and machines do to manifests and to a Core: an apply that succeeds leaves everything that is declared
running as it is declared, and a second one has nothing to do. One that does not succeed says so."""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from asking import Asker, Clock
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from komodo_sync.client.reader import Reader
from komodo_sync.client.refresher import Refresher
from komodo_sync.client.transport import Transport, in_process
from komodo_sync.client.writer import Writer
from komodo_sync.errors import RefusedError
from komodo_sync.execution.stop import StopFlag
from komodo_sync.manifest import load
from komodo_sync.model.outcome import Outcome, Status
from komodo_sync.model.sealed import Sealed
from komodo_sync.session import Session, apply, plan, plan_options
from komodo_sync.settings import find_settings
from komodo_sync.simulator import EmbeddedCore

LONG = os.environ.get("HYPOTHESIS_PROFILE") == "long"
SERVERS = ("one", "two")
NAMES = ("db", "web", "api")
IMAGES = st.sampled_from(["nginx:1", "nginx:2", "redis:7"])
SATISFIED_BY = {"running": {"running"}, "stopped": {"stopped", "down"}, "down": {"down"}}
"""What has nothing running is not brought up to be stopped."""


@dataclass(frozen=True)
class Stack:
    """What is declared of one stack. `broken`: its deploy fails; `git`: its file comes from a repository."""

    image: str = "nginx:1"
    value: int = 1
    server: str = "one"
    state: str = "running"
    broken: bool = False
    git: bool = False
    after: str = ""

    def compose(self) -> str:
        return ("x-simulate: fail\n" if self.broken else "") + f"services:\n  app:\n    image: {self.image}\n"


@dataclass
class Silent:
    """A listener that hears nothing."""

    notes: list[str] = field(default_factory=list)

    def started(self, _step: Any) -> None: ...
    def waiting(self, _step: Any, _wait: Any) -> None: ...
    def finished(self, _outcome: Any) -> None: ...

    def note(self, text: str) -> None:
        self.notes.append(text)


class Declared(RuleBasedStateMachine):
    """Three stacks, two servers, one repository, and everybody who changes something."""

    def __init__(self) -> None:
        super().__init__()
        self.clock = Clock()
        self.core = EmbeddedCore.open(clock=self.clock, pull_cache=5000)
        self.ask = Asker(self.core)
        self.folder = tempfile.TemporaryDirectory(prefix="komodo-sync-machine-")
        self.root = Path(self.folder.name)
        (self.root / "komodo-sync.yaml").write_text("owner: me\nprune: true\nlimits: {failures: 9}\n", encoding="utf-8")
        transport = Transport(
            "http://embedded", Sealed(self.core.key), Sealed(self.core.secret), through=in_process(self.core.app)
        )
        self.transport = transport
        writer = Writer(transport, sleep=self.sleep, now=lambda: self.clock.now / 1000)
        reader = Reader(transport, sleep=self.sleep)
        self.session = Session(reader, writer, "embedded", refresher=Refresher(transport))
        self.stacks: dict[str, Stack] = {}
        self.commits = 0
        self.broken_commit = False
        self.image_in_git = "nginx:1"
        self.applied: Outcome | None = None
        self.abandoned: set[str] = set()
        """Containers of stacks that were deleted while nobody could ask their server: they run on, as the plan said."""

    def sleep(self, seconds: float) -> None:
        self.clock.pass_by(int(seconds * 1000) + 1)

    def teardown(self) -> None:
        self.transport.close()
        self.ask.http.close()
        self.core.close()
        self.folder.cleanup()

    # what is declared

    @initialize(image=IMAGES)
    def begin(self, image: str) -> None:
        self.push(image, broken=False)
        self.stacks = {"db": Stack(image), "web": Stack(image, after="db")}
        self.write()
        self.applied = self.run()
        assert self.applied.complete, self.told(self.applied)

    @rule(name=st.sampled_from(NAMES), image=IMAGES, value=st.integers(1, 3))
    def declare(self, name: str, image: str, value: int) -> None:
        self.stacks[name] = replace(self.stacks.get(name, Stack()), image=image, value=value)

    @rule(name=st.sampled_from(NAMES), server=st.sampled_from(SERVERS))
    def move(self, name: str, server: str) -> None:
        if name in self.stacks:
            self.stacks[name] = replace(self.stacks[name], server=server)

    @rule(name=st.sampled_from(NAMES), state=st.sampled_from(["running", "stopped", "down"]))
    def declare_state(self, name: str, state: str) -> None:
        if name in self.stacks:
            self.stacks[name] = replace(self.stacks[name], state=state)

    @rule(name=st.sampled_from(NAMES), broken=st.booleans())
    def break_or_mend(self, name: str, broken: bool) -> None:
        if name in self.stacks:
            self.stacks[name] = replace(self.stacks[name], broken=broken)

    @rule(name=st.sampled_from(NAMES), git=st.booleans())
    def change_source(self, name: str, git: bool) -> None:
        if name in self.stacks:
            self.stacks[name] = replace(self.stacks[name], git=git)

    @precondition(lambda self: len(self.stacks) > 1)
    @rule(name=st.sampled_from(NAMES))
    def remove(self, name: str) -> None:
        self.stacks.pop(name, None)
        self.stacks = {
            key: replace(each, after="" if each.after == name else each.after) for key, each in self.stacks.items()
        }

    @rule(image=IMAGES, broken=st.booleans())
    def push(self, image: str, broken: bool) -> None:
        self.commits += 1
        text = Stack(image, broken=broken).compose() + f"# {self.commits}\n"
        self.core.push("me/app", {"compose.yaml": text})
        self.image_in_git, self.broken_commit = image, broken

    # what is done to the Core

    def live(self) -> list[str]:
        return [item["name"] for item in self.ask.read("ListStacks")]

    @rule(name=st.sampled_from(NAMES), operation=st.sampled_from(["StopStack", "DestroyStack", "StartStack"]))
    def execute(self, name: str, operation: str) -> None:
        if name in self.live():
            self.ask.execute(operation, stack=name)
            self.sleep(0.1)

    @rule(name=st.sampled_from(NAMES), value=st.integers(4, 5))
    def edit_live(self, name: str, value: int) -> None:
        if name in self.live():
            self.ask.write("UpdateStack", id=name, config={"environment": f"A={value}\n"})

    @rule(name=st.sampled_from(NAMES), deploys=st.booleans())
    def restart_the_core(self, name: str, deploys: bool) -> None:
        if deploys and name in self.live():
            self.core.faults.add("DeployStack=takes:60")
            self.ask.execute("DeployStack", stack=name)
            self.core.faults.clear_told()
        self.core.start()

    @rule(stage=st.sampled_from(["Compose Pull", "Compose Config", "Compose Down", "Post Deploy"]))
    def fail_once(self, stage: str) -> None:
        self.core.faults.add(f"DeployStack=fails:{stage}")

    @rule(server=st.sampled_from(SERVERS))
    def silence(self, server: str) -> None:
        self.core.faults.unreachable ^= {server}

    @rule(seconds=st.integers(1, 30))
    def wait(self, seconds: int) -> None:
        self.sleep(seconds)

    # apply

    @rule()
    def apply(self) -> None:
        self.write()
        self.abandoned |= {
            f"{item['name']}-app-1"
            for item in self.ask.read("ListStacks")
            if item["name"] not in self.stacks and item["info"]["server_name"] in self.core.faults.unreachable
        }
        try:
            self.applied = self.run()
        except RefusedError:
            # a stack cannot leave a server that nobody can ask
            if not self.core.faults.unreachable:
                raise
            self.applied = None
        self.core.faults.clear_told()

    @rule()
    def mend_everything_and_apply(self) -> None:
        self.core.faults.clear()
        self.stacks = {name: replace(each, broken=False) for name, each in self.stacks.items()}
        if self.broken_commit:
            self.push(self.image_in_git, broken=False)
        self.sleep(1)
        self.write()
        self.applied = self.run()
        assert self.applied.complete, self.told(self.applied)

    @invariant()
    def a_success_is_one(self) -> None:
        applied, self.applied = self.applied, None
        if applied is None:
            return
        if not applied.complete:
            # said, not hidden
            left = applied.remaining is not None and applied.remaining.has_changes
            assert left or any(result.status is not Status.DONE for result in applied.results), self.told(applied)
            return
        self.check_what_runs()
        planned = plan(self.session, *self.loaded())
        assert not planned.plan.has_changes, self.told_plan(planned.plan)

    def check_what_runs(self) -> None:
        found = {item["name"]: item["info"]["state"] for item in self.ask.read("ListStacks")}
        assert found.keys() == self.stacks.keys()
        for name, declared in self.stacks.items():
            if declared.server in self.core.faults.unreachable:
                continue
            assert found[name] in SATISFIED_BY[declared.state], (name, declared)
            if declared.state != "running":
                continue
            [service] = self.ask.read("ListStackServices", stack=name)
            image = self.image_in_git if declared.git else declared.image
            assert service["container"]["image"] == image, (name, declared)
            assert service["container"]["server_name"] == declared.server
            config = self.ask.config("Stack", "stack", name)
            assert config["environment"] == f"A={declared.value}\n"
        for server in set(SERVERS) - self.core.faults.unreachable:
            # nothing is left behind where a stack was before
            running = {item["name"] for item in self.ask.read("ListContainers", server=server)}
            wanted = {f"{name}-app-1" for name, each in self.stacks.items() if each.server == server}
            assert running <= wanted | self.abandoned

    def loaded(self) -> tuple[Any, Any]:
        found = find_settings(None, self.root)
        loaded = load([], settings=found, root=self.root)
        return loaded, plan_options(found, loaded)

    def run(self) -> Outcome:
        loaded, options = self.loaded()
        planned = plan(self.session, loaded, options)
        return apply(
            self.session, planned, loaded, options, parallelism=4, verify=True, listener=Silent(), stop=StopFlag()
        )

    def write(self) -> None:
        self.sleep(0.1)
        (self.root / "m.yaml").write_text(manifest(self.stacks), encoding="utf-8")

    def told(self, outcome: Outcome) -> str:
        from komodo_sync.report.outcome import outcome_text

        return outcome_text(outcome, color=False, width=120)

    def told_plan(self, found: Any) -> str:
        from komodo_sync.report.text import plan_text

        return plan_text(found, color=False, width=120)


def manifest(stacks: dict[str, Stack]) -> str:
    lines = ["servers:"]
    lines += [f"  - {{name: {name}, config: {{address: 'https://{name}:8120', enabled: true}}}}" for name in SERVERS]
    lines.append("stacks:")
    for name, each in sorted(stacks.items()):
        lines += [f"  - name: {name}", "    deploy: true", f"    state: {each.state}"]
        if each.after in stacks:
            lines.append(f"    after: [stack/{each.after}]")
        lines += ["    config:", f"      server: {each.server}", f"      environment: {{A: {each.value}}}"]
        if each.git:
            lines.append("      repo: me/app")
        else:
            lines += ["      file_contents: |", *(f"        {line}" for line in each.compose().splitlines())]
    return "\n".join(lines) + "\n"


TestDeclared = Declared.TestCase
TestDeclared.settings = settings(
    max_examples=100 if LONG else 10, stateful_step_count=30 if LONG else 12, derandomize=not LONG, deadline=None
)
