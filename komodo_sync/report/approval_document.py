"""What a plan's document records of what is agreed to by approving a change."""

from __future__ import annotations

from typing import Annotated, NotRequired

from pydantic import ConfigDict, Field, NonNegativeInt, with_config
from typing_extensions import TypedDict

STRICT = ConfigDict(extra="forbid", strict=True)

DigestText = Annotated[str, Field(pattern=r"^((hmac-)?sha256:[0-9a-f]{64})?$")]


@with_config(STRICT)
class KeyedSidesDocument(TypedDict):
    """Both sides of one field, secrets included, as HMACs."""

    pointer: Annotated[str, Field(description="The field.")]
    before: Annotated[DigestText, Field(description="Of the value in the Core; empty: anything.")]
    after: Annotated[DigestText, Field(description="Of the value that it gets; empty: it was not known, anything.")]


@with_config(STRICT)
class TopicDocument(TypedDict):
    """What a reason of a deploy is about."""

    name: Annotated[
        str,
        Field(
            description="A field, a file, a resource, or a word.",
            examples=["config/environment", "file/compose.yaml", "variable/REGION", "build/app", "created"],
        ),
    ]
    at: Annotated[
        NonNegativeInt,
        Field(description="When it came about last, in milliseconds, where it may come about again; 0: at any time."),
    ]


@with_config(STRICT)
class GroundsDocument(TypedDict):
    """What a deploy was approved for: what came since is nothing that anybody approved."""

    topics: Annotated[list[TopicDocument], Field(description="What its reasons are about.")]
    commit: Annotated[str, Field(description="The newest commit of its files that was known; empty: none, or pinned.")]
    open: Annotated[bool, Field(description="Its files may be any: the plan itself says where they come from.")]


@with_config(STRICT)
class ApprovalDocument(TypedDict):
    """What is agreed to by approving the change. No digest is made of a secret but with KOMODO_SYNC_PLAN_KEY."""

    before: Annotated[DigestText, Field(description="Of the side in the Core as it may be shown; empty: nothing.")]
    after: Annotated[DigestText, Field(description="Of the side that it gets as it may be shown; empty: nothing.")]
    declared: Annotated[DigestText, Field(description="Of all that is declared of the resource, as it may be shown.")]
    keyed: Annotated[
        list[KeyedSidesDocument],
        Field(description="With a plan key: each field as it really is; of a deploy, each of its files."),
    ]
    grounds: NotRequired[Annotated[GroundsDocument, Field(description="Of a deploy: what for, and of which commit.")]]
