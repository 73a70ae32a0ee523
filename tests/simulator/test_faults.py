"""What the embedded Core can be told to get wrong."""

from __future__ import annotations

import httpx
import pytest
from asking import Asker, timed

from komodo_sync.errors import UsageError
from komodo_sync.operations import renamed
from komodo_sync.simulator import EmbeddedCore


@pytest.fixture
def told():
    """`told(fault, ...)`: somebody who asks a Core with these faults, and stacks web and db."""
    opened: list[EmbeddedCore] = []

    def make(*faults: str) -> Asker:
        core = timed()
        opened.append(core)
        asker = Asker(core)
        for name in ("web", "db"):
            asker.write("CreateStack", name=name)
        for fault in faults:
            core.faults.add(fault)
        return asker

    yield make
    for core in opened:
        core.close()


@pytest.mark.parametrize("operation", ["StopStack", "DestroyStack", "StopDeployment", "DestroyDeployment"])
def test_what_fails_has_not_been_done(told, operation: str) -> None:
    ask = told()
    ask.write("CreateServer", name="s", config={"enabled": True})
    ask.write("CreateStack", name="x", config={"server_id": "s", "file_contents": "services: {a: {image: b}}"})
    image = {"type": "Image", "params": {"image": "b"}}
    ask.write("CreateDeployment", name="x", config={"server_id": "s", "image": image})
    ask.run("DeployStack", stack="x")
    ask.run("Deploy", deployment="x")
    ask.core.faults.add(f"{operation}=fail")
    kind = "stack" if operation.endswith("Stack") else "deployment"
    assert not ask.run(operation, **{kind: "x"})["success"]
    lists = "ListStacks" if kind == "stack" else "ListDeployments"
    [found] = ask.read(lists, query={"names": ["x"]}, page=0, limit=0)
    assert found["info"]["state"] == "running"


def test_busy_for_a_while(told) -> None:
    ask = told("UpdateStack=busy:2")
    for _ in range(2):
        assert ask.refused("write", "UpdateStack", id="web", config={}) == (500, "Stack busy", [])
    ask.write("UpdateStack", id="web", config={})


def test_one_resource_alone(told) -> None:
    ask = told("UpdateStack:web=503")
    assert ask.refused("write", "UpdateStack", id="web", config={})[0] == 503
    ask.write("UpdateStack", id="db", config={})


@pytest.mark.parametrize("where", ["ListFullStacks", "read/*", "*"])
def test_places(told, where: str) -> None:
    ask = told(f"{where}=429")
    assert ask.refused("read", "ListFullStacks")[0] == 429
    assert (ask.send("write", "UpdateStack", id="web", config={}).status_code == 200) is (where != "*")


def test_a_login_page(told) -> None:
    ask = told("*=html")
    for answer in (ask.send("read", "ListFullStacks"), ask.http.get("/version"), ask.http.get("/user")):
        assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html")


def test_no_answer_although_it_was_done(told) -> None:
    ask = told("CreateStack=drop:1")
    with pytest.raises(ConnectionError):
        ask.send("write", "CreateStack", name="new")
    assert ask.refused("write", "CreateStack", name="new")[0] == 409


def test_no_answer_and_nothing_done(told) -> None:
    ask = told("CreateStack=refuse:1")
    with pytest.raises(ConnectionError):
        ask.send("write", "CreateStack", name="new")
    ask.write("CreateStack", name="new")


def test_an_execution_that_fails(told) -> None:
    ask = told("StopStack:web=fail")
    ask.write("CreateServer", name="prod", config={"enabled": True})
    for name in ("web", "db"):
        ask.write("UpdateStack", id=name, config={"server": "prod"})
    assert ask.run("StopStack", stack="web")["success"] is False
    assert ask.run("StopStack", stack="db")["success"] is True


def test_an_execution_that_ends_as_busy(told) -> None:
    update = told("DeployStack=busy:1").run("DeployStack", stack="web")
    assert update["logs"][0]["stderr"].endswith("Resource is busy")


def test_an_execution_that_lasts(told) -> None:
    ask = told("DeployStack=takes:2")
    assert ask.run("DeployStack", stack="web")["status"] == "InProgress"
    assert ask.refused("write", "UpdateStack", id="web", config={})[1] == "Stack busy"
    ask.core.clock.pass_by(2000)
    ask.write("UpdateStack", id="web", config={})


