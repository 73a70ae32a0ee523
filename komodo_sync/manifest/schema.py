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
from komodo_sync.manifest.resources import KEYS_BESIDE
from komodo_sync.manifest.shape_schemas import INTERPOLATED, SCALAR, Definitions

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
    "absent": "Resources, as variable/OLD, that are deleted if they are there.",
    "forget": "Resources, as stack/old, that lose our tag and stay as they are.",
}
"""What a manifest's own keys are for: those of every resource, and those beside the kinds."""

NAMES = {
    NameRule.DOCKER: "[a-z0-9][a-z0-9_-]*",
    NameRule.CONTAINER: "[A-Za-z0-9][A-Za-z0-9_.-]*",
    NameRule.VARIABLE: "[A-Za-z_][A-Za-z0-9_]*",
}
"""The names that Core keeps as they are, where a pattern can tell."""


def manifest_schema() -> dict[str, Any]:
    """The whole schema, as plain JSON values."""
    definitions = Definitions()
    kinds = {
        spec.plural: {
            "description": spec.doc,
            "type": "array",
            "items": {"$ref": f"#/$defs/{spec.name}"},
        }
        for spec in KINDS.values()
    }
    for spec in KINDS.values():
        definitions.table[spec.name] = _resource(spec, definitions)
    mentions = {
        word: {"description": DOCS[word], "type": "array", "items": _address(word)} for word in ("absent", "forget")
    }
    return {
        "$schema": DRAFT,
        "description": "A manifest of komodo-sync: what a Komodo Core is to hold.",
        "type": "object",
        "properties": {**kinds, **mentions},
        "additionalProperties": False,
        "$defs": dict(sorted(definitions.table.items())),
    }


def manifest_schema_text() -> str:
    """The file `manifest.schema.json`."""
    return json.dumps(manifest_schema(), indent=2, ensure_ascii=False) + "\n"


def _resource(spec: KindSpec, definitions: Definitions) -> dict[str, Any]:
    properties: dict[str, Any] = {word: {"description": DOCS[word], **_name(spec)} for word in spec.identity}
    beside: dict[str, Field] = dict(KEYS_BESIDE[spec.name])
    for word, item in beside.items():
        if word not in spec.fields() or not spec.flat:
            properties[word] = {"description": DOCS[word], **definitions.shape(item)}
    if isinstance(spec.config, Tagged):
        properties["config"] = {"description": DOCS["config"], **definitions.of_shape(spec.config, spec.name)}
    elif spec.flat:
        properties |= definitions.properties(spec.config)
    else:
        properties["config"] = {"description": DOCS["config"], **definitions.of_shape(StructShape(spec.config))}
    return {
        "description": spec.doc,
        "type": "object",
        "properties": properties,
        "required": list(spec.identity),
        "additionalProperties": False,
    }


def _name(spec: KindSpec) -> dict[str, Any]:
    pattern = NAMES.get(spec.names)
    if pattern is None:
        return {"type": list(SCALAR), "minLength": 1}
    return {"type": list(SCALAR), "pattern": f"^{pattern}$|{INTERPOLATED}"}


def _address(word: str) -> dict[str, Any]:
    kinds = "|".join(spec.name for spec in KINDS.values() if word != "forget" or spec.owned)
    return {"type": "string", "pattern": f"^({kinds})/."}
