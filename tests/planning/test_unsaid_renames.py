"""What was renamed where no manifest says so: refused where a create beside it does harm, told where it is likely."""

from __future__ import annotations

from typing import Any

import pytest
from planning_worlds import OURS, alive, at, changes, codes, declared, desired, live, observed, planned

from komodo_sync.kinds import KINDS
from komodo_sync.model.data import replace
from komodo_sync.model.sealed import Sealed, Unknown

PRUNE = {"owner": "us", "prune": True}
ONE = live("server/one", {"address": "https://one:8120", "enabled": True})
TEXT = "services:\n  web:\n    image: nginx\n"
UI = {"server_id": "one", "file_contents": TEXT}
WAS_WEB = live("stack/site", UI, OURS, state="running", project="web", services=("web",))
"""Deployed as web, and renamed in Komodo since."""


def finding(made: Any, severity: str = "refusal") -> Any:
    [found] = [item for item in made.plan.findings if item.severity == severity]
    return found


# a place that is taken over


@pytest.mark.parametrize("options", [{}, {"deploy": False}])
def test_what_runs_as_a_new_stack_is_called_is_not_deleted_under_it(options: Any) -> None:
    made = planned(desired(declared("stack/web", UI)), alive(observed(ONE, WAS_WEB)), **PRUNE, **options)
    assert changes(made) == {"stack/web": ["create"], "stack/site": ["destroy", "delete"]}
    found = finding(made)
    assert (found.code, found.addresses) == ("runs-twice", (at("stack/web"), at("stack/site")))
    assert found.message == (
        "stack/web would be created as web on server/one, as which stack/site runs: "
        "the delete of stack/site takes that down, and nothing starts it again"
    )
    assert found.hint == (
        "`renamed_from: site` in the manifest of stack/web, if it is the same one, or rename stack/site back in "
        "Komodo; if not, give stack/web another project_name, or take stack/site down in Komodo first"
    )
    # that it is deployed too is told once
    made = planned(desired(declared("stack/web", UI, deploy=True)), alive(observed(ONE, WAS_WEB)), **PRUNE)
    assert codes(made) == ["runs-twice"]


@pytest.mark.parametrize("options", [{"owner": "us"}, {}, {**PRUNE, "only": frozenset({at("stack/web")})}])
def test_what_runs_as_a_new_stack_is_called_is_not_doubled(options: Any) -> None:
    held = WAS_WEB if options.get("owner") else replace(WAS_WEB, tags=frozenset())
    made = planned(desired(declared("stack/web", UI)), observed(ONE, held), **options)
    assert changes(made) == {"stack/web": ["create"]}
    assert "each deploy or delete of one takes the other down" in finding(made).message


def test_the_cure_of_a_taken_place_leaves_nothing_to_say() -> None:
    wanted = desired(declared("stack/web", UI, renamed_from="site"))
    made = planned(wanted, alive(observed(ONE, WAS_WEB)), **PRUNE)
    assert (changes(made), made.plan.findings) == ({"stack/web": ["rename"]}, ())
    wanted = desired(declared("stack/web", UI, renamed_from="site"), absent=["stack/site"])
    assert changes(planned(wanted, alive(observed(ONE, WAS_WEB)), **PRUNE)) == {"stack/web": ["rename"]}


@pytest.mark.parametrize(
    ("wanted", "held", "options"),
    [
        # it does not run
        (desired(declared("stack/web", UI)), replace(WAS_WEB, state="down"), {}),
        # it runs on, and is the new one's
        (desired(declared("stack/web", UI)), WAS_WEB, {"removal": "keep_running"}),
        (desired(declared("stack/web", {**UI, "project_name": "web3"})), WAS_WEB, {}),
        (desired(declared("stack/web", {**UI, "server_id": "two"})), WAS_WEB, {}),
        (desired(declared("stack/web", {**UI, "auto_pull": False}, template=True)), WAS_WEB, {}),
        # somebody else's, or to become so
        (desired(declared("stack/web", UI)), replace(WAS_WEB, tags=frozenset({"owner:them"})), {}),
        (desired(declared("stack/web", UI)), replace(WAS_WEB, tags=frozenset()), {}),
        (desired(declared("stack/web", UI), forget=["stack/site"]), WAS_WEB, {}),
        (desired(declared("stack/web", UI), declared("stack/site", UI)), WAS_WEB, {}),
        # it is called otherwise where it runs
        (desired(declared("stack/web", UI, deploy=True)), replace(WAS_WEB, project="site"), {}),
    ],
)
def test_a_place_is_free_where_nothing_of_ours_runs_there(wanted: Any, held: Any, options: Any) -> None:
    two = live("server/two", {"address": "https://two:8120"})
    made = planned(wanted, alive(observed(ONE, two, held)), **{**PRUNE, **options})
    assert codes(made) == []


