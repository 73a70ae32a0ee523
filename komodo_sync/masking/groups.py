"""Groups in a YAML text whose name looks secret: a service called `auth` in braces, a volume called `keys`. Their own
keys say what is secret, so that their names must not. So it is in the texts that it holds."""

from __future__ import annotations

import re
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from komodo_sync.masking.events import read_events
from komodo_sync.masking.held import Held, held_by, named_braces
from komodo_sync.masking.structured import Place, is_host, is_shown, moved, readable, scalar_places
from komodo_sync.model.data import Data
from komodo_sync.model.hosts import names_address
from komodo_sync.model.secrecy import is_public, looks_secret
from komodo_sync.model.words import tells_about, words_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

_WORTH = re.compile(
    r"(?<![\w.-])(?P<key>[A-Za-z_][\w.-]*)[\"']?[ \t]*(?:(?:\#[^\n#]*)?\r?\n[ \t]*)?:"
    r"[ \t]*(?:[\[{&!]|(?P<below>\#|\r?$))",
    re.MULTILINE,
)
"""A key of what may be a mapping in braces, or a list of them, which begins behind it or `below`."""
_BELOW = re.compile(r"^[ \t]*(?:-[ \t]+)*[\[{&!]", re.MULTILINE)
_HOSTS = "extra_hosts"
_NAME = re.compile(r"(?:[A-Za-z_]\w*=)?[A-Za-z_][\w.-]*")
"""Also that of a variable whose value is a mapping: `CFG=auth: {...}`."""
_WORDS = frozenset((
    "<<", "aliases", "annotations", "args", "attach", "attachable", "bind", "blkio_config", "build", "cap_add",
    "cap_drop", "cgroup", "cgroup_parent", "command", "condition", "configs", "container_name", "context", "cpu_count",
    "cpu_percent", "cpu_period", "cpu_quota", "cpu_rt_period", "cpu_rt_runtime", "cpu_shares", "cpus", "cpuset",
    "create_host_path", "credential_spec", "depends_on", "deploy", "develop", "device_cgroup_rules", "devices", "dns",
    "dns_opt", "dns_search", "dockerfile", "domainname", "driver", "driver_opts", "enable_ipv4", "enable_ipv6",
    "entrypoint", "env_file", "environment", "expose", "extends", "external", "external_links", "extra_hosts", "file",
    "gpus", "group_add", "gw_priority", "healthcheck", "hostname", "image", "init", "interface_name", "internal",
    "ipam", "ipc", "ipv4_address", "ipv6_address", "isolation", "label_file", "labels", "link_local_ips", "links",
    "logging", "mac_address", "mem_limit", "mem_reservation", "mem_swappiness", "memswap_limit", "models", "name",
    "network_mode", "networks", "oom_kill_disable", "oom_score_adj", "pid", "pids_limit", "platform", "ports",
    "post_start", "pre_stop", "priority", "privileged", "profiles", "provider", "pull_policy", "read_only", "required",
    "restart", "runtime", "scale", "secrets", "security_opt", "service", "shm_size", "stdin_open", "stop_grace_period",
    "stop_signal", "storage_opt", "sysctls", "target", "template_driver", "tmpfs", "tty", "ulimits", "use_api_socket",
    "user", "userns_mode", "uts", "volumes", "volumes_from", "working_dir",
))  # fmt: skip
"""Compose's own keys: what stands behind another one, in braces behind a name that looks secret, may be one."""
_USERS = re.compile(r"(?:passwords|passwds|credentials)$", re.IGNORECASE)
"""Groups that have users for keys, of whom one may be called as a key of compose's is."""
_PARTS = frozenset(("backend", "store"))
"""They are settings at the end of a longer key; alone they are rather a part of something, which has a password."""
_SETTINGS = frozenset((
    "access", "email", "field", "filter", "href", "icon", "id", "image", "label", "middlewares", "permission",
    "permissions", "refresh", "role", "roles", "rule", "rules", "title", "username",
))  # fmt: skip
"""More last words of keys that are no users."""
_SPAN = re.compile(r"\d{1,4} ?(?:ms|[smhdwMy]|[kMGT]i?B|%|(?:second|minute|hour|day|week|month|year)s?)")
"""How long or how much, which is no secret of a user."""
_FROM_ELSEWHERE = re.compile(
    r"(?:env|fileContent|secret)[ \t]+\"[\w./-]+\"(?:[ \t]*\|[ \t]*[a-z]+(?:[ \t]+(?:\d+|\"[^\"\w]\"))*)*"
)
"""What a template of Authelia's takes: `{{ secret "/run/secrets/key" | mindent 10 "|" }}`."""
LETTERS = "\u16a0\u16a1\u16a2\u16a3\u16a4\u16a5\u16a6\u16a7\u16a8\u16a9"
"""Digits of the number of a name, in letters that make no word; few of them, however many names there are."""
_STAND_IN = re.compile(f"_[{LETTERS}]+")
_TO_LETTERS, _TO_DIGITS = str.maketrans("0123456789", LETTERS), str.maketrans(f"_{LETTERS}", "00123456789")
_DEEPEST = 64
_HOLDERS = 8


