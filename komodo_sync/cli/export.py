"""`komodo-sync export`."""

from __future__ import annotations

from fnmatch import fnmatchcase
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from komodo_sync.cli.options import connection_options, input_options
from komodo_sync.errors import RefusedError, UsageError
from komodo_sync.model.data import replace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from komodo_sync.cli.export_folder import Folder
    from komodo_sync.cli.options import ConnectionOptions, InputOptions
    from komodo_sync.export import Existing, Exported, Split
    from komodo_sync.manifest import Loaded
    from komodo_sync.model.address import Address
    from komodo_sync.model.desired import Desired
    from komodo_sync.model.observed import Observed
    from komodo_sync.session import Session
    from komodo_sync.settings import Settings


@click.command(short_help="Write what a Core holds as manifests.")
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), required=True, metavar="DIR", help="Where to write them."
)
@click.option(
    "--split",
    type=click.Choice(["kind", "tag", "server", "resource"]),
    default="kind",
    show_default=True,
    help="What makes a file: a kind, the first tag, the server, or each resource.",
)
@click.option("--select", multiple=True, metavar="KIND/NAME", help="Write these alone; wildcards; may be given again.")
@click.option("--adopt", is_flag=True, help="Then give what was written our owner's tag, and do nothing else.")
@click.option("--owner", metavar="NAME", help="Whose tag marks what is ours (setting: owner).")
@click.option("--force", is_flag=True, help="Write the files anew, whatever stands there.")
@click.option(
    "--settings", type=click.Path(path_type=Path), metavar="FILE", help="Settings other than komodo-sync.yaml."
)
@click.option("-v", "--verbose", count=True, help="Tell on stderr which Core and settings are meant.")
@click.option("-q", "--quiet", is_flag=True, help="Errors alone on stderr, what secrets to set, and what may be one.")
@input_options
@connection_options
def export(
    inputs: InputOptions,
    connection: ConnectionOptions,
    out: Path,
    split: Split,
    select: tuple[str, ...],
    adopt: bool,
    owner: str | None,
    force: bool,
    settings: Path | None,
    verbose: int,
    quiet: bool,
) -> int:
    """Write what a Core holds as minimal manifests, in DIR.

    Manifests that are there already are changed in the fields in which they differ from the Core, and in no others;
    comments and order stay. What is known to be secret is not written: ${env:NAME} stands in its place, and what to set
    is told on stderr. What merely looks like a secret inside of a text, as a compose file, is kept there and told. What
    belongs to another owner is left out.
    """
    import os

    from komodo_sync.cli.console import tell_new
    from komodo_sync.cli.export_folder import Folder
    from komodo_sync.cli.inputs import find_inputs, find_target, make_lookup
    from komodo_sync.cli.known import known, learn_manifests
    from komodo_sync.client.snapshot import observe
    from komodo_sync.export import Existing
    from komodo_sync.export import export as written
    from komodo_sync.kinds import KINDS
    from komodo_sync.masking.redaction import learn_live
    from komodo_sync.session import connect
    from komodo_sync.settings import find_connection

    found = find_target(settings, inputs.target)
    chosen = owner if owner is not None else found.owner if found else ""
    if adopt and not chosen:
        raise UsageError("--adopt needs to know whose it is to be", hint="give --owner NAME, or set owner: NAME")
    target = find_connection(
        url=connection.url,
        key=connection.key,
        secret=connection.secret,
        profile=connection.profile,
        environment=os.environ,
        settings=found,
    )
    if verbose:
        click.echo(f"settings: {found.file if found else 'none'}", err=True)
        click.echo(f"Core: {target.url}, from {target.url_origin}", err=True)
    folder = Folder(
        out, found, make_lookup(inputs.env_files, inputs.variables, os.environ), inputs.overlays, anew=force
    )
    in_use = None
    if found is not None:
        in_use = learn_manifests(lambda: find_inputs((), settings, inputs).load(), texts=False)
    loaded = None if force else folder.load()
    if loaded is not None and found is None:
        there = loaded
        learn_manifests(lambda: folder.load(secrets=True) or there, texts=False)
    declared = loaded.desired if loaded is not None else in_use() if in_use is not None else None
    with connect(target, known=known()) as session:
        tell_new(session, quiet=quiet)
        observed = observe(session.reader, frozenset(KINDS), states=False)
        selected, left_out = _selected(observed, select, chosen)
        # what stands apart from the other manifests, and is written anew, is planned without them
        let_go = dict(_let_go(declared)) if declared is not None and not (force and folder.apart) else {}
        left_out |= {address: let_go[address] for address in selected if address in let_go}
        selected = [address for address in selected if address not in left_out]
        existing = Existing() if force else folder.existing(loaded, observed)
        learn_live(known(), observed, declared)
        write = partial(written, observed, selected, split=split, known=known(), declared=declared)
        made, aside = _write(folder, observed, existing, write, force=force)
        for path in made.files:
            click.echo(str(out / path))
        _tell(made, [*_unseen(observed), *_unnamed(aside)], left_out, quiet=quiet)
        if not quiet:
            _tell_elsewhere(made, existing, folder)
        _tell_secrets(made)
        after = folder.load()
        if after is not None and not quiet:
            _tell_left(folder, after, observed, made)
        loaded = folder.load(secrets=True) if adopt else None
        return _adopt(session, found, loaded, made, chosen, quiet=quiet) if loaded is not None else 0


