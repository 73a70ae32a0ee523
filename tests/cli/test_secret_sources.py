"""Every command of docs/secrets.md, as it stands there, with stand-ins for the secret managers that it names."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from pages import commands, files, sections
from shell import write

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from asking import Asker

PAGE = "secrets.md"
SECTIONS = sections(PAGE)
TOKEN, PASSWORD = "canary-token", "canary-database"

STAND_INS = {
    # sops exec-env FILE COMMAND: decrypts, and runs the command in a shell
    "sops": """\
        #!/bin/sh
        [ "$1" = exec-env ] && [ $# = 3 ] || exit 9
        set -a; . "./$2"; set +a
        exec sh -c "$3"
    """,
    # op run --env-file=FILE -- COMMAND...: looks up what op://VAULT/ITEM/FIELD names
    "op": """\
        #!/bin/sh
        [ "$1" = run ] && [ "$2" = "--env-file=prod.op.env" ] && [ "$3" = -- ] || exit 9
        while IFS='=' read -r name place; do
          case "$place" in op://*/*/*) export "$name=canary-${place##*/}" ;; *) exit 8 ;; esac
        done < prod.op.env
        shift 3
        exec "$@"
    """,
    "komodo-sync": f"""\
        #!/bin/sh
        exec {sys.executable} -m komodo_sync "$@"
    """,
}
PREPARED = {
    "prod.env": f"export WEB_TOKEN='{TOKEN}'\nDB_PASSWORD={PASSWORD}\n",
    "secrets.enc.env": f"WEB_TOKEN={TOKEN}\nDB_PASSWORD={PASSWORD}\n",
    "secrets/worker-token": f"{TOKEN}\n",
}
"""What a reader of the page has lying there."""


def run(line: str, folder: Path, env: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    tools = folder.parent / "bin"
    path = f"{tools}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        ["sh", "-ec", line],
        cwd=folder,
        env={**os.environ, **env, "PATH": path},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,  # ends what hangs; says nothing about how fast it is
        check=False,
    )


@pytest.fixture
def page(work: Path) -> Path:
    """A folder with what the page tells one to write, and the tools that it names."""
    for text in SECTIONS.values():
        write(work, files(text))
    write(work, PREPARED)
    tools = work.parent / "bin"
    tools.mkdir()
    for name, text in STAND_INS.items():
        lines = [line.removeprefix("        ") for line in text.splitlines()]
        (tools / name).write_text("\n".join(lines) + "\n")
        (tools / name).chmod(0o755)
    return work


def test_the_page_has_a_command_for_every_way() -> None:
    ways = [title for title, text in SECTIONS.items() if commands(text)]
    assert ways == ["CI", "A dotenv file", "sops", "1Password", "Mounted files"]


@pytest.mark.parametrize("title", [title for title, text in SECTIONS.items() if commands(text)])
def test_a_way_to_bring_secrets(title: str, page: Path, ask: Asker) -> None:
    [command] = commands(SECTIONS[title])
    given = {"WEB_TOKEN": TOKEN, "DB_PASSWORD": PASSWORD} if title == "CI" else {}
    done = run(command.line, page, given)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "canary" not in done.stdout + done.stderr
    if title == "Mounted files":
        assert ask.read("GetStack", stack="worker")["config"]["environment"] == f"TOKEN={TOKEN}\n"
    else:
        environment = ask.read("GetStack", stack="web")["config"]["environment"]
        assert environment == f"LOG_LEVEL=info\nTOKEN={TOKEN}\nDB_PASSWORD={PASSWORD}\n"


@pytest.mark.usefixtures("core")
def test_without_them_a_plan_is_made_and_nothing_is_applied(page: Path) -> None:
    done = run("komodo-sync plan stacks.yaml", page, {})
    assert (done.returncode, "unknown" in done.stdout) == (0, True), done.stderr
    done = run("komodo-sync apply --yes stacks.yaml", page, {})
    assert done.returncode == 4
    assert all(name in done.stderr for name in ("WEB_TOKEN", "DB_PASSWORD"))
    assert run("komodo-sync validate stacks.yaml mounted.yaml", page, {}).returncode == 0


@pytest.mark.usefixtures("core")
def test_a_mounted_file_outside_of_the_root_is_refused(page: Path) -> None:
    (page.parent / "outside").write_text("canary")
    (page / "secrets" / "worker-token").unlink()
    (page / "secrets" / "worker-token").symlink_to(page.parent / "outside")
    done = run("komodo-sync apply --yes mounted.yaml", page, {})
    assert (done.returncode, "KS016" in done.stdout + done.stderr) == (1, True)
    assert "canary" not in done.stdout + done.stderr
