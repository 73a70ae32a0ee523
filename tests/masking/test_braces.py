"""A mapping in braces that begins below its name: what a group of compose's says is shown in every layout, and what may
be a secret is hidden in all of them."""

from __future__ import annotations

import pytest

from komodo_sync.masking.mask import shown_text

LAYOUTS = [
    "services:\n  NAME:\n    {\n      ONE,\n      TWO\n    }\n  web:\n    image: x",
    "services:\n  NAME:\n    {\n      ONE,\n      TWO,\n    }\n  web: { image: x }",
    "services:\n  NAME:\n    { ONE,\n      TWO }\n  web: { image: x }",
    "services:\n  NAME:\n    { ONE, TWO }",
    "services:\n  NAME: {\n      ONE,\n      TWO\n  }",
    "services:\n  NAME: { ONE,\n    TWO }",
    "services:\n  NAME:\n    { ONE\n    , TWO\n    }",
    "services:\n  NAME: &a\n    {\n      ONE,\n      TWO\n    }\n  web: *a",
    "services:\n  NAME:\n    &a {\n      ONE,\n      TWO\n    }\n  web: *a",
    "services:\n  NAME: !override\n    {\n      ONE,\n      TWO\n    }",
    "services:\n  NAME:\n    !override\n    &a\n    {\n      ONE,\n      TWO\n    }",
    "services:\n  NAME: # one\n\n    # { two }\n    {\n      # three\n      ONE, # four\n\n      TWO\n    } # five",
    "services:\n  NAME :\n    {\n      ONE,\n      TWO\n    }",
    "services:\n  NAME:\n    {\n      ONE,\n      TWO\n    }\n  token:\n    {\n      image: x\n    }",
    "services:\n  NAME:\n    {\n      networks:\n      {\n        token: { aliases: [x] }\n      },\n  ONE,\n  TWO }",
    "services:\n  NAME:\n    {\n      ports:\n      [\n        '80:80',\n        '81:81',\n      ],\n  ONE,\n  TWO }",
    "services:\n  {\n    NAME:\n    {\n      ONE,\n      TWO\n    },\n    web: { image: x }\n  }",
    "---\nservices:\n  NAME:\n    {\n      ONE,\n      TWO\n    }\n---\nx: 1",
    "x:\n  - NAME:\n      {\n        ONE,\n        TWO\n      }",
    "services:\n  NAME:\n    {\n\tONE,\n\tTWO\n    }",
    "services:\r\n  NAME:\r\n    {\r\n      ONE,\r\n      TWO\r\n    }\r\n  web:\r\n    image: x",
    "services:\n  NAME:   # see #12, \n    { ONE,\n      TWO }",
    "services:\n  ? NAME\n  :\n    {\n      ONE,\n      TWO\n    }",
]
REFUSED = ["services:\n  NAME:\n  {\n    ONE,\n    TWO\n  }\n  web: { image: x }"]
"""No YAML, which compose refuses as well."""
JSON = [
    '{\n  "services":\n  {\n    "NAME":\n    {\n      "ONE,\n      "TWO\n    },\n    "web":\n    {\n    }\n  }\n}',
    '{\n\t"services":\n\t{\n\t\t"NAME":\n\t\t{\n\t\t\t"ONE,\n\t\t\t"TWO\n\t\t}\n\t}\n}',
    '{\n  "services": {\n    "NAME": {\n      "ONE,\n      "TWO\n    },\n    "web": {\n    }\n  }\n}',
    '{\n  "services": {\n    "NAME":\n      { "ONE, "TWO }\n  }\n}',
]
NAMES = ["auth", "keycloak-auth", '"auth"', "'keys'", "webhook_tokens"]
HIDING = ["auth", '"keys"', "credentials", "passwords", "webhook_tokens"]
SECRETS = [
    ("bob: hunter2", "eve: hunter22"),
    ("image: a", "bob: hunter2"),
    ("image: a", 'bob: "hunter2"'),
    ("bob: x", "users: { bob: hunter2 }"),
    ("users: { bob:\n hunter2 }", "image: a"),
    ("bob: x", "users: [\n hunter2,\n x ]"),
    ("bob: x", "users:\n [ { eve: hunter2 } ]"),
    ("image: a", "command: [ --token,\n hunter2 ]"),
    ("image: a", "environment:\n {\n DB_PASSWORD:\n hunter2 }"),
    ("password: hunter2", "image: a"),
    ("bob: x", "hunter2"),
    ("hunter2", "bob: x"),
]


def laid(layout: str, name: str, one: str, two: str) -> str:
    return layout.replace("NAME", name).replace("ONE", one).replace("TWO", two)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("layout", [*LAYOUTS, *REFUSED])
