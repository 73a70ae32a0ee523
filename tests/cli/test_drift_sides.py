"""On which side drift says that something was changed: by the field, by the key, by what is done to what runs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from shell import Shell, write
from test_drift import SETTINGS, alice, causes, commit, drift, git, stack

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from asking import Asker

    from komodo_sync.simulator import EmbeddedCore

__all__ = ["alice"]
SERVER = 'servers: [{name: s, config: {address: "https://s:8120", enabled: true}}]\n'
DEPLOYED = """
stacks:
  - name: web
    deploy: true
    state: running
    config:
      server: s
      file_contents: "services: {web: {image: nginx}}"
      environment: {PORT: "1"}
"""


def started(shell: Shell, world: Path, manifest: str, **settings: str) -> None:
    """A manifest, committed and applied."""
    write(world, {"komodo-sync.yaml": SETTINGS + settings.get("more", ""), "m.yaml": manifest})
    git(world, "init", "-q")
    commit(world)
    shell.good("apply", "--yes")


def edited(world: Path, old: str, new: str, author: str = "bob") -> str:
    """A commit that changes the manifest; its short hash."""
    text = (world / "m.yaml").read_text()
    assert old in text
    write(world, {"m.yaml": text.replace(old, new, 1)})
    commit(world, author)
    return git(world, "rev-parse", "--short", "HEAD")


def told(cause: Mapping[str, Any]) -> tuple[str, list[tuple[str, str]]]:
    return cause["where"], [(item["what"], item["by"]) for item in cause["records"]]


FIELDS: dict[str, tuple[str, dict[str, Any], str]] = {
    # what is declared, what alice writes, what bob commits
    "the same key": ("environment: {LEVEL: info}", {"environment": "LEVEL=warn\n"}, "environment: {LEVEL: debug}"),
    "other keys": ("environment: {A: '1'}", {"environment": "A=1\nB=2\n"}, "environment: {A: '1', C: '3'}"),
    "a key that goes": ("environment: {A: '1', B: '2'}", {"environment": "A=1\n"}, "environment: {A: '9', B: '2'}"),
    "a secret": (
        "environment: {TOKEN: first-swordfish}",
        {"environment": "TOKEN=second-swordfish\n"},
        "environment: {TOKEN: third-swordfish}",
    ),
    "a text": (
        'file_contents: "services: {a: {image: nginx:1}}"',
        {"file_contents": "services: {a: {image: nginx:3}}"},
        'file_contents: "services: {a: {image: nginx:2}}"',
    ),
    "lines": (
        'file_contents: "services:\\n  a: {image: nginx:1}\\n"',
        {"file_contents": "services:\n  a: {image: nginx:3}\n"},
        'file_contents: "services:\\n  a: {image: nginx:2}\\n"',
    ),
    "a list": ("extra_args: [--one]", {"extra_args": ["--one", "--two"]}, "extra_args: [--one, --three]"),
    "objects": (
        "pre_deploy: {command: one}",
        {"pre_deploy": {"path": "", "command": "two"}},
        "pre_deploy: {command: three}",
    ),
    "a flag and a word": ("branch: one", {"branch": "two"}, "branch: three"),
    "two fields": ("branch: one", {"run_directory": "x"}, "branch: three"),
}


@pytest.mark.parametrize(("declared", "written", "committed"), FIELDS.values(), ids=FIELDS)
def test_what_was_changed_on_both_sides(
    shell: Shell, work: Path, core: EmbeddedCore, alice: Asker, declared: str, written: dict[str, Any], committed: str
) -> None:
    started(shell, work, f"stacks:\n  - name: a\n    config:\n      {declared}\n")
    alice.write("UpdateStack", id="a", config=written)
    assert told(drift(shell)["stack/a"]) == ("komodo", [("UpdateStack", "alice")])
    short = edited(work, declared, committed)
    said = shell("drift", "--format", "json")
    assert told(causes(said)["stack/a"]) == ("both", [("UpdateStack", "alice"), (short, "bob")])
    assert "swordfish" not in said.all
    assert "Changed in Komodo and in git: stack/a" in shell("drift").out


@pytest.mark.parametrize(("declared", "written", "committed"), FIELDS.values(), ids=FIELDS)
def test_what_was_changed_in_git_alone(
    shell: Shell, work: Path, core: EmbeddedCore, declared: str, written: dict[str, Any], committed: str
) -> None:
    started(shell, work, f"stacks:\n  - name: a\n    config:\n      {declared}\n")
    short = edited(work, declared, committed)
    assert told(drift(shell)["stack/a"]) == ("git", [(short, "bob")])


def test_what_became_the_same_on_both_sides_differs_no_more(shell: Shell, work: Path, alice: Asker) -> None:
    started(shell, work, "stacks:\n  - name: a\n    config:\n      environment: {A: '1', B: '1'}\n")
    alice.write("UpdateStack", id="a", config={"environment": "A=2\nB=1\n"})
    edited(work, "A: '1'", "A: '2'")
    assert shell("drift").code == 0
    short = edited(work, "B: '1'", "B: '3'", "carol")
    assert told(drift(shell)["stack/a"])[0] == "git", "what is left was changed in git alone"
    assert (short, "carol") in told(drift(shell)["stack/a"])[1]


def test_a_commit_that_was_reverted_changed_nothing(shell: Shell, work: Path, alice: Asker) -> None:
    started(shell, work, "stacks:\n  - name: a\n    config:\n      branch: one\n")
    edited(work, "one", "two")
    edited(work, "two", "one", "carol")
    assert shell("drift").code == 0
    alice.write("UpdateStack", id="a", config={"branch": "three"})
    assert told(drift(shell)["stack/a"]) == ("komodo", [("UpdateStack", "alice")])


def test_of_tags_and_descriptions_there_is_no_record(
    shell: Shell, work: Path, core: EmbeddedCore, ask: Asker, alice: Asker
) -> None:
    started(shell, work, "stacks:\n  - name: a\n    tags: [one]\n    description: first\n    config: {branch: one}\n")
    ids = {item["name"]: item["_id"]["$oid"] for item in ask.read("ListTags", query=None)}
    target = {"type": "Stack", "id": stack(ask, "a")}
    alice.write("UpdateResourceMeta", target=target, tags=[ids["owner:me"]], description="by hand")
    short = edited(work, "[one]", "[two]")
    cause = drift(shell)["stack/a"]
    assert (told(cause), cause["detail"]) == (
        ("both", [(short, "bob")]),
        "tags, descriptions and templates leave no record in Komodo",
    )


def test_what_was_renamed_in_git_and_changed_in_komodo(shell: Shell, work: Path, alice: Asker) -> None:
    """A name that a commit gave is no record of Komodo's; what somebody changed under the old one is."""
    started(shell, work, "stacks:\n  - name: a\n    config: {branch: one}\n")
    short = edited(work, "name: a", "name: b\n    renamed_from: a")
    assert told(drift(shell)["stack/b"]) == ("git", [(short, "bob")])
    alice.write("UpdateStack", id="a", config={"branch": "two"})
    assert told(drift(shell)["stack/b"]) == ("both", [("UpdateStack", "alice"), (short, "bob")])


