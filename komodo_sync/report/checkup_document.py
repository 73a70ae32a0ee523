"""The JSON document of `doctor --format json`, declared once: its schema is generated from here.

Imports pydantic; whoever only writes the document imports this for type checking alone.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, with_config
from typing_extensions import TypedDict

from komodo_sync.report.document import STRICT


@with_config(STRICT)
class CheckDocument(TypedDict):
    """One line."""

    topic: Annotated[str, Field(description="What was looked at; a topic never changes its meaning.")]
    verdict: Annotated[
        Literal["ok", "warning", "failed", "unknown"],
        Field(description="warning: it works, and something is to be known; unknown: something before it failed."),
    ]
    message: Annotated[str, Field(description="What was seen.")]
    cure: Annotated[str, Field(description="What to do; empty when it is ok.")]


@with_config(STRICT)
class CheckupDocument(TypedDict):
    """What doctor of komodo-sync found. It holds no secret."""

    format_version: Annotated[int, Field(description="Raised when something that was here changes or goes.")]
    healthy: Annotated[bool, Field(description="Nothing failed: exit status 0.")]
    checks: Annotated[list[CheckDocument], Field(description="In the order in which one rests on the other.")]
