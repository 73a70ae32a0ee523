"""No source line shows a secret's value."""

# ruff: noqa: E501  one line a case
from __future__ import annotations

import pytest

from komodo_sync.model.sealed import HIDDEN
from komodo_sync.model.secrecy import looks_secret
from komodo_sync.source.codes import Code
from komodo_sync.source.masking import masked_line, secret_lines
from komodo_sync.source.text import Source


@pytest.mark.parametrize(
    "name",
    ["password", "DB_PASSWORD", "dbPassword", "API_KEY", "apikey", "TOKEN", "webhook_secret", "CLIENT_SECRET", "passkey",
     "AWS_SECRET_ACCESS_KEY", "auth", "PGPASSWORD", "mytoken"],
)  # fmt: skip
def test_names_that_promise_a_secret(name: str) -> None:
    assert looks_secret(name)


@pytest.mark.parametrize(
    "name",
    ["PORT", "server", "monkey", "is_secret", "skip_secret_interp", "TOKENIZER", "keyboard", "name", "passenger"],
)
def test_names_that_do_not(name: str) -> None:
    assert not looks_secret(name)


SECRET = "hunter2"
LINES = [
    f"password: {SECRET}",
    f"  - password: {SECRET}",
    f"password = '{SECRET}'",
    f"env: {{TOKEN: {SECRET}, PORT: 1}}",
    f"{{ password: {SECRET} }}",
    f'"api_key": "{SECRET} x"',
    f'auth.token = "{SECRET}"',
    f"TOKEN={SECRET}",
    f"command: run --password {SECRET} --port 80",
    f"command: run --redis.password {SECRET} --port 80",
    f"extra_args: [--token, x, '--api-key {SECRET}']",
    f"secrets:\n  - {SECRET}",
    f"secrets:\n- {SECRET}",
    f"password: >\n  first\n  {SECRET}",
    f"secret_args:\n  ONE: a\n  TWO: {SECRET}",
    f"secret_args: |\n  ONE={SECRET}",
    f"tokn: {SECRET}",
    f"{{domain: a.b, webhok_secrt: {SECRET}}}",
    f"DB_PASWORD: {SECRET}",
]


@pytest.mark.parametrize("key", ["is_secret", "TOKENIZER", "TAKEN", "volumes", "image", "seconds", "path"])
def test_it_shows_what_only_sounds_alike(key: str) -> None:
    assert masked_line(f"{key}: plain-value", column=1, hidden=False, secret=False) == f"{key}: plain-value"


@pytest.mark.parametrize("text", LINES)
def test_the_excerpt_hides_the_value(text: str) -> None:
    source = Source("f.yaml", text)
    line = len(source.lines)
    for column in range(1, len(source.lines[-1]) + 2):
        found = source.diagnostic(Code.UNKNOWN_KEY, "x", line, column)
        assert SECRET not in found.excerpt


def test_what_is_not_secret_is_shown() -> None:
    source = Source(
        "f.yaml", "secrets:\n  a: 1\nstacks:\n  - name: web\n    config: {server: prod, token: abc, repo: r}\n"
    )
    assert source.diagnostic(Code.UNKNOWN_KEY, "x", 4, 5).excerpt == "  - name: web"
    shown = source.diagnostic(Code.UNKNOWN_KEY, "x", 5, 14).excerpt
    assert shown == "    config: {server: prod, token: (secret), repo: r}"


def test_a_secret_resource_shows_no_value_at_all() -> None:
    source = Source("f.yaml", f"- {{name: A, value: {SECRET}, is_secret: true}}\n")
    assert SECRET not in source.diagnostic(Code.UNKNOWN_KEY, "x", 1, 4, secret=True).excerpt


def test_a_variables_value_is_not_shown_in_an_excerpt() -> None:
    shown = masked_line("variables: [{name: A-B, value: canary}]", column=20, hidden=False, secret=False)
    assert shown == f"variables: [{{name: A-B, value: {HIDDEN}]"
    assert list(secret_lines(["variables:", "- name: A", "  value: |", "    canary", "  color: x"])) == [0, 0, 0, 1, 0]


@pytest.mark.parametrize("key", ["valu", "vlaue", "values", "Value"])
def test_nor_where_its_key_is_misspelt(key: str) -> None:
    line = f"variables: [{{name: X_TOKEN, {key}: brokenCANARY}}]"
    assert "CANARY" not in masked_line(line, column=1, hidden=False, secret=False)


def test_a_login_in_a_url_is_not_shown_in_an_excerpt() -> None:
    line = "core: {url: 'https://me:canary@x.example.com', to: y}"
    assert masked_line(line, column=13, hidden=False, secret=False) == (
        f"core: {{url: 'https://{HIDDEN}@x.example.com', to: y}}"
    )
    assert masked_line(line, column=48, hidden=False, secret=False) == f"core: {{url: 'https://{HIDDEN}"


