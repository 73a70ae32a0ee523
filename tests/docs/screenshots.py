"""Screenshots of plan and apply as SVG, from a real run against an embedded Core: `make screenshots` writes them."""

from __future__ import annotations

import io
import os
import pty
import re
import subprocess
import sys
import termios
from contextlib import suppress
from html import unescape
from pathlib import Path
from tempfile import TemporaryDirectory

from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console
from rich.terminal_theme import DIMMED_MONOKAI
from rich.text import Text

IMAGES = Path(__file__).parents[2] / "docs" / "images"
WIDTH = 104
# a picture in a README fetches nothing: whatever font of equal widths is there will do
FORMAT = re.sub(r"@font-face \{\{.*?\}\}\n?", "", CONSOLE_SVG_FORMAT, flags=re.DOTALL).replace(
    "font-family: Fira Code, monospace", "font-family: ui-monospace, Menlo, Consolas, monospace"
)

SETTINGS = "owner: platform\nprune: true\n"
SERVERS = "servers: [{name: prod-1, config: {address: https://prod-1:8120, enabled: true}}]\n"
BEFORE = """\
stacks:
  - name: web
    deploy: true
    after: [stack/db]
    config:
      server: prod-1
      environment: {LOG_LEVEL: info, REGION: eu, API_TOKEN: not-for-you}
      file_contents: |
        services:
          proxy:
            image: caddy:2.8
          web:
            image: ghcr.io/acme/web:1.4.0
  - name: db
    deploy: true
    config:
      server: prod-1
      file_contents: |
        services:
          postgres:
            image: postgres:16
  - name: tools
    config: {server: prod-1}
"""
WIKI = """\
stacks:
  - name: wiki
    deploy: true
    config:
      server: prod-1
      file_contents: |
        services:
          wiki:
            image: requarks/wiki:2
"""
EDITS = (
    ("ghcr.io/acme/web:1.4.0", "ghcr.io/acme/web:1.5.0"),
    ("LOG_LEVEL: info, REGION: eu, API_TOKEN: not-for-you", "LOG_LEVEL: debug, API_TOKEN: nor-for-me"),
    ("  - name: tools\n", "  - name: toolbox\n    renamed_from: tools\n"),
)


def screenshots() -> dict[str, str]:
    """The SVG texts by file name."""
    with TemporaryDirectory() as folder:
        work = Path(folder)
        files = {"komodo-sync.yaml": SETTINGS, "servers.yaml": SERVERS, "stacks.yaml": BEFORE, "wiki.yaml": WIKI}
        for name, text in files.items():
            (work / name).write_text(text, encoding="utf-8")
        _run(work, "apply", "--yes")
        after = BEFORE
        for old, new in EDITS:
            assert old in after
            after = after.replace(old, new)
        (work / "stacks.yaml").write_text(after, encoding="utf-8")
        (work / "wiki.yaml").unlink()
        plan = _run(work, "plan")
        applied = _run(work, "apply", "--yes", "--parallelism", "1")
        # the plan, which apply shows first, is the other picture
        assert plan in applied
        again = _run(work, "plan")
    return {
        "plan.svg": _svg("komodo-sync plan", f"$ komodo-sync plan\n{plan}"),
        "apply.svg": _svg(
            "komodo-sync apply",
            f"$ komodo-sync apply --yes\n...\n{applied.replace(plan, '').lstrip()}$ komodo-sync plan\n{again}",
        ),
    }


def said(svg: str) -> str:
    """What a picture says, whatever draws it and however it cuts the rows."""
    rows = re.findall(r"<text[^>]*>.*?</text>", svg)
    return "".join(unescape(re.sub(r"<[^>]+>", "", "".join(rows))).split())


def _run(work: Path, *arguments: str) -> str:
    environment = {
        key: value
        for key, value in os.environ.items()
        if not key.startswith(("KOMODO_", "GITHUB_", "COV_", "NO_COLOR", "COLUMNS", "LINES"))
    }
    # a terminal of that width, on which no row is written anew and none scrolls away
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (100, WIDTH))
    command = [sys.executable, "-m", "komodo_sync", *arguments, "--url", "sim:core.db"]
    environment |= {"FORCE_COLOR": "1", "TERM": "dumb"}
    shown = b""
    with subprocess.Popen(
        command, cwd=work, env=environment, stdin=subprocess.DEVNULL, stdout=theirs, stderr=theirs
    ) as run:
        os.close(theirs)
        with suppress(OSError):  # so a terminal ends whose other side is closed
            while part := os.read(ours, 65536):
                shown += part
    os.close(ours)
    assert run.returncode == 0, shown
    return shown.decode().replace("\r\n", "\n")


def _svg(title: str, text: str) -> str:
    console = Console(record=True, width=WIDTH, file=io.StringIO(), force_terminal=True, color_system="truecolor")
    console.print(Text.from_ansi(text.rstrip("\n")))
    svg = console.export_svg(title=title, theme=DIMMED_MONOKAI, code_format=FORMAT, unique_id=title.split()[-1])
    return svg if svg.endswith("\n") else f"{svg}\n"


if __name__ == "__main__":
    IMAGES.mkdir(parents=True, exist_ok=True)
    for file, text in screenshots().items():
        (IMAGES / file).write_text(text, encoding="utf-8")
        print(f"docs/images/{file}")
