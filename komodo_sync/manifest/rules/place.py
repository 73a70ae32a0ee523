"""Where a rule's finding stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from komodo_sync.model.data import replace
from komodo_sync.model.diagnostic import Diagnostic, Severity
from komodo_sync.source.masking import masked_message

if TYPE_CHECKING:
    from komodo_sync.manifest.resources import Declared
    from komodo_sync.model.diagnostic import Span
    from komodo_sync.source.codes import Code


def finding(
    item: Declared,
    pointer: str,
    code: Code,
    message: str,
    help: str,  # noqa: A002
    *,
    severity: Severity = Severity.WARNING,
    line: int | None = None,
    secret: bool = False,
) -> Diagnostic:
    """A finding at `pointer` of a resource (`config/branch`), or at the resource where that is not written. `line`: of
    the text that stands there, from 0; it is pointed at where the text is written in place. `secret`: it may be a piece
    of one, and is not shown."""
    span = item.resource.origin(pointer) or item.resource.span
    source = item.source(span)
    if span.file != source.name:
        return Diagnostic(code.value, severity, masked_message(message), span, masked_message(help))
    inside = None if line is None else _line_of(item, pointer, span, line)
    at = inside or span
    return source.diagnostic(
        code, message, at.line, at.column, help=help, length=at.length, severity=severity, secret=secret
    )


def _line_of(item: Declared, pointer: str, span: Span, number: int) -> Span | None:
    """The place of a line of a block text, None where it is no such text."""
    text = item.resource.config.get(pointer.removeprefix("config/"))
    lines = item.source(span).lines
    index = span.line + number  # the block begins in the line after its key
    ours = text.split("\n") if isinstance(text, str) else []
    if index >= len(lines) or number >= len(ours):  # YAML knows more line ends than one
        return None
    written, wanted = lines[index], ours[number]
    if not wanted.strip() or written.strip() != wanted.strip():
        return None
    kept = written.strip()
    return replace(span, line=index + 1, column=written.index(kept) + 1, length=len(kept))
