"""The JSON document of `plan --unowned`, declared once: its schema is generated from here.

Imports pydantic; whoever only writes the document imports this for type checking alone.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, with_config
from typing_extensions import TypedDict

from komodo_sync.report.document import STRICT, AddressText, CoreDocument, VisibilityDocument


@with_config(STRICT)
class UnownedResourceDocument(TypedDict):
    """One live resource without an owner that no manifest declares."""

    address: AddressText
    description: Annotated[str, Field(description="Its description.")]
    tags: Annotated[list[str], Field(description="Its tags.")]
    template: Annotated[bool, Field(description="Whether it is a template.")]


@with_config(STRICT)
class UnownedDocument(TypedDict):
    """What plan --unowned of komodo-sync found. It holds no secret."""

    format_version: Annotated[int, Field(description="Raised when something that was here changes or goes.")]
    core: CoreDocument
    visibility: VisibilityDocument
    resources: Annotated[list[UnownedResourceDocument], Field(description="By kind and name.")]
