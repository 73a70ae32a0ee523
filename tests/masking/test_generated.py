"""Passwords as machines make them, in the forms in which a text may hold one: whatever signs are in it, and wherever,
nothing of one is shown."""

from __future__ import annotations

import base64

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from komodo_sync.masking.lines import shown_lines
from komodo_sync.model.sealed import HIDDEN

_LONGEST = 5
"""So much of one says nothing: it may stand in the text anyway."""

URLS = """
D: https://bob:@@host.lan/x
D=redis://:@@redis:6379/0
  D: "postgres://bob:@@pg.lan/x"
  - D=postgres://bob:@@pg.lan/x
  - 'D=postgres://bob:@@pg.lan/x'
environment: {D: "amqp://bob:@@mq.lan", E: x}
D: [https://bob:@@host.lan/x, x]
RUN git clone https://bob:@@host.lan/x
ENV D https://bob:@@host.lan/x
curl "https://bob:@@host.lan/x" && echo x
command: ["serve", "--db", "postgres://bob:@@pg.lan/x"]
upstream = https://bob:@@host.lan
D: bob:@@host.lan
""".strip().splitlines()
"""Without a name that promises a secret. They hold the password, and then an at sign."""
QUOTED = r"""
secret "@";
  secret '@';
admin_token "@"
token '@'
api_key "@"
client_secret "@";
encryption_key "@"
jwt_secret "@";
bot_token "@"
private-key "@";
request_header X-Api-Key "@"
proxy_set_header X-Api-Key "@";
header_up X-Api-Key "@"
password "@"
ENV API_TOKEN "@"
configs:\n  c:\n    content: |\n      key x {\n        algorithm hmac-sha256;\n        secret "@";\n      };
configs:\n  c:\n    content: |\n      api_key '@'
environment:\n  - 'DB_PASSWORD=@'
environment:\n  - "DB_PASSWORD=@"
environment:\n  - "DB_PASSWORD=@"   # mine
environment: ["DB_PASSWORD=@", "X=y"]
environment:\n  DB_PASSWORD: "@"
environment:\n  DB_PASSWORD: '@'
labels:\n  - "my.secret=@"
labels:\n  - "traefik.http.middlewares.x.headers.customrequestheaders.X-Api-Key=@"
labels:\n  my.secret: '@'
DB_PASSWORD="@"
DB_PASSWORD='@'
command:\n  - --requirepass\n  - "@"
command:\n  - "--requirepass"\n  - '@'
command:\n  - redis-cli\n  - -a\n  - "@"\n  - ping
command: [\n  "--requirepass",\n  "@"\n]
command: ["--requirepass", "@"]
- name: DB_PASSWORD\n  value: "@"
""".strip().splitlines()
"""They hold the password in quotes."""
BARE = r"""
secret @;
token @
password=@
password = @
password=@ host=x
DB_PASSWORD=@
  - DB_PASSWORD=@
  DB_PASSWORD: @
command:\n  - --requirepass\n  - @
command:\n  - redis-cli\n  - -a\n  - @\n  - ping
""".strip().splitlines()
"""They hold a password of signs of base64 as it is."""

BEHIND_WORDS = """
foo token "@"
foo --x token '@' --port 1
RUN foo x api_key "@" && echo x
handle { request_header /x X-Api-Key "@" }
""".strip().splitlines()
"""They hold in quotes what ends as base64 does, and then mostly is a password."""

_words = st.sampled_from(("", "Key", "Token", "MyPassword", "xSecret", "Pass", "auth-key"))
_bytes = st.binary(min_size=7, max_size=32)
_ends = st.sampled_from(("", "=", "=="))
_safe = st.builds(
    lambda raw, word, end: word + base64.urlsafe_b64encode(raw).decode().rstrip("=") + end, _bytes, _words, _ends
)
_base64 = st.builds(
    lambda raw, word, end: word + base64.b64encode(raw).decode().rstrip("=") + end, _bytes, _words, _ends
)
_printable = "".join(chr(code) for code in range(0x21, 0x7F) if chr(code) not in "\"'\\`${}[]<>")
_signs = st.builds(
    lambda start, word, rest: start + word + rest,
    st.text(_printable, min_size=1, max_size=3), _words, st.text(_printable, min_size=8, max_size=16),
)  # fmt: skip
_of_urls = "".join(sign for sign in _printable if sign not in "/@")
_logins = st.builds(
    lambda start, word, rest: start + word + rest,
    st.text(_of_urls, min_size=1, max_size=3), _words, st.text(_of_urls, min_size=8, max_size=16),
)  # fmt: skip


def _shown_of(form: str, password: str) -> set[str]:
    """The pieces of a password that a form still shows."""
    text = form.replace("\\n", "\n").replace("@", password, 1)
    told = "\n".join(shown_lines(text.split("\n"))).replace(HIDDEN, "\0")
    plain = form.replace("\\n", "\n")
    pieces = {password[at : at + _LONGEST + 1] for at in range(len(password) - _LONGEST)}
    return {piece for piece in pieces if piece in told and piece not in plain}


@pytest.mark.parametrize("form", URLS)
@given(st.one_of(_safe, _logins))
@settings(max_examples=12)
@example("SuperSecret=")
@example("Hx3MyPassword9=")
@example("KeyLargo=53653*x")
@example("a?MyKey=5365x3")
@example("a;MyKey=5365x3")
@example("80;MyKey=5365x3")
@example("a&MyKey=5365x3&b=")
def test_passwords_in_urls(form: str, password: str) -> None:
    assert not _shown_of(form, password)


