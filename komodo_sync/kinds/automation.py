"""What acts by itself: procedures, actions, alerters and Komodo's own resource syncs."""

from __future__ import annotations

from typing import Annotated, Any

from komodo_sync.kinds.executions import EXECUTION
from komodo_sync.kinds.lifecycle import Lifecycle
from komodo_sync.kinds.parts import MaintenanceWindows, ScheduleFormat, WebhookEnabled, WebhookSecret
from komodo_sync.kinds.shapes import EnumShape, ListShape, Tagged, TargetsShape, TextListShape, TextShape
from komodo_sync.kinds.spec import resource_kind
from komodo_sync.kinds.struct import (
    ADDRESS,
    ALWAYS_SENT,
    NULLABLE,
    REQUIRED,
    SECRET,
    Alias,
    Beside,
    CodeText,
    Doc,
    FileText,
    Flag,
    Ref,
    ShadowedBy,
    Struct,
    Text,
    TextList,
)


class EnabledExecution(Struct):
    """One execution of a stage."""

    execution: Annotated[Any, EXECUTION, REQUIRED, Doc("The operation and its parameters.")] = ...
    enabled: Annotated[Flag, Doc("An execution that is not enabled is skipped.")] = True


class Stage(Struct):
    """Executions that run side by side."""

    name: Annotated[Text, REQUIRED, Doc("What the stage is called.")] = ""
    enabled: Annotated[Flag, Doc("A stage that is not enabled is skipped.")] = True
    executions: Annotated[
        tuple[object, ...], ListShape(EnabledExecution), Alias("execution"), Doc("What runs, all at once.")
    ] = ()


class ProcedureConfig(Struct):
    """Every field of a procedure's config in Core 2.3.2."""

    stages: Annotated[tuple[object, ...], ListShape(Stage), Alias("stage"), Doc("They run one after another.")] = ()
    schedule_format: Annotated[ScheduleFormat, Doc("How the schedule is written: in English, or as a cron line.")] = (
        "English"
    )
    schedule: Annotated[Text, Doc("`every day at 01:00`, or a cron line with seconds.")] = ""
    schedule_enabled: Annotated[Flag, Doc("Whether the schedule counts.")] = True
    schedule_timezone: Annotated[Text, Doc("The IANA time zone of the schedule; empty is the Core's own.")] = ""
    schedule_alert: Annotated[Flag, Doc("Send an alert whenever the schedule runs it.")] = True
    failure_alert: Annotated[Flag, Doc("Send an alert when a run fails.")] = True
    webhook_enabled: WebhookEnabled = True
    webhook_secret: WebhookSecret = ""


PROCEDURE = resource_kind(
    "procedure",
    "procedures",
    "Procedure",
    ProcedureConfig,
    order=90,
    runs="RunProcedure",
    stages="stages",
    schedule=("schedule", "schedule_enabled", "schedule_format", "schedule_timezone"),
    lifecycle=Lifecycle(
        subject="procedure",
        deploy="RunProcedure",
        noun="run",
        busy=frozenset({"Running"}),
        timeout=7200.0,
        doing="GetProcedureActionState",
        means_otherwise="its stages before that one were done",
    ),
    doc="Executions in stages, by hand, schedule or webhook.",
)


class ActionConfig(Struct):
    """Every field of an action's config in Core 2.3.2."""

    run_at_startup: Annotated[Flag, Doc("Run it whenever the Core starts.")] = False
    schedule_format: Annotated[ScheduleFormat, Doc("How the schedule is written: in English, or as a cron line.")] = (
        "English"
    )
    schedule: Annotated[Text, Doc("When it runs by itself: `every day at 01:00`, or a cron line with seconds.")] = ""
    schedule_enabled: Annotated[Flag, Doc("Whether the schedule counts.")] = True
    schedule_timezone: Annotated[Text, Doc("The IANA time zone of the schedule; empty is the Core's own.")] = ""
    schedule_alert: Annotated[Flag, Doc("Send an alert whenever the schedule runs it.")] = True
    failure_alert: Annotated[Flag, Doc("Send an alert when a run fails.")] = True
    webhook_enabled: WebhookEnabled = True
    webhook_secret: WebhookSecret = ""
    reload_deno_deps: Annotated[Flag, Doc("Fetch the script's imports anew at each run.")] = False
    file_contents: Annotated[CodeText, ALWAYS_SENT, Beside("script.ts"), Doc("The script, in TypeScript.")] = ""
    arguments_format: Annotated[
        str, EnumShape(("key_value", "toml", "yaml", "json")), Doc("How the arguments are written.")
    ] = "key_value"
    arguments: Annotated[FileText, Doc("Default arguments of the script.")] = ""


ACTION = resource_kind(
    "action",
    "actions",
    "Action",
    ActionConfig,
    order=80,
    runs="RunAction",
    lifecycle=Lifecycle(
        subject="action",
        deploy="RunAction",
        noun="run",
        busy=frozenset({"Running"}),
        timeout=7200.0,
        means_otherwise="what it did before that was done",
    ),
    doc="A script in TypeScript that speaks to the Core.",
)


class CustomEndpoint(Struct):
    """Any URL that takes Komodo's own JSON."""

    url: Annotated[Text, SECRET, ADDRESS, Doc("The address that takes Komodo's alerts as JSON.")] = (
        "http://localhost:7000"
    )


