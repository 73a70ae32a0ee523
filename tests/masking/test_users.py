"""A mapping behind a name that looks secret: users, whose values are hidden, or a group, whose keys say what is."""

from __future__ import annotations

import pytest

from komodo_sync.masking.lines import judged
from komodo_sync.masking.mask import shown_text

USERS = """
passwords:
  bob: hunter2
---
credentials:
  bob: hunter2
---
users:
  tokens:
    bob: hunter2
---
api_keys:
  web: hunter2
---
apiKeys:
  web: 'hunter2'
---
AUTH_TOKENS:
  web: "hunter2"
---
auth:
  users:
    bob: hunter2
---
auth:
  admin: hunter2
---
auth:
  users:
    - bob
    - hunter2
---
auth:
  users:
    - bob: hunter2
---
auth:
  type: basic
  bob: hunter2
---
auth:
  enabled: true
  mode: htpasswd
  realm: x
  bob: hunter2
  eve: hunter2
---
auth:
  bob: hunter2
  method: Basic
---
auth:
  enabled: true
  bob: hunter2Hunter
---
auth:
  enabled: true
  bob: hunter2!x
---
users:
  bob: hunter2Hunter
  eve: hunter2#x
---
app_users: {bob: 'Xhunter2!'}
---
{"users": {"eva": "hunter2Hunter", "bob": "admin"}}
---
{"a": "{\\"users\\": {\\"eva\\": \\"hunter2Hunter\\"}}"}
---
configs:
  app:
    content: |
      users:
        bob: hunter2Hunter
---
auth:
  users: {bob: hunter2}
---
auth:
  users:
    bob: |
      hunter2
      hunter2
---
auth:
  users:
    bob: hunter2
      hunter2
---
auth:
  type: basic
  users:
    bob: hunter2
---
keys:
  web: hunter2
  # why
  api: hunter2
---
"keys":
  "web": hunter2
---
tokens:
  - bob: hunter2
---
tokens:
- bob: hunter2
  eve: hunter2
---
tokens:
  - name: bob
    value: hunter2
---
tokens:
  - hunter2
---
passwords:
  user: hunter2
  admin: hunter2
---
passwords:
  name: hunter2
---
passwords: &p
  bob: hunter2
---
passwords: !override
  bob: hunter2
---
secrets:
  db: hunter2
---
secrets: {db: hunter2}
---
credentials:
  backend: hunter2
  db: hunter2
---
api_keys:
  email: hunter2
---
keys:
  deploy: hunter2
---
tokens:
  deploy: hunter2
  build: hunter2
---
webhooks:
  alert: https://chat.example.com/hunter2
  deploy: https://chat.example.com/hunter2
---
secrets:
  web:
    db: hunter2
---
webhook:
  url: https://chat.example.com/hunter2
---
configs:
  app:
    content: |
      image: x
      passwords:
        bob: hunter2
---
configs:
  app:
    content: |
      a:
        content: |
          passwords:
            bob: hunter2
---
[[stack]]
name = "web"
config.file_contents = '''
services:
  web:
    image: x
x-passwords:
  bob: hunter2
'''
---
[[stack]]
config.file_contents = "passwords:\\n  bob: hunter2\\n"
---
x: &p hunter2
passwords:
  bob: *p
""".strip().split("\n---\n")

EMBEDDED = [
    'CFG={"auth":{"bob":"hunter2"},"x":1}',
    """CFG='{"auth": {"bob": "hunter2"}, "x": 1}'""",
    """environment:\n  - TZ=x\n  - CFG={"auth":{"bob":"hunter2"}}\n  - 'B={"tokens":{"a":"hunter2"}}'""",
    """  CFG: '{"middlewares":{"a":{"basicAuth":{"users":["bob:{SHA}hunter2="]}}}}'""",
    """run -e CFG='{"auth":{"bob":"hunter2"}}' image""",
    'config: |\n  http: {middlewares: {a: {basicAuth: {users: ["bob:{SHA}hunter2="]}}}}',
    'a = """\nhttp: {middlewares: {a: {basicAuth: {users: ["bob:{SHA}hunter2="]}}}}\n"""',
    'tls: %\nhttp: {middlewares: {a: {basicAuth: {users: ["bob:{SHA}hunter2="]}}}}',
    '{{ if }}\nhttp: {"middlewares":{"a":{"basicAuth":{"users":["bob:{SHA}hunter2="]}}}}',
    'x { y\nhttp { CFG={"auth":{"bob":"hunter2"}}',
    'CFG={middlewares: {a: {basicAuth: {users: ["bob:{SHA}hunter2="]}}}}',
]
"""In a text that another one holds."""

