"""Accounts of git providers and image registries. Tokens are answered in clear, to admins."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from komodo_sync.model.data import Data
from komodo_sync.simulator import updates
from komodo_sync.simulator.failures import MalformedError, RefusalError
from komodo_sync.simulator.identity import id_error, looks_like_id, new_id
from komodo_sync.simulator.permissions import require_admin
from komodo_sync.simulator.storage import TakenError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from komodo_sync.simulator.requests import Call, Handler

Account = dict[str, Any]
_GIT = {"domain": "github.com", "https": True, "username": "", "token": ""}
_REGISTRY = {"domain": "docker.io", "username": "", "token": ""}


class _Accounts(Data, frozen=True):
    """One of the two kinds, and how Core speaks of it: `words` in general, `of_update` where an update is refused,
    `in_records` in the texts of its records, `of_delete` in those of deletes."""

    kind: str
    words: str
    of_create: str
    of_update: str
    in_records: str
    of_delete: str
    operation: str
    empty: Account

    def given(self, call: Call) -> Account:
        sent = call.params["account"]
        for name, value in sent.items():
            if name in self.empty and value is not None and not isinstance(value, type(self.empty[name])):
                raise MalformedError(f"invalid type in field `{name}`")
        return {name: sent[name] for name in self.empty if sent.get(name) is not None}

    def find(self, call: Call, context: str, words: str = "id is not ObjectId") -> Account | None:
        if not looks_like_id(call.params["id"]):
            raise RefusalError(context, words, id_error(call.params["id"]))
        found: Account | None = call.storage.get(self.kind, call.params["id"].lower())
        return found

    def done(self, call: Call, verb: str, operation: str, account: Account) -> Account:
        deletes = verb == "Delete"
        words = self.of_delete if deletes else self.in_records
        text = f"{verb}d {words} account for {account['domain']} with username {account['username']}"
        stage = updates.log(call.state, f"{verb} {self.of_delete if deletes else self.words} account", text)
        updates.record(call, operation, updates.SYSTEM, [stage])
        return account

    def save(self, call: Call, account: Account, context: str) -> None:
        try:
            call.storage.put(self.kind, account["_id"]["$oid"], _key(account), account)
        except TakenError:
            raise RefusalError(context, "E11000 duplicate key error: domain, username") from None

    def get(self, call: Call) -> Account:
        require_admin(call, f"Only admins can read {self.words} accounts", 500)
        found = self.find(call, f"failed to query db for {self.words} accounts")
        if found is None:
            raise RefusalError(f"did not find {self.words} account with the given id")
        return found

    def listed(self, call: Call) -> list[Account]:
        require_admin(call, f"Only admins can read {self.words} accounts", 500)
        wanted = {name: call.params[name] for name in ("domain", "username") if call.params[name] is not None}
        return [one for one in call.storage.all(self.kind) if all(one[name] == value for name, value in wanted.items())]

    def create(self, call: Call) -> Account:
        given = self.given(call)
        require_admin(call, f"Only admins can create {self.of_create} accounts", 403)
        account = {"_id": {"$oid": new_id()}, **self.empty, **given}
        for name in ("domain", "username"):
            if not account[name]:
                raise RefusalError(f"{name.capitalize()} cannot be empty string.", status=400)
        self.save(call, account, f"Failed to create {self.of_create} account on db")
        return self.done(call, "Create", f"Create{self.operation}", account)

    def update(self, call: Call) -> Account:
        given = self.given(call)
        require_admin(call, f"Only admins can update {self.words} accounts", 403)
        for name in ("domain", "username"):
            if given.get(name) == "":
                raise RefusalError(f"Cannot update {self.of_update} with empty {name}", status=400)
        context = f"Failed to update {self.of_create} account on db"
        found = self.find(call, context, "id is not valid ObjectId")
        if found is None:
            raise RefusalError("No account found with given id")
        account = found | given
        self.save(call, account, context)
        return self.done(call, "Update", f"Update{self.operation}", account)

    def delete(self, call: Call) -> Account:
        require_admin(call, f"Only admins can delete {self.words} accounts", 403)
        found = self.find(call, "Failed to query db for git accounts")
        if found is None:
            raise RefusalError("No account found with given id", status=400)
        call.storage.remove(self.kind, found["_id"]["$oid"])
        # the record of a delete is called an update
        return self.done(call, "Delete", f"Update{self.operation}", found)

    def handlers(self) -> dict[str, Handler]:
        return {
            f"Get{self.kind}": self.get,
            f"List{self.kind}s": self.listed,
            f"Create{self.kind}": self.create,
            f"Update{self.kind}": self.update,
            f"Delete{self.kind}": self.delete,
        }


def _key(account: Account) -> str:
    """Unique, and sorts by domain, then username."""
    return f"{account['domain']}\0{account['username']}"


HANDLERS: Mapping[str, Handler] = {
    **_Accounts(
        "GitProviderAccount",
        "git provider",
        of_create="git provider",
        of_update="git provider",
        in_records="git provider",
        of_delete="git provider",
        operation="GitProviderAccount",
        empty=_GIT,
    ).handlers(),
    **_Accounts(
        "ImageRegistryAccount",
        "docker registry",
        of_create="docker registry account",
        of_update="docker registry account",
        in_records="docker registry account",
        of_delete="registry",
        operation="DockerRegistryAccount",
        empty=_REGISTRY,
    ).handlers(),
}