# what two containers cannot share

BOX = {
    "server_id": "one",
    "image": {"type": "Image", "params": {"image": "nginx:1.27"}},
    "network": "bridge",
    "ports": "8080: 80\n",
    "volumes": "data: /data\n",
}
OLD_BOX = live("deployment/site", BOX, OURS, state="running")


def box(**config: Any) -> Any:
    return declared("deployment/web", {**BOX, **config}, deploy=True)


def boxes(wanted: Any, held: Any, **options: Any) -> Any:
    two = live("server/two", {"address": "https://two:8120"})
    return planned(desired(wanted), alive(observed(ONE, two, held)), **{**PRUNE, **options})


def test_a_container_is_not_deployed_beside_its_old_self() -> None:
    made = boxes(box(), OLD_BOX)
    assert changes(made) == {"deployment/web": ["create", "deploy"], "deployment/site": ["destroy", "delete"]}
    found = finding(made)
    assert (found.code, found.addresses) == ("runs-beside", (at("deployment/web"), at("deployment/site")))
    assert found.message == (
        "deployment/web would be deployed on server/one while deployment/site runs there, which is deleted afterwards: "
        "both publish port 8080, so that the new one cannot start; both would use the volume data at once"
    )
    assert found.hint == (
        "`renamed_from: site` in the manifest of deployment/web, if it is the same one; if both are meant, give one of "
        "them another port and another volume; if deployment/site is to go, take it down first: in Komodo, "
        "or declared with `state: down` and named in `after` of deployment/web"
    )
    left = finding(boxes(box(), OLD_BOX, prune=False))
    assert "while deployment/site runs there, which no manifest declares: both" in left.message


def test_the_cure_of_one_beside_its_old_self_leaves_nothing_to_say() -> None:
    made = boxes(replace(box(), renamed_from="site"), OLD_BOX)
    assert (changes(made), codes(made)) == ({"deployment/web": ["rename"]}, [])
    assert codes(boxes(box(), replace(OLD_BOX, state="not_deployed"))) == []


@pytest.mark.parametrize(
    ("mine", "old", "shared"),
    [
        ("8080: 80\n", "8080: 81\n", "port 8080"),
        ("127.0.0.1:8080:80\n", "8080: 80\n", "port 8080"),
        ("127.0.0.1:8080:80\n127.0.0.1:81:81", "127.0.0.1:8080:80", "port 8080"),
        ("[::1]:8080:80", "8080: 80", "port 8080"),
        ("[::1]:8080:80", "[::]:8080:80", "port 8080"),
        ("[::1]:8080:80", "0.0.0.0:8080:80", ""),
        ("127.0.0.1:8080:80", "0.0.0.0:8080:80", "port 8080"),
        ("127.0.0.1:8080:80", "10.0.0.1:8080:80", ""),
        ("53: 53/udp", "53: 53/tcp", ""),
        ("53: 53/udp", "53: 53/udp", "port 53/udp"),
        ("8080: 80/tcp", "8080: 80", "port 8080"),
        ("8000-8002:80-82", "8002: 80\n8001: 80", "ports 8001-8002"),
        # any one that is free
        ("8000-8002:80", "8000-8002:80", ""),
        ("8080: 80", "8081: 80", ""),
        ("0: 80", "0: 80", ""),
        ("[[PORT]]: 80", "[[PORT]]: 80", ""),
        ("99999999-1: 80", "2: 80", ""),
        ("8080: 80 # web", "# 8080: 80", ""),
        (Sealed("8080: 80", {"8080": Sealed("80")}), "8080: 80", ""),
        (Sealed("8080: 80", {"8080": "80"}), "8080: 80", "port 8080"),
        (Sealed("8080: 80"), "8080: 80", ""),
    ],
)
def test_a_port_of_a_host_is_published_once(mine: Any, old: str, shared: str) -> None:
    made = boxes(box(ports=mine, volumes=""), replace(OLD_BOX, config={**BOX, "ports": old, "volumes": ""}))
    assert [item.message.partition("both publish ")[2].partition(", so")[0] for item in made.plan.refusals] == (
        [shared] if shared else []
    )


