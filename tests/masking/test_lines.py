"""What of a line may be shown. Every secret here is called hunter2, every public value is not."""

from __future__ import annotations

import re

import pytest

from komodo_sync.masking.lines import judged, shown_lines
from komodo_sync.masking.mask import shown_text
from komodo_sync.model.secrecy import is_reference, looks_secret

HIDES = """
POSTGRES_PASSWORD: hunter2
  - POSTGRES_PASSWORD=hunter2
  - "POSTGRES_PASSWORD=hunter2"
  POSTGRES_PASSWORD: ${POSTGRES_PASSWORD:-hunter2}
MYSQL_ROOT: ${DB_PASSWORD:-hunter2}
URL: http://h/api/${API_TOKEN:=hunter2}/x
command: run --with ${API_SECRET-hunter2} --port ${PORT:-8080}
CONN=${env:PASSWORD:-hunter2}
CONN: "${evn:PASSWORD:-hunter2 hunter2}"
run $${DB_PASSWORD:-hunter2} x
export API_KEY=hunter2
"password": "hunter2"
# OLD_PASSWORD=hunter2
  config: '{"user": "bob", "password": "hunter2", "port": 1}'
  config: "{\\"user\\": \\"bob\\", \\"password\\": \\"hunter2\\"}"
  x: {user: bob, password: hunter2 hunter2, port: 1}
command: serve --token hunter2 --port 80
command: serve --token=hunter2 --port=80
command: ["serve", "--requirepass", "hunter2", "--port", "80"]
command: docker run -e DB_PASSWORD=hunter2 image
test: curl -H "Authorization: Bearer hunter2" http://x
test: curl -H 'X-Api-Key: hunter2' http://x
header: Bearer hunter2hunter2
url: https://host/path?user=bob&token=hunter2&page=1
url: postgres://bob:hunter2@db/app
url: redis://:hunter2@cache:6379
url: postgres://bob:hun/ter2@hunter2@db/app
url: http://proxy/https://bob:hunter2@host
url: https://hunter2hunter2hunter2@github.com/me/x
Server=db;User Id=bob;Password=hunter2;Port=1
hook: https://hooks.slack.com/services/T0/B0/hunter2
hook: https://discord.com/api/webhooks/1/hunter2
TS_AUTHKEY=hunter2
ENV PASSWORD hunter2 hunter2
ENV PASSWORD=hunter2
PASSWORD: (secret)hunter2
serve --password=(secret)hunter2
ARG NPM_TOKEN=hunter2
PGPASSWORD=hunter2
traefik.http.middlewares.a.basicauth.users=bob:hunter2
users: bob:$2y$05$hunter2
- homepage.widget.key=hunter2
authorization bearer hunter2hunter2
SESSION_ID=hunter2
COOKIE_SIGNING=hunter2
- traefik.http.middlewares.auth.basicauth.users=bob:hunter2
- "traefik.http.middlewares.x.digestauth.users=bob:x:hunter2"
- traefik.http.middlewares.x.headers.customrequestheaders.Authorization=hunter2
traefik.http.middlewares.x.plugin.y.apiKey: hunter2
caddy.basicauth.bob=hunter2
passwords.bob=hunter2
SLACK_WEBHOOK_URL=https://chat.example.org/hunter2
AUTH_URL=https://bob:hunter2@id.example.org
AUTH_HOST=bob:hunter2@id.example.org
AUTH_HEADER=hunter2
AUTH=hunter2
SMTP_AUTH: hunter2
LICENSE: hunter2
PLEX_LICENSE: MIT-hunter2
LICENSE: BSD-hunter2
LICENSE: GPL-3.0-hunter2
SSL_KEY: /hunter2
SSL_KEY: /hunter2/Rest+of/base64==
AUTHORIZED_KEYS: ssh-ed25519 hunter2
TOKENS: hunter2
MAX_TOKEN: hunter2
PLEX_LICENSE=hunter2
command: foo:hunter2:1001
command: ["foo:hunter2:1001:100:upload", "bar:hunter2:1002"]
SFTP_USERS=foo:hunter2:1001 bar:hunter2:1002
command: '-u "bob;hunter2" -s "share;/share"'
command: ["-u", "bob;hunter2", "-s", "share;/share"]
    proxy_set_header X-Api-Key hunter2;
    proxy_set_header X-Api-Key "hunter2 hunter2"; # x
    header_up Authorization hunter2
PASSCODE=hunter2
WIFI_PSK=hunter2
PLEX_CLAIM=hunter2
MYSQLPW=hunter2
DBPW: hunter2
USERPW: hunter2
DB_PW: hunter2
image: me:hunter2@registry.example.com/x:1
SMTP=bob:hunter2@mail:25
RESTIC_REPOSITORY: sftp:bob:hunter2@host.lan:/x
<password>hunter2</password>
<add key="ApiPassword" value="hunter2"/>
passphrase hunter2
requirepass hunter2
machine git.example.com login bob password hunter2
command: [redis-server, --requirepass, hunter2, --port, 80]
echo "root:hunter2" | chpasswd
echo hunter2 | docker login ghcr.io -u bob --password-stdin
""".strip().splitlines()

