"""The C parser's events, their places counted as editors count lines.

YAML ends a line also where no editor does: at a NEL and at Unicode's line and paragraph separators.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING, Any

from yaml.cyaml import CParser  # type: ignore[attr-defined]
from yaml.error import MarkedYAMLError

from komodo_sync.model.data import Data

if TYPE_CHECKING:
    from collections.abc import Callable

_YAMLS_OWN = re.compile("[\x85\u2028\u2029]")
_ENDS = re.compile("\r\n|[\n\r]")


class _Mark(Data, frozen=True):
    """A place, from 0; `index` counts the characters before it."""

    index: int
    line: int
    column: int


def yaml_events(text: str) -> Callable[[], Any]:
    """What gives the next event of a text at each call. Raises what the parser does."""
    parsed: Callable[[], Any] = CParser(text).get_event
    if text.isascii() or not _YAMLS_OWN.search(text):
        return parsed
    starts = [0, *(end.end() for end in _ENDS.finditer(text))]

    def counted(mark: Any) -> Any:
        if mark is None:
            return None
        line = bisect_right(starts, mark.index) - 1
        return _Mark(mark.index, line, mark.index - starts[line])

    def event() -> Any:
        try:
            found = parsed()
        except MarkedYAMLError as error:
            error.problem_mark, error.context_mark = counted(error.problem_mark), counted(error.context_mark)
            raise
        found.start_mark, found.end_mark = counted(found.start_mark), counted(found.end_mark)
        return found

    return event
