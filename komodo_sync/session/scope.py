"""What shapes a plan: the settings, and over them what was asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from komodo_sync.errors import UsageError
from komodo_sync.model.data import Data
from komodo_sync.model.scope import GivenVariable
from komodo_sync.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence
    from pathlib import Path

    from komodo_sync.manifest import Loaded
    from komodo_sync.model.address import Address
    from komodo_sync.model.desired import Omitted
    from komodo_sync.model.plan_key import PlanKey
    from komodo_sync.planning import Options
    from komodo_sync.planning.selection import Term

    ChangedFiles = Callable[[str], Collection[str]]


class Given(Data, frozen=True):
    """What was given on the command line beside what shapes the plan, as the plan records it."""

    variables: tuple[GivenVariable, ...] = ()
    env_files: tuple[str, ...] = ()
    settings: str = ""


def given_variable(name: str, value: str) -> GivenVariable:
    """A `--var` as it may be recorded: public values are, what looks like a secret is not."""
    from komodo_sync.masking.mask import shown_text
    from komodo_sync.model.secrecy import looks_secret

    hidden = looks_secret(name) or shown_text(value) != value
    return GivenVariable(name, None if hidden else value)


def plan_options(
    settings: Settings | None,
    loaded: Loaded,
    *,
    paths: Sequence[Path] = (),
    select: Sequence[str] = (),
    owner: str | None = None,
    prune: bool | None = None,
    omitted_fields: Omitted | None = None,
    adopt_changes: bool = False,
    allow_syncs: bool = False,
    allow_deletes: int | None = None,
    allow_deploys: int | None = None,
    deploy: bool = True,
    refresh: bool = True,
    abandon_old: bool = False,
    host: str = "",
    changed: ChangedFiles | None = None,
    given: Given | None = None,
    plan_key: PlanKey | None = None,
    saved: bool = False,
) -> Options:
    """What shapes the plan: the settings, and over them what was asked for. `changed`: the files that differ from a git
    revision; `given`: what else a plan records; `saved`: it is to be approved. Raises UsageError."""
    from komodo_sync.planning import Limits, Options

    selections = [read_selection(text) for text in select]
    base = settings or Settings.without_file()
    chosen_owner = base.owner if owner is None else owner
    prunes = base.prune if prune is None else prune
    if prunes and settings is None:
        raise UsageError(
            "without settings nothing is pruned: only they say what the whole declared world is",
            hint="write a komodo-sync.yaml with `owner` and `prune: true`, or leave --prune out",
        )
    if prunes and not chosen_owner:
        raise UsageError(
            "prune needs an owner: only what carries its tag is ever deleted",
            hint="set owner: NAME in komodo-sync.yaml, or give --owner NAME",
        )
    limits, beside = base.limits, given or Given()
    return Options(
        owner=chosen_owner,
        prune=prunes,
        omitted_fields=omitted_fields or base.omitted_fields,
        protect=base.protect,
        timeouts=base.timeouts,
        select=tuple(select),
        paths=tuple(str(path) for path in paths) if settings else (),
        only=loaded.addresses_under(paths) if settings and paths else None,
        selected=_selected(select, selections, loaded, changed or _no_git) if select else None,
        adopt_changes=adopt_changes,
        allow_syncs=allow_syncs,
        deploy=deploy,
        refresh=refresh,
        abandon_old=abandon_old,
        removal=base.delete,
        host=host,
        target=base.target,
        overlays=loaded.overlays,
        manifests=() if settings else tuple(str(path) for path in paths),
        variables=beside.variables,
        env_files=beside.env_files,
        settings=beside.settings,
        allow_deletes=allow_deletes,
        allow_deploys=allow_deploys,
        plan_key=plan_key,
        saved=saved,
        limits=Limits(
            limits.deletes if allow_deletes is None else allow_deletes,
            limits.delete_percent if allow_deletes is None else None,
            limits.deploys if allow_deploys is None else allow_deploys,
            limits.failures,
        ),
    )


def read_selection(text: str) -> tuple[Term, ...]:
    """The terms of what `--select` says. Raises UsageError."""
    from komodo_sync.planning.selection import SelectionError, parse

    try:
        return parse(text)
    except SelectionError as error:
        pointed = f"{text}\n{' ' * error.position}^"
        raise UsageError(f"--select {text}: {error}".replace(" : ", ": "), detail=pointed, hint=error.help) from None


def _selected(
    select: Sequence[str], selections: Sequence[tuple[Term, ...]], loaded: Loaded, changed: ChangedFiles
) -> frozenset[Address]:
    """What the selections pick. Raises UsageError where that is nothing: a misspelt one would look like nothing to do.
    That no file has changed is no mistake."""
    from komodo_sync.planning.selection import What, nearest, picked

    terms = [term for each in selections for term in each]
    revisions = {term.pattern for term in terms if term.what is What.CHANGED}
    found = picked(selections, loaded.desired, {name: changed(name) for name in sorted(revisions)})
    if not found and not revisions and not loaded.desired.failed:
        said = " ".join(f"--select {text}" for text in select)
        raise UsageError(f"{said}: nothing that is declared fits", hint=nearest(terms[0], loaded.desired.resources))
    return found


def _no_git(revision: str) -> frozenset[str]:
    raise UsageError(f"--select changed:{revision} cannot be told here", hint="use it with plan or apply")
