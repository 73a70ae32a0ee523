"""A stack's files are in a folder of its name: a rename says what its next deploy no longer finds there."""

from __future__ import annotations

from typing import Any

import pytest
from planning_worlds import alive, change, changes, codes, declared, desired, live, observed, planned
from test_volumes import DATA, HOSTS, stack, ui

from komodo_sync.model.running import Event, History, Running
from komodo_sync.report.html import plan_html
from komodo_sync.report.json import plan_json
from komodo_sync.report.markdown import plan_markdown
from komodo_sync.report.text import plan_text

ANY = "any files that it mounts by a relative path"
EMPTY = ", where new and empty ones are made"
OTHER = ", which is another one"


def mounting(*paths: str, image: str = "a:1") -> str:
    listed = "".join(f"      - {path}\n" for path in paths)
    return f"services:\n  app:\n    image: {image}\n    volumes:\n{listed}"


def core(config: Any, name: str = "old", **beside: Any) -> Any:
    held = stack(config, f"stack/{name}", project="old", **beside)
    history = History(good=Event("DeployStack", 1), called="" if name == "old" else "old")
    facts = {f"stack/{name}": Running(deployed={"compose.yaml": "x"}, history=history)}
    return alive(observed(held, *HOSTS), facts)


def renamed(config: Any, **beside: Any) -> Any:
    return desired(declared("stack/new", config, renamed_from="old", **beside))


def lost(made: Any, action: str) -> list[tuple[str, str]]:
    return [(each.subject, each.detail) for each in change(made, "stack/new", action).effects if each.kind == "loses"]


def later(empty: str = EMPTY, root: str = "stacks") -> str:
    return (
        f"from the next deploy on they are looked for in the folder {root}/new on server/one{empty}; the old ones stay "
        f"in {root}/old (move what is in {root}/old to {root}/new before that, or write absolute paths)"
    )


def at_once(empty: str = EMPTY) -> str:
    return (
        f"they are looked for in the folder stacks/new on server/one{empty}; the old ones stay in stacks/old (move "
        "what is in stacks/old to stacks/new before the apply, or write absolute paths)"
    )


REPO = {"server_id": "one", "repo": "me/x"}
HOST = {"server_id": "one", "files_on_host": True}


@pytest.mark.parametrize(
    ("config", "told"),
    [
        (ui(mounting("./data:/app")), ("its mounted files ./data", later())),
        (ui(mounting("./data:/app", "/srv/x:/x", "./a.conf:/a:ro")), ("its mounted files ./a.conf, ./data", later())),
        (ui(mounting("{type: bind, source: data, target: /d}")), ("its mounted files ./data", later())),
        (
            ui(mounting("'${D:-./data}:/app'", "'${E}:/e'"), environment="E=/srv/e"),
            ("its mounted files ${D:-./data}", later()),
        ),
        (ui(mounting("./data:/app"), run_directory="/srv"), ("its mounted files ./data", later())),
        (REPO, (ANY, later(OTHER))),
        ({**REPO, "clone_path": "x", "run_directory": "y"}, (ANY, later(OTHER))),
        (HOST, (f"its compose files, and {ANY}", later(""))),
        ({**HOST, "run_directory": "web"}, (f"its compose files, and {ANY}", later(""))),
        # nothing of it is in a folder of that name
        (ui(DATA), None),
        (ui(mounting("/srv/data:/app", "~/x:/x", "/run/x.sock:/s", "/app", "data:/d")), None),
        (ui(mounting("'${D}:/app'"), environment="D=/srv/d"), None),
        (ui(mounting("../x:/app"), file_paths=("/srv/x/compose.yaml",)), None),
        ({**REPO, "clone_path": "/srv"}, None),
        ({**REPO, "run_directory": "/srv"}, None),
        ({"server_id": "one", "linked_repo": "r"}, None),
        ({**HOST, "run_directory": "/srv/web"}, None),
    ],
)
def test_what_is_in_the_folder_of_the_old_name_is_told_at_the_rename(config: Any, told: Any) -> None:
    made = planned(renamed(config), core(config))
    assert changes(made)["stack/new"][0] == "rename"
    assert lost(made, "rename") == ([told] if told else [])
    [kept] = [each.detail for each in change(made, "stack/new", "rename").effects if each.kind == "renames"]
    volumes = "named volumes" if told else "volumes"
    assert kept == f"the project keeps the name old, runs on and keeps its {volumes}: project_name is set to it"


