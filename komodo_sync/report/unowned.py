"""What nobody owns and no manifest declares, for people and as a document."""

from __future__ import annotations

import json
from itertools import groupby
from typing import TYPE_CHECKING

from komodo_sync.report.changes import counted
from komodo_sync.report.layout import Page, Style, cells, pad, prose

if TYPE_CHECKING:
    from komodo_sync.model.unowned import Unowned, UnownedResource
    from komodo_sync.report import unowned_document as doc

_NEXT = (
    "`komodo-sync export --out DIR --select KIND/NAME` writes one as a manifest, and apply then adopts it; "
    "`export --adopt` does both. What is left as it is, is never changed by us."
)


def unowned_text(found: Unowned, *, color: bool, width: int) -> str:
    """The list by kind in rows of at most `width` columns, and what to do with it."""
    page = Page(width=width, color=color)
    page.say((prose(found.core.host), Style.BOLD), (f"  (Core {prose(found.core.version)})", Style.DIM))
    if not found.visibility.admin:
        page.say(
            ("Partial view: ", Style.YELLOW),
            (f"the key of {prose(found.visibility.user)} is not an admin's and sees a part of this Core.", Style.PLAIN),
        )
    column = max((cells(prose(str(item.address))) for item in found.resources), default=0)
    for _, items in groupby(found.resources, key=lambda item: item.address.kind):
        page.blank()
        for item in items:
            page.say((pad(prose(str(item.address)), column), Style.BOLD), (_aside(item), Style.PLAIN))
    page.blank()
    if not found.resources:
        page.say(("Nothing is left over: all that is there is declared, or has an owner.", Style.GREEN))
        return page.text()
    number = len(found.resources)
    have, it = ("has", "it") if number == 1 else ("have", "them")
    page.say((f"{counted(number, 'resource')} {have} no owner, and no manifest declares {it}.", Style.BOLD))
    page.say(("next: ", Style.BOLD), (_NEXT, Style.PLAIN))
    return page.text()


def _aside(item: UnownedResource) -> str:
    tags = f"[{', '.join(map(prose, item.tags))}]" if item.tags else ""
    told = [prose(item.description), tags, "(template)" if item.template else ""]
    return "".join(f"  {each}" for each in told if each)


def unowned_json(found: Unowned) -> str:
    """The document of `schemas/unowned.schema.json`, with a newline at its end."""
    seen = found.visibility
    document: doc.UnownedDocument = {
        "format_version": found.format_version,
        "core": {"host": found.core.host, "version": found.core.version},
        "visibility": {
            "user": seen.user,
            "admin": seen.admin,
            "kinds": list(seen.kinds),
            "refreshed": seen.refreshed,
        },
        "resources": [
            {
                "address": str(item.address),
                "description": item.description,
                "tags": list(item.tags),
                "template": item.template,
            }
            for item in found.resources
        ],
    }
    return json.dumps(document, indent=2) + "\n"
