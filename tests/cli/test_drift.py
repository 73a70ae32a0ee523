"""drift: what is not as declared, and on which side somebody changed it."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
from asking import Asker
from shell import Said, Shell, process, write, writes

from komodo_sync.report.json import plan_json
from komodo_sync.report.plan_file import plan_from_json
from komodo_sync.report.schema import schema_text

if TYPE_CHECKING:
    from pathlib import Path

    from komodo_sync.simulator import EmbeddedCore

APPLIED = "KOMODO_SYNC_APPLIED_me"
SETTINGS = "owner: me\nprune: true\n"
STACKS = """
stacks:
  - {name: a, config: {file_contents: "services: {a: {image: a}}", environment: {ONE: "1", TWO: "2"}}}
  - {name: b, config: {file_contents: "services: {b: {image: b}}"}}
  - {name: c}
"""


def git(folder: Path, *words: str) -> str:
    done = subprocess.run(
        ["git", "-c", "user.name=Gita", "-c", "user.email=g@example.com", *words],
        cwd=folder,
        check=True,
        capture_output=True,
        text=True,
        env={"PATH": "/usr/bin:/bin:/usr/local/bin", "GIT_COMMITTER_DATE": "2026-11-20T10:00:00Z", "HOME": str(folder)},
    )
    return done.stdout.strip()


def commit(folder: Path, author: str = "Gita") -> str:
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "x", "--date", "2026-11-20T10:00:00Z", "--author", f"{author} <a@example.com>")
    return git(folder, "rev-parse", "HEAD")


@pytest.fixture
def world(work: Path, core: EmbeddedCore, shell: Shell) -> Path:
    """Three stacks, committed and applied."""
    write(work, {"komodo-sync.yaml": SETTINGS, "m.yaml": STACKS, ".gitignore": "out.*\n"})
    git(work, "init", "-q")
    commit(work)
    shell.good("apply", "--yes")
    return work


@pytest.fixture
def alice(ask: Asker, core: EmbeddedCore) -> Asker:
    """Another admin."""
    ask.write("CreateServiceUser", username="alice", description="")
    user = ask.read("FindUser", user="alice")["_id"]["$oid"]
    ask.write("UpdateUserAdmin", user_id=user, admin=True)
    key = ask.write("CreateApiKeyForServiceUser", user_id=user, name="k", expires=0)
    return Asker(core, key["key"], key["secret"])


def stack(ask: Asker, name: str) -> str:
    found: str = ask.read("GetStack", stack=name)["_id"]["$oid"]
    return found


def causes(said: Said) -> dict[str, dict[str, Any]]:
    """The cause of each resource that differs. The document is as its schema says, and comes back as it was."""
    assert said.code == 2, said.all
    document = said.json
    jsonschema.validate(document, json.loads(schema_text("plan")))
    assert plan_json(plan_from_json(said.out)) == said.out
    return {item["address"]: item["cause"] for item in document["resources"] if item["changes"]}


def drift(shell: Shell, *words: str) -> dict[str, dict[str, Any]]:
    return causes(shell("drift", "--format", "json", *words))


def findings(said: Said) -> list[str]:
    return [item["message"] for item in said.json["findings"]]


def test_nothing_differs(shell: Shell, world: Path, core: EmbeddedCore) -> None:
    before, wrote = len(core.requests), len(writes(core))
    said = shell.good("drift")
    assert "No changes" in said.out
    asked = core.requests[before:]
    shell.good("plan")
    assert sorted(core.requests[before + len(asked) :]) == sorted(asked), "it asks no more than a plan does"
    assert len(writes(core)) == wrote


def test_what_somebody_changed_in_komodo(shell: Shell, world: Path, ask: Asker, alice: Asker) -> None:
    alice.write("UpdateStack", id="a", config={"environment": "ONE=1\nTWO=3\n"})
    alice.write("UpdateResourceMeta", target={"type": "Stack", "id": stack(ask, "c")}, description="by hand")
    said = shell("drift")
    assert said.code == 2
    assert "  @ changed in Komodo: UpdateStack by alice, 20" in said.out
    assert "  @ changed in Komodo (tags, descriptions and templates leave no record in Komodo)" in said.out
    assert "\nChanged in Komodo: stack/a, stack/c\n" in said.out
    assert "compared with commit" in said.out
    found = drift(shell)
    assert {address: cause["where"] for address, cause in found.items()} == {"stack/a": "komodo", "stack/c": "komodo"}
    [record] = found["stack/a"]["records"]
    assert (record["side"], record["what"], record["by"]) == ("komodo", "UpdateStack", "alice")
    assert record["at"].endswith(" UTC")
    assert found["stack/c"]["records"] == []


def test_what_a_commit_changed(shell: Shell, world: Path, alice: Asker) -> None:
    write(world, {"m.yaml": STACKS.replace('TWO: "2"', 'TWO: "9"'), "n.yaml": "stacks: [{name: d}]\n"})
    commit(world)
    found = drift(shell)
    assert {address: cause["where"] for address, cause in found.items()} == {"stack/a": "git", "stack/d": "git"}
    for cause in found.values():
        assert cause["records"] == [
            {
                "side": "git",
                "what": git(world, "rev-parse", "--short", "HEAD"),
                "by": "Gita",
                "at": "2026-11-20 10:00 UTC",
            }
        ]
    # an operation of Komodo that did not make it differ is not named
    alice.write("UpdateStack", id="a", config={"branch": "other"})
    assert drift(shell)["stack/a"]["where"] == "both"


def test_what_is_not_committed_yet_was_changed_in_git_too(shell: Shell, world: Path) -> None:
    write(world, {"m.yaml": STACKS.replace('TWO: "2"', 'TWO: "9"'), "n.yaml": "stacks: [{name: d}]\n"})
    found = drift(shell)
    assert {address: cause["where"] for address, cause in found.items()} == {"stack/a": "git", "stack/d": "git"}
    assert [cause["records"] for cause in found.values()] == [[], []]
    assert {cause["detail"] for cause in found.values()} == {"with changes that are not committed yet"}


def test_both_sides_are_told_apart_field_by_field(shell: Shell, world: Path, alice: Asker) -> None:
    write(world, {"m.yaml": STACKS.replace('TWO: "2"', 'TWO: "9"')})
    commit(world)
    alice.write("UpdateStack", id="a", config={"file_contents": "services: {x: {image: x}}"})
    alice.write("UpdateStack", id="b", config={"file_contents": "services: {x: {image: x}}"})
    found = drift(shell)
    assert {address: cause["where"] for address, cause in found.items()} == {"stack/a": "both", "stack/b": "komodo"}
    assert [record["side"] for record in found["stack/a"]["records"]] == ["komodo", "git"]
    assert "Changed in Komodo and in git: stack/a" in shell("drift").out


def test_what_somebody_deleted_or_made(shell: Shell, world: Path, ask: Asker, alice: Asker) -> None:
    alice.write("DeleteStack", id="b")
    made = alice.write("CreateStack", name="x", config={})
    tag = next(item for item in ask.read("ListTags", query=None) if item["name"] == "owner:me")
    ask.write("UpdateResourceMeta", target={"type": "Stack", "id": made["_id"]["$oid"]}, tags=[tag["_id"]["$oid"]])
    found = drift(shell)
    told = {
        address: (cause["where"], [(item["what"], item["by"]) for item in cause["records"]])
        for address, cause in found.items()
    }
    assert told == {
        "stack/b": ("komodo", [("DeleteStack", "alice")]),
        "stack/x": ("komodo", [("CreateStack", "alice")]),
    }


def test_what_somebody_deleted_and_a_commit_changed(shell: Shell, world: Path, alice: Asker) -> None:
    """It comes back otherwise than it went, which who deleted it has nothing to do with."""
    alice.write("DeleteStack", id="a")
    alice.write("DeleteStack", id="b")
    write(world, {"m.yaml": STACKS.replace('TWO: "2"', 'TWO: "9"')})
    commit(world)
    found = drift(shell)
    assert {address: cause["where"] for address, cause in found.items()} == {"stack/a": "both", "stack/b": "komodo"}
    assert [(each["side"], each["by"]) for each in found["stack/a"]["records"]] == [
        ("komodo", "alice"),
        ("git", "Gita"),
    ]


def test_what_somebody_renamed(shell: Shell, world: Path, alice: Asker) -> None:
    """Of neither name it is said that it was deleted or made: who applied first has nothing to do with it."""
    alice.write("RenameStack", id="b", name="b2")
    told = {address: [(item["what"], item["by"]) for item in each["records"]] for address, each in drift(shell).items()}
    assert told == {"stack/b": [("RenameStack", "alice")], "stack/b2": [("RenameStack", "alice")]}


def test_what_is_no_longer_declared(shell: Shell, world: Path) -> None:
    write(world, {"m.yaml": STACKS.replace("  - {name: c}\n", "")})
    short = commit(world)[:7]
    cause = drift(shell)["stack/c"]
    assert (cause["where"], [(item["what"], item["by"]) for item in cause["records"]]) == (
        "git",
        [(short, "Gita")],
    )


def test_what_went_with_its_file(shell: Shell, world: Path) -> None:
    write(world, {"more.yaml": "stacks: [{name: d}]\n"})
    commit(world)
    shell.good("apply", "--yes")
    (world / "more.yaml").unlink()
    assert drift(shell)["stack/d"]["detail"] == "with changes that are not committed yet"
    short = commit(world)[:7]
    assert [item["what"] for item in drift(shell)["stack/d"]["records"]] == [short]


def test_variables_are_found_by_name(
    shell: Shell, world: Path, ask: Asker, alice: Asker, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = "hunter2-is-long-enough"
    write(
        world,
        {
            "v.yaml": f"variables:\n  - {{name: REGION, value: eu}}\n  - {{name: REGION2, value: eu}}\n"
            f"  - {{name: T, value: {secret}, is_secret: true}}\n"
        },
    )
    commit(world)
    shell.good("apply", "--yes")
    alice.write("UpdateVariableValue", name="REGION", value="us")
    alice.write("UpdateVariableValue", name="T", value="hunter3-is-long-enough")
    ask.write("DeleteVariable", name="REGION2")
    said = shell("drift", "--format", "json")
    told = {
        address: [(item["what"], item["by"]) for item in cause["records"]] for address, cause in causes(said).items()
    }
    assert told == {
        "variable/REGION": [("UpdateVariableValue", "alice")],
        "variable/REGION2": [("DeleteVariable", "admin")],
        "variable/T": [("UpdateVariableValue", "alice")],
    }
    assert "hunter" not in said.all
    # Komodo shows the records of variables to admins alone: that there are none is not said
    ask.write("UpdateUserAdmin", user_id=ask.read("FindUser", user="alice")["_id"]["$oid"], admin=False)
    monkeypatch.setenv("KOMODO_CLI_KEY", alice.http.headers["X-Api-Key"])
    monkeypatch.setenv("KOMODO_CLI_SECRET", alice.http.headers["X-Api-Secret"])
    found = drift(shell)["variable/REGION"]
    assert (found["where"], found["detail"], found["records"]) == ("komodo", "Komodo tells admins alone who did it", [])


def test_a_value_from_outside_may_be_what_changed(shell: Shell, world: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(world, {"e.yaml": "stacks: [{name: e, config: {environment: {A: '${env:A}'}}}]\n"})
    commit(world)
    monkeypatch.setenv("A", "first-value")
    shell.good("apply", "--yes")
    monkeypatch.setenv("A", "second-value")
    cause = drift(shell)["stack/e"]
    assert "or what ${env:A} gives was changed, which no commit shows" in cause["detail"]


def test_what_cannot_be_compared_says_why(shell: Shell, world: Path, ask: Asker, alice: Asker) -> None:
    alice.write("UpdateStack", id="a", config={"environment": "ONE=1\n"})

    def told(words: str, *arguments: str) -> None:
        said = shell("drift", "--format", "json", *arguments)
        cause = causes(said)["stack/a"]
        assert cause["where"] == "unknown"
        assert [record["by"] for record in cause["records"]] == ["alice"], "who did it is told all the same"
        assert any(words in message for message in findings(said)), findings(said)
        [hint] = [item["hint"] for item in said.json["findings"] if item["code"] == "baseline"]
        assert hint

    kept = ask.read("GetVariable", name=APPLIED)["value"]

    def keep(value: str) -> None:
        ask.write("UpdateVariableValue", name=APPLIED, value=value)

    keep(kept.replace("false", "true"))
    told("had changes that were in no commit")
    keep(json.dumps({"commit": "0" * 40, "dirty": False}))
    told("is not in this clone")
    for value in ("--output=/tmp/x", "{}", json.dumps({"commit": "--help", "dirty": False}), "[]", "7"):
        keep(value)
        told("no commit that was applied is kept for owner me")
    keep(kept)
    write(world, {"m.yaml": STACKS + "# a comment\n"})
    commit(world)
    assert drift(shell)["stack/a"]["where"] == "komodo"
    write(world, {"other.yaml": SETTINGS + "manifests: [m.yaml]\n"})
    told("make no plan now", "--settings", "other.yaml")
    (world / "other.yaml").unlink()
    told("without an owner", "--owner", "", "--no-prune")


def test_a_commit_whose_manifests_make_no_plan_now(shell: Shell, world: Path, ask: Asker) -> None:
    ask.write("CreateServer", name="s", config={"address": "https://x:1"})
    write(world, {"m.yaml": STACKS.replace("{name: c}", "{name: c, config: {server: s}}")})
    commit(world)
    shell.good("apply", "--yes")
    write(world, {"m.yaml": STACKS.replace('TWO: "2"', 'TWO: "9"')})
    commit(world)
    ask.write("DeleteServer", id="s")
    said = shell("drift", "--format", "json")
    assert any("make no plan now" in message for message in findings(said))
    assert causes(said)["stack/a"]["where"] == "unknown"


def test_without_git(world: Path, alice: Asker, tmp_path: Path) -> None:
    alice.write("UpdateStack", id="a", config={"environment": "ONE=1\n"})
    said = process("drift", "--format", "json", env={"PATH": str(tmp_path)})
    assert causes(said)["stack/a"]["where"] == "unknown"
    assert any("there is no git repository here, or no git" in message for message in findings(said))


def test_in_a_copy_that_is_no_repository(shell: Shell, world: Path, alice: Asker) -> None:
    alice.write("UpdateStack", id="a", config={"environment": "ONE=1\n"})
    (world / ".git").rename(world.parent / "elsewhere")
    said = shell("drift", "--format", "json")
    assert any("there is no git repository here, or no git" in message for message in findings(said))


def test_what_a_key_is_not_shown_was_changed_by_nobody(
    shell: Shell, world: Path, core: EmbeddedCore, ask: Asker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stack that this key may not see reads as one to be created: that somebody deleted it is not said."""
    ask.write("CreateServiceUser", username="reader", description="")
    user = ask.read("FindUser", user="reader")["_id"]["$oid"]
    key = ask.write("CreateApiKeyForServiceUser", user_id=user, name="k", expires=0)
    target = {"user_target": {"type": "User", "id": user}, "permission": "Read"}
    ask.write("UpdatePermissionOnTarget", resource_target={"type": "Stack", "id": stack(ask, "a")}, **target)
    ask.write("UpdateStack", id="a", config={"environment": "ONE=1\n"})
    monkeypatch.setenv("KOMODO_CLI_KEY", key["key"])
    monkeypatch.setenv("KOMODO_CLI_SECRET", key["secret"])
    found = drift(shell)
    assert found["stack/a"]["where"] == "komodo"
    for unseen in ("stack/b", "stack/c"):
        assert (found[unseen]["where"], found[unseen]["records"]) == ("unknown", [])
    assert "changed in Komodo or in git (if at all: this key is not shown it)" in shell("drift").out
    # nor is it said of what it refers to that it is not there
    write(world, {"m.yaml": STACKS + "  - {name: d, config: {server: s}}\n"})
    ask.write("CreateServer", name="s", config={"address": "https://x:1"})
    said = shell("plan")
    assert said.code == 1
    assert "server/s is declared nowhere, and the key of reader is shown no server of that name" in said.err
    assert "or let reader read it" in said.err
    # of what was added in git it is known all the same
    write(world, {"m.yaml": STACKS + "  - {name: d}\n"})
    commit(world)
    assert drift(shell)["stack/d"]["where"] == "git"


