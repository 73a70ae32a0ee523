"""The words of a command that is a list: `["mysql", "-pX"]`, `["serve", "--token", "X"]`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from komodo_sync.masking.addresses import told_of
from komodo_sync.masking.commands import Commands, secret_flag
from komodo_sync.masking.shell_words import read_by_shell
from komodo_sync.model.hiding import besides
from komodo_sync.model.hosts import tells_host
from komodo_sync.model.sealed import HIDDEN

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from komodo_sync.masking.shell import Reading


def shown_arguments(items: Iterable[Any]) -> list[Any]:
    """The items of a list without what those before them say is secret. What a text says of itself is not looked at."""
    items = list(items)
    told = _guessed(items)
    return [
        besides([item], [each])[0] if isinstance(item, str) else each for item, each in zip(items, told, strict=True)
    ]


def readings_of(items: Iterable[Any]) -> list[Reading]:
    """Who reads each of the items: a shell what follows `sh -c`."""
    return ["script" if by_shell else "text" for by_shell in read_by_shell(items)]


def secret_arguments(items: Iterable[Any]) -> Iterator[str | None]:
    """The same, what is secret of each; None where nothing is."""
    items = list(items)
    for item, told in zip(items, _guessed(items), strict=True):
        hides = isinstance(item, str) and told != item
        whole = HIDDEN if tells_host(told) else told
        yield item.removeprefix(whole.removesuffix(HIDDEN)) if hides else None


def _guessed(items: Iterable[Any]) -> list[Any]:
    commands, due = Commands(), ""
    told: list[Any] = []
    for item in items:
        flag, due = due, secret_flag(item) if isinstance(item, str) else ""
        if flag and item:
            told.append(told_of(flag, item) if isinstance(item, str) else HIDDEN)
        else:
            told.append(commands.argument(item) if isinstance(item, str) else item)
    return told
