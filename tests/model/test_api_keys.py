"""A key behind a name that ends in `API`."""

from __future__ import annotations

import pytest

from komodo_sync.kinds import KINDS
from komodo_sync.masking.mask import masked, shown_text
from komodo_sync.masking.secrets import declared_secrets, judged_secrets
from komodo_sync.model.address import Address
from komodo_sync.model.api_keys import is_api_key

HEX = "9c7d1ee276263b3ae90817d03ff2e2c8"
KEYS = [
    f"HOMEPAGE_VAR_SONARR_API: {HEX}",
    f"RADARR_API = {HEX.upper()}",
    "JELLYSEERR_API = MTcwNTMxNDQ4ODkyOWQzZjc0YmM1NDQ=",
    "api: 1234567890abcdef1234",
    "sonarrApi: 9f8e7d6c-1a2b-3c4d-5e6f-0123456789ab",
    f"lidarr.api={HEX}",
    "X_API: Ab3_de-fghijklmnopqrstuv",
]
NONE = [
    "SONARR_API: http://sonarr:8989/api/v3/abcdefghijkl",
    "SONARR_API: https://sonarr.example.com",
    "SONARR_API: sonarr-internal-host.example.com:8989",
    "SONARR_API: my-sonarr-internal-host-in-the-net",
    "SONARR_API: sonarrsonarrsonarrsonarr",
    "SONARR_API: /api/v3/abcdefghijklmnopqr/0",
    "SONARR_API: v1.2.3",
    "SONARR_API: true",
    "SONARR_API: 12345",
    "SONARR_API: ghcr.io/acme/sonarrapi0123456789:1.0",
    "SONARR_API: ${SONARR}",
    "SONARR_API: [[SONARR_API_OF_THE_HOUSE_1]]",
    f"SONARR_COMMIT: {HEX}",
    f"CAPI: {HEX}",
    f"API_COMMIT: {HEX}",
    f"rapid-api-image: sha256:{HEX}",
]


def told(pair: str) -> str:
    name, sign, _ = pair.partition(": ") if ": " in pair else pair.partition("=")
    return f"{name}{sign}{' ' if pair[len(name) + len(sign)] == ' ' else ''}(secret)"


@pytest.mark.parametrize("pair", KEYS)
def test_a_key_is_hidden(pair: str) -> None:
    assert shown_text(pair) == told(pair)
    assert shown_text(f"environment:\n  - {pair}\n") == f"environment:\n  - {told(pair)}\n"


@pytest.mark.parametrize("pair", NONE)
def test_what_is_no_key_is_shown(pair: str) -> None:
    assert shown_text(pair) == pair
    assert not is_api_key(*pair.split(": ", 1))


@pytest.mark.parametrize(
    "text",
    [
        '{{"sonarr_api": "{}", "x": "y"}}',
        "command: run --sonarr-api={} --port 80",
        "SONARR_API: ${{SONARR_API:-{}}}",
        "environment: {{SONARR_API: {}, TZ: UTC}}",
        "# SONARR_API={}",
        'CFG: "{{\\"api\\":\\"{}\\"}}"',
    ],
)
def test_it_is_hidden_wherever_it_stands(text: str) -> None:
    seen = shown_text(text.format(HEX))
    assert seen.replace('"(secret)"', "(secret)") == text.format("(secret)").replace('"(secret)"', "(secret)")


def test_it_is_known_to_be_secret() -> None:
    pairs = {"environment": f"SONARR_API={HEX}\nTZ=UTC\n"}
    assert list(declared_secrets(Address("stack", "a"), pairs)) == [HEX]
    assert HEX in list(judged_secrets(KINDS["stack"], pairs))
    assert list(declared_secrets(Address("variable", "SONARR_API"), {"value": HEX})) == [HEX]
    assert list(declared_secrets(Address("variable", "SONARR_API"), {"value": "http://sonarr"})) == []
    assert masked({"sonarr_api": HEX, "api": "http://sonarr"}) == {"sonarr_api": "(secret)", "api": "http://sonarr"}
