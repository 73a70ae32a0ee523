"""The changed resources of a plan as folded Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from komodo_sync.model.plan import Action
from komodo_sync.report.attention import own
from komodo_sync.report.causes import cause_text
from komodo_sync.report.changes import MARKS, ORDER, called, gravity
from komodo_sync.report.diff_block import diff_block
from komodo_sync.report.markdown_detail import Others
from komodo_sync.report.markdown_notices import effect_words
from komodo_sync.report.markdown_text import code, fenced, html_code, html_words, words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from komodo_sync.model.plan import Change, Plan, Resource
    from komodo_sync.report.markdown_detail import Detail

_UNFOLDED = 10
"""As many resources are listed without being folded by action first."""


def write_changes(plan: Plan, detail: Detail) -> list[str]:
    """A heading, and the resources by all that is done to them, deleted ones last."""
    changed = [resource for resource in plan.resources if resource.changes]
    if not changed:
        return []
    groups: dict[tuple[Action, ...], list[Resource]] = {}
    for resource in changed:
        groups.setdefault(tuple(dict.fromkeys(change.action for change in resource.changes)), []).append(resource)
    blocks = ["### All changes"]
    for actions, resources in sorted(groups.items(), key=lambda item: _place(item[0])):
        if detail.others is Others.ADDRESSES:
            names = ", ".join(code(str(resource.address)) for resource in resources)
            blocks.append(f"- {_all_marked(actions)} ({len(resources)}): {names}")
        elif len(changed) <= _UNFOLDED:
            blocks += [write_resource(resource, detail) for resource in resources]
        else:
            heading = f"<details><summary><b>{_all_marked(actions, html_code)}</b> ({len(resources)})</summary>"
            blocks += [heading, *(write_resource(resource, detail) for resource in resources), "</details>"]
    return blocks


def _place(actions: tuple[Action, ...]) -> list[int]:
    return [Action.DELETE in actions, *map(ORDER.index, actions)]


def _all_marked(actions: Iterable[Action], as_code: Callable[[str], str] = code) -> str:
    return ", then ".join(_marked(action, as_code) for action in actions)


def _marked(action: Action, as_code: Callable[[str], str] = code) -> str:
    return f"{as_code(MARKS[action].sign)} {called(action)}"


def write_resource(resource: Resource, detail: Detail) -> str:
    """One resource: its address and actions, and folded below it reasons, effects and fields."""
    actions = ", ".join(_marked(change.action, html_code) for change in resource.changes)
    head = f"<details><summary>{html_code(str(resource.address))} {actions}{_reasons(resource)}</summary>"
    place = [f"At {code(resource.source)}."] if resource.source else []
    place += [words(f"{cause_text(resource.cause)}.")] if resource.cause is not None else []
    body = [block for change in resource.changes for block in _change(resource, change, detail)]
    return "\n\n".join((head, *place, *body, "</details>"))


def _reasons(resource: Resource) -> str:
    told = [change.reason for change in resource.changes if change.action is Action.DEPLOY and change.reason]
    return f": {html_words('; '.join(told))}" if told else ""


def _change(resource: Resource, change: Change, detail: Detail) -> list[str]:
    previous = f" {code(change.previous)} → {code(resource.address.name)}" if change.previous else ""
    reason = f": {words(change.reason)}" if change.reason else ""
    rows = [f"- {_marked(change.action)}{previous}{reason}"]
    rows += [f"  - {effect_words(effect)}" for effect in own(resource.address, sorted(change.effects, key=gravity))]
    creating = change.action is Action.CREATE
    if not change.fields or (creating and not detail.creates):
        return ["\n".join(rows)]
    if not detail.values:
        return ["\n".join([*rows, f"  - fields: {_names(change)}"])]
    return ["\n".join(rows), fenced(diff_block(change.fields, creating=creating, longest=detail.longest)).rstrip("\n")]


def _names(change: Change) -> str:
    names: Sequence[str] = [code(item.pointer) for item in change.fields]
    return ", ".join(names)