def test_records_that_cannot_be_read(shell: Shell, world: Path, core: EmbeddedCore, alice: Asker) -> None:
    alice.write("UpdateStack", id="a", config={"environment": "ONE=1\n"})
    core.faults.add("ListUpdates=500")
    said = shell("drift", "--format", "json")
    assert causes(said)["stack/a"]["where"] == "komodo"
    assert any("who changed it in Komodo cannot be told" in message for message in findings(said))


def test_folders_below_the_repository_and_the_other_layers(shell: Shell, work: Path, alice: Asker, ask: Asker) -> None:
    write(
        work,
        {
            "deep/komodo-sync.yaml": "owner: me\nmanifests: [s]\ntargets: {prod: {overlay: prod}}\n"
            "defaults: {stacks: {config: {branch: one}}}\n",
            "deep/s/m.yaml": "stacks:\n  - {name: a, config: {file_contents: !file web.yaml}}\n  - {name: b}\n",
            "deep/s/web.yaml": "services: {}\n",
            "deep/overlays/prod/o.yaml": "stacks: [{name: b, description: prod}]\n",
            "elsewhere.txt": "x",
        },
    )
    git(work, "init", "-q")
    commit(work)
    settings = ("--settings", "deep/komodo-sync.yaml", "--target", "prod")
    shell.good("apply", "--yes", *settings)
    write(work, {"deep/s/web.yaml": "services: {a: {image: a}}\n"})
    commit(work)
    alice.write("UpdateStack", id="b", config={"branch": "two"})
    found = drift(shell, *settings)
    assert {address: cause["where"] for address, cause in found.items()} == {"stack/a": "git", "stack/b": "komodo"}
    assert found["stack/a"]["records"][0]["by"] == "Gita"
    # defaults of the settings are part of what was applied
    write(work, {"deep/komodo-sync.yaml": (work / "deep/komodo-sync.yaml").read_text().replace("one", "three")})
    cause = drift(shell, *settings)["stack/b"]
    assert (cause["where"], cause["detail"]) == ("both", "with changes that are not committed yet")
    commit(work)
    assert [item["side"] for item in drift(shell, *settings)["stack/b"]["records"]] == ["komodo", "git"]
    assert list(drift(shell, *settings, "deep/s", "--select", "stack/a")) == ["stack/a"]


