"""What goes to another server leaves data behind on the old one: what that is stands with what cannot be undone."""

from __future__ import annotations

from typing import Any

import pytest
from planning_worlds import alive, change, changes, declared, desired, live, observed, planned
from test_attention import block
from test_volumes import DATA, DB, HOSTS, core, lost, stack, ui

from komodo_sync.model.running import Event, History, Running
from komodo_sync.model.sealed import Sealed
from komodo_sync.planning.deploys.texts.mounts import Mount, long_mount, mount_of

BEHIND = "the old ones stay behind on server/one, to be brought over by hand"
AWAY = f"it starts with new and empty volumes on server/two; {BEHIND}"
FILES = (
    "it starts with the files that server/two has there; what only server/one has stays behind, to be brought over "
    "by hand"
)
ANY = (
    "any named volumes and mounted files",
    (
        "it starts on server/two with new and empty volumes, and the files that are there; what only server/one has "
        "stays behind, to be brought over by hand"
    ),
)
NFS = "volumes: {data: {driver_opts: {type: nfs, o: 'addr=nas,rw', device: ':/data'}}}\n"
IMAGE = {"type": "Image", "params": {"image": "nginx"}}


def moved(text: Any) -> tuple[Any, Any]:
    return ui(text), {**ui(text), "server_id": "two"}


def told(text: Any) -> dict[str, str]:
    """What the deploy says of it, and what the step before says that takes it down."""
    before, after = moved(text)
    made = planned(desired(declared("stack/x", after, deploy=True)), core(stack(before)))
    [down] = change(made, "stack/x", "destroy").effects
    deploy = change(made, "stack/x", "deploy").effects
    assert change(made, "stack/x").effects == ()
    return {"stops": down.detail, **{f"{each.kind} {each.subject}".rstrip(): each.detail for each in deploy}}


def mounts(*lines: str) -> str:
    listed = "".join(f"      - {line}\n" for line in lines)
    return f"services:\n  db:\n    image: x\n    volumes:\n{listed}"


@pytest.mark.parametrize("text", [DATA, DB + "volumes: {data: {name: d}}\n"])
def test_a_stack_that_moves_starts_with_empty_volumes(text: str) -> None:
    assert lost(*moved(text)) == [("its named volumes data", AWAY)]
    assert told(text)["stops"] == "compose down; its volumes stay behind on server/one"


@pytest.mark.parametrize(
    ("lines", "files"),
    [
        (["./data:/x"], "./data"),
        (["/srv/db:/var/lib/db", "../up:/up:rw,z", "~/h:/h"], "../up, /srv/db, ~/h"),
        (["${DATA:-./data}:/x", "$UPLOADS:/y", "'[[DIR]]/d:/z'"], "$UPLOADS, ${DATA:-./data}, [[DIR]]/d"),
        (["{type: bind, source: ./data, target: /x}"], "./data"),
        (["{type: bind, source: data, target: /x}"], "./data"),
        (["{type: bind, source: ./data, target: /x, read_only: true}"], ""),
        (["{type: tmpfs, target: /x}"], ""),
        (["./nginx.conf:/etc/nginx.conf:ro", "/media:/media:z,ro"], ""),
        (["/var/run/docker.sock:/var/run/docker.sock", "/run/user/1000/podman.sock:/x"], ""),
        (["/dev/dri:/dev/dri", "/proc:/host/proc", "/sys:/sys", "/etc/localtime:/etc/localtime"], ""),
        (["/srv/a.sock:/a.sock", "/development:/d"], "/development"),
    ],
)
def test_files_that_a_stack_mounts_stay_behind(lines: list[str], files: str) -> None:
    found = told(mounts(*lines))
    losses = {key: detail for key, detail in found.items() if key.startswith("loses")}
    assert losses == ({f"loses its mounted files {files}": FILES} if files else {})
    stay = "; its mounted files stay behind on server/one" if files else ""
    assert found["stops"] == f"compose down{stay}"


def test_volumes_and_files_are_both_told() -> None:
    text = DATA.replace("[data:/var/lib]", "[data:/var/lib, './up:/up']")
    assert lost(*moved(text)) == [("its named volumes data", AWAY), ("its mounted files ./up", FILES)]
    assert told(text)["stops"] == "compose down; its volumes and mounted files stay behind on server/one"


def test_a_volume_that_is_a_folder_of_the_host_is_told_as_its_files() -> None:
    text = DB + "volumes: {data: {driver_opts: {type: none, o: bind, device: /srv/data}}}\n"
    assert lost(*moved(text)) == [("its mounted files /srv/data", FILES)]


