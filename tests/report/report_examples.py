"""Plans and outcomes that show everything a report can say."""

from __future__ import annotations

from komodo_sync.model.address import Address
from komodo_sync.model.data import replace
from komodo_sync.model.outcome import Outcome, Status, StepOutcome
from komodo_sync.model.plan import (
    SECRET,
    UNKNOWN,
    Action,
    Change,
    CoreFacts,
    Diff,
    DiffEntry,
    Effect,
    FieldChange,
    Finding,
    Plan,
    Resource,
    Scope,
    Shown,
    Step,
    Summary,
    Visibility,
)

SCALAR = Diff("scalar")
SECRET_DIFFERS = Diff("scalar", note="secret values differ")
CORE = CoreFacts("https://komodo.example.com", "2.3.2")
ADMIN = Visibility("deploy-bot", True, ("stack", "tag", "variable"))


def scalar(pointer: str, before: object, after: object, origin: str = "", **more: bool) -> FieldChange:
    return FieldChange(pointer, Shown(before), Shown(after), SCALAR, origin, **more)


def update_of(*fields: FieldChange, source: str = "web.yaml:1:9") -> Resource:
    return Resource(Address("stack", "web"), source, (Change(Action.UPDATE, "differs", fields=fields),))


def plan_of(*resources: Resource, unchanged: int = 412, findings: tuple[Finding, ...] = (), **more: object) -> Plan:
    """A plan whose summary and waves follow from its resources: one wave a change."""
    steps = [Step(item.address, change.action) for item in resources for change in item.changes]
    actions = {str(action): sum(step.action is action for step in steps) for action in Action}
    severities = ("refusal", "warning", "note")
    return Plan(
        core=CORE,
        scope=more.get("scope", Scope(owner="platform", prune=True)),  # type: ignore[arg-type]
        visibility=more.get("visibility", ADMIN),  # type: ignore[arg-type]
        resources=resources,
        waves=tuple((step,) for step in steps),
        findings=findings,
        summary=Summary(
            {action: number for action, number in actions.items() if number},
            len(resources),
            unchanged,
            {name: sum(item.severity == name for item in findings) for name in severities},
        ),
    )


COMPOSE = Diff(
    "lines",
    (
        "@@ -1,5 +1,6 @@",
        " services:",
        "   web:",
        "-    image: nginx:1.25",
        "+    image: nginx:1.27",
        "+    restart: unless-stopped ",
        "     labels:",
        " \t# kept by hand; a long remark that no terminal of a usual width can show in a single row, so it is folded",
    ),
    note="the file loses its last newline",
)

ENVIRONMENT = Diff(
    "keyed",
    entries=(
        DiffEntry("LOG_LEVEL", Shown("debug"), Shown("info")),
        DiffEntry("REGION", None, Shown("eu")),
        DiffEntry("OLD_FLAG", Shown("yes"), None),
        DiffEntry("TOKEN", SECRET, SECRET),
        DiffEntry("WEBHOOK", None, SECRET),
        DiffEntry("CERT", SECRET, None),
    ),
    note="the order of the lines and a comment differ too",
)

EXECUTIONS = Diff(
    "items",
    entries=(
        DiffEntry("0/enabled", Shown(True), Shown(False)),
        DiffEntry("1", None, Shown({"name": "Deploy", "executions": [{"type": "DeployStack", "stack": "web"}]})),
        DiffEntry("2/executions/0", Shown({"type": "Sleep", "duration_ms": 1000}), None),
    ),
)

CREATED_COMPOSE = Diff("lines", ("@@ -0,0 +1,3 @@", "+services:", "+  api:", "+    image: api:1"))


