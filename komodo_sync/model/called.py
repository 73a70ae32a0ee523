"""What became of operations that were called by name."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any

from komodo_sync.model.data import Data

if TYPE_CHECKING:
    from collections.abc import Mapping


class Fate(StrEnum):
    """What became of one call.

    DONE; FAILED (the Core said no, or what it did failed); UNFINISHED (it is not waited for any more, and the Core goes
    on with it); STARTED (nobody wanted to wait); UNKNOWN (the Core does not say how it ends: its Update has no id);
    NOT_STARTED (stopped before its turn).
    """

    DONE = "done"
    FAILED = "failed"
    UNFINISHED = "unfinished"
    STARTED = "started"
    UNKNOWN = "unknown"
    NOT_STARTED = "not started"


class Stage(Data, frozen=True):
    """A failed stage of an Update. `text`: what it said, masked and without markup."""

    name: str
    text: str


class Called(Data, frozen=True):
    """One call's fate, all of it masked.

    subject  what it was about: a name, or nothing
    answer   the Core's answer; the complete Update of an execution that was waited for; None when there is none
    update   the id of that Update, empty where there is none
    link     where it is to be seen in Komodo's UI
    seconds  how long the Core took for what it was asked to execute
    """

    subject: str
    fate: Fate
    answer: Any = None
    message: str = ""
    hint: str = ""
    stages: tuple[Stage, ...] = ()
    update: str = ""
    link: str = ""
    seconds: float = 0.0


class Request(Data, frozen=True):
    """What would be sent, masked. `matches`: what the pattern of a batch means now."""

    subject: str
    params: Mapping[str, Any]
    matches: tuple[str, ...] | None = None


class Calls(Data, frozen=True):
    """One operation, called for each of its subjects. `requests`: what would have been sent, where nothing was.
    `answer`: that of a batch, which is one call."""

    group: str
    operation: str
    host: str
    called: tuple[Called, ...] = ()
    requests: tuple[Request, ...] = ()
    stopped: bool = False
    answer: Any = None

    def of(self, *fates: Fate) -> tuple[Called, ...]:
        """Those with one of these fates."""
        return tuple(item for item in self.called if item.fate in fates)
