"""What became of operations that were called by name, for people and as a document."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from komodo_sync.model.called import Fate
from komodo_sync.report.changes import counted
from komodo_sync.report.layout import Page, Style, cells, pad, prose

if TYPE_CHECKING:
    from komodo_sync.model.called import Called, Calls, Request
    from komodo_sync.report import called_document as doc

FORMAT_VERSION = 1
"""Of the JSON document; raised when something that was there changes or goes."""
_STYLES = {
    Fate.DONE: Style.GREEN,
    Fate.FAILED: Style.LOUD,
    Fate.UNFINISHED: Style.LOUD,
    Fate.STARTED: Style.CYAN,
    Fate.UNKNOWN: Style.YELLOW,
    Fate.NOT_STARTED: Style.YELLOW,
}
_LAST = 20
"""Lines of a failed stage that are printed; the whole is in Komodo."""


def called_text(calls: Calls, *, color: bool, width: int) -> str:
    """Each call's fate in rows of at most `width` columns (links are not cut), failed stages below it, and how
    many there are of each."""
    page = Page(width=width, color=color)
    if calls.requests:
        _write_requests(page, calls)
        return page.text()
    column = max((cells(prose(item.subject)) for item in calls.called), default=0)
    for item in calls.called:
        _write(page, item, column)
    if len(calls.called) != 1:
        page.say((f"{prose(calls.operation)}: {_counts(calls)}", Style.BOLD), hang=0)
    return page.text()


def fate_line(item: Called) -> str:
    """One call's fate in a line."""
    took = f" in {item.seconds:.1f} s" if item.seconds >= 0.1 else ""
    why = f": {prose(item.message)}" if item.message else ""
    return f"{item.fate}{took}{why}"


def _write(page: Page, item: Called, column: int) -> None:
    head = [(pad(prose(item.subject), column), Style.BOLD), ("  ", Style.PLAIN)] if item.subject else []
    page.say(*head, (fate_line(item), _STYLES[item.fate]))
    for stage in item.stages:
        page.say((f"{prose(stage.name)}:", Style.RED), indent=2)
        lines = stage.text.splitlines()
        if len(lines) > _LAST:
            page.say((f"({len(lines) - _LAST} earlier lines are left out)", Style.DIM), indent=4)
        for line in lines[-_LAST:]:
            page.value("| ", line, indent=4)
    if item.hint:
        page.say(("next: ", Style.BOLD), (prose(item.hint), Style.PLAIN), indent=2)
    if item.update and item.fate is not Fate.DONE:
        # whole, however narrow the terminal: a link that is cut leads nowhere
        page.row(("see: ", Style.BOLD), (item.link or f"update {item.update}", Style.PLAIN), indent=2)


def _counts(calls: Calls) -> str:
    told = [f"{len(found)} {fate}" for fate in Fate if (found := calls.of(fate))]
    return ", ".join(told) or "nothing fits, nothing was done"


def _write_requests(page: Page, calls: Calls) -> None:
    for request in calls.requests:
        shown = json.dumps(dict(request.params), ensure_ascii=False)
        page.say(
            (f"would {calls.group} ", Style.PLAIN), (prose(calls.operation), Style.BOLD), (f" {shown}", Style.PLAIN)
        )
        if request.matches is not None:
            found = ", ".join(map(prose, request.matches)) or "nothing"
            page.say((f"fits now: {found}", Style.PLAIN), indent=2)
    page.say(
        (f"{counted(len(calls.requests), 'request')} to {prose(calls.host)}; nothing was sent.", Style.DIM), hang=0
    )


def called_json(calls: Calls) -> str:
    """The document of several calls, or of what would be sent, with a newline at its end."""
    document: doc.CallsDocument = {
        "format_version": FORMAT_VERSION,
        "operation": calls.operation,
        "group": calls.group,
        "core": calls.host,
    }
    if calls.requests:
        document["dry_run"] = True
        document["requests"] = [_request(each) for each in calls.requests]
    else:
        document["results"] = [_result(each) for each in calls.called]
        document["summary"] = {fate.value: len(found) for fate in Fate if (found := calls.of(fate))}
    return json.dumps(document, indent=2) + "\n"


def answer_json(calls: Calls) -> str:
    """What one call was answered, as the Core says it, with a newline at its end."""
    answer = calls.called[0].answer if calls.answer is None else calls.answer
    return json.dumps(answer, indent=2) + "\n"


def _request(request: Request) -> doc.RequestDocument:
    told: doc.RequestDocument = {"subject": request.subject, "params": dict(request.params)}
    if request.matches is not None:
        told["matches"] = list(request.matches)
    return told


def _result(item: Called) -> doc.ResultDocument:
    return {
        "subject": item.subject,
        "fate": item.fate.value,
        "message": item.message,
        "hint": item.hint,
        "stages": [{"stage": stage.name, "text": stage.text} for stage in item.stages],
        "update": item.update,
        "link": item.link,
        "seconds": item.seconds,
        "answer": item.answer,
    }
