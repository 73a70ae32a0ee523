"""Plans of any size with changes of all kinds, the same at every run: what a large estate brings to a review."""

from __future__ import annotations

from report_examples import SCALAR, SECRET_DIFFERS, plan_of, scalar

from komodo_sync.model.address import Address
from komodo_sync.model.data import replace
from komodo_sync.model.plan import (
    SECRET,
    Action,
    Change,
    Diff,
    DiffEntry,
    Effect,
    FieldChange,
    Finding,
    Plan,
    Resource,
    Shown,
    Step,
)

_PRUNED = "has the tag owner:platform, and no manifest declares it"
_GONE = Effect("irreversible", "", "its configuration, history and permissions in Komodo are gone")
_KINDS = ("create", "update", "image", "environment", "rename", "variable", "delete", "stop", "build", "adopt")


def plan_of_size(number: int) -> Plan:
    """A plan with `number` changed resources, ten shapes of them in turn, deletes last as planners sort them."""
    resources = [_SHAPES[_KINDS[index % len(_KINDS)]](index) for index in range(number)]
    resources.sort(key=lambda item: (any(change.action is Action.DELETE for change in item.changes), item.address))
    deletes = tuple(item.address for item in resources if item.changes[0].action is Action.DELETE)
    limit = f"{len(deletes)} deletes are planned, and the limit is 5."
    found = Finding("limits.deletes", "refusal", limit, f"--allow-deletes {len(deletes)}", deletes)
    plan = plan_of(*resources, findings=(found,) if len(deletes) > 5 else ())
    return replace(plan, waves=_waves(resources))


def creates_of(number: int) -> Plan:
    """A plan that creates as many stacks and deploys none: what the first plan of a large estate is."""
    resources = []
    for index in range(number):
        created = _create(index)
        resources.append(replace(created, changes=created.changes[:1]))
    return replace(plan_of(*resources), waves=_waves(resources))


def _waves(resources: list[Resource]) -> tuple[tuple[Step, ...], ...]:
    """First what needs nothing, then what needs that, deletes last."""
    waves: tuple[list[Step], ...] = ([], [], [])
    for resource in resources:
        for change in resource.changes:
            wave = 2 if change.action is Action.DELETE else 1 if change.needs else 0
            waves[wave].append(Step(resource.address, change.action))
    return tuple(tuple(wave) for wave in waves if wave)


def _stack(index: int) -> Address:
    return Address("stack", f"app-{index:04}")


def _place(address: Address) -> str:
    return f"stacks/{address.name}.yaml:2:5"


def _create(index: int) -> Resource:
    address = _stack(index)
    compose = ["@@ -0,0 +1,40 @@", "+services:"]
    compose += [f"+  worker-{line}: {{image: registry.example.com/app-{index:04}:{line}}}" for line in range(39)]
    fields = (
        scalar("description", None, f"Application number {index}", _place(address)),
        scalar("config/server", None, f"prod-{index % 7}", _place(address), deploys=True),
        FieldChange("config/webhook_secret", Shown(), SECRET, SCALAR, _place(address)),
        FieldChange("config/file_contents", Shown(), Shown(""), Diff("lines", tuple(compose)), deploys=True),
    )
    created = Change(Action.CREATE, "declared, and not in the Core", fields=fields)
    deployed = Change(Action.DEPLOY, "never deployed", needs=(Step(address, Action.CREATE),))
    return Resource(address, _place(address), (created, deployed))


def _update(index: int) -> Resource:
    address = _stack(index)
    fields = (
        scalar("description", f"Application {index - 1}", f"Application {index}", _place(address)),
        scalar("config/auto_pull", False, True, reset=True),
        FieldChange("config/webhook_secret", SECRET, SECRET, SECRET_DIFFERS, _place(address)),
    )
    return Resource(address, _place(address), (Change(Action.UPDATE, "differs from the manifest", fields=fields),))


