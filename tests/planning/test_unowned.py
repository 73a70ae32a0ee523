"""What nobody owns and no manifest declares."""

from __future__ import annotations

from planning_worlds import OURS, declared, desired, live, observed

from komodo_sync.planning import Options
from komodo_sync.planning.unowned import unowned
from komodo_sync.report.unowned import unowned_text


def test_what_is_declared_owned_or_a_mark_is_not_listed() -> None:
    held = observed(
        live("stack/declared"),
        live("stack/old-name"),
        live("stack/ours", {}, OURS, "used"),
        live("stack/theirs", {}, "owner:them"),
        live("stack/free", {}, "free", "protected", description="by hand TOKEN=hunter2"),
        live("server/free", template=True),
        live("variable/FREE"),
        live("variable/GOING"),
        live("tag/unused"),
    )
    renamed = declared("stack/new", renamed_from="old-name")
    wanted = desired(declared("stack/declared"), renamed, absent=["variable/GOING"])
    found = unowned(wanted, held, Options(owner="us"))
    assert [str(item.address) for item in found.resources] == [
        "tag/free",
        "tag/unused",
        "variable/FREE",
        "server/free",
        "stack/free",
    ]
    *_, server, stack = found.resources
    assert server.template
    assert (stack.tags, stack.description) == (("free", "protected"), "by hand TOKEN=(secret)")


def test_the_list_says_how_many_and_what_to_do() -> None:
    held = observed(live("stack/free", {}, "x", description="by hand"), live("repo/a"))
    text = unowned_text(unowned(desired(), held, Options()), color=False, width=200)
    assert "\n\nrepo/a\n\nstack/free  by hand  [x]\n\n" in text
    assert "3 resources have no owner, and no manifest declares them.\nnext: `komodo-sync export --out DIR" in text
    nothing = unowned_text(unowned(desired(), observed(), Options()), color=False, width=200)
    assert "Nothing is left over" in nothing
