"""What runs: states first, then fresh caches, then what became of everything that is to be decided."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from komodo_sync.client.history import read_histories, read_variable_changes
from komodo_sync.client.threads import all_of
from komodo_sync.kinds import KINDS
from komodo_sync.kinds.mentions import variables_in, variables_used
from komodo_sync.model.address import Address
from komodo_sync.model.data import Data, field, replace
from komodo_sync.model.running import Live
from komodo_sync.wire.live import read_listed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from komodo_sync.client.reader import Reader
    from komodo_sync.client.refresher import Refresher
    from komodo_sync.model.observed import ObservedResource
    from komodo_sync.model.running import Running
    from komodo_sync.wire.live import Listed

    Lists = Callable[[str], object]


class Question(Data, frozen=True):
    """What is to be known of what runs.

    deploying   whose deploy is declared
    kept        whose state is declared, or which runs after a change
    variables   the variables that the declared ones use
    refresh     whether files are to be fetched anew
    patient     whether that is waited for where it was done a moment ago
    """

    deploying: frozenset[Address]
    kept: frozenset[Address] = frozenset()
    variables: frozenset[str] = frozenset()
    refresh: bool = True
    patient: bool = True

    @property
    def asked(self) -> frozenset[Address]:
        """Everything that is to be decided."""
        return self.deploying | self.kept

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of which states are needed, with those that say whether they can be reached."""
        kinds = {address.kind for address in self.asked}
        return frozenset(kinds | {name for name, spec in KINDS.items() if spec.reached and kinds})


class Look(Data):
    """One look at what runs, in the order in which a snapshot takes it: `states`, `fresh`, then `histories`."""

    reader: Reader
    question: Question
    listed: dict[Address, Listed] = field(default_factory=dict)
    refreshed: dict[Address, str] = field(default_factory=dict)

    def states(self, ask: Callable[[str], object]) -> None:
        """Lists the states of every kind in question; `ask` answers an operation that lists."""
        kinds = sorted(self.question.kinds)
        operations = [KINDS[kind].reached or f"List{KINDS[kind].core}s" for kind in kinds]
        answers = all_of([partial(ask, operation) for operation in operations], len(kinds))
        for kind, operation, answer in zip(kinds, operations, answers, strict=True):
            for item in read_listed(answer, operation):
                self.listed[Address(kind, item.name)] = item

    def fresh(self, refresher: Refresher | None) -> None:
        """Has the Core fetch the files of what is to be deployed, where they come from git or a host."""
        if refresher is None or not self.question.refresh:
            return
        wanted = {
            address: (lifecycle, self.listed[address].id)
            for address in sorted(self.question.deploying)
            if (lifecycle := KINDS[address.kind].lifecycle) and lifecycle.refresh
            if address in self.listed and self.listed[address].fetches
        }
        self.refreshed = refresher.refresh(wanted, patient=self.question.patient)

    def histories(
        self, running: Mapping[Address, Running], resources: Mapping[Address, ObservedResource], *, admin: bool
    ) -> Live:
        """All that is known. `running`: the facts of each, without its history."""
        asked = [address for address in sorted(self.question.asked) if address in running and address in resources]
        ids = {resources[address].id: address for address in asked}
        lagging = {
            resources[address].id
            for address in asked
            if (lifecycle := KINDS[address.kind].lifecycle) and lifecycle.lags
            if running[address].deployed_hash != running[address].latest_hash
        }
        found = read_histories(
            self.reader, {identity: KINDS[address.kind] for identity, address in ids.items()}, commits=lagging
        )
        facts = dict(running)
        for identity, (history, newest) in found.items():
            address = ids[identity]
            facts[address] = replace(
                facts[address],
                history=history,
                seen_at=newest,
                refusal=self.refreshed.get(address, ""),
            )
        hosts = {address.name: item for address, item in self.listed.items() if KINDS[address.kind].reached}
        servers = {name: item.state for name, item in hosts.items()}
        silence = {name: item.error for name, item in hosts.items() if item.error}
        refreshed = frozenset(address for address, why in self.refreshed.items() if not why)
        variables = self._variables(facts, resources, admin=admin)
        return Live(facts, variables, servers, silence, refreshed=refreshed, complete=admin)

    def _variables(
        self, facts: Mapping[Address, Running], resources: Mapping[Address, ObservedResource], *, admin: bool
    ) -> dict[str, int]:
        """When variables that are used were changed last, if after the oldest deploy that counts."""
        names: set[str] = set(self.question.variables)
        deploys = []
        for address in self.question.deploying & facts.keys() & resources.keys():
            history = facts[address].history
            if history is None or history.good is None:
                continue
            deploys.append(history.good.at)
            names |= variables_used(dict(resources[address].config))
            names |= {name for file in facts[address].fetched or () for name in variables_in(file.contents)}
        if not admin or not deploys or not names:
            return {}
        return read_variable_changes(self.reader, names, min(deploys))
