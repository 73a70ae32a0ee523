"""What a plan file covers and what not: secrets with and without a key, what the key did not see, deploys since."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from shell import Said, Shell, write, writes
from worlds import mark, names

if TYPE_CHECKING:
    from asking import Asker

    from komodo_sync.simulator import EmbeddedCore

SETTINGS = "owner: me\nprune: true\n"
SECRETS = """\
stacks:
  - name: web
    config:
      environment:
        LOG_LEVEL: info
        TOKEN: ${env:WEB_TOKEN}
      webhook_secret: ${env:HOOK}
variables:
  - {name: API, value: '${env:API}', is_secret: true}
"""
CANARIES = {"WEB_TOKEN": "canary-token", "HOOK": "canary-hook", "API": "canary-api"}


@pytest.fixture
def secrets(work: Path, core: EmbeddedCore, monkeypatch: pytest.MonkeyPatch) -> None:
    write(work, {"komodo-sync.yaml": SETTINGS, "m.yaml": SECRETS})
    for name, value in CANARIES.items():
        monkeypatch.setenv(name, value)


def saved(shell: Shell, *arguments: str) -> dict[str, Any]:
    said = shell.good("plan", "--out", "plan.json", *arguments)
    text = Path("plan.json").read_text(encoding="utf-8")
    assert "canary" not in text + said.all
    document: dict[str, Any] = json.loads(text)
    return document


def refused(shell: Shell, core: EmbeddedCore, *arguments: str) -> Said:
    before = writes(core)
    said = shell("apply", "--plan", "plan.json", *arguments)
    assert said.code == 4, said.all
    assert writes(core) == before
    assert "canary" not in said.all
    return said


# secrets


@pytest.mark.usefixtures("secrets")
def test_without_a_key_any_secret_that_is_named_is_approved_and_the_plan_says_so(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = saved(shell)
    [note] = [item for item in document["findings"] if item["code"] == "any-secret"]
    assert note["addresses"] == ["stack/web", "variable/API"]
    assert "KOMODO_SYNC_PLAN_KEY" in note["hint"]
    assert "approved whatever they are" in " ".join(shell.good("show", "plan.json").out.split())
    monkeypatch.setenv("WEB_TOKEN", "canary-other")
    assert "nothing is left to do" in shell.good("apply", "--plan", "plan.json").out


@pytest.mark.usefixtures("secrets")
def test_without_a_key_a_secret_that_is_not_named_is_refused(
    shell: Shell, core: EmbeddedCore, work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell.good("apply", "--yes")
    write(work, {"m.yaml": SECRETS.replace("info", "debug")})
    saved(shell)
    monkeypatch.setenv("WEB_TOKEN", "canary-rotated")
    said = refused(shell, core)
    assert "TOKEN (secret) -> (secret)" in said.err
    monkeypatch.setenv("WEB_TOKEN", CANARIES["WEB_TOKEN"])
    monkeypatch.setenv("HOOK", "canary-rotated")
    assert "config/webhook_secret is not as approved" in refused(shell, core).err


@pytest.mark.usefixtures("secrets")
@pytest.mark.parametrize("name", CANARIES)
def test_with_a_key_these_very_secrets_are_approved(
    shell: Shell, core: EmbeddedCore, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("KOMODO_SYNC_PLAN_KEY", "the plan key")
    document = saved(shell)
    assert "any-secret" not in [item["code"] for item in document["findings"]]
    monkeypatch.setenv(name, "canary-other")
    assert "secret values of config/" in refused(shell, core).err
    monkeypatch.setenv(name, CANARIES[name])
    assert "nothing is left to do" in shell.good("apply", "--plan", "plan.json").out


@pytest.mark.usefixtures("secrets")
def test_a_live_secret_that_was_changed_since_is_refused_with_a_key(
    shell: Shell, core: EmbeddedCore, ask: Asker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KOMODO_SYNC_PLAN_KEY", "the plan key")
    shell.good("apply", "--yes")
    monkeypatch.setenv("HOOK", "canary-new")
    saved(shell)
    ask.write("UpdateStack", id="web", config={"webhook_secret": "canary-somebody"})
    assert "secret values of config/webhook_secret are not the approved ones" in refused(shell, core).err


@pytest.mark.usefixtures("secrets")
def test_the_key_must_be_the_same(shell: Shell, core: EmbeddedCore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KOMODO_SYNC_PLAN_KEY", "canary-one")
    saved(shell)
    monkeypatch.setenv("KOMODO_SYNC_PLAN_KEY", "canary-two")
    said = refused(shell, core).err
    assert "made with another KOMODO_SYNC_PLAN_KEY" in said
    assert "changed after" not in said
    Path("other.json").write_text(Path("plan.json").read_text().replace('"LOG_LEVEL"', '"LOG_LEVE1"'))
    said = shell("apply", "--plan", "other.json").err
    assert "changed after it was written" in said
    assert "KOMODO_SYNC_PLAN_KEY" not in said
    assert shell("show", "plan.json").code == 1
    monkeypatch.delenv("KOMODO_SYNC_PLAN_KEY")
    assert "nobody can tell whether this plan was changed" in shell.good("show", "plan.json").err
    Path("key").write_text("canary-one\n", encoding="utf-8")
    monkeypatch.setenv("KOMODO_SYNC_PLAN_KEY_FILE", "key")
    shell.good("apply", "--plan", "plan.json")


@pytest.mark.usefixtures("secrets")
def test_where_the_key_is_not_a_plan_that_was_made_with_it_takes_any_secret_and_says_so(
    shell: Shell, core: EmbeddedCore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a plan without a key does; what it names and what is not secret is held to all the same."""
    monkeypatch.setenv("KOMODO_SYNC_PLAN_KEY", "canary-one")
    document = saved(shell)
    [note] = [item for item in document["findings"] if item["code"] == "keyed-secret"]
    assert note["addresses"] == ["stack/web", "variable/API"]
    assert "an apply without it takes any" in note["message"]
    monkeypatch.delenv("KOMODO_SYNC_PLAN_KEY")
    changed = json.loads(json.dumps(document).replace('"LOG_LEVEL"', '"LOG_LEVE1"'))
    Path("plan.json").write_text(json.dumps(changed), encoding="utf-8")
    assert "The plan was changed after it was written" in refused(shell, core).err
    Path("plan.json").write_text(json.dumps(document), encoding="utf-8")
    monkeypatch.setenv("WEB_TOKEN", "canary-other")
    said = shell.good("apply", "--plan", "plan.json")
    assert "it was made with KOMODO_SYNC_PLAN_KEY, which is not set here" in said.err
    told = " ".join(said.out.split())
    assert "without a plan key secret values in stack/web" in told
    assert "approved whatever they are" in told
    # which would be said of the file
    assert "plan is made without" not in told
    assert "nothing is left to do" in said.out
    assert "canary" not in said.all


