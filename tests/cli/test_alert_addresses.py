"""Where alerters send alerts: the host is told everywhere, what makes it secret nowhere. Every secret is a canary."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from shell import Shell, write

from komodo_sync.cli.formats import FORMATS

if TYPE_CHECKING:
    from asking import Asker

    from komodo_sync.simulator import EmbeddedCore

HOSTS = {
    "Slack": "https://hooks.slack.com/services/T0/canary-{n}/x1",
    "Discord": "https://discord.com/api/webhooks/1/canary-{n}",
    "Ntfy": "https://{n}.ntfy.example.com/canary-{n}?auth=canary-query",
    "Pushover": "https://api.pushover.net?token=canary-{n}&user=canary",
    "Custom": "http://{n}.chat.lan:7000/canary-{n}",
}
SHOWN = {
    "Slack": "https://hooks.slack.com/(secret)",
    "Discord": "https://discord.com/(secret)",
    "Ntfy": "https://{n}.ntfy.example.com/(secret)",
    "Pushover": "https://api.pushover.net?(secret)",
    "Custom": "http://{n}.chat.lan:7000/(secret)",
}
REPORTS = tuple(word for form in FORMATS for word in ("--report", f"{form}={form}.out"))
TEXTS = ("text", "json", "ndjson", "markdown", "html", "junit")


def alerters(urls: dict[str, str]) -> str:
    return json.dumps(
        {
            "alerters": [
                {"name": kind.lower(), "config": {"endpoint": {"type": kind, "params": {"url": url}}}}
                for kind, url in urls.items()
            ]
        }
    )


def of(urls: dict[str, str], n: str) -> dict[str, str]:
    return {kind: url.replace("{n}", n) for kind, url in urls.items()}


pytestmark = pytest.mark.usefixtures("core")


@pytest.fixture
def applied(shell: Shell, work: Path, core: EmbeddedCore) -> None:
    """What is live is written, and another address declared of each."""
    write(work, {"komodo-sync.yaml": "owner: me\n", "m.yaml": alerters(of(HOSTS, "old"))})
    said = shell.good("apply", "--yes", "-vv", *REPORTS)
    assert "canary" not in said.all
    write(work, {"m.yaml": alerters(of(HOSTS, "new"))})


@pytest.mark.usefixtures("applied")
@pytest.mark.parametrize("words", [("plan",), ("plan", "-vv"), ("drift", "-vv"), ("apply", "--yes", "-vv")])
def test_both_hosts_of_a_change_are_told(shell: Shell, words: tuple[str, ...]) -> None:
    assert "canary" not in shell(*words, *REPORTS).all
    for form in FORMATS:
        assert "canary" not in Path(f"{form}.out").read_text(encoding="utf-8"), form
    for form in TEXTS if "apply" not in words else ():
        text = Path(f"{form}.out").read_text(encoding="utf-8")
        missing = [url for n in ("old", "new") for url in of(SHOWN, n).values() if url not in text]
        assert missing == [], form


@pytest.mark.usefixtures("applied")
def test_it_is_told_that_the_token_alone_differs(shell: Shell) -> None:
    said = shell.good("plan", "--format", "markdown").out
    assert "! params/url: https://hooks.slack.com/(secret) -> https://hooks.slack.com/(secret)" in said
    assert "- params/url: http://old.chat.lan:7000/(secret)\n+ params/url: http://new.chat.lan:7000/(secret)" in said
    said = shell.good("plan").out
    assert "~ params/url: https://hooks.slack.com/(secret) -> https://hooks.slack.com/(secret)" in said
    assert "~ params/url: http://old.chat.lan:7000/(secret) -> http://new.chat.lan:7000/(secret)" in said


@pytest.mark.usefixtures("applied")
def test_what_reads_tells_both(shell: Shell) -> None:
    for kind in HOSTS:
        said = shell.good("explain", f"alerter/{kind.lower()}", "--live")
        assert "canary" not in said.all
        assert of(SHOWN, "old")[kind] in said.out
        assert of(SHOWN, "new")[kind] in said.out
    for words in (("call", "read", "ListFullAlerters"), ("call", "read", "ListFullAlerters", "-vv")):
        said = shell.good(*words)
        assert "canary" not in said.all
        assert [url for url in of(SHOWN, "old").values() if url not in said.out] == []
    for words in (("ExportAllResourcesToToml",), ("GetAlerter", "alerter=slack")):
        assert "canary" not in shell.good("call", "read", *words).all
    assert "canary" not in shell("export", "--out", "there", "--force").all
    assert "canary" not in "".join(path.read_text() for path in Path("there").rglob("*.yaml"))


def test_without_manifests_a_call_tells_the_hosts_as_well(shell: Shell, ask: Asker) -> None:
    for kind, url in of(HOSTS, "old").items():
        endpoint = {"type": kind, "params": {"url": url}}
        ask.write("CreateAlerter", name=kind.lower(), config={"endpoint": endpoint, "enabled": True})
    said = shell.good("call", "read", "ListFullAlerters")
    assert "canary" not in said.all
    assert [url for url in of(SHOWN, "old").values() if url not in said.out] == []


@pytest.mark.usefixtures("applied")
@pytest.mark.parametrize("is_set", [True, False])
def test_what_is_taken_from_outside_is_hidden_whole_and_what_was_live_before_it(
    shell: Shell, work: Path, monkeypatch: pytest.MonkeyPatch, is_set: bool
) -> None:
    taken = {kind: f"${{env:{kind.upper()}_ADDRESS}}" for kind in HOSTS}
    for kind, url in of(HOSTS, "new").items():
        if is_set:
            monkeypatch.setenv(f"{kind.upper()}_ADDRESS", url)
    write(work, {"m.yaml": alerters(taken)})
    hosts = ("slack.com", "discord.com", "pushover.net", ".ntfy.example.com", "chat.lan")
    for words in (("plan", "-vv", *REPORTS), ("call", "read", "ListFullAlerters"), ("drift",)):
        said = shell(*words)
        assert "canary" not in said.all
        assert [host for host in hosts if host in said.all] == [], words
    for form in FORMATS:
        text = Path(f"{form}.out").read_text(encoding="utf-8")
        assert [host for host in (*hosts, "canary") if host in text] == [], form
    for kind in HOSTS:
        said = shell.good("explain", f"alerter/{kind.lower()}", "--live")
        assert [host for host in (*hosts, "canary") if host in said.all] == []


@pytest.mark.usefixtures("applied")
def test_where_a_manifest_writes_the_host_itself_it_is_told(
    shell: Shell, work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOPIC", "canary-topic")
    monkeypatch.setenv("HOST", "canary.example.com/")
    urls = {"Ntfy": "https://ntfy.example.com/${env:TOPIC}", "Custom": "https://${env:HOST}x", "Slack": "https://a/b@c"}
    write(work, {"m.yaml": alerters(urls)})
    said = shell.good("plan", "-vv")
    assert "canary" not in said.all
    assert "https://old.ntfy.example.com/(secret) -> https://ntfy.example.com/(secret)" in said.out
    assert "params/url: (secret) -> (secret)" in said.out, "the host is a secret itself"
    assert "https://hooks.slack.com/(secret) -> (secret)" in said.out


VARIABLES = """\
variables:
  - {name: SLACK_WEBHOOK_URL, value: "https://{n}.hooks.lan/canary-{n}"}
  - {name: SENTRY_DSN, value: "https://canarycanary@{n}.dsn.lan/2"}
  - {name: SECRET_WEBHOOK, value: "https://{n}.shut.lan/canary-{n}", is_secret: true}
  - {name: OPENED_WEBHOOK, value: "https://{n}.once.lan/canary-{n}", is_secret: {flag}}
  - {name: SLACK_TOKEN, value: "https://{n}.shut.lan/canary-{n}"}
  - {name: TAKEN_WEBHOOK, value: "{taken}"}