def test_the_address_of_a_webhook_is_not_shown_under_any_key() -> None:
    line = "{uri: 'https://hooks.slack.com/services/T0', links: [https://x/a,http://y], on: maybe}"
    shown = "{uri: 'https://hooks.slack.com/***********', links: [https://x/*,http://y], on: maybe}"
    assert masked_line(line, column=77, hidden=False, secret=False) == shown
    assert list(secret_lines(["params:", "  user_data: |", "    canary", "  port: x"])) == [0, 0, 1, 0]


def test_a_line_ends_at_a_hidden_value_that_a_caret_would_stand_behind() -> None:
    line = "  env: {token: a, repo: [canary]}"
    assert masked_line(line, column=19, hidden=False, secret=False) == f"  env: {{token: {HIDDEN}"
    assert masked_line(line, column=8, hidden=False, secret=False) == f"  env: {{token: {HIDDEN}, repo: [canary]}}"
    assert masked_line("   canary", column=6, hidden=True, secret=False) == f"   {HIDDEN}"


@pytest.mark.parametrize("piece", ["x", "a:", '"', "a ", "//", "a-b.", "https://", "https://a/"])
def test_a_line_as_long_as_a_file_is_masked_at_once(piece: str) -> None:
    line = f"token: s {piece * 100_000}"
    assert masked_line(line, column=1, hidden=False, secret=False) == f"token: {HIDDEN}"
    assert masked_line(f"b {piece * 100_000}", column=1, hidden=False, secret=False)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("comand: mysql -phunter2 -u me", "comand: mysql -p******* -u me"),
        ("comand: docker login -u me -p hunter2 ghcr.io", "comand: docker login -u me -p ******* ghcr.io"),
        (
            "x: {comand: echo hunter2 | docker login --password-stdin}",
            "x: {comand: echo ******* | docker login --password-stdin}",
        ),
        ("command:\n- vault\n- login\n- hunter2", "- *******"),
        ("TOKEN: hunter2 # why", "TOKEN: (secret)"),
        ("command: mysql -p$PASSWORD -u me", "command: mysql -p$PASSWORD -u me"),
        ("command: docker login -u me ghcr.io", "command: docker login -u me ghcr.io"),
    ],
)
def test_the_password_that_a_command_takes_is_no_part_of_a_line(text: str, told: str) -> None:
    source = Source("x.yaml", text)
    assert source.excerpt(len(source.lines), 1) == told


@pytest.mark.parametrize(
    ("message", "told"),
    [
        ("`https://u:hunter2@h` is no address", "`https://u:(secret)@h` is no address"),
        ("`token=hunter2` is no address", "`token=(secret)` is no address"),
        ("`token: hunter2 hunter2` is no field", "`token: (secret)` is no field"),
        ("no manifest declares server/https://u:hunter2@h", "no manifest declares server/https://u:(secret)@h"),
        ("no manifest declares server/token=hunter2", "no manifest declares server/token=(secret)"),
        ("unknown key `tokne`", "unknown key `tokne`"),
        ("token: a text, not a list", "token: a text, not a list"),
        ("write `TOKEN=${env:TOKEN}`", "write `TOKEN=${env:TOKEN}`"),
        ("see https://komo.do/docs?a=b", "see https://komo.do/docs?a=b"),
    ],
)
def test_what_a_message_quotes_is_told_without_its_secrets(message: str, told: str) -> None:
    source = Source("f.yaml", "a: 1")
    assert source.diagnostic(Code.BAD_ADDRESS, message, 1, 1).message == told
    assert source.diagnostic(Code.BAD_ADDRESS, "x", 1, 1, help=message).help == told


def test_an_entry_of_an_account_is_told_where_it_is_no_secret() -> None:
    line = "git_accounts: [{domain: github.com, username: me}]"
    assert masked_line(line, column=1, hidden=False, secret=False) == line
    assert list(secret_lines(["git_accounts:", "- domain: x", "  username: y"])) == [0, 0, 0]


def test_a_message_quotes_nothing_of_what_its_line_does_not_show() -> None:
    source = Source("f.yaml", "password: sommerregen\nbranch: main\n")
    told = source.diagnostic(Code.UNKNOWN_VALUE, "it cannot be `sommerregen`", 1, 11, help="is it `sommer…`, or `a`?")
    assert (told.message, told.help) == ("it cannot be `(secret)`", "is it `(secret)`, or `a`?")
    assert source.diagnostic(Code.UNKNOWN_VALUE, "it cannot be `main`", 2, 9).message == "it cannot be `main`"
    assert source.diagnostic(Code.UNKNOWN_KEY, "unknown key `password`", 1, 1).message == "unknown key `password`"


def test_the_name_by_which_a_secret_is_taken_is_told() -> None:
    source = Source("f.yaml", "password: ${var:REGEN}\n")
    assert source.diagnostic(Code.UNKNOWN_VAR, "there is no var `REGEN`", 1, 11).message.endswith("`REGEN`")


