"""What a manifest says of what is somebody else's: fields, resources, owners. One property each, over any world."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import assume, event, given
from hypothesis import strategies as st
from planning_worlds import OURS, applied, at, changes, codes, declared, desired, live, observed, planned
from test_properties import KINDS_USED, MANY, NAMES, config, worlds

from komodo_sync.kinds import KINDS
from komodo_sync.kinds.shapes import Tagged
from komodo_sync.model.data import replace
from komodo_sync.model.marks import is_mark
from komodo_sync.model.plan import Action
from komodo_sync.planning import dangling

if TYPE_CHECKING:
    from collections.abc import Iterable

    from komodo_sync.model.desired import Desired, DesiredResource
    from komodo_sync.model.observed import Observed, ObservedResource
    from komodo_sync.model.plan import FieldChange, Planned

THEIRS, PROTECTED = "owner:them", "protected"
OWNED = [kind for kind in KINDS_USED if KINDS[kind].owned]
MARKS = st.lists(st.sampled_from([OURS, THEIRS, PROTECTED, "red"]), max_size=3, unique=True)
PRUNING = {"owner": "us", "prune": True}


@st.composite
def held_worlds(draw: Any) -> Observed:
    """A Core that holds some resources which refer to nothing, each with any marks."""
    found = []
    for kind in draw(st.lists(st.sampled_from(OWNED), min_size=1, max_size=3, unique=True)):
        for name in NAMES:
            if draw(st.booleans()):
                given_config = draw(config(kind))
                fields = KINDS[kind].fields()
                if not isinstance(KINDS[kind].config, Tagged):
                    given_config = {
                        key: item
                        for key, item in given_config.items()
                        if item != fields[key].default and not fields[key].ref and key != "image"
                    }
                else:
                    given_config = {"type": "Url", "params": {}}
                template = draw(st.sampled_from([False, False, True]))
                found.append(live(f"{kind}/{name}", given_config, *draw(MARKS), template=template))
    assume(found)
    return observed(*found)


def resources(held: Observed) -> list[ObservedResource]:
    return [item for item in held.resources.values() if KINDS[item.address.kind].owned]


def some(held: Observed) -> st.SearchStrategy[list[ObservedResource]]:
    return st.lists(st.sampled_from(resources(held)), unique_by=lambda item: item.address, max_size=3)


def as_it_is(item: ObservedResource, **beside: Any) -> DesiredResource:
    """A declaration that says what is live."""
    return declared(str(item.address), item.config, **beside)


def gone(made: Planned) -> set[str]:
    return {address for address, actions in changes(made).items() if "delete" in actions}


def written(made: Planned) -> set[str]:
    """Whatever a plan changes, but for the tags that it needs."""
    return {address for address in changes(made) if not address.startswith("tag/")}


def fields_of(item: DesiredResource) -> list[str]:
    spec = KINDS[item.address.kind]
    if isinstance(spec.config, Tagged):
        params = spec.config.all_variants()[item.config.get("type", "Url")].fields()
        return [*spec.meta, *(f"config.params.{name}" for name in params)]
    return [*spec.meta, *(f"config.{name}" for name in spec.fields())]


@MANY
@given(worlds(), st.data())
def test_an_ignored_field_is_never_told_nor_sent_and_nothing_else_changes(world: Any, data: Any) -> None:
    wanted, held, options = world
    assume(not dangling(wanted, held))
    ignoring: dict[Any, DesiredResource] = {}
    for address, item in wanted.resources.items():
        words = st.lists(st.sampled_from(fields_of(item)), max_size=4, unique=True)
        ignored = data.draw(words, label=f"{address} ignores")
        ignoring[address] = replace(item, ignore=tuple(ignored))
    plain = planned(wanted, held, **options)
    made = planned(replace(wanted, resources=ignoring), held, **options)
    before = {item.address: item for item in plain.plan.resources}
    for item in made.plan.resources:
        if item.address not in ignoring:
            continue
        ignored = {word.replace(".", "/") for word in ignoring[item.address].ignore}
        for change in (each for each in item.changes if each.action is Action.UPDATE):
            event("an update beside ignored fields" if ignored else "an update")
            told = [field for field in change.fields if not (field.pointer in ignored and _marks_alone(field))]
            assert not {field.pointer for field in told if _within(field.pointer, ignored)}
            if "type" in ignoring[item.address].config:
                continue  # a type that is ignored in part is compared as a whole
            [full] = [each for each in before[item.address].changes if each.action is Action.UPDATE]
            assert [field for field in full.fields if not _within(field.pointer, ignored)] == told


def _marks_alone(field: FieldChange) -> bool:
    """Whether of the tags only those change that keep our books: they are nobody else's."""
    return field.pointer == "tags" and all(map(is_mark, {*field.before.value} ^ {*field.after.value}))


