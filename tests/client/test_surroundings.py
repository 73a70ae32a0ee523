"""What the environment says of the way to a Core, where it cannot be followed."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from komodo_sync import errors
from komodo_sync.client.transport import Transport
from komodo_sync.model.sealed import Sealed

if TYPE_CHECKING:
    from pathlib import Path

NAMES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR")


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


def opened(url: str = "https://core.invalid") -> None:
    Transport(url, Sealed("k"), Sealed("s")).close()


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("HTTPS_PROXY", "htp://x", "htp://"),
        ("https_proxy", "socks4://x", "socks4://"),
        ("HTTP_PROXY", "http://me:hunter2@x:abc", "no URL"),
        ("ALL_PROXY", "http://[::1", "no URL"),
        ("NO_PROXY", "[::1", "[::1"),
        ("NO_PROXY", "localhost, ::1/128", "::1/128"),
    ],
)
@pytest.mark.parametrize("url", ["https://core.invalid", "http://core.invalid"])
def test_a_proxy_that_cannot_be_used(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, why: str, url: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(errors.CoreConnectionError) as caught:
        opened(url)
    assert name in caught.value.summary
    assert why in caught.value.detail
    assert "unset it" in caught.value.hint
    assert "hunter2" not in f"{caught.value.summary} {caught.value.detail} {caught.value.hint}"


def test_a_proxy_that_needs_a_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", "socks5://127.0.0.1:1080")
    monkeypatch.setitem(sys.modules, "socksio", None)
    with pytest.raises(errors.CoreConnectionError, match="ALL_PROXY") as caught:
        opened()
    assert "socksio" in caught.value.detail
    assert "pip install 'httpx[socks]'" in caught.value.hint


@pytest.mark.parametrize("kind", ["missing", "folder", "empty"])
def test_certificates_that_cannot_be_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, kind: str) -> None:
    path = tmp_path if kind == "folder" else tmp_path / "x.pem"
    if kind == "empty":
        path.write_text("nothing")
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    with pytest.raises(errors.CoreConnectionError, match="SSL_CERT_FILE") as caught:
        opened()
    assert str(path) in caught.value.detail
    opened("http://core.invalid")


@pytest.mark.parametrize("value", ["x:1", "http://x:1", "https://me:pw@x"])
def test_a_proxy_that_can_be(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("HTTPS_PROXY", value)
    monkeypatch.setenv("NO_PROXY", "localhost,.example.com,::1,10.0.0.0/8,http://x")
    opened()
