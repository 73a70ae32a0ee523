"""What is secret in a world: values of secret fields and of names that look secret, what is live where manifests take
theirs from outside, and what looks so in texts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from komodo_sync.kinds import KINDS
from komodo_sync.kinds.outside import veiled
from komodo_sync.kinds.pairs import read_pairs
from komodo_sync.kinds.rewriting import Rewriting
from komodo_sync.kinds.shapes import JsonShape, PairsShape, TextListShape, TextShape
from komodo_sync.masking.addresses import secrets_of
from komodo_sync.masking.arguments import readings_of, secret_arguments
from komodo_sync.masking.lines import judged
from komodo_sync.masking.shell import reading_of
from komodo_sync.model.api_keys import is_api_key
from komodo_sync.model.hosts import holds_nothing, names_address
from komodo_sync.model.sealed import Sealed, Unknown
from komodo_sync.model.secrecy import is_mounted, is_public, is_reference, looks_secret

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from komodo_sync.kinds.spec import KindSpec
    from komodo_sync.kinds.struct import Field
    from komodo_sync.masking.shell import Reading
    from komodo_sync.model.address import Address
    from komodo_sync.model.desired import DesiredResource

_HOLDERS = Rewriting(lambda field: field.secret or bool(field.secret_when) or isinstance(field.shape, PairsShape))
_TEXTS = Rewriting(lambda field: isinstance(field.shape, TextShape | TextListShape | JsonShape | PairsShape))


def declared_secrets(address: Address, config: Mapping[str, Any]) -> Iterator[Any]:
    """The secret values of one config in normal form, by what its fields and their keys are: texts, and Sealed ones."""
    found: list[Any] = []

    def collect(field: Field, value: Any) -> Any:
        found.extend(_of_field(field, value, config, address))
        return value

    _HOLDERS.rewrite(KINDS[address.kind].config, dict(config), collect)
    return iter(found)


def secrets_of_live(desired: DesiredResource, config: Mapping[str, Any], description: str) -> Iterator[Any]:
    """What a live resource holds where its manifest takes its own from outside: what it was is no less secret."""
    found: list[Any] = []

    def collect(part: Any, _place: tuple[str, ...]) -> Any:
        found.append(part)
        return part

    veiled(description, desired.description, collect)
    for name, value in desired.config.items():
        veiled(config.get(name), value, collect, (name,))
    return iter(found)


def judged_secrets(spec: KindSpec, config: Mapping[str, Any]) -> Iterator[str]:
    """What looks like a secret in the texts of one config."""
    found: list[str] = []

    def collect(field: Field, value: Any) -> Any:
        found.extend(judged(value, reading_of(field)) if isinstance(value, str) else _judged(value))
        return value

    _TEXTS.rewrite(spec.config, dict(config), collect)
    return iter(found)


def _of_field(field: Field, value: Any, config: Mapping[str, Any], address: Address) -> Iterator[Any]:
    if isinstance(value, Unknown) or not value or value == field.default:
        return
    if field.address and holds_nothing(value):
        return
    if isinstance(field.shape, PairsShape):
        yield from _of_pairs(value, whole=field.secret, mounts=field.shape.mounts)
    elif field.secret or config.get(field.secret_when):
        yield value
    elif looks_secret(address.name) or is_api_key(address.name, value):
        yield from secrets_of(value) if isinstance(value, str) and names_address(address.name) else (value,)


def _of_pairs(value: Any, *, whole: bool, mounts: bool) -> Iterator[Any]:
    pairs = value.pairs if isinstance(value, Sealed) else {pair.key: pair.value for pair in read_pairs(value)[0]}
    if pairs is None:
        yield value
        return
    for key, item in pairs.items():
        if isinstance(item, Sealed):
            yield item
        elif isinstance(item, str) and (whole or _is_secret(key, item)) and not is_reference(item):
            if mounts and is_mounted(item):
                continue
            value = item.strip("\"'")
            yield from secrets_of(value) if names_address(key) and not whole else (value,)


def _is_secret(key: str, value: str) -> bool:
    return (looks_secret(key) and not is_public(key, value)) or is_api_key(key, value)


def _judged(value: Any, reading: Reading = "text") -> Iterator[str]:
    if isinstance(value, str):
        yield from judged(value, reading)
    elif isinstance(value, dict):
        for key, item in value.items():
            if isinstance(item, str) and _is_secret(key, item) and not is_reference(item):
                yield from secrets_of(item) if names_address(key) else (item,)
            else:
                yield from _judged(item)
    elif isinstance(value, list | tuple):
        for item, secret, reading in zip(value, secret_arguments(value), readings_of(value), strict=True):
            yield from _judged(item, reading) if secret is None else secrets_of(secret)
