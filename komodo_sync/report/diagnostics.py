"""Diagnostics as text: `file:line:col: error[KSnnn]: message`, the source line with a caret, and `help: ...`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from komodo_sync.model.diagnostic import Severity
from komodo_sync.report.layout import cells

if TYPE_CHECKING:
    from collections.abc import Iterable

    from komodo_sync.model.diagnostic import Diagnostic, Silenced

_CONTROL = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_RESET, _BOLD = "\x1b[0m", "\x1b[1m"
_COLORS = {Severity.ERROR: "\x1b[1;31m", Severity.WARNING: "\x1b[1;33m"}
_INDENT = "  "


def diagnostics_text(diagnostics: Iterable[Diagnostic], *, color: bool = False) -> str:
    """Every diagnostic in the order given, with a blank line between two of them. Control characters of the input never
    reach the terminal."""
    return "\n".join(_one(item, color=color) for item in diagnostics)


def silenced_text(item: Silenced) -> str:
    """One line for a finding that a comment took out, with the comment's reason."""
    found = item.diagnostic
    place = f"{found.span}: " if found.span else ""
    return _clean(f"{place}silenced[{found.code}]: {found.message}, because {item.reason}")


def counts(diagnostics: Iterable[Diagnostic]) -> str:
    """`2 errors, 1 warning`; warnings only where there are some."""
    severities = [item.severity for item in diagnostics]
    warnings = severities.count(Severity.WARNING)
    parts = [_number(severities.count(Severity.ERROR), "error"), *([_number(warnings, "warning")] if warnings else [])]
    return ", ".join(parts)


def _number(count: int, word: str) -> str:
    return f"{count} {word}{'' if count == 1 else 's'}"


def _one(item: Diagnostic, *, color: bool) -> str:
    place = _clean(f"{item.span}: ") if item.span else ""
    severity = f"{item.severity.value}[{item.code}]"
    if color:
        place, severity = f"{_BOLD}{place}{_RESET}", f"{_COLORS[item.severity]}{severity}{_RESET}"
    lines = [f"{place}{severity}: {_clean(item.message)}"]
    if item.span and item.excerpt.strip():
        excerpt = _clean(item.excerpt)
        lines.append(_INDENT + excerpt)
        before = item.excerpt[: item.span.column - 1]
        if len(before) == item.span.column - 1:
            # a tab stays a tab, so that the caret stands below what it points at whatever the tab's width
            meant = excerpt[len(before) : len(before) + item.span.length]
            caret = "^" * max(1, cells(meant))
            padding = "\t".join(" " * cells(part) for part in before.split("\t"))
            lines.append(_INDENT + padding + (f"{_COLORS[item.severity]}{caret}{_RESET}" if color else caret))
    if item.help:
        lines.append(f"{_INDENT}help: {_clean(item.help)}")
    return "\n".join(lines) + "\n"


def _clean(text: str) -> str:
    return _CONTROL.sub("\ufffd", text)
