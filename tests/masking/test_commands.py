"""Passwords that commands take and are fed, in one line or over several. Every secret here is called hunter2, every
other word is told."""

from __future__ import annotations

import json
import re

import pytest
from passwords import LINES, TEXTS, written

from komodo_sync.masking.lines import judged, shown_lines

SHOWS = r"""
echo hello | docker exec -i db cat
echo hello | tee passwd.txt
echo "deb x" | sudo tee /etc/apt/x
cat /etc/passwd | cut -d: -f1
cat /run/x | docker login -u me --password-stdin ghcr.io
docker login -u me --password-stdin ghcr.io < /run/x
echo "$TOKEN" | docker login -u me --password-stdin ghcr.io
printf '%s\n' "${TOKEN}" | docker login -u me --password-stdin ghcr.io
printf '%s\n' "$(cat /run/x)" | docker login --password-stdin
echo -e "$TOKEN\n$TOKEN" | passwd me
echo "$A:$B" | chpasswd
echo done; sudo -S x
echo done && docker login --password-stdin < x
vault login -method=oidc role=me
vault login $TOKEN
vault login "$(cat /run/x)"
vault login # asks for it
vault login < /run/x
vault status && echo login now
rclone copy a b
rabbitmqctl list_users x y z
mc admin user list x y z
mc admin user add x $KEY $SECRET
mc admin user add x
ntfy user add me
ntfy user list x y
ntfy user add me && ntfy user list
cloudflared service uninstall x
cloudflared tunnel run me
samba.sh -s "share;/share" -p
ls -u "x"; echo public
service -u x;public
ssh -L 8080:web:8080 -R web:8080:9090 me@host
serve -p localhost:8080:8080 -v data:/var/lib/x:1001
mc alias list x y z w
mc alias set a http://x $KEY $SECRET
openssl passwd -6 -stdin
openssl req -x509 -nodes -days 365 -subj /CN=x
useradd -m -s /bin/bash me
net use Z: \\host\share /user:me
gpg --passphrase-file /run/x -d y
gpg --passphrase-fd 0 -d y
aws configure set region eu-west-1
npm config set registry https://x
redis-cli config set maxmemory 100mb
diff <(echo a) <(echo b)
rsync --password-file=/run/x a b
grep x <<< public
cat <<< public | tee x
sort < <(echo public)
smbclient //h/x -U me -c ls
gh secret list x y
cat <<EOF | tee x
su - me -c "echo x"
expect "login:" ; send "me\r"
expect "host" { send "http://x:80\r" }
send "yes\r"
send "$answer\r"
send "show version\r"
cryptsetup luksOpen /dev/sda1 data --key-file /run/key
SELECT password FROM users WHERE name = 'me'
--db-password \"$DB_PASS\" --admin-password \"$ADMIN_PASS\" --port 80
steamcmd +login anonymous +app_update 376030 validate +quit
mysql -p"$(cat /run/x)" db
curl https://x | sudo -S bash
command: ["vault", "server", "-config=/x"]
psql -c 'SELECT x AS password '; echo 'public'
psql -c "SELECT 'x' AS password" && echo 'public'
vault status|tr 'a' 'b'; echo '(public)'
sh -c '(vault status; echo public)'
smbclient //h/x -Uadministrator -c ls
redis-cli -a -p 6379 ping
command: ["redis-cli", "-a", "-p", "6379"]
docker login -u me -p --password-stdin
vault login -method=oidc -no-print role=me
poetry config virtualenvs.create false
poetry config repositories.x https://x/simple
composer config repositories.x vcs https://x/y
composer config platform.php 8.3
bundle config set --local path vendor/bundle
bundle config set --local without development:test
bundle config gems.example.org $LOGIN
cargo publish x
cargo login
conan remote add x https://x
dotnet nuget add source https://x/index.json -n x
pro status x
docker attach x
b2 ls x y
net ads join -U me
samba-tool user list x y
snmpget -v2c -c $COMMUNITY host sysName.0
upscmd -l ups
ss-server -s 0.0.0.0 -p 8388 -m aes-256-gcm
docker run -p 80:80 -k x
curl -k -p 80 x
garage key info x y
zfs create -o compression=on tank/x
echo x | zfs create tank/x
echo x | openconnect --user=me host
monitor x 1 me y primary
""".strip().splitlines()


def alike(text: str) -> str:
    """Whether quotes and the comma of a list are hidden as well does not count, nor how many words are."""
    return re.sub(r"\(secret\)(?: \(secret\))*", "(secret)", re.sub(r"[\"'\\,]", "", text))


@pytest.mark.parametrize("text", [*LINES, *TEXTS])
def test_a_password_is_hidden_and_every_other_word_told(text: str) -> None:
    seen = "\n".join(shown_lines(text.split("\n")))
    assert alike(seen) == alike(text.replace("hunter2", "(secret)"))
    assert "\n".join(shown_lines(seen.split("\n"))) == seen


@pytest.mark.parametrize("line", LINES)
def test_in_a_compose_text_too(line: str) -> None:
    for text in written(line):
        seen = "\n".join(shown_lines(text.split("\n")))
        assert alike(seen) == alike(text.replace("hunter2", "(secret)"))


