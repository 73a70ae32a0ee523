"""What keeps an apply from starting, and what a reader should know before it does."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from komodo_sync.kinds import KINDS
from komodo_sync.model.finding import MISSING
from komodo_sync.model.plan import Action, Finding
from komodo_sync.planning.ownership import owners
from komodo_sync.planning.selection import expression

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from komodo_sync.model.address import Address
    from komodo_sync.model.desired import Desired
    from komodo_sync.model.observed import Observed
    from komodo_sync.model.plan import Resource
    from komodo_sync.planning.options import Options


def findings(
    resources: Sequence[Resource],
    desired: Desired,
    observed: Observed,
    options: Options,
    staying: Mapping[Address, frozenset[Address]],
    held: Collection[Address] = (),
) -> list[Finding]:
    """Everything that is said about the plan as a whole. `staying`: who still refers to what is deleted; `held`: what
    would be deployed too, once a flag allows it."""
    deletes = sorted(staying)
    return [
        *_missing(desired, options),
        *_created_empty(resources, desired),
        *_in_use(staying, desired),
        *_limits(deletes, observed, options),
        *_deploys(resources, held, options),
        *_left_out(resources, desired, observed, options),
        *_partial_view(resources, observed),
    ]


def _missing(desired: Desired, options: Options) -> list[Finding]:
    """The values that selected resources need and that are not there: no change, but no apply without them."""
    users: dict[str, set[Address]] = {}
    for address, item in desired.resources.items():
        for each in item.interpolated:
            if each.missing and options.selects(address):
                for name in each.missing:
                    users.setdefault(name, set()).add(address)
    result = []
    for name, addresses in sorted(users.items()):
        source, _, word = name.partition(":")
        what = f"the environment variable {word} is not set" if source == "env" else f"the file {word} is not there"
        places = sorted(addresses)
        more = f" and {len(places) - 1} more" if len(places) > 1 else ""
        message = f"{what}, or empty: its value in {places[0]}{more} is unknown here"
        hint = f"apply needs it: set it, or write ${{{name}:-default}}"
        result.append(Finding(MISSING, "warning", message, "", tuple(places), hint))
    return result


def _created_empty(resources: Sequence[Resource], desired: Desired) -> list[Finding]:
    """What the Core alone is to know is empty to begin with: a variable's value, an account's token."""
    made = [item.address for item in resources if any(change.action is Action.CREATE for change in item.changes)]
    return [
        Finding(
            "created-empty",
            "warning",
            f"{address} is created with an empty {name}: no manifest gives it; "
            "set it in Komodo, where it is left alone, or declare it",
            "",
            (address,),
        )
        for address in made
        if address in desired.resources
        for name, field in KINDS[address.kind].fields().items()
        if field.kept and not field.counted_while and name not in desired.resources[address].config
    ]


def foreign(held: Mapping[tuple[str, ...], Sequence[Address]], owner: str) -> Iterator[Finding]:
    """What belongs to others, by who they are, and is not said to move."""
    for holders, addresses in sorted(held.items()):
        places, names, one = tuple(sorted(addresses)), ", ".join(holders), len(addresses) == 1
        told = f"{places[0]} belongs" if one else f"{len(places)} resources belong"
        its, it = ("its manifest", "it") if one else ("their manifests", "them")
        hint = f"write `adopt_from: {holders[0]}` in {its} to take {it} over, or take {it} out of these manifests"
        yield Finding("foreign-owner", "refusal", f"{told} to {names}, not to {owner}", "", places, hint)


def adopted_and_changed(address: Address) -> Finding:
    """What nobody owns would change in the same run in which it becomes ours."""
    message = f"{address} would be adopted and changed at once"
    hint = "without that flag: write in the manifest what is live now, apply that, and change it afterwards"
    return Finding("adopt-changes", "refusal", message, "--adopt-changes", (address,), hint)


def _in_use(staying: Mapping[Address, frozenset[Address]], desired: Desired) -> list[Finding]:
    """What something declared refers to is not deleted, and a server, builder or repo not while anybody refers to it:
    Core would only detach them."""
    result = []
    for address, referers in sorted(staying.items()):
        held = KINDS[address.kind].held_by_referers
        holders = sorted(referer for referer in referers if held or referer in desired.resources)
        if holders:
            names, kind = ", ".join(map(str, holders)), address.kind
            verb, them = ("uses", "that one") if len(holders) == 1 else ("use", "those")
            message = f"{address} would be deleted while {names} {verb} it"
            hint = f"give {them} another {kind}, or none, and apply that first; or declare {address} again"
            result.append(Finding("delete-in-use", "refusal", message, "", (address, *holders), hint))
    return result


def _left_out(resources: Sequence[Resource], desired: Desired, observed: Observed, options: Options) -> list[Finding]:
    """A narrowed run cannot write a reference to something that is declared, not there yet, and not selected."""
    if not options.narrowed:
        return []
    needed = {
        (item.address, reference.target)
        for item in resources
        if item.changes and item.address in desired.resources
        for reference in desired.resources[item.address].references
    }
    return [
        not_selected(address, target, desired, options)
        for address, target in sorted(needed)
        if target in desired.resources and target not in observed.resources and not options.selects(target)
    ]


def not_selected(
    address: Address, target: Address, desired: Desired, options: Options, how: str = "not in the Core yet"
) -> Finding:
    """What a narrowed run leaves out, and `address` cannot do without; `how` the Core has it now."""
    message = f"{address} needs {target}, which is {how} and not selected"
    # a selection takes from what the PATHs leave, and adds nothing to it
    outside = options.only is not None and target not in options.only
    override = "" if outside else f"--select {shlex.quote(expression(target))}"
    hint = f"name {desired.resources[target].span.file} too, or apply everything" if outside else ""
    return Finding("not-selected", "refusal", message, override, (address, target), hint)


def _limits(deletes: Sequence[Address], observed: Observed, options: Options) -> list[Finding]:
    limits, result = options.limits, []
    count, given = len(deletes), options.allow_deletes is not None
    who = "--allow-deletes" if given else "limits.deletes"
    if limits.deletes is not None and count > limits.deletes:
        result.append(
            Finding(
                "limit-deletes",
                "refusal",
                f"{_so_many(count, 'delete')} more than {who} allows ({limits.deletes})",
                f"--allow-deletes {count}",
                tuple(deletes),
            )
        )
    owned = [address for address in deletes if KINDS[address.kind].owned]
    ours = sum(
        1
        for item in observed.resources.values()
        if KINDS[item.address.kind].owned and (not options.owner or options.owner in owners(item.tags))
    )
    if limits.delete_percent is not None and len(owned) * 100 > limits.delete_percent * ours:
        result.append(
            Finding(
                "limit-delete-percent",
                "refusal",
                f"{_so_many(len(owned), 'delete', f' among {ours} resources')} more than limits.delete_percent allows "
                f"({limits.delete_percent:g} %)",
                f"--allow-deletes {count}",
                tuple(owned),
            )
        )
    return result


def _so_many(number: int, noun: str, among: str = "") -> str:
    return f"1 {noun}{among} is" if number == 1 else f"{number} {noun}s{among} are"


def _deploys(resources: Sequence[Resource], held: Collection[Address], options: Options) -> Iterator[Finding]:
    """More deploys than one apply may do. Those that are held count: the flag that allows them allows no further
    deploys, and would only be followed by this refusal."""
    deployed = [item.address for item in resources if any(change.action is Action.DEPLOY for change in item.changes)]
    limit, places = options.limits.deploys, sorted({*deployed, *held})
    if limit is None or len(places) <= limit:
        return
    who = "limits.deploys" if options.allow_deploys is None else "--allow-deploys"
    among = f" ({len(held)} once --abandon-old allows the move)" if held else ""
    message = f"{_so_many(len(places), 'deploy', among)} more than {who} allows ({limit})"
    hint = "what follows the move may be deployed as well: plan with both flags to see it" if held else ""
    yield Finding("limit-deploys", "refusal", message, f"--allow-deploys {len(places)}", tuple(places), hint)


def _partial_view(resources: Sequence[Resource], observed: Observed) -> list[Finding]:
    if observed.admin:
        return []
    creates = tuple(
        sorted(item.address for item in resources if any(change.action is Action.CREATE for change in item.changes))
    )
    may = "; a create may turn out to exist already" if creates else ""
    return [
        Finding(
            "partial-view",
            "warning",
            f"the key of {observed.user} is not an admin's: the plan covers what it may see{may}",
            "",
            creates,
            "plan with an admin's key to see everything",
        )
    ]
