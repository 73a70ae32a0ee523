"""What a plan and an outcome must say, whatever they look like."""

from __future__ import annotations

import re

import pytest
from big_plans import plan_of_size
from report_examples import SCALAR, empty_plan, outcomes, plan_of, rich_plan, scalar, small_plan, update_of

from komodo_sync.model.address import Address
from komodo_sync.model.data import replace
from komodo_sync.model.outcome import FailedStage, Outcome, Status, StepOutcome
from komodo_sync.model.plan import (
    SECRET,
    Action,
    Change,
    Diff,
    DiffEntry,
    Effect,
    FieldChange,
    Finding,
    Resource,
    Scope,
    Shown,
    Step,
    Summary,
    Visibility,
)
from komodo_sync.report.attention import Concern, attentions
from komodo_sync.report.attention_text import MOST_NOTICES, NAME_ROWS
from komodo_sync.report.html import plan_html
from komodo_sync.report.html_outcome import outcome_html
from komodo_sync.report.junit import outcome_junit
from komodo_sync.report.layout import Page, Style, cells, fold, safe
from komodo_sync.report.markdown import plan_markdown
from komodo_sync.report.markdown_outcome import outcome_markdown
from komodo_sync.report.outcome import ending, outcome_text, update_place
from komodo_sync.report.text import plan_text
from komodo_sync.report.values import shown_text


def rows(*resources: Resource, width: int = 120, **more: object) -> list[str]:
    return plan_text(plan_of(*resources, **more), color=False, width=width).splitlines()  # type: ignore[arg-type]


def test_the_last_row_counts_with_deletes_last() -> None:
    text = plan_text(rich_plan(), color=False, width=400)
    assert text.splitlines()[-1] == (
        "Plan: 2 to create, 3 to update, 1 to rename, 1 to adopt, 1 to forget, 2 to deploy, 1 to start, 1 to stop, "
        "1 to destroy, 1 to run, 2 to delete, 412 unchanged."
    )


@pytest.mark.parametrize(
    ("unchanged", "said"),
    [
        (412, "No changes: 412 resources are as declared."),
        (1, "No changes: 1 resource is as declared."),
        (0, "No changes: nothing is declared."),
    ],
)
def test_without_changes_one_sentence_says_so(unchanged: int, said: str) -> None:
    assert rows(unchanged=unchanged)[-1] == said


def test_an_unchanged_resource_is_not_listed() -> None:
    plan = replace(empty_plan(), resources=(Resource(Address("stack", "quiet"), "a.yaml:1:1"),))
    assert "quiet" not in plan_text(plan, color=False, width=120)


def test_deletes_come_after_everything_else_under_what_they_stop() -> None:
    text = plan_text(rich_plan(), color=False, width=120)
    heading = text.index("DELETES: 2 resources")
    assert heading > max(text.index(name) for name in ("\ntag/public", "\nstack/worker", "\nstack/web"))
    assert heading < text.index("  Stops: stack/legacy\n") < text.index("\nvariable/OLD")


def test_a_delete_is_red_and_says_so_without_color() -> None:
    assert "\x1b[1;31mDELETES:" in plan_text(rich_plan(), color=True, width=120)
    assert "  - DELETE: absent: names it\n" in plan_text(rich_plan(), color=False, width=120)


def test_a_refusal_is_said_first_with_its_flag_and_again_before_the_counts() -> None:
    text = plan_text(rich_plan(), color=False, width=120)
    assert text.index("REFUSED: apply will not start.") < text.index("to allow it: --allow-deletes 2")
    assert text.index("to allow it: --allow-deletes 2") < text.index("Warnings") < text.index("\nstack/web")
    assert text.splitlines()[-3].startswith("Refused: apply will not start, for 2 reasons")


def test_a_refusal_that_no_flag_allows_names_none() -> None:
    text = "\n".join(rows(findings=(Finding("names", "refusal", "Two names swap."),)))
    assert "Refused: apply will not start, for 1 reason given at the top." in text
    assert "to allow" not in text


