"""A clone removes its folder first: what is deployed from there keeps its files by a pull, or their loss is told."""

from __future__ import annotations

from typing import Any

import pytest
from planning_worlds import alive, change, changes, declared, desired, live, observed, payload, planned
from test_volumes import HOSTS

from komodo_sync.model.data import replace
from komodo_sync.model.running import Event, History, Running
from komodo_sync.report.text import plan_text

CODE = {"server_id": "one", "repo": "acme/code"}
LINKED = {"server_id": "one", "linked_repo": "code"}
MOUNTS = "services:\n  app:\n    image: a\n    volumes: ['VOLUME:/data']\n"
PULLED = Running(done_at=5, history=History(Event("PullRepo", 5)))
ANY = "any files that stack/web mounts by a relative path"


def web(config: Any, name: str = "web", **beside: Any) -> Any:
    return live(f"stack/{name}", config, **{"state": "running", "project": name, **beside})


def text(volume: str) -> str:
    return MOUNTS.replace("VOLUME", volume)


def deploy(wanted: Any, *held: Any, was: Any = CODE, facts: Any = None, name: str = "code", **known: Any) -> Any:
    """A plan of the repo `code`, which is `wanted`, and was `was`; None: it is new."""
    there = [] if was is None else [live(f"repo/{known.get('renamed_from', name)}", was, state="Ok")]
    running = {str(each.address): facts or Running(history=History()) for each in there}
    core = alive(observed(*HOSTS, *there, *held), running)
    return planned(desired(declared(f"repo/{name}", wanted, deploy=True, **known)), core)


def operation(made: Any, name: str = "code") -> str:
    sent = payload(made, f"repo/{name}", "deploy").execution
    assert sent is not None
    return str(sent.operation)


def lost(made: Any, name: str = "code", action: str = "deploy") -> list[tuple[str, str]]:
    return [
        (each.subject, each.detail) for each in change(made, f"repo/{name}", action).effects if each.kind == "loses"
    ]


def told(folder: str) -> str:
    return (
        f"the folder {folder} on server/one is removed before it is cloned, with all that lies in it (move them out of "
        "there, mount them by an absolute path, and deploy that first)"
    )


@pytest.mark.parametrize(
    ("wanted", "was", "facts"),
    [
        (CODE, CODE, None),
        # it moves to where something is deployed from it already
        (CODE, {**CODE, "server_id": "two"}, PULLED),
        ({**CODE, "branch": "next"}, CODE, None),
    ],
)
def test_a_checkout_that_is_there_by_a_stack_is_pulled(wanted: Any, was: Any, facts: Any) -> None:
    made = deploy(wanted, web(LINKED), was=was, facts=facts)
    assert operation(made) == "PullRepo"
    [effect] = [each for each in change(made, "repo/code", "deploy").effects if each.kind == "pulls"]
    assert effect.detail == "the newest commit is checked out"
    assert lost(made) == []


def test_a_checkout_of_its_own_at_the_same_path_is_pulled_too() -> None:
    inline = {"server_id": "one", "repo": "acme/code", "clone_path": "/srv/code"}
    made = deploy({**CODE, "path": "/srv/code"}, web(inline), was=None)
    assert (operation(made), lost(made)) == ("PullRepo", [])
    made = deploy({**CODE, "path": "/srv/code"}, web({**inline, "repo": "acme/other"}), was=None)
    assert (operation(made), lost(made)) == ("CloneRepo", [(ANY, told("/srv/code"))])


def test_a_repo_that_is_renamed_takes_its_checkout_along_on_its_own_server_alone() -> None:
    def made(server: str) -> Any:
        return deploy(CODE, web(LINKED), was={**CODE, "server_id": server}, name="new", renamed_from="code")

    assert operation(made("one"), "new") == "PullRepo"
    # on the other one the folder keeps its old name, and nothing is in the new one
    assert operation(made("two"), "new") == "CloneRepo"
    assert lost(made("two"), "new") == []