class SlackEndpoint(Struct):
    """A Slack webhook."""

    url: Annotated[Text, SECRET, ADDRESS, Doc("The address of the Slack webhook.")] = (
        "https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX"
    )


class DiscordEndpoint(Struct):
    """A Discord webhook."""

    url: Annotated[Text, SECRET, ADDRESS, Doc("The address of the Discord webhook.")] = (
        "https://discord.com/api/webhooks/XXXXXXXXXXXX/XXXX-XXXXXXXXXX"
    )


class NtfyEndpoint(Struct):
    """An ntfy topic."""

    url: Annotated[Text, SECRET, ADDRESS, Doc("The address of the ntfy topic.")] = "http://localhost:8080/komodo"
    email: Annotated[str | None, TextShape(), NULLABLE, Doc("An address to which ntfy also sends mail.")] = None


class PushoverEndpoint(Struct):
    """Pushover's API."""

    url: Annotated[Text, SECRET, ADDRESS, Doc("Pushover's address, with token and user.")] = (
        "https://api.pushover.net/1/messages.json?token=XXXXXXXXXXXXX&user=XXXXXXXXXXXXX"
    )


ALERTER_ENDPOINT = Tagged(
    {
        "Custom": CustomEndpoint,
        "Slack": SlackEndpoint,
        "Discord": DiscordEndpoint,
        "Ntfy": NtfyEndpoint,
        "Pushover": PushoverEndpoint,
    },
    default="Custom",
)

ALERT_TYPES = (
    "None",
    "Test",
    "SwarmUnhealthy",
    "ServerUnreachable",
    "ServerCpu",
    "ServerMem",
    "ServerDisk",
    "ServerVersionMismatch",
    "ContainerStateChange",
    "DeploymentImageUpdateAvailable",
    "DeploymentAutoUpdated",
    "StackStateChange",
    "StackImageUpdateAvailable",
    "StackAutoUpdated",
    "AwsBuilderTerminationFailed",
    "ResourceSyncPendingUpdates",
    "BuildFailed",
    "RepoBuildFailed",
    "ProcedureFailed",
    "ActionFailed",
    "ScheduleRun",
    "Custom",
)


class AlerterConfig(Struct):
    """Every field of an alerter's config in Core 2.3.2."""

    enabled: Annotated[Flag, Doc("Whether it sends anything.")] = False
    endpoint: Annotated[Any, ALERTER_ENDPOINT, Doc("Where alerts are sent.")] = ...
    alert_types: Annotated[
        tuple[str, ...], TextListShape(from_text=False, values=ALERT_TYPES), Doc("Empty is every type.")
    ] = ()
    resources: Annotated[tuple[object, ...], TargetsShape(), Doc("Alert on these alone.")] = ()
    except_resources: Annotated[tuple[object, ...], TargetsShape(), Doc("Never alert on these.")] = ()
    maintenance_windows: Annotated[MaintenanceWindows, Doc("Times in which no alerts are sent.")] = ()


ALERTER = resource_kind(
    "alerter", "alerters", "Alerter", AlerterConfig, order=100, doc="Where alerts are sent, and which."
)


class ResourceSyncConfig(Struct):
    """Every field of a resource sync's config in Core 2.3.2."""

    linked_repo: Annotated[
        Text, Ref("repo"), Doc("A repo resource whose checkout is used; the git fields beside it then mean nothing.")
    ] = ""
    git_provider: Annotated[Text, ShadowedBy("linked_repo"), Doc("The git host, without protocol.")] = "github.com"
    git_https: Annotated[Flag, ShadowedBy("linked_repo"), Doc("Clone over https; off is http.")] = True
    repo: Annotated[Text, ShadowedBy("linked_repo"), Doc("The git repository, as owner/name.")] = ""
    branch: Annotated[Text, ShadowedBy("linked_repo"), Doc("The branch to check out.")] = "main"
    commit: Annotated[Text, ShadowedBy("linked_repo"), Doc("A commit to stay at; empty follows the branch.")] = ""
    git_account: Annotated[Text, ShadowedBy("linked_repo"), Doc("The account of the git provider to clone with.")] = ""
    webhook_enabled: WebhookEnabled = True
    webhook_secret: WebhookSecret = ""
    files_on_host: Annotated[Flag, Doc("The files are on the Core's own host.")] = False
    resource_path: Annotated[
        TextList, Doc("Files and folders to read, relative to the checkout; empty is all of it.")
    ] = ()
    managed: Annotated[Flag, Doc("Writes back to its files, and deletes what they do not hold.")] = False
    delete: Annotated[Flag, Doc("Deletes what its files do not hold.")] = False
    include_resources: Annotated[Flag, Doc("Sync the resources of its files.")] = True
    match_tags: Annotated[TextList, Doc("Only resources with all of these tags.")] = ()
    include_variables: Annotated[Flag, Doc("Sync the variables of its files.")] = False
    include_user_groups: Annotated[Flag, Doc("Sync the user groups of its files.")] = False
    pending_alert: Annotated[Flag, Doc("Send an alert when its files and the Core differ.")] = True
    file_contents: Annotated[
        FileText, Beside("resources.toml"), Doc("The TOML itself, when it comes from no file.")
    ] = ""


RESOURCE_SYNC = resource_kind(
    "resource_sync",
    "resource_syncs",
    "ResourceSync",
    ResourceSyncConfig,
    order=85,
    doc="Komodo's own sync of TOML files.",
    sources=("files_on_host", "linked_repo", "repo", "file_contents"),
)
