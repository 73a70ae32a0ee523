"""What a form gives away where no name stands in front of the value. Every secret here is called hunter2, every other
word is told."""

from __future__ import annotations

import re

import pytest

from komodo_sync.masking.lines import shown_lines

HIDES = r"""
define('WP_REDIS_PASSWORD', 'hunter2');
define( "AUTH_KEY", "hunter2" ); define('HOST', 'public');
db.createUser({user:'app', pwd:'hunter2', roles:['public']})
mongosh --eval "db.createUser({user:'app',pwd:'hunter2',db:'public'})"
mongosh --eval "db.auth('root', 'hunter2')" public
yq -i '.auth.password = "hunter2"' public.yml
yq -i '.auth["password"] |= "hunter2"' public.yml
jq '.db.password = "hunter2" | .x = 1' public.json
echo "hunter2" > /run/secrets/db_password
echo hunter2 >> secrets/db; echo public
printf '%s' 'hunter2' > secrets/jwt_secret.txt
echo -n hunter2 > ./db_password.txt && public
echo hunter2 | sudo tee /etc/app/token
tee secrets/x <<< hunter2
cat > ~/.pgpass <<< "hunter2"
read -r TOKEN <<< "hunter2"; public
php occ config:system:set dbpassword --value=hunter2
docker exec -u www-data nc php occ config:system:set redis password --type=string --value "hunter2" public
occ config:app:set mail secret --value=hunter2
sed -i "s/__DB_PASSWORD__/hunter2/" .env
sed -i 's|{{API_TOKEN}}|hunter2|g; s|{{HOST}}|public|' public
sed -e "s#%TOKEN%#hunter2#" public
pulumi config set --secret name hunter2
pulumi config set name hunter2 --secret
variable "db_password" { default = "hunter2" }
variable "x" { sensitive = true, default = "hunter2" }
user bob insecure-password hunter2
user bob password hunter2
stats auth admin:hunter2
command: ["sh", "-c", "stats auth admin:hunter2", "public"]
set $token "hunter2";
set $$api_key hunter2; return public;
set \$api_key "hunter2"; return public;
if ($arg_token != "hunter2") { return public; }
if ($$http_x_api_key != "hunter2") { return public; }
if ($http_x_api_key != hunter2) { return public; }
if ($http_x_api_key !~ "^hunter2$") { return public; }
if [ "$TOKEN" != "hunter2" ]; then public
SetEnv DB_PASSWORD hunter2
SetEnv DB_PASSWORD "hunter2 hunter2"
RequestHeader set X-Api-Key "hunter2"
caddy.tls.dns: cloudflare hunter2
acme_dns cloudflare hunter2
user default on >hunter2 ~* +@all
redis-cli ACL SETUSER bob on >hunter2 ~*
db:5432:app:bob:hunter2
echo "db:*:app:bob:hunter2" > x
ntfy publish -u bob:hunter2 topic public
http -a bob:hunter2 example.org
cscli console enroll hunter2
cscli console enroll --name public hunter2
doctl auth init -t hunter2
influx query -t hunter2 'from'
USERS=public|hunter2|/home/public other|hunter2
- "USERS=public|hunter2|/home/public other|hunter2"
USERS: public|hunter2|/home/public other|hunter2|/home/public|10001
USER=public|hunter2|/home/public|10001
environment: ["USERS=public|hunter2", "HOST=public"]
docker run -e USERS="public|hunter2|/home/public" public
ACCOUNT_bob: hunter2
- "ACCOUNT_bob=hunter2"
docker run -e ACCOUNT_bob=hunter2 public
USER: "public;hunter2"
- USER2=public;hunter2;1000;public;1000
environment: ["USER2=public;hunter2 hunter2", "HOST=public"]
--user public:hunter2
- --user=public:hunter2
-u "public:hunter2" public
DRONE_USER_CREATE=username:public,machine:false,admin:true,token:hunter2
DRONE_USER_CREATE: "token:hunter2,username:public"
- {variable: DRONE_USER_CREATE, value: "username:public,admin:true,token:hunter2"}
docker run -e DRONE_USER_CREATE=username:public,token:hunter2 public
ADMIN=bob:hunter2
DEFAULT_ADMIN: "public:hunter2"
- "ADMIN_LOGIN=bob@example.org:hunter2"
environment: ["X_ADMIN_LOGIN=bob:hunter2", "HOST=public"]
rpcauth=public:hunter2$hunter2
["-rpcauth=public:hunter2$$hunter2", "-server=public"]
DISCORD=MTAhunter2hunter2hunter20x.Ghunt2.hunter2hunter2hunter2hunter2ab
command: tunnel run eyJhIjoihunter2hunter2hunter2hunter2hunter2 public
relay: nsec1hunter2hunter2hunter2hunter2hunter2hunter2hunter2hunter2 # npub1public
command: agent -server -encrypt=hunter2hunter2hunter2hunter2hunter2hunter2x= -join public
command: ["agent", "-encrypt", "hunter2hunter2hunter2hunter2hunter2hunter2x=", "-join=public"]
{"datacenter": "public", "encrypt": "hunter2hunter2hunter2hunter2hunter2hunter2x="}
encrypt = "hunter2hunter2hunter2x=="
[smtp.public.com]:587 public@example.org:hunter2
echo "[smtp.public.com]:587 public:hunter2" > /etc/postfix/x
RUN composer config --global --auth http-basic.repo.public bob hunter2
kubectl create secret generic public --from-literal=public=hunter2 --from-literal='b=hunter2' -n public
sh -c "kubectl create secret generic public --from-literal a=\"hunter2 hunter2\"; echo public"
MONITOR ups@public 1 public hunter2 primary
MONITOR ups@public:3493 1 public hunter2 slave
BUNDLE_GEMS__PUBLIC__ORG=public:hunter2
DATA_SOURCE_NAME=user:hunter2@(public:3306)/
"DATA_SOURCE_NAME=user:hunter2@(public:3306)/"
DATA_SOURCE_NAME: "user:hunter2@(public:3306)/public"
environment: ["DATA_SOURCE_NAME=user:hunter2@(public:3306)/"]
--auth.password hunter2
"--authentication.token","hunter2", "public"
--homeassistant.token hunter2 --mqtt.host public --mqtt.password hunter2
""".strip().splitlines()

