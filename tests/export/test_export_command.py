"""`komodo-sync export`, as somebody uses it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from round_trip import Bench, everything, exported, put
from shell import write, writes
from worlds import mark

from komodo_sync.export import Existing, export
from komodo_sync.model.address import Address

if TYPE_CHECKING:
    from pathlib import Path

    from asking import Asker
    from shell import Shell

    from komodo_sync.simulator import EmbeddedCore

SECRETS = ("hunter2", "pass-key-1", "hook-2", "args-3", "value-4", "named-5", "url-6", "quoted 7", "args-8", "old-9")
ODD = "\ufeff goes into no file"
COMPOSE = "services:\n  web:\n    image: nginx:1.27\n    environment:\n      DB_PASSWORD: in-clear\n"


@pytest.fixture
def secretive(ask: Asker) -> Asker:
    """A Core with a secret in every place that can hold one."""
    ask.write("CreateServer", name="prod", config={"passkey": SECRETS[1]})
    environment = (
        f"LEVEL=1\nDB_PASSWORD={SECRETS[0]}\nTOKEN='{SECRETS[7]}'\n# API_KEY={SECRETS[9]}\nREF_TOKEN=[[TOKEN]]\n"
    )
    config = {"server_id": "prod", "webhook_secret": SECRETS[2], "environment": environment, "file_contents": COMPOSE}
    ask.write("CreateStack", name="web", config=config)
    ask.write("CreateBuild", name="app", config={"secret_args": f"KEY={SECRETS[3]}\n"})
    ask.write("CreateVariable", name="HIDDEN", value=SECRETS[4], is_secret=True)
    ask.write("CreateVariable", name="API_TOKEN", value=SECRETS[5])
    ask.write("CreateAlerter", name="ops", config={"endpoint": {"type": "Slack", "params": {"url": SECRETS[6]}}})
    ask.write("CreateAction", name="run")
    run = {"type": "RunAction", "params": {"action": "run", "args": {"deep": {"password": SECRETS[8]}}}}
    ask.write("CreateProcedure", name="all", config={"stages": [{"name": "s", "executions": [{"execution": run}]}]})
    return ask


def test_no_secret_is_written_or_said(secretive: Asker, shell: Shell, work: Path) -> None:
    said = shell.good("export", "--out", "out")
    files = {path.relative_to(work).as_posix(): path.read_text() for path in work.rglob("*") if path.is_file()}
    for secret in SECRETS:
        assert secret not in said.all
        assert [name for name, text in files.items() if secret in text] == []
    wanted = {line.split()[0] for line in said.err.partition("Set these")[2].splitlines()[1:]}
    assert wanted == {
        "SERVER_PROD_PASSKEY", "STACK_WEB_WEBHOOK_SECRET", "STACK_WEB_DB_PASSWORD", "STACK_WEB_TOKEN",
        "STACK_WEB_API_KEY", "BUILD_APP_SECRET_ARGS", "VARIABLE_HIDDEN_VALUE", "VARIABLE_API_TOKEN_VALUE",
        "ALERTER_OPS_ENDPOINT_URL", "PROCEDURE_ALL_STAGES_1_EXECUTIONS_1_EXECUTION_ARGS_DEEP_PASSWORD",
    }  # fmt: skip
    assert "${env:STACK_WEB_WEBHOOK_SECRET}" in files["out/stacks.yaml"]
    assert "REF_TOKEN=[[TOKEN]]" in files["out/stacks.yaml"]
    assert "TOKEN='${env:STACK_WEB_TOKEN}'" in files["out/stacks.yaml"]
    assert "stacks/web/compose.yaml:5 may hold a secret in clear (DB_PASSWORD)" in said.err
    assert shell.good("plan", "out", "--detailed-exitcode").code == 0


def test_what_was_written_in_clear_is_told_in_any_case(secretive: Asker, shell: Shell) -> None:
    said = shell.good("export", "--out", "out", "-q")
    assert [line for line in said.err.splitlines() if line.startswith("warning")] == [
        "warning: stacks/web/compose.yaml:5 may hold a secret in clear (DB_PASSWORD)"
    ]
    words = " ".join(shell.good("export", "--help").out.split())
    assert "never written" not in words
    assert "is kept there and told" in words


def test_a_key_that_does_not_see_a_value_leaves_it_alone(secretive: Asker) -> None:
    from komodo_sync.model.data import replace

    with Bench() as bench:
        core = bench.core()
        core.writer.write("CreateVariable", {"name": "HIDDEN", "value": "x", "is_secret": True})
        observed = everything(core)
        address = Address("variable", "HIDDEN")
        live = replace(observed.resources[address], config={"is_secret": True}, masked=frozenset({"value"}))
        made = export(replace(observed, resources={**observed.resources, address: live}), [address])
    assert made.files == {"variables.yaml": "variables:\n  - name: HIDDEN\n    is_secret: true\n"}
    assert [(item.address, item.field) for item in made.omissions] == [(address, "value")]


def test_it_says_what_it_wrote_and_writes_it_once(ask: Asker, shell: Shell, work: Path) -> None:
    ask.write("CreateServer", name="prod")
    ask.write("CreateStack", name="web", config={"server_id": "prod", "file_contents": "services: {}\n"})
    first = shell.good("export", "--out", "out", "--split", "resource")
    assert first.out.splitlines() == ["out/servers/prod.yaml", "out/stacks/web.yaml"]
    again = shell.good("export", "--out", "out", "--split", "kind")
    assert again.out == ""
    assert "2 resources, 0 files written" in again.err


def test_what_is_declared_outside_of_the_folder_is_not_written_and_it_says_why(
    ask: Asker, shell: Shell, work: Path
) -> None:
    ask.write("CreateServer", name="prod")
    write(work, {"komodo-sync.yaml": "manifests: [m]\n", "m/a.yaml": "servers: [{name: prod}]\n"})
    said = shell.good("export", "--out", "new")
    assert said.out == ""
    assert "0 resources, 0 files written" in said.err
    assert "1 resource is declared already as it is, in m/a.yaml; --force writes it all the same" in said.err
    assert not (work / "new").exists()
    assert "declared already" not in shell.good("export", "--out", "m").err
    assert shell.good("export", "--out", "m/new").err.endswith("declared already as it is, in m/a.yaml\n")
    assert shell.good("export", "--out", "new", "--force").out == "new/servers.yaml\n"


@pytest.mark.parametrize("word", ["forget", "absent"])
@pytest.mark.parametrize("settings", [{}, {"komodo-sync.yaml": "manifests: [m]\n"}])
def test_what_the_manifests_let_go_of_is_not_written_and_it_says_why(
    ask: Asker, shell: Shell, work: Path, word: str, settings: dict[str, str]
) -> None:
    ask.write("CreateStack", name="x")
    ask.write("CreateStack", name="y")
    write(work, {**settings, "m/a.yaml": f"{word}: [stack/x]\n"})
    said = shell.good("export", "--out", "m")
    assert said.out == "m/stacks.yaml\n"
    place = "m/a.yaml:1:10" if settings else "a.yaml:1:10"
    assert f"warning: stack/x is not written: it is listed under {word} at {place}\n" in said.err
    assert "1 resource, 1 file written" in said.err
    assert "stack/x" not in (work / "m/stacks.yaml").read_text()
    again = shell.good("export", "--out", "m", "--select", "stack/x")
    assert "stack/x is not written" in again.err
    if settings:
        assert "stack/x is not written" in shell.good("export", "--out", "m", "--force").err
        assert "name: x" not in (work / "m/stacks.yaml").read_text()
        assert "stack/x is not written" in shell.good("export", "--out", "new").err
        shell.good("export", "--out", "new", "--force")
        assert "name: x" in (work / "new/stacks.yaml").read_text()


def test_adopt_tags_what_it_wrote_and_does_nothing_else(
    ask: Asker, shell: Shell, core: EmbeddedCore, work: Path
) -> None:
    ask.write("CreateServer", name="prod")
    ask.write("CreateStack", name="web", config={"server_id": "prod"})
    ask.write("CreateVariable", name="REGION", value="eu")
    ask.write("CreateTag", name="owner:other")
    ask.write("CreateTag", name="public")
    ask.write("CreateStack", name="theirs")
    mark(ask, "Stack", "theirs", ["owner:other"])
    mark(ask, "Stack", "web", ["public"], description="The site")
    before = len(writes(core))
    said = shell.good("export", "--out", "out", "--adopt", "--owner", "me")
    assert "stack/theirs is not written: it belongs to another owner" in said.err
    assert sorted(writes(core)[before:]) == ["CreateTag", *LOCKED, "UpdateResourceMeta", "UpdateResourceMeta"]
    tags = {tag["_id"]["$oid"]: tag["name"] for tag in ask.read("ListTags", query=None)}
    assert {tags[tag] for tag in ask.read("GetStack", stack="web")["tags"]} == {"public", "owner:me"}
    assert "owner:" not in "".join(path.read_text() for path in (work / "out").rglob("*.yaml"))
    assert shell("plan", "out", "--owner", "me", "--detailed-exitcode").code == 0


LOCKED = ["CreateVariable", "DeleteVariable"]
"""An adoption is an apply, and holds the lock."""


def test_adopt_needs_an_owner(ask: Asker, shell: Shell, work: Path) -> None:
    said = shell("export", "--out", "out", "--adopt")
    assert said.code == 64
    assert "--owner" in said.err
    assert not (work / "out").exists()


def test_adopt_proves_nothing_without_the_secrets(
    secretive: Asker, shell: Shell, core: EmbeddedCore, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = len(writes(core))
    said = shell("export", "--out", "out", "--adopt", "--owner", "me")
    assert said.code == 4
    assert writes(core)[before:] == []
    monkeypatch.setenv("SERVER_PROD_PASSKEY", "another one")
    said = shell("export", "--out", "out", "--adopt", "--owner", "me", "--select", "server/prod")
    assert said.code == 4
    assert writes(core)[before:] == []
    monkeypatch.setenv("SERVER_PROD_PASSKEY", SECRETS[1])
    shell.good("export", "--out", "out", "--adopt", "--owner", "me", "--select", "server/prod")
    assert sorted(writes(core)[before:]) == ["CreateTag", *LOCKED, "UpdateResourceMeta"]


def test_what_is_gone_is_left_in_its_file(ask: Asker, shell: Shell, work: Path) -> None:
    ask.write("CreateRepo", name="a")
    ask.write("CreateRepo", name="b")
    shell.good("export", "--out", "out")
    before = (work / "out/repos.yaml").read_text()
    ask.write("DeleteRepo", id="a")
    said = shell.good("export", "--out", "out")
    assert (work / "out/repos.yaml").read_text() == before
    assert "repo/a is declared, and in the Core no more" in said.err


def test_what_was_renamed_is_not_missed_under_its_old_name(ask: Asker, shell: Shell, work: Path) -> None:
    ask.write("CreateRepo", name="a", config={"repo": "x/y"})
    text = "repos:\n  - name: b\n    renamed_from: a\n    config: {repo: x/y}\n"
    write(work, {"out/repos.yaml": text})
    # it is still to be renamed, and neither added nor missed
    assert "repo/b is declared, and in the Core no more" in shell.good("export", "--out", "out").err
    assert (work / "out/repos.yaml").read_text() == text
    shell.good("apply", "out", "--yes", "-q")
    assert "no more" not in shell.good("export", "--out", "out").err
    assert (work / "out/repos.yaml").read_text() == text


def test_a_file_in_the_way_is_kept(ask: Asker, shell: Shell, work: Path) -> None:
    ask.write("CreateStack", name="web", config={"file_contents": COMPOSE})
    write(work, {"out/stacks/web/compose.yaml": "services: {mine: {image: x}}\n"})
    said = shell("export", "--out", "out")
    assert said.code == 1
    assert "compose.yaml is in the way" in said.err
    assert not (work / "out/stacks.yaml").exists()
    shell.good("export", "--out", "out", "--force")
    assert (work / "out/stacks/web/compose.yaml").read_text() == COMPOSE


def test_what_shares_a_value_with_what_changed_is_as_it_was(ask: Asker, shell: Shell, work: Path) -> None:
    text = """\
