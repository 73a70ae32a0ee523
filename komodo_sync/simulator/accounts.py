"""Accounts of git providers and image registries. Tokens are answered in clear, to admins."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from komodo_sync.simulator import updates
from komodo_sync.simulator.failures import MalformedError, RefusalError
from komodo_sync.simulator.identity import looks_like_id, new_id
from komodo_sync.simulator.permissions import require_admin

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from komodo_sync.simulator.requests import Call, Handler

Account = dict[str, Any]
_GIT = {"domain": "github.com", "https": True, "username": "", "token": ""}
_REGISTRY = {"domain": "docker.io", "username": "", "token": ""}


def _handlers(kind: str, words: str, operation: str, empty: Account) -> Iterator[tuple[str, Handler]]:
    """`operation` is what the Update records call it, which is older than the API's name."""

    def read(call: Call) -> Account:
        sent = call.params["account"]
        for name, value in sent.items():
            if name in empty and value is not None and not isinstance(value, type(empty[name])):
                raise MalformedError(f"invalid type in field `{name}`")
        return {name: sent[name] for name in empty if sent.get(name) is not None}

    def find(call: Call) -> Account:
        key = call.params["id"]
        if not looks_like_id(key):
            raise RefusalError("failed to query db", "id is not valid ObjectId")
        found: Account | None = call.storage.get(kind, key)
        if found is None:
            raise RefusalError(f"did not find {words} account with the given id")
        return found

    def check(account: Account) -> None:
        for name in ("domain", "username"):
            if not account[name]:
                raise RefusalError(f"cannot use account with empty {name}")

    def done(call: Call, verb: str, account: Account) -> Account:
        text = f"{account['domain']} {account['username']}"
        stage = updates.log(call.state, f"{verb} {words} account", text)
        updates.record(call, f"{verb}{operation}", updates.SYSTEM, [stage])
        return account

    def get(call: Call) -> Account:
        require_admin(call, f"Only admins can read {words} accounts", 500)
        return find(call)

    def listed(call: Call) -> list[Account]:
        require_admin(call, f"Only admins can read {words} accounts", 500)
        wanted = {name: call.params[name] for name in ("domain", "username") if call.params[name]}
        return [one for one in call.storage.all(kind) if all(one[name] == value for name, value in wanted.items())]

    def create(call: Call) -> Account:
        given = read(call)
        require_admin(call, f"Only admins can create {words} accounts", 403)
        account = {"_id": {"$oid": new_id()}, **empty, **given}
        check(account)
        call.storage.put(kind, account["_id"]["$oid"], _key(account), account)
        return done(call, "Create", account)

    def update(call: Call) -> Account:
        given = read(call)
        require_admin(call, f"Only admins can update {words} accounts", 403)
        account = find(call) | given
        check(account)
        call.storage.put(kind, account["_id"]["$oid"], _key(account), account)
        return done(call, "Update", account)

    def delete(call: Call) -> Account:
        require_admin(call, f"Only admins can delete {words} accounts", 403)
        account = find(call)
        call.storage.remove(kind, account["_id"]["$oid"])
        return done(call, "Delete", account)

    yield f"Get{kind}", get
    yield f"List{kind}s", listed
    yield f"Create{kind}", create
    yield f"Update{kind}", update
    yield f"Delete{kind}", delete


def _key(account: Account) -> str:
    """Sorts by domain, then username; accounts are not unique."""
    return f"{account['domain']}\0{account['username']}\0{account['_id']['$oid']}"


HANDLERS: Mapping[str, Handler] = {
    **dict(_handlers("GitProviderAccount", "git provider", "GitProviderAccount", _GIT)),
    **dict(_handlers("ImageRegistryAccount", "image registry", "DockerRegistryAccount", _REGISTRY)),
    "ListGitProvidersFromConfig": lambda _call: [],
    "ListImageRegistriesFromConfig": lambda _call: [],
    "ListSecrets": lambda _call: [],
}
