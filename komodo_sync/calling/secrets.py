"""Secret texts that an answer may hold where nobody expects them: values of variables, and of what was acted on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from komodo_sync.client.snapshot import list_params
from komodo_sync.errors import KomodoSyncError
from komodo_sync.kinds.pairs import read_pairs
from komodo_sync.kinds.rewriting import Rewriting
from komodo_sync.kinds.shapes import PairsShape
from komodo_sync.masking.addresses import secrets_of
from komodo_sync.masking.secrets import judged_secrets
from komodo_sync.model.hosts import names_address
from komodo_sync.model.known import is_telling
from komodo_sync.model.secrecy import is_reference, looks_secret
from komodo_sync.operations import operations

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from komodo_sync.client.reader import Reader
    from komodo_sync.kinds.spec import KindSpec
    from komodo_sync.kinds.struct import Field

_HOLDERS = Rewriting(lambda field: field.secret or isinstance(field.shape, PairsShape))


class Secrets:
    """Asks the Core, as far as the key may see them; what cannot be read is not known. Variables are asked for once."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._variables: list[str] | None = None

    def variables(self) -> list[str]:
        """The values of secret variables."""
        if self._variables is None:
            answer = self._asked("ListVariables", {})
            values = [str(item.get("value") or "") for item in answer or () if item.get("is_secret")]
            # somebody who is no admin sees nothing else
            self._variables = [value for value in values if set(value) != {"#"}]
        return self._variables

    def of_one(self, spec: KindSpec, name: str) -> list[str]:
        """Variables, and what is secret in the config of one resource, by its name or id."""
        read = operations("read").get(f"Get{spec.core}")
        if read is None or spec.flat:
            return self.variables()
        [param] = [each.name for each in read.params.values() if each.required]
        answer = self._asked(read.name, {param: name})
        return [*self.variables(), *(_own(spec, answer) if isinstance(answer, dict) else ())]

    def of_all(self, spec: KindSpec) -> list[str]:
        """Variables, and what is secret in the config of any resource of a kind."""
        answer = self._asked(spec.lists, list_params(spec.lists))
        return [*self.variables(), *(text for raw in answer or () for text in _own(spec, raw))]

    def of_answer(self, spec: KindSpec, answer: Any) -> list[str]:
        """Variables, and what is secret in the configs that an answer holds: they may stand elsewhere in it too."""
        found = answer if isinstance(answer, list) else [answer]
        return [*self.variables(), *(text for raw in found if isinstance(raw, dict) for text in _own(spec, raw))]

    def _asked(self, operation: str, params: dict[str, Any]) -> Any:
        try:
            return self._reader.read(operation, params)
        except KomodoSyncError:
            return None


def _own(spec: KindSpec, raw: Mapping[str, Any]) -> list[str]:
    """Secret fields, the values of names that look secret in `KEY=value` texts, and what looks so in other texts."""
    found: list[str] = []

    def collect(field: Field, value: Any) -> Any:
        if isinstance(value, str):
            whole = field.secret and not isinstance(field.shape, PairsShape)
            found.extend([value] if whole else _values(value, whole=field.secret))
        return value

    config = dict(raw.get("config") or {})
    _HOLDERS.rewrite(spec.config, config, collect)
    # a plain word that looks secret in one place is an innocent word in another
    found.extend(text for text in judged_secrets(spec, config) if is_telling(text))
    return found


def _values(text: str, *, whole: bool) -> Iterator[str]:
    for pair in read_pairs(text)[0]:
        value = pair.value.strip("\"'")
        if value and (whole or looks_secret(pair.key)) and not is_reference(value):
            yield from secrets_of(value) if names_address(pair.key) and not whole else (value,)