GROUPS = """
services:
  auth:
    image: authelia:4
    user: 1000:1000
    restart: always
    environment:
      LEVEL: info
    labels:
      a.b: c
    deploy:
      resources:
        limits:
          memory: 1G
  tokens:
    image: x
    user: bob
    scale: 2
  keys:
    <<: *base
    x-mine: y
  session: {image: y}
  token:
    extends:
      service: base
---
volumes:
  keys:
    driver: local
    driver_opts:
      device: /x
      o: bind
networks:
  auth:
    external: true
  session:
---
session:
  domain: x
  expiration: 1h
  anything: y
  cookies:
    - domain: x.example.com
      default_redirection_url: https://x.example.com/a
      remember_me: 1M
---
session:
  redis:
    host: cache
    database_index: 1
---
secrets:
  db:
    file: x
  tls:
    environment: TLS
  other:
    external: true
    name: y
---
services:
  web:
    secrets:
      - db
      - source: db
        target: y
        uid: "103"
        mode: 0440
---
auth:
  enabled: true
  cache: yes
  issuer: https://id.example.com/a
---
auth:
  providers:
    github:
      client_id: x
      scope: y
---
http:
  middlewares:
    auth:
      chain:
        middlewares:
          - headers
          - authelia
    session:
      forwardAuth:
        address: http://authelia:9091/api
        authResponseHeaders:
          - Remote-User
  routers:
    auth:
      rule: Host(`x`)
      service: auth
  services:
    auth:
      loadBalancer:
        servers:
          - url: http://auth:9091/x
---
- Auth:
    icon: authelia.png
    href: https://auth.example.com/a
    description: who is who
---
tokens:
  - name: bob
    description: x
    scopes: read
---
tokens:
  bob: ${BOB}
  eve: [[EVE]]
  joe: true
  file: /run/secrets/tokens
---
x-auth-env: &env
  LEVEL: info
  ZONE: Europe
---
webhook:
  url: https://n8n.example.com/
  method: POST
---
labels:
  caddy.forward_auth: authelia:9091
---
users:
  eva: admin
  bob: group-2
  joe: bob2@Example.com
  ann: https://example.com/A2b3
  max: 1000:1000
  kim: /home/Kim2345
  tom: ${TOM}
  ben: 2024-01-31T10:00:00Z
  sue: Apache-2.0
---
auth:
  type: oidc
  anything: y
---
auth:
  enabled: true
  public_key: abcABC0123
---
users: {eva: [admin, viewer], bob: {role: admin}}
""".strip().split("\n---\n")


@pytest.mark.parametrize("text", USERS)
def test_the_values_of_users_are_hidden(text: str) -> None:
    seen = shown_text(text)
    assert "hunter2" not in seen
    assert "(secret)" in seen
    assert len(seen.splitlines()) == len(text.splitlines())
    assert shown_text(seen) == seen


@pytest.mark.parametrize("reading", ["text", "pairs", "script"])
@pytest.mark.parametrize("text", EMBEDDED)
def test_the_values_of_users_are_hidden_in_a_text_that_another_one_holds(text: str, reading: str) -> None:
    seen = shown_text(text, reading)  # type: ignore[arg-type]
    assert "hunter2" not in seen
    assert shown_text(seen) == seen
    group = text.replace('"bob"', '"mode"').replace('"a":"hunter2"', '"type":"jwt"')
    if "SHA" not in text:
        assert shown_text(group, reading) == group  # type: ignore[arg-type]


@pytest.mark.parametrize("text", GROUPS)
def test_a_group_is_shown(text: str) -> None:
    assert shown_text(text) == text


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("basic_auth:\n  username: bob\n  password: X1", "basic_auth:\n  username: bob\n  password: (secret)"),
        (
            "a: [[A]]/x\npasswords:\n  bob: hunter2\n  eve: [[EVE]]\n  joe: [[A]]_HUNTER2\n  ann: [[A]]_[[B]]",
            "a: [[A]]/x\npasswords:\n  bob: (secret)\n  eve: [[EVE]]\n  joe: (secret)\n  ann: [[A]]_[[B]]",
        ),
        (
            "a: [[A]]/x\nauth: {image: x, environment: {DB_PASSWORD: hunter2, B: [[C]]}}",
            "a: [[A]]/x\nauth: {image: x, environment: {DB_PASSWORD: (secret), B: [[C]]}}",
        ),
        ("tokens:\n  image: a\n  bob: hunter2", "tokens:\n  image: a\n  bob: (secret)"),
        ("auth:\n  users:\n    bob: hunter2\nnext: bob", "auth:\n  users:\n    bob: (secret)\nnext: bob"),
        ("passwords:\n  bob: hunter2 # his\nx: y", "passwords:\n  bob: (secret) # his\nx: y"),
        ("passwords:\r\n  bob: hunter2\r\nx: y", "passwords:\r\n  bob: (secret)\r\nx: y"),
    ],
)
def test_what_stands_beside_is_told(text: str, told: str) -> None:
    assert shown_text(text) == told


def test_what_a_user_has_is_hidden_wherever_it_stands_again() -> None:
    text = "passwords:\n  bob: hunter2x\ncommand: login bob hunter2x"
    assert shown_text(text) == "passwords:\n  bob: (secret)\ncommand: login bob (secret)"
    assert judged(text) == {"hunter2x"}


@pytest.mark.parametrize("table", ["[[roles]]", "[roles]", '# public\n      [[roles."a b"]]'])
def test_a_config_whose_name_only_sounds_secret_is_read_by_its_lines(table: str) -> None:
    text = (
        "services:\n  a:\n    image: x:1\nconfigs:\n  gluetun_auth:\n    content: |\n"
        f'      {table}\n      name = "bob"\n      routes = ["GET /v1"]\n      apikey = @\n  b:\n    file: ./x'
    )
    assert shown_text(text.replace("@", '"hunter2"')) == text.replace("@", "(secret)")


@pytest.mark.parametrize(
    "text",
    [
        "configs:\n  gluetun_auth:\n    content: |\n      hunter2\n",
        "configs:\n  basic_auth:\n    content: |\n      bob:hunter2\n      eve:hunter2\n",
        "configs:\n  db_password:\n    content: |\n      [x]\n      hunter2\n",
        "x:\n  configs:\n    auth:\n      content: |\n        [x]\n        hunter2\n",
    ],
)
def test_any_other_content_of_one_is_hidden(text: str) -> None:
    assert "hunter2" not in shown_text(text)