class _Node(Data):
    """A collection that is open: `key` is the one whose value comes next, `at` where it stands, `name` the group it
    may be. `doubt`: what has no key that is known may be a secret. `no_group`: a list that holds something else than
    mappings in braces. `bare`: the key, if no value follows."""

    mapping: bool
    of: str
    name: tuple[int, int, str] | None = None
    doubt: bool = False
    no_group: bool = False
    key: str | None = None
    at: tuple[int, int, str] | None = None
    bare: Place | None = None


class Unnamed(NamedTuple):
    """Lines with a stand-in for each name of a group, which looks like no secret, and the values in braces behind
    such names that their keys say nothing about. `held`: the texts that hold some of them."""

    lines: list[str]
    names: list[str]
    doubtful: list[Place]
    held: list[Held]

    def named(self, line: str) -> str:
        """`line` of these, as told, with the names again."""
        if not self.names:
            return line
        return _STAND_IN.sub(lambda found: self.names[int(found[0].translate(_TO_DIGITS))], line)


def unnamed(text: str, lines: Sequence[str], *, code: bool = False) -> Unnamed:
    """`lines` of `text` without the names of its groups, and of those in the texts that it holds. What is not the line
    of the text any more stays. `code`: it is a TypeScript."""
    result: list[str] = list(lines)
    names: list[str] = []
    if not _is_worth(text) or _STAND_IN.search(text):
        return Unnamed(result, names, [], [])
    written = text.split("\n")
    found = _found(text, code=code)
    for number, groups in groupby(sorted(set(found.groups)), key=itemgetter(0)):
        line, told, at = result[number], [], 0
        same = _alike(line, written[number])
        for _, column, name in groups:
            # behind the name a line may have changed already
            if column + len(name) <= same and written[number].startswith(name, column):
                told += [line[at:column], f"_{str(len(names)).translate(_TO_LETTERS)}"]
                at = column + len(name)
                names.append(name)
        result[number] = "".join(told) + line[at:]
    return Unnamed(result, names, found.doubtful, found.held)


def _alike(one: str, other: str) -> int:
    """So many characters two lines begin with."""
    unlike = (at for at, (first, second) in enumerate(zip(one, other, strict=False)) if first != second)
    return len(one) if one == other else next(unlike, min(len(one), len(other)))


def is_of_compose(key: str) -> bool:
    """Whether a key is one of compose's."""
    return key in _WORDS or key.startswith("x-")


def is_setting(key: str) -> bool:
    """Whether a key is a setting, and no user."""
    words = words_of(key)
    if is_of_compose(key) or looks_secret(key) or "public" in words:
        return True
    return key not in _PARTS and (tells_about(words) or not _SETTINGS.isdisjoint(words[-1:]))


def _is_worth(text: str) -> bool:
    """Whether a group may stand in `text`, so that it is worth to be read as YAML."""
    below = _BELOW.search(text) is not None
    keys = (found["key"] for found in _WORTH.finditer(text) if below or found["below"] is None)
    return _HOSTS in text or any(looks_secret(key) for key in keys)


class _Found(NamedTuple):
    groups: list[tuple[int, int, str]]
    doubtful: list[Place]
    held: list[Held]


