"""A Verdict as workflow commands of GitHub Actions, which shows them as annotations at their lines."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from komodo_sync.report.paths import beside

if TYPE_CHECKING:
    from collections.abc import Mapping

    from komodo_sync.model.diagnostic import Diagnostic, Verdict

_COMMAND = re.compile(r"^(\s*)::", re.MULTILINE)


def github(verdict: Verdict, *, base: str = "") -> str:
    """One command a finding. `base`: the folder from which the files' names count, relative to the repository."""
    return "".join(_command(item, base) for item in verdict.diagnostics)


def _command(item: Diagnostic, base: str) -> str:
    properties = {"title": item.code}
    if item.span:
        properties = {"file": beside(base, item.span.file), "line": str(item.span.line), "col": str(item.span.column)}
        if item.span.length:
            properties["endColumn"] = str(item.span.column + item.span.length)
        properties["title"] = item.code
    text = f"{item.message}\nhelp: {item.help}" if item.help else item.message
    return command(item.severity.value, properties, text)


def command(name: str, properties: Mapping[str, str], text: str) -> str:
    """One workflow command on a line of its own, which nothing in it can end."""
    words = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    return f"::{name} {words}::{_data(text)}\n"


def inert(text: str, *, is_json: bool) -> str:
    """`text` for a log of GitHub Actions, in which no line is taken for a command: there one is a line that begins with
    `::` after any spaces, or has `##[` anywhere, and a live text may be both. The first sign becomes one that looks
    like it; in JSON it becomes an escape, which means the same."""
    if is_json:
        return text.replace("##[", "#\\u0023[")
    return _COMMAND.sub("\\1\ua789:", text.replace("##[", "#\u266f["))


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