@pytest.mark.parametrize(
    ("volumes", "key", "detail"),
    [
        (NFS, "keeps its named volumes data", "what they hold is on a share of the network, not on server/one"),
        (
            "volumes: {data: {driver: local, driver_opts: {type: cifs, device: //nas/d}}}\n",
            "keeps its named volumes data",
            "what they hold is on a share of the network, not on server/one",
        ),
        (
            "volumes: {data: {external: true}}\n",
            "needs its external volumes data",
            (
                "somebody else has to have made them on server/two; what only server/one has of them stays behind, to "
                "be brought over by hand"
            ),
        ),
        (
            "volumes: {data: {driver: rexray}}\n",
            "needs its named volumes data",
            "their driver has to be on server/two; whether what they hold is reached from there is up to it",
        ),
    ],
)
def test_volumes_that_docker_does_not_keep_on_the_server_are_not_lost(volumes: str, key: str, detail: str) -> None:
    found = told(DB + volumes)
    assert found["stops"] == "compose down"
    assert found[key] == detail
    assert not [key for key in found if key.startswith("loses")]
    kept = desired(declared("stack/x", {**ui(DB + volumes), "server_id": "two"}))
    [effect] = change(planned(kept, core(stack(ui(DB + volumes)))), "stack/x").effects
    assert f"{effect.kind} {effect.subject}" == key


def test_what_is_nowhere_kept_is_no_loss() -> None:
    text = DB + "volumes: {data: {driver_opts: {type: tmpfs, device: tmpfs}}}\n"
    assert lost(*moved(text)) == []
    assert told(text)["stops"] == "compose down"


@pytest.mark.parametrize(
    "text", [Sealed(DATA), DB + "include: [o.yaml]\n", "services: {db: {extends: {file: o.yaml, service: db}}}\n"]
)
def test_what_is_not_known_is_told_with_care(text: Any) -> None:
    assert lost(*moved(text)) == [ANY]


def test_files_in_git_lose_what_they_may_have() -> None:
    git = {"server_id": "one", "repo": "a/b"}
    assert lost(git, {**git, "server_id": "two"}) == [ANY]
    made = planned(desired(declared("stack/x", {**git, "server_id": "two"}, deploy=True)), core(stack(git)))
    [down] = change(made, "stack/x", "destroy").effects
    assert down.detail == "compose down; any volumes and mounted files stay behind on server/one"
    nothing = ui("services: {db: {image: x}}\n")
    assert lost(nothing, {**git, "server_id": "two"}) == []
    assert lost(ui(), {**git, "server_id": "two"}) == [ANY]
    assert lost(git, {**ui(), "server_id": "two"}) == [("its named volumes data", AWAY)]


@pytest.mark.parametrize(
    ("volumes", "expected"),
    [
        ("data: /data\n/srv: /srv\n./here: /here\n", ["its named volumes data", "its mounted files ./here, /srv"]),
        ("/srv: /srv\n", ["its mounted files /srv"]),
        ("/srv: /srv:ro\n/var/run/docker.sock: /var/run/docker.sock\n", []),
        ("", []),
        ("[[DIR]]/x: /x\n", ["its mounted files [[DIR]]/x"]),
    ],
)
def test_a_deployment_that_moves_leaves_its_data_behind(volumes: str, expected: list[str]) -> None:
    config = {"server_id": "one", "image": IMAGE, "volumes": volumes}
    found = lost(config, {**config, "server_id": "two"}, "deployment/x")
    assert [subject for subject, _ in found] == expected
    assert {detail for _, detail in found} <= {AWAY, FILES}


def test_what_moves_without_a_deploy_loses_it_by_the_next_one() -> None:
    text = DATA.replace("[data:/var/lib]", "[data:/var/lib, './up:/up']")
    before, after = moved(text)
    found = block(desired(declared("stack/x", after)), core(stack(before)))
    assert found["Irreversible: 1 resource"] == [
        (
            f"~ update stack/x: loses its named volumes data: the next deploy {AWAY.removeprefix('it ')}; "
            f"loses its mounted files ./up: the next deploy {FILES.removeprefix('it ')}"
        )
    ]
    never = stack(before, state="down", project="", services=())
    assert "Irreversible: 1 resource" not in block(desired(declared("stack/x", after)), core(never))


def test_what_was_moved_and_not_deployed_since_tells_it_too() -> None:
    _, after = moved(DATA)
    assert lost(after, after, changed={"server_id": ("one", "two")}) == [("its named volumes data", AWAY)]


