"""What acts by itself: procedures, actions, alerters and Komodo's own resource syncs."""

from __future__ import annotations

from typing import Annotated, Any

from komodo_sync.kinds.executions import EXECUTION
from komodo_sync.kinds.parts import MaintenanceWindows, ScheduleFormat, WebhookEnabled, WebhookSecret
from komodo_sync.kinds.shapes import EnumShape, ListShape, Tagged, TargetsShape, TextListShape, TextShape
from komodo_sync.kinds.spec import resource_kind
from komodo_sync.kinds.struct import (
    ALWAYS_SENT,
    NULLABLE,
    REQUIRED,
    SECRET,
    Alias,
    Doc,
    FileText,
    Flag,
    Ref,
    Struct,
    Text,
    TextList,
)


class EnabledExecution(Struct):
    """One execution of a stage."""

    execution: Annotated[Any, EXECUTION, REQUIRED] = ...
    enabled: Flag = True


class Stage(Struct):
    """Executions that run side by side."""

    name: Annotated[Text, REQUIRED] = ""
    enabled: Flag = True
    executions: Annotated[tuple[object, ...], ListShape(EnabledExecution), Alias("execution")] = ()


class ProcedureConfig(Struct):
    """Every field of a procedure's config in Core 2.3.2."""

    stages: Annotated[tuple[object, ...], ListShape(Stage), Alias("stage"), Doc("They run one after another.")] = ()
    schedule_format: ScheduleFormat = "English"
    schedule: Annotated[Text, Doc("`every day at 01:00`, or a cron line with seconds.")] = ""
    schedule_enabled: Flag = True
    schedule_timezone: Text = ""
    schedule_alert: Flag = True
    failure_alert: Flag = True
    webhook_enabled: WebhookEnabled = True
    webhook_secret: WebhookSecret = ""


PROCEDURE = resource_kind("procedure", "procedures", "Procedure", ProcedureConfig, order=90, runs="RunProcedure")


class ActionConfig(Struct):
    """Every field of an action's config in Core 2.3.2."""

    run_at_startup: Flag = False
    schedule_format: ScheduleFormat = "English"
    schedule: Text = ""
    schedule_enabled: Flag = True
    schedule_timezone: Text = ""
    schedule_alert: Flag = True
    failure_alert: Flag = True
    webhook_enabled: WebhookEnabled = True
    webhook_secret: WebhookSecret = ""
    reload_deno_deps: Flag = False
    file_contents: Annotated[FileText, ALWAYS_SENT, Doc("The script, in TypeScript.")] = ""
    arguments_format: Annotated[str, EnumShape(("key_value", "toml", "yaml", "json"))] = "key_value"
    arguments: Annotated[FileText, Doc("Default arguments of the script.")] = ""


ACTION = resource_kind("action", "actions", "Action", ActionConfig, order=80, runs="RunAction")


class CustomEndpoint(Struct):
    """Any URL that takes Komodo's own JSON."""

    url: Annotated[Text, SECRET] = "http://localhost:7000"


class SlackEndpoint(Struct):
    """A Slack webhook."""

    url: Annotated[Text, SECRET] = "https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX"


class DiscordEndpoint(Struct):
    """A Discord webhook."""

    url: Annotated[Text, SECRET] = "https://discord.com/api/webhooks/XXXXXXXXXXXX/XXXX-XXXXXXXXXX"


class NtfyEndpoint(Struct):
    """An ntfy topic."""

    url: Annotated[Text, SECRET] = "http://localhost:8080/komodo"
    email: Annotated[str | None, TextShape(), NULLABLE] = None


class PushoverEndpoint(Struct):
    """Pushover's API."""

    url: Annotated[Text, SECRET] = "https://api.pushover.net/1/messages.json?token=XXXXXXXXXXXXX&user=XXXXXXXXXXXXX"


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

    enabled: Flag = False
    endpoint: Annotated[Any, ALERTER_ENDPOINT] = ...
    alert_types: Annotated[
        tuple[str, ...], TextListShape(from_text=False, values=ALERT_TYPES), Doc("Empty is every type.")
    ] = ()
    resources: Annotated[tuple[object, ...], TargetsShape(), Doc("Alert on these alone.")] = ()
    except_resources: Annotated[tuple[object, ...], TargetsShape(), Doc("Never alert on these.")] = ()
    maintenance_windows: MaintenanceWindows = ()


ALERTER = resource_kind("alerter", "alerters", "Alerter", AlerterConfig, order=100)


class ResourceSyncConfig(Struct):
    """Every field of a resource sync's config in Core 2.3.2."""

    linked_repo: Annotated[Text, Ref("repo")] = ""
    git_provider: Text = "github.com"
    git_https: Flag = True
    repo: Text = ""
    branch: Text = "main"
    commit: Text = ""
    git_account: Text = ""
    webhook_enabled: WebhookEnabled = True
    webhook_secret: WebhookSecret = ""
    files_on_host: Flag = False
    resource_path: TextList = ()
    managed: Annotated[Flag, Doc("Writes back to its files, and deletes what they do not hold.")] = False
    delete: Annotated[Flag, Doc("Deletes what its files do not hold.")] = False
    include_resources: Flag = True
    match_tags: TextList = ()
    include_variables: Flag = False
    include_user_groups: Flag = False
    pending_alert: Flag = True
    file_contents: FileText = ""


RESOURCE_SYNC = resource_kind("resource_sync", "resource_syncs", "ResourceSync", ResourceSyncConfig, order=85)
