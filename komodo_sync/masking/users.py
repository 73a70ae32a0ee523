"""Mappings behind a name that looks secret whose keys are users: `passwords: {bob: X}`. Of a group its own keys say
what is secret, a service called `auth` or `basic_auth: {username: bob, password: X}`; of users no key says it. Behind
`users` a value may as well be a role: what looks like a password is taken for one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from komodo_sync.masking.events import read_events
from komodo_sync.masking.groups import is_setting
from komodo_sync.masking.structured import Place, is_shown, moved, readable, scalar_places
from komodo_sync.model.data import Data, field
from komodo_sync.model.hosts import names_address
from komodo_sync.model.secrecy import is_public, looks_secret
from komodo_sync.model.words import is_address, is_weak, words_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_WORTH = re.compile(
    r"(?<![\w.-])(?P<key>[A-Za-z_][\w.-]*)[\"']?[ \t]*(?:\r?\n[ \t]*)?:[ \t]*(?:[\[{&!\#]|\r?$)", re.MULTILINE
)
"""A key of what may be a mapping, or a list of them."""
_USERS = re.compile(r"(?:passwords|passwds|tokens|api[_-]?keys|secret[_-]?keys|secrets|webhooks)$", re.IGNORECASE)
"""Groups that have users for keys, also where they are called as a key of something else is."""
_SECRETS = "secrets"
"""Of compose's own each is a mapping, whose keys are compose's."""
_GROUPS = frozenset(("deploy", "develop", "models"))
"""Keys of compose's behind which no text stands: with one they are who has a password."""
_LIKE_USERS = frozenset(("build", "email", "host", "name", "network", "service", "user", "username"))
"""Settings that could as well be the name of who has a password."""
_VALUES = frozenset(("hash", "value"))
_ACCOUNTS = re.compile(r"(?:.*[_-])?(?:users|accounts|admins|logins)", re.IGNORECASE)
_HOW = frozenset(("backend", "mechanism", "method", "mode", "provider", "scheme", "strategy", "type"))
_BY_PASSWORD = re.compile(
    r"(?:http[_-]?)?basic(?:[_-]?auth)?|digest|htpasswd|passwords?|plain|static|userpass", re.IGNORECASE
)
"""A setting of a group that says that users and their passwords stand beside it."""
MADE_UP = re.compile(
    r"(?![/.~]|\S*://|[^@\s]+@[\w.-]+$|\d{4}-\d\d-\d\d|(?:[A-Za-z]+-)+v?\d+(?:\.\d+)*$)(?=\S*\d)"
    r"(?:(?=\S*[a-z])(?=\S*[A-Z])|(?=\S*[A-Za-z])(?=\S*[!#$%^&*?+=~]))\S{8,}"
)
"""How a password looks, and no role or group."""
_CONFIGS, _CONTENT, _IN_CONFIG = "configs", "content", 3
_TABLES = re.compile(r"(?:\s*(?:[#;][^\n]*)?\n)*[ \t]*(?:\[{1,2}[\w.\"' -]+\]{1,2}|\$_+)[ \t]*\n")
"""How a text begins that has tables: a TOML, an INI; `[[name]]` is read as a variable."""
_DEEPEST = 64
_HOLDERS = 3


class _Held(NamedTuple):
    """A value that is secret if its mapping has users for keys; `like`: its key is known, and may be a user."""

    place: Place
    like: bool = False


class _Node(Data):
    """A collection that is open behind the name `of`. `doubt`: what its keys do not tell may be secret; `users`: they
    are users, by its name; `items`: what it holds itself is told by lines; `known`: a key of it is no user; `accounts`:
    its keys are users, whose values may be roles; `passwords`: a setting of it says that they are none."""

    mapping: bool
    of: str = ""
    doubt: bool = False
    users: bool = False
    items: bool = False
    known: bool = False
    accounts: bool = False
    passwords: bool = False
    key: str | None = None
    held: list[_Held] = field(default_factory=list)


def user_places(text: str, depth: int = 0) -> list[Place]:
    """The values of users in a YAML text, and in those it holds (`depth`: it is held by so many); none where it is no
    YAML."""
    if not any(is_of_users(found["key"]) for found in _WORTH.finditer(text)):
        return []
    read = readable(text)
    reading = _Reading(scalar_places(read))
    if read_events(read, reading.read) is None:
        return []
    lines = text.split("\n") if reading.blocks and depth < _HOLDERS else []
    for first, end in reading.blocks if lines else ():
        reading.found += moved(user_places("\n".join(lines[first:end]), depth + 1), first)
    return reading.found


