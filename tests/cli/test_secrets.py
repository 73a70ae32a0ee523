"""No secret reaches stdout, stderr, a report or a plan file, however it goes wrong and however much is asked for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from shell import Said, Shell, process, write

from komodo_sync.cli.formats import FORMATS

if TYPE_CHECKING:
    from asking import Asker

    from komodo_sync.simulator import EmbeddedCore

KEY, SECRET = "K_canary-key", "S_canary-secret"
MANIFEST = """\
servers:
  - {name: prod, config: {passkey: canary-%(n)s-passkey}}
builders:
  - {name: aws, config: {type: Aws, params: {user_data: "export TOKEN=canary-%(n)s-userdata"}}}
builds:
  - name: app
    config:
      webhook_secret: canary-%(n)s-webhook
      build_args: {NPM_TOKEN: canary-%(n)s-arg}
      secret_args: {PLAIN: canary-%(n)s-secretarg}
stacks:
  - name: web
    description: public-%(n)s-description
    config:
      webhook_secret: canary-%(n)s-hook
      environment:
        LOG_LEVEL: public-%(n)s-level
        DB_PASSWORD: canary-%(n)s-password
        API_KEY: canary-%(n)s-apikey
        DATABASE_URL: postgres://user:canary-%(n)s-url@db/app
      file_contents: |
        services:
          web:
            image: nginx
            environment:
              ADMIN_PASSWORD: canary-%(n)s-compose
deployments:
  - name: job
    config:
      environment: |
        SECRET_TOKEN=canary-%(n)s-token
variables:
  - {name: TOKEN, value: canary-%(n)s-variable, is_secret: true}
  - {name: SMTP_PASSWORD, value: canary-%(n)s-smtp}
alerters:
  - {name: chat, config: {endpoint: {type: Slack, params: {url: "https://hooks.slack.com/services/canary-%(n)s-slack"}}}}
