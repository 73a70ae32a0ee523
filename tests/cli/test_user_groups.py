"""User groups, from a manifest to the Core and back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from shell import Shell, write, writes

if TYPE_CHECKING:
    from pathlib import Path

    from asking import Asker

    from komodo_sync.simulator import EmbeddedCore

STACKS = "stacks: [{name: web-1}, {name: web-2}, {name: db}]\nservers: [{name: prod}]\n"
GROUP = """\
user_groups:
- name: devs
  users: [alice, bob]
  all: {Server: Read, stack: {level: Execute, specific: [Logs, Attach]}}
  permissions:
  - {target: stack/web-*, level: Read}
  - {target: stack/web-2, level: Write, specific: [Terminal]}
  - {target: {type: Server, id: prod}, level: None, specific: [Inspect]}
"""


@pytest.fixture
def team(ask: Asker) -> dict[str, str]:
    """Users, by name with their ids."""
    made = [ask.write("CreateServiceUser", username=name, description="") for name in ("alice", "bob", "carol")]
    return {user["username"]: user["_id"]["$oid"] for user in made}


def group(ask: Asker, name: str = "devs") -> dict[str, Any]:
    """What the Core has of a group, by names."""
    [found] = [each for each in ask.read("ListUserGroups") if each["name"] == name]
    users = {user["_id"]["$oid"]: user["username"] for user in ask.read("ListUsers")}
    names = {
        item["_id"]["$oid"]: item["name"]
        for kind in ("Stack", "Server")
        for item in ask.read(f"ListFull{kind}s", query={}, page=0, limit=0)
    }
    target = {"type": "UserGroup", "id": found["_id"]["$oid"]}
    rows = ask.read("ListUserTargetPermissions", user_target=target)
    return {
        "everyone": found["everyone"],
        "users": sorted(users[user] for user in found["users"]),
        "all": found["all"],
        "permissions": {names[row["resource_target"]["id"]]: (row["level"], row["specific"]) for row in rows},
    }


def sent(core: EmbeddedCore, shell: Shell, *arguments: str) -> list[str]:
    """What an apply writes."""
    before = len(writes(core))
    said = shell.good("apply", "--yes", *arguments)
    assert "nothing is left to do" in said.out or "No changes" in said.out, said.out
    return writes(core)[before:]


@pytest.mark.usefixtures("team")
def test_a_group_is_made_together_with_what_it_is_about(
    ask: Asker, core: EmbeddedCore, shell: Shell, work: Path
) -> None:
    write(work, {"m.yaml": GROUP + STACKS})
    shell.good("apply", "--yes", "m.yaml")
    assert group(ask) == {
        "everyone": False,
        "users": ["alice", "bob"],
        "all": {"Server": "Read", "Stack": {"level": "Execute", "specific": ["Attach", "Logs"]}},
        "permissions": {"web-1": ("Read", []), "web-2": ("Write", ["Terminal"]), "prod": ("None", ["Inspect"])},
    }
    assert sent(core, shell, "m.yaml") == []
    # the order of users, kinds and specific permissions means nothing
    turned = GROUP.replace("alice, bob", "bob, alice, bob").replace("Logs, Attach", "Attach, Logs, Logs")
    write(work, {"m.yaml": turned + STACKS})
    assert sent(core, shell, "m.yaml") == []


@pytest.mark.usefixtures("team")
def test_only_what_differs_is_sent_and_shown(ask: Asker, core: EmbeddedCore, shell: Shell, work: Path) -> None:
    write(work, {"m.yaml": GROUP + STACKS})
    shell.good("apply", "--yes", "m.yaml")
    changed = GROUP.replace("Server: Read, ", "").replace("web-*, level: Read", "web-*, level: Execute")
    changed = changed.replace("users: [alice, bob]", "users: [carol]").replace("[Inspect]", "[]")
    write(work, {"m.yaml": changed + STACKS})
    said = shell.good("plan", "m.yaml").out
    for line in ("- Server  (was Read)", "~ stack/web-1: Read -> Execute", "- server/prod  (was None + Inspect)"):
        assert line in said
    assert "web-2" not in said
    assert sent(core, shell, "m.yaml") == [
        "SetUsersInUserGroup",
        "UpdatePermissionOnResourceType",
        "UpdatePermissionOnTarget",
        "UpdatePermissionOnTarget",
    ]
    found = group(ask)
    assert found["users"] == ["carol"]
    # a Core keeps what was taken away at the level None
    assert found["all"]["Server"] == "None"
    assert found["permissions"]["prod"] == ("None", [])
    write(work, {"m.yaml": "user_groups: [{name: devs, everyone: yes}]\n" + STACKS})
    assert len(sent(core, shell, "m.yaml")) == 5
    assert group(ask)["everyone"] is True


@pytest.mark.usefixtures("team")
def test_patterns_mean_what_is_there_after_the_plan(ask: Asker, core: EmbeddedCore, shell: Shell, work: Path) -> None:
    write(work, {"m.yaml": GROUP + STACKS})
    shell.good("apply", "--yes", "m.yaml")
    ask.write("CreateStack", name="web-by-hand")
    settings = "owner: me\nprune: true\n"
    regex = GROUP.replace("stack/web-*", r"'stack/\^(web|api)-[\w-]+$\'").replace(
        "stack/web-2, level: Write", "stack/*2, level: Write"
    )
    stacks = "stacks: [{name: web-1}, {name: web-3, renamed_from: db}, {name: api-2}]\nservers: [{name: prod}]\n"
    write(work, {"komodo-sync.yaml": "owner: me\n", "m.yaml": GROUP + STACKS})
    shell.good("apply", "--yes")
    write(work, {"komodo-sync.yaml": settings, "m.yaml": regex + stacks})
    said = shell.good("plan").out
    for line in ("+ stack/api-2: Write + Terminal", "+ stack/web-3: Read", "- stack/web-2"):
        assert line in said
    sent(core, shell)
    names = ("Read", [])
    assert group(ask)["permissions"] == {
        "web-1": names, "web-3": names, "web-by-hand": names, "api-2": ("Write", ["Terminal"]),
        "prod": ("None", ["Inspect"]),
    }  # fmt: skip


@pytest.mark.usefixtures("team")
def test_a_pattern_that_fits_nothing_is_told(shell: Shell, work: Path) -> None:
    write(work, {"m.yaml": "user_groups: [{name: devs, permissions: [{target: build/x-*, level: Read}]}]\n"})
    assert "user_group/devs gives a permission on build/x-*, and there is no such build" in " ".join(
        shell.good("plan", "m.yaml").out.split()
    )


@pytest.mark.usefixtures("team")
def test_a_permission_does_not_hold_what_is_deleted(ask: Asker, shell: Shell, work: Path) -> None:
    write(work, {"m.yaml": GROUP + STACKS})
    shell.good("apply", "--yes", "m.yaml")
    write(work, {"m.yaml": "absent: [server/prod]\n"})
    said = shell.good("apply", "--yes", "m.yaml").out
    assert "user_group" not in said
    assert "prod" not in group(ask)["permissions"]


@pytest.mark.usefixtures("team")
def test_a_group_is_renamed_and_deleted(ask: Asker, shell: Shell, work: Path) -> None:
    write(work, {"m.yaml": GROUP + STACKS})
    shell.good("apply", "--yes", "m.yaml")
    write(work, {"m.yaml": GROUP.replace("name: devs", "name: makers\n  renamed_from: devs") + STACKS})
    said = shell.good("apply", "--yes", "m.yaml").out
    assert "rename" in said
    assert "update" not in said
    assert group(ask, "makers")["users"] == ["alice", "bob"]
    write(work, {"m.yaml": "absent: [user_group/makers]\n"})
    shell.good("apply", "--yes", "m.yaml")
    assert ask.read("ListUserGroups") == []


@pytest.mark.usefixtures("team")
def test_users_that_are_not_there(shell: Shell, core: EmbeddedCore, work: Path) -> None:
    write(work, {"m.yaml": "user_groups:\n- name: devs\n  users: [alice, carl]\n"})
    assert shell.good("validate", "m.yaml").out == "1 resource in 1 file, 0 errors\n"
    said = shell("plan", "m.yaml")
    assert said.code == 1
    assert "m.yaml:3:18: error[KS043]: the Core has no user carl" in said.err
    assert "did you mean carol?" in said.err
    assert writes(core)[-1] == "CreateServiceUser"


def test_permissions_are_asked_for_of_declared_groups_alone(
    ask: Asker, core: EmbeddedCore, shell: Shell, work: Path
) -> None:
    for name in ("devs", "others", "more"):
        ask.write("CreateUserGroup", name=name)
    write(work, {"m.yaml": "user_groups: [{name: devs}, {name: new}]\n"})
    shell.good("plan", "m.yaml")
    assert core.requests.count("ListUserTargetPermissions") == 1
    write(work, {"m.yaml": "stacks: [{name: web}]\n"})
    shell.good("plan", "m.yaml")
    assert core.requests.count("ListUserTargetPermissions") == core.requests.count("ListUserGroups") == 1
    shell.good("export", "--out", "out")
    assert core.requests.count("ListUserTargetPermissions") == 4


def test_who_is_no_admin_plans_without_them_and_an_admin_applies_that(
    ask: Asker, core: EmbeddedCore, shell: Shell, work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = ask.write("CreateServiceUser", username="ci", description="")
    made = ask.write("CreateApiKeyForServiceUser", user_id=user["_id"]["$oid"], name="ci", expires=0)
    text = "user_groups: [{name: devs}]\nabsent: [user_group/old]\nstacks: [{name: web}]\n"
    write(work, {"m.yaml": text})
    with monkeypatch.context() as ci:
        ci.setenv("KOMODO_CLI_KEY", made["key"])
        ci.setenv("KOMODO_CLI_SECRET", made["secret"])
        said = shell.good("plan", "--out", "p.json", "m.yaml")
        told = " ".join(said.out.split())
        assert "user groups are not planned: Komodo lists them for admins alone, and ci is none [unseen-kinds]" in told
        assert "concerns user_group/devs, user_group/old next: plan or apply with an admin's key" in told
        assert "Plan: 1 to create, 0 unchanged." in said.out
        assert "ListUserGroups" not in core.requests
        refused = shell("apply", "--yes", "m.yaml")
        assert refused.code == 4
        assert "user groups are not planned" in refused.err
        assert shell.good("plan", "--unowned", "m.yaml").err == ""
    ask.write("CreateUserGroup", name="old")
    said = shell.good("apply", "--plan", "p.json")
    assert said.out.endswith("Applied: 1 change done; nothing is left to do as far as the key of the plan sees.\n")
    assert [group["name"] for group in ask.read("ListUserGroups")] == ["old"]
    shell.good("apply", "--yes", "m.yaml")
    assert [group["name"] for group in ask.read("ListUserGroups")] == ["devs"]


@pytest.mark.usefixtures("team")
def test_an_export_says_the_same_and_patterns_stay(ask: Asker, core: EmbeddedCore, shell: Shell, work: Path) -> None:
    write(work, {"m.yaml": GROUP + STACKS})
    shell.good("apply", "--yes", "m.yaml")
    shell.good("export", "--out", "out")
    text = (work / "out" / "user_groups.yaml").read_text()
    assert (
        "    all:\n      Server: Read\n      Stack:\n        level: Execute\n        specific: [Attach, Logs]\n" in text
    )
    assert "      - target: stack/web-1\n        level: Read\n" in text
    assert sent(core, shell, "out") == []
    write(work, {"kept/m.yaml": GROUP + STACKS})
    ask.write("CreateStack", name="other")
    shell.good("export", "--out", "kept")
    assert "target: stack/web-*" in (work / "kept" / "m.yaml").read_text()


TOML = r"""
[[user_group]]
name = "devs"
everyone = true
all.Server = "Read"
all.Stack = { level = "Execute", specific = ["Logs"] }
permissions = [
  { target.type = "Stack", target.id = "\\^web-(.+)$\\", level = "Read", specific = ["Inspect", "Logs"] },
  { target.type = "Server", target.id = "prod", level = "Write" },
]
[[server]]
name = "prod"
[[stack]]
name = "web-1"
"""


def test_komodos_own_toml(ask: Asker, shell: Shell, work: Path) -> None:
    write(work, {"m.toml": TOML})
    shell.good("apply", "--yes", "m.toml")
    assert group(ask) == {
        "everyone": True,
        "users": [],
        "all": {"Server": "Read", "Stack": {"level": "Execute", "specific": ["Logs"]}},
        "permissions": {"web-1": ("Read", ["Inspect", "Logs"]), "prod": ("Write", [])},
    }


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        ("all: {Stak: Read}", "unknown key `Stak`"),
        ("all: {Variable: Read}", "unknown key `Variable`"),
        ("all: {Stack: Reed}", "level cannot be `Reed`"),
        ("all: {Stack: Read, stack: Write}", "stack is given twice, as Stack and as stack"),
        ("all: {Stack: {specific: [Logs]}}", "level is missing"),
        ("all: [Stack]", "all takes a mapping of kinds"),
        ("all: {Stack: {level: Read, specific: [Log]}}", "specific cannot be `Log`"),
        ("all: {Stack: '${env:LEVEL}'}", "a secret cannot stand here"),
        ("permissions: [{target: web, level: Read}]", "is no resource"),
        ("permissions: [{target: stak/web, level: Read}]", "did you mean stack?"),
        ("permissions: [{target: variable/X, level: Read}]", "is no resource"),
        ("permissions: [{level: Read}]", "target is missing"),
        ("permissions: [{target: stack/web}]", "level is missing"),
        ("permissions: [{target: stack/a*, level: Read, levl: x}]", "unknown key `levl`"),
        ("permissions: [{target: stack/a*, level: Read}, {target: stack/a*, level: None}]", "stack/a* is given twice"),
        ("permissions: [stack/web]", "takes a mapping for each item"),
        ("permissions: {stack/web: Read}", "permissions takes a list"),
        ("permissions: [{target: '${env:X}', level: Read}]", "a secret cannot stand here"),
        ("everyone: true\n  users: [alice]", "users means nothing"),
        ("users: alice", "users takes a list of texts"),
        ("users: ['${env:WHO}']", "a secret cannot stand here"),
        ("tags: [x]", "unknown key `tags`"),
    ],
)
def test_what_is_wrong_is_told(work: Path, shell: Shell, entry: str, told: str) -> None:
    write(work, {"m.yaml": f"user_groups:\n- name: devs\n  {entry}\n"})
    said = shell("validate", "--strict", "m.yaml")
    assert said.code == 1
    assert told in said.out


def test_explain_names_the_entry_that_gives_a_permission(shell: Shell, ask: Asker, work: Path) -> None:
    text = """\