SHOWS = """
SESSION_DRIVER=redis
SESSION_LIFETIME=120
SESSION_COOKIE_SECURE=true
ACCEPT_LICENSE=true
image: nginx:1.27@sha256:0123456789abcdef
image: ghcr.io/acme/web:1.2
git@github.com:acme/web.git
    proxy_set_header X-Api-Key $http_x_api_key;
    proxy_set_header Host $host;
    proxy_set_header Authorization "";
    add_header X-Robots-Tag none;
user: foo:bar
image: acme/web:1.2:8080
at: app:10.0.0.1:8080
OIDC_USERNAME_CLAIM: preferred_username
GROUPS_CLAIM: groups
PWD_DIR: x
POWER: up
MAIL=bob@example.com
user: 1000:1000
KEYCLOAK_HOSTNAME=id.example.com
TOKENIZER=bert
<host>db</host>
echo hello | tee file
command: [redis-server, --port, 6379]
POSTGRES_USER: bob
MYSQL_ROOT: ${DB_PASSWORD:-}
MYSQL_ROOT: ${DB_PASSWORD:-${OTHER}}
MYSQL_ROOT: ${DB_PASSWORD:?is missing}
CONN: ${DB_PASSWORD_FILE:-/run/secrets/db}
run --port ${PORT:-8080} --host ${HOST:=db} --name ${NAME-public}
run ${TOKEN:-$(cat /run/x)} x
POSTGRES_PASSWORD: ${POSTGRES_PASSWORD}
POSTGRES_PASSWORD: "${POSTGRES_PASSWORD:?say which}"
POSTGRES_PASSWORD: [[DB_PASSWORD]]
POSTGRES_PASSWORD: ${POSTGRES_PASSWORD} # from the environment
  - TOKEN=$TOKEN
DB_PASSWORD_FILE: /run/secrets/db
PUBLIC_KEY: abc
AUTH_ENABLED: true
SECURE_COOKIE: "true"
command: ["sh", "-c", "exec redis-server --requirepass \\"$$REDIS_PASSWORD\\" --save 60 1"]
KEYCLOAK_URL: https://auth.example.com
url: postgres://bob:${PASSWORD}@db/app
url: ssh://git@github.com/me/x
url: https://host:8080/@scope/package
image: ghcr.io/me/web@sha256:0123
command: serve --token ${TOKEN} --port 80
command: serve --token-file /x --port 80
secrets:
  - db_password
password:
monkey: business
- traefik.http.routers.auth.rule=Host(`auth.example.org`)
- traefik.http.routers.auth.entrypoints=websecure
- traefik.http.services.auth.loadbalancer.server.port=9000
- "traefik.http.routers.webhook.rule=Host(`hook.example.org`)"
AUTH_HOST: auth.example.org
AUTH_PORT: 9091
- WEBHOOK_PORT=9000
GF_AUTH_GENERIC_OAUTH_AUTH_URL: https://id.example.org/authorize
GF_AUTH_GENERIC_OAUTH_TOKEN_URL=https://id.example.org/token
GF_AUTH_GENERIC_OAUTH_SCOPES: openid profile
JWT_ISSUER: https://id.example.org
MAX_TOKENS: 4096
ACCESS_TOKEN_EXPIRE_MINUTES: 30
SMTP_AUTH: login
- SMTP_AUTH=cram-md5
API_KEY_HEADER: X-API-Key
LICENSE: MIT
LICENSE: Apache-2.0
LICENSE: AGPL-3.0-only
SSL_KEY: /certs/tls.key
- "SSL_KEY=/etc/ssl/private/tls.key"
serve --key /run/secrets/tls.key --port 80
AUTHORIZED_KEYS: ssh-ed25519 AAAAC3NzaC1lZDI1 me@host
SALT_ROUNDS: 12
REDIS_KEY_PREFIX: app
KEYS_PER_PAGE: 20
DOCKER_AUTH_REALM: https://id.example.org
traefik.http.routers.session.tls.certresolver: le
traefik.http.middlewares.auth.forwardauth.address: http://auth:9091
caddy.auth.port: 80
healthcheck: curl http://localhost:8080/health
restic -r sftp:bob@host.lan:/backup snapshots
RESTIC_REPOSITORY: sftp:bob@host.lan:/backup
ports: ["8080:80"]
""".strip("\n").splitlines()


@pytest.mark.parametrize("line", HIDES)
def test_a_secret_in_a_line_is_hidden_and_the_rest_is_told(line: str) -> None:
    [seen] = shown_lines([line])
    assert "hunter2" not in seen
    assert "(secret)" in seen
    assert seen[:3] == line[:3]


TOKENS = """
sk_live_ZZQ8hushhushhushhush1234
rk_live_ZZQ8hushhushhushhush1234
whsec_ZZQ8hushhushhushhush1234
hf_ZZQ8hushhushhushhushhushhush12
npm_ZZQ8hushhushhushhushhushhush12345678
AIzaSyZZQ8hushhushhushhushhushhushabc12
SG.ZZQ8hushhushhushhush.ZZQ8hushhushhushhushhushhush12
dop_v1_0123456789abcdefZZQ80123456789abcdef
hvs.ZZQ8hushhushhushhushhush12
glsa_ZZQ8hushhushhushhushhushhush_12345678
glc_ZZQ8hushhushhushhush=
AGE-SECRET-KEY-1ZZQ8HUSHHUSHHUSHHUSHHUSHHUSHHUSHHUSH
pypi-AgEIZZQ8hushhushhush
GOCSPX-ZZQ8hushhush
ya29.ZZQ8hushhush-hush
lin_api_ZZQ8hushhush
1234567890:AAZZQ8hushhushhushhushhushhushhushh
""".strip().splitlines()
ADDRESSES = """
https://api.telegram.org/bot123456:ZZQ8hush/sendMessage
https://acme.webhook.office.com/webhookb2/ZZQ8hush@bb/IncomingWebhook/ZZQ8hush/cc
https://x.blob.core.windows.net/c?sv=2020&sig=ZZQ8hush%3D&sp=r
gotify://gotify.example.org/ZZQ8hush
gotify://gotify.example.org:80/path/ZZQ8hush
discord://ZZQ8hush@1234
telegram://123:ZZQ8hush@telegram?chats=@me
slack://hook:ZZQ8hush-ZZQ8hush@webhook
""".strip().splitlines()
NO_TOKENS = """
npm_config_registry_of_somebody_else
hf_transfer
pypi-mirror-of-the-company
sk_live
SG.example.org
hvs.example.org
AIza
https://api.telegram.org/bots/x
https://api.telegram.org/bot${TOKEN}/sendMessage
https://acme.office.com/webhookb2
https://x/c?sv=2020&sign=x&sp=r
https://x/c?sig=${SIG}&sp=r
gotify://gotify.example.org/${TOKEN}
gotify://gotify.example.org
discord://${TOKEN}@1234
telegram://telegram.example.org/x
""".strip().splitlines()


