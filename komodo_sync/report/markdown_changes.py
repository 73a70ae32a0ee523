"""The changed resources of a plan as folded Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from komodo_sync.model.plan import Action
from komodo_sync.report.attention import own, weight
from komodo_sync.report.causes import cause_text
from komodo_sync.report.changes import MARKS, ORDER, called, gravity
from komodo_sync.report.diff_block import diff_block
from komodo_sync.report.markdown_detail import FULLER, Others
from komodo_sync.report.markdown_notices import effect_words
from komodo_sync.report.markdown_text import byte_length, code, fenced, html_code, html_words, words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from komodo_sync.model.address import Address
    from komodo_sync.model.plan import Change, Plan, Resource
    from komodo_sync.report.markdown_detail import Detail

_UNFOLDED = 10
"""As many resources are listed without being folded by action first."""

_LEAST = 60
"""Bytes with less of which none is told with more detail."""


def write_changes(plan: Plan, detail: Detail, room: int) -> list[str]:
    """A heading, and the resources by all that is done to them, deleted ones last. Where the detail leaves out what is
    in some of them, as many as fit into `room` bytes are told in full."""
    changed = [resource for resource in plan.resources if resource.changes]
    if not changed:
        return []
    told: dict[Address, str] = {}
    if detail.others is Others.FIELDS:
        told = {resource.address: write_resource(resource, detail) for resource in changed}
    if detail in FULLER:
        _fill(changed, told, FULLER[detail], room - sum(map(_size, _blocks(changed, told))))
    return _blocks(changed, told)


def _blocks(changed: Sequence[Resource], told: Mapping[Address, str]) -> list[str]:
    """A block for each of what is told, below its actions where they are many; and the rest by address."""
    groups: dict[tuple[Action, ...], list[Resource]] = {}
    for resource in changed:
        groups.setdefault(_actions(resource), []).append(resource)
    blocks = ["### All changes"]
    for actions, resources in sorted(groups.items(), key=lambda item: _place(item[0])):
        full = [told[item.address] for item in resources if item.address in told]
        names = ", ".join(code(str(item.address)) for item in resources if item.address not in told)
        rest = [f"- {_all_marked(actions)} ({len(resources) - len(full)}): {names}"] if names else []
        frame = _frame(actions, len(resources)) if full and len(changed) > _UNFOLDED else []
        blocks += [*frame[:1], *full, *rest, *frame[1:]]
    return blocks


def _frame(actions: Iterable[Action], number: int) -> list[str]:
    return [f"<details><summary><b>{_all_marked(actions, html_code)}</b> ({number})</summary>", "</details>"]


def _fill(changed: Sequence[Resource], told: dict[Address, str], detail: Detail, room: int) -> None:
    """Tells with more detail as many as fit into what is left: first of what is deleted, stopped or deployed."""
    framed = {_actions(resource) for resource in changed if resource.address in told}
    for resource in sorted(changed, key=lambda item: min(map(weight, _actions(item)))):
        if room < _LEAST:
            return
        address, actions, more = resource.address, _actions(resource), write_resource(resource, detail)
        cost = _size(more) - _size(told.get(address) or code(str(address)))
        cost += 0 if actions in framed else sum(map(_size, _frame(actions, len(changed))))
        if cost <= room:
            told[address] = more
            framed.add(actions)
            room -= cost


def _actions(resource: Resource) -> tuple[Action, ...]:
    return tuple(dict.fromkeys(change.action for change in resource.changes))


def _size(block: str) -> int:
    """With what parts it from the next one."""
    return byte_length(block) + 2


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
