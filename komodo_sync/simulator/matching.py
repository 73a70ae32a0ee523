"""The part of MongoDB's query language in which updates are asked for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from komodo_sync.simulator.failures import MalformedError, RefusalError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

Document = dict[str, Any]
_MISSING = object()
_ORDERED: Mapping[str, Callable[[Any, Any], bool]] = {
    "$gt": lambda left, right: left > right,
    "$gte": lambda left, right: left >= right,
    "$lt": lambda left, right: left < right,
    "$lte": lambda left, right: left <= right,
}


class _QueryError(Exception):
    """The query asks for something that is not known here."""


def select(query: Mapping[str, Any], documents: Iterable[Document], context: str) -> Iterator[Document]:
    """Those of the documents that the query asks for. 500 `context` for an operator that is not known here."""
    try:
        _matches(query, {})
        yield from (document for document in documents if _matches(query, document))
    except _QueryError as error:
        raise RefusalError(context, str(error)) from None


def _matches(query: Mapping[str, Any], document: Mapping[str, Any]) -> bool:
    for key, wanted in query.items():
        if key in ("$and", "$or", "$nor"):
            found = [_matches(read_query(part), document) for part in _array(key, wanted)]
            if not {"$and": all(found), "$or": any(found), "$nor": not any(found)}[key]:
                return False
        elif key.startswith("$"):
            raise _QueryError(f"unknown top level operator: {key}")
        elif not _field(wanted, _value(document, key)):
            return False
    return True


def read_query(sent: Any) -> dict[str, Any]:
    """A query of a request; null asks for everything. Raises MalformedError for what is no document."""
    if sent is None:
        return {}
    if not isinstance(sent, dict):
        raise MalformedError("invalid type, expected a document")
    return sent


def _value(document: Any, path: str) -> Any:
    for part in path.split("."):
        if not isinstance(document, dict) or part not in document:
            return _MISSING
        document = document[part]
    return document


def _field(wanted: Any, value: Any) -> bool:
    if isinstance(wanted, dict) and any(key.startswith("$") for key in wanted) and "$oid" not in wanted:
        return all(_operator(key, argument, value) for key, argument in wanted.items())
    return _equal(wanted, value)


def _operator(key: str, argument: Any, value: Any) -> bool:
    if key in _ORDERED:
        return type(value) in (int, float) and type(argument) in (int, float) and _ORDERED[key](value, argument)
    answers: dict[str, Callable[[], bool]] = {
        "$eq": lambda: _equal(argument, value),
        "$ne": lambda: not _equal(argument, value),
        "$in": lambda: any(_equal(item, value) for item in _array(key, argument)),
        "$nin": lambda: not any(_equal(item, value) for item in _array(key, argument)),
        "$exists": lambda: (value is not _MISSING) == bool(argument),
        "$not": lambda: not _field(argument, value),
        "$regex": lambda: isinstance(value, str) and _regex(argument).search(value) is not None,
    }
    if key not in answers:
        raise _QueryError(f"unknown operator: {key}")
    return answers[key]()


def _regex(argument: Any) -> re.Pattern[str]:
    try:
        return re.compile(argument)
    except (re.error, TypeError) as error:
        raise _QueryError(f"$regex: {error}") from None


def _array(key: str, argument: Any) -> list[Any]:
    if not isinstance(argument, list):
        raise _QueryError(f"{key} needs an array")
    return argument


def _equal(wanted: Any, value: Any) -> bool:
    if wanted is None:
        return value is None or value is _MISSING
    return type(wanted) is type(value) and bool(wanted == value)