@pytest.mark.parametrize("token", [*TOKENS, *ADDRESSES])
def test_a_token_of_well_known_form_is_hidden_whatever_its_name(token: str) -> None:
    for lead in ("LEVEL=", "level: ", "  - ", 'run --level "', "curl "):
        end = '" public' if '"' in lead else " public"
        [seen] = shown_lines([lead + token + end])
        assert "ZZQ8" not in seen
        assert "(secret)" in seen
        assert seen.startswith(lead)
        assert seen.endswith(" public")
        assert shown_lines([seen]) == [seen]


@pytest.mark.parametrize("word", NO_TOKENS)
def test_what_begins_like_a_token_is_told(word: str) -> None:
    assert shown_lines([f"level: {word}", f"curl {word} x"]) == [f"level: {word}", f"curl {word} x"]


@pytest.mark.parametrize("line", SHOWS)
def test_what_is_no_secret_is_shown(line: str) -> None:
    assert shown_lines([line]) == [line]


COMMANDS = """
mysql -phunter2 --user x; foo
mysql -phunter2 --user x
mysql -u x -p'hunter2 hunter2' db
mariadb-dump -psecrethunter2 --user x
pre_deploy: {command: "docker login -u me -p hunter2"}
docker login -u me -phunter2 ghcr.io
podman login --password hunter2 -u me
podman login --password=hunter2 -u me
sshpass -p hunter2 ssh -p 2222 me@host
sshpass -phunter2 ssh -p 2222 me@host
test: ["CMD", "redis-cli", "-a", "hunter2", "ping"]
test: ["CMD", "mysqladmin", "ping", "-phunter2", "-h", "db"]
redis-cli -h cache -a hunter2 -p 6379
curl -sS -u me:hunter2 https://x
curl -sSfu "me:hunter2" https://x
curl --user me:hunter2 https://x
docker exec -i db mongosh -u me -p hunter2 --port 27017
/usr/bin/ldapsearch -x -w hunter2 -b dc=x
docker run -e PASSWORD=hunter2 -p 80:80 x
htpasswd -bc /x me hunter2
htpasswd -Bbn me hunter2 > /x
docker run --entrypoint htpasswd httpd:2 -Bbn me hunter2
cqlsh -u me -p hunter2
7z a -phunter2 x
zip -P hunter2 x
helm registry login -u me -p hunter2 ghcr.io
etcdctl --user me:hunter2 get x
redis-server --masterauth hunter2 --port 80
rabbitmqctl add_user me hunter2
docker exec mq rabbitmqctl -n x change_password me 'hunter2 hunter2' && x
mc alias set x http://x:9000 me hunter2
smbclient -U me%hunter2 //host/x
smbclient //host/x --user=me%hunter2 -c ls
lftp -u me,hunter2 sftp://host
az login --service-principal -u me -p hunter2 --tenant x
openssl enc -aes-256-cbc -k hunter2 -in x
openssl rsa -in x -passin pass:hunter2 -out y
serve; export AWS_SECRET_ACCESS_KEY=hunter2; curl https://api?token=hunter2&page=1
""".strip().splitlines()

HARMLESS_COMMANDS = """
mysql -p db -P 3306
mysql -p --user x
docker run --name mongo -p 27017:27017 mongo:7
docker run -p 80:80 x; docker compose -p web up
docker login -u me --password-stdin
curl -u me https://x
curl -u me:$PASSWORD https://x
curl --user-agent me:x https://x
redis-cli -p 6379; tar -a x
mongosh -p --eval x
htpasswd -c /x me
unzip -p x | tar x
smbclient -U me //host/x
lftp -u me host
az webapp -p x
openssl rsa -in x -passin file:/x -passout env:X -keyout y
rabbitmqctl add_user me $PASSWORD
rabbitmqctl list_users
mc ls x/y z a
serve --token --port 80
serve -psecretless --user x
ssh -p 22 -a x
""".strip().splitlines()


@pytest.mark.parametrize("line", COMMANDS)
def test_a_password_that_a_command_takes_is_hidden_and_every_other_word_told(line: str) -> None:
    [seen] = shown_lines([line])
    assert "hunter2" not in seen
    assert "(secret)" in seen
    for word in re.findall(r"--?\w+ ?[\w.:/@-]+|[\w./]+", line):
        assert "hunter2" in word or word in seen


@pytest.mark.parametrize("line", [*HIDES, *COMMANDS])
def test_what_is_hidden_already_is_read_as_it_stands(line: str) -> None:
    told = shown_lines([line])
    assert shown_lines(told) == told


@pytest.mark.parametrize("line", HARMLESS_COMMANDS)
def test_no_other_word_of_a_command_is_hidden(line: str) -> None:
    assert shown_lines([line]) == [line]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("mysql -u x \\\n  -phunter2 \\\n  db", "db"),
        ("- sshpass\n- -p\n- hunter2\n- ssh\n- -p\n- 2222", "- 2222"),
        ("redis-cli -a \\\n  hunter2 ping", "ping"),
        ("mysql -phunter2\nssh -p 22", "ssh -p 22"),
    ],
)
def test_a_command_over_several_lines(text: str, told: str) -> None:
    seen = shown_text(text)
    assert "hunter2" not in seen
    assert told in seen


