"""Where the value of an assignment ends that a shell reads: `TOKEN=$(cat /run/t) && ./notify.sh` goes on behind it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from komodo_sync.kinds.shapes import PairsShape, TextShape
from komodo_sync.masking.shell_words import ShellItems
from komodo_sync.model.data import Data, field
from komodo_sync.model.sealed import HIDDEN

if TYPE_CHECKING:
    from komodo_sync.kinds.struct import Field

Reading = Literal["text", "script", "code", "pairs", "mounts"]
"""Who reads the lines of a text: a shell all of them, or what reads a TypeScript; nobody any (each is `KEY=value` to
its end, or a mount); or that is to be told line by line."""

_INNER = r"(?:[^()]|\((?:[^()]|\([^()]*+\))*+\))*+"
RUN = rf"\$\({_INNER}\)|`[^`]*+`"
"""What a command prints, in place of a value."""
QUOTED = r"\\++\"(?:[^\"\\]|\\++[^\"\\])*+\\++\"|\"(?:[^\"\\]|\\.)*+\"|'[^']*+'"
"""A text in quotes, also in a text that is in quotes itself."""
INSIDE = r"(?<=\w)[\"'](?=\w)"
"""A quote that neither opens nor closes a text."""
OPTION = r"(?P<key>[A-Za-z][\w-]*(?:\.[\w-]+)*)"
"""The name of an option, of one or of several parts: `--redis.password`."""
SIGNED = (
    r"(?:\"(?=[^\w\s\"\\]+\w)(?:[^\"\\\n]|\\.)*+(?<!\s)\"(?!\")|'(?=[^\w\s'\\]+\w)[^'\n]*+(?<!\s)'(?!')"
    r"|\\+\"(?=[^\w\s\"\\]+\w)[^\"\\\n]*+(?<!\s)\\+\")(?=[\s\\,;)\]}|&\"'`]|$)"
)
"""A text in quotes that begins with a sign; where it only seems so, as the quote closes another text, a word follows
what would close it, or a blank stands in front of that."""
OPENED = rf"(?<=[^\s\"'\\])(?:(?=\\*[\"'][^\s\"',;&|)\]}}])(?:{QUOTED})|{SIGNED})"
"""A text in quotes that is a part of a word; behind a quote that closes no word goes on."""
HIDDEN_LINE = re.compile(rf"{re.escape(HIDDEN)}(?=[)}}\],;]*\\+n)")
"""What is hidden already, at the end of a line of a text that stands in one."""
_DOUBLE = rf"\"(?:{RUN}|[^\"\\]|\\.)*+\""
_WORD = re.compile(
    rf"(?:{RUN}|\$?{_DOUBLE}|\$?'[^']*+'|\$\{{[^{{}}]*+\}}|\[\[[^\[\]]*+\]\]|\\.|(?!\$[({{])[^\s;&|\"'`\\])*+"
)
_END = re.compile(r"[\s;&|]|$")
_ONLY_RUN = re.compile(rf"(?P<quote>[\"']?)(?P<run>{RUN})(?P=quote)")
_SAYS = re.compile(r"<<|\b(?:echo|printf)\b")
"""What makes a text of words that stand there, of which one may be the secret."""
_GOES_ON = re.compile(r"[ \t]+(?:&&|\|\|?|;|&)(?:[ \t]|$)|;[ \t]+\S|[ \t]*(?:&&|\|\|)[ \t]+\S")
_GOES_ON_ANYWHERE = re.compile(r"[ \t]+(?:&&|\|\|)[ \t]+\S")

_SCRIPT = re.compile(
    r"(?P<lead>[ \t]*(?:-[ \t]+)*)(?:[\w-]+\.)*(?:(?P<words>command|entrypoint)|script|before_script|after_script|run)"
    r"(?:[ \t]*:[ \t]*(?P<value>[|>][0-9+-]*)?|[ \t]*=[ \t]*(?P<quotes>\"{3}|'{3}))[ \t]*"
)
_QUOTED_WORD = re.compile(r"(?:\"[^\"\\$`]*+\"|'[^']*+')(?=;[ \t]|[ \t]+[A-Za-z_]\w*=)")
"""A value in quotes behind which a shell goes on."""
_SHEBANG = re.compile(r"(?P<lead>[ \t]*)#![ \t]*/\S*(?:[/ \t]env[ \t]+)?\S*sh\b")
_QUOTES = ('"""', "'''")
_MAPPING = re.compile(r"[ \t]*(?:-[ \t]+)*[\"']?[\w.-]+[\"']?[ \t]*:(?:[ \t]|$)")
_WORD_ITEM = re.compile(r"[ \t]*-[ \t]+[^|>\s]")
_WRITES = re.compile(r"(?<!<)<<-?[ \t]*[\"'\\]?(?P<end>\w+)")


