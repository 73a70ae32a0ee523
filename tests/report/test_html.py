"""A plan and an outcome as one HTML file: what must be in it, and what may not."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256
from html import escape
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest
from big_plans import plan_of_size
from counts import costly
from hypothesis import given
from plan_strategies import outcomes as any_outcomes
from plan_strategies import texts
from report_examples import empty_plan, outcomes, rich_plan

from komodo_sync.model.address import Address
from komodo_sync.model.data import replace
from komodo_sync.model.plan import Action, Change, Finding, Resource, Step
from komodo_sync.report.html import plan_html
from komodo_sync.report.html_elements import Html, element, escaped, sentence
from komodo_sync.report.html_graph import MOST_STEPS, order_html
from komodo_sync.report.html_outcome import outcome_html
from komodo_sync.report.html_sides import side_by_side
from komodo_sync.report.layout import safe

if TYPE_CHECKING:
    from komodo_sync.model.outcome import Outcome

VOID = {"meta", "input"}
TAGS = {
    *("html", "head", "meta", "title", "style", "body", "script", "a", "header", "h1", "h2", "h4", "p", "span", "b"),
    *("ul", "ol", "li", "main", "section", "div", "details", "summary", "code", "pre", "table", "caption", "thead"),
    *("tbody", "tr", "th", "td", "label", "input", "button", "footer", "svg", "path", "rect", "text"),
}


class Page(HTMLParser):
    """What a document is made of."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str]] = []
        self.comments: list[str] = []
        self.open: list[str] = []
        self.misplaced: list[str] = []
        self.inside: dict[str, list[str]] = {}
        self.text = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.misplaced.append(tag)

    def handle_data(self, data: str) -> None:
        tag = self.open[-1] if self.open else ""
        self.inside.setdefault(tag, []).append(data)
        self.text += "" if tag in ("style", "script") else data

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)


def check_harmless(text: str) -> Page:
    """Our elements alone, links within the page alone, nothing that runs but our script."""
    page = Page(text)
    assert page.tags <= TAGS
    assert not page.comments
    assert not page.open
    assert not page.misplaced
    for name, value in page.attributes:
        assert not name.startswith("on")
        assert name not in ("src", "style", "action", "formaction", "srcdoc", "xlink:href")
        assert name != "href" or re.fullmatch(r"#[a-z0-9-]+", value)
    assert len(page.inside["script"]) == len(page.inside["style"]) == 1
    assert all(line.isprintable() for line in page.text.splitlines())
    return page


@given(outcome=any_outcomes)
@costly(60)
def test_nothing_live_acts(outcome: Outcome) -> None:
    check_harmless(plan_html(outcome.plan))
    check_harmless(outcome_html(outcome))


@given(text=texts)
def test_any_text_is_text(text: str) -> None:
    page = Page(element("p", text, title=text))
    assert page.tags == {"p"}
    assert page.text == safe(text)
    assert page.attributes == [("title", safe(text))]
    assert escaped(text) == escape(safe(text))
    assert escaped(Html("<b>")) == "<b>"


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("declare `state: running` to start it", "declare <code>state: running</code> to start it"),
        ("`a` or (`<b>`)", "<code>a</code> or (<code>&lt;b&gt;</code>)"),
        ("one ` alone, and a`b`", "one ` alone, and a`b`"),
    ],
)
def test_what_a_message_has_in_backticks_is_code(text: str, html: str) -> None:
    assert sentence(text) == html


@given(text=texts)
def test_any_message_is_text(text: str) -> None:
    assert Page(element("p", sentence(text))).text.replace("`", "") == safe(text).replace("`", "")


