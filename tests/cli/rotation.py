"""A world that takes values from outside in fields of many kinds, once with the values that were and once with those
that are."""

# ruff: noqa: E501  one line a resource
from __future__ import annotations

import io
import json
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

PLACES = (
    "STACK_WORDS", "STACK_INLINE_WORDS", "STACK_FOLDER", "STACK_KEY", "STACK_URL", "STACK_ARG", "STACK_COMMAND",
    "STACK_COMPOSE", "STACK_HOOK", "STACK_PATH", "BUILD_WORDS", "BUILD_ARG", "BUILD_LABEL", "BUILD_SECRET_ARG",
    "DEPLOYMENT_TEXT", "DEPLOYMENT_KEY", "DEPLOYMENT_VOLUME", "REPO_CLONE", "ACTION_SCRIPT", "ACTION_ARGUMENT",
    "PROCEDURE_ARG", "VARIABLE_VALUE", "VARIABLE_WORDS", "VARIABLE_INLINE", "BUILDER_DATA", "BUILDER_AMI",
    "SERVER_REGION", "ALERTER_URL", "ALERTER_WORDS", "SYNC_TEXT", "MOVED_WORDS", "COMMENT_ALONE", "COMMENT_BEHIND",
    "COMMENT_BESIDE",
)  # fmt: skip
"""Where something comes from outside; the name of what it asks for, too."""

WORDS = {"APP_COLOUR": ("vermilion", "turquoise"), "APP_MODE": ("blueish", "greenish")}
"""Plain words, before and after: they are hidden where they stand, and nowhere else."""


def value(place: str, age: str) -> str:
    """What a place holds: recognised whatever was put around it."""
    number = PLACES.index(place)
    canary = f"{age}{number}x{place.title().replace('_', '')}q7"
    return f"https://me:{canary}@db.example.com/app" if place.endswith("_URL") else canary


def environment(age: str) -> dict[str, str]:
    """All of what is asked for."""
    words = {name: told[age == "new"] for name, told in WORDS.items()}
    return {place: value(place, age) for place in PLACES} | words


MANIFESTS = """\
servers:
  - {name: public-server, config: {address: "https://public-server:8120", enabled: true, region: "${env:SERVER_REGION}"}}
builders:
  - {name: cloud, config: {type: Aws, params: {ami_id: "${env:BUILDER_AMI}", user_data: "${env:BUILDER_DATA}", region: public-region}}}
repos:
  - {name: code, config: {server: public-server, repo: acme/code, branch: public-branch, on_clone: {path: ., command: "${env:REPO_CLONE}"}}}
builds:
  - name: image
    description: ${env:BUILD_WORDS}
    config:
      builder: cloud
      build_args: {FLAVOUR: "${env:BUILD_ARG}", LEVEL: public-level}
      secret_args: {PLAIN: "${env:BUILD_SECRET_ARG}"}
      labels: {note: "${env:BUILD_LABEL}", kind: public-label}
stacks:
  - name: web
    deploy: true
    description: ${env:STACK_WORDS}
    config:
      server: public-server
      run_directory: ${env:STACK_FOLDER}
      webhook_secret: ${env:STACK_HOOK}
      environment:
        LOG_LEVEL: public-level
        FLAVOUR: ${env:STACK_KEY}
        UPSTREAM: ${env:STACK_URL}
        COLOUR: ${env:APP_COLOUR}
      extra_args: ["--public-note", "${env:STACK_ARG}"]
      pre_deploy: {path: "${env:STACK_PATH}", command: "public-command ${env:STACK_COMMAND}"}
      file_contents: |
        x-simulate: fail
        services:
          web:
            image: registry.example.com/public-image
            command: serve --with ${env:STACK_COMPOSE}
  - name: words
    description: public words of ${env:STACK_INLINE_WORDS}
    config: {server: public-server, run_directory: "${env:APP_MODE}", file_contents: "services: {}\\n"}
  - name: moved
    renamed_from: before
    description: ${env:MOVED_WORDS}
    config: {server: public-server, file_contents: "services: {}\\n"}
deployments:
  - name: job
    config:
      server: public-server
      image: {type: Image, params: {image: registry.example.com/public-image}}
      volumes: "/public:/data\\n/srv/${env:DEPLOYMENT_VOLUME}:/more\\n"
      environment: |
        # how it is: ${env:COMMENT_ALONE}
        KIND=${env:DEPLOYMENT_KEY} # was ${env:COMMENT_BESIDE}
        TEXT=public ${env:DEPLOYMENT_TEXT}
        PLAIN=public-text # not ${env:COMMENT_BEHIND}
actions:
  - name: script
    config:
      arguments_format: key_value
      arguments: "GREETING=${env:ACTION_ARGUMENT}\\n"
      file_contents: |
        console.log("public-value");
        console.log("${env:ACTION_SCRIPT}");
procedures:
  - name: steps
    config:
      stages:
        - name: one
          enabled: true
          executions:
            - {enabled: true, execution: {type: RunAction, params: {action: script, args: {note: "${env:PROCEDURE_ARG}"}}}}
alerters:
  - {name: custom, description: "${env:ALERTER_WORDS}", config: {endpoint: {type: Custom, params: {url: "https://chat.example.com/${env:ALERTER_URL}"}}}}
resource_syncs:
  - name: other
    config:
      file_contents: |
        [[variable]]
        name = "A"
        value = "${env:SYNC_TEXT}"
variables:
  - {name: FLAVOUR, value: "${env:VARIABLE_VALUE}", description: "${env:VARIABLE_WORDS}"}
  - {name: ADDRESS, value: "public:${env:VARIABLE_INLINE}"}
  - {name: PUBLIC_VARIABLE, value: public-value}
"""

