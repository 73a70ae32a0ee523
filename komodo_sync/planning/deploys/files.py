"""Whether the files that something is deployed from are other than those that are deployed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from komodo_sync.kinds.mentions import UNREAD, between_variables
from komodo_sync.model.data import Data, field
from komodo_sync.planning.deploys.subject import listing

if TYPE_CHECKING:
    from komodo_sync.model.running import FetchedFile
    from komodo_sync.planning.deploys.subject import Subject


class Differing(Data):
    """Paths that differ, by what they ask for. `services`: those that alone are to be deployed anew; `restarts`: those
    that are to be restarted, `everything` where that is all of them."""

    whole: list[str] = field(default_factory=list)
    partly: list[str] = field(default_factory=list)
    services: set[str] = field(default_factory=set)
    restarts: set[str] = field(default_factory=set)
    everything: bool = False

    @property
    def paths(self) -> list[str]:
        """All of them."""
        return [*self.whole, *self.partly]

    def reason(self) -> str:
        """For people; empty where nothing differs."""
        if not self.paths:
            return ""
        only = sorted(self.services | self.restarts) if not self.whole and not self.everything else []
        verb = "differs" if len(self.paths) == 1 else "differ"
        part = f" (service{'' if len(only) == 1 else 's'} {listing(only)})" if only else ""
        return f"{listing(self.paths)} {verb} from what is deployed{part}"


def differing_files(subject: Subject) -> Differing:
    """What differs, as far as both sides are known. Where this plan changes where the files come from, nothing is known
    of the new ones."""
    found = Differing()
    deployed, spec = subject.running.deployed, subject.spec
    if deployed is None or spec.folder is None or set(subject.written) & {*spec.sources, *spec.folder.chosen_by}:
        return found
    source = next((name for name in spec.sources if subject.config.get(name)), "")
    plain = bool(subject.config.get(UNREAD))
    if source == spec.compose:
        text = subject.config[source]
        for path in spec.folder.files(subject.config)[:1]:
            if isinstance(text, str) and path in deployed and not _same(text, deployed[path], plain=plain):
                found.whole.append(path)
        return found
    for file in subject.running.fetched or ():
        if file.path not in deployed or not _same(file.contents, deployed[file.path], plain=plain):
            _ask(found, file)
    return found


def _ask(found: Differing, file: FetchedFile) -> None:
    if file.requires == "Redeploy" and not file.services:
        found.whole.append(file.path)
    elif file.requires == "Redeploy":
        found.partly.append(file.path)
        found.services.update(file.services)
    elif file.requires == "Restart":
        found.partly.append(file.path)
        found.restarts.update(file.services)
        found.everything = found.everything or not file.services


def _same(text: str, deployed: str, *, plain: bool) -> bool:
    """Whether `deployed` is `text` with some value in place of each `[[NAME]]`: the values themselves are judged where
    variables are."""
    if plain or "[[" not in text:
        return text == deployed
    first, *rest = between_variables(text)
    if not rest:
        return text == deployed
    if not deployed.startswith(first):
        return False
    at = len(first)
    for part in rest[:-1]:
        found = deployed.find(part, at)
        if found < 0:
            return False
        at = found + len(part)
    return deployed.endswith(rest[-1]) and len(deployed) - len(rest[-1]) >= at
