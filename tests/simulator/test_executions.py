"""Executions: in progress first, then done; what they do to states; what makes them fail."""

from __future__ import annotations

import pytest

COMPOSE = "services:\n  web:\n    image: nginx:1\n  db:\n    image: postgres:16\n"


@pytest.fixture
def stack(ask) -> str:
    ask.write("CreateServer", name="prod", config={"enabled": True})
    return ask.write("CreateStack", name="s", config={"server": "prod", "file_contents": COMPOSE})["_id"]["$oid"]


def state(ask, kind: str = "Stack") -> str:
    return ask.read(f"List{kind}s")[0]["info"]["state"]


def stages(update) -> list[str]:
    return [log["stage"] for log in update["logs"]]


def test_a_deploy_is_under_way_and_then_complete(ask, core, stack) -> None:
    assert state(ask) == "down"
    update = ask.execute("DeployStack", stack="s")
    assert (update["status"], update["success"], update["logs"], update["end_ts"]) == ("InProgress", True, [], None)
    assert state(ask) == "deploying"
    assert ask.read("GetStackActionState", stack="s")["deploying"] is True
    core.clock.pass_by(core.state.pace)
    update = ask.read("GetUpdate", id=update["_id"]["$oid"])
    assert (update["status"], update["success"]) == ("Complete", True)
    assert stages(update) == ["Compose Config", "Compose Pull", "Compose Up"]
    assert state(ask) == "running"
    assert ask.read("GetStackActionState", stack="s")["deploying"] is False


def test_what_a_deploy_leaves_in_info(ask, stack) -> None:
    ask.run("DeployStack", stack="s")
    info = ask.read("GetStack", stack="s")["info"]
    assert info["deployed_project_name"] == "s"
    assert info["deployed_contents"] == [{"path": "compose.yaml", "contents": COMPOSE}]
    assert [item["service_name"] for item in info["deployed_services"]] == ["web", "db"]
    assert info["deployed_hash"] is None
    [item] = ask.read("ListStacks")
    assert item["info"]["status"] == "running(2)"


def test_a_compose_text_can_ask_to_fail(ask, stack) -> None:
    ask.run("DeployStack", stack="s")
    ask.write("UpdateStack", id="s", config={"file_contents": f"x-simulate: fail\n{COMPOSE}"})
    update = ask.run("DeployStack", stack="s")
    assert (update["success"], stages(update)[-1], update["logs"][-1]["success"]) == (False, "Compose Up", False)
    # what was deployed before stays, and runs
    assert ask.read("GetStack", stack="s")["info"]["deployed_contents"] == [
        {"path": "compose.yaml", "contents": COMPOSE}
    ]
    assert state(ask) == "running"


def test_a_first_deploy_that_fails_leaves_the_project_name_alone_behind(ask, stack) -> None:
    ask.write("UpdateStack", id="s", config={"file_contents": f"x-simulate: fail\n{COMPOSE}"})
    ask.run("DeployStack", stack="s")
    info = ask.read("GetStack", stack="s")["info"]
    assert (info["deployed_project_name"], info["deployed_contents"]) == ("s", None)
    assert state(ask) == "down"


def test_a_broken_compose_file_is_stored_and_fails_to_deploy(ask, stack) -> None:
    ask.write("UpdateStack", id="s", config={"file_contents": "services: [\n"})
    update = ask.run("DeployStack", stack="s")
    assert (update["success"], stages(update)[-1]) == (False, "Parse Compose Services")


def test_a_broken_environment_fails_to_deploy(ask, stack) -> None:
    ask.write("UpdateStack", id="s", config={"environment": "A=1\nno assignment\n"})
    update = ask.run("DeployStack", stack="s")
    assert (update["success"], stages(update)) == (False, ["Write Stack"])
    assert "line 1 missing assignment character" in update["logs"][0]["stderr"]


