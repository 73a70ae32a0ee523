"""What a step has the Core do, where it writes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from komodo_sync.model.data import Data, Unshown, field

if TYPE_CHECKING:
    from collections.abc import Mapping

    from komodo_sync.model.address import Address
    from komodo_sync.model.approval import Topic


class Reason(Data, frozen=True):
    """Why something is done. `text`: in words; `topics`: what it is about, for whoever compares; `own`: it comes of
    what the same plan writes or does."""

    text: str
    topics: tuple[Topic, ...]
    own: bool = False


class Brings(Unshown, frozen=True):
    """What a deploy brings to what runs, beside what is declared.

    commit    the newest commit of what it is made from, as far as that is known; empty where its config says it all
    is_there  whether that very commit is what is there already
    open      whether its files are not known before it is done: the same plan says where they come from
    files     the texts of its files, by path
    """

    commit: str = ""
    is_there: bool = False
    open: bool = False
    files: Mapping[str, str] = field(default_factory=dict)


class Execution(Data, frozen=True):
    """What a step has the Core do, beside what it writes: sent once, and then waited for.

    operation  as in the catalogue: DeployStack, RunBuild, ...
    subject    the parameter that names the resource: `stack`, `build`, ...
    params     the other parameters; references as names
    timeout    seconds until it is no longer waited for
    commit     the commit that must have been deployed when it succeeds; empty where any will do
    wait       what must have come about before what needs it goes on: `running`, `healthy`, or nothing
    host       the name of the server or swarm on which it happens, so that one can follow the other; may be empty
    awaits     what must be `running` or `healthy` before it begins
    reaches    the server that must be reached before it begins: what is taken down is to run there next
    reasons    why it is done, of what brings something to what runs; `brings` what that is, as far as it is known
    follows    builds of this plan after which Core does it by itself: then it is not asked for it
    """

    operation: str
    subject: str
    params: Mapping[str, Any] = field(default_factory=dict)
    timeout: float = 1800.0
    commit: str = ""
    wait: Literal["", "running", "healthy"] = ""
    host: str = ""
    awaits: tuple[tuple[Address, str], ...] = ()
    follows: tuple[Address, ...] = ()
    reaches: Address | None = None
    reasons: tuple[Reason, ...] = ()
    brings: Brings | None = None
