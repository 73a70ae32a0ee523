"""Keys that are no admin's."""

from __future__ import annotations

import pytest


@pytest.fixture
def grant(ask, reader):
    """`grant(kind, name, permission)` for the reader."""

    def give(kind: str, name: str, permission: object) -> None:
        ask.write(
            "UpdatePermissionOnTarget",
            user_target={"type": "User", "id": "reader"},
            resource_target={"type": kind, "id": name},
            permission=permission,
        )

    return give


def test_a_creator_may_do_everything_with_what_it_made(ask, reader) -> None:
    key = reader.write("CreateStack", name="mine")["_id"]["$oid"]
    reader.write("UpdateStack", id="mine", config={"branch": "b"})
    permission = reader.read("GetPermission", target={"type": "Stack", "id": key})
    assert permission == {"level": "Write", "specific": ["Inspect", "Logs", "Terminal"]}
    # asked for by its name, what is granted on the one resource is not seen (a recording: people)
    assert reader.read("GetPermission", target={"type": "Stack", "id": "mine"}) == "None"
    reader.write("DeleteStack", id="mine")


@pytest.mark.parametrize("kind", ["Builder", "Action", "Alerter", "ResourceSync", "Server", "Build"])
def test_what_it_may_not_create(reader, kind: str) -> None:
    assert reader.refused("write", f"Create{kind}", name="x")[:2] == (
        403,
        f"User does not have permissions to create {kind}.",
    )


def test_flags_of_a_user_allow_servers_and_builds(ask, reader) -> None:
    ask.write("UpdateUserBasePermissions", user_id=reader.user_id, create_servers=True, create_builds=True)
    reader.write("CreateServer", name="x")
    reader.write("CreateBuild", name="x")


def test_attaching_needs_a_permission_of_its_own(ask, reader, grant) -> None:
    ask.write("CreateServer", name="prod")
    config = {"server_id": "prod"}
    assert reader.refused("write", "CreateStack", name="s", config=config)[1] == "Cannot attach Stack to this Server"
    grant("Server", "prod", "Read")
    assert reader.refused("write", "CreateStack", name="s", config=config)[1] == "Cannot attach Stack to this Server"
    grant("Server", "prod", {"level": "Read", "specific": ["Attach"]})
    reader.write("CreateStack", name="s", config=config)


@pytest.mark.parametrize(
    ("level", "reads", "refreshes", "writes"),
    [
        ("None", False, False, False),
        ("Read", True, False, False),
        ("Execute", True, True, False),
        ("Write", True, True, True),
    ],
)
def test_levels(ask, reader, grant, level: str, reads: bool, refreshes: bool, writes: bool) -> None:
    ask.write("CreateStack", name="s")
    grant("Stack", "s", level)
    asked = {
        "reads": reader.send("read", "GetStack", stack="s").status_code == 200,
        "refreshes": reader.send("write", "RefreshStackCache", stack="s").status_code == 200,
        "writes": reader.send("write", "UpdateStack", id="s", config={"branch": level}).status_code == 200,
    }
    assert asked == {"reads": reads, "refreshes": refreshes, "writes": writes}
    assert len(reader.read("ListFullStacks")) == len(reader.read("ListStacks")) == int(reads)


def test_a_group_gives_its_members_what_it_has(ask, reader) -> None:
    ask.write("CreateStack", name="s")
    ask.write("CreateUserGroup", name="devs")
    group = {"type": "UserGroup", "id": "devs"}
    ask.write("UpdatePermissionOnResourceType", user_target=group, resource_type="Stack", permission="Read")
    assert reader.read("ListStacks") == []
    ask.write("AddUserToUserGroup", user_group="devs", user="reader")
    assert [item["name"] for item in reader.read("ListStacks")] == ["s"]
    ask.write("RemoveUserFromUserGroup", user_group="devs", user="reader")
    assert reader.read("ListStacks") == []
    ask.write("SetEveryoneUserGroup", user_group="devs", everyone=True)
    assert [item["name"] for item in reader.read("ListStacks")] == ["s"]


def test_executions_without_permission_end_as_failed_updates(ask, reader, grant, core) -> None:
    ask.write("CreateStack", name="s")
    grant("Stack", "s", "Read")
    update = reader.run("DeployStack", stack="s")
    assert (update["success"], update["logs"][0]["stage"]) == (False, "Task Error")
    assert "does not have required permissions" in update["logs"][0]["stderr"]


def test_updates_are_seen_with_their_targets(ask, reader, grant) -> None:
    ask.write("CreateStack", name="seen")
    hidden = ask.write("CreateStack", name="hidden")["_id"]["$oid"]
    ask.write("CreateVariable", name="V")
    grant("Stack", "seen", "Read")
    assert [item["operation"] for item in reader.read("ListUpdates", query=None, page=0)["updates"]] == ["CreateStack"]
    [update] = ask.read("ListUpdates", query={"target.id": hidden}, page=0)["updates"]
    assert reader.refused("read", "GetUpdate", id=update["id"])[0] == 500


