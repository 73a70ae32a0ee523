"""The JSON document of `run --format json`, declared once: its schema is generated from here.

Imports pydantic; whoever only writes the document imports this for type checking alone.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, NotRequired

from pydantic import Field, NonNegativeInt, with_config
from typing_extensions import TypedDict

from komodo_sync.report.document import STRICT

FateName = Literal["done", "failed", "unfinished", "started", "unknown", "not started"]


@with_config(STRICT)
class StageDocument(TypedDict):
    """A stage that failed."""

    stage: Annotated[str, Field(description="Its name.", examples=["Compose Up"])]
    text: Annotated[str, Field(description="What it said, masked and without markup.")]


@with_config(STRICT)
class ResultDocument(TypedDict):
    """What became of one call."""

    subject: Annotated[str, Field(description="What it was about; empty where that is nothing.")]
    fate: Annotated[
        FateName,
        Field(
            description="unfinished: not waited for any more, and the Core goes on with it; started: nobody wanted to "
            "wait; unknown: the Core gives its Update no id, so nobody can know."
        ),
    ]
    message: Annotated[str, Field(description="Why, for people; empty when it is done.")]
    hint: Annotated[str, Field(description="What to do next.")]
    stages: Annotated[list[StageDocument], Field(description="The stages that failed.")]
    update: Annotated[str, Field(description="The id of its Update, empty where there is none.")]
    link: Annotated[str, Field(description="Where that is to be seen.")]
    seconds: Annotated[float, Field(description="How long the Core took for what it executed.")]
    answer: Annotated[Any, Field(description="The Core's answer, masked; the complete Update of an execution.")]


@with_config(STRICT)
class RequestDocument(TypedDict):
    """What would be sent."""

    subject: Annotated[str, Field(description="What it is about; empty where that is nothing.")]
    params: Annotated[dict[str, Any], Field(description="Its parameters, masked.")]
    matches: NotRequired[Annotated[list[str], Field(description="What the pattern of a batch fits now.")]]


@with_config(STRICT)
class CallsDocument(TypedDict):
    """What run of komodo-sync did, or with --dry-run would do. It holds no secret."""

    format_version: Annotated[int, Field(description="Raised when something that was here changes or goes.")]
    operation: Annotated[str, Field(description="The operation.", examples=["DeployStack"])]
    group: Annotated[str, Field(description="Where it is sent.", examples=["execute"])]
    core: Annotated[str, Field(description="The Core's address, without credentials.")]
    results: NotRequired[Annotated[list[ResultDocument], Field(description="In the order of the names.")]]
    summary: NotRequired[Annotated[dict[FateName, NonNegativeInt], Field(description="How many of each fate.")]]
    dry_run: NotRequired[Annotated[bool, Field(description="Nothing was sent.")]]
    requests: NotRequired[Annotated[list[RequestDocument], Field(description="What would be sent.")]]
