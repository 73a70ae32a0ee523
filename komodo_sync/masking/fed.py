"""Secrets that a command is fed: `echo X | docker login --password-stdin`, `chpasswd <<< user:X`, a here-document,
`--password-file=<(echo X)`, `--password-command 'echo X'`, expect's `send "X\\r"`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from komodo_sync.masking.shell import OPENED, RUN, is_run
from komodo_sync.masking.structured import Place, positions
from komodo_sync.model.secrecy import is_reference, looks_secret

if TYPE_CHECKING:
    from collections.abc import Iterator

_READS = re.compile(
    r"(?<![\w-])(?:--?[\w-]*(?:pass|passwd|password|passphrase|secret|token|key|pin)-?(?:(?:from|on)-?)?stdin\b|--with-token\b"
    r"|--passphrase-fd\b|-pass(?:in|out)?[ \t]+(?:stdin|fd:))"
    r"|(?:^|[\s|(`\"'&;{=])(?:/\S*bin/)?(?:"
    r"(?:chpasswd|passwd|smbpasswd|mkpasswd|kinit|kpasswd|cryptsetup|gpg2?|su|ssh-add|restic|borg|rclone[ \t]+obscure"
    r"|age|keepassxc-cli|doveadm[ \t]+pw|pass[ \t]+insert|vault[ \t]+login|wg[ \t]+set|ldappasswd)(?=[\s\"'<|]|$)"
    r"|(?:vncpasswd|zfs[ \t]+(?:(?:load|change)-key|create(?=[^|]{0,300}[ \t=]keyformat=)))(?=[\s\"'<|]|$)"
    r"|sudo[ \t]+(?:-\S+[ \t]+)*(?:-[A-Za-z]*S|--stdin)\b"
    r"|htpasswd[ \t]+(?:-\w+[ \t]+)*-\w*i"
    r"|openssl[ \t]+passwd[ \t]+(?:\S+[ \t]+)*-stdin\b"
    r"|(?:docker|podman|nerdctl)[ \t]+secret[ \t]+create\b|gh[ \t]+secret[ \t]+set\b"
    r")"
)
"""What reads a secret from what it is fed."""
_WORTH = re.compile(r"<<|<\(|\||\b(?:echo|printf)\b[^\n]*>|(?i:pass\w*[-_]?(?:command|cmd|eval))|\bsend\b")

_QUOTED = r"\\++\"(?:[^\"\\\n]|\\++[^\"\\\n])*+\\++\"|\"(?:[^\"\\\n]|\\.)*+\"|'[^'\n]*+'"
_ECHO = r"(?<![\w./-])(?:echo|printf|yes)(?:[ \t]+-[neE]+)*[ \t]+(?:--[ \t]+)?"
_SAID = rf"(?P<said>(?:{RUN}|{_QUOTED}|\\[^\n]|[^;&|()`\"'<>\\\n]{{1,4000}}+){{0,50}}+)"
_PIPED = re.compile(
    rf"{_ECHO}{_SAID}(?=(?:[^|()\n]{{0,300}};?[ \t]*[)}}])?[ \t]*[\"']?[ \t]*\|(?!\|)(?P<to>[^;&\n]{{0,300}}))"
)
_STRING = re.compile(rf"<<<[ \t]*(?P<said>\$?(?:{_QUOTED})|(?:\$\([^()\n]*\)|[^\s;&|()\"'<>]|{OPENED})+)")
_DOCUMENT = re.compile(r"(?<!<)<<-?[ \t]*[\"'\\]?(?P<end>\w+)[\"']?(?P<rest>[^\n]*)\n")
_WRITES = re.compile(r"(?:(?<![<>&])>>?|\btee(?:[ \t]+-a)*(?=[ \t]))[ \t]*\\*[\"']?(?P<path>[^\s\"'<>;&|()\\]+)")
_WRITTEN = re.compile(rf"{_ECHO}{_SAID}(?={_WRITES.pattern})")
_FOLDERS = frozenset(("secrets", ".secrets"))
_OTHERS = re.compile(
    r"passwd(?:\.\w+)?|\S*\.(?:conf|cnf|cfg|ini|ya?ml|json|toml|list|sh|log|sql|php|[jt]s|py|service|timer|md)",
    re.IGNORECASE,
)
"""Files that hold no secret alone, whatever their name is."""
_ASKS = re.compile(r"\bread[ \t]+(?:-\S+[ \t]+)*(?P<name>[A-Za-z_]\w*)[ \t]*$")
_FROM = re.compile(rf"(?P<name>[\w-]+)[\"']?[= \t]*(?:<[ \t]+)?<\([ \t]*{_ECHO}{_SAID}")
_ASKED = re.compile(
    rf"(?i:pass(?:word|wd|phrase)?[-_]?(?:command|cmd|eval))[\"']?(?:[ \t]*[=:,][ \t]*|[ \t]+)\\*[\"']?{_ECHO}{_SAID}"
)
_SENT = re.compile(
    r"\bsend(?:_slow)?[ \t]+(?:-\w+[ \t]+|--[ \t]+)*\\*\""
    r"(?P<said>(?![$\[])(?:[^\"\\\n]|\\[^nr\"\n]){1,300}?)(?=\\+[nr]\\*\")"
)
_ANSWER = re.compile(r"y|yes|n|no|q|quit|exit|logout")
_NAME = re.compile(r"pass|assw|secret|token|key|cred|pin\b", re.IGNORECASE)
_GOES_ON = re.compile(r"[^;&\n]{0,300}")
_BEFORE = re.compile(r"[;&|()\n]")
_LINE = re.compile(r"[ \t]*(?P<said>[^\n]*)\n?")
_USER = re.compile(r"[\w.$-]+:")
_PIECE = re.compile(rf"{RUN}|{_QUOTED}|[^\s\"']+")
_QUOTE = re.compile(r"\$?\\*[\"']")
_SPLIT = re.compile(r"(?:\\+[nr])+")
_FORMAT = re.compile(r"(?:[^%]{0,20}%[sbq])+(?:\\+[nr])*")
_FAR = 300


def fed_places(text: str) -> list[Place]:
    """Where a secret stands that something is fed."""
    if not _WORTH.search(text):
        return []
    # a command goes on behind a backslash, and behind or in front of a pipe, also where YAML folds its lines
    flat = re.sub(r"\\\n|(?<=[^:>\-|\s][ \t]\|)\n|\n(?=[ \t]*\|[ \t]+\w)", lambda found: " " * len(found[0]), text)
    spans = sorted({span for span in _spans(flat) if span[0] < span[1]})
    position = positions(text)
    return [Place(*position(start), *position(end), False, text[start:end]) for start, end in spans]


def _spans(text: str) -> Iterator[tuple[int, int]]:
    for found in _PIPED.finditer(text):
        if reads := _reads(found["to"]):
            yield from _pieces(text, *found.span("said"), login="chpasswd" in reads[0])
    for found in _WRITTEN.finditer(text):
        if _is_secret_file(found["path"]):
            yield from _pieces(text, *found.span("said"))
    for found in _STRING.finditer(text):
        rest = _GOES_ON.match(text, found.end())
        before = _command_before(text, found.start())
        if reads := _reads(before) or (rest and _reads(rest[0])):
            yield from _pieces(text, *found.span("said"), login="chpasswd" in reads[0])
    for found in _FROM.finditer(text):
        if _NAME.search(found["name"]) or _READS.search(_command_before(text, found.end("name"))):
            yield from _pieces(text, *found.span("said"))
    for found in _ASKED.finditer(text):
        yield from _pieces(text, *found.span("said"))
    for found in _SENT.finditer(text):
        if _is_secret_answer(text[max(0, found.start() - _FAR) : found.start()], found["said"]):
            yield found.span("said")
    at = 0
    while document := _DOCUMENT.search(text, at):
        at = document.end()
        if _reads(_command_before(text, document.start())) or _reads(document["rest"]):
            for line in _LINE.finditer(text, at):
                at = line.end()
                if line[0].strip() == document["end"]:
                    break
                if not is_reference(line["said"]):
                    yield line.span("said")


def _reads(command: str) -> re.Match[str] | None:
    """What of a command takes what it is fed for a secret, or writes it where secrets lie."""
    if found := _READS.search(command):
        return found
    asks, writes = _ASKS.search(command), _WRITES.search(command)
    if asks and looks_secret(asks["name"]):
        return asks
    return writes if writes and _is_secret_file(writes["path"]) else None


def _is_secret_file(path: str) -> bool:
    *folders, name = path.split("/")
    return not _FOLDERS.isdisjoint(folders) or (looks_secret(name) and not _OTHERS.fullmatch(name))


def _is_secret_answer(before: str, said: str) -> bool:
    """Whether `said` answers what asks for a secret; where nothing is known to be asked, whether it may be one."""
    _, expects, asked = before.rpartition("expect")
    return bool(_NAME.search(asked)) if expects else not _ANSWER.fullmatch(said) and " " not in said


def _command_before(text: str, end: int) -> str:
    return _BEFORE.split(text[max(0, end - _FAR) : end])[-1]


def _pieces(text: str, start: int, end: int, *, login: bool = False) -> Iterator[tuple[int, int]]:
    """Each word of what is said that may be a secret, without its quotes; of a login what follows the user."""
    last = -1
    for number, found in enumerate(_PIECE.finditer(text, start, end)):
        word = found[0]
        opening = _QUOTE.match(word)
        inner = word[opening.end() : -len(opening[0].lstrip("$"))] if opening else word
        if is_run(word) or (number == 0 and _FORMAT.fullmatch(inner)):
            last = -1
            continue
        first = found.start() + (opening.end() if opening else 0)
        at = 0
        for split in [*_SPLIT.finditer(inner), None]:
            end = split.start() if split else len(inner)
            user = _USER.match(inner, at) if login and found.start() != last else None
            at = user.end() if user else at
            if not is_reference(inner[at:end]):
                yield first + at, first + end
            at = split.end() if split else at
        last = found.end()