@pytest.mark.parametrize(
    "text",
    [
        "webhook_secret: [Sommer2024Regen]\nwebhook_enabled: Sommer2024Regen",
        "{webhook_secret: 'a Sommer2024Regen', webhook_enabled: x}\nb: x Sommer2024Regen",
        "secret_args:\n  ONE: Sommer2024Regen\nx: https://me/Sommer2024Regen",
        "token: |\n  a\n  Sommer2024Regen\nb: Sommer2024Regen # c",
        "token = 'Sommer2024Regen'\nb = Sommer2024Regen",
    ],
)
def test_a_secret_of_one_field_is_not_shown_in_another_one(text: str) -> None:
    source = Source("f.yaml", text)
    last = len(source.lines)
    told = source.diagnostic(Code.UNKNOWN_KEY, "not Sommer2024Regen", last, 1, help="not `Sommer2024Regen`")
    assert "2024" not in told.message + told.help + told.excerpt
    key = source.lines[-1].split()[0]
    assert told.excerpt.startswith(key)
    assert "*" * len("Sommer2024Regen") in told.excerpt


def test_a_word_that_merely_stands_behind_such_a_name_is_shown_elsewhere() -> None:
    text = "a_token: [[DB_PASSWORD]]\nb_token: ${env:WEB_TOKEN}\nc_key: /run/secrets/key\nauth_url: auth.example.com\nd: main-x"
    source = Source("f.yaml", f"{text}\nDB_PASSWORD, WEB_TOKEN, auth.example.com, main-x")
    assert source.excerpt(6, 1) == source.lines[5]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (
            'build_extra_args: ["--build-arg NPM_TOKEN=Sommer2024Regen", "--build-arg=VER=91.43.521"]',
            'build_extra_args: ["--build-arg NPM_TOKEN=(secret), "--build-arg=VER=91.43.521"]',
        ),
        ('secret_args: {DB_PASSWORD: Sommer2024Regen, LEVEL_OF_LOG: "x"}', "secret_args: (secret)"),
    ],
)
def test_a_name_or_an_option_beside_a_secret_is_no_secret(line: str, told: str) -> None:
    source = Source("f.yaml", f"{line}\ny: --build-arg DB_PASSWORD LEVEL_OF_LOG VER NPM_TOKEN\nx: Sommer2024Regen")
    assert source.excerpt(1, 1).startswith(told)
    assert source.excerpt(2, 1) == source.lines[1]
    assert "Sommer" not in source.excerpt(1, 1) + source.excerpt(3, 1)


def test_what_stands_behind_a_secret_on_its_line_is_named_where_it_is_shown() -> None:
    line = 'config: {pre_deploy: {command: "echo hunter2 | docker login -u x --password-stdin", foo: 1}}'
    source = Source("m.yaml", line + "\n")
    column = line.index("foo") + 1
    said = source.diagnostic(Code.UNKNOWN_KEY, "unknown key `foo`", 1, column)
    assert said.message == "unknown key `foo`"
    assert "hunter2" not in said.excerpt
    hidden = source.diagnostic(Code.UNKNOWN_KEY, "unknown key `hunter2`", 1, line.index("hunter2") + 1)
    assert "hunter2" not in hidden.message + hidden.excerpt


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('- {name: X, value: "a, fooo: hunter2", bar: 2}', "- {name: X, value: (secret), bar: 2}"),
        ("- {name: X, value: 'it''s, fooo: hunter2', bar: 2}", "- {name: X, value: (secret), bar: 2}"),
        ('- {name: X, value: "a\\", fooo: hunter2", bar: 2}', "- {name: X, value: (secret), bar: 2}"),
        ('- {name: X, value: "a, fooo: hunter2', "- {name: X, value: (secret)"),
        (
            '{"variables":[{"name":"X","value":"hunter2","is_secret":true}]}',
            '{"variables":[{"name":"X","value":(secret)',
        ),
        ("\"webhook_secret\":'hunter2'", '"webhook_secret":(secret)'),
    ],
)
def test_a_quoted_value_is_hidden_to_its_end_and_behind_a_quoted_key_without_a_blank(line: str, told: str) -> None:
    shown = masked_line(line, column=1, hidden=False, secret=False)
    assert "hunter2" not in shown
    assert shown.startswith(told)


def test_a_field_is_called_by_its_name_where_it_stands_behind_a_secret() -> None:
    source = Source("f.yaml", "{webhook_secret: Sommer2024Regen, file_contents: x}\nfile_contents: Sommer2024Regen")
    assert source.excerpt(2, 1) == f"file_contents: {'*' * len('Sommer2024Regen')}"
    assert source.diagnostic(Code.NULL, "file_contents is null", 1, 35).message == "file_contents is null"