def test_tags_that_somebody_else_manages_get_and_lose_our_marks_alone() -> None:
    kept = declared("stack/web", {}, tags=("b",), ignore=("tags",), protect=True)
    there = live("stack/web", {}, "a", "owner:me")
    made = planned(desired(kept), observed(there), owner="me")
    [found] = [item for item in made.plan.resources if item.address == kept.address]
    [[field]] = [change.fields for change in found.changes]
    assert (field.before.value, field.after.value) == (["a", "owner:me"], ["a", "owner:me", "protected"])


def _within(pointer: str, words: Iterable[str]) -> bool:
    return any(f"{pointer}/".startswith(f"{word}/") for word in words)


@MANY
@given(worlds())
def test_reset_gives_what_is_not_mentioned_its_default_and_keep_leaves_it(world: Any) -> None:
    wanted, held, options = world
    assume(not dangling(wanted, held))
    for mode in ("reset", "keep"):
        all_of_them = {address: replace(item, omitted_fields=mode) for address, item in wanted.resources.items()}
        made = planned(replace(wanted, resources=all_of_them), held, **options)
        assume(not made.plan.refusals)
        after = applied(held, made)
        told = [(str(item.address), change) for item in made.plan.resources for change in item.changes]
        names = {address: change.previous for address, change in told if change.previous}
        for address, item in wanted.resources.items():
            fields = KINDS[address.kind].fields()
            before = held.resources.get(at(f"{address.kind}/{names.get(str(address), address.name)}"))
            for name, field in fields.items():
                if name in item.config or field.counted_while:
                    continue
                now = after.resources[address].config.get(name, field.default)
                if before is not None and (mode == "keep" or field.kept):
                    # what is renamed is followed by those that name it
                    assert now == before.config.get(name, field.default) or field.ref
                elif not field.always_sent:
                    assert now == field.default


@MANY
@given(held_worlds(), st.data())
def test_what_is_protected_is_never_deleted_whoever_wants_it(held: Observed, data: Any) -> None:
    absent = [str(item.address) for item in data.draw(some(held), label="absent")]
    settings = data.draw(st.sampled_from([(), ("*/a",), ("stack/*", "repo/*")]), label="protect")
    wanted = desired(absent=absent)
    made = planned(wanted, held, protect=settings, **PRUNING)
    for address in gone(made):
        item = held.resources[at(address)]
        assert PROTECTED not in item.tags
        assert not item.template
        assert OURS in item.tags
        assert not (settings == ("*/a",) and item.address.name == "a")
        assert not (settings == ("stack/*", "repo/*") and item.address.kind in ("stack", "repo"))


@MANY
@given(held_worlds())
def test_protection_outlives_its_manifest_until_one_takes_it_away(held: Observed) -> None:
    ours = [item for item in resources(held) if not item.template and THEIRS not in item.tags]
    assume(ours)

    def run(on: Observed, *items: DesiredResource) -> Observed:
        made = planned(desired(*items), on, adopt_changes=True, **PRUNING)
        assert not made.plan.refusals
        return applied(on, made)

    kept = run(held, *(as_it_is(item, protect=True) for item in ours))
    assert all(PROTECTED in kept.resources[item.address].tags for item in ours)
    undeclared = run(kept)
    assert {item.address for item in ours} <= undeclared.resources.keys()
    given_up = run(undeclared, *(as_it_is(item, protect=False) for item in ours))
    assert not any(PROTECTED in given_up.resources[item.address].tags for item in ours)
    assert not {item.address for item in ours} & run(given_up).resources.keys()