def test_variables_are_put_in_at_deploy(ask, stack) -> None:
    ask.write("CreateVariable", name="TAG", value="1.9")
    ask.write("CreateVariable", name="PW", value="hunter2", is_secret=True)
    text = "services:\n  web:\n    image: nginx:[[TAG]]\n    labels:\n      pw: [[PW]]\n      no: [[NOPE]]\n"
    ask.write("UpdateStack", id="s", config={"file_contents": text})
    update = ask.run("DeployStack", stack="s")
    assert stages(update)[:2] == ["Interpolate Variables", "Interpolate Secrets"]
    info = ask.read("GetStack", stack="s")["info"]
    assert info["deployed_contents"][0]["contents"] == (
        "services:\n  web:\n    image: nginx:1.9\n    labels:\n      pw: hunter2\n      no: [[NOPE]]\n"
    )
    assert "hunter2" not in "".join(log["stdout"] for log in update["logs"])
    assert ask.config("Stack", "stack", "s")["file_contents"] == text


@pytest.mark.parametrize(
    ("operation", "then"),
    [
        ("StopStack", "stopped"),
        ("PauseStack", "paused"),
        ("DestroyStack", "down"),
        ("RestartStack", "running"),
    ],
)
def test_states_after_an_execution(ask, stack, operation: str, then: str) -> None:
    ask.run("DeployStack", stack="s")
    assert ask.run(operation, stack="s")["success"] is True
    assert state(ask) == then


def test_one_service_of_two_makes_the_stack_unhealthy(ask, stack) -> None:
    ask.run("DeployStack", stack="s")
    update = ask.run("StopStack", stack="s", services=["db"])
    assert update["operation"] == "StopStackService"
    assert state(ask) == "unhealthy"
    ask.write("UpdateStack", id="s", config={"ignore_services": ["db"]})
    assert state(ask) == "running"


def test_busy(ask, core, stack) -> None:
    first = ask.execute("DeployStack", stack="s")
    for operation, params in (("UpdateStack", {"config": {}}), ("DeleteStack", {})):
        assert ask.refused("write", operation, id="s", **params) == (500, "Stack busy", [])
    ask.write("UpdateResourceMeta", target={"type": "Stack", "id": "s"}, description="d")
    second = ask.execute("DestroyStack", stack="s")
    core.clock.pass_by(core.state.pace)
    refused = ask.read("GetUpdate", id=second["_id"]["$oid"])
    assert (refused["success"], stages(refused)) == (False, ["Task Error"])
    assert refused["logs"][0]["stderr"].endswith("Resource is busy")
    assert ask.read("GetUpdate", id=first["_id"]["$oid"])["success"] is True
    assert state(ask) == "running"


def test_a_rename_while_a_repo_is_busy(ask) -> None:
    ask.write("CreateServer", name="prod", config={"enabled": True})
    ask.write("CreateRepo", name="r", config={"server": "prod", "repo": "a/b"})
    ask.execute("PullRepo", repo="r")
    assert ask.refused("write", "RenameRepo", id="r", name="q")[1] == "Resource is busy"


def test_a_renamed_stack_moves_at_its_next_deploy(ask, stack) -> None:
    ask.run("DeployStack", stack="s")
    ask.write("RenameStack", id="s", name="t")
    assert [item["name"] for item in ask.read("ListContainers", server="prod")] == [
        "s-db-1",
        "s-web-1",
    ]
    update = ask.run("DeployStack", stack="t")
    assert "Compose Down" in stages(update)
    assert [item["name"] for item in ask.read("ListContainers", server="prod")] == ["t-db-1", "t-web-1"]


def test_builds_count_their_version_up(ask) -> None:
    ask.write("CreateServer", name="prod", config={"enabled": True})
    ask.write("CreateBuilder", name="local", config={"type": "Server", "params": {"server": "prod"}})
    ask.write("CreateBuild", name="b", config={"builder": "local", "dockerfile": "FROM scratch"})
    update = ask.run("RunBuild", build="b")
    assert update["version"] == {"major": 0, "minor": 0, "patch": 1}
    build = ask.read("GetBuild", build="b")
    assert (build["config"]["version"]["patch"], build["info"]["built_hash"]) == (1, "")
    assert [item["version"]["patch"] for item in ask.read("ListBuildVersions", build="b")] == [1]


