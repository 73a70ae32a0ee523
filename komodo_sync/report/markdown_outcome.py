"""An Outcome as Markdown: how it ended, what failed and why, what is left; what was done is folded.

It keeps to a room as a plan does: where all of it has none, values go first, then what was done, then long messages.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from komodo_sync.model.data import Data
from komodo_sync.model.outcome import Status
from komodo_sync.report.budget import GITHUB_BYTES, LEAST_BYTES
from komodo_sync.report.changes import called, counted
from komodo_sync.report.layout import prose
from komodo_sync.report.markdown import context, marker
from komodo_sync.report.markdown_changes import write_resource
from komodo_sync.report.markdown_detail import CUT_LINES, DETAILS
from komodo_sync.report.markdown_findings import write_findings
from komodo_sync.report.markdown_text import byte_length, code, fenced, words
from komodo_sync.report.outcome import ending, update_place

if TYPE_CHECKING:
    from collections.abc import Sequence

    from komodo_sync.model.outcome import Outcome, StepOutcome
    from komodo_sync.report.markdown_detail import Detail

_HEADINGS = {
    Status.FAILED: "❌ Failed",
    Status.SKIPPED: "⏭️ Skipped",
    Status.NOT_STARTED: "⏸️ Not started",
    Status.DONE: "✅ Done",
}
_ALL, _VALUES, _NAMES, _FEW = DETAILS[0], DETAILS[3], DETAILS[4], DETAILS[-1]
_CLIPPED = 200


class _Room(Data, frozen=True):
    """One step of the way down: how much of what is left is told, and how many steps of each fate, with how much of
    their messages; None is all."""

    left: Detail
    steps: int | None = None
    lines: int | None = None
    clipped: int | None = None


_ROOMS = (
    _Room(_ALL),
    _Room(_VALUES),
    _Room(_NAMES, lines=CUT_LINES),
    _Room(_NAMES, steps=200, lines=3, clipped=_CLIPPED),
    _Room(_FEW, steps=30, lines=1, clipped=_CLIPPED),
    _Room(_FEW, steps=3, lines=0, clipped=60),
    _Room(_FEW, steps=0, lines=0, clipped=60),
)


def outcome_markdown(outcome: Outcome, *, max_bytes: int = GITHUB_BYTES) -> str:
    """The outcome in at most `max_bytes` bytes of UTF-8 (LEAST_BYTES at least), a newline at its end. Its first line is
    `marker(outcome.plan, "apply")`."""
    max_bytes = max(max_bytes, LEAST_BYTES)
    for room in _ROOMS:
        text = _outcome(outcome, room)
        if byte_length(text) <= max_bytes:
            return text
    raise AssertionError("the last way to tell it fits into any room")  # pragma: no cover


def _outcome(outcome: Outcome, room: _Room) -> str:
    sign = "✅" if outcome.complete else "❌"
    blocks = [marker(outcome.plan, "apply"), f"## {sign} Komodo apply", _clip(ending(outcome), room)]
    blocks += write_findings(outcome.refused, room.left, "refusal")
    blocks.append(context(outcome.plan, room.left))
    for status, heading in _HEADINGS.items():
        results = outcome.of(status)
        if results and status is Status.DONE:
            head = f"<details><summary>{heading}: {counted(len(results), 'change')}</summary>"
            blocks += [head, *_steps(results, room, ""), "</details>"]
        elif results:
            blocks += [
                f"### {heading}: {counted(len(results), 'change')}",
                *_steps(results, room, outcome.plan.core.host),
            ]
    blocks += _left(outcome, room)
    if room is not _ROOMS[0]:
        blocks.append("*Cut for want of room: the report as text or JSON has all of it.*")
    return "\n\n".join(blocks) + "\n"


def _steps(results: Sequence[StepOutcome], room: _Room, host: str) -> list[str]:
    """A row each, with its message, where `host` tells all of it, and the hint. Of what is done nothing is to be looked
    up: no host."""
    told = results if room.steps is None else results[: room.steps]
    blocks = [_step(result, room, host) for result in told]
    if len(told) < len(results):
        blocks.append(f"- and {len(results) - len(told)} more")
    return ["\n".join(blocks)] if blocks else []


def _step(result: StepOutcome, room: _Room, host: str) -> str:
    head = f"- {called(result.step.action)} **{code(_clipped(str(result.step.address), room))}**"
    lines = result.told
    if len(lines) == 1:
        head += f": {_clip(lines[0], room)}"
    elif room.lines is None or room.lines > 0:
        shown = lines if room.lines is None else lines[: room.lines]
        block = fenced([_clipped(line, room) for line in shown], "text").rstrip("\n") if shown else ""
        head += "".join(f"\n  {row}" for row in block.splitlines())
    if room.lines is not None and room.lines == 0:
        return head
    if result.update and host:
        head += f"\n  - update: {code(update_place(host, result.update))}"
    return head + (f"\n  - next: {_clip(result.hint, room)}" if result.hint else "")


def _clip(text: str, room: _Room) -> str:
    return words(_clipped(prose(text), room))


def _clipped(text: str, room: _Room) -> str:
    return text if room.clipped is None or len(text) <= room.clipped else f"{text[: room.clipped]}…"


def _left(outcome: Outcome, room: _Room) -> list[str]:
    """What the verifying plan would still change."""
    if outcome.remaining is None or not outcome.remaining.has_changes:
        return []
    left = [resource for resource in outcome.remaining.resources if resource.changes]
    blocks = [f"### Left to do: {counted(len(left), 'resource')}"]
    if room.left is _ALL or room.left is _VALUES:
        return [*blocks, *(write_resource(resource, room.left) for resource in left)]
    most = 20 if room.left is _FEW else 500
    rows = [f"- {code(_clipped(str(resource.address), room))}" for resource in left[: most if room.steps != 0 else 0]]
    rows += [f"- and {len(left) - len(rows)} more"] if len(rows) < len(left) else []
    return [*blocks, "\n".join(rows)] if rows else blocks