@pytest.mark.parametrize(
    ("mine", "old", "shared"),
    [
        ("data: /data", "data: /srv", "data"),
        ("/srv/data/: /data", "/srv/data:/data:ro", "/srv/data"),
        ("/srv/data:/data:ro,z", "/srv/data:/data:ro", ""),
        ("data: /data", "data2: /data", ""),
        # what is no data of theirs
        ("/var/run/docker.sock:/var/run/docker.sock", "/var/run/docker.sock:/var/run/docker.sock", ""),
        ("/etc/localtime: /etc/localtime", "/etc/localtime: /etc/localtime", ""),
        ("/dev/dri: /dev/dri", "/dev/dri: /dev/dri", ""),
    ],
)
def test_a_volume_of_one_program_is_written_by_one_container(mine: str, old: str, shared: str) -> None:
    made = boxes(box(ports="", volumes=mine), replace(OLD_BOX, config={**BOX, "ports": "", "volumes": old}))
    assert [item.message.partition("the volume ")[2].removesuffix(" at once") for item in made.plan.refusals] == (
        [shared] if shared else []
    )


def test_a_volume_that_several_declared_ones_have_is_meant_to_be_shared() -> None:
    """Workers of one loop, one of which goes and another of which is new."""
    free = {**BOX, "ports": "", "volumes": "/srv/up: /up"}
    stays = live("deployment/stays", free, OURS, state="running")
    held = replace(OLD_BOX, config=free)
    for more in ((), (declared("deployment/stays", free),)):
        wanted = desired(box(ports="", volumes="/srv/up: /up"), *more)
        made = planned(wanted, alive(observed(ONE, held, *([stays] if more else []))), **PRUNE)
        assert ("runs-beside" in codes(made)) is not bool(more), codes(made)


def test_a_port_is_published_once_by_whatever_kind() -> None:
    text = "services:\n  web: {image: nginx, ports: ['8080:80']}\n"
    stack = declared("stack/site", {"server_id": "one", "file_contents": text}, deploy=True)
    found = finding(planned(desired(stack), alive(observed(ONE, OLD_BOX)), **PRUNE))
    assert found.code == "runs-beside"
    assert found.message == (
        "stack/site would be deployed on server/one while deployment/site runs there, which is deleted afterwards: "
        "both publish port 8080, so that the new one cannot start"
    )
    assert found.hint == (
        "if both are meant, give one of them another port; if deployment/site is to go, take it down first: in Komodo, "
        "or declared with `state: down` and named in `after` of stack/site"
    )


def test_a_newer_image_is_the_same_program_and_another_one_may_share_a_volume() -> None:
    def of(image: str) -> list[str]:
        return codes(boxes(box(ports="", image={"type": "Image", "params": {"image": image}}), OLD_BOX))

    assert (of("nginx:1.28"), of("nginx@sha256:00"), of("nginx:1@sha256:00")) == (["runs-beside"],) * 3
    assert (of("redis:7"), of("localhost:5000/nginx:1.27")) == ([], [])
    built = {"type": "Build", "params": {"build_id": "b", "version": "1.0.0"}}
    held = replace(OLD_BOX, config={**BOX, "image": built})
    wanted = desired(declared("build/b"), box(ports="", image=built))
    assert "runs-beside" in codes(planned(wanted, alive(observed(ONE, live("build/b", {}, OURS), held)), **PRUNE))


@pytest.mark.parametrize(
    ("wanted", "held", "options"),
    [
        (replace(box(auto_update=True), deploy=False), OLD_BOX, {}),
        (box(auto_update=True), OLD_BOX, {"deploy": False}),
        (box(server_id="two"), OLD_BOX, {}),
        (box(), replace(OLD_BOX, state="not_deployed"), {}),
        # its container is there, and does not run
        (box(), replace(OLD_BOX, state="exited"), {}),
        (box(), replace(OLD_BOX, template=True), {}),
        # on the network of the host nothing is published
        (box(network="host", volumes=""), OLD_BOX, {}),
        (box(volumes=""), replace(OLD_BOX, config={"ports": BOX["ports"], "server_id": "one"}), {}),
        (box(ports=Unknown(), volumes=Unknown()), OLD_BOX, {}),
    ],
)
def test_containers_that_share_nothing_may_stand_beside_each_other(wanted: Any, held: Any, options: Any) -> None:
    assert codes(boxes(wanted, held, **options)) == []


