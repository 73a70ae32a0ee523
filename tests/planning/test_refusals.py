"""Every refusal says how it is allowed, or what to do instead; and no plan fails because of one."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from planning_worlds import codes, declared, desired, live, observed, planned

import komodo_sync
from komodo_sync.cli.apply import apply

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from komodo_sync.model.plan import Planned

ROOT = Path(komodo_sync.__file__).parent
OURS = "owner:us"
SYNC = live("resource_sync/all", {"repo": "acme/x", "delete": True})
SERVED = ("stack/web", {"server_id": "prod"})


def _limited(**limits: Any) -> Planned:
    from komodo_sync.planning import Limits

    held = [live(f"stack/{name}", {}, OURS) for name in "abc"]
    return planned(desired(declared("stack/a")), observed(*held), owner="us", prune=True, limits=Limits(**limits))


SCENES: dict[str, Callable[[], Planned]] = {
    "foreign-owner": lambda: planned(
        desired(declared("stack/web")), observed(live("stack/web", {}, "owner:them")), owner="us"
    ),
    "adopt-changes": lambda: planned(
        desired(declared("stack/web", {"branch": "x"})), observed(live("stack/web", {}, "mine")), owner="us"
    ),
    "delete-in-use": lambda: planned(
        desired(),
        observed(live("server/prod", {}, OURS), live(*SERVED)),
        owner="us",
        prune=True,
    ),
    "not-selected": lambda: planned(
        desired(declared("server/prod"), declared(*SERVED)), observed(), owner="us", select=["stack/web"]
    ),
    "limit-deletes": lambda: _limited(deletes=1),
    "limit-delete-percent": lambda: _limited(delete_percent=10),
    "rename-swap": lambda: planned(
        desired(declared("stack/a", renamed_from="b"), declared("stack/b", renamed_from="a")),
        observed(live("stack/a", {}, OURS), live("stack/b", {}, OURS)),
        owner="us",
    ),
    "rename-blocked": lambda: planned(
        desired(declared("stack/a", renamed_from="b")),
        observed(live("stack/a", {}, OURS), live("stack/b", {}, OURS)),
        owner="us",
    ),
    "absent-foreign": lambda: planned(
        desired(absent=["stack/a"]), observed(live("stack/a", {}, "owner:them")), owner="us"
    ),
    "absent-template": lambda: planned(
        desired(absent=["stack/a"]), observed(live("stack/a", {}, OURS, template=True)), owner="us"
    ),
    "absent-protected": lambda: planned(
        desired(absent=["stack/a"]), observed(live("stack/a", {}, OURS, "protected")), owner="us"
    ),
    "delete-unreachable": lambda: planned(
        desired(declared("server/prod", {"enabled": False})),
        observed(
            live("server/prod", {"enabled": True}, OURS),
            live("stack/web", {"server_id": "prod"}, OURS, state="running"),
        ),
        owner="us",
        prune=True,
    ),
    "rival-sync": lambda: planned(desired(declared("stack/web")), observed(SYNC), owner="us"),
}


@pytest.mark.parametrize("code", SCENES)
def test_a_plan_shows_it_and_says_what_to_do(code: str) -> None:
    made = SCENES[code]()
    assert code in codes(made)
    for item in made.plan.refusals:
        assert item.override or item.hint, item
        assert item.addresses, item
        if item.override:
            flag = item.override.split()[0]
            assert flag in {option for each in apply.params for option in each.opts}, flag


def test_every_refusal_in_the_planner_has_a_way_out() -> None:
    """Read from the source, so that a new one cannot be forgotten."""
    found = list(_refusals())
    assert len(found) >= 8
    for place, call in found:
        # code, severity, message, override, addresses, hint
        override, hint = call.args[3], call.args[5] if len(call.args) > 5 else None
        assert not _is_empty(override) or (hint is not None and not _is_empty(hint)), place


def test_every_refused_error_has_a_way_out() -> None:
    for path in ROOT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "RefusedError":
                hints = [word.value for word in node.keywords if word.arg == "hint"]
                assert hints, f"{path}:{node.lineno}"
                assert not _is_empty(hints[0]), f"{path}:{node.lineno}"


def test_the_limits_name_their_setting() -> None:
    for code, setting in (("limit-deletes", "limits.deletes"), ("limit-delete-percent", "limits.delete_percent")):
        [found] = [item for item in SCENES[code]().plan.refusals if item.code == code]
        assert setting in found.message
        assert re.fullmatch(r"--allow-deletes \d+", found.override)


def _refusals() -> Iterator[tuple[str, ast.Call]]:
    for path in (ROOT / "planning").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Finding" and len(node.args) > 3):
                continue
            severity = node.args[1]
            if isinstance(severity, ast.Constant) and severity.value == "refusal":
                yield f"{path}:{node.lineno}", node


def _is_empty(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and not node.value
