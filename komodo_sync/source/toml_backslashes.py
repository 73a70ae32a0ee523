"""Komodo's rule for text between `\"\"\"`, in which a backslash is a backslash, as one that any TOML reader follows."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right

_LONG = '"""'


class Doubled:
    """A text with every backslash between `\"\"\"` doubled, and the way back from its offsets to lines and columns."""

    def __init__(self, text: str) -> None:
        parts = text.split(_LONG)
        self.inserted: list[int] = []
        offset = 0
        for index, part in enumerate(parts):
            if index % 2:
                parts[index] = part.replace("\\", "\\\\")
                at = part.find("\\")
                while at >= 0:
                    # offsets in the doubled text: each backslash before has moved this one by one
                    self.inserted.append(offset + at + len(self.inserted) + 1)
                    at = part.find("\\", at + 1)
            offset += len(part) + len(_LONG)
        self.text = _LONG.join(parts)
        self._lines = [0]
        self._lines += [match.end() for match in re.finditer("\r\n|[\n\r]", text)]

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column, from 1, in the text as it was written."""
        written = offset - bisect_left(self.inserted, offset)
        line = bisect_right(self._lines, written)
        return line, written - self._lines[line - 1] + 1
