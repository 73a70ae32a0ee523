"""Small worlds for the planner: declared and live resources built directly, no files and no Core."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from komodo_sync.kinds import KINDS
from komodo_sync.kinds.shapes import Tagged
from komodo_sync.model.address import Address
from komodo_sync.model.data import replace
from komodo_sync.model.desired import Desired, DesiredResource, Mention, Reference
from komodo_sync.model.diagnostic import Span
from komodo_sync.model.observed import Observed, ObservedResource
from komodo_sync.model.plan import Action, Change, Payload, Plan, Planned, Step
from komodo_sync.model.running import Live, Running
from komodo_sync.planning import Options, make_plan
from komodo_sync.planning.references import referred
from komodo_sync.planning.selection import parse, picked

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

HERE = Span("stacks.yaml", 3, 5, 4)
OURS = "owner:us"


def at(text: str) -> Address:
    """`stack/web` as an Address."""
    return Address.parse(text)


def declared(text: str, config: Mapping[str, Any] | None = None, **beside: Any) -> DesiredResource:
    """A declared resource; its references are read from its config."""
    address, given = at(text), dict(config or {})
    fields = given if KINDS[address.kind].fields() else {"": given}
    references = tuple(
        Reference(target, name, lambda: HERE)
        for name, value in fields.items()
        for target in sorted(referred(KINDS[address.kind], {name: value} if name else given))
    )
    beside["after"] = tuple(map(at, beside.get("after", ())))
    return DesiredResource(address, HERE, given, references=references, **beside)


def live(text: str, config: Mapping[str, Any] | None = None, *tags: str, **beside: Any) -> ObservedResource:
    """A live resource; its id is `id of stack/web` where its kind has ids."""
    address = at(text)
    identity = "" if KINDS[address.kind].create == "CreateVariable" else f"id of {text}"
    return ObservedResource(address, identity, dict(config or {}), tags=frozenset(tags), **beside)


def desired(
    *resources: DesiredResource, absent: Iterable[str] = (), forget: Iterable[str] = (), **beside: Any
) -> Desired:
    """The declared world, from one manifest unless told otherwise."""
    return Desired(
        {item.address: item for item in resources},
        tuple(Mention(at(text), HERE) for text in absent),
        tuple(Mention(at(text), HERE) for text in forget),
        **{"files": 1, **beside},
    )


def observed(*resources: ObservedResource, admin: bool = True) -> Observed:
    """A Core that holds `resources`, and every tag that they carry."""
    held = {item.address: item for item in resources}
    for tag in sorted({tag for item in resources for tag in item.tags}):
        held.setdefault(Address("tag", tag), live(f"tag/{tag}"))
    return Observed(held, frozenset(KINDS), "2.3.2", "ci", admin, references=references_of(held))


def alive(held: Observed, facts: Mapping[str, Running] | None = None, **beside: Any) -> Observed:
    """The same Core, looked at for what runs: `facts` by address; of everything else nothing more is known."""
    known = {at(text): each for text, each in (facts or {}).items()}
    return replace(held, live=Live(known, **beside), user_id="me")


def references_of(held: Mapping[Address, ObservedResource]) -> dict[Address, frozenset[Address]]:
    """Who refers to what, as a snapshot of a Core tells it."""
    found: dict[Address, set[Address]] = {}
    for address, item in held.items():
        for target in referred(KINDS[address.kind], item.config):
            found.setdefault(target, set()).add(address)
    return {target: frozenset(sources) for target, sources in found.items()}


def planned(wanted: Desired, held: Observed, **options: Any) -> Planned:
    """The plan of `wanted` on `held`."""
    if "select" in options:
        options["selected"] = picked(map(parse, options["select"]), wanted, {})
    return make_plan(wanted, held, Options(**options))


def changes(plan: Plan | Planned) -> dict[str, list[str]]:
    """The actions of each resource that changes, by its address."""
    plan = plan.plan if isinstance(plan, Planned) else plan
    return {
        str(item.address): [str(change.action) for change in item.changes] for item in plan.resources if item.changes
    }


def change(plan: Plan | Planned, text: str, action: str = "update") -> Change:
    """One change by its resource and action."""
    plan = plan.plan if isinstance(plan, Planned) else plan
    [found] = [
        each for item in plan.resources if item.address == at(text) for each in item.changes if each.action == action
    ]
    return found


def pointers(plan: Plan | Planned, text: str, action: str = "update") -> list[str]:
    """The fields of one change."""
    return [field.pointer for field in change(plan, text, action).fields]


def payload(made: Planned, text: str, action: str = "update") -> Payload:
    """What one step writes."""
    return made.payloads[Step(at(text), Action(action))]


def codes(plan: Plan | Planned, severity: str = "refusal") -> list[str]:
    """The findings of one severity."""
    plan = plan.plan if isinstance(plan, Planned) else plan
    return [item.code for item in plan.findings if item.severity == severity]


def waves(plan: Plan | Planned) -> list[list[str]]:
    """The waves as text."""
    plan = plan.plan if isinstance(plan, Planned) else plan
    return [[str(step) for step in wave] for wave in plan.waves]


def applied(held: Observed, made: Planned) -> Observed:
    """What a Core holds once every payload is written, in the order of the waves. Knows nothing of how a plan is
    made: it stores what is sent over what is there, and follows renames by id."""
    resources = dict(held.resources)
    for wave in made.plan.waves:
        for step in wave:
            _write(resources, made.payloads[step], step.action)
    return replace(held, resources=resources, references=references_of(resources))


def _write(resources: dict[Address, ObservedResource], sent: Payload, action: Action) -> None:
    address = sent.address
    if action is Action.DELETE:
        del resources[address]
        for each, item in resources.items():
            if address.kind == "tag":
                resources[each] = replace(item, tags=item.tags - {address.name})
        return
    if action is Action.RENAME:
        assert address not in resources, f"{address} is taken"
        old = Address(address.kind, sent.previous)
        resources[address] = replace(resources.pop(old), address=address)
        for each, item in resources.items():
            resources[each] = _following(item, old, address)
        return
    if action is Action.CREATE:
        assert address not in resources, f"{address} is there already"
        default = {"type": "Url", "params": {}} if address.kind == "builder" else {}
        resources[address] = ObservedResource(address, f"id of {address}", default)
    item = resources[address]
    for target in referred(KINDS[address.kind], sent.config):
        assert target in resources, f"{address} refers to {target}, which is not there"
    for tag in sent.tags or ():
        assert Address("tag", tag) in resources, f"{address} gets the tag {tag}, which is not there"
    resources[address] = replace(
        item,
        config=_stored(address.kind, item.config, sent.config),
        description=item.description if sent.description is None else sent.description,
        tags=item.tags if sent.tags is None else frozenset(sent.tags),
        template=item.template if sent.template is None else sent.template,
    )


def _following(item: ObservedResource, old: Address, new: Address) -> ObservedResource:
    config = dict(item.config)
    for name, field in KINDS[item.address.kind].fields().items():
        if field.ref == new.kind and config.get(name) == old.name:
            config[name] = new.name
    tags = {new.name if old == ("tag", tag) else tag for tag in item.tags}
    return replace(item, config=config, tags=frozenset(tags))


def _stored(kind: str, held: Mapping[str, Any], sent: Mapping[str, Any]) -> dict[str, Any]:
    spec = KINDS[kind]
    if isinstance(spec.config, Tagged):
        if not sent:
            return dict(held)
        same = held.get("type") == sent["type"]
        return {"type": sent["type"], "params": {**(held["params"] if same else {}), **sent["params"]}}
    fields = spec.fields()
    return {name: value for name, value in {**held, **sent}.items() if value != fields[name].default}