def test_what_was_renamed_in_both(shell: Shell, work: Path, alice: Asker) -> None:
    started(shell, work, "stacks:\n  - name: a\n    config: {branch: one}\n")
    edited(work, "name: a", "name: b\n    renamed_from: a")
    shell.good("apply", "--yes")
    alice.write("RenameStack", id="b", name="a")
    assert told(drift(shell)["stack/b"]) == ("komodo", [("RenameStack", "alice")])


def test_the_kinds_that_have_no_config_object(shell: Shell, work: Path, core: EmbeddedCore, alice: Asker) -> None:
    manifest = """
variables: [{name: REGION, value: eu, description: where}]
builders: [{name: b, config: {type: Url, params: {address: "https://one"}}}]
user_groups: [{name: devs, everyone: false, all: {Stack: Read}}]
"""
    started(shell, work, manifest)
    alice.write("UpdateVariableValue", name="REGION", value="us")
    alice.write("UpdateBuilder", id="b", config={"type": "Url", "params": {"address": "https://two"}})
    group = alice.read("GetUserGroup", user_group="devs")["_id"]["$oid"]
    target = {"type": "UserGroup", "id": group}
    alice.write("UpdatePermissionOnResourceType", user_target=target, resource_type="Stack", permission="Write")
    found = {address: told(cause) for address, cause in drift(shell).items()}
    assert found == {
        "variable/REGION": ("komodo", [("UpdateVariableValue", "alice")]),
        "builder/b": ("komodo", [("UpdateBuilder", "alice")]),
        "user_group/devs": ("komodo", []),
    }
    edited(work, "value: eu", "value: asia")
    edited(work, "https://one", "https://three")
    edited(work, "Stack: Read", "Stack: Execute")
    assert {address: told(cause)[0] for address, cause in drift(shell).items()} == dict.fromkeys(found, "both")


def test_a_description_of_a_variable_is_not_who_gave_it_its_value(shell: Shell, work: Path, alice: Asker) -> None:
    started(shell, work, "variables: [{name: REGION, value: eu, description: where}]\n")
    alice.write("UpdateVariableDescription", name="REGION", description="by hand")
    cause = drift(shell)["variable/REGION"]
    assert (told(cause), cause["detail"]) == (
        ("komodo", []),
        "tags, descriptions and templates leave no record in Komodo",
    )


