"""A plan that says of each difference which side it comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from komodo_sync.errors import KomodoSyncError
from komodo_sync.model.data import replace
from komodo_sync.model.plan import Finding
from komodo_sync.session.baseline import baseline_of
from komodo_sync.session.observation import plan

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from komodo_sync.manifest import Loaded
    from komodo_sync.model.address import Address
    from komodo_sync.model.cause import Record
    from komodo_sync.model.plan import Plan, Planned
    from komodo_sync.planning import Options
    from komodo_sync.planning.attribution import Records
    from komodo_sync.planning.sides import Sides
    from komodo_sync.session.baseline import Baseline, LoadIn
    from komodo_sync.session.connection import Session

NO_RECORDS = "no-records"
"""The code of the finding that Komodo's records could not be read."""
MOST = 3
"""Records that are told of a resource, the newest first."""


def drift(session: Session, loaded: Loaded, options: Options, *, root: Path, load_in: LoadIn) -> Plan:
    """The plan, and of each resource that differs the cause. `root`: the folder of the manifests; `load_in`: what would
    be declared if another folder were that one. Asks more than a plan does only where something differs. Raises what
    `plan` raises."""
    planned = plan(session, loaded, options)
    now = replace(planned.plan, subject="drift")
    if not now.has_changes:
        return now
    from komodo_sync.planning.attribution import attributed
    from komodo_sync.planning.recorded import wanted_records
    from komodo_sync.planning.sides import sides_of

    baseline = baseline_of(session, loaded, planned, options, root, load_in)
    sides = sides_of(planned, baseline.applied)
    findings = [baseline.finding]
    records: Records = {}
    try:
        from komodo_sync.client.records import records_of

        records = records_of(session.reader, wanted_records(planned, sides), planned.ids, baseline.since)
    except KomodoSyncError as error:
        message = f"who changed it in Komodo cannot be told: {error.summary}"
        findings.append(Finding(NO_RECORDS, "note", message, hint=error.hint))
    sides = {address: each.settled(by_record=address in records) for address, each in sides.items()}
    records = {address: _with_origins(address, records, sides, planned) for address in sides}
    uncommitted: set[Address] = set()
    if baseline.commit:
        records, uncommitted = _with_commits(records, sides, planned, loaded, baseline, root)
    return attributed(now, sides, records, findings, uncommitted)


def _with_origins(
    address: Address, records: Records, sides: Mapping[Address, Sides], planned: Planned
) -> tuple[Record, ...]:
    """The records of a resource; of one that is deployed because of something else in the plan, those of that."""
    found = records.get(address, ())
    if found or sides[address].runs not in ("komodo", "outside"):
        return found
    others = (each for each in sorted(planned.origins.get(address, ())) if each in sides)
    every = {record for each in others for record in records.get(each, ())}
    return tuple(sorted(every, key=lambda record: record.at, reverse=True)[:MOST])


def _with_commits(
    records: Records,
    sides: Mapping[Address, Sides],
    planned: Planned,
    loaded: Loaded,
    baseline: Baseline,
    root: Path,
) -> tuple[Records, set[Address]]:
    """The records, and behind them the commits that changed what is changed in git; and where something is in no commit
    yet. The manifests of the baseline alone know the files of what is declared no more. Where none changed a resource
    that is deployed or run, those count that changed what it comes from."""
    from komodo_sync.session.commits import Commits

    commits = Commits(root, baseline.commit, loaded)
    changed = {item.address: item for item in planned.plan.resources if item.changes}
    told: dict[Address, tuple[tuple[Record, ...], bool]] = {}
    for address, item in changed.items():
        known = (each.desired.resources.get(address) for each in (loaded, baseline.loaded) if each)
        declared = next(filter(None, known), None)
        if sides[address].where in ("git", "both") and declared is not None:
            told[address] = commits.of(item, declared)
    found: dict[Address, tuple[Record, ...]] = dict(records)
    uncommitted = set()
    for address, (made, unfinished) in told.items():
        others = planned.origins.get(address, ()) if not made and not unfinished else ()
        for each in sorted(set(others) & told.keys()):
            made, unfinished = made or told[each][0], unfinished or told[each][1]
        found[address] = (*found.get(address, ()), *made)
        if unfinished:
            uncommitted.add(address)
    return found, uncommitted