user_groups:
  - name: devs
    permissions:
      - {target: stack/web-*, level: Read}
      - {target: stack/db, level: Write}
      - {target: stack/web-1, level: Execute}
      - {target: 'stack/\\^d\\', level: Read}
stacks: [{name: web-1}, {name: web-2}, {name: db}]
"""
    write(work, {"m.yaml": text})
    said = shell.good("explain", "user_group/devs", "m.yaml")
    rows = [line.split() for line in said.out.splitlines() if "permissions/" in line]
    assert [(row[0].split("/", 2)[2], row[1], row[2]) for row in rows] == [
        ("stack/\\^d\\", "Read", "(m.yaml:7:10)"),
        ("stack/db", "Write", "(m.yaml:5:18)"),
        ("stack/web-*", "Read", "(m.yaml:4:10)"),
        ("stack/web-1", "Execute", "(m.yaml:6:18)"),
    ]
    shell.good("apply", "--yes", "m.yaml")
    said = shell.good("explain", "user_group/devs", "m.yaml", "--live")
    rows = [line.split() for line in said.out.splitlines() if "permissions/" in line]
    assert [(row[0].split("/", 2)[2], row[1], row[2]) for row in rows] == [
        ("stack/db", "Read", "(m.yaml:7:10)"),
        ("stack/web-1", "Execute", "(m.yaml:6:18)"),
        ("stack/web-2", "Read", "(m.yaml:4:10)"),
    ]
