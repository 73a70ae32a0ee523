"""Create, update and nothing; reset and keep; description, tags and template; tags that are ours."""

from __future__ import annotations

from typing import Any

import pytest
from planning_worlds import (
    HERE,
    OURS,
    at,
    change,
    changes,
    declared,
    desired,
    live,
    observed,
    payload,
    planned,
    pointers,
    waves,
)

from komodo_sync.kinds.builder import BUILDER_CONFIG
from komodo_sync.model.data import replace
from komodo_sync.model.diagnostic import Span
from komodo_sync.model.plan import SECRET, Shown
from komodo_sync.model.sealed import Sealed, Unknown


def test_what_both_types_of_a_builder_have_goes_on_from_its_live_value() -> None:
    params = {"periphery_public_key": "k", "insecure_tls": False, "ami_id": "ami", "git_providers": [{"domain": "g"}]}
    held = live("builder/b", {"type": "Aws", "params": params})
    wanted = declared("builder/b", {"type": "Url", "params": {"periphery_public_key": "k"}})
    found = {item.pointer: item for item in change(planned(desired(wanted), observed(held)), "builder/b").fields}
    assert sorted(found) == [
        "config/params/ami_id",
        "config/params/git_providers",
        "config/params/insecure_tls",
        "config/type",
    ]
    tls = found["config/params/insecure_tls"]
    assert (tls.before.value, tls.after.value, tls.diff.note) == (False, True, "")
    assert found["config/params/git_providers"].diff.note == "lost with the type Aws"


@pytest.mark.parametrize(("before", "protect", "kind"), [((), True, "protects"), (("protected",), False, "unprotects")])
def test_protection_is_told_in_words_with_its_place(before: tuple[str, ...], protect: bool, kind: str) -> None:
    def origin(pointer: str) -> Span | None:
        return Span("web.yaml", 7, 5) if pointer == "protect" else None

    held = observed(live("stack/web", {}, *before))
    wanted = desired(declared("stack/web", protect=protect, origin=origin))
    found = change(planned(wanted, held), "stack/web")
    assert [(item.kind, "web.yaml:7:5" in item.detail) for item in found.effects] == [(kind, True)]
    assert [(item.pointer, item.origin) for item in found.fields] == [("tags", "web.yaml:7:5")]
    held = observed(live("stack/web", {}, "x", *before))
    adopted = planned(wanted, held, owner="us", adopt_changes=True)
    assert [effect.kind for item in adopted.plan.resources for each in item.changes for effect in each.effects] == [
        kind
    ]
    created = change(planned(wanted, observed()), "stack/web", "create")
    assert [item.kind for item in created.effects] == (["protects"] if protect else [])


def test_what_is_not_there_is_created_with_what_differs_from_the_default() -> None:
    wanted = desired(declared("stack/web", {"repo": "me/web", "branch": "main", "auto_pull": False}))
    made = planned(wanted, observed())
    assert changes(made) == {"stack/web": ["create"]}
    assert payload(made, "stack/web", "create").config == {"repo": "me/web", "auto_pull": False}
    assert pointers(made, "stack/web", "create") == ["config/auto_pull", "config/repo"]
    assert made.plan.resources[0].source == str(HERE)
    assert made.plan.summary.actions == {"create": 1}


def test_an_action_is_created_with_its_script_even_when_it_is_empty() -> None:
    made = planned(desired(declared("action/x")), observed())
    assert payload(made, "action/x", "create").config == {"file_contents": ""}
    assert pointers(made, "action/x", "create") == []


def test_a_builder_is_created_with_its_type() -> None:
    wanted = desired(declared("builder/b", {"type": "Server", "params": {"server_ids": ["s"]}}), declared("server/s"))
    made = planned(wanted, observed())
    assert payload(made, "builder/b", "create").config == {"type": "Server", "params": {"server_ids": ["s"]}}


def test_what_is_as_declared_has_no_changes_and_no_payload() -> None:
    config = {"repo": "me/web", "branch": "main"}
    made = planned(desired(declared("stack/web", config)), observed(live("stack/web", {"repo": "me/web"})))
    assert changes(made) == {}
    assert not made.payloads
    assert not made.plan.has_changes
    assert [item.address for item in made.plan.resources] == [at("stack/web")]
    assert (made.plan.summary.changed, made.plan.summary.unchanged) == (0, 1)


def test_only_what_differs_is_sent() -> None:
    held = live("stack/web", {"repo": "me/old", "auto_pull": False, "run_directory": "x"})
    wanted = declared("stack/web", {"repo": "me/web", "auto_pull": False, "run_directory": "x"})
    made = planned(desired(wanted), observed(held))
    assert payload(made, "stack/web").config == {"repo": "me/web"}
    [field] = change(made, "stack/web").fields
    assert (field.before, field.after, field.reset, field.deploys) == (Shown("me/old"), Shown("me/web"), False, True)


