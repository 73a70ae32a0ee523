"""A YAML or JSON text inside of another one: what its groups say is shown as it is where the text stands alone, and
every secret in it is hidden. Every one is called hunter2."""

from __future__ import annotations

import json
from textwrap import indent

import pytest

from komodo_sync.masking.lines import judged
from komodo_sync.masking.mask import shown_text

TEXTS = [
    ("basic_auth: {username: prom, password: hunter2}", "basic_auth: {username: prom, password: (secret)}"),
    ("auth: {enabled: true, bob: hunter2}", "auth: {enabled: true, bob: (secret)}"),
    ("auth: {bob: hunter2, eve: hunter2}\nnext: x", "auth: {bob: (secret), eve: (secret)}\nnext: x"),
    ("a:\n  - basic_auth: {username: prom}\n    url: http://x", "a:\n  - basic_auth: {username: prom}\n    url: http://x"),
    ("tokens: {user: hunter2}", "tokens: {user: (secret)}"),
    ("passwords: {bob: hunter2}", "passwords: {bob: (secret)}"),
    ("auth: {image: x, environment: {DB_PASSWORD: hunter2, B: c}}",
     "auth: {image: x, environment: {DB_PASSWORD: (secret), B: c}}"),
    ("auth: {image: x, command: [--token, hunter2]}", "auth: {image: x, command: [--token, (secret)]}"),
    ("auth: {enabled: true,\n  bob: hunter2,\n  host: x}", "auth: {enabled: true,\n  bob: (secret),\n  host: x}"),
    ("auth: {enabled: true, users: [bob, hunter2]}", "auth: {enabled: true, users: [(secret), (secret)]}"),
]  # fmt: skip
JSON = [
    ('{"basic_auth": {"username": "prom", "password": "hunter2"}}',
     '{"basic_auth": {"username": "prom", "password": (secret)}}'),
    ('{\n  "auth": {"enabled": true, "bob": "hunter2"},\n  "x": 1\n}',
     '{\n  "auth": {"enabled": true, "bob": (secret)},\n  "x": 1\n}'),
    ('{\n  "basic_auth": {\n    "username": "prom",\n    "bob": "hunter2"\n  }\n}',
     '{\n  "basic_auth": {\n    "username": "prom",\n    "bob": (secret)\n  }\n}'),
]  # fmt: skip


def block(text: str, head: str) -> str:
    return f"{head}\n{indent(text, '      ')}\nlast: y"


HOLDERS = {
    "alone": lambda text: text,
    "block": lambda text: block(text, "configs:\n  prom:\n    content: |"),
    "block in a block": lambda text: block(block(text, "a:\n  b: |"), "configs:\n  prom:\n    content: |"),
    "five blocks": lambda text: block(block(block(block(block(text, "a: |"), "b: |"), "c: |"), "d: |"), "e: |"),
    "environment": lambda text: block(text, "environment:\n    CFG: |"),
    "item": lambda text: block(text, "x:\n  - a\n  - |"),
    "beside a group": lambda text: block(text, "auth: {image: x}\nx: |"),
    "anchor": lambda text: block(text, "x: &cfg |-"),
    "behind a template": lambda text: "{{ if .x }}\n" + text,
    "block of a template": lambda text: block("{{ if .x }}\n" + text, "x: |"),
    "here document": lambda text: f"cat > /x.yml <<EOF\n{text}\nEOF\nserve --x",
    "here document in a command": lambda text: block(f"cat > /x.yml <<EOF\n{text}\nEOF", "command: |"),
    "TOML": lambda text: f'[[stack]]\nname = "x"\nconfig.file_contents = """\n{text}\n"""\n',
    "TOML, literal": lambda text: f"[[stack]]\nname = 'x'\nconfig.file_contents = '''\n{text}\n'''\n",
    "pairs": lambda text: f"A=b\nCFG='\n{text}\n'\nC=d",
    "template": lambda text: f"const x = `\n{text}\n`;\nawait write(x);",
}
QUOTED = {
    "single quotes": "CFG: '{}'",
    "pair": "environment:\n  - 'CFG={}'",
    "pair in a block": "environment:\n  - |\n    CFG={}",
    "over lines": "x: '\n  {}\n  '",
    "pairs": "A=b\nCFG={}",
}


