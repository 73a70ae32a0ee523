"""No secret in any output, file, log or traceback of any command at any verbosity; and what is public is shown.

Secrets stand in every place where one can, in clear and by `${env:}` under names that promise none; the Core repeats
all of them without a name, in every encoding (`canaries.py`).
"""

from __future__ import annotations

import gc
import html
import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from canaries import CANARIES, ENVIRONMENT, FILES, HOSTS, PUBLIC, THEIRS, Babbler, leaks, manifests, said
from shell import Said, Shell, write

from komodo_sync.cli import entry
from komodo_sync.cli.formats import FORMATS
from komodo_sync.wire import core_text, update_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from asking import Asker

    from komodo_sync.simulator import EmbeddedCore

VERBOSITIES = ("-q", "-v", "-vv")
OURS = ("komodo-sync.yaml", "outside.env", "manifests")
"""What whoever works here has written."""
ENV_FILE = ("--env-file", "outside.env")
REPORTS = tuple(word for form in FORMATS for word in ("--report", f"{form}=reports/{form}"))
WITHOUT_FILE = ("env-file",)
"""What a command cannot know that takes no --env-file."""
IN_TEXTS = (
    *(place for place in CANARIES if place.startswith(("compose", "inline-c", "sync-", "live-c", "live-u"))),
    *("script", "arguments", "command", "dockerfile", "extra-arg", "live-innocent"),
)
"""What only looks like a secret, inside of a text: an export and a backup write such a text as it is, and list its
lines; so too what stands under a name that promises nothing, and comes from nowhere that is known."""


@pytest.fixture
def world(work: Path, core: EmbeddedCore, ask: Asker, host: object, monkeypatch: pytest.MonkeyPatch) -> Babbler:
    """All of it declared, a part of it live, and a Core that repeats what it knows."""
    from komodo_sync.simulator import users

    with core.state.storage.transaction():
        admin = users.find(core.state.storage, "admin")
        users.add_key(core.state.storage, admin["_id"]["$oid"], CANARIES["api-key"], CANARIES["api-secret"], "admin")
    for name, value in {
        **ENVIRONMENT,
        "KOMODO_CLI_KEY": CANARIES["api-key"],
        "KOMODO_CLI_SECRET": CANARIES["api-secret"],
    }.items():
        monkeypatch.setenv(name, value)
    # all of what a Core says, that is, and not only as much as has room
    for module, names in ((core_text, ("_LINES", "_WIDTH")), (update_text, ("LINES", "WIDTH"))):
        for name in names:
            assert getattr(module, name)
            monkeypatch.setattr(module, name, 10**6)
    write(work, {**FILES, "manifests/m.yaml": manifests()})
    ask.write("CreateServer", name="their-server", config={"address": "https://their-server:8120", "enabled": True})
    ask.write("CreateStack", name="theirs", config={**THEIRS, "server_id": "their-server"})
    ask.write("CreateVariable", name="THEIR_VARIABLE", value=CANARIES["live-variable"], is_secret=True)

    def name_of(identity: str) -> str:
        for kind in ("Stack", "Build", "Deployment", "Procedure", "Action", "Repo"):
            found = core.state.storage.get(kind, identity)
            if found:
                return str(found["name"])
        return ""

    host.app = Babbler(core.app, name_of)
    return host.app


def written() -> Iterable[tuple[str, str]]:
    """Every file here that we did not write ourselves."""
    for path in sorted(Path().rglob("*")):
        if path.is_file() and path.parts[0] not in OURS:
            yield str(path), path.read_text(encoding="utf-8", errors="replace")