def _write(
    folder: Folder, observed: Observed, existing: Existing, write: Callable[..., Exported], *, force: bool
) -> tuple[Exported, dict[str, str]]:
    """Writes what differs, then what differs since then: a value that several manifests share was changed for all of
    them. Also tells what became of files that are named no more."""
    made: Exported | None = None
    aside: dict[str, str] = {}
    for _ in range(_ROUNDS):
        new = write(existing=existing)
        if not force:
            folder.check(new.files, existing)
        folder.write(new.files)
        aside |= folder.put_aside(new.unnamed)
        made = new if made is None else made.followed_by(new)
        if force or not new.files:
            break
        existing = folder.existing(folder.load(), observed)
        if existing.differing.keys().isdisjoint(new.written):
            break
    assert made is not None
    return made, aside


_ROUNDS = 5
"""What is shared by what is shared is as deep as anybody writes it."""


def _selected(observed: Observed, patterns: Sequence[str], owner: str) -> tuple[list[Address], dict[Address, str]]:
    """What is to be written, and what is not because it belongs to somebody else than `owner`, with these words."""
    from komodo_sync.planning.ownership import owners

    for pattern in patterns:
        if "/" not in pattern:
            raise UsageError(
                f"--select {pattern} is not kind/name", hint=f"write --select 'stack/{pattern}', or '*/{pattern}'"
            )
    meant = [each for each in observed.resources if not patterns or any(fnmatchcase(str(each), p) for p in patterns)]
    if patterns and not meant:
        raise UsageError(f"--select {' '.join(patterns)}: the Core has nothing of that name")
    holders = {address: owners(observed.resources[address].tags) for address in meant}
    foreign = [address for address in meant if owner and holders[address] and owner not in holders[address]]
    told = dict.fromkeys(foreign, "it belongs to another owner")
    return [address for address in meant if address not in told], told


def _let_go(declared: Desired) -> Iterator[tuple[Address, str]]:
    """What the manifests say is to be deleted or let go, and where: declared as well, both could not be true."""
    for word, mentions in (("absent", declared.absent), ("forget", declared.forget)):
        yield from ((each.address, f"it is listed under {word} at {each.span}") for each in mentions)


def _unseen(observed: Observed) -> Iterator[str]:
    """What the key may not list."""
    from komodo_sync.kinds import KINDS

    for name, spec in KINDS.items():
        if name not in observed.kinds:
            yield f"{spec.plural} are not written: the key of {observed.user} is not an admin's"


def _unnamed(aside: Mapping[str, str]) -> Iterator[str]:
    """What became of the files that no manifest names any more."""
    for path, name in aside.items():
        kept = "" if name == path else f"; it is {name} now, so that it is not read as one"
        yield f"{path} is named by no manifest any more{kept}"


