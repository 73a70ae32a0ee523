"""This process, as another one can recognise it; and whether another one is gone."""

from __future__ import annotations

import json
import os
import platform
import uuid
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from komodo_sync.model.data import Data, asdict

_FIRST_NAMESPACE = "pid:[4026531836]"
_BOOT = Path("/proc/sys/kernel/random/boot_id")


class Process(Data, frozen=True):
    """A process that applies: one value for each apply, and no two alike.

    host     the machine's name; process  its number there; start  when it began to apply, as people read it (UTC)
    place    which machine and container that is, beyond its name: numbers of processes mean something in one alone
    began    when the process itself began, so that a number that was given again is not taken for it; may be empty
    run      by chance, for this apply alone
    """

    host: str
    process: int
    start: str
    place: str
    began: str
    run: str

    @classmethod
    def this(cls) -> Process:
        """The one that asks."""
        number = os.getpid()
        start = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
        return cls(platform.node(), number, start, _place(), _began(number), uuid.uuid4().hex[:12])

    @classmethod
    def parse(cls, text: str) -> Process | None:
        """What `text` made; None for a text that it did not make."""
        try:
            return cls(**json.loads(text))
        except (ValueError, TypeError):
            return None

    def text(self) -> str:
        """As JSON of one line."""
        return json.dumps(asdict(self))

    def __str__(self) -> str:
        return f"process {self.process} on {self.host}, since {self.start}"

    def is_here(self) -> bool:
        """Whether it is, or was, on this very machine, so that `is_gone` can tell."""
        return os.name == "posix" and (self.host, self.place) == (platform.node(), _place())

    def is_gone(self) -> bool:
        """Whether it certainly runs no more."""
        if not self.is_here():
            return False
        try:
            os.kill(self.process, 0)
        except (ProcessLookupError, OverflowError):
            return True
        except OSError:
            pass  # somebody else's, and alive
        now = _began(self.process)
        return bool(now and self.began and now != self.began)


def _place() -> str:
    namespace, machine, boot = _link("/proc/self/ns/pid"), _line(Path("/etc/machine-id")), _line(_BOOT)
    # a container may have the machine's id from its image
    outside = machine and namespace in ("", _FIRST_NAMESPACE)
    return f"{machine if outside else boot or format(uuid.getnode(), 'x')} {namespace}".strip()


def _began(number: int) -> str:
    """The boot and the ticks since then at which a process began; empty where the system does not say."""
    fields = _line(Path(f"/proc/{number}/stat")).rpartition(")")[2].split()
    return f"{_line(_BOOT)} {fields[19]}" if len(fields) > 19 else ""


def _line(path: Path) -> str:
    with suppress(OSError, UnicodeDecodeError):
        return path.read_text(encoding="utf-8").strip()
    return ""


def _link(path: str) -> str:
    with suppress(OSError):
        return os.readlink(path)  # noqa: PTH115 - it is no path
    return ""
