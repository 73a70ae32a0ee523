"""The order of a plan as a drawing: a column for each wave (several where it moves something), a box for each step, a
line from what it needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from komodo_sync.model.plan import Action, Step
from komodo_sync.report.changes import MARKS, ORDER, called, counted
from komodo_sync.report.html_elements import Html, element, joined
from komodo_sync.report.layout import cells, fold, prose

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from komodo_sync.model.address import Address
    from komodo_sync.model.plan import Plan

MOST_STEPS = 200
"""Steps up to which a drawing can be read."""

_WIDE, _HIGH, _ACROSS, _DOWN = 230, 26, 270, 34
_LEFT, _LETTER = 8, 8
"""Where the text of a box begins, and how wide a letter of it is at most."""
_COLUMNS = (_WIDE - 2 * _LEFT) // _LETTER


def order_html(plan: Plan, places: Mapping[Address, str]) -> Html:
    """The waves as a drawing where it can be read, and always as a list. `places`: the anchors of the resources."""
    steps = sum(map(len, plan.waves))
    waves = [
        element("li", f"{counted(len(wave), 'step')}: ", joined([_link(step, places) for step in wave], ", "))
        for wave in plan.waves
    ]
    listed = element("details", element("summary", "As a list"), element("ol", *waves, class_="waves"))
    if steps > MOST_STEPS:
        said = (
            f"{steps} steps in {counted(len(plan.waves), 'wave')} are too many for a drawing; narrow the plan for one."
        )
        return joined([element("p", said), listed])
    numbers = f"{counted(steps, 'step')} in {counted(len(plan.waves), 'wave')}"
    said = f"{numbers}, from left to right; a line leads from what is needed."
    # what can be scrolled can be reached by keys, and says what it is
    drawing = element(
        "div", _drawing(plan, places), class_="drawing", tabindex=0, role="region", aria_label="The steps as a drawing"
    )
    return joined([element("p", said), element("p", _legend(plan), class_="legend"), drawing, listed])


def _legend(plan: Plan) -> Html:
    """The signs of the drawing, those alone that are in it."""
    there = {step.action for wave in plan.waves for step in wave}
    signs = [joined([element("b", MARKS[action].sign), f" {called(action)}"]) for action in ORDER if action in there]
    return joined(["Signs: ", joined(list(signs), ", "), "."])


def _link(step: Step, places: Mapping[Address, str]) -> Html:
    place = places.get(step.address)
    return element("a", str(step), href=f"#{place}") if place else element("span", str(step))


def _drawing(plan: Plan, places: Mapping[Address, str]) -> Html:
    needs = {
        Step(resource.address, change.action): change.needs
        for resource in plan.resources
        for change in resource.changes
    }
    columns = [column for wave in plan.waves for column in _columns(wave)]
    spots = _spots(columns, needs)
    lines = [
        _line(spots[need], spots[step])
        for step in spots
        for need in needs.get(step, ())
        if need in spots and spots[need][0] < spots[step][0]
    ]
    boxes = [_box(step, spot, places) for step, spot in spots.items()]
    wide = len(columns) * _ACROSS
    high = (max((row for _, row in spots.values()), default=0) + 1) * _DOWN + 8
    return element(
        "svg",
        *lines,
        *boxes,
        viewBox=f"0 0 {wide} {high}",
        width=wide,
        height=high,
        role="group",
        aria_label="What is done in which order",
    )


def _columns(wave: Sequence[Step]) -> list[list[Step]]:
    """The steps of a wave that are side by side: those of one resource follow each other."""
    columns: list[list[Step]] = []
    turns: dict[Address, int] = {}
    for step in wave:
        turn = turns.get(step.address, 0)
        turns[step.address] = turn + 1
        columns += [[]] if turn == len(columns) else []
        columns[turn].append(step)
    return columns


def _spots(columns: Sequence[Sequence[Step]], needs: Mapping[Step, Sequence[Step]]) -> dict[Step, tuple[int, int]]:
    """Column and row of each step: what is needed stands on top of its column, and what needs it beside it where there
    is room, so that few lines cross."""
    needed = {need for found in needs.values() for need in found}
    spots: dict[Step, tuple[int, int]] = {}
    for column, side_by_side in enumerate(columns):
        beside = {step: [spots[need][1] for need in needs.get(step, ()) if need in spots] for step in side_by_side}
        free = 0
        for step in sorted(
            side_by_side, key=lambda step: (not beside[step], min(beside[step], default=0), step not in needed)
        ):
            free = max(free, min(beside[step], default=0))
            spots[step] = (column, free)
            free += 1
    return spots


def _line(start: tuple[int, int], end: tuple[int, int]) -> Html:
    x1, y1 = start[0] * _ACROSS + _WIDE + 4, start[1] * _DOWN + _HIGH // 2 + 4
    x2, y2 = end[0] * _ACROSS + 4, end[1] * _DOWN + _HIGH // 2 + 4
    return element("path", d=f"M{x1} {y1}C{x1 + 30} {y1} {x2 - 30} {y2} {x2} {y2}")


def _box(step: Step, spot: tuple[int, int], places: Mapping[Address, str]) -> Html:
    x, y = spot[0] * _ACROSS + 4, spot[1] * _DOWN + 4
    said = prose(f"{MARKS[step.action].sign} {step.address}")
    short = said if cells(said) <= _COLUMNS else f"{fold(said, _COLUMNS - 1)[0].rstrip()}…"
    box = (
        element("title", str(step)),
        element("rect", x=x, y=y, width=_WIDE, height=_HIGH, rx=4),
        element("text", short, x=x + _LEFT, y=y + 17),
    )
    grave = " grave" if step.action in (Action.DELETE, Action.DESTROY, Action.STOP) else ""
    place = places.get(step.address)
    return element(
        "a", *box, href=f"#{place}" if place else None, class_=f"step {step.action}{grave}", aria_label=str(step)
    )
