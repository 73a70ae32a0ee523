"""Stacks: docker compose projects on a server or a swarm."""

from __future__ import annotations

from typing import Annotated

from komodo_sync.kinds.folder import FolderOnHost
from komodo_sync.kinds.lifecycle import Lifecycle
from komodo_sync.kinds.mentions import COMPOSE_COMMAND
from komodo_sync.kinds.parts import LEAVES_HOST, MAY_DEPLOY, CommandField, WebhookEnabled, WebhookSecret
from komodo_sync.kinds.shapes import EnumShape, ListShape
from komodo_sync.kinds.spec import NameRule, resource_kind
from komodo_sync.kinds.struct import (
    DEPLOYS,
    OMITTED,
    REQUIRED,
    Alias,
    Beside,
    CommandText,
    Doc,
    EnvText,
    FileText,
    Flag,
    Holds,
    ImpliedBy,
    OnlyWith,
    Ref,
    ShadowedBy,
    Since,
    Struct,
    Text,
    TextList,
)


class AdditionalEnvFile(Struct):
    """A further env file, handed to compose with `--env-file`."""

    path: Annotated[Text, REQUIRED, Doc("The file, relative to the run directory.")] = ""
    track: Annotated[Flag, Since("2.0.0"), Doc("Whether a change of the file counts as a change of the stack.")] = True


class ConfigFile(Struct):
    """A file that services depend on."""

    path: Annotated[Text, REQUIRED, Doc("The file, relative to the run directory.")] = ""
    services: Annotated[
        TextList, Alias("service"), OMITTED, Doc("The services that read it; empty is all of them.")
    ] = ()
    requires: Annotated[
        str,
        EnumShape(
            ("Redeploy", "Restart", "None"),
            {"redeploy": "Redeploy", "restart": "Restart", "none": "None"},
        ),
        Alias("req"),
        OMITTED,
        Doc("What a change of the file asks for."),
    ] = "None"


class StackConfig(Struct):
    """Every field of a stack's config in Core 2.3.2."""

    swarm_id: Annotated[
        Text, Ref("swarm"), Alias("swarm"), DEPLOYS, LEAVES_HOST, Doc("The swarm; wins over the server.")
    ] = ""
    server_id: Annotated[
        Text, Ref("server"), Alias("server"), DEPLOYS, LEAVES_HOST, Doc("The server on which it runs.")
    ] = ""
    links: Annotated[TextList, Doc("Links shown on its page.")] = ()
    project_name: Annotated[Text, DEPLOYS, Doc("The compose project; empty is the stack's name.")] = ""
    auto_pull: Annotated[Flag, Doc("Pull images before each deploy.")] = True
    run_build: Annotated[Flag, Doc("Run `compose build` before each deploy.")] = False
    poll_for_updates: Annotated[
        Flag, ImpliedBy("auto_update"), Doc("Look for newer images of the same tag and tell of them, without a deploy.")
    ] = False
    auto_update: Annotated[
        Flag, Doc("Deploy by itself when a newer image of the same tag is found; looks for them by itself too.")
    ] = False
    auto_update_all_services: Annotated[
        Flag, OnlyWith("auto_update"), Doc("Redeploy the whole stack on an auto update.")
    ] = False
    auto_update_skip_services: Annotated[
        TextList,
        OnlyWith("auto_update", "poll_for_updates"),
        Since("2.2.0"),
        Doc("Services of which no newer images are looked for by the clock."),
    ] = ()
    destroy_before_deploy: Annotated[Flag, Doc("Run `compose down` before each deploy.")] = False
    skip_secret_interp: Annotated[Flag, DEPLOYS, Doc("Leave [[NAME]] alone.")] = False
    linked_repo: Annotated[
        Text,
        Ref("repo"),
        DEPLOYS,
        MAY_DEPLOY,
        Doc("A repo resource whose checkout is used; the git fields beside it then mean nothing."),
    ] = ""
    git_provider: Annotated[Text, ShadowedBy("linked_repo"), DEPLOYS, Doc("The git host, without protocol.")] = (
        "github.com"
    )
    git_https: Annotated[Flag, ShadowedBy("linked_repo"), Doc("Clone over https.")] = True
    git_account: Annotated[Text, ShadowedBy("linked_repo"), Doc("The account of the git provider to clone with.")] = ""
    repo: Annotated[Text, ShadowedBy("linked_repo"), DEPLOYS, MAY_DEPLOY, Doc("owner/repository.")] = ""
    branch: Annotated[Text, ShadowedBy("linked_repo"), DEPLOYS, Doc("The branch to check out.")] = "main"
    commit: Annotated[Text, ShadowedBy("linked_repo"), DEPLOYS, Doc("A commit to stay at.")] = ""
    clone_path: Annotated[Text, Doc("Where to clone to; empty is Komodo's own folder.")] = ""
    reclone: Annotated[Flag, Doc("Clone anew instead of pulling.")] = False
    webhook_enabled: WebhookEnabled = True
    webhook_secret: WebhookSecret = ""
    webhook_force_deploy: Annotated[Flag, Doc("Deploy on a webhook even when nothing changed.")] = False
    files_on_host: Annotated[Flag, DEPLOYS, MAY_DEPLOY, Doc("The files are on the server already.")] = False
    run_directory: Annotated[Text, DEPLOYS, Doc("The folder in which compose runs.")] = ""
    file_paths: Annotated[TextList, DEPLOYS, Doc("Compose files; empty is compose.yaml.")] = ()
    env_file_path: Annotated[Text, DEPLOYS, Doc("Where the environment is written.")] = ".env"
    additional_env_files: Annotated[
        tuple[object, ...],
        ListShape(AdditionalEnvFile, short="path"),
        DEPLOYS,
        Doc("Further env files, handed to compose after the environment."),
    ] = ()
    config_files: Annotated[
        tuple[object, ...],
        ListShape(ConfigFile, short="path"),
        DEPLOYS,
        Doc("Files that the services read, watched for changes beside the compose files."),
    ] = ()
    send_alerts: Annotated[Flag, Doc("Send an alert when its state changes.")] = True
    registry_provider: Annotated[Text, Doc("The image registry to log in to.")] = ""
    registry_account: Annotated[Text, Doc("The account to log in with.")] = ""
    pre_deploy: Annotated[CommandField, DEPLOYS, Doc("Runs before each deploy.")] = ...
    post_deploy: Annotated[CommandField, DEPLOYS, Doc("Runs after each deploy.")] = ...
    extra_args: Annotated[TextList, DEPLOYS, Doc("Further arguments of `compose up`.")] = ()
    build_extra_args: Annotated[TextList, OnlyWith("run_build"), Doc("Further arguments of `compose build`.")] = ()
    compose_cmd_wrapper: Annotated[
        CommandText,
        Holds(f"[[{COMPOSE_COMMAND}]]"),
        DEPLOYS,
        Since("2.0.0"),
        Doc("A command around `docker compose`, which stands in it as [[COMPOSE_COMMAND]]."),
    ] = ""
    compose_cmd_wrapper_include: Annotated[
        TextList,
        OnlyWith("compose_cmd_wrapper"),
        Since("2.0.0"),
        Doc("The compose commands that the wrapper is put around; empty is up (of a swarm: deploy)."),
    ] = ()
    ignore_services: Annotated[TextList, Doc("Services that do not count for the state.")] = ()
    file_contents: Annotated[FileText, DEPLOYS, MAY_DEPLOY, Beside("compose.yaml"), Doc("The compose file itself.")] = (
        ""
    )
    environment: Annotated[EnvText, DEPLOYS, Doc("The environment file, as KEY=value lines or a mapping.")] = ""


