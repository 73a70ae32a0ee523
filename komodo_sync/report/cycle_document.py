"""The JSON line of each cycle of `watch`, declared once: its schema is generated from here.

Imports pydantic; whoever only writes the document imports this for type checking alone.
"""

from __future__ import annotations

from typing import Annotated, Literal, NotRequired

from pydantic import Field, NonNegativeInt, with_config
from typing_extensions import TypedDict

from komodo_sync.report.document import STRICT

_STEP = Field(description="A step by name.", examples=["stack/web create"])


@with_config(STRICT)
class SteppedDocument(TypedDict):
    """A step, and why it is not done."""

    step: Annotated[str, _STEP]
    why: Annotated[str, Field(description="Why, for people.")]


@with_config(STRICT)
class CycleDocument(TypedDict):
    """What became of one cycle of komodo-sync watch. It holds no secret; what there is nothing to say about is left
    out."""

    at: Annotated[str, Field(description="When it began, in UTC.", examples=["2026-11-30T06:00:00Z"])]
    cycle: Annotated[int, Field(description="Its number, from 1.")]
    result: Annotated[
        Literal["in sync", "applied", "held", "drift", "unproven", "partly", "refused", "failed", "stopped"],
        Field(description="How it ended."),
    ]
    seconds: Annotated[float, Field(description="How long it took.")]
    core: NotRequired[Annotated[str, Field(description="The Core's address, without credentials.")]]
    commit: NotRequired[Annotated[str, Field(description="The commit that is checked out, with --git.")]]
    pulled: NotRequired[Annotated[bool, Field(description="Whether it is another one than before.")]]
    changes: NotRequired[Annotated[dict[str, NonNegativeInt], Field(description="What the plan found, by action.")]]
    done: NotRequired[Annotated[list[Annotated[str, _STEP]], Field(description="What was done.")]]
    failed: NotRequired[Annotated[list[SteppedDocument], Field(description="What failed.")]]
    skipped: NotRequired[Annotated[list[Annotated[str, _STEP]], Field(description="What was not tried.")]]
    left: NotRequired[Annotated[list[Annotated[str, _STEP]], Field(description="What is still to be done.")]]
    held: NotRequired[Annotated[list[SteppedDocument], Field(description="What waits for people.")]]
    unproven: NotRequired[
        Annotated[list[str], Field(description="What does not run as declared, or may not, and why nothing is done.")]
    ]
    unseen: NotRequired[
        Annotated[list[str], Field(description="What the plan did not compare: this key, or this place, lacks it.")]
    ]
    error: NotRequired[Annotated[str, Field(description="What went wrong.")]]
    detail: NotRequired[Annotated[str, Field(description="More of it, in lines.")]]
    hint: NotRequired[Annotated[str, Field(description="What to do next.")]]
    notes: NotRequired[Annotated[list[str], Field(description="What else is to be known, a lock taken over say.")]]
    failures: NotRequired[Annotated[int, Field(description="Failed cycles in a row, this one included.")]]
    next_in: NotRequired[Annotated[float, Field(description="Seconds until the next one, after a failed one.")]]
