"""One snapshot: what is asked, and what a failing list does."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from fake_core import FakeCore, page, refusal

from komodo_sync import errors
from komodo_sync.client.snapshot import list_params, observe
from komodo_sync.kinds import KINDS
from komodo_sync.model.address import Address

Fake = Callable[..., FakeCore]


def raw(kind: str, name: str, identity: str, **config: Any) -> dict[str, Any]:
    spec = KINDS[kind]
    return {
        "_id": {"$oid": identity},
        "name": name,
        "description": "",
        "template": False,
        "tags": [],
        "info": {},
        "config": {name: field.default for name, field in spec.fields().items()} | config,
    }


def test_one_request_for_each_kind_and_what_it_refers_to(fake: Fake) -> None:
    core = fake(
        ListFullStacks=[raw("stack", "web", "57ac", server_id="5e01")],
        ListFullServers=[raw("server", "prod", "5e01")],
        ListStacks=[{"id": "57ac", "info": {"state": "running"}}],
    )
    found = observe(core.reader(), {"stack"}, states=True)
    assert sorted(core.asked) == sorted(
        [
            "GET /version",
            "GET /user",
            "ListTags",
            "ListFullStacks",
            "ListFullServers",
            "ListFullSwarms",
            "ListFullRepos",
            "ListFullBuilders",
            "ListStacks",
        ]
    )
    assert found.kinds == {"tag", "stack", "server", "swarm", "repo", "builder"}
    web = found.resources[Address("stack", "web")]
    assert (web.config, web.state) == ({"server_id": "prod"}, "running")
    assert found.references == {Address("server", "prod"): {Address("stack", "web")}}
    assert (found.version, found.user, found.user_id, found.admin) == ("2.3.2", "ci", "0a0a", True)
    assert found.host == "core.example:9120"


def test_every_page_is_asked_for_at_once(fake: Fake) -> None:
    core = fake()
    observe(core.reader(), set(KINDS), states=True)
    asked = {
        json.loads(request.content)["type"]: json.loads(request.content)["params"]
        for request in core.requests
        if request.method == "POST"
    }
    assert asked.pop("ListTags") == {"query": None}
    for operation in (
        "ListVariables",
        "ListGitProviderAccounts",
        "ListImageRegistryAccounts",
        "ListUserGroups",
        "ListUsers",
    ):
        assert asked.pop(operation) == {}
    assert len(asked) == 13
    assert all(params == {"query": {}, "page": 0, "limit": 0} for params in asked.values())


def test_the_number_of_requests_does_not_depend_on_what_is_there(fake: Fake) -> None:
    few, many = fake(), fake(ListFullStacks=[raw("stack", f"s{index}", f"57ac{index}") for index in range(300)])
    observe(few.reader(), {"stack"}, states=True)
    found = observe(many.reader(), {"stack"}, states=True)
    assert len(found.resources) == 300
    assert len(few.asked) == len(many.asked)


def test_states_are_asked_for_only_when_they_are_wanted(fake: Fake) -> None:
    core = fake()
    observe(core.reader(), {"stack", "deployment"}, states=False)
    assert not {"ListStacks", "ListDeployments"} & set(core.asked)


@pytest.mark.parametrize("answer", [page(), refusal(500, "no"), {"oops": 1}, None, httpx.ConnectError("refused")])
def test_a_list_that_fails_is_an_error_and_never_empty(fake: Fake, answer: Any) -> None:
    core = fake(ListFullRepos=httpx.Response(200, json=None) if answer is None else answer)
    with pytest.raises(errors.KomodoSyncError):
        observe(core.reader(), {"stack"}, states=False)


def test_a_wrong_key_is_told_as_such_even_when_it_locks_the_address_out(fake: Fake) -> None:
    core = fake(
        **{
            "*": refusal(429, "Too many attempts | Try again in 12s"),
            "GET__version": refusal(429, "Too many attempts"),
            "GET__user": refusal(401, "Invalid user credentials | You have 0 attempts remaining"),
        }
    )
    for name in ("ListTags", "ListFullServers"):
        core.answers[name] = refusal(429, "Too many attempts | Try again in 12s")
    with pytest.raises(errors.CredentialsError) as caught:
        observe(core.reader(), {"server"}, states=False)
    assert type(caught.value) is errors.CredentialsError


def test_an_old_core_is_told_as_such_whatever_else_it_answers(fake: Fake) -> None:
    core = fake(GET__version=page(404), GetVersion={"version": "1.19.5"}, GET__user=page(404))
    with pytest.raises(errors.TooOldError):
        observe(core.reader(), {"server"}, states=False)


def test_a_key_that_is_not_an_admins(fake: Fake) -> None:
    core = fake(
        GET__user={"_id": {"$oid": "0b0b"}, "username": "reader", "admin": False},
        ListVariables=[{"name": "TOKEN", "value": "####", "is_secret": True}],
    )
    found = observe(core.reader(), {"variable"}, states=False)
    assert (found.admin, found.user) == (False, "reader")
    assert found.resources[Address("variable", "TOKEN")].masked == {"value"}


def test_parameters_of_a_list() -> None:
    assert list_params("ListFullStacks", names=["web"]) == {"query": {"names": ["web"]}, "page": 0, "limit": 0}
    assert list_params("ListTags", names=["web"]) == {"query": None}
    assert list_params("ListVariables") == {}