def test_a_flag_that_lifts_only_some_refusals_is_not_said_to_allow_the_run() -> None:
    flagged = Finding("limit", "refusal", "Too many deletes.", "--allow-deletes 2")
    firm = Finding("names", "refusal", "Two names swap.", hint="rename one of them first")
    told = rows(findings=(flagged, firm))
    assert "    next: rename one of them first" in told
    end = " ".join(" ".join(told[-4:]).split())
    assert "for 2 reasons given at the top; --allow-deletes 2 would allow 1 of them, no flag allows the rest." in end
    assert "(to allow" not in end
    both = " ".join(rows(findings=(flagged, Finding("adopt", "refusal", "Both.", "--adopt-changes"))))
    assert "(to allow: --adopt-changes --allow-deletes 2)." in both


def test_what_one_flag_allows_names_it_once_in_every_form() -> None:
    adopted = [Finding("adopt", "refusal", f"stack/{name} differs", "--adopt-changes", hint="wait") for name in "abc"]
    plan = plan_of(
        findings=(*adopted, Finding("names", "refusal", "Two swap."), Finding("names", "refusal", "So too."))
    )
    text = plan_text(plan, color=False, width=80)
    assert (
        "  stack/a differs [adopt]\n  stack/b differs [adopt]\n  stack/c differs [adopt]\n"
        "    to allow these 3: --adopt-changes\n    next: wait\n  Two swap. [names]\n  So too. [names]\n"
    ) in text
    rows = (
        "> - `adopt`:\n>   - `stack/a` differs.\n>   - `stack/b` differs.\n>   - `stack/c` differs.\n"
        ">   - To allow these 3: `--adopt-changes`.\n>   - Next: wait\n"
    )
    assert f"{rows}> - `names`: Two swap.\n> - `names`: So too.\n" in plan_markdown(plan)
    assert plan_html(plan).count("to allow these 3: <code>--adopt-changes</code>") == 1


def test_refused_resources_are_counted_apart() -> None:
    refused = Resource(Address("stack", "theirs"), "web.yaml:1:9", refused=True)
    plan = replace(empty_plan(), resources=(refused,), summary=Summary({}, 0, 3, refused=1))
    assert plan_text(plan, color=False, width=200).endswith(
        "\nNo changes but those that are refused: 1 refused, 3 unchanged.\n"
    )
    plan = replace(small_plan(), summary=Summary({"update": 1}, 1, 3, refused=2))
    assert plan_text(plan, color=False, width=200).endswith("\nPlan: 1 to update, 2 refused, 3 unchanged.\n")


def test_what_was_not_done_follows_its_cause_and_is_told_once_for_all() -> None:
    fates = {
        Status.FAILED: ("it is on fire", "put it out"),
        Status.SKIPPED: ("needs server/s, whose create failed", ""),
    }
    steps = [(Status.SKIPPED, f"stack/{name}") for name in "abc"] + [
        (Status.FAILED, "server/s"),
        (Status.DONE, "tag/t"),
    ]
    results = tuple(
        StepOutcome(Step(Address.parse(text), Action.CREATE), status, *fates.get(status, ("", "")))
        for status, text in steps
    )
    told = outcome_text(Outcome(small_plan(), results), color=False, width=120)
    assert told.index("FAILED:") < told.index("Skipped:")
    assert "  needs server/s, whose create failed:\n    + create stack/a, stack/b, stack/c\n" in told


def test_a_failed_execution_is_told_with_its_stages_and_where_to_read_on() -> None:
    stage = FailedStage("Compose Up", "no such image\ngone")
    step = Step(Address("stack", "web"), Action.DEPLOY)
    result = StepOutcome(step, Status.FAILED, "DeployStack failed at Compose Up", "mend it", (stage,), "6b03dd61")
    told = outcome_text(Outcome(small_plan(), (result,)), color=False, width=120)
    assert (
        "  ^ deploy stack/web: DeployStack failed at Compose Up\n"
        "      Compose Up:\n"
        "        | no such image\n"
        "        | gone\n"
        "      update: https://komodo.example.com/updates/6b03dd61\n"
        "      next: mend it\n"
    ) in told
    # a link that is cut leads nowhere
    narrow = outcome_text(Outcome(small_plan(), (result,)), color=False, width=30)
    assert "      update: https://komodo.example.com/updates/6b03dd61\n" in narrow
    for write in (outcome_markdown, outcome_html):
        text = write(Outcome(small_plan(), (result,)))
        assert "no such image" in text
        assert "gone" in text
    assert "no such image\ngone" in outcome_junit(Outcome(small_plan(), (result,)))
    # an embedded Core has no page to look at
    assert update_place("sim:core.db", "6b03dd61") == "6b03dd61"