def test_what_runs_was_changed_beside_what_is_declared(
    shell: Shell, work: Path, core: EmbeddedCore, ask: Asker, alice: Asker
) -> None:
    started(shell, work, SERVER + DEPLOYED)
    for stops in ("DestroyStack", "StopStack"):
        alice.execute(stops, stack="web")
        core.settle()
        assert told(drift(shell)["stack/web"]) == ("komodo", [(stops, "alice")])
        before = (work / "m.yaml").read_text()
        short = edited(work, 'PORT: "1"', f'PORT: "{stops}"')
        assert told(drift(shell)["stack/web"]) == ("both", [(stops, "alice"), (short, "bob")])
        write(work, {"m.yaml": before})
        commit(work)
        shell.good("apply", "--yes")


def test_an_apply_is_not_why_something_differs(
    shell: Shell, work: Path, core: EmbeddedCore, ask: Asker, alice: Asker
) -> None:
    """Our own writes are in the records too."""
    started(shell, work, SERVER + DEPLOYED)
    edited(work, 'PORT: "1"', 'PORT: "2"')
    shell.good("apply", "--yes")
    target = {"type": "Stack", "id": stack(ask, "web")}
    alice.write("UpdateResourceMeta", target=target, description="by hand")
    short = edited(work, 'PORT: "2"', 'PORT: "3"')
    cause = drift(shell)["stack/web"]
    assert (told(cause), cause["detail"]) == (
        ("both", [(short, "bob")]),
        "tags, descriptions and templates leave no record in Komodo",
    )
    # what changed another field, and back, is not why this one differs
    alice.write("UpdateResourceMeta", target=target, description="")
    alice.write("UpdateStack", id="web", config={"environment": "PORT=7\n"})
    ask.write("UpdateStack", id="web", config={"run_directory": "x"})
    ask.write("UpdateStack", id="web", config={"run_directory": ""})
    assert told(drift(shell)["stack/web"]) == ("both", [("UpdateStack", "alice"), (short, "bob")])


def test_each_who_changed_a_field_is_named(
    shell: Shell, work: Path, core: EmbeddedCore, ask: Asker, alice: Asker
) -> None:
    started(shell, work, "stacks:\n  - name: a\n    config: {branch: one, environment: {A: '1'}}\n")
    ask.write("UpdateStack", id="a", config={"branch": "three"})
    alice.write("UpdateStack", id="a", config={"branch": "two"})
    ask.write("UpdateStack", id="a", config={"environment": "A=2\n"})
    assert told(drift(shell)["stack/a"]) == ("komodo", [("UpdateStack", "admin"), ("UpdateStack", "alice")])


def test_what_it_uses_was_changed(shell: Shell, work: Path, core: EmbeddedCore, ask: Asker, alice: Asker) -> None:
    started(
        shell,
        work,
        "variables: [{name: REGION, value: eu}, {name: OTHER, value: x}]\n"
        + SERVER
        + DEPLOYED.replace('PORT: "1"', 'AT: "[[REGION]]"'),
    )
    ask.write("UpdateVariableValue", name="OTHER", value="y")
    ask.write("UpdateVariableValue", name="OTHER", value="x")
    assert shell("drift").code == 0
    alice.write("UpdateVariableValue", name="REGION", value="us")
    found = {address: told(cause) for address, cause in drift(shell).items()}
    assert found == dict.fromkeys(("variable/REGION", "stack/web"), ("komodo", [("UpdateVariableValue", "alice")])), (
        "it is deployed once its variable is as declared again"
    )
    alice.write("UpdateVariableValue", name="REGION", value="eu")
    assert told(drift(shell)["stack/web"]) == ("komodo", [("UpdateVariableValue", "alice")])
    shell.good("apply", "--yes")
    short = edited(work, "value: eu", "value: asia")
    found = {address: told(cause) for address, cause in drift(shell).items()}
    assert found == dict.fromkeys(("variable/REGION", "stack/web"), ("git", [(short, "bob")]))


def test_what_it_is_made_from_was_built(shell: Shell, work: Path, core: EmbeddedCore, ask: Asker, alice: Asker) -> None:
    manifest = """
builders: [{name: one, config: {type: Server, params: {server: s}}}]
builds: [{name: api, config: {builder: one, files_on_host: true, build_path: /x}}]
deployments:
  - name: api
    deploy: true
    config: {server: s, image: {type: Build, params: {build: api}}}
"""
    write(work, {"komodo-sync.yaml": SETTINGS, "m.yaml": SERVER + manifest})
    git(work, "init", "-q")
    commit(work)
    shell("apply", "--yes", "--no-deploy")
    ask.execute("RunBuild", build="api")
    core.settle()
    shell.good("apply", "--yes")
    assert shell("drift").code == 0
    alice.execute("RunBuild", build="api")
    core.settle()
    assert told(drift(shell)["deployment/api"]) == ("komodo", [("RunBuild", "alice")])


