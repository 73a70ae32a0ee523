"""Secret addresses in texts, behind names that say that they are some: the host is told. Every secret is called
hunter2."""

from __future__ import annotations

import re

import pytest

from komodo_sync.masking.addresses import secrets_of, told_of
from komodo_sync.masking.lines import judged, shown_lines
from komodo_sync.masking.mask import masked, shown_text
from komodo_sync.masking.suspects import suspects
from komodo_sync.model.known import Known

LINES = """
N8N_WEBHOOK_URL=@
export SLACK_WEBHOOK="@"
SLACK_WEBHOOK='@' # mine
ALERT_WEBHOOK: @
  WEBHOOK_TARGET: "@" # mine
  - DISCORD_WEBHOOK_URL=@
  - "DISCORD_WEBHOOK_URL=@"
"webhook": "@",
"webhook": "@"
x: {webhook: "@", port: 1}
x: {webhook_url: @, port: 1}
SLACK_WEBHOOK=@ && notify $SLACK_WEBHOOK
notify --webhook-url @ --port 1
notify --webhook-url="@" --port 1
command: ["notify", "--webhook-url", "@", "--port", "1"]
- diun.notif.webhook.endpoint=@
traefik.x.webhook: @
webhook_url = "@"
TOKEN_URL=@
WEBHOOK_URL: ${WEBHOOK_URL:-@}
  - "WEBHOOK_URL=${HOOK-@}"
SENTRY_DSN=@
curl -H "X-Webhook: @" http://x
<webhook>@</webhook>
const webhookUrl = "@";
CFG={"webhook":{"url":"@"}}
CFG: '{"webhook": {"url": "@"}}'
webhooks: {bob: @}
webhook_configs: [{url: "@"}]
env: [{name: SLACK_WEBHOOK, value: "@"}]
""".strip().splitlines()
TEXTS = """
receivers:
  - name: x
    webhook_configs:
      - url: @
        send_resolved: true
---
receivers: [{name: x, webhook_configs: [{url: @, send_resolved: true}]}]
---
webhooks:
  - @
  - "@"
---
webhook_urls:
- @
---
env:
  - name: SLACK_WEBHOOK
    value: "@"
---
command:
  - --webhook-url
  - @
---
webhooks:
  bob: @
---
webhook:
  url: "@"
  method: POST
---
WEBHOOK_URL: >-
  @
---
WEBHOOK_URL: |
  @
OTHER: x
---
{"webhooks": [{"url": "@"}], "webhook": {"url": "@"}}
---
configs:
  alertmanager:
    content: |
      receivers:
        - name: x
          webhook_configs:
            - url: "@"
              send_resolved: true
---
configs:
  alertmanager:
    content: |
      receivers:
        - name: x
          webhook_configs: [{url: "@"}]
---
x = '''
receivers: [{name: x, webhook_configs: [{url: "@"}]}]
'''
""".strip().split("\n---\n")
ADDRESSES = {
    "https://chat.example.com/hook/hunter2/x1": "https://chat.example.com/(secret)",
    "https://chat.example.com:8443?token=hunter2": "https://chat.example.com:8443?(secret)",
    "http://${HOST}:${PORT}/hunter2": "http://${HOST}:${PORT}/(secret)",
}
WHOLE = """
TOKEN=https://chat.example.com/hunter2
KEY: https://chat.example.com/hunter2
SLACK_WEBHOOK=hunter2
WEBHOOK_URL=notify://chat.example.com/hunter2
WEBHOOK_URL: https://bob:hun/ter2@chat.example.com/hunter2
WEBHOOK_URL: https://hunter2hunter2hunter2.chat.example.com/hunter2
SLACK_WEBHOOK: &hook https://chat.example.com/hunter2
WEBHOOK_URL: hunter2 https://chat.example.com/hunter2
""".strip().splitlines()
SHOWN = """
N8N_WEBHOOK_URL=https://n8n.example.com/
WEBHOOK_URL: https://chat.example.com/${HOOK}
WEBHOOK_URL: "https://chat.example.com/[[HOOK]]"
TOKEN_URL: https://id.example.com/oauth2/token
""".strip().splitlines()


