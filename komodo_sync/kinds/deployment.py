"""Deployments: single containers on a server, or services of a swarm."""

from __future__ import annotations

from typing import Annotated, Any

from komodo_sync.kinds.lifecycle import Lifecycle
from komodo_sync.kinds.parts import LEAVES_HOST, MAY_DEPLOY
from komodo_sync.kinds.shapes import EnumShape, IntShape, PairsShape, Tagged, TextListShape
from komodo_sync.kinds.spec import NameRule, Publishing, resource_kind
from komodo_sync.kinds.struct import (
    DEPLOYS,
    Alias,
    CheckedEnvText,
    CommandText,
    Consequence,
    ContainerName,
    Doc,
    Flag,
    ImpliedBy,
    Int,
    LabelsText,
    Ref,
    Since,
    Struct,
    Text,
    VersionText,
)
from komodo_sync.model.data import replace


class Image(Struct):
    """An image by name."""

    image: Annotated[Text, Doc("The image, as in nginx:1.27.")] = ""


class BuiltImage(Struct):
    """The image of a build."""

    build_id: Annotated[Text, Ref("build"), Alias("build"), Doc("The build that makes the image.")] = ""
    version: Annotated[VersionText, Doc("0.0.0 is the newest.")] = "0.0.0"


DEPLOYMENT_IMAGE = Tagged({"Image": Image, "Build": BuiltImage}, default="Image")


class DeploymentConfig(Struct):
    """Every field of a deployment's config in Core 2.3.2."""

    swarm_id: Annotated[
        Text, Ref("swarm"), Alias("swarm"), DEPLOYS, LEAVES_HOST, Doc("The swarm; wins over the server.")
    ] = ""
    server_id: Annotated[
        Text, Ref("server"), Alias("server"), DEPLOYS, LEAVES_HOST, Doc("The server on which it runs.")
    ] = ""
    custom_name: Annotated[
        ContainerName,
        DEPLOYS,
        Since("2.3.0"),
        Consequence("renames", "the running container is renamed at once, before any deploy"),
        Doc("The container's name; empty is the deployment's."),
    ] = ""
    image: Annotated[
        Any, DEPLOYMENT_IMAGE, DEPLOYS, replace(MAY_DEPLOY, of="Image"), Doc("The image, or the build that makes it.")
    ] = ...
    image_registry_account: Annotated[Text, DEPLOYS, Doc("The account to pull the image with.")] = ""
    skip_secret_interp: Annotated[
        Flag, DEPLOYS, Doc("Leave [[NAME]] alone instead of putting the variable's value in.")
    ] = False
    redeploy_on_build: Annotated[Flag, Doc("Deploy by itself when its build was built.")] = False
    poll_for_updates: Annotated[
        Flag, ImpliedBy("auto_update"), Doc("Look for newer images of the same tag and tell of them, without a deploy.")
    ] = False
    auto_update: Annotated[
        Flag, Doc("Deploy by itself when a newer image of the same tag is found; looks for them by itself too.")
    ] = False
    send_alerts: Annotated[Flag, Doc("Send an alert when its state changes.")] = True
    links: Annotated[tuple[str, ...], TextListShape(from_text=False), Doc("Links shown on its page.")] = ()
    network: Annotated[Text, DEPLOYS, Doc("The docker network.")] = "host"
    restart: Annotated[
        str,
        EnumShape(("no", "on-failure", "always", "unless-stopped")),
        DEPLOYS,
        Doc("When docker starts the container again."),
    ] = "no"
    command: Annotated[CommandText, DEPLOYS, Doc("Replaces the image's command.")] = ""
    replicas: Annotated[Int, DEPLOYS, Since("2.0.0"), Doc("How many of it run in a swarm.")] = 1
    termination_signal: Annotated[
        str,
        EnumShape(
            ("SIGHUP", "SIGINT", "SIGQUIT", "SIGTERM"),
            {"1": "SIGHUP", "2": "SIGINT", "3": "SIGQUIT", "15": "SIGTERM"},
        ),
        Doc("The signal that asks the container to stop."),
    ] = "SIGTERM"
    termination_timeout: Annotated[
        int, IntShape(minimum=-(2**31)), Doc("Seconds until it is killed when it does not stop.")
    ] = 10
    extra_args: Annotated[
        tuple[str, ...], TextListShape(drops_blank=True), DEPLOYS, Doc("Further arguments of `docker run`.")
    ] = ()
    term_signal_labels: Annotated[
        str,
        PairsShape(separator=": ", written=": ", key="signal", value="label"),
        Doc("What the signals that one can stop it with are called in the UI, as SIGNAL: label lines."),
    ] = ""
    ports: Annotated[
        str,
        PairsShape(
            separator=": ", written=": ", key="local", value="container", validated=True, mounts=True, joined=":"
        ),
        DEPLOYS,
        Doc("Published ports, as host: container lines or a mapping."),
    ] = ""
    volumes: Annotated[
        str,
        PairsShape(
            separator=": ", written=": ", key="local", value="container", validated=True, mounts=True, joined=":"
        ),
        DEPLOYS,
        Doc("Volumes, as host path or volume: container path lines or a mapping."),
    ] = ""
    environment: Annotated[
        CheckedEnvText, DEPLOYS, Doc("The container's environment, as KEY=value lines or a mapping.")
    ] = ""
    labels: Annotated[LabelsText, DEPLOYS, Doc("The container's labels, as KEY: value lines or a mapping.")] = ""


DEPLOYMENT = resource_kind(
    "deployment",
    "deployments",
    "Deployment",
    DeploymentConfig,
    order=75,
    names=NameRule.CONTAINER,
    doc="A single container on a server, or a service of a swarm.",
    sources=("image",),
    mounts="volumes",
    publishes=Publishing("ports", "network", frozenset({"host", "none"})),
    copies="replicas",
    hosts=("swarm_id", "server_id"),
    runs_as="custom_name",
    deploys="Deploy",
    rests_on=("image",),
    lifecycle=Lifecycle(
        subject="deployment",
        deploy="Deploy",
        start="StartDeployment",
        stop="StopDeployment",
        destroy="DestroyDeployment",
        pause="PauseDeployment",
        resume="UnpauseDeployment",
        running=frozenset({"running"}),
        ailing=frozenset({"dead"}),
        paused=frozenset({"paused"}),
        stopped=frozenset({"exited", "created"}),
        down=frozenset({"not_deployed"}),
        busy=frozenset({"deploying", "restarting", "removing"}),
        redoes="its container is removed and run anew",
        doing="GetDeploymentActionState",
        once=("restart", "no"),
        follows="redeploy_on_build",
        unfollowed=frozenset({"not_deployed", "exited", "unknown"}),
        containers="GetDeploymentContainer",
        means={
            "Docker Run": "its container was removed before, so nothing of it runs until it is deployed again",
            "Komodo shutdown": "the Core was restarted meanwhile, and docker may have finished all the same",
        },
        means_otherwise="what ran before, if anything, runs still",
    ),
    states="ListDeployments",
    up=frozenset({"deploying", "running", "created", "restarting", "removing", "paused", "exited", "dead"}),
    stops="its container is stopped and removed",
    renames_running="its running container is renamed at once, unless custom_name is set",
)
