"""Which names promise a secret, and which values are none whatever their name."""

from __future__ import annotations

import pytest

from komodo_sync.model.known import Known, is_telling
from komodo_sync.model.secrecy import is_public, looks_secret

ABOUT = """
KEY_ID: K001a
B2_APPLICATION_KEY_ID: 004abcd
key_id: 004abcd
PVE_TOKEN_ID: root@pam!komodo
S3_ACCESS_KEY_ID: GK12345
PARTITION_KEY: region
PRIMARY_KEY_FIELD: id
PASS_THROUGH: all
PASSKEY_RP_ID: example.com
ANSIBLE_HOST_KEY_CHECKING: accept-new
server.ssl.key-alias: tomcat
ca-pin: sha256:7c12dbe8b7
password-from-env: bob
OAUTH2_PROXY_COOKIE_DOMAINS: .example.com
SESSION_COOKIE_DOMAINS: a.example.com,b.example.com
PASSWORD_POLICIES: long
TOKEN_EXPIRIES: 5m
AUTH_DIRECTORIES: /x
JWT_ISSUERS: https://id.example.com/a
JWT_ALGORITHMS: RS256
JWT_ALG: RS256
KEY_FILENAME: x
GF_AUTH_ANONYMOUS_ORG_ROLE: Viewer
GF_AUTH_ANONYMOUS_ORG_ROLE: Admin
NTFY_AUTH_DEFAULT_ACCESS: read-write
NTFY_AUTH_ACCESS: service:*:rw
OAUTH2_PROXY_SKIP_AUTH_ROUTES: GET=^/api
OAUTH2_PROXY_SKIP_AUTH_REGEX: ^/api
AUTH_SERVER: http://authelia:9091
AUTH_SERVER: authelia:9091
RACKULA_AUTH_SESSION_GENERATION: 3
AUTH_REQUEST_AUTHELIA_UPSTREAM: http://127.0.0.1:9091
AUTH_TRUSTED_PROXIES: 10.0.0.0/24
AUTH_TRUSTED_PROXIES: traefik
GF_AUTH_PROXY_WHITELIST: 10.0.0.1
GF_AUTH_OAUTH_ALLOWED_DOMAINS: example.com
GF_AUTH_GITHUB_ALLOWED_ORGANIZATIONS: acme
GF_AUTH_GITHUB_TEAM_IDS: 150,300
GF_AUTH_GENERIC_OAUTH_CLIENT_ID: grafana
GF_AUTH_JWT_USERNAME_CLAIM: sub
GF_AUTH_JWT_JWK_SET_URL: https://id.example.com/jwks.json?x=1
AUTH_LDAP_SERVER: ldap
AUTH_LDAP_BASE_DN: dc=example,dc=com
AUTH_LDAP_BIND_DN: cn=reader,dc=example,dc=com
LDAP_AUTH_FILTER: (memberOf=cn=admins)
AUTH_LDAP_SEARCH_SCOPE: base
AUTH_OIDC_GROUPS_ATTRIBUTE: groups
AUTH_SESSION_EXPIRY_TIME: 30d
TINYAUTH_AUTH_SESSIONEXPIRY: 3600
TINYAUTH_AUTH_TRUSTEDPROXIES: traefik
MONGO_AUTH_SOURCE: admin
MONGO_AUTH_DB: admin
LICENSE_SERVER: 27000@license
PASSWORD_HASHING: argon2
PASSWORD_HASH_ALGO: argon2
PASSWORD_ITERATIONS: 600000
AUTH_IMAGE: authelia:4.38
AUTH_VERSION: 4.38
caddy.forward_auth: authelia:9091
caddy.forward_auth.copy_headers: Remote-User
caddy.1_forward_auth.uri: /api/verify?rd=https://auth.example.com
GITEA__webhook__ALLOWED_HOST_LIST: external
GITEA__session__GC_INTERVAL_TIME: 86400
SASL_AUTH_MECHANISM: PLAIN
S3_SIGNATURE_VERSION: s3v4
OAUTH2_PROXY_COOKIE_REFRESH: 1h
SESSION_SAME_SITE: lax
COOKIE_HTTPONLY: 1
JWT_EXPIRES_IN: 7d
WEBHOOK_EVENTS: push
WEBHOOK_RETRIES: 3
SESSION_TIMEOUT_MS: 1800000
MAX_TABS_PER_SESSION: 10
AUTH_AUTHORITY: https://netbird.example.com/oauth2
CSI_SECRET_NAMESPACE: rook
VALKEY_EXTRA_FLAGS: --save 60 1
valkey: redis
AUTH_ALLOWED_USERS: bob,eve
AUTH_ADMINS: bob
AUTH_LEVEL: 3
AUTH_PROTOCOL: ldap
AUTH_CALLBACK: https://app.example.com/callback?x=y
AUTH_ALLOWED_ORIGINS: a
AUTH_MIDDLEWARES: authelia@docker
TINYAUTH_AUTH_IP_ALLOW: a
AUTH_UID: 1000
traefik.http.middlewares.x.basicauth.headerField: X-WebAuth-User
""".strip().splitlines()
"""The value is about the secret: nobody looks at it."""