def test_paths_alone_are_manifests_too(shell: Shell, work: Path, alice: Asker) -> None:
    write(work, {"m/m.yaml": STACKS})
    git(work, "init", "-q")
    commit(work)
    shell.good("apply", "--yes", "m", "--owner", "me")
    alice.write("UpdateStack", id="a", config={"environment": "ONE=1\n"})
    write(work, {"m/m.yaml": STACKS.replace("image: b", "image: new")})
    found = drift(shell, "m", "--owner", "me")
    assert {address: cause["where"] for address, cause in found.items()} == {"stack/a": "komodo", "stack/b": "git"}


def test_states_that_somebody_changed(shell: Shell, world: Path, ask: Asker) -> None:
    """What is only refused is drift as well."""
    made = ask.write("CreateStack", name="z", config={})
    ask.write("CreateTag", name="owner:you")
    tag = next(item for item in ask.read("ListTags", query=None) if item["name"] == "owner:you")
    ask.write("UpdateResourceMeta", target={"type": "Stack", "id": made["_id"]["$oid"]}, tags=[tag["_id"]["$oid"]])
    write(world, {"z.yaml": "stacks: [{name: z}]\n"})
    assert shell("drift").code == 2


def test_reports(shell: Shell, world: Path, alice: Asker) -> None:
    alice.write("UpdateStack", id="a", config={"environment": "ONE=1\n"})
    said = shell(
        "drift",
        "--report",
        "json=out.json",
        "--report",
        "text=out.txt",
        "--report",
        "markdown=out.md",
        "--report",
        "junit=out.xml",
    )
    assert (world / "out.txt").read_text() == said.out
    assert "@ changed in Komodo" in shell.good("show", "out.json").out
    text = (world / "out.md").read_text()
    assert text.startswith("<!-- komodo-sync drift ")
    assert "\n## Komodo drift: 1 to update, 2 unchanged\n" in text
    assert "\n- **Changed in Komodo**: `stack/a`: UpdateStack by alice, `20" in text.partition("<details>")[0]
    assert "changed in Komodo: UpdateStack by alice, `20" in text
    assert 'message="changed in Komodo: UpdateStack by alice, 20' in (world / "out.xml").read_text()
    assert 'name="komodo-sync drift"' in (world / "out.xml").read_text()
    # it is drift also where nothing differs: its comment is no plan's
    shell.good("apply", "--yes")
    assert shell.good("drift", "--format", "markdown").out.startswith("<!-- komodo-sync drift ")
    assert shell.good("plan", "--format", "markdown").out.startswith("<!-- komodo-sync plan ")


