"""What may be deleted, what is kept, and what is said about it."""

from __future__ import annotations

from typing import Any

import pytest
from planning_worlds import OURS, alive, at, change, changes, codes, declared, desired, live, observed, payload, planned

from komodo_sync.model.plan import Action
from komodo_sync.model.running import Event, History, Running
from komodo_sync.planning import Limits

PRUNE = {"owner": "us", "prune": True}
ON_ONE = {"server_id": "one"}


def deletes(made: Any) -> list[str]:
    return [
        str(item.address) for item in made.plan.resources if any(each.action is Action.DELETE for each in item.changes)
    ]


def test_what_is_ours_and_not_declared_is_deleted() -> None:
    held = observed(
        live("stack/web", {}, OURS),
        live("stack/old", {}, OURS),
        live("stack/theirs", {}, "owner:them"),
        live("stack/free"),
    )
    made = planned(desired(declared("stack/web")), held, **PRUNE)
    assert changes(made) == {"stack/old": ["delete"]}
    assert payload(made, "stack/old", "delete").id == "id of stack/old"
    assert change(made, "stack/old", "delete").reason == "carries owner:us and is no longer declared"
    assert made.plan.resources[-1].address == at("stack/old")
    assert made.plan.scope.prune


@pytest.mark.parametrize(
    ("options", "beside"),
    [
        ({"prune": False, "owner": "us"}, {}),
        ({"prune": True, "owner": ""}, {}),
        ({**PRUNE, "select": ("stack/*",)}, {}),
        ({**PRUNE, "only": frozenset({at("stack/web")})}, {}),
        (PRUNE, {"failed": True}),
        (PRUNE, {"files": 0}),
    ],
    ids=["no prune", "no owner", "selected", "paths", "failed", "no files"],
)
def test_nothing_is_deleted_while_anything_is_unknown_or_not_asked_for(options: Any, beside: Any) -> None:
    held = observed(live("stack/web", {}, OURS), live("stack/old", {}, OURS), live("variable/A"))
    absent = [] if options.get("prune") is False or not options["owner"] else ["variable/A"]
    made = planned(desired(declared("stack/web"), absent=absent, **beside), held, **options)
    assert deletes(made) == []


@pytest.mark.parametrize(
    ("held", "options", "told"),
    [
        (live("stack/old", {}, OURS, template=True), {}, ["template"]),
        (live("stack/old", {}, OURS, "protected"), {}, ["protected"]),
        (live("stack/old", {}, OURS), {"protect": ("stack/*",)}, ["protected"]),
    ],
    ids=["template", "protected", "settings"],
)
def test_templates_and_what_is_protected_stay(held: Any, options: Any, told: list[str]) -> None:
    made = planned(desired(declared("stack/web")), observed(held, live("stack/web", {}, OURS)), **PRUNE, **options)
    assert deletes(made) == []
    assert codes(made, "note") == told
    made = planned(desired(absent=["stack/old"]), observed(held), owner="us", **options)
    assert deletes(made) == []
    assert codes(made) in (["absent-template"], ["absent-protected"])


def test_what_is_ours_and_left_over_is_told_where_nothing_is_pruned() -> None:
    held = observed(live("stack/web", {}, OURS), live("stack/old", {}, OURS), live("stack/theirs", {}, "owner:them"))
    wanted = desired(declared("stack/web"))
    [note] = planned(wanted, held, owner="us").plan.findings
    assert (note.code, note.severity, note.addresses) == ("left-over", "note", (at("stack/old"),))
    assert note.message.startswith("stack/old carries the tag owner:us and is declared nowhere")
    for options in (PRUNE, {"owner": ""}, {"owner": "us", "only": frozenset({at("stack/web")})}):
        assert "left-over" not in codes(planned(wanted, held, **options), "note")
    forgotten = desired(declared("stack/web"), forget=["stack/old"])
    assert codes(planned(forgotten, held, owner="us"), "note") == []