"""
SETTINGS = "owner: me\nprune: true\n"


def checked(said: Said, code: int) -> Said:
    assert said.code == code, said.all.replace("canary", "LEAK")
    assert "canary" not in said.all
    for path in Path().rglob("*.out"):
        assert "canary" not in path.read_text()
    return said


PLAN_REPORTS = tuple(word for form in FORMATS for word in ("--report", f"{form}=r.{form}.out"))
REPORTS = (*(word for form in FORMATS for word in ("--report", f"{form}=r.{form}.out")), "-vv")


@pytest.fixture
def account(core: EmbeddedCore, ask: Asker, monkeypatch: pytest.MonkeyPatch) -> None:
    """Credentials that can be recognised."""
    from komodo_sync.simulator import users

    with core.state.storage.transaction():
        admin = users.find(core.state.storage, "admin")
        users.add_key(core.state.storage, admin["_id"]["$oid"], KEY, SECRET, "admin")
    monkeypatch.setenv("KOMODO_CLI_KEY", KEY)
    monkeypatch.setenv("KOMODO_CLI_SECRET", SECRET)


@pytest.mark.usefixtures("account")
def test_from_nothing_over_changes_to_deletes(work: Path, ask: Asker) -> None:
    write(work, {"komodo-sync.yaml": SETTINGS, "m.yaml": MANIFEST % {"n": "old"}})
    checked(process("plan", "--out", "p.out", *REPORTS), 0)
    checked(process("show", "p.out", *PLAN_REPORTS), 0)
    checked(process("apply", "--yes", *REPORTS), 0)
    write(work, {"m.yaml": MANIFEST % {"n": "new"}})
    plan = checked(process("plan", "--out", "p.out", *REPORTS), 0)
    assert "DB_PASSWORD" in plan.out
    checked(process("plan", "--format", "json", "-vv"), 0)
    for form in ("text", "json", "ndjson", "markdown", "html", "junit"):
        told = Path(f"r.{form}.out").read_text()
        for public in ("public-old-level", "public-new-level", "public-old-description", "public-new-description"):
            assert public in told, form
        assert all(
            name in told for name in ("stack/web", "variable/TOKEN", "DB_PASSWORD", "webhook_secret", "LOG_LEVEL")
        )
    checked(process("show", "p.out", *PLAN_REPORTS), 0)
    assert "config/webhook_secret" in Path("r.sarif.out").read_text()
    checked(process("apply", "--yes", *REPORTS), 0)
    for form in FORMATS:
        assert form in ("github", "sarif") or "stack/web" in Path(f"r.{form}.out").read_text()
    checked(process("drift", *PLAN_REPORTS, "-vv"), 0)
    # and what somebody else put there
    ask.write("UpdateStack", id="web", config={"environment": "THEIRS=canary-live\nDB_PASSWORD=canary-live\n"})
    ask.write("UpdateVariableValue", name="TOKEN", value="canary-live")
    checked(process("plan", *REPORTS), 0)
    write(work, {"m.yaml": "servers: [{name: prod}]\nabsent: [variable/TOKEN, variable/SMTP_PASSWORD]\n"})
    checked(process("plan", *REPORTS), 0)
    checked(process("apply", "--yes", "--format", "json", *REPORTS), 0)
    # what is adopted with changes shows the live side too
    ask.write(
        "CreateStack",
        name="found",
        config={"webhook_secret": "canary-a", "environment": "X_TOKEN=canary-b\nY=canary-c\n"},
    )
    write(work, {"m.yaml": "stacks: [{name: found, config: {environment: {Z: 1}}}]\n"})
    checked(process("plan", "--adopt-changes", *REPORTS), 0)
    checked(process("apply", "--yes", *REPORTS), 4)


@pytest.mark.usefixtures("account")
@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ("write/*=500", 1),
        ("CreateStack=500", 3),
        ("write/*=422", 1),
        ("CreateStack=422", 3),
        ("write/*=html", 1),
        ("CreateStack=html", 3),
        ("write/*=429", 1),
        ("CreateStack=429", 3),
        ("UpdateStack=401", 0),
        ("CreateStack=drop", 0),
        ("CreateVariable=409", 1),
        ("*=html", 1),
        ("*=401", 1),
        ("ListFullStacks=500", 1),
    ],
)
def test_when_the_core_will_not_have_it(shell: Shell, work: Path, core: EmbeddedCore, fault: str, code: int) -> None:
    write(work, {"komodo-sync.yaml": SETTINGS, "m.yaml": MANIFEST % {"n": "old"}})
    core.faults.add(fault)
    checked(shell("apply", "--yes", *REPORTS), code)


class Parrot:
    """A Core that repeats what it was sent in its errors."""

    def __init__(self, app: object) -> None:
        self._app = app

    def __call__(self, environ: dict, start_response: object) -> list[bytes]:
        import io
        import json

        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = io.BytesIO(body)
        if environ["PATH_INFO"] != "/write" or b"KOMODO_SYNC_LOCK_" in body:
            return self._app(environ, start_response)
        text = body.decode()
        keys = f"{environ.get('HTTP_X_API_KEY')} {environ.get('HTTP_X_API_SECRET')}"
        answer = json.dumps({"error": f"Invalid environment: {text}", "trace": [text, keys, f"invalid type: {text}"]})
        start_response("500 Oops", [("Content-Type", "application/json"), ("X-Echo", keys)])
        return [answer.encode()]


@pytest.mark.usefixtures("account")
def test_a_core_that_repeats_what_it_was_sent(work: Path, core: EmbeddedCore, host: object) -> None:
    host.app = Parrot(core.app)
    write(work, {"komodo-sync.yaml": SETTINGS, "m.yaml": MANIFEST % {"n": "old"}})
    said = checked(process("apply", "--yes", *REPORTS), 3)
    assert "FAILED" in said.out


def test_in_manifests_that_are_wrong(shell: Shell, work: Path) -> None:
    wrong = [
        "stacks: [{name: web, config: {webhook_secret: [canary-a]}}]\n",
        "stacks:\n- name: web\n  config:\n    webhook_secrets: canary-b\n",
        "stacks:\n- name: web\n  config:\n    environment:\n      DB_PASSWORD: [canary-c]\n",
        'stacks:\n- name: web\n  config:\n    environment: {DB_PASSWORD: "canary-d\\nx"}\n',
        "stacks:\n- name: web\n  config:\n    environment: {DB_PASSWORD: canary-e}\n    environment: {}\n",
        "variables: [{name: TOKEN, value: canary-f, is_secret: maybe}]\n",
        "variables: [{name: A-TOKEN, value: canary-g, is_secret: true}]\n",
    ]
    for text in wrong:
        write(work, {"m.yaml": text})
        for command in (("validate", "m.yaml", "-v"), ("plan", "--url", "sim:", "m.yaml", "-vv")):
            found = shell(*command)
            assert found.code == 1
            assert "canary" not in found.all, text
    write(work, {"m.toml": '[[stack]]\nname = "web"\n[stack.config]\nwebhook_secret = canary-h\n'})
    assert "canary" not in shell("validate", "m.toml").all


def test_every_request_is_told_when_asked(shell: Shell, work: Path, core: EmbeddedCore) -> None:
    write(work, {"m.yaml": "stacks: [{name: web}]\n"})
    said = shell.good("plan", "m.yaml", "-vv").err
    lines = [line for line in said.splitlines() if line.startswith("asked ")]
    assert len(lines) == len(core.requests) + 1  # the version needs no key
    assert any(line.endswith(" for ListFullStacks: 200") for line in lines)
    assert shell.good("plan", "m.yaml").err == ""


def test_credentials_in_the_wrong_place(shell: Shell, work: Path, core: EmbeddedCore) -> None:
    write(work, {"m.yaml": "stacks: [{name: web}]\n"})
    for url in ("http://me:canary@127.0.0.1:9", "https://me:canary@core.invalid", "ftp://me:canary@x", "me:canary@x"):
        assert "canary" not in shell("plan", "m.yaml", "--url", url, "-vv").all
    assert "canary" not in shell("plan", "m.yaml", "--key", "canary\n", "--secret", "canäry").all
    write(work, {"komodo-sync.yaml": "core: {url: 'https://me:canary@x.example.com'}\n"})
    assert "canary" not in shell("plan").all


@pytest.mark.usefixtures("account")
def test_a_step_summary_has_none(work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(work / "summary.out"))
    write(work, {"komodo-sync.yaml": SETTINGS, "m.yaml": MANIFEST % {"n": "old"}})
    for command in (("plan",), ("apply", "--yes"), ("apply", "--yes")):
        checked(process(*command, "--format", "github", "-vv"), 0)
    told = (work / "summary.out").read_text()
    assert told.count("<!-- komodo-sync ") == 3
    assert "public-old-description" in told


SESSION = {
    "SSH_AUTH_SOCK": "/tmp/ssh-sock-1/agent.7",
    "XDG_SESSION_ID": "session-12",
    "DBUS_SESSION_BUS_ADDRESS": "unix:path=/run/user/1000/bus",
    "DESKTOP_SESSION": "ubuntu-desktop",
}


def test_what_a_shell_and_a_desktop_say_of_themselves_is_no_secret(work: Path) -> None:
    """PWD sounds like a password; a shell keeps the working directory in it."""
    public = {"PWD": str(work), **SESSION}
    environment = {f"E{number}": value for number, value in enumerate(public.values())}
    lines = "".join(f'        {key}: "{value}"\n' for key, value in environment.items())
    texts = {
        "komodo-sync.yaml": "manifests: [web.yaml]\n",
        "web.yaml": f"stacks:\n  - name: web\n    config:\n      environment:\n{lines}",
    }
    write(work, texts)
    said = process("plan", "-v", "--url", f"sim:{work}/core.db", env={**public, "DB_PWD": "canary-password"}, cwd=work)
    assert said.code == 0
    assert f"settings: {work}/komodo-sync.yaml" in said.err
    assert [value for value in public.values() if value not in said.out] == []
    assert "(secret)" not in said.all


def test_unless_a_manifest_takes_one_from_there(work: Path) -> None:
    write(work, {"web.yaml": "stacks: [{name: web, description: '${env:SSH_AUTH_SOCK}'}]"})
    arguments = ("plan", "web.yaml", "--url", f"sim:{work}/core.db")
    said = process(*arguments, env={"SSH_AUTH_SOCK": "canary-in-an-odd-place"}, cwd=work)
    assert said.code == 0
    assert "(secret)" in said.out
    assert "canary" not in said.all