def _found(text: str, depth: int = 0, *, code: bool = False, whole: bool = True) -> _Found:
    """What is in a text, and in those that it holds (`depth`: it is held by so many). `whole`: it may be no YAML, and
    still have groups."""
    reading = _read_yaml(readable(text))
    found = _Found(reading.groups, reading.doubtful, []) if reading else _Found([], [], [])
    if depth >= _HOLDERS:
        return found
    if reading:
        lines = text.split("\n") if reading.scalars else []
        held = [each for place in reading.scalars if (each := held_by(place, lines)) and _is_worth(each.text)]
    else:
        held = list(named_braces(text, code=code)) if whole else []
    for each in held:
        inner = _found(each.text, depth + 1, whole=reading is not None)
        if inner.groups or inner.doubtful:
            found.groups.extend(_moved(inner.groups, each))
            found.doubtful.extend(moved(inner.doubtful, each.line, each.column))
            found.held.extend((each, *(other.within(each) for other in inner.held)))
    return found


def _moved(groups: list[tuple[int, int, str]], held: Held) -> Iterator[tuple[int, int, str]]:
    return ((line + held.line, column + held.column * (not line), name) for line, column, name in groups)


def _read_yaml(text: str) -> _Reading | None:
    """None where it is no YAML."""
    return read_events(text, _Reading(scalar_places(text)).read)


class _Reading:
    def __init__(self, place_of: Callable[[Any], Place]) -> None:
        self._place_of = place_of
        self.groups: list[tuple[int, int, str]] = []
        self.doubtful: list[Place] = []
        self.scalars: list[Place] = []
        self._stack: list[_Node] = []

    def read(self, next_event: Callable[[], Any]) -> _Reading:
        """Every event in turn."""
        stack = self._stack
        while (kind := type(event := next_event()).__name__) != "StreamEndEvent":
            if kind in ("MappingStartEvent", "SequenceStartEvent"):
                if len(stack) >= _DEEPEST:
                    return _Reading(self._place_of)
                parent = stack[-1] if stack else None
                mapping = kind == "MappingStartEvent"
                if parent and not parent.mapping:
                    parent.no_group = parent.no_group or not (mapping and event.flow_style)
                stack.append(_opened(parent, event, mapping=mapping))
            elif kind in ("MappingEndEvent", "SequenceEndEvent"):
                node = stack.pop()
                if node.name and not node.no_group:
                    self.groups.append(node.name)
                if stack:
                    stack[-1].key = None
            elif kind in ("ScalarEvent", "AliasEvent") and stack:
                self._scalar(stack[-1], event)
        return self

    def _scalar(self, node: _Node, event: Any) -> None:
        place = self._place_of(event)
        if node.mapping and node.key is None:
            node.key, node.at, node.bare = place.value, _name(event, place), place
            return
        if place.block or "{" in place.value:
            self.scalars.append(place)
        node.no_group = node.no_group or not node.mapping
        if place[:2] == place[2:4] and node.bare:
            place = node.bare  # `{a, b}` is a mapping with keys alone
        if _is_doubt(node) or (node.doubt and place is node.bare and not _NAME.fullmatch(place.value)):
            if not _is_told(node.key or "", place.value):
                self.doubtful.append(place._replace(address=names_address(node.of)))
        elif node.at and is_host(node.of, place.value):
            self.groups.append(node.at)
        node.key = None


def _opened(parent: _Node | None, event: Any, *, mapping: bool) -> _Node:
    if parent is None:
        return _Node(mapping, "")
    key = (parent.key if parent.mapping else parent.of) or ""
    secret = looks_secret(key)
    inside = _is_doubt(parent)
    name = parent.at if secret and (event.flow_style or event.anchor or event.tag or not mapping) else None
    doubt = secret and mapping and event.flow_style and _NAME.fullmatch(key) is not None
    return _Node(mapping, key, name, doubt or inside)


def _is_doubt(node: _Node) -> bool:
    """Whether a value in `node` may be a secret that its key does not tell."""
    key = node.key or ""
    if not node.doubt or (node.mapping and looks_secret(key)):
        return False
    return bool(_USERS.search(node.of)) or not is_setting(key)


def _is_told(key: str, value: str) -> bool:
    told = is_shown(value) or is_public(key, value)
    return told or any(form.fullmatch(value) for form in (_SPAN, _FROM_ELSEWHERE))


def _name(event: Any, place: Place) -> tuple[int, int, str] | None:
    """Where the name of a key stands if it is written as it is."""
    if event.anchor or not _NAME.fullmatch(place.value):
        return None
    quotes = event.end_mark.index - event.start_mark.index - len(place.value)
    return (place.line, place.column + quotes // 2, place.value) if quotes in (0, 2) else None