def rich_plan() -> Plan:
    """Every action, every kind of diff, hidden values, every severity, effects, a partial view."""
    api = Address("stack", "api")
    return plan_of(
        Resource(
            Address("deployment", "cache"),
            "stacks/cache.yaml:2:5",
            (
                Change(
                    Action.STOP,
                    "state: stopped is declared, and it is running",
                    effects=(Effect("stops", "1 container", "docker stop cache"),),
                ),
            ),
        ),
        Resource(
            Address("procedure", "nightly"),
            "procedures.yaml:4:5",
            (
                Change(
                    Action.UPDATE,
                    "differs from the manifest",
                    fields=(
                        FieldChange("config/stages", Shown([]), Shown([]), EXECUTIONS, "procedures.yaml:9:7"),
                        scalar("config/schedule_timezone", "Europe/Berlin", "", reset=True),
                    ),
                ),
                Change(Action.RUN, "run_on_change: it changes", needs=(Step(api, Action.DEPLOY),)),
            ),
        ),
        Resource(
            api,
            "stacks/api.yaml:3:5",
            (
                Change(
                    Action.CREATE,
                    "declared, and not in the Core",
                    fields=(
                        scalar("description", None, "The API", "stacks/api.yaml:4:18"),
                        scalar("tags", None, ["owner:platform", "public"], "stacks/api.yaml:5:11"),
                        scalar("config/server", None, "prod-1", "defaults.yaml:2:12", deploys=True),
                        FieldChange("config/webhook_secret", Shown(), SECRET, SCALAR, "stacks/api.yaml:8:23"),
                        FieldChange(
                            "config/file_contents",
                            Shown(),
                            Shown("services:\n  api:\n    image: api:1\n"),
                            CREATED_COMPOSE,
                            "stacks/api/compose.yaml:1:1",
                            deploys=True,
                        ),
                    ),
                    needs=(Step(Address("tag", "public"), Action.CREATE),),
                ),
                Change(Action.DEPLOY, "never deployed", needs=(Step(api, Action.CREATE),)),
                Change(Action.START, "state: running is declared"),
            ),
        ),
        Resource(
            Address("stack", "blog"),
            "stacks/blog.yaml:1:9",
            (
                Change(
                    Action.ADOPT,
                    "declared, live, and without an owner",
                    fields=(scalar("tags", ["public"], ["owner:platform", "public"]),),
                ),
                Change(
                    Action.UPDATE,
                    "differs from the manifest",
                    fields=(scalar("config/auto_pull", False, True, reset=True),),
                ),
            ),
        ),
        Resource(
            Address("stack", "legacy-queue"),
            "stacks/old.yaml:12:9",
            (Change(Action.FORGET, "forget: names it", effects=(Effect("keeps", "2 services", "they run on"),)),),
        ),
        Resource(
            Address("stack", "toolbox"),
            "stacks/tools.yaml:8:5",
            (
                Change(
                    Action.RENAME,
                    "renamed_from: tools",
                    previous="tools",
                    effects=(
                        Effect(
                            "loses", "its named volumes", "the next deploy uses another project name; pin project_name"
                        ),
                    ),
                ),
            ),
        ),
        Resource(
            Address("stack", "web"),
            "stacks/web.yaml:3:5",
            (
                Change(
                    Action.UPDATE,
                    "differs from the manifest",
                    fields=(
                        scalar(
                            "description",
                            "old\x1b[2J\x1b[1;1Hstack/db is kept",
                            "The public site",
                            "stacks/web.yaml:4:18",
                        ),
                        scalar("config/branch", "main", "1.10", "stacks/web.yaml:9:15", deploys=True),
                        scalar("config/commit", "0123456", "", reset=True, deploys=True),
                        FieldChange("config/webhook_secret", SECRET, SECRET, SECRET_DIFFERS, "stacks/web.yaml:12:23"),
                        FieldChange("config/git_account", UNKNOWN, Shown("bot"), SCALAR, "stacks/web.yaml:13:20"),
                        FieldChange(
                            "config/file_contents",
                            Shown(""),
                            Shown(""),
                            COMPOSE,
                            "stacks/web/compose.yaml:1:1",
                            deploys=True,
                        ),
                        FieldChange(
                            "config/environment",
                            Shown(""),
                            Shown(""),
                            ENVIRONMENT,
                            "stacks/web.yaml:15:7",
                            deploys=True,
                        ),
                        scalar(
                            "config/pre_deploy/command",
                            "",
                            "set -eu\ndocker network inspect edge || docker network create --driver overlay "
                            "--attachable --opt encrypted edge-of-the-very-long-named-network\n",
                            "stacks/web.yaml:20:16",
                        ),
                        scalar("config/links", [], ["https://例え.jp/パス", "https://example.com/ü"]),
                    ),
                ),
                Change(
                    Action.DEPLOY,
                    "branch, commit, file_contents and environment differ from what runs",
                    effects=(Effect("restarts", "2 services", "compose up recreates web and proxy"),),
                    needs=(Step(Address("stack", "web"), Action.UPDATE),),
                ),
            ),
        ),
        Resource(
            Address("stack", "worker"),
            "stacks/worker.yaml:2:9",
            (
                Change(
                    Action.DESTROY,
                    "state: down is declared, and it is running",
                    effects=(
                        Effect("keeps", "named volumes", "compose down leaves them"),
                        Effect("stops", "2 services", "compose down removes worker and scheduler"),
                    ),
                ),
            ),
        ),
        Resource(
            Address("tag", "public"),
            "stacks/web.yaml:5:12",
            (Change(Action.CREATE, "first used by stack/api", fields=(scalar("color", None, "Blue"),)),),
        ),
        Resource(
            Address("stack", "legacy"),
            "",
            (
                Change(
                    Action.DELETE,
                    "has the tag owner:platform, and no manifest declares it",
                    effects=(
                        Effect("keeps", "volumes", "compose down leaves named volumes on prod-1"),
                        Effect("irreversible", "stack/legacy", "its configuration and history in Komodo are gone"),
                        Effect(
                            "stops", "stack/legacy", "it is running: compose down stops 3 services (cache, db, web)"
                        ),
                    ),
                ),
            ),
        ),
        Resource(
            Address("variable", "OLD"),
            "variables.yaml:7:9",
            (
                Change(
                    Action.DELETE,
                    "absent: names it",
                    effects=(
                        Effect("irreversible", "variable/OLD", "its configuration and history in Komodo are gone"),
                        Effect("detaches", "variable/OLD", "left without it: stack/web, stack/api"),
                    ),
                ),
            ),
        ),
        findings=(
            Finding(
                "limits.deletes",
                "refusal",
                "2 deletes are planned, and the limit is 1.",
                "--allow-deletes 2",
                (Address("stack", "legacy"), Address("variable", "OLD")),
            ),
            Finding(
                "adopt.changes",
                "refusal",
                "What would be adopted differs from its manifest, and would be changed.",
                "--adopt-changes",
                (Address("stack", "blog"),),
            ),
            Finding(
                "foreign.sync",
                "warning",
                "The Resource Sync main manages these too, and will undo what is changed here.",
                addresses=tuple(Address("stack", f"site-{number:02}") for number in range(12)),
            ),
            Finding("ignored.fields", "note", "1 field is ignored, as its manifest asks."),
        ),
        scope=Scope(
            ("stacks", "procedures.yaml"), ("tag=public",), "platform", True, True, "keep", "prod", ("eu", "prod")
        ),
        visibility=Visibility("ci-bot", False, ("stack", "tag", "variable"), 3),
    )


