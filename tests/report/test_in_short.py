"""What the last screen of a long plan tells, whatever the size of the terminal."""

from __future__ import annotations

import re

import pytest
from big_plans import plan_of_size
from counts import costly
from hypothesis import given
from hypothesis import strategies as st
from plan_strategies import plans
from report_examples import plan_of

from komodo_sync.model.address import Address
from komodo_sync.model.plan import Action, Change, Effect, Plan, Resource
from komodo_sync.report.attention import attentions
from komodo_sync.report.in_short import shared, write_in_short
from komodo_sync.report.layout import Page, cells
from komodo_sync.report.merged import merged
from komodo_sync.report.text import plan_text

GONE = Effect("irreversible", "", "its configuration, history and permissions in Komodo are gone")
FIELDS = ("file_contents", "environment", "image", "branch", "network", "command", "labels", "extra_args", "volumes")


def stack(number: int, *changes: Change) -> Resource:
    return Resource(Address("stack", f"shop-of-the-payments-team-in-europe-west-{number:03}-production"), "", changes)


def changes_of(number: int) -> tuple[Change, ...]:
    """Of a hundred: deletes, moves, stops and losses of several kinds, and deploys for fifteen reasons."""
    if number < 9:
        stops = Effect("stops", f"{number % 3 + 1} services (a, b)", "it is running; compose down; volumes stay")
        return (Change(Action.DELETE, "no longer declared", effects=(stops, GONE)),)
    if number < 15:
        servers = f"from server/rack-{number} to server/rack-{number + 1}"
        down = Effect("stops", "3 services (a, b)", f"compose down; its volumes stay behind on server/rack-{number}")
        lost = Effect("loses", "its named volumes data", f"new and empty volumes on server/rack-{number + 1}")
        leaves = Change(Action.DESTROY, f"it moves {servers}", effects=(down,))
        return leaves, Change(Action.DEPLOY, f"moves {servers}", effects=(lost,))
    if number < 20:
        return (Change(Action.STOP, "declared stopped", effects=(Effect("stops", "", "its containers stay"),)),)
    if number < 23:
        return (Change(Action.UPDATE, "differs", effects=(Effect("exposes", "", "its value was secret"),)),)
    reason = f"{FIELDS[number % 9]} changes" + (f"; {FIELDS[number % 8]} changes" if number % 9 != number % 8 else "")
    restarts = Effect("restarts", f"{number % 4} services (a)", "what changed is started anew")
    return (Change(Action.DEPLOY, reason, effects=(restarts,)),)


MANY = plan_of(*(stack(number, *changes_of(number)) for number in range(100)))
HEADINGS = [item.heading for item in attentions(MANY)]


def last_screen(plan: Plan, width: int, height: int) -> list[str]:
    """What stands above a question of one row, and the blank row over it."""
    told = plan_text(plan, color=False, width=width, height=height).splitlines()
    assert max(map(cells, told)) <= width
    return told[-(height - 2) :]


def below(rows: list[str], heading: str) -> list[str]:
    """The rows under one heading."""
    start = next(index for index, row in enumerate(rows) if row.startswith(heading)) + 1
    end = next(index for index in range(start, len(rows) + 1) if index == len(rows) or rows[index][:1] != " ")
    return rows[start:end]


@pytest.mark.parametrize("width", [60, 80, 120])
@pytest.mark.parametrize("height", [24, 40, 66])
def test_the_answers_to_all_three_questions_are_on_the_screen_of_a_question(width: int, height: int) -> None:
    assert [heading.partition(":")[0] for heading in HEADINGS] == ["Stops", "Irreversible", "Deployed, started or run"]
    screen = last_screen(MANY, width, height)
    assert [row for heading in HEADINGS for row in screen if row.startswith(heading)], screen
    for heading, starts in zip(
        HEADINGS, (["- DELETE", "x DESTROY", "# STOP"], ["- DELETE 9", "^ deploy"], []), strict=True
    ):
        rows = below(screen, heading)
        assert len(rows) >= 3
        assert all(any(row.startswith(f"  {start}") for row in rows) for start in starts)


@pytest.mark.parametrize("width", [60, 80, 120])
def test_where_a_screen_has_forty_rows_each_reason_of_a_hundred_deploys_is_on_it(width: int) -> None:
    rows = below(last_screen(MANY, width, 40), "Deployed, started or run")
    assert all(any(f": {name} changes" in row for row in rows) for name in FIELDS)
    assert sum("moves from" in row for row in rows) == 6
    assert not any("more, told above" in row for row in rows)