def test_what_cannot_run_anywhere_has_no_data_to_leave() -> None:
    repo = live("repo/r", {"server_id": "one", "repo": "a/b"}, state="Ok")
    made = planned(desired(declared("repo/r", {"server_id": "two", "repo": "a/b"})), core(repo))
    assert changes(made)["repo/r"] == ["update"]
    assert all(each.kind != "loses" for each in change(made, "repo/r").effects)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("data:/x", Mount("data", "/x")),
        ("/x", Mount("", "/x")),
        ("./a:/x:ro", Mount("./a", "/x", read_only=True)),
        ("./a:/x:nocopy,ro", Mount("./a", "/x", read_only=True)),
        ("${A:-${B:-/c}}:/x", Mount("${A:-${B:-/c}}", "/x")),
        ("[[A:B]]:/x", Mount("[[A:B]]", "/x")),
        ("", Mount("", "")),
    ],
)
def test_a_mount_is_read(text: str, read: Mount) -> None:
    assert mount_of(text) == read


def test_a_long_mount_is_read() -> None:
    assert long_mount({"type": "volume", "src": "d", "dst": "/x"}) == Mount("d", "/x")
    assert long_mount({"type": "image", "source": "i", "target": "/x"}) == Mount("", "/x", in_memory=True)


ELSEWHERE = (
    "where it was deployed last is not known: it may have been there, or elsewhere; see where its data is before "
    "anything is brought over"
)


def back(host: str, *, deploy: bool = True, state: str = "down", **known: Any) -> list[tuple[str, str]]:
    """What is said to be lost by what was deployed on one, written to two, and is now to be on `host`."""
    held = stack({**ui(DATA), "server_id": "two"}, state=state, services=())
    history = {"good": Event("DeployStack", 1, by="me"), "changed": {"server_id": ("one", "two")}, **known}
    facts = {"stack/x": Running(deployed={"compose.yaml": DATA}, history=History(**history))}
    wanted = desired(declared("stack/x", {**ui(DATA), "server_id": host}, deploy=deploy))
    made = planned(wanted, alive(observed(held, *HOSTS, live("server/three", {"enabled": True})), facts))
    steps = [change(made, "stack/x", action) for action in changes(made)["stack/x"]]
    return [(each.subject, each.detail) for step in steps for each in step.effects if each.kind == "loses"]


FAILED = Event("DeployStack", 2, by="me", stage="Compose Up")


@pytest.mark.parametrize("deploy", [True, False])
def test_what_never_ran_where_it_was_moved_left_nothing_there(deploy: bool) -> None:
    """Who brings empty volumes over from there loses those that are full."""
    assert back("one", deploy=deploy, failed=FAILED) == []
    when = "it starts" if deploy else "the next deploy starts"
    told = f"{when} with new and empty volumes on server/three; {BEHIND}"
    assert back("three", deploy=deploy, failed=FAILED) == [("its named volumes data", told)]


@pytest.mark.parametrize("deploy", [True, False])
def test_where_it_was_deployed_last_may_not_be_known(deploy: bool) -> None:
    when = "it starts" if deploy else "the next deploy starts"
    told = [("its named volumes data", f"{when} with new and empty volumes on server/one; {ELSEWHERE}")]
    assert back("one", deploy=deploy, failed=FAILED, good=None, changed={}) == told
    assert back("one", deploy=deploy, failed=FAILED, changed=None) == told


def test_what_nobody_looked_into_is_not_said_to_have_run_where_it_is_written() -> None:
    held = stack({**ui(DATA), "server_id": "two"}, state="down", services=())
    made = planned(desired(declared("stack/x", ui(DATA))), observed(held, *HOSTS))
    [effect] = change(made, "stack/x").effects
    assert effect.detail == f"the next deploy starts with new and empty volumes on server/one; {ELSEWHERE}"
    git = {"server_id": "two", "repo": "a/b"}
    made = planned(
        desired(declared("stack/x", {**git, "server_id": "one"})), observed(stack(git, state="down"), *HOSTS)
    )
    [effect] = change(made, "stack/x").effects
    assert effect.detail.endswith(f"; {ELSEWHERE}")


def test_what_came_up_and_failed_afterwards_has_its_data_there() -> None:
    """Its `post_deploy` failed."""
    [(_, told)] = back("one", state="running", failed=Event("DeployStack", 2, by="me", stage="Post Deploy"))
    assert told.endswith("the old ones stay behind on server/two, to be brought over by hand")
