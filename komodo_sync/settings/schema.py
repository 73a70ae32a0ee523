"""The JSON Schema (draft 2020-12) of komodo-sync.yaml, for editors; a test keeps its keys those that are read."""

from __future__ import annotations

from typing import Any

from komodo_sync.kinds import KINDS
from komodo_sync.settings.document import FILE_NAME, Limits
from komodo_sync.settings.duration import LONGEST, PATTERN

DRAFT = "https://json-schema.org/draft/2020-12/schema"

_TEXT = {"type": ["string", "number", "boolean"], "minLength": 1}
_FLAG = {
    "anyOf": [{"type": "boolean"}, {"type": "string", "pattern": "^(?:[yY][eE][sS]|[nN][oO]|[oO][nN]|[oO][fF][fF])$"}]
}
_VARS = {
    "type": "object",
    "description": "Public values that manifests name as ${var:NAME}.",
    "additionalProperties": {"type": ["string", "number", "boolean"]},
}
_CORE = {
    "description": "The Core that is meant. Asserted, never followed: another host in use is refused.",
    "url": "Its address.",
}
_WAITED = [name for name, spec in KINDS.items() if spec.lifecycle is not None]
_TIME = {
    "anyOf": [
        {"type": "number", "exclusiveMinimum": 0, "maximum": LONGEST},
        {"type": "string", "pattern": f"^{PATTERN}$"},
    ]
}
_LIMITS = {
    "deletes": "Resources that one run may delete.",
    "delete_percent": "Per cent of what is ours that one run may delete.",
    "deploys": "Deploys that one run may do.",
    "failures": "Failed deploys after which no further deploy starts.",
}


def settings_schema(defaults: dict[str, Any], definitions: dict[str, Any]) -> dict[str, Any]:
    """The whole schema, as plain JSON values. `defaults` is that of `defaults:`, which names `definitions`."""
    both = {**_both(), "defaults": defaults}
    overlay = {"type": "array", "items": _TEXT}
    doc = "The folders of overlays/ that are laid over the manifests, in this order."
    target = _object(
        "What one target says instead of the settings' own; vars, limits and defaults key by key.",
        {**both, "overlay": {"description": doc, "anyOf": [_TEXT, overlay]}},
    )
    targets = {
        "description": "Several Cores or environments from one repository, by name: --target prod.",
        "type": "object",
        "additionalProperties": {"$ref": "#/$defs/settings_target"},
    }
    return {
        "$schema": DRAFT,
        **_object(f"{FILE_NAME}: the settings of komodo-sync.", {**both, "targets": targets}),
        "$defs": {**definitions, "settings_target": target},
    }


def _both() -> dict[str, Any]:
    """What the settings and each of their targets may say."""
    return {
        "core": _core(),
        "manifests": {
            "description": "The declared world: files, folders and patterns in this folder; left out, all of it.",
            "type": "array",
            "items": _TEXT,
        },
        "owner": _owner(),
        "prune": {
            "description": "Delete what carries our tag and is declared no longer. Needs an owner.",
            "default": False,
            **_FLAG,
        },
        "omitted_fields": {
            "description": "What becomes of fields that a manifest does not mention: reset gives them Komodo's "
            "default, keep leaves them.",
            "default": "reset",
            "enum": ["reset", "keep"],
        },
        "protect": {
            "description": "Addresses, with wildcards, that are never deleted: server/*, */db.",
            "type": "array",
            "items": {"type": "string", "pattern": f"^({'|'.join(KINDS)}|\\*)/."},
        },
        "limits": _object("How much one run may do; above it, apply refuses.", _limits()),
        "timeouts": {
            "description": "How long what is done is waited for (90s, 30m, 2h), by kind, address or pattern of "
            "addresses; the most specific one counts.",
            "type": "object",
            "patternProperties": {f"^(({'|'.join(_WAITED)})(/.+)?|\\*/.+)$": _TIME},
            "additionalProperties": False,
        },
        "delete": {
            "description": "What becomes of what runs when its resource is deleted.",
            "default": "destroy",
            "enum": ["destroy", "keep_running"],
        },
        "vars": _VARS,
    }


def _core() -> dict[str, Any]:
    return _object(_CORE["description"], {"url": {"description": _CORE["url"], "type": "string", "minLength": 1}})


def _owner() -> dict[str, Any]:
    return {
        "description": "Who we are: what we create or adopt gets the tag owner:NAME, and only that is ever deleted.",
        **_TEXT,
    }


def _limits() -> dict[str, Any]:
    result = {}
    for word, doc in _LIMITS.items():
        most = 100 if word == "delete_percent" else 1_000_000
        default = getattr(Limits(), word)
        hover = {"description": doc} if default is None else {"description": doc, "default": default}
        result[word] = {**hover, "type": "integer", "minimum": 0, "maximum": most}
    return result


def _object(doc: str, properties: dict[str, Any]) -> dict[str, Any]:
    return {"description": doc, "type": "object", "properties": properties, "additionalProperties": False}
