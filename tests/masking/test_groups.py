"""A mapping in braces behind a name that looks secret: a group of compose's is shown, what may be a secret is not."""

from __future__ import annotations

import pytest

from komodo_sync.kinds import KINDS
from komodo_sync.masking.mask import shown, shown_text
from komodo_sync.masking.secrets import declared_secrets
from komodo_sync.model.address import Address
from komodo_sync.planning.diff import diff

GROUPS = [
    'auth: {image: "authelia:4.1", ports: ["80:80"]}',
    "auth: {image: a,\n  ports: [80]}",
    "networks:\n  auth: {external: true}",
    "networks: {auth: {}, token: {driver: bridge}}",
    "volumes:\n  keys: {}",
    "depends_on:\n  token: {condition: service_healthy}",
    "x-auth: &auth\n  image: a\n  ports: [80]",
    "x-auth: &auth {image: a}\nweb:\n  <<: *auth",
    "keys: &k\n  image: a\n  volumes:\n    - /:/host",
    "secrets:\n  token: {file: ./token.txt}\n  keys: {external: true}",
    'services: {auth: {image: "a", ports: ["1:1"]}, web: {image: x}}',
    '{"services": {"auth": {"image": "a", "labels": {"x": "y"}, "x-any": "z"}}}',
    "auth: !override {image: a}",
    "extra_hosts: {auth: 10.0.0.1, token: host-gateway}",
    "extra_hosts:\n  auth: 10.0.0.1",
    "session: {name: sess, domain: example.com, expiration: 1h}",
    "session: {name: sess, domain: example.com, remember_me: 1M, inactivity: 5 minutes}",
    "auth: {enabled: true, mode: ldap, host: ldap.lan}",
    "password: {algorithm: argon2, iterations: 3}",
    "password: {reset: {disable: true}, policy: {min_length: 8}}",
    "basic_auth: {username: bob, realm: x}",
    'cookies: [{domain: example.com, authelia_url: "https://auth.example.com"}]',
    'session:\n  cookies:\n    - {domain: a.example.com, authelia_url: "https://auth.example.com"}\n    - {domain: b}',
    "cookies:\n- {domain: a.example.com}\n\n# another\n- {domain: b.example.com}\nnext: x",
    '{"a": 1, "session": {"domain": "example.com", "ttl": 60}, "b": "c"}',
    '{\n  "a": 1,\n  "session": {"domain": "example.com", "ttl": 60},\n  "b": "c"\n}',
    'CFG={"auth":{"mode":"none","host":"x"},"token":{"type":"jwt","ttl":60}}',
    'environment:\n  - CFG={"auth":{"mode":"none","host":"x"},"token":{"type":"jwt","ttl":60}}',
    "volumes:\n  - keys:/config/keys\n  - token:/x/y:ro\n  - 'auth:/auth:rw,z' # a volume",
]
HIDES = [
    "auth: {password: hunter2, image: a}",
    "auth: {image: a, environment: {DB_PASSWORD: hunter2}}",
    "auth: {image: a, command: [--token, hunter2]}",
    "auth: {bob: hunter2}",
    "auth: {image: a, bob: hunter2}",
    "auth: {users: {bob: hunter2}, image: a}",
    "auth: {users: [hunter2], image: a}",
    "auth: {users: [{bob: hunter2}]}",
    "keys: {session: {bob: hunter2}}",
    "keys: {a: [hunter2]}",
    "passwords: {bob: ab, eve: hunter2, password: c}",
    "keys: [hunter2, x]",
    "keys: &k\n  - hunter2",
    "token: &t hunter2",
    "token: &t\n  hunter2",
    "secrets:\n  token: {content: hunter2}",
    "secrets: {token: {content: hunter2}}",
    "extra_hosts: {token: hunter2}",
    "environment: {token: 10.0.0.1hunter2}",
    'const passwords = { bob: "hunter2" }',
    '{"passwords": {"bob": "hunter2"}, "x": 1}',
    '{"passwords": {"user": "hunter2", "name": "x"}}',
    "passwords: {image: hunter2}",
    'passwords = {bob = "hunter2"}',
    "tokens:\n  - token:/hunter2",
    "command:\n  - --token\n  - a:/hunter2",
    "- token: /hunter2",
    "- token=/hunter2",
    "auth: {enabled: true, bob: hunter2}",
    "auth: {enabled: true, admin: {hunter2}}",
    "auth: {mode: ldap, host: x, users: [bob, hunter2]}",
    "basic_auth: {username: bob, password: hunter2}",
    "session: {domain: x, secret: hunter2}",
    "cookies: [{domain: x, bob: hunter2}]",
    "cookies: [{domain: x}, hunter2]",
    "cookies:\n  - {domain: x, secret: hunter2}\n  - {domain: y, bob: hunter2}",
    "cookies:\n  - {domain: x}\n  - hunter2",
    "cookies:\n  - {domain: x}\n  - [hunter2]",
    "cookies:\n  - {domain: x}\n  - domain: y\n    secret: hunter2",
    "keys:\n  - {domain: x}\n  - a\n    hunter2",
    '{middlewares: {a: {basicAuth: {users: ["bob:{SHA}hunter2="]}}}}',
    'basicAuth: {users: ["bob:hunter2{}[]=", "eve: hunter2"], realm: x}',
]