@pytest.mark.parametrize(
    ("held", "wanted", "was", "facts", "folder", "what"),
    [
        (web(LINKED), {**CODE, "repo": "acme/other"}, CODE, PULLED, "repos/code", ANY),
        (web({**LINKED, "run_directory": "web"}), {**CODE, "repo": "acme/other"}, CODE, None, "repos/code", ANY),
        (web(LINKED), {**CODE, "git_provider": "git.lan"}, CODE, PULLED, "repos/code", ANY),
        # a new one, over what is there already
        (
            web({"server_id": "one", "files_on_host": True, "run_directory": "/srv/web"}),
            {**CODE, "path": "/srv"},
            None,
            None,
            "/srv",
            "the compose files of stack/web, and any files that it mounts by a relative path",
        ),
        (
            web({"server_id": "one", "file_contents": text("/srv/data")}),
            {**CODE, "path": "/srv"},
            None,
            None,
            "/srv",
            "the mounted files /srv/data of stack/web",
        ),
        (
            web({"server_id": "one", "file_contents": text("./data")}),
            {**CODE, "path": "/etc/komodo/stacks/web"},
            None,
            None,
            "/etc/komodo/stacks/web",
            "the mounted files ./data of stack/web",
        ),
    ],
)
def test_what_is_mounted_from_a_folder_that_is_cloned_anew_is_lost(
    held: Any, wanted: Any, was: Any, facts: Any, folder: str, what: str
) -> None:
    made = deploy(wanted, held, was=was, facts=facts)
    assert operation(made) == "CloneRepo"
    assert lost(made) == [(what, told(folder))]
    shown = plan_text(made.plan, color=False, width=400)
    assert "Irreversible: 1 resource" in shown
    assert "its folder is made anew, without anything that lies in it, and the newest commit is checked out" in shown


@pytest.mark.parametrize(
    "held",
    [
        # never deployed; on another server; from somewhere else; with nothing of it
        web(LINKED, state="down", project=""),
        web({**LINKED, "server_id": "two"}),
        web({"server_id": "one", "repo": "acme/code"}),
        web({"server_id": "one", "file_contents": text("./data")}),
        web({"server_id": "one", "file_contents": text("/srv/code/data")}),
        web({**LINKED, "run_directory": "/srv/web"}),
    ],
)
def test_a_clone_into_a_folder_of_its_own_loses_nothing(held: Any) -> None:
    made = deploy({**CODE, "repo": "acme/other"}, held, facts=PULLED)
    assert (operation(made), lost(made)) == ("CloneRepo", [])


def test_where_a_stack_was_deployed_last_counts_and_not_what_it_says_since() -> None:
    held = web({**LINKED, "linked_repo": "new"})
    was = History(good=Event("DeployStack", 1), changed={"linked_repo": ("code", "new")})
    core = alive(
        observed(*HOSTS, live("repo/code", CODE), live("repo/new", {**CODE, "repo": "acme/new"}), held),
        {"repo/code": PULLED, "stack/web": Running(history=was)},
    )
    wanted = desired(declared("repo/code", {**CODE, "repo": "acme/other"}, deploy=True))
    assert lost(planned(wanted, core)) == [(ANY, told("repos/code"))]
    assert lost(planned(wanted, alive(core, {"repo/code": PULLED}))) == []


PRUNE = {"owner": "us", "prune": True}
GONE = (
    "the folder {} on server/one is removed with it, with all that lies in it (move them out of there before the apply)"
)


def ours(config: Any) -> Any:
    return replace(web(config), tags=frozenset({"owner:us"}))


def deleted(was: Any, held: Any, *wanted: Any, **beside: Any) -> list[tuple[str, str]]:
    """What the delete of the repo `code` loses, where it `was` so."""
    there = [replace(each, config={**each.config, **beside}) if each.address.name == "one" else each for each in HOSTS]
    servers = [declared(str(each.address), each.config) for each in there]
    code = live("repo/code", was, "owner:us", state="Ok")
    other = live("repo/other", {**CODE, "repo": "acme/other"}, "owner:us", state="Ok")
    kept = declared("repo/other", {**CODE, "repo": "acme/other"})
    owned = [replace(each, tags=frozenset({"owner:us"})) for each in there]
    made = planned(desired(kept, *servers, *wanted), alive(observed(*owned, code, other, held), {}), **PRUNE)
    found = lost(made, "code", "delete")
    if found:
        # it is said first, where there is room for little
        assert f"DELETE repo/code: loses {found[0][0]}" in plan_text(made.plan, color=False, width=400)
    return found


