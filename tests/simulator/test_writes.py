"""Create, Update, Copy, Rename: partial configs, references, records."""

from __future__ import annotations

import pytest


def operations_on(ask, target: str) -> list[str]:
    return [item["operation"] for item in ask.read("ListUpdates", query={"target.id": target}, page=0)["updates"]]


def test_an_update_that_changes_nothing_leaves_no_record(ask) -> None:
    key = ask.write("CreateStack", name="s", config={"environment": "A=1"})["_id"]["$oid"]
    ask.write("UpdateStack", id="s", config={"environment": "A=1\n", "branch": "main", "auto_pull": None})
    assert operations_on(ask, key) == ["CreateStack"]
    ask.write("UpdateStack", id="s", config={"environment": "A=2"})
    assert operations_on(ask, key) == ["UpdateStack", "CreateStack"]


def test_the_record_of_an_update_has_both_sides_as_toml(ask) -> None:
    ask.write("CreateServer", name="prod")
    key = ask.write("CreateStack", name="s", config={"server_id": "prod", "environment": "A=1"})["_id"]["$oid"]
    ask.write("UpdateStack", id="s", config={"environment": ""})
    newest = ask.read("ListUpdates", query={"target.id": key}, page=0)["updates"][0]
    update = ask.read("GetUpdate", id=newest["id"])
    assert update["logs"] == []
    assert update["prev_toml"] == '[[stack]]\nname = "s"\n[stack.config]\nserver = "prod"\nenvironment = """\nA=1\n"""'
    assert update["current_toml"] == '[[stack]]\nname = "s"\n[stack.config]\nserver = "prod"'


def test_only_create_and_rename_touch_updated_at(ask, core) -> None:
    created = ask.write("CreateStack", name="s")["updated_at"]
    core.clock.pass_by(1000)
    assert ask.write("UpdateStack", id="s", config={"branch": "b"})["updated_at"] == created
    ask.write("RenameStack", id="s", name="t")
    assert ask.read("GetStack", stack="t")["updated_at"] == created + 1000


def test_description_tags_and_template_leave_no_record(ask) -> None:
    key = ask.write("CreateStack", name="s")["_id"]["$oid"]
    target = {"type": "Stack", "id": key}
    assert ask.write("UpdateResourceMeta", target=target, description="d", tags=["new"], template=True) == {}
    ask.write("UpdateResourceMeta", target=target, description=None)
    stack = ask.read("GetStack", stack="s")
    assert (stack["description"], stack["template"], len(stack["tags"])) == ("d", True, 1)
    ask.write("UpdateResourceMeta", target=target, description="", tags=[])
    stack = ask.read("GetStack", stack="s")
    assert (stack["description"], stack["template"], stack["tags"]) == ("", True, [])
    assert operations_on(ask, key) == ["CreateStack"]


@pytest.mark.parametrize(
    ("kind", "config", "error"),
    [
        ("Stack", {"server": "x"}, "Cannot attach Stack to this Server"),
        ("Stack", {"swarm": "x"}, "Cannot attach Stack to this Swarm"),
        ("Stack", {"linked_repo": "x"}, "Cannot attach Repo to this Stack"),
        ("Build", {"builder": "x"}, "Cannot attach Build to this Builder"),
        ("Build", {"linked_repo": "x"}, "Cannot attach Repo to this Build"),
        ("Repo", {"server": "x"}, "Cannot attach Repo to this Server"),
        ("Repo", {"builder_id": "x"}, "Cannot attach Repo to this Builder"),
        ("Deployment", {"server": "x"}, "Cannot attach Deployment to this Server"),
        (
            "Deployment",
            {"image": {"type": "Build", "params": {"build": "x"}}},
            "Cannot update deployment with this build attached.",
        ),
        ("Swarm", {"servers": ["x"]}, "Cannot attach Server x to this Swarm"),
        ("ResourceSync", {"linked_repo": "x"}, "Cannot attach Repo to this Resource Sync"),
    ],
)
def test_a_reference_to_nothing(ask, kind: str, config, error: str) -> None:
    status, found, [cause] = ask.refused("write", f"Create{kind}", name="n", config=config)
    assert (status, found) == (500, error)
    assert cause.startswith("Did not find any ")
    assert ask.read(f"ListFull{kind}s") == []


@pytest.mark.parametrize(
    ("server", "error"),
    [("x", "Did not find any Server matching x"), ("", "Cannot find Server with empty name / id")],
)
def test_a_builder_says_nothing_of_its_own_about_a_reference(ask, server: str, error: str) -> None:
    config = {"type": "Server", "params": {"servers": [server]}}
    assert ask.refused("write", "CreateBuilder", name="n", config=config) == (500, error, [])