SHOWS = r"""
define('WP_HOST', 'db');
define('DB_PASSWORD', $x);
read -p "Enter password:" PW; echo "x"
yq -i '.image.tag = "x"' y.yml
echo "deb x" > /etc/apt/sources.list
echo "x" > auth.conf
echo "$TOKEN" > /run/secrets/db_password
cat /run/secrets/x > /tmp/y
read -r NAME <<< "x"
occ config:system:set trusted_domains 1 --value=example.org
sed -i "s/__HOST__/x/" .env
sed -i "s/__DB_PASSWORD__/$DB_PASSWORD/" .env
pulumi config set aws:region eu-west-1
variable "region" { default = "eu" }
user bob on the moon
stats auth admin:${STATS_PASSWORD}
command: ["sh", "-c", "stats auth admin:${STATS_PASSWORD}"]
set $host "x";
if ($request_method != "POST") { return x; }
if ($http_x_api_key != "") { return x; }
if ($http_x_api_key != $key) { return x; }
if ($http_authorization ~ "^Basic (.*)") { return x; }
if ($http_cookie ~* "wordpress|x") { return x; }
if [ "$TOKEN" != "" ]; then x
if (password != undefined) {
SetEnv HOST x
SetEnvIf X-Token x y
tls { dns cloudflare {env.CF_TOKEN} }
ntfy publish -u bob topic x
http example.org
cscli console status
influx query -o x 'from'
ports: ["${PORT:-3000}:3000"]
- ${PORT:-3000}:3000
  - "${HTTP_PORT:-8080}:8080"
docker run --publish=${PORT:-3000}:3000 x
PORTS=${PORT:-3000}:3000
socat tcp-listen:2375,fork,reuseaddr tcp:dockerproxy:2375
socat TCP4-LISTEN:80 TCP4:web:8080
ssh -L localhost:db:5432 me@host
docker build --secret=id=npm,env=NPM_TOKEN .
docker build --secret id=npm,src=/root/.npmrc .
docker build --secret "type=env,id=npm_token" .
RUN --mount=type=secret,id=npm_token,target=/root/.npmrc npm ci
USERS=one|${PASSWORD}|/home/one
USER=root; make x
ACCOUNT_ID=123456
ACCOUNT_TYPE=standard
USER=bob;${PASSWORD}
user=1000:1000
user=app:app
user: nginx:www-data
user: "1000:1000"
docker run -u app:web x
docker run --user=app:web x
docker run -u ${UID:-1000}:${GID:-1000} x
--user 1000:1000
--user app:app
--user=app:www-data
-u ${UID}:${GID}
-u http://web:8080
chown -R app:app /x
install -o x -u bob:web
rsync -u web:x y
su - app -c "x --user y"
--redis.addr redis:6379
--web.auth.port 80
DATA_SOURCE_NAME=user:${PASSWORD}@(db:3306)/
encrypt: true
encrypt = "yes"
command: agent -encrypt=$KEY -server
commit: encrypt 0123456789abcdef0123456789abcdef01234567
[smtp.gmail.com]:587
relayhost = [smtp.gmail.com]:587 # bob@gmail.com: x
[smtp.gmail.com]:587 bob@gmail.com:${PASSWORD}
kubectl create configmap x --from-literal=a=b
kubectl create secret generic x --from-literal=a=$A --from-file=/x
we monitor ups@host 1 time a day, primary or secondary
MONITOR ups@host 1 bob $PASSWORD primary
0 3 * * * root /x
a l2tpd b c
community: home
community = "${COMMUNITY}"
set community 65000:1
sk = Slovak
sk: Slovak
BUNDLE_GEMS__EXAMPLE__ORG=${LOGIN}
BUNDLE_APP_CONFIG=/x:y
DRONE_USER_CREATE=username:octocat,admin:true
DRONE_USER_CREATE=username:octocat,token:${TOKEN}
DRONE_USER_CREATE: "username:octocat,token:$TOKEN"
TAGS="type:auth,scope:session,token:false"
const x = {a:b,token:token,key:c}
ADMIN=bob
ADMIN=app:app
ADMIN=caddy:2019
ADMIN: adminer:4.8.1
ADMIN: adminer:latest
admin: localhost:2019
ADMIN_LOGIN=bob@example.org
LOGIN: ${USER}:${PASSWORD}
rpcauth=bob:${RPC_AUTH}
rpcuser=bob
relay: npub10elfcs4fr0l0r8af98jlmgdh9c8tcxjvz9qkw038js35mp4dma8qzvjptg
x: eyJhIjoi
image: ghcr.io/x/y@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
COMMIT: 0123456789abcdef0123456789abcdef01234567
url: https://example.org/x?appid=com.example.app
""".strip("\n").splitlines()