@pytest.mark.parametrize("wanted", [{"linked_repo": "other"}, {"file_contents": text("./data")}, None])
def test_the_files_that_a_delete_of_the_checkout_takes_are_lost(wanted: Any) -> None:
    """Also of what is unlinked, or deleted, by the same plan."""
    stack = [declared("stack/web", {"server_id": "one", **wanted}, deploy=True)] if wanted else []
    held = ours(LINKED)
    assert deleted(CODE, held, *stack) == [(ANY, GONE.format("repos/code"))]


def test_a_delete_loses_nothing_of_what_is_not_in_its_folder() -> None:
    stack = declared("stack/web", {"server_id": "one", "linked_repo": "other"}, deploy=True)
    held = ours(LINKED)
    # nothing is removed where the server is disabled, or the stack was never deployed, or is elsewhere
    assert deleted(CODE, held, stack, enabled=False) == []
    for config in ({**LINKED, "linked_repo": "other"}, {"server_id": "one", "file_contents": text("./data")}):
        assert deleted(CODE, ours(config), stack) == []
    assert deleted(CODE, replace(held, state="down", project=""), stack) == []
    assert deleted({**CODE, "server_id": "two"}, held, stack) == []
    # Core takes a relative path from the folder of all repos
    assert deleted({**CODE, "path": "sub"}, held, stack) == []
    other = replace(held, config={**LINKED, "linked_repo": "other"})
    assert deleted({**CODE, "path": "other"}, other, stack) == [(ANY, GONE.format("repos/other"))]
    assert deleted({**CODE, "path": "/srv/code"}, held, stack) == [(ANY, GONE.format("/srv/code"))]


def renamed(stack: dict[str, Any], **beside: Any) -> Any:
    """A plan that renames the repo from which a stack is deployed, `stack` being how that is declared."""
    code = {**CODE, **beside}
    held = observed(
        *HOSTS, live("repo/code", code, state="Ok"), web(LINKED), web(LINKED, "off", state="down", project="")
    )
    wanted = desired(
        declared("repo/site", code, renamed_from="code"),
        declared("stack/web", {**LINKED, "linked_repo": "site"}, **stack),
        declared("stack/off", {**LINKED, "linked_repo": "site"}),
    )
    return planned(wanted, alive(held, {"stack/web": Running(history=History(Event("DeployStack", 5)))}))


def test_what_is_deployed_from_the_folder_of_a_renamed_repo_is_deployed_anew() -> None:
    """It mounts from a folder that is there no more."""
    made = renamed({"deploy": True})
    assert (
        change(made, "stack/web", "deploy").reason
        == "repo/site, from whose folder it is deployed, is renamed by this plan"
    )
    assert "deploy" not in {each.action for each in renamed({}).plan.resources[-1].changes}


def test_a_renamed_repo_names_what_is_deployed_from_its_folder() -> None:
    [effect] = change(renamed({}), "repo/site", "rename").effects
    assert effect.kind == "renames"
    assert effect.detail == (
        "its checkout on the server is moved to a folder of the new name: what is deployed from there (stack/web) "
        "finds an empty one in its place once its containers start again, until it is deployed anew"
    )
    assert change(renamed({}, path="/srv/code"), "repo/site", "rename").effects == (), "it is where its path says"
    [effect] = change(renamed({}, server_id=""), "repo/site", "rename").effects
    assert effect.kind == "loses", "no folder goes with the name"


@pytest.mark.parametrize(
    ("changed", "reason"),
    [({"server_id": "two"}, ""), ({"branch": "next"}, "repo/code, which its files are from, changes")],
)
def test_the_host_of_a_checkout_is_no_matter_of_those_that_are_deployed_from_it(changed: Any, reason: str) -> None:
    """Each has one of its own, on its own host."""
    held = observed(*HOSTS, live("repo/code", CODE, state="Ok"), web(LINKED))
    wanted = desired(declared("repo/code", {**CODE, **changed}), declared("stack/web", LINKED, deploy=True))
    made = planned(wanted, alive(held, {"stack/web": Running(history=History(Event("DeployStack", 5)))}))
    assert changes(made) == {"repo/code": ["update"], **({"stack/web": ["deploy"]} if reason else {})}
    if reason:
        assert change(made, "stack/web", "deploy").reason == reason
