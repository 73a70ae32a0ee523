"""Which resources a list answers: the query's filters, what the user may read, and the page."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from komodo_sync.simulator import fitting
from komodo_sync.simulator.failures import MalformedError, RefusalError
from komodo_sync.simulator.identity import looks_like_id
from komodo_sync.simulator.normal import split_list
from komodo_sync.simulator.parameters import one_of
from komodo_sync.simulator.permissions import permitted
from komodo_sync.simulator.sorting import STATES
from komodo_sync.simulator.states import state_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from komodo_sync.simulator.requests import Call, State

Resource = dict[str, Any]
_FLAGS = frozenset({"enabled", "scheduled"})
_ENDPOINTS = ("Custom", "Slack", "Discord", "Ntfy", "Pushover")
# what `specific` must hold when it is there
_REQUIRED_SPECIFICS: Mapping[str, str] = {"Alerter": "types", "Swarm": "servers"}


def selected_texts(call: Call, core: str) -> list[str]:
    """The resources of the asked page as JSON texts, by name."""
    query = call.params["query"]
    allowed = permitted(call, core)
    if allowed is None and "specific" not in query and not any(query.values()):
        return page(call, call.storage.texts(core))
    tests = _tests(call, core, query)
    chosen = []
    for text in call.storage.texts(core):
        resource = json.loads(text)
        if (allowed is None or resource["_id"]["$oid"] in allowed) and all(test(resource) for test in tests):
            chosen.append(text)
    return page(call, chosen)


def selected(call: Call, core: str) -> list[Resource]:
    """The resources of the asked page, by name."""
    found: list[Resource] = json.loads(f"[{','.join(selected_texts(call, core))}]")
    return found


def page(call: Call, items: list[Any]) -> list[Any]:
    """The page that is asked for; no `limit` is Core's default, 0 is everything."""
    if "limit" not in call.params:
        return items
    limit = call.state.default_limit if call.params["limit"] is None else call.params["limit"]
    if not limit:
        return items
    start = call.params["page"] * limit
    return items[start : start + limit]


def tag_ids(state: State, tags: list[str]) -> list[str]:
    """Tags by name or id. 500 for one that does not exist."""
    found = []
    for tag in tags:
        by_id = looks_like_id(tag)
        document = state.storage.get("Tag", tag.lower() if by_id else tag, by="id" if by_id else "name")
        if document is None:
            raise RefusalError(f"No tag found matching name or id: {tag}")
        found.append(document["_id"]["$oid"])
    return found


def words(given: Any) -> list[str]:
    """A list of the query, which may be written as one text."""
    return split_list(given) if isinstance(given, str) else list(given or ())


def _tests(call: Call, core: str, query: dict[str, Any]) -> list[Callable[[Resource], bool]]:
    tests: list[Callable[[Resource], bool]] = []
    given = words(query.get("names"))
    # ids and names are conditions of their own: both must hold
    ids = {name.lower() for name in given if looks_like_id(name)}
    names = {name for name in given if not looks_like_id(name)}
    if ids:
        tests.append(lambda resource: resource["_id"]["$oid"] in ids)
    if names:
        tests.append(lambda resource: resource["name"] in names)
    terms = [term.lower() for term in words(query.get("terms")) if term]
    if terms:
        tests.append(lambda resource: all(term in resource["name"].lower() for term in terms))
    tags = set(tag_ids(call.state, words(query.get("tags"))))
    if tags:
        every = query.get("tag_behavior", "All") == "All"
        tests.append(lambda resource: tags <= set(resource["tags"]) if every else not tags.isdisjoint(resource["tags"]))
    templates = query.get("templates", "Include")
    if templates != "Include":
        tests.append(lambda resource: resource["template"] == (templates == "Only"))
    return tests + _specific_tests(call, core, query.get("specific"))


