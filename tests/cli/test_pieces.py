"""No command leaves a piece of what is known beside what it guessed at."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml
from awkward import AWKWARD, left_of

from komodo_sync.cli.formats import FORMATS

if TYPE_CHECKING:
    from asking import Asker
    from shell import Said, Shell

REPORTS = tuple(word for form in FORMATS for word in ("--report", f"{form}=reports/{form}"))
COMMANDS = ("docker login -u me -p {} ghcr.io", "mysql -p{} -h db; curl -u me:{} https://x", "echo 'failed: {}@x'")


def clean(said: Said, secret: str, *, tells: bool = True) -> Said:
    """Nothing of the secret is anywhere; `tells`: that there is one is told."""
    written = [path.read_text() for folder in ("reports", "out") for path in Path(folder).rglob("*") if path.is_file()]
    for text in (said.all, *written):
        assert not left_of(secret, text)
    assert not tells or "(secret)" in said.all
    return said


def manifest(said: str, text: str, **beside: object) -> str:
    stacks = [
        {
            "name": f"web-{number}",
            "config": {
                "server": "prod",
                "file_contents": f"x-simulate: fail\n{text}",
                "pre_deploy": {"path": ".", "command": command.replace("{}", said)},
            },
        }
        for number, command in enumerate(COMMANDS)
    ]
    return yaml.safe_dump({"servers": [{"name": "prod", "config": {"enabled": True}}], "stacks": stacks, **beside})


@pytest.mark.parametrize("secret", AWKWARD)
def test_what_comes_from_outside(
    shell: Shell, work: Path, ask: Asker, monkeypatch: pytest.MonkeyPatch, secret: str
) -> None:
    monkeypatch.setenv("HUB_TOKEN", secret)
    (work / "komodo-sync.yaml").write_text("manifests: [m.yaml]\n")
    (work / "m.yaml").write_text(manifest("${env:HUB_TOKEN}", "services: {a: {image: b}}\n"))
    clean(shell("plan", *REPORTS), secret, tells=False)
    clean(shell("apply", "--yes", *REPORTS), secret, tells=False)
    clean(shell("run", "DeployStack", "web-*", "--format", "json"), secret)
    clean(shell.good("call", "ListFullStacks"), secret)
    updates = [each for each in ask.read("ListUpdates")["updates"] if each["operation"] == "DeployStack"]
    assert len(updates) == len(COMMANDS)
    for update in updates:
        clean(shell.good("call", "GetUpdate", f"id={update['id']}"), secret)
    (work / "komodo-sync.yaml").unlink()
    clean(shell.good("export", "--out", "out"), secret, tells=False)


@pytest.mark.parametrize("secret", ["Kuh7,Gras8Milch9", "Som'mer;Nacht2024", "Gabel:Kuchen=Teller@Xaver1"])
def test_what_is_declared(shell: Shell, work: Path, core: object, secret: str) -> None:
    text = f"services:\n  a:\n    image: b\n    command: serve --token {secret} --host h # failed: {secret}@x\n"
    hub = {"name": "HUB", "value": secret, "is_secret": True}
    (work / "komodo-sync.yaml").write_text("manifests: [m.yaml]\n")
    (work / "m.yaml").write_text(manifest(secret, text, variables=[hub]))
    (work / "reports").mkdir()
    clean(shell("plan", "--out", "reports/plan.json", *REPORTS), secret)
    clean(shell("explain", "stack/web-0"), secret)
    clean(shell("apply", "--yes", *REPORTS), secret)
    clean(shell("run", "DeployStack", "web-*", "--format", "json"), secret)
    clean(shell.good("drift"), secret, tells=False)