def fits(text: str, address: str) -> bool:
    """In braces and in no quotes one with signs is no YAML; in a TypeScript something is put into a text otherwise."""
    bare = re.search(r"[{\[].*@", text) is not None and '"@"' not in text
    return not (bare and re.search(r"[{?]", address)) and not ("const" in text and "{" in address)


@pytest.mark.parametrize(
    ("text", "address"), [(text, each) for text in (*LINES, *TEXTS) for each in ADDRESSES if fits(text, each)]
)
def test_the_host_of_an_address_is_told_and_what_is_behind_it_is_known(text: str, address: str) -> None:
    written = text.replace("@", address)
    seen = shown_text(written)
    assert "hunter2" not in seen
    assert seen.count(ADDRESSES[address]) == text.count("@")
    assert len(seen.splitlines()) == len(written.splitlines())
    assert shown_text(seen) == seen
    said = Known(judged(written)).without(f"cannot reach {address}, {address.rpartition('/')[2]}")
    assert "hunter2" not in said


def test_a_login_is_hidden_as_well() -> None:
    told = "SENTRY_DSN=https://(secret)@o1.ingest.sentry.io/(secret)"
    assert shown_lines(["SENTRY_DSN=https://hunter2@o1.ingest.sentry.io/2"]) == [told]
    assert shown_lines([told]) == [told]
    assert judged("SENTRY_DSN: 'https://hunter2:hunter3@o1.ingest.sentry.io/2'") >= {"hunter2:hunter3"}


@pytest.mark.parametrize("line", WHOLE)
def test_what_is_named_otherwise_or_is_no_address_is_hidden_whole(line: str) -> None:
    [seen] = shown_lines([line])
    assert "hunter2" not in seen
    assert "chat.example.com" not in seen


@pytest.mark.parametrize("line", SHOWN)
def test_what_holds_no_secret_is_told(line: str) -> None:
    assert shown_lines([line]) == [line]


def test_what_goes_on_behind_an_address_is_hidden() -> None:
    text = 'WEBHOOK_URL: "https://chat.example.com/a\n  hunter2"\nx: y'
    assert shown_text(text) == "WEBHOOK_URL: (secret)\n  (secret)\nx: y"
    for line in (
        'WEBHOOKS="https://a.example.com/x" "hunter2"',
        "WEBHOOKS=https://a.example.com/x,https://hunter2.lan/",
    ):
        assert "hunter2" not in shown_lines([line])[0]
    assert told_of("WEBHOOK", '"https://a.example.com/x" # hunter2') == '"https://a.example.com/(secret)" # (secret)'
    assert told_of("WEBHOOK", '"https://a.example.com/x", "hunter2"') == '"https://a.example.com/(secret)"'


def test_the_name_of_one_that_is_kept_is_still_told() -> None:
    text = "SLACK_WEBHOOK: https://chat.example.com/hook/hunter2x\nurl: https://chat.example.com/${HOOK}"
    assert list(suspects(text)) == [(1, "SLACK_WEBHOOK")]


def test_json_is_told_alike() -> None:
    value = {"webhook": "https://chat.example.com/hunter2", "token": "https://chat.example.com/hunter2"}
    assert masked(value) == {"webhook": "https://chat.example.com/(secret)", "token": "(secret)"}


@pytest.mark.parametrize(
    ("value", "secrets"),
    [
        ("https://example.com/services/T0/B0/hunter2x", {"services/T0/B0/hunter2x", "hunter2x"}),
        ("https://bob:hunter2@example.com/hunter3", {"bob:hunter2", "hunter3"}),
        ("https://example.com/k3y", {"https://example.com/k3y"}),
        ("https://example.com?x=1", {"https://example.com?x=1"}),
        ("https://ntfy.example.com/backupalerts", {"backupalerts"}),
        ("https://ntfy.example.com/hiddentopic", {"https://ntfy.example.com/hiddentopic"}),
        ("https://hunter2@example.com/2", {"hunter2", "2"}),
        ("https://n8n.example.com/webhook/", {"https://n8n.example.com/webhook/"}),
        ("https://n8n.example.com/webhook/deploy", {"webhook/deploy"}),
        ("hunter2", {"hunter2"}),
    ],
)
def test_what_is_behind_a_host_is_looked_for_alone_where_it_is_no_word(value: str, secrets: set[str]) -> None:
    assert set(secrets_of(value)) == secrets
