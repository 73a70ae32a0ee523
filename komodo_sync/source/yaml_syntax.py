"""What the C parser says about broken YAML, in a sentence of ours with a way out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from komodo_sync.source.codes import Code

if TYPE_CHECKING:
    from komodo_sync.source.text import Source, SourceError

# a part of the parser's words, our sentence, the way out
_SENTENCES: tuple[tuple[str, str, str], ...] = (
    ("cannot start any token", "a value cannot begin with this character", "put the value in quotes"),
    (
        "mapping values are not allowed",
        "a key with its colon cannot stand here",
        "quote a text that has `: ` in it, or mend the indentation",
    ),
    (
        "block sequence entries are not allowed",
        "a list item cannot stand here",
        "begin it on a line of its own, indented below its key",
    ),
    (
        "did not find expected key",
        "this line is neither a key nor part of the value above",
        "mend the indentation or close the bracket before it",
    ),
    (
        "did not find expected '-' indicator",
        "this line is no item of the list above",
        "mend the indentation or begin it with `- `",
    ),
    (
        "could not find expected ':'",
        "a key without its colon",
        "write `key: value`; a text over several lines needs `|` after its key",
    ),
    ("did not find expected ',' or '}'", "a { is not closed here", "write `, ` between the pairs and } at the end"),
    ("did not find expected ',' or ']'", "a [ is not closed here", "write `, ` between the items and ] at the end"),
    (
        "unknown escape character",
        "a backslash sequence that YAML does not know",
        "use single quotes, in which \\ is itself, or write \\\\",
    ),
    (
        "invalid Unicode character escape code",
        "a \\u or \\U that stands for no character",
        "write the character itself; half of a surrogate pair (\\ud800 to \\udfff) is none",
    ),
    (
        "expected hexdecimal number",
        "a \\x, \\u or \\U without its two, four or eight hexadecimal digits",
        "write them, or use single quotes, in which \\ is itself",
    ),
    ("found unexpected ':'", "a text in brackets ends with a colon", "put the text in quotes"),
    ("unexpected end of stream", "a quote is opened here and never closed", "close it"),
    ("unexpected document indicator", "a quote is opened here and never closed", "close it"),
    (
        "did not find expected <document start>",
        "this stands behind the end of the document",
        "mend the indentation, or put --- before a further document",
    ),
    ("undefined tag handle", "this tag is not declared", "the one tag is !file PATH; quote a text that begins with !"),
    (
        "did not find expected alphabetic or numeric character",
        "an anchor or alias without a name",
        "quote a text that begins with & or *",
    ),
    (
        "did not find expected comment or line break",
        "only the text's first line may follow | or >",
        "begin the text on the next line",
    ),
    ("leading white", "the first lines of a text have more spaces than the rest", "mend the indentation"),
    ("control characters are not allowed", "a control character that YAML does not allow", "remove it"),
    ("incompatible YAML document", "the %YAML version is not one that we read", "remove the %YAML line"),
)
_OPENED = ("unexpected end of stream", "unexpected document indicator")


def syntax_error(source: Source, cause: Exception) -> SourceError:
    """The parser's error as one of ours, at the place that is to be mended."""
    problem = str(getattr(cause, "problem", None) or getattr(cause, "reason", None) or cause)
    mark = getattr(cause, "problem_mark", None)
    if any(words in problem for words in _OPENED) and getattr(cause, "context_mark", None) is not None:
        mark = cause.context_mark  # type: ignore[attr-defined]
    if mark is not None:
        line, column = mark.line + 1, mark.column + 1
    else:
        line, column = _control_character(source)
    last = max((number for number, text in enumerate(source.lines, 1) if text.strip()), default=1)
    if line > last and (opened := _opened(source.text)):
        closing = {"{": "}", "[": "]"}[opened]
        text = source.lines[last - 1].rstrip()
        return source.error(
            Code.YAML_SYNTAX, f"a {opened} is never closed", last, len(text), help=f"write {closing} where it ends"
        )
    if _tab_indents(source, line, column):
        message, way_out = "a tab indents this line", "indent it by spaces: YAML takes nothing else"
    elif source.lines[line - 1 : line] and source.lines[line - 1][column - 2 : column] == "${":
        message = "within braces or brackets, a { cannot stand in a text without quotes"
        way_out = 'put the text in quotes, as in "${env:NAME}", or write it on a line of its own'
    else:
        found = (item[1:] for item in _SENTENCES if item[0] in problem)
        message, way_out = next(found, ("this is not YAML", "compare it with the lines around it"))
    return source.error(Code.YAML_SYNTAX, message, line, column, help=way_out)


def _opened(text: str) -> str:
    """The innermost bracket that is open at the end of `text`; "" where none is."""
    still: list[str] = []
    for token in _BRACKETS.finditer(text):
        if token[0] in "{[":
            still.append(token[0])
        elif token[0] in "}]" and still:
            still.pop()
    return still[-1] if still else ""


_BRACKETS = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'[^']*'|(?:^|(?<=\s))#[^\n]*|[{}\[\]]")


def _tab_indents(source: Source, line: int, column: int) -> bool:
    """The parser calls a tab in the indentation a wrong character or a wrong line."""
    text = source.lines[line - 1] if line <= len(source.lines) else ""
    return "\t" in text[: min(column, _indent(text))]


def _indent(text: str) -> int:
    return len(text) - len(text.lstrip())


_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")


def _control_character(source: Source) -> tuple[int, int]:
    for number, text in enumerate(source.lines, 1):
        if match := _CONTROL.search(text):
            return number, match.start() + 1
    return 1, 1
