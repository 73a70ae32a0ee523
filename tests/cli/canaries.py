"""A world with a secret in every place where one can stand, a Core that repeats them all, and how they are found again
in whatever encoding."""

# ruff: noqa: E501  one line a secret
from __future__ import annotations

import base64
import html
import io
import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, quote_plus

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

CANARIES = {
    "api-key": "K_cnry0key4f7Qz",
    "api-secret": "S_cnry0secret8Wx",
    "plan-key": "cnry1-plan-key-V3",
    # what manifests take from outside, under names that promise no secret and under such that do
    "env-innocent": "cnry2plain9Kd",
    "env-odd": "cn ry3\"&<o>d$'x\\5",
    "env-inline": "cnry4inline7Jm",
    "env-description": "cnry5words3Rt",
    "env-url": "https://me:cnry6login8Pw@db.example.com/app?x=1",
    "env-token": "cnry7token5Hs",
    "env-unused": "cnry8unused2Lb",
    "env-file": "cnry9dotenv6Ny",
    "env-command": "cnry10command4Fu",
    "env-label": "cnry11label8Gc",
    "env-arg": "cnry12argument9Tz",
    "file": "-----BEGIN PRIVATE KEY-----\ncnry13MIIEvAIBADANBgkqh\ncnry13kiG9w0BAQEFAASCBK\n-----END PRIVATE KEY-----",
    "file-json": '{"type": "account", "private": {"id": "cnry14jsonleaf3Xq"}}',
    # secret fields
    "passkey": "cnry20passkey6Ab",
    "url-builder": "cnry21urlbuilder",
    "user-data": "cnry22userdata5Ww",
    "build-hook": "cnry23buildhook1",
    "secret-arg": "cnry24secretarg2",
    "stack-hook": "cnry25stackhook3",
    "repo-hook": "cnry26repohook4",
    "action-hook": "cnry27actionhook5",
    "sync-hook": "cnry28synchook6",
    "procedure-hook": "cnry29prochook7",
    "git-token": "ghp_cnry30gittokenxxxxxxxxxxxx",
    "registry-token": "dckr_cnry31registrytoken8",
    "slack": "T00/B00/cnry32slackpathXXYYZZ",
    "discord": "cnry33discordpath9Aa",
    "ntfy": "cnry34ntfytopic0Bb",
    "pushover": "cnry35pushover1Cc",
    "custom": "cnry36custom2Dd",
    "secret-variable": "cnry37variable3Ee",
    "named-variable": "cnry38smtp4Ff",
    # in texts, in clear, under names that say so
    "environment": "cnry40dbpassword5Gg",
    "build-arg": "cnry41npmtoken6Hh",
    "compose": "cnry42admin7Ii",
    "compose-block": "cnry43content8Jj",
    "compose-flow": "cnry44flow9Kk",
    "compose-anchor": "cnry45anchor0Ll",
    "inline-content": "cnry55inlinecontent1Vv",
    "compose-url": "cnry46urlpass1Mm",
    "script": "cnry47apikey2Nn",
    "arguments": "cnry48argument3Oo",
    "procedure": "cnry49parameter4Pp",
    "command": "cnry50login5Qq",
    "sync-toml": "cnry51synctoml6Rr",
    "sync-variable": "cnry52syncvar7Ss",
    "extra-arg": "cnry53extra8Tt",
    "dockerfile": "cnry54docker9Uu",
    # in addresses whose hosts are told
    "hook-env": "cnry70hookenv3Kk",
    "hook-query": "cnry71hookquery4Ll",
    "hook-dsn": "cnry72hookdsn5Mm",
    "hook-label": "cnry73hooklabel6Nn",
    "compose-hook": "cnry74composehook7Oo",
    "compose-hook-flow": "cnry75composeflow8Pp",
    "compose-hook-arg": "cnry76composearg9Qq",
    # in the Core alone
    "live-token": "cnry60livetoken0Vv",
    "live-innocent": "cnry61liveplain1Ww",
    "live-hook": "cnry62livehook2Xx",
    "live-compose": "cnry63livecompose3Yy",
    "live-variable": "cnry64livevar4Zz",
    "live-url": "cnry65liveurl5Ab",
    "live-hook-url": "cnry66livehookurl6Cd",
}

PUBLIC = (
    "public-level", "public-description", "registry.example.com/public-image", "public-branch", "public-label",
    "PUBLIC_VARIABLE", "public-value", "public-server", "public-command",
)  # fmt: skip
"""What a plan that creates all of it has to show."""

