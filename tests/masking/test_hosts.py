"""Hosts with their ports, one or several, behind a word or not: no host is taken for the password of a user. Every
secret here is called hunter2."""

from __future__ import annotations

from textwrap import indent

import pytest

from komodo_sync.masking.lines import judged, shown_lines
from komodo_sync.masking.suspects import suspects

HOSTS = """
kafka1.example.com:9092,kafka2.example.com:9092
kafka1.example.com:9092,kafka2.example.com:9092,10.0.0.3:9092/topic
kafka1:9092;kafka2:9092
kafka1:9092|kafka2:9092
kafka1:9092,10.0.0.2:9092
kafka1:9092,${HOST}:9092
kafka1:9092,[fd00::1]:9092,kafka3:9092
es01.lan:9200,es02.lan:9200
zk1:2181,zk2:2181,zk3:2181
zk1:2181,zk2:2181,zk3:2181/chroot
zk1:2888:3888,zk2:2888:3888
server.1=zk1:2888:3888;2181,server.2=zk2:2888:3888;2181
1@kafka1:9093,2@kafka2:9093
rabbit@mq1:25672,rabbit@mq2:25672
mc-1.internal:11211,mc-9.internal:11211
host=db1.example.com,db2.example.com port=5432,5432
postgresql://db1:5432,db2:5432/app
registry.example.com:5000,mirror2.example.com:5000
a.example.com:443,b.example.com:443,c
stun:stun.l.google.com:19302
stun:stun:3478
turn:turn.example.com:3478
turns:coturn:5349?transport=tcp
mymaster:redis.example.com:6379
mymaster:redis-1:6379
sentinel1:redis1:6379
peer1:vpn1.example.com:51820
web:web.example.co.uk:8443
cache:redis:6379
mq:rabbitmq-0.mq.svc.cluster.local:5672
""".strip().splitlines()
HOLDERS = {
    "bare": "X: {}",
    "quotes": 'X: "{}"',
    "variable": "X={}",
    "item": "  - X={}",
    "list": 'x: ["{0}", "{0}"]',
    "option": "command: serve --brokers {} --verbose",
    "option with =": "command: [serve, '--brokers={}', --verbose]",
    "JSON": '{{"urls": "{}", "x": 1}}',
}


@pytest.mark.parametrize("lead", HOLDERS.values(), ids=HOLDERS)
@pytest.mark.parametrize("hosts", HOSTS)
def test_no_host_is_taken_for_a_password(hosts: str, lead: str) -> None:
    line = lead.format(hosts)
    assert shown_lines([line]) == [line]
    assert judged(line) == frozenset()
    assert list(suspects(line)) == []


@pytest.mark.parametrize("hosts", HOSTS)
def test_nor_is_one_in_the_config_of_a_compose_file(hosts: str) -> None:
    text = "configs:\n  g:\n    content: |\n" + indent(f"hosts: {hosts}\nx: y", "      ")
    assert shown_lines(text.splitlines()) == text.splitlines()


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("SFTP_USERS=bob:hunter2:1000", "SFTP_USERS=bob:(secret):1000"),
        ("command: bob:hunter2:1001:100:upload", "command: bob:(secret):1001:100:upload"),
        ("command: bob:hunter2.com:1001:100:upload", "command: bob:(secret):1001:100:upload"),
        ("command: bob:hunter2HUNTER.example:1001", "command: bob:(secret):1001"),
        ("command: bob:hunter.hunter2:1001", "command: bob:(secret):1001"),
        ("command: bob:1000hunter2:1001", "command: bob:(secret):1001"),
        ("command: bob:hunter2,x:1001", "command: bob:(secret):1001"),
        ("x: redis:hunter2x@host:6379", "x: redis:(secret):6379"),
        ("x: postgresql://bob:hunter2@db1:5432,db2:5432/app", "x: postgresql://bob:(secret)@db1:5432,db2:5432/app"),
    ],
)
def test_a_password_between_a_user_and_a_number_is_hidden(line: str, told: str) -> None:
    assert shown_lines([line]) == [told]