stacks:
  - name: web
    config: &all
      repo: a/b   # ours
      environment: {A: 1}
  - name: two
    config: *all
  - name: three
    config: {<<: *all, branch: x}
"""
    write(work, {"out/a.yaml": text})
    shell.good("apply", "out", "--yes", "-q")
    assert shell.good("export", "--out", "out").out == ""
    ask.write("UpdateStack", id="web", config={"environment": "A=2\n"})
    said = shell.good("export", "--out", "out")
    assert said.out == "out/a.yaml\n"
    assert "differs" not in said.err
    assert "3 resources, 1 file written" in said.err
    assert text.partition("  - name: two")[0].replace("A: 1", "A: 2") in (work / "out/a.yaml").read_text()
    assert shell("plan", "out", "--detailed-exitcode").code == 0


def test_what_the_folder_takes_from_outside_is_known_without_settings_too(
    ask: Asker, shell: Shell, work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WHERE", "hunter2")
    ask.write("CreateStack", name="web", config={"repo": "a/b", "environment": "A=hunter2\n", "branch": "dev"})
    write(work, {"out/a.yaml": "stacks:\n- name: web\n  config: {repo: a/b, environment: {A: '${env:WHERE}'}}\n"})
    ask.write("CreateStack", name="new", config={"file_contents": "services:\n  a:\n    command: run hunter2\n"})
    said = shell.good("export", "--out", "out")
    assert [path for path in (work / "out").rglob("*.yaml") if "hunter2" in path.read_text()] == []
    assert "hunter2" not in said.all
    assert "branch: dev" in (work / "out/a.yaml").read_text()


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("repos:\n- name: a\n...\n# end\n", "repos:\n- name: a\nstacks:\n  - name: new\n...\n# end\n"),
        ("  repos:\n  - name: a\n# end\n", "  repos:\n  - name: a\n  stacks:\n    - name: new\n# end\n"),
        ("{repos: [{name: a}]} # end\n", "{repos: [{name: a}], stacks: [name: new]} # end\n"),
        ("repos:\n- name: a\n# end", "repos:\n- name: a\n# end\nstacks:\n  - name: new\n"),
    ],
)
def test_another_kind_goes_into_a_file_however_it_is_written(
    ask: Asker, shell: Shell, work: Path, text: str, after: str
) -> None:
    write(work, {"out/stacks.yaml": text})
    ask.write("CreateRepo", name="a")
    ask.write("CreateStack", name="new")
    shell.good("export", "--out", "out")
    assert (work / "out/stacks.yaml").read_text() == after
    shell.good("plan", "out")


def test_an_anchor_that_others_name_is_not_taken_from_them(ask: Asker, shell: Shell, work: Path) -> None:
    text = """\