def kept(said: Said, *, but: Iterable[str] = ()) -> Said:
    """Nothing is told, nor in any file."""
    found = leaks(said.all, but=but)
    for path, text in written():
        texts = IN_TEXTS if path.startswith(("before", "again", "there")) else ()
        found += [f"{path}: {leak}" for leak in leaks(text, but=(*but, *texts))]
    assert found == [], found
    return said


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize("verbosity", VERBOSITIES)
def test_a_plan_tells_none_in_any_format_and_what_is_public_in_all(shell: Shell, verbosity: str) -> None:
    kept(shell.good("plan", *ENV_FILE, "--out", "plan.json", *REPORTS, verbosity))
    for form in ("text", "json", "markdown", "html", "junit", "ndjson"):
        text = Path("reports", form).read_text(encoding="utf-8")
        text = html.unescape(text) if form in ("html", "junit") else text
        assert [word for word in (*PUBLIC, *HOSTS) if word not in text] == [], form
        assert "taken.hooks" not in text
    for form in FORMATS:
        kept(shell.good("plan", *ENV_FILE, "--format", form, verbosity))
        kept(shell.good("show", "plan.json", "--format", form, verbosity))


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize("form", FORMATS)
def test_an_apply_whose_deploys_fail_tells_none(shell: Shell, ask: Asker, form: str) -> None:
    shell.good("plan", *ENV_FILE, "--out", "plan.json")
    told = kept(
        shell("apply", "--plan", "plan.json", *ENV_FILE, *REPORTS, "--format", form, "-vv", "--backup", "before")
    )
    assert told.code == 3
    assert any("tried" in text for _, text in written()), "what the Core said is told"
    assert ask.read("GetStack", stack="inline")["config"]["file_contents"].count(CANARIES["env-inline"]) == 1
    for path in list(Path("before").rglob("*")):
        assert path.is_dir() or path.stat().st_mode & 0o77 == 0
    # what is live by now is changed by somebody, and shown beside what is declared
    ask.write("UpdateStack", id="web", config={"environment": f"THEIRS={CANARIES['live-innocent']}\nLOG_LEVEL=x\n"})
    ask.write("UpdateStack", id="inline", config={"file_contents": f"x: {CANARIES['env-innocent']}\n"})
    ask.write("UpdateAction", id="script", config={"file_contents": f'const apiKey = "{CANARIES["script"]}";\n'})
    kept(shell("plan", *ENV_FILE, *REPORTS, "--format", form, "-vv"))
    kept(shell("drift", *ENV_FILE, *REPORTS, "--format", form, "-vv"))
    kept(shell("apply", "--yes", *ENV_FILE, *REPORTS, "--format", form, "--backup", "again", "-q"))


@pytest.fixture
def applied(shell: Shell, world: Babbler) -> Babbler:
    """All of it live as well, but for what fails to be deployed."""
    assert shell("apply", "--yes", *ENV_FILE).code == 3
    return world


@pytest.mark.usefixtures("applied")
@pytest.mark.parametrize("verbosity", VERBOSITIES)
def test_what_reads_tells_none(shell: Shell, verbosity: str) -> None:
    kept(shell.good("validate", "-v"))
    for kind, name in (("stack", "web"), ("stack", "inline"), ("build", "image"), ("deployment", "job")):
        kept(shell.good("explain", f"{kind}/{name}", *ENV_FILE, "--live"))
    for name in ("action/script", "procedure/steps", "alerter/slack", "resource_sync/other", "variable/TOKEN"):
        kept(shell.good("explain", name, *ENV_FILE, "--live"))
    said = kept(shell.good("explain", "stack/hooked", *ENV_FILE, "--live"))
    assert [host for host in HOSTS[5:8] if host not in said.out] == []
    kept(shell.good("graph", *ENV_FILE))
    kept(shell("doctor", verbosity))
    kept(shell("doctor", "--format", "json", "--report", "text=reports/doctor", verbosity))
    kept(shell.good("plan", "--unowned", verbosity))
    kept(shell("watch", "--once", *ENV_FILE, verbosity))
    kept(shell("watch", "--once", "--apply", "always", *ENV_FILE, verbosity))
    kept(shell.good("unlock", "--yes"))
    kept(shell("plan", "--select", "stack/inline", verbosity))


READS = (
    "ListFullStacks", "ListFullBuilds", "ListFullDeployments", "ListFullRepos", "ListFullActions",
    "ListFullProcedures", "ListFullAlerters", "ListFullResourceSyncs", "ListFullServers", "ListFullBuilders",
    "ListVariables", "ListGitProviderAccounts", "ListImageRegistryAccounts", "ExportAllResourcesToToml",
    "ListUpdates", "ListStacks",
)  # fmt: skip


