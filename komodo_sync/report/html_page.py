"""The frame of an HTML report: title, policy, style and script, all inside of it."""

from __future__ import annotations

from base64 import b64encode
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import TYPE_CHECKING

from komodo_sync.report.html_elements import Html, element, joined, verbatim

if TYPE_CHECKING:
    from collections.abc import Sequence


def page(title: str, counts: Html, facts: Sequence[str], body: Sequence[str]) -> str:
    """The whole document, with a newline at its end. Its policy lets nothing in but its own style and script, which it
    names by their digests."""
    style, script = _text("page.css"), _text("page.js")
    policy = f"default-src 'none'; style-src '{_digest(style)}'; script-src '{_digest(script)}'; {_NOTHING_ELSE}"
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=policy),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="referrer", content="no-referrer"),
        element("title", f"{title}: {facts[0]}" if facts else title),
        verbatim("style", style),
    )
    top = element(
        "header",
        element("h1", title),
        element("button", "Dark or light", type="button", id="theme"),
        element("p", joined([element("span", fact) for fact in facts], " · "), class_="facts"),
        counts,
    )
    skip = element("a", "To the report", href="#main", class_="skip")
    keys = element("footer", element("p", _KEYS))
    content = element(
        "body", skip, top, element("main", *body, id="main", tabindex=-1), keys, verbatim("script", script)
    )
    return f"<!doctype html>\n{element('html', head, content, lang='en')}\n"


_NOTHING_ELSE = "base-uri 'none'; form-action 'none'"
_KEYS = "Keys: / filter, Enter to what it finds, Escape clear, j and k next and previous, Enter fold and unfold."


@cache
def _text(name: str) -> str:
    return files("komodo_sync.report").joinpath(name).read_text(encoding="utf-8")


def _digest(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"