def test_annotations_say_who_and_when(shell: Shell, world: Path, ask: Asker, alice: Asker) -> None:
    write(world, {"v.yaml": "variables: [{name: PUB, value: eu}]\n"})
    commit(world)
    shell.good("apply", "--yes")
    alice.write("UpdateStack", id="a", config={"environment": "ONE=1\n"})
    alice.write("UpdateVariableValue", name="PUB", value="us")
    alice.write("DeleteStack", id="b")
    write(world, {"n.yaml": "stacks: [{name: d}]\n"})
    commit(world)
    lines = shell("drift", "--format", "github").out.splitlines()
    assert lines[0].startswith("::notice title=komodo-sync drift::")
    told = {item["title"]: item for item in map(annotation, lines)}
    assert told["Changed in Komodo: stack/a"]["level"] == "warning"
    assert told["Changed in Komodo: stack/a"]["file"] == "m.yaml"
    assert "UpdateStack by alice, 20" in told["Changed in Komodo: stack/a"]["text"]
    assert "UpdateVariableValue by alice, 20" in told["Changed in Komodo: variable/PUB"]["text"]
    assert "DeleteStack by alice, 20" in told["Changed in Komodo: stack/b"]["text"]
    assert told["Changed in git: stack/d"]["level"] == "notice"
    assert "by Gita, 2026-11-20" in told["Changed in git: stack/d"]["text"]