NAMES = (
    "stack/web", "stack/words", "stack/moved", "build/image", "deployment/job", "repo/code", "action/script",
    "procedure/steps", "alerter/custom", "resource_sync/other", "variable/FLAVOUR", "variable/ADDRESS",
    "builder/cloud", "server/public-server",
)  # fmt: skip

_FORMS = [(age, place, f"{age}{number}x") for age in ("old", "new") for number, place in enumerate(PLACES)]


def leaks(text: str) -> list[str]:
    """What of it stands in a text."""
    return sorted({f"{age} {place}" for age, place, form in _FORMS if re.search(rf"(?<![0-9a-zA-Z]){form}", text)})


def words_in(text: str) -> list[str]:
    """The plain words that stand in a text."""
    return [word for both in WORDS.values() for word in both if word in text]


class Babbler:
    """A Core that repeats all that was and is, without a name, wherever something fails."""

    def __init__(self, app: Any, ages: tuple[str, ...] = ("old", "new")) -> None:
        self._app, self.ages = app, ages

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = io.BytesIO(body)
        got: list[Any] = []

        def start(status: str, headers: list[tuple[str, str]], *_more: Any) -> Any:
            got.extend((status, headers))

        data = b"".join(self._app(environ, start))
        status, headers = got
        if "json" in dict(headers).get("Content-Type", ""):
            data = json.dumps(self._babbled(json.loads(data))).encode()
        kept = [(name, text) for name, text in headers if name != "Content-Length"]
        start_response(status, [*kept, ("Content-Length", str(len(data)))])
        return [data]

    def _babbled(self, item: Any) -> Any:
        if isinstance(item, list):
            return [self._babbled(each) for each in item]
        if isinstance(item, dict):
            if item.get("success") is False and "stage" in item:
                return {**item, "stderr": "\n".join(self._said()), "stdout": ""}
            return {key: self._babbled(each) for key, each in item.items()}
        return item

    def _said(self) -> Iterator[str]:
        for age in self.ages:
            yield from (f"tried {value(place, age)} and gave up" for place in PLACES)