stacks:
  - name: web
    config: {repo: a/b, environment: {A: &a x, B: y}}
  - name: two
    config: {repo: a/b, branch: *a}
"""
    write(work, {"out/a.yaml": text})
    shell.good("apply", "out", "--yes", "-q")
    ask.write("UpdateStack", id="web", config={"environment": "B=y\n"})
    said = shell("export", "--out", "out")
    assert said.code == 1
    assert "a.yaml would lose the anchor &a, which others name" in said.err
    assert (work / "out/a.yaml").read_text() == text


def test_an_order_with_an_anchor_is_written_out(ask: Asker, shell: Shell, work: Path) -> None:
    text = "stacks:\n- name: web\n  config:\n    repo: a/b\n    environment:\n      A: &a x\n      B: *a\n"
    write(work, {"out/a.yaml": text})
    shell.good("apply", "out", "--yes", "-q")
    ask.write("UpdateStack", id="web", config={"environment": "B=x\nA=x\n"})
    shell.good("export", "--out", "out")
    assert (work / "out/a.yaml").read_text() == text.replace("      A: &a x\n      B: *a\n", "      B: x\n      A: x\n")
    assert shell("plan", "out", "--detailed-exitcode").code == 0


def test_where_one_file_cannot_be_written_all_are_as_they_were(ask: Asker, shell: Shell, work: Path) -> None:
    ask.write("CreateStack", name="web", config={"file_contents": COMPOSE})
    text = "stacks:\n  - name: web   # mine\n"
    write(work, {"out/a.yaml": text, "out/stacks": "a file where a folder is to be"})
    said = shell("export", "--out", "out")
    assert said.code == 1
    assert "out/stacks/web/compose.yaml cannot be written" in said.err
    assert "no file was changed" in said.err
    assert {path.name: path.read_text() for path in (work / "out").iterdir()}.keys() == {"a.yaml", "stacks"}
    assert (work / "out/a.yaml").read_text() == text


def test_a_file_keeps_its_rights_and_a_link_stays_one(ask: Asker, shell: Shell, work: Path) -> None:
    ask.write("CreateRepo", name="a", config={"branch": "dev"})
    write(work, {"out/real.yaml.txt": "repos:\n  - name: a   # mine\n"})
    (work / "out/real.yaml.txt").chmod(0o640)
    (work / "out/a.yaml").symlink_to("real.yaml.txt")
    shell.good("export", "--out", "out")
    assert (work / "out/a.yaml").is_symlink()
    assert (work / "out/real.yaml.txt").stat().st_mode & 0o777 == 0o640
    assert "branch: dev" in (work / "out/real.yaml.txt").read_text()


def test_manifests_that_are_wrong_are_not_touched(ask: Asker, shell: Shell, work: Path) -> None:
    ask.write("CreateRepo", name="a")
    write(work, {"out/mine.yaml": "repos:\n  - nam: a\n"})
    said = shell("export", "--out", "out")
    assert said.code == 1
    assert "mine.yaml:2" in said.err
    assert list((work / "out").iterdir()) == [work / "out/mine.yaml"]


def test_a_part_alone(ask: Asker, shell: Shell, work: Path) -> None:
    ask.write("CreateRepo", name="a")
    ask.write("CreateRepo", name="b")
    ask.write("CreateServer", name="a")
    shell.good("export", "--out", "out", "--select", "repo/a")
    assert [path.name for path in (work / "out").iterdir()] == ["repos.yaml"]
    assert (work / "out/repos.yaml").read_text() == "repos:\n  - name: a\n"
    assert shell("export", "--out", "out", "--select", "repo/zz").code == 64
    assert shell("export", "--out", "out", "--select", "a").code == 64


def test_what_is_declared_beside_the_folder_is_not_declared_twice(ask: Asker, shell: Shell, work: Path) -> None:
    ask.write("CreateRepo", name="a", config={"branch": "dev"})
    ask.write("CreateRepo", name="b")
    write(work, {"komodo-sync.yaml": "owner: me\n", "mine/repos.toml": '[[repo]]\nname = "a"\n'})
    said = shell.good("export", "--out", "live")
    assert (work / "live/repos.yaml").read_text() == "repos:\n  - name: b\n"
    assert (
        "repo/a is not written: it is declared where it cannot be changed (mine/repos.toml:1:1), and differs: "
        in said.err
    )


def test_what_a_manifest_cannot_say_is_ignored_by_it() -> None:
    with Bench() as bench:
        core, folder = bench.core(), bench.folder()
        core.writer.write("CreateServer", {"name": "gone"})
        alerter = {"name": "ops", "config": {"resources": [{"type": "Server", "id": "0" * 24}], "enabled": True}}
        core.writer.write("CreateAlerter", alerter)
        made = exported(core)
        assert [(str(item.address), item.field) for item in made.omissions] == [("alerter/ops", "resources")]
        assert "ignore: [config.resources]" in made.files["alerters.yaml"]
        put(folder, made.files)
        from round_trip import planned

        assert not planned(core, folder).has_changes


def test_the_tags_of_our_books_are_not_exported() -> None:
    with Bench() as bench:
        core = bench.core()
        for tag in ("owner:me", "protected", "public"):
            core.writer.write("CreateTag", {"name": tag})
        core.writer.write("CreateRepo", {"name": "a"})
        target = {"type": "Repo", "id": "a"}
        core.writer.write("UpdateResourceMeta", {"target": target, "tags": ["public", "owner:me", "protected"]})
        files = exported(core).files
    assert files == {
        "repos.yaml": "repos:\n  - name: a\n    tags: [public]\n    protect: true\n",
        "tags.yaml": "tags:\n  - name: public\n",
    }


def test_a_name_from_before_the_rules_is_told() -> None:
    with Bench() as bench:
        core = bench.core()
        core.writer.write("CreateStack", {"name": "web"})
        observed = everything(core)
    from komodo_sync.model.data import replace

    address = Address("stack", "My Web")
    live = replace(observed.resources[Address("stack", "web")], address=address)
    made = export(replace(observed, resources={address: live}), [address], existing=Existing())
    assert made.files == {}
    assert [(item.address, item.field) for item in made.omissions] == [(address, "")]
    assert "my_web" in made.omissions[0].reason


def test_what_the_manifests_take_from_the_settings_is_known(ask: Asker, shell: Shell, work: Path) -> None:
    ask.write("CreateRepo", name="a", config={"branch": "dev", "repo": "x/y"})
    text = "repos:\n  - name: a\n    config: {branch: '${var:branch}', repo: '${var:repo}'}  # ours\n"
    write(work, {"komodo-sync.yaml": "vars: {branch: dev}\nmanifests: [live]\n", "live/repos.yaml": text})
    assert shell.good("export", "--out", "live", "--var", "repo=x/y").out == ""
    shell.good("export", "--out", "live", "--var", "repo=x/z")
    assert (work / "live/repos.yaml").read_text() == text.replace("'${var:repo}'", "x/y")


def test_more_says_which_core_is_meant(ask: Asker, shell: Shell, work: Path) -> None:
    said = shell.good("export", "--out", "out", "-v")
    assert ", from KOMODO_CLI_HOST\n" in said.err
    assert shell.good("export", "--out", "out", "-q").all == ""


def test_layers_stay_as_they_are_written(ask: Asker, shell: Shell, work: Path) -> None:
    """What differs is written into the entry, over its defaults; what many resources share is told, and left."""
    text = """\