ADDRESSES = """
https://hc-ping.com/00000000-hunter2-0000
https://hc.example.org/ping/0123abcd-0000-hunter2
https://status.example.org/api/push/hunter2?status=up
https://maker.ifttt.com/trigger/E/with/key/hunter2
https://hooks.zapier.com/hooks/catch/1/hunter2
https://uptime.betterstack.com/api/v1/heartbeat/hunter2
https://cronitor.link/p/hunter2/x
https://freedns.afraid.org/dynamic/update.php?hunter2
tgram://1:hunter2/2
pover://hunter2@hunter2
pbul://hunter2
prowl://hunter2
slack://hunter2/hunter2/hunter2
discord://1/hunter2
ifttt://hunter2/E
mmosts://example.org/hunter2
ntfys://bob:hunter2@example.org/topic
mailtos://bob:hunter2@example.org
mailto://example.org?user=bob&pass=hunter2
""".strip().splitlines()

NO_ADDRESSES = """
https://hc-ping.com/${UUID}
https://hc.example.org/ping/
https://status.example.org/api/push/${TOKEN}
tgram://${TOKEN}/1
slack://${A}/${B}/${C}
mailto:bob@example.org
ntfys://example.org/topic
""".strip().splitlines()

TEXTS = [
    '# client server secret ip\n"x" l2tpd "hunter2" *\ny pptpd hunter2 10.0.0.2\n"z" * "hunter2" *',
    '[[inputs.snmp]]\n  agents = ["x"]\n  community = "hunter2"\n  version = 2',
    "[ssh]\ntype = stcp\nsk = hunter2\nlocal_port = 22",
    "[ssh]\nrole = visitor\ntype = xtcp\nserver_name = x\nsk=hunter2\n[web]\ntype = http",
    'variable "db_password" {\n  type = string\n  default = "hunter2"\n}\nvariable "x" {\n  default = "public"\n}',
    "command:\n  - --user\n  - bob:hunter2\n  - --realm\n  - public",
    "command:\n  - -u\n  - bob:hunter2\n  - public",
    "command:\n  - --user\n  - 1000:1000\n  - --user\n  - app:app",
    "command: |\n  docker run \\\n    --user app:web x",
    "realm=public\nlt-cred-mech\nuser=bob:hunter2\nuser=eve:hunter2",
    'variable "x" {\n  default   = "hunter2"\n  sensitive = true\n}\nvariable "y" {\n  default = "public"\n}',
    "cat > secrets/x <<EOF\nhunter2\nEOF\necho public",
    "cat <<EOF | sudo tee /run/secrets/x >/dev/null\nhunter2\nEOF\necho public",
    "cat <<'EOF' > db_password\nhunter2\nEOF\ncat > x <<EOF\npublic\nEOF",
]


