"""What stops, is deployed or cannot be undone, as Markdown: with reasons and effects, or as names alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from komodo_sync.model.plan import Action, Shown
from komodo_sync.report.attention import CALM, DEPLOYING, GRAVEST, LASTING, Concern, own, weight
from komodo_sync.report.changes import ORDER, called, counted
from komodo_sync.report.markdown_detail import Names
from komodo_sync.report.markdown_text import byte_length, code, fenced, words
from komodo_sync.report.values import shown_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from komodo_sync.model.address import Address
    from komodo_sync.model.plan import Change, Effect, Plan, Resource
    from komodo_sync.report.attention import Attention, Notice

_SIGNS = {Concern.STOPS: "🛑", Concern.DEPLOYS: "🚀", Concern.LASTING: "🔥", Concern.OTHER: "👀"}

_WIDTH, _INDENT = 110, "  "
"""Of the rows of names: what is longer than a page is wide would have to be scrolled."""


def write_notices(found: Iterable[Attention]) -> list[str]:
    """A heading with a number for each concern, and a row for each of its notices."""
    blocks = []
    for item in found:
        blocks.append(f"### {_SIGNS[item.concern]} {item.heading}")
        blocks += ["\n".join(map(_row, item.notices))] if item.notices else []
    return blocks


def _row(notice: Notice) -> str:
    names = ", ".join(
        f"**{code(str(item.address))}**{f' {words(item.subject)}' if item.subject else ''}" for item in notice.named
    )
    said = "; ".join(words(item) if isinstance(item, str) else effect_words(item) for item in notice.told)
    if len(notice.named) == 1:
        return f"- {called(notice.action)} {names}{': ' if said else ''}{said}"
    return f"- {called(notice.action)} {len(notice.named)}{': ' if said else ''}{said}:\n  {names}"


def _said(reason: str, effects: Iterable[Effect], *, effects_first: bool) -> str:
    told = [effect_words(effect) for effect in effects]
    why = [words(reason)] if reason else []
    return "; ".join([*told, *why] if effects_first else [*why, *told])


def effect_words(effect: Effect) -> str:
    """`**stops** 3 services: compose down`; what stays is not bold."""
    kind = words(effect.kind) or code("")
    said = kind if effect.kind in CALM else f"**{kind}**"
    subject = f" {words(effect.subject)}" if effect.subject else ""
    return f"{said}{subject}" + (f": {words(effect.detail)}" if effect.detail else "")


def write_names(plan: Plan, names: Names, room: int) -> list[str]:
    """The same for many: each address once for an action, names in as few bytes as can be. GROUPED with reasons and
    effects, LISTED with the kinds of effects alone, CUT as many names of all changed resources as fit into `room`
    bytes, and first of all how many do not."""
    groups: dict[_Key, list[Address]] = {}
    for resource in plan.resources:
        for change in resource.changes:
            if (key := _key(resource, change, names)) is not None:
                groups.setdefault(key, []).append(resource.address)
    ordered = sorted(groups.items(), key=lambda item: (weight(item[0].action), item[0].said))
    if names is Names.CUT:
        return _cut([*ordered, *_others(plan)], room)
    return [block for key, addresses in ordered for block in _group(key, addresses, len(addresses))]


def write_others(plan: Plan, room: int | None) -> list[str]:
    """The changed resources of which nothing else has to be said, by name alone; as many as fit into `room` bytes, and
    how many do not."""
    groups = _others(plan)
    if not groups:
        return []
    heading = f"### Other changes: {counted(sum(len(addresses) for _, addresses in groups), 'resource')}"
    if room is None:
        return [heading, *(block for key, addresses in groups for block in _group(key, addresses, len(addresses)))]
    return [heading, *_cut(groups, room - byte_length(heading) - 2, last=True)]


class _Key(NamedTuple):
    action: Action
    said: str


_Groups = list[tuple[_Key, list["Address"]]]


def _others(plan: Plan) -> _Groups:
    """Those that `write_names` leaves out, by all that is done to them."""
    groups: dict[tuple[Action, ...], list[Address]] = {}
    for resource in plan.resources:
        if resource.changes and all(_key(resource, change, Names.CUT) is None for change in resource.changes):
            groups.setdefault(tuple(change.action for change in resource.changes), []).append(resource.address)
    told = {actions: f"and {', '.join(map(called, actions[1:]))}" if actions[1:] else "" for actions in groups}
    ordered = sorted(groups.items(), key=lambda item: [ORDER.index(action) for action in item[0]])
    return [(_Key(actions[0], told[actions]), addresses) for actions, addresses in ordered]


def _key(resource: Resource, change: Change, names: Names) -> _Key | None:
    effects = [effect for effect in own(resource.address, change.effects) if effect.kind not in CALM]
    if change.action not in GRAVEST and not effects:
        return None
    if names is Names.CUT:
        return _Key(change.action, "")
    if names is Names.GROUPED and (change.action in GRAVEST or any(effect.kind in LASTING for effect in effects)):
        return _Key(change.action, _said(change.reason, effects, effects_first=change.action not in DEPLOYING))
    return _Key(change.action, ", ".join(words(kind) for kind in sorted({effect.kind for effect in effects})))


def _group(key: _Key, addresses: Sequence[Address], total: int) -> list[str]:
    named = "" if total == len(addresses) else f" ({len(addresses)} of them named)"
    heading = f"**{called(key.action)} {total}**{named}{': ' if key.said else ''}{key.said}"
    return [heading, *([fenced(_by_kind(addresses), "text").rstrip("\n")] if addresses else [])]


def _by_kind(addresses: Iterable[Address]) -> list[str]:
    """`stack: a, b, c`, in rows that need no scrolling."""
    names: dict[str, list[str]] = {}
    for address in addresses:
        names.setdefault(address.kind, []).append(shown_text(Shown([address.name]))[1:-1])
    return [row for kind, found in names.items() for row in _rows(f"{kind}: ", found)]


def _rows(lead: str, names: Sequence[str]) -> list[str]:
    rows, row = [], lead
    for index, name in enumerate(names):
        item = f"{name}, " if index + 1 < len(names) else name
        if row not in (lead, _INDENT) and len(row) + len(item) > _WIDTH:
            rows.append(row.rstrip())
            row = _INDENT
        row += item
    return [*rows, row]


def _cut(groups: _Groups, room: int, *, last: bool = False) -> list[str]:
    """As many names as fit, those of the first groups first. `last`: how many do not is told at the end."""
    total = sum(len(addresses) for _, addresses in groups)

    def blocks(named: int) -> list[str]:
        left, found = named, []
        for key, addresses in groups:
            found += _group(key, addresses[:left], len(addresses))
            left -= min(left, len(addresses))
        if named == total:
            return found
        if last:
            return [*found, f"**… and {total - named} more, see the whole plan.**"]
        missing = f"**{total - named} of {total} names are not told here for want of room: read the whole plan.**"
        return [missing, *found]

    least, most = 0, total
    while least < most:
        middle = (least + most + 1) // 2
        fits = sum(byte_length(block) + 2 for block in blocks(middle)) <= room
        least, most = (middle, most) if fits else (least, middle - 1)
    return blocks(least)
