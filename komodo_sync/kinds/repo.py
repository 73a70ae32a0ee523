"""Repos: git checkouts on a server, perhaps built on a builder."""

from __future__ import annotations

from typing import Annotated

from komodo_sync.kinds.parts import CommandField, WebhookEnabled, WebhookSecret
from komodo_sync.kinds.spec import NameRule, resource_kind
from komodo_sync.kinds.struct import DEPLOYS, Alias, Doc, EnvText, Flag, Ref, Struct, Text, TextList


class RepoConfig(Struct):
    """Every field of a repo's config in Core 2.3.2."""

    server_id: Annotated[Text, Ref("server"), Alias("server"), DEPLOYS, Doc("The server to clone to.")] = ""
    builder_id: Annotated[Text, Ref("builder"), Alias("builder")] = ""
    git_provider: Annotated[Text, DEPLOYS] = "github.com"
    git_https: Flag = True
    git_account: Text = ""
    repo: Annotated[Text, DEPLOYS, Doc("owner/repository.")] = ""
    branch: Annotated[Text, DEPLOYS] = "main"
    commit: Annotated[Text, DEPLOYS] = ""
    path: Annotated[Text, DEPLOYS, Doc("Where to clone to; empty is Komodo's own folder.")] = ""
    webhook_enabled: WebhookEnabled = True
    webhook_secret: WebhookSecret = ""
    on_clone: Annotated[CommandField, DEPLOYS, Doc("Runs after a clone.")] = ...
    on_pull: Annotated[CommandField, DEPLOYS, Doc("Runs after a pull, and after a clone.")] = ...
    links: TextList = ()
    environment: Annotated[EnvText, DEPLOYS] = ""
    env_file_path: Annotated[Text, DEPLOYS] = ".env"
    skip_secret_interp: Annotated[Flag, DEPLOYS] = False


REPO = resource_kind(
    "repo",
    "repos",
    "Repo",
    RepoConfig,
    order=50,
    names=NameRule.PATH,
    deploys="PullRepo",
    stops="the checkout on the server is removed",
    held_by_referers=True,
)