@pytest.mark.parametrize(
    "config",
    [
        {"server": "prod"},
        {"server_id": "prod"},
        {"server_id": "PROD_ID"},
    ],
)
def test_references_are_answered_as_ids(ask, config) -> None:
    key = ask.write("CreateServer", name="prod")["_id"]["$oid"]
    given = {name: value.replace("PROD_ID", key) for name, value in config.items()}
    assert ask.write("CreateRepo", name="r", config=given)["config"]["server_id"] == key


def test_what_a_procedure_runs_is_found_by_name_and_answered_by_id(ask) -> None:
    stack = ask.write("CreateStack", name="web")["_id"]["$oid"]
    alerter = ask.write("CreateAlerter", name="mail")["_id"]["$oid"]
    sync = ask.write("CreateResourceSync", name="sync")["_id"]["$oid"]
    executions = [
        {"execution": {"type": "StopStack", "params": {"stack": "web"}}},
        {"execution": {"type": "SendAlert", "params": {"message": "m", "alerters": ["mail"]}}},
        {"execution": {"type": "CommitSync", "params": {"sync": "sync"}}},
        {"execution": {"type": "None", "params": {}}},
    ]
    stages = [{"name": "one", "executions": executions}]
    config = ask.write("CreateProcedure", name="p", config={"stage": stages})["config"]
    assert [item["execution"] for item in config["stages"][0]["executions"]] == [
        {"type": "StopStack", "params": {"stack": stack, "services": [], "stop_time": None}},
        {"type": "SendAlert", "params": {"alerters": [alerter], "details": "", "level": "OK", "message": "m"}},
        {"type": "CommitSync", "params": {"sync": sync}},
        {"type": "None", "params": {}},
    ]


def test_an_unknown_execution(ask) -> None:
    stages = [{"name": "one", "executions": [{"execution": {"type": "Reboot", "params": {}}}]}]
    assert ask.refused("write", "CreateProcedure", name="p", config={"stages": stages})[0] == 422


def test_another_type_of_builder_starts_from_its_own_defaults(ask) -> None:
    ask.write("CreateBuilder", name="b", config={"type": "Aws", "params": {"port": 1}})
    ask.write("UpdateBuilder", id="b", config={"type": "Url", "params": {"passkey": "k"}})
    ask.write("UpdateBuilder", id="b", config={"type": "Aws", "params": {"region": "x"}})
    config = ask.config("Builder", "builder", "b")
    assert (config["type"], config["params"]["region"], config["params"]["port"]) == ("Aws", "x", 8120)


def test_a_key_that_stands_twice(ask) -> None:
    ask.write("CreateStack", name="s")
    body = '{"type": "UpdateStack", "params": {"id": "s", "config": {"branch": "a", "branch": "b"}}}'
    answer = ask.http.post("/write", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 422
    unknown = body.replace('"branch": "a", "branch"', '"x": "a", "x"')
    assert ask.http.post("/write", content=unknown, headers={"Content-Type": "application/json"}).status_code == 200


def test_an_enum_that_is_no_text_breaks_the_syntax(ask) -> None:
    ask.write("CreateAction", name="a")
    assert ask.refused("write", "UpdateAction", id="a", config={"schedule_format": True})[0] == 400
    assert ask.refused("write", "UpdateAction", id="a", config={"schedule_format": "cron"})[0] == 422


def test_the_answer_of_a_create_has_old_info(ask) -> None:
    config = {"file_contents": "services:\n  web:\n    image: nginx:1\n"}
    assert ask.write("CreateStack", name="s", config=config)["info"]["latest_services"] == []
    assert [item["image"] for item in ask.read("GetStack", stack="s")["info"]["latest_services"]] == ["nginx:1"]


def test_a_copy_has_the_config_alone(ask) -> None:
    ask.write("CreateBuild", name="b", config={"version": "1.2.3", "branch": "x"})
    ask.write("UpdateResourceMeta", target={"type": "Build", "id": "b"}, description="d", tags=["t"])
    copy = ask.write("CopyBuild", id="b", name="c")
    assert (copy["description"], copy["tags"], copy["config"]["branch"]) == ("", [], "x")
    assert copy["config"]["version"] == {"major": 0, "minor": 0, "patch": 0}


def test_a_rename_to_a_taken_name_changes_nothing(ask) -> None:
    ask.write("CreateDeployment", name="a")
    ask.write("CreateDeployment", name="b")
    status, error, _ = ask.refused("write", "RenameDeployment", id="a", name="b")
    assert (status, error) == (500, "Failed to update Deployment name on db")
    assert [item["name"] for item in ask.read("ListFullDeployments")] == ["a", "b"]


def test_a_repo_on_a_disabled_server_is_renamed_and_says_it_is_not(ask) -> None:
    ask.write("CreateServer", name="off")
    ask.write("CreateRepo", name="r", config={"server": "off"})
    assert ask.refused("write", "RenameRepo", id="r", name="q")[:2] == (500, "server not enabled")
    assert ask.read("GetRepo", repo="q")["name"] == "q"
