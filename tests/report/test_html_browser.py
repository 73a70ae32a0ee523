"""The HTML report in a real browser: filter, fold, keys, colours, print, names for who cannot see it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from big_plans import plan_of_size
from browser import browser as browser
from report_examples import outcomes, rich_plan
from test_in_short import MANY

from komodo_sync.model.address import Address
from komodo_sync.model.data import replace
from komodo_sync.model.plan import Action, Finding, Step
from komodo_sync.report.findings import MANY as MANY_REFUSALS
from komodo_sync.report.html import plan_html
from komodo_sync.report.html_outcome import outcome_html

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

pytestmark = pytest.mark.xdist_group("browser")


@pytest.fixture
def opened(browser: Any, tmp_path: Path) -> Iterator[Callable[..., Any]]:
    """Opens a document; at the end nothing may have been complained of, and nothing fetched."""
    complaints: list[str] = []
    requests: list[str] = []
    contexts = []

    def opens(text: str, **options: Any) -> Any:
        path = tmp_path / "report.html"
        path.write_text(text, encoding="utf-8")
        context = browser.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: requests.append(request.url))
        page.goto(path.as_uri())
        return page

    yield opens
    for context in contexts:
        context.close()
    assert not complaints
    assert all(url.startswith("file:") for url in requests)


def visible(page: Any) -> list[str]:
    return page.eval_on_selector_all(
        ".resource",
        "all => all.filter(item => item.checkVisibility()).map(item => item.querySelector('.address').textContent)",
    )


def test_the_first_screen_of_a_hundred_changes_tells_what_stops_is_lost_and_is_deployed(
    opened: Callable[..., Any],
) -> None:
    page = opened(plan_html(MANY), viewport={"width": 1280, "height": 800})
    last = [page.locator(f"#{name} .brief li").last.bounding_box() for name in ("stops", "lasting", "deploys")]
    assert all(box["y"] + box["height"] <= 800 for box in last)
    assert page.locator("#deploys .brief li").first.inner_text() == "deploy 18: extra_args changes"


@pytest.mark.parametrize("many", [MANY_REFUSALS + 1, 40])
def test_beside_many_refusals_the_answers_are_on_the_first_screen_too(opened: Callable[..., Any], many: int) -> None:
    refused = tuple(
        Finding(
            f"code-{number}", "refusal", f"refusal {number}: {'a long reason ' * 20}", f"--flag-{number}", (), "hint"
        )
        for number in range(many)
    )
    page = opened(plan_html(replace(MANY, findings=refused)), viewport={"width": 1280, "height": 900})
    rows = [page.locator(f"#{name} .brief li") for name in ("stops", "lasting", "deploys")]
    seen = [rows[0].last, rows[1].last, rows[2].nth(5)]
    assert all((box := row.bounding_box())["y"] + box["height"] <= 900 for row in seen)
    assert page.get_by_text("refusal 0: ").is_visible()
    last = page.get_by_text(f"refusal {many - 1}: ")
    if many > 10:
        page.get_by_text(f"{many - 6} more reasons").click()
    assert last.is_visible()
    page.get_by_text("refusal 0: ").click()
    assert page.get_by_text("next: hint").first.is_visible()
    assert page.get_by_text(f"--flag-{many - 1}", exact=True).last.is_visible()


def test_no_name_runs_over_its_box_in_the_drawing(opened: Callable[..., Any]) -> None:
    steps = [
        Step(Address("stack", name), Action.UPDATE) for name in ("w" * 60, "a-name-of-twenty-letters", "W", "語" * 30)
    ]
    page = opened(plan_html(replace(MANY, waves=(tuple(steps),))))
    ends = """all => all.map(box => [box.querySelector('text').getBBox(), box.querySelector('rect').getBBox()])
        .map(([text, rect]) => rect.x + rect.width - text.x - text.width)"""
    assert all(room >= 0 for room in page.eval_on_selector_all("svg .step", ends))
    assert page.locator("svg .step text").first.text_content().endswith("w…")


def test_a_thousand_changes_are_filtered_by_words_and_actions(opened: Callable[..., Any]) -> None:
    page = opened(plan_html(plan_of_size(1_000)))
    assert page.locator("#shown").inner_text() == "1000 resources shown"
    page.fill("#filter", "app-00 UPDATE")
    assert page.locator("#shown").inner_text() == "20 of 1000 resources shown"
    assert all(name.startswith("stack/app-00") for name in visible(page))
    page.get_by_role("button", name="deploy", exact=False).first.click()
    assert page.locator("#shown").inner_text() == "10 of 1000 resources shown"
    page.fill("#filter", "no such thing")
    assert page.locator("#shown").inner_text() == "0 of 1000 resources shown"
    page.keyboard.press("Escape")
    assert len(visible(page)) == 1_000
    page.fill("#filter", "file_contents")
    assert len(visible(page)) == 200


def test_what_is_lost_and_what_stands_in_a_text_is_found_by_its_words(opened: Callable[..., Any]) -> None:
    page = opened(plan_html(rich_plan()))
    page.fill("#filter", "nginx:1.27")
    assert visible(page) == ["stack/web"]
    effect = page.eval_on_selector(".resource .effects li", "item => item.textContent")
    page.fill("#filter", effect)
    assert visible(page)


def test_folds_open_one_by_one_and_all_at_once(opened: Callable[..., Any]) -> None:
    page = opened(plan_html(rich_plan()))
    opened_now = "all => all.filter(item => item.open).length"
    assert page.eval_on_selector_all(".resource", opened_now) == 0
    page.locator(".resource summary", has_text="stack/web").click()
    assert page.get_by_text("image: nginx:1.27").is_visible()
    page.fill("#filter", "stack/")
    page.get_by_role("button", name="Unfold all").click()
    assert page.eval_on_selector_all(".resource", opened_now) == len(visible(page)) == 9
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Fold all", exact=True).click()
    assert page.eval_on_selector_all(".resource", opened_now) == 0


def test_it_can_be_read_with_keys_alone(opened: Callable[..., Any]) -> None:
    page = opened(plan_html(rich_plan()))
    focused = "document.activeElement.closest('.resource')?.querySelector('.address').textContent"
    page.keyboard.press("/")
    page.keyboard.type("stack/")
    assert page.evaluate("document.activeElement.id") == "filter"
    page.keyboard.press("Tab")
    page.keyboard.press("j")
    assert page.evaluate(focused) == "stack/api"
    page.keyboard.press("j")
    assert page.evaluate(focused) == "stack/blog"
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.parentElement.open")
    page.keyboard.press("Escape")
    assert len(visible(page)) == len(rich_plan().resources)
    page.keyboard.press("/")
    page.keyboard.type("blog")
    page.keyboard.press("Enter")
    assert page.evaluate(focused) == "stack/blog", "Enter leads out of the filter, to what it found"
    page.keyboard.press("/")
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.id") != "filter"


def test_what_stops_leads_to_its_change(opened: Callable[..., Any]) -> None:
    page = opened(plan_html(rich_plan()))
    page.fill("#filter", "nothing of this")
    page.locator("#stops a", has_text="stack/legacy").click()
    target = page.locator(".resource:target")
    assert target.locator(".address").inner_text() == "stack/legacy"
    assert target.locator(".body").is_visible()
    assert len(visible(page)) == len(rich_plan().resources)


def test_what_matters_is_seen_without_scrolling(opened: Callable[..., Any]) -> None:
    page = opened(plan_html(plan_of_size(100)), viewport={"width": 1280, "height": 900})
    for name, names in (("stops", 16), ("deploys", 3), ("lasting", 10)):
        assert page.locator(f"#{name} h2").bounding_box()["y"] < 400
        seen = page.eval_on_selector_all(
            f"#{name} li a", "all => all.filter(item => item.getBoundingClientRect().bottom < innerHeight).length"
        )
        assert seen >= names


@pytest.mark.parametrize("document", ["plan", "apply"])
def test_everything_has_a_name_and_its_place_in_the_outline(opened: Callable[..., Any], document: str) -> None:
    page = opened(plan_html(rich_plan()) if document == "plan" else outcome_html(outcomes()["partial"]))
    nameless = page.evaluate(
        """() => [...document.querySelectorAll('button, input, a, summary, section, svg, [role=group], table')].filter(
            item => !(item.textContent.trim() || item.getAttribute('aria-label') || (item.labels && item.labels.length)
              || item.getAttribute('aria-labelledby') || item.querySelector('title, caption'))).length"""
    )
    assert nameless == 0
    assert page.evaluate("document.documentElement.lang") == "en"
    assert page.title() == f"Komodo {document}: https://komodo.example.com"
    ids = page.eval_on_selector_all("[id]", "all => all.map(item => item.id)")
    assert len(ids) == len(set(ids))
    targets = page.eval_on_selector_all("a[href]", "all => all.map(item => item.getAttribute('href').slice(1))")
    assert set(targets) <= set(ids)
    page.get_by_role("searchbox", name="Filter").fill("no such thing")
    assert page.get_by_role("status").inner_text().startswith("0 of ")
    assert page.get_by_role("region", name="Order").is_visible()


def contrasts(page: Any) -> float:
    """The least contrast of a text with what is behind it, as WCAG counts it."""
    return page.evaluate(
        """() => {
          const parse = text => (text.match(/[\\d.]+/g) || []).map(Number);
          const linear = value => value <= .03928 ? value / 12.92 : ((value + .055) / 1.055) ** 2.4;
          const light = ([r, g, b]) => .2126 * linear(r / 255) + .7152 * linear(g / 255) + .0722 * linear(b / 255);
          const ground = item => { for (; item; item = item.parentElement) {
            const color = parse(getComputedStyle(item).backgroundColor);
            if (color.length === 3 || color[3] > 0) return color; } return [255, 255, 255]; };
          return Math.min(...[...document.querySelectorAll('body *')].filter(
            item => [...item.childNodes].some(node => node.nodeType === 3 && node.textContent.trim())
              && !item.closest('svg, script, style') && item.checkVisibility()).map(item => {
              const [a, b] = [light(parse(getComputedStyle(item).color)), light(ground(item))].sort((x, y) => y - x);
              return (a + .05) / (b + .05); }));
        }"""
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_light_and_dark_can_be_read_and_changed(opened: Callable[..., Any], scheme: str) -> None:
    page = opened(plan_html(rich_plan()), color_scheme=scheme)
    page.get_by_role("button", name="Unfold all").click()
    ground = "getComputedStyle(document.body).backgroundColor"
    before = page.evaluate(ground)
    assert contrasts(page) >= 4.5
    page.get_by_role("button", name="Dark or light").click()
    assert page.evaluate(ground) != before
    assert contrasts(page) >= 4.5
    page.get_by_role("button", name="Dark or light").click()
    assert page.evaluate(ground) == before


def test_on_a_narrow_screen_nothing_runs_out_at_the_side(opened: Callable[..., Any]) -> None:
    page = opened(plan_html(rich_plan()), viewport={"width": 360, "height": 800})
    page.get_by_role("button", name="Unfold all").click()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_paper_has_all_of_it(opened: Callable[..., Any]) -> None:
    page = opened(plan_html(rich_plan()))
    page.emulate_media(media="print")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.get_by_text("image: nginx:1.27").is_visible()
    assert not page.get_by_role("searchbox").is_visible()
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert page.eval_on_selector_all("details", "all => all.filter(item => item.open).length") == 0


@pytest.mark.parametrize("media", ["screen", "print"])
def test_no_list_of_what_matters_ends_at_the_rim_of_a_box(opened: Callable[..., Any], media: str) -> None:
    """Where scroll bars are hidden until they are used, nobody sees that there is more."""
    page = opened(plan_html(plan_of_size(300)))
    page.emulate_media(media=media)
    cut = "all => all.filter(item => item.scrollHeight > item.clientHeight + 1).length"
    assert page.eval_on_selector_all(".concerns ul", cut) == 0


def test_without_its_script_all_of_it_is_there(opened: Callable[..., Any]) -> None:
    page = opened(plan_html(rich_plan()), java_script_enabled=False)
    assert page.locator(".resource").count() == len(rich_plan().resources)
    assert not page.locator(".bar").is_visible()
    page.locator(".resource summary", has_text="stack/web").click()
    assert page.get_by_text("image: nginx:1.27").is_visible()


def test_a_live_text_does_not_run(opened: Callable[..., Any]) -> None:
    from report_examples import scalar, update_of

    from komodo_sync.model.data import replace

    hostile = "<img src=x onerror=alert(1)><script>alert(1)</script>\"'><svg onload=alert(1)>"
    plan = replace(rich_plan(), resources=(update_of(scalar(hostile, hostile, hostile), source=hostile),))
    page = opened(plan_html(plan))
    page.get_by_role("button", name="Unfold all").click()
    assert page.locator("script").count() == 1
    assert page.locator("img").count() == 0
    assert page.locator(".field h4 code").inner_text() == hostile
