"""What of a secret address is told. Every secret here is called hunter2."""

from __future__ import annotations

import pytest

from komodo_sync.model.hosts import holds_nothing, names_address, opening, tells_host, told_address
from komodo_sync.model.sealed import HIDDEN, Sealed

TOLD = """
https://hooks.slack.com/services/T0/B0/hunter2      https://hooks.slack.com/(secret)
https://ntfy.example.com:8443/hunter2               https://ntfy.example.com:8443/(secret)
https://api.pushover.net?token=hunter2              https://api.pushover.net?(secret)
https://app.example.com#hunter2                     https://app.example.com#(secret)
http://my_ntfy/hunter2                              http://my_ntfy/(secret)
http://ntfy/hunter2                                 http://ntfy/(secret)
ws://[::1]:80/hunter2                               ws://[::1]:80/(secret)
wss://gotify.example.com/stream?token=hunter2       wss://gotify.example.com/(secret)
https://hunter2@o1.ingest.sentry.io/2               https://(secret)@o1.ingest.sentry.io/(secret)
https://hunter2@o4505218217705472.ingest.sentry.io  https://(secret)@o4505218217705472.ingest.sentry.io
https://bob:hunter2@example.com/                    https://(secret)@example.com/
https://bob:hun@ter2@example.com/hunter2            https://(secret)@example.com/(secret)
https://${DOMAIN}/hunter2                           https://${DOMAIN}/(secret)
https://n8n.${DOMAIN}:${PORT}/hunter2               https://n8n.${DOMAIN}:${PORT}/(secret)
https://example.com/${HOOK}/hunter2                 https://example.com/(secret)
https://my-server-for-mails-2.example.com/hunter2   https://my-server-for-mails-2.example.com/(secret)
https://prod-12.westeurope.azure.com/hunter2        https://prod-12.westeurope.azure.com/(secret)
https://10.0.0.1:8080/hunter2                       https://10.0.0.1:8080/(secret)
https://(secret)@example.com/(secret)               https://(secret)@example.com/(secret)
""".strip().splitlines()
WHOLE = """
https://example.com
https://example.com/
http://localhost:8080/
https://example.com/${HOOK}
https://example.com/[[HOOK]]
https://${USER}:${PASSWORD}@example.com/
[[HOOK_URL]]
""".strip().splitlines()
NOTHING = """
hunter2
ftp://example.com/hunter2
mailto:hunter2@example.com
https://
https:///hunter2
https://example.com:hunter2
https://bob:hun/ter2@example.com/
https://bob:12/hunter2@example.com/
https://bob:hunter?2@example.com/
https://example.com/hunter2?to=bob@example.com
https://hunter2hunter2hunter2.example.com/x
https://550e8400-e29b-41d4-a716-446655440000.webhook.example.com/
https://eosv2gt9ci5l9pu.m.pipedream.net/
https://abcdefghijklmnopqrstuvwxyzabcd.example.com/
https://example.0123456789012345678901234.com/
https://ghp_hunter2hunter2hunter2hunter2.example.com/x
https://sk_live_hunterhunter/x
x https://example.com/hunter2
""".strip().splitlines()


@pytest.mark.parametrize("pair", TOLD)
def test_of_an_address_the_host_is_told(pair: str) -> None:
    value, told = pair.split()
    assert told_address(value) == told
    assert told_address(told) == told
    assert tells_host(told) == told.endswith(HIDDEN)
    assert not holds_nothing(value)


@pytest.mark.parametrize("value", WHOLE)
def test_what_holds_no_secret_is_told(value: str) -> None:
    assert told_address(value) == value
    assert holds_nothing(value)
    assert holds_nothing(Sealed(value, told=value))
    assert not holds_nothing(Sealed(value))
    assert not tells_host(value)


@pytest.mark.parametrize("value", NOTHING)
def test_what_is_no_address_or_has_a_secret_in_its_host_is_not_told(value: str) -> None:
    assert told_address(value) == HIDDEN
    assert not tells_host(told_address(value))
    assert not holds_nothing(value)


@pytest.mark.parametrize(
    ("begun", "told"),
    [
        ("https://example.com/a/", "https://example.com/"),
        ("https://example.com/", "https://example.com/"),
        ("https://example.com?x=", "https://example.com?"),
        ("https://example.com", ""),
        ("https://hunter2@example.com/", ""),
        ("https://hunter2hunter2hunter2.com/", ""),
        ("https://", ""),
        ("", ""),
    ],
)
def test_of_what_goes_on_elsewhere_the_host_is_told_once_it_has_ended(begun: str, told: str) -> None:
    assert opening(begun) == told


def test_a_name_says_that_its_value_is_an_address() -> None:
    named = ("SLACK_WEBHOOK", "WEBHOOK_TARGET", "webhook_configs", "webhooks", "SENTRY_DSN", "TOKEN_URL", "secret.uris")
    assert [name for name in named if not names_address(name)] == []
    assert [
        name for name in ("TOKEN", "PASSWORD", "URL_TOKEN", "KEY", "WEBHOOK_SECRET", "") if names_address(name)
    ] == []
