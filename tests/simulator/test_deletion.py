"""What a delete takes along and what it leaves behind."""

from __future__ import annotations

import pytest

COMPOSE = "services:\n  web:\n    image: nginx:1\n"


@pytest.fixture
def prod(ask) -> str:
    return ask.write("CreateServer", name="prod", config={"enabled": True})["_id"]["$oid"]


def stages(ask, target: str) -> list[str]:
    [newest, *_] = ask.read("ListUpdates", query={"target.id": target}, page=0)["updates"]
    return [log["stage"] for log in ask.read("GetUpdate", id=newest["id"])["logs"]]


def test_a_server_leaves_what_ran_on_it(ask, prod) -> None:
    ask.write("CreateBuilder", name="b", config={"type": "Server", "params": {"server": "prod"}})
    ask.write("CreateSwarm", name="w", config={"server_ids": ["prod"]})
    for kind in ("Stack", "Deployment", "Repo"):
        ask.write(f"Create{kind}", name="x", config={"server": "prod"})
    ask.write("DeleteServer", id="prod")
    assert {kind: ask.config(kind, kind.lower(), "x")["server_id"] for kind in ("Stack", "Deployment", "Repo")} == {
        "Stack": "",
        "Deployment": "",
        "Repo": "",
    }
    assert ask.config("Builder", "builder", "b")["params"]["server_ids"] == [prod]
    assert ask.config("Swarm", "swarm", "w")["server_ids"] == [prod]


def test_a_builder_leaves_builds_and_repos_without_one(ask) -> None:
    ask.write("CreateBuilder", name="b")
    ask.write("CreateBuild", name="x", config={"builder": "b"})
    ask.write("CreateRepo", name="x", config={"builder": "b"})
    ask.write("DeleteBuilder", id="b")
    assert ask.config("Build", "build", "x")["builder_id"] == ""
    assert ask.config("Repo", "repo", "x")["builder_id"] == ""


def test_what_referred_to_a_repo_or_build_dangles(ask) -> None:
    repo = ask.write("CreateRepo", name="r")["_id"]["$oid"]
    build = ask.write("CreateBuild", name="b")["_id"]["$oid"]
    ask.write("CreateStack", name="s", config={"linked_repo": "r"})
    ask.write("CreateDeployment", name="d", config={"image": {"type": "Build", "params": {"build": "b"}}})
    ask.write("DeleteRepo", id="r")
    ask.write("DeleteBuild", id="b")
    assert ask.config("Stack", "stack", "s")["linked_repo"] == repo
    assert ask.config("Deployment", "deployment", "d")["image"]["params"]["build_id"] == build
    # the value is still as it was, so writing it again is no change and is not looked up... unless it is sent
    assert ask.refused("write", "UpdateStack", id="s", config={"linked_repo": repo})[1] == (
        "Cannot attach Repo to this Stack"
    )
    assert ask.refused("write", "RefreshStackCache", stack="s")[1] == f"Did not find any Repo matching {repo}"


def test_alerters_forget_what_is_deleted(ask) -> None:
    gone = {"type": "Stack", "id": ask.write("CreateStack", name="s")["_id"]["$oid"]}
    stays = {"type": "Server", "id": gone["id"]}
    ask.write("CreateAlerter", name="a", config={"resources": [gone, stays], "except_resources": [gone]})
    ask.write("DeleteStack", id="s")
    config = ask.config("Alerter", "alerter", "a")
    assert (config["resources"], config["except_resources"]) == ([stays], [])


def test_a_deleted_tag_stays_on_swarms(ask) -> None:
    tag = ask.write("CreateTag", name="t")["_id"]["$oid"]
    for kind in ("Swarm", "Alerter"):
        ask.write(f"Create{kind}", name="x")
        ask.write("UpdateResourceMeta", target={"type": kind, "id": "x"}, tags=["t"])
    ask.write("DeleteTag", id=tag)
    assert ask.read("GetSwarm", swarm="x")["tags"] == [tag]
    assert ask.read("GetAlerter", alerter="x")["tags"] == []


def test_a_running_stack_is_taken_down(ask, prod) -> None:
    key = ask.write("CreateStack", name="s", config={"server": "prod", "file_contents": COMPOSE})["_id"]["$oid"]
    ask.run("DeployStack", stack="s")
    assert [item["name"] for item in ask.read("ListContainers", server="prod")] == ["s-web-1"]
    ask.write("DeleteStack", id="s")
    assert stages(ask, key) == ["Compose Command", "Delete Stack", "Deleted Toml"]
    assert ask.read("ListContainers", server="prod") == []


def test_a_stack_that_is_down_is_only_deleted(ask, prod) -> None:
    key = ask.write("CreateStack", name="s", config={"server": "prod"})["_id"]["$oid"]
    ask.write("DeleteStack", id="s")
    assert stages(ask, key) == ["Delete Stack", "Deleted Toml"]


def test_a_detached_stack_leaves_its_containers_running(ask, prod) -> None:
    ask.write("CreateStack", name="s", config={"server": "prod", "file_contents": COMPOSE})
    ask.run("DeployStack", stack="s")
    ask.write("UpdateStack", id="s", config={"server_id": ""})
    assert ask.read("ListStacks")[0]["info"]["state"] == "running"
    ask.write("DeleteStack", id="s")
    assert [item["name"] for item in ask.read("ListContainers", server="prod")] == ["s-web-1"]
    # a new stack of that name over them runs, and was never deployed
    ask.write("CreateStack", name="s", config={"server": "prod", "file_contents": COMPOSE})
    assert ask.read("ListStacks")[0]["info"]["state"] == "running"
    assert ask.read("GetStack", stack="s")["info"]["deployed_contents"] is None


def test_a_deployment_takes_its_container_along(ask, prod) -> None:
    image = {"type": "Image", "params": {"image": "nginx:1"}}
    key = ask.write("CreateDeployment", name="d", config={"server": "prod", "image": image})["_id"]["$oid"]
    ask.run("Deploy", deployment="d")
    ask.write("DeleteDeployment", id="d")
    assert stages(ask, key) == ["Docker Stop and Remove", "Delete Deployment", "Deleted Toml"]
    assert ask.read("ListContainers", server="prod") == []


def test_a_repo_that_was_never_cloned_is_deleted_all_the_same(ask, prod) -> None:
    key = ask.write("CreateRepo", name="r", config={"server": "prod"})["_id"]["$oid"]
    ask.write("DeleteRepo", id="r")
    assert stages(ask, key) == ["Delete repo", "Delete Repo", "Deleted Toml"]
    assert ask.read("ListUpdates", query={"target.id": key}, page=0)["updates"][0]["success"] is False


def test_a_repo_on_a_disabled_server_stays_until_it_is_detached(ask) -> None:
    ask.write("CreateServer", name="off")
    ask.write("CreateRepo", name="r", config={"server": "off"})
    assert ask.refused("write", "DeleteRepo", id="r")[1] == "server not enabled"
    ask.write("UpdateRepo", id="r", config={"server_id": ""})
    ask.write("DeleteRepo", id="r")
    assert ask.read("ListFullRepos") == []


def test_permissions_go_with_the_resource(ask, reader) -> None:
    ask.write("CreateStack", name="s")
    user = {"type": "User", "id": reader.user_id}
    ask.write(
        "UpdatePermissionOnTarget", user_target=user, resource_target={"type": "Stack", "id": "s"}, permission="Read"
    )
    assert len(ask.read("ListUserTargetPermissions", user_target=user)) == 1
    ask.write("DeleteStack", id="s")
    assert ask.read("ListUserTargetPermissions", user_target=user) == []
