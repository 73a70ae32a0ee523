"""What a manifest takes from outside is secret, and what the Core still holds in its place is no less so: after a value
was rotated neither the old nor the new one stands in any output or file of any command; and what is public does."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from rotation import MANIFESTS, NAMES, Babbler, environment, leaks, value, words_in
from shell import Said, Shell, write

from komodo_sync.cli.formats import FORMATS
from komodo_sync.wire import update_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from asking import Asker

    from komodo_sync.simulator import EmbeddedCore
    from komodo_sync.simulator.listening import Listener

VERBOSITIES = ("-q", "-v", "-vv")
OURS = ("komodo-sync.yaml", "manifests")
REPORTS = tuple(word for form in FORMATS for word in ("--report", f"{form}=reports/{form}"))
FULL = (
    "ListFullStacks", "ListFullBuilds", "ListFullDeployments", "ListFullRepos", "ListFullActions",
    "ListFullProcedures", "ListFullAlerters", "ListFullResourceSyncs", "ListFullServers", "ListFullBuilders",
    "ListVariables", "ExportAllResourcesToToml",
)  # fmt: skip
GETS = (
    ("GetStack", "web"), ("GetStack", "words"), ("GetBuild", "image"), ("GetDeployment", "job"), ("GetRepo", "code"),
    ("GetAction", "script"), ("GetProcedure", "steps"), ("GetAlerter", "custom"), ("GetResourceSync", "other"),
    ("GetVariable", "FLAVOUR"), ("GetVariable", "ADDRESS"), ("GetBuilder", "cloud"), ("GetServer", "public-server"),
)  # fmt: skip


def rotated(monkeypatch: pytest.MonkeyPatch, age: str) -> None:
    for name, text in environment(age).items():
        monkeypatch.setenv(name, text)


@pytest.fixture
def world(
    shell: Shell, work: Path, core: EmbeddedCore, host: Listener, ask: Asker, monkeypatch: pytest.MonkeyPatch
) -> Babbler:
    """All of it live with what was, and a new environment."""
    for name in ("LINES", "WIDTH"):
        monkeypatch.setattr(update_text, name, 10**6)
    write(work, {"komodo-sync.yaml": "owner: me\nmanifests: [manifests]\n", "manifests/m.yaml": MANIFESTS})
    rotated(monkeypatch, "old")
    assert shell("apply", "--yes").code == 3
    ask.write("RenameStack", id="moved", name="before")
    repeated = f"public-their {value('STACK_WORDS', 'old')} {value('BUILD_ARG', 'new')}"
    ask.write("CreateStack", name="theirs", config={})
    ask.write("UpdateResourceMeta", target={"type": "Stack", "id": "theirs"}, description=repeated)
    rotated(monkeypatch, "new")
    host.app = Babbler(core.app)
    return host.app


def written() -> Iterable[tuple[str, str]]:
    """Every file here that we did not write ourselves."""
    for path in sorted(Path().rglob("*")):
        if path.is_file() and path.parts[0] not in OURS:
            yield str(path), path.read_text(encoding="utf-8", errors="replace")


def kept(said: Said, *public: str, words: bool = True) -> Said:
    """Nothing of it is told, nor in any file, and what is public is. `words`: plain words neither."""
    found = leaks(said.all) + (words_in(said.all) if words else [])
    for path, text in written():
        found += [f"{path}: {each}" for each in (*leaks(text), *words_in(text))]
    assert found == [], f"{found}\n{said.all[-6000:]}"
    everything = said.all + "".join(text for _, text in written())
    assert [word for word in public if word not in everything] == []
    return said


def updates(ask: Asker, operations: str) -> list[tuple[str, ...]]:
    """What asks for each Update of such operations. Of what is replaced by now, those of a change hold the text that
    was there before; what an older deploy printed, nobody can tell any more."""
    found = ask.read("ListUpdates")["updates"]
    return [("call", "GetUpdate", f"id={item['id']}") for item in found if item["operation"].startswith(operations)]


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize("verbosity", VERBOSITIES)
def test_what_plans_and_explains(shell: Shell, verbosity: str) -> None:
    kept(shell.good("plan", "--out", "plan.json", *REPORTS, verbosity), "stack/web", "FLAVOUR", "run_directory")
    for form in FORMATS:
        kept(shell.good("plan", "--format", form, verbosity))
        kept(shell.good("show", "plan.json", "--format", form))
        kept(shell("drift", "--format", form, verbosity))
    for name in NAMES:
        kept(shell.good("explain", name, "--live", verbosity))
    kept(shell.good("explain", "stack/web", "--live"), "public-level", "public-server", "--public-note")
    kept(shell.good("graph"), "public-server")
    kept(shell("doctor", "--format", "json", verbosity))
    kept(shell.good("plan", "--unowned", verbosity), "stack/theirs", "public-their")
    kept(shell("watch", "--once", verbosity))
    kept(shell("validate", verbosity))


def test_where_nothing_is_set(shell: Shell, world: Babbler, monkeypatch: pytest.MonkeyPatch) -> None:
    world.ages = ("old",)
    for name in environment("new"):
        monkeypatch.delenv(name)
    for name in NAMES:
        kept(shell.good("explain", name, "--live"))
    kept(shell.good("plan", *REPORTS))
    kept(shell.good("call", "GetStack", "web"), "public-image", "public-level", "--public-note")
    kept(shell("run", "DeployStack", "web", "-vv"))


@pytest.mark.usefixtures("world")
def test_what_calls_and_runs(shell: Shell, ask: Asker) -> None:
    public = ("public-image", "public-level", "--public-note", "public-command", "serve")
    kept(shell.good("call", "GetStack", "web"), *public)
    for words in (*GETS, *(("read", operation) for operation in FULL)):
        kept(shell.good("call", *words))
        kept(shell.good("call", *words, "-vv"))
    kept(shell.good("call", "ListVariables"), "public-value", "PUBLIC_VARIABLE")
    for words in (
        ("DeployStack", "web"), ("DeployStack", "*", "--yes"), ("BatchDeployStack", "*"), ("RunProcedure", "steps"),
        ("RunAction", "script"), ("Deploy", "job"),
    ):  # fmt: skip
        for more in ((), ("--format", "json", "-vv"), ("-q",)):
            kept(shell("run", *words, *more))
    for words in updates(ask, ""):
        # a plain word stays where others tell of it in words of their own
        kept(shell.good(*words, "-vv"), words=False)
    kept(shell("call", "write", "UpdateStack", "web", "config.branch=public-branch"), "public-branch")
    kept(shell("call", "write", "UpdateVariableValue", "name=FLAVOUR", "value=another"))
    kept(shell("call", "write", "UpdateVariableDescription", "name=FLAVOUR", "description=another"))
    for words in updates(ask, "Update"):
        kept(shell.good(*words), words=False)


@pytest.mark.usefixtures("world")
def test_a_wrong_key_is_tried_once(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    """More of them would lock the address out."""
    monkeypatch.setenv("KOMODO_CLI_KEY", "K_wrong")
    for words in (("run", "RunAction", "script"), ("call", "GetStack", "web"), ("call", "CreateTag", "name=public")):
        said = kept(shell(*words, "-vv"))
        assert said.code == 1
        assert said.err.count("asked ") == 1, said.err
    kept(shell.good("call", "auth", "GetLoginOptions"))


@pytest.mark.usefixtures("world")
def test_what_is_exported(shell: Shell) -> None:
    kept(shell.good("export", "--out", "there", "-v"))
    said = shell("export", "--out", "there", "--force", "-v")
    kept(said, "public-image", "STACK_WEB_RUN_DIRECTORY", "public-level", "console.log")
    before = Path("manifests/m.yaml").read_text(encoding="utf-8")
    kept(shell("export", "--out", "manifests", "-v"))
    assert Path("manifests/m.yaml").read_text(encoding="utf-8") == before


@pytest.mark.parametrize("form", FORMATS)
def test_what_applies_and_backs_up(shell: Shell, world: Babbler, ask: Asker, form: str) -> None:
    said = kept(shell("apply", "--yes", "--backup", "before", *REPORTS, "--format", form, "-vv"))
    assert said.code == 3
    assert "tried" in "".join(text for _, text in written())
    for words in updates(ask, "Update"):
        kept(shell.good(*words))
