"""What the embedded Core is told to get wrong: `WHERE=WHAT[:ARGUMENT]`, once for each `--fault`.

WHERE  an operation (`UpdateStack`), one on one resource (`UpdateStack:web`) or on some (`UpdateStack:api-*`),
       `read/*`, `write/*`, `execute/*`, or `*`
WHAT   `busy`       refused as busy; an execution ends as busy
       `fail`       refused with a 500; an execution ends unsuccessfully
       `500` `429`  or any other status from 400 on, as JSON
       `html`       a login page instead of an answer
       `empty`      200 without a body
       `drop`       done, but the connection ends without an answer
       `refuse`     not done, and the connection ends without an answer
       `slow:S`     answered S seconds later
       `takes:S`    the execution lasts S seconds
       `hang`       the execution's Update never completes, and the resource is busy with it until the Core starts again
       `fails:STAGE`   the execution (or delete) fails at that stage, as in `DeployStack:web=fails:Compose Pull`
`:N` after `busy`, `fail`, a status, `html`, `empty`, `drop`, `refuse`, `hang`: the first N times only.
`version=1.19.5` (no WHERE) answers as a Core of that version would to version questions.
`unreachable=NAME`: the agent on the server of that name does not answer; `undocked=NAME`: it does, and docker does not.
"""

from __future__ import annotations

from difflib import get_close_matches
from fnmatch import fnmatchcase
from threading import Lock
from typing import TYPE_CHECKING

from komodo_sync.errors import UsageError
from komodo_sync.model.data import Data, field
from komodo_sync.operations import renamed
from komodo_sync.simulator.undocumented import known

if TYPE_CHECKING:
    from collections.abc import Sequence

_COUNTED = frozenset({"busy", "fail", "html", "empty", "drop", "refuse", "hang"})
_TIMED = frozenset({"slow", "takes"})
_LONGEST = 86_400.0
_GROUPS = ("read", "write", "execute")
_PLACES = ("*", *(f"{group}/*" for group in _GROUPS), "GET /user", "GET /version")
_ENDS = frozenset({"takes", "hang", "fails"})
"""What becomes of an execution, and can become of nothing else."""
_FAILS_TOO = "DeleteStack"
"""A write that fails at a stage: it takes down first what runs."""


class Fault(Data):
    """One thing to get wrong. `left` is how many times more, None without end."""

    where: str
    subject: str
    what: str
    seconds: float = 0.0
    stage: str = ""
    left: int | None = None

    def matches(self, group: str, operation: str, subjects: Sequence[str]) -> bool:
        """Whether it concerns this request; `subjects` are the names and ids that the request mentions."""
        place = self.where in ("*", f"{group}/*", operation)
        return place and (not self.subject or any(fnmatchcase(each, self.subject) for each in subjects))


class Faults(Data):
    """Everything to get wrong, in the order in which it was told."""

    faults: list[Fault] = field(default_factory=list)
    version: str = ""
    unreachable: set[str] = field(default_factory=set)
    undocked: set[str] = field(default_factory=set)
    _lock: Lock = field(default_factory=Lock)

    @classmethod
    def parse(cls, texts: Sequence[str]) -> Faults:
        """Raises UsageError for a text that is none of the language above."""
        told = cls()
        for text in texts:
            told.add(text)
        return told

    def add(self, text: str) -> None:
        """One more."""
        where, equals, what = text.partition("=")
        if not equals or not where or not what:
            raise _unknown(text)
        if where == "version":
            self.version = what
            return
        if where in ("unreachable", "undocked"):
            (self.unreachable if where == "unreachable" else self.undocked).add(what)
            return
        place, _, subject = where.partition(":")
        word, _, argument = what.partition(":")
        fault = Fault(renamed().get(place, place), subject, word)
        try:
            if word == "fails" and argument:
                fault.stage = argument
            elif word in _TIMED:
                fault.seconds = float(argument)
                if not 0 <= fault.seconds <= _LONGEST:
                    raise _unknown(text)
            elif word in _COUNTED or (word.isdecimal() and 400 <= int(word) <= 599):
                fault.left = int(argument) if argument else None
            else:
                raise _unknown(text)
        except ValueError:
            raise _unknown(text) from None
        _check_place(fault)
        self.faults.append(fault)

    def clear_told(self) -> None:
        """From now on no request goes wrong; who does not answer still does not."""
        self.faults.clear()

    def clear(self) -> None:
        """From now on nothing goes wrong."""
        self.faults.clear()
        self.unreachable.clear()
        self.undocked.clear()
        self.version = ""

    def take(self, group: str, operation: str, subjects: Sequence[str], *words: str) -> Fault | None:
        """The first fault of this request with one of the words (any, when none is given), counted down."""
        with self._lock:
            for fault in self.faults:
                if words and fault.what not in words:
                    continue
                if fault.left == 0 or not fault.matches(group, operation, subjects):
                    continue
                if fault.left is not None:
                    fault.left -= 1
                return fault
        return None


def _check_place(fault: Fault) -> None:
    """Raises UsageError for a fault that no request could ever meet."""
    operations = {group: known(group) for group in _GROUPS}
    executing = fault.where in ("*", "execute/*") or fault.where in operations["execute"]
    names = [*_PLACES, *(name for group in _GROUPS for name in operations[group])]
    if fault.where not in names:
        near = _nearest(fault.where, names) or "write an operation of the API, read/*, write/*, execute/* or *"
        raise UsageError(f"there is no operation {fault.where}, so that it could go wrong", hint=near)
    if fault.what in _ENDS and not executing and (fault.what, fault.where) != ("fails", _FAILS_TOO):
        raise UsageError(
            f"{fault.where} is no execution, so that it has no end that could be told",
            hint=f"{fault.what} is for executions, as DeployStack or execute/*; "
            f"for others there are fail, busy, a status, drop, refuse and slow:S",
        )


def _nearest(word: str, known_words: Sequence[str]) -> str:
    same = [each for each in known_words if each.lower() == word.lower()]
    close = same or get_close_matches(word, known_words, 1, 0.7)
    return f"did you mean {close[0]}?" if close else ""


def _unknown(text: str) -> UsageError:
    word = text.partition("=")[2].partition(":")[0]
    near = _nearest(word, sorted((*_COUNTED, *_TIMED, "fails"))) if word else ""
    return UsageError(
        f"unknown fault {text!r}",
        hint=near
        or "Write OPERATION=WHAT, as in UpdateStack=busy:3, ListFullStacks=500, *=429, DeployStack:web=fail, "
        "*=html, *=slow:0.2, DeployStack=takes:2, DeployStack=fails:Compose Pull; unreachable=prod-1, version=1.19.5.",
    )