def test_the_deploy_of_the_same_plan_tells_it_in_every_format() -> None:
    before, after = ui(mounting("./data:/app")), ui(mounting("./data:/app", image="a:2"))
    made = planned(renamed(after, deploy=True), core(before))
    assert changes(made) == {"stack/new": ["rename", "update", "deploy"]}
    assert lost(made, "deploy") == [("its mounted files ./data", at_once())]
    # once is enough, and nowhere are they said to be kept
    assert lost(made, "rename") == []
    for text in (
        plan_text(made.plan, color=False, width=400),
        plan_markdown(made.plan),
        plan_html(made.plan),
        plan_json(made.plan),
    ):
        text = text.replace("`", "")
        assert "its mounted files ./data" in text
        assert "stacks/old to stacks/new" in text
        assert "keeps its volumes" not in text
    assert "Irreversible: 1 resource" in plan_text(made.plan, color=False, width=400)


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        # the way out: the old folder by its whole path
        (mounting("./data:/app"), mounting("/etc/komodo/stacks/old/data:/app"), []),
        (mounting("./data:/app"), mounting("./data:/app", "./more:/more"), ["its mounted files ./data"]),
        (mounting("/srv/x:/app"), mounting("/srv/x:/app", "./more:/more"), []),
    ],
)
def test_only_what_was_mounted_and_will_be_is_missed(before: str, after: str, told: list[str]) -> None:
    made = planned(renamed(ui(after), deploy=True), core(ui(before)))
    assert [subject for subject, _ in lost(made, "deploy")] == told


def test_a_later_deploy_tells_it_until_it_is_done() -> None:
    before, after = ui(mounting("./data:/app")), ui(mounting("./data:/app", image="a:2"))
    wanted = desired(declared("stack/new", {**after, "project_name": "old"}, deploy=True))
    made = planned(wanted, core({**before, "project_name": "old"}, "new"))
    [(subject, detail)] = lost(made, "deploy")
    assert subject == "its mounted files ./data"
    assert detail.startswith("they are looked for in the folder stacks/new on server/one")
    assert detail.endswith(
        "(move what is in stacks/old to stacks/new before the apply, unless that is done, or write absolute paths)"
    )
    held = core({**before, "project_name": "old"}, "new")
    known = Running(deployed={"compose.yaml": "x"}, history=History(good=Event("DeployStack", 1)))
    made = planned(wanted, alive(held, {"stack/new": known}))
    assert lost(made, "deploy") == []


def test_what_was_never_deployed_leaves_nothing_and_a_move_tells_of_all() -> None:
    config = ui(mounting("./data:/app"))
    held = observed(live("stack/old", config, state="down"), *HOSTS)
    assert lost(planned(renamed(config), held), "rename") == []
    made = planned(renamed({**config, "server_id": "two"}, deploy=True), core(config))
    assert [subject for subject, _ in lost(made, "deploy")] == ["its mounted files ./data"]
    assert "stacks/" not in str(change(made, "stack/new", "deploy").effects)


@pytest.mark.parametrize(
    ("directory", "refused"), [("", True), ("web", True), ("/srv/web", False), ("../shared", False)]
)
def test_files_that_a_deploy_would_not_find_under_the_new_name_are_refused(directory: str, refused: bool) -> None:
    before = {**HOST, "run_directory": directory}
    wanted = renamed({**before, "environment": "A=1"}, deploy=True)
    made = planned(wanted, core(before))
    assert codes(made) == (["files-left"] if refused else [])
    if refused:
        base = f"/{directory}" if directory else ""
        [finding] = made.plan.refusals
        assert f"would be deployed from stacks/new{base} on server/one, and its files are in stacks/old{base}" in (
            finding.message
        )
        assert "--no-deploy" in finding.hint
        assert "move what is in stacks/old to stacks/new" in finding.hint
    # the way out
    assert codes(planned(wanted, core(before), deploy=False)) == []


@pytest.mark.parametrize(
    ("state", "goes"), [("running", "runs on"), ("stopped", "stays stopped"), ("paused", "stays paused")]
)
def test_what_does_not_run_is_not_said_to(state: str, goes: str) -> None:
    config = ui(DATA)
    made = planned(renamed(config), core(config, state=state))
    [effect] = change(made, "stack/new", "rename").effects
    assert effect.detail == f"the project keeps the name old, {goes} and keeps its volumes: project_name is set to it"
