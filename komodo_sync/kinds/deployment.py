"""Deployments: single containers on a server, or services of a swarm."""

from __future__ import annotations

from typing import Annotated, Any

from komodo_sync.kinds.shapes import EnumShape, IntShape, PairsShape, Tagged, TextListShape
from komodo_sync.kinds.spec import NameRule, resource_kind
from komodo_sync.kinds.struct import (
    DEPLOYS,
    Alias,
    CheckedEnvText,
    ContainerName,
    Doc,
    Flag,
    Int,
    LabelsText,
    Ref,
    Since,
    Struct,
    Text,
    VersionText,
)


class Image(Struct):
    """An image by name."""

    image: Annotated[Text, Doc("nginx:1.27")] = ""


class BuiltImage(Struct):
    """The image of a build."""

    build_id: Annotated[Text, Ref("build"), Alias("build")] = ""
    version: Annotated[VersionText, Doc("0.0.0 is the newest.")] = "0.0.0"


DEPLOYMENT_IMAGE = Tagged({"Image": Image, "Build": BuiltImage}, default="Image")


class DeploymentConfig(Struct):
    """Every field of a deployment's config in Core 2.3.2."""

    swarm_id: Annotated[Text, Ref("swarm"), Alias("swarm"), DEPLOYS] = ""
    server_id: Annotated[Text, Ref("server"), Alias("server"), DEPLOYS, Doc("The server on which it runs.")] = ""
    custom_name: Annotated[
        ContainerName, DEPLOYS, Since("2.3.0"), Doc("The container's name; empty is the deployment's.")
    ] = ""
    image: Annotated[Any, DEPLOYMENT_IMAGE, DEPLOYS, Doc("The image, or the build that makes it.")] = ...
    image_registry_account: Annotated[Text, DEPLOYS] = ""
    skip_secret_interp: Annotated[Flag, DEPLOYS] = False
    redeploy_on_build: Annotated[Flag, Doc("Deploy by itself when its build was built.")] = False
    poll_for_updates: Flag = False
    auto_update: Flag = False
    send_alerts: Flag = True
    links: Annotated[tuple[str, ...], TextListShape(from_text=False)] = ()
    network: Annotated[Text, DEPLOYS] = "host"
    restart: Annotated[str, EnumShape(("no", "on-failure", "always", "unless-stopped")), DEPLOYS] = "no"
    command: Annotated[Text, DEPLOYS] = ""
    replicas: Annotated[Int, DEPLOYS, Since("2.0.0")] = 1
    termination_signal: Annotated[
        str,
        EnumShape(
            ("SIGHUP", "SIGINT", "SIGQUIT", "SIGTERM"),
            {"1": "SIGHUP", "2": "SIGINT", "3": "SIGQUIT", "15": "SIGTERM"},
        ),
    ] = "SIGTERM"
    termination_timeout: Annotated[int, IntShape(minimum=-(2**31))] = 10
    extra_args: Annotated[tuple[str, ...], TextListShape(drops_blank=True), DEPLOYS] = ()
    term_signal_labels: Annotated[str, PairsShape(separator=": ", written=": ", key="signal", value="label")] = ""
    ports: Annotated[
        str, PairsShape(separator=": ", written=": ", key="local", value="container", validated=True), DEPLOYS
    ] = ""
    volumes: Annotated[
        str, PairsShape(separator=": ", written=": ", key="local", value="container", validated=True), DEPLOYS
    ] = ""
    environment: Annotated[CheckedEnvText, DEPLOYS] = ""
    labels: Annotated[LabelsText, DEPLOYS] = ""


DEPLOYMENT = resource_kind(
    "deployment",
    "deployments",
    "Deployment",
    DeploymentConfig,
    order=75,
    names=NameRule.CONTAINER,
    deploys="Deploy",
    states="ListDeployments",
    up=frozenset({"deploying", "running", "created", "restarting", "removing", "paused", "exited", "dead"}),
    stops="its container is stopped and removed; volumes stay",
    renames_running="its running container is renamed to {new} at once, unless custom_name is set",
)
