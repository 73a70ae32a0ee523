"""How commands take their passwords where no name promises one: `mysql -pX`, `curl -u me:X`, `vault login X`. Data."""

from __future__ import annotations

import re
from itertools import permutations

from komodo_sync.model.data import Data

_NONE = re.compile(r"(?!)")


class Option(Data, frozen=True):
    """A command takes its password by an option. `attached`: in the word of the option; `apart`: as the next word;
    `login`: as what follows this in the value, the colon of `user:password`; `again`: it may take another one;
    `groups`: what follows the user may be a group as well."""

    word: re.Pattern[str]
    attached: bool = True
    apart: bool = True
    login: str = ""
    again: bool = False
    groups: bool = False


class Words(Data, frozen=True):
    """A command takes its password as a word. `skip`: so many words stand in front of it, not counted those that
    `passes` (and options) and what follows one of `valued`; `ends`: there is none any more; `words`: so many are
    secret; `named`: those are, instead, each of which follows a word whose name promises a secret."""

    skip: int = 0
    passes: re.Pattern[str] = _NONE
    valued: frozenset[str] = frozenset()
    ends: re.Pattern[str] = _NONE
    words: int = 1
    named: bool = False


def _all(*names: str) -> tuple[str, ...]:
    """The names as they are written in one text."""
    return tuple(name for each in names for name in each.split())


_P = Option(re.compile(r"-p(?!-$)"))
_CAPITAL_P = Option(re.compile(r"-P"))
_T = Option(re.compile(r"-t"))
_ATTACHED = Option(re.compile(r"-p(?!-$)"), apart=False)  # `mysql -p db` asks for the password
_COLON = Option(re.compile(r"--(?:proxy-)?user(?![\w-])|-[fgikLnNsSv]*[uU]"), login=":")
_PERCENT = Option(re.compile(r"-U|--user(?![\w-])"), login="%")
_SNMP = _all("walk get set getnext bulkwalk bulkget table trap inform status df delta netstat test")

OPTIONS: dict[str, Option] = {
    **dict.fromkeys(_all("mysql mysqldump mysqladmin mysqlimport mysqlcheck mysqlshow mysqlsh"), _ATTACHED),
    **dict.fromkeys(_all("mariadb mariadb-dump mariadb-admin mariadb-import mariadb-check"), _ATTACHED),
    **dict.fromkeys(_all("7z 7za 7zz rar unrar"), _ATTACHED),
    **dict.fromkeys((f"{tool} login" for tool in _all("docker podman nerdctl buildah skopeo helm oras az")), _P),
    **dict.fromkeys(_all("mongo mongosh mongodump mongorestore mongoexport mongoimport"), _P),
    **dict.fromkeys(_all("sshpass cqlsh cypher-shell useradd usermod pihole upscmd upsrw megatools"), _P),
    **dict.fromkeys(_all("ncftpput ncftpget ncftpls"), _P),
    **dict.fromkeys(("conan remote login", "conan user", "dotnet nuget add source", "dotnet nuget update source"), _P),
    **dict.fromkeys(_all("sqlcmd isql tsql bcp mosquitto_pub mosquitto_sub zip unzip zipcloak ipmitool"), _CAPITAL_P),
    **dict.fromkeys(_all("mqttx mqttcli"), _CAPITAL_P),
    "register_new_matrix_user": Option(re.compile(r"-[pk](?!-$)"), again=True),
    **dict.fromkeys(
        _all("ss-server ss-local ss-redir ss-tunnel ss-manager ssserver sslocal"), Option(re.compile("-k"))
    ),
    **dict.fromkeys(_all("redis-cli redis-benchmark valkey-cli keydb-cli"), Option(re.compile("-a"), attached=False)),
    **dict.fromkeys(_all("ldapsearch ldapadd ldapmodify ldapdelete ldapwhoami"), Option(re.compile("-w"))),
    **dict.fromkeys((f"snmp{verb}" for verb in _SNMP), Option(re.compile("-[AXc]"), again=True)),
    **dict.fromkeys(_all("curl wget etcdctl turnserver coturn"), _COLON),
    **dict.fromkeys((*_all("smbclient rpcclient smbget samba-tool"), "net ads", "net rpc"), _PERCENT),
    "bundle config": Option(re.compile(r"(?!mirror\.)(?:[\w-]+\.)+[a-z]{2,}(?![\w./:-])"), attached=False, login=":"),
    **dict.fromkeys(_all("xfreerdp wfreerdp"), Option(re.compile("/p:"), apart=False)),
    "influx setup": _P,
    **dict.fromkeys((f"influx {verb}" for verb in _all("query write ping task bucket org user auth backup")), _T),
    "doctl auth init": _T,
    **dict.fromkeys((f"ntfy {verb}" for verb in _all("publish pub send trigger subscribe sub")), _COLON),
    **dict.fromkeys(_all("http https xh"), Option(re.compile(r"-a|--auth(?![\w-])"), login=":")),
    "ldappasswd": Option(re.compile("-[asw]"), again=True),
    "lftp": Option(re.compile(r"-u|--user(?![\w-])"), login=","),
    "cscli bouncers add": Option(re.compile(r"-k(?!-$)|--key(?![\w-])")),
    "cscli machines add": _P,
    "openssl": Option(re.compile(r"-[kK](?!\w)"), attached=False),
    "sqlplus": Option(re.compile(r"\w+(?=/)"), apart=False, login="/"),
    "gh secret set": Option(re.compile(r"--body(?![\w-])|-b(?!-$)")),
    "ssh-keygen": Option(re.compile("-[NP]"), attached=False, again=True),
    "caddy hash-password": Option(re.compile("--plaintext")),
}
"""By the name of the command, and of what it is to do where that tells."""
LOGIN = Option(re.compile(r"--user(?![\w-])|-u(?![\w-])"), login=":", groups=True)
"""Of a command that nothing is known of, as where an image is told its options alone."""
AS_SOMEBODY = frozenset(_all(
    "docker docker-compose podman nerdctl buildah compose kubectl chown chroot install runuser rsync setpriv su sudo"
))  # fmt: skip
"""What takes by such an option who is to run something, or another thing."""
GROUP = (
    r"(?:\d+|adm|apache|apps?|audio|daemon|dialout|docker|games|http|kvm|mail|media|netdev|nginx|node|nobody|nogroup"
    r"|plugdev|render|root|staff|sudo|tty|users|video|wheel|www|www-data)"
)
"""What a group is called behind a user."""

