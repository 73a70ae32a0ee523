"""The values of public variables are put into what is read of a compose text, before and after, as the Core does: what
follows from them is told as if they were written there. A secret one stays a name."""

from __future__ import annotations

from typing import Any

import pytest
from planning_worlds import alive, change, codes, declared, desired, live, observed, planned

from komodo_sync.model.running import Event, History, Running
from komodo_sync.model.sealed import Sealed, Unknown
from komodo_sync.report.text import plan_text

HOSTS = (live("server/one", {"enabled": True}), live("server/two", {"enabled": True}))
DB = "services:\n  db: {{image: pg, volumes: ['{}:/data']}}\n"
IMAGE = {"type": "Image", "params": {"image": "r:1"}}


def ui(text: str, **beside: Any) -> dict[str, Any]:
    return {"server_id": "one", "file_contents": text, **beside}


def made(
    before: Any, after: Any, variables: Any, *, name: str = "stack/x", held: Any = None, facts: Any = None, **given: Any
) -> Any:
    """The plan that deploys `after` where `before` is. `variables`: the live and the declared config of each."""
    there = live(name, before, state="running", services=("db",) if name == "stack/x" else (), project="x")
    live_ones = [live(f"variable/{key}", old) for key, (old, _) in variables.items() if old is not None]
    wanted = [declared(f"variable/{key}", new) for key, (_, new) in variables.items() if new is not None]
    known = facts or Running(history=History(good=Event("Deploy", 5)))
    world = alive(observed(*HOSTS, there, *(held or live_ones)), {name: known}, **given.pop("live_beside", {}))
    return planned(desired(*wanted, declared(name, after, deploy=True)), world, **given)


def told(*given: Any, name: str = "stack/x", **beside: Any) -> dict[str, str]:
    plan = made(*given, name=name, **beside)
    kinds = ("loses", "misses", "moves", "stops", "starts", "leaves")
    effects = change(plan, name, "deploy").effects
    return {f"{each.kind} {each.subject}": each.detail for each in effects if each.kind in kinds}


ROOT = {"ROOT": ({"value": "/mnt/a"}, {"value": "/mnt/b"})}
NAMED = ui(DB.format("[[ROOT]]/pg"))
MISSED = {
    "misses /mnt/a/pg": "the service db gets /mnt/b/pg of the host in its place; its data stays at /mnt/a/pg, and "
    "is at /mnt/b/pg only where somebody has brought it there"
}


def test_a_path_that_a_variable_changes_is_missed_as_one_that_is_written() -> None:
    assert told(ui(DB.format("/mnt/a/pg")), ui(DB.format("/mnt/b/pg")), {}) == MISSED
    assert told(NAMED, NAMED, ROOT) == MISSED
    assert told(NAMED, ui(DB.format("/mnt/b/pg")), ROOT) == MISSED
    assert told(NAMED, ui(DB.format("/mnt/a/pg/more/..")), ROOT) == {}


@pytest.mark.parametrize("after", ["ROOT=[[ROOT]]", Sealed("x", {"ROOT": "[[ROOT]]", "X": Sealed("x")})])
def test_so_is_one_that_comes_by_the_environment(after: Any) -> None:
    text = DB.format("${ROOT}/pg")
    found = told(ui(text, environment="ROOT=[[ROOT]]"), ui(text, environment=after), ROOT)
    assert found == told(ui(text, environment="ROOT=/mnt/a"), ui(text, environment="ROOT=/mnt/b"), {})
    assert [*found] == ["misses ${ROOT}/pg"]


def test_so_is_one_of_a_container() -> None:
    config = {"server_id": "one", "image": IMAGE}
    named, written = ({**config, "volumes": f"{each}/r:/data"} for each in ("[[ROOT]]", "/mnt/a"))
    found = told(named, named, ROOT, name="deployment/x")
    assert found == told(written, {**config, "volumes": "/mnt/b/r:/data"}, {}, name="deployment/x")
    assert [*found] == ["misses /mnt/a/r"]