@pytest.mark.parametrize(
    ("run", "own", "resets"),
    [
        ("reset", None, True),
        ("keep", None, False),
        ("reset", "keep", False),
        ("keep", "reset", True),
    ],
)
def test_an_omitted_field_is_reset_or_kept(run: Any, own: Any, resets: bool) -> None:
    held = live("stack/web", {"repo": "me/web", "branch": "dev"}, description="old", template=True)
    made = planned(
        desired(declared("stack/web", {"repo": "me/web"}, omitted_fields=own)), observed(held), omitted_fields=run
    )
    if not resets:
        assert changes(made) == {}
        return
    assert payload(made, "stack/web").config == {"branch": "main"}
    assert [(field.pointer, field.reset) for field in change(made, "stack/web").fields] == [
        ("config/branch", True),
        ("description", True),
        ("template", True),
    ]


def test_a_declared_default_is_no_reset() -> None:
    made = planned(desired(declared("stack/web", {"branch": "main"})), observed(live("stack/web", {"branch": "dev"})))
    assert [field.reset for field in change(made, "stack/web").fields] == [False]


def test_ignored_fields_are_left_alone() -> None:
    held = live("stack/web", {"commit": "abc", "branch": "dev"}, description="theirs", template=True)
    wanted = declared("stack/web", {"commit": "def"}, ignore=("config.commit", "description", "template"))
    made = planned(desired(wanted), observed(held))
    assert payload(made, "stack/web").config == {"branch": "main"}
    assert pointers(made, "stack/web") == ["config/branch"]


def test_ignored_params_of_a_builder_are_left_alone() -> None:
    held = live("builder/b", {"type": "Aws", "params": {"region": "x", "port": 1}})
    params = {"region": "y", "port": 2}
    wanted = declared("builder/b", {"type": "Aws", "params": params}, ignore=("config.params.region",))
    assert payload(planned(desired(wanted), observed(held)), "builder/b").config == {
        "type": "Aws",
        "params": {"port": 2},
    }
    for word in ("config.params", "config.type"):
        wanted = declared("builder/b", {"type": "Aws", "params": params}, ignore=(word,))
        assert changes(planned(desired(wanted), observed(held))) == {}


def test_description_and_template_are_declared_beside_the_config() -> None:
    wanted = declared("stack/web", description="new", template=True)
    made = planned(desired(wanted), observed(live("stack/web", description="old")), omitted_fields="keep")
    assert pointers(made, "stack/web") == ["description", "template"]
    sent = payload(made, "stack/web")
    assert (sent.description, sent.template, sent.tags, sent.config) == ("new", True, None, {})


def test_tags_are_sets_and_omitted_ones_are_left_alone() -> None:
    held = observed(live("stack/web", {}, "a", "b"))
    assert changes(planned(desired(declared("stack/web", tags=("b", "a"))), held)) == {}
    assert changes(planned(desired(declared("stack/web")), held)) == {}
    made = planned(desired(declared("stack/web", tags=("b",))), held)
    assert payload(made, "stack/web").tags == ("b",)
    assert pointers(made, "stack/web") == ["tags"]
    assert payload(planned(desired(declared("stack/web", tags=())), held), "stack/web").tags == ()


def test_what_we_create_gets_our_tag_and_the_tag_is_made_first() -> None:
    made = planned(desired(declared("stack/web", tags=("public",))), observed(), owner="us")
    assert payload(made, "stack/web", "create").tags == (OURS, "public")
    assert changes(made) == {f"tag/{OURS}": ["create"], "tag/public": ["create"], "stack/web": ["create"]}
    assert waves(made) == [[f"tag/{OURS} create", "tag/public create"], ["stack/web create"]]
    assert {str(need) for need in change(made, "stack/web", "create").needs} == {
        f"tag/{OURS} create",
        "tag/public create",
    }
    assert change(made, "tag/public", "create").reason == "used by stack/web"


def test_a_tag_that_is_declared_is_made_once_with_its_color() -> None:
    wanted = desired(
        declared("stack/a", tags=("x",)), declared("stack/b", tags=("x",)), declared("tag/x", {"color": "Red"})
    )
    made = planned(wanted, observed())
    assert changes(made) == {"tag/x": ["create"], "stack/a": ["create"], "stack/b": ["create"]}
    assert payload(made, "tag/x", "create").config == {"color": "Red"}
    made = planned(wanted, observed(), select=("stack/*",))
    assert changes(made) == {"tag/x": ["create"], "stack/a": ["create"], "stack/b": ["create"]}
    assert payload(made, "tag/x", "create").config == {"color": "Red"}
    assert change(made, "tag/x", "create").reason == "used by stack/a and 1 more"