def test_a_public_value_whose_name_looks_secret_is_neither_recorded_nor_shown(
    shell: Shell, core: EmbeddedCore, work: Path
) -> None:
    write(work, {"komodo-sync.yaml": "owner: me\n"})
    write(work, {"m.yaml": "stacks: [{name: a, description: 'at ${var:db_pass}, ${var:region}'}]\n"})
    given = ("--var", "db_pass=Canary.7x-of-it", "--var", "region=Europe-1")
    said = shell.good("plan", "--out", "plan.json", *given)
    assert "Europe-1" in said.out
    for text in (said.all, shell.good("explain", "stack/a", *given).all, (work / "plan.json").read_text()):
        assert "Canary.7x" not in text
    assert "was made with --var db_pass=..." in refused(shell, core).err
    shell.good("apply", "--plan", "plan.json", *given[:2])


@pytest.mark.usefixtures("secrets")
def test_a_short_plan_key_is_warned_of(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KOMODO_SYNC_PLAN_KEY", "short")
    said = shell.good("plan", "--out", "plan.json")
    assert said.err.count("KOMODO_SYNC_PLAN_KEY has fewer than 16 characters") == 1
    assert "openssl rand -hex 32" in said.err
    monkeypatch.setenv("KOMODO_SYNC_PLAN_KEY", "sixteen-letters!")
    assert "characters" not in shell.good("plan", "--out", "plan.json").err


@pytest.mark.usefixtures("secrets")
def test_a_plan_key_may_come_through_a_pipe_but_not_without_end(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    end, start = os.pipe()
    os.write(start, b"the key that came through a pipe\n")
    os.close(start)
    monkeypatch.setenv("KOMODO_SYNC_PLAN_KEY_FILE", f"/dev/fd/{end}")
    try:
        shell.good("plan", "--out", "plan.json")
    finally:
        os.close(end)
    monkeypatch.setenv("KOMODO_SYNC_PLAN_KEY_FILE", "key")
    write(Path(), {"key": "the key that came through a pipe"})
    shell.good("apply", "--plan", "plan.json")
    for name in ("KOMODO_SYNC_PLAN_KEY_FILE", "KOMODO_CLI_KEY_FILE"):
        monkeypatch.setenv(name, "/dev/zero")
        said = shell("plan")
        assert said.code in (1, 64)
        assert f"{name}: /dev/zero cannot be read: it has more than 65536 bytes, as no key has" in said.err
        monkeypatch.delenv(name)


@pytest.mark.usefixtures("secrets")
@pytest.mark.parametrize("key", ["canary-one", ""])
def test_a_doomed_resource_that_was_changed_is_refused_with_and_without_the_key(
    shell: Shell, core: EmbeddedCore, ask: Asker, work: Path, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    ask.write("CreateTag", name="owner:me")
    for name in ("gone", "doomed"):
        ask.write("CreateStack", name=name, config={"branch": "old", "environment": "A=canary\n"})
        mark(ask, "Stack", name)
    monkeypatch.setenv("KOMODO_SYNC_PLAN_KEY", "canary-one")
    saved(shell)
    monkeypatch.setenv("KOMODO_SYNC_PLAN_KEY", key)
    ask.write("UpdateStack", id="doomed", config={"auto_pull": False})
    assert "stack/doomed delete: it was changed since the plan" in refused(shell, core).err
    ask.write("UpdateStack", id="doomed", config={"auto_pull": True, "branch": "precious"})
    if key:
        assert "stack/doomed delete: it was changed since the plan" in refused(shell, core).err
        ask.write("UpdateStack", id="doomed", config={"branch": "old", "environment": "A=canary-other\n"})
        assert "stack/doomed delete: it was changed since the plan" in refused(shell, core).err
    else:
        # without the key nobody can tell a branch from a secret that lived there
        shell.good("apply", "--plan", "plan.json")
        assert names(ask, "Stacks") == ["web"]


@pytest.mark.usefixtures("secrets")
def test_a_key_of_blanks_is_none(shell: Shell, core: EmbeddedCore, work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """CI gives an empty text where a secret is not to be had; whoever names a file has one."""
    monkeypatch.setenv("KOMODO_SYNC_PLAN_KEY", " \n")
    assert saved(shell)["summary"]["digest"].startswith("sha256:")
    monkeypatch.setenv("KOMODO_SYNC_PLAN_KEY", "the key\n")
    made = saved(shell)
    monkeypatch.delenv("KOMODO_SYNC_PLAN_KEY")
    write(work, {"key": "the key", "empty": "\n"})
    monkeypatch.setenv("KOMODO_SYNC_PLAN_KEY_FILE", "key")
    assert saved(shell) == made
    monkeypatch.setenv("KOMODO_SYNC_PLAN_KEY_FILE", "empty")
    said = shell("plan", "--out", "plan.json")
    assert (said.code, "empty is empty" in said.err) == (64, True)


@pytest.mark.usefixtures("secrets")
def test_who_takes_the_proof_away_is_refused(shell: Shell, core: EmbeddedCore, monkeypatch: pytest.MonkeyPatch) -> None:
    saved(shell)
    monkeypatch.setenv("KOMODO_SYNC_PLAN_KEY", "the plan key")
    assert "it was made without KOMODO_SYNC_PLAN_KEY, which is set here" in refused(shell, core).err


@pytest.mark.usefixtures("secrets")
def test_a_secret_that_was_unknown_to_the_plan(
    shell: Shell, core: EmbeddedCore, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in CANARIES:
        monkeypatch.delenv(name)
    monkeypatch.setenv("KOMODO_SYNC_PLAN_KEY", "the plan key")
    saved(shell)
    assert "is not set" in refused(shell, core).err
    for name, value in CANARIES.items():
        monkeypatch.setenv(name, value)
    # of what is created they are named, as unknown
    shell.good("apply", "--plan", "plan.json")
    monkeypatch.delenv("HOOK")
    saved(shell)
    monkeypatch.setenv("HOOK", "canary-new")
    # of what is there they are no change, so none was approved
    assert "stack/web update" in refused(shell, core).err


@pytest.mark.usefixtures("secrets")
def test_a_secret_that_is_not_set_any_more_is_told_as_such(
    shell: Shell, ask: Asker, core: EmbeddedCore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not as a change that moved: what is not known here is no difference."""
    ask.write("CreateStack", name="web", config={"environment": "LOG_LEVEL=debug\nTOKEN=old\n"})
    mark(ask, "Stack", "web", tags=[])
    saved(shell, "--adopt-changes")
    monkeypatch.delenv("WEB_TOKEN")
    said = refused(shell, core)
    assert "WEB_TOKEN is not set" in said.err
    assert "moved" not in said.err


@pytest.mark.usefixtures("core")
def test_another_env_file_brings_no_other_value_than_the_approved_one(
    shell: Shell, core: EmbeddedCore, work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KOMODO_SYNC_PLAN_KEY", "a plan key of more than sixteen")
    declared = "variables: [{name: A, value: '${env:A}'}]\n"
    write(work, {"komodo-sync.yaml": SETTINGS, "m.yaml": declared})
    write(work, {"a.env": "A=canary-one\n", "same.env": "A=canary-one\n", "other.env": "A=canary-two\n"})
    saved(shell, "--env-file", "a.env")
    said = refused(shell, core, "--env-file", "other.env")
    assert "secret values of config/value are not the approved ones" in said.err
    shell.good("apply", "--plan", "plan.json", "--env-file", "same.env")


def test_a_public_value_that_looks_secret_is_not_recorded(shell: Shell, core: EmbeddedCore, work: Path) -> None:
    write(
        work, {"komodo-sync.yaml": SETTINGS, "m.yaml": "stacks: [{name: a, description: 'x ${var:A} ${var:TOKEN}'}]\n"}
    )
    shell.good("plan", "--out", "plan.json", "--var", "A=1", "--var", "TOKEN=canary")
    document = json.loads(Path("plan.json").read_text(encoding="utf-8"))
    assert document["scope"]["variables"] == [{"name": "A", "value": "1"}, {"name": "TOKEN", "value": None}]
    assert "--var TOKEN=..." in refused(shell, core).err
    shell.good("apply", "--plan", "plan.json", "--var", "TOKEN=canary")


# what the key sees


@pytest.fixture
def reader(ask: Asker) -> tuple[str, ...]:
    """The options of a key that reads the stack web alone."""
    ask.write("CreateTag", name="owner:me")
    ask.write("CreateStack", name="web", config={"branch": "old"})
    ask.write("CreateStack", name="gone")
    ask.write("CreateStack", name="unseen")
    ask.write("CreateVariable", name="API", value="canary-live", is_secret=True)
    for name in ("web", "gone", "unseen"):
        mark(ask, "Stack", name)
    identity = ask.write("CreateServiceUser", username="ci", description="")["_id"]["$oid"]
    made = ask.write("CreateApiKeyForServiceUser", user_id=identity, name="ci", expires=0)
    for name in ("web", "gone"):
        ask.write(
            "UpdatePermissionOnTarget",
            user_target={"type": "User", "id": identity},
            resource_target={"type": "Stack", "id": ask.read("GetStack", stack=name)["_id"]["$oid"]},
            permission="Read",
        )
    return ("--key", made["key"], "--secret", made["secret"])


def test_a_readers_plan_is_applied_by_an_admin(
    shell: Shell, ask: Asker, work: Path, reader: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    write(
        work,
        {
            "komodo-sync.yaml": SETTINGS,
            "m.yaml": "stacks: [{name: web, config: {branch: new}}, {name: made}]\n"
            "variables: [{name: API, value: '${env:API}', is_secret: true}]\n",
        },
    )
    monkeypatch.setenv("API", "canary-declared")
    document = saved(shell, *reader)
    assert (document["visibility"]["user"], document["visibility"]["admin"]) == ("ci", False)
    planned = {item["address"] for item in document["resources"] if item["changes"]}
    assert planned == {"stack/web", "stack/made", "stack/gone"}
    said = shell.good("apply", "--plan", "plan.json")
    assert "holds no lock" not in said.err
    assert writes(ask.core).count("CreateVariable") == 2  # the lock is one
    # what the reader did not see stays as it is: a resource, and a value
    assert names(ask, "Stacks") == ["made", "unseen", "web"]
    assert ask.read("GetVariable", name="API")["value"] == "canary-live"


def test_what_the_reader_took_for_free_is_not_touched(
    shell: Shell, core: EmbeddedCore, work: Path, reader: tuple[str, ...]
) -> None:
    write(
        work, {"komodo-sync.yaml": SETTINGS, "m.yaml": "stacks: [{name: web}, {name: unseen, config: {branch: x}}]\n"}
    )
    saved(shell, *reader)
    said = refused(shell, core)
    assert "stack/unseen update" in said.err
    assert "which the key of the approved plan did not see" in said.err


def test_an_admins_plan_is_not_applied_by_a_reader(
    shell: Shell, core: EmbeddedCore, work: Path, reader: tuple[str, ...]
) -> None:
    write(work, {"komodo-sync.yaml": SETTINGS, "m.yaml": "stacks: [{name: web}]\n"})
    saved(shell)
    assert "apply with an admin's key" in refused(shell, core, *reader).err