"""


@pytest.mark.parametrize("is_set", [True, False])
def test_of_a_variable_that_is_called_so_the_host_is_told(
    shell: Shell, work: Path, monkeypatch: pytest.MonkeyPatch, is_set: bool
) -> None:
    if is_set:
        monkeypatch.setenv("HOOK", "https://new.shut.lan/canary-taken")
    old = VARIABLES.replace("{n}", "old").replace("{flag}", "true").replace("{taken}", "https://old.shut.lan/canary-x")
    new = VARIABLES.replace("{n}", "new").replace("{flag}", "false").replace("{taken}", "${env:HOOK}")
    write(work, {"komodo-sync.yaml": "owner: me\n", "m.yaml": old})
    assert "canary" not in shell.good("apply", "--yes", "-vv").all
    write(work, {"m.yaml": new})
    said = shell.good("plan", "-vv", *REPORTS)
    assert "https://old.hooks.lan/(secret) -> https://new.hooks.lan/(secret)" in said.out
    assert "https://(secret)@old.dsn.lan/(secret) -> https://(secret)@new.dsn.lan/(secret)" in said.out
    texts = [Path(f"{form}.out").read_text(encoding="utf-8") for form in FORMATS]
    names = ("SLACK_WEBHOOK_URL", "SENTRY_DSN", "SECRET_WEBHOOK", "OPENED_WEBHOOK", "SLACK_TOKEN", "TAKEN_WEBHOOK")
    texts += [shell.good("explain", f"variable/{name}", "--live").all for name in names]
    assert "https://old.hooks.lan/(secret)" in texts[-6]
    assert "https://new.hooks.lan/(secret)" in texts[-6]
    texts.append(shell.good("call", "read", "ListVariables").all)
    assert "https://old.hooks.lan/(secret)" in texts[-1]
    hidden = ("canary", ".shut.lan", ".once.lan")
    assert [word for text in (said.all, *texts) for word in hidden if word in text] == []


def test_what_a_call_would_send_tells_the_host(shell: Shell, ask: Asker) -> None:
    ask.write("CreateAlerter", name="chat", config={})
    endpoint = {"type": "Slack", "params": {"url": HOSTS["Slack"]}}
    words = ("call", "write", "UpdateAlerter", "chat", f"config.endpoint={json.dumps(endpoint)}")
    for more in (("--dry-run",), ("--dry-run", "--format", "json"), ("-vv",)):
        said = shell.good(*words, *more)
        assert "canary" not in said.all
        assert SHOWN["Slack"] in said.out
    said = shell(*words[:-1], f"config.endpoin={json.dumps(endpoint)}")
    assert "canary" not in said.all