def test_what_is_not_ours_is_no_old_self_and_keeps_its_port() -> None:
    assert codes(boxes(box(), replace(OLD_BOX, tags=frozenset({"owner:them"})))) == ["no-room"]


# a machine under a new name

S9 = live("server/s9", {"address": "https://s:8120", "enabled": True}, OURS)
S1 = declared("server/s1", {"address": "https://s:8120", "enabled": True})
ON_S9 = live("stack/web", {**UI, "server_id": "s9"}, OURS, state="running", project="web")
ON_S1 = declared("stack/web", {**UI, "server_id": "s1"}, deploy=True)


def test_what_is_on_a_renamed_server_is_not_moved_to_itself() -> None:
    repo = live("repo/code", {"server_id": "s9", "repo": "a/b"}, OURS)
    wanted = desired(S1, ON_S1, declared("repo/code", {"server_id": "s1", "repo": "a/b"}))
    made = planned(wanted, alive(observed(S9, ON_S9, repo)), **PRUNE)
    assert changes(made)["stack/web"] == ["destroy", "update", "deploy"]
    found = finding(made)
    assert (found.code, found.addresses) == ("same-machine", (at("server/s1"), at("server/s9")))
    assert found.message == (
        "server/s1 would be created with the address of server/s9, which is deleted, and repo/code and stack/web be "
        "moved from the one to the other, as if these were two machines: stack/web is taken down for that"
    )
    assert found.hint == (
        "`renamed_from: s9` in the manifest of server/s1, if it is the same server; if it is another one, give each "
        "a different address"
    )


def test_the_cure_of_a_renamed_server_moves_nothing() -> None:
    wanted = desired(replace(S1, renamed_from="s9"), ON_S1)
    made = planned(wanted, alive(observed(S9, ON_S9)), **PRUNE)
    assert (changes(made)["server/s1"], codes(made)) == (["rename"], [])
    assert "destroy" not in changes(made).get("stack/web", [])


@pytest.mark.parametrize(
    ("server", "held", "stack"),
    [
        (declared("server/s1", {"address": "https://other:8120"}), S9, ON_S1),
        (declared("server/s1", {"address": Unknown()}), S9, ON_S1),
        (declared("server/s1"), S9, ON_S1),
        (S1, replace(S9, config={"enabled": True}), ON_S1),
        (S1, replace(S9, tags=frozenset({"owner:them"})), ON_S1),
        (S1, S9, declared("stack/web2", {**UI, "server_id": "s1"})),
    ],
)
def test_two_machines_are_two(server: Any, held: Any, stack: Any) -> None:
    made = planned(desired(server, stack), alive(observed(held, replace(ON_S9, tags=frozenset()), ONE)), owner="us")
    assert "same-machine" not in codes(made)


def test_a_server_without_an_address_may_be_the_one_whose_agent_connects() -> None:
    held = [replace(each, config={"enabled": True}) for each in (S9, replace(S9, address=at("server/z9")))]
    server = declared("server/s1", {"enabled": True})
    made = planned(
        desired(server, declared("server/z1", {"enabled": True}), ON_S1), alive(observed(*held, ON_S9)), **PRUNE
    )
    found = finding(made)
    assert (found.code, found.addresses) == ("same-machine", (at("server/s1"), at("server/s9")))
    assert (
        "server/s1 would be created with no address, like server/s9, which is deleted, and stack/web be"
        in found.message
    )
    assert found.hint == (
        "`renamed_from: s9` in the manifest of server/s1, if it is the same server; if it is another one, give it its "
        "address, or declare both first, and move in a second apply once its agent has connected"
    )
    cured = planned(desired(replace(server, renamed_from="s9"), ON_S1), alive(observed(*held, ON_S9)), **PRUNE)
    assert codes(cured) == []
    # nothing moves
    assert codes(planned(desired(server), alive(observed(*held)), **PRUNE)) == []


@pytest.mark.parametrize("address", ["https://S:8120", "https://s:8120/"])
def test_an_address_may_be_written_otherwise(address: str) -> None:
    server = declared("server/s1", {"address": address, "enabled": True})
    assert "same-machine" in codes(planned(desired(server, ON_S1), alive(observed(S9, ON_S9)), **PRUNE))


def test_a_secret_address_is_looked_at_and_not_told() -> None:
    server = declared("server/s1", {"address": Sealed("https://s:8120")})
    made = planned(desired(server, ON_S1), alive(observed(S9, ON_S9)), **PRUNE)
    assert "same-machine" in codes(made)
    assert "s:8120" not in repr(made.plan.refusals)


