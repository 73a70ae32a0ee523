"""What of an Update is told: the stages that failed, without markup and without secrets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from komodo_sync.client.updates import is_complete, update_id
from komodo_sync.model.called import Called, Fate, Stage
from komodo_sync.wire.update_text import plain_text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from komodo_sync.calling.masking import Masker
    from komodo_sync.operations import Operation

NO_ID = (
    "the Core gives this Update no id, so nobody can wait for it: whether anything was deployed, and how that ended, "
    "is not known"
)
NO_ID_HINT = (
    "use DeployStack, which is waited for, or deploy: true in a manifest, where apply compares by itself; what it did "
    "stands in Komodo's list of updates"
)


def is_update(answer: Any) -> bool:
    """Whether an answer is a record of what the Core does or has done."""
    return isinstance(answer, dict) and {"operation", "status", "success", "logs"} <= answer.keys()


def failed_stages(update: Mapping[str, Any], masker: Masker) -> tuple[Stage, ...]:
    """The stages of an Update that are no success, with what they said."""
    return tuple(
        Stage(str(log.get("stage", "")), _text(log, masker))
        for log in update.get("logs") or ()
        if isinstance(log, dict) and not log.get("success", True)
    )


def _text(log: Mapping[str, Any], masker: Masker) -> str:
    said = [plain_text(str(log.get(part) or "")).expandtabs(4).rstrip().lstrip("\n") for part in ("stderr", "stdout")]
    return masker.text("\n".join(part for part in said if part))


def told(
    update: dict[str, Any], operation: Operation, masker: Masker, link: Callable[[str], str], *, subject: str
) -> Called:
    """What became of an execution, by its Update as it is now. An Update without an id is never believed, complete or
    not."""
    identity = update_id(update)
    answer = masker.answer(operation, update)
    if not identity:
        return Called(subject, Fate.UNKNOWN, answer, NO_ID, NO_ID_HINT)
    if not is_complete(update):
        return Called(subject, Fate.STARTED, answer, "the Core is doing it", update=identity, link=link(identity))
    seconds = max((update.get("end_ts") or 0) - (update.get("start_ts") or 0), 0) / 1000
    if update.get("success"):
        return Called(subject, Fate.DONE, answer, update=identity, link=link(identity), seconds=seconds)
    stages = failed_stages(update, masker)
    where = f"stage {', '.join(stage.name for stage in stages)} failed" if stages else "it failed without a word"
    hint = "the whole log of this update is in Komodo" if not stages else ""
    return Called(subject, Fate.FAILED, answer, where, hint, stages, identity, link(identity), seconds)
