"""The events of a text that may be YAML: whoever reads them learns that it is none by getting nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

Read = TypeVar("Read")


def read_events(text: str, read: Callable[[Callable[[], Any]], Read]) -> Read | None:
    """What `read` makes of the events of `text`, each of which a call gives. None where it is no YAML, or so deep that
    `read` gives up with a RecursionError."""
    from yaml.cyaml import CParser  # type: ignore[attr-defined]
    from yaml.error import YAMLError

    try:
        return read(CParser(text).get_event)
    except (YAMLError, RecursionError, UnicodeEncodeError, ValueError):
        return None
