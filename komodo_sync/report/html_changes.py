"""The changed resources of a plan as folded HTML: reasons, effects, and the fields side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from komodo_sync.model.plan import Action
from komodo_sync.report.attention import CALM, own
from komodo_sync.report.causes import cause_text
from komodo_sync.report.changes import GRAVE, called, gravity, is_deleted
from komodo_sync.report.fields import RESET
from komodo_sync.report.html_elements import Html, element, joined
from komodo_sync.report.html_sides import pairs_table, side_by_side
from komodo_sync.report.values import as_told, pair_text, shown_lines, shown_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from komodo_sync.model.plan import Change, Diff, DiffEntry, Effect, FieldChange, Resource


def badge(action: Action) -> Html:
    """The action as a coloured word."""
    return element("span", called(action), class_=f"badge {action}")


def resource_html(resource: Resource, place: str) -> Html:
    """One resource under the anchor `place`; its fold is closed, its actions are there to be filtered by."""
    actions = dict.fromkeys(change.action for change in resource.changes)
    summary = [element("code", str(resource.address), class_="address"), *(badge(action) for action in actions)]
    told = [change.reason for change in resource.changes if change.action is Action.DEPLOY and change.reason]
    summary += [element("span", "; ".join(told), class_="why")] if told else []
    body = [element("p", "Declared at ", element("code", resource.source), class_="source")] if resource.source else []
    body += [element("p", cause_text(resource.cause), class_="source")] if resource.cause is not None else []
    body += [_change(resource, change) for change in resource.changes]
    return element(
        "details",
        element("summary", joined(list(summary), " ")),
        element("div", *body, class_="body"),
        class_="resource gone" if is_deleted(resource) else "resource",
        id=place,
        data_actions=" ".join(actions),
    )


def effect_html(effect: Effect) -> Html:
    """`stops 3 services: compose down`, grave ones marked."""
    weight = "grave" if effect.kind in GRAVE else "calm" if effect.kind in CALM else "warn"
    subject = f" {effect.subject}" if effect.subject else ""
    detail = f": {effect.detail}" if effect.detail else ""
    return element("span", element("b", effect.kind), f"{subject}{detail}", class_=f"effect {weight}")


def _change(resource: Resource, change: Change) -> Html:
    head: list[str] = [badge(change.action)]
    if change.previous:
        names = (element("code", change.previous), " → ", element("code", resource.address.name))
        head.append(element("span", *names))
    head.append(element("span", change.reason))
    effects = [
        element("li", effect_html(effect)) for effect in own(resource.address, sorted(change.effects, key=gravity))
    ]
    fields = [_field(item, creating=change.action is Action.CREATE) for item in change.fields]
    return element(
        "div",
        element("p", joined(head, " "), class_="head"),
        element("ul", *effects, class_="effects") if effects else "",
        *fields,
        class_="change",
    )


def _field(item: FieldChange, *, creating: bool) -> Html:
    notes: list[str] = [element("span", "deploys", class_="note deploys")] if item.deploys and not creating else []
    notes += [element("span", RESET.strip("()"), class_="note")] if item.reset else []
    if item.origin:
        ways = f" ({', '.join(item.through)})" if item.through else ""
        notes.append(element("span", f"{item.origin}{ways}", class_="note"))
    head = element("h4", element("code", item.pointer), joined(["", *notes], " "))
    note = [element("p", item.diff.note, class_="note")] if item.diff.note else []
    return element("div", head, *_diff(item, creating=creating), *note, class_="field")


def _diff(item: FieldChange, *, creating: bool) -> Iterator[Html]:
    diff = as_told(item.diff)
    if diff.kind == "scalar":
        before = None if creating else "\n".join(shown_lines(item.before))
        yield pairs_table([("", before, "\n".join(shown_lines(item.after)))], item.pointer, keyed=False)
        return
    if diff.lines:
        yield side_by_side(diff.lines, item.pointer)
    if rows := [_row(diff, entry, creating) for entry in diff.entries if not entry.lines]:
        yield pairs_table(rows, item.pointer, keyed=any(key for key, _, _ in rows))
    for entry in diff.entries:
        if entry.lines:
            yield element("p", element("code", entry.key))
            yield side_by_side(entry.lines, f"{item.pointer} {entry.key}")


def _row(diff: Diff, entry: DiffEntry, creating: bool) -> tuple[str, str | None, str | None]:
    said = pair_text if diff.kind == "keyed" else shown_text
    before = None if creating or entry.before is None else said(entry.before)
    return (entry.key, before, None if entry.after is None else said(entry.after))