def test_the_policy_names_the_style_and_the_script_and_nothing_else() -> None:
    page = Page(plan_html(rich_plan()))
    policy = next(value for name, value in page.attributes if name == "content" and "default-src" in value)
    for tag in ("style", "script"):
        digest = b64encode(sha256(page.inside[tag][0].encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    assert "http" not in "".join(page.inside["style"] + page.inside["script"])


def test_everything_that_a_plan_says_is_there() -> None:
    page = check_harmless(plan_html(rich_plan()))
    for said in (
        "Refused: apply will not start",
        "to allow it: --allow-deletes 2",
        "The Resource Sync main manages these too",
        "Stops: 3",
        "Deployed, started or run: 3",
        "Irreversible: 3",
        "branch, commit, file_contents and environment differ from what runs",
        "    image: nginx:1.27",
        "secret values differ",
        "reset to default: not in the manifest",
        "stacks/web.yaml:9:15",
        "partial view: the key of ci-bot is not an admin's",
        "tools → toolbox",
    ):
        assert said in page.text, said
    assert "(secret)" in page.text
    assert "412 unchanged" in page.text


def test_of_many_refusals_each_has_a_line_and_the_flags_are_told_once() -> None:
    hint = "a way out of it"
    alone = [Finding(f"code-{number}", "refusal", f"message {number}") for number in range(7)]
    alike = [Finding("limit", "refusal", f"{number} are too many", "--allow 2", (), hint) for number in range(3)]
    text = plan_html(replace(rich_plan(), findings=(*alike, *alone)))
    page = check_harmless(text)
    assert "<summary><code>[limit]</code> 0 are too many and 2 more</summary>" in text
    assert "<p><code>[code-0]</code> message 0</p>" in text
    assert "<summary>2 more reasons</summary>" in text
    assert "to allow what a flag allows: --allow 2" in page.text
    assert text.count(hint) == 1
    assert '<li class="refused"><b>' not in text, "that counts resources, and none of them is"


def test_without_changes_one_sentence_says_so() -> None:
    page = check_harmless(plan_html(empty_plan()))
    assert "No changes: everything is as declared." in page.text
    assert "Irreversible" not in page.text


def test_the_order_is_drawn_while_it_can_be_read_and_always_listed() -> None:
    small, large = plan_html(plan_of_size(100)), plan_html(plan_of_size(200))
    assert sum(map(len, plan_of_size(100).waves)) <= MOST_STEPS < sum(map(len, plan_of_size(200).waves))
    assert small.count("<rect ") == 140
    assert "M" in re.findall(r'<path d="([^"]*)"', small)[0]
    assert "<svg" not in large
    assert "280 steps in 3 waves are too many for a drawing" in large
    assert ">stack/app-0199 " not in large
    assert "stack/app-0196 delete</a>" in large


def test_the_drawing_has_a_name_and_says_its_signs() -> None:
    text = plan_html(plan_of_size(100))
    assert 'tabindex="0" role="region" aria-label="The steps as a drawing"' in text
    assert "<b>+</b> create, <b>~</b> update, <b>&gt;</b> rename" in text
    assert "<b>-</b> DELETE." in text
    assert "<b>$</b>" not in text, "nothing is run"


def test_two_sides_stand_side_by_side() -> None:
    lines = ("@@ -1,4 +1,3 @@", " a", "-b", "-c", "+B", " d", "+e")
    rows = re.findall(r"<tr.*?</tr>", side_by_side(lines, "x"))[1:]
    cells = [re.sub(r"<[^>]+>", "|", row).strip("|").split("|") for row in rows]
    assert [[part for part in row if part] for row in cells] == [
        ["@@ -1,4 +1,3 @@"],
        ["a", "a"],
        ["b", "B"],
        ["c"],
        ["d", "d"],
        ["e"],
    ]


@pytest.mark.parametrize("name", outcomes())
def test_an_outcome_says_how_it_ended(name: str) -> None:
    page = check_harmless(outcome_html(outcomes()[name]))
    if name == "partial":
        assert "Failed: 1 change" in page.text
        assert "port is already allocated" in page.text
        assert "next: Free port 80" in page.text
        assert "Skipped: 2 changes" in page.text
        assert "Left to do" in page.text
        assert "Done: 13 changes" in page.text
    assert ("ending good" in dict(page.attributes).values() or "ending good" in str(page.attributes)) is (
        outcomes()[name].complete
    )


def test_the_same_plan_is_the_same_file() -> None:
    assert plan_html(rich_plan()) == plan_html(rich_plan())


def test_what_moves_is_drawn_step_after_step() -> None:
    web, db = Address("stack", "web"), Address("stack", "db")
    down, write, up = (Step(web, action) for action in (Action.DESTROY, Action.UPDATE, Action.DEPLOY))
    changes = (Change(down.action, ""), Change(write.action, "", needs=(down,)), Change(up.action, "", needs=(write,)))
    moved = Resource(web, "", changes)
    other = Resource(db, "", (Change(Action.DEPLOY, ""),))
    plan = replace(empty_plan(), resources=(moved, other), waves=((down, write, up, Step(db, Action.DEPLOY)),))
    drawn = str(order_html(plan, {}))
    assert "4 steps in 1 wave" in drawn
    assert drawn.count("<path") == 2
    assert re.findall(r'<rect x="(\d+)" y="(\d+)"', drawn) == [("4", "4"), ("4", "38"), ("274", "4"), ("544", "4")]