@pytest.mark.parametrize("text", ["URL=https://[[REGION]].example.com", "A=1\nB=[[REGION]]\n"])
def test_a_variable_that_goes_while_it_is_named_is_warned_about(text: str) -> None:
    held = observed(
        live("variable/REGION"),
        live("variable/OTHER"),
        live("stack/theirs", {"environment": text}),
        live("stack/raw", {"environment": text, "skip_secret_interp": True}),
        live("stack/mended", {"environment": text}, OURS),
        live("stack/gone", {"environment": text}, OURS),
    )
    wanted = desired(
        declared("stack/mended"), declared("build/new", {"build_args": text}), absent=["variable/REGION", "stack/gone"]
    )
    made = planned(wanted, held, owner="us")
    [warning] = [item for item in made.plan.findings if item.code == "variable-in-use"]
    users = (at("build/new"), at("stack/theirs"))
    assert (warning.code, warning.addresses) == ("variable-in-use", (at("variable/REGION"), *users))
    assert "[[REGION]] stands in build/new, stack/theirs" in warning.message
    [effect] = [item for item in change(made, "variable/REGION", "delete").effects if item.kind == "detaches"]
    assert effect.subject == "build/new, stack/theirs"
    assert codes(planned(desired(absent=["variable/OTHER"]), held), "warning") == []


def test_what_cannot_be_made_absent_is_counted_as_refused_and_has_a_way_out() -> None:
    made = planned(desired(absent=["stack/x"]), observed(live("stack/x", {}, "owner:them")), owner="us")
    assert (made.plan.summary.refused, made.plan.summary.unchanged) == (1, 0)
    assert made.plan.refusals[0].hint == "its owner can delete it; or take it out of absent"


def test_absent_deletes_what_is_there_whether_it_is_pruned_or_not() -> None:
    held = observed(live("variable/OLD", {"value": "x"}), live("stack/old", {}, OURS), live("tag/t"))
    wanted = desired(absent=["variable/OLD", "variable/GONE", "stack/old", "tag/t"])
    made = planned(wanted, held, owner="us")
    assert deletes(made) == ["tag/t", "variable/OLD", "stack/old"]
    assert change(made, "variable/OLD", "delete").reason.startswith("listed under absent at stacks.yaml:3:5")
    assert changes(planned(desired(absent=["variable/GONE"]), held, owner="us")) == {}


@pytest.mark.parametrize(
    ("tags", "owner", "refused"),
    [
        ((), "us", True),
        (("owner:them",), "us", True),
        (("owner:them",), "", True),
        ((), "", False),
        ((OURS,), "us", False),
    ],
)
def test_absent_deletes_only_what_is_ours(tags: Any, owner: str, refused: bool) -> None:
    made = planned(desired(absent=["stack/x"]), observed(live("stack/x", {}, *tags)), owner=owner)
    assert codes(made) == (["absent-foreign"] if refused else [])
    assert deletes(made) == ([] if refused else ["stack/x"])


def test_what_is_declared_is_never_deleted_or_forgotten() -> None:
    wanted = desired(declared("stack/x"), absent=["stack/x"], forget=["stack/x"])
    assert changes(planned(wanted, observed(live("stack/x", {}, OURS)), **PRUNE)) == {}


def test_forget_wins_over_prune() -> None:
    made = planned(desired(forget=["stack/x"]), observed(live("stack/x", {}, OURS)), **PRUNE)
    assert changes(made) == {"stack/x": ["forget"]}


SERVER = live("server/s", {}, OURS)


@pytest.mark.parametrize(
    ("wanted", "held", "holders"),
    [
        ([], [live("stack/theirs", {"server_id": "s"})], ["stack/theirs"]),
        ([], [live("stack/ours", {"server_id": "s"}, OURS)], []),
        ([declared("stack/a", {"server_id": "t"})], [live("stack/a", {"server_id": "s"}, OURS), live("server/t")], []),
        (
            [declared("stack/a", omitted_fields="keep")],
            [live("stack/a", {"server_id": "s"}, OURS)],
            ["stack/a"],
        ),
        ([declared("stack/a")], [live("stack/a", {"server_id": "s"}, OURS)], []),
        (
            [declared("stack/a", {"server_id": "t"}, ignore=("config.server_id",))],
            [live("stack/a", {"server_id": "s"}, OURS), live("server/t")],
            ["stack/a"],
        ),
        ([declared("stack/a", {"server_id": "s"})], [], ["stack/a"]),
        ([declared("stack/a")], [live("stack/a", {"server_id": "s"}, "owner:them")], ["stack/a"]),
        ([], [live("builder/b", {"type": "Server", "params": {"server_ids": ["s"]}})], ["builder/b"]),
        (
            [declared("builder/b", {"type": "Server", "params": {"server_ids": ["t"]}})],
            [live("builder/b", {"type": "Server", "params": {"server_ids": ["s"]}}, OURS), live("server/t")],
            [],
        ),
        (
            [declared("stack/b", {"server_id": "s"}, renamed_from="a")],
            [live("stack/a", {"server_id": "s"}, OURS)],
            ["stack/b"],
        ),
    ],
    ids=[
        "anybody", "deleted too", "moved", "kept", "reset", "ignored", "created", "foreign", "builder", "builder moved",
        "renamed",
    ],
)  # fmt: skip
def test_what_something_staying_refers_to_is_not_deleted(wanted: Any, held: Any, holders: list[str]) -> None:
    made = planned(desired(*wanted), observed(SERVER, *held), **PRUNE)
    assert "server/s" in deletes(made)
    found = [item.addresses for item in made.plan.refusals if item.code == "delete-in-use"]
    assert found == ([(at("server/s"), *map(at, holders))] if holders else [])