def _tell(made: Exported, unseen: list[str], left_out: Mapping[Address, str], *, quiet: bool) -> None:
    """What is not in the files, and why."""
    lines = [f"{item.address}{' ' + item.field if item.field else ''} is not written: {item.reason}"
             for item in made.omissions]  # fmt: skip
    lines += unseen
    lines += [f"{address} is not written: {why}" for address, why in left_out.items()]
    lines += [f"{address} is declared, and in the Core no more; its manifest was left alone" for address in made.gone]
    suspects = [f"{path}:{line} may hold a secret in clear ({key})" for path, line, key in made.suspects]
    # what was written in clear is to be acted on, also by whoever wants to hear little
    for line in suspects if quiet else [*lines, *suspects]:
        click.echo(f"warning: {line}", err=True)
    if not quiet:
        count = len(made.files)
        total = len(made.written)
        click.echo(
            f"{total} resource{'' if total == 1 else 's'}, {count} file{'' if count == 1 else 's'} written", err=True
        )


_FILES = 3
"""That many are named where something is declared in more."""


def _tell_elsewhere(made: Exported, existing: Existing, folder: Folder) -> None:
    """Why what is declared outside of the folder was not written into it."""
    if not made.elsewhere:
        return
    one = len(made.elsewhere) == 1
    what = "1 resource is" if one else f"{len(made.elsewhere)} resources are"
    files = sorted({existing.said[address].span.file for address in made.elsewhere if address in existing.said})
    more = f" and {len(files) - _FILES} more" if len(files) > _FILES else ""
    where = f", in {', '.join(files[:_FILES])}{more}" if files else ""
    it, them = ("it is", "it") if one else ("they are", "them")
    # in a place of the manifests they would be declared twice
    way = f"; --force writes {them} all the same" if folder.apart else ""
    click.echo(f"{what} declared already as {it}{where}{way}", err=True)


def _tell_secrets(made: Exported) -> None:
    """What to set in the environment before the manifests can be planned."""
    if not made.wanted:
        return
    click.echo("\nSecrets were not written. Set these before you plan or apply:", err=True)
    width = max(len(item.name) for item in made.wanted)
    for item in made.wanted:
        click.echo(f"  {item.name:<{width}}  {item.address}{' ' + item.field if item.field else ''}", err=True)


def _tell_left(folder: Folder, loaded: Loaded, observed: Observed, made: Exported) -> None:
    """What still differs although it was written: a manifest that shares a value with another one, say."""
    left = folder.differing(loaded, observed)
    told = {(item.address, item.field) for item in made.omissions}
    for address in made.written:
        for pointer in sorted(left.get(address, ())):
            if (address, pointer.removeprefix("config/")) in told:
                continue
            click.echo(f"warning: {address} still differs from the Core: {pointer}", err=True)


def _adopt(
    session: Session, settings: Settings | None, loaded: Loaded, made: Exported, owner: str, *, quiet: bool
) -> int:
    """Gives what was written the owner's tag. Raises RefusedError when a plan would do anything else."""
    from komodo_sync.cli.interrupts import stop_on_signals
    from komodo_sync.cli.progress import open_progress
    from komodo_sync.model.address import Address
    from komodo_sync.model.plan import Action
    from komodo_sync.planning.ownership import owner_tag
    from komodo_sync.session import apply, check_refusals, exit_code, plan, plan_options

    options = plan_options(settings, loaded, owner=owner, prune=False, deploy=False)
    options = replace(options, only=frozenset(made.written))
    planned = plan(session, loaded, options)
    check_refusals(planned.plan)
    tag = Address("tag", owner_tag(owner))
    more = [
        f"{item.address} {change.action} {' '.join(each.pointer for each in change.fields)}".strip()
        for item in planned.plan.resources
        for change in item.changes
        if item.address != tag
        and (change.action not in (Action.ADOPT, Action.UPDATE) or {each.pointer for each in change.fields} != {"tags"})
    ]
    if more:
        raise RefusedError(
            "nothing was adopted: a plan of these manifests would do more than tag",
            detail="\n".join(more),
            hint="run plan to see it in full, mend the manifests, then export --adopt again",
        )
    steps = sum(map(len, planned.plan.waves))
    with stop_on_signals() as stop, open_progress(steps, quiet=quiet) as listener:
        outcome = apply(session, planned, loaded, options, parallelism=8, verify=True, listener=listener, stop=stop)
    return exit_code(outcome)
