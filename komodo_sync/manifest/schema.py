"""The JSON Schema (draft 2020-12) of a manifest, for editors: made from the kinds, so that it cannot know less or more.

It says what a YAML 1.2 reader sees. Scalars are what was written, so a text field takes numbers and booleans too, and
what is interpolated may stand wherever a scalar may. `validate` says more (references, names, files); whatever it
accepts, the schema accepts.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from komodo_sync.kinds import KINDS
from komodo_sync.kinds.shapes import StructShape, Tagged
from komodo_sync.kinds.spec import NameRule
from komodo_sync.manifest.for_each import EACH_NAME, FOR_EACH
from komodo_sync.manifest.resources import KEYS_BESIDE
from komodo_sync.manifest.shape_schemas import INTERPOLATED, SCALAR, Definitions
from komodo_sync.manifest.tables import NO_DEFAULT

if TYPE_CHECKING:
    from komodo_sync.kinds.spec import KindSpec
    from komodo_sync.kinds.struct import Field

DRAFT = "https://json-schema.org/draft/2020-12/schema"

DOCS = {
    "name": "Its name, as the Core keeps it; whatever names it elsewhere uses this word.",
    "domain": "The host that it is an account of, as in github.com.",
    "username": "The user as whom the Core is known there.",
    "config": "Komodo's own fields. What is left out has Komodo's default, unless omitted_fields says keep.",
    "description": "What it is, for people.",
    "tags": "Its tags, as a set; left out, its tags are left alone.",
    "template": "A template is copied, and never deployed or deleted.",
    "renamed_from": "Its name so far: it is renamed, and keeps its id, history and permissions.",
    "adopt_from": "The owner from whom it is taken over.",
    "protect": "Never deleted, not even once this entry is gone; false takes the protection back.",
    "ignore": "Fields that somebody else manages, as config.branch or description.",
    "omitted_fields": "What becomes of fields not mentioned: reset gives them Komodo's default, keep leaves them.",
    "after": "Resources, as stack/db, that are created and deployed before it, and deleted after it.",
    "deploy": "Deploy it when what is declared and what runs differ.",
    "state": "The state that is kept; left out, what somebody stopped stays stopped.",
    "wait": "What a deploy waits for before it counts as done.",
    "run_on_change": "Run it whenever it was changed.",
    "for_each": "One resource for each combination of these values, which stand as ${each:NAME} in any text of it.",
    "defaults": "For each kind what its resources say where they do not say otherwise, in this file or for all files.",
    "absent": "Resources, as variable/OLD, that are deleted if they are there.",
    "forget": "Resources, as stack/old, that lose our tag and stay as they are.",
}
"""What a manifest's own keys are for: those of every resource, and those beside the kinds."""

_DEFAULTS = {"description": "", "template": False, "deploy": False, "run_on_change": False, "ignore": [], "after": []}
"""What a resource's own keys are worth where they are left out; of the others that is told in words."""

NAMES = {
    NameRule.DOCKER: "[a-z0-9][a-z0-9_-]*",
    NameRule.CONTAINER: "[A-Za-z0-9][A-Za-z0-9_.-]*",
    NameRule.VARIABLE: "[A-Za-z_][A-Za-z0-9_]*",
}
"""The names that Core keeps as they are, where a pattern can tell."""


def manifest_schema() -> dict[str, Any]:
    """The schema of a manifest, as plain JSON values."""
    definitions = Definitions()
    return {
        "$schema": DRAFT,
        "description": "A manifest of komodo-sync: what a Komodo Core is to hold.",
        "type": "object",
        "properties": {**_tables(definitions), "defaults": defaults_schema(definitions)},
        "additionalProperties": False,
        "$defs": dict(sorted(definitions.table.items())),
    }


def overlay_schema() -> dict[str, Any]:
    """The schema of a file in `overlays/`: null takes a key away."""
    definitions = Definitions(nulls=True)
    return {
        "$schema": DRAFT,
        "description": "An overlay of komodo-sync: what is laid over the manifests, by kind and name.",
        "type": "object",
        "properties": _tables(definitions),
        "additionalProperties": False,
        "$defs": dict(sorted(definitions.table.items())),
    }


