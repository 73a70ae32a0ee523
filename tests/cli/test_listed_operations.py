"""Every operation that somebody may want by name, through `call` against the embedded Core, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from asking import Asker
    from shell import Shell

COMPOSE = "services:\n  web:\n    image: nginx:1\n"
STATES = {"stack": "ListStacks", "deployment": "ListDeployments"}


@pytest.fixture
def world(ask: Asker) -> Asker:
    """One of each kind, on a server that is there: the stack `s` and the deployment `d` run."""
    ask.write("CreateServer", name="prod", config={"enabled": True})
    ask.write("CreateBuilder", name="local", config={"type": "Server", "params": {"server_ids": ["prod"]}})
    ask.write("CreateBuild", name="b", config={"builder": "local", "dockerfile": "FROM x\n", "extra_args": ["--pull"]})
    ask.write("CreateBuild", name="hb", config={"builder": "local", "files_on_host": True, "build_path": "/srv"})
    ask.write("CreateRepo", name="r", config={"server": "prod", "builder": "local", "repo": "acme/app"})
    ask.write("CreateStack", name="s", config={"server": "prod", "file_contents": COMPOSE})
    host = {"server": "prod", "files_on_host": True, "run_directory": "/srv/h"}
    ask.write("CreateStack", name="h", config=host)
    image = {"type": "Image", "params": {"image": "nginx:1"}}
    ask.write("CreateDeployment", name="d", config={"server": "prod", "image": image})
    ask.execute("DeployStack", stack="s")
    ask.execute("Deploy", deployment="d")
    return ask


@dataclass(frozen=True)
class Anything:
    """Anything of a type."""

    type: type

    def __eq__(self, other: object) -> bool:
        return isinstance(other, self.type)

    def __hash__(self) -> int:
        return hash(self.type)


TEXT, NUMBER, LIST = Anything(str), Anything(int), Anything(list)


def fits(expected: Any, actual: Any) -> bool:
    """Whether `actual` has everything that is expected; objects may have more keys, and lists hold at least as much."""
    if isinstance(expected, dict):
        return isinstance(actual, dict) and all(
            key in actual and fits(value, actual[key]) for key, value in expected.items()
        )
    if isinstance(expected, list):
        return isinstance(actual, list) and all(any(fits(item, each) for each in actual) for item in expected)
    return bool(expected == actual)


def named(*names: str) -> list[dict[str, Any]]:
    return [{"name": name} for name in names]


def item(name: str, type_: str, **info: Any) -> list[dict[str, Any]]:
    """An item of a List operation."""
    return [{"id": TEXT, "type": type_, "name": name, "template": False, "tags": [], "info": info}]


def full(name: str, **config: Any) -> dict[str, Any]:
    """A resource in full."""
    return {"_id": {"$oid": TEXT}, "name": name, "config": config, "base_permission": "None", "updated_at": NUMBER}


LOG = {"stage": TEXT, "stdout": TEXT, "stderr": "", "success": True}
READS: list[tuple[str, Any]] = [
    ("user", {"username": "admin", "admin": True, "enabled": True}),
    ("auth GetLoginOptions", {"local": True, "oidc": False, "registration_disabled": False}),
    ("auth GetUserId", {"id": TEXT}),
    ("GetVersion", {"version": "2.3.2"}),
    ("GetCoreInfo", {"title": "Komodo", "webhook_base_url": "http://localhost:9120", "default_pagination_limit": 50}),
    ("ListServers", item("prod", "Server", state="Ok")),
    ("GetServer prod", full("prod", enabled=True, passkey="")),
    ("GetServerState prod", {"status": "Ok"}),
    ("GetSystemStats prod", {"cpu_perc": 1.0, "mem_total_gb": 8.0, "disks": []}),
    ("GetSystemInformation prod", {"os": TEXT, "core_count": 2, "host_name": TEXT}),
    ("ListDeployments", item("d", "Deployment", state="running", image="nginx:1")),
    ("GetDeployment d", full("d", image={"type": "Image", "params": {"image": "nginx:1"}})),
    ("GetDeploymentActionState d", {"deploying": False, "destroying": False, "renaming": False}),
    ("GetDeploymentContainer d", {"state": "running", "container": {"name": "d", "image": "nginx:1"}}),
    ("GetDeploymentLog d tail=5", LOG),
    ("GetDeploymentStats d", {"name": "d", "cpu_perc": TEXT, "pids": "1"}),
    ("ListBuilds", item("b", "Build", state="Ok", version={"major": 0, "minor": 0, "patch": 0})),
    ("ListFullBuilds", named("b", "hb")),
    ("GetBuild b", full("b", dockerfile="FROM x\n", secret_args="")),
    ("GetBuildActionState b", {"building": False}),
    ("GetBuildsSummary", {"total": 2, "ok": 2, "failed": 0, "building": 0}),
    ("GetBuildMonthlyStats", {"total_count": 0.0, "days": LIST}),
    ("ListBuildVersions b", []),
    ("ListCommonBuildExtraArgs", ["--pull"]),
    ("ListRepos", item("r", "Repo", state="Ok", repo="acme/app")),
    ("ListFullRepos", named("r")),
    ("GetRepo r", full("r", repo="acme/app", branch="main")),
    ("GetRepoActionState r", {"cloning": False, "pulling": False, "building": False, "renaming": False}),
    ("GetReposSummary", {"total": 1, "ok": 1, "cloning": 0}),
    ("ListStacks", item("s", "Stack", state="running", server_name="prod")),
    ("ListFullStacks", named("h", "s")),
    ("GetStack s", full("s", file_contents=COMPOSE)),
    ("ListStackServices s", [{"service": "web", "image": "nginx:1", "state": "Running"}]),
    ("GetStackActionState s", {"deploying": False, "pausing": False}),
    ("GetStackLog s services=[] tail=5", LOG),
    ("SearchStackLog s services=[] terms=web", LOG),
    ("GetStacksSummary", {"total": 2, "running": 1, "down": 1}),
]


@pytest.mark.parametrize(("words", "expected"), READS, ids=[words for words, _ in READS])
def test_reads(shell: Shell, world: Asker, words: str, expected: Any) -> None:
    said = shell.good("call", *words.split())
    assert fits(expected, said.json), said.out
    assert said.err == ""


UPDATE = {"_id": {"$oid": TEXT}, "status": "Complete", "success": True, "logs": LIST, "start_ts": NUMBER}
WRITES: list[tuple[list[str], Any]] = [
    (["CreateDeployment", "d2", 'config={"image": {"type": "Image", "params": {"image": "x:1"}}}'], full("d2")),
    (["UpdateDeployment", "d", "config.network=bridge"], full("d", network="bridge")),
    (["DeleteDeployment", "d"], full("d")),
    (["CreateBuild", "b2", "config.builder=local", "config.branch=next"], full("b2", branch="next")),
    (["CopyBuild", "b", "name=b2"], full("b2", dockerfile="FROM x\n")),
    (["UpdateBuild", "b", "config.branch=1.10"], full("b", branch="1.10")),
    (["RenameBuild", "b", "name=b9"], {**UPDATE, "operation": "RenameBuild"}),
    (["DeleteBuild", "b"], full("b")),
    (["WriteBuildFileContents", "hb", "contents=FROM y\n"], {**UPDATE, "operation": "WriteDockerfile"}),
    (["RefreshBuildCache", "b"], {}),
    (["CreateRepo", "r2", "config.repo=acme/x"], full("r2", repo="acme/x")),
    (["CopyRepo", "r", "name=r2"], full("r2", repo="acme/app")),
    (["UpdateRepo", "r", "config.branch=next"], full("r", branch="next")),
    (["RenameRepo", "r", "name=r9"], {**UPDATE, "operation": "RenameRepo"}),
    (["DeleteRepo", "r"], full("r")),
    (["RefreshRepoCache", "r"], {}),
    (["CreateStack", "s2", "config.server=prod", "config.auto_pull=no"], full("s2", auto_pull=False)),
    (["UpdateStack", "s", "config.environment=A=1"], full("s", environment="A=1\n")),
    (["DeleteStack", "s"], full("s")),
    (["RefreshStackCache", "s"], {}),
    (
        ["WriteStackFileContents", "h", "file_path=compose.yaml", f"contents={COMPOSE}"],
        {**UPDATE, "operation": "WriteStackContents"},
    ),
]


@pytest.mark.parametrize(("words", "expected"), WRITES, ids=[words[0] for words, _ in WRITES])
def test_writes(shell: Shell, world: Asker, words: list[str], expected: Any) -> None:
    said = shell.good("call", "write", *words)
    assert fits(expected, said.json), said.out
    assert said.err == ""


RUNS: list[tuple[str, str, str]] = [
    # operation and words, what has to have been done before, the state after it
    ("Deploy d", "", "running"),
    ("StartDeployment d", "StopDeployment", "running"),
    ("StopDeployment d", "", "exited"),
    ("RestartDeployment d", "", "running"),
    ("PauseDeployment d", "", "paused"),
    ("UnpauseDeployment d", "PauseDeployment", "running"),
    ("DestroyDeployment d", "", "not_deployed"),
    ("PullDeployment d", "", "running"),
    ("RunBuild b", "", ""),
    ("CloneRepo r", "", ""),
    ("PullRepo r", "CloneRepo", ""),
    ("BuildRepo r", "", ""),
    ("DeployStack s", "", "running"),
    ("StartStack s", "StopStack", "running"),
    ("StopStack s", "", "stopped"),
    ("RestartStack s", "", "running"),
    ("PauseStack s", "", "paused"),
    ("UnpauseStack s", "PauseStack", "running"),
    ("DestroyStack s", "", "down"),
    ("PullStack s", "", "running"),
    ("RunStackService s service=web command=sh,-c,true", "", "running"),
]


@pytest.mark.parametrize(("words", "before", "state"), RUNS, ids=[words.split()[0] for words, _, _ in RUNS])
def test_executions(shell: Shell, world: Asker, words: str, before: str, state: str) -> None:
    operation, name, *_ = words.split()
    kind = {"s": "stack", "d": "deployment", "r": "repo", "b": "build"}[name]
    if before:
        world.execute(before, **{kind: name})
    said = shell.good("call", "execute", *words.split())
    update = said.json
    assert fits(UPDATE, update), said.out
    assert (update["operation"], update["target"]["type"].lower()) == (operation, kind)
    assert update["logs"]
    if state:
        assert [each["info"]["state"] for each in world.read(STATES[kind]) if each["name"] == name] == [state]


@pytest.mark.parametrize(
    ("batch", "single", "fits_"),
    [
        ("BatchRunBuild", "RunBuild", ["b", "hb"]),
        ("BatchCloneRepo", "CloneRepo", ["r"]),
        ("BatchPullRepo", "PullRepo", ["r"]),
        # a Core clones here
        ("BatchBuildRepo", "CloneRepo", ["r"]),
        ("BatchDeployStack", "DeployStack", ["s"]),
        ("BatchDeploy", "Deploy", ["d"]),
    ],
)
def test_batches_tell_the_fate_of_each_item(
    shell: Shell, world: Asker, batch: str, single: str, fits_: list[str]
) -> None:
    said = shell.good("call", "execute", batch, f"pattern={','.join(fits_)}")
    assert [each["status"] for each in said.json] == ["Ok"] * len(fits_)
    for each in said.json:
        assert fits({**UPDATE, "operation": single}, each["data"])
    told = shell.good("run", batch, *fits_, "--format", "json").json
    assert [(each["subject"], each["fate"]) for each in told["results"]] == [(name, "done") for name in fits_]


@pytest.mark.parametrize("name", ["BatchDeployStackIfChanged", "DeployStackIfChanged"])
def test_what_has_no_id_is_not_believed(shell: Shell, world: Asker, name: str) -> None:
    said = shell.good("run", name, "s")
    assert said.out.startswith("s  unknown: the Core gives this Update no id, so nobody can wait for it")
    assert "use DeployStack" in said.out
    answer = shell.good("call", name, "s")
    update = answer.json[0]["data"] if name.startswith("Batch") else answer.json
    assert (update["operation"], update["status"]) == ("DeployStack", "InProgress")
    assert "_id" not in update
    assert "no id" in answer.err


@pytest.mark.parametrize(
    ("words", "said"), [("CancelBuild b", "No build in progress"), ("CancelRepoBuild r", "No repo build in progress")]
)
def test_nothing_to_cancel_is_a_failure_that_says_so(shell: Shell, world: Asker, words: str, said: str) -> None:
    answer = shell("run", *words.split())
    assert (answer.code, answer.out) == (1, "")
    assert said in answer.err


def test_a_running_build_is_cancelled(shell: Shell, world: Asker) -> None:
    world.core.faults.add("RunBuild:b=takes:60")
    world.execute("RunBuild", build="b")
    assert fits({**UPDATE, "operation": "CancelBuild"}, shell.good("call", "CancelBuild", "b").json)
