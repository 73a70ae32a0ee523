"""Steps that have the Core do something: waited for, not believed, told of."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from bench import create, delete, deploy, execute, rename, statuses, update

from komodo_sync.execution.executions import TRIES
from komodo_sync.execution.gate import Pace
from komodo_sync.execution.pulls import CACHED_FOR
from komodo_sync.execution.reaching import REACHED_AFTER
from komodo_sync.execution.settling import SETTLED_AFTER, STARTING_FOR
from komodo_sync.model.address import Address
from komodo_sync.model.data import replace
from komodo_sync.model.outcome import Status
from komodo_sync.model.plan import Action
from komodo_sync.wire.declared_secrets import Texts

if TYPE_CHECKING:
    from bench import Bench

COMPOSE = "services:\n  app:\n    image: nginx:1\n"


def server(bench: Bench, name: str = "s") -> str:
    return bench.make("server", name, {"enabled": True})


def stack(bench: Bench, name: str = "web", **config: Any) -> str:
    return bench.make("stack", name, {"server_id": "s", "file_contents": COMPOSE} | config)


def state(bench: Bench, name: str = "web") -> str:
    items = bench.transport.call("read", "ListStacks", {"query": {"names": [name]}, "page": 0, "limit": 0})
    return str(items[0]["info"]["state"])


def info(bench: Bench, name: str = "web") -> dict[str, Any]:
    found: dict[str, Any] = bench.transport.call("read", "GetStack", {"stack": name})["info"]
    return found


def answer_to(bench: Bench, operation: str, change: Any) -> Any:
    """What the Core answers, changed."""

    def answer(request: httpx.Request) -> httpx.Response:
        found = json.loads(bench.wire.pass_on(request).read())
        return httpx.Response(200, json=change(found))

    return answer


def test_a_deploy_is_waited_for_and_its_update_known(bench: Bench) -> None:
    server(bench)
    web = stack(bench)
    bench.core.faults.add("DeployStack=takes:60")
    outcome = bench.apply([deploy("stack/web", web)])["stack/web deploy"]
    assert outcome.status is Status.DONE
    assert outcome.update
    assert state(bench) == "running"
    assert max(seconds for seconds, _ in bench.heard.lengths) > 50


def test_what_is_created_in_the_same_run_is_deployed_by_its_id(bench: Bench) -> None:
    server(bench)
    outcomes = bench.apply(
        [create("stack/web", server_id="s", file_contents=COMPOSE)],
        [deploy("stack/web")],
        needs={"stack/web deploy": ["stack/web create"]},
    )
    assert set(statuses(outcomes).values()) == {Status.DONE}
    sent = next(body for body in bench.wire.bodies if body["type"] == "DeployStack")
    assert len(sent["params"]["stack"]) == 24


def test_what_is_not_there_fails(bench: Bench) -> None:
    assert bench.apply([deploy("stack/web")])["stack/web deploy"].status is Status.FAILED


def test_a_failed_stage_is_told_without_secrets(bench: Bench) -> None:
    server(bench)
    web = stack(bench, environment="TOKEN=s3cr3t-value\nMODE=production")
    bench.texts = Texts(frozenset({"from-the-run"}), frozenset({"production"}))
    said = (
        '<span style="color: red">ERROR</span>: s3cr3t-value is wrong in production, from-the-run too; '
        "password=hunter22 https://me:pw@git.example/x\n" + "\n".join(f"line {number}" for number in range(30))
    )

    def failed(found: dict[str, Any]) -> dict[str, Any]:
        log = {"stage": "Compose Up", "command": "", "stdout": "", "stderr": said, "success": False}
        return found | {"status": "Complete", "success": False, "logs": [log]}

    bench.wire.faults["GetUpdate"] = [answer_to(bench, "GetUpdate", failed)]
    outcome = bench.apply([deploy("stack/web", web)])["stack/web deploy"]
    assert outcome.status is Status.FAILED
    assert outcome.message == "DeployStack failed at Compose Up: what ran before, if anything, runs still"
    [stage] = outcome.stages
    assert stage.name == "Compose Up"
    assert stage.text.splitlines()[0] == "(16 lines before)"
    assert stage.text.splitlines()[-1] == "line 29"
    said = said.split("\n")[0]
    bench.wire.faults["GetUpdate"] = [answer_to(bench, "GetUpdate", failed)]
    [stage] = bench.apply([deploy("stack/web", web)])["stack/web deploy"].stages
    assert stage.text == (
        "ERROR: (secret) is wrong in production, (secret) too; password=(secret) https://(secret)@git.example/x"
    )


def test_variables_that_are_secret_or_look_so_are_not_told(bench: Bench) -> None:
    server(bench)
    web = stack(bench)
    bench.make("variable", "V", {"value": "very-hidden", "is_secret": True})
    bench.make("variable", "SMTP_PASSWORD", {"value": "no-secret-of-the-core"})
    bench.make("variable", "REGION", {"value": "europe"})
    said = "very-hidden no-secret-of-the-core europe"
    log = {"stage": "Compose Up", "command": "", "stdout": said, "stderr": "", "success": False}
    bench.wire.faults["GetUpdate"] = [
        answer_to(bench, "GetUpdate", lambda found: found | {"status": "Complete", "success": False, "logs": [log]})
    ]
    [stage] = bench.apply([deploy("stack/web", web)])["stack/web deploy"].stages
    assert stage.text == "(secret) (secret) europe"


def test_what_a_log_repeats_of_a_variable_is_hidden_by_its_name(bench: Bench) -> None:
    server(bench)
    web = stack(bench)
    said = 'Variable {\n    name: "DB_PASSWORD",\n    description: "",\n    value: "Sommer, Regen02",\n}'
    log = {"stage": "Compose Up", "command": "", "stdout": said, "stderr": "", "success": False}
    bench.wire.faults["GetUpdate"] = [
        answer_to(bench, "GetUpdate", lambda found: found | {"status": "Complete", "success": False, "logs": [log]})
    ]
    [stage] = bench.apply([deploy("stack/web", web)])["stack/web deploy"].stages
    assert stage.text == said.replace("Sommer, Regen02", "(secret)")


@pytest.mark.parametrize(
    ("config", "words"),
    [
        ({"post_deploy": {"command": "exit 1"}}, "it is deployed and runs; only its post_deploy command failed"),
        ({"pre_deploy": {"command": "exit 1"}}, "what ran before, if anything, runs still"),
    ],
)
def test_a_failure_says_what_it_means_for_what_runs(bench: Bench, config: dict[str, Any], words: str) -> None:
    server(bench)
    web = stack(bench, **config)
    outcome = bench.apply([deploy("stack/web", web)])["stack/web deploy"]
    assert outcome.status is Status.FAILED
    assert words in outcome.message


def test_a_failed_deployment_has_no_container_left(bench: Bench) -> None:
    server(bench)
    config = {"server_id": "s", "image": {"type": "Image", "params": {"image": "nginx:1"}}}
    db = bench.make("deployment", "db", config)
    assert bench.apply([deploy("deployment/db", db)])["deployment/db deploy"].status is Status.DONE
    bench.core.faults.add("Deploy=fail")
    outcome = bench.apply([deploy("deployment/db", db)])["deployment/db deploy"]
    assert "nothing of it runs until it is deployed again" in outcome.message


def test_a_failure_after_a_rename_names_what_is_orphaned(bench: Bench) -> None:
    server(bench)
    web = stack(bench)
    bench.apply([deploy("stack/web", web)])
    bench.apply([rename("web", "stack/site", web)])
    bench.transport.call("write", "UpdateStack", {"id": web, "config": {"pre_deploy": {"command": "exit 1"}}})
    outcome = bench.apply([deploy("stack/site", web)])["stack/site deploy"]
    assert "project web may run still" in outcome.message
    assert "project_name: web" in outcome.message


def test_dependents_of_a_failed_deploy_are_skipped(bench: Bench) -> None:
    server(bench)
    db, web = stack(bench, "db", file_contents=f"x-simulate: fail\n{COMPOSE}"), stack(bench)
    other = stack(bench, "other")
    outcomes = bench.apply(
        [deploy("stack/db", db), deploy("stack/other", other)],
        [deploy("stack/web", web)],
        needs={"stack/web deploy": ["stack/db deploy"]},
    )
    assert statuses(outcomes) == {
        "stack/db deploy": Status.FAILED,
        "stack/other deploy": Status.DONE,
        "stack/web deploy": Status.SKIPPED,
    }
    assert "needs stack/db, whose deploy failed" in outcomes["stack/web deploy"].message


def test_after_so_many_failures_no_further_deploy_begins(bench: Bench) -> None:
    server(bench)
    names = [f"w{number}" for number in range(5)]
    ids = {name: stack(bench, name) for name in names}
    bench.core.faults.add("DeployStack=fail")
    bench.pace = Pace(failures=2)
    outcomes = bench.apply(
        [deploy(f"stack/{name}", ids[name]) for name in names] + [create("stack/new")],
        [deploy("stack/later", ids["w4"])],
        parallelism=1,
        needs={"stack/later deploy": ["stack/w4 deploy"]},
    )
    found = [outcomes[f"stack/{name} deploy"].status for name in names]
    assert found == [Status.FAILED] * 2 + [Status.NOT_STARTED] * 3
    assert outcomes["stack/w4 deploy"].message == "not begun: 2 deploys have failed (limits.failures: 2)"
    assert outcomes["stack/later deploy"].message == "needs stack/w4, whose deploy was not begun"
    # what deploys nothing goes on
    assert outcomes["stack/new create"].status is Status.DONE


def test_the_old_commit_is_deployed_again(bench: Bench) -> None:
    server(bench)
    bench.core.push("me/app", {"compose.yaml": COMPOSE})
    web = stack(bench, file_contents="", repo="me/app")
    bench.apply([deploy("stack/web", web)])
    old = info(bench)["deployed_hash"]
    new = bench.core.push("me/app", {"compose.yaml": f"{COMPOSE}# new\n"})

    def before(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
        found[0]["info"]["deployed_hash"] = old
        return found

    # the reads: what is live, what was deployed; only the second deploy gets the new commit
    bench.wire.faults["ListFullStacks"] = ["pass", "pass", answer_to(bench, "", before)]
    bench.pauses.clear()
    outcome = bench.apply([deploy("stack/web", web, commit=new)])["stack/web deploy"]
    assert outcome.status is Status.DONE
    assert bench.writes.count("DeployStack") == 2
    assert bench.pauses.count(CACHED_FOR) == 1
    assert info(bench)["deployed_hash"] == new


def test_a_commit_that_never_comes_is_a_failure(bench: Bench) -> None:
    server(bench)
    bench.core.push("me/app", {"compose.yaml": COMPOSE})
    web = stack(bench, file_contents="", repo="me/app")

    def other(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
        for item in found:
            item["info"]["deployed_hash"] = "0000000"
        return found

    bench.wire.faults["ListFullStacks"] = ["pass", *[answer_to(bench, "", other)] * 20]
    outcome = bench.apply([deploy("stack/web", web, commit="1234567")])["stack/web deploy"]
    assert outcome.status is Status.FAILED
    assert bench.writes.count("DeployStack") == TRIES
    assert "another commit than 1234567" in outcome.message


def test_a_commit_that_is_newer_than_planned_is_as_good(bench: Bench) -> None:
    server(bench)
    planned = bench.core.push("me/app", {"compose.yaml": COMPOSE})
    web = stack(bench, file_contents="", repo="me/app")
    bench.core.push("me/app", {"compose.yaml": f"{COMPOSE}# newer\n"})
    outcome = bench.apply([deploy("stack/web", web, commit=planned)])["stack/web deploy"]
    assert outcome.status is Status.DONE
    assert bench.writes.count("DeployStack") == 1


def test_a_new_source_is_asked_for_before_it_is_deployed(bench: Bench) -> None:
    server(bench)
    bench.core.push("me/app", {"compose.yaml": COMPOSE})
    new = bench.core.push("me/app", {"compose.yaml": COMPOSE}, branch="next", message="n")
    web = stack(bench, file_contents="", repo="me/app")
    outcomes = bench.apply([update("stack/web", web, branch="next")], [deploy("stack/web", web)])
    assert set(statuses(outcomes).values()) == {Status.DONE}
    # longer than a pull is kept, and after that a new look
    assert CACHED_FOR in bench.pauses
    assert bench.writes.index("RefreshStackCache") < bench.writes.index("DeployStack")
    assert info(bench)["deployed_hash"] == new


def test_a_stack_that_is_new_needs_no_such_wait(bench: Bench) -> None:
    server(bench)
    bench.core.push("me/app", {"compose.yaml": COMPOSE})
    bench.apply([create("stack/web", server_id="s", repo="me/app")], [deploy("stack/web")])
    assert CACHED_FOR not in bench.pauses
    assert "RefreshStackCache" not in bench.writes


def test_builds_and_repos_tell_their_commits_too(bench: Bench) -> None:
    server(bench)
    commit = bench.core.push("me/app", {"Dockerfile": "FROM scratch\n"})
    bench.make("builder", "b", {"type": "Server", "params": {"server_ids": ["s"]}})
    app = bench.make("build", "app", {"builder_id": "b", "repo": "me/app"})
    repo = bench.make("repo", "code", {"server_id": "s", "repo": "me/app"})
    outcomes = bench.apply([deploy("build/app", app, commit=commit), deploy("repo/code", repo)])
    assert set(statuses(outcomes).values()) == {Status.DONE}


def test_a_resource_that_is_busy_is_waited_for_before_it_is_deployed(bench: Bench) -> None:
    server(bench)
    web = stack(bench)
    bench.core.faults.add("DeployStack=takes:20")
    bench.transport.call("execute", "DeployStack", {"stack": web})
    bench.core.faults.clear()
    outcome = bench.apply([deploy("stack/web", web)])["stack/web deploy"]
    assert outcome.status is Status.DONE
    assert bench.writes.count("DeployStack") == 1
    assert any("somebody else's action is running on it (deploying)" in why for _, why in bench.heard.waits)


def test_a_resource_that_stays_busy_fails_its_step(bench: Bench) -> None:
    server(bench)
    web = stack(bench)
    bench.core.faults.add("DeployStack=takes:3600")
    bench.transport.call("execute", "DeployStack", {"stack": web})
    outcome = bench.apply([deploy("stack/web", web)])["stack/web deploy"]
    assert outcome.status is Status.FAILED
    assert "somebody else's action is running on it (deploying) after 1800 seconds" in outcome.message
    [outcome] = bench.apply([deploy("stack/web", web, timeout=10.0)]).values()
    assert "after 10 seconds" in outcome.message


def test_a_rename_waits_for_a_deploy(bench: Bench) -> None:
    server(bench)
    web = stack(bench)
    bench.core.faults.add("DeployStack=takes:20")
    bench.transport.call("execute", "DeployStack", {"stack": web})
    outcomes = bench.apply([rename("web", "stack/site", web)])
    assert outcomes["stack/site rename"].status is Status.DONE
    # a deploy that is renamed meanwhile loses all of it
    assert info(bench, "site")["deployed_project_name"] == "web"


def test_what_waits_for_running_goes_on_once_it_runs(bench: Bench) -> None:
    server(bench)
    web = stack(bench)

    def stopped(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
        found[0]["info"]["state"] = "unhealthy"
        return found

    bench.wire.faults["ListStacks"] = [answer_to(bench, "", stopped)] * 3
    outcome = bench.apply([deploy("stack/web", web, wait="running")])["stack/web deploy"]
    assert outcome.status is Status.DONE
    assert bench.wire.sent.count("ListStacks") == 4
    assert any("until it is running: its state is unhealthy" in why for _, why in bench.heard.waits)


def test_what_does_not_run_is_a_failure(bench: Bench) -> None:
    server(bench)
    web, other = stack(bench), stack(bench, "other")

    def stopped(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
        found[0]["info"]["state"] = "unhealthy"
        return found

    bench.wire.faults["ListStacks"] = [answer_to(bench, "", stopped)] * 1000
    outcomes = bench.apply(
        [deploy("stack/web", web, wait="running")],
        [deploy("stack/other", other)],
        needs={"stack/other deploy": ["stack/web deploy"]},
    )
    assert outcomes["stack/web deploy"].status is Status.FAILED
    assert "it was deployed, and is not running" in outcomes["stack/web deploy"].message
    assert outcomes["stack/other deploy"].status is Status.SKIPPED
    assert SETTLED_AFTER <= sum(bench.pauses) < SETTLED_AFTER * 2


@pytest.mark.parametrize(
    ("status", "done", "words"),
    [
        ("Up 5 seconds (healthy)", True, ""),
        ("Up 5 seconds", True, ""),
        ("Up 5 seconds (unhealthy)", False, "app unhealthy"),
        ("Up 5 seconds (health: starting)", False, "app still starting"),
    ],
)
def test_what_waits_for_health_asks_docker_s_checks(bench: Bench, status: str, done: bool, words: str) -> None:
    server(bench)
    web = stack(bench)

    def health(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
        for item in found:
            item["container"]["status"] = status
        return found

    bench.wire.faults["ListStackServices"] = [answer_to(bench, "", health)] * 1000
    outcome = bench.apply([deploy("stack/web", web, wait="healthy")])["stack/web deploy"]
    assert (outcome.status is Status.DONE) == done
    assert words in outcome.message
    if "starting" in status:
        assert sum(bench.pauses) >= STARTING_FOR


def test_a_deployment_waits_for_health_too(bench: Bench) -> None:
    server(bench)
    config = {"server_id": "s", "image": {"type": "Image", "params": {"image": "nginx:1"}}}
    db = bench.make("deployment", "db", config)

    def health(found: dict[str, Any]) -> dict[str, Any]:
        found["container"]["status"] = "Up 5 seconds (unhealthy)"
        return found

    bench.wire.faults["GetDeploymentContainer"] = [answer_to(bench, "", health)] * 2
    outcome = bench.apply([deploy("deployment/db", db, wait="healthy")])["deployment/db deploy"]
    assert outcome.status is Status.DONE
    assert any("unhealthy" in why for _, why in bench.heard.waits)


def test_a_service_that_is_ignored_need_not_be_healthy(bench: Bench) -> None:
    server(bench)
    web = stack(bench, ignore_services=["app"])

    def health(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
        found[0]["container"]["status"] = "Up 5 seconds (unhealthy)"
        return found

    bench.wire.faults["ListStackServices"] = [answer_to(bench, "", health)] * 1000
    assert bench.apply([deploy("stack/web", web, wait="healthy")])["stack/web deploy"].status is Status.DONE


def test_what_is_not_taken_down_is_not_deleted(bench: Bench) -> None:
    server(bench)
    web = stack(bench)
    bench.apply([deploy("stack/web", web)])
    bench.core.faults.add("DestroyStack=fail")
    outcomes = bench.apply(
        [execute("stack/web", Action.DESTROY, "DestroyStack", web)],
        [delete("stack/web", web)],
    )
    assert statuses(outcomes) == {"stack/web destroy": Status.FAILED, "stack/web delete": Status.SKIPPED}
    bench.core.faults.clear()
    outcomes = bench.apply(
        [execute("stack/web", Action.DESTROY, "DestroyStack", web)],
        [delete("stack/web", web)],
    )
    assert set(statuses(outcomes).values()) == {Status.DONE}
    assert not bench.observe().resources.keys() & {Address("stack", "web")}


def test_what_keeps_running_is_taken_off_its_host_before_it_is_deleted(bench: Bench) -> None:
    key = server(bench)
    web = stack(bench)
    bench.apply([deploy("stack/web", web)])
    outcomes = bench.apply([replace(delete("stack/web", web), detach=True)])
    assert outcomes["stack/web delete"].status is Status.DONE
    sent = [body["params"] for body in bench.wire.bodies if body["type"] == "UpdateStack"]
    assert sent == [{"id": web, "config": {"swarm_id": "", "server_id": ""}}]
    found = bench.transport.call("read", "ListContainers", {"server": key})
    assert [item["state"] for item in found] == ["running"]


def test_states_are_kept(bench: Bench) -> None:
    server(bench)
    web = stack(bench)
    bench.apply([deploy("stack/web", web)])
    bench.apply([execute("stack/web", Action.STOP, "StopStack", web)])
    assert state(bench) == "stopped"
    bench.apply([execute("stack/web", Action.START, "StartStack", web)])
    assert state(bench) == "running"
    bench.apply([execute("stack/web", Action.DESTROY, "DestroyStack", web)])
    assert state(bench) == "down"


def test_procedures_and_actions_are_run(bench: Bench) -> None:
    chores = bench.make("procedure", "chores")
    script = bench.make("action", "script", {"file_contents": ""})
    outcomes = bench.apply(
        [
            execute("procedure/chores", Action.RUN, "RunProcedure", chores),
            execute("action/script", Action.RUN, "RunAction", script),
        ]
    )
    assert set(statuses(outcomes).values()) == {Status.DONE}


def test_a_batch_is_at_most_so_many_at_once(bench: Bench) -> None:
    server(bench)
    ids = {name: stack(bench, name) for name in ("a", "b", "c", "d")}
    bench.pace = Pace(batch=1)
    running: list[int] = []
    most: list[int] = []

    def begins(request: httpx.Request) -> httpx.Response:
        running.append(1)
        most.append(len(running))
        return bench.wire.pass_on(request)

    bench.wire.faults["DeployStack"] = [begins] * 4
    finished = bench.heard.finished

    def ends(outcome: Any) -> None:
        running.pop()
        finished(outcome)

    bench.heard.finished = ends  # type: ignore[method-assign]
    outcomes = bench.apply([deploy(f"stack/{name}", ids[name]) for name in ids], parallelism=4)
    assert set(statuses(outcomes).values()) == {Status.DONE}
    assert most == [1, 1, 1, 1]


def test_servers_follow_each_other_with_a_pause(bench: Bench) -> None:
    server(bench)
    server(bench, "t")
    ids = {name: stack(bench, name, server_id=host) for name, host in (("a", "t"), ("b", "s"), ("c", "t"))}
    bench.pace = Pace(pause=7.5)
    outcomes = bench.apply(
        [
            deploy("stack/a", ids["a"], host="t"),
            deploy("stack/b", ids["b"], host="s"),
            deploy("stack/c", ids["c"], host="t"),
            create("stack/new"),
        ],
        parallelism=4,
    )
    assert set(statuses(outcomes).values()) == {Status.DONE}
    order = [body["params"]["stack"] for body in bench.wire.bodies if body["type"] == "DeployStack"]
    assert order[0] == ids["b"]
    assert bench.pauses.count(1.0) == 7
    assert 0.5 in bench.pauses


def test_an_execution_that_is_left_behind_is_named(bench: Bench) -> None:
    server(bench)
    web = stack(bench)
    other = stack(bench, "other")
    bench.core.faults.add("DeployStack=hang")
    bench.on_pause = bench.stop.abandon
    outcomes = bench.apply([deploy("stack/web", web)], [deploy("stack/other", other)])
    found = outcomes["stack/web deploy"]
    assert found.status is Status.FAILED
    assert found.message == "not waited for: it runs still in the Core"
    assert len(found.update) == 24
    assert outcomes["stack/other deploy"].status is Status.NOT_STARTED


def test_an_execution_that_runs_is_finished_before_it_stops(bench: Bench) -> None:
    server(bench)
    web, other = stack(bench), stack(bench, "other")
    bench.core.faults.add("DeployStack=takes:5")
    bench.on_pause = bench.stop.request
    outcomes = bench.apply([deploy("stack/web", web)], [deploy("stack/other", other)])
    assert statuses(outcomes) == {"stack/web deploy": Status.DONE, "stack/other deploy": Status.NOT_STARTED}


def test_what_takes_longer_than_its_time_is_named_with_its_update(bench: Bench) -> None:
    server(bench)
    web = stack(bench)
    bench.core.faults.add("DeployStack=hang")
    outcome = bench.apply([deploy("stack/web", web, timeout=90.0)])["stack/web deploy"]
    assert outcome.status is Status.FAILED
    assert "still running after 90 seconds" in outcome.message
    assert outcome.update


def test_a_core_that_restarts_in_the_middle_says_so(bench: Bench) -> None:
    server(bench)
    web = stack(bench)
    bench.core.faults.add("DeployStack=takes:60")
    bench.on_pause = bench.core.start
    outcome = bench.apply([deploy("stack/web", web)])["stack/web deploy"]
    assert outcome.status is Status.FAILED
    assert [stage.name for stage in outcome.stages] == ["Komodo shutdown"]
    assert "the Core was restarted meanwhile" in outcome.message


def test_an_unreachable_server_fails_the_deploy(bench: Bench) -> None:
    bench.make("server", "s", {"enabled": False})
    web = stack(bench)
    outcome = bench.apply([deploy("stack/web", web)])["stack/web deploy"]
    assert outcome.status is Status.FAILED
    assert outcome.stages[0].text == "ERROR: Cannot send command when Server is unreachable or disabled"


def test_a_deploy_that_the_core_began_by_itself_is_waited_for(bench: Bench) -> None:
    server(bench)
    web = stack(bench, auto_update=True)
    bench.apply([deploy("stack/web", web)])
    bench.core.release("nginx:1")
    bench.core.faults.add("DeployStack=takes:20")
    outcomes = bench.apply([update("stack/web", web, file_contents=f"{COMPOSE}# new\n")], [deploy("stack/web", web)])
    assert set(statuses(outcomes).values()) == {Status.DONE}
    assert bench.writes.count("DeployStack") == 1
    assert info(bench)["deployed_contents"][0]["contents"] == f"{COMPOSE}# new\n"


def test_a_commit_within_the_time_of_a_pull_is_deployed_all_the_same(bench: Bench) -> None:
    """Nothing is told wrong by the wire here: the Core itself keeps what it pulled."""
    bench.core.state = replace(bench.core.state, pull_cache=5000)
    bench.core.app.state = bench.core.state
    server(bench)
    bench.core.push("me/app", {"compose.yaml": COMPOSE})
    web = stack(bench, file_contents="", repo="me/app")
    bench.apply([deploy("stack/web", web)])
    bench.apply([execute("stack/web", Action.DEPLOY, "DeployStack", web)])
    new = bench.core.push("me/app", {"compose.yaml": f"{COMPOSE}# new\n"})
    outcome = bench.apply([deploy("stack/web", web, commit=new)])["stack/web deploy"]
    assert outcome.status is Status.DONE
    assert info(bench)["deployed_hash"] == new
    assert bench.writes.count("DeployStack") == 2


def moving(bench: Bench, web: str, operation: str = "DestroyStack") -> dict[str, Any]:
    """What becomes of the steps by which it leaves `s` for `new`, which is created first."""
    steps = ["create", "destroy", "update", "deploy"]
    of = {"create": "server/new create"} | {step: f"stack/web {step}" for step in steps[1:]}
    return bench.apply(
        [create("server/new", enabled=True)],
        [execute("stack/web", Action.DESTROY, operation, web, host="s", reaches=Address("server", "new"))],
        [update("stack/web", web, server_id="new")],
        [deploy("stack/web", web)],
        needs={of[after]: [of[before]] for before, after in pairwise(steps)},
    )


def test_nothing_is_taken_down_for_a_server_that_is_not_reached(bench: Bench) -> None:
    server(bench)
    web = stack(bench)
    bench.apply([deploy("stack/web", web)])
    bench.core.faults.unreachable.add("new")
    outcomes = moving(bench, web)
    assert [each.value for each in statuses(outcomes).values()] == ["done", "failed", "skipped", "skipped"]
    assert outcomes["stack/web destroy"].message == (
        "it was not taken down: the Core does not reach server/new, to which it moves (NotOk) "
        f"after {REACHED_AFTER:.0f} seconds"
    )
    assert "DestroyStack" not in bench.wire.sent
    assert state(bench) == "running"


def test_a_server_may_take_a_while_until_it_is_reached(bench: Bench) -> None:
    server(bench)
    web = stack(bench)
    bench.apply([deploy("stack/web", web)])
    bench.core.faults.unreachable.add("new")
    bench.on_pause = lambda: bench.core.faults.unreachable.discard("new")
    assert set(statuses(moving(bench, web)).values()) == {Status.DONE}
    assert state(bench) == "running"
    assert "the Core does not reach server/new, to which it moves (NotOk)" in [why for _, why in bench.heard.waits]


def test_a_wait_for_a_server_is_stopped(bench: Bench) -> None:
    server(bench)
    web = stack(bench)
    bench.core.faults.unreachable.add("new")
    bench.on_pause = bench.stop.request
    assert moving(bench, web)["stack/web destroy"].status is Status.NOT_STARTED
    assert "DestroyStack" not in bench.wire.sent


def test_a_failure_after_it_was_taken_down_does_not_say_that_it_runs_still(bench: Bench) -> None:
    server(bench)
    web = stack(bench, file_contents=COMPOSE + "x-simulate: fail\n")
    failed = moving(bench, web)["stack/web deploy"]
    assert failed.status is Status.FAILED
    assert failed.message == "DeployStack failed at Compose Up: this apply took down what ran on s before"


def test_what_was_taken_down_is_started_again_however_many_have_failed(bench: Bench) -> None:
    server(bench)
    web, ill = stack(bench), stack(bench, "ill", file_contents=COMPOSE + "x-simulate: fail\n")
    bench.pace = Pace(failures=1)
    outcomes = bench.apply(
        [execute("stack/web", Action.DESTROY, "DestroyStack", web, host="s")],
        [deploy("stack/ill", ill)],
        [deploy("stack/web", web), deploy("stack/other", stack(bench, "other"))],
        parallelism=1,
    )
    assert [each.value for each in statuses(outcomes).values()] == ["done", "failed", "done", "not started"]
    assert outcomes["stack/other deploy"].message.startswith("not begun")
    assert state(bench) == "running"


def test_what_is_stopped_within_a_move_says_what_is_down(bench: Bench) -> None:
    server(bench)
    web = stack(bench)
    bench.apply([deploy("stack/web", web)])
    server(bench, "new")

    def stopped(request: httpx.Request) -> httpx.Response:
        bench.stop.request()
        return bench.wire.pass_on(request)

    bench.wire.faults["DestroyStack"] = [stopped]
    outcomes = bench.apply(
        [
            execute("stack/web", Action.DESTROY, "DestroyStack", web, host="s"),
            update("stack/web", web, server_id="new"),
            deploy("stack/web", web, host="new"),
        ]
    )
    assert [each.value for each in statuses(outcomes).values()] == ["done", "not started", "not started"]
    assert outcomes["stack/web update"].message == "stopped before its turn"
    assert outcomes["stack/web deploy"].message == (
        "stopped before its turn; it is down since this apply took it down on s"
    )


def test_what_never_began_after_it_was_taken_down_says_so(bench: Bench) -> None:
    server(bench)
    web = stack(bench)
    outcomes = bench.apply(
        [
            execute("stack/web", Action.DESTROY, "DestroyStack", web, host="s"),
            deploy("stack/web", web, awaits=((Address("stack", "web"), "running"),)),
        ]
    )
    failed = outcomes["stack/web deploy"]
    assert failed.status is Status.FAILED
    assert failed.message.endswith("; this apply took down what ran on s before")


def test_what_may_be_down_says_so(bench: Bench) -> None:
    server(bench)
    web = stack(bench)
    bench.core.faults.add("DestroyStack=hang")
    bench.pace = Pace(timeout=1)
    outcomes = bench.apply(
        [execute("stack/web", Action.DESTROY, "DestroyStack", web, host="s"), deploy("stack/web", web)]
    )
    assert outcomes["stack/web deploy"].message == (
        "needs stack/web, whose destroy failed; it may be down: the Core was taking it down"
    )


def test_a_move_has_one_turn(bench: Bench) -> None:
    server(bench)
    names = ("a", "b", "c")
    ids = {name: stack(bench, name) for name in names}
    bench.pace = Pace(batch=1)
    bench.apply(
        [
            each
            for name in names
            for each in (
                execute(f"stack/{name}", Action.DESTROY, "DestroyStack", ids[name], host="s"),
                deploy(f"stack/{name}", ids[name]),
            )
        ]
    )
    assert bench.writes == ["DestroyStack", "DeployStack"] * 3


def test_a_move_is_paced_by_where_it_goes_to(bench: Bench) -> None:
    for name in ("s", "t", "u"):
        server(bench, name)
    ids = {name: stack(bench, name) for name in ("a", "b")}
    bench.pace = Pace(pause=60)
    bench.apply(
        [
            each
            for name, new in (("a", "t"), ("b", "u"))
            for each in (
                execute(f"stack/{name}", Action.DESTROY, "DestroyStack", ids[name], host="s"),
                deploy(f"stack/{name}", ids[name], host=new),
            )
        ]
    )
    assert bench.pauses.count(1.0) >= 60