def test_where_a_text_is_on_the_screen_at_once_nothing_is_told_twice() -> None:
    whole = plan_text(MANY, color=False, width=120)
    rows = whole.count("\n")
    high = plan_text(MANY, color=False, width=120, height=rows * 2)
    assert high.count("\nStops: ") == 1
    assert plan_text(MANY, color=False, width=120, height=40) == whole, "a file is as a screen of forty rows"
    few = plan_of(*(stack(number, *changes_of(number)) for number in range(12, 15)))
    assert plan_text(few, color=False, width=80).count("\nStops: ") == 1
    assert plan_text(few, color=False, width=80, height=24).count("\nStops: ") == 2


REASONS = (
    "the image of the build build/payments-api-gateway-base changes to 1.42.7 with it",
    "moves from server/production-frankfurt-1 to server/production-frankfurt-2",
    "variable/DATABASE_CONNECTION_POOL_SIZE_OF_PRODUCTION changed after it was deployed",
    "environment changes",
)


ANEW = Effect("restarts", "2 services (db, web)", "compose up: what changed is started anew")


def deploys(number: int, width: int, rows: int) -> list[str]:
    """The answers of so many deploys, for these reasons in turn, each as its rows."""
    changes = (Change(Action.DEPLOY, REASONS[each % len(REASONS)], effects=(ANEW,)) for each in range(number))
    page = Page(width=width, color=False)
    write_in_short(page, plan_of(*(stack(each, change) for each, change in enumerate(changes))), rows)
    found = below(page.text().splitlines(), "Deployed")
    assert len(found) <= rows - 3
    return "\n".join(found).replace("\n  ^ ", "\n\n  ^ ").split("\n\n")


@pytest.mark.parametrize("width", [60, 80, 100, 120])
@pytest.mark.parametrize("number", [1, 3, 20, 100])
@pytest.mark.parametrize("rows", [7, 11, 19])
def test_a_single_resource_is_named_and_of_several_what_fits(width: int, number: int, rows: int) -> None:
    told = deploys(number, width, rows)
    assert len(told) == min(number, len(REASONS))
    for answer, reason in zip(told, REASONS, strict=False):
        one_row = " ".join(answer.split())
        if number <= len(REASONS):
            assert re.match(r"\^ deploy stack/s[^ ]*\d-production: ", one_row), answer
        else:
            assert re.match(r"\^ deploy \d+: ", one_row), answer
            assert re.search(r"uction \+ \d+ more$", one_row) or (width, rows) == (60, 7), answer
        if rows == 19 and width > 60:
            assert reason in one_row.replace("…eway", "payments-api-gateway"), answer


@pytest.mark.parametrize(
    ("number", "width", "rows", "told"),
    [
        (1, 80, 4, ["^ deploy stack/sho…000-production: the image of the build buil…ay-base…"]),
        (
            1,
            80,
            6,
            [
                "^ deploy stack/shop-of-the-payments-team-in-europe-west-000-production: the",
                "image of the build build/payments-api-gateway-base changes to 1.42.7 with",
                "it; restarts 2 services",
            ],
        ),
        (
            2,
            60,
            5,
            [
                "^ deploy stack/sho…000-production: the image of the build…",
                "^ deploy stack/sho…001-production: moves from…",
            ],
        ),
        (
            8,
            80,
            7,
            [
                "^ deploy 2: the image of the build buil…ay-base changes…: stac…uction + 1 more",
                "^ deploy 2: moves from serv…kfurt-1 to serv…kfurt-2: stack/…roduction + 1 more",
                "^ deploy 2: vari…DUCTION changed after it was deployed: stac…oduction + 1 more",
                "^ deploy 2: environment changes: stack/shop-of-…e-west-003-production + 1 more",
            ],
        ),
        (
            8,
            60,
            7,
            [
                "^ deploy 2: the image of the build buil…ay-base changes…",
                "^ deploy 2: moves from serv…kfurt-1…: stac…uction + 1 more",
                "^ deploy 2: variab…RODUCTION changed after it was deployed",
                "^ deploy 2: environment changes: stack/…roduction + 1 more",
            ],
        ),
    ],
)
def test_a_reason_is_squeezed_before_it_is_cut_behind_a_word(
    number: int, width: int, rows: int, told: list[str]
) -> None:
    assert [row.strip() for row in "\n".join(deploys(number, width, rows)).splitlines()] == told


