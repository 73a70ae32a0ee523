"""The first block of a plan answers for what a change does: what stops, what is lost, what is deployed, what else."""

from __future__ import annotations

from typing import Any

import pytest
from planning_worlds import OURS, alive, declared, desired, live, observed, planned

from komodo_sync.model.data import replace
from komodo_sync.model.running import Event, History, Running
from komodo_sync.model.sealed import Unknown
from komodo_sync.planning.deploys.texts.compose import compose_in
from komodo_sync.report.attention_text import write_attention
from komodo_sync.report.html import plan_html
from komodo_sync.report.layout import Page
from komodo_sync.report.markdown import plan_markdown
from komodo_sync.report.text import plan_text

PRUNE = {"owner": "us", "prune": True}
BOTH = "volumes: {data: {}}\nservices:\n  web:\n    image: nginx\n  db:\n    image: postgres\n"
WEB = "volumes: {data: {}}\nservices:\n  web:\n    image: nginx\n"
UI = {"server_id": "one", "file_contents": BOTH}
ONE = live("server/one", {"enabled": True})
ANEW = "compose up: what changed is started anew"


def block(wanted: Any, held: Any, **options: Any) -> dict[str, list[str]]:
    """The rows below each heading."""
    page = Page(width=400, color=False)
    write_attention(page, planned(wanted, held, **options).plan)
    found: dict[str, list[str]] = {}
    heading = ""
    for row in filter(None, page.text().splitlines()):
        if row.startswith(" "):
            found[heading].append(row.strip())
        else:
            heading = row
            found[heading] = []
    return found


def stack(text: str = "stack/x", config: Any = UI, **beside: Any) -> Any:
    given = {"state": "running", "services": ("web", "db"), "project": "x", **beside}
    return live(text, config, **given)


def core(held: Any, *more: Any) -> Any:
    facts = Running(deployed={"compose.yaml": BOTH}, history=History(good=Event("DeployStack", 1)))
    return alive(observed(held, ONE, *more), {str(held.address): facts})


def deployed(config: Any, held: Any = None, **beside: Any) -> dict[str, list[str]]:
    return block(desired(declared("stack/x", config, deploy=True, **beside)), core(held or stack()))


@pytest.mark.parametrize(
    ("held", "told"),
    [
        (stack("stack/x", UI), "leaves 2 services (db, web): it is running and stays so, unmanaged"),
        (
            stack("stack/x", UI, state="stopped"),
            "leaves 2 services (db, web): it is stopped and stays so, unmanaged",
        ),
        (
            stack("stack/x", UI, state="unknown"),
            "leaves: its state is unknown: what may run of it runs on, unmanaged",
        ),
        (stack("stack/x", UI, state="down"), ""),
        (live("deployment/x", {"server_id": "one"}, state="running"), "leaves: it is running and stays so, unmanaged"),
        (live("repo/x", {"server_id": "one"}), ""),
    ],
)
def test_what_runs_on_of_what_is_forgotten_is_told_in_every_form(held: Any, told: str) -> None:
    address = str(held.address)
    world = observed(replace(held, tags=frozenset((OURS,))), ONE)
    wanted = desired(forget=[address])
    row = f"o forget {address}: {told}"
    assert block(wanted, world, owner="us") == ({"Also affected: 1 resource": [row]} if told else {})
    made = planned(wanted, world, owner="us")
    assert ("Also affected: 1 resource" in plan_markdown(made.plan)) is bool(told)
    assert ("Also affected: 1 resource" in plan_html(made.plan)) is bool(told)
    assert "and nothing else is done" in plan_text(made.plan, color=False, width=200)


def test_a_service_that_its_text_no_longer_has_runs_on() -> None:
    assert deployed({**UI, "file_contents": WEB}) == {
        "Stops: nothing": [],
        "Irreversible: nothing": [],
        "Deployed, started or run: 1 resource": [
            f"^ deploy stack/x: file_contents changes; restarts 1 service (web): {ANEW}"
        ],
        "Also affected: 1 resource": [
            (
                "^ deploy stack/x: leaves 1 service (db): no longer in file_contents; it runs on, unmanaged, "
                "until the project is stopped or taken down (--remove-orphans in extra_args removes it)"
            )
        ],
    }


