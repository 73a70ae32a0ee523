"""How old what is known of files is, and which could not be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from komodo_sync.masking.mask import shown_text
from komodo_sync.model.plan import Finding
from komodo_sync.planning.deploys.subject import listing, when
from komodo_sync.planning.deploys.uses import variables_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from komodo_sync.planning.deploys.subject import Subject, World


def freshness(subjects: Iterable[Subject], world: World) -> Iterator[Finding]:
    """Notes on what was not fetched anew, warnings on what could not be read."""
    stale: dict[str, list[Subject]] = {}
    for subject in subjects:
        if not subject.item.deploy or subject.live is None or not _fetches(subject):
            continue
        if subject.live.address not in world.live.refreshed:
            stale.setdefault(_why(subject, world), []).append(subject)
        if not subject.written and subject.item.state not in ("stopped", "down"):
            yield from _unread(subject)
    for why, some in sorted(stale.items()):
        places = tuple(sorted(subject.address for subject in some))
        oldest = min(subject.running.seen_at for subject in some)
        told = f"the files of {places[0]} are" if len(places) == 1 else f"the files of {len(places)} resources are"
        age = f"as the Core read them last, at the latest since {when(oldest)}" if oldest else "as the Core read them"
        message = f"{told} known {age}: not refreshed, because {why}"
        yield Finding("not-refreshed", "note", message, "", places, "a newer commit may be there that this plan misses")


def unseen_variables(subjects: Iterable[Subject], world: World) -> Iterator[Finding]:
    """A note where this key may not see when variables were changed."""
    if world.live.complete:
        return
    places = tuple(sorted(subject.address for subject in subjects if subject.item.deploy and variables_of(subject)))
    if places:
        more = f" and {len(places) - 1} more" if len(places) > 1 else ""
        message = f"whether variables that {places[0]}{more} uses were changed after its last deploy is not known"
        hint = "the key is not an admin's: plan with an admin's to know"
        yield Finding("variables-unseen", "note", message, "", places, hint)


def _fetches(subject: Subject) -> bool:
    lifecycle, config = subject.lifecycle, subject.config
    return bool(lifecycle.refresh) and any(config.get(name) for name in ("files_on_host", "linked_repo", "repo"))


def _why(subject: Subject, world: World) -> str:
    if not world.options.refresh:
        return "--no-refresh was given"
    return subject.running.refusal or "it was not asked for"


def _unread(subject: Subject) -> Iterator[Finding]:
    running, address = subject.running, subject.address
    hint = "whether it differs from what is deployed is not known; see its page in Komodo"
    for path, text in running.unreadable:
        first = next(iter(shown_text(text).strip().splitlines()), "").removeprefix("ERROR: ")
        message = f"the files of {address} could not be read: {path}{': ' if path and first else ''}{first}"
        yield Finding("files-unknown", "warning", message, "", (address,), hint)
    missing = [path for path in running.missing if path not in dict(running.unreadable)]
    if missing:
        one = len(missing) == 1
        message = f"{listing(missing)} of {address} {'is' if one else 'are'} declared and not there"
        yield Finding("files-unknown", "warning", message, "", (address,), hint)