# what looks like a rename

OLD = live("stack/old", {**UI, "environment": "A=1\n"}, OURS, state="running", project="old")
NEW = declared("stack/new", OLD.config)


STARTED = replace(NEW, deploy=True)


def likely(*wanted: Any, held: Any = (OLD,), mentioned: Any = None, **options: Any) -> list[str]:
    world = desired(*wanted, **(mentioned or {}))
    made = planned(world, alive(observed(ONE, *held)), **{**PRUNE, **options})
    assert codes(made) in ([], ["runs-nowhere"])
    return [item.message for item in made.plan.findings if item.code in ("likely-rename", "runs-nowhere")]


def test_the_very_configuration_of_what_goes_is_told() -> None:
    made = planned(desired(STARTED), alive(observed(ONE, OLD)), **PRUNE)
    found = finding(made, "warning")
    assert (found.code, found.addresses) == ("likely-rename", (at("stack/new"), at("stack/old")))
    assert found.message == (
        "stack/new is created with the very configuration of stack/old, which is to be deleted, so that its history "
        "and permissions in Komodo are gone and what runs of it is taken down"
    )
    assert (
        found.hint
        == "`renamed_from: old` in the manifest of stack/new, if it is the same one; if not, nothing is to be done"
    )
    assert likely(NEW, prune=False) == [
        "stack/new is created with the very configuration of stack/old, which is declared nowhere: both will be there"
    ]
    assert "taken down" not in likely(NEW, removal="keep_running")[0]


@pytest.mark.parametrize(
    ("new", "old"),
    [(NEW, OLD), (replace(box(), deploy=False), OLD_BOX), (box(), OLD_BOX)],
    ids=["stack", "box", "none"],
)
def test_what_runs_is_not_deleted_with_nothing_started_in_its_place(new: Any, old: Any) -> None:
    options = {"deploy": False} if new.deploy else {}
    made = planned(desired(new), alive(observed(ONE, old)), **PRUNE, **options)
    found = finding(made)
    assert (found.code, found.addresses) == ("runs-nowhere", (new.address, old.address))
    assert found.message == (
        f"{new.address} is created with the very configuration of {old.address}, which is to be deleted, so that its "
        "history and permissions in Komodo are gone and what runs of it is taken down, with nothing started in its "
        "place"
    )
    assert found.hint == (
        f"`renamed_from: {old.address.name}` in the manifest of {new.address}, if it is the same one; if not, take "
        f"{old.address} down in Komodo first"
    )
    for state in KINDS[old.address.kind].lifecycle.stopped | KINDS[old.address.kind].lifecycle.down:  # type: ignore[union-attr]
        assert codes(planned(desired(new), alive(observed(ONE, replace(old, state=state))), **PRUNE, **options)) == []
    assert codes(planned(desired(new), alive(observed(ONE, old)), owner="us", **options)) == []


def test_volumes_that_stay_behind_are_told_with_it() -> None:
    config = {**UI, "file_contents": "services: {db: {image: pg, volumes: ['data:/d']}}\nvolumes: {data: }\n"}
    held = replace(OLD, config=config)
    [told] = likely(declared("stack/new", config, deploy=True), held=[held])
    assert told.endswith("are gone, what runs of it is taken down and its named volumes data stay behind")
    named = {**config, "project_name": "p"}
    [told] = likely(declared("stack/new", named), held=[replace(OLD, config=named, project="p", state="down")])
    assert "volumes" not in told


def test_the_cure_of_a_likely_rename_leaves_nothing_to_say() -> None:
    made = planned(desired(replace(NEW, renamed_from="old")), alive(observed(ONE, OLD)), **PRUNE)
    assert (changes(made)["stack/new"][0], made.plan.findings) == ("rename", ())


def test_secrets_are_compared_and_not_told() -> None:
    assert len(likely(declared("stack/new", {**UI, "environment": Sealed("A=1\n")}))) == 1
    assert likely(declared("stack/new", {**UI, "environment": Sealed("A=2\n")})) == []
    assert likely(declared("stack/new", {**UI, "environment": Unknown()})) == []


