"""Passwords that commands take by options whose names promise none: `mysql -pX`, `curl -u me:X`, `redis-cli -a X`."""

from __future__ import annotations

import re

from komodo_sync.model.data import Data
from komodo_sync.model.sealed import HIDDEN
from komodo_sync.model.secrecy import is_reference


class _Option(Data, frozen=True):
    """How a command takes its password. `attached`: in the word of the option; `apart`: as the next word; `login`: as
    what follows this in the value, the colon of `user:password`."""

    word: re.Pattern[str]
    attached: bool = True
    apart: bool = True
    login: str = ""


_P, _CAPITAL_P = re.compile(r"-p(?!-)"), re.compile(r"-P")
_ATTACHED = _Option(_P, apart=False)  # `mysql -p db` asks for the password
_REDIS = _Option(re.compile(r"-a"), attached=False)
_CURL = _Option(re.compile(r"--(?:proxy-)?user(?![\w-])|-[fgikLnNsSv]*[uU]"), login=":")
_SMB = _Option(re.compile(r"-U|--user(?![\w-])"), login="%")
_LFTP = _Option(re.compile(r"-u|--user(?![\w-])"), login=",")
_OPENSSL = _Option(re.compile(r"-[kK](?!\w)"), attached=False)
_LDAP = _Option(re.compile(r"-w"))

_OPTIONS: dict[str, _Option] = {
    **dict.fromkeys(
        ("mysql", "mysqldump", "mysqladmin", "mysqlimport", "mysqlcheck", "mysqlshow", "mysqlsh"), _ATTACHED
    ),
    **dict.fromkeys(("mariadb", "mariadb-dump", "mariadb-admin", "mariadb-import", "mariadb-check"), _ATTACHED),
    **dict.fromkeys(
        (f"{tool} login" for tool in ("docker", "podman", "nerdctl", "buildah", "skopeo", "helm", "az")), _Option(_P)
    ),
    **dict.fromkeys(("mongo", "mongosh", "mongodump", "mongorestore", "mongoexport", "mongoimport"), _Option(_P)),
    **dict.fromkeys(("redis-cli", "redis-benchmark", "valkey-cli", "keydb-cli"), _REDIS),
    **dict.fromkeys(("ldapsearch", "ldapadd", "ldapmodify", "ldapdelete", "ldappasswd", "ldapwhoami"), _LDAP),
    **dict.fromkeys(("sqlcmd", "mosquitto_pub", "mosquitto_sub"), _Option(_CAPITAL_P)),
    **dict.fromkeys(("zip", "unzip", "zipcloak"), _Option(_CAPITAL_P)),
    **dict.fromkeys(("7z", "7za", "7zz"), _ATTACHED),
    **dict.fromkeys(("sshpass", "cqlsh"), _Option(_P)),
    **dict.fromkeys(("curl", "wget", "etcdctl"), _CURL),
    **dict.fromkeys(("smbclient", "rpcclient", "smbget"), _SMB),
    "lftp": _LFTP,
    "openssl": _OPENSSL,
}
_TOOLS = frozenset(name.partition(" ")[0] for name in _OPTIONS if " " in name)
_NAMING = frozenset(("--name", "--hostname", "--network", "--host", "-h", "--link"))
"""Options whose value is a name, which may be that of a command."""

_WORD = re.compile(r"(?P<end>[;|&()`]+)|[^\s;|&()`\"']+")
_QUOTED = r"\\\"(?:[^\"\\]|\\[^\"])*\\\"|\"(?:[^\"\\]|\\.)*\"|'[^']*'"
BY_PLACE = re.compile(
    r"(?<![\w-])(?P<head>"
    r"(?:rabbitmqctl[ \t]+(?:[^\s;&|]+[ \t]+){0,4}?(?:add_user|change_password|authenticate_user)[ \t]+\S+"
    r"|mc(?:li)?[ \t]+alias[ \t]+set[ \t]+(?:--\S+[ \t]+)*\S+[ \t]+\S+[ \t]+\S+)[ \t]+"
    r"|-pass(?:in|out)?[ \t]+pass:)"
    rf"(?P<value>{_QUOTED}|[^\s\"';&|]+)"
)
"""Passwords that commands take as their last word, and openssl's `-passin pass:X`: what leads to one, and its value."""
_HIDDEN_END = rf"(?<={re.escape(HIDDEN[:-1])})\)"  # of what is hidden already
_VALUE = re.compile(rf"{_QUOTED}|[^\s\"';&|]*(?:[^\s\"';&|\],)\\]|{_HIDDEN_END})")
_LEAD = re.compile(r"\\?[\"']?,?[ \t]*")
_ITEM = re.compile(r"[ \t]*(?:-[ \t]+[\"']?[^\s\"']+[\"']?|[\"'][^\s\"']+[\"'],?)[ \t]*")
_FOLDED = re.compile(r"[ \t]+--?[A-Za-z]")
"""An option at the beginning of a line, which YAML folds into the one before; an item of a list has a blank there."""


