"""Where relative paths begin in another folder than the one that was deployed from, what is mounted there is told."""

from __future__ import annotations

from typing import Any

import pytest
from planning_worlds import alive, change, changes, declared, desired, live, observed, planned
from test_volumes import HOSTS

from komodo_sync.model.running import Event, History, Running
from komodo_sync.model.sealed import Sealed, Unknown
from komodo_sync.report.text import plan_text

ANY = "any files that it mounts by a relative path"
AS = f"{ANY}, as ./data"
ON = {"server_id": "one"}
FILES = {**ON, "files_on_host": True}
A, B = {**ON, "repo": "acme/a"}, {**ON, "repo": "acme/b"}
PULLED = Running(done_at=5, history=History(Event("PullRepo", 5)))


def ui(*paths: str, **beside: Any) -> dict[str, Any]:
    mounts = "".join(f"      - {path}:/in{number}\n" for number, path in enumerate(paths or ("./data",)))
    return {**ON, "file_contents": f"services:\n  app:\n    image: a\n    volumes:\n{mounts}", **beside}


def linked(name: str = "a", **beside: Any) -> dict[str, Any]:
    return {**ON, "linked_repo": name, **beside}


def git(**beside: Any) -> dict[str, Any]:
    return {**ON, "repo": "acme/a", **beside}


def core(config: Any, *others: Any, changed: Any = None, **beside: Any) -> Any:
    held = live("stack/x", config, **{"state": "running", "project": "x", **beside})
    repos = [each for each in (live("repo/a", A, state="Ok"), live("repo/b", B, state="Ok")) if not others]
    facts = {str(each.address): PULLED for each in (*repos, *others) if each.address.kind == "repo"}
    history = History(good=Event("DeployStack", 1), changed=changed or {})
    return alive(observed(held, *HOSTS, *repos, *others), {**facts, "stack/x": Running(deployed={}, history=history)})


def lost(made: Any, action: str = "deploy", text: str = "stack/x") -> list[tuple[str, str]]:
    return [(each.subject, each.detail) for each in change(made, text, action).effects if each.kind == "loses"]


def moved(before: Any, after: Any, **beside: Any) -> list[tuple[str, str]]:
    return lost(planned(desired(declared("stack/x", after, deploy=True)), core(before, **beside)))


def told(old: str, new: str, empty: str = ", which is another one") -> str:
    return (
        f"they are looked for in the folder {new} on server/one{empty}; the old ones stay in {old} (move them over "
        "before the apply, unless that is done, or write absolute paths)"
    )


@pytest.mark.parametrize(
    ("before", "after", "what", "folders"),
    [
        # another source
        (ui(), linked(), AS, ("stacks/x", "repos/a")),
        (ui(), linked(run_directory="web"), AS, ("stacks/x", "repos/a/web")),
        (ui(), git(run_directory="web"), AS, ("stacks/x", "stacks/x/web")),
        (git(), linked(), ANY, ("stacks/x", "repos/a")),
        (linked(), git(), ANY, ("repos/a", "stacks/x")),
        ({**FILES, "run_directory": "/srv/x"}, git(), ANY, ("/srv/x", "stacks/x")),
        # another folder of the same source
        (linked(), linked("b"), ANY, ("repos/a", "repos/b")),
        (linked(run_directory="a"), linked(run_directory="b"), ANY, ("repos/a/a", "repos/a/b")),
        (git(run_directory="a"), git(run_directory="b"), ANY, ("stacks/x/a", "stacks/x/b")),
        (git(branch="a"), git(clone_path="/srv/x"), ANY, ("stacks/x", "/srv/x")),
        (git(), git(file_paths=("b/compose.yaml", "c/more.yaml")), ANY, ("stacks/x", "stacks/x/b")),
    ],
)
def test_what_is_mounted_from_another_folder_than_before_is_told(
    before: Any, after: Any, what: str, folders: tuple[str, str]
) -> None:
    assert moved(before, after) == [(what, told(*folders))]


