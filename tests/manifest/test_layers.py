"""Defaults, `for_each` and overlays: what is laid over what, where each value then stands, and what is wrong."""

from __future__ import annotations

from textwrap import dedent
from typing import TYPE_CHECKING, Any

import pytest

from komodo_sync.errors import InputError, UsageError
from komodo_sync.manifest import Loaded, load
from komodo_sync.manifest.lookup import Lookup
from komodo_sync.model.address import Address
from komodo_sync.model.sealed import Sealed
from komodo_sync.planning.changed import ways_to
from komodo_sync.settings import read_settings, with_target

if TYPE_CHECKING:
    from pathlib import Path

    from komodo_sync.model.desired import DesiredResource

SETTINGS = "komodo-sync.yaml"
LOOKUP = Lookup(env={"TOKEN": "canary"}.get, vars={"region": "eu"})


def read(folder: Path, files: dict[str, str], *overlays: str, target: str = "") -> Loaded:
    """Writes files by name and loads their folder, with the settings where there are some."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text), encoding="utf-8")
    settings = read_settings(folder / SETTINGS) if SETTINGS in files else None
    if settings is not None and target:
        settings = with_target(settings, target)
    return load([] if settings else [folder], settings=settings, root=folder, lookup=LOOKUP, overlays=overlays)


def found(loaded: Loaded, address: str) -> DesiredResource:
    assert errors(loaded) == []
    return loaded.desired.resources[Address.parse(address)]


def errors(loaded: Loaded) -> list[tuple[str, str]]:
    return [(item.code, str(item.span)) for item in loaded.diagnostics if item.severity == "error"]


def names(loaded: Loaded) -> list[str]:
    assert errors(loaded) == []
    return [str(address) for address in loaded.desired.resources]


def stack(entry: str) -> dict[str, str]:
    return {"m.yaml": f"stacks:\n- {entry}\n"}


# defaults


def test_the_entry_wins_over_its_file_and_that_over_the_settings(tmp_path: Path) -> None:
    loaded = read(
        tmp_path,
        {
            SETTINGS: """\
                defaults:
                  stacks:
                    description: settings
                    tags: [a, b]
                    deploy: true
                    config: {server: s, branch: settings, environment: {A: 1, B: 1, C: 1}}
            """,
            "m.yaml": """\
                defaults:
                  stacks:
                    description: file
                    config: {branch: file, commit: file, environment: {B: 2, C: 2}}
                stacks:
                - name: web
                  tags: [c]
                  config: {commit: entry, environment: {C: 3, D: 3}}
                - name: plain
            """,
            "n.yaml": "stacks: [{name: other}]\n",
        },
    )
    web = found(loaded, "stack/web")
    assert (web.description, web.tags, web.deploy) == ("file", ("c",), True)
    assert web.config == {
        "server_id": "s",
        "branch": "file",
        "commit": "entry",
        "environment": "A=1\nB=2\nC=3\nD=3\n",
    }
    assert found(loaded, "stack/plain").tags == ("a", "b")
    other = found(loaded, "stack/other")
    assert (other.description, other.config["branch"], "commit" in other.config) == ("settings", "settings", False)
    places = {
        "": "m.yaml:6:3",
        "tags": "m.yaml:7:3",
        "description": "m.yaml:3:5",
        "deploy": "komodo-sync.yaml:5:5",
        "config/server_id": "komodo-sync.yaml:6:14",
        "config/branch": "m.yaml:4:14",
        "config/commit": "m.yaml:8:12",
        "config/environment/A": "komodo-sync.yaml:6:57",
        "config/environment/C": "m.yaml:8:41",
    }
    assert {pointer: str(web.origin(pointer)) for pointer in places} == places
    through = {"tags": "", "description": "default of its file", "deploy": "default of the settings"}
    assert {pointer: web.through(pointer) for pointer in through} == through
    assert web.through("config/environment/A") == "default of the settings"
    assert web.through("config/repo") == ""


def test_another_spelling_of_a_field_is_the_same_field(tmp_path: Path) -> None:
    text = "defaults: {stacks: {config: {server_id: a}}}\nstacks: [{name: web, config: {server: b}}]\n"
    assert found(read(tmp_path, {"m.yaml": text}), "stack/web").config == {"server_id": "b"}


def test_two_spellings_in_one_layer_are_still_an_error(tmp_path: Path) -> None:
    text = "defaults: {stacks: {config: {server: a}}}\nstacks: [{name: web, config: {server: b, server_id: b}}]\n"
    assert errors(read(tmp_path, {"m.yaml": text})) == [("KS027", "m.yaml:2:42")]


def test_a_variant_of_another_type_takes_nothing_from_its_default(tmp_path: Path) -> None:
    text = """\
        defaults: {builders: {config: {type: Aws, params: {region: eu, volume_gb: 9}}}}
        builders:
        - {name: same, config: {params: {region: us}}}
        - {name: said, config: {type: Aws, params: {ami_id: a}}}
        - {name: other, config: {type: Url, params: {address: 'https://x'}}}
    """
    loaded = read(tmp_path, {"m.yaml": text})
    assert found(loaded, "builder/same").config["params"] == {"region": "us", "volume_gb": 9}
    assert found(loaded, "builder/said").config["params"] == {"region": "eu", "volume_gb": 9, "ami_id": "a"}
    assert found(loaded, "builder/other").config == {"type": "Url", "params": {"address": "https://x"}}


def test_one_object_that_stands_for_a_list_is_whole(tmp_path: Path) -> None:
    text = """\
        defaults: {builds: {config: {image_registry: {domain: a, account: b}}}}
        builds: [{name: web, config: {image_registry: {domain: c}}}]
    """
    build = found(read(tmp_path, {"m.yaml": text}), "build/web")
    assert [item["domain"] for item in build.config["image_registry"]] == ["c"]
    assert "account" not in build.config["image_registry"][0] or not build.config["image_registry"][0]["account"]


def test_permissions_are_laid_over_each_other_kind_by_kind(tmp_path: Path) -> None:
    text = """\
        defaults: {user_groups: {all: {Server: Read, stack: {level: Read, specific: [Logs]}}}}
        user_groups: [{name: ops, all: {server: Write, Stack: {level: Execute}}}]
    """
    group = found(read(tmp_path, {"m.yaml": text}), "user_group/ops").config["all"]
    assert {kind: grant["level"] for kind, grant in group.items()} == {"Server": "Write", "Stack": "Execute"}
    assert group["Stack"]["specific"] == ["Logs"]


def test_flat_kinds_and_toml_have_defaults_too(tmp_path: Path) -> None:
    loaded = read(
        tmp_path,
        {
            SETTINGS: "defaults: {variables: {description: x, is_secret: true}, stacks: {tags: [t]}}\n",
            "m.yaml": "variables: [{name: A, value: canary}]\n",
            "m.toml": '[[stack]]\nname = "web"\n',
        },
    )
    variable = found(loaded, "variable/A")
    assert isinstance(variable.config["value"], Sealed)
    assert "canary" not in repr(loaded)
    assert found(loaded, "stack/web").tags == ("t",)


def test_defaults_hold_for_every_document_of_a_file(tmp_path: Path) -> None:
    text = "stacks: [{name: a}]\n---\ndefaults: {stacks: {tags: [t]}}\n---\nstacks: [{name: b}]\n"
    loaded = read(tmp_path, {"m.yaml": text})
    assert [found(loaded, f"stack/{name}").tags for name in "ab"] == [("t",), ("t",)]


WRONG_DEFAULTS = [
    ("defaults: {stacks: {config: {brnch: x}}}\nstacks: [{name: a}, {name: b}]\n", "KS021", "m.yaml:1:30"),
    ("defaults: {stacks: {config: {branch: ~}}}\nstacks: [{name: a}]\n", "KS024", "m.yaml:1:38"),
    ("defaults: {stacks: {config: {auto_pull: x}}}\nstacks: [{name: a}, {name: b}]\n", "KS023", "m.yaml:1:41"),
    ("defaults: {stack: {}}\nstacks: []\n", "KS020", "m.yaml:1:12"),
    ("defaults: {stacks: [a]}\nstacks: []\n", "KS023", "m.yaml:1:12"),
    ("defaults: {stacks: }\nstacks: []\n", "KS024", "m.yaml:1:12"),
    ("defaults: [a]\nstacks: []\n", "KS023", "m.yaml:1:11"),
    ("defaults: {stacks: {name: a}}\nstacks: [{name: a}]\n", "KS095", "m.yaml:1:21"),
    ("defaults: {stacks: {renamed_from: x}}\nstacks: [{name: a}, {name: b}]\n", "KS095", "m.yaml:1:21"),
    ("defaults: {stacks: {for_each: {a: [b]}}}\nstacks: [{name: a}]\n", "KS095", "m.yaml:1:21"),
    ("defaults: {stacks: {tags: [a]}}\n---\ndefaults: {stacks: {}}\nstacks: [{name: a}]\n", "KS008", "m.yaml:3:12"),
]


@pytest.mark.parametrize(("text", "code", "place"), WRONG_DEFAULTS)
def test_wrong_defaults_are_told_once_where_they_stand(tmp_path: Path, text: str, code: str, place: str) -> None:
    loaded = read(tmp_path, {"m.yaml": text})
    assert errors(loaded) == [(code, place)]
    [told] = [item for item in loaded.diagnostics if item.severity == "error"]
    assert told.help


def test_wrong_defaults_of_the_settings_show_their_line(tmp_path: Path) -> None:
    loaded = read(tmp_path, {SETTINGS: "defaults:\n  stacks: {config: {auto_pull: x}}\n", **stack("name: web")})
    [told] = loaded.diagnostics
    assert (str(told.span), told.excerpt) == ("komodo-sync.yaml:2:32", "  stacks: {config: {auto_pull: x}}")


def test_what_a_rule_finds_in_a_default_shows_the_line_of_the_default(tmp_path: Path) -> None:
    settings = "# one\n# two\ndefaults: {stacks: {config: {server: nowhere, repo: a/b}}}\n"
    loaded = read(tmp_path, {SETTINGS: settings, **stack("name: web")})
    [told] = loaded.diagnostics
    assert (told.code, str(told.span)) == ("KS043", "komodo-sync.yaml:3:38")
    assert told.excerpt == settings.splitlines()[2]


def test_what_a_rule_finds_in_a_default_can_be_silenced_there(tmp_path: Path) -> None:
    comment = "# komodo-sync: ignore KS043 because the machine is registered by hand"
    settings = f"defaults:\n  stacks:\n    config:\n      server: nowhere {comment}\n      repo: a/b\n"
    loaded = read(tmp_path, {SETTINGS: settings, **stack("name: web")})
    assert loaded.diagnostics == ()
    assert [item.diagnostic.code for item in loaded.silenced] == ["KS043"]


def test_defaults_for_nothing_in_the_file_are_told(tmp_path: Path) -> None:
    loaded = read(tmp_path, {"d.yaml": "defaults: {stacks: {tags: [t]}}\n", **stack("name: web")})
    assert [(item.code, str(item.span)) for item in loaded.diagnostics] == [("KS099", "d.yaml:1:20")]
    assert found(loaded, "stack/web").tags is None


def test_a_secret_in_a_default_is_a_secret(tmp_path: Path) -> None:
    settings = "defaults: {stacks: {config: {environment: {A: '${env:TOKEN}', B: '${var:region}'}}}}\n"
    loaded = read(tmp_path, {SETTINGS: settings, **stack("{name: web, config: {environment: {C: x}}}")})
    value = found(loaded, "stack/web").config["environment"]
    assert isinstance(value, Sealed)
    assert value == "A=canary\nB=eu\nC=x\n"
    assert "canary" not in repr(loaded)


# for_each


def test_every_combination_in_written_order(tmp_path: Path) -> None:
    text = """\
        stacks:
        - name: web-${each:zone}-${each:n}
          for_each: {zone: [b, a], n: [1, 02]}
          config: {server: "${each:zone}", environment: {N: "${each:n}"}}
    """
    loaded = read(tmp_path, {"m.yaml": text})
    assert names(loaded) == ["stack/web-b-1", "stack/web-b-02", "stack/web-a-1", "stack/web-a-02"]
    one = found(loaded, "stack/web-a-02")
    assert one.config == {"server_id": "a", "environment": "N=02\n"}
    assert (one.item, str(one.span)) == ("zone=a, n=02", "m.yaml:2:3")
    assert [item.names for item in one.interpolated][-1] == ("each:n",)


def test_a_list_of_mappings_is_one_item_each(tmp_path: Path) -> None:
    text = """\
        stacks:
        - name: web-${each:zone}
          for_each: [{zone: a, port: 80}, {zone: b, port: 81}]
          config: {environment: {PORT: "${each:port}"}}
    """
    loaded = read(tmp_path, {"m.yaml": text})
    assert found(loaded, "stack/web-b").config["environment"] == "PORT=81\n"
    assert names(loaded) == ["stack/web-a", "stack/web-b"]


@pytest.mark.parametrize("text", ["{zone: []}", "[]", "{zone: [a], n: []}"])
def test_no_items_declare_nothing(tmp_path: Path, text: str) -> None:
    assert names(read(tmp_path, stack(f"{{name: 'x-${{each:zone}}', for_each: {text}}}"))) == []


def test_values_take_vars(tmp_path: Path) -> None:
    entry = "{name: 'x-${each:r}', for_each: {r: ['${var:region}', b]}}"
    assert names(read(tmp_path, stack(entry))) == ["stack/x-eu", "stack/x-b"]


def test_each_item_names_its_files(tmp_path: Path) -> None:
    files = {
        **stack("{name: 'x-${each:r}', for_each: {r: [a, b]}, config: {file_contents: !file 'c/${each:r}.yaml'}}"),
        "c/a.yaml": "# a\n",
        "c/b.yaml": "other: b\n",
    }
    assert found(read(tmp_path, files), "stack/x-b").config["file_contents"] == "other: b\n"


def test_what_a_default_of_the_settings_takes_its_text_from_is_no_manifest(tmp_path: Path) -> None:
    files = {
        SETTINGS: "defaults: {resource_syncs: {config: {file_contents: !file shared.toml}}}\n",
        "shared.toml": "[[stack]]\nname = 'one'\n",
        "m.yaml": "resource_syncs: [{name: a}]\n",
    }
    assert names(read(tmp_path, files)) == ["resource_sync/a"]


WRONG_ITEMS = [
    ("for_each: [a]", "KS094", "takes a mapping"),
    ("for_each: a", "KS094", "lists by name"),
    ("for_each:", "KS094", "not null"),
    ("for_each: {}", "KS094", "lists by name"),
    ("for_each: {r: a}", "KS094", "r takes a list"),
    ("for_each: {r: [~]}", "KS094", "is a text, not null"),
    ("for_each: {r: [[a]]}", "KS094", "is a text"),
    ("for_each: [{}]", "KS094", "takes a mapping"),
    ("for_each: {a b: [c]}", "KS094", "no name"),
    ("for_each: {r: ['${env:TOKEN}']}", "KS091", "secret"),
    ("for_each: {r: ['${each:r}']}", "KS093", "no for_each"),
    (f"for_each: {{a: [{'x, ' * 101}], b: [{'x, ' * 101}]}}", "KS094", "10,201 items"),
]


@pytest.mark.parametrize(("text", "code", "words"), WRONG_ITEMS)
def test_a_wrong_for_each(tmp_path: Path, text: str, code: str, words: str) -> None:
    loaded = read(tmp_path, {"m.yaml": f"stacks:\n- name: x\n  {text}\n"})
    [told] = loaded.diagnostics
    assert (told.code, words in told.message, bool(told.help)) == (code, True, True), told
    assert loaded.desired.failed
    assert "canary" not in str(loaded.diagnostics)


def test_items_of_one_name_are_both_told(tmp_path: Path) -> None:
    loaded = read(tmp_path, stack("{name: web, for_each: {server: [a, b]}}"))
    [told] = loaded.diagnostics
    assert told.message == "stack/web is declared twice, for server=a and for server=b"
    assert "into the name" in told.help


def test_an_error_of_one_item_says_which(tmp_path: Path) -> None:
    entry = "{name: 'x-${each:n}', for_each: {n: [1, x, 3]}, config: {auto_pull: '${each:f}', brnch: a}}"
    loaded = read(tmp_path, stack(entry.replace("n: [1, x, 3]", "n: [1, x, 3], f: [yes, maybe]")))
    told = {item.code: item.message for item in loaded.diagnostics}
    assert told["KS021"] == "unknown key `brnch`"
    flags = [item.message for item in loaded.diagnostics if item.code == "KS023"]
    assert flags == [f"auto_pull takes true or false, not a text (for n={n}, f=maybe)" for n in "13x"]


def test_a_name_that_the_core_would_change_says_for_which_item(tmp_path: Path) -> None:
    loaded = read(tmp_path, stack("{name: 'x-${each:n}', for_each: {n: [a, B]}}"))
    [told] = loaded.diagnostics
    assert (told.code, told.message) == ("KS042", "the Core would store this stack as `x-b`")
    assert "n=B" in told.help


def test_an_unknown_each_names_the_nearest(tmp_path: Path) -> None:
    loaded = read(tmp_path, stack("{name: 'x-${each:sever}', for_each: {server: [a, b]}}"))
    assert [(item.code, item.help) for item in loaded.diagnostics] == [("KS093", "did you mean server?")]


def test_an_each_of_a_default_names_the_resource_that_has_no_for_each(tmp_path: Path) -> None:
    entries = "stacks:\n- name: web-${each:zone}\n  for_each: {zone: [a]}\n- name: solo\n"
    text = f"defaults: {{stacks: {{description: '${{each:zone}}'}}}}\n{entries}"
    loaded = read(tmp_path, {"m.yaml": text})
    [told] = loaded.diagnostics
    assert (told.code, told.message, str(told.span)) == ("KS093", "stack/solo has no for_each", "m.yaml:1:34")
    assert "${each:zone:-default}" in told.help
    loaded = read(tmp_path, {"m.yaml": text.replace("${each:zone}'", "${each:zone:-none}'")})
    assert loaded.diagnostics == ()
    solo = loaded.desired.resources[Address("stack", "solo")]
    assert ways_to(solo, "description") == ("default of its file", "${each:zone}")
    assert ways_to(loaded.desired.resources[Address("stack", "web-a")], "description") == (
        "default of its file",
        "for_each zone=a",
    )


# overlays


BASE = """\
    stacks:
    - name: web
      description: base
      tags: [a, b]
      config:
        server: s
        links: [one, two]
        environment: {A: 1, B: 1}
        pre_deploy: {path: p, command: c}
    - name: node-${each:n}
      for_each: {n: [1, 2]}
      config: {branch: main}
    """


def overlay(text: str, name: str = "prod") -> dict[str, str]:
    return {"m.yaml": BASE, f"overlays/{name}/o.yaml": text}


def test_an_overlay_is_laid_over_what_it_names(tmp_path: Path) -> None:
    text = """\
        stacks:
        - name: web
          description: null
          tags: [c]
          config:
            server_id: big
            links: null
            environment: {A: null, C: 3}
            pre_deploy: {command: ~}
    """
    loaded = read(tmp_path, overlay(text), "prod")
    web = found(loaded, "stack/web")
    assert (web.description, web.tags) == (None, ("c",))
    assert web.config["server_id"] == "big"
    assert web.config["environment"] == "B=1\nC=3\n"
    assert web.config["pre_deploy"]["path"] == "p"
    assert not web.config["pre_deploy"].get("command")
    assert "links" not in web.config
    assert str(web.span) == "m.yaml:2:3"
    assert str(web.origin("config/server_id")) == "overlays/prod/o.yaml:6:5"
    assert web.through("config/server_id") == "overlay prod"
    assert web.through("config/environment/B") == ""
    assert web.origin("config/links") is None
    assert found(read(tmp_path, overlay(text)), "stack/web").description == "base"


def test_a_resource_is_written_in_every_file_that_is_laid_together(tmp_path: Path) -> None:
    files = {
        SETTINGS: "defaults: {stacks: {tags: [t]}}\n",
        **overlay("stacks: [{name: web, description: ~}]\n"),
    }
    assert found(read(tmp_path, files, "prod"), "stack/web").files() == {SETTINGS, "m.yaml", "overlays/prod/o.yaml"}
    assert found(read(tmp_path, files), "stack/web").files() == {SETTINGS, "m.yaml"}


def test_overlays_are_laid_in_the_order_in_which_they_are_asked_for(tmp_path: Path) -> None:
    files = {
        **overlay("stacks: [{name: web, description: prod, config: {branch: p}}]\n"),
        "overlays/big/o.yaml": "stacks: [{name: web, description: big}]\n",
    }
    assert found(read(tmp_path, files, "prod", "big"), "stack/web").description == "big"
    assert found(read(tmp_path, files, "big", "prod"), "stack/web").description == "prod"
    assert found(read(tmp_path, files, "prod", "big"), "stack/web").config["branch"] == "p"


def test_an_overlay_names_an_entry_or_one_of_its_items(tmp_path: Path) -> None:
    text = """\
        stacks:
        - name: node-${each:n}
          for_each: {n: [2, 3]}
          config: {commit: "c${each:n}"}
        - name: node-3
          config: {branch: "three-${each:n}"}
    """
    loaded = read(tmp_path, overlay(text), "prod")
    assert names(loaded) == ["stack/web", "stack/node-2", "stack/node-3"]
    assert found(loaded, "stack/node-2").config == {"branch": "main", "commit": "c2"}
    assert found(loaded, "stack/node-3").config == {"branch": "three-3", "commit": "c3"}
    assert found(loaded, "stack/node-3").through("config/branch") == "overlay prod"


def test_names_with_a_var_are_met_as_they_are_called(tmp_path: Path) -> None:
    files = {
        "m.yaml": "stacks: [{name: 'x-${var:region}'}, {name: y-eu}]\n",
        "overlays/prod/o.yaml": "stacks: [{name: x-eu, description: a}, {name: 'y-${var:region}', description: b}]\n",
    }
    loaded = read(tmp_path, files, "prod")
    assert [found(loaded, f"stack/{name}-eu").description for name in "xy"] == ["a", "b"]


def test_an_overlay_declares_what_it_names_alone(tmp_path: Path) -> None:
    files = {
        **overlay("stacks: [{name: monitoring, config: {branch: null, repo: r}}]\nabsent: [stack/gone]\n"),
        SETTINGS: "defaults: {stacks: {config: {branch: d, server: s}}}\n",
        "overlays/more/o.yaml": "stacks: [{name: monitoring, config: {repo: more}}]\n",
    }
    loaded = read(tmp_path, files, "prod", "more")
    one = found(loaded, "stack/monitoring")
    assert one.config == {"repo": "more", "server_id": "s"}
    assert str(one.span) == "overlays/prod/o.yaml:1:10"
    assert [item.address.name for item in loaded.desired.absent] == ["gone"]
    assert "stack/monitoring" not in names(read(tmp_path, files))


def test_an_overlay_may_declare_several_at_once(tmp_path: Path) -> None:
    files = {
        **overlay("stacks: [{name: 'extra-${each:n}', for_each: {n: [1, 2]}}]\n"),
        "overlays/more/o.yaml": """\
            stacks:
            - {name: 'extra-${each:n}', description: d}
            - {name: extra-2, config: {commit: c}}
        """,
    }
    loaded = read(tmp_path, files, "prod", "more")
    assert [found(loaded, f"stack/extra-{n}").description for n in "12"] == ["d", "d"]
    assert found(loaded, "stack/extra-2").config == {"commit": "c"}


def test_a_misspelt_name_is_told(tmp_path: Path) -> None:
    loaded = read(tmp_path, overlay("stacks: [{name: wbe, description: x}]\n"), "prod")
    [told] = [item for item in loaded.diagnostics if item.code == "KS097"]
    assert (str(told.span), told.help) == ("overlays/prod/o.yaml:1:17", "did you mean web?")


def test_a_null_that_removes_nothing_is_told(tmp_path: Path) -> None:
    text = "stacks: [{name: web, config: {brnch: ~, environment: {C: ~}}}]\n"
    told = [item for item in read(tmp_path, overlay(text), "prod").diagnostics if item.code == "KS096"]
    assert [str(item.span) for item in told] == ["overlays/prod/o.yaml:1:31", "overlays/prod/o.yaml:1:55"]


WRONG_OVERLAYS = [
    ("stacks: [{name: web, config: {links: [~]}}]\n", "KS024", "o.yaml:1:39"),
    ("stacks: [{name: web, config: {brnch: x}}]\n", "KS021", "o.yaml:1:31"),
    ("stacks: [{name: web}, {name: web}]\n", "KS040", "o.yaml:1:30"),
    ("stacks: [{description: web}]\n", "KS028", "o.yaml:1:10"),
    ("stacks: [web]\n", "KS023", "o.yaml:1:10"),
    ("stcks: [{name: web}]\n", "KS014", "o.yaml:1:1"),
    ("stacks: []\ndefaults: {stacks: {}}\n", "KS020", "o.yaml:2:11"),
    ("stacks: [{name: node-1, for_each: {n: [1]}}]\n", "KS040", "o.yaml:1:17"),
    ("absent: [stack/web]\n", "KS048", "o.yaml:1:10"),
    ("stacks: [{\n", "KS004", "o.yaml:1:10"),
]


@pytest.mark.parametrize(("text", "code", "place"), WRONG_OVERLAYS)
def test_a_wrong_overlay(tmp_path: Path, text: str, code: str, place: str) -> None:
    assert errors(read(tmp_path, overlay(text), "prod")) == [(code, f"overlays/prod/{place}")]


def test_files_beside_an_overlay(tmp_path: Path) -> None:
    files = {
        **overlay(
            "stacks: [{name: web, config: {file_contents: !file web/compose.yaml, environment: !file e.yaml}}]\n"
        ),
        "overlays/prod/web/compose.yaml": "services: {a: {image: a}}\n",
        "overlays/prod/e.yaml": "A=1\n",
        "overlays/prod/more.toml": '[[stack]]\nname = "node-2"\ndescription = "toml"\n',
    }
    loaded = read(tmp_path, files, "prod")
    assert found(loaded, "stack/web").config["file_contents"] == "services: {a: {image: a}}\n"
    assert found(loaded, "stack/node-2").description == "toml"


def test_what_is_wrong_in_an_overlay_can_be_silenced_there(tmp_path: Path) -> None:
    text = "stacks:\n- name: webb # komodo-sync: ignore KS097 because it is another one\n"
    loaded = read(tmp_path, overlay(text), "prod")
    assert "KS097" not in [item.code for item in loaded.diagnostics]
    assert [item.diagnostic.code for item in loaded.silenced] == ["KS097"]


@pytest.mark.parametrize(
    ("files", "hint"),
    [
        ({"overlays/prod/o.yaml": "stacks: []\n", "overlays/dev/o.yaml": "stacks: []\n"}, "did you mean prod?"),
        ({"overlays/x/o.yaml": "stacks: []\n", "overlays/.hidden/o.yaml": "stacks: []\n"}, "one of x"),
        ({}, "make overlays/prd/"),
    ],
)
def test_an_unknown_overlay_is_wrong_usage(tmp_path: Path, files: dict[str, str], hint: str) -> None:
    with pytest.raises(UsageError) as caught:
        read(tmp_path, {**stack("name: web"), **files}, "prd")
    assert hint in str(caught.value.hint)


def test_an_overlay_that_the_settings_name_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read(tmp_path, {SETTINGS: "targets: {p: {overlay: [prd]}}\n", **stack("name: web")}, target="p")
    [told] = caught.value.diagnostics
    assert (told.code, str(told.span)) == ("KS098", "komodo-sync.yaml:1:15")


def test_a_target_brings_its_overlays_defaults_and_vars(tmp_path: Path) -> None:
    files = {
        SETTINGS: """\
            vars: {size: small, zone: a}
            defaults: {stacks: {tags: [x], config: {environment: {A: 1, SIZE: "${var:size}"}}}}
            targets:
              prod:
                overlay: prod
                vars: {size: big}
                defaults: {stacks: {config: {environment: {A: 2}}}}
        """,
        **overlay("stacks: [{name: web, description: prod}]\n"),
        "overlays/late/o.yaml": "stacks: [{name: web, description: late}]\n",
    }
    del files["m.yaml"]
    files["m.yaml"] = "stacks: [{name: web}]\n"
    web = found(read(tmp_path, files, target="prod"), "stack/web")
    assert (web.description, web.tags, web.config["environment"]) == ("prod", ("x",), "A=2\nSIZE=big\n")
    assert found(read(tmp_path, files, "late", target="prod"), "stack/web").description == "late"
    plain = found(read(tmp_path, files), "stack/web")
    assert (plain.description, plain.config["environment"]) == (None, "A=1\nSIZE=small\n")


def test_beside_files_and_folders_without_settings(tmp_path: Path) -> None:
    read(tmp_path, {"a/m.yaml": "stacks: [{name: web}]\n"})
    (tmp_path / "overlays" / "prod").mkdir(parents=True)
    (tmp_path / "overlays" / "prod" / "o.yaml").write_text("stacks: [{name: web, description: d}]\n")

    def described(*paths: Path) -> Any:
        loaded = load(paths, settings=None, root=tmp_path, overlays=["prod"])
        return found(loaded, "stack/web").description

    assert described(tmp_path) == "d"
    assert described(tmp_path / "a") == "d"
    (tmp_path / "overlays").rename(tmp_path / "a" / "overlays")
    assert described(tmp_path / "a" / "m.yaml") == "d"


def test_what_an_overlay_that_is_not_in_use_names_by_file_is_no_manifest(tmp_path: Path) -> None:
    files = {
        "m.yaml": "resource_syncs: [{name: all}]\n",
        "overlays/prod/o.yaml": "resource_syncs: [{name: all, config: {file_contents: !file ../../all.toml}}]\n",
        "overlays/broken/o.yaml": "a: [!file\n",
        "all.toml": '[[stack]]\nname = "from-the-sync"\n',
    }
    for overlays in ((), ("prod",)):
        loaded = read(tmp_path, files, *overlays)
        assert [str(address) for address in loaded.desired.resources] == ["resource_sync/all"]
        assert not loaded.desired.failed
