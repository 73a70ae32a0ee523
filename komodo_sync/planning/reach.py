"""Deletes that could not stop what runs, because the same plan cuts off the server on which it runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from komodo_sync.kinds import KINDS
from komodo_sync.model.address import Address
from komodo_sync.model.plan import Action, Finding, Step

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from komodo_sync.model.observed import Observed
    from komodo_sync.model.plan import Payload


def cut_off(deletes: Iterable[Address], observed: Observed, payloads: Mapping[Step, Payload]) -> Iterator[Finding]:
    """A refusal for each delete that stops or removes something on a server which this plan switches off before: Core
    would delete the resource and leave its containers running."""
    for address in deletes:
        live, spec = observed.resources[address], KINDS[address.kind]
        if not spec.stops or (spec.states and live.state not in spec.up):
            continue
        for item in spec.fields().values():
            flag = KINDS[item.ref].reach if item.ref in KINDS else ""
            host = Address(item.ref, str(live.config.get(item.name, "")))
            update = payloads.get(Step(host, Action.UPDATE))
            if flag and update is not None and update.config.get(flag) is False:
                yield Finding(
                    "delete-unreachable",
                    "refusal",
                    f"{address} would be deleted after {host} is switched off ({flag}: false), and what runs of it "
                    f"there would be left behind; delete it first, and switch {host} off in a second apply",
                    "",
                    (address, host),
                    f"leave `{flag}: true` on {host} until {address} is gone",
                )
