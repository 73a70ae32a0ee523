"""Which live resource each declared one is, which are to be renamed, and which are ours and no longer declared."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from komodo_sync.kinds import KINDS
from komodo_sync.model.address import Address
from komodo_sync.model.graph import find_cycle
from komodo_sync.model.plan import Finding
from komodo_sync.planning.ownership import PROTECTED, owners

if TYPE_CHECKING:
    from collections.abc import Mapping

    from komodo_sync.model.desired import Desired, Mention
    from komodo_sync.model.observed import Observed, ObservedResource
    from komodo_sync.planning.options import Options


@dataclass(slots=True)
class Match:
    """live      the live resource of each declared one that has one (under its old name, if it is renamed)
    renames   new address -> old address
    deletes   live addresses to delete, with the mention under `absent` if that is why
    forgets   live addresses to let go of
    findings  what could not be matched as asked
    """

    live: dict[Address, ObservedResource] = field(default_factory=dict)
    renames: dict[Address, Address] = field(default_factory=dict)
    deletes: dict[Address, Mention | None] = field(default_factory=dict)
    forgets: dict[Address, Mention] = field(default_factory=dict)
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
    _match_prune(desired, observed, options, result, moved)
    return result


def _match_renames(desired: Desired, observed: Observed, options: Options, result: Match) -> None:
    asked = {
        address: Address(address.kind, item.renamed_from)
        for address, item in desired.resources.items()
        if item.renamed_from and options.selects(address)
    }
    sources: dict[Address, list[Address]] = {}
    for address, old in asked.items():
        if old in observed.resources:
            sources.setdefault(old, []).append(address)
    wanted = {address: old for address, old in asked.items() if old in observed.resources}
    swap = find_cycle({address: (old,) for address, old in wanted.items()})
    if swap:
        names = " -> ".join(address.name for address in swap)
        result.findings.append(
            _refusal("rename-swap", f"resources that exchange their names cannot be renamed: {names}", *swap[:-1])
        )
        return
    for address, old in wanted.items():
        problem = _rename_problem(address, old, sources[old], desired, observed, options, wanted)
        if problem is None:
            result.renames[address] = old
        elif problem:
            result.findings.append(
                _refusal("rename-blocked", f"{old} cannot be renamed to {address.name}: {problem}", address)
            )


def _rename_problem(
    address: Address,
    old: Address,
    claims: list[Address],
    desired: Desired,
    observed: Observed,
    options: Options,
    wanted: Mapping[Address, Address],
) -> str | None:
    """Why the rename is not done: a sentence, or empty when it was done before; None when it is to be done."""
    if len(claims) > 1:
        return f"{' and '.join(claim.name for claim in sorted(claims))} both say renamed_from: {old.name}"
    if old in desired.resources and old not in wanted:
        if address in observed.resources:
            return ""
        return f"{old.name} is declared too, at {desired.resources[old].span}"
    if address in observed.resources and address not in wanted.values():
        return "both exist; delete or rename one of them in Komodo, or take renamed_from out"
    holders = owners(observed.resources[old].tags)
    if options.owner and KINDS[old.kind].owned and options.owner not in holders:
        return f"it belongs to {', '.join(holders)}" if holders else f"it does not carry the tag owner:{options.owner}"
    return None


def _match_mentions(desired: Desired, observed: Observed, options: Options, result: Match) -> None:
    if options.narrowed:
        return
    for mention in desired.absent:
        live = observed.resources.get(mention.address)
        if live is None:
            continue
        holders = owners(live.tags)
        if holders and options.owner not in holders:
            result.findings.append(
                _refusal(
                    "absent-foreign",
                    f"{mention.address} is to be absent ({mention.span}), but belongs to {', '.join(holders)}",
                    mention.address,
                )
            )
        else:
            result.deletes[mention.address] = mention
    for mention in desired.forget:
        live = observed.resources.get(mention.address)
        if live is not None and options.owner and options.owner in owners(live.tags):
            result.forgets[mention.address] = mention


def _match_prune(desired: Desired, observed: Observed, options: Options, result: Match, moved: set[Address]) -> None:
    """What carries our tag and is not declared. Nothing while anything is unknown: a manifest that could not be
    read, a list that was not asked for, or a run that looks at a part alone."""
    if not (options.prune and options.owner) or options.narrowed or desired.failed or not desired.files:
        return
    kept = []
    for address, live in observed.resources.items():
        if options.owner not in owners(live.tags) or address in desired.resources or address in moved:
            continue
        if address in result.forgets or live.template:
            continue
        if PROTECTED in live.tags or options.protects(address):
            kept.append(address)
        elif address not in result.deletes:
            result.deletes[address] = None
    if kept:
        names = ", ".join(map(str, sorted(kept)))
        result.findings.append(
            Finding(
                "protected", "note", f"kept although not declared, because protected: {names}", "", tuple(sorted(kept))
            )
        )


def _refusal(code: str, message: str, *addresses: Address) -> Finding:
    return Finding(code, "refusal", message, "", tuple(addresses))
