"""JSON Schemas (draft 2020-12) of the documents that are written for machines."""

from __future__ import annotations

import json
from typing import Any

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema

from komodo_sync.report.called_document import CallsDocument
from komodo_sync.report.checkup_document import CheckupDocument
from komodo_sync.report.cycle_document import CycleDocument
from komodo_sync.report.diagnostics_document import DiagnosticsDocument
from komodo_sync.report.document import PlanDocument
from komodo_sync.report.outcome_document import OutcomeDocument
from komodo_sync.report.unowned_document import UnownedDocument

DRAFT = "https://json-schema.org/draft/2020-12/schema"
DOCUMENTS: dict[str, Any] = {
    "plan": PlanDocument,
    "outcome": OutcomeDocument,
    "unowned": UnownedDocument,
    "diagnostics": DiagnosticsDocument,
    "doctor": CheckupDocument,
    "calls": CallsDocument,
    "cycle": CycleDocument,
}


class _Untitled(GenerateJsonSchema):
    """Without the titles that repeat each field's name."""

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002
        return False


def schema_text(name: str = "plan") -> str:
    """The schema of a document (a key of DOCUMENTS), as the file `NAME.schema.json` has it."""
    schema = TypeAdapter(DOCUMENTS[name]).json_schema(schema_generator=_Untitled)
    return json.dumps({"$schema": DRAFT, **schema}, indent=2) + "\n"
