"""The example of a policy, run on plans as the pages say."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from shell import ask, core, host, pauses, shell, work, write

if TYPE_CHECKING:
    from asking import Asker
    from shell import Shell

__all__ = ["ask", "core", "host", "pauses", "shell", "work"]
ROOT = Path(__file__).parents[2]
POLICY = ROOT / "examples/policies/policy.py"
SETTINGS = "owner: me\nprune: true\n"
GOOD = """\
stacks:
  - name: web
    description: The site
    config: {file_contents: "services:\\n  web:\\n    image: nginx:1.27\\n"}
"""
OTHERS = "# image: x\\n    x-image: y\\n  b: {image: z}"
"""A comment, a key that only looks like it, and an image on a line with its service."""


def judged(text: str) -> tuple[int, list[str]]:
    done = subprocess.run(
        [sys.executable, str(POLICY)], input=text, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.stdout == ""
    return done.returncode, done.stderr.splitlines()


def plan(shell: Shell) -> str:
    shell.good("plan", "--out", "plan.json")
    return shell.good("show", "plan.json", "--format", "json").out


@pytest.mark.usefixtures("core")
def test_what_is_within_the_rules_passes_and_is_applied(shell: Shell, work: Path) -> None:
    write(work, {"komodo-sync.yaml": SETTINGS, "m.yaml": GOOD})
    assert judged(plan(shell)) == (0, [])
    shell.good("apply", "--plan", "plan.json")


@pytest.mark.parametrize(
    ("manifest", "reason"),
    [
        (GOOD.replace("nginx:1.27", "nginx"), "stack/web create: nginx has no version"),
        (GOOD.replace("nginx:1.27", "r.io:5/a/nginx:latest"), "stack/web create: r.io:5/a/nginx:latest has no version"),
        (GOOD.replace("web:\\n    image: nginx:1.27", "web: {image: nginx}"), "stack/web create: nginx has no version"),
        (GOOD.replace("nginx:1.27", f"nginx:1 {OTHERS}"), "stack/web create: z has no version"),
        (GOOD.replace("    description: The site\n", ""), "stack/web create: a new stack needs a description"),
    ],
)  # fmt: skip
@pytest.mark.usefixtures("core")
def test_what_is_against_a_rule_is_told(shell: Shell, work: Path, manifest: str, reason: str) -> None:
    write(work, {"komodo-sync.yaml": SETTINGS, "m.yaml": manifest})
    assert judged(plan(shell)) == (1, [reason])


def test_deletes(shell: Shell, work: Path, ask: Asker) -> None:
    ask.write("CreateTag", name="owner:me")
    ask.write("CreateServer", name="old", config={})
    ask.write("UpdateResourceMeta", target={"type": "Server", "id": "old"}, tags=["owner:me"])
    write(work, {"komodo-sync.yaml": SETTINGS, "m.yaml": GOOD})
    assert judged(plan(shell)) == (1, ["server/old delete: a server is deleted by hand, not by a plan"])


SERVER = "servers: [{name: prod, config: {address: 'https://prod:8120', enabled: true}}]\n"


@pytest.mark.usefixtures("core")
def test_a_change_that_stops_much(shell: Shell, work: Path) -> None:
    services = ", ".join(f"{name}: {{image: 'x:1'}}" for name in "abcd")
    config = f'{{server: prod, file_contents: "services: {{{services}}}"}}'
    runs = f"stacks: [{{name: web, description: x, deploy: true, config: {config}}}]"
    write(work, {"komodo-sync.yaml": SETTINGS, "m.yaml": SERVER + runs})
    assert judged(plan(shell)) == (0, [])
    shell.good("apply", "--plan", "plan.json")
    write(work, {"m.yaml": SERVER})
    assert judged(plan(shell)) == (1, ["stack/web delete: it stops 4 services (a, b, c, d), and 3 are the most"])


@pytest.mark.parametrize("text", ["", "[]", '{"format_version": 2}'])
def test_what_is_no_plan_does_not_pass(text: str) -> None:
    assert judged(text) == (2, ["no plan of format 1 on stdin"])


def test_the_page_shows_the_rule_as_it_is() -> None:
    page = (ROOT / "docs/policies.md").read_text(encoding="utf-8")
    rule = page.partition("```python\n")[2].partition("```")[0].partition("\n")[2]
    assert rule
    assert rule in POLICY.read_text(encoding="utf-8")