def _specific_tests(call: Call, core: str, specific: Any) -> list[Callable[[Resource], bool]]:
    if specific is None:
        return []
    required = _REQUIRED_SPECIFICS.get(core)
    if required and required not in specific:
        raise MalformedError(f"missing field `{required}`")
    tests = []
    for name, wanted in specific.items():
        read = _SPECIFICS.get((core, name))
        if read is None:
            continue
        _check_type(core, name, wanted)
        # what is not in the database is looked at for list items alone
        idle = _is_full(call) if name == "update_available" and wanted else wanted in ([], None)
        if not (idle or (name not in _FLAGS and not wanted)):
            tests.append(_specific(call.state, name, read, wanted))
    return tests


def _is_full(call: Call) -> bool:
    return call.operation.startswith("ListFull")


def _check_type(core: str, name: str, wanted: Any) -> None:
    if name in _FLAGS:
        if wanted is not None:
            fitting.flag(wanted)
    elif name == "update_available":
        fitting.flag(wanted)
    elif name == "built_since":
        fitting.number(wanted)
    else:
        for word in fitting.items(wanted):
            if name in ("states", "types"):
                one_of(word, STATES[core] if name == "states" else _ENDPOINTS)
            else:
                fitting.text(word)


def _specific(
    state: State, name: str, read: Callable[[State, Resource], Any], wanted: Any
) -> Callable[[Resource], bool]:
    def test(resource: Resource) -> bool:
        value = read(state, resource)
        if name == "built_since":
            return bool(value >= wanted)
        if isinstance(wanted, list):
            return not set(wanted).isdisjoint(value) if isinstance(value, list) else value in wanted
        return bool(value == wanted)

    return test


def _config(name: str) -> Callable[[State, Resource], Any]:
    return lambda _state, resource: resource["config"][name]


def _never(_state: State, _resource: Resource) -> bool:
    return False


def _scheduled(_state: State, resource: Resource) -> bool:
    return bool(resource["config"]["schedule"])


def _build_of(_state: State, resource: Resource) -> str:
    image = resource["config"]["image"]
    return str(image["params"]["build_id"]) if image["type"] == "Build" else ""


def _servers_of(_state: State, resource: Resource) -> list[str]:
    found: list[str] = resource["config"]["server_ids"]
    return found


_SPECIFICS: Mapping[tuple[str, str], Callable[[State, Resource], Any]] = {
    ("Stack", "server_ids"): _config("server_id"),
    ("Stack", "swarm_ids"): _config("swarm_id"),
    ("Stack", "linked_repos"): _config("linked_repo"),
    ("Stack", "repos"): _config("repo"),
    ("Stack", "update_available"): _never,
    ("Stack", "states"): lambda state, resource: state_of(state, "Stack", resource),
    ("Build", "builder_ids"): _config("builder_id"),
    ("Build", "repos"): _config("repo"),
    ("Build", "linked_repos"): _config("linked_repo"),
    ("Build", "states"): lambda state, resource: state_of(state, "Build", resource),
    ("Repo", "repos"): _config("repo"),
    ("Repo", "server_ids"): _config("server_id"),
    ("Repo", "states"): lambda state, resource: state_of(state, "Repo", resource),
    ("Deployment", "server_ids"): _config("server_id"),
    ("Deployment", "swarm_ids"): _config("swarm_id"),
    ("Deployment", "build_ids"): _build_of,
    ("Deployment", "update_available"): _never,
    ("Deployment", "states"): lambda state, resource: state_of(state, "Deployment", resource),
    ("Build", "built_since"): lambda _state, resource: resource["info"]["last_built_at"],
    ("Procedure", "states"): lambda state, resource: state_of(state, "Procedure", resource),
    ("Procedure", "scheduled"): _scheduled,
    ("Action", "states"): lambda state, resource: state_of(state, "Action", resource),
    ("Action", "scheduled"): _scheduled,
    ("Server", "states"): lambda state, resource: state_of(state, "Server", resource),
    ("ResourceSync", "repos"): _config("repo"),
    ("ResourceSync", "linked_repos"): _config("linked_repo"),
    ("Alerter", "enabled"): _config("enabled"),
    ("Alerter", "types"): lambda _state, resource: resource["config"]["endpoint"]["type"],
    ("Swarm", "servers"): _servers_of,
}
