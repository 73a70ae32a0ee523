"""Objects that the fields of several kinds are made of."""

from __future__ import annotations

from typing import Annotated, Any

from komodo_sync.kinds.shapes import EnumShape, IntShape, ListShape, StructShape
from komodo_sync.kinds.struct import REQUIRED, SECRET, Consequence, Doc, Flag, ScriptText, Since, Struct, Text


class Command(Struct):
    """A shell command that runs on the server, in a folder of the checkout."""

    path: Annotated[Text, Doc("The folder in which the command runs, relative to the root of the checkout.")] = ""
    command: Annotated[ScriptText, Doc("The command; several lines are joined with `&&` unless shell_mode is on.")] = ""
    shell_mode: Annotated[Flag, Since("2.2.0"), Doc("Run the text as one shell script.")] = False


class MaintenanceWindow(Struct):
    """A time in which no alerts are sent."""

    name: Annotated[Text, REQUIRED, Doc("What it is called.")] = ""
    description: Annotated[Text, Doc("What it is for.")] = ""
    schedule_type: Annotated[
        str, EnumShape(("Daily", "Weekly", "OneTime")), Doc("Whether it comes every day, every week, or once.")
    ] = "Daily"
    day_of_week: Annotated[Text, Doc("The day, for Weekly.")] = ""
    date: Annotated[Text, Doc("YYYY-MM-DD, for OneTime.")] = ""
    hour: Annotated[int, IntShape(maximum=255), Doc("The hour at which it begins, from 0.")] = 0
    minute: Annotated[int, IntShape(maximum=255), Doc("The minute at which it begins.")] = 0
    duration_minutes: Annotated[int, IntShape(maximum=2**32 - 1), REQUIRED, Doc("How long it lasts, in minutes.")] = 0
    timezone: Annotated[Text, Doc("An IANA name; empty is the Core's own.")] = ""
    enabled: Annotated[Flag, Doc("Whether it counts.")] = True


LEAVES_HOST = Consequence("leaves", "what runs on {before} keeps running there, unmanaged")
MAY_DEPLOY = Consequence("deploys", "Komodo may deploy it by itself at once: auto_update is on", when="auto_update")
CommandField = Annotated[Any, StructShape(Command)]
MaintenanceWindows = Annotated[tuple[object, ...], ListShape(MaintenanceWindow)]
ScheduleFormat = Annotated[str, EnumShape(("English", "Cron"))]
WebhookEnabled = Annotated[Flag, Doc("Whether incoming webhooks act on it.")]
WebhookSecret = Annotated[Text, SECRET, Doc("Replaces the Core's own webhook secret for this resource.")]