@pytest.mark.parametrize("holder", HOLDERS.values(), ids=HOLDERS)
@pytest.mark.parametrize(("text", "told"), [*TEXTS, *JSON])
def test_a_text_is_shown_in_another_one_as_it_is_alone(holder, text: str, told: str) -> None:  # type: ignore[no-untyped-def]
    assert shown_text(holder(text)).replace('"(secret)"', "(secret)") == holder(told)
    assert "hunter2" in judged(holder(text)) or "hunter2" not in text


@pytest.mark.parametrize("holder", QUOTED.values(), ids=QUOTED)
@pytest.mark.parametrize(("text", "told"), [each for each in [*TEXTS, *JSON] if "\n" not in each[0]])
def test_so_it_is_in_quotes(holder: str, text: str, told: str) -> None:
    assert shown_text(holder.replace("{}", text)) == holder.replace("{}", told)


@pytest.mark.parametrize("write", [json.dumps, lambda text: json.dumps(text).replace("/", "\\/")])
@pytest.mark.parametrize("head", ["CFG: ", '{"a": ', "x = ", "docker run -e CFG="])
@pytest.mark.parametrize(("text", "told"), [*TEXTS, *JSON])
def test_so_it_is_where_json_writes_it(write, head: str, text: str, told: str) -> None:  # type: ignore[no-untyped-def]
    ends = ("\nlast: ü/x\n", "\nlast: x") if text[0] != "{" else ("", "\n")
    for end in ends:
        assert shown_text(head + write(text + end)).replace('\\"(secret)\\"', "(secret)") == head + write(told + end)
        assert "hunter2" in judged(head + write(text + end)) or "hunter2" not in text


def test_a_json_in_a_json_in_a_json_hides_what_it_has() -> None:
    text = '{"auth": {"mode": "x", "bob": "hunter2"}, "b": "c/d"}'
    told = '{"auth": {"mode": "x", "bob": (secret)}, "b": "c/d"}'
    for _ in range(3):
        text, told = json.dumps({"a": text, "n": 1}), json.dumps({"a": told, "n": 1})
        assert shown_text(text) == told
        assert "hunter2" in judged(text)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("auth: {username: ${U}, password: ${PW}}", "auth: {username: ${U}, password: ${PW}}"),
        ("auth: {username: x, bob: ${PW:-hunter2}}", "auth: {username: x, bob: (secret)}"),
        ("auth: {username: x, bob: a${PW}hunter2, c: 'it''s {'}", "auth: {username: x, bob: (secret), c: (secret)}"),
        ("auth: {username: x, bob: [[PW]]}", "auth: {username: x, bob: [[PW]]}"),
        ('auth: {mode: x, bob: "}hunter2" }', "auth: {mode: x, bob: (secret) }"),
        ("auth: {mode: 'x}', bob: '}hunter2'}", "auth: {mode: 'x}', bob: (secret)}"),
        ("auth: {mode: x, bob: hunter2", "auth: (secret)"),
        ("auth: {mode: x, bob: hunter2]}", "auth: (secret)"),
        ("auth: { user = x, pass = hunter2 }", "auth: { (secret), (secret) }"),
    ],
)
def test_what_is_no_yaml_in_whole_is_read_where_it_has_braces(text: str, told: str) -> None:
    for head in ("{{ if }}\n", "x: |\n  y\n  a = b: c\n  "):
        assert shown_text(head + text) == head + told


@pytest.mark.parametrize(
    "text", ["auth: {image: a, my password hunter2}", "auth: {image: a, hunter2 path}", "auth: {hunter2 token}"]
)
def test_a_key_of_several_words_without_a_value_may_be_the_secret(text: str) -> None:
    assert "hunter2" not in shown_text(text)


def test_what_a_template_takes_from_elsewhere_is_shown() -> None:
    text = '- key: {{ secret "/run/secrets/key.pem" | mindent 10 "|" | msquote }}'
    assert shown_text(text) == text


def test_of_an_action_the_templates_alone_are_read_as_yaml() -> None:
    text = 'const a = { auth: { bob: give("x") } };\nconst b = `\nauth: {mode: x, bob: ${a.b}, eve: hunter2}\n`;'
    told = shown_text(text, "code")
    assert told.startswith('const a = { auth: { bob: give("x") } };\n')
    assert told.endswith("auth: {mode: x, bob: (secret), eve: (secret)}\n`;")
