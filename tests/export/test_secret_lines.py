"""Which lines of an environment are written without their value."""

from __future__ import annotations

import pytest
from awkward import AWKWARD, LINES, left_of
from planning_worlds import live, observed

from komodo_sync.export import export
from komodo_sync.export.pairs import NOTHING, Told, pairs_tree, without_secrets
from komodo_sync.kinds import KINDS
from komodo_sync.kinds.shapes import PairsShape
from komodo_sync.masking.suspects import suspects
from komodo_sync.model.known import Known


@pytest.mark.parametrize(
    "line",
    [
        "# Console enrolment key (free tier \u2014 get one at https://app.example.net/).",
        "// the token is explained at https://example.net/tokens",
        "# LOG_LEVEL=debug",
        "DB_PASSWORD=[[DB_PASSWORD]]",
    ],
)
def test_a_line_without_a_secret_stays(line: str) -> None:
    assert without_secrets(line, lambda key: f"<{key}>") == [line]


@pytest.mark.parametrize(
    "line",
    [
        "DB_PASSWORD=hunter2hunter2",
        "# DB_PASSWORD=hunter2hunter2",
        "# the password: hunter2hunter2",
        "# password https://me:hunter2hunter2@example.net/",
        "# token https://example.net/?t=hunter2hunter2",
        "# token at https://example.net/ is: hunter2hunter2",
        "# API_TOKEN_HTTPS=hunter2hunter2",
        "# was: DB_PASSWORD=hunter2hunter2",
        "# was: DB_PASSWORD='hunter2hunter2' # until May",
        "JAVA_OPTS=-Xmx1g -Dpassword=hunter2hunter2",
        'CHECK="redis-cli -a hunter2hunter2 ping"',
    ],
)
def test_a_secret_goes_also_out_of_a_comment(line: str) -> None:
    [written] = without_secrets(line, lambda key: f"<{key}>")
    assert "hunter2hunter2" not in written


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("secrets:\n  a:\n    content: hunter2", [3]),
        ("services: {}\nsecrets: {a: {content: hunter2}}\nconfigs:\n  b:\n    content: hello", [2]),
        ("secrets:\n  a:\n    content: |\n      hunter2\n      x\nconfigs:\n  b:\n    content: hello", [4]),
        ("secrets:\n  a: {file: ./a}\n  b: {environment: B}", []),
        ("DB_PASSWORD: ${PW:-hunter2}", [1]),
        ("DB_PASSWORD: ${PW:-}", []),
        ("DB_PASSWORD: ${PW:?is to be set}", []),
        ("DB_PASSWORD: ${env:PW:-}", []),
        ("DB_PASSWORD: $PW", []),
        ("DB_PASSWORD: $(cat /run/secrets/db)", []),
        ("DB_PASSWORD: /run/secrets/db", []),
        ("DB_PASSWORD: ${env:PW}", []),
        ("webhook_secret: !file secrets/hook", []),
        ("volumes:\n  - keys:/config/keys", []),
        ("secret_args: |\n  # what for\n  A=${env:A}\n  B=[[B]]", []),
        ("x: |\n  -----BEGIN PRIVATE KEY-----\n  hunter2\n  hunter2\n  -----END PRIVATE KEY-----", [2]),
        ("# was: DB_PASSWORD=hunter2", [1]),
        ("test: mysqladmin ping -uroot -phunter2", [1]),
        ('test: ["CMD", "mysql", "-uroot", "-p\'hunter2\'"]', [1]),
        ("command: redis-cli -a hunter2 ping", [1]),
        ('command: ["--redis.addr", "redis:6379", "--redis.password", "hunter2"]', [1]),
        ("command:\n  - -redis.password\n  - hunter2\n  - -web.auth.port\n  - 80", [3]),
        ("command: curl -u me:hunter2 http://db", [1]),
        ("command: sshpass -p hunter2 ssh db", [1]),
        ("command: docker login -u me -p hunter2", [1]),
        ("command: htpasswd -nb me hunter2", [1]),
        ("arguments: token = 'hunter2'", [1]),
        ('arguments: \'{"token": "hunter2"}\'', [1]),
        ("extra_args:\n  - --requirepass\n  - hunter2\n  - --env=APP_SECRET=hunter2", [3, 4]),
        ("extra_args: [--env=APP_SECRET=hunter2]", [1]),
        ('[[variable]]\nname = "A"\nvalue = "hunter2"\nis_secret = true', [3]),
        ('contents: |\n  [[variable]]\n  value = "hunter2"\n  is_secret = true', [3]),
    ],
)
def test_a_line_with_a_secret_in_clear_is_told(text: str, lines: list[int]) -> None:
    assert [number for number, _ in suspects(text)] == lines


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("DB_PASSWORD: hunter2", "DB_PASSWORD"),
        ("tls_key: |\n  hunter2", "tls_key"),
        ("command: serve --token hunter2", "token"),
        ("command: mysql -phunter2", "a password, a login or a token"),
        ("url: https://me:hunter2@db", "a password, a login or a token"),
    ],
)
def test_it_is_told_which_name_promises_a_secret(text: str, name: str) -> None:
    assert [told for _, told in suspects(text)] == [name]


def test_what_is_left_of_a_line_stays_as_it_is() -> None:
    line = "OPTS=--a $A --password hunter2 --b '${env:X}'"
    assert without_secrets(line, lambda key: f"<{key}>") == ["OPTS=--a $A --password <password> --b '$${env:X}'"]


def test_where_a_volume_is_mounted_is_no_secret_whatever_the_volume_is_called() -> None:
    shape = KINDS["deployment"].fields()["volumes"].shape
    assert isinstance(shape, PairsShape)
    text = "keys: /config/keys\ntoken: /x/Y:ro\n"
    assert pairs_tree(shape, text, lambda key: f"<{key}>", NOTHING) == {"keys": "/config/keys", "token": "/x/Y:ro"}
    assert pairs_tree(shape, "token: hunter2\n", lambda key: f"<{key}>", NOTHING) == {"token": "<token>"}
    assert pairs_tree(shape, "token: /x\n", lambda key: f"<{key}>", Told(secret=["token"])) == {"token": "<token>"}


def test_what_is_told_in_a_plan_whatever_its_name_is_exported() -> None:
    assert without_secrets("TOKEN=/config/token", lambda key: f"<{key}>") == ["TOKEN=/config/token"]
    assert without_secrets("TOKEN=/Hunter/2", lambda key: f"<{key}>") == ["TOKEN=<TOKEN>"]


@pytest.mark.parametrize("secret", AWKWARD)
def test_no_piece_of_what_is_known_is_left_beside_a_guess(secret: str) -> None:
    for line in LINES:
        text = line.format(secret)
        one = text.replace("\n", " ")
        for config in (
            {"file_contents": f"services:\n  a:\n    image: b\n    {text}\n", "extra_args": ["a", text]},
            {"pre_deploy": {"path": "", "command": text}},
            {"environment": f"A=1\nNOTE=a {one}\n# a {one}\n"},
        ):
            world = observed(live("stack/web", config))
            files = export(world, world.resources, known=Known([secret])).files
            assert not left_of(secret, "".join(files.values())), config