def test_owner_tags_and_protected_are_ours_to_keep() -> None:
    held = observed(live("stack/web", {}, OURS, "owner:them", "protected", "x"))
    made = planned(desired(declared("stack/web", tags=())), held, owner="us")
    assert payload(made, "stack/web").tags == ("owner:them", OURS, "protected")


@pytest.mark.parametrize("owner", ["", "us"])
def test_protect_is_a_tag_that_stays_until_it_is_taken_back(owner: str) -> None:
    ours = (OURS,) if owner else ()
    held = live("stack/web", {}, *ours)
    made = planned(desired(declared("stack/web", protect=True)), observed(held), owner=owner)
    assert payload(made, "stack/web").tags == (*ours, "protected")
    protected = observed(live("stack/web", {}, *ours, "protected"))
    assert changes(planned(desired(declared("stack/web")), protected, owner=owner)) == {}
    assert changes(planned(desired(declared("stack/web", tags=())), protected, owner=owner)) == {}
    made = planned(desired(declared("stack/web", protect=False)), protected, owner=owner)
    assert payload(made, "stack/web").tags == ours
    created = planned(desired(declared("stack/web", protect=True)), observed(), owner=owner)
    assert payload(created, "stack/web", "create").tags == (*ours, "protected")


def test_ignoring_tags_leaves_all_but_ours_alone() -> None:
    wanted = desired(declared("stack/web", tags=("mine",), ignore=("tags",), protect=True))
    made = planned(wanted, observed(live("stack/web", {}, "theirs", OURS)), owner="us")
    assert payload(made, "stack/web").tags == (OURS, "protected", "theirs")


def test_a_builder_that_changes_its_type_is_sent_whole() -> None:
    held = live("builder/b", {"type": "Url", "params": {"address": "https://x", "passkey": Sealed("pw")}})
    wanted = declared("builder/b", {"type": "Server", "params": {"server_ids": ["s"]}})
    made = planned(desired(wanted, declared("server/s")), observed(held))
    assert payload(made, "builder/b").config == {"type": "Server", "params": {"server_ids": ["s"]}}
    kind, servers, *lost = change(made, "builder/b").fields
    assert (kind.pointer, kind.before.value, kind.after.value) == ("config/type", "Url", "Server")
    # it had none of these before, whatever their default is
    assert (servers.pointer, servers.before, servers.after) == ("config/params/server_ids", Shown(None), Shown(["s"]))
    assert [(item.pointer, item.before, item.after) for item in lost] == [
        ("config/params/address", Shown("https://x"), Shown(None)),
        ("config/params/passkey", SECRET, Shown(None)),
    ]
    assert {item.diff.note for item in lost} == {"lost with the type Url"}


def test_a_builder_without_a_config_goes_back_to_the_default_type_unless_fields_are_kept() -> None:
    held = observed(live("builder/b", {"type": "Server", "params": {"server_ids": []}}))
    made = planned(desired(declared("builder/b")), held)
    assert payload(made, "builder/b").config == {"type": "Url", "params": BUILDER_CONFIG.variants["Url"].defaults()}
    assert changes(planned(desired(declared("builder/b")), held, omitted_fields="keep")) == {}


@pytest.mark.parametrize(
    ("wanted", "held", "mode", "sent"),
    [
        ({"version": "1.0.0"}, {"version": "1.0.7"}, "reset", {}),
        ({}, {"version": "1.0.7"}, "reset", {}),
        ({}, {"version": "1.0.7", "auto_increment_version": False}, "reset", {"auto_increment_version": True}),
        ({"auto_increment_version": False}, {"version": "1.0.7", "auto_increment_version": False}, "reset", {}),
        (
            {"version": "2.0.0", "auto_increment_version": False},
            {"version": "1.0.7", "auto_increment_version": False},
            "reset",
            {"version": "2.0.0"},
        ),
        ({"version": "2.0.0"}, {"version": "1.0.7", "auto_increment_version": False}, "keep", {"version": "2.0.0"}),
    ],
)
def test_a_build_version_is_not_compared_while_the_core_counts_it(wanted: Any, held: Any, mode: Any, sent: Any) -> None:
    made = planned(desired(declared("build/b", wanted)), observed(live("build/b", held)), omitted_fields=mode)
    got = payload(made, "build/b").config if sent else {}
    assert (dict(got), bool(changes(made))) == (sent, bool(sent))