SIGNS = ",]}=@:#%!~+^./-?*"
"""Signs that a password may hold where a shell reads it."""
QUOTED = ["Som;mer|Nacht", "Som&mer>Nacht", "Som(mer)Nacht", "Som mer,Nacht", "Som#mer;Nacht"]
"""The same in quotes."""
AGAIN = ("BORG_PASSCOMMAND", "sh -c", "psql", "samba.sh", "send")
"""What reads the text of its quotes again, and its signs with it."""


@pytest.mark.parametrize("line", LINES)
def test_no_piece_of_a_password_with_signs_is_told(line: str) -> None:
    for sign in SIGNS:
        signed = line.replace("hunter2", f"Kuh7{sign}Gras8")
        for text in (signed, *written(signed)):
            assert not re.search("Kuh7|Gras8", "\n".join(shown_lines(text.split("\n"))))


def in_quotes(line: str, word: str) -> list[str]:
    """A line with `word` for its password, in quotes, and in lists."""
    if re.search(r"[\"'][^\"' ]*hunter2", line):
        texts = [line.replace("hunter2", word)]
    else:
        texts = [line.replace("hunter2", f'"{word}"'), line.replace("hunter2", f"'{word}'")]
        texts += written(texts[1])
    if not re.search(r"[|<>;&()\"'{}\[\]\\=]", line):
        words = [each.replace("hunter2", word) for each in line.split()]
        texts += [f"command: {json.dumps(words)}", "command: [" + ", ".join(f"'{each}'" for each in words) + "]"]
        texts += ["command:\n" + "".join(f"  - {json.dumps(each)}\n" for each in words)]
    return texts


@pytest.mark.parametrize("word", QUOTED)
@pytest.mark.parametrize("line", [line for line in LINES if not line.startswith(AGAIN)])
def test_nor_of_one_in_quotes(line: str, word: str) -> None:
    for text in in_quotes(line, word):
        assert not re.search("Som|mer|Nacht", "\n".join(shown_lines(text.split("\n"))))


@pytest.mark.parametrize("line", [line for line in LINES if not line.startswith(AGAIN)])
def test_nor_of_one_that_begins_with_a_sign(line: str) -> None:
    for sign in "|&<(#-":
        for text in in_quotes(line, f"{sign}Kuh7Gras8"):
            assert not re.search("Kuh7|Gras8", "\n".join(shown_lines(text.split("\n"))))


@pytest.mark.parametrize("sign", "|;&<>()#-,]=*!")
@pytest.mark.parametrize(
    "line",
    [
        "CREATE USER bob WITH PASSWORD '{}';", "ALTER USER bob PASSWORD '{}'",
        'psql -c "ALTER USER bob PASSWORD \'{}\'"',
        "SET PASSWORD FOR bob = PASSWORD('{}');", "CREATE USER bob IDENTIFIED BY '{}' x", 'IDENTIFIED BY "{}";',
        "mysql -u root '-p{}' -e x", "mysql -u root -p'{}' -e x", "curl -u bob:'{}' x",
        'requirepass "{}"', "masterauth '{}'",
        '  masterauth "{}"', "docker exec db redis-cli -a '{}' ping",
    ],
)  # fmt: skip
def test_nor_where_a_program_of_its_own_reads_it(line: str, sign: str) -> None:
    for word in (f"{sign}Kuh7Gras8", f"{sign}Kuh7Gras8{sign}", f"Kuh7{sign}Gras8", f"Kuh7Gras8{sign}"):
        text = line.format(word)
        for each in (text, f"command: |\n  {text}", f"content: |\n  x\n    {text}\n  y"):
            seen = "\n".join(shown_lines(each.split("\n")))
            assert not re.search("Kuh7|Gras8", seen)
            assert shown_lines(seen.split("\n")) == seen.split("\n")


@pytest.mark.parametrize("key", ["requirepass", "masterauth", "password", "  requirepass"])
def test_a_config_of_words_has_passwords_of_several(key: str) -> None:
    for value in (
        '"harbor cobalt walrus lantern"',
        "'harbor cobalt walrus'",
        '"harbor # cobalt"',
        '"harbor \\" cobalt"',
    ):
        assert shown_lines(["port 6379", f"{key} {value}", "appendonly yes"])[1] == f"{key} (secret)"
        seen = "\n".join(shown_lines(["configs:", "  c:", "    content: |", f"      {key} {value}", "      port 6379"]))
        assert not re.search("harbor|cobalt|walrus|lantern", seen)
        assert seen.endswith("port 6379")


@pytest.mark.parametrize("line", SHOWS)
def test_what_is_no_password_is_told(line: str) -> None:
    assert shown_lines([line]) == [line]


