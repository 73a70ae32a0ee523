"""What leads to a value in a line, and the value: `key: value`, `--key value`, `<key>value</key>`; and what is one
whatever leads to it."""

from __future__ import annotations

import re

from komodo_sync.masking.shell import INSIDE, OPTION, QUOTED, RUN, SIGNED
from komodo_sync.masking.takers import GROUP

# every pattern starts where a word starts, so that a line of megabytes costs no more than its length
KEY = r"(?P<key>[A-Za-z_][\w.-]*)"
IS = r"(?:(?<!\s)=|=(?!==?\s|>[\s({]))"
"""What gives a name its value: no comparison and no arrow, which have blanks around them."""
_NO_CODE = r"(?![\[{(]+(?:[\s\"'`]|$)|(?:Deno\.env\.get|atob)\(|process\.env\b|(?<=\s)(?:async|await)\s)"
_NO_TYPE = r"(?!(?:string|number|unknown|any)(?:\[\])?[ \t]*(?:\|[ \w\[\]|]*)?=(?:[ \t]|$))"
"""What a TypeScript has between a name and its value (`komodo_sync.masking.typescript.regions` hides that)."""
_REFERENCE = r"\$\{[^{}]*\}|\[\[[^\[\]\s]+\]\]"
_GOES_ON = r"(?![);,]*(?:[\s\"']|$)|[\w.-]+[\"']?:(?:\s|$)|[{\[]+[\"'\s])"
"""Behind a sign that may end a value: it does not, what follows is part of it, and no next key or item."""
_WORD = rf"(?:{_REFERENCE}|{INSIDE}|[^\s\"',\]]|[,\]]++(?![)}}]*(?:[\s\"']|$)))++"
_ASSIGNED = rf"(?:{INSIDE}|[^\s\"'&;]|[&;](?![\s\"'&;]|[\w.-]+=|$))++"
_ENTRY = rf"(?:{_REFERENCE}|{INSIDE}|[^,}}\]\"']|[,}}\]]++{_GOES_ON})++"
"""The value of an option, of `NAME=value` and of `key: value` where it is in no quotes. A sign ends it only where what
follows can be no part of it."""
_OPTIONS = (
    r"(?:addr|user|username|dom|domain|workgroup|vers|sec|uid|gid|forceuid|forcegid|file_mode|dir_mode|r[ow]|iocharset"
    r"|no(?:unix|serverino|perm|brl|suid|exec|dev|atime|fail|lock|auto|strictsync|sharesock|handlecache)|serverino|cache"
    r"|soft|hard|mfsymlinks|seal|port|ip|guest|actimeo|echo_interval|[rw]size|multiuser|cruid|defaults|auto|_netdev"
    r"|nobootwait|x-[\w.-]+|credentials|prefixpath|mapposix|max_credits|timeo|retrans"
    r"|ssl|sslHost|abortConnect|allowAdmin|defaultDatabase|connectTimeout|connectRetry|syncTimeout|keepAlive)"
)
"""What stands beside a password among the options of a mount, and of the connection to a redis as .NET writes it."""
_BESIDE = rf",{_OPTIONS}(?:=[^,\s\"'\\]*)?(?=[,\s\"'\\]|$)"
_AMONG = (
    r"(?:(?<=[,\"']pass=)|(?<=[,\"']password=)|(?<=[,\"']password2=))"
    rf"(?:{_REFERENCE}|[^\s\"'\\])+?(?={_BESIDE})"
)
"""The password among such: it has no comma in it."""

_QUOTES = {r"(?<!\\)\"": r"(?:[^\"\\]|\\.)+", "'": "[^']+", r"\\\"": r"[^\"\\]+"}

_VARIABLE = rf"\\*\${{1,2}}\{{?{KEY}\}}?"
"""One of nginx's, also where compose or a shell reads it first."""
_WHOLE = r"[\"']?\^[^()|\[\]\s\"'^$]++\$[\"']?"
"""A pattern that one text alone matches."""
_APART = r"[ \t\"',\\]+"

