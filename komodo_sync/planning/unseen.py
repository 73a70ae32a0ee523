"""What a key is not shown: kinds that are for admins alone, and references whose ids have no name here, and so say
nothing against a declared one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from komodo_sync.kinds import KINDS
from komodo_sync.kinds.shapes import Tagged
from komodo_sync.model.address import Address
from komodo_sync.model.data import replace
from komodo_sync.model.finding import UNSEEN, UNSEEN_VALUES
from komodo_sync.model.observed import is_unknown
from komodo_sync.model.plan import Finding

KNOWN_MAJOR = 2
"""The Komodo that is known here; of a later one nobody knows yet what it changes."""

if TYPE_CHECKING:
    from collections.abc import Iterator

    from komodo_sync.model.desired import Desired, DesiredResource
    from komodo_sync.model.observed import Observed, ObservedResource
    from komodo_sync.planning.options import Options


def given_the_benefit(observed: Observed, desired: Desired) -> Observed:
    """`observed`, in which a reference to what a partial key does not see is the declared one, where this key does not
    see that one either: they may well be the same, and an unknown value is no difference. Where the key sees what is
    declared, the live reference is to something else, and stays as it is. An admin sees everything: an unknown id is
    then of something that is gone."""
    if observed.admin:
        return observed
    found = {}
    for item in desired.resources.values():
        address = Address(item.address.kind, item.renamed_from) if item.renamed_from else item.address
        address = address if address in observed.resources else item.address
        live = observed.resources.get(address)
        same = dict(_same(item, live, observed)) if live is not None else {}
        if live is not None and same:
            found[address] = replace(live, config={**live.config, **same})
    return replace(observed, resources={**observed.resources, **found}) if found else observed


def without_unseen(desired: Desired, observed: Observed) -> tuple[Desired, list[Finding]]:
    """`desired` without the kinds that are listed for admins alone, where somebody else asks: nobody knows whether they
    are there. And that they are left out."""
    if observed.admin:
        return desired, []
    hidden = {name for name, spec in KINDS.items() if spec.admin_only}
    mentions = (*desired.absent, *desired.forget)
    named = {
        address for address in (*desired.resources, *(item.address for item in mentions)) if address.kind in hidden
    }
    if not named:
        return desired, []
    kinds = " and ".join(KINDS[name].plural.replace("_", " ") for name in sorted({each.kind for each in named}))
    message = f"{kinds} are not planned: Komodo lists them for admins alone, and {observed.user} is none"
    hint = "plan or apply with an admin's key to have them compared too; what is planned here is whole without them"
    left = replace(
        desired,
        resources={address: item for address, item in desired.resources.items() if address not in named},
        absent=tuple(item for item in desired.absent if item.address not in named),
        forget=tuple(item for item in desired.forget if item.address not in named),
    )
    return left, [Finding(UNSEEN, "warning", message, "", tuple(sorted(named)), hint)]


def unseen_values(desired: Desired, observed: Observed, options: Options) -> Iterator[Finding]:
    """Of which resources a declared value is not compared, because this key is not shown the live one."""
    found = []
    for address, item in desired.resources.items():
        live = observed.resources.get(address)
        if live is not None and not live.masked.isdisjoint(item.config) and options.selects(address):
            found.append(address)
    if found:
        message = f"Komodo shows {observed.user} no secret value: declared ones are not compared with it"
        hint = "plan with an admin's key to have them compared"
        yield Finding(UNSEEN_VALUES, "note", message, "", tuple(sorted(found)), hint)


def newer_core(observed: Observed) -> Iterator[Finding]:
    """That the Core is one of which nobody here knows yet what it changes."""
    major = observed.version.lstrip("v").partition(".")[0]
    if major.isdecimal() and int(major) > KNOWN_MAJOR:
        message = f"Komodo {observed.version} is newer than what is known here ({KNOWN_MAJOR}.x)"
        yield Finding("newer-core", "note", message, "", (), "look for a newer komodo-sync before you apply")


def _same(item: DesiredResource, live: ObservedResource, observed: Observed) -> Iterator[tuple[str, Any]]:
    spec = KINDS[item.address.kind]
    if isinstance(spec.config, Tagged):
        return
    for name, field in spec.fields().items():
        held, wanted = live.config.get(name), item.config.get(name)
        if not (field.ref and isinstance(held, str) and isinstance(wanted, str)):
            continue
        if wanted and is_unknown(held) and Address(field.ref, wanted) not in observed.resources:
            yield name, wanted
