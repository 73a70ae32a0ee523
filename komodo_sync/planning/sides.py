"""Which side each difference of a resource comes from. Of a field three values decide: the one that lives, the one that
is declared now, and the one that was declared by what was applied last."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Literal

from komodo_sync.model.data import Data, replace
from komodo_sync.model.plan import Action, Step
from komodo_sync.model.sealed import Sealed, Unknown
from komodo_sync.planning.approval import both_sides
from komodo_sync.planning.approved import EXECUTIONS
from komodo_sync.planning.opaque import differ
from komodo_sync.planning.pairs import told_pairs

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from komodo_sync.model.address import Address
    from komodo_sync.model.cause import Side, Where
    from komodo_sync.model.plan import Change, FieldChange, Planned, Resource

_OF_FILES = re.compile(r"commit \S+ is new|differs? from what is deployed")
"""What reasons say of files that come from a repository or a host."""
_DOWN = frozenset({Action.STOP, Action.DESTROY})


class Sides(Data, frozen=True):
    """`where` a resource was changed; and of what differs on Komodo's side the `pointers` of the fields, whether its
    name does (`renamed`), that it is there at all (`made`), and whether what `runs`: `maybe` where it may just not have
    been deployed since a part was applied, `outside` where that is because of files that come from elsewhere. Where the
    side is not known, everything may be Komodo's."""

    where: Where
    pointers: frozenset[str] = frozenset()
    renamed: bool = False
    made: bool = False
    runs: Literal["", "maybe", "outside", "komodo"] = ""

    def settled(self, *, by_record: bool) -> Sides:
        """The same once it is known whether a record tells that somebody did it."""
        if self.runs == "maybe":
            return replace(self, where="both") if by_record else self
        if self.runs != "outside" or by_record or self.pointers or self.renamed:
            return self
        return replace(self, where="unknown" if self.where == "komodo" else "git")


def sides_of(now: Planned, applied: Sequence[Planned]) -> dict[Address, Sides]:
    """Of each resource with changes. `applied`: the plan for the manifests of the last applied commit, and behind it
    those for commits of which a part was applied since; none where that is not known."""
    changed, admin = [item for item in now.plan.resources if item.changes], now.plan.visibility.admin
    if not applied:
        return {item.address: _everything(item, "unknown") for item in changed}
    thens = [_Then(each) for each in applied]
    found = {item.address: _sides(item, now, thens, admin=admin) for item in changed}
    return {address: _with_origins(address, sides, now, found) for address, sides in found.items()}


def _with_origins(address: Address, sides: Sides, now: Planned, found: Mapping[Address, Sides]) -> Sides:
    """What is deployed because of something else was changed where that was."""
    others = [found[each] for each in now.origins.get(address, ()) if each in found]
    if sides.runs == "komodo" and any(each.runs == "outside" for each in others):
        sides = replace(sides, runs="outside")
    of_git = any(each.where in ("git", "both") for each in others)
    return replace(sides, where="both") if sides.runs and sides.where == "komodo" and of_git else sides


class _Then:
    """The plan for other manifests, by what it is about."""

    def __init__(self, planned: Planned) -> None:
        self.planned = planned
        self._items = {item.address: item for item in planned.plan.resources}
        self._by_id = {planned.ids[address]: item for address, item in self._items.items() if planned.ids.get(address)}

    def of(self, address: Address, identity: str) -> Resource | None:
        """The same live resource, whatever it was called then."""
        return self._by_id.get(identity) if identity else self._items.get(address)

    def changes(self, address: Address) -> bool:
        return address in self._items and bool(self._items[address].changes)


def _everything(item: Resource, where: Where) -> Sides:
    return Sides(
        where,
        frozenset(field.pointer for change in item.changes for field in change.fields),
        renamed=any(change.action is Action.RENAME for change in item.changes),
        runs="komodo" if _run(item) else "",
    )


def _sides(item: Resource, now: Planned, thens: Sequence[_Then], *, admin: bool) -> Sides:
    then = [each.of(item.address, now.ids.get(item.address, "")) for each in thens]
    if any(each is not None and not each.changes for each in then):
        return Sides("git")  # it is as it was applied
    both = zip(thens, then, strict=True)
    known = [(each, there) for each, there in both if there is not None and not _is_made(there)]
    if not known:
        return _made(item, now, list(zip(thens, then, strict=True)), admin=admin)
    found = dict(_fields(item, now, known))
    runs, of_runs = _run_sides(item, known, whole=known[0][0] is thens[0])
    names = set(_action_sides(item, known))
    every: set[Side] = {side for _, side in names} | of_runs | {side for sides in found.values() for side in sides}
    return Sides(
        "both" if len(every) > 1 else next(iter(every), "git"),
        frozenset(pointer for pointer, sides in found.items() if "komodo" in sides),
        renamed=(Action.RENAME, "komodo") in names,
        runs=runs,
    )


def _is_made(item: Resource) -> bool:
    """Whether it is not there, or not declared."""
    return item.changes[0].action in (Action.CREATE, Action.DELETE)


