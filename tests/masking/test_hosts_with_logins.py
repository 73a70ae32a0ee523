"""Lists in which a password stands behind its host or its user, and what stands beside it."""

from __future__ import annotations

import pytest

from komodo_sync.masking.mask import shown_text

PASSWORD, OTHER = "Xk29sLmq", "Yb73tRwz"


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("PRIMARY=http://ph1.lan|Xk29sLmq", "PRIMARY=http://ph1.lan|(secret)"),
        (
            "REPLICAS: 'http://ph2.lan|Xk29sLmq,https://ph3.lan:8443|Yb73tRwz'",
            "REPLICAS: 'http://ph2.lan|(secret),https://ph3.lan:8443|(secret)'",
        ),
        ("REDIS_HOSTS=local:redis:6379:0:Xk29sLmq", "REDIS_HOSTS=local:redis:6379:0:(secret)"),
        (
            "REDIS_HOSTS=a:redis:6379:0:Xk29sLmq,b:redis2:6379:1:Yb73tRwz",
            "REDIS_HOSTS=a:redis:6379:0:(secret),b:redis2:6379:1:(secret)",
        ),
        (
            'org.apache.kafka.common.security.plain.PlainLoginModule required user_bob="Xk29sLmq" user_eva="Yb73tRwz";',
            'org.apache.kafka.common.security.plain.PlainLoginModule required user_bob="(secret)" user_eva="(secret)";',
        ),
        (
            "NC_DB: 'pg://root_db:5432?u=postgres&p=Xk29sLmq&d=root_db'",
            "NC_DB: 'pg://root_db:5432?u=postgres&p=(secret)&d=root_db'",
        ),
        ("VAULT_DEV_ROOT_TOKEN_ID=Xk29sLmq", "VAULT_DEV_ROOT_TOKEN_ID=(secret)"),
        ("DBROOT=Xk29sLmq", "DBROOT=(secret)"),
        (
            "--certificatesresolvers.le.acme.eab.hmacencoded=Xk29sLmq",
            "--certificatesresolvers.le.acme.eab.hmacencoded=(secret)",
        ),
    ],
)
def test_the_password_is_hidden_and_the_host_is_told(line: str, told: str) -> None:
    for text in (line, f"services:\n  a:\n    environment:\n      - {line}"):
        shown = shown_text(text)
        assert shown.endswith(told), shown
        assert PASSWORD not in shown
        assert OTHER not in shown


@pytest.mark.parametrize(
    "line",
    [
        "PRIMARY=http://ph1.lan",
        "PRIMARY=node-1",
        "test: curl -fs http://localhost:3000|grep ok",
        "REDIS_HOSTS=local:redis:6379",
        "REDIS_HOSTS=a:redis:6379:0,b:redis2:6379:1",
        "user_data=/srv/users",
        "JWT_HEADER=X-Auth-Request",
        "jwt_lifespan: 1h",
        "access_token: 1h30m",
        "refresh_token: 90m",
        "session: 14 days",
        "NC_DB=pg://root_db:5432?u=postgres&d=root_db",
        "URL=https://example.com/?p=123&x=Xk29sLmq",
        "environment: [CONTAINERS=1, AUTH=0, SECRETS=1, POST=0]",
        "MYSQL_ALLOW_EMPTY_PASSWORD=1",
        "xpack.security.http.ssl.key=certs/es01/es01.key",
        "TLS_KEY=certs/tls.key",
        "ssl_certificate_key certs/site.pem;",
        "CONNECT_KEY_CONVERTER=org.apache.kafka.connect.storage.StringConverter",
        "AUTHENTIK_SESSION_STORAGE=cache",
        "PRIMARY_KEY_COLUMN=user_id",
        "SOGO_EXPIRE_SESSION=480",
        "ME_CONFIG_BASICAUTH_USERNAME=admin",
        "password_encryption=scram-sha-256",
    ],
)
def test_what_looks_alike_is_told(line: str) -> None:
    assert shown_text(line) == line


def test_what_is_longer_than_a_time_is_hidden() -> None:
    for value in ("1h30m20s5d9w", "9h4k", "20261130", "1hour"):
        assert shown_text(f"access_token: {value}") == "access_token: (secret)", value


def test_admins_of_a_table_are_users() -> None:
    """As a CouchDB has them."""
    text = "[admins]\nadmin = Winter8Regen\n\n[chttpd]\nport = 5984\n"
    assert shown_text(text) == text.replace("Winter8Regen", "(secret)")
