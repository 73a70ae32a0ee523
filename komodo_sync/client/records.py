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
from komodo_sync.wire.live import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from komodo_sync.client.reader import Reader
    from komodo_sync.model.address import Address
    from komodo_sync.planning.attribution import Wanted

PAGES = 5
"""Pages of a hundred records that are looked through, the newest first."""
OPENED = 40
"""Records that are opened to see which name they are about, the newest first."""
_AT_ONCE = 8
_MOST = 3


def records_of(
    reader: Reader, wanted: Mapping[Address, Wanted], ids: Mapping[Address, str]
) -> dict[Address, tuple[Record, ...]]:
    """The newest record of each operation that tells something, by address, the newest first. What is older than what
    is looked through has none. Raises errors of the tree."""
    by_id = {ids[address]: address for address, each in wanted.items() if not each.by_name and ids.get(address)}
    found: dict[Address, list[tuple[str, Record]]] = {}
    ended: set[Address] = set()
    for item in _listed(reader, by_id, {word for each in wanted.values() for word in each.all}):
        address, operation = by_id[item["target"]["id"]], item["operation"]
        known, each = found.setdefault(address, []), wanted[address]
        tells = operation in each.runs or (operation in each.failed and not item["success"])
        tells = operation in each.operations or (tells and address not in ended)
        if tells and all(operation != seen for seen, _ in known):
            known.append((operation, _record(item)))
        if operation in each.ends and item["success"]:
            ended.add(address)
    records = {address: tuple(record for _, record in known[:_MOST]) for address, known in found.items() if known}
    return records | _by_name(reader, {address: each for address, each in wanted.items() if each.by_name})


def _listed(reader: Reader, by_id: Mapping[str, Address], operations: set[str]) -> Iterable[dict[str, Any]]:
    if not by_id:
        return
    query = {"target.id": {"$in": sorted(by_id)}, "operation": {"$in": sorted(operations)}}
    page: int | None = 0
    for _ in range(PAGES):
        answer = _page(reader, query, page or 0)
        yield from (item for item in answer["updates"] if _counts(item))
        page = answer["next_page"]
        if page is None:
            return


def _by_name(reader: Reader, wanted: Mapping[Address, Wanted]) -> dict[Address, tuple[Record, ...]]:
    """Of what is gone or has no id: its name stands in the record's own words, which may hold values and are looked
    through and never kept."""
    if not wanted:
        return {}
    operations = sorted({word for each in wanted.values() for word in each.operations})
    items = [item for item in _page(reader, {"operation": {"$in": operations}}, 0)["updates"] if _counts(item)]
    items = items[:OPENED]
    opened: list[Any] = [None] * len(items)
    calls = [partial(reader.read, "GetUpdate", {"id": item["id"]}) for item in items]
    for done in side_by_side(calls, _AT_ONCE):
        if done.error is None:
            opened[done.index] = done.value
        elif not isinstance(done.error, KomodoSyncError):
            raise done.error
    found: dict[Address, tuple[Record, ...]] = {}
    for item, update in zip(items, opened, strict=True):
        for address, each in wanted.items():
            if address not in found and item["operation"] in each.operations and update and _names(update, address):
                found[address] = (_record(item),)
    return found


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


def _counts(item: Mapping[str, Any]) -> bool:
    """Whether it is over and did something: a write that failed did not, an execution may have."""
    is_write = re.match(r"Create|Update|Rename|Delete|Copy", item["operation"])
    return item["status"] == "Complete" and (item["success"] or not is_write)


def _record(item: Mapping[str, Any]) -> Record:
    what = item["operation"] if item["success"] else f"{item['operation']}, failed,"
    at = datetime.fromtimestamp(item["start_ts"] / 1000, UTC).strftime("%Y-%m-%d %H:%M UTC")
    return Record("komodo", what, str(item.get("username") or item.get("operator", "")), at)
