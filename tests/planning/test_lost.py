"""Data that lay at the paths of a service, and lies at none of them any more, is told with what cannot be undone."""

from __future__ import annotations

from typing import Any

import pytest
from planning_worlds import change, declared, desired, live, planned
from test_volumes import DATA, DB, core, lost, stack, ui

from komodo_sync.model.plan import Effect
from komodo_sync.model.sealed import Sealed
from komodo_sync.report.html import plan_html
from komodo_sync.report.markdown import plan_markdown
from komodo_sync.report.text import plan_text

NONE = "services:\n  db:\n    image: postgres\n"
BEHIND = "data stays behind unused"
HANDED = " (unless the image has a VOLUME there: then compose hands it on)"
UNTIL = " (compose mounts what was there until it is taken down)"
ONE = "volumes: {data: {external: true, name: one}}\n"
IMAGE = {"type": "Image", "params": {"image": "nginx"}}


def db(*mounts: str, rest: str = "") -> str:
    listed = "".join(f"      - {each}\n" for each in mounts)
    return f"{NONE}    volumes:\n{listed}{rest}"


def told(before: Any, after: Any, **beside: Any) -> dict[str, str]:
    """All that the deploy says of what is mounted."""
    made = planned(desired(declared("stack/x", after, deploy=True)), core(stack(before), **beside))
    effects = change(made, "stack/x", "deploy").effects
    kinds = ("loses", "misses", "moves", "keeps")
    return {f"{each.kind} {each.subject}": each.detail for each in effects if each.kind in kinds}


@pytest.mark.parametrize(
    ("before", "after", "left", "detail"),
    [
        (DATA, NONE, "data", f"starts without it{HANDED}; {BEHIND}"),
        (DATA, f"{NONE}volumes: {{data: }}\n", "data", f"starts without it{HANDED}; {BEHIND}"),
        (DATA, f"{NONE}    tmpfs: /var/lib\n", "data", f"gets what is in memory in its place; {BEHIND}"),
        (DATA, f"{NONE}    tmpfs: [/var/lib:size=1m]\n", "data", f"gets what is in memory in its place; {BEHIND}"),
        (DATA, db("{type: tmpfs, target: /var/lib}"), "data", f"gets what is in memory in its place; {BEHIND}"),
        (DATA, db("/var/lib"), "data", f"gets a volume without a name in its place{UNTIL}; {BEHIND}"),
        (DATA, db("/srv/d:/var/lib"), "data", f"gets /srv/d of the host in its place; {BEHIND}"),
        (DATA, DB.replace("data:", "./data:"), "data", f"gets ./data of the host in its place; {BEHIND}"),
        (DB + ONE, DB + ONE.replace("one", "two"), "one", "gets the volume two in its place; one stays behind"),
        (DATA, DB + "volumes: {data: {external: true}}\n", "data", f"gets the volume data in its place; {BEHIND}"),
        (db("/d"), db("a:/d", rest="volumes: {a: }\n"), "the anonymous volume of /d", None),
    ],
)
def test_what_lies_at_no_path_any_more_is_lost(before: str, after: str, left: str, detail: str | None) -> None:
    detail = detail or f"gets the new and empty volume a; {left} stays behind"
    if "volume data in its place" in detail:  # they are called alike, and are not the same
        detail = f"gets another one in its place; what {left} was stays behind unused"
    assert lost(ui(before), ui(after)) == [(left, f"the service db {detail}")]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (db("./nginx.conf:/etc/n.conf:ro"), db("./other.conf:/etc/n.conf:ro")),
        (db("./nginx.conf:/etc/n.conf"), db("./other.conf:/etc/n.conf")),
        (db("./certs:/certs:ro"), NONE),
        (db("/var/run/docker.sock:/var/run/docker.sock", "/etc/localtime:/etc/localtime"), NONE),
        (db("{type: tmpfs, target: /d}"), NONE),
        # compose hands a volume without a name on where one is mounted still
        (db("/d"), db("{type: volume, target: /d/}")),
        (db("/d"), db("'${PLACE}'")),
        (db("'${PLACE}'"), NONE),
        (db("/d"), "services:\n  base: {volumes: [/d]}\n  db: {extends: base}\n"),
        # no container has it
        (db("/d").replace("image", "scale: 0\n    image"), NONE),
        # what is not started anew keeps it
        (db("/d"), f"{NONE}    profiles: [x]\n"),
        (db("/d"), "services: {other: {image: x, volumes: [/d]}}\n"),
        (DATA, DATA.replace("data:/var/lib", "data:/var/lib:ro")),
        (db("./d:/d"), db("d/:/d/").replace("d/:", "./d/:")),
        (db("/srv/d/a:/a", "/srv/d/b:/b"), db("/srv/d:/d")),
        (db("/etc/komodo/stacks/x/d:/d"), db("./d:/d")),
        (db("./d:/d"), db("/opt/komodo/stacks/x/d:/d")),
        (DATA, DB + "volumes: {data: {external: true, name: x_data}}\n"),
        (DATA, DB.replace("[data:", "[d:") + "volumes: {d: {name: x_data}}\n"),
        (DATA, DB.replace("[data:", "[d:") + "volumes: {d: {name: '${COMPOSE_PROJECT_NAME}_data'}}\n"),
        (
            DB + "volumes: {data: {driver_opts: {type: nfs, o: addr=nas, device: ':/d'}}}\n",
            DB.replace("[data:", "[d:") + "volumes: {d: {driver_opts: {type: nfs, o: addr=nas, device: ':/d'}}}\n",
        ),
        # what is taken from elsewhere may mount it
        (DATA, "services:\n  base: {volumes: ['data:/var/lib']}\n  db: {extends: base}\nvolumes: {data: }\n"),
        (DATA, "services:\n  base: {volumes: ['data:/var/lib']}\n  db: {volumes_from: [base]}\nvolumes: {data: }\n"),
        (DATA, f"{NONE}    scale: 0\n"),
        (DATA, f"{NONE}    profiles: [x]\n"),
        (DATA, "services: {other: {image: x}}\n"),
        (DATA, Sealed(NONE)),
        # what is not known may be the same
        (DATA, DATA.replace("data:/", "${DATA}:/")),
        (DATA, DATA.replace("data:/", "'[[DATA]]:/").replace("lib]", "lib']")),
        (db("${A}:/d"), db("${B}:/d")),
        (db("${A}:/d"), db("/srv:/d")),
    ],
)
def test_what_is_there_still_or_held_no_data_is_no_loss(before: str, after: Any) -> None:
    assert not [key for key in told(ui(before), ui(after)) if key.startswith("loses")]