SECRET = """
BASIC_AUTH: user:pw
AUTH: hunter2
HTTP_AUTH: user:pass
AUTH_KEY: hunter2
AUTH_TOKEN: hunter2
AUTH_SECRET: hunter2
AUTH_PASSWORD: hunter2
AUTH_CODE: hunter2
AUTH_STRING: hunter2
AUTH_LOGIN: hunter2
AUTH_DATA: hunter2
AUTH_USERS: bob:hunter2
AUTH_USER: bob:hunter2
AUTH_LIST: bob:hunter2
caddy.basicauth.user: hunter2
caddy.basicauth.team: hunter2
DOCKER_AUTH_CONFIG: hunter2
X_AUTH: hunter2
PROXY_AUTH: hunter2
SMTP_AUTH: bob:hunter2
SMTP_AUTH: login hunter2
AUTH_HEADER: hunter2
AUTH_HEADER: Bearer hunter2
AUTH_HEADER: hunter-two
X_AUTH_HEADERS_KEY: hunter2
SECRET_SERVER: hunter2
JWT_SECRET_ACCESS: hunter2
JWT_ACCESS: hunter2
DB_PASSWORD_USER: hunter2
DB_PASSWORD_ADMIN: hunter2
TOKEN_SERVICE: hunter2
API_KEY_LIST: hunter2
SECRET_KEY_BASE: hunter2
SECRET_REFRESH: hunter2
PAGERDUTY_ROUTING_KEY: hunter2
AWS_ACCESS_KEY_ID: hunter2
SESSION_ID: hunter2
AUTHORIZATION: hunter2
WEBHOOK_URL: https://n8n.example.com/webhook
SLACK_WEBHOOK_URL: https://hunter2.example.org/x
TOKEN_URL: https://id.example.com/hunter2
TOKEN_URL: https://id.example.com/token?x=hunter2
TOKEN_URL: https://id.example.com/abcdefghijklmnopqrst
TOKEN_URL: bob
TOKEN_ENDPOINT: https://bob:hunter2@id.example.com/token
TOKEN: https://id.example.com/token
PASSWORD: bob
DSN: https://hunter2@sentry.example.com/1
DSN: https://hunter2@sentry.example.com
KEY: https://example.com/?hunter2
KEY: https://example.com/#hunter2
KEY: https://example.com/hunter2
KEY: notify://hunter2
KEY: https://
SNMP_COMMUNITY: hunter2
SNMP_COMMUNITY_RO: hunter2
PEPPER: hunter2
PASSWORD_PEPPER: hunter2
OTP_SEED: hunter2
SEED_PHRASE: hunter2
RECOVERY_CODES: hunter2
PLEX_CLAIM: hunter2
API_HASH: hunter2
TELEGRAM_API_HASH: hunter2
apiHash: hunter2
PASSWRD: hunter2
DB_PSWD: hunter2
KENNWORT: hunter2
DBPASSWORT: hunter2
MOTDEPASSE: hunter2
MOT_DE_PASSE: hunter2
CONTRASENA: hunter2
WACHTWOORD: hunter2
HASLO: hunter2
OWM_APPID: hunter2
GSLT: hunter2
SRCDS_GSLT: hunter2
INVITE_CODE: hunter2
INVITE_CODES: hunter2,hunter3
DISARM_CODE: 1234
disarm_code: hunter2
client_private: hunter2
PASSWORD: 1234
PIN: 10.0
PASSWORD: .hunter2
VALKEY_PASSWORD: hunter2
TOKEN_MS: hunter2
PASSWORD_LEVEL_2: all
AUTH_MFA: hunter2
AUTH_GUEST: hunter2
AUTH: bob@hunter2
auth-local: hunter2
LOCAL_PASSWORD: trust
PASSWORD_LOCAL: trust
""".strip().splitlines()