HOSTS = (
    "https://hooks.slack.com/(secret)", "https://discord.com/(secret)", "https://ntfy.sh/(secret)",
    "https://api.pushover.net/(secret)", "https://chat.example.com/(secret)",
    "https://env.hooks.example.com/(secret)", "https://query.hooks.example.com?(secret)",
    "https://(secret)@o1.dsn.example.com/(secret)", "https://label.hooks.example.com/(secret)",
    "https://compose.hooks.example.com/(secret)", "https://flow.hooks.example.com/(secret)",
    "https://arg.hooks.example.com/(secret)",
)  # fmt: skip
"""What such a plan shows of addresses."""

ENVIRONMENT = {
    "APP_FLAVOUR": CANARIES["env-innocent"],
    "APP_MOTTO": CANARIES["env-odd"],
    "APP_INLINE": CANARIES["env-inline"],
    "APP_WORDS": CANARIES["env-description"],
    "APP_UPSTREAM": CANARIES["env-url"],
    "WEB_TOKEN": CANARIES["env-token"],
    "UNUSED_API_KEY": CANARIES["env-unused"],
    "APP_COMMAND": CANARIES["env-command"],
    "APP_LABEL": CANARIES["env-label"],
    "APP_ARGUMENT": CANARIES["env-arg"],
    "KOMODO_SYNC_PLAN_KEY": CANARIES["plan-key"],
}

FILES = {
    "komodo-sync.yaml": "owner: me\nprune: true\nmanifests: [manifests]\n",
    "outside.env": f"APP_DOTENV={CANARIES['env-file']}\n",
    "manifests/secrets/key.pem": CANARIES["file"] + "\n",
    "manifests/secrets/account.json": CANARIES["file-json"] + "\n",
}

