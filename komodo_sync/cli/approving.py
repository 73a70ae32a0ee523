"""A plan file as an approval: the key of its digests, reading it, and what it has recorded of the command line."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import click

from komodo_sync.cli.known import known
from komodo_sync.errors import KomodoSyncError, RefusedError, UsageError
from komodo_sync.model.data import replace
from komodo_sync.session import Given, given_variable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from komodo_sync.cli.options import InputOptions, SafetyOptions, ScopeOptions
    from komodo_sync.model.plan import Plan
    from komodo_sync.model.plan_key import PlanKey
    from komodo_sync.model.scope import Scope
    from komodo_sync.settings import Settings


def find_plan_key() -> PlanKey | None:
    """The key in KOMODO_SYNC_PLAN_KEY, or in the file that KOMODO_SYNC_PLAN_KEY_FILE names; None where there is none.
    Raises UsageError for a file that cannot be read or is empty: somebody relies on it."""
    from komodo_sync.model.plan_key import VARIABLE
    from komodo_sync.settings.secret_file import read_secret

    text, file = os.environ.get(VARIABLE, "").strip(), os.environ.get(f"{VARIABLE}_FILE", "")
    if file:
        try:
            text = read_secret(file)
        except ValueError as cause:
            raise UsageError(f"{VARIABLE}_FILE: {file} cannot be read: {cause}", hint="check the path") from None
        if not text:
            raise UsageError(f"{VARIABLE}_FILE: {file} is empty", hint="put the key into it")
    known().learn([text])
    return _plan_key(text) if text else None


@lru_cache(maxsize=1)
def _plan_key(text: str) -> PlanKey:
    """Stretching a key takes its time: once is enough, as it is to say that it is short."""
    from komodo_sync.model.plan_key import SHORTEST, VARIABLE, PlanKey

    if len(text) < SHORTEST:
        click.echo(
            f"warning: {VARIABLE} has fewer than {SHORTEST} characters: who has a plan file could guess it, and the "
            "secrets in that; take a long random one, as from openssl rand -hex 32",
            err=True,
        )
    return PlanKey(text)


STDIN = Path("-")
"""What names the plan that comes on stdin."""


def source(path: Path) -> str:
    """Where a plan is read from, as messages call it."""
    return "the plan on stdin" if path == STDIN else str(path)


_HINT = "name a file of plan --out"


def plan_bytes(path: Path) -> bytes:
    """What a plan file holds, or what comes on stdin for `-`. Raises KomodoSyncError where it cannot be read."""
    try:
        return sys.stdin.buffer.read() if path == STDIN else path.read_bytes()
    except OSError as error:
        raise KomodoSyncError(f"{source(path)} cannot be read", detail=error.strerror or "", hint=_HINT) from None


def read_plan(read: bytes, key: PlanKey | None) -> tuple[Plan, bool]:
    """The plan of a file's bytes, and whether a plan key was used for it. Raises KomodoSyncError for anything else."""
    from komodo_sync.report.plan_file import is_keyed, plan_from_json

    try:
        # some editors, and what Windows writes, begin with a byte order mark
        text = read.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise KomodoSyncError("This is not a plan of komodo-sync.", detail="it is no UTF-8", hint=_HINT) from None
    return plan_from_json(text, key), is_keyed(text)


def read_approval(path: Path, key: PlanKey | None) -> Plan:
    """The plan in a file that is to be applied. Raises KomodoSyncError where there is none that can be read;
    RefusedError, with the reason, for one that was changed, is cut off, has another format, or was made without a key
    where this run has one. Where it was made with one that is not here, that is said."""
    from komodo_sync.model.plan_key import VARIABLE

    read = plan_bytes(path)
    try:
        plan, keyed = read_plan(read, key)
    except KomodoSyncError as error:
        detail = "\n".join(filter(None, (error.summary, error.detail)))
        raise RefusedError(f"{source(path)} is not applied", detail=detail, hint=error.hint) from None
    scope = plan.scope
    if any("\0" in each for each in (*scope.paths, *scope.manifests, *scope.env_files, scope.settings)):
        raise RefusedError(
            f"{source(path)} is not applied: it names a file as no file can be named", hint="make it again"
        )
    if keyed and key is None:
        click.echo(
            f"warning: it was made with {VARIABLE}, which is not set here: nobody can tell whether somebody changed "
            "the plan, and any value of a secret that it names is taken",
            err=True,
        )
    if key is not None and not keyed:
        raise RefusedError(
            f"{source(path)} is not applied: it was made without {VARIABLE}, which is set here",
            detail="nobody can tell whether somebody changed it",
            hint="make the plan again with that key",
        )
    return plan