@pytest.mark.parametrize("text", GROUPS)
def test_what_a_group_says_is_shown(text: str) -> None:
    assert shown_text(text) == text


@pytest.mark.parametrize("text", HIDES)
def test_what_may_be_a_secret_is_hidden_there(text: str) -> None:
    assert "hunter2" not in shown_text(text)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("auth: {enabled: true, bob: hunter2, host: x}", "auth: {enabled: true, bob: (secret), host: x}"),
        ("basic_auth: {username: bob, password: hunter2}", "basic_auth: {username: bob, password: (secret)}"),
        ("{auth: {bob: hunter2, eve: 'hunter 2'}, x: y}", "{auth: {bob: (secret), eve: (secret)}, x: y}"),
        (
            '{middlewares: {a: {basicAuth: {users: ["bob:{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ="]}}}}',
            "{middlewares: {a: {basicAuth: {users: [(secret)]}}}}",
        ),
    ],
)
def test_beside_a_secret_in_braces_the_rest_is_told(text: str, told: str) -> None:
    assert shown_text(text) == told


def test_many_groups_are_told_by_their_own_names() -> None:
    text = "\n".join(f"token{number}: {{image: a{number}}}" for number in range(1234))
    assert shown_text(text) == text


def test_a_pair_of_an_environment_is_no_mount() -> None:
    assert "hunter2" not in shown_text("- TOKEN:/hunter2", "pairs")


def test_the_secrets_of_a_group_alone_are_hidden() -> None:
    text = "services: {auth: {image: a, environment: {DB_PASSWORD: hunter2, LEVEL: x}}, web: {image: b}}"
    assert shown_text(text) == text.replace("hunter2", "(secret)")


def test_the_mounts_of_a_deployment_are_shown() -> None:
    volumes = KINDS["deployment"].fields()["volumes"]
    told = shown(volumes, "keys: /config/keys\ntoken: /x/Y:ro\npassword: hunter2\n").value
    assert told == "keys: /config/keys\ntoken: /x/Y:ro\npassword: (secret)\n"
    changed = diff(volumes, "token: /x/Y\n", "token: /\n", clear_keys=frozenset(["token"]))
    assert [entry.before and entry.before.value for entry in changed.entries] == ["/x/Y"]
    config = {"volumes": "token: /x/Y\npassword: hunter2\n"}
    assert list(declared_secrets(Address("deployment", "a"), config)) == ["hunter2"]