MANIFESTS = """\
servers:
  - {name: public-server, config: {address: "https://public-server:8120", enabled: true, passkey: %(passkey)s}}
builders:
  - {name: far, config: {type: Url, params: {address: "https://far:8120", passkey: %(url-builder)s}}}
  - {name: cloud, config: {type: Aws, params: {ami_id: ami-1, user_data: "export A=%(user-data)s"}}}
repos:
  - {name: code, deploy: true, config: {server: public-server, repo: acme/code, branch: public-branch, webhook_secret: %(repo-hook)s}}
builds:
  - name: image
    deploy: true
    config:
      builder: far
      webhook_secret: %(build-hook)s
      build_args: {NPM_TOKEN: %(build-arg)s, FLAVOUR: "${env:APP_FLAVOUR}", LEVEL: public-level}
      secret_args: {PLAIN: %(secret-arg)s}
      labels:
        note: ${env:APP_LABEL}
        kind: public-label
        deploy.webhook: https://label.hooks.example.com/v1/%(hook-label)s
      extra_args: ["--secret-token", %(extra-arg)s]
      dockerfile: |
        FROM registry.example.com/public-image
        ENV API_TOKEN %(dockerfile)s
        RUN echo %(dockerfile)s
      pre_build:
        path: .
        command: docker login -p %(command)s registry.example.com && echo public-command %(command)s
stacks:
  - name: web
    deploy: true
    description: public-description of web
    config:
      server: public-server
      webhook_secret: %(stack-hook)s
      environment:
        LOG_LEVEL: public-level
        TOKEN: ${env:WEB_TOKEN}
        FLAVOUR: ${env:APP_FLAVOUR}
        MOTTO: ${env:APP_MOTTO}
        UPSTREAM: ${env:APP_UPSTREAM}
        DOTENV: ${env:APP_DOTENV}
        DB_PASSWORD: %(environment)s
      extra_args: ["--note", %(compose)s, %(stack-hook)s, %(secret-variable)s]
      file_contents: |
        x-simulate: fail
        x-hidden: &hidden %(compose-anchor)s
        services:
          web:
            image: registry.example.com/public-image
            command: [serve, --with, %(compose)s, %(compose-block)s, %(compose-flow)s, %(compose-anchor)s]
            environment:
              ADMIN_PASSWORD: %(compose)s
              OTHER_PASSWORD: *hidden
              UPSTREAM: postgres://app:%(compose-url)s@db/app
        secrets: {one: {content: "%(compose-flow)s"}, two: {file: ./two}}
        x-more:
          secrets:
            three:
              content: |
                %(compose-block)s
  - name: inline
    description: made of ${env:APP_WORDS}
    config:
      server: public-server
      pre_deploy: {path: ., command: "deploy ${env:APP_COMMAND}"}
      extra_args: ["--note", "${env:APP_ARGUMENT}"]
      file_contents: |
        services:
          web:
            image: registry.example.com/public-image
            command: serve ${env:APP_INLINE}
        secrets:
          one:
            content: |
              %(inline-content)s
  - name: hooked
    deploy: true
    config:
      server: public-server
      environment:
        SLACK_WEBHOOK_URL: https://env.hooks.example.com/services/T0/%(hook-env)s
        ALERT_WEBHOOK: https://query.hooks.example.com?to=%(hook-query)s
        SENTRY_DSN: https://%(hook-dsn)s@o1.dsn.example.com/2
        TAKEN_WEBHOOK: https://taken.hooks.example.com/${env:APP_FLAVOUR}
      file_contents: |
        x-simulate: fail
        services:
          alertmanager:
            image: registry.example.com/public-image
            command: ["notify", "--webhook-url", "https://arg.hooks.example.com/%(compose-hook-arg)s"]
        x-receivers: [{webhook_configs: [{url: "https://flow.hooks.example.com/%(compose-hook-flow)s"}]}]
        configs:
          alertmanager.yml:
            content: |
              receivers:
                - name: chat
                  webhook_configs:
                    - url: https://compose.hooks.example.com/hook?id=%(compose-hook)s
                      send_resolved: true
deployments:
  - name: job
    deploy: true
    config:
      server: public-server
      image: {type: Image, params: {image: registry.example.com/public-image}}
      environment: |
        SECRET_TOKEN=%(environment)s
        FLAVOUR=${env:APP_FLAVOUR}
        KEYFILE=${file:secrets/account.json}
actions:
  - name: script
    config:
      webhook_secret: %(action-hook)s
      arguments_format: key_value
      arguments: |
        API_TOKEN=%(arguments)s
      file_contents: |
        const apiKey = "%(script)s";
        console.log("public-value", "%(script)s");
  - {name: keyed, config: {file_contents: "${file:secrets/key.pem}"}}
procedures:
  - name: steps
    config:
      webhook_secret: %(procedure-hook)s
      stages:
        - name: one
          enabled: true
          executions:
            - {enabled: true, execution: {type: RunAction, params: {action: script, args: {token: %(procedure)s}}}}
alerters:
  - {name: slack, config: {endpoint: {type: Slack, params: {url: "https://hooks.slack.com/services/%(slack)s"}}}}
  - {name: discord, config: {endpoint: {type: Discord, params: {url: "https://discord.com/api/webhooks/1/%(discord)s"}}}}
  - {name: ntfy, config: {endpoint: {type: Ntfy, params: {url: "https://ntfy.sh/%(ntfy)s"}}}}
  - {name: pushover, config: {endpoint: {type: Pushover, params: {url: "https://api.pushover.net/1?token=%(pushover)s"}}}}
  - {name: custom, config: {endpoint: {type: Custom, params: {url: "https://chat.example.com/%(custom)s"}}}}
resource_syncs:
  - name: other
    config:
      webhook_secret: %(sync-hook)s
      file_contents: |
        [[variable]]
        name = "A"
        value = "%(sync-variable)s"
        is_secret = true

        [[stack]]
        name = "b"
        [stack.config]
        webhook_secret = "%(sync-toml)s"
variables:
  - {name: TOKEN, value: %(secret-variable)s, is_secret: true}
  - {name: SMTP_PASSWORD, value: %(named-variable)s}
  - {name: PUBLIC_VARIABLE, value: public-value}
git_accounts:
  - {domain: git.example.com, username: bot, token: %(git-token)s}
registry_accounts:
  - {domain: registry.example.com, username: bot, token: %(registry-token)s}
"""


def manifests() -> str:
    """The declared world."""
    text = MANIFESTS
    for place, value in CANARIES.items():
        text = text.replace(f"%({place})s", value)
    assert "%(" not in text
    return text


def written(value: str) -> Iterator[str]:
    """A secret as tools write it; of one of several lines each line too."""
    for piece in [value, *(line.strip() for line in value.splitlines() if "cnry" in line)]:
        yield from (piece, quote(piece), quote(piece, safe=""), quote_plus(piece), repr(piece)[1:-1])
        yield from (html.escape(piece), html.escape(piece, quote=False), piece.replace("$", "$$"))
        yield from (json.dumps(piece)[1:-1], json.dumps(json.dumps(piece))[3:-3], html.escape(json.dumps(piece)[1:-1]))
        for lead in ("", "u", "me", "me:", "app:"):
            yield base64.b64encode(f"{lead}{piece}".encode()).decode()
            yield base64.urlsafe_b64encode(f"{lead}{piece}".encode()).decode().rstrip("=")


