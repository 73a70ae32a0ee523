"""What is wrong with the input, where, and what to write instead."""

from __future__ import annotations

from enum import StrEnum

from komodo_sync.model.data import Data


class Severity(StrEnum):
    """An error stops the command; a warning does not."""

    ERROR = "error"
    WARNING = "warning"


class Span(Data, frozen=True, order=True):
    """A place in a file: `file` as it is shown to the user, `line` and `column` from 1; `length` in characters,
    0 when unknown (the caret then stands alone)."""

    file: str
    line: int
    column: int
    length: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


class Diagnostic(Data, frozen=True):
    """One finding about the input.

    `code` is `KSnnn` and never changes its meaning. `span` is None only when no file can be named. `excerpt` is the
    source line as it may be shown (secret values already replaced), empty when there is none. `help` says what to do.
    """

    code: str
    severity: Severity
    message: str
    span: Span | None = None
    help: str = ""
    excerpt: str = ""

    @property
    def sort_key(self) -> tuple[str, int, int, str, str]:
        """Order by file, position, code and text, so that a run's output is deterministic."""
        at = self.span
        return (at.file, at.line, at.column, self.code, self.message) if at else ("", 0, 0, self.code, self.message)


class Silenced(Data, frozen=True):
    """A finding that an `ignore` comment took out, with the reason that the comment gives."""

    diagnostic: Diagnostic
    reason: str


class Verdict(Data, frozen=True):
    """What is found in the input, and how much input it was. `diagnostics` and `silenced` are in order of place."""

    resources: int
    files: int
    diagnostics: tuple[Diagnostic, ...]
    silenced: tuple[Silenced, ...] = ()

    def count(self, severity: Severity) -> int:
        """How many findings of a severity there are; what is silenced does not count."""
        return sum(1 for item in self.diagnostics if item.severity is severity)
