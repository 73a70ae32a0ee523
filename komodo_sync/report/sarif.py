"""A Verdict as SARIF 2.1.0, for code scanning."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from komodo_sync.report.paths import beside

if TYPE_CHECKING:
    from collections.abc import Mapping

    from komodo_sync.model.diagnostic import Diagnostic, Span, Verdict

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def sarif(verdict: Verdict, causes: Mapping[str, str], *, version: str, base: str = "") -> str:
    """The log of one run, with a newline at its end.

    `causes` is the sentence of each code, `version` the tool's own, `base` the folder from which the files' names
    count, relative to the repository. What comments silenced is there too, as suppressed with its justification.
    """
    silenced = [item.diagnostic for item in verdict.silenced]
    codes = sorted({item.code for item in (*verdict.diagnostics, *silenced)})
    results = [_result(item, codes, base) for item in verdict.diagnostics]
    for item in verdict.silenced:
        suppression = {"kind": "inSource", "justification": item.reason}
        results.append({**_result(item.diagnostic, codes, base), "suppressions": [suppression]})
    rules = [{"id": code, "shortDescription": {"text": causes.get(code, code)}} for code in codes]
    return sarif_log(rules, results, version)


def sarif_log(rules: list[dict[str, Any]], results: list[dict[str, Any]], version: str) -> str:
    """The log of one run of the tool, with a newline at its end."""
    log = {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": {"name": "komodo-sync", "version": version, "rules": rules}},
                "columnKind": "unicodeCodePoints",
                "results": results,
            }
        ],
    }
    return json.dumps(log, indent=2) + "\n"


def _result(item: Diagnostic, codes: list[str], base: str) -> dict[str, Any]:
    text = f"{item.message}\n{item.help}" if item.help else item.message
    result: dict[str, Any] = {
        "ruleId": item.code,
        "ruleIndex": codes.index(item.code),
        "level": item.severity.value,
        "message": {"text": text},
    }
    return {**result, "locations": [_location(item.span, item.excerpt, base)]} if item.span else result


def _location(span: Span, excerpt: str, base: str) -> dict[str, Any]:
    region: dict[str, Any] = {"startLine": span.line, "startColumn": span.column}
    if span.length:
        region["endColumn"] = span.column + span.length
    if excerpt:
        region["snippet"] = {"text": excerpt}
    return {"physicalLocation": {"artifactLocation": {"uri": uri_of(span.file, base)}, "region": region}}


def uri_of(file: str, base: str) -> str:
    """A file as the repository names it, as a relative URI."""
    return quote(beside(base, file), safe="/~", errors="surrogateescape")
