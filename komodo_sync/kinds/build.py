"""Builds: images made from a Dockerfile on a builder."""

from __future__ import annotations

from typing import Annotated

from komodo_sync.kinds.images import ImageNames
from komodo_sync.kinds.lifecycle import Lifecycle
from komodo_sync.kinds.parts import CommandField, WebhookEnabled, WebhookSecret
from komodo_sync.kinds.shapes import ListShape, PairsShape, TextListShape
from komodo_sync.kinds.spec import NameRule, resource_kind
from komodo_sync.kinds.struct import (
    DEPLOYS,
    KEPT,
    SECRET,
    Alias,
    Beside,
    CheckedEnvText,
    CountedWhile,
    Doc,
    Flag,
    LabelsText,
    LongText,
    Ref,
    ShadowedBy,
    Struct,
    Text,
    TextList,
    VersionText,
)


class ImageRegistry(Struct):
    """Where an image is pushed to."""

    domain: Annotated[Text, Doc("The registry's host.")] = ""
    account: Annotated[Text, Doc("The account to log in with.")] = ""
    organization: Annotated[Text, Doc("The organization that owns the image; empty is the account.")] = ""


class BuildConfig(Struct):
    """Every field of a build's config in Core 2.3.2."""

    builder_id: Annotated[Text, Ref("builder"), Alias("builder"), Doc("The builder that builds it.")] = ""
    version: Annotated[
        VersionText, CountedWhile("auto_increment_version"), KEPT, Doc("Counted up by Core after each build.")
    ] = "0.0.0"
    auto_increment_version: Annotated[Flag, Doc("Whether a build counts the version up.")] = True
    image_name: Annotated[Text, DEPLOYS, Doc("Empty is the build's name.")] = ""
    image_tag: Annotated[Text, DEPLOYS, Doc("Added to the version tags.")] = ""
    include_latest_tag: Annotated[Flag, DEPLOYS, Doc("Push the tag latest.")] = True
    include_version_tags: Annotated[
        Flag, DEPLOYS, Doc("Push a tag for each part of the version: 1.2.3, 1.2 and 1.")
    ] = True
    include_commit_tag: Annotated[Flag, DEPLOYS, Doc("Push a tag of the commit's hash.")] = True
    links: Annotated[TextList, Doc("Links shown on its page.")] = ()
    linked_repo: Annotated[
        Text,
        Ref("repo"),
        DEPLOYS,
        Doc("A repo resource whose checkout is used; the git fields beside it then mean nothing."),
    ] = ""
    git_provider: Annotated[Text, ShadowedBy("linked_repo"), DEPLOYS, Doc("The git host, without protocol.")] = (
        "github.com"
    )
    git_https: Annotated[Flag, ShadowedBy("linked_repo"), Doc("Clone over https; off is http.")] = True
    git_account: Annotated[Text, ShadowedBy("linked_repo"), Doc("The account of the git provider to clone with.")] = ""
    repo: Annotated[Text, ShadowedBy("linked_repo"), DEPLOYS, Doc("owner/repository.")] = ""
    branch: Annotated[Text, ShadowedBy("linked_repo"), DEPLOYS, Doc("The branch to check out.")] = "main"
    commit: Annotated[
        Text, ShadowedBy("linked_repo"), DEPLOYS, Doc("A commit to stay at; empty follows the branch.")
    ] = ""
    webhook_enabled: WebhookEnabled = True
    webhook_secret: WebhookSecret = ""
    files_on_host: Annotated[Flag, DEPLOYS, Doc("The Dockerfile and its context are on the builder already.")] = False
    build_path: Annotated[Text, DEPLOYS, Doc("The folder that is the build's context.")] = "."
    dockerfile_path: Annotated[Text, DEPLOYS, Doc("The Dockerfile, relative to build_path.")] = "Dockerfile"
    image_registry: Annotated[
        tuple[object, ...],
        ListShape(ImageRegistry, single=True),
        DEPLOYS,
        Doc("Where the image is pushed to; the first is the one that deployments pull from."),
    ] = ()
    skip_secret_interp: Annotated[
        Flag, DEPLOYS, Doc("Leave [[NAME]] alone instead of putting the variable's value in.")
    ] = False
    use_buildx: Annotated[Flag, DEPLOYS, Doc("Build with docker buildx.")] = False
    extra_args: Annotated[
        tuple[str, ...], TextListShape(drops_blank=True), DEPLOYS, Doc("Further arguments of `docker build`.")
    ] = ()
    pre_build: Annotated[CommandField, DEPLOYS, Doc("Runs in the checkout before each build.")] = ...
    dockerfile: Annotated[
        LongText, DEPLOYS, Beside("Dockerfile"), Doc("The Dockerfile itself; kept to the letter.")
    ] = ""
    build_args: Annotated[
        CheckedEnvText,
        DEPLOYS,
        Doc("Build arguments, as KEY=value lines or a mapping; they can be read from the image."),
    ] = ""
    secret_args: Annotated[
        str,
        PairsShape(separator=" = ", written="=", validated=True, secret_values=True),
        SECRET,
        DEPLOYS,
        Doc("Handed to the build as secrets."),
    ] = ""
    labels: Annotated[LabelsText, DEPLOYS, Doc("Labels of the image, as KEY: value lines or a mapping.")] = ""


BUILD = resource_kind(
    "build",
    "builds",
    "Build",
    BuildConfig,
    order=60,
    names=NameRule.DOCKER,
    sources=("files_on_host", "linked_repo", "repo", "dockerfile"),
    images=ImageNames("image_name", "image_tag", "image_registry", "domain", ("organization", "account")),
    deploys="RunBuild",
    hosts=("builder_id",),
    rests_on=("linked_repo",),
    lifecycle=Lifecycle(
        subject="build",
        deploy="RunBuild",
        writes=("WriteDockerfile",),
        busy=frozenset({"Building"}),
        done_at="last_built_at",
        done_hash="built_hash",
        latest_hash="latest_hash",
        revision=("git_provider", "repo", "branch", "commit"),
        pinned_by="commit",
        refresh="RefreshBuildCache",
        timeout=7200.0,
        verb="builds",
        noun="build",
        made="built",
        holds="built",
        redoes="an image of the next version is built and pushed",
        doing="GetBuildActionState",
        pulls_from=("linked_repo", "repo"),
        means={"Build Cancelled": "somebody cancelled it"},
        means_otherwise="its version and its image are those of before",
    ),
    doc="An image made from a Dockerfile on a builder.",
)
