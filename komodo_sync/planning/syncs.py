"""Resource syncs of Komodo's own that would undo what is declared here: the two would fight without end.

A sync that deletes (`delete`, or `managed`, which always does) takes away everything in its scope that its files do not
hold, and writes its own values over the rest. Its scope is what carries all of its tags; variables and user groups are
in it where it includes them, whatever they carry.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from komodo_sync.kinds import KINDS
from komodo_sync.kinds.automation import RESOURCE_SYNC
from komodo_sync.model.plan import Action, Finding, Step
from komodo_sync.planning.deploys.sync_runs import filled, syncs_run_by, takes_away

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from komodo_sync.model.address import Address
    from komodo_sync.model.desired import Desired
    from komodo_sync.model.observed import Observed
    from komodo_sync.model.plan import Payload
    from komodo_sync.planning.deploys.subject import World
    from komodo_sync.planning.options import Options

ALLOWED = "--allow-syncs"
_INCLUDES = {"variable": "include_variables", "user_group": "include_user_groups"}


def rival_syncs(
    desired: Desired,
    observed: Observed,
    options: Options,
    payloads: Mapping[Step, Payload],
    wanted_tags: Mapping[Address, frozenset[str]],
    world: World,
) -> Iterator[Finding]:
    """A refusal for each live sync that would delete or change what is declared, and for each that this plan itself has
    a procedure run; a warning where else the manifests themselves declare that sync, or it is allowed. `observed` is as
    it reads after the renames."""
    running = {
        sync: step.address
        for step in payloads
        if step.action is Action.RUN
        for sync in syncs_run_by(step.address, world)
    }
    syncs = {address for address in (*observed.resources, *desired.resources) if address.kind == RESOURCE_SYNC.name}
    for address in sorted(syncs):
        if Step(address, Action.DELETE) in payloads:
            continue
        config = _config_after(address, desired, observed, payloads)
        if not takes_away(config):
            continue
        touched = tuple(
            each
            for each in sorted(desired.resources)
            if each != address and options.selects(each) and _covers(config, each, wanted_tags.get(each, frozenset()))
        )
        if touched:
            yield _finding(
                address, config, touched, options, declared=address in desired.resources, by=running.get(address)
            )


def _config_after(
    address: Address, desired: Desired, observed: Observed, payloads: Mapping[Step, Payload]
) -> Mapping[str, Any]:
    """The sync's config once this plan is done."""
    live = observed.resources.get(address)
    held = dict(live.config) if live else dict(desired.resources[address].config)
    sent = payloads.get(Step(address, Action.UPDATE))
    held |= sent.config if sent else {}
    return filled(held)


def _covers(config: Mapping[str, Any], address: Address, tags: frozenset[str]) -> bool:
    if address.kind in _INCLUDES:
        return bool(config[_INCLUDES[address.kind]])
    # of what has no owner a sync knows variables and user groups alone
    return bool(KINDS[address.kind].owned and config["include_resources"]) and tags >= set(config["match_tags"])


def _finding(
    address: Address,
    config: Mapping[str, Any],
    touched: tuple[Address, ...],
    options: Options,
    *,
    declared: bool,
    by: Address | None,
) -> Finding:
    why = "managed" if config["managed"] else "delete"
    more = f" and {len(touched) - 1} more" if len(touched) > 1 else ""
    when = f"this apply runs it by {by}, and that" if by else "its next run"
    message = (
        f"{address} ({why}: true) would fight: {when} takes away or changes {touched[0]}{more}, "
        "as far as its files do not hold the very same"
    )
    way, places = _way_out(touched), tuple(filter(None, (address, by, *touched)))
    if options.allow_syncs or (declared and not by):
        hint = f"{way}; or set managed and delete to false"
        return Finding("rival-sync", "warning", message, "", places, hint)
    if declared:
        hint = f"{way}; or set managed and delete to false; or take it out of the stages that {by} runs"
        return Finding("rival-sync", "refusal", message, ALLOWED, places, hint)
    hint = f"in Komodo, {way}, or switch its managed and delete off"
    hint += "" if by else "; or declare it under resource_syncs: then this is a warning"
    return Finding("rival-sync", "refusal", message, ALLOWED, places, hint)


def _way_out(touched: tuple[Address, ...]) -> str:
    """What takes all of these out of its scope: tags pick resources alone."""
    kinds = {address.kind for address in touched}
    flags = [f"set its {flag} to false" for kind, flag in _INCLUDES.items() if kind in kinds]
    these = "these resources" if flags else "these"
    tags = [f"give it match_tags that {these} do not carry"] if kinds - _INCLUDES.keys() else []
    return " and ".join([*tags, *flags])