@pytest.mark.parametrize(
    "line",
    [
        "serve --token hunter2 --port 80",
        '{"password": "hunter2", "port": 80}',
        "https://h/?token=hunter2&port=80",
        "Server=db;Password=hunter2;port=80",
    ],
)
def test_what_follows_a_secret_is_told(line: str) -> None:
    [seen] = shown_lines([line])
    assert "port" in seen
    assert "80" in seen


BLOCKS = {
    "block scalar": ("TOKEN: |\n  hunter2\n\n  hunter2: x\nNEXT: public", "NEXT: public"),
    "block scalar in a list": ("- TOKEN: |-\n    hunter2\n  NEXT: public", "NEXT: public"),
    "folded text": ("PASSWORD: abc\n  hunter2\nNEXT: public", "NEXT: public"),
    "on the next line": ("PASSWORD:\n  hunter2\nNEXT: public", "NEXT: public"),
    "list": ("API_KEYS:\n  - hunter2\n  - hunter2==\nNEXT: public", "NEXT: public"),
    "list at the same column": ("API_KEYS:\n- hunter2\nNEXT: public", "NEXT: public"),
    "quoted over lines": ("SECRET='a\nhunter2\nb'\nNEXT=public", "NEXT=public"),
    "private key": (
        "x: |\n  -----BEGIN RSA PRIVATE KEY-----\n  hunter2\n  -----END RSA PRIVATE KEY-----\n  public",
        "public",
    ),
    "flag and value": ("- --token\n- hunter2\n- --port\n- public", "public"),
    "name and value": ("- name: DB_PASSWORD\n  value: hunter2\n- name: X\n  value: public", "value: public"),
    "content of compose's secrets": (
        (
            "secrets:\n  db:\n    content: hunter2\n  # why\n  tls:\n    content: |\n      hunter2\n"
            "configs:\n  app:\n    content: public"
        ),
        "    content: public",
    ),
    "content beside a list of secrets": ("web:\n  secrets:\n    - db\n  content: public", "  content: public"),
    "mapping below": ("db_password:\n  file: public\n  token: hunter2", "file: public"),
}


@pytest.mark.parametrize(("text", "told"), BLOCKS.values(), ids=BLOCKS)
def test_a_secret_over_several_lines_is_hidden_and_what_follows_is_told(text: str, told: str) -> None:
    seen = shown_text(text)
    assert "hunter2" not in seen
    assert told in seen.splitlines() or told in seen
    assert len(seen.splitlines()) == len(text.splitlines())


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("secrets: {a: {content: hunter2}, b: {file: x}}", "secrets: {a: {content: (secret)}, b: {file: x}}"),
        ('secrets: {a: {content: "hunter2"}}', "secrets: {a: {content: (secret)}}"),
        ("secrets:\n  a: {content: 'hunter2'}\nx: y", "secrets:\n  a: {content: (secret)}\nx: y"),
        ("{secrets: {a: {\n  content: hunter2\n}}}", "{secrets: {a: {\n  content: (secret)\n}}}"),
        ('{"secrets": {"a": {"content": "hunter2"}}}', '{"secrets": {"a": {"content": (secret)}}}'),
        ("secrets: {a: {content: [[HUNTER2]]}}", "secrets: {a: {content: [[HUNTER2]]}}"),
        ("configs: {a: {content: public}}", "configs: {a: {content: public}}"),
        ("x: &p hunter2\nPASSWORD: *p", "x: (secret)\nPASSWORD: (secret)"),
        ("a: {name: A_TOKEN, value: hunter2, x: y}", "a: {name: A_TOKEN, value: (secret), x: y}"),
        ("a: {value: hunter2, name: A_TOKEN}", "a: {value: (secret), name: A_TOKEN}"),
        ("a: {value: hunter2, is_secret: true}", "a: {value: (secret), is_secret: true}"),
        ("a: {value: public, is_secret: false}", "a: {value: public, is_secret: false}"),
        ("a: {passwords: [hunter2, hunter2], y: z}", "a: {passwords: (secret), (secret)], y: z}"),
        ("a: {command: [x, --token, hunter2, y]}", "a: {command: [x, --token, (secret), y]}"),
        ('[[variable]]\nvalue = "hunter2"\nis_secret = true', '[[variable]]\nvalue = "(secret)"\nis_secret = true'),
        ('[[variable]]\nvalue = "public"\nis_secret = false', '[[variable]]\nvalue = "public"\nis_secret = false'),
        (
            'contents: |\n  [[variable]]\n  is_secret = true\n  value = "hunter2"\n  [[variable]]\n  value = "x"',
            'contents: |\n  [[variable]]\n  is_secret = true\n  value = "(secret)"\n  [[variable]]\n  value = "x"',
        ),
        ('[[variable]]\nvalue = "hunt"\nis_secret = true', '[[variable]]\nvalue = "(secret)"\nis_secret = true'),
        (
            'a = """\nx: y\nsecrets: {a: {content: hunter2}, b: {file: x}}\n"""\nb = 1',
            'a = """\nx: y\nsecrets: {a: {content: (secret)}, b: {file: x}}\n"""\nb = 1',
        ),
        ("a = '''secrets: {a: {content: hunter2}}'''", "a = '''secrets: {a: {content: (secret)}}'''"),
        (
            'a = "x: y\\nz: {name: A_TOKEN, value: \\"hunter2\\"}\\n"\nb = 1',
            'a = "x: y\\nz: {name: A_TOKEN, value: (secret)}\\n"\nb = 1',
        ),
        (
            '[[stack]]\nx.y = [\n  1\n]\na = """\nconfigs: {a: {content: public}}\n"""',
            '[[stack]]\nx.y = [\n  1\n]\na = """\nconfigs: {a: {content: public}}\n"""',
        ),
        (
            "a:\n  b: |\n    secrets: {a: {content: hunter2},\n      b: {content: hunter2}}\n  c: [[A]]",
            "a:\n  b: |\n    secrets: {a: {content: (secret)},\n      b: {content: (secret)}}\n  c: [[A]]",
        ),
        ("a: [[ A ]]/x\nb:\n  ? PASSWORD\n  : hunter2", "a: [[ A ]]/x\nb:\n  ? PASSWORD\n  : (secret)"),
        ('a = [\n  "mysql",\n  "-phunter2",\n  "x",\n]', 'a = [\n  "mysql",\n  "-p(secret)",\n  "x",\n]'),
        ('a = [\n  "--token",\n  "hunter2",\n  "x",\n]', 'a = [\n  "--token",\n  (secret)\n  "x",\n]'),
        ("PASSWORD: hunter2x\ncommand: echo hunter2x", "PASSWORD: (secret)\ncommand: echo (secret)"),
        ("PASSWORD: postgres\nimage: postgres:16", "PASSWORD: (secret)\nimage: postgres:16"),
    ],
)
def test_a_secret_is_found_by_what_a_text_means_and_wherever_it_stands_again(text: str, told: str) -> None:
    assert "\n".join(shown_lines(text.split("\n"))) == told