def _image(index: int) -> Resource:
    address = _stack(index)
    old, new = f"registry.example.com/app-{index:04}:1.{index}", f"registry.example.com/app-{index:04}:2.{index}"
    lines = ("@@ -1,3 +1,3 @@", " services:", "   web:", f"-    image: {old}", f"+    image: {new}")
    field = FieldChange(
        "config/file_contents", Shown(""), Shown(""), Diff("lines", lines), f"{_place(address)}", deploys=True
    )
    deploy = Change(
        Action.DEPLOY,
        "file_contents differs from what runs",
        effects=(Effect("restarts", f"{index % 4 + 1} services", "compose up recreates what changed"),),
        needs=(Step(address, Action.UPDATE),),
    )
    return Resource(
        address, _place(address), (Change(Action.UPDATE, "differs from the manifest", fields=(field,)), deploy)
    )


def _environment(index: int) -> Resource:
    address = Address("deployment", f"job-{index:04}")
    entries = (
        DiffEntry("LOG_LEVEL", Shown("debug"), Shown("info")),
        DiffEntry("REGION", None, Shown("eu")),
        DiffEntry("TOKEN", SECRET, SECRET),
    )
    field = FieldChange("config/environment", Shown(""), Shown(""), Diff("keyed", entries=entries), deploys=True)
    update = Change(Action.UPDATE, "differs from the manifest", fields=(field,))
    deploy = Change(Action.DEPLOY, f"environment differs from what runs; variable/REGION-{index % 3} changed")
    return Resource(address, _place(address), (update, deploy))


def _rename(index: int) -> Resource:
    address = _stack(index)
    effect = Effect("renames", f"old-{index:04}", "the next deploy takes the running project down and starts another")
    change = Change(Action.RENAME, f"renamed_from: old-{index:04}", previous=f"old-{index:04}", effects=(effect,))
    return Resource(address, _place(address), (change,))


def _variable(index: int) -> Resource:
    address = Address("variable", f"SETTING_{index:04}")
    effects = (Effect("exposes", "", "its value was secret; everybody who may read it will see it in clear"),)
    field = scalar("value", "old", f"new-{index}", _place(address))
    change = Change(Action.UPDATE, "differs from the manifest", fields=(field,), effects=effects if index % 4 else ())
    return Resource(address, _place(address), (change,))


def _delete(index: int) -> Resource:
    running = index % 3
    if running:
        names = ", ".join(("cache", "db", "web")[:running])
        subject = f"{running} service{'' if running == 1 else 's'} ({names})"
        first = Effect("stops", subject, "it is running; compose down; volumes stay")
    else:
        first = Effect("idle", "", "nothing of it runs, so nothing stops")
    return Resource(_stack(index), "", (Change(Action.DELETE, _PRUNED, effects=(first, _GONE)),))


def _stop(index: int) -> Resource:
    address = Address("deployment", f"job-{index:04}")
    if index % 2:
        change = Change(
            Action.STOP,
            "state: stopped is declared, and it is running",
            effects=(Effect("stops", "1 container", "docker stop"),),
        )
    else:
        change = Change(
            Action.DESTROY,
            "state: down is declared, and it is running",
            effects=(Effect("stops", "1 container", "it is removed"), Effect("keeps", "volumes", "they stay")),
        )
    return Resource(address, _place(address), (change,))


def _build(index: int) -> Resource:
    address = Address("build", f"image-{index:04}")
    field = scalar("config/branch", "main", f"release-{index}", _place(address), deploys=True)
    update = Change(Action.UPDATE, "differs from the manifest", fields=(field,))
    return Resource(address, _place(address), (update, Change(Action.DEPLOY, "branch differs from what was built")))


def _adopt(index: int) -> Resource:
    address = Address("repo", f"code-{index:04}")
    field = scalar("tags", [], ["owner:platform"])
    return Resource(
        address, _place(address), (Change(Action.ADOPT, "declared, live, and without an owner", fields=(field,)),)
    )


_SHAPES = {
    "create": _create,
    "update": _update,
    "image": _image,
    "environment": _environment,
    "rename": _rename,
    "variable": _variable,
    "delete": _delete,
    "stop": _stop,
    "build": _build,
    "adopt": _adopt,
}
