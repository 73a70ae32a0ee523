"""What became of resources, read from their Updates: a page at a time, of those alone that are still open."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from komodo_sync.client.threads import all_of
from komodo_sync.model.data import Data, field
from komodo_sync.model.running import Event, History
from komodo_sync.wire.live import (
    changed_fields,
    commit_of,
    failed_stage,
    former_name,
    operations_of,
    read_records,
    variable_of,
    was_refused_as_busy,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from komodo_sync.client.reader import Reader
    from komodo_sync.kinds.spec import KindSpec
    from komodo_sync.wire.live import Record

AT_ONCE = 8
"""Updates that are read at the same time."""
VARIABLE_UPDATES = 400
"""Updates of variables that are looked into at most: what is older is not looked for."""
_VARIABLES = ("UpdateVariableValue", "CreateVariable")


class _Story(Data):
    """Records of one resource, newest first, down to its last good deploy or its creation."""

    spec: KindSpec
    records: list[Record] = field(default_factory=list)
    over: bool = False

    def add(self, record: Record) -> None:
        self.records.append(record)
        self.over = self.over or record.operation == self.spec.create or self.is_good(record)

    def is_good(self, record: Record) -> bool:
        assert self.spec.lifecycle is not None
        return record.operation in self.spec.lifecycle.deploys and record.complete and record.success


def read_histories(
    reader: Reader, wanted: Mapping[str, KindSpec], *, commits: Collection[str] = ()
) -> dict[str, tuple[History, int]]:
    """The history of each id, and when its newest record is from (0: there is none). `commits`: the ids of which the
    commit of the last good run is needed."""
    stories = {identity: _Story(spec) for identity, spec in wanted.items()}
    for record in _records(reader, stories):
        stories[record.target].add(record)
    found: dict[str, tuple[History, int]] = {}
    ids = list(stories)
    calls = [partial(_history, reader, stories[identity], with_commit=identity in commits) for identity in ids]
    for identity, history in zip(ids, all_of(calls, AT_ONCE), strict=True):
        # nothing of what is deployed is looked at by a rename
        told = (record for record in stories[identity].records if record.operation != stories[identity].spec.rename)
        newest = next(told, None)
        found[identity] = (history, newest.at if newest else 0)
    return found


def _records(reader: Reader, stories: Mapping[str, _Story]) -> Iterator[Record]:
    """The records of every story that is not over, newest first, each once. Each page asks for what is left alone, from
    where the last one ended."""
    operations = sorted({word for story in stories.values() for word in operations_of(story.spec)})
    seen: set[str] = set()
    page, until = 0, 0
    while open_ids := sorted(identity for identity, story in stories.items() if not story.over):
        query: dict[str, Any] = {"target.id": {"$in": open_ids}, "operation": {"$in": operations}}
        if until:
            query["start_ts"] = {"$lte": until}
        records, following = read_records(reader.read("ListUpdates", {"query": query, "page": page}))
        new = [record for record in records if record.id not in seen and record.target in stories]
        seen.update(record.id for record in new)
        yield from (record for record in new if not stories[record.target].over)
        if following is None:
            return
        # a page full of one moment is gone on from by its number, unless fewer are asked for from now on
        same = records[-1].at == until and all(not stories[identity].over for identity in open_ids)
        page, until = (page + 1 if same else 0), records[-1].at


def _history(reader: Reader, story: _Story, *, with_commit: bool) -> History:
    lifecycle = story.spec.lifecycle
    assert lifecycle is not None
    records = story.records
    end = next((index for index, record in enumerate(records) if story.is_good(record)), len(records))
    good, newer = (records[end] if end < len(records) else None), records[:end]
    whole = (*lifecycle.deploys, *lifecycle.partly)
    failed = _failure(reader, [each for each in newer if each.operation in whole and each.complete], lifecycle.deploys)
    updates = [record for record in newer if record.operation == story.spec.update]
    made = next((record for record in records if record.operation == story.spec.create), None)
    return History(
        good=_good(reader, good, with_commit=with_commit),
        failed=failed,
        stopped=_stopped(records, (*whole, lifecycle.start, lifecycle.resume), lifecycle.stops),
        gone=_gone(records, (*whole, *filter(None, (lifecycle.start, lifecycle.resume))), lifecycle.destroy),
        made=made.event() if made and good is None else None,
        called=_called(reader, story.spec, newer) if good is not None else "",
        changed=_changed(reader, story.spec, updates) if good is not None and updates else {},
    )


def _stopped(records: Sequence[Record], starts: Collection[str], stops: Collection[str]) -> Event | None:
    """Who first wanted it not to run, after it was last deployed or started."""
    found = None
    for record in records:
        if record.complete and record.operation in starts:
            break
        if record.complete and record.success and record.operation in stops:
            found = record
    return found.event() if found else None


def _gone(records: Sequence[Record], starts: Collection[str], destroy: str) -> bool:
    """Whether it was taken down since anything last brought it up, or tried to."""
    last = next(
        (each for each in records if each.operation in starts or (each.success and each.operation == destroy)), None
    )
    return last is not None and last.complete and last.operation == destroy


def _good(reader: Reader, good: Record | None, *, with_commit: bool) -> Event | None:
    if good is None:
        return None
    return good.event(commit=commit_of(_update(reader, good)) if with_commit else "")


def _failure(reader: Reader, records: Sequence[Record], deploys: Collection[str]) -> Event | None:
    """The newest failure, but for those that were refused because another one ran: nothing was done then. A part that
    succeeded makes up for a part that failed, and not for the whole."""
    partly = False
    for record in records:
        if record.success:
            partly = True
        elif record.operation in deploys or not partly:
            update = _update(reader, record)
            if not was_refused_as_busy(update):
                return record.event(stage=failed_stage(update))
    return None


def _called(reader: Reader, spec: KindSpec, newer: Sequence[Record]) -> str:
    """Its name before the first of several renames."""
    renames = [record for record in newer if record.operation == spec.rename and record.complete and record.success]
    return former_name(_update(reader, renames[-1])) if renames else ""


def _changed(reader: Reader, spec: KindSpec, updates: Sequence[Record]) -> Mapping[str, tuple[Any, Any]] | None:
    newest = _update(reader, updates[0])
    oldest = newest if len(updates) == 1 else _update(reader, updates[-1])
    return changed_fields(spec, oldest, newest)


def read_variable_changes(reader: Reader, names: Collection[str], since: int) -> dict[str, int]:
    """When each of these variables was given its value last, where that was after `since`."""
    found: dict[str, int] = {}
    query = {
        "target.type": "System",
        "operation": {"$in": list(_VARIABLES)},
        "start_ts": {"$gt": since},
    }
    page: int | None = 0
    looked = 0
    while page is not None and looked < VARIABLE_UPDATES and not set(names) <= found.keys():
        records, page = read_records(reader.read("ListUpdates", {"query": query, "page": page}))
        for start in range(0, len(records), AT_ONCE):
            some = records[start : start + AT_ONCE]
            calls: list[Callable[[], str]] = [partial(_variable, reader, record) for record in some]
            for record, name in zip(some, all_of(calls, AT_ONCE), strict=True):
                if name in names:
                    found.setdefault(name, record.at)
            looked += len(some)
            if set(names) <= found.keys():
                break
    return found


def _variable(reader: Reader, record: Record) -> str:
    return variable_of(_update(reader, record))


def _update(reader: Reader, record: Record) -> dict[str, Any]:
    answer = reader.read("GetUpdate", {"id": record.id})
    return answer if isinstance(answer, dict) else {}