SIGNED = r"""
command: serve --token X --host public
x: {command: serve --token X --host public}
{command: "serve --token X --host public", image: public}
{command: [serve, --token, "X", --host, public], image: public}
curl -H "X-Api-Key: X" http://public
curl -H 'X-Api-Key: X' http://public
curl -H "Authorization: Bearer X" -H "Accept: public" http://public
docker run -e "DB_PASSWORD=X" public
docker run -e 'DB_PASSWORD=X' public
docker build --build-arg "NPM_TOKEN=X" public
command: ["docker", "run", "-e", "DB_PASSWORD=X", "public"]
command: ['serve', '--token=X', 'public']
serve "--token=X" public
{"password": "X", "image": "public"}
{password: 'X', image: public}
command: ["mysql", "-pX", "public"]
mysql '-pX' public
<add key="ApiPassword" value="X"/><public/>
requirepass X
url: amqp://bob:X@public
""".strip().splitlines()
WORDS = [f"Kuh7{sign}Gras8" for sign in (*",]}=@:#%!~+^.-?*", "},", ",]")]


@pytest.mark.parametrize("word", WORDS)
@pytest.mark.parametrize("line", SIGNED)
def test_a_sign_in_a_value_does_not_end_it(line: str, word: str) -> None:
    [seen] = shown_lines([line.replace("X", word, 1) if "Api" not in line else re.sub(r"\bX(?!-)", word, line)])
    assert "Kuh7" not in seen
    assert "Gras8" not in seen
    assert seen.count("public") == line.count("public")


@pytest.mark.parametrize("word", ["Som;mer|Nacht", "Som&mer>Nacht", "Som(mer)Nacht", "Som mer,Nacht", "Som'mer"])
@pytest.mark.parametrize("line", [line for line in SIGNED if re.search(r"[\"](?:[\w-]+(?:: |=)|-p)?X[\"]", line)])
def test_nor_do_signs_of_a_shell_in_quotes(line: str, word: str) -> None:
    [seen] = shown_lines([re.sub(r"\bX(?!-)|(?<=-p)X", word, line)])
    assert not re.search("Som|mer|Nacht", seen)
    assert seen.count("public") == line.count("public")


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("{token: X,image: y}", "{token: (secret),image: y}"),
        ("{token: X, image: y}", "{token: (secret), image: y}"),
        ("{a: {token: X}, b: {token: Y}, c: z}", "{a: {token: (secret)}, b: {token: (secret)}, c: z}"),
        ('{"token":4711,"image":"y"}', '{"token":(secret),"image":"y"}'),
        ('[{"token":4711},{"image":"y"}]', '[{"token":(secret)},{"image":"y"}]'),
        ("{token: ${TOKEN}, image: y}", "{token: ${TOKEN}, image: y}"),
        ("{a: {token: [[TOKEN]]}, image: y}", "{a: {token: [[TOKEN]]}, image: y}"),
        ("serve --token [[TOKEN]] --port 80", "serve --token [[TOKEN]] --port 80"),
        ("users=bob:$argon2id$v=19$m=65536,t=3,p=4$Kuh7$Gras8", "users=bob:(secret)"),
        ("users=bob:$7$101$Kuh7$Gras8,eve:$$7$$101$$Kuh7$$Gras8", "users=bob:(secret),eve:(secret)"),
        ("image: bob:Kuh7@Gras8@registry.example.com/x", "image: bob:(secret)@registry.example.com/x"),
        ("requirepass Kuh7Gras8==", "requirepass (secret)"),
        ("password file:", "password file:"),
        ("ssl_session_cache shared:SSL:10m;", "ssl_session_cache shared:SSL:10m;"),
    ],
)
def test_what_ends_a_value_is_told(line: str, told: str) -> None:
    assert shown_lines([line]) == [told]


