"""Builders: where builds run. The config depends on its type."""

from __future__ import annotations

from typing import Annotated

from komodo_sync.kinds.shapes import IntShape, ListShape, Tagged
from komodo_sync.kinds.spec import resource_kind
from komodo_sync.kinds.struct import REQUIRED, SECRET, Alias, Doc, Flag, LongText, Ref, Since, Struct, Text, TextList


class UrlBuilder(Struct):
    """An agent at an address of its own."""

    address: Annotated[Text, Doc("Where its agent listens.")] = "https://periphery:8120"
    periphery_public_key: Annotated[Text, Since("2.0.0"), Doc("The public key that the agent must have.")] = ""
    insecure_tls: Annotated[Flag, Since("2.0.0"), Doc("Do not check the agent's certificate.")] = True
    passkey: Annotated[Text, SECRET, Doc("The passkey of agents from before key pairs.")] = ""


class ServerBuilder(Struct):
    """Servers that build, in the order in which they are tried."""

    server_ids: Annotated[
        TextList,
        Ref("server"),
        Alias("server_id", "server", "servers"),
        Doc("The servers that build, in the order in which they are tried."),
    ] = ()


class ProviderAccount(Struct):
    """An account that a builder's own configuration knows."""

    username: Annotated[Text, REQUIRED, Doc("The account's name.")] = ""


class BuilderGitProvider(Struct):
    """A git provider that a builder's own configuration knows."""

    domain: Annotated[Text, Doc("The git host.")] = "github.com"
    https: Annotated[Flag, Doc("Clone over https.")] = True
    accounts: Annotated[
        tuple[object, ...], ListShape(ProviderAccount), REQUIRED, Doc("The accounts that it has there.")
    ] = ()


class BuilderImageRegistry(Struct):
    """An image registry that a builder's own configuration knows."""

    domain: Annotated[Text, Doc("The registry's host.")] = "docker.io"
    accounts: Annotated[
        tuple[object, ...], ListShape(ProviderAccount), REQUIRED, Doc("The accounts that it has there.")
    ] = ()
    organizations: Annotated[TextList, Doc("The organizations that it can push to.")] = ()


class AwsBuilder(Struct):
    """An EC2 instance that lives as long as a build."""

    region: Annotated[Text, Doc("The AWS region.")] = "us-east-1"
    instance_type: Annotated[Text, Doc("The EC2 instance type.")] = "c5.2xlarge"
    volume_gb: Annotated[int, IntShape(), Doc("The size of the instance's disk, in GB.")] = 20
    ami_id: Annotated[Text, Doc("The machine image to start; it must bring docker and the agent.")] = ""
    subnet_id: Annotated[Text, Doc("The subnet in which the instance starts.")] = ""
    key_pair_name: Annotated[Text, Doc("The EC2 key pair of the instance.")] = ""
    assign_public_ip: Annotated[Flag, Doc("Give the instance a public address.")] = False
    use_public_ip: Annotated[Flag, Doc("Speak to the instance at its public address.")] = False
    security_group_ids: Annotated[TextList, Doc("The security groups of the instance.")] = ()
    user_data: Annotated[LongText, SECRET, Doc("The script that the instance runs when it starts.")] = ""
    port: Annotated[int, IntShape(), Doc("The port on which the agent listens.")] = 8120
    use_https: Annotated[Flag, Doc("Speak to the agent over https.")] = True
    periphery_public_key: Annotated[Text, Since("2.0.0"), Doc("The public key that the agent must have.")] = ""
    insecure_tls: Annotated[Flag, Since("2.0.0"), Doc("Do not check the agent's certificate.")] = True
    git_providers: Annotated[
        tuple[object, ...], ListShape(BuilderGitProvider), Doc("Git providers for which the agent itself has accounts.")
    ] = ()
    image_registries: Annotated[
        tuple[object, ...],
        ListShape(BuilderImageRegistry),
        Doc("Image registries for which the agent itself has accounts."),
    ] = ()
    secrets: Annotated[TextList, Doc("Names of the secrets that the agent itself has.")] = ()


BUILDER_CONFIG = Tagged({"Url": UrlBuilder, "Server": ServerBuilder, "Aws": AwsBuilder}, default="Url")

BUILDER = resource_kind(
    "builder",
    "builders",
    "Builder",
    BUILDER_CONFIG,
    order=40,
    doc="Where builds run: an agent, servers, or an EC2 instance for each build.",
    held_by_referers=True,
)