def _made(item: Resource, now: Planned, thens: Sequence[tuple[_Then, Resource | None]], *, admin: bool) -> Sides:
    then = [each for _, each in thens]
    last, action = then[0], item.changes[0].action
    if last is None:
        return Sides("git")
    if action is Action.CREATE and not admin:
        return _everything(item, "unknown")  # it may well be there
    before = last.changes[0].action
    if any(each is None or each.changes[0].action is not before for each in then):
        return Sides("git")  # a part that was applied since made it, or took it away
    made = before is Action.DELETE is not action
    same = action is before and not (action is Action.CREATE and _is_otherwise(item, now, thens[0][0].planned))
    return replace(_everything(item, "komodo" if same else "both"), made=made)


def _is_otherwise(item: Resource, now: Planned, then: Planned) -> bool:
    """Whether what is to be created was declared in another way."""
    step = Step(item.address, Action.CREATE)
    old, new = then.payloads[step], now.payloads[step]
    fields = old.config.keys() | new.config.keys()
    if any(differ(old.config.get(name), new.config.get(name)) for name in fields):
        return True
    return (old.description, old.tags, old.template) != (new.description, new.tags, new.template)


def _action_sides(item: Resource, known: Sequence[tuple[_Then, Resource]]) -> Iterator[tuple[Action, Side]]:
    """Of what is done beside the fields. That there is an update at all says nothing."""
    for change in item.changes:
        if change.action in EXECUTIONS or (change.action is Action.UPDATE and change.fields):
            continue
        then = [[each.previous for each in there.changes if each.action is change.action] for _, there in known]
        if all(then):
            yield change.action, "komodo"
        if not all(then) or then[0] != [change.previous]:
            yield change.action, "git"


def _fields(
    item: Resource, now: Planned, known: Sequence[tuple[_Then, Resource]]
) -> Iterator[tuple[str, frozenset[Side]]]:
    for change in item.changes:
        for field in change.fields:
            have, want = both_sides(now.payloads[Step(item.address, change.action)], field.pointer)
            then = [_wanted(there, each.planned, change.action, field.pointer, have) for each, there in known]
            yield field.pointer, frozenset(_value_sides(field, have, want, then))


def _wanted(item: Resource, planned: Planned, action: Action, pointer: str, have: Any) -> Any:
    """What these manifests want of a field; what lives where they have nothing to change."""
    told = any(
        field.pointer == pointer for change in item.changes if change.action is action for field in change.fields
    )
    return both_sides(planned.payloads[Step(item.address, action)], pointer)[1] if told else have


def _value_sides(field: FieldChange, have: Any, want: Any, then: Sequence[Any]) -> set[Side]:
    found: set[Side] = set()
    live, wanted, *others = _places(field, have, want, *then)
    for place in wanted.keys() | live.keys():
        old, new, known = live.get(place), wanted.get(place), [each.get(place) for each in others]
        if differ(old, new):
            found |= _place_sides(old, new, known)
    return found or _place_sides(have, want, then)  # keys in another order, or comments


def _place_sides(have: Any, want: Any, then: Sequence[Any]) -> set[Side]:
    if any(not differ(have, each) for each in then):
        return {"git"}
    return {"komodo"} if want == then[0] else {"komodo", "git"}


def _places(field: FieldChange, *values: Any) -> list[dict[str, Any]]:
    """`KEY=value` lines by their keys, where all of the values can be read so; any other value as a whole."""
    whole = [{"": value} for value in values]
    if field.diff.kind != "keyed" or any(isinstance(each, Sealed | Unknown) and each.pairs is None for each in values):
        return whole
    pairs = [told_pairs(value) for value in values]
    return whole if any(each.repeated for each in pairs) else [{**each.values, "": each.odd} for each in pairs]


def _run(item: Resource) -> Change | None:
    """What is done last to what runs."""
    return next((change for change in reversed(item.changes) if change.action in EXECUTIONS), None)


def _run_sides(
    item: Resource, known: Sequence[tuple[_Then, Resource]], *, whole: bool
) -> tuple[Literal["", "maybe", "outside", "komodo"], set[Side]]:
    """Where what was applied last would have something done to what runs too, what runs was changed in Komodo; `whole`:
    what was applied last as a whole is among what is known."""
    run, others = _run(item), [_run(there) for _, there in known]
    done, then = run and run.action, [each and each.action for each in others]
    if done is None:
        return "", set()
    if not all(then):
        return "", {"git"}
    if not whole or (done in (Action.DEPLOY, Action.RUN) and _is_undeployed(known)):
        return "maybe", {"git"}
    of_files = others[0] is not None and _OF_FILES.search(others[0].reason)
    sides: set[Side] = {"komodo", "git"} if (done in _DOWN) != (then[0] in _DOWN) else {"komodo"}
    return "outside" if of_files else "komodo", sides


def _is_undeployed(known: Sequence[tuple[_Then, Resource]]) -> bool:
    """Whether a part that was applied since wrote what the run may be for."""
    (first, last), *parts = known
    reaching = {field.pointer for change in last.changes for field in change.fields if field.deploys}
    origins = {each for each in first.planned.origins.get(last.address, ()) if first.changes(each)}
    for part, there in parts:
        left = {field.pointer for change in there.changes for field in change.fields}
        if reaching - left or any(not part.changes(each) for each in origins):
            return True
    return False
