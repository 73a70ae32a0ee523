"""What an answer tells: no secret, and what something is called."""

from __future__ import annotations

import pytest
from awkward import AWKWARD, LINES, left_of

from komodo_sync.calling.masking import Masker
from komodo_sync.model.known import Known
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


def test_a_command_in_an_execution_is_read_word_by_word() -> None:
    execution = {"type": "RunStackService", "params": {"command": ["mysql", "-phunter2", "x"]}}
    stages = [{"name": "s", "executions": [{"execution": execution}]}]
    procedure = {"name": "p", "config": {"stages": stages}}
    procedures = operations("read")["GetProcedure"], operations("read")["ListFullProcedures"]
    masker = Masker(list)
    told = [masker.answer(procedures[0], procedure), *masker.answer(procedures[1], [procedure])]
    told.append(masker.answer(operations("read")["GetUpdate"], {"data": execution}))
    assert "hunter2" not in str(told)
    assert str(told).count("['mysql', '-p(secret)', 'x']") == len(told)


@pytest.mark.parametrize("name", ["CreateSwarmSecret", "RotateSwarmSecret"])
def test_the_content_of_a_swarm_secret_is_hidden_wherever_it_is_told(name: str) -> None:
    masker = Masker(list)
    params = {"swarm": "sw", "name": "db", "data": "correcthorse"}
    assert masker.params(operations("execute")[name], params) == {**params, "data": "(secret)"}
    stages = [{"name": "s", "executions": [{"execution": {"type": name, "params": params}}]}]
    told = [masker.answer(operations("read")["GetProcedure"], {"name": "p", "config": {"stages": stages}})]
    told.append(masker.answer(operations("read")["GetUpdate"], {"data": {"type": name, "params": params}}))
    for data in ('"correcthorse"', '"""\ncorrect\nhorse"""'):
        params = f'execution.params.swarm = "sw", execution.params.data = {data}'
        line = f'  {{ execution.type = "{name}", {params}, enabled = true }},'
        told.append(masker.answer(operations("read")["GetUpdate"], {"current_toml": f"executions = [\n{line}\n]"}))
        assert "enabled = true" in told[-1]["current_toml"]
        assert 'swarm = "sw"' in told[-1]["current_toml"]
    assert "horse" not in str(told)


def test_the_content_of_a_swarm_config_is_shown() -> None:
    params = {"swarm": "sw", "name": "site", "data": "listen 80"}
    assert Masker(list).params(operations("execute")["CreateSwarmConfig"], params) == params


def test_a_toml_in_an_answer_holds_no_secret_of_a_compose_text() -> None:
    toml = '[[stack]]\nname = "a"\n[stack.config]\nfile_contents = """\nsecrets: {a: {content: hunter2}}\n"""\n'
    told = Masker(list).answer(operations("read")["GetUpdate"], {"prev_toml": toml, "current_toml": toml})
    assert "hunter2" not in str(told)
    assert told["prev_toml"].endswith('secrets: {a: {content: (secret)}}\n"""\n')


@pytest.mark.parametrize("secret", AWKWARD)
def test_no_piece_of_what_is_known_is_left_beside_a_guess(secret: str) -> None:
    for line in LINES:
        text = line.format(secret)
        for masker in (
            Masker(list, Known([secret])),
            Masker(lambda: [secret]),
            Masker(lambda: [secret, secret[4:]], Known([secret[:-2]])),
        ):
            update = {"logs": [{"stage": "s", "stdout": text}], "text": text}
            config = {"file_contents": text, "pre_deploy": {"path": "", "command": text}, "extra_args": ["a", text]}
            told = [
                masker.text(text),
                masker.answer(operations("read")["GetUpdate"], update),
                masker.answer(GET_STACK, {"name": "w", "config": config}),
            ]
            assert not left_of(secret, str(told)), line


def test_of_a_command_in_words_no_piece_is_left_either() -> None:
    masker = Masker(list, Known(["Kuh7,Gras8Milch9"]))
    told = masker.answer(operations("read")["GetUpdate"], {"command": ["mysql", "-e", "x -pKuh7,Gras8Milch9 y"]})
    assert told == {"command": ["mysql", "-e", "x -p(secret) y"]}
