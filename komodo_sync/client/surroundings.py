"""What the environment says of the way to a Core: proxies, and whose certificates are trusted."""

from __future__ import annotations

import os
from importlib.util import find_spec
from ipaddress import IPv6Address
from typing import TYPE_CHECKING, Any
from urllib.request import getproxies

import httpx

from komodo_sync.errors import CoreConnectionError

if TYPE_CHECKING:
    from collections.abc import Iterator

_SCHEMES = ("http", "https", "all", "no")
_UNSET = "or unset it for this command"


def open_client(**options: Any) -> httpx.Client:
    """A client with `options`. Raises CoreConnectionError, which names the variable that stands in the way."""
    try:
        return httpx.Client(**options)
    except (ImportError, ValueError, httpx.InvalidURL) as error:
        found = next(_wrong_proxies(), None)
        if found is None:
            raise
        raise found from error
    except OSError as error:
        name = "SSL_CERT_FILE"
        if not os.environ.get(name):
            raise
        raise CoreConnectionError(
            f"the certificates that {name} names cannot be read",
            detail=f"{os.environ[name]}: {error.strerror or type(error).__name__}",
            hint=f"let {name} name a PEM file of the authorities that are trusted, {_UNSET}",
        ) from error


def _wrong_proxies() -> Iterator[CoreConnectionError]:
    """What cannot be used of the settings of proxies. Their values may hold a login, and are not told."""
    for scheme, value in getproxies().items():
        if scheme not in _SCHEMES:
            continue
        names = (f"{scheme}_proxy", f"{scheme}_proxy".upper())
        name = next((each for each in names if os.environ.get(each)), f"the system's proxy for {scheme}")
        wrong = _exceptions(value, name) if scheme == "no" else _proxy(value, name)
        if wrong is not None:
            yield wrong


def _proxy(value: str, name: str) -> CoreConnectionError | None:
    summary = f"the proxy that {name} names cannot be used"
    way_out = f"write http://HOST:PORT of a proxy, {_UNSET}"
    scheme = value.partition("://")[0] if "://" in value else "http"
    if scheme in ("socks5", "socks5h") and find_spec("socksio") is None:
        return CoreConnectionError(
            summary,
            detail=f"for {scheme}:// the library socksio is needed, which is not installed",
            hint=f"pip install 'httpx[socks]' beside komodo-sync; else {way_out}",
        )
    if scheme not in ("http", "https", "socks5", "socks5h"):
        return CoreConnectionError(
            summary, detail=f"{scheme}:// is none of http://, https://, socks5:// and socks5h://", hint=way_out
        )
    try:
        httpx.Proxy(value if "://" in value else f"http://{value}")
    except (httpx.InvalidURL, ValueError):
        return CoreConnectionError(summary, detail="its value is no URL", hint=way_out)
    return None


def _exceptions(value: str, name: str) -> CoreConnectionError | None:
    for host in filter(None, map(str.strip, value.split(","))):
        try:
            # as httpx reads them
            httpx.URL(host if "://" in host else f"all://[{host}]" if _is_ipv6(host) else f"all://*{host}")
        except (httpx.InvalidURL, ValueError):
            return CoreConnectionError(
                f"the list of hosts in {name} cannot be used",
                detail=f"{host} is no host that this takes",
                hint=f"write hosts with commas between them, as in localhost,.example.com,::1, {_UNSET}",
            )
    return None


def _is_ipv6(host: str) -> bool:
    try:
        IPv6Address(host.partition("/")[0])
    except ValueError:
        return False
    return "/" not in host
