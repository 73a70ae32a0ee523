"""A Verdict as Markdown, for the summary of a run in CI: each finding with its place, its line and its way out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from komodo_sync.model.diagnostic import Severity
from komodo_sync.report.budget import GITHUB_BYTES
from komodo_sync.report.changes import counted
from komodo_sync.report.layout import safe
from komodo_sync.report.markdown_text import byte_length, code, fenced, words
from komodo_sync.report.paths import beside

if TYPE_CHECKING:
    from komodo_sync.model.diagnostic import Diagnostic, Verdict

_SIGNS = {Severity.ERROR: "❌", Severity.WARNING: "⚠️"}
_LONGEST = 200
"""Characters of a line of the input that are shown."""
_RESERVE = 200
"""Bytes for what says how many are left out."""


def verdict_markdown(verdict: Verdict, *, base: str = "", max_bytes: int = GITHUB_BYTES) -> str:
    """The verdict in at most `max_bytes` bytes of UTF-8, errors first, a newline at its end. `base`: the folder from
    which the files' names count, relative to the repository."""
    ordered = sorted(verdict.diagnostics, key=lambda item: item.severity is not Severity.ERROR)
    blocks = [f"## Komodo validate: {_counts(verdict)}"]
    room = max_bytes - byte_length(blocks[0]) - _RESERVE
    for number, item in enumerate(ordered):
        block = _finding(item, base)
        room -= byte_length(block) + 2
        if room < 0:
            blocks.append(f"*{counted(len(ordered) - number, 'more finding')}, not told here for want of room.*")
            break
        blocks.append(block)
    return "\n\n".join(blocks) + "\n"


def _counts(verdict: Verdict) -> str:
    errors, warnings = (verdict.count(severity) for severity in (Severity.ERROR, Severity.WARNING))
    told = [f"**{counted(errors, 'error')}**" if errors else "no errors"]
    told += [counted(warnings, "warning")] if warnings else []
    told += [f"{len(verdict.silenced)} silenced"] if verdict.silenced else []
    if verdict.files:
        told.append(f"{counted(verdict.resources, 'resource')} in {counted(verdict.files, 'file')}")
    return ", ".join(told)


def _finding(item: Diagnostic, base: str) -> str:
    where = ""
    if item.span:
        where = f" {code(f'{beside(base, item.span.file)}:{item.span.line}:{item.span.column}')}"
    rows = [f"- {_SIGNS[item.severity]}{where} {item.severity.value} {code(item.code)}: {words(_short(item.message))}"]
    if item.span and item.excerpt.strip():
        block = fenced([_short(safe(item.excerpt.strip()))], "yaml").rstrip("\n")
        rows += [f"  {row}" for row in block.splitlines()]
    rows += [f"  - help: {words(_short(item.help))}"] if item.help else []
    return "\n".join(rows)


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
