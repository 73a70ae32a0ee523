"""The JSON document of `validate --format json`, declared once: its schema is generated from here.

Imports pydantic; whoever only writes the document imports this for type checking alone.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, NonNegativeInt, PositiveInt, with_config
from typing_extensions import TypedDict

from komodo_sync.report.document import STRICT


@with_config(STRICT)
class PlaceDocument(TypedDict):
    """A place in a file."""

    file: Annotated[str, Field(description="The file, relative to the settings' folder (or the working directory).")]
    line: Annotated[PositiveInt, Field(description="The line, from 1.")]
    column: Annotated[PositiveInt, Field(description="The column in characters, from 1.")]
    length: Annotated[NonNegativeInt, Field(description="How many characters are meant; 0 when that is unknown.")]


@with_config(STRICT)
class DiagnosticDocument(TypedDict):
    """One finding."""

    code: Annotated[str, Field(pattern=r"^KS[0-9]{3}$", description="What is wrong; a code never changes its meaning.")]
    severity: Annotated[Literal["error", "warning"], Field(description="An error stops the command.")]
    message: Annotated[str, Field(description="What is wrong here.")]
    place: Annotated[PlaceDocument | None, Field(description="Where; null when no file can be named.")]
    help: Annotated[str, Field(description="What to do; empty when nothing can be said.")]
    excerpt: Annotated[str, Field(description="The line, secrets replaced; empty when there is none.")]


@with_config(STRICT)
class SilencedDocument(TypedDict):
    """A finding that an `ignore` comment took out."""

    diagnostic: Annotated[DiagnosticDocument, Field(description="The finding.")]
    reason: Annotated[str, Field(description="The comment's reason.")]


@with_config(STRICT)
class DiagnosticsSummaryDocument(TypedDict):
    """How many of each there are."""

    resources: Annotated[NonNegativeInt, Field(description="Declared resources.")]
    files: Annotated[NonNegativeInt, Field(description="Manifests.")]
    errors: Annotated[NonNegativeInt, Field(description="Findings that stop the command.")]
    warnings: Annotated[NonNegativeInt, Field(description="Findings that do not, unless --strict is given.")]
    silenced: Annotated[NonNegativeInt, Field(description="Findings that a comment took out.")]


@with_config(STRICT)
class DiagnosticsDocument(TypedDict):
    """What validate found in the input."""

    format_version: Annotated[Literal[1], Field(description="The version of this format.")]
    diagnostics: Annotated[list[DiagnosticDocument], Field(description="Every finding, by file and place.")]
    silenced: Annotated[list[SilencedDocument], Field(description="What comments took out, by file and place.")]
    summary: Annotated[DiagnosticsSummaryDocument, Field(description="How many of each there are.")]
