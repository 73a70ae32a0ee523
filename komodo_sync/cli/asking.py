"""A question on the terminal, to which only `yes` is a yes."""

from __future__ import annotations

import sys

import click

from komodo_sync.errors import RefusedError, StoppedError


def somebody_is_there() -> bool:
    """Whether there is a terminal to ask on."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def ask(question: str, *, otherwise: str, about: str = "") -> None:
    """Goes on when somebody types yes. Raises RefusedError when they do not, or when there is no terminal (`about`
    says what would have been done, `otherwise` what to do then), and StoppedError at Ctrl-C."""
    if not somebody_is_there():
        raise RefusedError(f"{about or question}, and there is no terminal to ask on", hint=otherwise)
    try:
        # Ctrl-C may come as soon as the question can be read
        click.echo(f"\n{question} Type yes: ", err=True, nl=False)
        answer = sys.stdin.readline().strip().lower()
    except KeyboardInterrupt:
        click.echo(err=True)
        raise StoppedError("stopped at the question", hint="nothing was written") from None
    except (UnicodeDecodeError, OSError):
        # no text, or the terminal is gone
        answer = ""
    if answer != "yes":
        raise RefusedError("not done: the answer was not yes", hint="nothing was written")