@pytest.mark.parametrize(
    ("kind", "config", "more"),
    [
        ("stack", UI, {"environment": Unknown({"TZ": "Europe/Berlin", "TOKEN": Unknown()})}),
        ("stack", UI, {"environment": Unknown()}),
        ("stack", UI, {"pre_deploy": {"path": "", "command": Unknown()}}),
        ("stack", UI, {"extra_args": [Unknown()]}),
        ("alerter", {"enabled": True}, {"endpoint": {"type": "Slack", "params": {"url": Unknown()}}}),
    ],
)
def test_of_what_is_not_known_nothing_is_told(kind: str, config: Any, more: Any) -> None:
    assert likely(declared(f"{kind}/new", {**config, **more}), held=[live(f"{kind}/old", config, OURS)]) == []


@pytest.mark.parametrize(
    ("kind", "config"),
    [
        ("server", {"address": "https://x:8120", "enabled": True}),
        ("action", {"file_contents": "go()\n"}),
        ("repo", {"server_id": "one", "repo": "a/b"}),
        ("deployment", {"server_id": "one", "image": {"type": "Image", "params": {"image": "nginx"}}}),
        ("procedure", {"stages": [{"name": "a", "enabled": True, "executions": []}]}),
    ],
)
def test_every_kind_that_can_be_renamed_is_looked_at(kind: str, config: Any) -> None:
    [told] = likely(declared(f"{kind}/new", config), held=[live(f"{kind}/old", config, OURS)])
    assert told.startswith(f"{kind}/new is created with the very configuration of {kind}/old, which is to be deleted")


def test_many_renames_are_told_in_one_line_for_each_kind() -> None:
    names = [f"{number:02}" for number in range(20)]
    held = [replace(OLD, address=at(f"stack/old{name}"), config={**UI, "environment": f"A={name}\n"}) for name in names]
    wanted = [declared(f"stack/new{name}", {**UI, "environment": f"A={name}\n"}) for name in names]
    made = planned(desired(*wanted), alive(observed(ONE, *held)), **PRUNE)
    found = finding(made)
    assert len(found.addresses) == 40
    assert found.message == (
        "20 are created with the very configurations of others: stack/new00 of stack/old00, stack/new01 of "
        "stack/old01, stack/new02 of stack/old02 and 17 more, which are to be deleted, so that their history and "
        "permissions in Komodo are gone and what runs of them is taken down, with nothing started in their place"
    )
    assert found.hint == (
        "`renamed_from: old00` in the manifest of stack/new00, and so on, if it is the same one; if not, take the old "
        "ones down in Komodo first"
    )


@pytest.mark.parametrize(
    ("wanted", "held", "options"),
    [
        # another configuration, kind or owner
        ([declared("stack/new", UI)], [OLD], {}),
        ([declared("stack/new", {**OLD.config, "auto_pull": False})], [OLD], {}),
        ([NEW], [replace(OLD, tags=frozenset({"owner:them"}))], {}),
        ([NEW], [replace(OLD, tags=frozenset({OURS, "owner:them"}))], {}),
        ([NEW], [replace(OLD, tags=frozenset())], {}),
        ([NEW], [replace(OLD, template=True)], {}),
        # spoken for
        ([NEW, declared("stack/old", OLD.config)], [OLD], {}),
        ([NEW], [OLD], {"mentioned": {"absent": ["stack/old"]}}),
        ([NEW], [OLD], {"mentioned": {"forget": ["stack/old"]}}),
        ([NEW, declared("stack/newer", {}, renamed_from="old")], [OLD], {}),
        # without an owner nobody knows what other manifests declare
        ([NEW], [replace(OLD, tags=frozenset())], {"owner": ""}),
        # nothing of its own
        ([declared("stack/new")], [replace(OLD, config={})], {}),
        ([declared("stack/new", {"server_id": "one"})], [replace(OLD, config={"server_id": "one"})], {}),
        ([declared("server/new", {"enabled": True})], [live("server/old", {"enabled": True}, OURS)], {}),
        # one of several that are equal
        ([NEW, declared("stack/newer", OLD.config)], [OLD], {}),
        ([NEW], [OLD, replace(OLD, address=at("stack/older"))], {}),
        ([NEW, declared("stack/two", OLD.config)], [OLD, replace(OLD, address=at("stack/two"))], {}),
        ([NEW], [OLD, live("stack/theirs", OLD.config, "owner:them")], {}),
    ],
)
def test_what_is_no_likely_rename_is_told_nowhere(wanted: Any, held: Any, options: Any) -> None:
    assert likely(*wanted, held=held, **options) == []


def test_what_is_refused_is_no_mere_likelihood() -> None:
    made = planned(desired(declared("stack/web", UI)), alive(observed(ONE, WAS_WEB)), **PRUNE)
    assert codes(made, "warning") == []
