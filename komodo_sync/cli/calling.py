"""What `run` and `call` have in common: words in, requests out, what became of each printed."""

from __future__ import annotations

import json
import os
import sys
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import click

from komodo_sync.errors import KomodoSyncError, UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from komodo_sync.calling.manner import Manner
    from komodo_sync.calling.naming import Named
    from komodo_sync.calling.parameters import Given
    from komodo_sync.calling.preparation import Prepared
    from komodo_sync.cli.calling_options import CallingOptions
    from komodo_sync.cli.options import ConnectionOptions
    from komodo_sync.execution.stop import StopFlag
    from komodo_sync.model.called import Called, Calls
    from komodo_sync.model.outcome import Wait

TELL_AFTER, AGAIN_AFTER = 10.0, 30.0
"""Seconds after which a wait is told, and told again."""


def perform(asked: CallingOptions, connection: ConnectionOptions, *, answer_alone: bool) -> int:
    """Does what was asked; the exit code. `answer_alone`: as JSON, one call's answer is printed as the Core gave it."""
    from komodo_sync.calling.calls import Caller, exit_code
    from komodo_sync.calling.naming import find_named
    from komodo_sync.calling.nature import NEW_SECRETS, is_read
    from komodo_sync.calling.parameters import read_given
    from komodo_sync.cli.console import told_to_whoever_reads
    from komodo_sync.cli.inputs import find_target, learn_manifests_of
    from komodo_sync.cli.interrupts import stop_on_signals
    from komodo_sync.cli.known import known
    from komodo_sync.cli.workspace import log_to_stderr
    from komodo_sync.session import connect
    from komodo_sync.settings import find_connection

    log_to_stderr(asked.verbose)
    declared = learn_manifests_of(asked.settings, asked.target, asked.env_files)
    named = find_named(asked.words)
    given = read_given(named.operation, named.rest, sys.stdin.read)
    if named.operation.name in NEW_SECRETS and asked.out is None and not asked.dry_run:
        raise UsageError(
            f"{named.name} answers a secret that nobody can ask for again, and no secret is printed",
            hint="add --out FILE: the whole answer is written to a new file that you alone can read",
        )
    if asked.out is not None:
        check_new(asked.out)
    settings = find_target(asked.settings, asked.target)
    core = find_connection(
        url=connection.url,
        key=connection.key,
        secret=connection.secret,
        profile=connection.profile,
        environment=os.environ,
        settings=settings,
    )
    with connect(core, known=known()) as session:
        caller = Caller(named, session.reader, session.writer, known=session.known, declared=declared)
        requests = caller.prepared(given)
        if asked.dry_run:
            return _print(caller.would_send(requests), asked, answer_alone=False)
        if asked.out is not None and len(requests) > 1:
            raise UsageError("--out takes one answer, and there are several", hint="name one")
        _ask_first(named, given, requests, session.host, asked)
        with stop_on_signals() as stop:
            timeouts = settings.timeouts if settings else {}
            caller.manner = _manner(asked, core.url, stop, timeouts, tell=not asked.quiet and len(requests) > 1)
            calls = caller.call(given, requests)
        if asked.out is not None:
            write_new(asked.out, caller.raw)
    with told_to_whoever_reads():
        alone = len(requests) == 1
        if is_read(named):
            _print_answers(calls, alone=alone)
        else:
            _print(calls, asked, answer_alone=answer_alone and alone)
    return exit_code(calls)


def _ask_first(named: Named, given: Given, requests: Sequence[Prepared], host: str, asked: CallingOptions) -> None:
    """What is destroyed has to be named, or somebody has to say yes."""
    from komodo_sync.calling.nature import destroys_unnamed, what_stops
    from komodo_sync.cli.asking import ask

    if asked.yes or not destroys_unnamed(named, given):
        return
    what = f"{named.name} {', '.join(each.subject for each in requests)}"
    told = what_stops(named)
    ask(
        f"{what} at {host}{f' ({told})' if told else ''}?",
        about=f"{what} at {host} would do away with what wildcards fit",
        otherwise="see what that is with --dry-run, then name it, or run this with --yes",
    )