@pytest.mark.parametrize("form", QUOTED)
@given(st.one_of(_safe, _base64, _signs))
@settings(max_examples=12)
@example("ab12MyPassword=")
@example("L1mHoOsFaQfDPr==")
@example("#hOb-V&%@gsgY")
@example("#hObVgsgYkey=")
def test_passwords_in_quotes(form: str, password: str) -> None:
    assert not _shown_of(form, password)


@pytest.mark.parametrize("form", BARE)
@given(st.one_of(_safe, _base64))
@settings(max_examples=12)
@example("ab12MyPassword=")
@example("bE6wSt9cbMOeEe=")
def test_passwords_as_they_are(form: str, password: str) -> None:
    assert not _shown_of(form, password)


@pytest.mark.parametrize("form", BEHIND_WORDS)
@given(st.one_of(_safe, _base64))
@settings(max_examples=12)
@example("#hOb-V&%@gsgY")
@example("L1mHoOsFaQfDPr")
def test_passwords_in_quotes_behind_other_words(form: str, password: str) -> None:
    assert not _shown_of(form, password if password[:1] == "#" else password + "=")


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("D: https://bob:xSecret=@git.lan/x?a=b", "D: https://bob:(secret)@git.lan/x?a=b"),
        ("- redis://:Hx3MyPassword9=@redis:6379/0", "- redis://(secret)@redis:6379/0"),
        (
            "D=https://bob:xKey=1@a.lan,https://eva:yKey=2@b.lan",
            "D=https://bob:(secret)@a.lan,https://eva:(secret)@b.lan",
        ),
        (
            "D=amqp://bob:hunter2@a.lan;amqp://eva:hunter3@b.lan",
            "D=amqp://bob:(secret)@a.lan;amqp://eva:(secret)@b.lan",
        ),
        ("D: [https://bob:xKey=1@a.lan, https://c.lan]", "D: [https://bob:(secret)@a.lan, https://c.lan]"),
        ("D=https://bob:xKey=1@a.lan/?token=4711&b=c", "D=https://bob:(secret)@a.lan/?token=(secret)&b=c"),
        ("D: https://a.lan:8080/x?token=4711@y.lan&b=c", "D: https://a.lan:8080/x?token=(secret)&b=c"),
        ("D: https://a.lan:8080?token=4711@y4712", "D: https://a.lan:(secret)"),
        ("D: https://bob:${DB_KEY}@a.lan/?b=c", "D: https://bob:${DB_KEY}@a.lan/?b=c"),
        ("x: Bearer xKey=hunter2", "x: Bearer (secret)"),
        ("stats auth bob:xKey=hunter2", "stats auth bob:(secret)"),
        ("db:5432:app:bob:xKey=hunter2", "db:5432:app:bob:(secret)"),
        ("user default on >xKey=hunter2 ~*", "user default on >(secret) ~*"),
        ("USERS=public|xKey=hunter2", "USERS=public|(secret)"),
        ("https://hooks.slack.com/services/T0/B0/xKey=hunter2", "https://hooks.slack.com/services/(secret)"),
        ('secret "xx4711=="; # mine', "secret (secret); # mine"),
        ('key "rndc-key" {', 'key "rndc-key" {'),
        ('auth_basic "Members only";', 'auth_basic "Members only";'),
        ('ssl_certificate_key "/etc/ssl/x.pem";', 'ssl_certificate_key "/etc/ssl/x.pem";'),
        ('secret "${SECRET}";', 'secret "${SECRET}";'),
        ('the token "lemmings" is an example', 'the token "lemmings" is an example'),
        ("  - DB_PASSWORD= # mine", "  - DB_PASSWORD= # mine"),
        ("  DB_PASSWORD: # mine", "  DB_PASSWORD: # mine"),
        ("  DB_PASSWORD: #mine", "  DB_PASSWORD: #mine"),
        ("password =  # mine", "password =  # mine"),
        ("#DB_PASSWORD=#hunter2", "#DB_PASSWORD=(secret)"),
        ('  - "DB_PASSWORD: #hunter2"', '  - "DB_PASSWORD: (secret)'),
    ],
)
def test_what_stands_beside_is_told(line: str, told: str) -> None:
    assert shown_lines([line]) == [told]


ITEMS = [
    "command:\n  - --token\n  - @\n  - --port\n  - public",
    'command:\n  - "--token"\n  - "@"\nenvironment:\n  - HOST=public',
    "command:\n  - vault\n  - login\n  - @\nx: public",
    'command: [\n  "--token",\n  "@",\n  "public"\n]',
    'args: [\n  "redis-cli", "-a",\n  "@",\n  "public"\n]',
]
VALUES = ["xKey=hunter2", "xKey=", "xKey:hunter2", "xKey==", "-xKey=hunter2", "#xKey=hunter2"]


@pytest.mark.parametrize(
    ("text", "word"),
    [(text, word) for text in ITEMS for word in VALUES if '"' in text or word[0] not in "-#"],
)
def test_an_item_behind_an_option_is_its_value(text: str, word: str) -> None:
    seen = "\n".join(shown_lines(text.replace("@", word).split("\n")))
    assert "hunter2" not in seen
    assert "Key" not in seen
    assert "public" in seen


@pytest.mark.parametrize("between", ["", "  # mine", "  # redis-cli -a hunter2"])
@pytest.mark.parametrize("option", ["- --token", "- redis-cli\n  - -a", "- vault\n  - login"])
@pytest.mark.parametrize("word", ["hunter2", "xKey=hunter2"])
def test_a_blank_line_or_a_comment_between_changes_nothing(option: str, between: str, word: str) -> None:
    text = f'command:\n  {option}\n{between}\n  - "{word}"\n  - public\nx: public'
    seen = "\n".join(shown_lines(text.split("\n")))
    assert "hunter2" not in seen
    assert "Key" not in seen
    assert seen.count("public") == 2
