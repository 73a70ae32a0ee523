"""What git knows of the manifests' folder. Nothing that a repository configures is run, nothing in it is changed."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from komodo_sync.model.cause import Record
from komodo_sync.model.data import Data, field

if TYPE_CHECKING:
    from collections.abc import Mapping

_QUIET = ("-c", "core.fsmonitor=false", "-c", "core.quotePath=false")
_ENVIRONMENT = {"GIT_OPTIONAL_LOCKS": "0", "GIT_NO_LAZY_FETCH": "1", "TZ": "UTC", "LC_ALL": "C"}
_NAMES = ("--name-only", "--no-renames", "--relative", "--no-ext-diff", "-z")
_LOG = (
    *("log", *_NAMES, "--no-show-signature"),
    *("--date=format-local:%Y-%m-%d %H:%M UTC", "--format=%x01%H%x02%h%x02%an%x02%ad%x03"),
)
_BLAME = ("-c", "blame.ignoreRevsFile=", "blame", "--porcelain", "--no-textconv")
_BLAMED = re.compile(rb"^([0-9a-f]{40,64}) \d+ \d+(?: \d+)?$", re.M)
_LINK, _FILES = "120000", ("100644", "100755", "120000")


def git(root: Path, *words: str, fed: bytes | None = None) -> bytes | None:
    """What git says in `root`; None when it fails, or there is none."""
    command = ["git", *_QUIET, "-C", str(root), *words]
    environment = {**os.environ, **_ENVIRONMENT}
    try:
        done = subprocess.run(command, input=fed, capture_output=True, env=environment, timeout=60, check=False)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None


def is_repository(root: Path) -> bool:
    """Whether `root` lies in a repository, and git is there to read it."""
    return git(root, "rev-parse", "--git-dir") is not None


def has_commit(root: Path, commit: str) -> bool:
    """Whether this clone has the commit."""
    return git(root, "cat-file", "-e", f"{commit}^{{commit}}") is not None


def write_tree(root: Path, commit: str, into: Path) -> bool:
    """Writes what `root` held at `commit` below `into`, byte by byte; whether that could be done. Submodules are left
    out, links stay links."""
    listing = git(root, "ls-tree", "-r", "-z", commit)
    if listing is None:
        return False
    entries = [_entry(line) for line in listing.split(b"\0") if line]
    wanted = [(mode, blob, name) for mode, blob, name in entries if mode in _FILES and ".." not in Path(name).parts]
    blobs = git(root, "cat-file", "--batch", fed="".join(f"{blob}\n" for _, blob, _ in wanted).encode())
    if blobs is None:
        return False
    at = 0
    for mode, _, name in wanted:
        end = blobs.index(b"\n", at)
        head = blobs[at:end].split()
        if len(head) != 3:
            return False  # `<blob> missing`: a clone without all of its files
        data = blobs[end + 1 : end + 1 + int(head[2])]
        at = end + 1 + int(head[2]) + 1
        place = into / name
        place.parent.mkdir(parents=True, exist_ok=True)
        if mode == _LINK:
            place.symlink_to(os.fsdecode(data))
        else:
            place.write_bytes(data)
    return True


def _entry(line: bytes) -> tuple[str, str, str]:
    """`<mode> blob <hash>\\t<name>`."""
    head, _, name = line.partition(b"\t")
    mode, _, blob = head.decode("ascii").split(" ")
    return mode, blob, os.fsdecode(name)


class Changes(Data, frozen=True):
    """What changed below a folder since a commit: `commits` the newest first, by their whole hash; `files` those hashes
    of each file that changed, relative to the folder, the newest first; `uncommitted` what is in no commit yet."""

    commits: Mapping[str, Record] = field(default_factory=dict)
    files: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    uncommitted: frozenset[str] = frozenset()


def changed_since(root: Path, commit: str) -> Changes:
    """What changed below `root` since `commit`. Empty where git cannot tell."""
    differing = _names(git(root, "diff", *_NAMES, "--no-textconv", commit))
    new = _names(git(root, "ls-files", "--others", "--exclude-standard", "-z"))
    uncommitted = {*_names(git(root, "diff", *_NAMES, "HEAD")), *new}
    commits: dict[str, Record] = {}
    files: dict[str, list[str]] = {name: [] for name in (*differing, *new)}
    log = git(root, *_LOG, f"{commit}..HEAD", "--", ".") or b""
    for part in os.fsdecode(log).split("\x01")[1:]:
        head, _, names = part.partition("\x03")
        whole, short, author, date = head.split("\x02")
        commits[whole] = Record("git", short, author, date)
        for name in (name.strip("\n") for name in names.split("\0")):
            if name in files:
                files[name].append(whole)
    told = {name: tuple(found) for name, found in files.items()}
    return Changes(commits, told, frozenset(uncommitted & files.keys()))


def _names(said: bytes | None) -> list[str]:
    return [os.fsdecode(name) for name in (said or b"").split(b"\0") if name]


UNCOMMITTED = "0" * 40
"""What stands for a commit where a line is in none yet."""


def last_changes(root: Path, commit: str, name: str) -> list[str]:
    """Of each line of a file as it lies there, the whole hash of the commit that changed it last, UNCOMMITTED where
    that is in none; of a line that has not changed since `commit` that is no newer one. Empty where git cannot tell."""
    said = git(root, *_BLAME, f"^{commit}", "--", name) or b""
    return [match.decode("ascii") for match in _BLAMED.findall(said)]
