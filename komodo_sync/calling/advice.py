"""What to do next, for somebody who calls an operation by hand: errors of the client speak of plans and applies."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from komodo_sync.errors import AnswerLostError, ApiError, ExistsError, NotFoundError, RejectedError, UnfinishedError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from komodo_sync.errors import KomodoSyncError

_PLANS = re.compile(r"\b(?:plan|apply)\b")
_SAID = "it is what the Core says above; if that does not explain it, its log has the full message"
_NEXT: Mapping[type[KomodoSyncError], str] = {
    NotFoundError: "see what there is with a List operation: it may be spelt otherwise, be gone, or this key cannot "
    "see it",
    ExistsError: "give another name; something that this key cannot see may have this one",
    UnfinishedError: "the Core goes on with it: see how its update ends; --timeout SECONDS waits for longer",
    AnswerLostError: "it may have been done: look before you do it again (call ListUpdates tells what the Core did)",
}


def next_step(error: KomodoSyncError, *, read: bool) -> str:
    """The hint of an error; another one where it speaks of a plan, or blames the Core for what it answers. `read`:
    there was nothing to be done."""
    if type(error) in (ApiError, RejectedError) and getattr(error, "status", 0) == 500:
        return _SAID
    if not _PLANS.search(error.hint):
        return error.hint
    if read and isinstance(error, AnswerLostError):
        return "look at the Core, its load and its log, then try again"
    return _NEXT.get(type(error), "try again")
