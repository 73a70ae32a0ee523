r"""Text for Markdown, in which nothing that is live can act: no link, mention, image, HTML, emphasis or formula.

Whatever is not a plain word goes into a code span or a fenced block: there GitHub, GitLab and Gitea look for no
mention, no issue and no address. Escapes and entities would not do: mentions are looked for in the text that these
become. All goes through `safe` first, so that every text is one line in which nothing reorders or hides.
"""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

from komodo_sync.report.layout import safe

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_ITEM = re.compile(r"""(?<!\S)[("']*`[^`]+`[)"',.;:?]*(?!\S)|\S+""")
_SPAN = re.compile(r"""(?P<lead>[("']*)`(?P<core>[^`]+)`(?P<tail>[)"',.;:?]*)""")
_WORD = re.compile(r"""(?P<lead>[("']*)(?P<core>.*?)(?P<tail>[)"',.;:?]*)""")
_PLAIN = re.compile(r"[^\W\d_]+(?:[-'][^\W\d_]+)*|\d{1,6}", re.ASCII)
_HASH = re.compile(r"[0-9a-fA-F]{7,}")
_RUNS = re.compile(r"`+")


def code(text: str) -> str:
    """`text` as a code span: its delimiters are longer than any run of backticks in it."""
    body = safe(text) or '""'
    fence = "`" * (_longest(body) + 1)
    pad = " " if body[0] in "` " or body[-1] in "` " else ""
    return f"{fence}{pad}{body}{pad}{fence}"


def words(text: str) -> str:
    """A sentence: plain words as they are, anything else (`stack/web`, `file_contents`, `@all`) as a code span.

    What stands in backticks, as a message of ours has it (`adopt_from: them`), is one span.
    """
    return " ".join(_word(item, code) for item in _ITEM.findall(text))


def html_code(text: str) -> str:
    """`text` as a code element, for the lines of HTML in a Markdown document."""
    return f"<code>{html.escape(safe(text) or chr(34) * 2)}</code>"


def html_words(text: str) -> str:
    """A sentence as `words` does it, for the lines of HTML in a Markdown document."""
    return " ".join(_word(item, html_code) for item in _ITEM.findall(text))


def fenced(lines: Sequence[str], language: str = "diff") -> str:
    """Lines as a fenced block, its fence longer than any run of backticks in it. Ends with a newline."""
    body = [safe(line) for line in lines]
    fence = "`" * max(3, max(map(_longest, body), default=0) + 1)
    return "\n".join((f"{fence}{language}", *body, fence, ""))


def byte_length(text: str) -> int:
    """How many bytes of UTF-8 it takes."""
    return len(text.encode("utf-8", "surrogatepass"))


def _word(text: str, as_code: Callable[[str], str]) -> str:
    if span := _SPAN.fullmatch(text):
        return f"{span['lead']}{as_code(span['core'])}{span['tail']}"
    found = _WORD.fullmatch(text)
    if found is None or not found["core"]:
        return as_code(text)
    core = found["core"]
    plain = _PLAIN.fullmatch(core) and not _HASH.fullmatch(core)
    lead, tail = found["lead"], found["tail"]
    return f"{lead}{core if plain else as_code(core)}{tail}"


def _longest(text: str) -> int:
    return max(map(len, _RUNS.findall(text)), default=0)
