"""Whatever people and machines do to manifests and to a Core: an apply that succeeds leaves everything that is declared
running as it is declared, and a second one has nothing to do. One that does not succeed says so."""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from asking import Asker, Clock
from declared_world import FROM_GIT, NAMES, SERVERS, SWARM, Declared, Stack
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
from komodo_sync.session import Session, apply, plan, plan_once_idle, plan_options
from komodo_sync.settings import find_settings
from komodo_sync.simulator import EmbeddedCore

LONG = os.environ.get("HYPOTHESIS_PROFILE") == "long"
IMAGES = st.sampled_from(["nginx:1", "nginx:2", "redis:7"])
SATISFIED_BY = {"running": {"running"}, "stopped": {"stopped", "down"}, "down": {"down"}}
"""What has nothing running is not brought up to be stopped."""


@dataclass
class Silent:
    """A listener that hears nothing."""

    notes: list[str] = field(default_factory=list)

    def started(self, _step: Any) -> None: ...
    def waiting(self, _step: Any, _wait: Any) -> None: ...
    def finished(self, _outcome: Any) -> None: ...

    def note(self, text: str) -> None:
        self.notes.append(text)


class Machine(RuleBasedStateMachine):
    """Stacks, servers and a swarm, what stacks come from, what runs after a change, and everybody who acts."""

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
        refresher = Refresher(transport, sleep=self.sleep, now=lambda: self.clock.now / 1000)
        self.session = Session(reader, writer, "embedded", refresher=refresher)
        self.declared = Declared()
        self.projects: dict[str, str] = {}
        """Under which compose project each stack ran when all was well: its volumes are called so."""
        self.commits = 0
        self.broken_commit = False
        self.image_in_git = "nginx:1"
        self.newest = ""
        """The newest commit of the stacks' files."""
        self.applied: Outcome | None = None

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
        self.declared.stacks = {"db": Stack(image), "web": Stack(image, after="db")}
        self.write()
        self.applied = self.run()
        assert self.applied.complete, self.told(self.applied)

    @rule(name=st.sampled_from(NAMES), image=IMAGES, value=st.integers(1, 3))
    def declare(self, name: str, image: str, value: int) -> None:
        self.stacks[name] = replace(self.stacks.get(name, Stack()), image=image, value=value)

    @property
    def stacks(self) -> dict[str, Stack]:
        """What is declared of each."""
        return self.declared.stacks

    @rule(name=st.sampled_from(NAMES), host=st.sampled_from([*SERVERS, SWARM]))
    def move(self, name: str, host: str) -> None:
        if name in self.stacks:
            self.stacks[name] = replace(self.stacks[name], on=host)

    @rule(name=st.sampled_from(NAMES), state=st.sampled_from(["running", "stopped", "down"]))
    def declare_state(self, name: str, state: str) -> None:
        if name in self.stacks:
            self.stacks[name] = replace(self.stacks[name], state=state)

    @rule(name=st.sampled_from(NAMES), broken=st.booleans())
    def break_or_mend(self, name: str, broken: bool) -> None:
        if name in self.stacks:
            self.stacks[name] = replace(self.stacks[name], broken=broken)

    @rule(name=st.sampled_from(NAMES), source=st.sampled_from(["text", *sorted(FROM_GIT)]))
    def change_source(self, name: str, source: str) -> None:
        if name in self.stacks:
            self.stacks[name] = replace(self.stacks[name], source=source)

    @precondition(lambda self: len(self.stacks) > 1)
    @rule(name=st.sampled_from(NAMES))
    def remove(self, name: str) -> None:
        self.stacks.pop(name, None)
        self.projects.pop(name, None)
        self.declared.stacks = {
            key: replace(each, after="" if each.after == name else each.after) for key, each in self.stacks.items()
        }

    @rule(image=IMAGES, broken=st.booleans())
    def push(self, image: str, broken: bool) -> None:
        self.commits += 1
        text = Stack(image, broken=broken).compose() + f"# {self.commits}\n"
        self.newest = self.core.push("me/app", {"compose.yaml": text})
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
        declared = self.declared
        old = declared.app
        declared.app = "app-too" if old == "app" else "app"
        live = [item["name"] for item in self.ask.read("ListDeployments")]
        declared.app_was = old if old in live else declared.app_was if declared.app_was != declared.app else ""

    @rule(follows=st.booleans(), note=st.integers(1, 3), roll=st.integers(1, 3))
    def declare_what_follows(self, follows: bool, note: int, roll: int) -> None:
        self.declared.follows, self.declared.note, self.declared.roll = follows, note, roll

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
            self.edit("UpdateStack", id=name, config={"environment": f"A={value}\n"})

    def edit(self, operation: str, **params: Any) -> None:
        """Done by hand, unless something is being done with it."""
        answer = self.ask.send("write", operation, **params)
        assert answer.status_code == 200 or answer.json()["error"].endswith(" busy"), answer.text

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

    @rule(note=st.integers(4, 5))
    def edit_the_action(self, note: int) -> None:
        self.edit("UpdateAction", id="note", config={"file_contents": f"log({note})"})

    @rule(
        operation=st.sampled_from(["DeployStack", "RunBuild", "PullRepo", "RunAction"]),
        name=st.sampled_from(NAMES),
        seconds=st.integers(1, 100),
    )
    def somebody_begins(self, operation: str, name: str, seconds: int) -> None:
        """It runs still when the next apply comes."""
        subject = {"DeployStack": "stack", "RunBuild": "build", "PullRepo": "repo", "RunAction": "action"}[operation]
        which = {"stack": name, "build": "img", "repo": "files", "action": "note"}[subject]
        if subject != "stack" or name in self.live():
            self.core.faults.add(f"{operation}=takes:{seconds}")
            self.ask.execute(operation, **{subject: which})
            self.core.faults.clear_told()

    @rule(operation=st.sampled_from(["RunBuild", "Deploy", "PullRepo", "RunAction", "RunProcedure"]))
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
        try:
            self.applied = self.run()
        except RefusedError:
            # nothing leaves a server that nobody can ask
            if not self.core.faults.unreachable:
                raise
            self.applied = None
        self.core.faults.clear_told()

    @rule()
    def mend_everything_and_apply(self) -> None:
        self.core.faults.clear()
        self.declared.stacks = {name: replace(each, broken=False) for name, each in self.stacks.items()}
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

    def check_what_runs(self) -> None:
        self.check_the_deployment()
        self.check_the_checkout()
        self.check_what_ran()
        found = {item["name"]: item["info"]["state"] for item in self.ask.read("ListStacks")}
        assert found.keys() == {each.called or key for key, each in self.stacks.items()}
        for key, declared in self.stacks.items():
            if self.is_reached(declared.on):
                self.check_the_stack(key, declared, found[declared.called or key])
        self.check_that_nothing_is_left_behind()

    def check_the_stack(self, key: str, declared: Stack, state: str) -> None:
        name = declared.called or key
        assert state in SATISFIED_BY[declared.kept], (name, declared)
        if declared.state != "running":
            return
        [service] = self.ask.read("ListStackServices", stack=name)
        image = self.image_in_git if declared.source in FROM_GIT else declared.image
        assert service["container"]["image"] == image, (name, declared)
        assert service["container"]["server_name"] == ("" if declared.on == SWARM else declared.on)
        assert self.ask.config("Stack", "stack", name)["environment"] == f"A={declared.value}\n"
        if declared.source == "built":
            # any commit may be part of what it builds
            assert self.ask.read("GetStack", stack=name)["info"]["deployed_hash"] == self.newest
        # no volume is left behind by a rename
        assert self.projects.setdefault(key, self.project(name)) == self.project(name)

    def check_that_nothing_is_left_behind(self) -> None:
        """Not where a stack was before, nor of one that is gone."""
        hosts = {item["id"]: item["name"] for kind in ("Server", "Swarm") for item in self.ask.read(f"List{kind}s")}
        wanted = {(each.on, self.project(each.called or key)) for key, each in self.stacks.items()}
        there = {(hosts[each["host"]], each["name"]) for each in self.core.state.storage.all("project")}
        assert {(host, name) for host, name in there if self.is_reached(host)} <= wanted
        if self.is_reached("one"):
            alone = {each["name"] for each in self.core.state.storage.all("container")}
            assert alone <= {self.declared.app}

    def is_reached(self, host: str) -> bool:
        silent = self.core.faults.unreachable
        return not set(SERVERS) <= silent if host == SWARM else host not in silent

    def check_the_deployment(self) -> None:
        [item] = self.ask.read("ListDeployments")
        assert item["name"] == self.declared.app
        if not self.is_reached("one"):
            return
        assert item["info"]["state"] == "running"
        [build] = self.ask.read("ListBuilds")
        assert build["info"]["built_hash"] == build["info"]["latest_hash"]
        version = ".".join(str(build["info"]["version"][part]) for part in ("major", "minor", "patch"))
        shown = self.ask.read("ListContainers", server="one")
        [image] = [each["image"] for each in shown if each["name"] == self.declared.app]
        assert image.endswith(f":{version}")

    def check_the_checkout(self) -> None:
        [repo] = self.ask.read("ListRepos")
        if self.is_reached("two"):
            assert repo["info"]["cloned_hash"] == self.newest

    def check_what_ran(self) -> None:
        """The action and the procedure ran to a good end after they were changed last."""
        for kind in ("Action", "Procedure"):
            words = [f"Create{kind}", f"Update{kind}", f"Run{kind}"]
            records = self.ask.read("ListUpdates", query={"operation": {"$in": words}})["updates"]
            good = [each for each in records if not each["operation"].startswith("Run") or each["success"]]
            assert good[0]["operation"] == f"Run{kind}", [(each["operation"], each["success"]) for each in records]

    def loaded(self) -> tuple[Any, Any]:
        found = find_settings(None, self.root)
        loaded = load([], settings=found, root=self.root)
        return loaded, plan_options(found, loaded)

    def run(self) -> Outcome:
        loaded, options = self.loaded()
        planned = plan_once_idle(self.session, loaded, options, note=lambda _: None)
        return apply(
            self.session, planned, loaded, options, parallelism=4, verify=True, listener=Silent(), stop=StopFlag()
        )

    def write(self) -> None:
        self.sleep(0.1)
        (self.root / "m.yaml").write_text(self.declared.manifest(), encoding="utf-8")

    def told(self, outcome: Outcome) -> str:
        from komodo_sync.report.outcome import outcome_text

        return outcome_text(outcome, color=False, width=120)

    def told_plan(self, found: Any) -> str:
        from komodo_sync.report.text import plan_text

        return plan_text(found, color=False, width=120)


TestDeclared = Machine.TestCase
TestDeclared.settings = settings(
    max_examples=100 if LONG else 10, stateful_step_count=30 if LONG else 12, derandomize=not LONG, deadline=None
)
