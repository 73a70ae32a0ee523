"""Markdown as a reader sees it: rendered as GitHub does, and the HTML taken apart."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

from markdown_it import MarkdownIt

CODE = ("code", "pre")
_MARKDOWN = MarkdownIt("gfm-like")


@dataclass
class Rendered:
    """`text` outside code, `code` inside of it, `headings`; `tags` and `attributes` that occur; `open`: tags that are
    not closed."""

    text: list[str] = field(default_factory=list)
    code: list[str] = field(default_factory=list)
    headings: list[str] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    tags: set[str] = field(default_factory=set)
    attributes: set[tuple[str, str]] = field(default_factory=set)
    open: list[str] = field(default_factory=list)
    misplaced: list[str] = field(default_factory=list)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found = Rendered()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.tags.add(tag)
        self.found.attributes |= {(tag, name) for name, _ in attrs}
        if tag not in ("hr", "br", "img"):
            self.found.open.append(tag)
        if tag in ("h1", "h2", "h3", "h4", "h5", "h6"):
            self.found.headings.append("")

    def handle_endtag(self, tag: str) -> None:
        if not self.found.open or self.found.open.pop() != tag:
            self.found.misplaced.append(tag)

    def handle_data(self, data: str) -> None:
        inside = any(tag in CODE for tag in self.found.open)
        (self.found.code if inside else self.found.text).append(data)
        if any(tag.startswith("h") for tag in self.found.open):
            self.found.headings[-1] += data

    def handle_comment(self, data: str) -> None:
        self.found.comments.append(data)


def rendered(markdown: str) -> Rendered:
    """What becomes of the document."""
    reader = _Reader()
    reader.feed(_MARKDOWN.render(markdown))
    reader.close()
    return reader.found