UNNAMED = "the anonymous volume of /d"
DOWN = {"destroy_before_deploy": True}
SWEPT = {"extra_args": ["--remove-orphans"]}
OTHER = "services: {other: {image: x}}\n"


@pytest.mark.parametrize(
    ("after", "beside", "detail"),
    [
        (NONE, {}, f"the service db starts without it{HANDED}; it stays behind unused"),
        (db("/e"), {}, f"the service db starts without it{HANDED}; it stays behind unused"),
        (NONE, SWEPT, f"the service db starts without it{HANDED}; it stays behind unused"),
        # nothing is there to take it from
        (NONE, DOWN, "the service db starts without it; it stays behind unused"),
        (NONE, {"project_name": "y"}, "the service db starts without it; it stays behind unused"),
        (OTHER, SWEPT, "no container of the service db is left; it stays behind unused"),
        (OTHER, DOWN, "no container of the service db is left; it stays behind unused"),
        (f"{NONE}    scale: 0\n", {}, "no container of the service db is left; it stays behind unused"),
        (f"{NONE}    profiles: [x]\n", DOWN, "no container of the service db is left; it stays behind unused"),
        # the same under another name
        (
            db("/d").replace("db:", "base:").replace("postgres", "postgres:17"),
            {},
            "the service base gets a new and empty one; it stays with the service db, which is left as it is",
        ),
    ],
)
@pytest.mark.parametrize("mount", ["/d", "{type: volume, target: /d}"])
def test_a_volume_without_a_name_stays_behind_where_nothing_takes_it(
    mount: str, after: str, beside: Any, detail: str
) -> None:
    found = told(ui(db(mount)), ui(after, **beside))
    assert found == {f"loses {UNNAMED}": detail}
    made = planned(desired(declared("stack/x", ui(after, **beside))), core(stack(ui(db(mount)))))
    lost_later = [each.detail for each in change(made, "stack/x").effects if each.subject == UNNAMED]
    head, mark, behind = detail.partition(" (" if HANDED in detail else "; ")
    assert lost_later == [f"{head} at the next deploy{mark}{behind}"]


@pytest.mark.parametrize(
    ("beside", "after", "gets"),
    [(DOWN, NONE, "starts without it"), (DOWN, db("/var/lib"), "gets a volume without a name in its place")],
)
def test_where_all_is_taken_down_nothing_is_handed_on(beside: Any, after: str, gets: str) -> None:
    assert told(ui(), ui(after, **beside)) == {"loses data": f"the service db {gets}; {BEHIND}"}
    down = planned(desired(declared("stack/x", ui(after))), core(stack(ui(), state="down")))
    [effect] = change(down, "stack/x").effects
    assert effect.detail == f"the service db {gets} at the next deploy; {BEHIND}"