@pytest.mark.parametrize("line", HIDES)
def test_a_form_gives_a_secret_away(line: str) -> None:
    for lead in ("", "command: ", "      "):
        [seen] = shown_lines([lead + line])
        assert "hunter2" not in seen
        assert seen.count("public") == line.count("public")
        assert seen[:5] == (lead + line)[:5]
        assert shown_lines([seen]) == [seen]


@pytest.mark.parametrize("line", [*SHOWS, *(f"url: {address} x" for address in NO_ADDRESSES)])
def test_what_has_the_form_and_no_secret_is_shown(line: str) -> None:
    assert shown_lines([line]) == [line]


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_that_is_the_secret_is_hidden(address: str) -> None:
    for lead in ("LEVEL=", "level: ", "  - ", "curl '", 'curl -fsS "'):
        [seen] = shown_lines([f"{lead}{address}{lead[-1].strip(' =')} public"])
        assert "hunter2" not in seen
        assert seen.startswith(lead + address.partition("://")[0])
        assert seen.endswith(" public")


@pytest.mark.parametrize("text", TEXTS)
def test_over_several_lines_too(text: str) -> None:
    seen = "\n".join(shown_lines(text.split("\n")))
    assert seen.replace('"(secret)"', "(secret)") == text.replace('"hunter2"', "(secret)").replace(
        "hunter2", "(secret)"
    )


@pytest.mark.parametrize(
    "line",
    [
        'o: "addr=nas,username=bob,password=hunter2,file_mode=0770,dir_mode=0770,uid=1000"',
        "o: username=bob,password=hunter2,vers=3.0,rw",
        'o: "password=hunter2,uid=1000"',
        'o: "addr=nas,username=bob,password=hun,ter2,uid=1000"',
        "- 'o=username=bob,pass=hunter2,nounix,noserverino'",
        '{"o": "addr=nas,username=bob,password=hunter2,uid=1000"}',
        "docker volume create --opt type=cifs --opt o=addr=nas,username=bob,password=hunter2,file_mode=0777 v",
        "mount -t cifs -o username=bob,password=hunter2,vers=3.0 //nas/x /mnt",
        "//nas/x /mnt cifs username=bob,password=hunter2,uid=1000,_netdev,x-systemd.automount 0 0",
        "CACHE: redis:6379,password=hunter2,ssl=True,abortConnect=False",
    ],
)
def test_the_options_beside_the_password_of_a_mount_are_told(line: str) -> None:
    told = re.sub("hun,?ter2", "(secret)", line)
    assert shown_lines([line]) == [told]
    assert shown_lines([told]) == [told]


@pytest.mark.parametrize(
    "line",
    [
        "DB_PASSWORD=x,hunter2=x",
        "password=x,uid=hunter2",
        "password: x,uid=hunter2",
        "x=y,password=x,hunter2,z=hunter2",
    ],
)
def test_of_another_password_a_comma_is_a_part(line: str) -> None:
    assert "hunter2" not in shown_lines([line])[0]