def test_a_variable_without_a_value_is_never_blanked() -> None:
    held = observed(live("variable/A", {"value": "x", "is_secret": True}))
    made = planned(desired(declared("variable/A", description="what for")), held)
    assert payload(made, "variable/A").config == {"is_secret": False}
    assert payload(made, "variable/A").description == "what for"
    assert [effect.kind for effect in change(made, "variable/A").effects] == ["exposes"]


def test_what_the_core_alone_is_to_know_begins_empty_and_that_is_said() -> None:
    made = planned(desired(declared("variable/A"), declared("build/b")), observed())
    [found] = made.plan.findings
    assert (found.code, found.severity) == ("created-empty", "warning")
    assert "variable/A is created with an empty value" in found.message


def test_a_variable_that_stays_secret_exposes_nothing() -> None:
    held = observed(live("variable/A", {"value": Sealed("x"), "is_secret": True}))
    made = planned(desired(declared("variable/A", {"value": Sealed("y"), "is_secret": True})), held)
    assert change(made, "variable/A").effects == ()


def test_a_value_that_the_key_may_not_see_is_no_difference() -> None:
    held = live("variable/A", {"is_secret": True}, masked=frozenset({"value"}))
    wanted = declared("variable/A", {"value": Sealed("new"), "is_secret": True})
    assert changes(planned(desired(wanted), observed(held, admin=False))) == {}


def test_a_reference_to_what_the_key_is_not_shown_may_be_the_declared_one() -> None:
    """Nothing is moved, nor stopped for it, because a name is not known."""
    gone = "(unknown id 6b0d2de926dbe595de62acd9)"
    held = live("stack/web", {"server_id": gone, "branch": "x"}, state="running")
    wanted = desired(declared("stack/web", {"server_id": "s"}, deploy=True), declared("server/s"))
    made = planned(wanted, observed(held, admin=False))
    assert [item.pointer for item in change(made, "stack/web", "update").fields] == ["config/branch"]
    assert not {"destroy", "deploy"} & {*changes(made)["stack/web"]}
    # renamed, all the same
    renamed = desired(declared("stack/new", {"server_id": "s"}, renamed_from="web"), declared("server/s"))
    assert "config/server_id" not in str(planned(renamed, observed(held, admin=False)).plan.resources)
    # where the key sees the declared one, or everything, it is another
    for seen in (observed(held, live("server/s"), admin=False), observed(held)):
        pointers = [item.pointer for item in change(planned(wanted, seen), "stack/web", "update").fields]
        assert "config/server_id" in pointers


def test_a_key_that_is_no_admins_is_told_so() -> None:
    made = planned(desired(declared("stack/web")), observed(admin=False))
    assert change(made, "stack/web", "create").reason == "declared, and not seen in the Core"
    [finding] = made.plan.findings
    assert (finding.code, finding.severity, finding.addresses) == ("partial-view", "warning", (at("stack/web"),))
    assert "may turn out to exist" in finding.message


def test_secret_lines_of_which_one_is_not_known_here_are_no_change() -> None:
    held = live("build/b", {"secret_args": Sealed("A=1\nB=x\n")})
    wanted = declared("build/b", {"secret_args": Unknown({"A": "1", "B": Unknown()})})
    assert changes(planned(desired(wanted), observed(held))) == {}


def test_a_core_that_is_newer_than_what_is_known_is_noted() -> None:
    for version, codes in (("9.0.0", ["newer-core"]), ("v3.0", ["newer-core"]), ("2.9.1", []), ("dev", [])):
        made = planned(desired(declared("stack/a")), replace(observed(), version=version))
        assert [item.code for item in made.plan.findings] == codes
        assert [item.severity for item in made.plan.findings] == ["note"] * len(codes)


def test_a_value_that_the_key_is_not_shown_is_not_called_unchanged() -> None:
    held = replace(live("variable/SEC", {"is_secret": True}), masked=frozenset({"value"}))
    wanted = desired(declared("variable/SEC", {"value": "x", "is_secret": True}), declared("variable/OPEN"))
    made = planned(wanted, observed(held, live("variable/OPEN"), admin=False))
    assert changes(made) == {}
    [finding] = [item for item in made.plan.findings if item.code == "unseen-values"]
    assert (finding.severity, finding.addresses) == ("note", (at("variable/SEC"),))
    assert not made.plan.is_sure
    # where nothing is declared of it, nothing is left uncompared
    assert planned(desired(declared("variable/SEC", {"is_secret": True})), observed(held, admin=False)).plan.is_sure