@pytest.mark.parametrize(
    ("beside", "stops"),
    [
        ({"extra_args": ["--remove-orphans"]}, "it is removed (--remove-orphans)"),
        ({"environment": "A=1\nCOMPOSE_REMOVE_ORPHANS=true\n"}, "it is removed (--remove-orphans)"),
        ({"environment": "COMPOSE_REMOVE_ORPHANS=True\n"}, "it is removed (--remove-orphans)"),
        ({"destroy_before_deploy": True}, "it is not started again"),
    ],
)
def test_a_service_that_goes_stops_where_the_deploy_removes_it(beside: Any, stops: str) -> None:
    config = {**UI, **beside}
    found = deployed({**config, "file_contents": WEB}, stack(config=config))
    [row] = found["Stops: 1 resource"]
    assert row.partition("; file_contents changes")[0].endswith(
        f"stops 1 service (db): no longer in file_contents: {stops}"
    )
    assert "Also affected: 1 resource" not in found


def test_a_service_of_a_swarm_runs_on_as_well() -> None:
    config = {"swarm_id": "sw", "file_contents": BOTH}
    wanted = desired(declared("stack/x", {**config, "file_contents": WEB}, deploy=True))
    [row] = block(wanted, core(stack(config=config), live("swarm/sw")))["Also affected: 1 resource"]
    assert "(--prune in extra_args removes it)" in row


def test_a_new_service_is_started() -> None:
    text = BOTH + "  cache:\n    image: redis\n  tool:\n    image: busybox\n    profiles: [by-hand]\n"
    [row] = deployed({**UI, "file_contents": text})["Deployed, started or run: 1 resource"]
    assert f"restarts 2 services (db, web): {ANEW}; starts 1 service (cache)" in row


@pytest.mark.parametrize(
    "config",
    [
        {**UI, "file_contents": WEB + "include: [other.yaml]\n"},
        {**UI, "file_contents": WEB, "file_paths": ["compose.yaml", "more.yaml"]},
        {**UI, "file_contents": WEB, "files_on_host": True},
        {**UI, "file_contents": "services: &s\n  web: {}\n  <<: *s\n"},
        {**UI, "file_contents": "services: [web\n"},
    ],
)
def test_where_the_services_are_not_known_nothing_new_is_said(config: Any) -> None:
    found = deployed(config)
    [row] = found["Deployed, started or run: 1 resource"]
    assert "restarts 2 services (db, web)" in row
    assert "Also affected: 1 resource" not in found


def test_copies_of_a_service_are_that_service() -> None:
    held = stack(services=("web-1", "web-2", "db"))
    [row] = deployed({**UI, "file_contents": BOTH + "# more\n"}, held)["Deployed, started or run: 1 resource"]
    assert "restarts 3 services (db, web-1, web-2)" in row


@pytest.mark.parametrize(
    ("text", "services"),
    [
        (BOTH, {"web": True, "db": True}),
        ("services: {web: {image: nginx, profiles: [x]}}", {"web": False}),
        ("services: {web: !reset null}", {"web": True}),
        ("services: {web: {<<: {profiles: [x]}}}", {"web": False}),
        ("services: {app-[[X]]: {}}", None),
        ("services:\n  app-[[X]]: {}", None),
        ("services: {}", {}),
        ("services:", None),
        ("- a", None),
        ("", None),
        ("a: 1", None),
        ("\ud800: 1", None),
    ],
)
def test_the_services_of_a_text(text: str, services: Any) -> None:
    read = compose_in(text)
    assert (None if read is None else {name: each.starts for name, each in read.services.items()}) == services


def test_another_project_stops_the_one_that_runs_and_loses_its_volumes() -> None:
    """Where it is deployed in this plan, the deploy tells it, and nothing else repeats it."""
    found = deployed({**UI, "project_name": "y"})
    assert found["Stops: 1 resource"] == [
        (
            "^ deploy stack/x: stops 2 services (db, web): its project is taken down, and another one started in its "
            "place; project_name changes"
        )
    ]
    assert found["Irreversible: 1 resource"] == [
        (
            "^ deploy stack/x: loses its named volumes data of project x, now y: it starts with new and empty volumes; "
            "the old ones stay behind unused; project_name changes"
        )
    ]
    assert "Also affected: 1 resource" not in found


def test_without_a_deploy_the_next_one_loses_them() -> None:
    wanted = desired(declared("stack/x", {**UI, "project_name": "y"}))
    assert block(wanted, core(stack())) == {
        "Stops: nothing": [],
        "Irreversible: 1 resource": [
            (
                "~ update stack/x: loses its named volumes data of project x, now y: the next deploy takes the old "
                "project down, and starts the new one with new and empty volumes; the old ones stay behind unused"
            )
        ],
        "Deployed, started or run: nothing": [],
    }


