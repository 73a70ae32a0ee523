"""The JSON document of what an apply did, declared once, as `document` declares a plan's."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, NonNegativeInt, with_config
from typing_extensions import TypedDict

from komodo_sync.model.outcome import Status
from komodo_sync.report.document import STRICT, ActionName, AddressText, FindingDocument, PlanDocument

StatusName = Annotated[Status, Field(strict=False, description="What became of the step.")]


@with_config(STRICT)
class StageDocument(TypedDict):
    """A stage of an execution that failed."""

    name: Annotated[str, Field(description="As the Core calls it.", examples=["Compose Up"])]
    text: Annotated[str, Field(description="The last lines of what it said, without secrets.")]


@with_config(STRICT)
class ResultDocument(TypedDict):
    """What became of one step."""

    address: AddressText
    action: ActionName
    status: StatusName
    message: Annotated[
        str, Field(description="Why it is not done; of what is done at most who did it, where that was not us.")
    ]
    hint: Annotated[str, Field(description="What to do about it.")]
    stages: Annotated[list[StageDocument], Field(description="Of an execution, what failed of it.")]
    update: Annotated[
        str, Field(description="The id under which the Core tells of an execution: /updates/ID; empty: it was none.")
    ]


@with_config(STRICT)
class OutcomeDocument(TypedDict):
    """What an apply of komodo-sync did. It holds no secret."""

    format_version: Annotated[int, Field(description="Raised when something that was here changes or goes.")]
    complete: Annotated[bool, Field(description="Every step is done, and nothing is left as far as that was checked.")]
    stopped: Annotated[bool, Field(description="The run was stopped before its end.")]
    verification: Annotated[str, Field(description="Why there is no verifying plan, if that is a failure.")]
    refused: Annotated[
        list[FindingDocument],
        Field(description="Why it was refused, so that nothing was begun; empty where it was not."),
    ]
    results: Annotated[list[ResultDocument], Field(description="In the order of the waves.")]
    summary: Annotated[dict[StatusName, NonNegativeInt], Field(description="Steps by status.")]
    plan: Annotated[PlanDocument, Field(description="What was to be done.")]
    remaining: Annotated[PlanDocument | None, Field(description="The verifying plan; null: none was made.")]
