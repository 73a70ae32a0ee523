"""The same failures from the embedded Core, which was held against a real one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest

from komodo_sync import errors
from komodo_sync.client.reader import Reader
from komodo_sync.client.snapshot import observe
from komodo_sync.client.transport import Transport
from komodo_sync.kinds import KINDS
from komodo_sync.model.sealed import Sealed
from komodo_sync.simulator import EmbeddedCore

if TYPE_CHECKING:
    from collections.abc import Iterator

    from komodo_sync.model.observed import Observed


@pytest.fixture
def core() -> Iterator[EmbeddedCore]:
    with EmbeddedCore.open() as opened:
        yield opened


def looked_at(core: EmbeddedCore, *, secret: str = "") -> Observed:
    through = httpx.WSGITransport(app=core.app)
    key = (Sealed(core.key), Sealed(secret or core.secret))
    with Transport("http://embedded", *key, through=through) as transport:
        return observe(Reader(transport, sleep=lambda _: None), set(KINDS), states=True)


def test_an_empty_core(core: EmbeddedCore) -> None:
    found = looked_at(core)
    assert (found.resources, found.admin, found.kinds) == ({}, True, set(KINDS))
    assert found.version == "2.3.2"


def test_a_wrong_key_even_though_its_many_tries_lock_the_address_out(core: EmbeddedCore) -> None:
    with pytest.raises(errors.CredentialsError) as caught:
        looked_at(core, secret="wrong")
    assert type(caught.value) is errors.CredentialsError


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ("version=1.19.5", errors.TooOldError),
        ("*=html", errors.NotKomodoError),
        ("ListFullStacks=html", errors.NotKomodoError),
        ("ListFullStacks=empty", errors.NotKomodoError),
        ("ListFullStacks=429", errors.LockedOutError),
        ("ListFullStacks=503", errors.UnreachableError),
        ("ListFullStacks=fail", errors.ApiError),
        ("ListStacks=500", errors.ApiError),
    ],
)
def test_what_goes_wrong_is_told_by_its_type(fault: str, kind: type[Exception]) -> None:
    with EmbeddedCore.open(faults=[fault]) as core, pytest.raises(kind) as caught:
        looked_at(core)
    assert isinstance(caught.value, errors.KomodoSyncError)
    assert caught.value.hint