def test_what_is_refused_afterwards_is_left_to_do() -> None:
    remaining = replace(empty_plan(), summary=Summary({}, 0, 3, refused=1))
    outcome = Outcome(small_plan(), (), remaining)
    assert not outcome.complete
    assert "but 1 resource still differs" in ending(outcome)


def test_names_that_the_message_tells_are_not_told_again() -> None:
    address = Address("stack", "web")
    told = rows(findings=(Finding("x", "note", "stack/web is kept.", addresses=(address,)),))
    assert not any("concerns" in row for row in told)
    told = rows(findings=(Finding("x", "note", "2 resources are kept.", addresses=(address, Address("stack", "b"))),))
    assert "    concerns stack/web, stack/b" in told


@pytest.mark.parametrize(
    ("scope", "said"),
    [
        (Scope(deploy=False), "Without deploys (--no-deploy): nothing is deployed or started."),
        (Scope(paths=("a", "b")), "Narrowed to a b: what is outside is left alone."),
        (
            Scope(omitted_fields="keep"),
            "https://komodo.example.com  (Core 2.3.2, no owner, prune off, omitted fields: keep)",
        ),
        (
            Scope(target="prod", overlays=("eu", "prod")),
            "https://komodo.example.com  (Core 2.3.2, target prod, overlay eu, overlay prod, no owner, prune off)",
        ),
    ],
)
def test_the_header_says_what_shapes_the_plan(scope: Scope, said: str) -> None:
    assert said in rows(scope=scope)


def test_a_partial_view_is_said_in_the_header_and_a_full_one_is_not() -> None:
    assert any(
        row.startswith("Partial view: the key of bot is not") for row in rows(visibility=Visibility("bot", False, ()))
    )
    assert not any("Partial" in row for row in rows())


def test_old_and_new_values_stand_under_each_other() -> None:
    found = rows(update_of(scalar("config/branch", "main", "dev"), scalar("config/run_build", False, True)))
    assert "    config/branch     main  -> dev" in found
    assert "    config/run_build  false -> true" in found


def test_one_long_value_does_not_push_the_others_away() -> None:
    found = rows(update_of(scalar("a", "main", "dev"), scalar("b", "x" * 60, "y")))
    assert "    a  main -> dev" in found
    assert f"    b  {'x' * 60} -> y" in found


def test_a_value_that_does_not_fit_is_shown_whole_below() -> None:
    found = rows(update_of(scalar("description", "short", "w" * 100)), width=60)
    assert found[-6:-2] == ["    description", "      - short", "      + " + "w" * 52, "      | " + "w" * 48]


def test_what_is_no_longer_in_the_manifest_is_said_to_be_reset() -> None:
    found = rows(update_of(scalar("config/branch", "main", "", reset=True)))
    assert '    config/branch  main -> ""  (reset to default: not in the manifest)' in found


def test_the_place_of_a_field_of_a_create_is_named_only_when_it_is_in_another_file() -> None:
    fields = (scalar("a", None, "x", "web.yaml:4:9"), scalar("b", None, "y", "defaults.yaml:1:1"))
    found = rows(Resource(Address("stack", "web"), "web.yaml:2:3", (Change(Action.CREATE, "", fields=fields),)))
    assert "    a  x" in found
    assert "    b  y  defaults.yaml:1:1" in found


def test_the_deploys_mark_is_explained_once_where_it_is_used() -> None:
    deploying = rows(update_of(scalar("a", "x", "y", deploys=True), scalar("b", "x", "y", deploys=True)))
    assert sum("reaches the containers" in row for row in deploying) == 1
    assert not any("reaches the containers" in row for row in rows(update_of(scalar("a", "x", "y"))))


def test_a_diff_in_white_space_alone_can_be_seen() -> None:
    lines = Diff("lines", ("@@ -1,2 +1,2 @@", "-a ", "+a", "-\tb", "+    b\r", ""))
    found = rows(update_of(FieldChange("config/file_contents", Shown("x"), Shown("y"), lines)))
    start = found.index("      - a·")
    assert found[start : start + 4] == ["      - a·", "      + a", "      - →   b", "      +     b\\r"]