PUBLIC = """
PASSWORD: 1
MYSQL_ALLOW_EMPTY_PASSWORD: 1
SECRETS: 0
WEBHOOK_URL: https://n8n.example.com/
WEBHOOK_URL: https://n8n.example.com
WEBHOOK_URL: "https://n8n.example.com:8443/"
WEBHOOK_URL: https://${DOMAIN}/
WEBHOOK_URL: https://n8n.${DOMAIN}
ANY_SECRET: http://authelia:9091
ANY_SECRET: ws://a:1,wss://b/
ANY_TOKEN: 10.0.0.1
ANY_TOKEN: 10.0.0.0/24, 192.168.0.0/16
PROVIDERS_POCKETID_TOKEN_URL: https://id.${DOMAIN}/api/oidc/token
TOKEN_URL: https://id.example.com/application/o/token/
TOKEN_URL: https://id.example.com/realms/master/protocol/openid-connect/token
TOKEN_URL: https://login.example.com/oauth2/v2.0/token
TOKEN_ENDPOINT: https://id.example.com/.well-known/token
PASSWORD_RESET_URL: https://id.example.com/reset
AUTH_HEADER: X-Forwarded-User
AUTH_HEADER: Remote-User
AUTH_HEADER: Authorization
AUTH_PROXY_HEADER: X-WEBAUTH-USER
LD_AUTH_PROXY_USERNAME_HEADER: HTTP_REMOTE_USER
AUTH: basic
REGISTRY_AUTH: htpasswd
SMTP_AUTH: login plain
SMTP_AUTH: PLAIN, LOGIN,CRAM-MD5
AUTH_USER: bob
AUTH_USERNAME: bob@example.com
DISABLE_PASSWORD: True
DISABLE_PASSWORD: "no"
auth_basic: off;
TRAEFIK_AUTH: authelia@docker
AUTH_ALLOW_SIGNUPS: 1
AUTH_MFA: optional
AUTH_2FA: 1
SESSION_COOKIE: lax
auth-local: scram-sha-256
auth-local: trust
auth: reject
""".strip().splitlines()
NO_SECRET_WORDS = [
    "COMMUNITY", "GITLAB_COMMUNITY_EDITION", "SEED", "OTP_ISSUER", "SNMP_COMMUNITY_FILE", "PEPPERONI",
    "HASH", "COMMIT_HASH", "API_COMMIT_HASH", "API_HASH_TYPE", "GIT_HASH", "CODE", "LANGUAGE_CODE",
    "INVITE_CODE_LENGTH", "INVITE_URL", "APPID", "APP_ID", "FB_APPID", "MONITOR", "DISARM", "COMMUNITY_NAME",
]  # fmt: skip


def hides(pair: str) -> bool:
    name, value = pair.split(": ", 1)
    return looks_secret(name) and not is_public(name, value)


@pytest.mark.parametrize("pair", ABOUT)
def test_what_is_about_a_secret_is_none(pair: str) -> None:
    assert not hides(pair)


@pytest.mark.parametrize("pair", SECRET)
def test_a_secret_is_hidden_by_its_name(pair: str) -> None:
    assert hides(pair)


@pytest.mark.parametrize("pair", PUBLIC)
def test_a_value_that_holds_nothing_is_public(pair: str) -> None:
    assert not hides(pair)


@pytest.mark.parametrize("pair", ["user: bob", "url: https://example.com/a", "header: X-A", "name: bob", ": bob"])
def test_what_a_name_that_promises_nothing_stands_for_is_not_known_to_be_public(pair: str) -> None:
    assert not is_public(*pair.split(": ", 1))


@pytest.mark.parametrize("name", NO_SECRET_WORDS)
def test_a_word_alone_promises_nothing(name: str) -> None:
    assert not looks_secret(name)


@pytest.mark.parametrize("value", [".example.com", "example.com", ".auth.example.com", "http://authelia:9091"])
def test_a_domain_is_looked_for_nowhere_else(value: str) -> None:
    assert not is_telling(value)
    known = Known([value])
    assert known.without_telling(f"registry{value}/acme/web:1.0") == f"registry{value}/acme/web:1.0"