@pytest.mark.usefixtures("applied")
def test_run_and_call_tell_none(shell: Shell, ask: Asker, work: Path) -> None:
    for words in (
        ("DeployStack", "web"), ("DeployStack", "inline"), ("DeployStack", "theirs"), ("Deploy", "job"),
        ("RunBuild", "image"), ("RunProcedure", "steps"), ("BatchDeployStack", "*"), ("DeployStack", "*", "--yes"),
    ):  # fmt: skip
        for more in ((), ("--format", "json", "-vv"), ("-q",)):
            kept(shell("run", *words, *more, *ENV_FILE))
    for words in (("GetStack", "web"), ("GetStack", "theirs"), ("GetBuild", "image"), ("GetDeployment", "job")):
        kept(shell.good("call", *words), but=WITHOUT_FILE)
    said = kept(shell.good("call", "GetStack", "hooked"), but=WITHOUT_FILE)
    assert [host for host in (*HOSTS[5:8], *HOSTS[9:]) if host not in said.out] == []
    assert "https://live.hooks.example.com/(secret)" in kept(shell.good("call", "GetStack", "theirs")).out
    said = kept(shell.good("call", "read", "ListFullAlerters"), but=WITHOUT_FILE)
    assert [host for host in HOSTS[:5] if host not in said.out] == []
    for operation in READS:
        kept(shell("call", "read", operation), but=WITHOUT_FILE)
        kept(shell("call", "read", operation, "-vv"), but=WITHOUT_FILE)
    for item in ask.read("ListUpdates")["updates"]:
        kept(shell.good("call", "GetUpdate", f"id={item['id']}", "-vv", *ENV_FILE))
    secret = CANARIES["env-innocent"]
    write(work, {"manifests/own.json": json.dumps({"webhook_secret": CANARIES["stack-hook"]})})
    for words in (
        ("UpdateStack", "web", f"config.webhook_secret={CANARIES['stack-hook']}"),
        ("UpdateStack", "web", "config=@manifests/own.json"),
        ("UpdateStack", "web", f"config.environment=A={secret}"),
        ("UpdateStack", "web", f"config.environmen=A_TOKEN={CANARIES['env-token']}"),
        ("UpdateVariableValue", "name=TOKEN", f"value={CANARIES['secret-variable']}"),
    ):
        for more in (("--dry-run",), ("--dry-run", "--format", "json"), ("-vv",)):
            kept(shell("call", "write", *words, *more), but=WITHOUT_FILE)


@pytest.mark.usefixtures("applied")
def test_what_is_exported_holds_none_that_is_known(shell: Shell, work: Path) -> None:
    """What merely looks like a secret inside of a compose text or a script is listed, and written as it is."""
    # it is all written anew, beside the manifests that declare it, so that all of it is declared twice in the end
    said = kept(shell("export", "--out", "there", *ENV_FILE, "-v", "--force"))
    assert "Secrets were not written" in said.err
    told = "".join(text for _, text in written())
    assert [word for word in PUBLIC if word not in told] == []
    assert "web/compose.yaml:8 may hold a secret in clear (ADMIN_PASSWORD)" in said.err


@pytest.mark.parametrize("refused", ["write", "read", "execute", "all", "version"])
def test_a_core_that_repeats_all_of_it_in_errors_is_not_repeated(
    shell: Shell, world: Babbler, ask: Asker, refused: str
) -> None:
    def refuses(operation: str) -> bool:
        group = {
            "write": operation.startswith(("Create", "Update", "Delete", "Rename")) and "LOCK" not in operation,
            "read": operation.startswith(("List", "Get")) and operation != "GetVersion",
            "execute": operation.startswith(("Deploy", "Run", "Clone", "Pull")),
            "version": operation in ("version", "GetVersion", "user"),
        }
        return refused == "all" or group[refused]

    world.refuses = refuses
    for words in (
        ("plan", *ENV_FILE, *REPORTS), ("apply", "--yes", *ENV_FILE, *REPORTS), ("drift", *ENV_FILE), ("doctor",),
        ("watch", "--once", "--apply", "always", *ENV_FILE), ("export", "--out", "there"), ("unlock", "--yes"),
        ("run", "DeployStack", "theirs", *ENV_FILE), ("call", "read", "GetStack", "stack=theirs"), ("call", "user"),
        ("call", "write", "UpdateStack", "theirs", f"config.webhook_secret={CANARIES['stack-hook']}"),
    ):  # fmt: skip
        for verbosity in VERBOSITIES:
            # nobody here can know what lives in the Core alone, where it is not even read
            alone = [place for place in CANARIES if place.startswith("live-")]
            kept(shell(*words, verbosity), but=(*alone, *(() if "--env-file" in words else WITHOUT_FILE)))


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize("where", ["make_plan", "plan_text", "load", "observe"])
def test_a_defect_tells_where_and_not_what(
    shell: Shell, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    class ReprError(Exception):
        def __repr__(self) -> str:
            return said()

    def fails(*_: object, **__: object) -> None:
        raise ReprError(said()) from ValueError(said())

    place = {
        "make_plan": "komodo_sync.planning.make_plan", "plan_text": "komodo_sync.report.text.plan_text",
        "load": "komodo_sync.cli.inputs.load", "observe": "komodo_sync.client.snapshot.observe",
    }[where]  # fmt: skip
    monkeypatch.setattr(place, fails)
    capsys.readouterr()
    try:
        code = entry.run(["plan", *ENV_FILE, "-vv"])
    finally:
        gc.enable()
    told = Said(code, *capsys.readouterr())
    assert code == entry.DEFECT
    assert "ReprError" in told.err
    kept(told)
