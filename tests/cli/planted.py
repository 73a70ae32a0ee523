"""A world with every form in which a command takes a password, in every text that may hold one: declared, and live with
other values."""

from __future__ import annotations

import json
import re
from itertools import islice
from textwrap import indent
from typing import TYPE_CHECKING, Any

from passwords import LINES, TEXTS, TYPESCRIPT, written

from komodo_sync.model.data import Data, field

if TYPE_CHECKING:
    from collections.abc import Iterator

IMAGE = "registry.example.com/public-image:1.2"
PUBLIC = (
    IMAGE, "public-user", "public-host.example.com", "8080:80", "public-value",
    "rabbitmqctl", "add_user", "ghcr.io", "--password-stdin", "aws_secret_access_key", "-username", "sudo -S",
    "http://x", "chpasswd", "/run/secrets/public", "username=u", "${PUBLIC_TOKEN}",
)  # fmt: skip
"""What stands beside the passwords."""
VALUE = re.compile(r"[a-d]\d{4}pl4ntX")
"""What each password is."""
BROKEN = (
    "command: |\n  serve --token abc-hunter2\\\n  hunter2-def --port 80",
    "x-key: |\n  0a1b2c-hunter2\n  3d4e5f-hunter2",
    "tls_key: >-\n  MIIEvAIBADANBg-hunter2\n  kqhkiG9w0BAQEF-hunter2",
    'api_token: "hunter2 \\\n  hunter2"',
    "command:\n  - A_TOKEN=hunter2 hunter2",
)
"""Secrets over several lines, and of several words."""


class Planted(Data):
    """Texts with passwords, each of its own; `values` are all that were planted, by the resource that holds them."""

    side: str
    number: int = 0
    values: dict[str, list[str]] = field(default_factory=dict)

    def plant(self, text: str, name: str) -> str:
        """`text` with a value of its own for each password."""
        found = self.values.setdefault(name, [])

        def secret(place: re.Match[str]) -> str:
            found.append(re.sub("hunter2", value, place[0]))
            return found[-1]

        def value(_: re.Match[str]) -> str:
            self.number += 1
            return f"{self.side}{self.number:04d}pl4ntX"

        return re.sub(r"[\w-]*hunter2[\w-]*(?: hunter2)*", secret, text)

    def configs(self) -> dict[tuple[str, str], dict[str, Any]]:
        """The configs of a world, by kind and name."""

        def script(lines: list[str]) -> str:
            return "\n".join([*lines, *(text for text in TEXTS if "EOF" in text), "echo public-value"]) + "\n"

        def command(lines: list[str]) -> dict[str, str]:
            return {"path": "", "command": script(lines)}

        def pairs(lines: list[str]) -> str:
            return "".join(f"CMD_{number}={line}\n" for number, line in enumerate(lines)) + "LEVEL=public-value\n"

        # all of them in a compose text and in a script, in every other text a part
        some = [LINES[number::7] for number in range(7)]
        compose = _compose()
        toml = f'[[stack]]\nname = "in"\n[stack.config]\nfile_contents = """\n{_escaped(compose)}"""\n'
        words = [json.loads(text.partition(": ")[2]) for text in TEXTS if re.fullmatch(r'\w+: \[".*"\]', text)]
        held: dict[tuple[str, str], dict[str, Any]] = {
            ("Stack", "web"): {
                "file_contents": compose, "environment": pairs(some[0]), "pre_deploy": command(LINES),
                "extra_args": [word for each in words for word in [*each, "--then"]],
            },
            ("Build", "image"): {
                "dockerfile": "\n".join([f"FROM {IMAGE}", *(f"RUN {each}" for each in some[1])]),
                "pre_build": command(some[2]), "build_args": pairs(some[3]), "labels": pairs(some[4]),
            },
            ("Deployment", "job"): {
                "command": LINES[0], "environment": pairs(some[5]), "labels": pairs(some[6]), "extra_args": words[0],
            },
            ("Repo", "code"): {"repo": "acme/code", "on_clone": command(some[0]), "on_pull": command(some[1])},
            ("Action", "script"): {"file_contents": script(TYPESCRIPT)},
            ("Procedure", "steps"): {"stages": [_stage(words)]},
            ("ResourceSync", "other"): {"file_contents": toml},
        }  # fmt: skip
        return {key: json.loads(self.plant(json.dumps(config), key[1])) for key, config in held.items()}


def _compose() -> str:
    services = []
    forms = [list(written(line)) for line in LINES]
    texts = [each[number % len(each)] for number, each in enumerate(forms)]
    for text in [
        *texts,
        *(text for text in TEXTS if re.match(r"(command|entrypoint|healthcheck|test):", text)),
        *BROKEN,
    ]:
        services.append(f"  s{len(services)}:\n    image: {IMAGE}\n{indent(text, '    ')}\n")
    beside = (
        "    user: public-user\n    hostname: public-host.example.com\n    ports: ['8080:80']\n"
        "    environment: {API_TOKEN: hunter2, TOKEN: '${PUBLIC_TOKEN}', TOKEN_FILE: /run/secrets/public}\n"
    )
    return "x-simulate: fail\nservices:\n" + "".join(services) + beside


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')


def _stage(words: list[list[str]]) -> dict[str, Any]:
    def execution(command: list[str]) -> dict[str, Any]:
        params = {"stack": "web", "service": "s0", "command": command}
        return {"enabled": True, "execution": {"type": "RunStackService", "params": params}}

    return {"name": "one", "enabled": True, "executions": [execution(each) for each in words]}


def lines_of(values: list[str]) -> Iterator[str]:
    """What a failed deploy says: each value without the name or the command that it stood behind."""
    yield from (f"tried {value} and gave up" for value in values)
    yield from (f"tried '{first}:{second}'" for first, second in zip(values, islice(values, 1, None), strict=False))
