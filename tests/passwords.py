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
cscli bouncers add traefik -k hunter2
cloudflared tunnel run --token hunter2
cloudflared tunnel --no-autoupdate run --token hunter2
samba.sh -u "me;hunter2" -s "share;/share"
mysql -e "CREATE USER 'me'@'%' IDENTIFIED BY 'hunter2'" x
mysql -e "SET PASSWORD FOR 'me' = PASSWORD('hunter2')"
poetry config http-basic.x bob hunter2
composer config --global http-basic.repo.example.org bob hunter2
composer config github-oauth.github.com hunter2
bundle config set --global gems.example.org bob:hunter2
bundle config gems.example.org bob:hunter2
cargo login hunter2
cargo login --registry x hunter2
conan remote login -p hunter2 x bob
dotnet nuget add source https://x/index.json -n x -u me -p hunter2 --store-password-in-clear-text
pro attach hunter2
b2 authorize-account x hunter2
b2 account authorize x hunter2
net ads join -U me%hunter2
samba-tool user create me hunter2
samba-tool user add me hunter2 --given-name=x
snmpget -v2c -c hunter2 host sysName.0
snmpbulkwalk -v 2c -c hunter2 -Cr10 host
upscmd -u me -p hunter2 ups beeper.off
register_new_matrix_user -u me -p hunter2 -a -c /x/homeserver.yaml http://x:8008
ss-server -s 0.0.0.0 -p 8388 -k hunter2 -m aes-256-gcm
ncftpput -u me -p hunter2 host /x y
megatools put -u me@x -p hunter2 x
mqttx pub -h x -p 1883 -u me -P hunter2 -t x
garage key import me hunter2 --yes
echo hunter2 | openconnect --user=me --passwd-on-stdin host
openconnect --user=me --passwd-on-stdin host <<< hunter2
echo hunter2 | vncpasswd -f > x
zfs load-key tank/x <<< hunter2
echo -n hunter2 | zfs load-key tank/x
echo hunter2 | zfs create -o encryption=on -o keyformat=passphrase tank/x
passwordeval "echo hunter2"
serve --password 'hunter2 hunter2' --port 80
sh -c "serve --password \"hunter2 hunter2\" --port 80"
CMD=vault login hunter2
serve --user bob:hunter2 --realm x
serve -n --user=bob:hunter2 --realm=x
turnserver -n -u bob:hunter2 -r x
docker run coturn/coturn -u bob:hunter2
serve --redis.addr redis:6379 --redis.password hunter2 --web.auth.port 80
/redis_exporter -redis.addr=redis:6379 -redis.password hunter2 -debug
serve --es.apiKey hunter2 --remoteWrite.basicAuth.password hunter2 x
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
setPassword("hunter2")
client.setToken('hunter2')
withSecret("hunter2").run()
core.setSecret("hunter2")
db.setUserPassword("root","hunter2")
const x = process.env.DB_PASSWORD || "hunter2"
const x = process.env["DB_PASSWORD"] || "hunter2"
const x = Deno.env.get("DB_PASSWORD") ?? "hunter2";
connect(process.env.DB_PASSWORD ?? "hunter2")
connect("public", Deno.env.get("DB_PASSWORD") || "hunter2", "public")
const url = `https://u:${process.env.DB_PASSWORD ?? "hunter2"}@h/public`
headers: { "X-A": `Bearer ${Deno.env.get("TOKEN") ?? "hunter2"}` }
if (token !== "hunter2") throw new Error("public")
if ("hunter2" === token) throw new Error("public")
const v = prod ? "hunter2" : process.env.DB_PASSWORD;
client.login("user", "hunter2")
await client.login("hunter2")
await client.authenticate("hunter2")
await redis.auth("hunter2")
basicAuth("user", "hunter2")
btoa("user:hunter2")
Buffer.from("user:hunter2").toString("base64")
config.get("db.password", "hunter2")
getEnv("DB_PASSWORD", "hunter2")
env("DB_PASSWORD", { default: "hunter2" })
createHmac("sha256", "hunter2")
jwt.sign(payload, "hunter2")
jwt.verify(t, "hunter2", { algorithms: ["HS256"] })
await crypto.subtle.importKey("raw", new TextEncoder().encode("hunter2"), { name: "HMAC" }, false, ["sign"])
enum Secrets { DB = "hunter2" }
const [token, user] = ["hunter2", "u"]
const s = { name: "DB_PASSWORD", default: "hunter2" }
function getPassword() { return "hunter2"; }
const getPassword = () => { return "hunter2" }
get password() { return "hunter2"; }
passwordInput.fill("hunter2")
page.fill("#password", "hunter2")
token.set("hunter2")
const x = "hunter2" as Password
const x = "hunter2" as unknown as ApiToken;
url.searchParams.set("api_key","hunter2")
password += "hunter2"
const k = (await getKey()) ?? "hunter2"
const p = env.DB_PASSWORD?.trim() || "hunter2";
const p = (env.DB_PASSWORD ?? "hunter2").trim();
const p = String(process.env.API_KEY ?? 'hunter2')
let p = process.env.API_KEY; if (!p) p = "hunter2"
komodo.write("UpdateVariableValue", { name: "DB_PASSWORD", value: Deno.env.get("X1") ?? "hunter2" })
cfg.apiKey("hunter2")
cfg.useApiKey("hunter2").run("public")
vault.putSecret("name", "hunter2")
vault.setSecret({ name: "public", value: "hunter2" })
kv.set(["secret", "db"], "hunter2")
bot.sendMessage("public"); new Bot("hunter2")
new TelegramBot("hunter2")
tokens.push("hunter2")
tokens.add("hunter2")
secrets["db"] = "hunter2"
const client = new MyClient("public", process.env.API_TOKEN ?? "hunter2");
const p = ARGS["db_password"] ?? 'hunter2';
const p = !ARGS.password ? 'hunter2' : ARGS.password;
const p = (ARGS.password as string) || "hunter2";
const p = (ARGS.password as string | undefined) ?? "hunter2";
const p = <string>ARGS.password ?? "hunter2";
const p = ARGS.password! || "hunter2";
const p = ARGS?.password || "hunter2";
const p = ARGS?.["password"] || "hunter2";
const p = ARGS.creds?.password?.value ?? "hunter2";
run(ARGS.password || "hunter2")
run({ p: ARGS.password || "hunter2", host: "public" })
const url = "https://public/?k=" + (ARGS.api_key || "hunter2");
const url = `https://public/?k=${ARGS.api_key || "hunter2"}`;
const url = `https://public/?k=${ARGS.api_key || 'hunter2'}&h=public`;
const cmd = `docker login -u public -p ${ARGS.password || "hunter2"}`;
await komodo.write("UpdateVariableValue", { name, value: ARGS.password ?? "hunter2" });
self.token ??= "hunter2";
xhr.setRequestHeader("X-Token", "hunter2");
request.auth("bob", "hunter2")
fetch("https://public", { headers: [["X-Api-Key", "hunter2"]] });
const getPw = function () { return "hunter2"; };
async function getPw(): Promise<string> { return "hunter2"; }
async function getPw() { if (a) { return "hunter2"; } else { return "hunter2"; } }
function password(): string { return cond ? "hunter2" : "hunter2"; }
class A { getPassword() { return "hunter2"; } }
class A { private get token(): string { return 'hunter2'; } }
const o = { password() { return "hunter2"; } }
const o = { get password() { return "hunter2" }, host: "public" }
export const secrets = { db: "hunter2", web: "hunter2" } as const;
export const SECRETS: Record<string, string> = { db: "hunter2" };
const creds = new Map<string, string>([["db", "hunter2"]]);
for (const pw of ["hunter2", "hunter2"]) { run("public", pw); }
for (const password of ["hunter2"]) run("public")
if ("hunter2" == ARGS.password) {}
if (ARGS.password !== "hunter2") throw new Error("public");
assertEquals(password, "hunter2");
const ok = await verifyPassword("hunter2", hash);
const hash = await bcrypt.hash("hunter2", 10);
const ok = await bcrypt.compare("hunter2", hash);
crypto.createHmac("sha256", "hunter2").update("public").digest("hex");
crypto.pbkdf2Sync("hunter2", "salt", 1, 2, "sha512");
crypto.scryptSync("hunter2", "salt", 24);
crypto.createCipheriv("aes-256-cbc", "hunter2", iv);
new SignJWT({}).sign(new TextEncoder().encode("hunter2"));
await kv.set(["tokens", "db"], "hunter2");
const conn = `postgres://public:${"hunter2"}@public/db`;
prompt("Password") || "hunter2"
const p = prompt("Password:") ?? "hunter2";
const p = await getSecret("public/db") ?? "hunter2";
const p = await vault.read("public/db", "password") ?? "hunter2";
const p = secrets.get("db") ?? "hunter2";
const p = secrets.get("db", "hunter2");
const p = config.passwords["db"] ?? "hunter2";
const p = passwordFor("bob") || "hunter2";
const p = opts.password || opts.pass || "hunter2";
const p = undefined ?? process.env.DB_PASSWORD ?? "hunter2";
const p = "hunter2" || process.env.DB_PASSWORD;
const t = Secret.of("hunter2");
const t = Secret.from("hunter2");
const t = Token.parse("hunter2");
const t = new Credentials("bob", "hunter2");
const t = credentials("bob", "hunter2");
const t = pw("hunter2");
const t = withCredentials({ user: "u0", value: "hunter2" });
register({ key: "A_TOKEN", value: "hunter2" });
register({ value: "hunter2", key: "A_TOKEN" });
register("DB_PASSWORD", "hunter2");
env.push({ name: "DB_PASSWORD", value: "hunter2" }, { name: "HOST", value: "public" });
env.DB_PASSWORD ||= "hunter2";
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
