"""What is declared to be deployed is deployed by `apply`, and a second apply has nothing left to do."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from deploying import COMPOSE, SERVERS, apply, done, read, reason, stack, state, steps
from shell import Shell, write, writes

if TYPE_CHECKING:
    from pathlib import Path

    from asking import Asker

    from komodo_sync.simulator import EmbeddedCore

pytestmark = pytest.mark.usefixtures("core")


@pytest.fixture
def running(shell: Shell, work: Path) -> Shell:
    """A stack that was deployed."""
    write(work, {"m.yaml": stack(deploy="true")})
    apply(shell)
    return shell


def test_what_is_created_is_deployed_and_then_nothing_is_left(shell: Shell, work: Path, ask: Asker) -> None:
    write(work, {"m.yaml": stack(deploy="true")})
    assert steps(shell) == {"server/one": ["create"], "stack/web": ["create", "deploy"]}
    assert "nothing is left to do" in apply(shell)
    assert state(ask) == "running"
    assert steps(shell) == {}


def test_files_on_a_host_are_deployed(shell: Shell, work: Path, ask: Asker) -> None:
    """What stands there, nobody here knows: it runs."""
    config = "      server: one\n      files_on_host: true\n      run_directory: {}\n"
    for folder in ("/opt/web", "/opt/www"):
        write(work, {"m.yaml": stack(config=config.format(folder), deploy="true")})
        assert "nothing is left to do" in apply(shell)
        assert state(ask) == "running"
        assert steps(shell) == {}


def test_a_changed_environment_is_deployed_and_one_that_reads_the_same_is_not(running: Shell, work: Path) -> None:
    base = f"      server: one\n      file_contents: '{COMPOSE}'\n"
    write(work, {"m.yaml": stack(config=base + "      environment: {A: 1}\n", deploy="true")})
    assert steps(running) == {"stack/web": ["update", "deploy"]}
    assert reason(running, "stack/web") == "environment changes"
    apply(running)
    write(
        work, {"m.yaml": stack(config=base + "      environment: |\n        # a word\n        A = 1\n", deploy="true")}
    )
    assert steps(running) == {"stack/web": ["update"]}
    apply(running)
    assert steps(running) == {}


def test_what_was_saved_and_not_deployed_is_deployed_by_the_next_apply(running: Shell, work: Path, ask: Asker) -> None:
    ask.write("UpdateStack", id="web", config={"environment": "A=1\n"})
    config = f"      server: one\n      file_contents: '{COMPOSE}'\n      environment: {{A: 1}}\n"
    write(work, {"m.yaml": stack(config=config, deploy="true")})
    assert steps(running) == {"stack/web": ["deploy"]}
    assert reason(running, "stack/web").startswith("environment was changed after the last deploy (")
    apply(running)
    assert steps(running) == {}


def test_what_somebody_stopped_or_took_down_stays_so(running: Shell, work: Path, ask: Asker) -> None:
    for operation, left in (("StopStack", "stopped"), ("DestroyStack", "down")):
        ask.execute(operation, stack="web")
        assert state(ask) == left
        assert steps(running) == {}
    write(work, {"m.yaml": stack(deploy="true", state="running")})
    assert steps(running) == {"stack/web": ["deploy"]}
    assert reason(running, "stack/web") == "declared running, and it is down"
    apply(running)
    assert state(ask) == "running"


@pytest.mark.parametrize(("declared", "action", "left"), [("stopped", "stop", "stopped"), ("down", "destroy", "down")])
def test_a_state_is_kept(running: Shell, work: Path, ask: Asker, declared: str, action: str, left: str) -> None:
    write(work, {"m.yaml": stack(state=declared)})
    assert steps(running) == {"stack/web": [action]}
    apply(running)
    assert (state(ask), steps(running)) == (left, {})
    write(work, {"m.yaml": stack(state="running")})
    assert steps(running) == {"stack/web": ["start" if left == "stopped" else "deploy"]}
    apply(running)
    assert (state(ask), steps(running)) == ("running", {})


def test_no_deploy_leaves_what_runs_alone(shell: Shell, work: Path, ask: Asker) -> None:
    write(work, {"m.yaml": stack(deploy="true", state="running")})
    assert steps(shell, "--no-deploy") == {"server/one": ["create"], "stack/web": ["create"]}
    assert "nothing is left to do" in apply(shell, "--no-deploy")
    assert state(ask) == "down"


def test_a_failed_deploy_is_told_and_tried_again(shell: Shell, work: Path) -> None:
    text = "        x-simulate: fail\n        services: {web: {image: nginx}}\n"
    broken = f"      server: one\n      file_contents: |\n{text}"
    write(work, {"m.yaml": stack(config=broken, deploy="true")})
    apply(shell, code=3)
    assert reason(shell, "stack/web").startswith("the last deploy failed at Compose Up (")


def test_a_move_takes_down_first_and_a_rename_keeps_the_project(running: Shell, work: Path, ask: Asker) -> None:
    two = "  - {name: two, config: {address: 'https://two:8120', enabled: true}}\nstacks:\n"
    moved = stack(deploy="true").replace("server: one", "server: two").replace("stacks:\n", two)
    write(work, {"m.yaml": moved})
    assert steps(running) == {"server/two": ["create"], "stack/web": ["destroy", "update", "deploy"]}
    apply(running)
    assert (state(ask), steps(running)) == ("running", {})
    write(work, {"m.yaml": moved.replace("- name: web", "- name: site\n    renamed_from: web")})
    assert steps(running) == {"stack/site": ["rename", "update"]}
    apply(running)
    assert steps(running) == {}
    write(work, {"m.yaml": moved.replace("- name: web", "- name: site")})
    assert steps(running) == {}
    [held] = ask.read("ListFullStacks", query={"names": ["site"]}, page=0, limit=0)
    assert held["config"]["project_name"] == "web"


def test_what_a_rename_leaves_in_the_old_folder_is_told_until_it_is_deployed(running: Shell, work: Path) -> None:
    def site(image: str) -> str:
        text = f"        services: {{web: {{image: {image}, volumes: ['./data:/data']}}}}\n"
        return stack(config=f"      server: one\n      file_contents: |\n{text}", deploy="true")

    write(work, {"m.yaml": site("nginx")})
    apply(running)
    for old, new in (("web", "site"), ("site", "shop")):
        write(work, {"m.yaml": site("nginx").replace("- name: web", f"- name: {new}\n    renamed_from: {old}")})
        told = running.good("plan", ".").out
        assert f"looked for in the folder stacks/{new} on server/one" in " ".join(told.split())
        assert "stay in stacks/web" in " ".join(told.split())
        apply(running)
    write(work, {"m.yaml": site("nginx:2").replace("- name: web", "- name: shop")})
    told = " ".join(running.good("plan", ".").out.split())
    assert "its mounted files ./data" in told
    assert (
        "(move what is in stacks/web to stacks/shop before the apply, unless that is done, or write absolute paths)"
        in told
    )
    apply(running)
    write(work, {"m.yaml": site("nginx:3").replace("- name: web", "- name: shop")})
    assert "stacks/" not in running.good("plan", ".").out


def test_what_runs_on_of_what_is_forgotten_is_told(running: Shell, work: Path, ask: Asker) -> None:
    """Also in a run that deploys and deletes nothing, which asks for no states but for this."""
    apply(running, "--owner", "us")
    write(work, {"m.yaml": f"{SERVERS}forget: [stack/web]\n"})
    told = running.good("plan", ".", "--owner", "us").out
    row = "o forget stack/web: leaves 2 services (db, web): it is running and stays so, unmanaged"
    assert f"Also affected: 1 resource\n  {row}" in told
    apply(running, "--owner", "us")
    assert state(ask) == "running"
    assert steps(running, "--owner", "us") == {}


def test_a_delete_takes_down_first_unless_it_is_to_keep_running(
    running: Shell, work: Path, ask: Asker, core: EmbeddedCore
) -> None:
    write(work, {"m.yaml": f"{SERVERS}absent: [stack/web]\n"})
    assert steps(running) == {"stack/web": ["destroy", "delete"]}
    before = len(writes(core))
    apply(running)
    assert [name for name in writes(core)[before:] if name.endswith("Stack")] == ["DestroyStack", "DeleteStack"]


def test_a_delete_of_what_nobody_can_take_down_is_refused(
    running: Shell, work: Path, ask: Asker, core: EmbeddedCore
) -> None:
    write(work, {"m.yaml": f"{SERVERS}absent: [stack/web]\n"})
    core.faults.add("unreachable=one")
    before = len(writes(core))
    said = running.good("plan", ".")
    assert "In doubt" in said.out
    assert "neither tell what of it runs nor take it down: server/one" in " ".join(said.out.split())
    said = running("apply", ".", "--yes")
    assert said.code == 4
    assert "to allow it: --abandon-old" in said.err
    assert len(writes(core)) == before
    apply(running, "--abandon-old")
    assert [name for name in writes(core)[before:] if name.endswith("Stack")] == ["DeleteStack"]


@pytest.mark.parametrize("moves", [False, True])
def test_what_seems_to_be_down_because_docker_is_stays(
    running: Shell, work: Path, ask: Asker, core: EmbeddedCore, moves: bool
) -> None:
    two = SERVERS.replace("one", "two").removeprefix("servers:\n")
    moved = stack().replace(SERVERS, SERVERS + two).replace("server: one", "server: two")
    write(work, {"m.yaml": moved if moves else f"{SERVERS}absent: [stack/web]\n"})
    core.faults.add("undocked=one")
    assert state(ask) == "down"
    said = running("apply", ".", "--yes")
    assert said.code == 4
    assert "shows no container at all, as when its docker is down" in " ".join(said.err.split())
    # it is refused by docker as well
    assert not done(ask, "DestroyStack", stack="web")
    core.faults.clear()
    assert steps(running)["stack/web"] == ["destroy", "update" if moves else "delete"]


@pytest.mark.parametrize("fault", ["", "unreachable=one", "undocked=one"])
def test_what_was_taken_down_in_komodo_is_deleted_wherever_it_is(
    running: Shell, work: Path, ask: Asker, core: EmbeddedCore, fault: str
) -> None:
    assert done(ask, "StopStack", stack="web")
    assert done(ask, "DestroyStack", stack="web")
    write(work, {"m.yaml": f"{SERVERS}absent: [stack/web]\n"})
    if fault:
        core.faults.add(fault)
    assert steps(running) == {"stack/web": ["delete"]}
    apply(running)


def test_a_delete_whose_containers_cannot_be_taken_down_is_skipped(
    running: Shell, work: Path, ask: Asker, core: EmbeddedCore
) -> None:
    write(work, {"m.yaml": f"{SERVERS}absent: [stack/web]\n"})
    core.faults.add("DestroyStack=fails:Compose Command")
    said = " ".join(apply(running, code=3).split())
    assert "DestroyStack failed" in said
    assert "delete stack/web" in said.partition("Skipped")[2]
    assert state(ask) == "running"
    core.faults.clear()
    apply(running)


@pytest.mark.parametrize("reached", [False, True])
def test_what_never_ran_is_deleted_with_its_server(
    shell: Shell, work: Path, ask: Asker, core: EmbeddedCore, reached: bool
) -> None:
    off = SERVERS if reached else SERVERS.replace("enabled: true", "enabled: false")
    write(work, {"m.yaml": stack().replace(SERVERS, off)})
    apply(shell)
    write(work, {"m.yaml": "absent: [stack/web, server/one]\n"})
    apply(shell)
    assert ask.read("ListStacks", query={}, page=0, limit=0) == []


def test_what_was_taken_off_its_server_by_hand_is_deleted_alone(
    running: Shell, work: Path, ask: Asker, core: EmbeddedCore
) -> None:
    ask.write("UpdateStack", id="web", config={"server_id": ""})
    assert state(ask) == "running"
    write(work, {"m.yaml": f"{SERVERS}absent: [stack/web]\n"})
    assert steps(running) == {"stack/web": ["delete"]}
    apply(running)


def test_limits_of_deploys_refuse_before_the_first_write(shell: Shell, work: Path, core: EmbeddedCore) -> None:
    write(work, {"m.yaml": stack(deploy="true"), "komodo-sync.yaml": "limits: {deploys: 0}\n"})
    said = shell("apply", "--yes")
    assert said.code == 4
    assert "--allow-deploys 1" in said.err
    assert writes(core) == []
    assert shell("apply", "--yes", "--allow-deploys", "1").code == 0


def test_an_unreachable_server_is_said_and_nothing_is_guessed(running: Shell, work: Path, ask: Asker) -> None:
    off = stack(deploy="true").replace("enabled: true", "enabled: false")
    ask.write("UpdateServer", id="one", config={"enabled": False})
    write(work, {"m.yaml": off})
    assert steps(running) == {}
    found = [item for item in read(running)["findings"] if item["code"] == "state-unknown"]
    assert [item["addresses"] for item in found] == [["stack/web"]]
    assert "No changes as far as is known here." in running.good("plan", ".").out
    said = " ".join(apply(running, code=3).split())
    assert "Nothing was to do, but 1 resource may not run as declared: whether stack/web runs" in said
    assert running("apply", ".", "--yes", "--no-deploy").code == 0


def test_deploys_follow_each_other_as_asked(shell: Shell, work: Path, ask: Asker) -> None:
    second = stack("other", deploy="true").partition("stacks:\n")[2]
    write(work, {"m.yaml": stack(deploy="true") + second})
    said = apply(shell, "--batch", "1", "--pause", "0", "--timeout", "90")
    assert "nothing is left to do" in said
    assert (state(ask), state(ask, "other")) == ("running", "running")


def test_a_deploy_of_somebody_else_that_does_not_end_is_told(
    running: Shell, work: Path, ask: Asker, core: EmbeddedCore
) -> None:
    core.faults.add("DeployStack=takes:900")
    ask.execute("DeployStack", stack="web")
    said = " ".join(apply(running, "--timeout", "1", code=3).split())
    assert "whether stack/web runs as declared cannot be told: it is deploying at the moment" in said


def test_what_takes_too_long_is_named_and_goes_on_in_the_core(
    shell: Shell, work: Path, ask: Asker, core: EmbeddedCore
) -> None:
    write(work, {"m.yaml": stack(deploy="true")})
    core.faults.add("DeployStack=hang")
    said = apply(shell, "--timeout", "1", code=3)
    assert "DeployStack is still running after 1 second" in said
    assert "update: " in said
    assert "--timeout waits longer" in said


def test_each_is_waited_for_as_long_as_the_settings_say(shell: Shell, work: Path, core: EmbeddedCore) -> None:
    times = "timeouts: {stack: 1h, 'stack/*': 1h, stack/web: 1s}\nmanifests: [m.yaml]\n"
    write(work, {"m.yaml": stack(deploy="true"), "komodo-sync.yaml": times})
    core.faults.add("DeployStack=hang")
    assert "DeployStack is still running after 1 second" in apply(shell, code=3)


def test_what_does_not_stay_up_is_not_done(shell: Shell, work: Path, ask: Asker) -> None:
    compose = "{services: {web: {image: nginx, x-simulate: exit}, db: {image: pg}}}"
    text = f"      server: one\n      file_contents: '{compose}'\n"
    write(work, {"m.yaml": stack(config=text, deploy="true")})
    said = apply(shell, code=3)
    assert "1 change done" not in said
    assert "stack/web was deployed and does not run: it is unhealthy" in " ".join(said.split())
    assert state(ask) == "unhealthy"
    assert steps(shell) == {}
    apply(shell, code=3)
    write(work, {"m.yaml": stack(config=text + "      ignore_services: [web]\n", deploy="true")})
    apply(shell)
    # who stops a part of it in Komodo wants it so
    ask.execute("StopStack", stack="web", services=["db"])
    apply(shell)
    assert steps(shell) == {}


def test_what_was_moved_without_a_deploy_is_deployed_where_it_is_declared(shell: Shell, work: Path, ask: Asker) -> None:
    two = SERVERS.replace("one", "two").removeprefix("servers:\n")
    text = stack(deploy="true").replace(SERVERS, SERVERS + two)
    write(work, {"m.yaml": text})
    apply(shell)
    moved = text.replace("server: one", "server: two")
    write(work, {"m.yaml": moved.replace("    deploy: true\n", "")})
    apply(shell, "--no-deploy")
    assert state(ask) == "down"
    write(work, {"m.yaml": moved})
    assert reason(shell, "stack/web").startswith("server was changed after the last deploy")
    apply(shell)
    assert state(ask) == "running"


@pytest.mark.parametrize("abandoned", [False, True])
def test_what_nothing_starts_where_it_moves_is_taken_down_or_left_on_purpose(
    running: Shell, work: Path, ask: Asker, core: EmbeddedCore, abandoned: bool
) -> None:
    two = SERVERS.replace("one", "two").removeprefix("servers:\n")
    write(work, {"m.yaml": stack().replace(SERVERS, SERVERS + two).replace("server: one", "server: two")})
    said = " ".join(running.good("plan", ".").out.split())
    assert "stack/web is taken down on server/one, and nothing starts it on server/two" in said
    assert "STOPS 2 services (db, web)" in said.replace("! stops", "STOPS")
    assert "stay behind" not in said
    apply(running, *(["--abandon-old"] if abandoned else []))
    runs = {item["name"] for item in ask.read("ListContainers", server="one")}
    assert runs == ({"web-web-1", "web-db-1"} if abandoned else set())
    assert ("DestroyStack" in writes(core)) is not abandoned
    assert (state(ask), steps(running)) == ("down", {})


def test_what_moves_off_a_server_that_is_not_reached_is_refused(running: Shell, work: Path, core: EmbeddedCore) -> None:
    two = SERVERS.replace("one", "two").removeprefix("servers:\n")
    write(work, {"m.yaml": stack().replace(SERVERS, SERVERS + two).replace("server: one", "server: two")})
    core.faults.add("unreachable=one")
    before = len(writes(core))
    said = running("apply", ".", "--yes")
    assert said.code == 4
    assert "--abandon-old" in said.err
    assert len(writes(core)) == before
    apply(running, "--abandon-old")


def test_states_are_asked_for_only_where_something_moves(running: Shell, work: Path, core: EmbeddedCore) -> None:
    def asked() -> list[str]:
        mark = len(core.requests)
        running.good("plan", ".")
        return [name for name in core.requests[mark:] if name == "ListStacks"]

    write(work, {"m.yaml": stack()})
    assert asked() == []
    two = SERVERS.replace("one", "two").removeprefix("servers:\n")
    write(work, {"m.yaml": stack().replace(SERVERS, SERVERS + two).replace("server: one", "server: two")})
    assert asked() == ["ListStacks"]


def test_what_crashed_is_deployed_once_it_is_mended(shell: Shell, work: Path, ask: Asker) -> None:
    def text(image: str) -> str:
        compose = f"{{services: {{web: {{image: {image}}}}}}}"
        return stack(config=f"      server: one\n      file_contents: '{compose}'\n", deploy="true")

    write(work, {"m.yaml": text("nginx:1, x-simulate: exit")})
    apply(shell, code=3)
    assert (state(ask), steps(shell)) == ("stopped", {})
    write(work, {"m.yaml": text("nginx:2, x-simulate: exit")})
    apply(shell, code=3)
    write(work, {"m.yaml": text("nginx:3")})
    assert steps(shell) == {"stack/web": ["update", "deploy"]}
    apply(shell)
    assert state(ask) == "running"
    ask.execute("StopStack", stack="web")
    write(work, {"m.yaml": text("nginx:4")})
    assert steps(shell) == {"stack/web": ["update"]}, "somebody stopped it, and it stays so"


def test_what_crashed_is_deployed_where_it_moves(shell: Shell, work: Path, ask: Asker) -> None:
    two = SERVERS.replace("one", "two").removeprefix("servers:\n")
    compose = "{services: {web: {image: nginx, x-simulate: exit}}}"
    text = stack(config=f"      server: one\n      file_contents: '{compose}'\n", deploy="true")
    text = text.replace(SERVERS, SERVERS + two)
    write(work, {"m.yaml": text})
    apply(shell, code=3)
    assert state(ask) == "stopped"
    write(work, {"m.yaml": text.replace("server: one", "server: two")})
    assert steps(shell) == {"stack/web": ["destroy", "update", "deploy"]}
    assert "nothing starts it" not in shell.good("plan", ".").out
    said = " ".join(apply(shell, code=3).split())
    assert "stack/web was deployed and does not run" in said
    assert (state(ask), steps(shell)) == ("stopped", {})


def test_without_deploys_only_what_runs_keeps_running_where_it_is_left(
    shell: Shell, work: Path, core: EmbeddedCore
) -> None:
    two = SERVERS.replace("one", "two").removeprefix("servers:\n")
    compose = "{services: {web: {image: nginx, volumes: [v:/data]}}, volumes: {v: {}}}"
    text = stack(config=f"      server: one\n      file_contents: '{compose}'\n", deploy="true")
    text = text.replace(SERVERS, SERVERS + two)
    write(work, {"m.yaml": text})
    apply(shell)
    write(work, {"m.yaml": text.replace("server: one", "server: two")})
    behind = "the old ones stay behind on server/one"
    said = " ".join(shell.good("plan", ".", "--no-deploy").out.split())
    assert "what runs on one keeps running there, unmanaged" in said
    assert behind in said
    core.faults.add("UpdateStack=500")
    apply(shell, code=3)
    core.faults.clear()
    said = " ".join(shell.good("plan", ".", "--no-deploy").out.split())
    assert "keeps running" not in said
    assert behind in said


def test_a_move_that_did_not_finish_and_was_taken_back_is_told(
    shell: Shell, work: Path, ask: Asker, core: EmbeddedCore
) -> None:
    two = SERVERS.replace("one", "two").removeprefix("servers:\n")
    text = stack(deploy="true").replace(SERVERS, SERVERS + two)
    write(work, {"m.yaml": text})
    apply(shell)
    write(work, {"m.yaml": text.replace("server: one", "server: two")})
    core.faults.add("UpdateStack=500")
    apply(shell, code=3)
    core.faults.clear()
    write(work, {"m.yaml": text})
    assert (state(ask), steps(shell)) == ("down", {})
    said = " ".join(shell.good("plan", ".").out.split())
    assert re.search(r"stack/web is down: \w+, whose key this is, took it down on 20", said), said
    write(work, {"m.yaml": text.replace("deploy: true", "deploy: true\n    state: running")})
    apply(shell)
    write(work, {"m.yaml": text})
    assert (state(ask), steps(shell)) == ("running", {})
    assert "whose key this is" not in shell.good("plan", ".").out


def test_what_is_to_be_deployed_and_has_no_server_any_more_is_not_done(running: Shell, work: Path, ask: Asker) -> None:
    write(work, {"m.yaml": stack(config=f"      file_contents: '{COMPOSE}'\n", deploy="true")})
    assert steps(running) == {"stack/web": ["destroy", "update"]}
    assert "stack/web is not deployed: it has no server or swarm" in " ".join(apply(running, code=3).split())
    assert steps(running) == {}
    apply(running, code=3)
    assert state(ask) == "down"


def test_nothing_is_deployed_upon_what_is_ill(shell: Shell, work: Path, ask: Asker) -> None:
    ill = "{services: {db: {image: pg, x-simulate: unhealthy}}}"
    both = stack("db", f"      server: one\n      file_contents: '{ill}'\n", deploy="true", wait="healthy")
    both += stack("web", deploy="true", after="[stack/db]").removeprefix(f"{SERVERS}stacks:\n")
    write(work, {"m.yaml": both})
    apply(shell, code=3)
    # the second time db itself is not deployed, and is as ill as before
    assert steps(shell) == {"stack/web": ["deploy"]}
    said = " ".join(apply(shell, code=3).split())
    told = r"deploy stack/web: stack/db, after which it comes, is not healthy after 6\d seconds: db unhealthy"
    assert re.search(told, said), said
    assert state(ask) == "down"
    write(work, {"m.yaml": both.replace(", x-simulate: unhealthy", "")})
    apply(shell)
    assert steps(shell) == {}


def test_a_repo_on_a_disabled_server_is_deleted_all_the_same(shell: Shell, work: Path, ask: Asker) -> None:
    off = SERVERS.replace("enabled: true", "enabled: false")
    write(work, {"m.yaml": f"{SERVERS}repos: [{{name: code, deploy: true, config: {{server: one, repo: me/code}}}}]\n"})
    apply(shell)
    write(
        work, {"m.yaml": f"{off}repos: [{{name: site, renamed_from: code, config: {{server: one, repo: me/code}}}}]\n"}
    )
    apply(shell)
    write(work, {"m.yaml": f"{off}absent: [repo/site]\n"})
    said = shell.good("plan", ".").out
    assert "what is on server/one stays there: it is disabled" in said
    apply(shell)
    assert ask.read("ListRepos", query={}, page=0, limit=0) == []


def test_a_rename_of_which_half_is_done_says_so(shell: Shell, work: Path, ask: Asker) -> None:
    off = SERVERS.replace("enabled: true", "enabled: false")
    write(work, {"m.yaml": f"{off}repos: [{{name: code, config: {{server: one, repo: me/code}}}}]\n"})
    apply(shell)
    write(
        work, {"m.yaml": f"{off}repos: [{{name: site, renamed_from: code, config: {{server: one, repo: me/code}}}}]\n"}
    )
    said = " ".join(apply(shell, code=3).split())
    assert "it is called site in Komodo now, but was not renamed where it is" in said
    assert steps(shell) == {}