def annotation(line: str) -> dict[str, str]:
    """A workflow command, taken apart."""
    head, _, text = line[2:].partition("::")
    level, _, rest = head.partition(" ")
    properties = dict(item.split("=", 1) for item in rest.split(",") if item)
    return {"level": level, "text": text, **{key: value.replace("%3A", ":") for key, value in properties.items()}}


RUNNING = """
servers: [{name: s, config: {address: "https://s:8120", enabled: true}}]
stacks:
  - name: web
    deploy: true
    state: running
    config: {server: s, file_contents: "services: {web: {image: nginx}}"}
"""


def test_what_somebody_stopped(shell: Shell, work: Path, core: EmbeddedCore, alice: Asker) -> None:
    write(work, {"komodo-sync.yaml": SETTINGS, "m.yaml": RUNNING})
    git(work, "init", "-q")
    commit(work)
    shell.good("apply", "--yes")
    assert shell("drift").code == 0
    alice.execute("StopStack", stack="web")
    core.settle()
    found = drift(shell)
    assert found["stack/web"]["where"] == "komodo"
    assert ("StopStack", "alice") in [(item["what"], item["by"]) for item in found["stack/web"]["records"]]
    # what a commit makes it deploy is the commit's
    shell.good("apply", "--yes")
    write(work, {"m.yaml": RUNNING.replace("nginx", "caddy")})
    commit(work)
    said = shell("drift", "--format", "json")
    assert causes(said)["stack/web"]["where"] == "git"
    [item] = [item for item in said.json["resources"] if item["address"] == "stack/web"]
    assert [change["action"] for change in item["changes"]] == ["update", "deploy"]


