"""What tomli says about broken TOML, in a sentence of ours with a way out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from komodo_sync.source.codes import Code

if TYPE_CHECKING:
    from komodo_sync.source.text import Source, SourceError
    from komodo_sync.source.toml_backslashes import Doubled

_AT = re.compile(r"^(?P<what>.*?) \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)$", re.DOTALL)


def syntax_error(source: Source, doubled: Doubled, cause: Exception) -> SourceError:
    """tomli's error about `doubled` as one of ours, at the place in the text as it was written."""
    line, column, message = _place(doubled, str(cause))
    return source.error(Code.TOML_SYNTAX, message, line, column, help=_way_out(message))


def _place(doubled: Doubled, error: str) -> tuple[int, int, str]:
    match = _AT.match(error)
    what = match["what"] if match else error
    if match is None or match["line"] is None:
        line, column = doubled.place(len(doubled.text.rstrip()))
        return line, column, _sentence(what, at_end=True)
    offset = 0
    for _ in range(int(match["line"]) - 1):
        offset = doubled.text.index("\n", offset) + 1
    offset += int(match["column"]) - 1
    line, column = doubled.place(offset)
    return line, column, _sentence(_CUT if _is_cut(doubled.text, offset) else what, at_end=False)


_NO_NUMBER = re.compile(r"[-+]?(?:0[0-9]|[0-9]+\.[0-9]+\.)[0-9A-Za-z_.-]*")
_CUT = "this is neither a number nor in quotes"
_SENTENCES = (
    # a part of tomli's words, our sentence, the way out
    ("Cannot overwrite a value", "this key stands here twice", "keep one of them"),
    ("Cannot declare", "this table stands here twice", "keep one of them; several of a kind are [[double]]"),
    ("Duplicate inline table key", "this key stands in the inline table twice", "keep one of them"),
    ("Cannot mutate immutable namespace", "this table is complete already", "write all its keys in one place"),
    ("Unterminated string", "a quote is opened and never closed", "close it"),
    ('Expected "\'"', "a quote is opened and never closed", "close it"),
    ("Illegal character", "a character that TOML does not allow here", "close the quote before it, or remove it"),
    ("Unescaped '\\' in a string", "a backslash sequence that TOML does not know", "write \\\\, or use single quotes"),
    (
        "not a Unicode scalar value",
        "a \\u or \\U that stands for no character",
        "write the character itself; half of a surrogate pair (\\ud800 to \\udfff) is none",
    ),
    ("Expected '=' after a key", "a key without its =", "write key = value"),
    ("Expected newline or end of document", "something stands behind the value", "begin it on a line of its own"),
    ("Unclosed array", "a [ is not closed", "write `, ` between the values and ] at the end"),
    ("Unclosed inline table", "a { is not closed", "write `, ` between the pairs and } at the end"),
    ("Expected ']", "a table's name is not closed", "write [table] or [[table]]"),
    ("Invalid value", "this is no value", "put a text in quotes"),
    ("Invalid initial character for a key", "a key cannot begin with this character", "put the key in quotes"),
    (_CUT, _CUT, "put it in quotes: it is a text"),
    ("Invalid statement", "this is neither a table nor key = value", "write key = value"),
)


def _is_cut(text: str, at: int) -> bool:
    """Whether a number ends at `at` alone because it goes on as none does: 0123, 1.2.3."""
    start = at
    while start and text[start - 1] not in " \t\n=[,":
        start -= 1
    cut = _NO_NUMBER.match(text, start)
    return cut is not None and start < at < cut.end()


def _sentence(what: str, *, at_end: bool) -> str:
    message = next((ours for theirs, ours, _ in _SENTENCES if theirs in what), "this is not TOML")
    return message + " before the end of the file" if at_end else message


def _way_out(message: str) -> str:
    return next(
        (help_text for _, ours, help_text in _SENTENCES if message.startswith(ours)),
        "compare it with the lines around it",
    )