def reading_of(field: Field) -> Reading:
    """Who reads the lines of a field's text."""
    match field.shape:
        case TextShape(script=True):
            return "script"
        case TextShape(code=True):
            return "code"
        case PairsShape(mounts=mounts):
            return "mounts" if mounts else "pairs"
        case _:
            return "text"


def is_run(value: str) -> bool:
    """Whether `value` is what a command prints: `$(cat /run/key)`. Not where its own words may be what it prints."""
    found = _ONLY_RUN.fullmatch(value)
    return found is not None and not _SAYS.search(found["run"])


class Readings(Data):
    """Who reads the next line, by those before: a script may write an env file, and a compose file hold a script.

    given  who reads the text
    ends   what ends the text that a script writes, or the script in a TOML
    deep   the column of the key of a script: lines right of it belong to it
    whole  all such lines do (a block scalar); otherwise the items of a list
    words  each of them is a word of a command, and no line of a script
    items  which of the words a shell reads
    """

    given: Reading
    ends: str = ""
    deep: int = -1
    whole: bool = False
    words: bool = False
    items: ShellItems = field(default_factory=ShellItems)

    def of(self, line: str) -> Reading:
        """Who reads `line`."""
        if self.given in ("code", "pairs", "mounts"):
            return self.given
        if self.ends and self.ends not in _QUOTES:
            self.ends = "" if line.strip() == self.ends else self.ends
            return "text"
        if self.given == "text" and not self._is_script(line):
            return "text"
        if found := _WRITES.search(line):
            self.ends = found["end"]
        return "script"

    def _is_script(self, line: str) -> bool:
        if self.ends:
            self.ends = "" if self.ends in line else self.ends
            return True
        bare = line.lstrip(" \t")
        indent = len(line) - len(bare)
        item = self.items.of(line)
        if self.deep >= 0 and bare:
            below = indent > self.deep or (indent == self.deep and not self.whole and bare.startswith("- "))
            self.deep = self.deep if below and (self.whole or not _MAPPING.match(line)) else -1
        if item and not (self.deep >= 0 and self.whole):
            if item == "plain":
                self.deep, self.whole, self.words = indent, True, False
            return item != "open"
        if self.deep >= 0:
            return self.whole or not self.words or not _WORD_ITEM.match(line)
        if found := _SHEBANG.match(line):
            self.deep, self.whole, self.words = len(found["lead"]) - 1, True, False
            self.given = "text" if found["lead"] else "script"
            return True
        if found := _SCRIPT.fullmatch(line):
            self.ends = found["quotes"] or ""
            self.deep, self.whole = -1 if self.ends else len(found["lead"]), bool(found["value"])
            self.words = bool(found["words"])
        return False


def hidden_value(value: str, told: str) -> str:
    """What is `told` of a secret value; what a command prints is told as such, so that it ends where it ended when it
    is read again."""
    return f"${HIDDEN}" if _ONLY_RUN.fullmatch(value) else told


def value_end(line: str, lead: str, start: int, reading: Reading) -> int:
    """Where the value ends that begins at `start`: for a shell where the word does, elsewhere at the end of the line,
    because a value may have blanks in it. `lead` stands in front of the name.

    Of a line in a text that may be no script, a shell reads what only a shell understands.
    """
    if reading in ("pairs", "mounts"):
        return len(line)
    if reading == "script" and line.startswith(HIDDEN, start):
        return start + len(HIDDEN)
    if quoted := _QUOTED_WORD.match(line, start):
        return quoted.end()
    found = _WORD.match(line, start)
    end = found.end() if found else start
    if not _END.match(line, end):
        return len(line)  # a quote is still open
    runs = _ONLY_RUN.fullmatch(line, start, end) is not None
    sign = _GOES_ON if "export" in lead else _GOES_ON_ANYWHERE
    return end if reading == "script" or runs or sign.match(line, end) else len(line)
