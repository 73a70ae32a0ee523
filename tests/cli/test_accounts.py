"""Accounts of git providers and image registries, from a manifest to the Core and back, and no token on the way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from shell import Said, Shell, write, writes

if TYPE_CHECKING:
    from pathlib import Path

    from asking import Asker

    from komodo_sync.simulator import EmbeddedCore

MANIFEST = """\
git_accounts:
- {domain: github.com, username: me, token: "${env:TOKEN}"}
- {domain: git.local:3000, username: bot, https: false}
registry_accounts:
- {domain: docker.io, username: tenant/me, token: "${env:TOKEN}"}
"""
TOKEN = "canary-1"


@pytest.fixture
def declared(work: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    write(work, {"m.yaml": MANIFEST})
    monkeypatch.setenv("TOKEN", TOKEN)
    return work


def accounts(ask: Asker) -> dict[str, Any]:
    found = [*ask.read("ListGitProviderAccounts"), *ask.read("ListImageRegistryAccounts")]
    return {f"{one['domain']} {one['username']}": (one["token"], one.get("https")) for one in found}


def hidden(said: Said) -> Said:
    assert "canary" not in said.all
    return said


@pytest.mark.usefixtures("declared")
def test_an_account_is_made_changed_and_left_alone(
    ask: Asker, core: EmbeddedCore, shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = hidden(shell.good("apply", "--yes", "m.yaml"))
    assert "git_account/git.local:3000/bot is created with an empty token" in said.all
    assert accounts(ask) == {
        "github.com me": (TOKEN, True),
        "git.local:3000 bot": ("", False),
        "docker.io tenant/me": (TOKEN, None),
    }
    by_hand = next(one for one in ask.read("ListGitProviderAccounts") if one["username"] == "bot")
    ask.write("UpdateGitProviderAccount", id=by_hand["_id"]["$oid"], account={"token": "canary-2"})
    assert "No changes" in hidden(shell.good("plan", "m.yaml")).out
    monkeypatch.setenv("TOKEN", "canary-3")
    assert hidden(shell.good("plan", "m.yaml")).out.count("secret values differ") == 2
    before = len(writes(core))
    hidden(shell.good("apply", "--yes", "m.yaml"))
    # they are made and changed side by side
    assert sorted(writes(core)[before:]) == ["UpdateGitProviderAccount", "UpdateImageRegistryAccount"]
    assert sorted(token for token, _ in accounts(ask).values()) == ["canary-2", "canary-3", "canary-3"]


@pytest.mark.usefixtures("declared", "core")
def test_a_token_that_is_not_set_here_is_no_change(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    shell.good("apply", "--yes", "m.yaml")
    monkeypatch.delenv("TOKEN")
    assert "No changes" in shell.good("plan", "m.yaml").out
    assert shell("apply", "--yes", "m.yaml").code == 4


def test_an_export_is_applied_to_another_core(
    declared: Path, ask: Asker, shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell.good("apply", "--yes", "m.yaml")
    said = hidden(shell.good("export", "--out", "out"))
    assert "REGISTRY_ACCOUNT_DOCKER_IO_TENANT_ME_TOKEN" in said.err
    monkeypatch.setenv("GIT_ACCOUNT_GITHUB_COM_ME_TOKEN", "canary-4")
    monkeypatch.setenv("REGISTRY_ACCOUNT_DOCKER_IO_TENANT_ME_TOKEN", "canary-5")
    text = (declared / "out" / "git_accounts.yaml").read_text()
    assert "domain: github.com\n    username: me\n    token: ${env:GIT_ACCOUNT_GITHUB_COM_ME_TOKEN}" in text
    hidden(shell.good("apply", "--yes", "out"))
    assert accounts(ask)["docker.io tenant/me"] == ("canary-5", None)
    [bot] = [one for one in ask.read("ListGitProviderAccounts") if one["username"] == "bot"]
    ask.write("UpdateGitProviderAccount", id=bot["_id"]["$oid"], account={"https": True})
    shell.good("export", "--out", "out")
    assert "https: true" in (declared / "out" / "git_accounts.yaml").read_text()


@pytest.mark.usefixtures("declared")
def test_only_absent_deletes_an_account(ask: Asker, declared: Path, shell: Shell) -> None:
    shell.good("apply", "--yes", "m.yaml")
    settings = {"komodo-sync.yaml": "owner: me\nprune: true\n", "m.yaml": "absent: [git_account/github.com/me]\n"}
    write(declared, settings)
    said = shell.good("apply", "--yes")
    assert "git_account/github.com/me" in said.out
    assert list(accounts(ask)) == ["git.local:3000 bot", "docker.io tenant/me"]


@pytest.mark.usefixtures("declared")
def test_who_is_no_admin_is_told_so(ask: Asker, declared: Path, shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    user = ask.write("CreateServiceUser", username="ci", description="")
    made = ask.write("CreateApiKeyForServiceUser", user_id=user["_id"]["$oid"], name="ci", expires=0)
    monkeypatch.setenv("KOMODO_CLI_KEY", made["key"])
    monkeypatch.setenv("KOMODO_CLI_SECRET", made["secret"])
    said = shell.good("plan", "m.yaml")
    told = " ".join(said.out.split())
    assert "git accounts and registry accounts are not planned: Komodo lists them for admins alone, and ci is" in told
    assert "create" not in said.out, "nobody knows whether they are there"
    assert said.out.endswith("No changes as far as is known here.\n")
    # what does not need them goes on without
    write(declared, {"komodo-sync.yaml": "owner: me\nprune: true\nmanifests: [s.yaml]\n", "s.yaml": "stacks: []\n"})
    shell.good("plan")
    assert "git_accounts are not written: the key of ci is not an admin's" in shell.good("export", "--out", "out").err


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        ("{username: me}", "this git_account has no domain"),
        ("{domain: github.com, username: ''}", "the username of this git_account is empty"),
        ("{domain: a/b, username: me}", "has a slash in it"),
        ("{domain: a, username: me, name: x}", "unknown key `name`"),
        ("{domain: a, username: me, config: {}}", "unknown key `config`"),
        ("{domain: a, username: '${env:WHO}'}", "a secret cannot stand here"),
        ("{domain: a, username: me}\n- {username: me, domain: a}", "git_account/a/me is declared twice"),
    ],
)
def test_what_is_wrong_is_told(work: Path, shell: Shell, entry: str, told: str) -> None:
    write(work, {"m.yaml": f"git_accounts:\n- {entry}\n"})
    said = shell("validate", "m.yaml")
    assert said.code == 1
    assert told in said.out + said.err