def test_that_it_was_deployed_is_not_why_it_differs(
    shell: Shell, work: Path, core: EmbeddedCore, ask: Asker, alice: Asker
) -> None:
    """Our own deploys are in the records too, and the newest one of all may be the one that came before the change."""
    text = RUNNING.replace("    state: running\n", "").replace('nginx}}"', 'nginx}}", environment: {A: "[[LEVEL]]"}')
    write(work, {"komodo-sync.yaml": SETTINGS, "m.yaml": text})
    ask.write("CreateVariable", name="LEVEL", value="info")
    git(work, "init", "-q")
    commit(work)
    shell.good("apply", "--yes")

    def told() -> list[tuple[str, str]]:
        return [(item["what"], item["by"]) for item in drift(shell)["stack/web"]["records"]]

    alice.write("UpdateResourceMeta", target={"type": "Stack", "id": stack(ask, "web")}, description="by hand")
    assert told() == []
    alice.write("UpdateStack", id="web", config={"branch": "dev", "environment": "A = [[LEVEL]]\nB = 1\n"})
    assert told() == [("UpdateStack", "alice")]
    shell.good("apply", "--yes")
    # nobody changed the stack: what it uses was changed, and who applied last has nothing to do with it
    alice.write("UpdateVariableValue", name="LEVEL", value="debug")
    assert told() == [("UpdateVariableValue", "alice")]


