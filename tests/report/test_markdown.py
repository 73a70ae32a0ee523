"""A plan as Markdown: what it must name, what it may not do, and the room that it keeps to."""

from __future__ import annotations

import re

import pytest
from big_plans import creates_of, plan_of_size
from counts import costly
from hypothesis import example, given
from hypothesis import strategies as st
from plan_strategies import plans, texts
from rendered import Rendered, rendered
from report_examples import empty_plan, plan_of, rich_plan, scalar, small_plan, update_of
from test_report_golden import check

from komodo_sync.model.address import Address
from komodo_sync.model.data import replace
from komodo_sync.model.plan import Action, Change, CoreFacts, Effect, Finding, Plan, Resource, Scope, Shown
from komodo_sync.model.scope import GivenVariable
from komodo_sync.report.budget import GITHUB_BYTES, LEAST_BYTES
from komodo_sync.report.layout import safe
from komodo_sync.report.markdown import marker, plan_markdown
from komodo_sync.report.markdown_detail import DETAILS
from komodo_sync.report.markdown_text import code, fenced, html_words, words
from komodo_sync.report.values import shown_text

OURS = {"h2", "h3", "p", "ul", "li", "strong", "em", "b", "code", "pre", "details", "summary", "blockquote"}
HEADINGS = re.compile(
    r"Komodo (plan|drift): [0-9a-z, ]+|All changes"
    r"|. (Stops|Deployed, started or run|Irreversible|Also affected): (\d+ resources?|nothing)"
    r"|Other changes: \d+ resources?"
)
ACTING = re.compile(r"[@#<>\[\]`*_$|\\&]|://|www\.|\b(?=[0-9]*[a-f])[0-9a-f]{7,}\b|:[a-z]+:|\bGH-\d|(?<!\.)\.\w+\(")
NAMED = (Action.DELETE, Action.DESTROY, Action.STOP, Action.DEPLOY, Action.START, Action.RUN)


def check_harmless(page: Rendered) -> None:
    """Nothing is there but what we make: our tags, our headings, and outside code no character that acts."""
    assert page.tags <= OURS
    assert page.attributes <= {("code", "class")}
    assert not page.open
    assert not page.misplaced
    assert len(page.comments) == 1
    for heading in page.headings:
        assert HEADINGS.fullmatch(heading), heading
    told = re.sub(r"\[!(CAUTION|WARNING|NOTE)\]", "", "".join(page.text))
    assert not ACTING.search(told), ACTING.search(told)
    assert all(line.isprintable() for line in told.splitlines())


@pytest.mark.parametrize("number", [0, 1, 100, 5000])
def test_a_plan_of_any_size_reads_as_it_was_approved(number: int) -> None:
    text = plan_markdown(plan_of_size(number))
    check(f"plan-{number}.md", text)
    assert len(text.encode()) <= GITHUB_BYTES
    check_harmless(rendered(text))


def test_five_thousand_creates_are_all_named() -> None:
    plan = creates_of(5000)
    text = plan_markdown(plan)
    check("plan-5000-creates.md", text)
    assert len(text.encode()) <= GITHUB_BYTES
    check_harmless(rendered(text))
    assert {f"app-{index:04}" for index in range(5000)} <= set(re.findall(r"app-\d{4}", text))
    assert max(map(len, text.splitlines())) <= 300


@pytest.mark.parametrize("room", [40_000, 10_000, LEAST_BYTES])
def test_of_what_has_no_room_as_many_as_fit_are_named_and_the_rest_is_counted(room: int) -> None:
    text = plan_markdown(creates_of(5000), max_bytes=room)
    named = len(set(re.findall(r"app-\d{4}", text)))
    assert room - 200 < len(text.encode()) <= room
    assert 0 < named < 5000
    assert f"**… and {5000 - named} more, see the whole plan.**" in text


@pytest.mark.parametrize("room", [65_536, 60_000, 56_000, 50_000, 48_000])
def test_what_stops_is_deployed_or_deleted_is_named_before_anything_else(room: int) -> None:
    plan = plan_of_size(5000)
    text = plan_markdown(plan, max_bytes=room)
    assert len(text.encode()) <= room
    assert every_delete_and_deploy(plan, text)
    assert "has the tag `owner:platform`, and no manifest declares it" in text, "reasons go after names of others"
    others = set(re.findall(r"code-\d{4}", text))
    assert len(others) == 500 if room > 57_000 else len(others) < 500


def test_everything_that_a_plan_can_say_reads_as_it_was_approved() -> None:
    check("plan-rich.md", plan_markdown(rich_plan()))
    check_harmless(rendered(plan_markdown(rich_plan())))