def test_effects_that_take_away_come_first_and_are_gathered_at_the_top() -> None:
    effects = (Effect("keeps", "volumes", ""), Effect("exposes", "port 80", ""), Effect("stops", "2 services", "down"))
    change = Change(Action.DESTROY, "", effects=effects)
    found = rows(Resource(Address("stack", "web"), "", (change,)))
    start = found.index("  x DESTROY")
    assert found[start + 1 : start + 4] == [
        "    ! stops 2 services: down",
        "    ! exposes port 80",
        "    = keeps volumes",
    ]
    assert found[2:10] == [
        "Stops: 1 resource",
        "  x DESTROY stack/web: stops 2 services: down; keeps volumes",
        "",
        "Irreversible: 1 resource",
        "  x DESTROY stack/web: exposes port 80",
        "",
        "Deployed, started or run: nothing",
        "",
    ]


def test_many_names_are_counted() -> None:
    addresses = tuple(Address("stack", f"s{number}") for number in range(9))
    found = rows(findings=(Finding("x", "warning", "Look.", addresses=addresses),))
    expected = ", ".join(f"stack/s{number}" for number in range(7))
    assert f"    concerns {expected} and 2 more" in found


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("main", "main"),
        ("", '""'),
        ("1.10", '"1.10"'),
        ("true", '"true"'),
        ("(secret)", '"(secret)"'),
        ("a -> b", '"a -> b"'),
        (" a", '" a"'),
        ("a\u202eb", '"a\\u202eb"'),
        ("\x9b2J", '"\\x9b2J"'),
        ("例え", "例え"),
        (None, "(not set)"),
        (True, "true"),
        (1.5, "1.5"),
        ([], "[]"),
        (["a", "b"], "[a, b]"),
        (["a, b"], '["a, b"]'),
        (["1"], '["1"]'),
        ({"a": [1]}, '{"a": [1]}'),
    ],
)
def test_a_value_can_be_taken_for_nothing_else(value: object, said: str) -> None:
    assert shown_text(Shown(value)) == said


def test_folding_loses_nothing_and_counts_wide_characters_twice() -> None:
    assert fold("例えばの話", 4) == ["例え", "ばの", "話"]
    assert "".join(fold("one two three four", 7)) == "one two three four"


def test_a_live_value_cannot_fake_a_row() -> None:
    fake = "x\n\nNo changes: 412 resources are as declared." + " " * 100 + "- DELETE"
    for width in (40, 120):
        found = rows(update_of(scalar("description", "old", fake)), width=width)
        assert not any(row.lstrip().startswith(("No changes", "- DELETE")) for row in found)


def test_safe_is_idempotent_and_leaves_what_can_be_read() -> None:
    assert safe("a\x1b[0m\tü\u2028") == "a\\x1b[0m\\tü\\u2028"
    assert safe(safe("\x00\U000e0041")) == "\\x00\\U000e0041"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("complete", "Applied: 1 change done; nothing is left to do."),
        ("partial", "Applied in part: 13 done, 1 failed, 2 skipped. Run apply again when the cause is mended: "),
        ("differs", "Applied in part: 1 change done, but 1 resource still differs. Run plan to see what is left."),
        ("stopped", "Stopped: 2 done, 14 not started. Run apply again to go on from here."),
        ("unverified", "Applied: 1 change done; whether anything is left was not checked."),
        (
            "verification-failed",
            "Applied, but not proven: 1 change done; the plan afterwards failed: The Core cannot be ",
        ),
        ("nothing-done", "Not applied: 1 failed. Run apply again when the cause is mended: what is done stays done."),
        ("nothing-to-do", "Nothing to do: everything is as declared."),
    ],
)
def test_the_last_row_says_how_it_ended(name: str, said: str) -> None:
    assert outcome_text(outcomes()[name], color=False, width=400).splitlines()[-1].startswith(said)


def test_what_was_done_and_still_differs_is_shown_in_full() -> None:
    text = outcome_text(outcomes()["differs"], color=False, width=120)
    assert "Done, and yet different:" in text
    assert "config/branch  main -> stable" in text


def test_what_failed_is_not_listed_again_as_left() -> None:
    text = outcome_text(outcomes()["partial"], color=False, width=120)
    assert text.count("stack/api") == 4  # created, two steps not done, and the reason of one
    assert text.index("FAILED:") < text.index("Also left to do:") < text.index("stack/docs")


def test_stopping_before_the_first_step_is_said() -> None:
    outcome = Outcome(small_plan(), (), stopped=True)
    assert ending(outcome) == "Stopped: nothing was started. Run apply again to go on from here."