def _manner(asked: CallingOptions, url: str, stop: StopFlag, timeouts: Mapping[str, float], *, tell: bool) -> Manner:
    from komodo_sync.calling.manner import Manner

    teller = _Teller(quiet=asked.quiet)

    def link(update: str) -> str:
        return f"{url}/updates/{update}" if url.startswith("http") else ""

    def ended(called: Called) -> None:
        if tell:
            teller.ended(called)

    return Manner(
        wait=asked.wait,
        timeout=asked.timeout or 0.0,
        timeouts=timeouts,
        parallelism=asked.parallelism,
        stopped=lambda: stop.requested,
        abandoned=lambda: stop.abandoned,
        heard=teller.heard,
        ended=ended,
        link=link,
    )


class _Teller:
    """Lines on stderr: each call of several as it ends, and what is waited for long."""

    def __init__(self, *, quiet: bool) -> None:
        self._quiet = quiet
        self._lock = threading.Lock()
        self._told: dict[str, float] = {}

    def heard(self, subject: str, wait: Wait) -> None:
        """Told after a while, and again now and then."""
        with self._lock:
            last = self._told.get(subject)
            due = TELL_AFTER if last is None else last + AGAIN_AFTER
            if not self._quiet and wait.seconds >= due:
                self._told[subject] = wait.seconds
                self._say(f"{subject}: {wait.why}, {wait.seconds:.0f} s so far")

    def ended(self, called: Called) -> None:
        """Told once."""
        from komodo_sync.report.called import fate_line

        with self._lock:
            self._say(f"{called.subject}: {fate_line(called)}")

    @staticmethod
    def _say(text: str) -> None:
        with suppress(OSError, ValueError):
            click.echo(text, err=True)


def _print(calls: Calls, asked: CallingOptions, *, answer_alone: bool) -> int:
    from komodo_sync.cli.console import stderr_style, stdout_style
    from komodo_sync.cli.writing import printed
    from komodo_sync.model.called import Fate
    from komodo_sync.report.called import answer_json, called_json, called_text

    if asked.format == "json":
        if not (answer_alone and _unanswered(calls)):
            click.echo(printed("json", answer_json(calls) if answer_alone else called_json(calls)), nl=False)
        if answer_alone and calls.of(Fate.DONE) != calls.called:
            # the answer says it in its own way; this says it in words
            style = stderr_style()
            click.echo(called_text(calls, color=style.color, width=style.width), nl=False, err=True, color=style.color)
        return 0
    style = stdout_style()
    text = called_text(calls, color=style.color, width=style.width)
    click.echo(printed("text", text), nl=False, color=style.color)
    return 0


def _unanswered(calls: Calls) -> bool:
    """Whether it ended before there was an answer; a `null` would pass for one."""
    from komodo_sync.model.called import Fate

    early = (*calls.of(Fate.NOT_STARTED), *calls.of(Fate.UNFINISHED))
    return calls.answer is None and early == calls.called and all(each.answer is None for each in early)


def _print_answers(calls: Calls, *, alone: bool) -> None:
    """What reads were answered is JSON, whoever reads it."""
    from komodo_sync.cli.console import stderr_style
    from komodo_sync.cli.writing import printed
    from komodo_sync.report.called import answer_json, called_json, called_text

    if alone and _unanswered(calls):
        style = stderr_style()
        click.echo(called_text(calls, color=style.color, width=style.width), nl=False, err=True, color=style.color)
        return
    click.echo(printed("json", answer_json(calls) if alone else called_json(calls)), nl=False)


def check_new(path: Path) -> None:
    """Raises UsageError for a file that is there already: what it holds would be lost."""
    if path.exists():
        raise UsageError(f"--out {path}: there is such a file", hint="name a new one")
    if not path.absolute().parent.is_dir():
        raise UsageError(f"--out {path}: there is no such folder", hint="make it, or name another file")


def write_new(path: Path, answer: Any) -> None:
    """Writes an answer to a new file that its owner alone can read."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            stream.write(json.dumps(answer, indent=2) + "\n")
    except OSError as error:
        raise KomodoSyncError(
            f"{path} cannot be written: {(error.strerror or 'it fails').lower()}",
            hint="the call was made, and its answer is lost: undo it, and call again with another --out",
        ) from None
