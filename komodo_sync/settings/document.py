"""komodo-sync.yaml as a value: every key of it read strictly, with where it stands."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from komodo_sync.model.data import Data, field

if TYPE_CHECKING:
    from collections.abc import Mapping

    from komodo_sync.model.desired import Omitted
    from komodo_sync.model.diagnostic import Span
    from komodo_sync.source.nodes import Node

FILE_NAME = "komodo-sync.yaml"

_LONGEST_OWNER = 100


def owner_problem(name: str) -> str:
    """Why `name` cannot be an owner's, empty when it can: it becomes a tag and the name of a lock, and has to be told
    apart by people who read it."""
    if len(name) > _LONGEST_OWNER:
        return f"has more than {_LONGEST_OWNER} characters"
    if not name.isprintable():
        return "has a line break or another character that cannot be seen"
    return "begins or ends with a space" if name != name.strip() else ""


Removal = Literal["destroy", "keep_running"]


class Limits(Data, frozen=True):
    """How much one run may do; None is no limit. `failures`: failed deploys after which no further deploy starts."""

    deletes: int | None = None
    delete_percent: int | None = None
    deploys: int | None = None
    failures: int = 3


class Target(Data, frozen=True):
    """One of several Cores or environments of a repository: what it says instead of the settings' own. `given` are
    fields of Settings, `limits` as a mapping of those that are given."""

    name: str
    given: Mapping[str, Any] = field(default_factory=dict)


class Settings(Data, frozen=True):
    """What komodo-sync.yaml says.

    root       its folder: where manifests are looked for, and what bounds every path
    file       the file itself
    core_url   the address that must be in use; empty when none is asserted
    manifests  files, folders and patterns, relative to the root; empty is the root itself
    owner      whose tag marks what is ours; empty when nothing is owned
    protect    patterns of addresses (`server/*`) that are never deleted
    timeouts   seconds for which what is done is waited for, by kind (`build`) or by pattern of addresses
    vars       public values by name
    defaults   what stands under `defaults:`, as it is written; a target's behind that of all
    overlays   what the target in use lays over the manifests
    target     the target in use; empty when there is none
    targets    those that there are
    spans      where each key stands: `core.url`, `limits.deletes`, `targets.prod.owner`
    """

    root: Path
    file: Path
    core_url: str = ""
    manifests: tuple[str, ...] = ()
    owner: str = ""
    prune: bool = False
    omitted_fields: Omitted = "reset"
    protect: tuple[str, ...] = ()
    limits: Limits = Limits()
    timeouts: Mapping[str, float] = field(default_factory=dict)
    delete: Removal = "destroy"
    vars: Mapping[str, str] = field(default_factory=dict)
    defaults: tuple[Node, ...] = ()
    overlays: tuple[str, ...] = ()
    target: str = ""
    targets: Mapping[str, Target] = field(default_factory=dict)
    spans: Mapping[str, Span] = field(default_factory=dict)

    @classmethod
    def without_file(cls) -> Settings:
        """What holds where there is no komodo-sync.yaml."""
        here = Path()
        return cls(root=here, file=here / FILE_NAME)

    def manifest_paths(self) -> list[Path]:
        """The files and folders that hold the declared world. A pattern that finds nothing is given as it is written,
        so that whoever reads it can say that it is not there."""
        paths: list[Path] = []
        for entry in self.manifests or (".",):
            found = sorted(self.root.glob(entry)) if any(mark in entry for mark in "*?[") else []
            paths += found or [self.root / entry]
        return paths