def small_plan() -> Plan:
    """One update, nothing to fear."""
    field = scalar("config/branch", "main", "stable", "overlays/prod/web.yaml:5:15", deploys=True)
    field = replace(field, through=("overlay prod", "${var:branch}"))
    change = Change(Action.UPDATE, "differs from the manifest", fields=(field,))
    return plan_of(Resource(Address("stack", "web"), "web.yaml:2:9", (change,)), unchanged=1)


def empty_plan() -> Plan:
    """As declared."""
    return plan_of()


def _results(plan: Plan, *fates: tuple[Status, str, str]) -> tuple[StepOutcome, ...]:
    steps = [step for wave in plan.waves for step in wave]
    padded = [*fates, *[(Status.DONE, "", "")] * (len(steps) - len(fates))]
    return tuple(StepOutcome(step, *fate) for step, fate in zip(steps, padded, strict=True))


def _left(plan: Plan) -> Plan:
    """What is left when the deploy of stack/api failed, and somebody else has changed stack/docs meanwhile."""
    undone = {Action.RUN, Action.DEPLOY, Action.START}
    left = [
        Resource(item.address, item.source, tuple(change for change in item.changes if change.action in undone))
        for item in plan.resources
        if item.address in (Address("procedure", "nightly"), Address("stack", "api"))
    ]
    drift = Change(Action.UPDATE, "differs from the manifest", fields=(scalar("description", "hello", "The docs"),))
    return plan_of(*left, Resource(Address("stack", "docs"), "stacks/docs.yaml:1:9", (drift,)))


def outcomes() -> dict[str, Outcome]:
    """Every way an apply ends."""
    rich, small, done = rich_plan(), small_plan(), (Status.DONE, "", "")
    failed = (
        Status.FAILED,
        "DeployStack failed at the stage Compose Up:\nError response from daemon: port is already allocated\x1b[2K",
        "Free port 80 on prod-1, then run apply again.",
    )
    skipped = (Status.SKIPPED, "deploy stack/api failed", "")
    unbegun = (Status.NOT_STARTED, "", "")
    moved = tuple(
        Finding("moved", "refusal", f"{name} update: description is not as approved", "", (), "make the plan again")
        for name in ("stack/web", "stack/api")
    )
    return {
        "complete": Outcome(small, _results(small), empty_plan()),
        "partial": Outcome(rich, _results(rich, done, done, skipped, done, failed, skipped), _left(rich)),
        "differs": Outcome(small, _results(small), small),
        "stopped": Outcome(rich, _results(rich, done, *[unbegun] * 14), None, stopped=True),
        "unverified": Outcome(small, _results(small), None),
        "verification-failed": Outcome(small, _results(small), None, "The Core cannot be reached."),
        "nothing-done": Outcome(small, _results(small, failed), small),
        "refused": Outcome(small, _results(small, unbegun), refused=moved),
        "nothing-to-do": Outcome(empty_plan(), (), empty_plan()),
    }
