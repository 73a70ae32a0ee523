"""What a real Core does when it deploys, builds and pulls, fact by fact; `test_recorded_deploys.py` plays the
recordings that the facts are from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from asking import Asker, Clock

from komodo_sync.simulator import EmbeddedCore

if TYPE_CHECKING:
    from collections.abc import Iterator

COMPOSE = "services:\n  web:\n    image: nginx:1\n  db:\n    image: postgres:16\n"
ONE = "services:\n  web:\n    image: nginx:1\n"
GIT = {"server_id": "one", "repo": "me/app"}


class Cached(Asker):
    """Somebody who asks a Core whose pulls are kept for five seconds, and whose clock they hold."""

    def __init__(self) -> None:
        self.clock = Clock()
        super().__init__(EmbeddedCore.open(clock=self.clock, pull_cache=5000))

    def run(self, operation: str, **params: Any) -> Any:
        update = self.execute(operation, **params)
        self.clock.pass_by(20)
        return self.read("GetUpdate", id=update["_id"]["$oid"])

    def fail(self, operation: str, stage: str, **params: Any) -> Any:
        self.core.faults.add(f"{operation}=fails:{stage}")
        update = self.run(operation, **params)
        self.core.faults.clear_told()
        return update

    def stack(self, name: str = "s", **config: Any) -> str:
        made = self.write("CreateStack", name=name, config={"server_id": "one", "file_contents": ONE} | config)
        return str(made["_id"]["$oid"])

    def info(self, name: str = "s", kind: str = "Stack") -> dict[str, Any]:
        found: dict[str, Any] = self.read(f"Get{kind}", **{kind.lower(): name})["info"]
        return found

    def state(self, name: str = "s", kind: str = "Stack") -> str:
        return str(next(item for item in self.read(f"List{kind}s") if item["name"] == name)["info"]["state"])

    def projects(self) -> list[str]:
        return [item["name"] for item in self.read("ListComposeProjects", server="one")]


@pytest.fixture
def real() -> Iterator[Cached]:
    asker = Cached()
    with asker.http, asker.core:
        asker.write("CreateServer", name="one", config={"enabled": True, "address": "https://one:8120"})
        yield asker


def stages(update: dict[str, Any]) -> list[str]:
    """The stages of an Update; those that failed with a `!`."""
    return [log["stage"] + ("" if log["success"] else "!") for log in update["logs"]]


# executions


def test_the_state_is_fresh_at_the_end(real) -> None:
    real.stack()
    real.execute("DeployStack", stack="s")
    assert real.state() == "deploying"
    real.clock.pass_by(20)
    assert real.state() == "running"


def test_a_service_that_the_text_no_longer_has_runs_on_and_counts_for_nothing(real) -> None:
    """The recorded command is `compose up -d` and nothing more."""

    def there() -> list[str]:
        return sorted(item["name"] for item in real.read("ListContainers", server="one"))

    real.stack(file_contents=COMPOSE)
    real.run("DeployStack", stack="s")
    real.write("UpdateStack", id="s", config={"file_contents": ONE})
    update = real.run("DeployStack", stack="s")
    assert update["logs"][-1]["command"].endswith(" up -d")
    assert there() == ["s-db-1", "s-web-1"]
    assert [item["service"] for item in real.read("ListStackServices", stack="s")] == ["web"]
    real.execute("StopStack", stack="s", services=["db"])
    real.clock.pass_by(20)
    assert real.state() == "running"
    real.write("UpdateStack", id="s", config={"extra_args": ["--remove-orphans"]})
    update = real.run("DeployStack", stack="s")
    assert update["logs"][-1]["command"].endswith(" up -d --remove-orphans")
    assert there() == ["s-web-1"]
    real.write("UpdateStack", id="s", config={"file_contents": COMPOSE, "extra_args": []})
    real.run("DeployStack", stack="s")
    real.write("UpdateStack", id="s", config={"file_contents": ONE, "destroy_before_deploy": True})
    real.run("DeployStack", stack="s")
    assert there() == ["s-web-1"]


def test_every_stage_of_a_deploy_in_its_order(real) -> None:
    for name, secret in (("TAG", False), ("PW", True)):
        real.write("CreateVariable", name=name, value="1.9", is_secret=secret)
    real.core.push("me/app", {"compose.yaml": "services:\n  web:\n    image: nginx:[[TAG]]\n"})
    echo = {"path": "", "command": "echo"}
    config = GIT | {
        "file_contents": "",
        "environment": "P=[[PW]]\n",
        "pre_deploy": echo,
        "post_deploy": echo,
        "run_build": True,
        "destroy_before_deploy": True,
    }
    real.stack(**config)
    rest = [
        "Pre Deploy",
        "Compose Config",
        "Compose Build",
        "Compose Pull",
        "Compose Down",
        "Compose Up",
        "Post Deploy",
    ]
    first = ["Interpolate Variables", "Interpolate Secrets"]
    env = ["Write Environment File"]
    assert stages(real.run("DeployStack", stack="s")) == [*first, "Clone Repo", "Latest Commit", *env, *rest]
    pulled = ["Set Git Remote", "Checkout branch", "Git pull", "Latest Commit"]
    assert stages(real.run("DeployStack", stack="s")) == [*first, *pulled, *env, *rest]
    update = real.run("DeployStack", stack="s", services=["web"])
    assert (stages(update)[0], update["operation"]) == ("Service/s", "DeployStackService")


@pytest.mark.parametrize("stage", ["Compose Config", "Compose Pull", "Compose Up"])
def test_a_failure_ends_the_stages_and_what_ran_stays(real, stage) -> None:
    real.stack()
    real.run("DeployStack", stack="s")
    before = real.info()
    real.write("UpdateStack", id="s", config={"file_contents": COMPOSE})
    update = real.fail("DeployStack", stage, stack="s")
    assert (stages(update)[-1], update["success"]) == (f"{stage}!", False)
    assert real.state() == "running"
    assert {key: value for key, value in real.info().items() if key.startswith("deployed")} == {
        key: value for key, value in before.items() if key.startswith("deployed")
    }


def test_a_first_deploy_that_fails_leaves_the_project_name(real) -> None:
    real.stack()
    real.fail("DeployStack", "Compose Pull", stack="s")
    assert (real.info()["deployed_project_name"], real.info()["deployed_contents"]) == ("s", None)


def test_post_deploy_may_fail_and_it_is_deployed(real) -> None:
    real.stack(post_deploy={"path": "", "command": "exit 1"})
    update = real.run("DeployStack", stack="s")
    assert (stages(update)[-1], update["success"], real.state()) == ("Post Deploy!", False, "running")
    assert real.info()["deployed_contents"] is not None


def test_an_unknown_variable_is_deployed_as_it_stands(real) -> None:
    real.stack(file_contents="services:\n  web:\n    image: nginx:[[NOPE]]\n")
    assert real.run("DeployStack", stack="s")["success"]
    assert "[[NOPE]]" in real.info()["deployed_contents"][0]["contents"]


def test_an_invalid_environment_fails_as_write_stack(real) -> None:
    real.stack(environment="no assignment\n")
    assert stages(real.run("DeployStack", stack="s")) == ["Write Stack!"]


def test_a_branch_that_is_missing_is_told_in_the_cache_alone(real) -> None:
    real.core.push("me/app", {"compose.yaml": ONE})
    real.stack(**GIT, file_contents="", branch="nope")
    update = real.run("DeployStack", stack="s")
    assert stages(update) == ["Task Error!"]
    assert "canonicalize error" in update["logs"][0]["stderr"]
    assert "nope" in real.info()["remote_errors"][0]["contents"]


def test_who_tells_a_commit(real) -> None:
    commit = real.core.push("me/app", {"compose.yaml": ONE, "Dockerfile": "FROM scratch\n"})
    real.stack(**GIT, file_contents="")
    real.write("CreateRepo", name="r", config=GIT)
    real.write("CreateBuilder", name="b", config={"type": "Server", "params": {"server_ids": ["one"]}})
    real.write("CreateBuild", name="i", config={"builder_id": "b", "repo": "me/app"})
    assert "commit_hash" not in real.run("DeployStack", stack="s")
    assert "commit_hash" not in real.run("CloneRepo", repo="r")
    assert real.run("PullRepo", repo="r")["commit_hash"] == commit
    assert real.run("RunBuild", build="i")["commit_hash"] == commit


# busy


def test_what_a_busy_resource_refuses(real) -> None:
    real.stack()
    real.write("CreateRepo", name="r", config=GIT)
    real.core.faults.add("*=takes:60")
    real.execute("DeployStack", stack="s")
    real.execute("CloneRepo", repo="r")
    real.core.faults.clear_told()
    assert real.refused("write", "UpdateStack", id="s", config={})[:2] == (500, "Stack busy")
    assert real.refused("write", "DeleteStack", id="s")[:2] == (500, "Stack busy")
    assert real.refused("write", "RenameRepo", id="r", name="q")[:2] == (500, "Resource is busy")
    real.write("UpdateResourceMeta", target={"type": "Stack", "id": "s"}, description="d")
    real.write("RefreshStackCache", stack="s")
    update = real.run("DestroyStack", stack="s")
    assert (stages(update), "Resource is busy" in update["logs"][0]["stderr"]) == (["Task Error!"], True)


@pytest.mark.parametrize("kind", ["Build", "Repo"])
def test_a_run_that_was_refused_as_busy_turns_the_state_failed(real, kind) -> None:
    real.core.push("me/app", {"Dockerfile": "FROM scratch\n"})
    real.write("CreateBuilder", name="b", config={"type": "Server", "params": {"server_ids": ["one"]}})
    place = {"builder_id": "b"} if kind == "Build" else {"server_id": "one"}
    real.write(f"Create{kind}", name="x", config={"repo": "me/app", **place})
    operation, param = ("RunBuild", "build") if kind == "Build" else ("PullRepo", "repo")
    real.run(operation, **{param: "x"})
    real.core.faults.add(f"{operation}=takes:5")
    real.execute(operation, **{param: "x"})
    real.core.faults.clear_told()
    assert stages(real.run(operation, **{param: "x"})) == ["Task Error!"]
    real.clock.pass_by(5_000)
    assert real.state("x", kind) == "Failed"
    real.clock.pass_by(5_000)
    real.run(operation, **{param: "x"})
    assert real.state("x", kind) == "Ok"


def test_a_rename_during_a_first_deploy_orphans_the_containers(real) -> None:
    real.stack()
    real.core.faults.add("DeployStack=takes:5")
    update = real.execute("DeployStack", stack="s")
    real.write("RenameStack", id="s", name="t")
    real.clock.pass_by(5_000)
    assert real.read("GetUpdate", id=update["_id"]["$oid"])["success"]
    info = real.info("t")
    assert {value for key, value in info.items() if key.startswith("deployed")} == {None}
    assert (real.projects(), real.state("t")) == (["s"], "down")
    real.write("DeleteStack", id="t")
    assert real.projects() == ["s"]


def test_a_rename_during_a_build_loses_its_version(real) -> None:
    real.write("CreateBuilder", name="b", config={"type": "Server", "params": {"server_ids": ["one"]}})
    real.write("CreateBuild", name="i", config={"builder_id": "b", "dockerfile": "FROM a"})
    real.core.faults.add("RunBuild=takes:5")
    update = real.execute("RunBuild", build="i")
    real.write("RenameBuild", id="i", name="j")
    real.clock.pass_by(5_000)
    assert real.read("GetUpdate", id=update["_id"]["$oid"])["success"]
    assert real.info("j", "Build")["last_built_at"] == 0
    assert real.config("Build", "build", "j")["version"] == {"major": 0, "minor": 0, "patch": 0}


# the five seconds


def test_a_pull_within_five_seconds_replays_the_last_one(real) -> None:
    old = real.core.push("me/app", {"compose.yaml": ONE})
    real.stack(**GIT, file_contents="")
    real.run("DeployStack", stack="s")
    real.run("DeployStack", stack="s")
    new = real.core.push("me/app", {"compose.yaml": COMPOSE})
    assert real.run("DeployStack", stack="s")["success"]
    assert (real.info()["deployed_hash"], real.info()["latest_hash"]) == (old, old)
    real.clock.pass_by(5_000)
    real.run("DeployStack", stack="s")
    assert real.info()["deployed_hash"] == new


def test_even_of_another_branch(real) -> None:
    old = real.core.push("me/app", {"compose.yaml": ONE})
    dev = real.core.push("me/app", {"compose.yaml": COMPOSE}, branch="dev")
    real.stack(**GIT, file_contents="")
    real.run("DeployStack", stack="s")
    real.run("DeployStack", stack="s")
    real.write("UpdateStack", id="s", config={"branch": "dev"})
    assert real.info()["latest_hash"] == dev
    real.run("DeployStack", stack="s")
    # it looks as if it were in sync
    assert (real.info()["deployed_hash"], real.info()["latest_hash"]) == (old, old)


def test_a_clone_is_never_kept_back(real) -> None:
    real.core.push("me/app", {"compose.yaml": ONE})
    real.stack(**GIT, file_contents="")
    real.run("DeployStack", stack="s")
    new = real.core.push("me/app", {"compose.yaml": COMPOSE})
    real.run("DeployStack", stack="s")
    assert real.info()["deployed_hash"] == new


def test_a_refresh_within_five_seconds_knows_nothing_new(real) -> None:
    old = real.core.push("me/app", {"compose.yaml": ONE})
    real.stack(**GIT, file_contents="")
    new = real.core.push("me/app", {"compose.yaml": COMPOSE})
    real.write("RefreshStackCache", stack="s")
    assert real.info()["latest_hash"] == old
    real.clock.pass_by(5_000)
    real.write("RefreshStackCache", stack="s")
    assert real.info()["latest_hash"] == new


# git stacks


def test_a_new_git_stack_knows_its_commit_at_the_next_look(real) -> None:
    commit = real.core.push("me/app", {"compose.yaml": ONE})
    answer = real.write("CreateStack", name="s", config=GIT)
    assert (answer["info"]["latest_hash"], real.info()["latest_hash"]) == (None, commit)


def test_a_failed_deploy_of_a_new_commit_knows_it_as_the_latest(real) -> None:
    old = real.core.push("me/app", {"compose.yaml": ONE})
    real.stack(**GIT, file_contents="")
    real.run("DeployStack", stack="s")
    new = real.core.push("me/app", {"compose.yaml": COMPOSE})
    real.fail("DeployStack", "Compose Up", stack="s")
    assert (real.info()["deployed_hash"], real.info()["latest_hash"]) == (old, new)


def test_deploy_if_changed_never_has_an_id_and_does_not_start_what_is_down(real) -> None:
    real.core.push("me/app", {"compose.yaml": ONE})
    real.stack(**GIT, file_contents="")
    real.run("DeployStack", stack="s")
    real.run("DestroyStack", stack="s")
    assert "_id" not in real.execute("DeployStackIfChanged", stack="s")
    real.clock.pass_by(1_000)
    assert real.state() == "down"
    # nor what is written in Komodo itself, once it was deployed
    real.stack("ui")
    real.execute("DeployStackIfChanged", stack="ui")
    real.clock.pass_by(1_000)
    assert real.state("ui") == "running"
    real.write("UpdateStack", id="ui", config={"file_contents": COMPOSE})
    real.execute("DeployStackIfChanged", stack="ui")
    real.clock.pass_by(1_000)
    assert len(real.info("ui")["deployed_services"]) == 1


def test_deploy_if_changed_that_finds_it_busy_leaves_a_record_without_an_end(real) -> None:
    real.stack()
    real.core.faults.add("DeployStack=takes:5")
    real.execute("DeployStack", stack="s")
    real.execute("DeployStackIfChanged", stack="s")
    real.clock.pass_by(60_000)
    found = real.read("ListUpdates", query={"status": "InProgress"}, page=0)["updates"]
    assert [item["operation"] for item in found] == ["DeployStack"]
    real.core.start()
    assert real.read("ListUpdates", query={"status": "InProgress"}, page=0)["updates"] == []


def test_a_file_may_ask_for_a_restart_alone(real) -> None:
    files = {"compose.yaml": ONE, "app.conf": "one\n"}
    old = real.core.push("me/app", files)
    conf = [{"path": "app.conf", "services": ["web"], "requires": "Restart"}]
    real.stack(**GIT, file_contents="", config_files=conf)
    real.run("DeployStack", stack="s")
    real.clock.pass_by(5_000)
    real.core.push("me/app", {"app.conf": "two\n"})
    real.execute("DeployStackIfChanged", stack="s")
    real.clock.pass_by(1_000)
    newest = real.read("ListUpdates", query=None, page=0)["updates"][0]
    assert newest["operation"] == "RestartStackService"
    assert real.info()["deployed_hash"] == old
    assert {item["path"]: item["contents"] for item in real.info()["deployed_contents"]}["app.conf"] == "two\n"


def test_a_text_that_was_left_behind_hides_the_files(real) -> None:
    real.core.push("me/app", {"compose.yaml": ONE})
    real.stack(**GIT, file_contents="services:\n  old:\n    image: o\n")
    real.run("DeployStack", stack="s")
    assert [item["service_name"] for item in real.info()["deployed_services"]] == ["web"]
    assert real.info()["remote_contents"] is None
    real.write("RefreshStackCache", stack="s")
    assert real.info()["remote_contents"] is not None


def test_a_linked_repo_that_is_gone(real) -> None:
    real.core.push("me/app", {"compose.yaml": ONE})
    repo = real.write("CreateRepo", name="r", config=GIT)["_id"]["$oid"]
    real.stack(file_contents="", linked_repo="r")
    real.run("DeployStack", stack="s")
    real.write("DeleteRepo", id="r")
    wanted = f"Did not find any Repo matching {repo}"
    assert real.refused("write", "RefreshStackCache", stack="s")[1] == wanted
    update = real.run("DeployStack", stack="s")
    assert (stages(update), wanted in update["logs"][0]["stderr"]) == (["Task Error!"], True)


def test_an_environment_that_was_cleared_is_still_passed_on(real) -> None:
    real.stack(environment="A=1\n")
    real.run("DeployStack", stack="s")
    real.write("UpdateStack", id="s", config={"environment": ""})
    update = real.run("DeployStack", stack="s")
    assert stages(update)[0] == "Compose Config"
    assert "--env-file .env" in update["logs"][0]["command"]


# rename, project name


def test_a_rename_moves_the_project_at_the_next_deploy(real) -> None:
    real.stack()
    real.run("DeployStack", stack="s")
    real.write("RenameStack", id="s", name="t")
    assert (real.state("t"), real.projects()) == ("running", ["s"])
    update = real.run("DeployStack", stack="t")
    assert stages(update) == ["Compose Config", "Compose Pull", "Compose Down", "Compose Up"]
    assert real.projects() == ["t"]


def test_a_pinned_project_name_stays(real) -> None:
    real.stack()
    real.run("DeployStack", stack="s")
    real.write("RenameStack", id="s", name="t")
    real.write("UpdateStack", id="t", config={"project_name": "s"})
    assert "Compose Down" not in stages(real.run("DeployStack", stack="t"))
    real.write("UpdateStack", id="t", config={"project_name": ""})
    assert "Compose Down" in stages(real.run("DeployStack", stack="t"))


def test_a_deploy_after_a_rename_that_fails_early_orphans_the_old_project(real) -> None:
    real.stack()
    real.run("DeployStack", stack="s")
    real.write("RenameStack", id="s", name="t")
    real.fail("DeployStack", "Compose Pull", stack="t")
    assert real.info("t")["deployed_project_name"] == "t"
    assert "Compose Down" not in stages(real.run("DeployStack", stack="t"))
    assert real.projects() == ["s", "t"]


def test_a_down_that_fails_keeps_the_old_project_known(real) -> None:
    real.stack()
    real.run("DeployStack", stack="s")
    real.write("RenameStack", id="s", name="t")
    assert stages(real.fail("DeployStack", "Compose Down", stack="t")) == ["Task Error!"]
    assert real.info("t")["deployed_project_name"] == "s"
    real.run("DeployStack", stack="t")
    assert real.projects() == ["t"]


def test_two_stacks_of_one_project_take_each_other_down(real) -> None:
    real.stack()
    real.run("DeployStack", stack="s")
    real.stack("other", project_name="s")
    real.write("DeleteStack", id="other")
    assert real.state() == "down"


# delete, move, detach


def last(real: Cached) -> dict[str, Any]:
    newest = real.read("ListUpdates", query=None, page=0)["updates"][0]
    found: dict[str, Any] = real.read("GetUpdate", id=newest["id"])
    return found


def test_a_delete_whose_down_fails_deletes_all_the_same(real) -> None:
    real.stack()
    real.run("DeployStack", stack="s")
    real.core.faults.add("DeleteStack=fails:Compose Command")
    real.write("DeleteStack", id="s")
    assert stages(last(real)) == ["Compose Command!", "Delete Stack", "Deleted Toml"]
    assert (real.read("ListStacks"), real.projects()) == ([], ["s"])


def test_a_delete_of_what_is_down_or_unknown_calls_nothing(real) -> None:
    real.stack()
    real.write("DeleteStack", id="s")
    assert stages(last(real)) == ["Delete Stack", "Deleted Toml"]
    real.stack()
    real.run("DeployStack", stack="s")
    real.core.faults.add("unreachable=one")
    assert real.state() == "unknown"
    real.write("DeleteStack", id="s")
    assert (last(real)["success"], stages(last(real))) == (True, ["Delete Stack", "Deleted Toml"])


def test_what_changes_its_server_runs_on_where_it_was(real) -> None:
    real.write("CreateServer", name="two", config={"enabled": True, "address": "https://two:8120"})
    real.stack()
    real.run("DeployStack", stack="s")
    real.write("UpdateStack", id="s", config={"server_id": "two"})
    assert real.projects() == ["s"]
    real.write("DeleteStack", id="s")
    assert real.projects() == ["s"]


@pytest.mark.parametrize("kind", ["Stack", "Deployment"])
def test_what_was_taken_off_its_server_is_deleted_alone(real, kind) -> None:
    image = {"type": "Image", "params": {"image": "nginx:1"}}
    more = {"file_contents": ONE} if kind == "Stack" else {"image": image}
    real.write(f"Create{kind}", name="x", config={"server_id": "one", **more})
    operation = "DeployStack" if kind == "Stack" else "Deploy"
    real.run(operation, **{kind.lower(): "x"})
    real.write(f"Update{kind}", id="x", config={"server_id": ""})
    real.write(f"Delete{kind}", id="x")
    assert len(real.read("ListContainers", server="one")) == 1
    # who comes after finds it running, and nothing deployed
    real.write(f"Create{kind}", name="x", config={"server_id": "one", **more})
    assert real.state("x", kind) == "running"
    if kind == "Stack":
        assert real.info("x")["deployed_contents"] is None


def test_docker_may_be_down_while_its_agent_speaks(real) -> None:
    real.stack()
    real.run("DeployStack", stack="s")
    real.core.faults.add("undocked=one")
    assert real.read("GetServerState", server="one") == {"status": "Ok"}
    assert (real.state(), real.read("ListContainers", server="one")) == ("down", [])
    assert stages(real.run("DeployStack", stack="s"))[-1] == "Compose Pull!"
    real.write("DeleteStack", id="s")
    real.core.faults.clear()
    assert real.projects() == ["s"]


def test_one_exited_container_of_two_is_unhealthy(real) -> None:
    text = "services:\n  web:\n    image: a\n  init:\n    image: b\n    x-simulate: exit:5\n"
    real.stack(file_contents=text)
    real.run("DeployStack", stack="s")
    assert real.state() == "running"
    real.clock.pass_by(6_000)
    assert real.state() == "unhealthy"
    real.write("UpdateStack", id="s", config={"ignore_services": ["init"]})
    assert real.state() == "running"


def test_an_agent_that_falls_silent_in_the_middle(real) -> None:
    real.stack()
    real.core.faults.add("DeployStack=takes:5")
    update = real.execute("DeployStack", stack="s")
    real.core.faults.add("unreachable=one")
    real.clock.pass_by(5_000)
    found = real.read("GetUpdate", id=update["_id"]["$oid"])
    assert stages(found) == ["Task Error!"]
    assert "Timed out waiting for message" in found["logs"][0]["stderr"]
    assert real.read("GetServerState", server="one") == {"status": "NotOk"}


def test_an_address_where_nobody_can_be(real) -> None:
    real.write("CreateServer", name="ghost", config={"enabled": True, "address": "https://ghost.invalid:8120"})
    assert real.read("GetServerState", server="ghost") == {"status": "NotOk"}
    real.stack(server_id="ghost")
    assert stages(real.run("DeployStack", stack="s")) == ["Task Error!"]


def test_a_core_that_ends_in_the_middle(real) -> None:
    real.stack()
    real.core.faults.add("DeployStack=takes:5")
    update = real.execute("DeployStack", stack="s")
    real.core.start()
    found = real.read("GetUpdate", id=update["_id"]["$oid"])
    assert (stages(found), found["end_ts"]) == (["Komodo shutdown!"], None)
    # compose has finished all the same
    assert real.state() == "running"
    assert real.info()["deployed_contents"] is None


# auto_update


def test_a_write_of_the_files_deploys_newer_images_by_itself(real) -> None:
    real.stack(file_contents=COMPOSE, auto_update=True)
    real.run("DeployStack", stack="s")
    real.core.release("nginx:1")
    real.write("UpdateStack", id="s", config={"environment": "A=1\n"})
    assert last(real)["operation"] == "UpdateStack"
    # the same text is enough
    real.write("UpdateStack", id="s", config={"file_contents": f"{COMPOSE}# new\n"})
    real.clock.pass_by(20)
    found = last(real)
    assert (found["operation"], found["operator"]) == ("DeployStackService", "000000000000000000000004")
    assert "web" in found["logs"][0]["stdout"]
    assert real.info()["deployed_contents"][0]["contents"] == f"{COMPOSE}# new\n"
    real.write("UpdateStack", id="s", config={"file_contents": f"{COMPOSE}# new\n"})
    real.clock.pass_by(20)
    assert last(real)["_id"] == found["_id"]


def test_without_auto_update_nothing_is_deployed(real) -> None:
    real.stack(poll_for_updates=True)
    real.run("DeployStack", stack="s")
    real.core.release("nginx:1")
    real.write("UpdateStack", id="s", config={"file_contents": f"{ONE}# c\n"})
    assert last(real)["operation"] == "UpdateStack"


# repos


def test_the_stages_of_a_repo(real) -> None:
    real.core.push("me/app", {"a": "b"})
    echo = {"path": ".", "command": "echo"}
    real.write("CreateRepo", name="r", config=GIT | {"environment": "A=1\n", "on_clone": echo, "on_pull": echo})
    assert real.info("r", "Repo")["latest_hash"] is None
    assert real.state("r", "Repo") == "Ok"
    env = ["Latest Commit", "Write Environment File"]
    assert stages(real.run("CloneRepo", repo="r")) == ["Clone Repo", *env, "On Clone", "On Pull"]
    pull = ["Set Git Remote", "Checkout branch", "Git pull"]
    assert stages(real.run("PullRepo", repo="r")) == [*pull, *env, "On Pull"]
    pulled_at = real.info("r", "Repo")["last_pulled_at"]
    real.write("UpdateRepo", id="r", config={"on_pull": {"path": ".", "command": "exit 3"}})
    real.clock.pass_by(1_000)
    assert stages(real.run("PullRepo", repo="r"))[-1] == "On Pull!"
    assert real.info("r", "Repo")["last_pulled_at"] == pulled_at


def test_a_linked_stack_clones_its_repo_and_the_repo_does_not_know(real) -> None:
    real.core.push("me/app", {"compose.yaml": ONE})
    real.write("CreateRepo", name="r", config=GIT)
    real.stack(file_contents="", linked_repo="r")
    assert stages(real.run("DeployStack", stack="s"))[0] == "Clone Repo"
    info = real.info("r", "Repo")
    assert (info["last_pulled_at"], info["latest_hash"]) == (0, None)
    assert stages(real.run("PullRepo", repo="r"))[0] == "Set Git Remote"


def test_a_repo_whose_server_is_off_or_silent(real) -> None:
    real.core.push("me/app", {"a": "b"})
    real.write("CreateServer", name="off", config={"enabled": False})
    real.write("CreateRepo", name="r", config=GIT | {"server_id": "off"})
    assert real.refused("write", "RenameRepo", id="r", name="q")[1] == "server not enabled"
    assert real.refused("write", "DeleteRepo", id="q")[1] == "server not enabled"
    real.write("UpdateRepo", id="q", config={"server_id": ""})
    real.write("DeleteRepo", id="q")
    real.write("CreateRepo", name="g", config=GIT)
    real.core.faults.add("unreachable=one")
    assert stages(real.run("CloneRepo", repo="g")) == ["Clone Repo!"]
    update = real.write("RenameRepo", id="g", name="h")
    assert (update["success"], stages(update)) == (False, ["Rename Repo directory failure!", "Rename Repo"])
    real.write("DeleteRepo", id="h")
    assert stages(last(real)) == ["Delete Repo on Periphery!", "Delete Repo", "Deleted Toml"]


def test_a_delete_of_what_was_never_cloned(real) -> None:
    real.write("CreateRepo", name="r", config=GIT)
    real.write("DeleteRepo", id="r")
    assert (stages(last(real))[0], last(real)["success"]) == ("Delete repo!", False)


# builds


@pytest.fixture
def build(real) -> str:
    real.core.push("me/app", {"Dockerfile": "FROM scratch\n"})
    real.write("CreateBuilder", name="b", config={"type": "Server", "params": {"server_ids": ["one"]}})
    real.write("CreateBuild", name="i", config={"builder_id": "b", "repo": "me/app"})
    return "i"


def version(real: Cached) -> str:
    return ".".join(map(str, real.config("Build", "build", "i")["version"].values()))


def test_a_build_counts_its_version_up_when_it_succeeds(real, build) -> None:
    update = real.run("RunBuild", build=build)
    assert stages(update) == ["Clone Repo", "Latest Commit", "Docker Build"]
    assert (update["version"]["patch"], version(real)) == (1, "0.0.1")
    update = real.fail("RunBuild", "Docker Build", build=build)
    assert (update["version"]["patch"], version(real)) == (2, "0.0.1")
    assert stages(update) == ["Set Git Remote", "Checkout branch", "Git pull", "Latest Commit", "Docker Build!"]
    assert real.state("i", "Build") == "Failed"
    real.write("UpdateBuild", id="i", config={"version": "0.0.0"})
    assert version(real) == "0.0.0"


def test_a_build_of_a_written_dockerfile(real, build) -> None:
    real.write("UpdateBuild", id="i", config={"repo": "", "dockerfile": "FROM a"})
    assert stages(real.run("RunBuild", build=build)) == ["Write Dockerfile", "Docker Build"]
    assert (real.info("i", "Build")["built_hash"], real.info("i", "Build")["latest_hash"]) == ("", None)


def test_a_build_is_cancelled_once(real, build) -> None:
    real.run("RunBuild", build=build)
    real.run("RunBuild", build=build)
    real.core.faults.add("RunBuild=takes:60")
    update = real.execute("RunBuild", build=build)
    real.core.faults.clear_told()
    assert stages(real.run("CancelBuild", build=build)) == ["Cancel Triggered", "Cancel acknowledged"]
    assert stages(real.read("GetUpdate", id=update["_id"]["$oid"]))[-1] == "Build Cancelled!"
    assert real.state("i", "Build") == "Ok"
    assert real.refused("execute", "CancelBuild", build=build)[1] == "Build has already been cancelled"
    real.run("RunBuild", build=build)
    found = real.run("CancelBuild", build=build)
    assert (stages(found), "Build is not building." in found["logs"][0]["stderr"]) == (["Task Error!"], True)


# deployments


@pytest.fixture
def deployment(real) -> str:
    image = {"type": "Image", "params": {"image": "nginx:1"}}
    real.write("CreateDeployment", name="d", config={"server_id": "one", "image": image})
    return "d"


def test_a_deployment_whose_run_fails_has_no_container_left(real, deployment) -> None:
    assert stages(real.run("Deploy", deployment=deployment)) == ["Docker Run"]
    assert real.state("d", "Deployment") == "running"
    assert stages(real.fail("Deploy", "Docker Run", deployment=deployment)) == ["Docker Run!"]
    assert (real.state("d", "Deployment"), real.read("ListContainers", server="one")) == ("not_deployed", [])


def test_a_deployment_that_is_absent_cannot_be_destroyed(real, deployment) -> None:
    assert stages(real.run("DestroyDeployment", deployment=deployment)) == ["Docker Stop and Remove!"]
    real.stack()
    assert real.run("DestroyStack", stack="s")["success"]


def test_a_rename_renames_the_container_unless_nobody_can_say_what_runs(real, deployment) -> None:
    real.run("Deploy", deployment=deployment)
    assert stages(real.write("RenameDeployment", id="d", name="e")) == ["Docker Rename", "Rename Deployment"]
    assert [item["name"] for item in real.read("ListContainers", server="one")] == ["e"]
    real.core.faults.add("unreachable=one")
    refused = real.refused("write", "RenameDeployment", id="e", name="f")
    assert refused[1] == "Cannot rename Deployment when container status is unknown"


# the table

FACTS = {
    "State is fresh at Complete": test_the_state_is_fresh_at_the_end,
    "compose up -d alone": test_a_service_that_the_text_no_longer_has_runs_on_and_counts_for_nothing,
    "Stages in order": test_every_stage_of_a_deploy_in_its_order,
    "Failure ends the list": test_a_failure_ends_the_stages_and_what_ran_stays,
    "deployed_project_name": test_a_first_deploy_that_fails_leaves_the_project_name,
    "Post Deploy failing": test_post_deploy_may_fail_and_it_is_deployed,
    "Unresolved variables": test_an_unknown_variable_is_deployed_as_it_stands,
    "Invalid environment": test_an_invalid_environment_fails_as_write_stack,
    "Git branch missing": test_a_branch_that_is_missing_is_told_in_the_cache_alone,
    "commit_hash": test_who_tells_a_commit,
    "Busy": test_what_a_busy_resource_refuses,
    "Refused RunBuild and PullRepo": test_a_run_that_was_refused_as_busy_turns_the_state_failed,
    "RenameStack during first deploy": test_a_rename_during_a_first_deploy_orphans_the_containers,
    "RenameBuild during RunBuild": test_a_rename_during_a_build_loses_its_version,
    "The 5 s pull cache": test_a_pull_within_five_seconds_replays_the_last_one,
    "Branch change within 5 s": test_even_of_another_branch,
    "Clones are not cached": test_a_clone_is_never_kept_back,
    "RefreshStackCache within 5 s": test_a_refresh_within_five_seconds_knows_nothing_new,
    "CreateStack answer": test_a_new_git_stack_knows_its_commit_at_the_next_look,
    "Failed deploy, new commit": test_a_failed_deploy_of_a_new_commit_knows_it_as_the_latest,
    "DeployStackIfChanged": test_deploy_if_changed_never_has_an_id_and_does_not_start_what_is_down,
    "DeployStackIfChanged while busy": test_deploy_if_changed_that_finds_it_busy_leaves_a_record_without_an_end,
    "config_files": test_a_file_may_ask_for_a_restart_alone,
    "Leftover file_contents": test_a_text_that_was_left_behind_hides_the_files,
    "Deleted linked repo": test_a_linked_repo_that_is_gone,
    "Environment cleared": test_an_environment_that_was_cleared_is_still_passed_on,
    "RenameStack": test_a_rename_moves_the_project_at_the_next_deploy,
    "project_name pinned": test_a_pinned_project_name_stays,
    "Early failure after rename": test_a_deploy_after_a_rename_that_fails_early_orphans_the_old_project,
    "down fails after rename": test_a_down_that_fails_keeps_the_old_project_known,
    "Two stacks, one project": test_two_stacks_of_one_project_take_each_other_down,
    "DeleteStack whose down fails": test_a_delete_whose_down_fails_deletes_all_the_same,
    "DeleteStack down or unknown": test_a_delete_of_what_is_down_or_unknown_calls_nothing,
    "Changing server_id": test_what_changes_its_server_runs_on_where_it_was,
    "Detach": test_what_was_taken_off_its_server_is_deleted_alone,
    "Docker engine down": test_docker_may_be_down_while_its_agent_speaks,
    "Exited container": test_one_exited_container_of_two_is_unhealthy,
    "Agent killed": test_an_agent_that_falls_silent_in_the_middle,
    "Core killed": test_a_core_that_ends_in_the_middle,
    "auto_update": test_a_write_of_the_files_deploys_newer_images_by_itself,
    "auto_update false": test_without_auto_update_nothing_is_deployed,
    "Repo stages": test_the_stages_of_a_repo,
    "Linked stack clones": test_a_linked_stack_clones_its_repo_and_the_repo_does_not_know,
    "Disabled and unreachable repo servers": test_a_repo_whose_server_is_off_or_silent,
    "DeleteRepo never cloned": test_a_delete_of_what_was_never_cloned,
    "RunBuild": test_a_build_counts_its_version_up_when_it_succeeds,
    "UI build": test_a_build_of_a_written_dockerfile,
    "CancelBuild": test_a_build_is_cancelled_once,
    "Deployment run failure": test_a_deployment_whose_run_fails_has_no_container_left,
    "DestroyDeployment when absent": test_a_deployment_that_is_absent_cannot_be_destroyed,
    "Rename of a deployment": test_a_rename_renames_the_container_unless_nobody_can_say_what_runs,
}
"""Each fact by a word for it, and the test that holds it here."""


def test_no_test_of_a_fact_is_left_out_of_the_table() -> None:
    tests = {name for name, found in globals().items() if name.startswith("test_") and callable(found)}
    named = {found.__name__ for found in FACTS.values()}
    others = {"test_no_test_of_a_fact_is_left_out_of_the_table", "test_an_address_where_nobody_can_be"}
    assert tests - named == others
