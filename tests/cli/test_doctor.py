"""doctor: every line is well or has its cure, whatever is missing, wrong or silent."""

from __future__ import annotations

import ssl
import threading
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import jsonschema
import pytest
import trustme
from shell import KEY, SECRET, Host, Said, Shell, write, writes
from test_lock import ELSEWHERE, gone, hold

from komodo_sync.checkup import TOPICS, examine
from komodo_sync.checkup.inputs import Asked
from komodo_sync.cli import entry
from komodo_sync.model.checkup import Check, Verdict
from komodo_sync.report.schema import schema_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from asking import Asker

    from komodo_sync.simulator import EmbeddedCore


def lines(said: Said) -> dict[str, dict[str, str]]:
    """The checks by topic; the document is as its schema has it, and nothing that is not well lacks a cure."""
    import json

    document = said.json
    jsonschema.validate(document, json.loads(schema_text("doctor")))
    found = {item["topic"]: item for item in document["checks"]}
    assert tuple(found) == TOPICS
    for item in found.values():
        assert bool(item["cure"]) is (item["verdict"] != "ok"), item
    assert document["healthy"] is (said.code == 0)
    assert document["healthy"] is not any(item["verdict"] == "failed" for item in found.values())
    return found


def verdicts(found: dict[str, dict[str, str]], verdict: str) -> set[str]:
    return {topic for topic, item in found.items() if item["verdict"] == verdict}


def doctor(shell: Shell, *words: str) -> dict[str, dict[str, str]]:
    return lines(shell("doctor", "--format", "json", *words))


def test_all_is_well(shell: Shell, work: Path, core: EmbeddedCore) -> None:
    write(
        work, {"komodo-sync.yaml": "owner: me\nprune: true\n", "m.yaml": "stacks: [{name: a}]\nservers: [{name: s}]\n"}
    )
    shell.good("apply", "--yes")
    before = len(writes(core))
    said = shell.good("doctor")
    assert said.out.endswith("\nAll is well.\n")
    assert said.err == ""
    assert len(writes(core)) == before, "it reads alone"
    for words in (
        "owner me, prune on",
        "Komodo 2.3.2",
        "admin",
        "1 server, 1 stack",
        "me 2",
        "nobody holds the lock of me",
    ):
        assert words in said.out
    assert verdicts(doctor(shell), "ok") == set(TOPICS)


def test_the_embedded_core(shell: Shell, work: Path) -> None:
    said = shell.good("doctor", "--url", "sim:core.db")
    assert "an embedded Core in this process, new and empty" in said.out
    assert not (work / "core.db").exists()


def test_a_record_of_what_was_applied_that_nobody_can_read(shell: Shell, work: Path, ask: Asker) -> None:
    write(work, {"komodo-sync.yaml": "owner: me\n", "m.yaml": "stacks: [{name: a}]\n"})
    ask.write("CreateVariable", name="KOMODO_SYNC_APPLIED_me", value="garbled", description="", is_secret=False)
    found = doctor(shell)["applied"]
    assert (found["verdict"], "no commit that can be read" in found["message"]) == ("warning", True)
    assert "that writes it anew" in str(found)


