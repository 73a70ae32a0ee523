"""Words of a command that is a list. Every secret here is called hunter2."""

from __future__ import annotations

import json
from typing import Any

import pytest

from komodo_sync.masking.arguments import secret_arguments, shown_arguments
from komodo_sync.masking.mask import masked
from komodo_sync.model.sealed import Unknown


@pytest.mark.parametrize(
    ("items", "told"),
    [
        (["mysql", "-phunter2", "-u", "x"], ["mysql", "-p(secret)", "-u", "x"]),
        (["mysql", "-p", "db"], ["mysql", "-p", "db"]),
        (["/usr/bin/redis-cli", "-a", "hunter2", "ping"], ["/usr/bin/redis-cli", "-a", "(secret)", "ping"]),
        (["redis-cli", "-a", "-p", "6379"], ["redis-cli", "-a", "-p", "6379"]),
        (["curl", "-u", "me:hunter2", "-umy:hunter2"], ["curl", "-u", "me:(secret)", "-umy:(secret)"]),
        (["curl", "-u", "$A:$B", "--user=me:[[A]]"], ["curl", "-u", "$A:$B", "--user=me:[[A]]"]),
        (["docker", "login", "-u", "me", "-p", "hunter2"], ["docker", "login", "-u", "me", "-p", "(secret)"]),
        (["docker", "run", "--name", "mongo", "-p", "80:80"], ["docker", "run", "--name", "mongo", "-p", "80:80"]),
        (["sshpass", "-p", "hunter2", "ssh", "-p", "22"], ["sshpass", "-p", "(secret)", "ssh", "-p", "22"]),
        (["smbclient", "-U", "me%hunter2", "x"], ["smbclient", "-U", "me%(secret)", "x"]),
        (["lftp", "-u", "me,hunter2"], ["lftp", "-u", "me,(secret)"]),
        (["openssl", "enc", "-k", "hunter2"], ["openssl", "enc", "-k", "(secret)"]),
        (
            ["rabbitmqctl", "-n", "x", "add_user", "me", "hunter2", "y"],
            ["rabbitmqctl", "-n", "x", "add_user", "me", "(secret)", "y"],
        ),
        (["mc", "alias", "set", "a", "http://x", "key", "$A"], ["mc", "alias", "set", "a", "http://x", "key", "$A"]),
        (
            ["aws", "configure", "set", "aws_secret_access_key", "hunter2"],
            ["aws", "configure", "set", "aws_secret_access_key", "(secret)"],
        ),
        (["aws", "configure", "set", "region", "eu"], ["aws", "configure", "set", "region", "eu"]),
        (["vault", "login", "-method=x", "a=b", "hunter2"], ["vault", "login", "-method=x", "a=b", "(secret)"]),
        (["openssl", "passwd", "-in", "x", "-6", "hunter2"], ["openssl", "passwd", "-in", "x", "-6", "(secret)"]),
        (["steamcmd", "+login", "anonymous", "+quit", "x"], ["steamcmd", "+login", "anonymous", "+quit", "x"]),
        (["serve", "--token", "hunter2", 1, None, {}], ["serve", "--token", "(secret)", 1, None, {}]),
        ([], []),
    ],
)
def test_a_password_among_arguments_is_hidden_and_every_other_word_told(items: list[Any], told: list[Any]) -> None:
    assert shown_arguments(items) == told
    assert {each for each in secret_arguments(items) if each} <= {"hunter2"}
    assert len(list(secret_arguments(items))) == len(items)


def test_it_is_hidden_in_the_parameters_of_an_execution() -> None:
    execution = {"type": "RunStackService", "params": {"service": "db", "command": ["mysql", "-phunter2", "x"]}}
    assert masked(execution)["params"]["command"] == ["mysql", "-p(secret)", "x"]


def test_of_an_address_the_host_is_told() -> None:
    words = ["--webhook-url", "https://chat.example.com/hook/hunter2", "--token", "https://chat.example.com/hunter2"]
    told = ["--webhook-url", "https://chat.example.com/(secret)", "--token", "(secret)"]
    assert shown_arguments(words) == told
    assert shown_arguments(told) == told
    assert list(secret_arguments(words)) == [None, words[1], None, words[3]]


def test_what_is_not_known_here_is_told_as_what_is_hidden() -> None:
    # what is not known equals everything, and JSON takes none of it
    assert json.dumps(masked(["serve", Unknown(), "x"])) == '["serve", "(secret)", "x"]'
