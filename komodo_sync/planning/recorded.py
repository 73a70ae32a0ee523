"""Which records of Komodo tell who made a resource differ."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from komodo_sync.kinds import KINDS
from komodo_sync.model.data import Data, replace
from komodo_sync.model.plan import Action
from komodo_sync.planning.approved import EXECUTIONS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from komodo_sync.kinds.spec import KindSpec
    from komodo_sync.model.address import Address
    from komodo_sync.model.plan import Change, Planned, Resource
    from komodo_sync.planning.sides import Sides


class Wanted(Data, frozen=True):
    """Which records of a resource tell who made it differ.

    operations  the newest record of each of these
    update      the operation that writes its config: of each of `fields` the newest record that changed it, and the
                newest that changed one of `reaching` after the last of `ends`
    runs        the newest of each, where it is newer than the last of `ends` that succeeded, as that made it what was
                declared; `failed`: the same, where they failed
    through     of these others each such operation that succeeded after the last of `ends`
    by_name     they are found by its name, because what they are about is gone, or has no id
    """

    operations: frozenset[str] = frozenset()
    update: str = ""
    fields: frozenset[str] = frozenset()
    reaching: frozenset[str] = frozenset()
    runs: frozenset[str] = frozenset()
    failed: frozenset[str] = frozenset()
    ends: frozenset[str] = frozenset()
    through: tuple[tuple[Address, frozenset[str]], ...] = ()
    by_name: bool = False

    @property
    def all(self) -> frozenset[str]:
        """Every operation on itself that is looked for."""
        return self.operations | self.runs | self.failed | self.ends | ({self.update} - {""})


def wanted_records(now: Planned, sides: Mapping[Address, Sides]) -> dict[Address, Wanted]:
    """Which records of Komodo are worth a look, by address."""
    found = {}
    for item in now.plan.resources:
        known = sides.get(item.address)
        if known is not None and (known.where != "git" or known.runs):
            wanted = _wanted(item, known, now.origins.get(item.address, frozenset()))
            if wanted.all:
                found[item.address] = wanted
    return found


def _wanted(item: Resource, sides: Sides, origins: frozenset[Address]) -> Wanted:
    spec, actions = KINDS[item.address.kind], {change.action for change in item.changes}
    renames = frozenset({spec.rename} if spec.rename else ())
    if Action.CREATE in actions:
        return Wanted(frozenset({spec.delete}) | renames, by_name=True)
    if Action.DELETE in actions and spec.flat:
        return Wanted(frozenset({spec.create}), by_name=True)
    if Action.DELETE in actions:
        # the newest of these gave it the name that nobody declares: what was renamed since was not made so
        came = frozenset({spec.create, f"Copy{spec.core}"}) | renames
        return Wanted(runs=came, ends=came)
    fields = frozenset(pointer.split("/")[1] for pointer in sides.pointers if pointer.startswith("config/"))
    if spec.flat:
        # of these Komodo records values alone, and by name
        values = {spec.create, f"Update{spec.core}Value", f"Update{spec.core}"} if fields - {"is_secret"} else ()
        return Wanted(frozenset(values), by_name=True)
    wanted = _runs(item, spec, origins) if sides.runs else Wanted()
    if sides.runs == "maybe":
        # what a part that was applied wrote and ran is in the records too
        wanted = Wanted(runs=wanted.runs, ends=wanted.ends)
    came = frozenset({spec.create, f"Copy{spec.core}"}) if sides.made else frozenset()
    update = spec.update if fields or wanted.reaching else ""
    return replace(wanted, operations=came | (renames if sides.renamed else frozenset()), update=update, fields=fields)


def _runs(item: Resource, spec: KindSpec, origins: frozenset[Address]) -> Wanted:
    """What is done to what runs follows from what somebody did, or did not do, to what runs, or to what reaches it.
    That it was deployed before, and well, is never why it is to be deployed."""
    run = next(each for each in reversed(item.changes) if each.action in EXECUTIONS)
    life, last = spec.lifecycle, run.action
    if life is None:
        return Wanted()
    starts = {life.start, life.resume, life.restart} - {""}
    runs_it = frozenset({*life.deploys, *starts, *life.partly})
    if last is Action.STOP:
        return Wanted(runs=runs_it, ends=frozenset({life.stop, life.destroy}))
    if last is Action.DESTROY:
        return Wanted(runs=runs_it | {life.stop}, ends=frozenset({life.destroy}))
    ends = frozenset({*life.deploys, *(starts if last is Action.START else ())})
    reaching = _changed_since(spec, run)
    through = tuple(sorted(_through(origins))) if last is not Action.START else ()
    runs = frozenset({*life.stops, *(life.writes if last is Action.DEPLOY else ())})
    return Wanted(reaching=reaching, runs=runs, failed=runs_it, ends=ends, through=through)


def _changed_since(spec: KindSpec, run: Change) -> frozenset[str]:
    """The fields that were changed after the last deploy or run, as its reason says; all that it may mean, where it
    names none."""
    if "changed after" not in run.reason:
        return frozenset()
    words = set(re.findall(r"\w+", run.reason))
    names = {each.name for each in spec.fields().values() if each.deploys or run.action is Action.RUN}
    return frozenset(name for name in names if name.removesuffix("_id") in words) or frozenset(names)


def _through(origins: frozenset[Address]) -> Iterator[tuple[Address, frozenset[str]]]:
    """The records of others that make it necessary to deploy it: a variable has a value, a build was built."""
    for address in origins:
        spec = KINDS[address.kind]
        if spec.flat:
            yield address, frozenset({spec.create, f"Update{spec.core}Value"})
        elif spec.lifecycle is not None:
            yield address, frozenset(spec.lifecycle.deploys)