def test_other_kinds_are_held_by_what_is_declared_alone() -> None:
    config = {"image": {"type": "Build", "params": {"build_id": "b", "version": "0.0.0"}}}
    held = observed(live("build/b", {}, OURS), live("deployment/theirs", config))
    made = planned(desired(), held, **PRUNE)
    assert codes(made) == []
    assert [effect.kind for effect in change(made, "build/b", "delete").effects] == ["detaches", "irreversible"]
    made = planned(desired(declared("deployment/ours", config)), held, **PRUNE)
    assert codes(made) == ["delete-in-use"]


def test_a_tag_that_something_declared_carries_is_not_deleted() -> None:
    held = observed(live("stack/a", {}, "x"), live("stack/b", {}, "x"))
    made = planned(desired(declared("stack/a", tags=()), absent=["tag/x"]), held)
    assert codes(made) == []
    assert [effect.subject for effect in change(made, "tag/x", "delete").effects if effect.kind == "detaches"] == [
        "stack/b"
    ]
    made = planned(desired(declared("stack/a", tags=("x",)), absent=["tag/x"]), held)
    assert codes(made) == ["delete-in-use"]


@pytest.mark.parametrize(
    ("limits", "expected"),
    [
        (Limits(), []),
        (Limits(deletes=2), []),
        (Limits(deletes=1), ["limit-deletes"]),
        (Limits(deletes=0), ["limit-deletes"]),
        (Limits(delete_percent=50), []),
        (Limits(delete_percent=49.9), ["limit-delete-percent"]),
        (Limits(deletes=1, delete_percent=10), ["limit-delete-percent", "limit-deletes"]),
    ],
)
def test_limits_refuse_and_name_their_override(limits: Limits, expected: list[str]) -> None:
    held = observed(
        *(live(f"stack/{name}", {}, OURS) for name in "abcd"), *(live(f"stack/t{name}") for name in range(20))
    )
    made = planned(desired(declared("stack/a"), declared("stack/b")), held, **PRUNE, limits=limits)
    assert codes(made) == expected
    assert {item.override for item in made.plan.refusals} <= {"--allow-deletes 2"}
    assert deletes(made) == ["stack/c", "stack/d"]


@pytest.mark.parametrize(
    ("held", "kinds"),
    [
        (live("stack/x", ON_ONE, OURS, state="running", services=("b", "a")), ["stops", "irreversible"]),
        (live("stack/x", ON_ONE, OURS, state="down"), ["idle", "irreversible"]),
        (live("stack/x", ON_ONE, OURS, state="unknown"), ["idle", "irreversible"]),
        (live("stack/x", ON_ONE, OURS, state="unknown", project="x"), ["unknown", "irreversible"]),
        (live("stack/x", {}, OURS, state="running", project="x"), ["idle", "irreversible"]),
        (live("deployment/x", ON_ONE, OURS, state="running"), ["stops", "irreversible"]),
        (live("repo/x", {}, OURS), ["removes", "irreversible"]),
        (live("server/x", {}, OURS), ["irreversible"]),
        (live("procedure/x", {}, OURS), ["irreversible"]),
    ],
)
def test_a_delete_says_what_it_does_beyond_itself(held: Any, kinds: list[str]) -> None:
    made = planned(desired(), observed(held), **PRUNE)
    effects = change(made, str(held.address), "delete").effects
    assert [effect.kind for effect in effects] == kinds
    if held.services:
        assert effects[0].subject == "2 services (a, b)"


