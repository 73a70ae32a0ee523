"""`komodo-sync demo`: the main job, told as a story, on an embedded Core and a copy of the examples."""

from __future__ import annotations

import difflib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import click

from komodo_sync.cli.options import verbosity_options
from komodo_sync.errors import KomodoSyncError

_HERE = Path(__file__).resolve().parents[2] / "examples"
_EDITS = (
    ("stacks/web.yaml", "LOG_LEVEL: info", "LOG_LEVEL: debug"),
    ("stacks/web/compose.yaml", "image: redis:7", "image: redis:7.4"),
    ("stacks/tools.yaml", "- name: tools", "- name: toolbox\n    renamed_from: tools"),
)
_PRUNED = "stacks/wiki.yaml"


@click.command(short_help="See plan and apply at work on an embedded Core.")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), required=False)
@verbosity_options
def demo(folder: Path | None) -> int:
    """Plan and apply the manifests of FOLDER (the project's examples) on an embedded Core, change them, do it again.

    Works on a copy in a temporary folder; needs no Komodo, no account and no network.
    """
    source = folder or (Path("examples") if Path("examples").is_dir() else _HERE)
    if not (source / _PRUNED).is_file():
        raise KomodoSyncError(
            f"{source} does not hold the demo's manifests",
            hint="run it in a checkout of komodo-sync, or name its examples/",
        )
    with tempfile.TemporaryDirectory(prefix="komodo-sync-demo-") as scratch:
        return _Story(Path(scratch)).tell(source)


class _Story:
    def __init__(self, scratch: Path) -> None:
        self.manifests = scratch / "manifests"
        self.core = f"sim:{scratch / 'core.db'}"

    def tell(self, source: Path) -> int:
        """The whole story; the worst exit code of its commands."""
        shutil.copytree(source, self.manifests)
        _say(
            "1. An empty Komodo Core",
            f"A folder of manifests ({source}) declares servers, stacks, builds and more. What is missing in the Core?",
        )
        codes = [self._run("plan")]
        _say(
            "2. Apply it",
            "Everything is created and deployed in order, then planned again to prove that nothing is left.",
        )
        codes.append(self._run("apply", "--yes"))
        _say("3. The same plan once more", "What is declared is what the Core holds.")
        codes.append(self._run("plan"))
        _say(
            "4. A day later",
            "In git, somebody edits a stack, renames another and removes a third. In Komodo's UI, somebody else "
            "deploys the wiki and changes the database's description and branch by hand.",
        )
        self._edit()
        self._drift()
        codes.append(self._run("plan"))
        _say(
            "5. Apply that",
            "One rename keeps the stack's history; what changed is deployed; what was removed goes last.",
        )
        codes.append(self._run("apply", "--yes"))
        codes.append(self._run("plan"))
        _say("That was the main job.", "Write manifests, review the plan, apply it. See README.md for how to begin.")
        return max(codes)

    def _run(self, *arguments: str) -> int:
        shown = " ".join(("komodo-sync", *arguments))
        click.secho(f"\n$ {shown}", bold=True)
        environment = {
            key: value for key, value in os.environ.items() if not key.startswith(("KOMODO_CLI_", "KOMODO_SYNC_"))
        }
        sys.stdout.flush()
        command = [sys.executable, "-m", "komodo_sync", *arguments, "--url", self.core]
        return subprocess.run(command, cwd=self.manifests, env=environment, check=False).returncode  # noqa: S603

    def _edit(self) -> None:
        for name, old, new in _EDITS:
            path = self.manifests / name
            before = path.read_text(encoding="utf-8")
            after = before.replace(old, new)
            path.write_text(after, encoding="utf-8")
            for line in difflib.unified_diff(before.splitlines(), after.splitlines(), name, name, lineterm="", n=1):
                click.secho(f"    {line}", dim=True)
        (self.manifests / _PRUNED).unlink()
        click.secho(f"    deleted: {_PRUNED}", dim=True)

    def _drift(self) -> None:
        """What a person does in Komodo's UI, done through the API."""
        from komodo_sync.client.updates import Executor
        from komodo_sync.session import connect
        from komodo_sync.settings import find_connection

        with connect(find_connection(url=self.core, environment={})) as session:
            Executor(session.reader, session.writer).run("DeployStack", {"stack": "wiki"})
            session.writer.write("UpdateStack", {"id": "db", "config": {"branch": "try-this", "auto_pull": False}})
            target = {"type": "Stack", "id": "db"}
            session.writer.write("UpdateResourceMeta", {"target": target, "description": "do not touch!!"})


def _say(title: str, text: str) -> None:
    click.secho(f"\n{'=' * 78}\n{title}", bold=True)
    click.echo(text)
