"""What the shell offers for the words of `run` and `call`: groups and operations of the catalogue, names of parameters,
and the names of what lives in the Core, which is asked quickly. Whatever goes wrong offers nothing."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import click

    from komodo_sync.calling.naming import Named

PATIENCE = 1.5
"""Seconds for the Core to answer somebody who waits at a prompt."""


def complete_words(ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[str]:
    """The words that may stand next, of which those that begin with what is there already."""
    words = [*(ctx.params.get("words") or ())]
    with suppress(Exception):
        begun = _begun(words, incomplete)
        if begun:
            words, incomplete = words[: -2 if words[-1] == "=" else -1], f"{begun}={incomplete}"
        found = [word for word in _offered(words, incomplete, ctx.params) if word.startswith(incomplete)]
        return [word.partition("=")[2] for word in found] if begun else found
    return []


def _begun(words: Sequence[str], incomplete: str) -> str:
    """The parameter that is begun in the words before: bash makes three words of `stack=web`, and replaces the last one
    alone; click takes a `=` for nothing."""
    from komodo_sync.calling.naming import find_named

    if len(words) > 2 and words[-1] == "=":
        return words[-2]
    last = words[-1] if words and not incomplete else ""
    return last if last and last in find_named(words).operation.params else ""


def _offered(words: Sequence[str], incomplete: str, params: dict[str, Any]) -> Iterable[str]:
    from komodo_sync.calling.naming import GROUPS, find_named
    from komodo_sync.operations import ACCOUNT, operations

    if not words:
        names = {name for group in GROUPS.values() for name in operations(group)}
        return [*GROUPS, "auth", "user", *sorted(names | ACCOUNT.keys())]
    if len(words) == 1 and words[0] in GROUPS:
        return sorted(operations(GROUPS[words[0]]))
    if len(words) == 1 and words[0] == "auth":
        return sorted(ACCOUNT)
    return _arguments(find_named(words), incomplete, params)


def _arguments(named: Named, incomplete: str, params: dict[str, Any]) -> list[str]:
    """Parameters that are not given yet; names, and the values of a parameter that is begun."""
    from komodo_sync.calling.subjects import subject_of

    operation = named.operation
    key, equals, _ = incomplete.partition("=")
    subject = subject_of(operation)
    kind = subject.kind.name if subject is not None and subject.kind is not None else ""
    if equals:
        param = operation.params.get(key)
        if param is None:
            return []
        if param.type == "bool":
            return [f"{key}=true", f"{key}=false"]
        of = kind if subject is not None and subject.param == key else param.refers_to
        return [f"{key}={word}" for word in (param.enum or (_living(of, params) if of else ()))]
    given = {word.partition("=")[0] for word in named.rest}
    names = {word for word in named.rest if "=" not in word}
    if subject is not None and names:
        given.add(subject.param)
    offered = [f"{name}=" for name in operation.params if name not in given]
    more = kind and subject is not None and (subject.many or subject.param not in given)
    return [*(name for name in (_living(kind, params) if more else ()) if name not in names), *offered]


def _living(kind: str, params: dict[str, Any]) -> list[str]:
    from komodo_sync.calling.targets import living
    from komodo_sync.cli.inputs import find_target
    from komodo_sync.kinds import KINDS
    from komodo_sync.session import connect
    from komodo_sync.settings import find_connection

    core = find_connection(
        url=params.get("url"),
        key=params.get("key"),
        secret=params.get("secret"),
        profile=params.get("profile"),
        environment=os.environ,
        settings=find_target(params.get("settings"), params.get("target")),
    )
    with connect(core, patience=PATIENCE) as session:
        return [item.name for item in living(session.reader, KINDS[kind])]