def _marks(value: str) -> Iterator[str]:
    """By what it is recognised, however it was cut."""
    for found in re.finditer(r"cnry\d+[A-Za-z]+", value):
        yield found[0]
        for lead in range(3):
            encoded = base64.b64encode(b"x" * lead + found[0].encode()).decode()
            yield encoded[4 if lead else 0 : -4]
    yield from (value[:12] for _ in range("cn ry" in value))


_FORMS = sorted(
    {(form, place) for place, value in CANARIES.items() for form in _marks(value) if len(form) >= 8},
    key=lambda item: item[1],
)


def leaks(text: str, *, but: Iterable[str] = ()) -> list[str]:
    """The places whose secret stands in `text`, in whatever encoding."""
    return sorted({f"{place}: {form}" for form, place in _FORMS if place not in but and form in text})


OF_ONE = {
    "web": ("compose", "compose-block", "compose-flow", "compose-anchor", "compose-url"),
    "inline": ("inline-content",),
    "hooked": ("compose-hook", "compose-hook-flow", "compose-hook-arg"),
    "image": ("command", "extra-arg", "dockerfile"),
    "script": ("script", "arguments"),
    "steps": ("procedure",),
    "other": ("sync-toml", "sync-variable"),
    "theirs": ("live-token", "live-hook", "live-compose", "live-url", "live-hook-url"),
}
"""What only looks like a secret in the texts of one resource, or lives there alone: nobody else repeats it."""

THEIRS = {
    "webhook_secret": CANARIES["live-hook"],
    "environment": f"API_TOKEN={CANARIES['live-token']}\nLEVEL=public-level\n"
    f"LIVE_WEBHOOK=https://live.hooks.example.com/{CANARIES['live-hook-url']}\n",
    "file_contents": f"x-simulate: fail\nservices:\n  a:\n    image: public\n    environment: {{DB_PASSWORD: {CANARIES['live-compose']}}}\n"
    f"    command: serve https://me:{CANARIES['live-url']}@db {CANARIES['live-compose']} {CANARIES['live-url']}\n",
}
"""A stack that no manifest declares."""


def said(name: str = "", beside: str = "") -> str:
    """Every secret in every encoding, as a tool may print it about the resource: without the name that it stood
    under."""
    others = {place for each, places in OF_ONE.items() if each != name for place in places}
    others |= {"live-innocent"}
    told = [value for place, value in CANARIES.items() if place not in others]
    forms = dict.fromkeys(form for value in told for form in written(value))
    return "\n".join([*(f"tried {form} and gave up" for form in forms), beside])


class Babbler:
    """A Core that repeats what it was sent and what it keeps, in errors and in what it says of what failed."""

    def __init__(self, app: Any, names: Callable[[str], str], says: Callable[[str], str] = said) -> None:
        self._app = app
        self._says = says
        self._name_of = names
        self.refuses: Callable[[str], bool] = lambda _operation: False

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = io.BytesIO(body)
        operation = environ["PATH_INFO"].rpartition("/")[2] or "?"
        sent = json.loads(body) if body else {}
        operation = sent.get("type", operation) if isinstance(sent, dict) else operation
        if self.refuses(operation):
            keys = f"{environ.get('HTTP_X_API_KEY')} {environ.get('HTTP_X_API_SECRET')}"
            answer = {"error": f"The database is in trouble: {said(beside=keys)}", "trace": [body.decode(), said()]}
            return _answered(start_response, "500 Oops", answer)
        got: list[Any] = []

        def start(status: str, headers: list[tuple[str, str]], *_more: Any) -> Any:
            got.extend((status, headers))

        text = b"".join(self._app(environ, start)).decode()
        status, headers = got
        if "json" in dict(headers).get("Content-Type", ""):
            text = json.dumps(self._babbled(json.loads(text)))
        data = text.encode()
        kept = [(name, value) for name, value in headers if name != "Content-Length"]
        start_response(status, [*kept, ("Content-Length", str(len(data)))])
        return [data]

    def _babbled(self, value: Any, name: str = "") -> Any:
        if isinstance(value, list):
            return [self._babbled(item, name) for item in value]
        if isinstance(value, dict):
            target = value.get("target")
            name = self._name_of(target.get("id", "")) if isinstance(target, dict) else name
            if value.get("success") is False and "stage" in value:
                told = self._says(name)
                return {**value, "stderr": f"{value.get('stderr', '')}\n{told}", "stdout": told}
            return {key: self._babbled(item, name) for key, item in value.items()}
        return value


def _answered(start_response: Any, status: str, answer: Any) -> list[bytes]:
    data = json.dumps(answer).encode()
    start_response(status, [("Content-Type", "application/json"), ("Content-Length", str(len(data)))])
    return [data]