def test_a_field_without_a_diff_body_shows_its_note() -> None:
    field = replace(scalar("config/webhook_secret", None, None), diff=replace(SCALAR, note="secret values differ"))
    assert "    config/webhook_secret  (not set) -> (not set)  (secret values differ)" in rows(update_of(field))


def test_the_page_itself_makes_every_text_safe() -> None:
    page = Page(width=40, color=False)
    page.row(("a\x1b[2J", Style.PLAIN), ("\nb", Style.BOLD))
    page.say(("c\x9b1m", Style.PLAIN))
    page.value("+\r", "d\u202e", indent=2)
    assert page.text() == "a\\x1b[2J\\nb\nc\\x9b1m\n  +\\rd\\u202e\n"


def test_the_values_of_an_environment_are_texts_without_quotes() -> None:
    values = ("8080", "true", "[[NAME]]", "{}", " a", "(secret)", "", "a -> b")
    entries = tuple(DiffEntry(f"K{number}", None, Shown(value)) for number, value in enumerate(values))
    found = rows(update_of(FieldChange("config/environment", Shown(""), Shown(""), Diff("keyed", entries=entries))))
    shown = [row.partition(" = ")[2] for row in found if row.startswith("      + K")]
    assert shown == ["8080", "true", "[[NAME]]", "{}", '" a"', '"(secret)"', '""', '"a -> b"']


PORTS = Diff(
    "keyed",
    entries=(
        DiffEntry("3001", None, Shown("3000")),
        DiffEntry("8443", Shown("443"), Shown("444")),
        DiffEntry("./a", SECRET, SECRET),
        DiffEntry("b", Shown("(secret)"), None),
    ),
    joined=":",
)


def test_pairs_that_people_write_as_one_word_are_told_as_one() -> None:
    change = update_of(FieldChange("config/ports", Shown(""), Shown(""), PORTS))
    assert [row.strip() for row in rows(change) if row.startswith("      ")][:4] == [
        "+ 3001:3000",
        "~ 8443:443 -> 8443:444",
        "~ ./a:(secret) -> ./a:(secret)",
        '- b:"(secret)"',
    ]
    block = plan_markdown(plan_of(change)).partition("```diff\n")[2].partition("```")[0]
    assert block.splitlines()[1:] == [
        "+ 3001:3000",
        "- 8443:443",
        "+ 8443:444",
        "! ./a:(secret) -> ./a:(secret)",
        '- b:"(secret)"',
    ]
    page = plan_html(plan_of(change))
    assert '<td class="old"><div>8443:443</div></td><td class="new"><div>8443:444</div></td>' in page
    assert '<th scope="col">Key</th>' not in page


def test_a_value_that_changes_as_a_whole_has_no_place() -> None:
    entries = (DiffEntry("", Shown([]), Shown({"a": 1})),)
    found = rows(update_of(FieldChange("config/x", Shown([]), Shown({}), Diff("items", entries=entries))))
    assert '      ~ [] -> {"a": 1}' in found


def test_a_create_has_no_old_values_inside_a_diff_either() -> None:
    entries = (DiffEntry("type", Shown("Custom"), Shown("Ntfy")),)
    field = FieldChange("config/endpoint", Shown(), Shown({}), Diff("items", entries=entries))
    found = rows(Resource(Address("alerter", "phone"), "", (Change(Action.CREATE, "", fields=(field,)),)))
    assert "      + type: Ntfy" in found
    assert not any("Custom" in row for row in found)


@pytest.mark.parametrize("width", [60, 80, 120])
def test_what_stops_is_deployed_and_cannot_be_undone_is_said_at_the_top(width: int) -> None:
    told = plan_text(plan_of_size(100), color=False, width=width)
    top = told[: told.index("\nstack/app-0000  ")]
    order = ["REFUSED", "Stops: 16 resources", "Irreversible: 20 resources", "Deployed, started or run: 40 resources"]
    found = [top.index(heading) for heading in [*order, "Also affected: 10 resources"]]
    assert found == sorted(found)
    screen = told.splitlines()[:40]
    assert any(row.startswith("At a glance: Stops (16); Irreversible (20); Deployed,") for row in screen[:3])
    assert all(any(row.startswith(heading) for row in screen) for heading in order[1:])
    for said in (
        "- DELETE 6: stops: it is running; compose down; volumes stay stack/app-0016 (1 service), ",
        "^ deploy 10: never deployed stack/app-0000, ",
        "- DELETE 10: its configuration, history and permissions in Komodo are gone; has the tag owner:platform, and",
    ):
        assert said in " ".join(top.split())