SCRIPTS = [
    ("PGPASSWORD=$(cat /run/pg) psql -c 'DROP DATABASE x'", "PGPASSWORD=$(cat /run/pg) psql -c 'DROP DATABASE x'"),
    ("export TOKEN=$(cat /run/t) && curl x | sh", "export TOKEN=$(cat /run/t) && curl x | sh"),
    ('export TOKEN="$(cat /run/t)"; curl x | sh', 'export TOKEN="$(cat /run/t)"; curl x | sh'),
    ("TOKEN=`cat x` make", "TOKEN=`cat x` make"),
    ("TOKEN=$(a \"$(b 'c')\" (d)) make", "TOKEN=$(a \"$(b 'c')\" (d)) make"),
    ("TOKEN=$(echo hunter2 | x) make", "TOKEN=$(secret) make"),
    ("TOKEN=[[A]] make", "TOKEN=[[A]] make"),
    ("TOKEN=$A make", "TOKEN=$A make"),
    ("TOKEN=${A:-hunter2} make", "TOKEN=(secret) make"),
    ("TOKEN=hunter2 make", "TOKEN=(secret) make"),
    ("TOKEN='hunter2 hunter2; x' make", "TOKEN=(secret) make"),
    ('TOKEN="hunter2 \\" hunter2"make x', "TOKEN=(secret) x"),
    ("TOKEN=hunter2\\ hunter2 make", "TOKEN=(secret) make"),
    ("TOKEN=hunter2;make", "TOKEN=(secret);make"),
    ("TOKEN=hunter2|make", "TOKEN=(secret)|make"),
    ("TOKEN=hunter2&make", "TOKEN=(secret)&make"),
    ("TOKEN=hunter2 \\\n  make", "TOKEN=(secret) \\\n  make"),
    ("export TOKEN=hunter2\n  make", "export TOKEN=(secret)\n  make"),
    ("TOKEN=hunter2 mysql -phunter2 x", "TOKEN=(secret) mysql -p(secret) x"),
    ("A_TOKEN=hunter2 B_TOKEN=hunter2 make", "A_TOKEN=(secret) B_TOKEN=(secret) make"),
    ("TOKEN='hunter2 &&\nhunter2' && make", "TOKEN=(secret)\n(secret)"),
    ("TOKEN=$(hunter2 && make", "TOKEN=(secret)"),
    (
        "cat > .env <<EOF\nTOKEN=a hunter2\nEOF\nTOKEN=b make",
        "cat > .env <<EOF\nTOKEN=(secret)\nEOF\nTOKEN=(secret) make",
    ),
]


@pytest.mark.parametrize(("text", "told"), SCRIPTS)
def test_what_follows_a_secret_in_a_script_is_told(text: str, told: str) -> None:
    seen = shown_lines(text.split("\n"), "script")
    assert "\n".join(seen) == told
    assert shown_lines(seen, "script") == seen


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("DB_PASSWORD=my hunter2 x", "DB_PASSWORD=(secret)"),
        ("DB_PASSWORD=my hunter2 && x", "DB_PASSWORD=(secret)"),
        ("DB_PASSWORD=my; hunter2 | x", "DB_PASSWORD=(secret)"),
        ("export DB_PASSWORD=my hunter2 x", "export DB_PASSWORD=(secret)"),
        ("  - DB_PASSWORD=$A hunter2 x", "  - DB_PASSWORD=(secret)"),
        ("export TOKEN=hunter2 && make", "export TOKEN=(secret) && make"),
        ("export TOKEN=hunter2; make", "export TOKEN=(secret); make"),
        ("TOKEN=hunter2 && make", "TOKEN=(secret) && make"),
        ("- PGPASSWORD=$(cat x) psql", "- PGPASSWORD=$(cat x) psql"),
        ("x && PGPASSWORD=$(cat x) psql", "x && PGPASSWORD=$(cat x) psql"),
        ("command: |\n  TOKEN=hunter2 make\nx: |\n  TOKEN=a hunter2",
         "command: |\n  TOKEN=(secret) make\nx: |\n  TOKEN=(secret)"),
        ("command:\n- sh\n- |\n  TOKEN=hunter2 x\nx:\n- TOKEN=a hunter2",
         "command:\n- sh\n- |\n  TOKEN=(secret) x\nx:\n- TOKEN=(secret)"),
        ("run:\n  environment:\n    - TOKEN=a hunter2", "run:\n  environment:\n    - TOKEN=(secret)"),
        ('a.command = """\nTOKEN=hunter2 x\n"""\nTOKEN=a hunter2',
         'a.command = """\nTOKEN=(secret) x\n"""\nTOKEN=(secret)'),
    ],
)  # fmt: skip
def test_a_value_in_a_text_ends_early_only_where_a_shell_reads_it(text: str, told: str) -> None:
    seen = shown_lines(text.split("\n"))
    assert "\n".join(seen) == told
    assert shown_lines(seen) == seen