def test_a_group_is_shown_without_its_secrets(layout: str, name: str) -> None:
    text = laid(layout, name, 'image: "ghcr.io/x/auth:1.2"', "environment: { DB_PASSWORD: hunter2, HOST: db }")
    assert shown_text(text) == text.replace("hunter2", "(secret)")


@pytest.mark.parametrize("layout", JSON)
def test_a_group_of_a_json_is_shown_without_its_secrets(layout: str) -> None:
    secret = 'environment": { "DB_PASSWORD": "hunter2", "HOST": "db" }'
    text = laid(layout, "auth", 'image": "ghcr.io/x/auth:1.2"', secret)
    assert shown_text(text).replace('"(secret)"', "(secret)") == text.replace('"hunter2"', "(secret)")


@pytest.mark.parametrize("name", HIDING)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_secret_is_hidden_in_every_layout(layout: str, name: str) -> None:
    for one, two in SECRETS:
        assert "hunter2" not in shown_text(laid(layout, name, one, two))


@pytest.mark.parametrize("name", ["auth", "credentials", "passwords"])
@pytest.mark.parametrize("layout", JSON)
def test_a_secret_of_a_json_is_hidden_in_every_layout(layout: str, name: str) -> None:
    for one, two in [('bob": "hunter2"', 'x": 1'), ('image": "a"', 'bob": {\n"eve": ["hunter2"] }')]:
        assert "hunter2" not in shown_text(laid(layout, name, one, two))


@pytest.mark.parametrize(
    "text",
    [
        "command:\n  [\n    --token,\n    hunter2\n  ]",
        "command: [ # one\n    --token,\n    hunter2 ]",
        "command: [ a, --token,\r\n    hunter2 ]",
        "command:\n  - --token\n  - |\n    hunter2\n  - x",
        "command:\n  - --token\n  - >-\n    a: hunter2\n  - x",
        "tokens:\n  - |\n    a: hunter2",
        "password: !!str |\n  a: hunter2",
        "x: {keys:\n [ a: hunter2, b ]}",
        '{\n  "keys":\n  [\n    {\n      "user": "a",\n      "hash": "hunter2"\n    }\n  ]\n}',
        "keys:\n  [\n    {\n      a: x,\n      b: hunter2\n    }\n  ]",
    ],
)
def test_a_secret_in_a_list_is_hidden_in_every_layout(text: str) -> None:
    assert "hunter2" not in shown_text(text)


def test_a_list_that_begins_below_its_name_is_shown() -> None:
    text = "auth:\n    image: a\n    ports:\n      [\n        '80:80',\n      ]\n    command:\n      - |\n        x"
    assert shown_text(text) == text


@pytest.mark.parametrize("line", ["{", "}", "},", "[", "],", "]}", "- |", "-", "- [", "|", ">-", "(", ");", "---", ":"])
def test_a_line_that_only_opens_or_closes_is_shown(line: str) -> None:
    assert shown_text(f"token:\n  {line}\n  hunter2") == f"token:\n  {line}\n  (secret)"
    assert shown_text(f"token: >\n  {line}\n  hunter2").splitlines()[1] == f"  {line}"


@pytest.mark.parametrize("text", ["keys: []", "keys: [\n]", "password: {", '"passwords": {', '"keys": [', "keys=("])
def test_what_only_opens_a_value_is_shown(text: str) -> None:
    assert shown_text(text) == text


@pytest.mark.parametrize(
    "other", ["# \u2028\n", "# \x85 \u2029\n", 'x: "\r"\n', "\ufeff", "# \r\n", "\ufeff# \U0001f600\r\n"]
)
@pytest.mark.parametrize("group", ["auth: {bob: hunter2}", "credentials:\n  {\n    bob: hunter2,\n    eve: hunter22 }"])
def test_what_ends_a_line_of_yaml_alone_moves_nothing(other: str, group: str) -> None:
    told = shown_text(f"{other}{group}\ny: [[VAR]]")
    assert "hunter2" not in told
    assert told.startswith(other)
    assert told.endswith("\ny: [[VAR]]")


def test_a_group_whose_key_has_an_anchor_may_hold_secrets_as_well() -> None:
    assert "hunter2" not in shown_text("&k credentials:\n  {\n    bob: hunter2\n  }")


def test_what_a_group_of_compose_may_say_is_shown_on_one_line() -> None:
    text = "services: {auth: {image: a, attach: false, use_api_socket: true, cpu_quota: 5, models: {llm: {}}}}"
    assert shown_text(text) == text


def test_a_value_of_signs_alone_hides_no_signs_of_its_line() -> None:
    text = '{"token": "hunter2", "keys": [{"variable": "A", "value": ": "}], "x": "y"}'
    assert '"x": "y"' in shown_text(text)
