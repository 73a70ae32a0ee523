"""From `${...}` in a manifest to the value that a Core holds, and no secret on the way."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from shell import Said, Shell, process, write

if TYPE_CHECKING:
    from asking import Asker

    from komodo_sync.simulator import EmbeddedCore

MANIFEST = """\
stacks:
- name: web
  description: "made by ${env:WHO}"
  config:
    branch: ${env:BRANCH}
    webhook_enabled: ${env:HOOKS}
    extra_args: [--build, "${env:ARGUMENT}"]
    pre_deploy: {path: "${var:region}", command: "echo ${env:COMMAND}"}
    environment:
      LOG_LEVEL: info
      REGION: ${var:region}
      PLAIN: ${env:PLAIN}
      CERT: ${file:secrets/cert}
- name: text
  config: {environment: "A=1\\nB=${env:PLAIN}"}
variables:
- {name: CODE, value: "${env:CODE}"}
- {name: HUSH, value: "${env:CODE}", is_secret: true}
builders:
- {name: aws, config: {type: Aws, params: {user_data: "${env:PLAIN}", region: "${var:region}"}}}
"""
NAMES = ("WHO", "BRANCH", "ARGUMENT", "COMMAND", "PLAIN", "CODE")
REPORTS = ("--report", "json=r.json.out", "--report", "text=r.txt.out", "-vv")


def said(words: tuple[str, ...], code: int) -> Said:
    found = process(*words)
    assert found.code == code, found.all
    assert "canary" not in found.all
    for path in Path().rglob("*.out"):
        assert "canary" not in path.read_text()
    return found


@pytest.fixture
def declared(work: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    write(work, {"m.yaml": MANIFEST, "komodo-sync.yaml": "vars: {region: eu}\n", "secrets/cert": "canary-cert\n"})
    for name in NAMES:
        monkeypatch.setenv(name, f"canary-{name}")
    monkeypatch.setenv("HOOKS", "no")
    return work


@pytest.mark.usefixtures("declared")
def test_what_is_applied_is_what_was_looked_up(ask: Asker, monkeypatch: pytest.MonkeyPatch) -> None:
    said(("validate", "-vv"), 0)
    said(("plan", "--out", "p.out", *REPORTS), 0)
    said(("apply", "--yes", *REPORTS), 0)
    config = ask.read("GetStack", stack="web")["config"]
    assert config["environment"] == "LOG_LEVEL=info\nREGION=eu\nPLAIN=canary-PLAIN\nCERT=canary-cert\n"
    assert (config["branch"], config["webhook_enabled"]) == ("canary-BRANCH", False)
    assert config["extra_args"] == ["--build", "canary-ARGUMENT"]
    assert (config["pre_deploy"]["path"], config["pre_deploy"]["command"]) == ("eu", "echo canary-COMMAND\n")
    assert ask.read("GetVariable", name="HUSH")["value"] == "canary-CODE"
    assert ask.read("GetStack", stack="web")["description"] == "made by canary-WHO"
    assert "No changes" in said(("plan", "--detailed-exitcode", *REPORTS), 0).out
    # a secret flag says nothing, not even that it is off
    off = said(("explain", "stack/web"), 0).out
    assert next(line for line in off.splitlines() if "webhook_enabled" in line).split()[1] == "(secret)"
    # another value: that it differs is told, and nothing else
    for name in NAMES:
        monkeypatch.setenv(name, f"canary-new-{name}")
    plan = said(("plan", *REPORTS), 0).out
    assert "secret values differ" in plan
    assert "PLAIN" in plan
    assert "LOG_LEVEL" not in plan
    said(("plan", "--format", "json"), 0)
    said(("apply", "--yes", *REPORTS), 0)
    assert ask.read("GetStack", stack="text")["config"]["environment"] == "A=1\nB=canary-new-PLAIN\n"
    said(("plan", "--detailed-exitcode"), 0)


def test_without_the_secrets(declared: Path, ask: Asker, core: EmbeddedCore, monkeypatch: pytest.MonkeyPatch) -> None:
    said(("apply", "--yes", "-q"), 0)
    for name in NAMES:
        monkeypatch.delenv(name)
    (declared / "secrets" / "cert").write_text("")
    said(("validate", "-vv"), 0)
    plan = said(("plan", "--detailed-exitcode", *REPORTS), 0).out
    assert "unknown here" in plan
    before = len(core.requests)
    refused = said(("apply", "--yes", *REPORTS), 4)
    assert all(name in refused.err for name in (*NAMES, "secrets/cert"))
    assert not any(str(request).count("/write") for request in core.requests[before:])
    # what is public is compared all the same
    write(declared, {"m.yaml": MANIFEST.replace("LOG_LEVEL: info", "LOG_LEVEL: debug")})
    plan = said(("plan", "--detailed-exitcode", *REPORTS), 2).out
    assert "debug" in plan
    assert "PLAIN" not in plan.partition("LOG_LEVEL")[2].partition("unknown")[0]
    # a run that needs none of it may go on
    write(declared, {"more.yaml": "stacks: [{name: other}]\n"})
    said(("apply", "--yes", "--select", "stack/other"), 0)
    assert ask.read("GetStack", stack="other")["name"] == "other"


@pytest.mark.usefixtures("declared", "core")
def test_a_create_without_the_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES:
        monkeypatch.delenv(name)
    assert "unknown" in said(("plan", *REPORTS), 0).out
    said(("apply", "--yes"), 4)


@pytest.mark.usefixtures("declared")
def test_what_stood_there_before_is_no_less_secret(ask: Asker) -> None:
    said(("apply", "--yes", "-q"), 0)
    ask.write(
        "UpdateStack",
        id="web",
        config={
            "extra_args": ["--pull", "canary-live"],
            "branch": "canary-live",
            "environment": "PLAIN=$canary\nX=canary-live",
            "pre_deploy": {"path": "eu", "command": "canary-live"},
        },
    )
    ask.write("UpdateVariableValue", name="CODE", value="canary-live")
    ask.write("UpdateResourceMeta", target={"type": "Stack", "id": "web"}, description="canary-live")
    said(("plan", *REPORTS), 0)
    said(("plan", "--format", "json"), 0)
    said(("apply", "--yes", *REPORTS), 0)


@pytest.mark.usefixtures("core")
def test_a_wrong_secret_is_not_quoted(declared: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOOKS", "canary")
    for command in (("validate", "-vv"), ("plan", "-vv"), ("validate", "--format", "json")):
        assert "KS023" in said(command, 1).all
    write(declared, {"m.yaml": "stacks: [{name: '${env:WHO}'}]\n"})
    assert "KS091" in said(("validate", "-vv"), 1).all


def test_dotenv_files(shell: Shell, work: Path, ask: Asker, monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    write(
        work,
        {
            "m.yaml": "variables:\n" + "".join(f"- {{name: {name}, value: '${{env:{name}}}'}}\n" for name in "ABC"),
            "one.env": "# for tests\nexport A='one $HOME'\nB=\"b ${HOME}\"\nC=file\n",
            "two.env": "A=two\nEMPTY=\n",
        },
    )
    monkeypatch.setenv("C", "environment")
    before = dict(os.environ)
    shell.good("apply", "m.yaml", "--yes", "--env-file", "one.env", "--env-file", "two.env")
    values = {name: ask.read("GetVariable", name=name)["value"] for name in "ABC"}
    assert values == {"A": "two", "B": "b ${HOME}", "C": "environment"}
    assert dict(os.environ) == before


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--env-file", "none.env"), "none.env: the file cannot be read"),
        (("--env-file", "wrong.env"), "line 2 is no NAME=value"),
        (("--env-file", "binary.env"), "is not UTF-8"),
        (("--var", "canary"), "has no value"),
        (("--var", "=canary"), "has no value"),
    ],
)
def test_what_is_wrong_on_the_command_line(shell: Shell, work: Path, words: tuple[str, ...], told: str) -> None:
    write(work, {"m.yaml": "stacks: [{name: web}]\n", "wrong.env": "A=1\n'canary\nB=2\n"})
    (work / "binary.env").write_bytes(b"A=\xff\n")
    found = shell("validate", "m.yaml", *words)
    assert found.code == 64
    assert told in found.err


def test_vars_of_the_command_line_win(shell: Shell, work: Path, ask: Asker) -> None:
    write(
        work,
        {
            "komodo-sync.yaml": "vars: {a: x, b: y}\n",
            "m.yaml": "variables: [{name: V, value: '${var:a}${var:b}${var:c}'}]\n",
        },
    )
    shell.good("apply", "--yes", "--var", "b=2", "--var", "c==3")
    assert ask.read("GetVariable", name="V")["value"] == "x2=3"
    assert shell("plan").code == 1


def test_what_json_takes_from_outside_is_missing_before_the_first_write(
    work: Path, ask: Asker, core: EmbeddedCore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PLAIN", raising=False)
    args = "{type: RunAction, params: {action: script, args: {note: '${env:PLAIN}', more: [{deep: '${env:PLAIN}'}]}}}"
    stages = f"[{{name: one, executions: [{{execution: {args}}}]}}]"
    procedures = f"procedures: [{{name: steps, config: {{stages: {stages}}}}}]\n"
    write(work, {"json.yaml": f"actions: [{{name: script}}]\n{procedures}"})
    before = len(core.requests)
    assert "PLAIN" in said(("apply", "--yes", "json.yaml"), 4).err
    assert not any(str(request).count("/write") for request in core.requests[before:])
    monkeypatch.setenv("PLAIN", "canary-json")
    said(("apply", "--yes", "json.yaml"), 0)
    [stage] = ask.read("GetProcedure", procedure="steps")["config"]["stages"]
    assert stage["executions"][0]["execution"]["params"]["args"]["note"] == "canary-json"


@pytest.mark.usefixtures("core")
def test_a_list_of_objects_that_is_not_known_here(shell: Shell, work: Path) -> None:
    config = "{run_directory: /srv, additional_env_files: 'x-${env:NOPE}', config_files: [{path: '${env:NOPE}'}]}"
    write(work, {"m.yaml": f"stacks: [{{name: web, config: {config}}}]\n"})
    assert "config/additional_env_files  (unknown)" in shell.good("plan", "m.yaml").out
    assert "/srv" in shell.good("explain", "stack/web", "m.yaml").out
    refused = shell("apply", "--yes", "m.yaml")
    assert refused.code == 4
    assert "NOPE is not set" in refused.err
