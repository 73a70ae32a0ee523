"""Commands without the passwords that they take where no name promises one (`komodo_sync.masking.takers`), word by
word: in lines, and in lists."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from komodo_sync.masking.shell import HIDDEN_LINE, INSIDE, OPENED, OPTION, QUOTED, RUN, SIGNED, is_run
from komodo_sync.masking.takers import AS_SOMEBODY, GROUP, LEADING, LOGIN, NAMING, OPTIONS, WORDS, Option
from komodo_sync.model.data import Data
from komodo_sync.model.sealed import HIDDEN
from komodo_sync.model.secrecy import is_reference, looks_secret

if TYPE_CHECKING:
    from komodo_sync.masking.takers import Words

_WORD = re.compile(
    rf"(?P<signed>(?<=[\s\[(=,]){SIGNED})|(?P<end>[;|&()`]+)|[^\s;|&()`\"']+",
)
_HIDDEN_END = rf"(?<={re.escape(HIDDEN[:-1])})\)"  # of what is hidden already
_VALUE = re.compile(
    rf"{RUN}|{QUOTED}|(?:[^\s\"';&|\\]|\\(?![\"'])|{OPENED}|{INSIDE})*"
    rf"(?:[^\s\"';&|\],)\\]|{_HIDDEN_END}|(?<=[^\s\"'][\"']))"
)
_REST = {'"': re.compile(r"(?:[^\"\\]|\\.)+"), "'": re.compile("[^']+")}
_ESCAPED_REST = re.compile(r"[^\"'\\]+")
_FIRST = re.compile(r"(?:[^\s\"'\\]|\\.)+")
_LEAD = re.compile(r"\\?[\"']?,?[ \t]*")
_ESCAPED = re.compile(r"\\+\"")
_FLAG = re.compile(rf"--?{OPTION}")
_TOOL = re.compile(rf"(?<![\w-])(?:{'|'.join(sorted({re.escape(each.split()[0]) for each in (*OPTIONS, *WORDS)}))})\b")
_MEMBER = re.compile(rf"(?P<user>[A-Za-z_][\w.@-]*):(?:(?P=user)|{GROUP}|/.*)|(?![A-Za-z_][\w.@-]*:).*", re.DOTALL)
"""A user with a group, or what is no user with a password for another reason."""
_FLAGS = r"--?(?:[A-Za-z\d]|[A-Za-z]{2,5}|[A-Za-z][a-z\d]*(?:[-.][a-z\d]+)*)?(?:[=:][^\s\"']*)?(?![^\s\"'\],])"
_QUOTE = re.compile(r"\\*[\"']")
_FLAG_NEXT = re.compile(rf"{_FLAGS}|(?P<quote>\\*[\"']){_FLAGS}(?=(?P=quote))")
_IS_FLAG = re.compile(_FLAGS)
"""What an option looks like, rather than a password that begins with a hyphen."""
_BY_NAME = Option(re.compile("(?!)"))
_STOPS = ("#", "<", ">")
"""How a word begins behind which a command takes none: a comment, a file that is read or written."""

_ITEM = re.compile(r"[ \t]*(?:-[ \t]+[\"']?[^\s\"']+[\"']?|[\"'][^\s\"']+[\"'],?)[ \t]*")
_TEXT_ITEM = re.compile(r"[ \t]*(?:-[ \t]+)?(?![\"'][A-Za-z_][\w.-]*=)(?:\"(?:[^\"\\]|\\.)*\"|'[^']*'),?[ \t]*")
"""The same of one with blanks in it."""
_FOLDED = re.compile(r"[ \t]+--?[A-Za-z]")
"""An option at the beginning of a line, which YAML folds into the one before; an item of a list has a blank there."""
_OPENS = re.compile(r"[ \t]*(?:(?:-[ \t]+)+|(?:-[ \t]+)*[\"']?[\w.-]+[\"']?[ \t]*:[ \t]+)(?![|\s])")
"""What YAML folds what stands right of it on the next lines into; a block of lines as they are is none."""
_KEYS = re.compile(r"[ \t]*(?:-[ \t]|[\"']?[\w.-]+[\"']?[ \t]*:(?:[ \t]|$)|$)")
_START = re.compile(rf"[ \t]*(?:-[ \t]+)?(?=[\"']?(?!{_FLAGS})\S)")


def secret_flag(word: str) -> str:
    """What an option such as `--token` is called whose value is the next word, and secret; empty for any other word."""
    found = _FLAG.fullmatch(word)
    return found["key"] if found and looks_secret(found["key"]) else ""


class Commands(Data):
    """Reads lines one after the other: a command goes on behind a backslash at the end of its line, where YAML folds
    lines into one, and from one item of a list to the next.

    option  of the command that is being read
    words   of the command that is being read, how many of them stand still in front of a password (`left`), and how
            many are one (`secret`)
    tool    what may become a command that is only known by more than one word
    due     how the next word is the password
    other   what is read takes by `--user` who is to run something
    fold    the column of what goes on in lines right of it
    """

    option: Option | None = None
    words: Words | None = None
    left: int = 0
    secret: int = 0
    tool: str = ""
    due: Option | None = None
    other: bool = False
    fold: int = -1
    _before: str = ""
    _last: str = ""
    _listed: bool = False

    @property
    def waits(self) -> bool:
        """Whether the next word may be a password, whatever it looks like."""
        return self.due is not None or self.words is not None

    def read(self, line: str) -> str:
        """`line` without the passwords."""
        if not self._goes_on(line):
            self._end()
            if "-" not in line and not _TOOL.search(line):
                return line
        parts: list[str] = []
        at = position = 0
        due, self.due = self.due, None
        if due and (start := _START.match(line)):
            position, at = self._hide(line, start.end(), parts, 0, due)
            self._last = ""
        while found := _WORD.search(line, position):
            if found["signed"]:
                opening = _QUOTE.match(found[0]).end()  # type: ignore[union-attr]  # it begins so
                counts = self._counts(found[0][opening:-opening], quoted=True)
                position = found.end() if counts is False else found.start() + opening
                if counts:
                    position, at = self._hide(line, found.start(), parts, at)
                continue
            position, bare = found.end(), found[0].strip("[]{},:").rstrip("\\")
            if found["end"]:
                self._end()
                continue
            if bare in ("", "-"):
                continue
            counts = self._counts(bare)
            if counts:
                position, at = self._hide(line, _quoted(line, found.start() + found[0].index(bare)), parts, at)
            if counts is not None:
                continue
            start_of = self._option_value(line, found)
            if start_of >= 0:
                position, at = self._hide(line, start_of, parts, at, self._taker(), found.start())
            elif self._last not in NAMING:
                self._begin(found[0])
            self._last = bare
        if secret_flag(self._last) and not _ITEM.fullmatch(line):
            self.due = _BY_NAME
        return "".join(parts) + line[at:]

    def argument(self, word: str) -> str:
        """The next one of a command that is a list, without the password."""
        option, due, self.due = self.option, self.due, None
        if due is None and (counts := self._counts(word, quoted=True)) is not None:
            return HIDDEN if counts and not is_reference(word) else word
        if option is None or (due and _IS_FLAG.fullmatch(word)) or not (due or option.word.match(word)):
            if self._last not in NAMING:
                self._begin(word)
            self._last = word
            return word
        taken = option.word.match(word)
        end = 0 if due or taken is None else taken.end()
        if not due and end == len(word):
            self.due = option if option.apart else None
            return word
        if not due and not option.attached:
            return word
        if option.login:
            end = word.find(option.login, end) + 1 or len(word)
        elif not option.again:
            self.option = None
        return word if end == len(word) or is_reference(word[end:]) else word[:end] + HIDDEN

    def _goes_on(self, line: str) -> bool:
        before, self._before = self._before, line
        indent = len(line) - len(line.lstrip(" \t"))
        folds = self.fold >= 0 and indent > self.fold and not _KEYS.match(line)
        if not folds:
            self.fold = indent if _OPENS.match(line) else -1
        return (
            folds
            or before.endswith("\\")
            or self._is_next_item(before, line)
            or (self.option is not None and _FOLDED.match(line) is not None)
        )

    def _is_next_item(self, before: str, line: str) -> bool:
        if self._listed or _ITEM.fullmatch(before):
            self._listed = bool(_ITEM.fullmatch(line) or _TEXT_ITEM.fullmatch(line))
        return self._listed

    def _end(self) -> None:
        self.option = self.words = self.due = None
        self.tool = self._last = ""
        self.other = False

    def _begin(self, word: str) -> None:
        name = word.strip("[]{},").rpartition("=")[2].rpartition("/")[2]
        path = f"{self.tool} {name}" if self.tool else name
        if path not in WORDS and self.tool:
            path = f"{self.tool} {name.partition('.')[0]}"
        self.other = self.other or name in AS_SOMEBODY
        self.option = OPTIONS.get(path) or OPTIONS.get(name) or self.option
        if words := WORDS.get(path):
            self.words, self.left, self.secret = words, words.skip, words.words
        self.tool = path if path in LEADING else name if name in LEADING else self.tool

    def _counts(self, word: str, *, quoted: bool = False) -> bool | None:
        """Whether `word` is a password that its command takes as a word; None where it is none of such words. `quoted`:
        what it begins with is no sign of the shell."""
        words, last = self.words, self._last
        if words is None:
            return None
        if (word.startswith(_STOPS) and not quoted) or words.ends.match(word):
            self.words = None
            return None
        flag = _IS_FLAG.fullmatch(word)
        if words.named:
            return True if not flag and last[:1] != "-" and looks_secret(last) else None
        if flag or (word.startswith("-") and self.left) or words.passes.match(word) or last in words.valued:
            return None
        self._last = word
        if word.startswith("-"):
            return True  # or another option: the next one may be the password
        if self.left:
            self.left -= 1
            return False
        self.secret -= 1
        self.words = words if self.secret else None
        return True

    def _taker(self) -> Option | None:
        return self.option or (None if self.other else LOGIN)

    def _option_value(self, line: str, found: re.Match[str]) -> int:
        """Where the password of an option may begin, -1 where the word is no such option."""
        option = self._taker()
        taken = option.word.match(found[0]) if option else None
        if not taken or not option:
            return -1
        end = found.start() + taken.end()
        quote = line[found.start() - 1 : found.start()]
        if option.attached and quote not in ("'", '"') and _ESCAPED.match(line, end):
            return end
        quotes = quote in ("'", '"')
        if not line[end : end + 1].strip("\\ \t" if quotes else "]\\, \t") or (quotes and line[end] == quote):
            if not option.apart:
                return -1
            lead, end = end, _LEAD.match(line, end).end()  # type: ignore[union-attr]  # it matches nothing as well
            self.due = option if end >= len(line.rstrip(" \t\\")) else None
            alone = not quotes and line[lead:end].isspace() and _QUOTE.match(line, end)
            return -1 if self.due or (not alone and _FLAG_NEXT.match(line, end)) else end
        return end if option.attached or line[end] in "\"'" else -1

    def _hide(
        self, line: str, start: int, parts: list[str], at: int, option: Option | None = None, word: int = 0
    ) -> tuple[int, int]:
        """Adds what is to be shown up to the end of the password that begins at `start`; where reading goes on, which
        is never before `start`, and where the rest begins. `word`: where the one of the option begins."""
        found = HIDDEN_LINE.match(line, start) or _in_quotes(line, word, start) or _VALUE.match(line, start)
        if not found:
            return start, at
        value = found[0]
        if option and option.groups and _MEMBER.fullmatch(value.strip("=\"'\\")):
            value = ""
        elif option and option.login:
            value = value.partition(option.login)[2]
        elif option and not option.again:
            self.option = None  # what follows belongs to another command: sshpass -p X ssh -p 22
        if not value.strip("\"'\\") or is_reference(value.strip("\"'\\")) or is_run(value):
            parts.append(line[at : found.end()])
        else:
            parts += [line[at : found.end() - len(value)], HIDDEN]
        return found.end(), found.end()


def _in_quotes(line: str, word: int, start: int) -> re.Match[str] | None:
    """The rest, from `start`, of a word in quotes that begins at `word`: no shell reads the signs in it."""
    quote = line[word - 1 : word] if word else ""
    if quote not in _REST or line[word:start].strip("-") == "" or any(each in line[word:start] for each in " \t\"'"):
        return None
    escaped = line[word - 2 : word - 1] == "\\"
    # behind a key they may hold more than a word
    key = line[max(0, word - 9) : word - 1].rstrip(" \t\\").endswith((":", "="))
    return (_ESCAPED_REST if escaped else _FIRST if key else _REST[quote]).match(line, start)


def _quoted(line: str, start: int) -> int:
    """Where the quote of a word begins that begins at `start`."""
    begin = start - (line[start - 1 : start] in ("'", '"'))
    return begin - (begin < start and line[begin - 1 : begin] == "\\")