def defaults_schema(definitions: Definitions) -> dict[str, Any]:
    """The schema of `defaults:`, in a manifest and in the settings."""
    for spec in KINDS.values():
        definitions.table[f"{spec.name}_default"] = _default(spec, definitions)
    return {
        "description": DOCS["defaults"],
        "type": "object",
        "properties": {
            spec.plural: {"description": spec.doc, "$ref": f"#/$defs/{spec.name}_default"} for spec in KINDS.values()
        },
        "additionalProperties": False,
    }


def schema_text(schema: dict[str, Any]) -> str:
    """A schema as a file."""
    return json.dumps(_with_defaults_told(schema), indent=2, ensure_ascii=False) + "\n"


def _with_defaults_told(schema: Any) -> Any:
    """An editor's hover shows a description, and no default: so the one names the other."""
    if isinstance(schema, list):
        return [_with_defaults_told(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    told = {word: each if word == "default" else _with_defaults_told(each) for word, each in schema.items()}
    if "default" in schema and isinstance(schema.get("description"), str):
        default = schema["default"]
        word = default if isinstance(default, str) and default else json.dumps(default, ensure_ascii=False)
        told["description"] += f" Default: {word}"
    return told


def _tables(definitions: Definitions) -> dict[str, Any]:
    for spec in KINDS.values():
        definitions.table[spec.name] = _resource(spec, definitions)
    kinds = {
        spec.plural: {"description": spec.doc, "type": "array", "items": {"$ref": f"#/$defs/{spec.name}"}}
        for spec in KINDS.values()
    }
    mentions = {
        word: {"description": DOCS[word], "type": "array", "items": _address(word)} for word in ("absent", "forget")
    }
    return {**kinds, **mentions}


def _resource(spec: KindSpec, definitions: Definitions) -> dict[str, Any]:
    identity = {word: {"description": DOCS[word], **_name(spec)} for word in spec.identity}
    return {
        "description": spec.doc,
        "type": "object",
        "properties": {**identity, FOR_EACH: _for_each(definitions), **_said(spec, definitions)},
        "required": list(spec.identity),
        "additionalProperties": False,
    }


def _default(spec: KindSpec, definitions: Definitions) -> dict[str, Any]:
    identity = {word: {"description": DOCS[word], **_name(spec)} for word in spec.identity if word not in NO_DEFAULT}
    said = {word: schema for word, schema in _said(spec, definitions).items() if word not in NO_DEFAULT}
    doc = f"What every one of them says that does not say otherwise. {spec.doc}"
    return {"description": doc, "type": "object", "properties": {**identity, **said}, "additionalProperties": False}


def _said(spec: KindSpec, definitions: Definitions) -> dict[str, Any]:
    """What a resource says beside its name."""
    properties: dict[str, Any] = {}
    beside: dict[str, Field] = dict(KEYS_BESIDE[spec.name])
    for word, item in beside.items():
        if word not in spec.fields() or not spec.flat:
            default = {"default": _DEFAULTS[word]} if word in _DEFAULTS else {}
            properties[word] = {"description": DOCS[word], **default, **definitions.shape(item)}
    config = spec.config if isinstance(spec.config, Tagged) else StructShape(spec.config)
    if isinstance(spec.config, Tagged) or not spec.flat:
        schema = definitions.removable(definitions.of_shape(config, spec.name))
        properties["config"] = {"description": DOCS["config"], **schema}
    else:
        properties |= definitions.properties(spec.config)
    return properties


def _for_each(definitions: Definitions) -> dict[str, Any]:
    text = {"$ref": "#/$defs/text"}
    names = {"propertyNames": {"pattern": f"^(?:{EACH_NAME})$"}, "minProperties": 1, "type": "object"}
    lists = {**names, "additionalProperties": {"type": "array", "items": text}}
    mappings = {"type": "array", "items": {**names, "additionalProperties": text}}
    return {"description": DOCS[FOR_EACH], **definitions.removable({"anyOf": [lists, mappings]})}


def _name(spec: KindSpec) -> dict[str, Any]:
    pattern = NAMES.get(spec.names)
    if pattern is None:
        return {"type": list(SCALAR), "minLength": 1}
    return {"type": list(SCALAR), "pattern": f"^{pattern}$|{INTERPOLATED}"}


def _address(word: str) -> dict[str, Any]:
    kinds = "|".join(spec.name for spec in KINDS.values() if word != "forget" or spec.owned)
    return {"type": "string", "pattern": f"^({kinds})/."}
