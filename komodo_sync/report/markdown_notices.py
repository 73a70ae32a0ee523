"""What stops, is deployed or cannot be undone, as Markdown: by question, with reasons and effects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from komodo_sync.report.attention import CALM, Concern
from komodo_sync.report.changes import called
from komodo_sync.report.glance import glance
from komodo_sync.report.markdown_text import code, words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from komodo_sync.model.plan import Effect
    from komodo_sync.report.attention import Attention, Named, Notice

_SIGNS = {Concern.STOPS: "🛑", Concern.DEPLOYS: "🚀", Concern.LASTING: "🔥", Concern.OTHER: "👀"}


def write_glance(found: Sequence[Attention]) -> list[str]:
    """Where the answers are much, what they come to."""
    brief = [
        f"- {_SIGNS[item.concern]} **{item.heading}**{': ' if said else ''}{words('; '.join(said))}"
        for item, said in glance(found)
    ]
    return ["**At a glance**", "\n".join(brief)] if brief else []


def write_notices(found: Iterable[Attention]) -> list[str]:
    """A heading with a number for each concern, and a row for each of its notices."""
    blocks = []
    for item in found:
        blocks.append(f"### {_SIGNS[item.concern]} {item.heading}")
        blocks += ["\n".join(map(_row, item.notices))] if item.notices else []
    return blocks


def _row(notice: Notice) -> str:
    names = ", ".join(map(_name, notice.named))
    said = "; ".join(words(item) if isinstance(item, str) else effect_words(item) for item in notice.told)
    if len(notice.named) == 1:
        return f"- {called(notice.action)} {names}{': ' if said else ''}{said}"
    return f"- {called(notice.action)} {len(notice.named)}{': ' if said else ''}{said}:\n  {names}"


def _name(item: Named) -> str:
    # `2 services (db, web)` needs no parentheses around it
    said = item.subject if "(" in item.subject or not item.subject else f"({item.subject})"
    return " ".join(filter(None, (f"**{code(str(item.address))}**", words(said))))


def effect_words(effect: Effect) -> str:
    """`**stops** 3 services: compose down`; what stays is not bold."""
    kind = words(effect.kind) or code("")
    said = kind if effect.kind in CALM else f"**{kind}**"
    subject = f" {words(effect.subject)}" if effect.subject else ""
    return f"{said}{subject}" + (f": {words(effect.detail)}" if effect.detail else "")