def test_no_row_of_the_top_is_wider_than_asked_and_no_name_is_cut_in_two() -> None:
    for width in (60, 80, 120):
        top = plan_text(plan_of_size(100), color=False, width=width).partition("\nstack/app-0000  ")[0].splitlines()
        assert max(map(cells, top)) <= width
        assert not any(re.match(r" *\(\d", row) for row in top), "a number stands with its name"


def test_names_that_have_no_room_are_counted() -> None:
    addresses = [Address("stack", f"a-name-of-some-length-{number}") for number in range(9)]
    plan = plan_of(*(Resource(address, "", (Change(Action.DEPLOY, "never deployed"),)) for address in addresses))
    told = plan_text(plan, color=False, width=60).splitlines()
    start = told.index("  ^ deploy 9: never deployed")
    assert told[start + 1 : start + 1 + NAME_ROWS] == [
        "      stack/a-name-of-some-length-0,",
        "      stack/a-name-of-some-length-1 and 7 more",
    ]
    assert told[start + 1 + NAME_ROWS] == ""


def test_a_name_longer_than_a_row_is_told_all_the_same() -> None:
    page = Page(width=20, color=False)
    page.names(["x" * 20, "y", "z"], indent=6, rows=2)
    assert page.text() == f"      {'x' * 14}\n      {'x' * 6}\n      and 2 more\n"


def test_a_summary_stays_one() -> None:
    resources = [
        Resource(Address("stack", f"s{number:03}"), "", (Change(Action.DEPLOY, f"reason {number}"),))
        for number in range(500)
    ]
    told = plan_text(plan_of(*resources), color=False, width=60)
    top = told[: told.index("\nstack/s000")]
    assert top.count("  ^ deploy ") == MOST_NOTICES
    first = MOST_NOTICES - 1
    assert (
        f"\n  ^ deploy {500 - first} more: each is told below\n      stack/s{first:03}, stack/s{first + 1:03}, " in top
    )
    assert f"\n      for reason {first}; reason {first + 1}; " in top


def test_each_reason_of_a_hundred_changes_of_all_kinds_is_told_at_the_top() -> None:
    """A few large groups, and a dozen deploys that have each a reason of its own: moves, images, branches."""
    reasons = (
        ["environment changes"] * 40 + ["created by this plan"] * 40 + [f"moves to server/s{n}" for n in range(12)]
    )
    resources = [
        Resource(Address("stack", f"s{n:03}"), "", (Change(Action.DEPLOY, why),)) for n, why in enumerate(reasons)
    ]
    told = plan_text(plan_of(*resources), color=False, width=80)
    top = told[: told.index("\nstack/s000")]
    assert all(why in top for why in reasons)


def test_of_one_more_reason_than_a_summary_holds_none_is_told_alone_as_more() -> None:
    changes = [(Change(Action.DEPLOY, f"reason {number}"),) for number in range(MOST_NOTICES)]
    resources = [Resource(Address("stack", f"s{index}"), "", change) for index, change in enumerate(changes)]
    top, _, _ = plan_text(plan_of(*resources), color=False, width=80).partition("\nstack/s0\n")
    assert "reason 15" in top
    assert "more" not in top


def test_what_differs_in_number_alone_is_one_row() -> None:
    changes = {
        name: Change(Action.DEPLOY, "image changes", effects=(Effect("restarts", f"{number} services (a)", "anew"),))
        for name, number in (("a", 2), ("b", 3))
    }
    plan = plan_of(*(Resource(Address("stack", name), "", (change,)) for name, change in changes.items()))
    assert (
        "  ^ deploy 2: image changes; restarts: anew\n      stack/a (2 services), stack/b (3 services)\n"
        in plan_text(plan, color=False, width=80)
    )
    assert "**`stack/a`** 2 services (a), **`stack/b`** 3 services (a)" in plan_markdown(plan)
    page = plan_html(plan)
    assert '<code>stack/b</code></a> <span class="note">(3 services)</span>' in page
    assert page.index("image changes") < page.index("<code>stack/a</code>"), "of many the reason comes before the names"


