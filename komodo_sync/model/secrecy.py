"""Which names promise a secret, and which values only name where one comes from."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from komodo_sync.model.sealed import HIDDEN
from komodo_sync.model.words import is_address, is_weak, promise, secrets_among, words_of

_HARMLESS = frozenset((
    "is_secret", "skip_secret_interp", "webhook_enabled", "webhook_force_deploy", "auto_rotate_keys", "secrets",
    "WEBHOOK_BODY", "WEBHOOK_BRANCH",
))  # fmt: skip
_WAYS = re.compile(
    r"none|login|plain|cram[-_]?md5|x?oauth2?|oidc|saml|ldap|basic|digest|ntlm|jwt|trust|scram-sha-(?:1|256)"
    r"|htpasswd|forms?|headers?|peer|ident|cert|md5|pam|reject|sspi|gss|kerberos|gssapi|negotiate|anonymous|external|optional|required"
    r"|enabled|disabled|[01]|[\w-]{1,40}@(?:docker|file|swarm)"
    r"|(?:http-basic|bearer|github-oauth|gitlab-oauth|gitlab-token)\.[\w.-]{1,200}",
    re.IGNORECASE,
)
_SOME_WAYS = re.compile(rf"(?:{_WAYS.pattern})(?:(?: |, ?)(?:{_WAYS.pattern}))*", re.IGNORECASE)
_LICENSES = re.compile(
    r"MIT|ISC|Unlicense|accept|Apache-[12]\.[01]|[EM]PL-[12]\.[01]|BSD-[0-4]-Clause|(?:A|L)?GPL-[23]\.[01](?:-only|-or-later|\+)?"
)
_PATH = re.compile(
    r"/(?:app|certs?|config|data|etc|home|keys|letsencrypt|mnt|opt|root|run|secrets|srv|ssl|tmp|usr|var)(?:/[a-z0-9._-]+)+"
)
_KEY_FILE = re.compile(
    r"(?:\.{0,2}/)?(?:[\w.-]{1,100}/)*[A-Za-z][\w-]*(?:\.[\w-]+)*\.(?:key|pem|crt|cer|csr|p12|pfx|jks)"
)
_SWITCH = re.compile(r"true|false|yes|no|on|off|[01]", re.IGNORECASE)
_TIME = re.compile(r"(?:\d{1,5}(?:ms|min|sec|[smhdwy]|(?: (?:second|minute|hour|day|week|month|year)s?))){1,3}")
"""How long something lasts: `1h30m`, `14 days`."""
REFERENCE = r"\$\$?(?:\{[A-Za-z_]\w*\}|[A-Z_][A-Z0-9_]*+)|\[\[[\w-]++\]\]"
_AT = rf"(?:https?|wss?|tcp|udp|ldaps?|rediss?)://(?:[\w.-]|{REFERENCE})++(?::(?:\d{{1,5}}|{REFERENCE}))?"
_HOSTS = re.compile(rf"(?:(?:{_AT}/?|\d{{1,3}}(?:\.\d{{1,3}}){{3}}(?:/\d{{1,2}})?)(?:,? |,|$))+")
"""Where something is, with nothing that one has to know: `https://n8n.example.com/`, `10.0.0.0/24`."""
_SEGMENT = rf"(?:\.?[a-z]{{1,14}}(?:[._-][a-z]{{1,14}})*|oauth2|v\d(?:\.\d)?|{REFERENCE})"
_PLAIN_URL = re.compile(rf"{_AT}(?:/{_SEGMENT})*/?")
_CHOICE = re.compile(
    r"[01*]|all|any|none|optional|required|allow|deny|(?:allow|deny)-all|always|never|auto|strict|lax", re.IGNORECASE
)
"""What a setting of a login says, and no secret does."""
_USER = re.compile(r"[A-Za-z_][\w.@-]{0,63}")
_NAME = r"(?:[A-Z]?[a-z]{1,16}|[A-Z]{1,8})"
_PLAIN_USER = re.compile(rf"(?=.{{1,32}}$)(?!(?:\D*\d){{4}}){_NAME}\d{{0,3}}(?:[_.-]{_NAME}?\d{{0,3}})*")
"""A user of words and a number, as no token is."""
_NO_PASSWORDS = frozenset(("", "x", "x-oauth-basic", "api_token"))
"""What stands behind the colon of a URL where the user in front of it is the token."""
_HEADER = re.compile(r"(?i:x|http|remote)[-_][A-Za-z]+(?:[-_][A-Za-z]+)*|[A-Z][a-z]+(?:-[A-Z][a-z]+)+|Authorization")
_PORTS = r"\d{1,5}(?:-\d{1,5})?"
_MOUNTED = re.compile(rf"(?:/[\w.@-]*)+(?::[a-zA-Z,]{{1,32}})?|(?:{_PORTS}:)?{_PORTS}(?:/(?:tcp|udp|sctp))?")
_PUBLIC = re.compile(r"(?:ssh-(?:ed25519|rsa)|ecdsa-sha2-nistp\d{3}) AAAA[\w+/]+={0,2}(?: [\w.@-]+)?")
_FORMS = {
    "auth": _SOME_WAYS,
    "local": _WAYS,
    "license": _LICENSES,
    "licence": _LICENSES,
    "header": _HEADER,
    "user": _USER,
    "username": _USER,
}
"""How what is no secret looks, by the last word of a name that promises no more than a login."""
_NAMED = re.compile(r"(?P<kind>traefik\.(?:http|tcp|udp)\.[a-z]+)\.[^.]+(?=\.)", re.IGNORECASE)
"""What a label of Traefik's calls by a name that is anybody's: a router, a service, a middleware."""
_ACCOUNT = re.compile(r"ACCOUNT_(?!(?:id|name|type|email|url|number|role)$)[a-z][a-z\d_.-]*")
"""An account that a file server is given with its password: in small letters, as its user is called."""
_SETTINGS = frozenset((
    "rule", "entrypoints", "entrypoint", "port", "service", "middlewares", "priority", "tls", "certresolver", "scheme",
    "enable", "enabled",
))  # fmt: skip
"""As the last part of a dotted name they say what it is, whatever stands before: `caddy.auth.port`."""

BETWEEN = re.compile(r"([\s\"'<>]+|[,;|](?=[A-Za-z][\w+.-]{0,30}://))")
"""What stands between two words, of which one may be a URL."""
KNOWN = re.compile(
    r"(?P<head>hooks\.slack\.com/services/|discord(?:app)?\.com/api/webhooks/|webhook\.office\.com/webhookb2/"
    r"|api\.telegram\.org/(?:file/)?bot(?=\d)|[?&]sig=(?![$\[])"
    r"|hc-ping\.com/(?=[\w-]{16})|/ping/(?=[0-9a-f]{8}-[0-9a-f]{4}-)|/api/push/(?=[\w-])"
    r"|maker\.ifttt\.com/trigger/[^\s\"'/]+/(?:json/)?with/key/(?=\w)|hooks\.zapier\.com/hooks/catch/(?=\w)"
    r"|(?:betterstack|betteruptime)\.com/api/v1/heartbeat/(?=\w)|cronitor\.link/p/(?=\w)"
    r"|freedns\.afraid\.org/dynamic/update\.php\?(?=\w)"
    r"|\b(?:gotify|opsgenie|mattermost|mmosts?|rocketchat)s?://[^\s\"'/]{1,200}/(?![$\[])"
    r"|\b(?:tgram|pover|pbul|prowl|pushed|faast|ryver|tweet|twitter|msteams|sendgrid|pushy|simplepush|pushdeer|schan|spush"
    r"|psafers?|dingtalk|feishu|lark|wxteams|webex|workflows?|wecombot|guilded|gchat|flock|notica|onesignal|pagerduty"
    r"|pagertree|splunk|streamlabs|techulus|threema|voipms|signalwire|twilio|vonage|nexmo|clicksend|mailgun|brevo"
    r"|sparkpost|smtp2go|chantify|bulksms|httpsms|line|fcm|boxcar)://(?![$\[])"
    r"|\b(?:discord|telegram|slack|pushover|teams|ifttt|join|zulip|bark)://(?=[^\s\"'@/?$\[]{1,500}@))"
    r"(?:(?<=/bot)[^\s\"'`/]+|(?<=sig=)[^\s\"'&]+|(?:(?<=discord://)|(?<=telegram://)|(?<=slack://)|(?<=pushover://)"
    r"|(?<=teams://)|(?<=ifttt://)|(?<=join://)|(?<=zulip://)|(?<=bark://))[^\s\"'@/?]+|[^\s\"']+)"
    r"|(?:(?<=discord://)|(?<=slack://)|(?<=ifttt://)|(?<=join://))[^\s\"'@$\[]+/[^\s\"'@$\[]+(?=[\s\"']|$)"
    r"|\b(?:gh[pousr]_\w{20,}|github_pat_\w{20,}|glpat-[\w-]{15,}|dckr_pat_[\w-]{15,}|xox[abeprs]-[\w-]{10,}"
    r"|[sr]k_(?:live|test)_\w{10,}|whsec_[\w+/=]{10,}|hf_[A-Za-z0-9]{20,}|npm_[A-Za-z0-9]{20,}|AIzaSy[\w-]{20,}"
    r"|SG\.[\w-]{10,}\.[\w-]{10,}|do[opr]_v1_\w{20,}|hv[sbr]\.[\w-]{15,}|gl(?:sa|c)_[\w=+/-]{15,}"
    r"|AGE-SECRET-KEY-1[A-Z0-9]{20,}|\d{8,10}:AA[\w-]{33}(?![\w-])"
    r"|pypi-(?=[\w-]{0,60}[A-Z0-9])[\w-]{16,}|GOCSPX-[\w-]{10,}|ya29\.[\w-]{10,}"
    r"|lin_api_\w{10,}|sk-[\w-]{20,}|AKIA[A-Z0-9]{16}|tskey-[\w-]{10,}|\bmd5[0-9a-f]{32}\b"
    r"|[MNO][A-Za-z\d_-]{23,27}\.[\w-]{6}\.[\w-]{27,}|eyJhIjoi[\w+/-]{24,}=*|nsec1[02-9ac-hj-np-z]{50,}"
    r"|(?<=[?&]appid=)[0-9a-f]{32}\b|SCRAM-SHA-(?:1|256)\$[^\s\"',]+|eyJ[\w-]{8,}\.[\w-]+\.[\w-]*)"
    r"|\$\$?(?:2[abxy]|apr1|argon2[a-z]*|[1567y])\$(?:[^\s\"',]|,[a-z]=)+"
)
"""Tokens of well-known form: what leads to one is its `head`."""

_ONE = r"(?:\[\[[^\[\]\s]+\]\]|\$?\$\{[A-Za-z_]\w*(?::?[?][^{}]*|:?-)?\}|\$?\$[A-Z_][A-Z0-9_]*)"
_REFERENCES = re.compile(rf"(?P<quote>[\"']?){_ONE}(?:[:/@.,;|_-]?{_ONE})*(?P=quote)")


@lru_cache(4096)
def looks_secret(name: str) -> bool:
    """Whether a field, variable or environment key of this name is likely to hold a secret."""
    if name in _HARMLESS:
        return False
    if _ACCOUNT.fullmatch(name):
        return True
    if "." in name:
        name = _NAMED.sub(r"\g<kind>", name)
        if name.rpartition(".")[2].lower() in _SETTINGS:
            return False
    return promise(words_of(name))


def is_public(name: str, value: str) -> bool:
    """Whether a value is no secret although its name looks so: a file, a public key, an address without a login, a way
    to sign in, a license. All else may be one: a number is a PIN."""
    value = value.strip().strip("\"',;")
    if any(form.fullmatch(value) for form in (_SWITCH, _TIME, _PATH, _KEY_FILE, _PUBLIC, _HOSTS)):
        return True
    form = _form_of(words_of(name))
    return form is not None and form.fullmatch(value) is not None


def _form_of(words: list[str]) -> re.Pattern[str] | None:
    """How what is no secret looks behind a name of these words."""
    if not (secret := secrets_among(words)):
        return None  # it is another name that looks secret
    if words[-1] in _FORMS:
        return _FORMS[words[-1]] if is_weak(words) else None
    if is_address(words) and "webhook" not in secret:
        return _PLAIN_URL
    return _CHOICE if is_weak(words) else None


def is_plain_address(value: str) -> bool:
    """Whether a value is an address with nothing but plain words in its path: `https://id.example.com/api/token`."""
    return _PLAIN_URL.fullmatch(value) is not None


def is_mounted(value: str) -> bool:
    """Whether a value is a place in a container, where something is mounted or listens: `/config/keys:ro`, `53/udp`."""
    return _MOUNTED.fullmatch(value.strip()) is not None


def is_reference(value: str) -> bool:
    """Whether `value` only says where the real one comes from: `[[NAME]]`, `${NAME}`, `$NAME`, several of them, in
    quotes or not. `${NAME:-default}` is none: the default may be a secret."""
    return _REFERENCES.fullmatch(value) is not None


_AT_SIGN = re.compile("@")
_BEHIND = re.compile(r"[\w.-]+(?::\d{1,5})?(?:/(?:[^@?]|(?<=/)@)*)?(?:\?[\w.\[\]-]+=.*)?")
"""A host, and a path or a query in which an `@` belongs to no login: `/@scope/x`, `?to=bob@example.com`."""


class Login(NamedTuple):
    """Where in a text a login of a URL stands, and where in it begins what is `secret`."""

    start: int
    secret: int
    end: int


def login_in(word: str) -> Login | None:
    """The login of a URL in `word`. Of `user:password@` the user is told where it is plainly one, and `user@` alone
    where it is short: a token is long."""
    end = word.rfind("@")
    start = word.rfind("://", 0, max(end, 0)) + 3
    if start < 3:
        return None
    if end > (first := word.find("@", start)):  # the others may stand behind the host
        end = next(
            (found.start() for found in _AT_SIGN.finditer(word, first) if _BEHIND.fullmatch(word, found.end())), end
        )
    user, colon, password = word[start:end].partition(":")
    if "/" in user or (colon and re.match(r"\d{1,5}/", password)):
        return None  # an `@` in the path
    if is_reference(password) if colon else len(user) <= 15 or is_reference(user):
        return None
    tells_user = password not in _NO_PASSWORDS and _PLAIN_USER.fullmatch(user)
    return Login(start, start + len(user) + 1 if tells_user else start, end)


def without_login(word: str) -> str:
    """`word` without what is secret in the login of a URL in it."""
    login = login_in(word)
    return f"{word[: login.secret]}{HIDDEN}{word[login.end :]}" if login else word


def holds_secret(text: str) -> bool:
    """Whether there is a secret of a well-known form in a text, whatever it is called: a login in a URL, a token."""
    return KNOWN.search(text) is not None or (
        "://" in text and "@" in text and any(without_login(word) != word for word in BETWEEN.split(text))
    )