def test_a_rename_that_gives_its_project_up_is_told_alike() -> None:
    given = {**UI, "project_name": ""}
    later = block(desired(declared("stack/y", given, renamed_from="x")), core(stack()))
    assert later["Irreversible: 1 resource"] == [
        (
            "> rename stack/y: loses its named volumes data of project x, now y: the next deploy takes the old "
            "project down, and starts the new one with new and empty volumes; the old ones stay behind unused"
        )
    ]
    changed = {**given, "file_contents": WEB}
    now = block(desired(declared("stack/y", changed, renamed_from="x", deploy=True)), core(stack()))
    [row] = now["Irreversible: 1 resource"]
    assert row.startswith("^ deploy stack/y: loses its named volumes data of project x, now y: it starts with new")
    assert "leaves" not in str(now)


@pytest.mark.parametrize(
    ("state", "heading", "told"),
    [
        (
            "running",
            "Irreversible",
            "the new project with new and empty volumes; what runs as the old one runs on, unmanaged",
        ),
        (
            "unknown",
            "Also affected",
            "leaves project x, now y: what may run of it runs on, unmanaged; the next deploy starts the new one, with ",
        ),
    ],
)
def test_a_project_that_komodo_did_not_deploy_is_not_taken_down(state: str, heading: str, told: str) -> None:
    held = stack(state=state, project="", services=())
    found = block(desired(declared("stack/x", {**UI, "project_name": "y"})), core(held))
    assert told in found[f"{heading}: 1 resource"][0]


def test_what_was_never_deployed_has_no_volumes_to_lose() -> None:
    held = stack(state="down", project="", services=())
    assert block(desired(declared("stack/x", {**UI, "project_name": "y"})), core(held)) == {}


def test_what_is_down_keeps_its_volumes_and_loses_them_too() -> None:
    found = block(desired(declared("stack/x", {**UI, "project_name": "y"})), core(stack(state="down")))
    assert list(found) == ["Stops: nothing", "Irreversible: 1 resource", "Deployed, started or run: nothing"]


def test_a_delete_that_keeps_what_runs_says_so_first() -> None:
    held = observed(replace(stack(), tags=frozenset({OURS})), ONE)
    found = block(desired(), held, **PRUNE, removal="keep_running")
    assert found["Stops: nothing"] == []
    [row] = found["Irreversible: 1 resource"]
    assert row.startswith(
        "- DELETE stack/x: leaves 2 services (db, web): it is taken off its server first; its containers run on, "
        "unmanaged (delete: keep_running); its configuration"
    )
    assert len(found) == 3, "it is told once"


def test_an_empty_server_takes_nothing_with_it() -> None:
    gone = live("server/two", {"enabled": True}, OURS)
    [row] = block(desired(), observed(gone), **PRUNE)["Irreversible: 1 resource"]
    assert "loses" not in row
    on_it = live("stack/x", {"server_id": "two"})
    [row] = block(desired(), observed(gone, on_it), **PRUNE)["Irreversible: 1 resource"]
    assert "loses: stacks, deployments and repos on it lose their server" in row


def test_a_server_that_is_switched_off_says_what_is_on_it() -> None:
    held = (
        stack(),
        live("deployment/d", {"server_id": "one"}),
        live("repo/r", {"server_id": "two"}),
        live("server/two"),
    )
    gone, moved = live("stack/gone", {"server_id": "one"}, OURS), live("stack/moved", {"server_id": "one"})
    names = live("procedure/p", {"stages": run("PruneVolumes", server="one")})
    wanted = desired(
        declared("server/one"),
        declared("repo/new", {"server_id": "one"}),
        declared("stack/moved", {"server_id": "two"}),
        declared("server/two"),
    )
    found = block(wanted, observed(ONE, *held, gone, moved, names), **PRUNE, adopt_changes=True)
    [others] = [rows for heading, rows in found.items() if heading.startswith("Also affected")]
    assert [row for row in others if "disconnects" in row] == [
        (
            "~ update server/one: disconnects 3 resources (deployment/d, repo/new, stack/x): they are left as they are "
            "there, and can neither be watched, deployed nor stopped until server/one is enabled again"
        )
    ]