def test_a_build_can_be_cancelled_once(ask, core) -> None:
    ask.write("CreateServer", name="prod", config={"enabled": True})
    ask.write("CreateBuilder", name="local", config={"type": "Server", "params": {"server": "prod"}})
    ask.write("CreateBuild", name="b", config={"builder": "local"})
    running = ask.execute("RunBuild", build="b")
    ask.execute("CancelBuild", build="b")
    assert ask.refused("execute", "CancelBuild", build="b")[1] == "Build has already been cancelled"
    core.clock.pass_by(core.state.pace)
    assert ask.read("GetUpdate", id=running["_id"]["$oid"])["success"] is False


def test_a_repo_is_cloned_and_pulled(ask, core) -> None:
    ask.write("CreateServer", name="prod", config={"enabled": True})
    ask.write("CreateRepo", name="r", config={"server": "prod", "repo": "acme/app"})
    first = core.push("acme/app", {"a": "1"}, message="first")
    assert ask.run("CloneRepo", repo="r")["success"] is True
    second = core.push("acme/app", {"a": "2"}, message="second")
    assert ask.run("PullRepo", repo="r")["commit_hash"] == second != first
    info = ask.read("GetRepo", repo="r")["info"]
    assert (info["latest_hash"], info["latest_message"]) == (second, "second")
    assert ask.read("ListRepos")[0]["info"]["cloned_hash"] == second


def test_a_git_stack_knows_what_is_new_and_what_is_deployed(ask, core) -> None:
    ask.write("CreateServer", name="prod", config={"enabled": True})
    old = core.push("acme/app", {"compose.yaml": "services:\n  a:\n    image: a:1\n"})
    ask.write("CreateStack", name="g", config={"server": "prod", "repo": "acme/app"})
    assert ask.run("DeployStack", stack="g")["success"] is True
    new = core.push("acme/app", {"compose.yaml": "services:\n  a:\n    image: a:2\n"})
    ask.write("RefreshStackCache", stack="g")
    info = ask.read("GetStack", stack="g")["info"]
    assert (info["deployed_hash"], info["latest_hash"]) == (old, new)
    assert info["deployed_contents"][0]["contents"] != info["remote_contents"][0]["contents"]
    assert "_id" not in ask.execute("DeployStackIfChanged", stack="g")
    core.clock.pass_by(core.state.pace)
    assert ask.read("GetStack", stack="g")["info"]["deployed_hash"] == new


def test_a_branch_that_does_not_exist(ask, core) -> None:
    ask.write("CreateServer", name="prod", config={"enabled": True})
    core.push("acme/app", {"compose.yaml": COMPOSE})
    ask.write("CreateStack", name="g", config={"server": "prod", "repo": "acme/app", "branch": "nope"})
    assert ask.read("GetStack", stack="g")["info"]["remote_errors"][0]["path"] == "Failed at: Clone Repo"
    assert stages(ask.run("DeployStack", stack="g")) == ["Task Error"]


def test_a_git_stack_whose_file_is_missing(ask, core) -> None:
    ask.write("CreateServer", name="prod", config={"enabled": True})
    core.push("acme/app", {"README": "x"})
    ask.write("CreateStack", name="g", config={"server": "prod", "repo": "acme/app"})
    assert ask.read("GetStack", stack="g")["info"]["missing_files"] == ["compose.yaml"]
    update = ask.run("DeployStack", stack="g")
    assert (update["success"], stages(update)[-1]) == (False, "Validate Files")


PROCEDURE = "000000000000000000000001"


