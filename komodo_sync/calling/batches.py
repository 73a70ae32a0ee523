"""Batches: one request that the Core answers with the fate of each resource that its pattern fits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from komodo_sync.calling.stages import is_update, told
from komodo_sync.calling.targets import chosen
from komodo_sync.errors import NotFoundError
from komodo_sync.kinds import KINDS
from komodo_sync.model.called import Called, Fate
from komodo_sync.model.data import replace
from komodo_sync.operations import find, operations

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from komodo_sync.calling.masking import Masker
    from komodo_sync.calling.targets import Living
    from komodo_sync.operations import Operation


def batched_kind(name: str) -> str:
    """The kind that a batch is about, by the operation that it does many times; empty where it is none."""
    single = find(name.removeprefix("Batch")) if name.startswith("Batch") else ()
    return next((param.refers_to for each in single for param in each.params.values() if param.refers_to), "")


def fates(
    answer: Any,
    operation: Operation,
    masker: Masker,
    link: Callable[[str], str],
    alive: Callable[[], Sequence[Living]],
) -> tuple[Called, ...]:
    """What became of each item of a batch's answer, by the name of its resource. `alive` tells names by ids."""
    items = [item for item in answer if isinstance(item, dict)] if isinstance(answer, list) else []
    done = [item["data"] for item in items if item.get("status") == "Ok" and is_update(item.get("data"))]
    refused = [item.get("data") for item in items if not (item.get("status") == "Ok" and is_update(item.get("data")))]
    names = {item.id: item.name for item in alive()} if done else {}
    found = []
    for update in done:
        identity = str((update.get("target") or {}).get("id", ""))
        item = told(update, operation, masker, link, subject=names.get(identity, identity))
        found.append(_by_what_was_done(item, str(update["operation"]), operation.name.removeprefix("Batch")))
    return tuple(sorted([*found, *(_refused(each, masker) for each in refused)], key=lambda each: each.subject))


def _by_what_was_done(item: Called, done: str, asked: str) -> Called:
    """BatchBuildRepo clones, in every Komodo up to 2.3.2: a success is one of what the Core has done."""
    if item.fate is not Fate.DONE or done == asked or done not in operations("execute"):
        return item
    return replace(
        item, message=f"the Core has done {done} in its place", hint=f"write {asked} with the pattern, without Batch"
    )


def _refused(data: Any, masker: Masker) -> Called:
    """An item that the Core refused before anything began."""
    known = data if isinstance(data, dict) else {}
    error = known.get("error")
    texts = [error.get("error", ""), *error.get("trace", ())] if isinstance(error, dict) else [str(error or "")]
    said = masker.text("; ".join(str(text) for text in texts if text))
    return Called(str(known.get("name", "")), Fate.FAILED, message=said or "the Core refused it without a word")


def matches(pattern: str, kind: str, alive: Sequence[Living]) -> tuple[str, ...] | None:
    """What a pattern fits now; None for a regex, which the Core reads by rules of its own."""
    words = [word.strip() for word in pattern.replace(",", "\n").split("\n") if word.strip()]
    if any(word.startswith("\\") for word in words):
        return None
    found: set[str] = set()
    for word in words:
        try:
            found |= {item.name for item in chosen(KINDS[kind], [word], alive)}
        except NotFoundError:
            continue
    return tuple(sorted(found))