def test_an_execution_that_never_ends(told) -> None:
    ask = told("DeployStack=hang:1")
    update = ask.run("DeployStack", stack="web")
    ask.core.clock.pass_by(10**9)
    assert ask.read("GetUpdate", id=update["_id"]["$oid"])["status"] == "InProgress"
    # it is as busy as with any other that has not ended
    assert ask.read("GetStackActionState", stack="web")["deploying"]
    assert ask.refused("write", "UpdateStack", id="web", config={})[1] == "Stack busy"
    again = ask.run("DeployStack", stack="web")
    ask.core.clock.pass_by(1000)
    [log] = ask.read("GetUpdate", id=again["_id"]["$oid"])["logs"]
    assert (log["stage"], log["success"]) == ("Task Error", False)
    ask.core.start()
    assert not ask.read("GetStackActionState", stack="web")["deploying"]


def test_a_fault_of_all_that_a_pattern_fits(told) -> None:
    ask = told("UpdateStack:w*=busy")
    assert ask.refused("write", "UpdateStack", id="web", config={})[1] == "Stack busy"
    ask.write("UpdateStack", id="db", config={})


def test_an_older_core(told) -> None:
    ask = told("version=1.19.5")
    assert ask.http.get("/version").status_code == 404
    assert ask.read("GetVersion") == {"version": "1.19.5"}


def test_faults_can_be_taken_back(told) -> None:
    ask = told("*=500", "version=1.0.0")
    ask.core.faults.clear()
    assert ask.read("GetVersion") == {"version": "2.3.2"}


def test_a_slow_answer_is_an_answer(told) -> None:
    assert told("*=slow:0.01").read("GetVersion") == {"version": "2.3.2"}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "=500",
        "UpdateStack=",
        "UpdateStack=oops",
        "X=busy:many",
        "X=200",
        "X=slow",
        "X=slow:nan",
        "X=takes:inf",
        "X=slow:-1",
    ],
)
def test_what_is_no_fault(text: str) -> None:
    with pytest.raises(UsageError, match="unknown fault"):
        EmbeddedCore.open(faults=[text])


@pytest.mark.parametrize(
    ("text", "said", "hint"),
    [
        ("Foo=fail", "there is no operation Foo", "write an operation"),
        ("DeployStak:web=fail", "there is no operation DeployStak", "did you mean DeployStack?"),
        ("deploystack=fail", "there is no operation deploystack", "did you mean DeployStack?"),
        ("InspectStackSwarmInfo=500", "there is no operation InspectStackSwarmInfo", "did you mean"),
        ("reads/*=500", "there is no operation reads/*", "did you mean read/*?"),
        ("UpdateStack=bussy", "unknown fault 'UpdateStack=bussy'", "did you mean busy?"),
        ("UpdateStack=hang", "UpdateStack is no execution, so that it has no end that could be told", "DeployStack"),
        ("ListFullStacks=takes:2", "ListFullStacks is no execution, so that it has no end", "slow:S"),
        ("write/*=fails:Compose Up", "write/* is no execution, so that it has no end", "execute/*"),
    ],
)
def test_what_would_never_go_wrong_is_refused(text: str, said: str, hint: str) -> None:
    with pytest.raises(UsageError) as caught:
        EmbeddedCore.open(faults=[text])
    assert said in caught.value.summary
    assert hint in caught.value.hint


@pytest.mark.parametrize(
    "text",
    ["GET /user=500", "GET /version=html", "BatchCheckStackForUpdate=500", "execute/*=hang",
     "*=takes:1", "DeleteStack=fails:Compose Down", "*=fails:Clone Repo"],
)  # fmt: skip
def test_what_can_go_wrong_is_taken(text: str) -> None:
    with EmbeddedCore.open(faults=[text]) as core:
        assert len(core.faults.faults) == 1


def test_an_operation_is_meant_by_its_old_name_too(told) -> None:
    assert renamed()["ListDockerRegistryAccounts"] == "ListImageRegistryAccounts"
    ask = told("ListDockerRegistryAccounts=500")
    for name in ("ListDockerRegistryAccounts", "ListImageRegistryAccounts"):
        assert ask.send("read", name).status_code == 500


def test_a_dropped_connection_on_a_port_is_one(listening) -> None:
    url, core = listening("GetVersion=drop")
    with pytest.raises(httpx.RemoteProtocolError):
        httpx.post(f"{url}/read/GetVersion", json={}, headers={"X-Api-Key": core.key, "X-Api-Secret": core.secret})
    assert httpx.get(f"{url}/version").text == "2.3.2"


def test_a_resource_is_meant_by_its_name_also_when_it_is_asked_for_by_its_id(ask) -> None:
    web = ask.write("CreateStack", name="web")["_id"]["$oid"]
    other = ask.write("CreateStack", name="other")["_id"]["$oid"]
    ask.core.faults.add("*:web=500")
    assert ask.refused("write", "UpdateStack", id=web, config={})[0] == 500
    assert ask.refused("write", "UpdateResourceMeta", target={"type": "Stack", "id": web})[0] == 500
    ask.write("UpdateStack", id=other, config={})