def test_what_was_made_long_ago_was_not_made_by_who_claims_it(
    shell: Shell, work: Path, core: EmbeddedCore, ask: Asker, alice: Asker
) -> None:
    """Somebody gave an old stack the owner's tag, which leaves no record."""
    made = alice.write("CreateStack", name="old", config={})["_id"]["$oid"]
    started(shell, work, "stacks: [{name: a}]\n")
    tag = next(item for item in ask.read("ListTags", query=None) if item["name"] == "owner:me")["_id"]["$oid"]
    ask.write("UpdateResourceMeta", target={"type": "Stack", "id": made}, tags=[tag])
    assert told(drift(shell)["stack/old"]) == ("komodo", [])


def test_what_is_kept_without_its_time_is_read(shell: Shell, work: Path, ask: Asker, alice: Asker) -> None:
    started(shell, work, "stacks:\n  - name: a\n    config: {branch: one}\n")
    kept = json.loads(ask.read("GetVariable", name="KOMODO_SYNC_APPLIED_me")["value"])
    old = {"commit": kept["commit"], "dirty": False}
    ask.write("UpdateVariableValue", name="KOMODO_SYNC_APPLIED_me", value=json.dumps(old))
    alice.write("UpdateStack", id="a", config={"branch": "two"})
    assert told(drift(shell)["stack/a"]) == ("komodo", [("UpdateStack", "alice")])


FROM_GIT = """
stacks:
  - name: web
    deploy: true
    config: {server: s, repo: acme/web}
"""


def test_what_was_changed_in_a_repository_of_its_own(
    shell: Shell, work: Path, core: EmbeddedCore, ask: Asker, alice: Asker
) -> None:
    """Neither in Komodo nor in the manifests, unless it was written in Komodo."""
    core.push("acme/web", {"compose.yaml": 'services: {web: {image: "nginx:1"}}'})
    started(shell, work, SERVER + FROM_GIT)
    core.push("acme/web", {"compose.yaml": 'services: {web: {image: "nginx:2"}}'})
    cause = drift(shell)["stack/web"]
    assert (told(cause), cause["detail"]) == (("unknown", []), "its files were changed where they come from")
    short = edited(work, "{server: s, repo: acme/web}", "{server: s, repo: acme/web, environment: {A: '1'}}")
    assert told(drift(shell)["stack/web"]) == ("git", [(short, "bob")])
    shell.good("apply", "--yes")
    text = 'services: {web: {image: "nginx:3"}}'
    alice.write("WriteStackFileContents", stack="web", file_path="compose.yaml", contents=text)
    assert told(drift(shell)["stack/web"]) == ("komodo", [("WriteStackContents", "alice")])


def test_what_somebody_made_and_a_commit_declares(shell: Shell, work: Path, ask: Asker, alice: Asker) -> None:
    started(shell, work, "stacks: [{name: a}]\n")
    made = alice.write("CreateStack", name="b", config={"branch": "one"})["_id"]["$oid"]
    tag = next(item for item in ask.read("ListTags", query=None) if item["name"] == "owner:me")["_id"]["$oid"]
    ask.write("UpdateResourceMeta", target={"type": "Stack", "id": made}, tags=[tag])
    short = edited(work, "[{name: a}]", "[{name: a}, {name: b, config: {branch: two}}]")
    assert told(drift(shell)["stack/b"]) == ("both", [("CreateStack", "alice"), (short, "bob")])


def test_where_something_runs_is_named_as_core_names_it(shell: Shell, work: Path, ask: Asker, alice: Asker) -> None:
    """In its records a server stands by its name, and the field under another word."""
    started(shell, work, SERVER + "stacks: [{name: a, config: {server: s}}]\n")
    other = ask.write("CreateServer", name="t", config={"address": "https://t:1"})["_id"]["$oid"]
    alice.write("UpdateStack", id="a", config={"server_id": other})
    ask.write("UpdateStack", id="a", config={"branch": "x"})
    ask.write("UpdateStack", id="a", config={"branch": "main"})
    assert told(drift(shell)["stack/a"]) == ("komodo", [("UpdateStack", "alice")])


def test_a_server_that_somebody_deleted_leaves_no_record_at_what_was_on_it(
    shell: Shell, work: Path, alice: Asker
) -> None:
    started(shell, work, SERVER + "stacks: [{name: a}]\n")
    edited(work, "{name: a}", "{name: a, config: {server: s}}")
    shell.good("apply", "--yes")
    alice.write("DeleteServer", id="s")
    assert {address: told(cause) for address, cause in drift(shell).items()} == {
        "server/s": ("komodo", [("DeleteServer", "alice")]),
        "stack/a": ("komodo", []),
    }
