"""What a Core refuses, and in which words, beside its resources' own writes."""

from __future__ import annotations

from typing import Any

import pytest

NOBODY = "0" * 24


@pytest.fixture
def world(ask):
    ask.write("CreateServer", name="off")
    ask.write("CreateBuilder", name="b", config={"type": "Server", "params": {"servers": ["off"]}})
    ask.write("CreateSwarm", name="w", config={"servers": ["off"]})
    ask.write("CreateStack", name="s", config={"server": "off"})
    ask.write("CreateStack", name="homeless")
    ask.write("CreateStack", name="swarmed", config={"swarm": "w"})
    ask.write("CreateDeployment", name="d", config={"server": "off"})
    ask.write("CreateBuild", name="img", config={"builder": "b"})
    ask.write("CreateRepo", name="r")
    ask.write("CreateTag", name="t")
    return ask


@pytest.mark.parametrize(
    ("group", "operation", "params", "status", "error"),
    [
        ("read", "GetTag", {"tag": "x"}, 500, "no tag found matching x"),
        ("read", "GetUserGroup", {"user_group": "x"}, 500, "no UserGroup found with given name or id"),
        ("read", "FindUser", {"user": "x"}, 500, "No user found matching 'x'"),
        ("read", "GetUsername", {"user_id": NOBODY[:-1] + "f"}, 500, "no user found with id"),
        ("read", "GetAlert", {"id": NOBODY}, 500, "no alert found with given id"),
        ("read", "GetSystemInformation", {"server": "x"}, 400, "Did not find any Server matching x"),
        (
            "read",
            "GetPeripheryInformation",
            {"server": "off"},
            500,
            "Server status missing Periphery Info. The Server may be disconnected.",
        ),
        ("read", "ListSystemProcesses", {"server": "off"}, 500, "server not enabled"),
        (
            "read",
            "InspectContainer",
            {"server": "off", "container": "x"},
            500,
            "Cannot inspect container: server is Disabled",
        ),
        (
            "read",
            "InspectStackContainer",
            {"stack": "homeless", "service": "x"},
            400,
            "InspectStackContainer should not be called for Stack in Swarm Mode",
        ),
        ("read", "InspectSwarm", {"swarm": "w"}, 500, "SwarmInspectInfo not available"),
        ("read", "ListSecrets", {"target": {"type": "Stack", "id": "s"}}, 400, "target must be `Server` or `Builder`"),
        ("read", "ListSecrets", {"target": {"type": "Builder", "id": "b"}}, 500, "server not enabled"),
        ("write", "RenameTag", {"id": "x", "name": "y"}, 500, "no tag found matching x"),
        ("write", "RenameTag", {"id": "t", "name": "y"}, 500, "failed to rename tag on db"),
        ("write", "RenameTag", {"id": "t", "name": NOBODY}, 500, "tag name cannot be ObjectId"),
        ("write", "CreateTag", {"name": NOBODY}, 400, "Tag name cannot be ObjectId"),
        ("write", "DeleteUserGroup", {"id": NOBODY}, 500, "no UserGroup found with given id"),
        ("write", "SetUsersInUserGroup", {"user_group": "x", "users": []}, 500, "no user group with given id"),
        ("write", "CreateServiceUser", {"username": "a b", "description": ""}, 400, "Failed to validate username"),
        ("write", "CreateVariable", {"name": "A", "value": "1\n2"}, 400, "Failed to validate variable value"),
        ("write", "UpdateVariableValue", {"name": "a b", "value": ""}, 400, "Failed to validate variable name"),
        ("write", "DeleteUser", {"user": "admin"}, 500, "User cannot delete themselves."),
        (
            "write",
            "UpdateResourceMeta",
            {"target": {"type": "System", "id": "x"}},
            400,
            "cannot update meta of System resource target",
        ),
        ("write", "CheckStackForUpdate", {"stack": "homeless"}, 400, "Must attach either swarm or server"),
        ("write", "CreateNetwork", {"server": "off", "name": "n"}, 500, "server not enabled"),
        ("write", "DeleteOnboardingKey", {"public_key": "x"}, 404, "Server onboarding key matching provided public"),
        ("execute", "CancelBuild", {"build": "img"}, 500, "No build in progress"),
        ("execute", "CancelRepoBuild", {"repo": "r"}, 500, "No repo build in progress"),
    ],
)
def test_words(world, group: str, operation: str, params: dict[str, Any], status: int, error: str) -> None:
    found = world.refused(group, operation, **params)
    assert (found[0], found[1][: len(error)]) == (status, error)


