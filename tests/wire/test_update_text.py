"""What may be shown of an Update's failed stages."""

from __future__ import annotations

import pytest

from komodo_sync.kinds import KINDS
from komodo_sync.model.address import Address
from komodo_sync.model.desired import Desired, DesiredResource
from komodo_sync.model.diagnostic import Span
from komodo_sync.model.known import Known
from komodo_sync.model.sealed import Sealed
from komodo_sync.wire.declared_secrets import declared_texts
from komodo_sync.wire.update_text import LINES, WIDTH, failed_stages, live_secrets, plain_text, sealed_texts


def log(stage: str = "Compose Up", *, stderr: str = "", stdout: str = "", success: bool = False) -> dict[str, object]:
    return {"stage": stage, "stderr": stderr, "stdout": stdout, "success": success}


def said(text: str, *secrets: str) -> str:
    [stage] = failed_stages({"logs": [log(stderr=text)]}, Known(secrets).without)
    return stage.text


def test_failed_stages_alone_are_told_with_their_errors_first() -> None:
    update = {
        "logs": [log("Git pull", success=True), log(stderr="bad", stdout="more"), log("Post Deploy", stdout="out")]
    }
    assert [(stage.name, stage.text) for stage in failed_stages(update, str)] == [
        ("Compose Up", "bad"),
        ("Post Deploy", "out"),
    ]
    assert failed_stages({"logs": None}, str) == ()


def test_markup_and_colours_go() -> None:
    text = '<span style="color: var(--x)">ERROR</span>: \x1b[31mno\x1b[0m such <image>\r\n\tin <b>here</b>'
    assert plain_text(text) == "ERROR: no such <image>\n\tin here"


def test_the_end_is_told_where_there_is_too_much() -> None:
    lines = said("\n".join(f"line {number}" for number in range(40)) + "\n\n").splitlines()
    assert (lines[0], lines[1], lines[-1]) == (f"({40 - LINES} lines before)", f"line {40 - LINES}", "line 39")
    assert said("x" * 1000) == "x" * WIDTH + "..."


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("the value s3cr3t/value is wrong", "the value (secret) is wrong"),
        ("at https://x?y=s3cr3t%2Fvalue", "at https://x?y=(secret)"),
        ('{"a": "s3cr3t/value"}', '{"a": "(secret)"}'),
        ("PASSWORD=whatever and https://me:pw@host", "PASSWORD=(secret) and https://(secret)@host"),
        ("Authorization: Bearer abc.def", "Authorization: (secret) (secret)"),
        ("port 80 of 8080 is true", "port 80 of 8080 is true"),
    ],
)
def test_no_secret_is_told_however_it_is_written(text: str, shown: str) -> None:
    assert said(text, "s3cr3t/value", "80", "8080", "true") == shown


def test_a_secret_of_several_lines_is_hidden_line_by_line() -> None:
    secrets = list(sealed_texts([Sealed("BEGIN\nabcdef\nTOKEN=xyz9\n")]))
    assert said("bad line abcdef, then xyz9", *secrets) == "bad line (secret), then (secret)"


def test_of_lines_whose_public_part_is_known_the_secret_values_alone_are_hidden() -> None:
    environment = Sealed("MODE=production\nPW=hunter22\n", {"MODE": "production", "PW": Sealed("hunter22")})
    assert list(sealed_texts({"environment": environment})) == ["hunter22"]
    assert said("hunter22 in production", *sealed_texts(environment)) == "(secret) in production"


def test_a_secret_in_quotes_is_found_without_them() -> None:
    environment = Sealed("TOKEN='hunter22'\n", {"TOKEN": Sealed("'hunter22'")})
    assert said("no hunter22 here", *sealed_texts({"environment": environment})) == "no (secret) here"


def test_what_the_core_holds_is_hidden_too() -> None:
    raw = {"config": {"environment": "A=one\nB=[[V]]\nC='two words'\n", "webhook_secret": "hook", "branch": "main"}}
    assert live_secrets(KINDS["stack"], raw) == {"one", "two words", "hook"}


def test_declared_texts_are_secret_or_clear() -> None:
    span = Span("m.yaml", 1, 1)
    plain = DesiredResource(Address("stack", "a"), span, {"environment": "MODE=production\nTOKEN=abc\n"})
    mixed = Sealed("REGION=europe\nPW=hunter22\n", {"REGION": "europe", "PW": Sealed("hunter22")})
    sealed = DesiredResource(Address("stack", "b"), span, {"environment": mixed}, description=Sealed("hush-hush"))
    texts = declared_texts(Desired({item.address: item for item in (plain, sealed)}))
    assert texts.secret == {"hunter22", "hush-hush"}
    assert texts.clear == {"production", "europe"}
    assert "hunter22" not in repr(texts)