repos:
- name: app-${each:n}   # all of them
  for_each: {n: [1, 2]}
  config: {branch: main}
- name: own
  config: {repo: x/y}  # ours
"""
    settings = "manifests: [live]\ndefaults: {repos: {description: d, config: {branch: dev, repo: a/b}}}\n"
    write(work, {"komodo-sync.yaml": settings, "live/repos.yaml": text})
    shell.good("apply", "--yes", "-q")
    assert shell.good("export", "--out", "live").out == ""
    ask.write("UpdateRepo", id="own", config={"branch": "main", "repo": "x/y"})
    ask.write("UpdateRepo", id="app-2", config={"branch": "other"})
    said = shell.good("export", "--out", "live")
    assert "repo/app-2 is not written" in said.err
    assert "config/branch" in said.err
    kept, _, own = (work / "live/repos.yaml").read_text().partition("- name: own\n")
    assert kept == text.partition("- name: own\n")[0]
    assert own == "  config: {repo: x/y, branch: main}  # ours\n"
    assert "repo/own" not in shell("plan").out


def test_a_file_that_is_named_no_more_is_not_read_as_a_manifest(ask: Asker, shell: Shell, work: Path) -> None:
    toml = '[[stack]]\nname = "from-the-sync"\n'
    ask.write("CreateResourceSync", name="all", config={"file_contents": toml})
    ask.write("CreateStack", name="web", config={"file_contents": COMPOSE})
    shell.good("export", "--out", "out")
    ask.write("UpdateResourceSync", id="all", config={"file_contents": ODD})
    ask.write("UpdateStack", id="web", config={"file_contents": ODD})
    said = shell.good("export", "--out", "out")
    [kept] = [path for path in work.rglob("*.unused") if path.read_text() == toml]
    was = kept.relative_to(work / "out").as_posix().removesuffix(".unused")
    assert f"{was} is named by no manifest any more; it is {was}.unused now, so that it is not read as one" in said.err
    assert "from-the-sync" not in shell.good("plan", "out", "--detailed-exitcode").all
    assert "unused" not in shell.good("export", "--out", "out").err


def test_another_file_of_that_name_is_kept_too(ask: Asker, shell: Shell, work: Path) -> None:
    ask.write("CreateStack", name="web", config={"file_contents": COMPOSE})
    shell.good("export", "--out", "out")
    write(work, {"out/stacks/web/compose.yaml.unused": "mine"})
    ask.write("UpdateStack", id="web", config={"file_contents": ODD})
    shell.good("export", "--out", "out")
    assert (work / "out/stacks/web/compose.yaml.unused").read_text() == "mine"
    assert (work / "out/stacks/web/compose.yaml.unused-2").read_text() == COMPOSE


CLEAR = ("hunterA", "hunterB", "hunterC", "hunterD", "hunterE", "ghp_abcdefghijklmnopqrstuvwxyz0123", "hunterF")
TOLD = ("hunterG", "hunterH", "hunterI", "hunterJ")


def test_what_is_a_secret_by_its_form_is_not_written_whatever_it_is_called(
    ask: Asker, shell: Shell, work: Path
) -> None:
    environment = (
        "DATABASE=postgres://u:hunterA@db/x\nHOOK=https://hooks.slack.com/services/T0/B0/hunterB\n"
        "CI='ghp_abcdefghijklmnopqrstuvwxyz0123'\n# was redis://:hunterC@r:6379\n"
        "REF=postgres://u:${PW}@db\nREF2=postgres://u:[[PW]]@db\nOK=https://me@example.com/x?a=b:c@d\n"
    )
    config = {
        "environment": environment,
        "links": ["https://u:hunterD@x", "https://example.com"],
        "repo": "https://u:hunterE@git/x",
        "pre_deploy": {"command": "curl https://u:hunterG@x"},
        "extra_args": ["--password", "hunterH", "--registry-token=hunterI"],
        "file_contents": "services:\n  a:\n    command: run --url postgres://u:hunterJ@db\n",
    }
    ask.write("CreateStack", name="web", config=config)
    ask.write("CreateVariable", name="DB", value="postgres://u:hunterF@db/x")
    said = shell.good("export", "--out", "out")
    texts = {path.relative_to(work / "out").as_posix(): path.read_text() for path in (work / "out").rglob("*.yaml")}
    for secret in CLEAR:
        assert not [name for name, text in texts.items() if secret in text], secret
    wanted = {line.split()[0] for line in said.err.partition("Set these")[2].splitlines()[1:]}
    assert wanted == {
        "STACK_WEB_DATABASE",
        "STACK_WEB_HOOK",
        "STACK_WEB_CI",
        "STACK_WEB_WAS_REDIS",
        "STACK_WEB_LINKS_1",
        "STACK_WEB_REPO",
        "VARIABLE_DB_VALUE",
    }
    for kept in ("REF=postgres://u:${PW}@db", "REF2=postgres://u:[[PW]]@db", "OK=https://me@example.com/x?a=b:c@d"):
        assert kept in texts["stacks.yaml"]
    for secret in TOLD:
        lines = [
            f"{name}:{number} may hold a secret in clear"
            for name, text in texts.items()
            for number, line in enumerate(text.splitlines(), 1)
            if secret in line
        ]
        assert [line for line in lines if line in said.err], (secret, said.err)
    assert "hunter" not in said.all


def test_names_that_differ_in_capitals_alone_share_a_file(ask: Asker, shell: Shell, work: Path) -> None:
    for name in ("Prod", "prod", "PROD-"):
        ask.write("CreateServer", name=name, config={})
    shell.good("export", "--out", "out", "--split", "resource")
    assert [path.name for path in (work / "out/servers").iterdir()] == ["PROD.yaml"]
    text = (work / "out/servers/PROD.yaml").read_text()
    assert [line for line in text.splitlines() if "name:" in line] == [
        "  - name: PROD-",
        "  - name: Prod",
        "  - name: prod",
    ]


def test_whatever_may_be_a_secret_is_replaced_or_told_with_its_line_once(ask: Asker, shell: Shell, work: Path) -> None:
    ask.write("CreateServer", name="prod")
    compose = (
        "services:\n  db:\n    image: mysql:8\n"
        '    healthcheck: {test: ["CMD", "mysqladmin", "ping", "-uroot", "-phunterAA"]}\n'
        "    command: sh -c \"mysql -uroot -p'hunterBB'\"\n"
    )
    environment = "LEVEL=1\n# was: DB_PASSWORD=hunterCC\nOPTS=--a 1 --password hunterDD\n"
    config = {"server_id": "prod", "file_contents": compose, "environment": environment}
    ask.write("CreateStack", name="web", config=config)
    extra = ["--requirepass", "hunterEE", "--env=APP_SECRET=hunterFF"]
    ask.write("CreateDeployment", name="api", config={"server_id": "prod", "extra_args": extra})
    ask.write("CreateAction", name="run", config={"arguments": 'token = "hunterGG"\n', "arguments_format": "toml"})
    toml = '[[variable]]\nname = "FLAVOUR"\nvalue = "hunterHH"\nis_secret = true\n'
    ask.write("CreateResourceSync", name="sync", config={"file_contents": toml})
    ask.write("CreateVariable", name="SPICE", value="hunterII", is_secret=True)
    run = {"type": "RunAction", "params": {"action": "run", "args": {"hunterII": "1"}}}
    ask.write("CreateProcedure", name="all", config={"stages": [{"name": "s", "executions": [{"execution": run}]}]})
    said = shell.good("export", "--out", "out")
    told = [line for line in said.err.splitlines() if "may hold a secret in clear" in line]
    places = [line.removeprefix("warning: ").split()[0] for line in told]
    files = {path.relative_to(work / "out").as_posix(): path.read_text() for path in (work / "out").rglob("*.*")}
    assert places == [
        f"{name}:{number}"
        for name, text in sorted(files.items())
        for number, line in enumerate(text.splitlines(), 1)
        if "hunter" in line
    ]
    kept = set(re.findall("hunter(..)", "".join(files.values())))
    assert kept == {"AA", "BB", "EE", "FF", "GG", "HH", "II"}
    assert "hunter" not in said.all
    assert "# was: DB_PASSWORD=${env:STACK_WEB_DB_PASSWORD}" in files["stacks.yaml"]
    assert "OPTS=--a 1 --password ${env:STACK_WEB_PASSWORD}" in files["stacks.yaml"]
    assert "(it is a secret elsewhere)" in said.err
    assert shell.good("plan", "out", "--detailed-exitcode").code == 0