_NAMED = Words(named=True)
_ASSIGNED = re.compile(r"[a-z_]+=(?!=+$)")
_FLAGS = ["".join(each) for size in range(1, 5) for each in permutations("bBcnm", size) if "b" in each]

WORDS: dict[str, Words] = {
    **dict.fromkeys((f"rabbitmqctl {verb}" for verb in _all("add_user change_password authenticate_user")), Words(1)),
    **dict.fromkeys(("mc admin user add", "mcli admin user add"), Words(2)),
    **dict.fromkeys(("ntfy user add", "ntfy user change-pass"), Words(1, valued=frozenset(("--role", "-r")))),
    **dict.fromkeys(("cloudflared service install", "pro attach", "ua attach"), Words()),
    **dict.fromkeys(("poetry config http-basic", "composer config http-basic"), Words(1)),
    "poetry config pypi-token": Words(),
    **dict.fromkeys(
        (f"composer config {how}" for how in _all("bearer github-oauth gitlab-oauth gitlab-token")), Words()
    ),
    "cargo login": Words(valued=frozenset(("--registry",))),
    **dict.fromkeys(("b2 authorize-account", "b2 account authorize", "garage key import"), Words(1)),
    **dict.fromkeys(("samba-tool user create", "samba-tool user add"), Words(1)),
    **dict.fromkeys(("mc alias set", "mcli alias set", "mc config host add"), Words(3)),
    **dict.fromkeys(("vault login", "bao login"), Words(0, _ASSIGNED)),
    **dict.fromkeys(("vault operator unseal", "bao operator unseal"), Words()),
    **dict.fromkeys(("rclone obscure", "rclone reveal", "pihole setpassword", "bw unlock"), Words()),
    **dict.fromkeys(("mysqladmin password", "mariadb-admin password"), Words()),
    **dict.fromkeys(("grafana-cli reset-admin-password", "grafana reset-admin-password"), Words()),
    **dict.fromkeys(("redis-cli auth", "redis-cli AUTH", "valkey-cli auth", "valkey-cli AUTH"), Words(words=2)),
    **dict.fromkeys(
        (f"{tool} set" for tool in _all("aws doppler npm pnpm yarn pip redis-cli valkey-cli gcloud kubectl")), _NAMED
    ),
    **dict.fromkeys(("redis-cli SET", "valkey-cli SET", "rclone create", "rclone update", "consul put"), _NAMED),
    **dict.fromkeys(("etcdctl put", "nmcli connect", "nmcli add", "nmcli modify"), _NAMED),
    **{f"htpasswd -{flags}": Words(1 if "n" in flags else 2) for flags in _FLAGS},
    "htpasswd -n -b": Words(1),
    "mosquitto_passwd -b": Words(2),
    "smbclient": Words(1, valued=frozenset(_all("-U -W -I -L -c -p -s -n -D -t -m -O -d -A"))),
    "openssl passwd": Words(valued=frozenset(("-salt", "-in", "-rand", "-writerand"))),
    "wpa_passphrase": Words(1),
    "pulumi config set --secret": Words(1),
    "cscli console enroll": Words(valued=frozenset(_all("--name -n --tags -t --enable -e --disable -d"))),
    "bw login": Words(1),
    "net use": Words(0, re.compile(r"\\\\|\w:?$|\*$|/")),
    "net user": Words(1, re.compile("/")),
    "steamcmd +login": Words(1, ends=re.compile(r"\+[a-z_]+$")),
}
"""The same of commands that take it as a word. What stands behind the first dot of a name is no part of it:
`http-basic.example.org`."""

LEADING = frozenset(
    " ".join(words[:end]) for words in (name.split() for name in (*OPTIONS, *WORDS)) for end in range(1, len(words))
)
"""The words that may become one of those above."""
NAMING = frozenset(("--name", "--hostname", "--network", "--host", "-h", "--link"))
"""Options whose value is a name, which may be that of a command."""