def is_of_users(name: str) -> bool:
    """Whether users may be the keys of what is called so, or of what is in it."""
    return _is_doubtful(name) or _ACCOUNTS.fullmatch(name) is not None


def places_of_table(path: Iterable[str], entries: Iterable[tuple[str, Place]]) -> list[Place]:
    """The values of users among the `entries` of a table to which these names lead."""
    reading = _Reading(scalar_places(""))
    stack = reading.stack
    stack.append(_Node(True))
    for stack[-1].key in path:
        stack.append(_opened(stack[-1], mapping=True))
    for stack[-1].key, place in entries:
        reading.scalar(place)
    while stack:
        reading.close(stack.pop())
    return reading.found


class _Reading:
    def __init__(self, place_of: Callable[[Any], Place]) -> None:
        self._place_of = place_of
        self.stack: list[_Node] = []
        self._anchors: dict[str, Place] = {}
        self.found: list[Place] = []
        self.blocks: list[tuple[int, int]] = []

    def read(self, next_event: Callable[[], Any]) -> _Reading:
        """Every event in turn; gives itself."""
        stack = self.stack
        while (name := type(event := next_event()).__name__) != "StreamEndEvent":
            if name in ("MappingStartEvent", "SequenceStartEvent"):
                if len(stack) >= _DEEPEST:
                    raise RecursionError
                stack.append(_opened(stack[-1] if stack else _Node(False), mapping=name == "MappingStartEvent"))
            elif name in ("MappingEndEvent", "SequenceEndEvent"):
                self.close(stack.pop())
            elif name == "ScalarEvent":
                place = self._place_of(event)
                if event.anchor:
                    self._anchors[event.anchor] = place
                self.scalar(place)
            elif name == "AliasEvent":
                self.scalar(self._anchors.get(event.anchor))
        return self

    def scalar(self, place: Place | None) -> None:
        """A key or a value of what is open."""
        if place and place.block:
            self.blocks.append((place.line + 1, place.end_line + (place.end_column > 0)))
        if not self.stack:
            return
        node = self.stack[-1]
        if node.mapping and node.key is None:
            node.key = place.value if place else ""
            return
        key, node.key = node.key or "", None
        if place and key == _CONTENT and self._is_config(node, place.value):
            return
        setting = is_setting(key) and key not in _GROUPS
        like = setting and node.users and key in _LIKE_USERS
        node.known = node.known or (setting and not like)
        if place and key in _HOW and _BY_PASSWORD.fullmatch(place.value):
            node.passwords = True
        if place and node.accounts and not setting and not is_shown(place.value) and MADE_UP.fullmatch(place.value):
            self.found.append(place)
        if not place or not node.doubt or node.items or is_shown(place.value) or is_public(key, place.value):
            return
        place = place._replace(address=names_address(node.of))
        if key in _VALUES or (is_address(words_of(key)) and "webhook" in node.of.lower()):
            self.found.append(place)
        elif like or not setting:
            node.held.append(_Held(place, like))

    def _is_config(self, node: _Node, value: str) -> bool:
        """Whether a value is the text of one of compose's configs whose name promises no secret, and that says itself
        what is secret in it."""
        inside = len(self.stack) == _IN_CONFIG and self.stack[1].of == _CONFIGS
        return inside and is_weak(words_of(node.of)) and _TABLES.match(value) is not None

    def close(self, node: _Node) -> None:
        """What was open last is over."""
        parent = self.stack[-1] if self.stack else _Node(False)
        parent.key = None
        if not node.mapping:
            parent.held += node.held
        elif node.users:
            known = node.known and all(each.like for each in node.held)
            self.found += [each.place for each in node.held if not (known and each.like)]
        else:
            all_are = node.passwords or not node.known
            self.found += [each.place for each in node.held if all_are or MADE_UP.fullmatch(each.place.value)]


def _opened(parent: _Node, *, mapping: bool) -> _Node:
    key = (parent.key or "") if parent.mapping else parent.of
    named = parent.mapping and _is_doubtful(key)
    setting = parent.mapping and is_setting(key)
    parent.known = parent.known or setting
    inside = parent.doubt and not setting
    users = named and mapping and _USERS.search(key) is not None
    accounts = mapping and _ACCOUNTS.fullmatch(key) is not None
    return _Node(mapping, key, named or inside, users, items=named and not mapping, accounts=accounts)


def _is_doubtful(key: str) -> bool:
    """Whether users may be the keys of what stands behind it."""
    if key.startswith("x-"):  # what compose's services share, an environment too
        return _USERS.search(key) is not None
    return key == _SECRETS or looks_secret(key)