def test_a_procedure_does_its_batches_one_by_one(ask, stack) -> None:
    batch = {"execution": {"type": "BatchDestroyStack", "params": {"pattern": "*"}}}
    ask.write("CreateProcedure", name="p", config={"stages": [{"name": "all", "executions": [batch]}]})
    update = ask.run("RunProcedure", procedure="p")
    assert (update["success"], stages(update)) == (True, ["Execute procedure", "Execution ok"])
    [found] = ask.read("ListUpdates", query={"operation": "DestroyStack"}, page=0)["updates"]
    assert (found["username"], found["success"]) == (PROCEDURE, True)


def test_a_procedure_runs_its_stages_and_stops_at_the_first_that_fails(ask, stack) -> None:
    ask.write("CreateStack", name="homeless")
    deploys = [[{"execution": {"type": "DeployStack", "params": {"stack": name}}}] for name in ("s", "homeless", "s")]
    stages_ = [{"name": str(number), "executions": found} for number, found in enumerate(deploys)]
    ask.write("CreateProcedure", name="p", config={"stages": stages_})
    update = ask.run("RunProcedure", procedure="p")
    assert (update["success"], stages(update)) == (False, ["Execute procedure", "Execution error"])
    assert state(ask, "Procedure") == "Failed"
    found = ask.read("ListUpdates", query={"operation": "DeployStack"}, page=0)["updates"]
    assert [(item["username"], item["success"]) for item in found] == [(PROCEDURE, False), (PROCEDURE, True)]


def test_procedures_that_run_each_other_end(ask) -> None:
    ask.write("CreateProcedure", name="a")

    def runs(name: str) -> dict[str, object]:
        execution = {"type": "RunProcedure", "params": {"procedure": name}}
        return {"stages": [{"name": "x", "executions": [{"execution": execution}]}]}

    ask.write("CreateProcedure", name="b", config=runs("a"))
    ask.write("UpdateProcedure", id="a", config=runs("b"))
    assert ask.run("RunProcedure", procedure="a")["success"] is False


def test_batches_by_wildcard_regex_and_tag(ask, core) -> None:
    for name in ("web-1", "web-2", "db"):
        ask.write("CreateStack", name=name)
    ask.write("UpdateResourceMeta", target={"type": "Stack", "id": "web-2"}, tags=["t"])

    def batch(pattern: str, **more: object) -> int:
        found = ask.execute("BatchDestroyStack", pattern=pattern, **more)
        core.clock.pass_by(core.state.pace)
        return len(found)

    assert [batch("web-*"), batch("web-?, db"), batch("\\^d\\"), batch("web-*", tags=["t"]), batch("x*")] == [
        2,
        3,
        1,
        1,
        0,
    ]


def test_containers_of_a_server_can_be_stopped_together(ask, stack) -> None:
    ask.run("DeployStack", stack="s")
    assert ask.run("StopAllContainers", server="prod")["success"] is True
    assert state(ask) == "stopped"
    assert ask.run("DestroyContainer", server="prod", container="s-db-1")["success"] is True
    assert [item["name"] for item in ask.read("ListContainers", server="prod")] == ["s-web-1"]
    assert ask.run("StopContainer", server="prod", container="nope")["success"] is False


def test_a_deployment_follows_its_build(ask, core) -> None:
    ask.write("CreateServer", name="prod", config={"enabled": True})
    ask.write("CreateBuilder", name="local", config={"type": "Server", "params": {"server": "prod"}})
    ask.write("CreateBuild", name="b", config={"builder": "local"})
    image = {"type": "Build", "params": {"build": "b"}}
    ask.write("CreateDeployment", name="d", config={"server": "prod", "image": image, "redeploy_on_build": True})
    ask.run("RunBuild", build="b")
    assert state(ask, "Deployment") == "not_deployed"
    ask.run("Deploy", deployment="d")
    ask.run("RunBuild", build="b")
    # Core begins it by itself once the build has ended, and it takes its time
    assert state(ask, "Deployment") == "deploying"
    core.clock.pass_by(core.state.pace)
    [item] = ask.read("ListDeployments")
    assert (item["info"]["state"], item["info"]["image"]) == ("running", "b:0.0.2")
    newest = ask.read("ListUpdates", query={"operation": "Deploy"})["updates"][0]
    assert newest["operator"] == "000000000000000000000004"
    ask.run("StopDeployment", deployment="d")
    ask.run("RunBuild", build="b")
    assert state(ask, "Deployment") == "exited"