@pytest.mark.parametrize("line", [text for text, _ in SCRIPTS if text.startswith("TOKEN=") and "\n" not in text])
def test_the_value_of_a_pair_goes_to_the_end_of_its_line(line: str) -> None:
    assert shown_lines([line], "pairs") == ["TOKEN=(secret)"]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("if (password === undefined) {", "if (password === undefined) {"),
        ("if (token == null || x) {", "if (token == null || x) {"),
        ("return token !== other;", "return token !== other;"),
        ("x.map(token => token.x)", "x.map(token => token.x)"),
        ("password === x && y()", "password === x && y()"),
        ("if (password === 'hunter2' && x) {", "if (password === '(secret)' && x) {"),
        ("'password' => 'hunter2',", "'password' => (secret),"),
        ("PASSWORD==hunter2", "PASSWORD=(secret)"),
        ("PASSWORD=== hunter2", "PASSWORD=(secret)"),
    ],
)
def test_a_comparison_gives_no_value(line: str, told: str) -> None:
    assert shown_lines([line]) == [told]


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("postgres://readonly:hunter2@db/app", "postgres://readonly:(secret)@db/app"),
        ("postgres://bob:hun/ter2@hunter2@db", "postgres://bob:(secret)@db"),
        ("amqp://user_1:hunter2@h", "amqp://user_1:(secret)@h"),
        ("https://x-access-token:hunter2@h", "https://x-access-token:(secret)@h"),
        ("https://oauth2:hunter2@h", "https://oauth2:(secret)@h"),
        ("https://hunter2Token0a1b:hunter2@h", "https://(secret)@h"),
        ("https://hunter4711:hunter2@h", "https://(secret)@h"),
        ("https://hunter2:x-oauth-basic@h", "https://(secret)@h"),
        ("https://hunter2:@h", "https://(secret)@h"),
        ("https://bob%40hunter2:hunter2@h", "https://(secret)@h"),
        ("redis://:hunter2@h", "redis://(secret)@h"),
        ("https://hunter2hunter2hunter2@h", "https://(secret)@h"),
    ],
)
def test_of_a_login_in_a_url_the_user_is_told_where_it_is_plainly_one(url: str, told: str) -> None:
    for lead in ("", "url: ", "  - URL="):
        assert shown_lines([f"{lead}{url} public"]) == [f"{lead}{told} public"]
        assert shown_lines([f"{lead}{told} public"]) == [f"{lead}{told} public"]


def test_what_looks_like_a_secret_is_known_by_its_value() -> None:
    text = 'PASSWORD: "hunter2"\nurl: https://me:hunter3@x\nsecrets: {a: {content: hunter4}}\nx: public'
    assert judged(text) == {"hunter2", "hunter3", "hunter4"}
    assert judged("x: y\n") == frozenset()


def test_a_long_line_costs_no_more_than_its_length() -> None:
    """Repeating what starts a match is where a pattern becomes quadratic: minutes instead of a moment."""
    for piece in (
        "a=",
        "a: ",
        "://a",
        "k='",
        'k="',
        "--a ",
        "a://",
        "eager ",
        "eyJaaaa.",
        "eyJaaaaaaaaaa ",
        "${A",
        "a.",
        "- ",
        "mysql -p ",
        "mongo -p -",
        "curl -u a ",
        "htpasswd -n ",
        "htpasswd x -n -n ",
        "rabbitmqctl -n ",
        "mc alias ",
        "lftp -u ",
        "curl -u'",
        'curl -u \\" ',
        "x=$(a",
        '"$(a)',
        'a="{\\n',
        'a = "{',
        'a = """{',
    ):
        line = piece * (200_000 // len(piece))
        assert shown_lines([line]) == [line]
    for piece in (
        "token=$(",
        "token=`a",
        "token=$(a)",
        'token="$(a)',
        "TOKEN=$(a (b",
        "TOKEN=`",
        "TOKEN=\\",
        "TOKEN=${",
    ):
        line = f"TOKEN={piece * (200_000 // len(piece))}"
        assert shown_lines([line], "script") != shown_lines([f"x {line}"])


@pytest.mark.parametrize(
    ("name", "secret"),
    [
        ("DB_PASS", True), ("apiKey", True), ("API_KEY_2", True), ("SECRET_KEY_BASE", True), ("ADMINPASS", True),
        ("tokens", True), ("AWS_ACCESS_KEY_ID", True), ("WEBHOOK_URL", True), ("Authorization", True),
        ("bypass", False), ("KEY_FILE", False), ("TOKEN_TTL", False), ("SSH_PUBLIC_KEY", False), ("author", False),
        ("WEBHOOK_URI", True), ("TOKEN_URL", True), ("SESSION_ID", True), ("PIN", True), ("AUTH_HEADER", True),
        ("AUTH_URL", False), ("authHost", False), ("MAX_TOKENS", False), ("MAX_TOKEN", True), ("PER_KEY", True),
        ("keyboard", False), ("secrets", False), ("PRIVATE_NETWORK", False), ("", False), ("1", False),
    ],
)  # fmt: skip
def test_names_that_promise_a_secret(name: str, secret: bool) -> None:
    assert looks_secret(name) is secret


@pytest.mark.parametrize(
    ("value", "only"),
    [
        ("[[A]]", True), ("${A}", True), ("$A", True), ('"${A:?no}"', True), ("${A:-}", True), ("[[A]]:[[B]]", True),
        ("${A:-x}", False), ("[[A]]x[[B]]", False), ("$ecret", False), ("x${A}", False), ("", False), ('"${A}', False),
    ],
)  # fmt: skip
def test_values_that_only_name_another(value: str, only: bool) -> None:
    assert is_reference(value) is only


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("command: mysql -uroot\n          -pcanary1abc", "command: mysql -uroot\n          -p(secret)"),
        ("command: >\n  redis-cli\n  -a canary1abc", "command: >\n  redis-cli\n  -a (secret)"),
        ("test: >-\n mysqladmin ping\n -uroot\n -pcanary1abc", "test: >-\n mysqladmin ping\n -uroot\n -p(secret)"),
        ("command: |\n  mysql \\\n    -pcanary1abc", "command: |\n  mysql \\\n    -p(secret)"),
        ("- CMD=mysql -pcanary1abc -e 'one'", "- CMD=mysql -p(secret) -e 'one'"),
        ('- "RUN=redis-cli -a canary1abc"', '- "RUN=redis-cli -a (secret)"'),
        (
            "- ofelia.job.command=mysqldump -uroot -pcanary1abc db",
            "- ofelia.job.command=mysqldump -uroot -p(secret) db",
        ),
        ("--health-cmd=mysqladmin ping -pcanary1abc", "--health-cmd=mysqladmin ping -p(secret)"),
        # what is no command that goes on
        ("image: mysql\nother:\n  - x\n  -pvalue1", "image: mysql\nother:\n  - x\n  -pvalue1"),
        ("command: mysql\nports:\n  - 80", "command: mysql\nports:\n  - 80"),
    ],
)
def test_a_command_in_another_value_or_over_several_lines(text: str, told: str) -> None:
    assert "\n".join(shown_lines(text.split("\n"))) == told