@given(plan=plans, room=st.sampled_from((0, LEAST_BYTES, 6_000, 10_000, GITHUB_BYTES)))
@costly(60)
def test_nothing_live_acts_and_the_room_is_kept(plan: Plan, room: int) -> None:
    text = plan_markdown(plan, max_bytes=room)
    assert len(text.encode("utf-8", "surrogatepass")) <= max(room, LEAST_BYTES)
    assert text.splitlines()[0] == marker(plan)
    page = rendered(text)
    check_harmless(page)
    told = "".join(page.code)
    for resource in plan.resources:
        grave = any(change.action in NAMED for change in resource.changes)
        cut = re.search("names (and .* )?(are|is) not told", text)
        cut = cut or (not grave and "more, see the whole plan" in text)
        if resource.changes and not cut:
            names = (safe(str(resource.address)), shown_text(Shown([resource.address.name]))[1:-1])
            assert any(name in told for name in names)


@given(text=texts)
@example("@org/team")
@example("a`b``c")
@example("1.")
@example("(see:me)")
def test_a_text_stays_in_its_line_and_its_code(text: str) -> None:
    for markdown in (f"- **x** {words(text)}", f"- **x** {code(text)}", f"<p>{html_words(text)}</p>"):
        page = rendered(markdown)
        assert page.tags <= {"ul", "li", "strong", "code", "p"}
        assert not page.open
        assert not ACTING.search("".join(page.text))


@given(lines=st.lists(texts, max_size=4))
def test_a_block_ends_where_we_end_it(lines: list[str]) -> None:
    page = rendered(f"{fenced(lines)}\nafter\n")
    assert page.text[-2:] == ["after", "\n"]
    assert "".join(page.code) == "".join(f"{safe(line)}\n" for line in lines)


def test_plain_sentences_have_no_code_and_names_have() -> None:
    assert words("never deployed") == "never deployed"
    assert words("file_contents differs (it's new).") == "`file_contents` differs (it's new)."
    assert words("ping @all, see #12 or deadbeef1") == "ping `@all`, see `#12` or `deadbeef1`"
    assert code("a`b") == "``a`b``"
    assert code("`") == "`` ` ``"
    assert code("") == '`""`'


def every_delete_and_deploy(plan: Plan, text: str) -> bool:
    told = set(re.findall(r"[\w-]+", text))
    return all(
        resource.address.name in told
        for resource in plan.resources
        if any(change.action in NAMED for change in resource.changes)
    )


@pytest.mark.parametrize("room", [65_536, 40_000, 20_000, 12_000, 5_000])
def test_deletes_and_deploys_with_their_effects_are_the_last_to_go(room: int) -> None:
    plan = plan_of_size(300)
    text = plan_markdown(plan, max_bytes=room)
    assert every_delete_and_deploy(plan, text)
    if room > 5_000:
        assert "2 services (cache, db)" in text
        assert "3 services" in text


def test_with_less_room_less_is_told_in_the_documented_order() -> None:
    plan = plan_of_size(100)
    sizes = [len(plan_markdown(plan, max_bytes=room).encode()) for room in (90_000, 60_000, 45_000, 36_000, 9_000)]
    assert sizes == sorted(sizes, reverse=True)
    assert len(set(sizes)) == len(sizes)
    whole = plan_markdown(plan, max_bytes=90_000)
    assert "Left out" not in whole
    assert "worker-38" in whole
    cut = plan_markdown(plan, max_bytes=60_000)
    assert "worker-38" not in cut
    assert "# ... and 20 more lines" in cut
    assert DETAILS[1].said in cut
    without_creates = plan_markdown(plan, max_bytes=45_000)
    assert "worker-" not in without_creates
    assert "LOG_LEVEL" in without_creates
    some_values = plan_markdown(plan, max_bytes=36_000)
    assert 0 < some_values.count("```diff") < without_creates.count("```diff")
    without_values = plan_markdown(plan, max_bytes=34_000)
    assert "fields: `config/file_contents`" in without_values
    assert "LOG_LEVEL" not in without_values
    addresses = plan_markdown(plan, max_bytes=9_000)
    assert "config/file_contents" not in addresses
    assert "`stack/app-0001`" in addresses


def test_one_long_line_does_not_take_the_values_of_all_others() -> None:
    long = Resource(
        Address("stack", "long"),
        changes=(Change(Action.UPDATE, "why", fields=(scalar("description", "", "x" * 99_000),)),),
    )
    short = Resource(
        Address("stack", "short"),
        changes=(Change(Action.UPDATE, "why", fields=(scalar("config/branch", "main", "dev"),)),),
    )
    text = plan_markdown(plan_of(long, short))
    assert "+ dev" in text
    assert f"+ {'x' * 298} ... and 98702 more characters" in text
    assert "Left out for want of room: what one field has over 20 lines, and a line over 300 characters" in text