STACK = resource_kind(
    "stack",
    "stacks",
    "Stack",
    StackConfig,
    order=70,
    names=NameRule.DOCKER,
    doc="A docker compose project on a server or a swarm.",
    sources=("files_on_host", "linked_repo", "repo", "file_contents"),
    compose="file_contents",
    # run_directory counts for no text of the config
    folder=FolderOnHost(
        "stacks",
        {
            "files_on_host": ("run_directory",),
            "linked_repo": ("run_directory",),
            "repo": ("clone_path", "run_directory"),
            "file_contents": (),
        },
        linked="linked_repo",
        cloned=("repo", 1),
        repository=("git_provider", "repo"),
        anew="reclone",
        found="files_on_host",
        listed="file_paths",
        usual="compose.yaml",
        chosen_by=(
            *("git_provider", "branch", "commit", "run_directory", "file_paths"),
            *("server_id", "swarm_id", "config_files"),
        ),
    ),
    fills="environment",
    hosts=("swarm_id", "server_id"),
    runs_as="project_name",
    volumes_as="project_name",
    deploys="DeployStack",
    rests_on=("linked_repo",),
    lifecycle=Lifecycle(
        subject="stack",
        deploy="DeployStack",
        start="StartStack",
        stop="StopStack",
        destroy="DestroyStack",
        pause="PauseStack",
        resume="UnpauseStack",
        restart="RestartStack",
        partly=("DeployStackService", "RestartStack", "RestartStackService"),
        stops_partly=("StopStackService", "DestroyStackService"),
        writes=("WriteStackContents",),
        running=frozenset({"running"}),
        ailing=frozenset({"unhealthy", "dead"}),
        paused=frozenset({"paused"}),
        stopped=frozenset({"stopped", "created"}),
        down=frozenset({"down"}),
        busy=frozenset({"deploying", "restarting", "removing"}),
        done_hash="deployed_hash",
        latest_hash="latest_hash",
        revision=("git_provider", "repo", "branch", "commit"),
        pinned_by="commit",
        refresh="RefreshStackCache",
        redoes="compose up: what changed is started anew",
        doing="GetStackActionState",
        pulls_from=("linked_repo", "repo"),
        takes_all="run_build",
        taken_down_by="destroy_before_deploy",
        removing=("Compose Down",),
        uncounted="ignore_services",
        swept_by=("extra_args", "compose_cmd_wrapper", "environment"),
        containers="ListStackServices",
        project="deployed_project_name",
        means={
            "Post Deploy": "it is deployed and runs; only its post_deploy command failed",
            "Komodo shutdown": "the Core was restarted meanwhile, and compose may have finished all the same",
        },
        means_otherwise="what ran before, if anything, runs still",
    ),
    states="ListStacks",
    up=frozenset(
        {"deploying", "running", "paused", "created", "restarting", "unhealthy", "stopped", "dead", "removing"}
    ),
    stops="compose down",
    renames_kept="the project keeps the name {name}, {goes} and keeps its {volumes}",
)
