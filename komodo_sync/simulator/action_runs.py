"""Runs of actions: their arguments are read, their script is not run."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import tomli

from komodo_sync.simulator.executions import Execution
from komodo_sync.simulator.failures import RefusalError
from komodo_sync.simulator.normal import check_pairs

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from komodo_sync.simulator.executions import Logs, Run

WHERE = "/action-cache"


def _pairs(text: str) -> None:
    check_pairs(text, "Failed to parse args as key value list")


def _toml(text: str) -> None:
    try:
        tomli.loads(text)
    except tomli.TOMLDecodeError as error:
        raise RefusalError("Failed to parse Toml to Action args", str(error)) from None


def _yaml(text: str) -> None:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        found: Any = YAML(typ="safe", pure=True).load(text)
    except (YAMLError, ValueError) as error:
        raise RefusalError("Failed to parse Yaml to action args", str(error)) from None
    if not isinstance(found, (dict, type(None))):
        raise RefusalError("Failed to parse Yaml to action args", "invalid type, expected a map")


def _json(text: str) -> None:
    try:
        found = json.loads(text)
    except ValueError as error:
        raise RefusalError("Failed to parse Json to action args", str(error)) from None
    if not isinstance(found, dict):
        raise RefusalError("Failed to parse Json to action args", "invalid type, expected a map")


_READERS: Mapping[str, Callable[[str], None]] = {"key_value": _pairs, "toml": _toml, "yaml": _yaml, "json": _json}


def _run(run: Run) -> Logs:
    config = run.resource["config"]
    try:
        _READERS[config["arguments_format"]](config["arguments"])
    except RefusalError as failure:
        raise failure.under("Failed to parse default Action arguments") from None
    command = f"deno run --allow-all {WHERE}/{run.resource['name']}.ts"
    return [run.log("Execute Action", command=command, success=not run.failing)]


PERFORMERS: Mapping[str, Execution] = {"RunAction": Execution(_run, "running")}
