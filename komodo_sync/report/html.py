"""A Plan as one HTML file that needs nothing else: no network, no other file; it holds to a policy that allows neither.

What a reader must see first stands at the top; the changes are folded, and can be filtered; the order is drawn.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from komodo_sync.report.attention import attentions, overview
from komodo_sync.report.causes import by_record, titled
from komodo_sync.report.changes import ORDER, amount, counted, not_running
from komodo_sync.report.findings import MANY
from komodo_sync.report.glance import glance
from komodo_sync.report.html_changes import badge, effect_html, resource_html
from komodo_sync.report.html_elements import Html, element, joined, section
from komodo_sync.report.html_findings import findings_html, refusals_html
from komodo_sync.report.html_graph import order_html
from komodo_sync.report.html_page import page
from komodo_sync.report.layout import prose

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from komodo_sync.model.address import Address
    from komodo_sync.model.plan import Action, Plan, Resource
    from komodo_sync.report.attention import Attention, Named, Notice

_NAMED = 30
"""Names of one notice that are not folded."""


def plan_html(plan: Plan) -> str:
    """The document, with a newline at its end."""
    changed = [resource for resource in plan.resources if resource.changes]
    places = {resource.address: f"r{index}" for index, resource in enumerate(changed)}
    body = [
        *_sides(changed, places),
        *_numbers(plan),
        *refusals_html(plan.refusals),
        *_concerns(plan, places),
        *findings_html(plan.findings, "warning", "note"),
        changes_html(changed, places) if changed else element("p", _nothing(plan), class_="good"),
    ]
    if plan.waves:
        body.append(section("Order", order_html(plan, places), place="order"))
    return page(f"Komodo {plan.subject}", counts_html(plan), facts(plan), body)


def facts(plan: Plan) -> list[str]:
    """Which Core, and what was asked."""
    scope = plan.scope
    told = [plan.core.host, f"Core {plan.core.version}" if plan.core.version else ""]
    told += [f"target {scope.target}" if scope.target else "", *(f"overlay {name}" for name in scope.overlays)]
    told += [f"owner {scope.owner}" if scope.owner else "no owner", "prune on" if scope.prune else "prune off"]
    told += ["" if scope.omitted_fields == "reset" else f"omitted fields: {scope.omitted_fields}"]
    narrowed = [*scope.paths, *(f"--select {expression}" for expression in scope.select)]
    told += [f"narrowed to {' '.join(narrowed)}" if narrowed else "", "" if scope.deploy else "without deploys"]
    told += ["not refreshed (--no-refresh)"] if scope.deploy and not scope.refresh else []
    told += [f"files of {plan.visibility.refreshed} fetched anew"] if plan.visibility.refreshed else []
    if not plan.visibility.admin:
        told.append(f"partial view: the key of {plan.visibility.user} is not an admin's")
    return [item for item in told if item]


def counts_html(plan: Plan) -> Html:
    """How many changes of each action, and how many resources stay as they are."""
    actions = plan.summary.actions
    told = [
        element("li", element("b", str(actions[action])), f" to {action}", class_=str(action))
        for action in ORDER
        if actions.get(action)
    ]
    told += (
        [element("li", element("b", str(plan.summary.refused)), " refused", class_="refused")]
        if plan.summary.refused
        else []
    )
    told.append(element("li", element("b", str(plan.summary.unchanged)), " unchanged", class_="unchanged"))
    return element("ul", *told, class_="counts", aria_label="Changes by action")


def _sides(changed: Sequence[Resource], places: Mapping[Address, str]) -> list[Html]:
    """On which side each was changed, by whom and when, where that was asked for."""
    rows = [
        element(
            "li",
            element("b", f"{titled(side)}: "),
            joined([element("a", element("code", prose(str(name))), href=f"#{places[name]}") for name in names], " "),
            f": {said}" if said else "",
        )
        for side, names, said in by_record(changed)
    ]
    return [section("Where it was changed", element("ul", *rows), place="sides", style="note")] if rows else []


def _concerns(plan: Plan, places: Mapping[Address, str]) -> list[Html]:
    found = attentions(plan)
    brief = {item.concern: said for item, said in glance(found)}
    cards = [_card(item, places, brief.get(item.concern, [])) for item in found]
    return [element("div", *cards, class_="concerns")] if cards else []


def _numbers(plan: Plan) -> list[Html]:
    """Where much is refused, the ways to what stands below it."""
    if len(plan.refusals) <= MANY:
        return []
    links = [element("a", said, href=f"#{item.concern.name.lower()}") for item, said in overview(plan)]
    return [element("p", element("b", "At a glance: "), joined(list(links), "; "), class_="facts")] if links else []


def _card(item: Attention, places: Mapping[Address, str], brief: Sequence[str]) -> Html:
    rows = [element("ul", *(element("li", said) for said in brief), class_="brief")] if brief else []
    rows += [element("ul", *(_notice(notice, places) for notice in item.notices))] if item.notices else []
    name = item.concern.name.lower()
    return section(item.heading, *rows, place=name, style=f"concern {name if item.notices else 'none'}")


def _notice(notice: Notice, places: Mapping[Address, str]) -> Html:
    """One resource by its name and what is told of it; of several how many, what is told, and their names."""
    told = [element("span", item, class_="why") if isinstance(item, str) else effect_html(item) for item in notice.told]
    said = element("div", joined(list(told), "; "), class_="told")
    links = [_link(item, places) for item in notice.named]
    if len(links) == 1:
        return element("li", badge(notice.action), " ", links[0], said)
    names: Html = joined(list(links), " ")
    if len(links) > _NAMED:
        names = element("details", element("summary", counted(len(links), "resource")), element("p", names))
    return element("li", badge(notice.action), " ", element("b", str(len(links))), said, element("div", names))


def _link(item: Named, places: Mapping[Address, str]) -> Html:
    """The way to the change; which services is told there, here how many."""
    link = element("a", element("code", str(item.address)), href=f"#{places[item.address]}")
    subject = [" ", element("span", f"({amount(item.subject)})", class_="note")] if item.subject else []
    return element("span", link, *subject, class_="name")


def changes_html(changed: Sequence[Resource], places: Mapping[Address, str], heading: str = "Changes") -> Html:
    """The filter, and every resource folded."""
    actions: dict[Action, int] = {}
    for resource in changed:
        for action in {change.action for change in resource.changes}:
            actions[action] = actions.get(action, 0) + 1
    buttons = [
        element("button", f"{action} {actions[action]}", type="button", data_action=str(action), aria_pressed="false")
        for action in ORDER
        if action in actions
    ]
    bar = element(
        "div",
        element("label", "Filter", for_="filter"),
        element("input", id="filter", type="search", placeholder="any word of a change  ( / )", autocomplete="off"),
        element("div", *buttons, role="group", aria_label="Show one action alone", class_="actions"),
        element("button", "Unfold all", type="button", id="unfold"),
        element("button", "Fold all", type="button", id="fold"),
        element("p", f"{counted(len(changed), 'resource')} shown", id="shown", role="status"),
        class_="bar",
        role="search",
    )
    rows = [resource_html(resource, places[resource.address]) for resource in changed]
    return section(heading, bar, element("div", *rows, id="resources"), place="changes")


def _nothing(plan: Plan) -> str:
    if plan.summary.refused:
        return "No changes but those that are refused."
    if plan.amiss:
        return f"No changes, but {not_running(plan)}."
    return "No changes: everything is as declared." if plan.is_sure else "No changes as far as is known here."