def test_where_nothing_stops_is_deployed_or_lost_nothing_is_said_of_it() -> None:
    for plan in (empty_plan(), plan_of(update_of(scalar("a", "x", "y")))):
        assert attentions(plan) == ()
        for text in (plan_text(plan, color=False, width=80), plan_markdown(plan), plan_html(plan)):
            assert not any(concern in text for concern in Concern)


def test_each_question_is_answered_where_one_is_in_every_form() -> None:
    plan = plan_of(Resource(Address("stack", "web"), "", (Change(Action.DEPLOY, "never deployed"),)))
    headings = [item.heading for item in attentions(plan)]
    assert headings == ["Stops: nothing", "Irreversible: nothing", "Deployed, started or run: 1 resource"]
    for text in (plan_text(plan, color=False, width=80), plan_markdown(plan), plan_html(plan)):
        assert all(heading in text for heading in headings)


def test_who_sees_one_end_of_a_text_alone_is_told_what_stands_in_it() -> None:
    changes = [(Change(Action.DEPLOY, f"reason {number}"),) for number in range(9)]
    several = plan_of(*(Resource(Address("stack", f"s{index}"), "", each) for index, each in enumerate(changes)))
    told = plan_text(several, color=False, width=120).splitlines()
    assert "At the top: Stops (0); Irreversible (0); Deployed, started or run (9)." in told[-4:]
    assert "At a glance: Stops (0); Irreversible (0); Deployed, started or run (9)." not in told
    many = plan_text(plan_of_size(100), color=False, width=120).splitlines()
    counted = "Stops (16); Irreversible (20); Deployed, started or run (40); Also affected (10)."
    assert f"At a glance: {counted}" in many[:2]
    short = plan_text(small_plan(), color=False, width=120)
    assert "At the top" not in short
    assert "At a glance" not in short


def test_warnings_come_after_what_stops() -> None:
    text = plan_text(rich_plan(), color=False, width=120)
    assert text.index("REFUSED") < text.index("Stops: 3") < text.index("\nWarnings") < text.index("\nNotes")
    markdown = plan_markdown(rich_plan())
    assert markdown.index("[!CAUTION]") < markdown.index("Stops: 3") < markdown.index("[!WARNING]")


def test_what_is_taken_down_to_be_deleted_is_told_once() -> None:
    stops = Effect("stops", "2 services", "compose down; volumes stay")
    changes = (Change(Action.DESTROY, "before it is deleted"), Change(Action.DELETE, "gone", effects=(stops,)))
    resource = Resource(Address("stack", "old"), "", changes)
    told = rows(resource)
    assert (
        told[told.index("Stops: 1 resource") + 1]
        == "  - DELETE stack/old: stops 2 services: compose down; volumes stay"
    )
    assert not any("DESTROY stack/old" in row for row in told)
    assert "<summary><code>stack/old</code>" in plan_markdown(plan_of(resource))
    assert "  x DESTROY stack/old: before it is deleted" in rows(replace(resource, changes=changes[:1]))


def test_what_was_called_otherwise_is_told_to_have_been() -> None:
    def renamed(number: int) -> Resource:
        effect = Effect("renames", f"old-{number}", "it is started anew")
        change = Change(Action.RENAME, "declared", previous=f"old-{number}", effects=(effect,))
        return Resource(Address("stack", f"new-{number}"), "", (change,))

    one, two = plan_of(renamed(0)), plan_of(renamed(0), renamed(1))
    assert "  > rename stack/new-0 (was old-0): it is started anew" in plan_text(one, color=False, width=120)
    assert "      stack/new-0 (was old-0), stack/new-1 (was old-1)" in plan_text(two, color=False, width=120)
    assert "**`stack/new-0`** (was `old-0`), **`stack/new-1`** (was `old-1`)" in plan_markdown(two)
    assert '<span class="note">(was old-1)</span>' in plan_html(two)
    assert not any(
        "renames</b>: it is" in text or "**renames**: it is" in text for text in (plan_html(two), plan_markdown(two))
    )


def test_what_stands_behind_a_field_is_explained_before_the_first_of_them() -> None:
    text = plan_text(small_plan(), color=False, width=120)
    said = "(deploys) reaches the containers at the next deploy, not before."
    assert text.count(said) == 1
    assert text.index(said) < text.index("stack/web")
