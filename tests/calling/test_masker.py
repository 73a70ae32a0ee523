"""What an answer tells: no secret, and what something is called."""

from __future__ import annotations

from komodo_sync.calling.masking import Masker
from komodo_sync.operations import operations

SECRETS = ("admin", "main", "8443", "hunter2-pw", "pw4!")
GET_STACK = operations("read")["GetStack"]


def test_a_plain_word_alone_is_what_something_is_called() -> None:
    answer = {
        "name": "admin",
        "config": {"branch": "main", "project_name": "hunter2-pw", "extra_args": ["--port", "8443", "pw4!"]},
        "info": {"services": [{"service": "main"}]},
    }
    assert Masker(lambda: SECRETS).answer(GET_STACK, answer) == {
        "name": "admin",
        "config": {"branch": "main", "project_name": "(secret)", "extra_args": ["--port", "8443", "(secret)"]},
        "info": {"services": [{"service": "main"}]},
    }


def test_among_other_words_it_is_hidden() -> None:
    masker = Masker(lambda: SECRETS)
    assert masker.text("login of main with admin") == "login of (secret) with (secret)"
    told = masker.answer(GET_STACK, {"config": {"pre_deploy": {"path": "", "command": "login admin"}}})
    assert told["config"]["pre_deploy"]["command"] == "login (secret)"