@pytest.mark.parametrize("name", ["auth", "webhook", "session", "keys", "secrets", "token"])
@pytest.mark.parametrize("style", ["", "    # what signs in\n", "    <<: *base\n"])
def test_a_mapping_behind_a_name_that_looks_secret_is_a_group(name: str, style: str) -> None:
    text = (
        f"services:\n  {name}:\n{style}    image: x/y:1\n    volumes:\n      - /:/host\n    ports:\n    - 80:80\n"
        "    environment:\n      - API_KEY=hunter2\n      - LEVEL=info\n    command:\n      - --port\n      - '80'\n"
        "    depends_on:\n      - db\n    tokens:\n      - hunter2\n  next:\n    image: z\n"
    )
    seen = shown_text(text)
    assert "hunter2" not in seen
    wanted = text.replace("hunter2", "(secret)")
    assert [line for line in seen.splitlines() if "#" not in line and not line.endswith("(secret)")] == [
        line for line in wanted.splitlines() if "#" not in line and not line.endswith("(secret)")
    ]


def test_what_a_list_of_mappings_behind_such_a_name_holds_beside_them_is_hidden() -> None:
    seen = shown_text("keys:\n  - name: a\n    size: 2\n  - hunter2\nNEXT: public")
    assert "hunter2" not in seen
    assert "public" in seen


@pytest.mark.parametrize(
    "line", ["PIN: 1234", "PASSWORD: 12345", "- API_KEY=4711", "SALT: 12", "PASSWORD: login", "TOKEN: MIT"]
)
def test_a_number_or_a_word_is_no_less_a_secret(line: str) -> None:
    [seen] = shown_lines([line])
    assert seen.endswith("(secret)")


def test_of_a_script_in_a_text_that_says_who_reads_it_what_follows_a_secret_is_told() -> None:
    text = """configs:
  run:
    content: |
      #!/bin/sh
      PGPASSWORD=hunter2 psql -h public -c "select 1"
      export A_PASSWORD='hunter2' HOST='public'
  env:
    content: |
      PASSWORD=correct hunter2 battery
  other: public"""
    seen = shown_lines(text.split("\n"))
    assert seen == text.replace("correct hunter2 battery", "(secret)").replace("'hunter2'", "hunter2").replace(
        "hunter2", "(secret)"
    ).split("\n")  # fmt: skip
    assert shown_lines(seen) == seen
    whole = "#!/usr/bin/env bash\nTOKEN=hunter2 ./run public"
    assert shown_lines(whole.split("\n")) == whole.replace("hunter2", "(secret)").split("\n")


@pytest.mark.parametrize("line", ["TOKEN='hunter2'; curl public", "TOKEN='hunter2' HOST=public"])
def test_behind_a_value_in_quotes_a_shell_goes_on(line: str) -> None:
    assert shown_lines([line]) == [line.replace("'hunter2'", "(secret)")]
    assert shown_lines(["TOKEN='hunter2' hunter2"]) == ["TOKEN=(secret)"]


@pytest.mark.parametrize(
    "url",
    [
        "smtps://rob:hunter2@mail.example.org:465/?to=b@example.org",
        "smtp://rob:hunter2@mail.example.org:587/?auth=Plain&from=w@x&to=r@example.org",
        "postgres://u:hunter2@db.example.org/d?application_name=me@host",
        "mailtos://rob:hunter2@mail.example.org?to=b@example.org",
        "https://u:hunter2@git.example.org/npm/@scope/pkg",
        "https://hunter2hunter2hunter2@git.example.org/x?to=a@b",
    ],
)
def test_an_at_behind_the_host_of_a_url_ends_no_login(url: str) -> None:
    told = url.replace("hunter2hunter2hunter2", "(secret)").replace("hunter2", "(secret)")
    assert shown_lines([f"URL: {url}"]) == [f"URL: {told}"]


@pytest.mark.parametrize(
    "password", ["hunter2@hunter2", "hunter2@hunter2/hunter2", "hunter2/hunter2", "hunter2?hunter2"]
)
def test_a_password_in_a_url_goes_to_its_last_at(password: str) -> None:
    assert shown_lines([f"URL: postgres://me:{password}@db/x"]) == ["URL: postgres://me:(secret)@db/x"]


def test_users_of_a_list_of_them_in_quotes_are_told_without_their_passwords() -> None:
    text = 'content: |\n  "bob" "SCRAM-SHA-256$4096:hunter2=$hunter2:hunter2"\n  "eva" "hunter2"'
    assert shown_lines(text.split("\n")) == ["content: |", '  "bob" "(secret)"', '  "eva" "(secret)"']
    assert shown_lines(["hash: md5a1b2c3d4e5f60718293a4b5c6d7e8f90"]) == ["hash: (secret)"]


def test_a_key_for_everybody_is_told() -> None:
    for name in ("STRIPE_PUBLISHABLE_KEY", "TURNSTILE_SITE_KEY", "RECAPTCHA_SITEKEY"):
        assert shown_lines([f"{name}: pk_live_51H8"]) == [f"{name}: pk_live_51H8"]
    assert shown_lines(["SITE_SECRET_KEY: hunter2"]) == ["SITE_SECRET_KEY: (secret)"]