def test_a_deploy_that_failed_is_why(shell: Shell, work: Path, core: EmbeddedCore, alice: Asker) -> None:
    write(work, {"komodo-sync.yaml": SETTINGS, "m.yaml": RUNNING.replace("    state: running\n", "")})
    git(work, "init", "-q")
    commit(work)
    shell.good("apply", "--yes")
    good = "services: {web: {image: nginx}}"
    alice.write("UpdateStack", id="web", config={"file_contents": f"{good}\nx-simulate: fail\n"})
    alice.execute("DeployStack", stack="web")
    core.settle()
    alice.write("UpdateStack", id="web", config={"file_contents": good})
    found = drift(shell)["stack/web"]
    told = [(item["what"], item["by"]) for item in found["records"]]
    assert told == [("DeployStack, failed,", "alice")], "what was changed is as it was"


def test_what_is_known_not_to_run_is_not_as_declared(
    shell: Shell, work: Path, core: EmbeddedCore, ask: Asker, alice: Asker
) -> None:
    """Taken down with another stack of its project: no record of its own says so, and nothing is to be changed."""
    write(work, {"komodo-sync.yaml": SETTINGS, "m.yaml": RUNNING.replace("    state: running\n", "")})
    shell.good("apply", "--yes")
    config = {"server_id": "s", "project_name": "web", "file_contents": "services: {web: {image: nginx}}"}
    alice.write("CreateStack", name="twin", config=config)
    alice.execute("DestroyStack", stack="twin")
    core.settle()
    said = shell("drift", "--report", "junit=out.xml", "--report", "markdown=out.md", "--report", "html=out.html")
    assert said.code == 2
    assert "No changes, but 1 resource does not run as declared." in said.out
    assert "no changes, but 1 resource does not run as declared" in (work / "out.md").read_text()
    assert "No changes, but 1 resource does not run as declared." in (work / "out.html").read_text()
    assert '<failure type="drift" message="stack/web was deployed and does not run' in (work / "out.xml").read_text()
    # a plan changes nothing: its status tells of changes, its words of what it knows
    plan = shell.good("plan", "--detailed-exitcode")
    assert "No changes, but 1 resource does not run as declared." in plan.out
    assert shell("apply", "--yes").code == 3