@pytest.mark.parametrize(
    ("before", "after", "what", "folders", "empty"),
    [
        (linked(), ui(), "its mounted files ./data", ("repos/a", "stacks/x"), ", where new and empty ones are made"),
        (
            ui(),
            ui(file_paths=("sub/compose.yaml",)),
            "its mounted files ./data",
            ("stacks/x", "stacks/x/sub"),
            ", where new and empty ones are made",
        ),
        # what is on the host may be there already
        (ui(), {**FILES, "run_directory": "/srv/x"}, AS, ("stacks/x", "/srv/x"), ""),
        ({**FILES, "run_directory": "/a"}, {**FILES, "run_directory": "/b"}, ANY, ("/a", "/b"), ""),
    ],
)
def test_what_is_known_of_the_other_folder_is_told(
    before: Any, after: Any, what: str, folders: tuple[str, str], empty: str
) -> None:
    assert moved(before, after) == [(what, told(*folders, empty))]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        # the same folder, however it is said
        (ui(), git()),
        (ui(), {**FILES, "run_directory": "/etc/komodo/stacks/x"}),
        (git(), git(branch="next")),
        (linked(), {**FILES, "run_directory": "/etc/komodo/repos/a"}),
        (git(), git(run_directory=".")),
        # nothing relative is mounted, or not from there
        (ui("/srv/data"), linked()),
        (ui("data"), git(run_directory="web")),
        (linked(), ui("/srv/data")),
        (ui("/srv/data", "../../shared"), ui("../../../shared", file_paths=("sub/compose.yaml",))),
        (git(file_paths=("/srv/x/compose.yaml",)), linked(file_paths=("/srv/x/compose.yaml",))),
    ],
)
def test_what_is_found_again_or_was_never_there_is_no_loss(before: Any, after: Any) -> None:
    wanted = {**after, "environment": "A=1"}
    assert moved(before, wanted) == []


def test_what_was_never_deployed_loses_nothing() -> None:
    for facts in ({"state": "down", "project": ""}, {"state": "", "project": ""}):
        made = planned(desired(declared("stack/x", linked())), core(ui(), **facts), deploy=False)
        assert lost(made, "update") == []


def test_the_change_tells_it_where_nothing_is_deployed_and_once_is_enough() -> None:
    later = told("stacks/x", "repos/a").replace("they are", "from the next deploy on they are", 1)
    later = later.replace("the apply", "that")
    made = planned(desired(declared("stack/x", linked())), core(ui()))
    assert lost(made, "update") == [(AS, later)]
    made = planned(desired(declared("stack/x", linked(), deploy=True)), core(ui()))
    assert [lost(made, action) for action in changes(made)["stack/x"]] == [[], [(AS, told("stacks/x", "repos/a"))]]
    # another change than that of the folder tells nothing of it, and the deploy does
    since = {"linked_repo": ("a", "b")}
    made = planned(desired(declared("stack/x", linked("b", environment="A=1"))), core(linked("b"), changed=since))
    assert lost(made, "update") == []
    assert moved(linked("b"), linked("b"), changed=since) == [(ANY, told("repos/a", "repos/b"))]
    # and back again it is found
    assert moved(linked("b"), linked("a"), changed=since) == []


@pytest.mark.parametrize(
    ("action", "server", "wanted", "renamed", "folder"),
    [
        ("update", "one", {**A, "path": "/srv/a"}, "", "/srv/a"),
        ("update", "one", {**A, "path": "sub"}, "", "repos/a/sub"),
        # its folder goes along on its own server alone
        ("rename", "one", A, "a", ""),
        ("rename", "two", {**A, "server_id": "two"}, "a", "repos/c"),
    ],
)
def test_a_repo_whose_folder_is_another_one_tells_of_what_links_it(
    action: str, server: str, wanted: Any, renamed: str, folder: str
) -> None:
    held = core(linked(), live("repo/a", {**A, "server_id": server}, state="Ok"))
    name = "c" if renamed else "a"
    made = planned(desired(declared(f"repo/{name}", wanted, renamed_from=renamed or None)), held)
    later = told("repos/a", folder).replace("they are", "from the next deploy on they are", 1)
    found = [("any files that stack/x mounts by a relative path", later.replace("the apply", "that"))] if folder else []
    assert lost(made, action, f"repo/{name}") == found
    # the stack tells it itself where it is deployed
    stack = declared("stack/x", linked(name, environment="A=1"), deploy=True)
    made = planned(desired(declared(f"repo/{name}", wanted, renamed_from=renamed or None), stack), held)
    assert lost(made, action, f"repo/{name}") == []
    assert lost(made) == ([(ANY, told("repos/a", folder))] if folder else [])