@pytest.mark.parametrize(("before", "after"), [(True, True), (False, True), (False, False)])
def test_a_server_that_stays_on_or_off_disconnects_nothing(before: bool, after: bool) -> None:
    held = live("server/one", {"enabled": True} if before else {})
    wanted = desired(declared("server/one", {**({"enabled": True} if after else {}), "region": "eu"}))
    assert block(wanted, observed(held, stack())) == {}


@pytest.mark.parametrize(
    ("before", "after"), [("https://a:8120", "https://b:8120"), ("", "https://b"), ("https://a", "")]
)
def test_a_server_that_is_looked_for_elsewhere_says_what_is_on_it(before: str, after: str) -> None:
    def one(address: str) -> dict[str, Any]:
        return {"enabled": True, "address": address} if address else {"enabled": True}

    held = (
        stack(),
        live("stack/down", {"server_id": "one"}, state="down"),
        live("stack/unknown", {"server_id": "one"}, state="unknown"),
        live("deployment/moved", {"server_id": "one"}, state="running"),
        live("repo/r", {"server_id": "one"}),
        live("server/two"),
    )
    wanted = desired(
        declared("server/one", one(after)),
        declared("stack/new", {"server_id": "one"}),
        declared("deployment/moved", {"server_id": "two"}),
    )
    found = block(wanted, observed(live("server/one", one(before)), *held))
    [others] = [rows for heading, rows in found.items() if heading.startswith("Also affected")]
    assert [row for row in others if "disconnects" in row] == [
        (
            "~ update server/one: disconnects 3 resources (repo/r, stack/unknown, stack/x): server/one is looked for "
            "at another address: where that is another machine, what they have on the one of before stays there, "
            "unmanaged"
        )
    ]


def test_a_server_without_anything_on_it_is_switched_off_in_peace() -> None:
    assert block(desired(declared("server/one")), observed(ONE)) == {}


def run(operation: str, **params: Any) -> list[Any]:
    return [{"name": "s", "enabled": True, "executions": [{"execution": {"type": operation, "params": params}}]}]


STOPS = {"stages": run("DestroyStack", stack="x"), "schedule": "every day at 01:00"}
LATER = "by its schedule; not by this apply but at its time: every day at 01:00"
TOLD = f"stops: DestroyStack x {LATER}"
NONE = {"Irreversible: nothing": [], "Deployed, started or run: nothing": []}


@pytest.mark.parametrize(
    ("held", "wanted", "told"),
    [
        ({**STOPS, "schedule_enabled": False}, STOPS, True),
        ({**STOPS, "schedule": ""}, STOPS, True),
        ({**STOPS, "schedule": "every hour"}, STOPS, True),
        ({**STOPS, "schedule_timezone": "Europe/Rome"}, STOPS, True),
        ({**STOPS, "stages": run("DeployStack", stack="x")}, STOPS, True),
        (STOPS, {**STOPS, "schedule_enabled": False}, False),
        ({**STOPS, "schedule": ""}, {**STOPS, "schedule": "", "schedule_timezone": "Europe/Rome"}, False),
        (STOPS, {**STOPS, "failure_alert": False}, False),
        (STOPS, {**STOPS, "stages": run("DeployStack", stack="x")}, False),
        (None, STOPS, True),
        (None, {**STOPS, "schedule_enabled": False}, False),
        # what the Core cannot read it never runs
        (None, {**STOPS, "schedule": "0 3 * * *"}, False),
        (None, {**STOPS, "schedule": "0 3 * * *", "schedule_format": "Cron"}, False),
        (None, {**STOPS, "schedule_timezone": "Europe/Nowhere"}, False),
        (STOPS, {**STOPS, "schedule": "now and then"}, False),
        ({**STOPS, "schedule": "now and then"}, STOPS, True),
    ],
)
def test_a_schedule_says_what_it_will_stop(held: Any, wanted: Any, told: bool) -> None:
    there = [live("procedure/p", held)] if held is not None else []
    found = block(desired(declared("procedure/p", wanted)), observed(stack(), *there))
    action = "~ update" if held is not None else "+ create"
    assert found == ({"Stops: 1 resource": [f"{action} procedure/p: {TOLD}"], **NONE} if told else {})


def test_a_schedule_says_what_it_will_take_away_and_a_run_at_once_what_it_stops() -> None:
    stages = [*run("DestroyStack", stack="x"), *run("PruneVolumes", server="one")]
    wanted = declared("procedure/p", {**STOPS, "stages": stages}, run_on_change=True)
    found = block(desired(wanted), alive(observed(ONE, stack())))
    assert found["Irreversible: 1 resource"][1:] == [f"+ create procedure/p: loses: PruneVolumes one {LATER}"]
    at_once, later = found["Stops: 1 resource"]
    assert at_once.startswith("$ run procedure/p: stops: DestroyStack x")
    assert later == f"+ create procedure/p: {TOLD}"