UNREACHED = (
    live("stack/a", ON_ONE, OURS, state="unknown", project="a"),
    live("deployment/b", ON_ONE, OURS, state="unknown", project="b"),
    live("stack/c", {"swarm_id": "sw"}, OURS, state="unknown", services=("web",)),
)


def test_what_may_run_where_nobody_can_take_it_down_is_not_deleted() -> None:
    made = planned(desired(), observed(*UNREACHED), **PRUNE)
    found = {item.message: item for item in made.plan.refusals}
    assert list(found) == [
        "2 resources would be deleted where the Core can neither tell what of them runs nor take it down: server/one",
        "stack/c would be deleted where the Core can neither tell what of it runs nor take it down: swarm/sw",
    ]
    assert [list(map(str, item.addresses)) for item in found.values()] == [["deployment/b", "stack/a"], ["stack/c"]]
    assert {(item.code, item.override) for item in found.values()} == {("delete-unreachable", "--abandon-old")}
    assert set(changes(made)) == {"stack/a", "deployment/b", "stack/c"}


@pytest.mark.parametrize("way", [{"abandon_old": True}, {"removal": "keep_running"}])
def test_what_may_run_is_left_behind_on_purpose_alone(way: Any) -> None:
    made = planned(desired(), observed(*UNREACHED), **PRUNE, **way)
    assert codes(made) == []
    assert set(map(tuple, changes(made).values())) == {("delete",)}
    assert payload(made, "stack/a", "delete").detach is ("removal" in way)


DEPLOYED = History(good=Event("DeployStack", 1))


@pytest.mark.parametrize(
    ("state", "history", "refused"),
    [
        ("down", DEPLOYED, True),
        ("down", History(good=DEPLOYED.good, gone=True), False),
        ("down", History(good=DEPLOYED.good, failed=Event("DeployStack", 2)), False),
        ("down", History(), False),
        ("unknown", DEPLOYED, True),
        ("unknown", History(good=DEPLOYED.good, gone=True), False),
    ],
)
def test_a_server_that_shows_no_container_may_have_lost_its_docker(state: str, history: History, refused: bool) -> None:
    held = observed(live("stack/a", ON_ONE, OURS, state=state, project="a"), live("server/one"))
    facts = {"stack/a": Running(history=history)}
    made = planned(desired(), alive(held, facts, bare=frozenset({"one"})), **PRUNE)
    assert codes(made) == (["delete-unreachable"] if refused else [])
    if state == "down":
        assert codes(planned(desired(), alive(held, facts), **PRUNE)) == []
    for finding in made.plan.refusals:
        assert finding.message.endswith("server/one (it shows no container at all, as when its docker is down)")


@pytest.mark.parametrize("state", ["unknown", "down", ""])
def test_what_was_never_deployed_is_deleted_wherever_it_is(state: str) -> None:
    held = observed(
        live("server/one", {}, OURS),
        live("stack/a", ON_ONE, OURS, state=state),
        live("deployment/b", ON_ONE, OURS, state=state),
    )
    made = planned(desired(), held, **PRUNE)
    assert codes(made) == []
    assert changes(made) == {"stack/a": ["delete"], "deployment/b": ["delete"], "server/one": ["delete"]}


def test_what_is_on_no_server_is_not_taken_down_first() -> None:
    held = live("stack/x", {}, OURS, state="running", project="x")
    assert changes(planned(desired(), observed(held), **PRUNE)) == {"stack/x": ["delete"]}


def test_a_limit_is_told_as_one_says_it() -> None:
    held = observed(live("stack/a", {}, OURS), live("stack/b", {}, OURS))
    made = planned(desired(declared("stack/b")), held, limits=Limits(deletes=0, delete_percent=0), **PRUNE)
    assert [item.message for item in made.plan.findings if item.code.startswith("limit")] == [
        "1 delete among 2 resources is more than limits.delete_percent allows (0 %)",
        "1 delete is more than limits.deletes allows (0)",
    ]


@pytest.mark.parametrize(("on", "becomes", "stays"), [(False, False, True), (False, True, False), (True, True, False)])
def test_what_a_disabled_server_cannot_remove_stays_there(on: bool, becomes: bool, stays: bool) -> None:
    held = observed(live("server/one", {"enabled": on}), live("repo/code", ON_ONE, OURS))
    made = planned(desired(declared("server/one", {"enabled": becomes})), held, **PRUNE, omitted_fields="keep")
    assert payload(made, "repo/code", "delete").detach is stays
    told = [(effect.kind, effect.detail) for effect in change(made, "repo/code", "delete").effects]
    assert told[0] == (
        ("leaves", "what is on server/one stays there: it is disabled")
        if stays
        else ("removes", "the checkout on the server is removed")
    )