@pytest.mark.parametrize("word", ["-V", "--renew-anon-volumes"])
def test_with_volumes_without_a_name_renewed_nothing_is_handed_on(word: str) -> None:
    renews = {"extra_args": ["--quiet-pull", word]}
    assert told(ui(), ui(NONE, **renews)) == {"loses data": f"the service db starts without it; {BEHIND}"}
    newer = db("/d").replace("postgres", "postgres:17")
    assert told(ui(db("/d")), ui(newer, **renews)) == {
        f"loses {UNNAMED}": f"the service db gets a new and empty one where it is started anew ({word}); "
        "it stays behind unused"
    }
    assert told(ui(db("/d")), ui(newer, extra_args=["--quiet-pull", f"{word}x"])) == {}
    # all of it is started anew, and that is told
    [left] = [detail for what, detail in told(ui(db("/d")), ui(newer, **renews, **DOWN)).items() if UNNAMED in what]
    assert "compose down" in left


def test_what_was_taken_down_has_no_volume_without_a_name_any_more() -> None:
    made = planned(desired(declared("stack/x", ui(NONE))), core(stack(ui(db("/d")), state="down")))
    assert change(made, "stack/x").effects == ()


def test_services_that_lose_a_volume_without_a_name_are_told_together() -> None:
    two = "services:\n  a: {volumes: [/d]}\n  b: {volumes: [/d]}\n"
    found = told(ui(two), ui(two.replace("volumes: [/d]", "image: x")))
    assert found == {f"loses {UNNAMED}": f"the services a, b start without it{HANDED}; it stays behind unused"}


def test_what_others_have_still_is_said_so_and_services_are_told_together() -> None:
    two = DATA.replace("  db:", "  a: {volumes: ['data:/x']}\n  db:")
    assert lost(ui(two), ui(NONE + "  a: {volumes: ['data:/x']}\nvolumes: {data: }\n")) == [
        ("data", f"the service db starts without it{HANDED}; the service a has it still")
    ]
    assert lost(ui(two), ui(NONE + "  a: {image: x}\n")) == [
        ("data", f"the services db, a start without it{HANDED}; data stays behind unused")
    ]


V = db("'${VOL}:/d'")
ANOTHER = {"loses ${VOL}": "the service db gets another one in its place; what ${VOL} was stays behind unused"}


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ("VOL=one", "VOL=two", ANOTHER),
        ("VOL=one", "VOL=one\nA=1", {}),
        ("VOL=one", Sealed("VOL=two"), {}),
        ("VOL=one", Sealed("VOL=two", {"VOL": Sealed("two")}), {}),
        ("VOL=one", Sealed("VOL=two\nX=1", {"VOL": "two", "X": Sealed("1")}), ANOTHER),
        ("VOL=one", "VOL=[[VOL]]", {}),
        # the file that was written for it is left where it is, and read
        ("VOL=one", "", {}),
        ("", "VOL=two", {}),
    ],
)
def test_variables_are_filled_in_as_far_as_they_are_known(before: str, after: Any, found: Any) -> None:
    assert told(ui(V, environment=before), ui(V, environment=after)) == found


@pytest.mark.parametrize(
    ("before", "after", "lost_one"),
    [
        ("${VOL:-one}", "two", True),
        ("${VOL-one}", "${VOL:-two}", True),
        ("${VOL:-one}", "one", False),
        ("${VOL:?}", "one", False),
        ("${SET:-x}", "set", False),
        ("$SET", "set", False),
        ("${EMPTY:-one}", "one", False),
        ("pre_${SET}", "pre_set", False),
        ("$$SET", "set", False),
    ],
)
def test_what_stands_for_a_variable_without_a_value_is_taken(before: str, after: str, *, lost_one: bool) -> None:
    environment = "SET=set\nEMPTY=\n"
    sides = [ui(db(f"'{each}:/d'"), environment=environment) for each in (before, after)]
    assert bool(told(*sides)) is lost_one


def test_a_variable_that_further_files_may_set_is_not_known() -> None:
    more = {"additional_env_files": [{"path": "more.env"}]}
    assert told(ui(db("'${VOL:-one}:/d'"), **more), ui(db("two:/d"), **more)) == {}
    assert told(ui(V, environment="VOL=one", **more), ui(V, environment="VOL=two", **more)) == ANOTHER