@given(plan=plans, width=st.integers(20, 140), rows=st.integers(0, 60))
@costly(80)
def test_no_row_more_than_given_and_no_heading_less(plan: Plan, width: int, rows: int) -> None:
    page = Page(width=width, color=False)
    write_in_short(page, plan, rows)
    told = page.text().splitlines()
    headings = [item.heading for item in attentions(plan)]
    assert all(cells(row) <= width for row in told)
    if rows >= len(headings):
        assert len(told) <= rows
        seen = [row for row in told if not row.startswith(" ")]
        assert len(seen) == len(headings)
        for row, heading in zip(seen, headings, strict=True):
            assert row.startswith(heading) or heading.startswith(row.removesuffix("…"))


@given(wishes=st.lists(st.integers(0, 20), max_size=4), rows=st.integers(0, 50))
def test_rows_are_shared_fairly(wishes: list[int], rows: int) -> None:
    given_rows = shared(wishes, rows)
    assert sum(given_rows) == min(rows, sum(wishes))
    assert all(0 <= one <= wish for one, wish in zip(given_rows, wishes, strict=True))
    short = [one for one, wish in zip(given_rows, wishes, strict=True) if one < wish]
    assert not short or max(given_rows) - min(short) <= 1


def test_what_is_merged_tells_each_reason_with_all_that_have_it() -> None:
    whys = ["a changes", "b changes", "a changes; b changes", "b changes; c changes", "a changes; c changes"]
    plan = plan_of(*(stack(number, Change(Action.DEPLOY, why)) for number, why in enumerate(whys)))
    *_, deploys = attentions(plan)
    found = {
        str(notice.told[0]): [item.address.name[-14:-11] for item in notice.named] for notice in merged(deploys.notices)
    }
    assert found == {
        "a changes": ["000", "002", "004"],
        "b changes": ["001", "002", "003"],
        "c changes": ["003", "004"],
    }
    page = Page(width=80, color=False)
    write_in_short(page, plan, 6)
    assert page.text().splitlines()[2:5] == [
        "Deployed, started or run: 5 resources, by reason",
        "  ^ deploy 3: a changes: stack/shop-of-the-…-europe-west-000-production + 2 more",
        "  ^ deploy 3: b changes: stack/shop-of-the-…-europe-west-001-production + 2 more",
    ]


def test_of_what_loses_two_things_both_are_told_where_others_are_merged() -> None:
    def lost(number: int, *kinds: tuple[str, str]) -> Resource:
        effects = tuple(Effect(kind, subject, f"detail {number}") for kind, subject in kinds)
        return stack(number, Change(Action.DEPLOY, "moves", effects=effects))

    volumes, secret = ("loses", "its named volumes"), ("exposes", "")
    _, lasting, _ = attentions(plan_of(lost(1, volumes), lost(2, volumes, secret), lost(3, volumes), lost(4, volumes)))
    first, second = merged(lasting.notices)
    assert first.told == (Effect("loses", "its named volumes", ""),)
    assert sorted(item.address.name[-14:-11] for item in first.named) == ["001", "002", "003", "004"]
    assert second.told == (Effect("exposes", "", "detail 2"),)
    assert [item.address.name[-14:-11] for item in second.named] == ["002"]


def test_what_stops_twice_is_counted_and_named_once() -> None:
    def stops(number: int, *subjects: str) -> Resource:
        effects = tuple(Effect("stops", subject, f"because {number}") for subject in subjects)
        return stack(number, Change(Action.DEPLOY, f"reason {number}", effects=effects))

    plan = plan_of(stops(1, "2 services (a, b)", "1 service (b)"), stops(2, "1 service (c)"), stops(3, "1 service (d)"))
    [notice] = merged(attentions(plan)[0].notices)
    assert [(item.address.name[-14:-11], item.subject) for item in notice.named] == [
        ("001", "2 services (a, b); 1 service (b)"),
        ("002", "1 service (c)"),
        ("003", "1 service (d)"),
    ]
    page = Page(width=120, color=False)
    write_in_short(page, plan, 5)
    assert page.text().splitlines()[:2] == [
        "Stops: 3 resources",
        "  ^ deploy 3: stack/shop-of-the-payments-team-in-europe-west-001-production (2 services) + 2 more",
    ]