def twin(state: str = "running", **config: Any) -> Any:
    return live("stack/b", {**ON_ONE, "project_name": "a", **config}, state=state, project="a")


@pytest.mark.parametrize(
    ("other", "refused"),
    [
        (twin(), True),
        (twin("down"), False),
        (twin(server_id="two"), False),
        (live("stack/b", {**ON_ONE, "project_name": "a"}, state="running", project="b"), False),
    ],
)
def test_what_shares_its_name_with_another_one_does_not_take_it_down(other: Any, refused: bool) -> None:
    held = observed(live("stack/a", ON_ONE, OURS, state="running", project="a"), other)
    made = planned(desired(), held, **PRUNE)
    assert codes(made) == (["runs-twice"] if refused else [])
    for finding in made.plan.refusals:
        assert "stack/a would be taken down as a on server/one, and stack/b with it" in finding.message
    # what is taken off its server, or goes with it, takes nothing along
    assert codes(planned(desired(), held, **PRUNE, removal="keep_running")) == []
    alone = observed(live("stack/a", ON_ONE, state="running", project="a"), other)
    assert codes(planned(desired(absent=["stack/a", "stack/b"]), alone)) == []


def image(name: str) -> dict[str, Any]:
    return {"type": "Image", "params": {"image": name}}


GIT, HUB, GHCR = "git_account/github.com/me", "registry_account/docker.io/me", "registry_account/ghcr.io/me"


@pytest.mark.parametrize(
    ("account", "user", "config", "used"),
    [
        (GIT, "repo/r", {"repo": "a/b", "git_account": "me"}, True),
        (GIT, "stack/s", {"repo": "a/b", "git_account": "me"}, True),
        (GIT, "build/b", {"repo": "a/b", "git_account": "me"}, True),
        (GIT, "resource_sync/x", {"repo": "a/b", "git_account": "me"}, True),
        (GIT, "repo/r", {"repo": "a/b", "git_account": "you"}, False),
        (GIT, "repo/r", {"repo": "a/b", "git_account": "me", "git_provider": "git.example"}, False),
        (GIT, "stack/s", {"linked_repo": "r", "git_account": "me"}, False),
        (HUB, "stack/s", {"registry_provider": "docker.io", "registry_account": "me"}, True),
        (HUB, "build/b", {"image_registry": [{"domain": "docker.io", "account": "me"}]}, True),
        (GHCR, "build/b", {"image_registry": [{"domain": "docker.io", "account": "me"}]}, False),
        (HUB, "deployment/d", {"image": image("nginx"), "image_registry_account": "me"}, True),
        (HUB, "deployment/d", {"image": image("me/nginx"), "image_registry_account": "me"}, True),
        (GHCR, "deployment/d", {"image": image("ghcr.io/me/x:1"), "image_registry_account": "me"}, True),
        (GHCR, "deployment/d", {"image": image("nginx"), "image_registry_account": "me"}, False),
        (
            GHCR,
            "deployment/d",
            {"image": {"type": "Build", "params": {"build_id": "of"}}, "image_registry_account": "me"},
            True,
        ),
    ],
)
def test_an_account_says_who_is_left_without_it(account: str, user: str, config: Any, used: bool) -> None:
    pushed = live("build/of", {"image_registry": [{"domain": "ghcr.io", "account": "other"}]})
    made = planned(desired(absent=[account]), observed(live(account), pushed, live(user, config)))
    told = [(each.subject, each.detail) for each in change(made, account, "delete").effects if each.kind == "detaches"]
    assert told == ([(user, f"it is left without {account}")] if used else [])
    assert codes(made) == []


def test_who_uses_an_account_no_more_is_not_left_without_it() -> None:
    away = declared("repo/r", {"repo": "a/b"})
    wanted = desired(away, declared("repo/new", {"repo": "a/b", "git_account": "me"}), absent=[GIT])
    made = planned(wanted, observed(live(GIT), live("repo/r", {"repo": "a/b", "git_account": "me"})))
    [told] = [each.subject for each in change(made, GIT, "delete").effects if each.kind == "detaches"]
    assert told == "repo/new"
