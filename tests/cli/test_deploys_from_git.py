"""Stacks, builds and repos from git: what a new commit deploys, and how often the Core is asked for it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest
from deploying import COMPOSE, SERVERS, apply, read, reason, steps
from shell import Shell, write, writes

if TYPE_CHECKING:
    from pathlib import Path

    from asking import Asker

    from komodo_sync.simulator import EmbeddedCore

pytestmark = pytest.mark.usefixtures("core")
STACK = f"""{SERVERS}stacks:
  - name: web
    deploy: true
    config: {{server: one, repo: acme/web}}
"""
CHAIN = f"""{SERVERS}builders:
  - {{name: big, config: {{type: Server, params: {{servers: [one]}}}}}}
repos:
  - {{name: code, deploy: true, config: {{server: one, repo: acme/code}}}}
builds:
  - {{name: img, deploy: true, config: {{builder: big, linked_repo: code}}}}
deployments:
  - name: app
    deploy: true
    config:
      server: one
      image: {{type: Build, params: {{build: img}}}}
"""


@pytest.fixture
def deployed(shell: Shell, work: Path, core: EmbeddedCore) -> Shell:
    core.push("acme/web", {"compose.yaml": 'services: {web: {image: "nginx:1"}}', "README.md": "one\n"})
    write(work, {"m.yaml": STACK})
    apply(shell)
    return shell


def test_a_commit_that_changes_the_files_is_deployed_and_another_one_is_not(
    deployed: Shell, core: EmbeddedCore
) -> None:
    assert steps(deployed) == {}
    core.push("acme/web", {"README.md": "two\n"})
    assert steps(deployed) == {}
    core.push("acme/web", {"compose.yaml": 'services: {web: {image: "nginx:2"}}'})
    assert steps(deployed, "--no-refresh") == {}
    assert reason(deployed, "stack/web") == "compose.yaml differs from what is deployed"
    apply(deployed)
    assert steps(deployed) == {}


def test_the_header_says_what_was_fetched_and_a_note_what_was_not(
    deployed: Shell, core: EmbeddedCore, ask: Asker
) -> None:
    assert "Files of 1 resource were fetched anew." in deployed.good("plan", ".").out
    assert read(deployed)["visibility"]["refreshed"] == 1
    said = deployed.good("plan", ".", "--no-refresh").out
    assert "Not refreshed (--no-refresh)" in said
    assert "the files of stack/web are known as the Core read them last, at the latest since 20" in " ".join(
        said.split()
    )
    before = len(writes(core))
    deployed.good("plan", ".", "--no-refresh")
    assert writes(core)[before:] == []


def test_files_that_cannot_be_read_are_told_and_deploy_nothing(deployed: Shell, ask: Asker, work: Path) -> None:
    write(work, {"m.yaml": STACK.replace("repo: acme/web", "repo: acme/web, branch: gone")})
    apply(deployed, code=3)
    # not even where nothing is to do
    apply(deployed, code=3)
    found = [item for item in read(deployed)["findings"] if item["code"] == "files-unknown"]
    assert [item["addresses"] for item in found] == [["stack/web"]]


def test_what_uses_an_image_follows_its_build_in_the_same_apply(shell: Shell, work: Path, core: EmbeddedCore) -> None:
    core.push("acme/code", {"Dockerfile": "FROM alpine\n"})
    write(work, {"m.yaml": CHAIN})
    apply(shell)
    assert steps(shell) == {}
    core.push("acme/code", {"Dockerfile": "FROM alpine:3\n"})
    assert steps(shell) == {"repo/code": ["deploy"], "build/img": ["deploy"], "deployment/app": ["deploy"]}
    assert reason(shell, "deployment/app") == "build/img is built by this plan"
    before = len(core.requests)
    apply(shell)
    done = [name for name in core.requests[before:] if name in ("PullRepo", "RunBuild", "Deploy")]
    assert done == ["PullRepo", "RunBuild", "Deploy"]
    assert steps(shell) == {}


def test_the_number_of_requests_grows_by_refreshes_and_pages_alone(
    shell: Shell, work: Path, core: EmbeddedCore
) -> None:
    counts = {}
    for number in (2, 12):
        names = [f"s{index:03}" for index in range(number)]
        text = f"{SERVERS}stacks:\n" + "".join(
            f"  - {{name: {name}, deploy: true, config: {{server: one, file_contents: '{COMPOSE}'}}}}\n"
            for name in names
        )
        write(work, {"m.yaml": text})
        apply(shell)
        before = len(core.requests)
        assert steps(shell) == {}
        counts[number] = Counter(core.requests[before:])
    assert counts[2] == counts[12]
    assert counts[2]["ListUpdates"] == 1
    before = len(core.requests)
    shell.good("plan", ".", "--no-deploy")
    assert not {"ListStacks", "ListServers", "ListUpdates", "RefreshStackCache"} & set(core.requests[before:])


def test_a_key_that_may_not_refresh_goes_by_what_is_known(
    deployed: Shell, ask: Asker, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = ask.write("CreateServiceUser", username="ci", description="")["_id"]["$oid"]
    made = ask.write("CreateApiKeyForServiceUser", user_id=user, name="ci", expires=0)
    for kind in ("Server", "Stack"):
        ask.write(
            "UpdatePermissionOnResourceType",
            user_target={"type": "User", "id": user},
            resource_type=kind,
            permission="Read",
        )
    monkeypatch.setenv("KOMODO_CLI_KEY", made["key"])
    monkeypatch.setenv("KOMODO_CLI_SECRET", made["secret"])
    document = read(deployed)
    assert document["visibility"]["refreshed"] == 0
    [note] = [item for item in document["findings"] if item["code"] == "not-refreshed"]
    assert note["message"].endswith("not refreshed, because this key may not")
    assert "deploy" not in str(document["summary"]["actions"])


def test_a_commit_of_a_linked_repo_restarts_only_the_stacks_whose_files_it_touches(
    shell: Shell, work: Path, core: EmbeddedCore
) -> None:
    core.push("acme/code", {"compose.yaml": "services: {web: {image: nginx:1}}", "README.md": "one\n"})
    text = f"""{SERVERS}repos:
  - {{name: code, deploy: true, config: {{server: one, repo: acme/code}}}}
stacks:
  - {{name: web, deploy: true, config: {{server: one, linked_repo: code}}}}
"""
    write(work, {"m.yaml": text})
    apply(shell)
    core.push("acme/code", {"README.md": "two\n"})
    assert steps(shell) == {"repo/code": ["deploy"]}
    apply(shell)
    assert steps(shell) == {}
    core.push("acme/code", {"compose.yaml": "services: {web: {image: nginx:2}}"})
    assert steps(shell) == {"repo/code": ["deploy"], "stack/web": ["deploy"]}
    apply(shell)
    assert steps(shell) == {}


def test_what_builds_its_images_itself_is_deployed_at_every_commit(
    shell: Shell, work: Path, core: EmbeddedCore
) -> None:
    core.push("acme/web", {"compose.yaml": "services: {web: {build: .}}", "app.py": "1\n"})
    write(work, {"m.yaml": STACK.replace("repo: acme/web", "repo: acme/web, run_build: true")})
    apply(shell)
    assert steps(shell) == {}
    core.push("acme/web", {"app.py": "2\n"})
    assert steps(shell) == {"stack/web": ["deploy"]}
    apply(shell)
    assert steps(shell) == {}