def test_a_custom_name_renames_the_container(ask) -> None:
    ask.write("CreateServer", name="prod", config={"enabled": True})
    image = {"type": "Image", "params": {"image": "nginx:1"}}
    ask.write("CreateDeployment", name="d", config={"server": "prod", "image": image})
    ask.run("Deploy", deployment="d")
    ask.write("UpdateDeployment", id="d", config={"custom_name": "my box"})
    assert [item["name"] for item in ask.read("ListContainers", server="prod")] == ["my_box"]
    ask.write("UpdateServer", id="prod", config={"enabled": False})
    assert ask.refused("write", "UpdateDeployment", id="d", config={"custom_name": "x"})[1] == (
        "Cannot change custom container name when container status is unknown"
    )


def test_logs_of_what_runs(ask, stack) -> None:
    ask.run("DeployStack", stack="s")
    log = ask.read("GetStackLog", stack="s", services=["web"], tail=10)
    assert log["stdout"] == "s-web-1  | simulated, running\n"
    found = ask.read("SearchStackLog", stack="s", services=[], terms=["db"])
    assert found["stdout"] == "s-db-1  | simulated, running\n"


def test_a_service_that_is_not_in_the_file(ask, stack) -> None:
    update = ask.run("DeployStack", stack=stack, services=["nope"])
    assert (update["success"], update["logs"][-1]["stderr"]) == (False, "no such service: nope\n")
    assert ask.run("DeployStack", stack=stack)["success"]
    update = ask.run("RunStackService", stack=stack, service="nope")
    assert (update["success"], update["logs"][-1]["stage"]) == (False, "Compose Run")


def test_on_a_swarm_everything_runs_or_is_taken_down(ask) -> None:
    ask.write("CreateServer", name="prod", config={"enabled": True})
    ask.write("CreateSwarm", name="w", config={"server_ids": ["prod"]})
    ask.write("CreateStack", name="x", config={"swarm": "w", "file_contents": "services: {a: {image: b}}"})
    image = {"type": "Image", "params": {"image": "b"}}
    ask.write("CreateDeployment", name="x", config={"swarm": "w", "image": image})
    assert ask.run("DeployStack", stack="x")["success"]
    assert ask.run("Deploy", deployment="x")["success"]
    for kind in ("stack", "deployment"):
        for verb in ("Start", "Stop", "Restart", "Pause", "Unpause"):
            [log] = ask.run(f"{verb}{kind.capitalize()}", **{kind: "x"})["logs"]
            assert log["stage"] == "Task Error"
            assert "in Swarm Mode" in log["stderr"]
        assert ask.run(f"Destroy{kind.capitalize()}", **{kind: "x"})["success"]


@pytest.mark.parametrize(
    ("style", "arguments", "good"),
    [
        ("key_value", "A=1\n# note\n", True),
        ("key_value", "nonsense", False),
        ("json", '{"A": [1]}', True),
        ("json", "", False),
        ("toml", "A = 1", True),
        ("toml", "A =", False),
        ("yaml", "A: 1", True),
        ("yaml", "- A", False),
    ],
)
def test_arguments_of_an_action_are_read_before_it_runs(ask, style: str, arguments: str, good: bool) -> None:
    config = {"file_contents": "x", "arguments": arguments, "arguments_format": style}
    ask.write("CreateAction", name="a", config=config)
    update = ask.run("RunAction", action="a")
    assert (update["success"], stages(update)) == (good, ["Execute Action" if good else "Task Error"])
    if not good:
        assert "Failed to parse default Action arguments" in update["logs"][0]["stderr"]