_IN_QUOTES = r"\"(?:[^\s\"\\]|\\.){2,}+\"|'[^\s']{2,}'"
_MADE_UP = (
    r"(?=[\"'](?:[\w+/-]{6,}=|[^\s\"']{8})[^\s\"']*[\"'])"
    r"(?=[\"'](?:[\w+/-]+=+[\"']|(?=\S*[A-Za-z])(?=\S*\d)(?=\S*[!#$%^&*?+=~])"
    r"|(?=\S*[a-z])(?=\S*[A-Z])(?=\S*[\d!#$%^&*?+=~])))"
)
"""How a word in quotes looks that is no word of anybody's: what ends as base64 does, or has letters of both
sizes with a digit or a sign, or a digit with a sign."""

_SCHEMES = r"(?i:(?:tcp|udp|ssl|openssl|localhost)[46]?|d?tls|stuns?|turns?|sips?|mymaster)"
"""What a host and its port follow, behind a colon alone; the last is what Sentinel calls what it watches."""
_NEXT_HOST = r"\d{1,5}[,;|](?:\d{1,5}@)?(?:[a-z\d][a-z\d._-]*:|[$\[])"
"""The port of a host, and the next one of a list of hosts."""
_SERVED = (
    "1433|1521|1883|2181|2379|3100|3306|3478|4222|4317|4318|5044|5349|5432|5601|5671|5672|6379|6432|6443|7687|8086|8123"
    "|8200|8300|8333|8500|8883|9000|9042|9090|9092|9093|9200|9300|11211|19302|26379|27017|51820"
)
"""Ports by which a service is known, and that are no user's number."""
_HOST = (
    r"[a-z\d](?:[a-z\d-]*[a-z\d])?(?:"
    r"(?:\.[a-z\d](?:[a-z\d-]*[a-z\d])?)*\.(?:[a-z]{2}|com|net|org|edu|gov|info|dev|app|cloud|xyz|online|site|tech"
    r"|systems|network|host|lan|local|localdomain|internal|intranet|home|corp|private|arpa|svc|test|example|invalid)"
    rf":\d{{2,5}}|(?<=[a-z])(?:-?\d{{1,3}})?:(?:{_SERVED}))(?!\w|:(?!\d{{1,2}}(?:[:,\s\"']|$)))"
)
"""A host with its port: one of several parts that ends as domains do, or a word with the port of a service."""