class Commands(Data):
    """Reads lines one after the other: a command goes on behind a backslash at the end of its line, with an option at
    the beginning of the next, and from one item of a list to the next.

    option  of the command that is being read
    tool    the last word, where a command is only known by two
    due     the password is the next word
    """

    option: _Option | None = None
    tool: str = ""
    due: bool = False
    _before: str = ""

    def read(self, line: str) -> str:
        """`line` without the passwords."""
        goes_on = self._before.endswith("\\") or bool(_ITEM.fullmatch(self._before) and _ITEM.fullmatch(line))
        goes_on = goes_on or (self.option is not None and _FOLDED.match(line) is not None)
        self._before = line
        if not goes_on:
            self.option, self.tool, self.due = None, "", False
            if "-" not in line and not _ITEM.fullmatch(line):
                for word in _WORD.finditer(line):
                    self._begin(word[0])
                return line
        parts: list[str] = []
        at = position = 0
        if self.due:
            position = len(line) - len(line.lstrip(" \t-\"'"))
            position -= position > 0 and line[position - 1] in "\"'"
            position, at = self._hide(line, position, parts, 0)
        last = ""
        while found := _WORD.search(line, position):
            position = found.end()
            if found["end"]:
                self.option, self.tool = None, ""
                continue
            start = self._password(line, found) if self.option else -1
            if start >= 0:
                position, at = self._hide(line, start, parts, at)
            elif last not in _NAMING:
                self._begin(found[0])
            last = found[0]
        return "".join(parts) + line[at:]

    def argument(self, word: str) -> str:
        """The next one of a command that is a list, without the password."""
        option, due, self.due = self.option, self.due, False
        if option is None or (due and word.startswith("-")) or not (due or option.word.match(word)):
            if self._before not in _NAMING:
                self._begin(word)
            self._before = word
            return word
        taken = option.word.match(word)
        end = 0 if due or taken is None else taken.end()
        if not due and end == len(word):
            self.due = option.apart
            return word
        if not due and not option.attached:
            return word
        if option.login:
            end = word.find(option.login, end) + 1 or len(word)
        else:
            self.option = None
        return word if end == len(word) or is_reference(word[end:]) else word[:end] + HIDDEN

    def _begin(self, word: str) -> None:
        name = word.strip("[]{},").rpartition("=")[2].rpartition("/")[2]
        self.option = _OPTIONS.get(f"{self.tool} {name}") or _OPTIONS.get(name) or self.option
        self.tool = name if name in _TOOLS else self.tool

    def _password(self, line: str, found: re.Match[str]) -> int:
        """Where the password of an option may begin, -1 where the word is no such option."""
        assert self.option is not None
        taken = self.option.word.match(found[0])
        if not taken:
            return -1
        end = found.start() + taken.end()
        quote = line[found.start() - 1 : found.start()]
        if not line[end : end + 1].strip("]\\, \t") or (quote in ("'", '"') and line[end] == quote):
            if not self.option.apart:
                return -1
            end = _LEAD.match(line, end).end()  # type: ignore[union-attr]  # it matches nothing as well
            self.due = end >= len(line.rstrip(" \t\\"))
            return -1 if self.due or re.match(r"[\"']?-", line[end : end + 2]) else end
        return end if self.option.attached or line[end] in "\"'" else -1

    def _hide(self, line: str, start: int, parts: list[str], at: int) -> tuple[int, int]:
        """Adds what is to be shown up to the end of the password that begins at `start`; where reading goes on, which
        is never before `start`, and where the rest begins."""
        option, self.due = self.option, False
        found = _VALUE.match(line, start)
        if option is None or not found:
            return start, at
        value = found[0]
        if option.login:
            value = value.partition(option.login)[2]
        else:
            self.option = None  # what follows belongs to another command: sshpass -p X ssh -p 22
        if not value.strip("\"'\\") or is_reference(value.strip("\"'\\")):
            parts.append(line[at : found.end()])
        else:
            parts += [line[at : found.end() - len(value)], HIDDEN]
        return found.end(), found.end()
