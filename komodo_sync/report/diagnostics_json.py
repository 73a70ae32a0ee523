"""A Verdict as the JSON document of `schemas/diagnostics.schema.json`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Literal

from komodo_sync.model.diagnostic import Severity

if TYPE_CHECKING:
    from komodo_sync.model.diagnostic import Diagnostic, Verdict
    from komodo_sync.report import diagnostics_document as doc

FORMAT_VERSION: Literal[1] = 1


def diagnostics_json(verdict: Verdict) -> str:
    """The document, with a newline at its end; all ASCII, so that a terminal that shows it cannot be moved."""
    document: doc.DiagnosticsDocument = {
        "format_version": FORMAT_VERSION,
        "diagnostics": [_diagnostic(item) for item in verdict.diagnostics],
        "silenced": [{"diagnostic": _diagnostic(item.diagnostic), "reason": item.reason} for item in verdict.silenced],
        "summary": {
            "resources": verdict.resources,
            "files": verdict.files,
            "errors": verdict.count(Severity.ERROR),
            "warnings": verdict.count(Severity.WARNING),
            "silenced": len(verdict.silenced),
        },
    }
    return json.dumps(document, indent=2) + "\n"


def _diagnostic(item: Diagnostic) -> doc.DiagnosticDocument:
    at = item.span
    return {
        "code": item.code,
        "severity": item.severity.value,
        "message": item.message,
        "place": {"file": at.file, "line": at.line, "column": at.column, "length": at.length} if at else None,
        "help": item.help,
        "excerpt": item.excerpt,
    }