def test_what_loses_data_of_its_own_comes_first_and_then_what_goes_for_good() -> None:
    def change(action: Action, kind: str, subject: str, detail: str) -> Change:
        return Change(action, "why", effects=(Effect(kind, subject, detail),))

    changes = [
        *(change(Action.DEPLOY, "loses", f"volume v{number}", "stays behind") for number in range(8)),
        *(change(Action.DELETE, *(GONE.kind, "", f"{number} is gone")) for number in range(3)),
        change(Action.UPDATE, "exposes", "", "was secret"),
        Change(
            Action.RUN, "why", effects=(Effect("stops", "", "DestroyStack a"), Effect("loses", "", "PruneVolumes b"))
        ),
        change(Action.STOP, "stops", "", "can be started again"),
        *(change(Action.DEPLOY, "stops", "", f"because {number}") for number in range(4)),
    ]
    plan = plan_of(*(Resource(Address("stack", f"s{number}"), "", (each,)) for number, each in enumerate(changes)))
    page = Page(width=80, color=False)
    write_in_short(page, plan, 12)
    rows = page.text().splitlines()
    assert below(rows, "Stops")[:2] == [
        "  $ run stack/s12: stops: DestroyStack a",
        "  # STOP stack/s13: stops: can be started again",
    ]
    first, second, third, _ = below(rows, "Irreversible")
    assert first.startswith("  ^ deploy 8: loses data: stack/s0 (volume v0), ")
    assert second.startswith("  - DELETE 3: stack/s8, stack/s9")
    assert third == "  $ run stack/s12: loses: PruneVolumes b"


def test_what_is_merged_keeps_what_all_its_effects_have_in_common() -> None:
    stops, *_ = attentions(MANY)
    [moves] = [notice for notice in merged(stops.notices) if notice.action is Action.DESTROY]
    assert moves.told == (Effect("stops", "3 services (a, b)", "compose down"),)
    [deletes] = [notice for notice in merged(stops.notices) if notice.action is Action.DELETE]
    assert deletes.told == (Effect("stops", "", "it is running; compose down; volumes stay"),)
    assert {item.subject for item in deletes.named} == {f"{number} services (a, b)" for number in (1, 2, 3)}


@pytest.mark.parametrize("width", [60, 80, 120])
def test_the_end_of_a_long_text_says_in_short_what_its_top_does(width: int) -> None:
    told = plan_text(plan_of_size(100), color=False, width=width)
    _, _, last = told.rpartition("\nStops: 16 resources\n")
    rows = last.splitlines()
    assert len(rows) < 39, "with a question below it fits a screen"
    for said in (
        "  - DELETE 6: stops: it is running; compose down",
        "      stack/app-0016 (1 service)",
        "  # STOP 10: stops 1 container",
        "Irreversible: 20 resources",
        "  - DELETE 10: its configuration, history and permissions",
        "  ~ update 10: exposes: its value was secret",
        "Deployed, started or run: 40 resources",
        "  ^ deploy 10: never deployed",
        "      stack/app-0000, stack/app-0010",
        "Also affected: 10 resources",
        "Refused: apply will not start, for 1 reason given at the",
    ):
        assert any(row.startswith(said) for row in rows), said
    assert not any(row.endswith("…") for row in rows)


def test_what_has_no_room_at_the_end_of_a_text_is_a_number_there() -> None:
    kinds = {Action.DELETE: "irreversible", Action.DEPLOY: "restarts", Action.UPDATE: "leaves", Action.RENAME: "loses"}
    resources = [
        Resource(Address("stack", f"{action}-{number}"), "", (Change(action, "", effects=(effect,)),))
        for action, kind in kinds.items()
        for number in range(20)
        for effect in [Effect(kind, "", f"reason {number}")]
    ]
    _, _, last = plan_text(plan_of(*resources), color=False, width=80).rpartition("\nStops: nothing\n")
    rows = last.splitlines()
    assert len(rows) < 39
    assert "Also affected: 20 resources, told at the top" in rows
    assert any(row.startswith("  - DELETE 20: ") for row in rows)
    assert "Deployed, started or run: 20 resources" in rows


def test_of_more_reasons_than_rows_the_end_of_a_text_tells_the_first_whole_and_begins_the_rest() -> None:
    changes = [(Change(Action.DEPLOY, f"reason {number}"),) for number in range(60)]
    plan = plan_of(*(Resource(Address("stack", f"s{index}"), "", each) for index, each in enumerate(changes)))
    _, _, last = plan_text(plan, color=False, width=80).rpartition("\nDeployed, started or run: 60 resources\n")
    *told, rest = last.partition("\n\n")[0].splitlines()
    assert told == [f"  ^ deploy stack/s{number}: reason {number}" for number in range(len(told))]
    assert len(told) > 30
    assert rest.startswith(f"  {60 - len(told)} more, told above: reason {len(told)}; reason {len(told) + 1}; ")