def test_what_is_moved_to_where_this_plan_clones_would_be_removed_there() -> None:
    repo, stack = declared("repo/n", B, deploy=True), declared("stack/x", linked("n"), deploy=True)
    [(what, detail)] = lost(planned(desired(repo, stack), core(ui())))
    assert what == AS
    assert detail.endswith("stay in stacks/x (write absolute paths: repos/n is cloned anew by this plan)")


RECLONED = (
    "the folder {} on server/one is removed by each deploy before it is cloned anew (reclone), with all that lies in "
    "it (take reclone out, or mount them from elsewhere by an absolute path)"
)


@pytest.mark.parametrize(
    ("before", "after", "what", "folder"),
    [
        (git(reclone=True), git(reclone=True, branch="n"), ANY, "stacks/x"),
        (git(), git(reclone=True, branch="n"), ANY, "stacks/x"),
        (git(clone_path="c"), git(clone_path="c", reclone=True, branch="n"), ANY, "stacks/x/c"),
        (linked(), linked(reclone=True, environment="A=1"), ANY, "repos/a"),
        (linked(run_directory="w"), linked(reclone=True, run_directory="v"), ANY, "repos/a"),
        (ui(), git(reclone=True), "its mounted files ./data", "stacks/x"),
    ],
)
def test_a_deploy_that_clones_anew_removes_what_is_mounted_from_there(
    before: Any, after: Any, what: str, folder: str
) -> None:
    assert moved(before, after) == [(what, RECLONED.format(folder))]


def test_a_deploy_that_clones_anew_is_told_where_it_is_declared_and_for_others_too() -> None:
    made = planned(desired(declared("stack/x", git(reclone=True))), core(git()))
    assert lost(made, "update") == [(ANY, RECLONED.format("stacks/x"))]
    other = live("stack/y", linked(), state="running", project="y")
    held = core(linked("b"), live("repo/a", A, state="Ok"), live("repo/b", B, state="Ok"), other)
    made = planned(
        desired(declared("stack/x", linked("b")), declared("stack/z", linked(reclone=True), deploy=True)), held
    )
    assert lost(made, text="stack/z") == [
        ("any files that stack/y mounts by a relative path", RECLONED.format("repos/a")),
    ]
    # it counts for a checkout alone
    assert moved(ui(reclone=True), ui(reclone=True, environment="A=1")) == []
    found = moved(ui(), linked(reclone=True))
    assert [detail.partition("(")[2] for _, detail in found] == [
        "write absolute paths: repos/a is cloned anew by each deploy (reclone))"
    ]


@pytest.mark.parametrize("opaque", [Unknown(), Sealed("hunter2")])
@pytest.mark.parametrize(
    ("before", "after", "path", "what"),
    [
        # what the Core still holds where a manifest takes its value from outside is as secret as the new value
        (
            {**FILES, "run_directory": "/srv/hunter2"},
            {**ui(), "run_directory": "OPAQUE"},
            "",
            "its mounted files ./data",
        ),
        (ui("./hunter2"), git(run_directory="w", file_contents="OPAQUE"), "", ANY),
        (linked(), linked("b"), "hunter2", ANY),
    ],
)
def test_what_is_taken_from_outside_is_not_told(opaque: Any, before: Any, after: Any, path: str, what: str) -> None:
    held = core(before, live("repo/a", {**A, "path": path}, state="Ok"), live("repo/b", B, state="Ok"))
    given = {name: opaque if value == "OPAQUE" else value for name, value in after.items()}
    repo = declared("repo/a", {**A, "path": opaque if path else ""})
    made = planned(desired(repo, declared("stack/x", given, deploy=True)), held)
    assert [subject for subject, _ in lost(made)] == [what]
    assert "hunter2" not in plan_text(made.plan, color=False, width=400)


@pytest.mark.parametrize(
    ("before", "after"), [(linked(), linked("new", run_directory="sub")), (ui(), linked("new")), (linked(), ui())]
)
def test_a_renamed_checkout_has_its_new_folder_only_then(before: Any, after: Any) -> None:
    """Made by hand, the folder would keep the checkout from getting it, and nobody would say so."""
    wanted = desired(declared("repo/new", A, renamed_from="a"), declared("stack/x", after, deploy=True))
    [(_, detail)] = lost(planned(wanted, core(before)))
    alone = (
        "(repo/new is renamed by this plan: apply that alone first, with --select repo/new --no-deploy, and move them "
    )
    assert f"{alone}over then; or write absolute paths)" in detail
    assert "before the apply" not in detail
