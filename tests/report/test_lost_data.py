"""What is lost for good, where there is room for a few words alone: data first, by name, and never half of a reason."""

from __future__ import annotations

import pytest
from report_examples import plan_of
from test_in_short import GONE, below

from komodo_sync.model.address import Address
from komodo_sync.model.plan import Action, Change, Effect, Plan, Resource
from komodo_sync.report.attention import attentions
from komodo_sync.report.glance import glance
from komodo_sync.report.in_short import write_in_short
from komodo_sync.report.layout import Page


def losing_plan(others: int, losers: int = 6) -> Plan:
    """One of each that is lost, in the order of names: a checkout, what a run prunes, what a schedule will, volumes."""

    def one(name: str, *changes: Change) -> Resource:
        return Resource(Address.parse(name), "", changes)

    prunes = Effect("loses", "", "PruneVolumes one")
    later = Effect("loses", "", "PruneVolumes one by its schedule; not by this apply but at its time: 0 3 * * *")
    checkout = Effect("removes", "", "the checkout on the server is removed")
    empty = "it starts with new and empty volumes on server/two; the old ones stay behind on server/one"
    return plan_of(
        one(
            "procedure/nightly", Change(Action.UPDATE, "", effects=(later,)), Change(Action.RUN, "", effects=(prunes,))
        ),
        *(
            one(name, Change(Action.DELETE, "no longer declared", effects=(*effects, GONE)))
            for name, effects in (("repo/old", [checkout]), ("stack/x", []), ("stack/y", []))
        ),
        *(
            one(f"stack/s{at}", Change(Action.DEPLOY, f"moves from {at}", effects=(Effect("loses", f"v{at}", empty),)))
            for at in range(losers)
        ),
        *(one(f"stack/o{at}", Change(Action.DEPLOY, f"reason {at}")) for at in range(others)),
    )


def in_short(plan: Plan, rows: int, width: int = 80) -> list[str]:
    page = Page(width=width, color=False)
    write_in_short(page, plan, rows)
    return page.text().splitlines()


@pytest.mark.parametrize("width", [80, 120])
def test_where_rows_are_few_all_that_loses_data_is_counted_and_named_first(width: int) -> None:
    lost = below(in_short(losing_plan(24), 12, width), "Irreversible")
    names = "stack/s0, stack/s1, stack/s2"
    assert lost[0].startswith(f"  ^ deploy 6: loses data: {names}")
    assert lost[1].endswith(": stack/x, stack/y, repo/old")
    assert lost[2] == "  $ run procedure/nightly: loses: PruneVolumes one"
    assert lost[3].startswith("  ~ update procedure/nightly: loses: PruneVolumes one by its schedule")
    assert not any("…" in row for row in lost)


def test_where_there_are_rows_each_says_what_it_loses_and_ends_with_a_sentence() -> None:
    lost = below(in_short(losing_plan(10), 40), "Irreversible")
    assert lost[:6] == [f"  ^ deploy stack/s{at}: loses v{at}; moves from {at}" for at in range(6)]
    assert not any("…" in row for row in lost if "loses" in row)


def test_a_loss_is_told_as_one_beside_the_longest_name_and_of_the_longest_list() -> None:
    names = ", ".join(f"volume-{number}" for number in range(30))
    lost = Change(Action.DEPLOY, "moves", effects=(Effect("loses", f"its named volumes {names}", "empty"),))
    long = plan_of(Resource(Address("stack", "n" * 50), "", (lost,)), Resource(Address("stack", "s"), "", (lost,)))
    for plan in (long, plan_of(long.resources[0])):
        [row, *_] = below(in_short(plan, 4), "Irreversible")
        assert row.startswith(("  ^ deploy 2: loses data: stack/", f"  ^ deploy stack/{'n' * 50}: loses data"))


def test_what_has_no_row_of_its_own_is_named_where_one_row_holds_it_all() -> None:
    stops = [(Action.DELETE, "a"), (Action.DESTROY, "b"), (Action.STOP, "c"), (Action.DEPLOY, "d")]
    plan = plan_of(
        *(
            Resource(
                Address("stack", name), "", (Change(action, "", effects=(Effect("stops", "2 services (a)", ""),)),)
            )
            for action, name in stops
        )
    )
    rows = below(in_short(plan, 8), "Stops")
    assert rows[-1] == "  2 more: STOP stack/c: stops 2 services; deploy stack/d: stops 2 services"


def test_what_loses_data_comes_first_and_by_name_and_what_a_schedule_does_last() -> None:
    _, lasting, _ = (said for _, said in glance(attentions(losing_plan(24))))
    assert lasting == [
        "deploy 6: loses data: stack/s0, stack/s1, stack/s2 and 3 more",
        "DELETE 3",
        "run procedure/nightly: loses: PruneVolumes one",
        "update procedure/nightly: loses: PruneVolumes one by its schedule",
    ]
    few = glance(attentions(losing_plan(24, losers=4)))
    assert few[1][1][0] == "deploy 4: loses data: stack/s0, stack/s1, stack/s2, stack/s3"
