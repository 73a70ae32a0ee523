"""Which operation is meant: by its name alone, or behind its group."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING

from komodo_sync.errors import RefusedError, UsageError
from komodo_sync.model.data import Data
from komodo_sync.operations import ACCOUNT, find, operations, removed, renamed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from komodo_sync.operations import Group, Operation

GROUPS: Mapping[str, Group] = {"read": "read", "write": "write", "execute": "execute"}
_WORDS: Mapping[str, Group] = {"a read": "read", "a write": "write", "an execution": "execute"}
_AUTH = ("auth", "auth/login", "auth/manage", "login", "manage")
_REMOVED_IN = "2.0.0"
_WEBHOOK = re.compile(r"(?:Get|Create|Delete)(?P<kind>[A-Z][a-z]+)Webhooks?(?:Enabled)?")
_LISTENS: Mapping[str, str] = {"Stack": "/deploy", "Repo": "/pull", "Sync": "/sync", "Build": ""}
_TERMINALS = frozenset({"CreateTerminal", "DeleteTerminal", "DeleteAllTerminals", "BatchDeleteAllTerminals"})
_ATTACHES = re.compile(r"(?:Connect|Execute|Init)\w*(?:Terminal|Exec|Attach)")
_LOGINS = frozenset({"LoginLocalUser", "SignUpLocalUser", "ExchangeForJwt", "UpdatePassword"})


class Named(Data, frozen=True):
    """An operation, and `name` as it is sent: what it was called, which may be an old name that a Core still takes.
    `rest` are the words behind it."""

    operation: Operation
    name: str
    rest: tuple[str, ...]


def find_named(words: Sequence[str]) -> Named:
    """The operation that the first words name: `GetStack`, `read GetStack`, `auth GetLoginOptions`, `user`; a path as
    `/read` is taken for its group. Raises UsageError, and RefusedError for what is interactive."""
    if not words:
        raise UsageError("which operation?", hint="write its group and its name: read GetStack, execute DeployStack")
    if words[0] in ("GET", "POST") and words[1:] and words[1].startswith("/"):
        words = words[1:]
    first, *rest = words
    group = first.strip("/").lower() if first.startswith("/") else first
    if "terminal" in group.lower().split("/"):
        raise _interactive("/terminal")
    if group == "user" and not (rest and rest[0] in ACCOUNT):
        return Named(ACCOUNT["GetUser"], "GetUser", tuple(rest))
    if group == "version":
        return Named(operations("read")["GetVersion"], "GetVersion", tuple(rest))
    if group not in (*GROUPS, *_AUTH, "user"):
        return Named(_alone(first), first, tuple(rest))
    if not rest:
        raise UsageError(f"which operation of {group}?", hint=f"write its name: {group} {_example(group)}")
    name, *rest = rest
    found = _in_group(GROUPS[group], name) if group in GROUPS else _of_account(name)
    return Named(found, name, tuple(rest))


def _example(group: str) -> str:
    return {"read": "GetStack", "write": "RefreshStackCache", "execute": "DeployStack"}.get(group, "GetLoginOptions")


def _alone(name: str) -> Operation:
    """By its name alone: what is in one group only, or in none that a procedure alone can name."""
    _check(name)
    if name in ACCOUNT:
        return ACCOUNT[name]
    routed = [item for item in find(renamed().get(name, name)) if item.group in GROUPS]
    if not routed:
        raise _unknown(name, [*(word for group in GROUPS.values() for word in operations(group)), *ACCOUNT])
    return routed[0]


def _in_group(group: Group, name: str) -> Operation:
    _check(name)
    known = operations(group)
    now = renamed().get(name, name)
    if now in known:
        return known[now]
    raise _elsewhere(name) or _unknown(name, list(known), group)


def _elsewhere(name: str) -> UsageError | None:
    """That it is in another group; None where it is in none."""
    for what, other in _WORDS.items():
        if renamed().get(name, name) in operations(other):
            return UsageError(f"{name} is {what}", hint=f"write: {other} {name}")
    return None


def _of_account(name: str) -> Operation:
    _check(name)
    if name in _LOGINS:
        raise UsageError(
            f"{name} is for people with a password or a browser",
            hint="komodo-sync goes by an API key: KOMODO_CLI_KEY and KOMODO_CLI_SECRET",
        )
    if name not in ACCOUNT:
        raise _elsewhere(name) or _unknown(name, list(ACCOUNT), "auth")
    return ACCOUNT[name]


def _check(name: str) -> None:
    if name in _TERMINALS or name.lower() == "terminal" or _ATTACHES.fullmatch(name):
        raise _interactive(name)
    if name in removed():
        raise _gone(name, removed()[name])


def _interactive(what: str) -> RefusedError:
    return RefusedError(
        f"{what} is refused: a terminal is interactive, and a run of operations is not",
        hint="open it in Komodo's UI, or with Komodo's own km; for one command in a stack's service: "
        'execute RunStackService stack=NAME service=NAME command=\'["sh", "-c", "..."]\'',
    )


def _gone(name: str, instead: str) -> UsageError:
    hook = _WEBHOOK.fullmatch(name)
    if hook is None:
        hint = f"use {instead}" if instead else "there is nothing in its place"
    elif name.startswith("Get"):
        hint = (
            "whether the Core heeds webhooks is webhook_enabled in the resource's config "
            f"(read Get{_kind(hook['kind'])}); whether one is there is known to the git provider alone"
        )
    else:
        kind = hook["kind"].lower()
        hint = (
            f"set webhook_enabled in the config, and let the git provider call "
            f"<the Core's address>/listener/github/{kind}/NAME{_LISTENS.get(hook['kind'], '')} (or listener/gitlab)"
        )
    return UsageError(f"Komodo {_REMOVED_IN} has removed {name}", hint=hint)


def _kind(word: str) -> str:
    return "ResourceSync" if word == "Sync" else word


def _unknown(name: str, known: Sequence[str], group: str = "") -> UsageError:
    if find(name):
        return UsageError(f"{name} is a step of procedures alone", hint="put it into a procedure, and run that")
    same = [word for word in known if word.lower() == name.lower()]
    close = same or _beginning_with(name, known) or get_close_matches(name, known, 3, 0.7)
    where = f" in {group}" if group else ""
    way = f"did you mean {' or '.join(close)}?" if close else "komodo-sync completion makes the shell offer all of them"
    return UsageError(f"there is no operation {name}{where}", hint=way)


def _beginning_with(verb: str, known: Sequence[str]) -> list[str]:
    """`Start` -> `StartDeployment`, `StartStack`; nothing where these would be too many to choose from."""
    found = sorted(word for word in known if re.match(rf"{re.escape(verb)}[A-Z]", word))
    return found if len(found) <= 6 else []
