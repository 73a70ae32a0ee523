"""A policy of one's own over a plan of komodo-sync: plain Python, the standard library alone.

    komodo-sync plan --out plan.json
    komodo-sync show plan.json --format json | python policy.py && komodo-sync apply --plan plan.json

Reads the plan from stdin, prints what is against the rules, and ends with 1 if anything is. Each rule is a function
from one resource and one of its changes to the reasons against it: write your own, and list it in RULES.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator
from typing import Any

PRECIOUS = ("server", "builder", "user_group")
MOST_STOPPED = 3
Rule = Callable[[dict[str, Any], dict[str, Any]], Iterator[str]]


def nothing_precious_is_deleted(resource: dict[str, Any], change: dict[str, Any]) -> Iterator[str]:
    """Servers, builders and user groups are deleted by hand."""
    kind = resource["address"].partition("/")[0]
    if change["action"] == "delete" and kind in PRECIOUS:
        yield f"a {kind} is deleted by hand, not by a plan"


def little_is_stopped(_resource: dict[str, Any], change: dict[str, Any]) -> Iterator[str]:
    """No single change stops many services."""
    for effect in change["effects"]:
        number = re.match(r"\d+", effect["subject"])
        if effect["kind"] == "stops" and number and int(number[0]) > MOST_STOPPED:
            yield f"it stops {effect['subject']}, and {MOST_STOPPED} are the most"


def images_have_a_version(_resource: dict[str, Any], change: dict[str, Any]) -> Iterator[str]:
    """A compose file says which version of an image it runs, and not `latest`."""
    for field in change["fields"]:
        for line in field["diff"]["lines"] if field["pointer"] == "config/file_contents" else []:
            added = re.sub(r"(^|\s)#.*", "", line[1:]) if line.startswith("+") else ""
            for image in re.findall(r"(?<![\w-])image[\"']?:\s*[\"']?([^\s\"',}]+)", added):
                if ":" not in image.rpartition("/")[2] or image.endswith(":latest"):
                    yield f"{image} has no version"


def what_is_created_is_described(resource: dict[str, Any], change: dict[str, Any]) -> Iterator[str]:
    """A new stack tells what it is for."""
    named = {field["pointer"] for field in change["fields"]}
    is_stack = resource["address"].startswith("stack/")
    if change["action"] == "create" and is_stack and "description" not in named:
        yield "a new stack needs a description"


RULES: tuple[Rule, ...] = (
    nothing_precious_is_deleted,
    little_is_stopped,
    images_have_a_version,
    what_is_created_is_described,
)


def against(plan: dict[str, Any]) -> list[str]:
    """Every reason against the plan."""
    return [
        f"{resource['address']} {change['action']}: {reason}"
        for resource in plan["resources"]
        for change in resource["changes"]
        for rule in RULES
        for reason in rule(resource, change)
    ]


def main() -> int:
    """Exit status: 0 the plan may be applied; 1 it may not; 2 stdin holds no plan of the known format."""
    try:
        plan = json.load(sys.stdin)
    except ValueError:
        plan = {}
    if not isinstance(plan, dict) or plan.get("format_version") != 1:
        print("no plan of format 1 on stdin", file=sys.stderr)
        return 2
    reasons = against(plan)
    for reason in reasons:
        print(reason, file=sys.stderr)
    return 1 if reasons else 0


if __name__ == "__main__":
    sys.exit(main())
