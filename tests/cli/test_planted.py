"""Passwords of commands in every text, declared and live, are told by nothing that is printed or written; what stands
beside them is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from canaries import Babbler
from planted import PUBLIC, VALUE, Planted, lines_of
from shell import write

from komodo_sync.cli.formats import FORMATS
from komodo_sync.wire import core_text, update_text

if TYPE_CHECKING:
    from asking import Asker
    from shell import Said, Shell

    from komodo_sync.simulator import EmbeddedCore

REPORTS = tuple(word for form in FORMATS for word in ("--report", f"{form}=reports/{form}"))
PLURALS = {
    "Stack": "stacks", "Build": "builds", "Deployment": "deployments", "Repo": "repos", "Action": "actions",
    "Procedure": "procedures", "ResourceSync": "resource_syncs",
}  # fmt: skip
KINDS = (
    ("stack", "web"), ("build", "image"), ("deployment", "job"), ("repo", "code"), ("action", "script"),
    ("procedure", "steps"), ("resource_sync", "other"),
)  # fmt: skip
OURS = ("komodo-sync.yaml", "m", "backup", "exported", "other.toml", "converted")
"""What was written here, and where it is kept as it is."""
_ON_SERVERS = ("Stack", "Deployment", "Repo")


@pytest.fixture
def planted(work: Path, core: EmbeddedCore, ask: Asker, host: object, monkeypatch: pytest.MonkeyPatch) -> None:
    """All of it declared, and live with other values; of the same kind what nothing declares. Failures repeat them."""
    # all of what a Core says, that is, and not only as much as has room
    for module, names in ((core_text, ("_LINES", "_WIDTH")), (update_text, ("LINES", "WIDTH"))):
        for name in names:
            monkeypatch.setattr(module, name, 10**6)
    declared, live, alone = Planted("d"), Planted("c"), Planted("a")
    entries: dict[str, list[object]] = {
        "servers": [{"name": "public-server", "config": {"address": "https://x:8120", "enabled": True}}]
    }
    for (kind, name), config in declared.configs().items():
        server = {"server": "public-server"} if kind in _ON_SERVERS else {}
        deploys = {"deploy": True} if kind == "Stack" else {}
        entries.setdefault(PLURALS[kind], []).append({"name": name, "config": {**config, **server}, **deploys})
    # JSON is YAML
    text = json.dumps(entries, indent=1)
    write(work, {"komodo-sync.yaml": "owner: me\nprune: true\nmanifests: [m]\n", "m/m.yaml": text})
    ask.write("CreateServer", name="public-server", config={"address": "https://x:8120", "enabled": True})
    for (kind, name), config in live.configs().items():
        ask.write(f"Create{kind}", name=name, config={**config, "server_id": "public-server"})
    for (kind, name), config in alone.configs().items():
        ask.write(f"Create{kind}", name=f"{name}-alone", config={**config, "server_id": "public-server"})

    def name_of(identity: str) -> str:
        found = (core.state.storage.get(kind, identity) for kind in PLURALS)
        return next((str(each["name"]) for each in found if each), "")

    def says(name: str) -> str:
        return "\n".join(lines_of((alone if name.endswith("-alone") else declared).values[name.removesuffix("-alone")]))

    host.app = Babbler(core.app, name_of, says)


def leaks(text: str) -> list[str]:
    """What stands around each value that stands in a text."""
    return [text[max(0, found.start() - 60) : found.end() + 30] for found in VALUE.finditer(text)]


def kept(said: Said) -> Said:
    """Nothing is told, nor in any file."""
    places = {"stdout": said.out, "stderr": said.err}
    places |= {str(path): path.read_text(encoding="utf-8") for path in Path().rglob("*") if _is_theirs(path)}
    assert {place: found[:5] for place, text in places.items() if (found := leaks(text))} == {}
    return said


def _is_theirs(path: Path) -> bool:
    return path.is_file() and path.parts[0] not in OURS


@pytest.mark.usefixtures("planted")
def test_no_password_of_a_command_is_told_and_what_stands_beside_it_is(shell: Shell, ask: Asker) -> None:
    kept(shell.good("validate", "-v"))
    kept(shell.good("plan", "-vv", "--out", "plan.json", "--adopt-changes", *REPORTS))
    for form in ("text", "json", "html"):
        text = Path("reports", form).read_text(encoding="utf-8")
        assert [word for word in PUBLIC if word not in text] == [], form
    for form in FORMATS:
        kept(shell.good("show", "plan.json", "-vv", "--format", form))
    kept(shell.good("plan", "-vv", "--unowned"))
    for kind, name in KINDS:
        kept(shell.good("explain", f"{kind}/{name}", "--live"))
    kept(shell.good("graph", "-v"))
    kept(shell("drift", "-vv", *REPORTS))
    assert kept(shell("apply", "--yes", "-vv")).code == 4
    assert kept(shell("apply", "--yes", "--adopt-changes", "-vv", "--backup", "backup", *REPORTS)).code == 3
    assert "tried" in Path("reports/text").read_text(encoding="utf-8")
    kept(shell("apply", "--yes", "-vv", "--format", "json"))
    for words in (("DeployStack", "web"), ("DeployStack", "web-alone"), ("BatchDeployStack", "*")):
        kept(shell("run", *words, "--yes", "-vv"))
        kept(shell("run", *words, "--yes", "--format", "json"))
    for kind in PLURALS:
        parameter = "sync" if kind == "ResourceSync" else kind.lower()
        for name in (found := [each["name"] for each in ask.read(f"List{kind}s")]):
            kept(shell.good("call", "read", f"Get{kind}", f"{parameter}={name}", "-vv"))
        assert len(found) == 2
        kept(shell.good("call", "read", f"ListFull{kind}s", "-vv"))
    for item in ask.read("ListUpdates")["updates"]:
        kept(shell.good("call", "GetUpdate", f"id={item['id']}", "-vv"))
    kept(shell.good("call", "read", "ExportAllResourcesToToml"))
    # such texts are exported as they are, and their lines are listed
    said = kept(shell.good("export", "--out", "exported", "-v"))
    assert "may hold a secret in clear" in said.err
    toml = ask.read("ExportAllResourcesToToml")["toml"]
    write(Path(), {"other.toml": toml})
    kept(shell("convert", "other.toml", "--out", "converted", "-v"))
