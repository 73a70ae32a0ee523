"""Builders: where builds run. The config depends on its type."""

from __future__ import annotations

from typing import Annotated

from komodo_sync.kinds.shapes import IntShape, ListShape, Tagged
from komodo_sync.kinds.spec import resource_kind
from komodo_sync.kinds.struct import REQUIRED, SECRET, Alias, Doc, Flag, LongText, Ref, Since, Struct, Text, TextList


class UrlBuilder(Struct):
    """An agent at an address of its own."""

    address: Annotated[Text, Doc("Where its agent listens.")] = "https://periphery:8120"
    periphery_public_key: Annotated[Text, Since("2.0.0")] = ""
    insecure_tls: Annotated[Flag, Since("2.0.0")] = True
    passkey: Annotated[Text, SECRET] = ""


class ServerBuilder(Struct):
    """Servers that build, in the order in which they are tried."""

    server_ids: Annotated[TextList, Ref("server"), Alias("server_id", "server", "servers")] = ()


class ProviderAccount(Struct):
    """An account that a builder's own configuration knows."""

    username: Annotated[Text, REQUIRED] = ""


class BuilderGitProvider(Struct):
    """A git provider that a builder's own configuration knows."""

    domain: Text = "github.com"
    https: Flag = True
    accounts: Annotated[tuple[object, ...], ListShape(ProviderAccount), REQUIRED] = ()


class BuilderImageRegistry(Struct):
    """An image registry that a builder's own configuration knows."""

    domain: Text = "docker.io"
    accounts: Annotated[tuple[object, ...], ListShape(ProviderAccount), REQUIRED] = ()
    organizations: TextList = ()


class AwsBuilder(Struct):
    """An EC2 instance that lives as long as a build."""

    region: Text = "us-east-1"
    instance_type: Text = "c5.2xlarge"
    volume_gb: Annotated[int, IntShape()] = 20
    ami_id: Text = ""
    subnet_id: Text = ""
    key_pair_name: Text = ""
    assign_public_ip: Flag = False
    use_public_ip: Flag = False
    security_group_ids: TextList = ()
    user_data: Annotated[LongText, SECRET] = ""
    port: Annotated[int, IntShape()] = 8120
    use_https: Flag = True
    periphery_public_key: Annotated[Text, Since("2.0.0")] = ""
    insecure_tls: Annotated[Flag, Since("2.0.0")] = True
    git_providers: Annotated[tuple[object, ...], ListShape(BuilderGitProvider)] = ()
    image_registries: Annotated[tuple[object, ...], ListShape(BuilderImageRegistry)] = ()
    secrets: TextList = ()


BUILDER_CONFIG = Tagged({"Url": UrlBuilder, "Server": ServerBuilder, "Aws": AwsBuilder}, default="Url")

BUILDER = resource_kind("builder", "builders", "Builder", BUILDER_CONFIG, order=40, held_by_referers=True)
