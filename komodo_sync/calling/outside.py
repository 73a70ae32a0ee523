"""What lives in a Core where the manifests here take theirs from outside: it is no less secret than what they take."""

from __future__ import annotations

import re
import tomllib
from threading import RLock
from typing import TYPE_CHECKING, Any

from komodo_sync.calling.configs import field_of
from komodo_sync.client.snapshot import list_params
from komodo_sync.errors import CoreConnectionError, CredentialsError, KomodoSyncError
from komodo_sync.kinds import KINDS
from komodo_sync.kinds.outside import is_taking, veiled
from komodo_sync.model.sealed import HIDDEN

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from komodo_sync.client.reader import Reader
    from komodo_sync.kinds.spec import KindSpec
    from komodo_sync.model.desired import Desired, DesiredResource
    from komodo_sync.model.known import Known

    Found = list[tuple[str, Any]]

TOML = frozenset({"prev_toml", "current_toml", "toml", "proposed", "current"})
"""Under these keys an answer tells resources as TOML."""


class Outside:
    """`declared` gives the manifests' world, None where there is none; what is found is `known` from then on."""

    def __init__(self, reader: Reader, declared: Callable[[], Desired | None], known: Known) -> None:
        self._reader = reader
        self._declared = declared
        self._known = known
        self._taking: dict[str, dict[str, DesiredResource]] | None = None
        self._asked = False
        self._lock = RLock()

    def learn(self) -> None:
        """Asks the Core for all of it, once, a request for each kind that is concerned. What cannot be read is not
        known. Raises CredentialsError: each further try with a wrong key would lock the address out."""
        with self._lock:
            if self._asked:
                return
            self._asked = True
            for kind in self._kinds():
                spec = KINDS[kind]
                try:
                    answer = self._reader.read(spec.lists, list_params(spec.lists))
                except CredentialsError:
                    raise
                except CoreConnectionError:
                    return
                except KomodoSyncError:
                    continue
                for raw in answer if isinstance(answer, list) else ():
                    self._hidden(spec, raw)

    def hidden(self, spec: KindSpec | None, answer: Any) -> Any:
        """An answer, of which `spec` is the kind that it tells in full, without it."""
        if not self._kinds():
            return answer
        if isinstance(answer, list):
            return [self.hidden(spec, item) for item in answer]
        if not isinstance(answer, dict):
            return answer
        told = self._hidden(spec, answer) if spec is not None else answer
        return {
            key: self._toml(value) if key in TOML and isinstance(value, str) else self._below(value)
            for key, value in told.items()
        }

    def _below(self, value: Any) -> Any:
        return self.hidden(None, value) if isinstance(value, dict | list) else value

    def _kinds(self) -> Mapping[str, Mapping[str, DesiredResource]]:
        """What takes anything from outside, by kind, and by each name that it may have."""
        if self._taking is None:
            found: dict[str, dict[str, DesiredResource]] = {}
            desired = self._declared()
            for item in desired.resources.values() if desired else ():
                if is_taking(item):
                    names = found.setdefault(item.address.kind, {})
                    names |= {name: item for name in (item.renamed_from, item.address.name) if name}
            self._taking = found
        return self._taking

    def _hidden(self, spec: KindSpec, raw: Any) -> Any:
        """A full resource, as the Core tells it, without what it has of that; it is known from then on."""
        try:
            item = self._kinds().get(spec.name, {}).get(spec.name_of(raw))
        except (KeyError, TypeError):
            return raw
        return raw if item is None else self._veiled(spec, item, raw, [])

    def _veiled(self, spec: KindSpec, item: DesiredResource, raw: dict[str, Any], found: Found) -> dict[str, Any]:
        def hide(part: Any, place: tuple[str, ...]) -> str:
            if not isinstance(part, str) or set(part) != {"#"}:  # so a key that is no admin's sees it
                found.append((place[-1], part))
            return HIDDEN

        told = dict(raw)
        if "description" in spec.meta:
            told["description"] = veiled(raw.get("description"), item.description, hide, ("description",))
        config: Any = raw if spec.flat else raw.get("config")
        if isinstance(config, dict):
            kept = {
                key: veiled(value, item.config.get(_name(spec, key)), hide, (key,)) for key, value in config.items()
            }
            told = {**told, **kept} if spec.flat else {**told, "config": kept}
        self._known.learn(part for _, part in found)
        return told

    def _toml(self, text: str) -> str:
        """A text of TOML in which resources are told."""
        try:
            tables = tomllib.loads(text)
        except (tomllib.TOMLDecodeError, RecursionError):
            return text
        found: Found = []
        for spec in (KINDS[kind] for kind in self._kinds()):
            for entry in (each for word in spec.toml for each in _entries(tables.get(word))):
                try:
                    item = self._kinds()[spec.name].get(spec.name_of(entry))
                except (KeyError, TypeError):
                    continue
                if item is not None:
                    self._veiled(spec, item, entry, found)
        for key, part in found:
            head = rf"^(?P<head>[ \t]*(?:[\w.]*\.)?{re.escape(key)}[ \t]*[=:][ \t]*[\"']*)"
            text = re.sub(rf"{head}{re.escape(str(part))}(?=[\"']*$)", rf"\g<head>{HIDDEN}", text, flags=re.MULTILINE)
        return text


def _name(spec: KindSpec, key: str) -> str:
    """The name of the field that a key means, which TOML may spell in another way."""
    found = field_of(spec, key)
    return found.name if found else key


def _entries(value: Any) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
