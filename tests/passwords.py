"""Passwords as commands take them and are fed them, each called hunter2: in a line, and in a text of several."""

from __future__ import annotations

import json
import re
import shlex
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

LINES = r"""
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
cat <<< "hunter2" | docker login --password-stdin ghcr.io
docker login ghcr.io --password-stdin < <(echo hunter2)
gh secret set TOKEN --body hunter2
gh secret set TOKEN -b hunter2 --env x
htpasswd -n -b me hunter2
smbclient //h/x hunter2 -U me -c ls
nmcli dev wifi connect x password hunter2
wpa_passphrase ssid hunter2
snmpwalk -v3 -A hunter2 -X hunter2 host
sqlplus me/hunter2
isql -U me -P hunter2
cypher-shell -u me -p hunter2
ipmitool -I lanplus -U me -P hunter2 power
xfreerdp /u:me /p:hunter2 /v:h
ssh-keygen -t ed25519 -N hunter2 -f x
caddy hash-password --plaintext hunter2
steamcmd +login me hunter2 +quit
pihole setpassword hunter2
psql -c "ALTER USER me WITH PASSWORD 'hunter2'" x
mc admin user add x me hunter2
docker exec minio mc admin user add x me hunter2 && echo done
ntfy user add --role=admin me hunter2
cloudflared service install hunter2
cloudflared tunnel run --token hunter2
cloudflared tunnel --no-autoupdate run --token hunter2
samba.sh -u "me;hunter2" -s "share;/share"
mysql -e "CREATE USER 'me'@'%' IDENTIFIED BY 'hunter2'" x
mysql -e "SET PASSWORD FOR 'me' = PASSWORD('hunter2')"
serve --password 'hunter2 hunter2' --port 80
sh -c "serve --password \"hunter2 hunter2\" --port 80"
CMD=vault login hunter2
""".strip().splitlines()

TYPESCRIPT = """
const apiKey: string = "hunter2";
private apiToken: string = "hunter2"
public static readonly apiToken = 'hunter2';
const password: string | undefined = "hunter2"
function f(password: string = "hunter2", port = "public") {}
const token = `hunter2`;
const token = `hunter2${suffix}`;
login({ password: `hunter2` })
const x = { password: `hunter2`, host: `public` }
const password = Deno.env.get("PW") ?? "hunter2";
const tokens = ["hunter2", "hunter2"];
let apiToken!: string; apiToken = `hunter2`;
apiToken = `hunter2`;
const t = text.replace(/["`]/g, ""); const apiKey: string = "hunter2";
const passwords = { bob: "hunter2" }
const secret = atob("hunter2"), port = "8080";
await komodo.write("CreateVariable", { name: "DB_PASSWORD", value: "hunter2", is_secret: true })
await komodo.write("CreateVariable", { value: "hunter2", name: "HOST", is_secret: true })
komodo.write("UpdateVariableValue", { name: "API_TOKEN", value: "hunter2" })
headers.set('X-Api-Key','hunter2')
headers.append("Authorization", `hunter2`); headers.append("Accept", "text/html");
new Headers([["X-Api-Key", "hunter2"], ["Accept", "text/html"]])
Deno.env.set("DB_PASSWORD","hunter2")
const { token = "hunter2" } = args;
config["api_key"] = "hunter2"; run("public");
// const password: string = "hunter2"
await fetch("https://x", { headers: { "X-Api-Key": "hunter2", Accept: "application/json" } });
file_contents: 'const token = `hunter2`;'
file_contents: "const token: string = \\"hunter2\\";"
""".strip().splitlines()

TEXTS = [
    'command: ["serve", "--password", "hunter2 hunter2", "--port", "80"]',
    'command: ["rabbitmqctl", "add_user", "u", "hunter2"]',
    "command: [rabbitmqctl, add_user, u, hunter2]",
    'entrypoint: ["mc", "alias", "set", "a", "http://x", "key", "hunter2"]',
    '{"command": ["vault", "login", "hunter2"], "x": 1}',
    'test: ["CMD-SHELL", "mysqladmin ping -phunter2 || exit 1"]',
    'command: ["sh", "-c", "echo hunter2 | sudo -S x"]',
    "command: [htpasswd, -Bbn, me, hunter2]",
    '  - "ofelia.job-exec.x.command=vault login hunter2"',
    '  ofelia.x.command: sh -c "echo hunter2 | sudo -S x"',
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


def written(line: str) -> Iterator[str]:
    """A line of a shell as a compose text may hold it."""
    quoted = json.dumps(line)
    yield f"command: |\n  {line}\n"
    yield f"command: >-\n  {line}\n"
    yield f"command: {quoted}\n"
    yield f'command: ["sh", "-c", {quoted}]\n'
    yield f"entrypoint:\n  - sh\n  - -c\n  - {quoted}\n"
    yield f"entrypoint:\n  - sh\n  - -c\n  - |\n    {line}\n"
    yield f'healthcheck:\n  test: ["CMD-SHELL", {quoted}]\n'
    yield f"environment:\n  CMD: {quoted}\n"
    yield f"environment:\n  - {json.dumps(f'CMD={line}')}\n"
    yield f"labels:\n  job.command: {quoted}\n"
    if re.search(r"[|<>;&()\"'{}\[\]\\=]", line):
        return
    words = shlex.split(line)
    yield "command: " + json.dumps(words) + "\n"
    yield "command: [" + ", ".join(words) + "]\n"
    yield "command:\n" + "".join(f"  - {word}\n" for word in words)
    yield "command:\n" + "".join(f"- {json.dumps(word)}\n" for word in words)
    yield "command: [\n" + ",\n".join(f"  {json.dumps(word)}" for word in words) + "\n]\n"
    yield "command: >-\n" + "".join(f"  {word}\n" for word in words)
    yield "command: " + "".join(f"  {word}\n" for word in words)
    yield "command: |\n" + " \\\n".join(f"  {word}" for word in words) + "\n"
