"""Lists that are called `secrets`: they hold secrets, but for those of compose's, which hold names. Every secret is
called hunter2."""

from __future__ import annotations

import json

import pytest

from komodo_sync.masking.lines import judged
from komodo_sync.masking.mask import shown_text

VALUES = [
    "hunter2Hunter",
    "hunter2",
    "#&hunter2|;<>",
    "a(hunter2)-=",
    "hunter2, ]",
    "hunter2's",
    "=hunter2=",
    "$hunter2",
]
FORMS = [
    "http_headers:\n  X-Api-Key: {secrets: [%s]}",
    "http_headers:\n  X-Api-Key:\n    secrets: [%s, %s]",
    "http_headers:\n  X-Api-Key:\n    values: [public]\n    secrets:\n      - %s\n      - %s # why\n  Accept: public",
    "secrets:\n- %s\nnext: public",
    "secrets:\n  # why\n  - %s\n\n  - %s\nnext: public",
    "'secrets': [\n  %s,\n  %s\n]\nnext: public",
    "a:\n  - secrets: [%s]\n  - secrets:\n      - %s",
    "secrets: &s [%s]\nother: *s",
    "secrets: !override [%s]",
    "secrets: %s",
    "secrets:\n  db: [%s]",
    '{"a": {"secrets": [%s]}, "b": "public"}',
    "services:\n  web:\n    config:\n      secrets: [%s]",
    "secrets = [%s]",
    "[a]\nsecrets = [\n  %s, # why\n  %s\n]\nb = 'public'",
    "[a]\nsecrets = %s",
    "{{ if a }}\nsecrets: [%s]\nb: public",
    "{{ if a }}\na:\n  secrets:\n    - %s\n    - %s\n  b: public",
    "%% a\nx:\n  secrets:\n  - %s\n  b: public",
]
NAMES = [
    "services:\n  web:\n    image: x\n    secrets: [db, Db2Password]\n    build:\n      secrets: [db]",
    (
        "services:\n  web:\n    secrets:\n      - db_password\n      - source: db\n        target: y\n    build:\n"
        "      context: .\n      secrets:\n      - db\n"
    ),
    "services: {web: {image: x, secrets: [db, 'c']}}",
    '{"services": {"web": {"image": "x", "secrets": ["db"], "build": {"secrets": ["db"]}}}}',
    "services:\n  web:\n    secrets: !override\n      - db",
    "x-base: &base {image: x, secrets: [db]}\nservices:\n  web:\n    <<: *base",
    "x-base:\n  secrets: [Db2Password]\nsecrets:\n  Db2Password:\n    file: a",
    "services:\n  web:\n    secrets: [db]\nsecrets:\n  db:\n    file: ./db\n  tls: {external: true}",
    "{{ if a }}\nservices:\n  web:\n    secrets: [db]\n    build:\n      secrets:\n        - db\n    image: x",
    "stacks:\n  compose: |\n    services:\n      web:\n        secrets:\n          - db_password\n",
    "[[stack]]\nconfig.file_contents = '''\nservices:\n  web:\n    secrets: [Db2Password]\n'''",
    "a:\n  secrets: [${A}, '[[B]]', /run/secrets/db]\n",
    "build:\n  secrets:\n    - id=npm,src=.npmrc\n",
    "jobs:\n  a:\n    secrets: inherit",
    "secrets:\n",
    "secrets: []\nnext: public",
    "secrets:\nnext:\n  - public",
    "mysecrets_file:\n  - public",
]


def around(text: str) -> list[str]:
    """The text, and the same in another one."""
    lines = text.split("\n")
    return [
        text,
        "configs:\n  c:\n    content: |\n" + "".join(f"      {line}\n" for line in lines),
        "configs:\n  c:\n    content: " + json.dumps(text),
        "a = '''\n" + text + "\n'''",
    ]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("value", VALUES)
def test_what_a_list_of_secrets_holds_is_hidden_and_the_rest_is_told(form: str, value: str) -> None:
    text = form.replace("%s", json.dumps(value)).replace("%%", "%")
    for each in around(text):
        seen = shown_text(each)
        assert "hunter2" not in seen
        assert "(secret)" in seen
        assert seen.count("public") == each.count("public")
        assert len(seen.split("\n")) == len(each.split("\n"))
    assert shown_text(shown_text(text)) == shown_text(text)


@pytest.mark.parametrize("form", FORMS)
def test_so_it_is_without_quotes(form: str) -> None:
    for value in ("hunter2Hunter", "hunter2#-="):
        for each in around(form.replace("%s", value).replace("%%", "%")):
            assert "hunter2" not in shown_text(each)


@pytest.mark.parametrize("text", NAMES)
def test_the_names_that_compose_takes_are_shown(text: str) -> None:
    assert shown_text(text) == text


@pytest.mark.parametrize(
    "text",
    [
        'CFG={"secrets":["hunter2"]}',
        'environment:\n  - CFG={"a":{"secrets":["hunter2"]}}',
        'environment:\n  CFG: \'{"secrets":["hunter2"]}\'',
        "configs:\n  c:\n    content: |\n      services:\n        web:\n          secrets: [hunter2Hunter]\n",
        "secrets:\n  - |\n    hunter2\n    hunter2\n  - >-\n    hunter2",
        "secrets:\n- hunter2\n-\n  hunter2",
    ],
)
def test_so_it_is_in_other_texts(text: str) -> None:
    for reading in ("text", "pairs", "script"):
        if reading == "text" or "\n" not in text:
            assert "hunter2" not in shown_text(text, reading)  # type: ignore[arg-type]


def test_what_is_hidden_there_is_hidden_wherever_it_stands_again() -> None:
    text = "secrets: [hunter2x]\ncommand: login hunter2x"
    assert shown_text(text) == "secrets: [(secret)]\ncommand: login (secret)"
    assert judged(text) == {"hunter2x"}
