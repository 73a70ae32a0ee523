"""Builds: images made from a Dockerfile on a builder."""

from __future__ import annotations

from typing import Annotated

from komodo_sync.kinds.parts import CommandField, WebhookEnabled, WebhookSecret
from komodo_sync.kinds.shapes import ListShape, PairsShape, TextListShape
from komodo_sync.kinds.spec import NameRule, resource_kind
from komodo_sync.kinds.struct import (
    DEPLOYS,
    KEPT,
    SECRET,
    Alias,
    CheckedEnvText,
    CountedWhile,
    Doc,
    Flag,
    LabelsText,
    LongText,
    Ref,
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
    include_latest_tag: Annotated[Flag, DEPLOYS] = True
    include_version_tags: Annotated[Flag, DEPLOYS] = True
    include_commit_tag: Annotated[Flag, DEPLOYS] = True
    links: TextList = ()
    linked_repo: Annotated[Text, Ref("repo"), DEPLOYS] = ""
    git_provider: Annotated[Text, DEPLOYS] = "github.com"
    git_https: Flag = True
    git_account: Text = ""
    repo: Annotated[Text, DEPLOYS, Doc("owner/repository.")] = ""
    branch: Annotated[Text, DEPLOYS] = "main"
    commit: Annotated[Text, DEPLOYS] = ""
    webhook_enabled: WebhookEnabled = True
    webhook_secret: WebhookSecret = ""
    files_on_host: Annotated[Flag, DEPLOYS] = False
    build_path: Annotated[Text, DEPLOYS, Doc("The folder that is the build's context.")] = "."
    dockerfile_path: Annotated[Text, DEPLOYS] = "Dockerfile"
    image_registry: Annotated[
        tuple[object, ...],
        ListShape(ImageRegistry, single=True),
        DEPLOYS,
        Doc("Where the image is pushed to; the first is the one that deployments pull from."),
    ] = ()
    skip_secret_interp: Annotated[Flag, DEPLOYS] = False
    use_buildx: Annotated[Flag, DEPLOYS] = False
    extra_args: Annotated[tuple[str, ...], TextListShape(drops_blank=True), DEPLOYS] = ()
    pre_build: Annotated[CommandField, DEPLOYS] = ...
    dockerfile: Annotated[LongText, DEPLOYS, Doc("The Dockerfile itself; kept to the letter.")] = ""
    build_args: Annotated[CheckedEnvText, DEPLOYS] = ""
    secret_args: Annotated[
        str,
        PairsShape(separator=" = ", written="=", validated=True, secret_values=True),
        SECRET,
        DEPLOYS,
        Doc("Handed to the build as secrets."),
    ] = ""
    labels: Annotated[LabelsText, DEPLOYS] = ""


BUILD = resource_kind("build", "builds", "Build", BuildConfig, order=60, names=NameRule.DOCKER, deploys="RunBuild")
