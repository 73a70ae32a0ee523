"""Repos: git checkouts on a server, perhaps built on a builder."""

from __future__ import annotations

from typing import Annotated

from komodo_sync.kinds.folder import Checkout
from komodo_sync.kinds.lifecycle import Lifecycle
from komodo_sync.kinds.parts import CommandField, WebhookEnabled, WebhookSecret
from komodo_sync.kinds.spec import NameRule, resource_kind
from komodo_sync.kinds.struct import DEPLOYS, Alias, Consequence, Doc, EnvText, Flag, Ref, Struct, Text, TextList

LEAVES_CHECKOUT = Consequence("leaves", "the checkout on {before} stays there, unmanaged")


class RepoConfig(Struct):
    """Every field of a repo's config in Core 2.3.2."""

    server_id: Annotated[
        Text, Ref("server"), Alias("server"), DEPLOYS, LEAVES_CHECKOUT, Doc("The server to clone to.")
    ] = ""
    builder_id: Annotated[Text, Ref("builder"), Alias("builder"), Doc("The builder on which BuildRepo runs.")] = ""
    git_provider: Annotated[Text, DEPLOYS, Doc("The git host, without protocol.")] = "github.com"
    git_https: Annotated[Flag, Doc("Clone over https; off is http.")] = True
    git_account: Annotated[Text, Doc("The account of the git provider to clone with.")] = ""
    repo: Annotated[Text, DEPLOYS, Doc("owner/repository.")] = ""
    branch: Annotated[Text, DEPLOYS, Doc("The branch to check out.")] = "main"
    commit: Annotated[Text, DEPLOYS, Doc("A commit to stay at; empty follows the branch.")] = ""
    path: Annotated[Text, DEPLOYS, Doc("Where to clone to; empty is Komodo's own folder.")] = ""
    webhook_enabled: WebhookEnabled = True
    webhook_secret: WebhookSecret = ""
    on_clone: Annotated[CommandField, DEPLOYS, Doc("Runs after a clone.")] = ...
    on_pull: Annotated[CommandField, DEPLOYS, Doc("Runs after a pull, and after a clone.")] = ...
    links: Annotated[TextList, Doc("Links shown on its page.")] = ()
    environment: Annotated[
        EnvText,
        DEPLOYS,
        Doc("What is written to env_file_path after a clone or pull, as KEY=value lines or a mapping."),
    ] = ""
    env_file_path: Annotated[Text, DEPLOYS, Doc("Where the environment is written, relative to the checkout.")] = ".env"
    skip_secret_interp: Annotated[
        Flag, DEPLOYS, Doc("Leave [[NAME]] alone instead of putting the variable's value in.")
    ] = False


REPO = resource_kind(
    "repo",
    "repos",
    "Repo",
    RepoConfig,
    order=50,
    doc="A git checkout on a server.",
    names=NameRule.PATH,
    deploys="PullRepo",
    hosts=("server_id",),
    lifecycle=Lifecycle(
        subject="repo",
        deploy="PullRepo",
        first="CloneRepo",
        busy=frozenset({"Cloning", "Pulling", "Building"}),
        done_at="last_pulled_at",
        done_hash="cloned_hash",
        latest_hash="latest_hash",
        revision=("git_provider", "repo", "branch", "commit"),
        pinned_by="commit",
        lags=True,
        refresh="RefreshRepoCache",
        verb="pulls",
        noun="pull",
        made="pulled",
        holds="checked out",
        redoes="the newest commit is checked out",
        redoes_first="its folder is made anew, without anything that lies in it, and the newest commit is checked out",
        checkout=Checkout("repos", "path", ("git_provider", "repo")),
        doing="GetRepoActionState",
        pulls_from=("repo",),
        means={
            "On Clone": "it is at the new commit; only its on_clone command failed",
            "On Pull": "it is at the new commit; only its on_pull command failed",
        },
        means_otherwise="the checkout may be at the commit of before",
    ),
    stops="the checkout on the server is removed",
    renames_running="its checkout on the server is moved to a folder of the new name",
    held_by_referers=True,
)