@pytest.mark.parametrize(
    ("old", "new", "beside"),
    [
        # of a secret nothing is told, of neither side
        ({"value": "/mnt/a", "is_secret": True}, {"value": "/mnt/b", "is_secret": True}, {}),
        ({"value": "/mnt/a", "is_secret": True}, {"value": "/mnt/b"}, {}),
        ({"value": "/mnt/a"}, {"value": "/mnt/b", "is_secret": True}, {}),
        ({"value": "/mnt/a"}, {"value": Sealed("/mnt/b")}, {}),
        # nor of what is not known
        ({"value": "/mnt/a"}, {"value": Unknown()}, {}),
        (None, {"value": "/mnt/b"}, {}),
        # it was deployed with another one
        ({"value": "/mnt/a"}, {"value": "/mnt/b"}, {"live_beside": {"variables": {"ROOT": 6}}}),
        # it stays as it is
        ({"value": "/mnt/a"}, {"value": "/mnt/b"}, {"select": ["stack/x"]}),
        ({"value": "/mnt/a"}, None, {}),
    ],
)
def test_what_is_secret_or_not_known_stays_a_name(old: Any, new: Any, beside: Any) -> None:
    after = {**NAMED, "branch": "x", "environment": "A=1"}
    plan = made(NAMED, after, {"ROOT": (old, new)}, **beside)
    effects = change(plan, "stack/x", "deploy").effects
    assert not any(each.kind == "misses" for each in effects)
    assert not any("/mnt/" in f"{each.subject} {each.detail}" for each in effects)


def test_a_variable_that_is_called_as_a_secret_is_put_in_nowhere() -> None:
    text = ui(DB.format("[[DB_PASSWORD]]/pg"))
    plan = made(text, text, {"DB_PASSWORD": ({"value": "/mnt/hunter2"}, {"value": "/mnt/hunter3"})})
    assert "hunter" not in plan_text(plan.plan, color=False, width=200)


@pytest.mark.parametrize(
    ("held", "wanted"),
    [
        ({"is_secret": True}, {"value": "/mnt/hunter2", "is_secret": True}),
        # what is taken from outside, though the Core tells it
        ({}, {"value": Sealed("/mnt/hunter2")}),
        ({}, {"value": Unknown()}),
    ],
)
def test_a_value_of_a_secret_variable_is_nowhere_in_a_move(held: Any, wanted: Any) -> None:
    secret = {"ROOT": ({"value": "/mnt/hunter2", **held}, wanted)}
    plan = made(NAMED, {**NAMED, "server_id": "two"}, secret)
    text = plan_text(plan.plan, color=False, width=200)
    assert "its mounted files [[ROOT]]/pg" in text
    assert "hunter2" not in text
    public = {"ROOT": ({"value": "/mnt/a"},) * 2}
    assert "its mounted files /mnt/a/pg" in plan_text(
        made(NAMED, {**NAMED, "server_id": "two"}, public).plan, color=False, width=200
    )


def test_names_that_are_left_alone_have_no_value() -> None:
    plain = {**NAMED, "skip_secret_interp": True}
    assert told(plain, {**plain, "environment": "A=1"}, ROOT) == {}


def test_what_the_config_was_at_the_last_deploy_has_the_values_too() -> None:
    good = Event("Deploy", 5)
    facts = Running(history=History(good=good, changed={"file_contents": (NAMED["file_contents"], "x")}))
    assert told(ui(DB.format("/mnt/b/pg")), ui(DB.format("/mnt/b/pg")), ROOT, facts=facts) == MISSED


def test_a_value_may_be_more_than_a_word() -> None:
    text = "services:\n  [[WEB]]\n  db: {image: pg, volumes: [[ALL]]}\n"
    value = "web: {image: nginx}"
    variables = {"WEB": ({"value": value}, {"value": value}), "ALL": ({"value": "['a:/a']"}, {"value": "[]"})}
    found = told(ui(text), ui(text), variables)
    assert [*found] == ["loses a", "starts 1 service (web)"]
    # as it is, YAML has no place for it
    assert made(ui(text), ui(text, environment="A=1"), {"WEB": (None, None)}).plan.refusals == ()
    broken = {**variables, "WEB": ({"value": value}, {"value": "web: {"})}
    [refusal] = made(ui(text), ui(text), broken).plan.refusals
    assert refusal.message.endswith("is no compose text: with the values of its variables in it, no well-formed YAML")


def test_a_port_that_a_variable_says_is_held_as_any_other() -> None:
    old, new = (f"services:\n  {name}: {{image: pg, ports: ['[[PORT]]:80']}}\n" for name in ("db", "other"))
    port = {"PORT": ({"value": "8080"}, {"value": "8080"})}
    [refusal] = made(ui(old), ui(new), port).plan.refusals
    assert refusal.code == "no-room"
    assert "the port 8080" in refusal.message
    assert codes(made(ui(old), ui(new), {"PORT": ({"value": "8080"}, {"value": "8081"})})) == []


def test_a_profile_that_a_variable_says_is_active_or_not() -> None:
    text = "services:\n  db: {image: pg, profiles: [db]}\n  web: {image: nginx}\n"
    config = ui(text, environment="COMPOSE_PROFILES=[[PROFILES]]")
    found = told(config, config, {"PROFILES": ({"value": "db"}, {"value": "other"})})
    assert "leaves 1 service (db)" in found
    assert "leaves 1 service (db)" not in told(config, config, {"PROFILES": ({"value": "x"}, {"value": "db"})})
