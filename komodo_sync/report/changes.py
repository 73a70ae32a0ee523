"""Resources of a plan with their changes and effects, and the words and signs for each action."""

from __future__ import annotations

from typing import TYPE_CHECKING

from komodo_sync.model.data import Data
from komodo_sync.model.plan import Action
from komodo_sync.report.attention import CALM
from komodo_sync.report.causes import cause_text
from komodo_sync.report.fields import INDENT, write_fields
from komodo_sync.report.layout import Style, prose

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from komodo_sync.model.address import Address
    from komodo_sync.model.plan import Change, Effect, Plan, Resource
    from komodo_sync.report.layout import Page

LISTED = 8
"""Names that a sentence lists before it says how many more there are."""

GRAVE = {"stops": "Stops", "loses": "Loses", "unknown": "In doubt"}
"""Kinds of effects that take, or may take, something away from who uses it, and how a summary calls them. They come
first and in red."""

OTHERS = {
    "detaches": "Detaches others from",
    "renames": "Renames what runs of",
    "unprotects": "Protected no more",
}
"""How a summary calls further kinds, where the capitalised word does not do."""

IRREVERSIBLE = "irreversible"
"""Said of every delete, under a heading that says it too; summaries leave it out."""


class Mark(Data, frozen=True):
    """How an action is shown: its sign, what it is called once done, its style."""

    sign: str
    done: str
    style: Style

    @property
    def loud(self) -> bool:
        """Whether the action takes away what somebody may use: its name is then written in capitals."""
        return self.style in (Style.LOUD, Style.RED)


MARKS = {
    Action.CREATE: Mark("+", "created", Style.GREEN),
    Action.UPDATE: Mark("~", "updated", Style.YELLOW),
    Action.RENAME: Mark(">", "renamed", Style.CYAN),
    Action.DELETE: Mark("-", "deleted", Style.LOUD),
    Action.ADOPT: Mark("&", "adopted", Style.CYAN),
    Action.FORGET: Mark("o", "forgotten", Style.CYAN),
    Action.DEPLOY: Mark("^", "deployed", Style.YELLOW),
    Action.START: Mark("*", "started", Style.GREEN),
    Action.STOP: Mark("#", "stopped", Style.RED),
    Action.DESTROY: Mark("x", "destroyed", Style.LOUD),
    Action.RUN: Mark("$", "run", Style.YELLOW),
}

ORDER = (*(action for action in Action if action is not Action.DELETE), Action.DELETE)
"""Actions as counts name them: deletes last, where the eye stops."""


def called(action: Action) -> str:
    """The word for it, in capitals where it takes something away."""
    return action.upper() if MARKS[action].loud else str(action)


def is_deleted(resource: Resource) -> bool:
    """Whether it will be gone."""
    return any(change.action is Action.DELETE for change in resource.changes)


def write_resource(page: Page, resource: Resource) -> None:
    """Its address and place, then each change with reason, fields and effects."""
    place = f"  {prose(resource.source)}" if resource.source else ""
    page.say((prose(str(resource.address)), Style.BOLD), (place, Style.DIM))
    if resource.cause is not None:
        page.say((f"@ {prose(cause_text(resource.cause))}", Style.CYAN), indent=2, hang=4)
    for change in resource.changes:
        _write_change(page, resource, change)


def _write_change(page: Page, resource: Resource, change: Change) -> None:
    mark = MARKS[change.action]
    head = f"{mark.sign} {called(change.action)}"
    names = f" {prose(change.previous)} -> {prose(resource.address.name)}" if change.previous else ""
    reason = f": {prose(change.reason)}" if change.reason else ""
    page.say((head + names, mark.style), (reason, Style.PLAIN), indent=2, hang=6)
    write_fields(page, change.fields, source=resource.source, creating=change.action is Action.CREATE)
    for effect in sorted(change.effects, key=gravity):
        _write_effect(page, effect, resource.address)


def gravity(effect: Effect) -> tuple[int, int]:
    """Order of effects: what is taken away, what else to know, what stays."""
    if effect.kind in GRAVE:
        return (0, list(GRAVE).index(effect.kind))
    return (2 if effect.kind in CALM else 1, 0)


def _write_effect(page: Page, effect: Effect, address: Address) -> None:
    sign, style = ("!", Style.LOUD) if effect.kind in GRAVE else ("!", Style.YELLOW)
    if effect.kind in CALM:
        sign, style = "=", Style.DIM
    subject = "" if effect.subject in ("", str(address)) else f" {prose(effect.subject)}"
    said = f"{sign} {prose(effect.kind)}{subject}"
    detail = f": {prose(effect.detail)}" if effect.detail else ""
    page.say((said, style), (detail, Style.PLAIN), indent=INDENT, hang=INDENT + 2)


def write_losses(page: Page, resources: Iterable[Resource], *, indent: int = 0) -> None:
    """What the changes take away or disturb, a row for each kind of effect, grave ones first: `Stops: stack/web (3
    services), stack/db`. Calm effects are left out."""
    found: dict[str, tuple[Effect, list[str]]] = {}
    for resource in resources:
        address = str(resource.address)
        for effect in (effect for change in resource.changes for effect in change.effects):
            subject = f" ({amount(effect.subject)})" if effect.subject not in ("", address) else ""
            found.setdefault(effect.kind, (effect, []))[1].append(prose(address) + subject)
    for kind, (effect, names) in sorted(found.items(), key=lambda item: (gravity(item[1][0]), item[0])):
        if kind not in CALM and kind != IRREVERSIBLE:
            title = GRAVE.get(kind) or OTHERS.get(kind) or prose(kind).capitalize()
            style = Style.LOUD if effect.kind in GRAVE else Style.YELLOW
            page.say((f"{title}: {listed(names)}", style), indent=indent)


def amount(subject: str) -> str:
    """What stands behind a name: of `3 services (cache, db, web)` the number; which ones is told with the change."""
    return prose(subject).partition(" (")[0]


def listed(names: Sequence[str]) -> str:
    """`a, b and 3 more`."""
    if len(names) <= LISTED:
        return ", ".join(names)
    return f"{', '.join(names[: LISTED - 1])} and {len(names) - LISTED + 1} more"


def not_running(plan: Plan) -> str:
    """`2 resources do not run as declared`, of what is known not to."""
    number = len(plan.amiss)
    return f"{counted(number, 'resource')} {'does' if number == 1 else 'do'} not run as declared"


def counted(number: int, word: str) -> str:
    """`1 resource`, `2 resources`."""
    return f"{number} {word}{'' if number == 1 else 's'}"