@MANY
@given(held_worlds(), st.data())
def test_forget_takes_our_tag_off_and_does_nothing_else(held: Observed, data: Any) -> None:
    chosen = data.draw(some(held), label="forget")
    wanted = desired(forget=[str(item.address) for item in chosen])
    made = planned(wanted, held, owner="us", prune=data.draw(st.booleans(), label="prune"))
    forgotten = {str(item.address) for item in chosen if OURS in item.tags}
    assert {address for address, actions in changes(made).items() if actions == ["forget"]} == forgotten
    assert not forgotten & gone(made)
    after = applied(held, made)
    for item in chosen:
        now = after.resources[item.address]
        assert now == replace(item, tags=item.tags - {OURS})
    again = planned(wanted, after, **PRUNING)
    assert not {str(item.address) for item in chosen} & changes(again).keys()
    # and once the mention is taken out, it is nobody's
    assert not {str(item.address) for item in chosen} & gone(planned(desired(), after, **PRUNING))


@MANY
@given(held_worlds(), st.data())
def test_absent_deletes_what_is_ours_refuses_what_is_not_and_is_done_once(held: Observed, data: Any) -> None:
    chosen = data.draw(some(held), label="absent")
    held = replace(held, resources={**held.resources, at("variable/OLD"): live("variable/OLD", {"value": "x"})})
    wanted = desired(absent=["variable/OLD", "stack/never", *(str(item.address) for item in chosen)])
    made = planned(wanted, held, owner="us")
    may = {
        str(item.address) for item in chosen if OURS in item.tags and PROTECTED not in item.tags and not item.template
    }
    assert gone(made) == {"variable/OLD", *may}
    refused = {str(address) for finding in made.plan.refusals for address in finding.addresses}
    assert refused == {str(item.address) for item in chosen} - may
    after = applied(held, made)
    again = planned(desired(absent=["variable/OLD", "stack/never", *sorted(may)]), after, owner="us")
    assert changes(again) == {}
    assert not again.plan.refusals


@MANY
@given(held_worlds(), st.data())
def test_adopt_from_moves_what_that_owner_holds_and_nothing_else(held: Observed, data: Any) -> None:
    owners = st.sampled_from([None, "them", "others"])
    names = {item.address: data.draw(owners, label=str(item.address)) for item in resources(held)}
    wanted = desired(*(as_it_is(item, adopt_from=names[item.address]) for item in resources(held)))
    made = planned(wanted, held, owner="us", adopt_changes=True)
    alone = {item.address for item in resources(held) if THEIRS in item.tags and OURS not in item.tags}
    foreign = {address for address in alone if names[address] != "them"}
    refused = {each for finding in made.plan.refusals if finding.code == "foreign-owner" for each in finding.addresses}
    assert refused == foreign
    assert not {str(address) for address in foreign} & written(made)
    rest = desired(*(item for item in wanted.resources.values() if item.address not in foreign))
    moved = planned(rest, held, owner="us", adopt_changes=True)
    assert codes(moved) == []
    after = applied(held, moved)
    for item in resources(held):
        tags = after.resources[item.address].tags
        if item.address in foreign:
            assert tags == item.tags
            continue
        assert OURS in tags
        # what is shared already stays so
        assert (THEIRS in tags) == (THEIRS in item.tags and item.address not in alone)
    # the old owner's next pruning run, in which they are declared no more, deletes none of them
    theirs: Desired = desired(*(as_it_is(item) for item in resources(held) if item.address in foreign))
    assert not gone(planned(theirs, after, owner="them", prune=True)) & {str(address) for address in rest.resources}
    assert changes(planned(rest, after, owner="us")) == {}
