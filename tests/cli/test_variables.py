"""Variables whose value is the Core's business, and those whose value comes from elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shell import Shell, write, writes

if TYPE_CHECKING:
    from pathlib import Path

    import pytest
    from asking import Asker

    from komodo_sync.simulator import EmbeddedCore


def test_one_without_a_value_is_made_and_left_alone(ask: Asker, core: EmbeddedCore, shell: Shell, work: Path) -> None:
    write(work, {"m.yaml": "variables: [{name: PASSWORD, is_secret: true, description: by hand}]\n"})
    said = shell.good("apply", "--yes", "m.yaml")
    assert "variable/PASSWORD is created with an empty value" in " ".join(said.out.split())
    ask.write("UpdateVariableValue", name="PASSWORD", value="canary")
    before = len(writes(core))
    assert "No changes" in shell.good("plan", "m.yaml").out
    shell.good("apply", "--yes", "m.yaml")
    # nor is it blanked where something else of it is written
    write(work, {"m.yaml": "variables: [{name: PASSWORD, is_secret: true, description: other}]\n"})
    said = shell.good("apply", "--yes", "m.yaml")
    assert writes(core)[before:] == ["UpdateVariableDescription"]
    assert ask.read("GetVariable", name="PASSWORD")["value"] == "canary"
    assert "canary" not in said.all


def test_a_value_from_elsewhere_is_compared_and_never_shown(
    ask: Asker, core: EmbeddedCore, shell: Shell, work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOKEN", "canary-1")
    write(work, {"m.yaml": "variables: [{name: TOKEN, value: '${env:TOKEN}', is_secret: true}]\n"})
    said = shell.good("apply", "--yes", "m.yaml")
    assert "No changes" in shell.good("plan", "m.yaml").out
    monkeypatch.setenv("TOKEN", "canary-2")
    said = shell.good("plan", "m.yaml")
    assert "secret values differ" in said.out
    shell.good("apply", "--yes", "m.yaml")
    assert ask.read("GetVariable", name="TOKEN")["value"] == "canary-2"
    # somebody who is no admin sees how long it is, and nothing else
    user = ask.write("CreateServiceUser", username="ci", description="")
    made = ask.write("CreateApiKeyForServiceUser", user_id=user["_id"]["$oid"], name="ci", expires=0)
    monkeypatch.setenv("TOKEN", "canary-3")
    unseen = shell.good("plan", "m.yaml", "--key", made["key"], "--secret", made["secret"])
    assert "No changes" in unseen.out
    for text in (said.all, unseen.all):
        assert "canary" not in text


def test_what_becomes_secret_is_called_so_before_its_value_is_written(
    core: EmbeddedCore, shell: Shell, work: Path
) -> None:
    write(work, {"m.yaml": "variables: [{name: A, value: one}]\n"})
    shell.good("apply", "--yes", "m.yaml")
    before = len(writes(core))
    write(work, {"m.yaml": "variables: [{name: A, value: canary, is_secret: true}]\n"})
    said = shell.good("apply", "--yes", "m.yaml")
    assert writes(core)[before:] == ["UpdateVariableIsSecret", "UpdateVariableValue"]
    assert "canary" not in said.all
