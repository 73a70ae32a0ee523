"""One target's settings over those of all."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from komodo_sync.errors import UsageError
from komodo_sync.model.data import replace

if TYPE_CHECKING:
    from komodo_sync.settings.document import Settings


def with_target(settings: Settings, name: str) -> Settings:
    """The settings of a target: what it gives wins; `vars`, `limits` and `timeouts` key by key, `defaults` are laid
    over those of all, everything else is whole. Raises UsageError when there is no such target."""
    target = settings.targets.get(name)
    if target is None:
        names = sorted(settings.targets)
        close = get_close_matches(name, names, 1)
        known = (
            f"there are {', '.join(names)}"
            if names
            else f"{settings.file.name} has no targets: add targets: {{{name}: ...}}"
        )
        raise UsageError(f"there is no target {name}", hint=f"did you mean {close[0]}? {known}" if close else known)
    given = dict(target.given)
    if "limits" in given:
        given["limits"] = replace(settings.limits, **given["limits"])
    for word in ("vars", "timeouts"):
        if word in given:
            given[word] = {**getattr(settings, word), **given[word]}
    if "defaults" in given:
        given["defaults"] = (*settings.defaults, *given["defaults"])
    prefix = f"targets.{name}."
    spans = {key.removeprefix(prefix): span for key, span in settings.spans.items() if key.startswith(prefix)}
    return replace(settings, **given, target=name, spans={**settings.spans, **spans})