SIDES = (
    *(
        (
            re.compile(
                rf"(?:(?<![\w-])(?:-e|--env|--build-arg)(?:[ \t]+|=|{quote},[ \t]*)(?={quote})"
                rf"|(?<![:=])(?<![:=][ \t])(?={quote}--)){quote}(?:--)?{KEY}="
            ),
            re.compile(inside),
        )
        for quote, inside in _QUOTES.items()
    ),
    (
        re.compile(r"\$\{(?:[a-z]{1,9}:)?(?P<key>[A-Za-z_]\w*):?[-=]"),
        re.compile(r"(?:\$\{[^{}]*\}|[^{}])+"),
    ),
    (re.compile(rf"<{KEY}(?:[ \t][^<>]*)?>"), re.compile(r"[^<]+")),
    (
        re.compile(r"\b(?:key|name)\s*=\s*[\"'](?P<key>[^\"']+)[\"']\s+value\s*=\s*(?=[\"'])"),
        re.compile(QUOTED),
    ),
    (re.compile(rf"^[ \t]*{KEY}[ \t]+(?=[\"'])"), re.compile(rf"(?:{_IN_QUOTES})(?=[;,]?[ \t]*(?:(?:\#|//).*)?$)")),
    (re.compile(rf"(?<![\w.$-]){KEY}[ \t]+(?=[\"'])"), re.compile(rf"{_MADE_UP}(?:{_IN_QUOTES})")),
    (
        re.compile(r"^[ \t]*(?P<key>[A-Za-z][\w-]*)[ \t]+(?=\S+[ \t]*$)"),
        re.compile(r"(?![\"'][^\s\"']*[\"'][;,]?$)[^\s=:<]{4,}=*;?$"),
    ),
    (
        re.compile(rf"^[ \t]*(?P<key>(?:require)?pass(?:word|phrase|wd)?|masterauth)[ \t]+(?=(?:\S+|{QUOTED})[ \t]*$)"),
        re.compile(rf"{QUOTED}|(?![=:<])\S{{4,}}(?<!:)$"),
    ),
    (
        re.compile(r"\b(?:login|user)[ \t]+\S+[ \t]+(?P<key>(?:insecure-)?password)[ \t]+(?![=:])"),
        re.compile(rf"{QUOTED}|[^\s\"']+"),
    ),
    (
        re.compile(rf"[\w$]\([ \t]*(?P<quote>\\*[\"']){KEY}(?P=quote)[ \t]*,[ \t]*(?=\\*[\"'])"),
        re.compile(QUOTED),
    ),
    (
        re.compile(
            rf"\bconfig:(?:system|app):set{_APART}(?:[\w-]+{_APART}){{0,4}}?{KEY}(?:{_APART}--[\w=-]+){{0,3}}?"
            rf"{_APART}--value(?:=|{_APART})"
        ),
        re.compile(rf"{QUOTED}|{_WORD}"),
    ),
    (re.compile(rf"(?<=[{{,(\s]){KEY}:(?=\\*[\"'][^\s;&|),\]}}\"'])"), re.compile(QUOTED)),
    (re.compile(rf"\bset[ \t]+{_VARIABLE}[ \t]+"), re.compile(rf"{QUOTED}|[^\s;\"']+")),
    (
        re.compile(
            rf"(?:\bif[ \t]*\(|(?<!\S)\[{{1,2}}(?=[ \t]))[ \t]*\\*[\"']?{_VARIABLE}\\*[\"']?[ \t]+"
            rf"(?:!=|!?~\*?(?=[ \t]+{_WHOLE}[ \t]*\)))[ \t]+"
        ),
        re.compile(rf"(?![\"']?\$)(?:{QUOTED}|[^\s\"'(){{]+)"),
    ),
    (
        re.compile(
            rf"(?<![\w.-])(?<!\btypeof )(?:-{{0,2}}|\.){KEY}\\*[\"']?\]?\s*(?:[|+]?{IS}|(?:===?|=>)(?=\s+[\"']))\s*"
        ),
        re.compile(rf"{_NO_CODE}(?:{QUOTED}|{RUN}|{_AMONG}|[\"']?{_ASSIGNED})"),
    ),
    (
        re.compile(rf"(?<![\w.-]){KEY}(?:\\*[\"']\s*:\s*|\s*:\s+)"),
        re.compile(rf"{_NO_TYPE}(?:{QUOTED}|[\"']?{_ENTRY})"),
    ),
    (
        re.compile(
            rf"(?<![\w-])(?<!config set )--?{OPTION}"
            r"(?:[ \t]+|(?:\\*[\"'])?[ \t]*,[ \t]*|\\*[\"'][ \t]*)\\*[\"']?"
        ),
        re.compile(
            rf"{RUN}|(?<=[\s,]\")(?=[^\s\]}},)])(?:[^\"\\]|\\.)+(?=\")"
            r"|(?:(?<=[\s,]\\\")|(?<=\\\\\"))(?=[^\s\]},)])[^\"]+?(?=\\*\")"
            r"|(?<=[\s,]')(?=[^\s\]},)])[^']+(?=')"
            rf"|(?!--[A-Za-z]|-[A-Za-z](?:\s|$)|[<|&;>]){_WORD}"  # an option is no value of another one
        ),
    ),
    (
        re.compile(
            r"(?<![\w-])(?P<key>htpasswd)[ \t]+(?:[^\s-]\S*[ \t]+)?(?=(?:-\w+[ \t]+)*-\w*b)"
            r"(?:(?=(?:-\w+[ \t]+)*-\w*n)(?:-\w+[ \t]+)+\S+[ \t]+|(?:-\w+[ \t]+)+\S+[ \t]+\S+[ \t]+)"
        ),
        re.compile(r"[^\s;&|()`]+"),
    ),
    (
        re.compile(
            rf"\b(?:proxy_set_header|add_header|RequestHeader[ \t]+(?:set|add)|fastcgi_param|header_up|header_down"
            rf"|request_header)"
            rf"[ \t]+{KEY}[ \t]+"
        ),
        re.compile(rf"(?![\"']?[$\{{])(?:{QUOTED}|[^\s;\"']+)"),
    ),
    (re.compile(rf"(?<![\w.-])(?:ENV|(?i:SetEnv))[ \t]+{KEY}[ \t]+(?![=:])"), re.compile(r".+")),
)
"""A word in quotes such as `"--key=value"`, the default of `${KEY:-value}`, `<key>value</key>`,
`key="KEY" value="value"`, `key "value"`, a line of `key value` alone, `login ... password value` of netrc and haproxy,
`f("KEY", "value")`, `occ config:system:set KEY --value=value`, nginx's `set $KEY value`, `if ($KEY != value)` and
`proxy_set_header KEY value`, a shell's `[ $KEY != value ]`, `KEY=value`, `key: value`, `--key value`,
`htpasswd -b FILE USER value`, a Dockerfile's `ENV KEY value` and apache's
`SetEnv KEY value` in a line: what leads to the value, and the value."""
BY_FORM = (
    re.compile(r"^(?P<head>[ \t]*\"[\w.@-]+\"[ \t]+\")(?P<value>[^\"\\]+)(?=\"[ \t]*$)"),
    re.compile(r"(?<![\w-])(?P<head>-u\\*[\"']?,?[ \t]*\\*[\"'][\w.-]+;)(?P<value>;*[^\s\"';\\]+)"),
    re.compile(
        rf"(?<![\w/@.:${{-])(?<!-[LR])(?<!-[LR] )(?!{_SCHEMES}:)"
        rf"(?P<head>[A-Za-z_][\w.-]*:)(?P<value>(?!\d[\d.]*:|{_NEXT_HOST}|{_HOST})(?![/.$\[])[^\s:\"'\\]+)"
        r"(?=:\d{3,5}(?::\d{1,5})?(?::[\w,./-]+)?(?:[\s\"'\],\\]|$))"
    ),
    re.compile(
        r"\b(?P<head>(?:Bearer|bearer|Basic|Token)\s+)(?P<value>(?=[^\s\"'`]*[0-9A-Z=])[\w.~+/=-][^\s\"'`]{4,}[^\s\"'`,;)\]}\\])"
    ),
    re.compile(
        r"(?<![\w/@.:-])(?P<head>(?!(?:mailto|acct|sips?):|(?:sftp|ssh|rsync):[\w.-]{1,64}@)[A-Za-z][\w.+-]*:)(?P<value>[^\s:@/\"'][^\s/\"']{0,200})(?=@(?:(?!sha\d+:)[A-Za-z]|\(\S))"
    ),
    re.compile(
        r"(?<![\w-])(?P<head>-pass(?:in|out)?[ \t]+pass:)"
        rf"(?P<value>{QUOTED}|[^\s\"';&|@]+)"
    ),
    re.compile(
        r"(?<![\w-])(?P<head>(?:PASSWORD|IDENTIFIED[ \t]+(?:WITH[ \t]+\S+[ \t]+)?BY)"
        r"(?:[ \t]+(?:PASSWORD[ \t]+)?|[ \t]*\([ \t]*))"
        r"(?P<value>'(?=[^\s;,|)&])[^'\n]+'|(?P<quote>\\*\")(?=[^\s;,|)&])[^\"\\\n]+(?P=quote)"
        rf"|(?<=[\s(]){SIGNED})",
        re.IGNORECASE,
    ),
    re.compile(
        rf"(?P<head>(?<=[\s\"';])s(?P<sign>[/|#,@!~%+:^])[^\w\s]{{0,4}}{KEY}[^\w\s]{{0,4}}?(?P=sign))"
        r"(?P<value>(?:(?!(?P=sign))[^\\\n]|\\.)+)(?=(?P=sign))"
    ),
    re.compile(
        r"(?P<head>\bpulumi[ \t]+config[ \t]+set[ \t]+(?:--?(?!secret)\S+[ \t]+){0,4}[^\s-]\S*[ \t]+)"
        rf"(?P<value>{QUOTED}|[^\s\"'-][^\s\"']*)(?=[^;&|\n]{{0,200}}[ \t]--secret\b)"
    ),
    re.compile(rf"(?P<head>\.auth\([ \t]*(?:{QUOTED})[ \t]*,[ \t]*)(?P<value>{QUOTED})"),
    re.compile(r"(?P<head>\bstats[ \t]+auth[ \t]+[^\s:]+:)(?P<value>[^\s\"']+)"),
    re.compile(
        r"(?P<head>\b(?:user|setuser)[ \t]+\S+[ \t]+(?:[^\s>]\S*[ \t]+){0,8}?on[ \t]+(?:[^\s>]\S*[ \t]+){0,8}?>)"
        r"(?P<value>[^\s\"']+)",
        re.IGNORECASE,
    ),
    re.compile(
        r"(?P<head>(?<![\w:/.*-])[\w.*-]{1,200}:(?:\d{4,5}|\*):[\w*-]{1,100}:[A-Za-z][\w-]{0,100}:)(?P<value>[^\s\"']+)"
    ),
    re.compile(
        r"(?P<head>\b(?:acme_)?dns[\"']?:?[ \t]+[\"']?(?:cloudflare|desec|digitalocean|dnsimple|duckdns|gandi|godaddy"
        r"|hetzner|ionos|linode|namecheap|netcup|njalla|porkbun|vultr)[ \t]+)(?P<value>[^\s\"'{};#]+)"
    ),
    re.compile(
        r"(?P<head>(?<![\w.-])USER\d*\\*[\"']?(?:=|:[ \t]+)\\*[\"']?[\w.-]+;)"
        rf"(?P<value>(?!\s)(?:{INSIDE}|[^\s;\"'\\]|[ \t](?=[^\"';\n]{{1,99}}[\"';]))+)"
    ),
    re.compile(
        r"(?P<head>^[ \t]*user=(?P<user>[A-Za-z_][\w.@-]*):)"
        rf"(?!(?:(?P=user)|{GROUP})[ \t]*$)(?P<value>(?!/)\S+)(?=[ \t]*$)"
    ),
    re.compile(
        r"(?P<head>(?<![\w.-])(?:[A-Z][A-Z\d]*_)*(?:ADMIN|LOGIN)\\*[\"']?(?:=|:[ \t]+)\\*[\"']?"
        r"(?P<user>[A-Za-z_][\w.@-]*):)"
        rf"(?!(?:(?P=user)|{GROUP}|latest|v?\d+(?:\.\d+)*)(?:[\s\"'\\,\]]|$))(?P<value>(?!/)[^\s\"'\\]+)"
    ),
    re.compile(
        r"(?P<head>(?<![\w.])-{0,2}encrypt(?:\\*[\"'][ \t]*[:,]|[ \t]*=|:)?[ \t]*\\*[\"']?(?<!encrypt))"
        r"(?P<value>(?:[\w+/-]{22}==|[\w+/-]{32}|[\w+/-]{43}=)(?![\w+/=-]))"
    ),
    re.compile(
        r"(?P<head>\[[\w-]+(?:\.[\w-]+)+\](?::[\w-]{1,20})?[ \t]+[^\s:\"']+:)"
        r"(?P<value>(?!//)[^\s\"'\\]+)"
    ),
    re.compile(
        r"(?P<head>\bMONITOR[ \t]+\S+[ \t]+\d+[ \t]+\S+[ \t]+)"
        r"(?P<value>\S+)(?=[ \t]+(?:primary|secondary|master|slave)\b)"
    ),
    re.compile(
        r"(?P<head>^[ \t]*(?:[^\s\"']+|\"[^\s\"]+\")[ \t]+\"?(?:x?l2tpd|pptpd|pppd|sstpd?)\"?[ \t]+)"
        rf"(?P<value>{QUOTED}|[^\s\"']+)(?=[ \t]+[*\d])"
    ),
    re.compile(rf"(?P<head>^[ \t]*\"[^\s\"]+\"[ \t]+\*[ \t]+)(?P<value>{QUOTED})(?=[ \t]+[*\d])"),
    re.compile(rf"(?P<head>^[ \t]*community[ \t]*=[ \t]*)(?P<value>{QUOTED})"),
    re.compile(
        r"(?P<head>\bBUNDLE_[A-Z\d]+(?:_{1,3}[A-Z\d]+)*__[A-Z\d]+\\*[\"']?(?:=|:[ \t]+)\\*[\"']?[\w.@-]+:)"
        r"(?P<value>(?!//)[^\s\"'\\]+)"
    ),
    re.compile(
        r"(?P<head>\b(?:pg|postgres(?:ql)?|mysql2?|mariadb|mssql)://[^\s\"'?]+\?(?:[^\s\"'&]+&)*p=)(?P<value>[^\s\"'&\\]+)"
    ),
    re.compile(r"(?P<head>\brpcauth\\*[\"']?[ \t]*[=:,][ \t]*\\*[\"']?[\w.-]+:)(?P<value>[^\s\"'\\,]+)"),
)
"""`Bearer value`; `user:password@host` without a scheme (what a digest follows is a tag); openssl's `-passin
pass:value`; samba's `-u "user;value"`; sftp's `user:value:uid`; SQL's `PASSWORD 'value'`;
what sed puts in the place of a name; `pulumi config set name value --secret`; mongo's `db.auth('user', 'value')`;
haproxy's `stats auth user:value`; redis' `user name on >value`; a line of a `.pgpass`; caddy's
`dns cloudflare value`; a samba's `USER=name;value`; a turnserver's `user=name:value`; `DEFAULT_ADMIN=name:value`; the
key of a consul's gossip; a line of postfix' `sasl_passwd`; NUT's `MONITOR ups 1 name value primary`; a line of pppd's
`chap-secrets`; telegraf's `community = "value"`; a bundler's `BUNDLE_GEMS__EXAMPLE__ORG=name:value`; a bitcoin's
`rpcauth=name:value`; the address of a NocoDB's database, `pg://host?u=name&p=value`."""
_ACCOUNTS = re.compile(rf"(?<![\w.-])USERS?\d*\\*[\"']?(?:=|:[ \t]+)\\*[\"']?[\w.@-]+\|(?=\S)(?:{INSIDE}|[^\"'\\])+")
_ACCOUNT = re.compile(rf"(?P<head>(?<![^\s=\"'])[\w.@-]+\|)(?P<value>(?:{INSIDE}|[^\s|\"'\\])+)")
_PAIR = r"[A-Za-z_]\w*:(?:\$\{[^{}]*\}|[^\s,\"'\\{}\[\]])"
_PAIRS = re.compile(rf"(?:(?<=[=\"'])|(?<=:[ \t]))(?:{_PAIR}*+,)++{_PAIR}++")
_NAMED_PAIR = re.compile(r"(?P<head>(?<![^,])(?P<key>[A-Za-z_]\w*):)(?P<value>(?!\d{2,5}(?:,|$))[^,]+)")
_CREATED = re.compile(r"\bcreate[ \t]+secret[ \t]+[^;&|\n]{1,4000}")
_LITERAL = re.compile(rf"(?P<head>--from-literal(?:=|[ \t]+)\\*[\"']?[\w.-]+=)(?P<value>{QUOTED}|[^\s\"'\\]+)")
_PI_HOLES = re.compile(r"\b(?:PRIMARY|REPLICAS)\\*[\"']?(?:=|:[ \t]+)\\*[\"']?https?://[^\s\"'\\]+")
_PI_HOLE = re.compile(r"(?P<head>https?://[^\s|,]+\|)(?P<value>[^\s,\"'\\]+)")
_REDISES = re.compile(r"\bREDIS_HOSTS\\*[\"']?(?:=|:[ \t]+)\\*[\"']?[^\s\"'\\]+")
_REDIS = re.compile(r"(?P<head>(?<![\w.:-])[\w.-]+:[\w.-]+:\d{1,5}:\d{1,3}:)(?P<value>[^\s,\"'\\]+)")
_LOGINS = re.compile(r"LoginModule[ \t]+(?:required|requisite|sufficient|optional)\b[^\n]*")
_JAAS_USER = re.compile(r"(?P<head>\buser_[\w.-]+=\\*[\"']?)(?P<value>[^\s\"'\\;]+)")
IN_LISTS = (
    (_ACCOUNTS, _ACCOUNT),
    (_PAIRS, _NAMED_PAIR),
    (_CREATED, _LITERAL),
    (_PI_HOLES, _PI_HOLE),
    (_REDISES, _REDIS),
    (_LOGINS, _JAAS_USER),
)
"""Each of the users that an FTP server is given: `USERS=name|value|/home/name other|value`; of the pairs that a Drone
is given, each whose name promises a secret, unless it is a host with its port: `username:name,token:value`; of a
secret that kubectl creates: `--from-literal=name=value`; of what nebula-sync keeps alike: `PRIMARY=http://host|value`;
of what redis-commander shows: `REDIS_HOSTS=name:host:port:0:value`; of a kafka's `LoginModule`: `user_name="value"`."""
NAMED = re.compile(
    r"[\"']?(?:type=\w+,)?id=[\w.-]+(?:,(?:env|src|source|target|dst|type|required|mode|uid|gid)=[\w./~$-]+)*[\"']?$"
)
"""A secret of a build, as docker is told where it comes from."""