@pytest.mark.parametrize(
    ("group", "operation", "params", "status", "error"),
    [
        ("write", "UpdateVariableValue", {"name": "V", "value": ""}, 403, "Only Admins can update Variables"),
        ("write", "DeleteVariable", {"name": "V"}, 403, "Only Admins can delete Variables"),
        ("write", "CreateUserGroup", {"name": "g"}, 403, "This call is admin only"),
        ("read", "ListGitProviderAccounts", {}, 500, "Only admins can read git provider accounts"),
        (
            "read",
            "ListUserTargetPermissions",
            {"user_target": {"type": "User", "id": "x"}},
            500,
            "this method is admin only",
        ),
    ],
)
def test_what_admins_alone_may_do(reader, group: str, operation: str, params, status: int, error: str) -> None:
    assert reader.refused(group, operation, **params)[:2] == (status, error)


def test_tags_belong_to_who_made_them(ask, reader) -> None:
    theirs = reader.write("CreateTag", name="theirs")["_id"]["$oid"]
    ours = ask.write("CreateTag", name="ours")["_id"]["$oid"]
    assert reader.refused("write", "DeleteTag", id=ours) == (500, "user must be tag owner or admin", [])
    assert reader.write("RenameTag", id=theirs, name="still-theirs")["name"] == "still-theirs"
    assert ask.write("DeleteTag", id=theirs)["name"] == "still-theirs"


def test_batches_in_procedures_are_for_admins(reader) -> None:
    execution = {"type": "BatchDeployStack", "params": {"pattern": "*"}}
    stages = [{"name": "one", "executions": [{"execution": execution}]}]
    assert reader.refused("write", "CreateProcedure", name="p", config={"stages": stages})[0] == 500


def test_a_user_that_is_switched_off_or_deleted(ask, reader) -> None:
    ask.write("UpdateUserBasePermissions", user_id=reader.user_id, enabled=False)
    assert reader.refused("read", "GetVersion")[0] == 401
    assert reader.http.get("/user").json()["enabled"] is False
    ask.write("UpdateUserBasePermissions", user_id=reader.user_id, enabled=True)
    reader.read("GetVersion")
    ask.write("DeleteUser", user="reader")
    assert reader.refused("read", "GetVersion")[0] == 401


def test_a_key_that_expired(ask, core, reader) -> None:
    made = ask.write("CreateApiKeyForServiceUser", user_id=reader.user_id, name="short", expires=core.clock() + 1000)
    reader.http.headers.update({"X-Api-Key": made["key"], "X-Api-Secret": made["secret"]})
    reader.read("GetVersion")
    core.clock.pass_by(1001)
    # clocks may differ by five minutes
    reader.read("GetVersion")
    core.clock.pass_by(300_000)
    assert reader.refused("read", "GetVersion")[0] == 401


def test_a_key_that_was_taken_back(ask, reader) -> None:
    [key] = ask.read("ListApiKeysForServiceUser", user="reader")
    assert key["secret"] == ""
    ask.write("DeleteApiKeyForServiceUser", key=key["key"])
    assert reader.refused("read", "GetVersion")[0] == 401


def test_accounts_are_answered_with_their_token(ask) -> None:
    account = {"domain": "git.example.com", "username": "bot", "token": "t0ken"}
    made = ask.write("CreateGitProviderAccount", account=account)
    assert made == {"_id": made["_id"], "https": True, **account}
    registry = ask.write("CreateImageRegistryAccount", account={"username": "bot", "token": "x"})
    assert registry["domain"] == "docker.io"
    changed = ask.write("UpdateGitProviderAccount", id=made["_id"]["$oid"], account={"token": "new"})
    assert ask.read("ListGitProviderAccounts", domain="git.example.com") == [changed]
    assert ask.read("ListGitProviderAccounts", username="nobody") == []
    # the names before 2.3 still work
    assert ask.read("ListDockerRegistryAccounts") == [registry]
    assert ask.write("DeleteImageRegistryAccount", id=registry["_id"]["$oid"]) == registry
    assert ask.refused("write", "CreateGitProviderAccount", account={"domain": "x"}) == (
        400,
        "Username cannot be empty string.",
        [],
    )
    assert ask.refused("write", "CreateGitProviderAccount", account=account)[:2] == (
        500,
        "Failed to create git provider account on db",
    )
    assert ask.refused("write", "DeleteImageRegistryAccount", id="0" * 24)[:2] == (
        400,
        "No account found with given id",
    )
