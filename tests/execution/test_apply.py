"""Steps are done in order and side by side, and what fails takes along what needs it and nothing else."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from bench import create, delete, rename, statuses, update

from komodo_sync.client.writer import BUSY_AFTER
from komodo_sync.kinds.builder import BUILDER_CONFIG
from komodo_sync.model.address import Address
from komodo_sync.model.outcome import Status
from komodo_sync.model.plan import Action, Payload
from komodo_sync.model.sealed import Sealed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bench import Bench

SERVER, WEB = "server/prod create", "stack/web create"


def refusal(text: str, status: int = 500) -> httpx.Response:
    return httpx.Response(status, json={"error": text, "trace": []})


def test_a_world_is_made_with_its_references_tags_and_secrets(bench: Bench) -> None:
    outcomes = bench.apply(
        [
            create("tag/owner:ci"),
            create("tag/public", color="Red"),
            create("variable/TOKEN", value=Sealed("s3cr3t"), is_secret=True),
        ],
        [create("server/prod", tags=("owner:ci",))],
        [
            create(
                "stack/web",
                server_id="prod",
                webhook_secret=Sealed("s3cr3t"),
                tags=("owner:ci", "public"),
                description="d",
            )
        ],
        [
            create("alerter/a", resources=[{"type": "Stack", "id": "web"}]),
            create("builder/b", type="Server", params={"server_ids": ["prod"]}),
            create("action/act"),
        ],
    )
    assert set(statuses(outcomes).values()) == {Status.DONE}
    live = bench.observe()
    web = live.resources[Address("stack", "web")]
    assert web.config == {"server_id": "prod", "webhook_secret": "s3cr3t"}
    assert (web.tags, web.description) == ({"owner:ci", "public"}, "d")
    assert live.resources[Address("alerter", "a")].config["resources"] == [{"type": "Stack", "id": "web"}]
    assert live.resources[Address("builder", "b")].config["params"]["server_ids"] == ["prod"]
    assert live.resources[Address("action", "act")].config == {}
    assert live.resources[Address("tag", "public")].config == {"color": "Red"}
    assert live.references[Address("stack", "web")] == {Address("alerter", "a")}


def test_tags_are_sent_by_their_ids_so_that_none_is_lost_in_silence(bench: Bench) -> None:
    bench.apply([create("tag/new")], [create("stack/web", tags=("new",))])
    [meta] = [body["params"] for body in bench.wire.bodies if body["type"] == "UpdateResourceMeta"]
    assert meta["tags"] == [bench.observe().resources[Address("tag", "new")].id]
    assert meta["target"]["id"] == bench.observe().resources[Address("stack", "web")].id


def test_update_rename_and_delete_go_by_id(bench: Bench) -> None:
    web, tools, gone = bench.make("stack", "web"), bench.make("stack", "tools"), bench.make("repo", "gone")
    outcomes = bench.apply(
        [rename("tools", "stack/toolbox", tools)],
        [update("stack/toolbox", tools, project_name="tools", tags=()), update("stack/web", web, branch="dev")],
        [delete("repo/gone", gone)],
    )
    assert set(statuses(outcomes).values()) == {Status.DONE}
    named = [body["params"]["id"] for body in bench.wire.bodies if "id" in body["params"]]
    assert sorted(named) == sorted([tools, tools, web, gone])
    live = bench.observe()
    assert {str(address) for address in live.resources} == {"stack/toolbox", "stack/web"}
    assert live.resources[Address("stack", "toolbox")].config == {"project_name": "tools"}


def test_what_needs_a_failed_step_is_skipped_and_the_rest_goes_on(bench: Bench) -> None:
    bench.wire.faults["CreateServer"] = [refusal("Something odd")]
    outcomes = bench.apply(
        [create("server/prod"), create("repo/site")],
        [create("stack/web", server_id="prod"), create("stack/other")],
        [create("alerter/a", resources=[{"type": "Stack", "id": "web"}])],
        needs={WEB: [SERVER], "alerter/a create": [WEB]},
    )
    assert statuses(outcomes) == {
        SERVER: Status.FAILED,
        "repo/site create": Status.DONE,
        WEB: Status.SKIPPED,
        "stack/other create": Status.DONE,
        "alerter/a create": Status.SKIPPED,
    }
    # both are told what failed at the root, not what was skipped in between
    assert "needs server/prod, whose create failed" in outcomes[WEB].message
    assert "needs server/prod, whose create failed" in outcomes["alerter/a create"].message
    assert {address.kind for address in bench.observe().resources} == {"repo", "stack"}


def test_a_step_needs_the_earlier_steps_of_its_own_resource(bench: Bench) -> None:
    tools = bench.make("stack", "tools")
    bench.wire.faults["RenameStack"] = [refusal("Failed to update Stack on db. This name may already be taken.")]
    outcomes = bench.apply([rename("tools", "stack/box", tools)], [update("stack/box", tools, branch="dev")])
    assert statuses(outcomes) == {"stack/box rename": Status.FAILED, "stack/box update": Status.SKIPPED}
    assert bench.writes == ["RenameStack"]


def test_steps_of_one_resource_in_one_wave_stay_in_order(bench: Bench) -> None:
    web = bench.make("stack", "web")
    bench.make("tag", "owner:ci")
    adopt = Payload(Address("stack", "web"), Action.ADOPT, web, tags=("owner:ci",))
    outcomes = bench.apply([adopt, create("repo/a"), update("stack/web", web, branch="dev"), create("repo/b")])
    assert set(statuses(outcomes).values()) == {Status.DONE}
    assert [name for name in bench.writes if "Repo" not in name] == ["UpdateResourceMeta", "UpdateStack"]


def test_a_busy_resource_is_waited_for_and_the_wait_is_shown(bench: Bench) -> None:
    web = bench.make("stack", "web")
    bench.wire.faults["UpdateStack"] = [refusal("Stack busy"), refusal("Stack busy")]
    outcomes = bench.apply([update("stack/web", web, branch="dev")])
    assert outcomes["stack/web update"].status is Status.DONE
    assert [why for _, why in bench.heard.waits] == ["UpdateStack: another action is running on it"] * 2
    assert bench.pauses == list(BUSY_AFTER[:2])
    assert bench.heard.lengths == [(0.0, 1800.0), (BUSY_AFTER[0], 1800.0)]


def test_a_resource_that_stays_busy_fails(bench: Bench) -> None:
    web = bench.make("stack", "web")
    bench.wire.faults["UpdateStack"] = [refusal("Stack busy") for _ in range(1000)]
    outcomes = bench.apply([update("stack/web", web, branch="dev")])
    assert outcomes["stack/web update"].status is Status.FAILED
    assert outcomes["stack/web update"].hint


def test_a_rename_that_answers_200_and_failed_is_a_failure(bench: Bench) -> None:
    tools = bench.make("repo", "tools")
    log = {"stage": "Rename Repo Directory", "success": False, "stderr": "s3cr3t"}
    bench.wire.faults["RenameRepo"] = [
        httpx.Response(200, json={"success": False, "status": "Complete", "logs": [log]})
    ]
    outcome = bench.apply([rename("tools", "repo/box", tools)])["repo/box rename"]
    assert outcome.status is Status.FAILED
    assert "Rename Repo Directory" in outcome.message
    assert "s3cr3t" not in outcome.message + outcome.hint


def test_a_name_that_this_key_cannot_see(bench: Bench) -> None:
    bench.wire.faults["CreateStack"] = [refusal("Resource with name 'web' already exists", 409)]
    outcome = bench.apply([create("stack/web")])[WEB]
    assert outcome.status is Status.FAILED
    assert "this key cannot see it" in outcome.message
    assert "admin" in outcome.hint


def made_before(bench: Bench, config: Mapping[str, Any], **meta: Any) -> Callable[[httpx.Request], httpx.Response]:
    """Somebody is faster than the request that this is called with."""

    def made(request: httpx.Request) -> httpx.Response:
        bench.transport.call("write", "CreateStack", {"name": "web", "config": config})
        if meta:
            bench.transport.call("write", "UpdateResourceMeta", {"target": {"type": "Stack", "id": "web"}, **meta})
        return bench.wire.pass_on(request)

    return made


@pytest.mark.parametrize("meta", [{}, {"tags": ["owner:ci"]}, {"tags": ["owner:ci"], "description": "ours"}])
def test_a_resource_that_another_run_of_ours_made_or_is_making_is_finished(bench: Bench, meta: dict[str, Any]) -> None:
    bench.wire.faults["CreateStack"] = [made_before(bench, {"branch": "dev"}, **meta)]
    wanted = create("stack/web", branch="dev", tags=("owner:ci",), description="ours")
    outcomes = bench.apply([create("tag/owner:ci")], [wanted])
    assert set(statuses(outcomes).values()) == {Status.DONE}
    web = bench.observe().resources[Address("stack", "web")]
    assert (web.config, web.tags, web.description) == ({"branch": "dev"}, {"owner:ci"}, "ours")


@pytest.mark.parametrize(
    ("config", "meta"),
    [
        ({"branch": "theirs"}, {}),
        ({"branch": "dev"}, {"tags": ["owner:ci", "theirs"]}),
        ({"branch": "dev"}, {"description": "theirs"}),
        ({"branch": "dev"}, {"template": True}),
    ],
)
def test_a_resource_that_somebody_else_made_since_the_plan_is_not_taken(
    bench: Bench, config: dict[str, Any], meta: dict[str, Any]
) -> None:
    bench.wire.faults["CreateStack"] = [made_before(bench, config, **meta)]
    wanted = create("stack/web", branch="dev", tags=("owner:ci",), description="ours")
    outcome = bench.apply([create("tag/owner:ci")], [wanted])[WEB]
    assert outcome.status is Status.FAILED
    assert "was made since the plan, with other values" in outcome.message
    assert outcome.hint == "plan again"
    web = bench.observe().resources[Address("stack", "web")]
    assert (web.description, set(web.tags)) == (meta.get("description", ""), set(meta.get("tags", ())))


def test_a_tag_that_somebody_else_made_meanwhile_is_as_good(bench: Bench) -> None:
    def taken(request: httpx.Request) -> httpx.Response:
        bench.wire.pass_on(request)
        return bench.wire.pass_on(request)

    bench.wire.faults["CreateTag"] = [taken]
    outcomes = bench.apply([create("tag/public")], [create("stack/web", tags=("public",))])
    assert set(statuses(outcomes).values()) == {Status.DONE}
    assert bench.observe().resources[Address("stack", "web")].tags == {"public"}


def test_what_is_gone_already_is_deleted(bench: Bench) -> None:
    gone = bench.make("stack", "gone")

    def twice(request: httpx.Request) -> httpx.Response:
        bench.wire.pass_on(request)
        return bench.wire.pass_on(request)

    bench.wire.faults["DeleteStack"] = [twice]
    outcomes = bench.apply([delete("stack/gone", gone)])
    assert statuses(outcomes) == {"stack/gone delete": Status.DONE}


def test_a_value_that_the_core_did_not_keep_is_a_failure(bench: Bench) -> None:
    """An older Core with a field that it does not know."""

    def keeps_its_own(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"_id": {"$oid": "1"}, "name": "web", "config": {"branch": "main"}})

    bench.wire.faults["CreateStack"] = [keeps_its_own]
    outcomes = bench.apply([create("stack/web", branch="dev", webhook_secret=Sealed("s3cr3t"))])
    assert set(statuses(outcomes).values()) == {Status.FAILED}
    assert "branch, webhook_secret" in outcomes[WEB].message
    assert "s3cr3t" not in outcomes[WEB].message


def test_a_change_of_type_to_defaults_alone_is_made_although_the_core_ignores_it(bench: Bench) -> None:
    builder = bench.make("builder", "b", {"type": "Server", "params": {"server_ids": []}})
    wanted = {"type": "Url", "params": BUILDER_CONFIG.variants["Url"].defaults()}
    outcomes = bench.apply([update("builder/b", builder, **wanted)])
    assert statuses(outcomes) == {"builder/b update": Status.DONE}
    assert bench.reader.read("ListFullBuilders", {"query": {}})[0]["config"] == wanted


def test_a_name_that_the_core_changed_is_a_failure(bench: Bench) -> None:
    outcome = bench.apply([create("stack/My Web")])["stack/My Web create"]
    assert outcome.status is Status.FAILED
    assert "the Core calls it my_web" in outcome.message


def test_a_rejected_value_is_not_repeated(bench: Bench) -> None:
    outcome = bench.apply([create("deployment/api", environment="s3cr3t\n")])["deployment/api create"]
    assert outcome.status is Status.FAILED
    assert "Invalid environment" in outcome.message
    assert "s3cr3t" not in repr(outcome) + repr(bench.heard)


def test_nothing_more_is_asked_once_the_key_is_refused(bench: Bench) -> None:
    bench.wire.faults["CreateRepo"] = [refusal("Invalid user credentials | You have 4 attempts remaining", 401)]
    outcomes = bench.apply([create("repo/a"), create("repo/b")], [create("stack/web")], parallelism=1)
    assert statuses(outcomes) == {
        "repo/a create": Status.FAILED,
        "repo/b create": Status.NOT_STARTED,
        WEB: Status.NOT_STARTED,
    }
    assert bench.writes == ["CreateRepo"]
    assert "API key" in outcomes[WEB].message


def test_nothing_more_is_asked_once_the_core_is_gone(bench: Bench) -> None:
    bench.wire.faults["CreateRepo"] = ["refuse"] * 10
    outcomes = bench.apply([create("repo/a")], [create("stack/web")])
    assert statuses(outcomes) == {"repo/a create": Status.FAILED, WEB: Status.NOT_STARTED}
    assert bench.heard.waits
    assert "CreateStack" not in bench.wire.sent


def test_never_more_requests_at_once_than_allowed(bench: Bench) -> None:
    together = threading.Barrier(3)

    def meet(request: httpx.Request) -> httpx.Response:
        together.wait(timeout=5)
        return bench.wire.pass_on(request)

    bench.wire.faults["CreateStack"] = [meet] * 9
    outcomes = bench.apply([create(f"stack/s{index}") for index in range(9)], parallelism=3)
    assert set(statuses(outcomes).values()) == {Status.DONE}
    assert bench.wire.most == 3


@pytest.mark.parametrize("parallelism", [0, -1])
def test_one_at_a_time_at_least(bench: Bench, parallelism: int) -> None:
    assert bench.apply([create("stack/web")], parallelism=parallelism)[WEB].status is Status.DONE


def test_nothing_to_do(bench: Bench) -> None:
    assert bench.apply() == {}
    assert bench.wire.sent == []