def test_names_that_have_no_room_are_counted_at_once() -> None:
    deletes = [Resource(Address("stack", f"s-{n:05}"), "", (Change(Action.DELETE, "gone"),)) for n in range(2_000)]
    text = plan_markdown(plan_of(*deletes), max_bytes=LEAST_BYTES)
    assert len(text.encode()) <= LEAST_BYTES
    assert "of 2000 names are not told here for want of room: read the whole plan." in text
    assert "**DELETE 2000**" in text
    assert text.index("names are not told") < text.index("s-00000")


def test_reasons_of_their_own_take_half_of_the_room_and_names_are_told_without_them() -> None:
    deploys = [
        Resource(Address("stack", f"s{n}"), "", (Change(Action.DEPLOY, f"a reason of its own: {n} {'x' * 80}"),))
        for n in range(40)
    ]
    calm = [Resource(Address("tag", f"t{n}"), "", (Change(Action.UPDATE, "differs"),)) for n in range(4)]
    text = plan_markdown(plan_of(*deploys, *calm), max_bytes=LEAST_BYTES)
    told = len(re.findall("^.*a reason of its own", text, re.MULTILINE))
    assert 10 < told < 40
    assert f"**{40 - told} of 40 reasons are not told here for want of room: read the whole plan.**" in text
    assert f"**deploy {40 - told}**: for {40 - told} reasons" in text
    assert "tag: t0, t1, t2, t3" in text
    assert {f"s{n}" for n in range(40)} <= set(re.findall(r"\bs\d+", text))


def deploys_of(number: int) -> list[Resource]:
    """As many that are deployed for three reasons, with services that differ from one to the other."""
    return [
        Resource(
            Address("stack", f"a-service-with-a-long-name-{index:04}"),
            "",
            (
                Change(Action.UPDATE, "differs from the manifest"),
                Change(
                    Action.DEPLOY,
                    ("file_contents changes", "environment changes", "variable/REGION changes")[index % 3],
                    effects=(Effect("restarts", f"1 service (web-{index})", "what changed is started anew"),),
                ),
            ),
        )
        for index in range(number)
    ]


def deletes_of(number: int) -> list[Resource]:
    """As many that are taken down and deleted."""
    effects = (Effect("stops", "1 service (web)", "it is running; compose down"), Effect("irreversible", "", "gone"))
    return [
        Resource(
            Address("stack", f"old-service-with-a-long-name-{index:04}"),
            "",
            (
                Change(Action.DESTROY, "before it is deleted: only when this succeeds"),
                Change(Action.DELETE, "no longer declared", effects=effects),
            ),
        )
        for index in range(number)
    ]


@pytest.mark.parametrize("room", [GITHUB_BYTES, 20_000, LEAST_BYTES])
def test_names_of_what_is_deployed_go_before_any_reason_and_any_effect(room: int) -> None:
    limit = Finding("limits.deletes", "refusal", "170 deletes are planned, and the limit is 5.", "--allow-deletes 170")
    text = plan_markdown(plan_of(*deploys_of(2_300), *deletes_of(170), findings=(limit,)), max_bytes=room)
    assert len(text.encode()) <= room
    head, _, told = re.search(r"^.*DELETE 170\*\*.*", text, re.MULTILINE)[0].partition(": ")
    assert head.startswith("**DESTROY, then DELETE 170**")
    assert told.startswith("**stops** 1 service (web): it is running; compose down; **irreversible**: gone; no longer")
    for reason in ("`file_contents` changes", "environment changes", "`variable/REGION` changes"):
        assert re.search(rf"\*\*deploy 76[67]\*\*.*: {reason}; \*\*restarts\*\*: what changed is started anew", text)
    deleted, deployed = (len(set(re.findall(rf"{name}-service-with-a-long-name-\d+", text))) for name in ("old", "a"))
    assert deleted == 170 if room > 8_000 else 0 < deleted < 170
    assert deployed < 2_300 if deleted == 170 else deployed == 0
    left = 170 + 2_300 - deleted - deployed
    assert f"**{left} of 2470 names are not told here for want of room: read the whole plan.**" in text
    assert "170 deletes are planned" in text, "a refusal is no longer than it was with few names"