def test_another_path_is_told_and_another_making_has_no_effect() -> None:
    assert told(ui(), ui(DATA.replace("/var/lib", "/data"))) == {
        "moves data": "it is mounted at /data instead of /var/lib in the service db"
    }
    by = "volumes: {data: {driver_opts: {type: nfs, o: addr=nas, device: ':/x'}}}\n"
    kept = "the volume that is there stays as it was made: its new options take no effect until it is removed by hand"
    for made in (by, "volumes: {data: {labels: [a=b]}}\n", "volumes: {data: {driver: rexray}}\n"):
        assert told(ui(), ui(DB + made)) == {"keeps data": kept}
    assert told(ui(), ui(DB + "volumes: {data: {driver: local}}\n")) == {}
    assert "keeps data" not in told(ui(), {**ui(DB + by), "server_id": "two"})


def test_what_a_container_mounts_is_told_of_it() -> None:
    def of(before: str, after: Any) -> list[tuple[str, str]]:
        config = {"server_id": "one", "image": IMAGE}
        return lost({**config, "volumes": before}, {**config, "volumes": after}, "deployment/x")

    assert of("v: /d\n", "") == [("v", "it starts without it; v stays behind unused")]
    assert of("v: /d\n", "/srv/v: /d\n") == [("v", "it gets /srv/v of the host in its place; v stays behind unused")]
    assert of("v: /d\n", Sealed("v: /e", {"v": Sealed("/e")})) == []
    assert of("v: /d\n", Sealed("v: /e")) == []
    assert of("/d: /d\n", "/d: /d:ro\n") == []


STAYS = "its data stays at /srv/d"
BROUGHT = "and is at {} only where somebody has brought it there"


@pytest.mark.parametrize(
    ("before", "after", "detail"),
    [
        (
            db("/srv/d:/d"),
            db("/srv/e:/d"),
            f"gets /srv/e of the host in its place; {STAYS}, {BROUGHT.format('/srv/e')}",
        ),
        (db("/srv/d:/d"), db("./e:/d"), f"gets ./e of the host in its place; {STAYS}, {BROUGHT.format('./e')}"),
        (db("/srv/d:/var/lib"), DATA, f"gets the new and empty volume data; {STAYS}"),
        (db("/srv/d:/d"), NONE, f"starts without it{HANDED}; {STAYS}"),
        (db("/srv/d:/d"), db("./d:/d"), f"gets ./d of the host in its place; {STAYS}, {BROUGHT.format('./d')}"),
        (
            db("/srv/d:/d"),
            f"{NONE}  a: {{image: b, volumes: [/srv/d:/d]}}\n",
            f"starts without it{HANDED}; the service a has it still",
        ),
    ],
)
def test_a_folder_of_the_host_is_missed_and_not_lost(before: str, after: str, detail: str) -> None:
    assert told(ui(before), ui(after)) == {"misses /srv/d": f"the service db {detail}"}
    made = planned(desired(declared("stack/x", ui(after), deploy=True)), core(stack(ui(before))))
    lasting = "Irreversible: nothing"
    text, markdown, html = plan_text(made.plan, color=False, width=400), plan_markdown(made.plan), plan_html(made.plan)
    assert all(lasting in form for form in (text, markdown, html))
    assert f"misses /srv/d: the service db {detail}" in text.partition("Also affected")[2].partition("\n\n")[0]


def test_without_a_deploy_the_next_one_misses_it_and_a_container_too() -> None:
    config = {"server_id": "one", "image": IMAGE}
    held = live("deployment/x", {**config, "volumes": "./old: /d\n"}, state="running")
    made = planned(desired(declared("deployment/x", {**config, "volumes": "./new: /d\n"})), core(held))
    [effect] = change(made, "deployment/x").effects
    told = "it gets ./new of the host in its place at the next deploy; its data stays at ./old, "
    assert effect == Effect("misses", "./old", told + BROUGHT.format("./new"))
    block = plan_text(made.plan, color=False, width=400).partition("\n\n")[2].partition("\n\n")[0]
    assert block == f"Also affected: 1 resource\n  ~ update deployment/x: misses ./old: {effect.detail}"


def test_without_a_deploy_the_next_one_loses_it() -> None:
    made = planned(desired(declared("stack/x", ui(NONE))), core(stack(ui())))
    [effect] = change(made, "stack/x").effects
    assert (effect.kind, effect.detail) == (
        "loses",
        f"the service db starts without it at the next deploy{HANDED}; {BEHIND}",
    )