@pytest.mark.parametrize(
    ("operation", "params", "stage"),
    [
        ("RunBuild", {"build": "img"}, "Get Builder"),
        ("DeployStack", {"stack": "swarmed"}, "Task Error"),
        ("RemoveSwarmNodes", {"swarm": "w", "nodes": ["n"]}, "Remove Swarm Nodes"),
        ("CancelProcedure", {"procedure": "p"}, "Task Error"),
        ("SendAlert", {"message": "m"}, "Task Error"),
        ("TestAlerter", {"alerter": "a"}, "Test Alerter"),
        ("PruneImages", {"server": "off"}, "Task Error"),
    ],
)
def test_runs_that_fail(world, operation: str, params: dict[str, Any], stage: str) -> None:
    world.write("CreateProcedure", name="p")
    world.write("CreateAlerter", name="a")
    update = world.run(operation, **params)
    assert (update["success"], [log["stage"] for log in update["logs"]]) == (False, [stage])


def test_a_build_without_its_server_has_taken_its_next_version(world) -> None:
    assert world.run("RunBuild", build="img")["version"] == {"major": 0, "minor": 0, "patch": 1}
    assert world.config("Build", "build", "img")["version"] == {"major": 0, "minor": 0, "patch": 0}


def test_git_providers_are_those_that_resources_name(world) -> None:
    assert world.read("ListGitProvidersFromConfig") == [{"domain": "github.com", "https": True, "accounts": []}]


@pytest.mark.parametrize(
    ("config", "known", "wrong"),
    [
        ({"schedule": "0 0 3 * * *", "schedule_format": "Cron"}, True, False),
        ({"schedule": "0 0 3 * * MON-FRI", "schedule_format": "Cron"}, True, False),
        ({"schedule": "every day at 01:00"}, True, False),
        ({"schedule": "0 3 * * *", "schedule_format": "Cron"}, False, True),
        ({"schedule": "0 0 25 * * *", "schedule_format": "Cron"}, False, True),
        ({"schedule": "every day", "schedule_timezone": "Nowhere/City"}, False, True),
        ({"schedule": "every day", "schedule_enabled": False}, False, False),
    ],
)
def test_the_next_time_of_a_schedule(ask, config: dict[str, Any], known: bool, wrong: bool) -> None:
    ask.write("CreateAction", name="a", config=config)
    [found] = ask.read("ListSchedules")
    assert (found["next_scheduled_run"] is not None, found["schedule_error"] is not None) == (known, wrong)
    assert not known or found["next_scheduled_run"] > ask.core.clock()


@pytest.mark.parametrize(
    ("by", "descending", "names"),
    [
        ("Name", True, ["c", "b", "a"]),
        ("Repo", False, ["b", "a", "c"]),
        # what the database sorts keeps the names in their order
        ("Repo", True, ["a", "c", "b"]),
        ("State", True, ["c", "b", "a"]),
    ],
)
def test_the_order_of_a_list(ask, by: str, descending: bool, names: list[str]) -> None:
    for name, repo in (("a", "y"), ("b", "x"), ("c", "y")):
        ask.write("CreateRepo", name=name, config={"repo": repo})
    assert [one["name"] for one in ask.read("ListRepos", sort_by=by, sort_desc=descending)] == names


@pytest.mark.parametrize(
    ("kind", "specific", "status"),
    [
        ("Stack", {"states": ["running", "nonsense"]}, 422),
        ("Alerter", {"types": ["Slack"]}, 200),
        ("Alerter", {"types": ["Nope"]}, 422),
        ("Action", {"scheduled": "yes"}, 422),
        ("Action", {"scheduled": False}, 200),
        ("Build", {"built_since": 5}, 200),
        ("Server", {"states": ["Disabled"]}, 200),
    ],
)
def test_what_a_list_can_be_asked_for(ask, kind: str, specific: dict[str, Any], status: int) -> None:
    assert ask.send("read", f"List{kind}s", query={"specific": specific}).status_code == status
