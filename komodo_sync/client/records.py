"""Who did what, from the Updates that a Core keeps."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from komodo_sync.client.threads import side_by_side
from komodo_sync.errors import KomodoSyncError, NotKomodoError
from komodo_sync.kinds import KINDS
from komodo_sync.model.cause import Record
from komodo_sync.model.data import Data, field
from komodo_sync.wire.live import changed_fields, plain

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from komodo_sync.client.reader import Reader
    from komodo_sync.model.address import Address
    from komodo_sync.planning.recorded import Wanted

    Item = Mapping[str, Any]

PAGES = 5
"""Pages of a hundred records that are looked through, the newest first."""
OPENED = 40
"""Records that are opened to see which name they are about, the newest first."""
CHANGES = 10
"""Records of one resource that are opened to see what they changed, the newest first."""
_AT_ONCE = 8
_MOST = 3


class _Found(Data):
    """What is found of one resource: `told` are the items that tell something, `changes` those that may, once it is
    seen what they changed, each with whether it is newer than the last end; `ended` when that was."""

    told: list[Item] = field(default_factory=list)
    changes: list[tuple[Item, bool]] = field(default_factory=list)
    ended: int = 0

    def tell(self, item: Item) -> None:
        """Of each operation the newest."""
        if all(item["operation"] != other["operation"] for other in self.told):
            self.told.append(item)


def records_of(
    reader: Reader, wanted: Mapping[Address, Wanted], ids: Mapping[Address, str], since: int
) -> dict[Address, tuple[Record, ...]]:
    """The records that tell who made each of these differ, by address, the newest first. What is older than what is
    looked through has none, nor has what is not newer than `since`, in Core's milliseconds. Raises errors of the
    tree."""
    found = {address: _Found() for address in wanted}
    own = {address: each for address, each in wanted.items() if not each.by_name and ids.get(address)}
    by_id = {ids[address]: address for address in own}
    others = {ids[each]: words for one in wanted.values() for each, words in one.through if ids.get(each)}
    operations = {word for each in own.values() for word in each.all}.union(*others.values())
    built: dict[str, list[Item]] = {}
    for item in _listed(reader, {*by_id, *others}, operations, since):
        identity = item["target"]["id"]
        if identity in by_id:
            _sort_in(item, wanted[by_id[identity]], found[by_id[identity]])
        if item["operation"] in others.get(identity, ()) and item["success"]:
            built.setdefault(identity, []).append(item)
    _look_into(reader, wanted, found)
    named = {(address, each.operations) for address, each in wanted.items() if each.by_name}
    named |= {(each, words) for one in wanted.values() for each, words in one.through if not ids.get(each)}
    by_name = _by_name(reader, named, since)
    for address, each in wanted.items():
        known = found[address]
        known.told += by_name.get((address, each.operations), [])[:1] if each.by_name else []
        for other, words in each.through:
            items = built.get(ids.get(other, ""), []) or by_name.get((other, words), [])
            # of the last deploy nothing is known: it may have come after all of these
            known.told += [item for item in items[:1] if item["start_ts"] > known.ended and (known.ended or since)]
    return {address: tuple(_newest(known.told)) for address, known in found.items() if known.told}


def _newest(items: Iterable[Item]) -> Iterator[Record]:
    ordered = sorted(items, key=lambda item: -item["start_ts"])
    yield from list(dict.fromkeys(map(_record, ordered)))[:_MOST]


def _sort_in(item: Item, wanted: Wanted, found: _Found) -> None:
    """Records come the newest first."""
    operation = item["operation"]
    runs = operation in wanted.runs or (operation in wanted.failed and not item["success"])
    if operation == wanted.update:
        if len(found.changes) < CHANGES:
            found.changes.append((item, not found.ended))
    elif operation in wanted.operations or (runs and not found.ended):
        found.tell(item)
    if operation in wanted.ends and item["success"]:
        found.ended = found.ended or item["start_ts"]


def _look_into(reader: Reader, wanted: Mapping[Address, Wanted], found: Mapping[Address, _Found]) -> None:
    """Opens what may have changed a config, each newest one of all resources at once, until it is known who changed
    what is looked for. What it says of values is looked at and never kept."""
    left = {address: set(wanted[address].fields) for address, known in found.items() if known.changes}
    reached = {address: not wanted[address].reaching for address in left}
    for turn in range(CHANGES):
        items: dict[Address, tuple[Item, bool]] = {}
        for address, fields in left.items():
            changes = found[address].changes[turn : turn + 1]
            if changes and (fields or (changes[0][1] and not reached[address])):
                items[address] = changes[0]
        if not items:
            return
        opened = _opened(reader, [item for item, _ in items.values()])
        for (address, (item, newer)), update in zip(items.items(), opened, strict=True):
            changed = changed_fields(KINDS[address.kind], update, update) if update else {}
            # a record that does not tell what it changed may have changed all of it
            names = left[address] | wanted[address].reaching if changed is None else changed.keys()
            runs = newer and not reached[address] and not wanted[address].reaching.isdisjoint(names)
            if runs or not left[address].isdisjoint(names):
                found[address].told.append(item)
            left[address] -= names
            reached[address] = reached[address] or runs


def _listed(reader: Reader, ids: Collection[str], operations: Collection[str], since: int) -> Iterable[Item]:
    if not ids:
        return
    query = {"target.id": {"$in": sorted(ids)}, "operation": {"$in": sorted(operations)}, **_after(since)}
    page: int | None = 0
    for _ in range(PAGES):
        answer = _page(reader, query, page or 0)
        yield from (item for item in answer["updates"] if _counts(item))
        page = answer["next_page"]
        if page is None:
            return


def _after(since: int) -> dict[str, Any]:
    return {"start_ts": {"$gt": since}} if since else {}


def _by_name(
    reader: Reader, wanted: Collection[tuple[Address, frozenset[str]]], since: int
) -> dict[tuple[Address, frozenset[str]], list[Item]]:
    """Of what is gone or has no id: its name stands in the record's own words, which may hold values and are looked
    through and never kept. The newest first."""
    if not wanted:
        return {}
    operations = sorted({word for _, words in wanted for word in words})
    if not operations:
        return {}
    query = {"operation": {"$in": operations}, **_after(since)}
    items = [item for item in _page(reader, query, 0)["updates"] if _counts(item)][:OPENED]
    found: dict[tuple[Address, frozenset[str]], list[Item]] = {}
    for item, update in zip(items, _opened(reader, items), strict=True):
        for address, words in wanted:
            if update and item["operation"] in words and _names(update, address):
                found.setdefault((address, words), []).append(item)
    return found


def _opened(reader: Reader, items: Sequence[Item]) -> list[Any]:
    """The records in full; None for those that cannot be read."""
    opened: list[Any] = [None] * len(items)
    calls = [partial(reader.read, "GetUpdate", {"id": item["id"]}) for item in items]
    for done in side_by_side(calls, _AT_ONCE):
        if done.error is None:
            opened[done.index] = done.value
        elif not isinstance(done.error, KomodoSyncError):
            raise done.error
    return opened


def _names(update: Mapping[str, Any], address: Address) -> bool:
    name = re.escape(address.name)
    core = KINDS[address.kind].core
    said = rf"Deleted {core} {name}|Renamed {core} (?:[0-9a-f]+ )?from {name} to .*"
    about = re.compile(rf"{said}|(?:variable: '|name: \"){name}['\"].*", re.DOTALL)
    texts = [plain(stage.get("stdout") or "") for stage in update.get("logs", ())]
    return any(about.fullmatch(text.strip()) or re.search(rf"^\s*name: \"{name}\"", text, re.M) for text in texts)


def _page(reader: Reader, query: dict[str, Any], page: int) -> dict[str, Any]:
    answer = reader.read("ListUpdates", {"query": query, "page": page})
    if not isinstance(answer, dict) or not {"updates", "next_page"} <= answer.keys():
        raise NotKomodoError("the answer to ListUpdates is not a page of records")
    return answer


def _counts(item: Item) -> bool:
    """Whether it is over and did something: a write that failed did not, an execution may have."""
    is_write = re.match(r"Create|Update|Rename|Delete|Copy|Write", item["operation"])
    return item["status"] == "Complete" and (item["success"] or not is_write)


def _record(item: Item) -> Record:
    what = item["operation"] if item["success"] else f"{item['operation']}, failed,"
    at = datetime.fromtimestamp(item["start_ts"] / 1000, UTC).strftime("%Y-%m-%d %H:%M UTC")
    return Record("komodo", what, str(item.get("username") or item.get("operator", "")), at)