def test_a_cron_line_is_one_piece_of_code() -> None:
    wanted = desired(declared("procedure/p", {**STOPS, "schedule": "0 0 3 * * *", "schedule_format": "Cron"}))
    made = planned(wanted, observed(stack()))
    markdown = plan_markdown(made.plan)
    assert "at its time: `0 0 3 * * *`" in markdown
    assert "`*`" not in markdown


def test_a_schedule_that_is_not_known_here_is_said_to_be_so() -> None:
    wanted = declared("procedure/p", {**STOPS, "schedule": Unknown()})
    [row] = block(desired(wanted), observed(stack()))["Stops: 1 resource"]
    assert row.endswith(" by its schedule; not by this apply but at its time: unknown here")


STILL = ("stopped", "created")


@pytest.mark.parametrize("state", STILL)
def test_what_does_not_run_is_removed_and_does_not_stop(state: str) -> None:
    held = stack(state=state)
    gone = block(desired(), alive(observed(replace(held, tags=frozenset({OURS})), ONE)), **PRUNE)
    assert gone["Stops: nothing"] == []
    [row] = gone["Irreversible: 1 resource"]
    told = f"removes 2 services (db, web): it is {state}; its containers are removed"
    assert row.startswith(f"- DELETE stack/x: {told}; its configuration, history and permissions in Komodo are gone")
    down = deployed(UI, held, state="down")
    assert list(down) == ["Also affected: 1 resource"]
    assert down["Also affected: 1 resource"] == [
        "x DESTROY stack/x: removes 2 services (db, web): its containers are removed"
    ]


def test_what_does_not_run_is_removed_where_it_leaves_and_where_its_project_changes() -> None:
    held = stack(state="stopped")
    moved = block(
        desired(declared("stack/x", {**UI, "server_id": "two"}, deploy=True)),
        core(held, live("server/two", {"enabled": True})),
    )
    assert moved["Stops: nothing"] == []
    [row] = [row for row in moved["Also affected: 1 resource"] if "DESTROY" in row]
    assert row.startswith(
        "x DESTROY stack/x: removes 2 services (db, web): its containers are removed; its volumes stay"
    )
    other = deployed({**UI, "project_name": "y"}, held, state="running")
    assert other["Stops: nothing"] == []
    assert "removes 2 services (db, web): its project is taken down" in other["Deployed, started or run: 1 resource"][0]


SWEPT = {**UI, "extra_args": ["--remove-orphans"]}


@pytest.mark.parametrize("state", STILL)
@pytest.mark.parametrize(
    ("config", "heading", "told"),
    [
        (
            UI,
            "Also affected",
            (
                "leaves 1 service (db): no longer in file_contents; it stays as it is, unmanaged, until "
                "the project is taken down (--remove-orphans in extra_args removes it)"
            ),
        ),
        (
            SWEPT,
            "Deployed, started or run",
            "removes 1 service (db): no longer in file_contents: it is removed (--remove-orphans)",
        ),
        (
            {**UI, "destroy_before_deploy": True},
            "Deployed, started or run",
            "removes 1 service (db): no longer in file_contents: it is not started again",
        ),
        (
            {**UI, "file_contents": BOTH.replace("image: postgres", "image: postgres\n    scale: 0")},
            "Deployed, started or run",
            "removes 1 service (db): scaled to 0 in file_contents: what is there of it is removed",
        ),
    ],
)
def test_a_service_that_does_not_run_and_goes_does_not_stop(state: str, config: Any, heading: str, told: str) -> None:
    text = config["file_contents"] if "scale" in config["file_contents"] else WEB
    held = stack(config={**config, "file_contents": BOTH}, state=state)
    found = deployed({**config, "file_contents": text}, held, state="running")
    assert found["Stops: nothing"] == []
    [row] = found[f"{heading}: 1 resource"]
    assert told in row


def test_services_that_do_not_run_and_go_are_told_together() -> None:
    held = stack(state="stopped", services=("web", "db", "cache"))
    [row] = deployed({**UI, "file_contents": WEB}, held, state="running")["Also affected: 1 resource"]
    assert "leaves 2 services (cache, db): no longer in file_contents; they stay as they are" in row
