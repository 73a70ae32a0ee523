"""Secrets as programs of their own syntax are told them, and in rows of an SQL. Every secret is called hunter2."""

from __future__ import annotations

import json

import pytest

from komodo_sync.masking.mask import shown_text

VALUES = ["hunter2", "#hunter2", "hunter2&|;<>", "(hunter2)-=", "hunter2, hunter2 ]", "=hunter2="]
QUOTED = [
    'bob Cleartext-Password := "%s"',
    'bob Cleartext-Password := "%s", Simultaneous-Use := 1\n  Reply-Message = "public"',
    'bob  User-Password += "%s"',
    "PASSWORD ?= '%s'",
    'export DB_PASSWORD ?= "%s"',
    "'passwordsalt' => '%s',",
    "'passwordsalt' => \"%s\", 'dbname' => 'public',",
    "INSERT INTO users (name, password) VALUES ('bob', '%s')",
    "INSERT INTO `users` (`id`, `password`, `x`)\nVALUES\n  (1, '%s', NULL),\n  (2, '%s', 3);\npublic",
    "insert or replace into public (api_token) values ('%s') on conflict do nothing; select 'public'",
    "INSERT IGNORE INTO public.users (\"name\", \"passwordHash\") VALUES (1, crypt('%s', gen_salt('bf'))) -- public",
    "REPLACE INTO users (password) VALUES ('it''s %s')",
    "mysql -e \"INSERT INTO users (name, password) VALUES ('bob', '%s')\" public",
    "INSERT INTO settings (key, value) VALUES ('smtp', '%s')",
    "INSERT INTO users (name, password) VALUES ('%s', 'x', 'y')",
    "INSERT INTO users (id, name, password, note) VALUES (1, 'public', '%s', 'public'), (2, 'public, x', '%s', NULL);",
    "INSERT INTO users (name, pw, x) VALUES (upper('public'), crypt('%s', 'y'), 'public')",
    ': PSK "%s"',
    'public %any : PSK "%s"',
    'bob : EAP "%s" # public',
    ': RSA public.pem "%s"',
    'rocommunity "%s" public',
    'createUser public SHA "%s" AES "%s"',
    'createUser -e 0x01 public SHA-256 "%s" DES',
]
BARE = [
    "PASSWORD ?= %s",
    "PASSWORD := %s",
    "PASSWORD ::= %s",
    "API_TOKEN += %s # public",
    "make PASSWORD:=%s",
    "bob : EAP %s",
    ": PSK %s",
    "rocommunity %s",
    "rwcommunity %s 10.0.0.0/8",
    "rocommunity6 %s",
    "com2sec public default %s",
    "com2sec -Cn x public default %s",
    "trapcommunity %s",
    "createUser public MD5 %s DES %s",
    "createUser public SHA %s",
    "NATS_URL=nats://%s@public",
    "url: nats://%s@public:4222,nats://%s@public:4223",
    "tapo: tapo://%s@public",
    "streams: {front: ['tapo://%s@public', \"vigi://%s@public/public\"]}",
    "- kasa://public:%s@public:19443/https/stream/mixed",
]
SHOWS = """
A ?= b
NAME := public
TOKEN ?= ${TOKEN}
TOKEN ?= $(shell cat x)
LEVEL += info
INSERT INTO users (name, age) VALUES ('bob', 'x')
INSERT INTO users (name, password) VALUES ('bob', '(secret)'), ('eve', '(secret)');
: RSA public.pem
rouser bob priv
createUser bob
url: nats://nats:4222
url: nats://$TOKEN@nats:4222
url: nats://${TOKEN}@nats:4222
front: tapo://${TAPO}@camera
front: tapo://camera/stream
front: rtsp://viewer@camera/stream
if (password := ask()):
a: PSK
""".strip().splitlines()


def around(text: str) -> list[str]:
    """The text, and the same in another one."""
    return [
        text,
        "configs:\n  c:\n    content: |\n" + "".join(f"      {line}\n" for line in text.split("\n")),
        "configs:\n  c:\n    content: " + json.dumps(text),
        "a = '''\n" + text + "\n'''",
    ]


@pytest.mark.parametrize("form", QUOTED)
@pytest.mark.parametrize("value", VALUES)
def test_a_secret_in_quotes_is_hidden_and_the_rest_is_told(form: str, value: str) -> None:
    for text in around(form.replace("%s", value)):
        seen = shown_text(text)
        assert "hunter2" not in seen
        assert "(secret)" in seen
        assert seen.count("public") == text.count("public")
        assert len(seen.split("\n")) == len(text.split("\n"))
        assert "hunter2" not in shown_text(seen)


@pytest.mark.parametrize("form", BARE)
def test_so_is_one_without_quotes(form: str) -> None:
    for value in ("hunter2", "hunter2-=", "%hunter2!", "hunter2#hunter2"):
        for text in around(form.replace("%s", value)):
            seen = shown_text(text)
            assert "hunter2" not in seen
            assert seen.count("public") == text.count("public")


@pytest.mark.parametrize("text", SHOWS)
def test_what_is_no_secret_is_shown(text: str) -> None:
    assert shown_text(text) == text
