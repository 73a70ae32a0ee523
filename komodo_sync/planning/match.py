"""Which live resource each declared one is, which are to be renamed, and which are ours and no longer declared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from komodo_sync.kinds import KINDS
from komodo_sync.model.address import Address
from komodo_sync.model.data import Data, field
from komodo_sync.model.graph import CycleError, waves
from komodo_sync.model.marks import PROTECTED
from komodo_sync.model.plan import Finding
from komodo_sync.planning.ownership import owner_tag, owners

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from komodo_sync.model.desired import Desired, Mention
    from komodo_sync.model.diagnostic import Span
    from komodo_sync.model.observed import Observed, ObservedResource
    from komodo_sync.planning.options import Options


class Match(Data):
    """live      the live resource of each declared one that has one (under its old name, if it is renamed)
    renames   new address -> old address
    deletes   live addresses to delete, with the mention under `absent` if that is why
    forgets   live addresses to let go of
    claimed   live addresses that a rename was asked for, done or refused
    refused   what a finding says nothing can be planned for, and where it is declared or mentioned
    findings  what could not be matched as asked
    """

    live: dict[Address, ObservedResource] = field(default_factory=dict)
    renames: dict[Address, Address] = field(default_factory=dict)
    deletes: dict[Address, Mention | None] = field(default_factory=dict)
    forgets: dict[Address, Mention] = field(default_factory=dict)
    claimed: set[Address] = field(default_factory=set)
    refused: dict[Address, Span] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


def match(desired: Desired, observed: Observed, options: Options) -> Match:
    """Pairs the declared with the live world. Nothing is matched by anything but kind and name."""
    result = Match()
    _match_renames(desired, observed, options, result)
    moved = set(result.renames.values())
    for address in desired.resources:
        if not options.selects(address):
            continue
        old = result.renames.get(address)
        live = observed.resources.get(old or address)
        if live is not None and (old or address not in moved):
            result.live[address] = live
    _match_mentions(desired, observed, options, result)
    _match_prune(desired, observed, options, result)
    _left_over(desired, observed, options, result)
    return result


def _match_renames(desired: Desired, observed: Observed, options: Options, result: Match) -> None:
    wanted: dict[Address, Address] = {}
    renamed = {address: item for address, item in desired.resources.items() if item.renamed_from}
    for address, item in sorted(renamed.items()):
        old = Address(address.kind, item.renamed_from or address.name)
        if old != address and old in observed.resources and options.selects(address):
            wanted[address] = old
    # who is refused keeps what it asked for: it is not deleted as undeclared
    result.claimed.update(wanted.values())
    sources: dict[Address, list[Address]] = {}
    for address, old in wanted.items():
        sources.setdefault(old, []).append(address)
    try:
        # a chain from its end, so that it is known whether a name becomes free
        order = waves(wanted, {address: sources.get(address, ()) for address in wanted})
    except CycleError as error:
        names = " -> ".join(address.name for address in error.cycle)
        result.findings.append(
            _refusal(
                "rename-swap",
                f"resources that exchange their names cannot be renamed: {names}",
                "rename one of them to a third name first, and apply that",
                *error.cycle[:-1],
            )
        )
        result.refused.update({address: desired.resources[address].span for address in wanted})
        return
    chain = [address for wave in order for address in wave]
    for address in reversed(chain):
        # done before: the old name is taken by what is now declared under it
        old = wanted[address]
        if address in observed.resources and old in desired.resources and old not in wanted:
            del wanted[address]
    for address in (each for each in chain if each in wanted):
        old = wanted[address]
        problem = _rename_problem(address, old, sources, desired, observed, options, result, wanted)
        if problem is None:
            result.renames[address] = old
        else:
            why, hint = problem
            message = f"{old} cannot be renamed to {address.name}: {why}"
            result.findings.append(_refusal("rename-blocked", message, hint, address))
            result.refused[address] = desired.resources[address].span


def _rename_problem(
    address: Address,
    old: Address,
    sources: Mapping[Address, list[Address]],
    desired: Desired,
    observed: Observed,
    options: Options,
    result: Match,
    wanted: Mapping[Address, Address],
) -> tuple[str, str] | None:
    """Why the rename cannot be done, and what to do about it; None when it is to be done."""
    claims = sources[old]
    if len(claims) > 1:
        names = " and ".join(claim.name for claim in sorted(claims))
        return f"{names} both say renamed_from: {old.name}", "keep renamed_from in one of them"
    if old in desired.resources and old not in wanted:
        why = f"{old.name} is declared too, at {desired.resources[old].span}"
        return why, f"take that declaration out, or renamed_from out of {address}"
    if address in observed.resources and not any(mover in result.renames for mover in sources.get(address, ())):
        hint = "delete or rename one of them in Komodo, or take renamed_from out of the manifest"
        return "the Core has both", hint
    holders = owners(observed.resources[old].tags)
    if not options.owner or not KINDS[old.kind].owned or options.owner in holders:
        return None
    first = f"declare {old} under its old name first, with `adopt_from: {holders[0]}`" if holders else ""
    if holders:
        return (
            f"it belongs to {', '.join(holders)}",
            f"{first}, apply that, and rename it then; or leave it to its owner",
        )
    hint = f"declare {old} under its old name first, apply that so that it is adopted, and rename it then"
    return f"it does not carry the tag {owner_tag(options.owner)}", hint


def _match_mentions(desired: Desired, observed: Observed, options: Options, result: Match) -> None:
    for mention in desired.forget:
        live = observed.resources.get(mention.address)
        if live is None or mention.address in desired.resources or not options.selects(mention.address):
            continue
        if options.owner and options.owner in owners(live.tags) and options.knows(mention.address):
            result.forgets[mention.address] = mention
    if options.narrowed and (
        waiting := [item.address for item in desired.absent if item.address in observed.resources]
    ):
        names = ", ".join(map(str, sorted(waiting)))
        message = f"a narrowed run deletes nothing; listed under absent and still there: {names}"
        hint = "apply without PATH and --select to delete what is listed"
        result.findings.append(Finding("narrowed", "note", message, "", tuple(sorted(waiting)), hint))
    if not _may_delete(desired, options):
        return
    for mention in desired.absent:
        address = mention.address
        live = observed.resources.get(address)
        if live is None or address in desired.resources or address in result.forgets or address in result.claimed:
            continue
        if not options.knows(address):
            result.findings.append(_kept("unseen", [address]))
            continue
        problem = _absent_problem(live, options)
        if problem:
            code, why, hint = problem
            message = f"{address} is to be absent ({mention.span}), but {why}"
            result.findings.append(_refusal(code, message, f"{hint}; or take it out of absent", address))
            result.refused[address] = mention.span
        else:
            result.deletes[address] = mention


def _absent_problem(live: ObservedResource, options: Options) -> tuple[str, str, str] | None:
    """Why what a manifest wants gone is not deleted: a code, a clause, and what to do about it."""
    holders = owners(live.tags)
    if holders and options.owner not in holders:
        return "absent-foreign", f"it belongs to {', '.join(holders)}", "its owner can delete it"
    if options.owner and not holders and KINDS[live.address.kind].owned:
        tag = owner_tag(options.owner)
        return "absent-foreign", f"it does not carry the tag {tag}", "give it that tag in Komodo first"
    if live.template:
        return "absent-template", "it is a template", "delete it in Komodo: templates are deleted there alone"
    if PROTECTED in live.tags:
        hint = "declare it once more with `protect: false` and apply that, or take the tag away in Komodo"
        return "absent-protected", "it carries the tag protected", hint
    if options.protects(live.address):
        return "absent-protected", "the settings protect it", "take it out of `protect` in the settings first"
    return None


def _may_delete(desired: Desired, options: Options) -> bool:
    """Nothing is deleted while anything is unknown: a manifest that could not be read, none that was found, or a run
    that looks at a part alone."""
    return not options.narrowed and not desired.failed and bool(desired.files)


def _match_prune(desired: Desired, observed: Observed, options: Options, result: Match) -> None:
    """What carries our tag and is not declared."""
    if not (options.prune and options.owner and _may_delete(desired, options)):
        return
    kept: dict[str, list[Address]] = {}
    for address, live in observed.resources.items():
        if options.owner not in owners(live.tags) or address in desired.resources:
            continue
        if address in result.forgets or address in result.claimed:
            continue
        if not options.knows(address):
            kept.setdefault("unseen", []).append(address)
        elif live.template:
            kept.setdefault("template", []).append(address)
        elif PROTECTED in live.tags or options.protects(address):
            kept.setdefault("protected", []).append(address)
        elif len(owners(live.tags)) > 1:
            kept.setdefault("shared", []).append(address)
        elif address not in result.deletes:
            result.deletes[address] = None
    result.findings += [_kept(code, addresses) for code, addresses in kept.items()]


def _left_over(desired: Desired, observed: Observed, options: Options, result: Match) -> None:
    """What carries our tag and is not declared, where nothing is pruned: nobody would see it otherwise."""
    if options.prune or not options.owner or not _may_delete(desired, options):
        return
    left = sorted(
        address
        for address, live in observed.resources.items()
        if options.owner in owners(live.tags)
        and address not in desired.resources
        and address not in (result.forgets.keys() | result.claimed | result.deletes.keys())
    )
    if left:
        one, tag = len(left) == 1, owner_tag(options.owner)
        who = f"{left[0]} carries" if one else f"{len(left)} resources carry"
        rest = "is declared nowhere; it is left alone" if one else "are declared nowhere; they are left alone"
        message = f"{who} the tag {tag} and {rest}, because prune is off"
        hint = f"declare {_it(left)}, list {_it(left)} under forget, or set `prune: true` to have {_it(left)} deleted"
        result.findings.append(Finding("left-over", "note", message, "", tuple(left), hint))


def _kept(code: str, addresses: Sequence[Address]) -> Finding:
    why, hint = _KEPT[code]
    message = f"{_counted(addresses)} kept although no manifest declares {_it(addresses)}: {why}"
    return Finding(code, "note", message, "", tuple(sorted(addresses)), hint)


def _counted(addresses: Sequence[Address]) -> str:
    return f"{addresses[0]} is" if len(addresses) == 1 else f"{len(addresses)} resources are"


def _it(addresses: Sequence[Address]) -> str:
    return "it" if len(addresses) == 1 else "them"


_KEPT = {
    "template": ("a template is not deleted by us", "declare it, or delete it in Komodo"),
    "protected": (
        "protected",
        "to have it deleted, declare it once more with `protect: false`, or take the tag or the setting away",
    ),
    "unseen": ("the key of the approved plan did not see it", "plan with an admin's key to have it deleted"),
    "shared": ("another owner's tag is on it too", "once one of the tags is taken off, its only owner decides"),
}


def _refusal(code: str, message: str, hint: str, *addresses: Address) -> Finding:
    return Finding(code, "refusal", message, "", tuple(addresses), hint)