def test_nothing_at_all_is_there(shell: Shell, work: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("KOMODO_CLI_HOST", raising=False)
    said = shell("doctor")
    assert said.code == 1
    assert "no Core is named" in said.out
    assert "1 of 12 checks failed." in said.out
    found = doctor(shell)
    assert verdicts(found, "ok") == {"settings"}
    assert verdicts(found, "failed") == {"host"}


def test_a_core_is_looked_at_also_without_a_key(
    shell: Shell, core: EmbeddedCore, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("KOMODO_CLI_KEY")
    found = doctor(shell)
    assert "Komodo 2.3.2" in found["version"]["message"]
    assert "there is no API key" in found["credentials"]["message"]
    assert verdicts(found, "failed") == {"credentials"}
    assert "GET /user" not in core.requests


def test_a_wrong_key_is_tried_once(shell: Shell, core: EmbeddedCore) -> None:
    for _ in range(2):
        found = doctor(shell, "--secret", "S_wrong")
        assert found["credentials"]["verdict"] == "failed"
        assert "the key is from KOMODO_CLI_KEY, its secret from --secret" in found["credentials"]["message"]
        assert "attempts remaining" in found["credentials"]["message"]
        assert "S_wrong" not in str(found)
    assert doctor(shell)["credentials"]["verdict"] == "ok", "two tries lock nobody out"


def test_a_disabled_user(shell: Shell, core: EmbeddedCore, ask: Asker) -> None:
    user = ask.http.get("/user").json()
    core.state.storage.put("User", user["_id"]["$oid"], user["username"], user | {"enabled": False})
    found = doctor(shell)
    assert found["credentials"]["message"] == "the user admin is disabled"


@pytest.mark.parametrize(
    ("fault", "topic", "words"),
    [
        ("*=html", "version", "is no Komodo Core, or something in front of it answers instead"),
        ("version=1.19.5", "version", "is Komodo 1.19.5, which is too old"),
        ("GET /user=429", "credentials", "locked this address out"),
        ("ListFullStacks=500", "kinds", "ListFullStacks"),
        ("ListFullServers=html", "kinds", "it sent a web page"),
        ("GET /user=empty", "credentials", "JSON that ends too early or is none"),
    ],
)
def test_what_is_wrong_with_a_core_is_one_failure(
    shell: Shell, core: EmbeddedCore, fault: str, topic: str, words: str
) -> None:
    core.faults.add(fault)
    found = doctor(shell)
    assert verdicts(found, "failed") == {topic}
    assert words in found[topic]["message"]
    assert "see to what failed above" in found["lock"]["cure"]


def test_a_core_that_says_nothing_of_itself_is_well_all_the_same(shell: Shell, core: EmbeddedCore) -> None:
    core.faults.add("GetCoreInfo=500")
    assert verdicts(doctor(shell), "failed") == set()


def test_a_core_newer_than_what_is_known(shell: Shell, core: EmbeddedCore) -> None:
    core.faults.add("version=3.0.0")
    found = doctor(shell)
    assert verdicts(found, "warning") == {"version"}
    assert "look for a newer komodo-sync" in found["version"]["cure"]


def test_somebody_who_is_no_admin(shell: Shell, core: EmbeddedCore, ask: Asker) -> None:
    ask.write("CreateServiceUser", username="ci", description="")
    key = ask.write(
        "CreateApiKeyForServiceUser", user_id=ask.read("FindUser", user="ci")["_id"]["$oid"], name="k", expires=0
    )
    found = doctor(shell, "--key", key["key"], "--secret", key["secret"])
    assert verdicts(found, "failed") == set()
    told = found["role"]["message"]
    assert "ci is no admin" in told
    assert "may create" in told
    assert "servers" not in told.partition(";")[0]
    assert "user groups, accounts and the lock of an apply are for admins alone" in told
    assert "not shown to this key: git accounts" in found["kinds"]["message"]


def test_pages(shell: Shell, core: EmbeddedCore, ask: Asker) -> None:
    for number in range(60):
        ask.write("CreateStack", name=f"s{number}", config={})
    assert doctor(shell)["paging"]["message"] == "`limit: 0` answers everything: 60 stacks (its own page: 50)"
    real = core.app

    def proxied(environ: Any, start_response: Any) -> Any:
        import io

        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)).replace(b'"limit":0', b'"limit":50')
        return real({**environ, "wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(len(body))}, start_response)

    core_host = Host()
    try:
        core_host.app = proxied
        found = doctor(shell, "--url", core_host.url)
    finally:
        core_host.stop()
    assert found["paging"]["message"].startswith("`limit: 0` answered 50 stacks, and there are more")


def test_locks_and_owners(shell: Shell, work: Path, core: EmbeddedCore, ask: Asker) -> None:
    write(work, {"komodo-sync.yaml": "owner: me\n", "m.yaml": "stacks: [{name: a}]\n"})
    shell.good("apply", "--yes", "--owner", "you")
    hold(ask, ELSEWHERE)
    found = doctor(shell)
    assert "held by process 4711 on runner-7" in found["lock"]["message"]
    assert "komodo-sync unlock" in found["lock"]["cure"]
    assert found["owners"]["message"].startswith("you 1; nothing carries the tag of me")
    assert doctor(shell, "--owner", "you")["lock"]["verdict"] == "ok"
    write(work, {"komodo-sync.yaml": "prune: false\n"})
    assert doctor(shell)["lock"]["cure"].endswith("komodo-sync unlock --owner NAME")
    write(work, {"komodo-sync.yaml": "owner: me\n"})
    ask.write("DeleteVariable", name="KOMODO_SYNC_LOCK_me")
    hold(ask, gone(work))
    assert "takes it over" in doctor(shell)["lock"]["cure"]


def test_settings_that_are_wrong(shell: Shell, work: Path, core: EmbeddedCore) -> None:
    write(work, {"komodo-sync.yaml": "ovner: me\n"})
    found = doctor(shell)
    assert verdicts(found, "failed") == {"settings"}
    assert "komodo-sync.yaml:1:1" in found["settings"]["message"]
    assert "owner" in found["settings"]["cure"]
    write(work, {"komodo-sync.yaml": "core: {url: https://other.example}\n"})
    found = doctor(shell)
    assert verdicts(found, "failed") == {"host"}
    assert "the settings are for https://other.example" in found["host"]["message"]
    assert doctor(shell, "--target", "prod")["settings"]["verdict"] == "failed"


def test_a_host_that_is_none(shell: Shell) -> None:
    found = doctor(shell, "--url", "http://127.0.0.1:1", "--key", KEY, "--secret", SECRET)
    assert verdicts(found, "failed") == {"host"}
    assert "cannot be reached" in found["host"]["message"]


def examined(host: Host, **more: Any) -> dict[str, Check]:
    environment = {"KOMODO_CLI_HOST": host.url, "KOMODO_CLI_KEY": KEY, "KOMODO_CLI_SECRET": SECRET}
    found = examine(Asked(), environment=environment, folder=more.pop("folder"), **more)
    return {check.topic: check for check in found.checks}


@pytest.mark.parametrize("silent", ["GET /version", "GET /user", "ListFullStacks", "GetVariable"])
def test_whoever_says_nothing_is_not_waited_for(core: EmbeddedCore, host: Host, work: Path, silent: str) -> None:
    ends = threading.Event()
    real = core.app

    def app(environ: Any, start_response: Any) -> Any:
        if silent == f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}":
            ends.wait(60)
        return real(environ, start_response)

    class Held(list[str]):
        def append(self, name: str) -> None:
            if name == silent:
                ends.wait(60)
            super().append(name)

    core.app.requests = Held()
    host.app = app
    try:
        found = examined(host, folder=work, patience=0.2)
    finally:
        ends.set()
    failed = [check for check in found.values() if check.verdict is Verdict.FAILED]
    if silent == "GetVariable":
        assert failed == []
    else:
        [check] = failed
        assert "was not answered in 0.2 seconds" in check.told


def test_clocks_that_differ(core: EmbeddedCore, host: Host, work: Path) -> None:
    def at(moved: timedelta) -> Check:
        return examined(host, folder=work, now=lambda: datetime.now(UTC) + moved)["clock"]

    assert at(timedelta()).verdict is Verdict.OK
    ahead = at(timedelta(hours=-3, seconds=-30))
    assert (ahead.verdict, ahead.told) == (Verdict.WARNING, "the Core's clock is 3 hours ahead of this machine's")
    assert at(timedelta(minutes=5, seconds=30)).told == "the Core's clock is 5 minutes behind this machine's"


class Silent(WSGIRequestHandler):
    def log_message(self, *_: Any) -> None:
        """Nothing."""


@contextmanager
def secured(core: EmbeddedCore, certificate: trustme.LeafCert | None) -> Iterator[str]:
    """The Core behind TLS; its port."""
    server = make_server("127.0.0.1", 0, core.app, handler_class=Silent)
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        certificate.configure_cert(context)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    server.handle_error = lambda *_: None
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"https://localhost:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def test_certificates(
    shell: Shell, core: EmbeddedCore, work: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    authority = trustme.CA()
    soon = datetime.now(UTC) + timedelta(days=5, hours=1)
    cases = [
        (authority.issue_cert("localhost"), True, "ok", "the certificate is trusted until", ""),
        (authority.issue_cert("localhost", not_after=soon), True, "warning", "that is in 5 days", "renew it"),
        (authority.issue_cert("localhost"), False, "failed", "no trusted connection", "SSL_CERT_FILE"),
        (
            authority.issue_cert("other.example"),
            True,
            "failed",
            "localhost",
            "use the name that the certificate is for",
        ),
        (
            authority.issue_cert("localhost", not_before=soon - timedelta(90), not_after=soon - timedelta(60)),
            True,
            "failed",
            "expired",
            "renew the certificate",
        ),
    ]
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    for certificate, trusted, verdict, told, cure in cases:
        if trusted:
            monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
        else:
            monkeypatch.delenv("SSL_CERT_FILE", raising=False)
        with secured(core, certificate) as url:
            found = doctor(shell, "--url", url)
        assert found["tls"]["verdict"] == verdict, found["tls"]
        assert told in found["tls"]["message"]
        assert cure in found["tls"]["cure"]
        assert (found["host"]["verdict"], found["credentials"]["verdict"] == "ok") == ("ok", verdict != "failed")


def test_a_port_without_tls(shell: Shell, core: EmbeddedCore) -> None:
    with secured(core, None) as url:
        found = doctor(shell, "--url", url)
    assert found["tls"]["verdict"] == "failed", found
    assert "write http://" in found["tls"]["cure"]


def test_a_port_that_speaks_https_alone(shell: Shell, core: EmbeddedCore, host: Host) -> None:
    """Some break the connection off, and proxies say what is wrong."""
    with secured(core, trustme.CA().issue_cert("localhost")) as url:
        found = doctor(shell, "--url", url.replace("https:", "http:"))
        assert verdicts(found, "failed") == {"host"}
        assert "https://" in found["host"]["cure"]

    def proxy(_: Any, start_response: Any) -> list[bytes]:
        start_response("400 Bad Request", [("Content-Type", "text/html")])
        return [b"<html><body>The plain HTTP request was sent to HTTPS port</body></html>"]

    host.app = proxy
    found = doctor(shell)
    assert "speaks https" in str(found)
    assert "write https:// in the URL" in str(found)


def test_plain_http_over_a_network_is_warned_of() -> None:
    from komodo_sync.checkup.network import tls
    from komodo_sync.model.sealed import Sealed
    from komodo_sync.settings import Connection

    def at(url: str) -> Check:
        return tls(Connection(url, Sealed(""), Sealed(""), "--url"), None, datetime.now(UTC))

    assert at("http://komodo.example.com").verdict is Verdict.WARNING
    for url in ("http://localhost:9120", "http://127.0.0.1:9120", "http://[::1]:9120", "https://komodo.example.com"):
        assert at(url).verdict is Verdict.OK


def test_a_file_that_is_no_core(shell: Shell, work: Path) -> None:
    write(work, {"core.db": "this is no database, and it is long enough to be read as one" * 20})
    found = doctor(shell, "--url", "sim:core.db")
    assert verdicts(found, "failed") == {"host"}


def test_reports_and_more_words(shell: Shell, core: EmbeddedCore, work: Path) -> None:
    said = shell.good("doctor", "-vv", "--report", "json=out.json", "--report", "text=out.txt")
    assert "GetCoreInfo: 200" in said.err
    assert (work / "out.txt").read_text() == said.out
    assert (KEY in said.all, SECRET in said.all) == (False, False)
    assert entry.DEFECT == 70


@pytest.mark.parametrize(
    ("name", "value"), [("HTTPS_PROXY", "htp://x"), ("NO_PROXY", "[::1"), ("SSL_CERT_FILE", "/nonexistent")]
)
def test_a_setting_of_the_network_that_cannot_be_used(
    shell: Shell, work: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    place = ("--url", "https://core.invalid", "--key", "k", "--secret", "s")
    said = shell("doctor", *place)
    assert said.code == 1
    assert [line for line in said.out.splitlines() if name in line]
    assert "unset it" in said.out
    said = shell("call", "read", "GetVersion", *place)
    assert said.code == 1
    assert name in said.err
