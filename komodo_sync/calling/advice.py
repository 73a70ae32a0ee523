"""What to do next, for somebody who calls an operation by hand: errors of the client speak of plans and applies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from komodo_sync.errors import (
    AnswerLostError,
    ApiError,
    ExistsError,
    NotFoundError,
    RejectedError,
    UnfinishedError,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from komodo_sync.errors import KomodoSyncError

_NEXT: Mapping[type[KomodoSyncError], str] = {
    NotFoundError: "see what there is with a List operation: it may be spelt otherwise, be gone, or this key cannot "
    "see it",
    ExistsError: "give another name; something that this key cannot see may have this one",
    RejectedError: "it is what the Core says above; if that does not explain it, its log has the full message",
    ApiError: "it is what the Core says above; if that does not explain it, its log has the full message",
    UnfinishedError: "the Core goes on with it: see how its update ends; --timeout SECONDS waits for longer",
    AnswerLostError: "it may have been done: look before you do it again (call ListUpdates tells what the Core did)",
}


def next_step(error: KomodoSyncError) -> str:
    """The hint of an error; where there is none, or it holds for everybody, as it is."""
    return _NEXT.get(type(error), error.hint) if error.hint and getattr(error, "status", 500) != 501 else error.hint
