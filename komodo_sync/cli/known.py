"""What this run knows to be secret: from its environment, from what manifests take from outside, from what it is shown.

One of it a run: whatever learns of a secret tells it, and whatever repeats somebody else's words asks it.
"""

from __future__ import annotations

import re
from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING

from komodo_sync.errors import KomodoSyncError
from komodo_sync.model.known import Known, is_telling
from komodo_sync.model.secrecy import looks_secret

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from typing import Any, TextIO

    from komodo_sync.manifest import Loaded
    from komodo_sync.model.desired import Desired

_OF_THE_SESSION = re.compile(r"PWD|SSH_AUTH_SOCK|(?:XDG|DBUS|DESKTOP|GDM)_?SESSION(?:_\w+)?|SESSION_?(?:MANAGER|NAME)")
"""Variables of a shell, a desktop or an agent whose names merely sound so: the folder in which a command runs, where a
socket is, what a desktop is called. Whoever takes a secret from one with `${env:NAME}` has it known all the same."""

_run = [Known()]


def known() -> Known:
    """That of the run."""
    return _run[0]


def begin(environment: Mapping[str, str]) -> None:
    """A new run, which knows the variables whose names promise a secret."""
    _run[0] = Known(
        value for name, value in environment.items() if looks_secret(name) and not _OF_THE_SESSION.fullmatch(name)
    )


def discreet(text: str) -> str:
    """What is made of a text at last, whoever wrote it: nothing that the run has learned to be secret is in it."""
    return known().without_learned(text)


def learning(find: Callable[[Any], str | None]) -> Callable[[Any], str | None]:
    """`find`, and what it finds is known to be secret from then on."""

    def found(name: Any) -> str | None:
        value = find(name)
        if value:
            known().learn([value])
        return value

    return found


def learn_manifests(load: Callable[[], Loaded], *, texts: bool = True) -> Callable[[], Desired | None]:
    """What the manifests here take from outside or hold themselves is known too, when somebody wants to know; with
    `texts` also what looks like a secret inside of texts. What is wrong with them is no matter of who asks for that
    alone. Gives what is declared to whoever asks; None where that cannot be read."""

    @cache
    def declared() -> Desired | None:
        with suppress(KomodoSyncError, OSError):
            return load().desired
        return None

    def found() -> Iterator[Any]:
        from komodo_sync.kinds import KINDS
        from komodo_sync.masking.redaction import world_secrets
        from komodo_sync.masking.secrets import judged_secrets

        desired = declared()
        if desired is not None:
            known().allow(address.name for address in desired.resources)
            yield from world_secrets(desired)
            for item in desired.resources.values() if texts else ():
                yield from filter(is_telling, judged_secrets(KINDS[item.address.kind], item.config))

    known().learn_later("the manifests here", found)
    return declared


def learn_declared(desired: Desired) -> None:
    """What fields and names say is secret in the declared world, when somebody wants to know."""
    from komodo_sync.masking import redaction

    redaction.learn_declared(known(), desired)


class Discreet:
    """A stream that passes on everything but what the run has learned to be secret. Nobody gets round it by its bytes.
    `stream`: what is behind it, for what has to be passed on as it is."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream
        self.buffer = _Bytes(self)

    def write(self, text: str) -> int:
        self.stream.write(discreet(text))
        return len(text)

    def writelines(self, lines: Iterable[str]) -> None:
        self.write("".join(lines))

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)


class _Bytes:
    """What takes the bytes of a Discreet stream."""

    def __init__(self, stream: Discreet) -> None:
        self._stream = stream

    def write(self, data: bytes) -> int:
        self._stream.write(data.decode(errors="backslashreplace"))
        return len(data)

    def flush(self) -> None:
        self._stream.flush()
