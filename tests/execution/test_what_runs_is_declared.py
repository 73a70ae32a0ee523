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
    """What is declared of one stack. `broken`: its deploy fails; `git`: its file comes from a repository; `called`: its
    name, if that is not the one under which it began, and `was` the one before it."""

    image: str = "nginx:1"
    value: int = 1
    server: str = "one"
    state: str = "running"
    broken: bool = False
    git: bool = False
    after: str = ""
    called: str = ""
    was: str = ""

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
        self.projects: dict[str, str] = {}
        """Under which compose project each stack ran when all was well: its volumes are called so."""
        self.app = "app"
        """What the deployment is called."""
        self.app_was = ""
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
        self.push_code()
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
        self.projects.pop(name, None)
        self.stacks = {
            key: replace(each, after="" if each.after == name else each.after) for key, each in self.stacks.items()
        }

    @rule(image=IMAGES, broken=st.booleans())
    def push(self, image: str, broken: bool) -> None:
        self.commits += 1
        text = Stack(image, broken=broken).compose() + f"# {self.commits}\n"
        self.core.push("me/app", {"compose.yaml": text})
        self.image_in_git, self.broken_commit = image, broken

    @rule()
    def push_code(self) -> None:
        self.commits += 1
        self.core.push("me/code", {"Dockerfile": f"FROM alpine:{self.commits}\n"})

    @rule(name=st.sampled_from(NAMES))
    def rename(self, name: str) -> None:
        if name not in self.stacks:
            return
        item = self.stacks[name]
        old, new = item.called or name, name if item.called else f"{name}-too"
        was = old if old in self.live() else item.was if item.was != new else ""
        self.stacks[name] = replace(item, called="" if new == name else new, was=was)

    @rule()
    def rename_the_deployment(self) -> None:
        old = self.app
        self.app = "app-too" if old == "app" else "app"
        live = [item["name"] for item in self.ask.read("ListDeployments")]
        self.app_was = old if old in live else self.app_was if self.app_was != self.app else ""

    # what is done to the Core

    def live(self) -> list[str]:
        return [item["name"] for item in self.ask.read("ListStacks")]

    def project(self, name: str) -> str:
        return str(self.ask.config("Stack", "stack", name)["project_name"] or name)

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

    @rule(operation=st.sampled_from(["StopDeployment", "DestroyDeployment"]))
    def execute_on_the_deployment(self, operation: str) -> None:
        for item in self.ask.read("ListDeployments"):
            self.ask.execute(operation, deployment=item["name"])
            self.sleep(0.1)

    @rule(operation=st.sampled_from(["RunBuild", "Deploy"]))
    def fail_once_to(self, operation: str) -> None:
        self.core.faults.add(f"{operation}=fail:1")

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
            f"{self.project(item['name'])}-app-1"
            for item in self.ask.read("ListStacks")
            if item["name"] not in self.kept() and item["info"]["server_name"] in self.core.faults.unreachable
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
            rest = applied.remaining
            left = rest is not None and (rest.has_changes or rest.unproven)
            assert left or any(result.status is not Status.DONE for result in applied.results), self.told(applied)
            return
        self.check_what_runs()
        planned = plan(self.session, *self.loaded())
        assert not planned.plan.has_changes, self.told_plan(planned.plan)

    def kept(self) -> set[str]:
        """What is called as something that is declared is, or was."""
        return {known for key, each in self.stacks.items() for known in (each.called or key, each.was)}

    def check_what_runs(self) -> None:
        self.check_the_deployment()
        found = {item["name"]: item["info"]["state"] for item in self.ask.read("ListStacks")}
        assert found.keys() == {each.called or key for key, each in self.stacks.items()}
        for key, declared in self.stacks.items():
            name = declared.called or key
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
            # no volume is left behind by a rename
            assert self.projects.setdefault(key, self.project(name)) == self.project(name)
        for server in set(SERVERS) - self.core.faults.unreachable:
            # nothing is left behind where a stack was before
            running = {item["name"] for item in self.ask.read("ListContainers", server=server)}
            wanted = {
                f"{self.project(each.called or key)}-app-1"
                for key, each in self.stacks.items()
                if each.server == server
            }
            wanted |= {self.app} if server == "one" else set()
            assert running <= wanted | self.abandoned

    def check_the_deployment(self) -> None:
        [item] = self.ask.read("ListDeployments")
        assert item["name"] == self.app
        if "one" in self.core.faults.unreachable:
            return
        assert item["info"]["state"] == "running"
        [build] = self.ask.read("ListBuilds")
        assert build["info"]["built_hash"] == build["info"]["latest_hash"]
        version = ".".join(str(build["info"]["version"][part]) for part in ("major", "minor", "patch"))
        [image] = [each["image"] for each in self.ask.read("ListContainers", server="one") if each["name"] == self.app]
        assert image.endswith(f":{version}")

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
        (self.root / "m.yaml").write_text(manifest(self.stacks) + deployment(self.app, self.app_was), encoding="utf-8")

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
        lines += [f"  - name: {each.called or name}", "    deploy: true", f"    state: {each.state}"]
        if each.was:
            lines.append(f"    renamed_from: {each.was}")
        if each.after in stacks:
            lines.append(f"    after: [stack/{stacks[each.after].called or each.after}]")
        lines += ["    config:", f"      server: {each.server}", f"      environment: {{A: {each.value}}}"]
        if each.git:
            lines.append("      repo: me/app")
        else:
            lines += ["      file_contents: |", *(f"        {line}" for line in each.compose().splitlines())]
    return "\n".join(lines) + "\n"


def deployment(name: str, was: str) -> str:
    """A build, and the deployment of its image."""
    return f"""builders:
  - {{name: big, config: {{type: Server, params: {{servers: [one]}}}}}}
builds:
  - {{name: img, deploy: true, config: {{builder: big, repo: me/code}}}}
deployments:
  - name: {name}
    deploy: true
    state: running
    {f"renamed_from: {was}" if was else "description: its first name"}
    config: {{server: one, image: {{type: Build, params: {{build: img}}}}}}
"""


TestDeclared = Declared.TestCase
TestDeclared.settings = settings(
    max_examples=100 if LONG else 10, stateful_step_count=30 if LONG else 12, derandomize=not LONG, deadline=None
)