@pytest.mark.parametrize(
    "line",
    [
        'DB_PASSWORD="hunter2 hunter2" x', '{"password": "hunter2 hunter2", "port": 80}', 'mysql -p"hunter2" x',
        'serve --token "hunter2 hunter2" --port 80', 'curl -u "me:hunter2" x', 'vault login "hunter2" x',
        'echo "hunter2" | sudo -S x', 'chpasswd <<< "me:hunter2"', 'send "hunter2\\r"', 'htpasswd -Bbn me "hunter2"',
        'psql "password=hunter2 host=x"', "psql -c \"ALTER USER x PASSWORD 'hunter2'\"",
        'mysql -e "IDENTIFIED BY \\"hunter2\\" x"',
    ],
)  # fmt: skip
def test_in_quotes_of_quotes_it_is_found(line: str) -> None:
    for _ in range(4):
        line = f"sh -c {json.dumps(line)} y"
        [seen] = shown_lines([line])
        assert alike(seen) == alike(line.replace("hunter2", "(secret)"))


@pytest.mark.parametrize(
    "text",
    [
        "echo -e 'hunter2\\nhunter2' | passwd me", "echo hunter2 | sudo -S x", "x <<< 1; kinit <<< 'hunter2'",
        "printf '%s\\n' \"hunter2\" | chpasswd", "chpasswd <<EOF\nhunter2\nEOF", "send \"hunter2\\r\"",
    ],
)  # fmt: skip
def test_what_is_fed_is_known_by_its_value(text: str) -> None:
    assert judged(text) == {"hunter2"}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("export TOKEN=abc\\\nhunter2 x", "export TOKEN=(secret)\n(secret) x"),
        ("serve --token abc\\\nhunter2 --port 80", "serve --token (secret)\n(secret) --port 80"),
        ("serve --token abc \\\n--port 80", "serve --token (secret) \\\n--port 80"),
        ("serve --token abc\\\n  --port 80", "serve --token (secret)\n  --port 80"),
        ('command: "serve --token abc\\\n  hunter2 x"', 'command: "serve --token (secret)\n  (secret) x"'),
        ("API_KEY: |\n  0a1b\n  hunter2\nx: public", "API_KEY: |\n  (secret)\n  (secret)\nx: public"),
        ("tls_key: >-\n  MIIE\n  hunter2\nx: public", "tls_key: >-\n  (secret)\n  (secret)\nx: public"),
        ('key: "MIIE\n  hunter2"\nx: public', "key: (secret)\n  (secret)\nx: public"),
        ('key = """\nMIIE\nhunter2\n"""\nx = 1', 'key = """\n(secret)\n(secret)\n(secret)\nx = 1'),
        ("TOKEN='\nhunter2\n'\nX=1", "TOKEN='\n(secret)\n(secret)\nX=1"),
        ("? TOKEN\n: hunter2\n? x\n: public", "? TOKEN\n: (secret)\n? x\n: public"),
        ("command:\n- A_TOKEN=my hunter2 x\n- public", "command:\n- A_TOKEN=(secret)\n- public"),
        ("script:\n- A_TOKEN=hunter2 make x\n- public", "script:\n- A_TOKEN=(secret) make x\n- public"),
        ('{"x": "a: b\\nTOKEN: hunter2\\nc: d"}', '{"x": "a: b\\nTOKEN: (secret)\\nc: d"}'),
        ('x = "mysql -phunter2\\nls \\"a\\"\\n"', 'x = "mysql -p(secret)\\nls \\"a\\"\\n"'),
    ],
)
def test_a_secret_over_several_lines_or_in_a_text_of_several(text: str, told: str) -> None:
    assert "\n".join(shown_lines(text.split("\n"))) == told


def test_the_command_that_prints_a_password_is_hidden_with_it() -> None:
    [seen] = shown_lines(["restic --password-command 'echo hunter2' backup /x"])
    assert seen == "restic --password-command '(secret)' backup /x"


def test_a_long_text_costs_no_more_than_its_length() -> None:
    for piece in (
        "echo ", "echo a;", "echo a) ", "echo a | ", "echo ' | ", "(echo a;", "echo a | sudo -S ", "<<< a ",
        "kinit <<< ", "<<a\n", "kinit <<a\n", "<(echo ", "key <(echo a", "passcommand ", "password-command 'echo ",
        'send "a', "expect ",
        "vault login ", "vault ", "net use ", "a \\\n", "a |\n", "password '", "send -a ", "redis-cli auth ",
        "sqlplus -a ", "--token '", '--token "', "aws set token ",
        "gotify://", "discord://a", "-u 'a;", "a:b:", "a:b:1001 ", "${token:-", "pypi-", "SG.",
        "proxy_set_header a ", "&sig=",
        "s/__a", "user a on >", "a:1234:b:", "pulumi config set ", "config:app:set a ", "a@b:c@", "a:{b",
        "{token:'", "token=a'", "--token a'", "mysql -pa'", "echo a > secrets/a;", 'variable "token" {', "<<< a'b",
        "USERS=a|", "USERS=a|b c|d ", "USER=a;", "USER=a;b c", "--user a:b", "--user=",
        "if ($a != ", "if ($a ~ ^a", "set $$", "-a.b.", "a:b@(c ",
        '"\\\\n', '"a\\\\n" ', '\\\\"', "TOKEN=a\\\n",
    ):  # fmt: skip
        text = piece * (40_000 // len(piece))
        assert len(shown_lines(text.split("\n"))) == text.count("\n") + 1