_ELSEWHERE = "apply it in the folder that it was made in, or make it again"


def recorded(
    then: Scope, scope: ScopeOptions, inputs: InputOptions, safety: SafetyOptions
) -> tuple[ScopeOptions, InputOptions, SafetyOptions]:
    """The command line with everything that it leaves out as the plan has recorded it. What it says itself stays, and
    is compared later. Raises RefusedError for a public value that looked secret, and so was not recorded, and for files
    that are not here."""
    if safety.prune is not None and safety.prune != then.prune and not then.narrowed:
        word = "prunes" if then.prune else "does not prune"
        raise RefusedError(f"the approved plan {word}", hint="leave --prune and --no-prune out: the plan decides")
    given = {text.partition("=")[0].strip() for text in inputs.variables}
    lost = [item.name for item in then.variables if item.value is None and item.name not in given]
    if lost:
        names = " ".join(f"--var {name}=..." for name in lost)
        raise RefusedError(
            f"the plan was made with {names}, and does not hold what looks like a secret", hint="give it again"
        )
    used = [] if scope.paths else [*(then.manifests or then.paths)]
    used += [then.settings] if then.settings and not scope.settings else []
    if gone := [name for name in used if not os.path.exists(name)]:  # noqa: PTH110 - a forged name may be too long
        raise RefusedError(
            f"the plan was made of {', '.join(gone)}, which {'is' if len(gone) == 1 else 'are'} not here",
            hint=_ELSEWHERE,
        )
    variables = tuple(f"{item.name}={item.value}" for item in then.variables if item.name not in given)
    files = tuple(file for file in map(Path, then.env_files) if file.exists())
    if not inputs.env_files and len(files) < len(then.env_files):
        left = ", ".join(file for file in then.env_files if not Path(file).exists())
        click.echo(f"note: the plan was made with --env-file {left}, which is not here", err=True)
    settings = Path(then.settings) if then.settings else None
    return (
        replace(
            scope,
            paths=scope.paths or tuple(map(Path, then.manifests or then.paths)),
            settings=scope.settings or settings,
            select=scope.select or then.select,
        ),
        replace(
            inputs,
            variables=(*variables, *inputs.variables),
            env_files=inputs.env_files or files,
            target=inputs.target or then.target or None,
            overlays=inputs.overlays or then.overlays,
        ),
        replace(
            safety,
            owner=then.owner if safety.owner is None else safety.owner,
            prune=then.prune,
            omitted_fields=safety.omitted_fields or ("keep" if then.omitted_fields == "keep" else "reset"),
            deploy=safety.deploy and then.deploy,
            adopt_changes=safety.adopt_changes or then.adopt_changes,
            allow_syncs=safety.allow_syncs or then.allow_syncs,
            abandon_old=safety.abandon_old or then.abandon_old,
            refresh=safety.refresh and then.refresh,
            allow_deploys=then.allow_deploys if safety.allow_deploys is None else safety.allow_deploys,
            allow_deletes=then.allow_deletes if safety.allow_deletes is None else safety.allow_deletes,
        ),
    )


@contextmanager
def as_recorded(approved: Plan | None) -> Iterator[None]:
    """What an approved plan names and is not here any more is nobody's wrong usage: raises RefusedError for it."""
    try:
        yield
    except UsageError as error:
        if approved is None:
            raise
        raise RefusedError(f"the plan cannot be made again here: {error.summary}", hint=_ELSEWHERE) from None


def check_settings(then: Scope, settings: Settings | None) -> None:
    """Raises RefusedError where there were settings when the plan was made and are none, or the other way round: PATHs
    are something else then."""
    if (settings is None) == bool(then.manifests):
        return
    made, now = ("without", f"{settings.file} is there") if settings else ("with", "there is none here or above")
    raise RefusedError(
        f"the plan was made {made} a komodo-sync.yaml, and {now}",
        hint=_ELSEWHERE,
    )


def given(scope: ScopeOptions, inputs: InputOptions) -> Given:
    """What a plan records of the command line beside what shapes it."""
    variables = {name.strip(): value for name, _, value in (text.partition("=") for text in inputs.variables)}
    return Given(
        tuple(given_variable(name, value) for name, value in sorted(variables.items())),
        tuple(map(str, inputs.env_files)),
        str(scope.settings or ""),
    )
