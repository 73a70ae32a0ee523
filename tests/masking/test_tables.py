"""Users in the tables of a TOML and of an INI. Every password is called hunter2."""

from __future__ import annotations

import pytest

from komodo_sync.masking.lines import judged
from komodo_sync.masking.mask import shown_text

USERS = [
    ('[passwords]\nbob = "hunter2"\n[other]\nbob = "x"', '[passwords]\nbob = (secret)\n[other]\nbob = "x"'),
    ("[passwords]\nbob = 'hunter2' # x\neve = 'hunter2'", "[passwords]\nbob = (secret) # x\neve = (secret)"),
    ('[auth.users]\n"bob@x" = "hunter2"', '[auth.users]\n"bob@x" = (secret)'),
    ('[ "x" ]\n["auth".users]\nbob="hunter2"', '[ "x" ]\n["auth".users]\nbob=(secret)'),
    ('[auth]\ntype = "basic"\nbob = "hunter2"', '[auth]\ntype = "basic"\nbob = (secret)'),
    ('[auth]\nusers.bob = "hunter2"\nmode = "x"', '[auth]\nusers.bob = (secret)\nmode = "x"'),
    ('[auth]\nusers = { bob = "hunter2", "e" = "hunter2" }', '[auth]\nusers = { bob = (secret), "e" = (secret) }'),
    ('[a]\nx = 1\n[[auth.users]]\nname = "bob"\nhash = "hunter2"',
     '[a]\nx = 1\n[[auth.users]]\nname = "bob"\nhash = (secret)'),
    ("[tokens]\nbob = hunter2 hunter2 ; x\n; y\neve=hunter2", "[tokens]\nbob = (secret) ; x\n; y\neve=(secret)"),
    ("[passwords]\r\nbob = hunter2\r\n[x]\r\nbob = x", "[passwords]\r\nbob = (secret)\r\n[x]\r\nbob = x"),
    ('tokens.bob = "hunter2"\n[x]\na = "b"', 'tokens.bob = (secret)\n[x]\na = "b"'),
    ('[users]\neva = "admin"\nbob = "hunter2Hunter"', '[users]\neva = "admin"\nbob = (secret)'),
    ('a:\n  content: |\n    [auth.users]\n    bob = "hunter2"',
     "a:\n  content: |\n    [auth.users]\n    bob = (secret)"),
    ("x = \'\'\'\n[passwords]\nbob = \"hunter2\"\n\'\'\'", "x = \'\'\'\n[passwords]\nbob = (secret)\n\'\'\'"),
]  # fmt: skip

OTHERS = [
    '[auth]\nenabled = true\nissuer = "x"\nbob = "y"',
    "[auth.google]\nenabled = true\nname = x",
    "[session]\nprovider = memory\nprovider_config = data/s",
    '[passwords]\nbob = "${BOB}"\neve = "[[EVE]]"\nstrong = true',
    '[[stack]]\nname = "auth"\n[stack.config]\nserver = "x"\nrepo = "a/b"',
    "[auth]\n[other]\nbob = x",
    "- [auth]\nbob = x",
]


@pytest.mark.parametrize(("text", "told"), USERS)
def test_the_values_of_users_are_hidden(text: str, told: str) -> None:
    assert shown_text(text) == told
    assert shown_text(told) == told
    assert any("hunter2" in each for each in judged(text))


@pytest.mark.parametrize("text", OTHERS)
def test_what_else_stands_in_a_table_is_shown(text: str) -> None:
    assert shown_text(text) == text
