"""Ways to sign in are seen in the options of a database: who may do so without a password is what a change is about."""

from __future__ import annotations

import pytest

from komodo_sync.masking.mask import shown_text


@pytest.mark.parametrize("reading", ["text", "pairs", "script"])
@pytest.mark.parametrize("way", ["trust", "scram-sha-256", "md5", "peer", "reject"])
@pytest.mark.parametrize(
    "text",
    [
        'POSTGRES_INITDB_ARGS: "--auth-host={0} --auth-local={0}"',
        "POSTGRES_INITDB_ARGS=--auth-local={0} --auth-host={0}",
        "- POSTGRES_INITDB_ARGS=--auth={0} --auth-local={0}",
        "command: initdb --auth-local {0} -A {0}",
        "command: [initdb, --auth-local={0}, --auth-host={0}]",
        'command: ["initdb", "--auth-local", "{0}", "--auth-host", "{0}"]',
    ],
)
def test_how_a_database_lets_in_is_seen(text: str, way: str, reading: str) -> None:
    assert shown_text(text.format(way), reading) == text.format(way)  # type: ignore[arg-type]


def test_what_is_no_way_is_hidden() -> None:
    assert shown_text("ARGS: --auth-host=trust --auth-local=hunter2") == "ARGS: --auth-host=trust --auth-local=(secret)"
