"""What moved since an approval, in lines."""

from __future__ import annotations

from typing import Any

from report_examples import scalar

from komodo_sync.model.address import Address
from komodo_sync.model.data import replace
from komodo_sync.model.plan import Action, Change, Diff, DiffEntry, FieldChange, Shown
from komodo_sync.report.moved import moved_sentence, moved_text

WEB = Address("stack", "web")
NOTHING = Shown(None)


def update(*fields: FieldChange, action: Action = Action.UPDATE, previous: str = "") -> Change:
    return Change(action, "why", previous, fields)


def of(kind: Any, lines: tuple[str, ...] = (), entries: tuple[DiffEntry, ...] = (), note: str = "") -> FieldChange:
    return FieldChange("config/environment", NOTHING, NOTHING, Diff(kind, lines, entries, note))


def test_only_what_differs_is_told() -> None:
    same, one, two = scalar("config/branch", "a", "b"), scalar("description", "x", "y"), scalar("description", "x", "z")
    assert moved_text(WEB, update(same, one), update(same, two), "description is not as approved") == (
        "stack/web update: description is not as approved\n"
        "  was approved: update description x -> y\n"
        "  is now:       update description x -> z"
    )


def test_on_one_line_nothing_is_padded() -> None:
    one, two = scalar("description", "x", "y  z"), scalar("description", "x", "z")
    told = moved_sentence(WEB, update(one), update(two), "description is not as approved")
    assert told == (
        "stack/web update: description is not as approved; "
        "was approved: update description x -> y  z; is now: update description x -> z"
    )
    assert moved_sentence(WEB, None, update()) == "stack/web update; was approved: nothing; is now: update"


def test_one_side_may_be_missing() -> None:
    change = update(scalar("config/branch", "a", "b"))
    assert moved_text(WEB, None, change).splitlines()[1] == "  was approved: nothing"
    assert moved_text(WEB, change, None, "no manifest declares it any more").splitlines() == [
        "stack/web update: no manifest declares it any more",
        "  was approved: update config/branch a -> b",
        "  is now:       nothing",
    ]


def test_a_rename_and_what_has_no_fields() -> None:
    told = moved_text(WEB, update(action=Action.RENAME, previous="old"), update(action=Action.RENAME, previous="older"))
    assert told.splitlines()[1:] == ["  was approved: rename from old", "  is now:       rename from older"]
    assert moved_text(WEB, update(action=Action.DELETE), update(action=Action.DELETE)).endswith("delete")


def test_entries_and_lines_are_told_where_they_differ_and_counted_where_they_are_many() -> None:
    entries = tuple(DiffEntry(name, Shown("1"), Shown("2")) for name in "ABCDEF")
    more = (DiffEntry("G", None, Shown("3")), DiffEntry("H", Shown("4"), None))
    told = moved_text(WEB, update(of("keyed", entries=entries)), update(of("keyed", entries=(*entries, *more))))
    assert told.splitlines()[1] == "  was approved: update config/environment A 1 -> 2, B 1 -> 2, C 1 -> 2, and 3 more"
    assert told.splitlines()[2] == "  is now:       update config/environment G added: 3, H removed"
    old, new = of("lines", lines=("@@ -1 +1 @@", "-a", "+b")), of("lines", lines=("@@ -1 +1 @@", "-a", "+c"))
    assert moved_text(WEB, update(old), update(new)).splitlines()[1:] == [
        "  was approved: update config/environment +b",
        "  is now:       update config/environment +c",
    ]
    assert "only comments differ" in moved_text(WEB, update(of("keyed", note="only comments differ")), None)


def test_pairs_that_are_one_word_move_as_one() -> None:
    entries = (DiffEntry("80", None, Shown("80")), DiffEntry("81", Shown("80"), None))
    told = replace(of("keyed", entries=entries), diff=Diff("keyed", entries=entries, joined=":"))
    assert moved_text(WEB, update(told), None).splitlines()[1] == (
        "  was approved: update config/environment added: 80:80, 81:80 removed"
    )
    changed = replace(told, diff=Diff("keyed", entries=(DiffEntry("80", Shown("1"), Shown("2")),), joined=":"))
    assert moved_text(WEB, update(changed), None).splitlines()[1].endswith("config/environment 80:1 -> 80:2")


def test_values_are_safe_to_print_and_hidden_ones_stay_so() -> None:
    hostile = scalar("description", "\x1b[2J", "b")
    lines = of("lines", lines=("@@ -1 +1 @@", "-\x1b[2J", "+\x9b1;1H"))
    key = of("items", entries=(DiffEntry("\x1b]0;x", None, Shown("1")),))
    told = moved_text(Address("stack", "\x1b[2J"), update(hostile, lines, key), None, "\x1b[2J")
    assert not {"\x1b", "\x9b"} & set(told)
    secret = FieldChange("config/x", Shown(hidden="secret"), Shown(hidden="unknown"), Diff("scalar"))
    assert "(secret) -> (unknown)" in moved_text(WEB, update(secret), None)
