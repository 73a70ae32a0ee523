"""`komodo-sync simulate`: an embedded Komodo Core on a port."""

from __future__ import annotations

import gc
import signal
from pathlib import Path
from typing import Any

import click

from komodo_sync.cli.options import Seconds, verbosity_options


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), default=9120, show_default=True, help="0 takes any free port.")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--state", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Keep the state in this file."
)
@click.option("--key", metavar="K", help="The admin's API key, instead of the one before; made up if never given.")
@click.option("--secret", metavar="S", help="The secret of that key.")
@click.option(
    "--fault", "faults", multiple=True, metavar="WHERE=WHAT", help="Get something wrong: UpdateStack=busy:3, *=429."
)
@click.option(
    "--pull-cache",
    type=Seconds(min=0),
    default=0.0,
    metavar="SECONDS",
    help="Pull a git checkout at most once in this time, as a real Core does (5).",
)
@verbosity_options
def simulate(
    port: int,
    host: str,
    state: Path | None,
    key: str | None,
    secret: str | None,
    faults: tuple[str, ...],
    pull_cache: float,
) -> None:
    """Serve an embedded Komodo Core 2.3.2 on this machine.

    It answers as a real Core does and deploys nothing; a line `x-simulate: fail` in a compose text (or `slow:2`,
    `exit:30`, `unhealthy`, `starting:20`) says what becomes of it. Ctrl-C stops it; with --state the next one goes on
    where it was, and what was being executed then has failed. --key and --secret replace those of an earlier start;
    keys that were made through the API stay.

    \b
    Faults, each as often as wanted:
      UpdateStack=busy:3       refused as busy three times
      ListFullStacks=500       a status
      *=html                   a login page
      CreateStack=drop         done, but not answered
      DeployStack:web=fail     this deploy fails
      *=slow:0.2               0.2 seconds later
      DeployStack=takes:2      the execution lasts 2 seconds
      RunBuild=hang            it never ends
      DeployStack=fails:Compose Pull    it fails at that stage
      unreachable=prod-1       the agent on that server does not answer
      undocked=prod-1          it does, and its docker does not
      version=1.19.5           the version that it says
    """
    from komodo_sync.simulator import EmbeddedCore
    from komodo_sync.simulator.listening import Listener

    # it runs for long, unlike every other command
    gc.enable()
    with EmbeddedCore.open(state, key=key, secret=secret, faults=faults, pull_cache=int(pull_cache * 1000)) as core:
        listener = Listener(core.app, host, port)
        core.start()

        def stop(_number: int, _frame: Any) -> None:
            listener.stop()

        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, stop)
        click.echo(f"Komodo Core 2.3.2 (simulated) at {listener.url}", err=True)
        if key is None or secret is None:
            click.echo(f"KOMODO_CLI_HOST={listener.url}", err=True)
            click.echo(f"KOMODO_CLI_KEY={core.key}", err=True)
            click.echo(f"KOMODO_CLI_SECRET={core.secret}", err=True)
        listener.serve()
        core.settle()
