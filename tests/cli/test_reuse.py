"""Defaults, for_each, overlays and targets as people use them, on an embedded Core."""

from __future__ import annotations

import json
from textwrap import dedent
from typing import TYPE_CHECKING

import pytest
from shell import Shell, process, write

if TYPE_CHECKING:
    from pathlib import Path

    from asking import Asker

FILES = {
    "komodo-sync.yaml": """\
        vars: {size: small}
        defaults:
          stacks:
            tags: [ours]
            config:
              environment: {SIZE: "${var:size}", TOKEN: "${env:TOKEN:-none}"}
        targets:
          prod: {overlay: prod, owner: prod, vars: {size: big}}
          dev: {owner: dev}
    """,
    "stacks.yaml": """\
        stacks:
        - name: web-${each:server}
          for_each: {server: [a, b]}
          config:
            server: ${each:server}
            repo: acme/web
            environment: {PORT: 80}
        servers: [{name: a}, {name: b}]
    """,
    "overlays/prod/web.yaml": """\
        stacks:
        - name: web-b
          config: {branch: stable, environment: {PORT: null}}
    """,
}


@pytest.fixture
def declared(work: Path) -> Path:
    write(work, {name: dedent(text) for name, text in FILES.items()})
    return work


@pytest.mark.usefixtures("declared")
def test_a_target_is_applied_and_told(ask: Asker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOKEN", "canary")
    made = process("plan", "--target", "prod", "--out", "p.json")
    assert made.code == 0, made.all
    assert "target prod, overlay prod, owner prod" in made.out
    assert "canary" not in made.all
    assert process("apply", "--yes", "--target", "prod").code == 0
    config = ask.read("GetStack", stack="web-b")["config"]
    assert (config["branch"], config["environment"]) == ("stable", "SIZE=big\nTOKEN=canary\n")
    config = ask.read("GetStack", stack="web-a")["config"]
    assert (config["branch"], config["environment"]) == ("main", "SIZE=big\nTOKEN=canary\nPORT=80\n")
    assert process("plan", "--target", "prod", "--detailed-exitcode").code == 0
    ask.write("UpdateStack", id="web-b", config={"branch": "other"})
    plan = process("plan", "--target", "prod")
    assert "overlays/prod/web.yaml:3:12 (overlay prod)" in plan.out
    document = json.loads(process("plan", "--target", "prod", "--format", "json").out)
    assert (document["scope"]["target"], document["scope"]["overlays"]) == ("prod", ["prod"])
    [change] = [change for item in document["resources"] for change in item["changes"]]
    assert change["fields"][0]["through"] == ["overlay prod"]
    assert process("show", "p.json").out == made.out


@pytest.mark.usefixtures("declared", "core")
def test_explain_tells_through_what_a_value_came(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOKEN", "canary")
    told = process("explain", "stack/web-b", "--target", "prod").out.splitlines()
    assert told[0] == "stack/web-b  stacks.yaml:2:3  for_each server=b"

    def row(word: str) -> str:
        return " ".join(next(line for line in told if word in line).split())

    assert row("server_id") == "config/server_id b (stacks.yaml:5:5, for_each server=b)"
    assert row("config/branch") == "config/branch stable (overlays/prod/web.yaml:3:12, overlay prod)"
    assert row("SIZE") == ("config/environment/SIZE big (komodo-sync.yaml:6:21, default of the settings, ${var:size})")
    assert row("TOKEN") == (
        "config/environment/TOKEN (secret) (komodo-sync.yaml:6:42, default of the settings, ${env:TOKEN})"
    )
    assert row("tags") == "tags [ours] (komodo-sync.yaml:4:5, default of the settings)"
    assert not [line for line in told if "canary" in line or "PORT" in line]


@pytest.mark.usefixtures("declared")
@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("validate", "--target", "prd"), 64, "did you mean prod? there are dev, prod"),
        (("validate", "--overlay", "prd"), 64, "did you mean prod?"),
        (("validate", "overlays/prod"), 1, "write --overlay NAME"),
        (("validate", "--overlay", "../overlays/prod"), 64, "there is no overlay"),
        (("validate", "--target", "dev", "--overlay", "prod", "--overlay", "prod"), 0, "4 resources in 2 files"),
    ],
)
def test_what_is_asked_for(shell: Shell, words: tuple[str, ...], code: int, told: str) -> None:
    found = shell(*words)
    assert (found.code, told in found.all) == (code, True), found.all


@pytest.mark.usefixtures("declared", "core")
def test_the_lock_is_that_of_the_owner_of_the_target(shell: Shell) -> None:
    assert "of owner prod" in shell.good("unlock", "--target", "prod").out
    assert shell("unlock").code == 64


def test_a_target_needs_settings(shell: Shell, work: Path) -> None:
    write(work, {"m.yaml": "stacks: [{name: web}]\n"})
    found = shell("validate", "m.yaml", "--target", "prod")
    assert found.code == 64
    assert "there is no komodo-sync.yaml" in found.err


@pytest.mark.usefixtures("core")
def test_a_core_per_target_needs_a_target(shell: Shell, work: Path) -> None:
    write(
        work, {"komodo-sync.yaml": "targets: {prod: {core: {url: 'https://a.example.com'}}}\n", "m.yaml": "tags: []\n"}
    )
    found = shell("plan")
    assert (found.code, "--target prod" in found.err) == (64, True), found.all
    found = shell("plan", "--target", "prod")
    assert (found.code, "a.example.com" in found.err) == (4, True), found.all
    assert shell("validate").code == 0