@given(
    deploys=st.integers(0, 120),
    deletes=st.integers(0, 120),
    letters=st.integers(1, 60),
    reasons=st.integers(1, 120),
    wordy=st.integers(0, 200),
    room=st.integers(LEAST_BYTES, 30_000),
)
@costly(60)
def test_what_is_deleted_tells_its_effects_in_any_room(
    deploys: int, deletes: int, letters: int, reasons: int, wordy: int, room: int
) -> None:
    def named(lead: str, number: int) -> Address:
        return Address("stack", f"{lead}{number}-{'n' * letters}")

    def why(number: int) -> str:
        return f"because of {number % reasons} {'y' * wordy}"

    loss = (Effect("stops", "3 services", "compose down"), Effect("loses", "", "data"), Effect("irreversible", "", ""))
    plan = plan_of(
        *(Resource(named("up", n), "", (Change(Action.DEPLOY, why(n)),)) for n in range(deploys)),
        *(Resource(named("off", n), "", (Change(Action.DELETE, why(n), effects=loss),)) for n in range(deletes)),
    )
    text = plan_markdown(plan, max_bytes=room)
    assert len(text.encode()) <= room
    if deletes:
        assert {"stops", "loses", "irreversible"} <= set(re.findall("[a-z]+", text))
    told = set(re.findall(r"because of `?(\d+)", text))
    lost = re.search(r"(\d+) of \d+ reasons? (are|is) not told here", text)
    assert lost or told >= {str(n % reasons) for n in range(max(deploys, deletes))}
    names = set(re.findall(r"(?:up|off)\d+(?=-n)", text))
    counted = re.search(r"\*\*(\d+) of \d+ names", text)
    assert len(names) == deploys + deletes - int(counted[1] if counted else 0)


def test_long_words_of_others_do_not_use_up_the_room() -> None:
    long = "x" * 50_000
    plan = replace(
        plan_of(
            Resource(Address("stack", "web"), "", (Change(Action.DELETE, long, effects=(Effect(long, long, long),)),)),
            findings=tuple(Finding(long, "refusal", long, f"--allow {long}{n}") for n in range(20)),
            scope=Scope((long,), (long,), long, target=long, overlays=(long,)),
        ),
        core=CoreFacts(long, long),
    )
    text = plan_markdown(plan, max_bytes=LEAST_BYTES)
    assert len(text.encode()) <= LEAST_BYTES
    assert "**DELETE 1**" in text
    assert "web" in text


def test_the_marker_is_of_the_world_and_not_of_the_plan() -> None:
    assert marker(rich_plan()) == marker(replace(rich_plan(), resources=(), findings=()))
    assert marker(small_plan()) == marker(empty_plan())
    assert marker(small_plan()) != marker(rich_plan())
    assert marker(small_plan()) != marker(replace(small_plan(), scope=Scope(owner="platform", prune=True, target="b")))
    given = [{}, {"manifests": ("a",)}, {"manifests": ("b",)}, {"settings": "a"}, {"env_files": ("a",)}]
    assert len({marker(replace(small_plan(), scope=Scope(**each))) for each in given}) == len(given)
    one, other = (replace(small_plan(), scope=Scope(variables=(GivenVariable("a", value),))) for value in "xy")
    assert marker(one) == marker(other), "of a secret that is short, it would be guessed"
    assert re.fullmatch(r"<!-- komodo-sync plan [0-9a-f]{16} -->", marker(small_plan()))
    assert marker(small_plan(), "apply") != marker(small_plan())


def test_without_changes_one_heading_says_so() -> None:
    text = plan_markdown(empty_plan())
    assert "## Komodo plan: no changes, 412 unchanged" in text
    assert "###" not in text


def test_a_secret_is_called_one() -> None:
    assert "+ (secret)" in plan_markdown(rich_plan())


def test_few_resources_are_not_folded_twice() -> None:
    assert "<summary><b>" not in plan_markdown(plan_of(update_of()))
    assert "<summary><b>" in plan_markdown(rich_plan())


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("write `adopt_from: them` in it", "write `adopt_from: them` in it"),
        ("or (`a b`), then", "or (`a b`), then"),
        ("`@all <b>`.", "`@all <b>`."),
        ("a `b c", "a `` `b `` c"),
        ("` `", "`   `"),
        ("x`a b`y", "``x`a`` ``b`y``"),
    ],
)
def test_what_a_message_has_in_backticks_stays_one_span(said: str, written: str) -> None:
    assert words(said) == written


def test_sentences_of_a_finding_end() -> None:
    finding = Finding(
        "limit-deletes", "refusal", "2 deletes are too many (0)", "--allow-deletes 2", hint="look `a b` up"
    )
    text = plan_markdown(replace(small_plan(), findings=(finding,)))
    assert "2 deletes are too many (0). To allow it: `--allow-deletes 2`. Next: look `a b` up\n" in text
