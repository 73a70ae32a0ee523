"""Passwords that commands take and are fed, in one line or over several. Every secret here is called hunter2, every
other word is told."""

from __future__ import annotations

import re

import pytest

from komodo_sync.planning.lines import judged, shown_lines

HIDES = r"""
vault login hunter2
vault login -method=userpass username=me password=hunter2
vault operator unseal hunter2
docker exec vault vault login -no-print hunter2 && vault status
rclone obscure hunter2 | x
rclone config create a b user me pass hunter2
echo hunter2 | sudo -S cmd x
echo 'hunter2' | sudo -S -u x cmd
echo me; echo hunter2 | sudo -S cmd && echo done
printf '%s' hunter2 | docker login --password-stdin -u me ghcr.io
printf "%s\n" "hunter2" | docker login --password-stdin
echo hunter2 | tr -d x | docker login --password-stdin ghcr.io
docker login -u me --password-stdin <<< hunter2
docker login -u me --password-stdin ghcr.io <<<"hunter2"
BORG_PASSCOMMAND='echo hunter2' borg create x
rsync --password-file=<(echo hunter2) a b
wg set wg0 private-key <(echo hunter2) peer x
sshpass -p hunter2 ssh me@host
expect -c 'spawn ssh x; expect "assword:"; send "hunter2\r"; interact'
send "hunter2\r"
send -- "hunter2\r"
curl -u user:hunter2 http://x
wget --http-password=hunter2 --user=me http://x
psql "host=h user=u password=hunter2 dbname=x"
htpasswd -b file user hunter2
htpasswd -nbB user hunter2
mosquitto_passwd -b file user hunter2
openssl passwd hunter2
openssl passwd -6 hunter2
openssl passwd -in x -1 hunter2
redis-cli -a hunter2 ping
redis-cli AUTH hunter2 hunter2
redis-cli CONFIG SET requirepass hunter2
mongosh -p hunter2 x
chpasswd <<< user:hunter2
echo user:hunter2 | chpasswd
echo -e "hunter2\nhunter2" | passwd me
echo hunter2 | passwd --stdin me
(echo hunter2; echo hunter2) | smbpasswd -s -a me
useradd -m -p hunter2 me
net use \\host\share hunter2 /user:me
net use Z: \\host\share /user:me hunter2
gpg --batch --passphrase hunter2 -d x
echo hunter2 | gpg --passphrase-fd 0 -d x
gpg --passphrase-fd 3 3<<<hunter2
echo hunter2 | kinit me@X
kinit me <<< hunter2
kinit --password-file=<(echo hunter2) me
ldapsearch -w hunter2 -x
ldappasswd -s hunter2 -D x
mysqladmin -phunter2 ping
mysqladmin -u root password hunter2
influx -username me -password hunter2 -port 8086
influx setup -u me -p hunter2 -o x
az login -u me -p hunter2
aws configure set aws_secret_access_key hunter2 --profile x
npm config set //registry.npmjs.org/:_authToken hunter2
gh auth login --with-token <<< hunter2
echo hunter2 | gh auth login --with-token
helm registry login -p hunter2 x
smbclient -U user%hunter2 //h/x
mount -t cifs -o vers=3.0,username=u,password=hunter2 //h/x /mnt
cryptsetup open /dev/x y <<< hunter2
echo -n hunter2 | cryptsetup luksOpen /dev/x y -
echo hunter2 | su -c x
printf hunter2 | docker secret create x -
keepassxc-cli open x <<< hunter2
nmcli dev wifi connect x password hunter2
wpa_passphrase ssid hunter2
snmpwalk -v3 -A hunter2 -X hunter2 host
sqlplus me/hunter2@host
isql -U me -P hunter2
cypher-shell -u me -p hunter2
ipmitool -I lanplus -U me -P hunter2 power
xfreerdp /u:me /p:hunter2 /v:h
ssh-keygen -t ed25519 -N hunter2 -f x
caddy hash-password --plaintext hunter2
steamcmd +login me hunter2 +quit
pihole setpassword hunter2
psql -c "ALTER USER me WITH PASSWORD 'hunter2'" x
mysql -e "CREATE USER 'me'@'%' IDENTIFIED BY 'hunter2'" x
mysql -e "SET PASSWORD FOR 'me' = PASSWORD('hunter2')"
serve --password 'hunter2 hunter2' --port 80
command: ["serve", "--password", "hunter2 hunter2", "--port", "80"]
sh -c "serve --password \"hunter2 hunter2\" --port 80"
command: ["rabbitmqctl", "add_user", "u", "hunter2"]
command: [rabbitmqctl, add_user, u, hunter2]
entrypoint: ["mc", "alias", "set", "a", "http://x", "key", "hunter2"]
{"command": ["vault", "login", "hunter2"], "x": 1}
test: ["CMD-SHELL", "mysqladmin ping -phunter2 || exit 1"]
command: ["sh", "-c", "echo hunter2 | sudo -S x"]
command: [htpasswd, -Bbn, me, hunter2]
CMD=vault login hunter2
  - "ofelia.job-exec.x.command=vault login hunter2"
  ofelia.x.command: sh -c "echo hunter2 | sudo -S x"
""".strip().splitlines()

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
""".strip().splitlines()

TEXTS = [
    "command:\n  - rabbitmqctl\n  - add_user\n  - u\n  - hunter2\nx: public",
    'command:\n  - "mc"\n  - "alias"\n  - "set"\n  - "a"\n  - "http://x"\n  - "key"\n  - "hunter2"\n  - "public"',
    "healthcheck:\n  test:\n    - CMD\n    - redis-cli\n    - -a\n    - hunter2\n    - ping",
    "command: >-\n  rabbitmqctl\n  add_user u\n  hunter2\nx: public",
    "command: >-\n  serve --token\n  hunter2 --port 80",
    "command: >-\n  serve --port 80 --token\n  hunter2\n  --port 80",
    "command: serve --token\n  hunter2 --port 80\nx: public",
    "command: >\n  echo hunter2 |\n  docker login ghcr.io --password-stdin",
    "command: |\n  echo hunter2 \\\n    | docker login --password-stdin\n  echo public",
    "command: |\n  rabbitmqctl add_user u \\\n    hunter2\n  public x",
    "command: |\n  serve --token \\\n    hunter2 --port 80",
    "command: |\n  curl -u \\\n    me:hunter2 x",
    "command: |\n  mc alias set a \\\n    http://x key \\\n    hunter2 \\\n    --public",
    'command: [\n  "rabbitmqctl",\n  "add_user",\n  "u",\n  "hunter2",\n  "public"\n]',
    '{"command": [\n "vault",\n "login",\n "hunter2"\n], "x": "public"}',
    "chpasswd <<EOF\nhunter2\n$A:$B\nhunter2\nEOF\necho public",
    "cat <<'EOF' | chpasswd\nhunter2\nEOF\necho public",
    "docker login --password-stdin ghcr.io <<EOF\nhunter2\nEOF\necho public",
    'expect "assword:"\nsend "hunter2\\r"\nexpect "name:"\nsend "public\\r"',
    "redis-cli -a \\\n  -p 6379 ping",
    "serve --token\npublic",
    "vault login\npublic x",
    "command: serve --token\nx: public",
]


def alike(text: str) -> str:
    """Whether quotes are hidden as well does not count, nor how many words are."""
    return re.sub(r"\(secret\)(?: \(secret\))*", "(secret)", re.sub(r"\\?[\"']", "", text))


@pytest.mark.parametrize("text", [*HIDES, *TEXTS])
def test_a_password_is_hidden_and_every_other_word_told(text: str) -> None:
    seen = "\n".join(shown_lines(text.split("\n")))
    assert alike(seen) == alike(text.replace("hunter2", "(secret)"))
    assert "\n".join(shown_lines(seen.split("\n"))) == seen


@pytest.mark.parametrize("line", SHOWS)
def test_what_is_no_password_is_told(line: str) -> None:
    assert shown_lines([line]) == [line]


@pytest.mark.parametrize(
    "text",
    [
        "echo -e 'hunter2\\nhunter2' | passwd me", "echo hunter2 | sudo -S x", "x <<< 1; kinit <<< 'hunter2'",
        "printf '%s\\n' \"hunter2\" | chpasswd", "chpasswd <<EOF\nhunter2\nEOF", "send \"hunter2\\r\"",
    ],
)  # fmt: skip
def test_what_is_fed_is_known_by_its_value(text: str) -> None:
    assert judged(text) == {"hunter2"}


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
    ):  # fmt: skip
        text = piece * (40_000 // len(piece))
        assert len(shown_lines(text.split("\n"))) == text.count("\n") + 1
